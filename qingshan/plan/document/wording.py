"""The words that turn a number into a promise: comparators, verbs of completion, measured nouns."""

from __future__ import annotations

import re


def _words(line: str) -> list[str]:
    return line.split()


_CEILING = _words(
    "≤ < ﹤ ⩽ ≦ 不高于 不超过 不大于 不突破 不多于 不得超过 不得高于 不得突破 控制在 控制到 "
    "控制为 降至 降到 降低到 降低至 降为 下降到 下降至 减少到 减少至 压减到 压减至 压缩到 压缩至 "
    "削减到 削减至 缩减到 缩减至 缩短至 缩短到 压降至 回落至 低于 小于 少于"
)
_FLOOR = _words(
    "≥ > ﹥ ⩾ ≧ 不低于 不少于 不小于 不得低于 不得少于 达到 达 提高到 提高至 提升到 提升至 "
    "提升为 增加到 增加至 增至 升至 上升到 上升至 增长到 增长至 扩大到 扩大至 扩展到 扩展至 发展到 "
    "保持在 保持 维持在 维持 稳定在 稳定达到 至少 超过 高于 大于 突破 多于 超 实现 占 占到 为 约为"
)
_CHANGE = _words("下降 降低 减少 削减 压减 缩减 压降 减排 减量 提高 提升 增长 增加 上升 扩大 增幅 降幅 递增 递减")
_MILD = _words(
    "力争 争取 努力 确保 保证 必须 要 应 应当 需 须 将 均 都 全部 分别 总体 整体 平均 基本 稳定 "
    "稳步 持续 逐步 逐年 进一步 累计 总计 共 共计 年均 每年 年度 再 也 约 近 在 到 至 左右 了 "
    "力争达到 合计 新 又"
)
_RUN = re.compile(
    rf"(?:{'|'.join(sorted((re.escape(w) for w in [*_CEILING, *_FLOOR, *_CHANGE, *_MILD]), key=len, reverse=True))})+$"
)
_CEILINGS = re.compile(
    "|".join(
        f"(?<!不)(?<!得){w}" if w in ("低于", "小于", "少于") else w for w in sorted(_CEILING, key=len, reverse=True)
    )
)
_STRICT_UP = re.compile(r"(?<!不)(?<!得)(?:超过|高于|大于|突破|多于|超|>|﹥)")
_STRICT_DOWN = re.compile(r"(?<!不)(?<!得)(?:低于|小于|少于|<|﹤)")
_FLOORS = re.compile("|".join(sorted(_FLOOR, key=len, reverse=True)))
_REACHED = re.compile(r"达到|达$|控制|不超过|不高于|低于(?<!不低于)")
_FALL = re.compile(r"(?:下降|降低|减少|削减|压减|缩减|压降|减排|减量|降幅|递减)(?!到|至)")
_RISE = re.compile(r"(?:提高|提升|增长|增加|上升|扩大|增幅|递增)(?!到|至|为)")
VERB = re.compile(
    r"(?:改造提升|提升改造|更新改造|新(?:、|/)?改(?:、|/)?扩建|新(?:、)?改建|新建(?:和|、|或)?改(?:扩)?建|建设(?:和|、|及)?改造|建设完成|新建成|建成投用|建有|建成|建设|新建|改建|扩建|续建|创建|共建|筹建|兴建|建立|建|完成|新增|净增|增设|新设|设立|设置|布设|布局|打造|培育|培养|孵化|改造|治理|整治|修复|恢复|保护|推广|推动|推进|推行|"
    r"实施|开展|组织|举办|举行|淘汰|取缔|关停|关闭|退出|清退|腾退|压减|压缩|削减|减少|引进|引育|引导|招引|种植|栽植|栽种|抚育|更新|更换|替代|培训|轮训|选择|选取|选派|选拔|选聘|招聘|聘请|招募|遴选|确定|认定|评选|形成|发展|壮大|争创|创成|申报|编制|制定|制修订|制订|修订|出台|发布|购置|采购|配备|配置|安装|铺设|敷设|"
    r"疏浚|清淤|清理|排查|检查|监测|抽检|抽查|巡查|投放|支持|扶持|资助|补助|奖励|争取|落实|筹集|投入|安排|盘活|处置|利用|消纳|回收|覆盖|服务|受益|解决|消除|攻克|突破|研发|转化|获得|取得|培树|选树|推出|命名|评定|遴选|接入|联网|开通|开工|竣工|启动|投运|投产|增加|扩大|增殖放流|放流|提供|开发|建档|淘汰更新|划定|整合|拆除|搬迁|收储|供应|出让|达到|吸引|聚集|集聚|净削减|腾出|节约|节水|节能|实现|做好|储备|推介|立项|办理|提升|升级|绿化|复垦|退耕|对|净削减|保持|培植|打通|设有|发放|帮扶|带动|转移|安置|累计|硬化|收运|清运|办结|抽测|检测|路检路查|路检|查处|出动|接种|推荐|新划|划设|修建|整修|修缮|疏通|清除|收集|收购|增殖|投用|改扩建|流转|入驻|签约)"
)
VERB_END = re.compile(rf"(?:{VERB.pattern})(?:完成|建设|了|好|并|和|及|或|、|不少于|约|共|总计|累计|全市|全区|全县)*$")
VERB_HEAD = re.compile(
    rf"^(?:(?:全面|基本|加快|持续|深入|积极|大力|稳步|有序|累计|每年|力争|确保|争取|共|再|重点|着力|努力|进一步|集中|分类|分批|按期|如期|高质量|高标准|组织|统筹|巩固|完善|加强|建立|扩大|严格|继续|鼓励|支持|各|年均|每月|每季度|同步|将|并|对)*(?:{VERB.pattern}))+"
)
NOUN = re.compile(
    r"(?:(?<!效)率|比例|比重|占比|浓度|强度|面积|排放量|总量|数量|用量|存量|保有量|产量|产能|规模|能力|指数|天数|长度|里程|人数|次数|户数|数|值|量|额|产值|收入|水平|用地|密度|水位|流量|满意度|达标率|覆盖率|时间|投资|机械化|库容|蓄积|装机|能耗|耗|碳汇|系数|指标|价|价格|费|补助|消费|寿命)$"
)
MEASURED = re.compile(
    r"(?:(?<!效)率|比例|比重|占比|浓度|强度|排放量|总量|消费量|使用量|施用量|用水量|用电量|用量|取水量|流失量|贮存量|填埋量|产生量|处置量|能耗|水耗|物耗|天数|面积)$"
)
SOFT = re.compile(r"力争|争取|努力|预期|鼓励")
PAST = re.compile(
    r"截至|截止|目前|近年来|已(?:经)?(?:完成|建成|达到|达|累计|有|实现|形成|超过|创建|培育|连续|投入|建立|经|安装|淘汰|下降|提高|是|成为|整治|治理)|现有|以来|(?<![比较与由从])(?:去年|上年(?!度))|由原来|此前|原有|历史|曾"
)
RULE = re.compile(
    r"最高|奖励|涉及|惠及|共有|下辖|总投资|投资估算|概算|划?分为$|年满|有效期|(?:之|每)?逾期|罚款|不得(?!低于|少于|超过|高于|突破)|禁止|严禁|期限为|以下简称|工作日|直径|厚度|以上学历|折合|海拔|电话|邮编|传真|联系"
)
YEARLY = re.compile(r"每年|年均(?!浓度|气温|值)|逐年|每年度|年年")
MONTHLY = re.compile(r"每个?月")
QUARTERLY = re.compile(r"每个?季度")


_YEAR_END = re.compile(r"20\d\d年(?:底|末)?的?$")


def comparator(before: str) -> tuple[str, str]:
    """The comparing words right before a number, and the words before them."""
    words = _YEAR_END.sub("", before)
    match = _RUN.search(words[-40:])
    return (match[0], words[: len(words) - len(match[0])]) if match else ("", before)


def operator(run: str, more: str) -> str | None:
    """What a comparator in front of a number and the word behind it say, or None where they say nothing."""
    if _FALL.search(run) and not _after_change(run, _FALL):
        return "decrease"
    if _RISE.search(run) and not _after_change(run, _RISE):
        return "increase"
    if more == "左右" and "控制" in run:
        return "="
    if _CEILINGS.search(run) or more in ("以内", "以下", "之内"):
        return "<" if _STRICT_DOWN.search(run) else "<="
    if _STRICT_UP.search(run):
        return ">"
    if more == "左右" and ("稳定在" in run or "维持在" in run or "保持" in run):
        return "="
    if _FLOORS.search(run) or more.endswith("以上"):
        return ">="
    return None


def change(words: str) -> str:
    """The word that tells a fall or a rise."""
    match = _FALL.search(words) or _RISE.search(words)
    return match[0] if match else ""


def _after_change(run: str, pattern: re.Pattern) -> bool:
    """提高达到 is a level reached, not a change."""
    match = pattern.search(run)
    return bool(_REACHED.search(run, match.end()))
