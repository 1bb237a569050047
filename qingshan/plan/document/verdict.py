"""Whether a text is a plan at all, and if not, why."""

from __future__ import annotations

import re

from .front import Front
from .outline import ARTICLE, Outline
from .shapes import NotAPlan
from .tasks import Job

_PLAN = re.compile(
    r"意见|方案|计划|规划|纲要|要点|措施|举措|行动|攻坚战|任务|目标|分工|清单|工程|部署|战略|路线图|十条"
)
_OTHER = (
    (re.compile(r"(?:批复|答复|复函|回复)$"), "这是一份答复类公文", "this is a reply"),
    (re.compile(r"放假|节假日|调休"), "这是放假安排", "this is a notice of holidays"),
    (re.compile(r"任免|任职|免职|任命|职务的|挂职"), "这是人事任免", "this is a personnel notice"),
    (re.compile(r"表彰|表扬|奖励|嘉奖|授予|获奖|先进(?:集体|个人|单位)"), "这是表彰奖励", "this is an award"),
    (
        re.compile(r"名单|公示|公告$|通告$|招标|采购|招聘|拍卖|成交|中标"),
        "这是公示或公告",
        "this is a public announcement",
    ),
    (re.compile(r"废止|失效|清理结果|停止执行"), "这是文件清理", "this repeals earlier documents"),
    (
        re.compile(
            r"召开|开幕|会议(?:纪要|通知)?$|讲话|致辞|解读|答记者问|通报$|简报|新闻|公报$|总结|工作报告|调研报告"
        ),
        "这是会议、通报或报道",
        "this is a report or news",
    ),
    (
        re.compile(r"成立.{0,30}(?:领导小组|委员会|指挥部)|调整.{0,30}(?:成员|组成人员|领导小组)|领导小组的通知"),
        "这是机构设置",
        "this sets up a body",
    ),
    (
        re.compile(
            r"(?:条例|规定|办法|细则|规则|规程|制度|章程|标准|规范|导则|指南|目录|预案|技术要求|合同|协议)(?:（[^（）]*）)?(?:的?(?:通知|决定|命令))?$|令$|(?:条例|规定|办法|细则)》的(?:通知|决定)$"
        ),
        "这是法规、制度或标准",
        "this is a regulation, rule or standard",
    ),
    (re.compile(r"(?:函)$"), "这是一份函", "this is a letter"),
)


def check(front: Front, outline: Outline, duties: list, jobs: list[Job], text: str):
    """Raise NotAPlan with the reason, or return."""
    if not re.search(r"[\u4e00-\u9fff]", text):
        raise NotAPlan("没有读到中文正文，不是计划文本。", "The text holds no Chinese sentences, so it is not a plan.")
    title = front.facts.title or ""
    _refuse_by_title(title, front.wrapper or "", len(duties))
    _refuse_articles(outline, duties, title)
    if not jobs:
        raise NotAPlan(
            "没有读到编号的任务，也没有责任单位，不是可执行的计划。",
            "No numbered tasks and no responsibility clauses were found, so this is not a plan that can be carried out.",
        )
    if not _PLAN.search(title) and len(duties) < 3 and not _works(jobs, title):
        raise NotAPlan(
            "标题不是方案、计划、意见一类，正文也没有足够的任务和责任单位。",
            "The title is not that of a plan, and the text names too few tasks and responsible bodies.",
        )


_TELLS = (
    (re.compile(r"召开.{2,40}会.{0,12}通知$|会议(?:的)?通知$"), "这是会议通知", "this calls a meeting"),
    (
        re.compile(r"(?:通报|总结|公报|简报|纪要|解读|答记者问|(?<!实施)(?<!计划)情况(?:的)?报告)(?:（[^（）]*）)*$"),
        "这是对过去工作的通报或说明",
        "this tells of work done",
    ),
)


def _refuse_by_title(title: str, wrapper: str, clauses: int):
    for pattern, zh, en in _TELLS:
        if pattern.search(title) or pattern.search(wrapper):
            raise NotAPlan(f"{zh}（《{title[:40]}》），不是计划。", f"By its title {en}, not a plan.")
    for pattern, zh, en in _OTHER:
        if pattern.search(title) and not (clauses >= 3 and _PLAN.search(title)) and not _plan_kind(title):
            raise NotAPlan(f"{zh}（《{title[:40]}》），不是计划。", f"By its title {en}, not a plan.")


def _plan_kind(title: str) -> bool:
    """The last word of a title says what kind of document it is."""
    return bool(
        re.search(
            r"(?:意见|方案|计划|规划|纲要|要点|措施|举措|行动|任务分工|任务清单)(?:（[^（）]*）)*(?:的通知)?$", title
        )
    )


def _refuse_articles(outline: Outline, duties: list, title: str):
    articles = sum(node.rank == ARTICLE for node in outline.nodes)
    if (
        articles >= 3
        and articles * 2 >= len([n for n in outline.nodes if n.rank <= ARTICLE])
        and len(duties) < articles / 3
        and not _plan_kind(title)
    ):
        raise NotAPlan(
            f"全文按条文编写（共 {articles} 条），是法规或制度，不是计划。",
            f"The text is written in {articles} articles: a regulation, not a plan.",
        )


_WORK = re.compile(
    r"^(?:持续|全面|深入|进一步|切实|大力|着力|积极|稳步|加快|扎实|严格|有序|统筹|认真|强力|坚决|坚持|科学|合理)*(?:加强|推进|推动|完善|强化|提升|优化|开展|实施|建立|健全|深化|落实|提高|促进|发展|支持|建设|打造|培育|扩大|加大|规范|改善|防控|整治|治理|严控|控制|做好|抓好|打好|构建|创新|保障|鼓励|引导|推广|严格|明确|拓展|聚焦|实现)"
)


def _works(jobs: list[Job], title: str) -> bool:
    """At least three headings that begin with a verb of work, more than half of all."""
    verbs = sum(bool(_WORK.match(job.node.title)) for job in jobs)
    return bool(title) and verbs >= 3 and verbs * 2 > len(jobs)
