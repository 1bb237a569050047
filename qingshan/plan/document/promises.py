"""Promises without a number of their own: full coverage, zero, dated milestones, directions."""

from __future__ import annotations

import re

from .metrics import metric_of
from .wording import MEASURED, PAST, SOFT

_HINT = re.compile(
    r"全覆盖|全面|全部|全量|零|清零|建成|建立|构建|形成|完成|实现|解决|印发|出台|编制|制定|投运|投入|达到|消除|下降|提高|上升|降低|减少|提升|增加"
)
_UNDATED_HINT = re.compile(r"全覆盖|负增长|全面|全部|全量|零|《")
_REACHING = re.compile(r"实现|达到|保持|做到")
_BOLD = frozenset(["实现", "按照", "达到", "达标", "执行", "采用", "使用"])
_GONE = frozenset(["全部退出", "全部淘汰", "全部取缔", "全部关停", "全部拆除"])
_WHOLLY_REAL = re.compile(r"实现(?:基本)?全")
_COVER = re.compile(r"^(?P<who>.+?)(?:基本|全部|全面|达到|实现|保持)*(?:实现|达到|保持|做到|基本)?(?P<word>全覆盖)$")
_ZERO_GROWTH = re.compile(r"^(?P<who>.+?)(?:基本|持续|保持|实现)*(?P<word>趋?(?:于|近)?零增长|负增长)$")
_ZERO = re.compile(
    r"^(?P<who>.+?)(?:基本|持续|保持|实现|全面|动态|力争)*(?P<word>零(?:发生|排放|填埋|事故|新增|直排|进口|入河|容忍度?)|(?:动态)?清零|归零)$"
)
_ALL = re.compile(
    r"^(?P<who>.{2,60}?)(?:基本)?(?:实现|达到)?(?:基本)?(?P<word>(?:全面|全部|全量)(?P<do>实现|按照|达到|达标|更换|完成|执行|采用|使用|应用|淘汰|消除|利用|处置|处理|收集|取缔|关停|退出|安装|纳入|覆盖|安全|推行|规范|改造|整改|治理|清运|回收|拆除|稳定达标|接入|联网|配备)(?P<rest>.{0,24}))$"
)
_ALL_VERB = re.compile(
    r"^(?P<head>.{0,2}?)(?P<word>(?:全面|全部))(?P<do>完成|消除|淘汰|取缔|推行|退出|执行|落实)(?P<rest>.{2,40})$"
)
_VAGUE_ALL = re.compile(r"约束性|目标任务|各项任务|(?:完成|实现)(?:目标|任务|指标)")
_NOT_AIMS = re.compile(
    r"全面(?:提升|突破|提高|加强|推进|开展|发展|深化|落实|增强|贯彻|启动|强化|优化|改善|摸底|排查|小康|建设|实施|了解|掌握)"
)
_BASICALLY = "基本|初步|全面|系统|探索|研究|如期|率先|高质量|高标准|力争|确保|争取|全部|均|均要|要|将|逐步|同步|按期|并|按时|顺利|编制"
_DO = "建成(?!区)|开工建设|公布|更新(?=.{0,20}(?:清单|目录|名录|方案|预案))|修编完成|依法关闭或搬迁|关闭或搬迁|搬迁或关闭|下闸蓄水|建立|构建|完成|解决|印发|出台|制定|编制完成|编制|发布|投运|投产|投入使用|投入试运行|投入运行|投用|开工|竣工|消除|淘汰|取缔|关停|退出"
_DONE_VO = re.compile(rf"^(?P<who>.{{0,40}}?)(?P<how>(?:{_BASICALLY})*)(?P<do>{_DO})(?P<what>.{{2,50}})$")
_DONE_SV = re.compile(
    rf"^(?P<what>.{{3,60}}?)(?P<how>(?:{_BASICALLY})*)(?P<do>基本建立|基本建成|基本形成|初步形成|初步建立|初步建成|基本解决|基本消除|全面建立|全面建成|全面形成|完工|下闸蓄水|通车|上线运行|并网发电|正式运行|销号|办结|开工建设|建成投用|建成投运|投入使用|投入试运行|投入运行|投运|投产|基本实现|建成|完成|印发|出台|开工|竣工|取缔到位)$"
)
_PAPER = re.compile(
    r"^(?:.{0,6}?)(?P<do>(?:研究)?(?:编制完成|编制并?印发|制定并?印发|制定出台|编制|制定|制订|修订|出台|印发|发布|完成))(?P<what>《.{3,50}》(?:编制|修编|修订|制定|编修)?)$"
)
_PAPER_DUE = re.compile(
    r"^(?P<do>(?:研究|组织)?(?:编制|制定|制订|修订|出台|印发|形成)(?:完成|并印发)?)(?P<what>[^，]{2,30}(?:规划|方案|办法|图集|名录|清单|指南|标准|报告|意见|细则|导则|预案|台账|规定|手册))$"
)
_BASIC_REAL = re.compile(
    r"^(?P<who>.{0,40}?)(?P<do>(?:基本|全面|率先|如期|提前)实现|实现(?=.{0,20}(?:达峰|达标|并网|通车|贯通|运行|投产|现代化)$))(?P<what>.{2,30})$"
)
_REPORT = re.compile(r"^(?:.{0,4})(?P<do>形成|提交|报送)(?P<what>.{2,24}(?:报告|方案|清单|制度|体系|规划))(?:报送.*)?$")
_STANDARD = re.compile(r"^(?P<what>.{3,40}?达到.{2,30}(?:要求|标准)(?:和标准|和要求)?)$")
_VAGUE = re.compile(
    r"^(?:一批|若干|良好|较为|更加|健全|完善|多|有利|新|相应|相关|更(?!新|换)|具有)|(?:工作机制|长效机制|格局|氛围|局面|良好基础|新格局)$|建成小康|(?:任务|目标|指标|要求)$|一批|贡献|本(?:方案|计划|意见|规划|要点|措施|办法|通知)|给你们|(?:战略|总体|奋斗)目标$|目标任务|约束性|提前[一二两三\d]年|提前$|本(?:实施|行动|工作|专项)(?:方案|计划)"
)
_WORKS = re.compile(r".{4,}(?:改造|建设|配套|整治|治理|划定|整改|搬迁|修复|排查|普查|调查)(?:目标)?任务$")
_DIRECTION = re.compile(
    r"^(?P<what>.{3,40}?)(?P<word>(?:持续|稳步|进一步|逐步|不断|明显|显著|大幅|大幅度|稳定|有效|逐年|总体|继续|均)+(?P<do>下降|提高|上升|降低|减少|提升|增加|增长|改善|好转|扩大))$"
)
_DOWN = frozenset(["下降", "降低", "减少"])


def _worth_reading(text: str, sentence, calendar) -> bool:
    words = text[sentence.start : sentence.end]
    if not _UNDATED_HINT.search(words) and (
        not _HINT.search(words) or not (sentence.ruled or _dated(sentence, calendar))
    ):
        return False
    return not PAST.search(words) or bool(calendar.goals(sentence.start, sentence.end))


def _dated(sentence, calendar) -> bool:
    carried = sentence.goals and sentence.carried
    return bool(carried or any(mark.kind == "goal" for mark in calendar.between(sentence.start, sentence.end)))


def promises(text: str, sentence, calendar, taken):
    """(metric, op, value, unit, by, note, soft, implied, start, end) of every promise in words."""
    if not _worth_reading(text, sentence, calendar):
        return
    before = ""
    for start, end in _parts(text, sentence):
        last, before = before, text[start:end]
        if any(start < stop and end > begin for begin, stop in taken):
            continue
        dated = _date(calendar, sentence, start, end)
        year = dated or sentence.until
        clause = _undated(text[start:end])
        if _CLOSING.match(clause) and last and not _FIGURE.search(last):
            clause = (metric_of(last, "", counted=True) or "") + clause
        found = (
            _implied(clause, dated)
            or _milestone(clause, dated, sentence.ruled)
            or _directed(clause, dated, sentence.goals)
        )
        if found:
            metric, op, value, unit, note, implied = found
            if implied and value == 100 and _SAID_AGAIN.match(text, end, sentence.end):
                continue
            if op == "done" and _OPENED.fullmatch(metric):
                metric = _REST.match(text, end + 1, sentence.end)[0] or metric
            yield metric, op, value, unit, year, note, bool(SOFT.search(text[start:end])), implied, start, end


_SAID_AGAIN = re.compile(r"，[^，；]{0,12}率(?:达到|达|为|保持|实现)?100%")
_OPENED = re.compile(r"以[^，]{2,40}为[^的，]{1,8}")
_REST = re.compile(r"[^，；。]{0,60}")
_FIGURE = re.compile(r"\d[%个家座]")
_CLOSING = re.compile(
    r"(?:全部|全面|基本)?(?:完成|取缔|建成|淘汰|整改|关停|退出|拆除|投入|投运|竣工)(?:到位|完毕|完成|使用|试运行|运行|投用|改造|整治|任务)?$"
)


def _parts(text: str, sentence):
    """Clauses, and where a list of aims is joined by 、 (零增长、全量利用 …) its members."""
    depth, at = 0, sentence.start
    for i in range(sentence.start, sentence.end + 1):
        char = text[i] if i < sentence.end else "，"
        if char in "（《“":
            depth += 1
        elif char in "）》”":
            depth = max(0, depth - 1)
        elif (not depth and char in "，；：") or i == sentence.end:
            yield from _members(text, at, i)
            at = i + 1


_AIM_END = re.compile(r"(?:零增长|利用|管控|全覆盖|零发生|清零|提升|处置|下降|提高|达标)$")


def _members(text: str, start: int, end: int):
    words = text[start:end]
    parts = words.split("、")
    aims = sum(bool(_AIM_END.search(part)) and bool(re.search(r"全|零", part)) for part in parts)
    if aims < 2:
        if len(words) > 2:
            yield start, end
        return
    at = start
    for part in parts:
        if len(part) > 2:
            yield at, at + len(part)
        at += len(part) + 1


_DATE_HEAD = re.compile(
    r"^(?:到|至|力争)?(?:20\d\d年|“?十[二三四五六]五”?)[^，]{0,8}?(?:[底末]?(?:之前|以前|前)|底|末|内|期间|年(?=[^底末内]))|"
    r"^(?:到|至|力争)?20\d\d年|^年底前|^年内|^\d{1,2}月(?:\d{1,2}日)?[底末]?前"
)
_DATE_INSIDE = re.compile(r"(?:到|至|力争)?20\d\d年(?:\d{1,2}月)?(?:底|末)?(?:之前|以前|前)?")
_AT = re.compile(r"(?:应|要|须|需|均)?(?:分别)?于(?=(?:基本|全面|全部)?(?:建成|完成|消除|淘汰|取缔|达到|实现|建立))")
_LEAD = re.compile(r"^(?:其中|并|同时|确保|力争|推动|，|、)+")


def _undated(clause: str) -> str:
    return _LEAD.sub("", _AT.sub("", _DATE_INSIDE.sub("", _DATE_HEAD.sub("", _LEAD.sub("", clause)))))


def _date(calendar, sentence, start: int, end: int) -> int | None:
    marks = calendar.goals(sentence.start, end)
    return marks[-1].year if marks else (sentence.carried if sentence.goals else None)


def _implied(clause: str, dated: int | None):
    cover = _COVER.match(clause)
    if cover and (dated or _REACHING.search(clause)):
        return _name(cover["who"], "覆盖率"), ">=", 100, "%", "全覆盖", True
    growth = _ZERO_GROWTH.match(clause)
    if growth and (dated or "实现" in clause):
        return _name(growth["who"], "增长"), "=" if "零" in growth["word"] else "<", 0, "%", growth["word"], True
    zero = _ZERO.match(clause)
    if zero and (dated or "实现" in clause):
        return _name(zero["who"], ""), "=", 0, None, zero["word"], True
    return _all(clause, dated)


def _all(clause: str, dated: int | None):
    if _NOT_AIMS.search(clause):
        return None
    match = _ALL.match(clause)
    if match and _VAGUE_ALL.search(match["word"]):
        return None
    if match and (dated or match["do"] in _BOLD or match["word"][:4] in _GONE or _WHOLLY_REAL.search(clause)):
        return _name(match["who"].removeprefix("在"), _rest(match)), ">=", 100, "%", match["word"][:12], True
    bold = _ALL_VERB.match(clause) if dated else None
    if bold and not _VAGUE.search(bold["rest"]):
        return _name(bold["rest"], bold["do"]), ">=", 100, "%", bold["word"] + bold["do"], True
    return None


def _rest(match: re.Match) -> str:
    words = (
        match["rest"]
        if match["do"] in ("实现", "按照", "达到", "推行", "采用", "使用", "执行", "建立", "安装")
        else match["do"] + match["rest"]
    )
    return words.removesuffix("到位") + "率" if len(words) < 8 and words else words


_REACH_END = re.compile(r"(?:基本|实现|达到|全面|保持)+$")


def _name(who: str, tail: str) -> str:
    who = _REACH_END.sub("", who)
    return (metric_of(who, "") or who).strip("，、") + tail


def _milestone(clause: str, dated: int | None, ruled: bool):
    paper = _PAPER.match(clause) or (ruled and _PAPER_DUE.match(clause))
    if paper:
        return _done(paper["what"], paper["do"])
    if not dated:
        return None
    real = _BASIC_REAL.match(clause)
    if real:
        return _done(real["who"] + real["what"], real["do"])
    standard = _STANDARD.match(clause)
    if standard and "水平" not in clause:
        return _done(standard["what"], "达到")
    report = _REPORT.match(clause)
    if report:
        return _done(report["what"], report["do"])
    told = _DONE_SV.match(clause)
    if told and (told["do"] == "基本实现" or _WORKS.search(told["what"]) or not _VAGUE.search(told["what"])):
        return _done(told["what"], told["how"] + told["do"])
    made = _DONE_VO.match(clause)
    if made and not _VAGUE.search(made["what"]):
        return _done(
            made["what"] if len(made["what"]) > 3 or not made["who"] else made["who"] + made["what"],
            made["how"] + made["do"],
        )
    return None


def _done(what: str, note: str):
    return what.strip("，、的"), "done", None, None, note, False


def _directed(clause: str, dated: int | None, goals: bool):
    match = _DIRECTION.match(clause) if dated and goals else None
    what = _name(match["what"], "") if match else ""
    if not match or not MEASURED.search(what):
        return None
    return what, "decrease" if match["do"] in _DOWN else "increase", None, None, match["word"], False
