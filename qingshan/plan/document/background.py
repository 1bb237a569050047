"""Numbers that promise nothing: past facts, thresholds, rules, figures in brackets and names."""

from __future__ import annotations

import re

from .quantities import Quantity
from .sentences import Sentence
from .wording import PAST, RULE, VERB_END, comparator, operator
from .years import Calendar

_FROM = re.compile(r"由\D{0,12}$|从\D{0,8}$")
_TO = re.compile(r"\D{0,12}(?:提高|提升|增加|下降|降|增)")
_AHEAD = re.compile(r"到20|力争|确保|年底前")
_RANK = re.compile(r"[前第]$")
_NORM = re.compile(r"按(?:照)?每")
_AS_SCOPE = re.compile(r"[^，；]{0,16}为(?:范围|重点|对象|基础|单位|单元|主)")
_MEANT = re.compile(r"的(?=[\u4e00-\u9fff]{2})")
_LIMITED = re.compile(r"超过|大于|高于|低于|小于|达到|不足|以上")
_NOT_RAISED = frozenset(["元", "℃", "度", "级", "岁", "周岁", "分"])


def background(
    text: str, sentence: Sentence, start: int, end: int, inside: list[Quantity], i: int, calendar: Calendar
) -> bool:
    """Whether the number is told as a fact or a condition, not as an aim."""
    q = inside[i]
    return (
        _attributive(text, end, inside, i)
        or _told(text, sentence, start, q, calendar)
        or _over(calendar, sentence, q.start)
        or _within(text, q)
        or _threshold(text, start, q)
        or _bracketed(text, sentence.start, q)
    )


def _attributive(text: str, end: int, inside: list[Quantity], i: int) -> bool:
    """4个断面水质优良比例达100%: the first number tells how many are meant, the second is the aim."""
    if not inside[i].counted:
        return False
    if i + 1 == len(inside):
        return text[end - 3 : end] == "全覆盖"
    if inside[i + 1].unit != "%":
        return False
    words, _ = comparator(text[inside[i].end : inside[i + 1].start])
    return bool(words and operator(words, ""))


def _told(text: str, sentence: Sentence, start: int, q: Quantity, calendar: Calendar) -> bool:
    before = text[start : q.start]
    if "同比" in before and not sentence.aims(calendar):
        return True
    if (
        PAST.search(before)
        or RULE.search(before)
        or (_FROM.search(before[-14:]) and _TO.match(text, q.end, q.end + 14))
    ):
        return True
    lead = text[max(sentence.start, start - 30) : q.start]
    past = PAST.search(lead)
    return bool(past) and not _AHEAD.search(lead, past.end())


def _over(calendar: Calendar, sentence: Sentence, at: int) -> bool:
    """2022 年平均浓度为 41: the last year named before the number is over."""
    marks = [mark for mark in calendar.between(sentence.start, at) if mark.kind in ("goal", "past", "base")]
    return bool(marks) and marks[-1].kind == "past"


def _within(text: str, q: Quantity) -> bool:
    return text[q.end : q.end + 1] in ("内", "外") or text[q.end : q.end + 2] == "范围"


def _threshold(text: str, start: int, q: Quantity) -> bool:
    """35 蒸吨以下锅炉, 100 平方米以上餐馆: a size that tells which are meant."""
    before = text[start : q.start]
    compared = comparator(before)[0]
    if _RANK.search(before) and q.unit in ("名", "位", "个") or _NORM.search(before):
        return True
    if _AS_SCOPE.match(text, q.end, q.end + 24) and re.search(
        r"(?:^|[，；。])(?:全面)?以[^，；]*$", text[max(0, q.start - 40) : q.start]
    ):
        return True
    if (
        q.unit
        and q.unit not in ("%", "pp")
        and not q.counted
        and _MEANT.match(text, q.end)
        and _LIMITED.search(compared)
    ):
        return True
    if q.unit in ("千伏", "伏", "吨级", "寸") or (
        q.unit and re.match(r"[/及]?以(?:上|下)?的?(?:排放|建设)?标准", text[q.end : q.end + 10])
    ):
        return True
    if q.unit and ("蒸吨" in q.unit or (q.unit in _NOT_RAISED and not compared)):
        return True
    after = text[q.end : q.end + 1]
    if q.more not in ("以上", "以下") or not after or after in "，。；、）" or q.counted or compared:
        return False
    return q.more == "以下" or not VERB_END.search(before[-24:])


def _bracketed(text: str, start: int, q: Quantity) -> bool:
    before = text[max(start, q.start - 300) : q.start]
    quoted = before.rfind("“")
    return (
        before.rfind("（") > before.rfind("）")
        or before.rfind("《") > before.rfind("》")
        or (quoted > before.rfind("”") and len(before) - quoted < 16)
    )
