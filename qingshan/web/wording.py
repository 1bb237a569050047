"""How things are said on a page: statuses, numbers, goals, days."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from qingshan.observations.media import NAMES

STATUSES = {
    "off_track": gettext_lazy("滞后"),
    "at_risk": gettext_lazy("存在风险"),
    "on_track": gettext_lazy("按序推进"),
    "attained": gettext_lazy("已达成"),
    "not_yet_due": gettext_lazy("未到期"),
    "no_data": gettext_lazy("暂无数据"),
}
ORIGINS = {
    "official": gettext_lazy("公开发布"),
    "reported": gettext_lazy("部门填报"),
    "measured": gettext_lazy("监测数据"),
    "simulated": gettext_lazy("模拟"),
}
SOURCES = {
    "register": gettext_lazy("台账"),
    "report": gettext_lazy("填报"),
    "stream": gettext_lazy("监测"),
    "published": gettext_lazy("公布数据"),
}
TARGET_ORIGINS = {"plan": gettext_lazy("规划目标"), "office": gettext_lazy("工作指标")}
PARTS = {
    "lead": pgettext_lazy("部门", "牵头"),
    "cooperate": pgettext_lazy("部门", "配合"),
    "responsible": gettext_lazy("责任部门"),
}
ROLES = {
    "office": gettext_lazy("计划办"),
    "liaison": gettext_lazy("部门联络员"),
    "leader": gettext_lazy("分管领导"),
    "auditor": pgettext_lazy("角色", "审计"),
    "admin": gettext_lazy("系统管理"),
}
SCOPES = {"read": gettext_lazy("只读"), "write": gettext_lazy("读写")}
STATES = {
    "draft": gettext_lazy("草稿"),
    "adopted": gettext_lazy("已采用"),
    "superseded": gettext_lazy("已被替代"),
    "discarded": gettext_lazy("已作废"),
}
UPLOADS = {
    "checking": gettext_lazy("核对中"),
    "faulty": gettext_lazy("有问题，没有导入"),
    "ready": gettext_lazy("核对通过，待确认"),
    "keeping": gettext_lazy("导入中"),
    "kept": gettext_lazy("已导入"),
    "failed": gettext_lazy("没有导入"),
}
KINDS = {
    "upper_bound": gettext_lazy("上限"),
    "lower_bound": gettext_lazy("下限"),
    "strict_bound": gettext_lazy("严格界限"),
    "maintain": gettext_lazy("保持"),
    "cumulative_count": gettext_lazy("累计数量"),
    "yearly_quota": gettext_lazy("年度定额"),
    "full_coverage": gettext_lazy("全覆盖"),
    "dated_milestone": gettext_lazy("限期完成"),
    "direction_only": gettext_lazy("只定方向"),
}
VERIFICATIONS = {
    "P": gettext_lazy("已读官方原文"),
    "S": gettext_lazy("见于转录，未核官方原文"),
    "M-H": gettext_lazy("待核官方原文（把握高）"),
    "M-M": gettext_lazy("待核官方原文（把握中）"),
    "M-L": gettext_lazy("待核官方原文（把握低）"),
    "none": gettext_lazy("无标准可依"),
}
# What a reader may put away; where data came from is always shown.
COLUMNS = {
    "scope": gettext_lazy("范围"),
    "planned": gettext_lazy("应达"),
    "goal": gettext_lazy("目标值"),
    "bar-cell": gettext_lazy("进展"),
    "due": gettext_lazy("期限"),
}
VERBS = {
    "put_rulebook": gettext_lazy("更新提示规则"),
    "run_coordination": gettext_lazy("提示与销号"),
    "alert_acknowledged": gettext_lazy("签收提示"),
    "alert_issued": gettext_lazy("同意通报"),
    "alert_withheld": gettext_lazy("不予通报"),
    "call_meeting": gettext_lazy("准备协调会"),
    "edit_meeting": gettext_lazy("修改会议内容"),
    "add_to_agenda": gettext_lazy("列入议程"),
    "drop_from_agenda": gettext_lazy("移出议程"),
    "order_agenda": gettext_lazy("调整议程顺序"),
    "propose_decision": gettext_lazy("拟决定"),
    "decide": gettext_lazy("作出决定"),
    "sign_minutes": gettext_lazy("签署纪要"),
    "assignment_reported": gettext_lazy("报议定事项办结"),
    "assignment_closed": gettext_lazy("议定事项销号"),
    "assignment_returned": gettext_lazy("退回议定事项"),
    "open_incident": gettext_lazy("开启应急事件或演练"),
    "call_out": gettext_lazy("调用应急资源"),
    "call_acknowledged": gettext_lazy("应急调用已接报"),
    "call_en_route": gettext_lazy("应急调用已出发"),
    "call_arrived": gettext_lazy("应急调用已到达"),
    "call_refused": gettext_lazy("应急调用不能前往"),
    "note_incident": gettext_lazy("记录应急经过"),
    "close_incident": gettext_lazy("结束应急事件或演练"),
    "review_incident": gettext_lazy("应急复盘"),
    "set_preference": gettext_lazy("更改通知方式"),
    "send_digests": gettext_lazy("发出每日摘要"),
    "put_jurisdiction": gettext_lazy("登记辖区"),
    "take_backup": gettext_lazy("导出备份"),
    "restore_backup": gettext_lazy("恢复备份"),
    "set_bodies": gettext_lazy("更新部门名录"),
    "open_account": pgettext_lazy("审计", "开通账号"),
    "close_account": gettext_lazy("关闭账号"),
    "reopen_account": gettext_lazy("重新开放账号"),
    "reset_password": gettext_lazy("重设密码"),
    "change_password": gettext_lazy("修改密码"),
    "unlock_account": gettext_lazy("解锁账号"),
    "new_token": gettext_lazy("发放访问令牌"),
    "revoke_token": gettext_lazy("吊销访问令牌"),
    "put_programme": gettext_lazy("登记行动计划"),
    "draft_edition": gettext_lazy("上传规划草稿"),
    "edit_target": gettext_lazy("修改草稿目标"),
    "add_target": gettext_lazy("增加草稿目标"),
    "remove_target": gettext_lazy("删去草稿目标"),
    "edit_task": gettext_lazy("修改草稿任务"),
    "set_involvements": gettext_lazy("修改任务部门"),
    "adopt_edition": gettext_lazy("采用规划"),
    "discard_edition": gettext_lazy("作废草稿"),
    "define_series": gettext_lazy("定义数列"),
    "define_metrics": gettext_lazy("定义指标"),
    "add_figures": gettext_lazy("录入数值"),
    "add_items": gettext_lazy("录入事项"),
    "evaluate": pgettext_lazy("审计", "评估"),
    "sign_run": gettext_lazy("签署评估"),
    "define_scoring": gettext_lazy("定义评分规则"),
    "compute_scores": gettext_lazy("计算评分"),
    "publish_scores": gettext_lazy("公布评分"),
    "withdraw_scores": gettext_lazy("撤回评分"),
    "object_score": gettext_lazy("提出评分异议"),
    "uphold_objection": gettext_lazy("支持评分异议"),
    "reject_objection": gettext_lazy("驳回评分异议"),
    "consent_scores": gettext_lazy("确认评分无异议"),
    "sign_scores": gettext_lazy("签署评分"),
    "edit_edition": gettext_lazy("修改规划信息"),
    "remove_task": gettext_lazy("删去草稿任务"),
    "define_units": gettext_lazy("定义单位"),
    "define_register": gettext_lazy("定义台账"),
    "add_entry": gettext_lazy("登记台账条目"),
    "change_entry": gettext_lazy("修改台账条目"),
    "move_entry": gettext_lazy("变更条目状态"),
    "withdraw_entry": gettext_lazy("撤回台账条目"),
    "put_entries": gettext_lazy("批量登记台账"),
    "bulk_change": gettext_lazy("批量修改台账"),
    "redact_entries": gettext_lazy("清除到期的个人信息"),
    "attach_file": gettext_lazy("上传佐证材料"),
    "save_filter": gettext_lazy("保存筛选"),
    "drop_filter": gettext_lazy("删去筛选"),
    "send_rows": gettext_lazy("上传台账表格"),
    "send_measurements": gettext_lazy("上传监测数据"),
    "keep_mapping": gettext_lazy("保存字段对照"),
    "import_measurements": gettext_lazy("导入监测数据"),
    "flag_measurements": gettext_lazy("按规则标识监测数值"),
    "review_measurements": gettext_lazy("审核监测数值"),
    "make_list": gettext_lazy("编制年度清单"),
    "add_item": gettext_lazy("增加清单项目"),
    "edit_item": gettext_lazy("修改清单项目"),
    "remove_item": gettext_lazy("删去清单项目"),
    "undo_change": gettext_lazy("撤销清单改动"),
    "restore_item": gettext_lazy("恢复清单项目"),
    "decide_lead": gettext_lazy("确定牵头部门"),
    "accept_leads": gettext_lazy("接受牵头建议"),
    "carry_over": gettext_lazy("结转上年项目"),
    "issue_list": gettext_lazy("印发年度清单"),
    "drop_list": gettext_lazy("作废清单草稿"),
    "begin_amendment": gettext_lazy("准备清单修订"),
    "issue_amendment": gettext_lazy("印发清单修订"),
    "drop_amendment": gettext_lazy("作废清单修订"),
    "mark_done": gettext_lazy("登记节点完成"),
    "set_schedule": gettext_lazy("设定填报轮次"),
    "open_round": gettext_lazy("开放填报"),
    "close_round": gettext_lazy("关闭填报"),
    "edit_report": gettext_lazy("填写填报"),
    "attach_to_report": gettext_lazy("上传填报佐证"),
    "detach_from_report": gettext_lazy("移去填报佐证"),
    "submit_report": gettext_lazy("报送填报"),
    "return_report": gettext_lazy("退回填报"),
    "accept_report": gettext_lazy("接受填报"),
    "reopen_report": gettext_lazy("重新开放填报"),
    "rehearse_round": gettext_lazy("预演填报"),
}
# --- coordination
MATTERS = {
    "target_off": gettext_lazy("目标滞后"),
    "target_risk": gettext_lazy("目标有风险"),
    "target_silent": gettext_lazy("目标无数据"),
    "assignment": gettext_lazy("议定事项逾期"),
    "node": gettext_lazy("清单节点逾期"),
    "entry": gettext_lazy("台账条目逾期"),
    "disagreement": gettext_lazy("台账与样品不一致"),
    "report": gettext_lazy("填报逾期"),
    "lead": gettext_lazy("未明确牵头"),
}
LEVELS = {1: gettext_lazy("提示"), 2: gettext_lazy("警示"), 3: gettext_lazy("通报")}
ALERT_STEPS = {
    "acknowledged": gettext_lazy("签收"),
    "issued": gettext_lazy("同意通报"),
    "withheld": gettext_lazy("不予通报"),
    "closed": gettext_lazy("销号"),
}
OUTCOMES = {
    "adopted": gettext_lazy("议定"),
    "deferred": gettext_lazy("缓议"),
    "rejected": gettext_lazy("不予采纳"),
}
ASSIGNMENTS = {
    "overdue": gettext_lazy("逾期"),
    "open": gettext_lazy("办理中"),
    "reported": gettext_lazy("已报办结，待核"),
    "closed": gettext_lazy("已销号"),
}
HANDLINGS = {"reported": gettext_lazy("报办结"), "closed": gettext_lazy("销号"), "returned": gettext_lazy("退回")}
INCIDENTS = {
    "spill": gettext_lazy("水体污染"),
    "gas": gettext_lazy("气体泄漏"),
    "fire": gettext_lazy("火灾次生污染"),
    "waste": gettext_lazy("危险废物倾倒"),
    "radiation": gettext_lazy("辐射事件"),
    "other": pgettext_lazy("事件", "其他"),
}
INCIDENT_STEPS = {
    "opened": gettext_lazy("开启"),
    "called": gettext_lazy("调用"),
    "acknowledged": gettext_lazy("已接报"),
    "en_route": gettext_lazy("已出发"),
    "arrived": gettext_lazy("已到达"),
    "refused": gettext_lazy("不能前往"),
    "note": gettext_lazy("记事"),
    "closed": pgettext_lazy("事件", "结束"),
}
NOTICES = {
    "called_out": gettext_lazy("应急调用"),
    "notice": gettext_lazy("提示"),
    "warning": gettext_lazy("警示"),
    "proposal": gettext_lazy("通报待确认"),
    "circular": gettext_lazy("通报"),
    "assignment": gettext_lazy("交办"),
    "reported": gettext_lazy("报办结"),
    "closed": gettext_lazy("销号"),
    "returned": gettext_lazy("退回"),
}
REPORT_LINES = {
    "value": gettext_lazy("数值"),
    "item": gettext_lazy("事项"),
    "node": gettext_lazy("清单节点"),
    "measure": gettext_lazy("举措"),
    "task": gettext_lazy("配合任务"),
    "register": gettext_lazy("台账核对"),
}
REPORT_STEPS = {
    "submit": gettext_lazy("报送"),
    "return": gettext_lazy("退回"),
    "accept_lines": gettext_lazy("接受部分"),
    "accept": gettext_lazy("接受"),
    "reopen": gettext_lazy("重新开放"),
}
PERIODS = {
    "Q1": gettext_lazy("%(year)s 年一季度"),
    "Q2": gettext_lazy("%(year)s 年二季度"),
    "Q3": gettext_lazy("%(year)s 年三季度"),
    "Q4": gettext_lazy("%(year)s 年四季度"),
    "H1": gettext_lazy("%(year)s 年上半年"),
    "H2": gettext_lazy("%(year)s 年下半年"),
}
SEASONS = {
    "spring": gettext_lazy("%(year)s 年春季"),
    "summer": gettext_lazy("%(year)s 年夏季"),
    "autumn": gettext_lazy("%(year)s 年秋季"),
    "winter": gettext_lazy("%(year)s 年冬季"),
}
SIGNS = {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "=": ""}


THINGS = {
    "evaluation.run": pgettext_lazy("对象", "评估"),
    "people.user": gettext_lazy("账号"),
    "scores.rules": gettext_lazy("评分规则"),
    "scores.sheet": gettext_lazy("部门评分"),
    "people.jurisdiction": gettext_lazy("辖区"),
    "people.token": gettext_lazy("访问令牌"),
    "plan.programme": gettext_lazy("行动计划"),
    "plan.edition": gettext_lazy("规划版本"),
    "plan.annual": gettext_lazy("年度清单"),
    "registers": gettext_lazy("台账"),
    "reports": gettext_lazy("填报"),
    "qingshan.backup": gettext_lazy("备份"),
    "coordination.rulebook": gettext_lazy("提示规则"),
    "coordination.programme": gettext_lazy("行动计划"),
    "coordination.alert": gettext_lazy("提示"),
    "coordination.meeting": gettext_lazy("协调会"),
    "coordination.assignment": gettext_lazy("议定事项"),
    "incidents.incident": gettext_lazy("应急事件"),
}
DETAILS = {
    "fields": gettext_lazy("清空的字段"),
    "until": gettext_lazy("截止"),
    "body": gettext_lazy("部门"),
    "line": gettext_lazy("评分行"),
    "raised": gettext_lazy("新发"),
    "closed": gettext_lazy("销号"),
    "failed": gettext_lazy("失败"),
    "held_on": gettext_lazy("会议日期"),
    "programme": gettext_lazy("行动计划"),
    "as_of": gettext_lazy("评估日"),
    "digest": gettext_lazy("校验码"),
    "made": gettext_lazy("备份时间"),
    "seal": gettext_lazy("末条封印"),
    "role": gettext_lazy("角色"),
    "scope": gettext_lazy("权限"),
    "expires": gettext_lazy("有效期至"),
    "rows": gettext_lazy("行数"),
    "series": gettext_lazy("数列"),
    "metrics": gettext_lazy("指标"),
    "bodies": gettext_lazy("部门"),
    "file": gettext_lazy("文件"),
    "target": gettext_lazy("目标"),
    "task": gettext_lazy("任务"),
    "name": gettext_lazy("名称"),
    "before": gettext_lazy("原来"),
    "after": gettext_lazy("改为"),
    "why": gettext_lazy("理由"),
    "value": pgettext_lazy("审计", "目标值"),
    "op": pgettext_lazy("审计", "比较"),
    "unit": pgettext_lazy("审计", "单位"),
    "units": pgettext_lazy("审计", "单位"),
    "due": pgettext_lazy("审计", "期限"),
    "binding": pgettext_lazy("审计", "约束性"),
    "metric": pgettext_lazy("审计", "指标"),
    "kind": pgettext_lazy("审计", "类型"),
    "title": pgettext_lazy("审计", "标题"),
    "note": pgettext_lazy("审计", "说明"),
    "number": pgettext_lazy("审计", "文号"),
    "issuer": pgettext_lazy("审计", "印发机关"),
    "issued": pgettext_lazy("审计", "印发日期"),
    "starts": pgettext_lazy("审计", "开始"),
    "ends": pgettext_lazy("审计", "结束"),
    "version": pgettext_lazy("审计", "版本"),
    "added": pgettext_lazy("审计", "新增"),
    "changed": pgettext_lazy("审计", "更改"),
    "changes": pgettext_lazy("审计", "更改"),
    "state": pgettext_lazy("审计", "状态"),
    "sha256": pgettext_lazy("审计", "校验码"),
    "name_en": pgettext_lazy("审计", "英文名称"),
    "edition": pgettext_lazy("审计", "规划版本"),
    "count": pgettext_lazy("审计", "项数"),
    "carried": pgettext_lazy("审计", "其中结转"),
    "item": pgettext_lazy("审计", "项目"),
    "items": pgettext_lazy("审计", "项目"),
    "content": pgettext_lazy("审计", "主要内容"),
    "content_en": pgettext_lazy("审计", "英文主要内容"),
    "node": pgettext_lazy("审计", "计划节点"),
    "node_en": pgettext_lazy("审计", "英文计划节点"),
    "title_en": pgettext_lazy("审计", "英文标题"),
    "quarter": pgettext_lazy("审计", "季度"),
    "lead": pgettext_lazy("审计", "牵头"),
    "lead_code": pgettext_lazy("审计", "牵头代码"),
    "lead_name": pgettext_lazy("审计", "牵头"),
    "proposed": pgettext_lazy("审计", "建议牵头"),
    "partners": pgettext_lazy("审计", "配合"),
    "amendment": pgettext_lazy("审计", "第几次修订"),
    "done": pgettext_lazy("审计", "完成日期"),
    "missing": gettext_lazy("缺报"),
}
GOAL_WORDS = {"done": gettext_lazy("完成"), "increase": gettext_lazy("持续上升"), "decrease": gettext_lazy("持续下降")}


def status(code: str) -> str:
    return STATUSES[code]


def origin(code: str) -> str:
    return ORIGINS.get(code, code)


def said(thing, name: str = "name") -> str:
    """The reader's language of a bilingual thing: a {zh, en} mapping, or an object or mapping with `name` and `name`_en."""
    if thing is None or isinstance(thing, str):
        return thing or ""
    english = get_language() == "en"
    if isinstance(thing, dict) and "zh" in thing:
        return (thing.get("en") or thing["zh"]) if english else thing["zh"]
    pick = thing.get if isinstance(thing, dict) else lambda key: getattr(thing, key, "")
    return (pick(f"{name}_en") if english else "") or pick(name) or ""


def medium(code: str | None) -> str:
    """What is measured, in the reader's language; nothing for none."""
    return said(NAMES[code]) if code else ""


def number(value, decimals: int | None = None) -> str:
    """As printed: 1,234.5 with the metric's decimals; without them, as many as the value has."""
    if value is None or value == "":
        return ""
    value = Decimal(str(value))
    if decimals is None:
        value = value.normalize()
        decimals = max(0, -value.as_tuple().exponent)
    text = f"{value:,.{decimals}f}"
    return text.replace("-", "−") if text.startswith("-") else text


def day(value) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "")[:10]


def moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def period(code: str) -> str:
    """2025 年三季度, 2025 年上半年, from 2025-Q3 and 2025-H1; years, months and days stay as they are."""
    year, _sep, part = code.partition("-")
    return PERIODS[part] % {"year": year} if part in PERIODS else code


def survey(code: str) -> str:
    """2025 年秋季, from 2025-autumn; other periods as `period` says them."""
    year, _sep, part = code.partition("-")
    return SEASONS[part] % {"year": year} if part in SEASONS else period(code)


# Clauses stand in the tables of the law in English; a Chinese reader finds them under the words of the standard.
CLAUSES = ((r"tables (\S+) and (\S+)", r"表 \1、表 \2"), (r"table ", "表 "), (r"annex ", "附录 "), (r"evaluation of sea areas", "海区水质评价"),
           (r"classing of units", "单元类别判定"), (r"adjustment by produce", "农产品辅助判定"), (r" and its note", "及其注"),
           (r",? and |, ", "、"))  # fmt: skip


def clauses(told: str) -> str:
    """表 1、表 2、附录 A, from the clauses of an edition."""
    if get_language() == "en":
        return told
    for english, chinese in CLAUSES:
        told = re.sub(english, chinese, told)
    return told


def percent(share) -> str:
    """Whole percent, never rounded up to certainty nor down to none."""
    value = Decimal(str(share)) * 100
    whole = round(value)
    if whole >= 100 and value < 100:
        return "> 99 %"
    return "< 1 %" if whole <= 0 < value else f"{whole} %"


def person(user) -> str:
    """People's names are Chinese; an English page calls them by role and account."""
    if get_language() != "en":
        return str(user)
    return f"{ROLES.get(user.role, '')} ({user.username})".strip()


def thing(text: str) -> str:
    """What was written, in words: 评估 2, from evaluation.run 2."""
    kind, _, which = text.partition(" ")
    return f"{THINGS.get(kind, kind)} {which}".strip()


def plainly(value) -> str:
    """A value of an audit line's detail, without brackets and quotation marks."""
    if isinstance(value, dict):
        return "；".join(f"{DETAILS.get(key, key)}：{plainly(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "、".join(map(plainly, value))
    return str(ROLES.get(value, "—" if value in (None, "") else value))


def milestone(percent_done: Decimal) -> str:
    return _("已完成") if percent_done >= 100 else _("进行中 %(percent)s %%") % {"percent": number(percent_done)}


def goal(op: str, value, unit: str = "", kind: str = "", scale: int = 1) -> str:
    """≤ 28 μg/m³, or a word for goals without a number. A count to be reached needs no sign."""
    if op in GOAL_WORDS:
        return str(GOAL_WORDS[op])
    sign = "" if op == ">=" and kind not in ("lower_bound", "strict_bound") else SIGNS.get(op, op)
    return " ".join(part for part in (sign, scaled(value, scale), unit) if part)


def scaled(value, scale: int, decimals: int | None = None) -> str:
    """A value in units of `scale`; of ten thousands two decimals are kept at most."""
    if value is None or scale == 1:
        return number(value, decimals)
    return number((Decimal(value) / scale).quantize(Decimal("0.01")))


def whole(text: str, unit: str) -> str:
    """A number and its unit as one word, so that no line ends between them."""
    return f"{text} {unit}".strip().replace(" ", "\u00a0")


def scale_of(value) -> int:
    """Chinese counts in ten thousands: 40 万, not 400,000."""
    return 10_000 if get_language() != "en" and value is not None and abs(Decimal(value)) >= 10_000 else 1


def unit_of(unit: str, scale: int) -> str:
    if scale == 1:
        return unit
    return f"万 {unit}" if unit[:1].isascii() else f"万{unit}"
