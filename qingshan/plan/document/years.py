"""Years in a text: which are deadlines, which are baselines and which are past."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

_YEAR = re.compile(r"(?P<y>20\d\d)(?:[-—–~～至](?P<y2>20\d\d))?年|“?十(?P<five>[二三四五六])五”?(?=期?[末间]|期|时期)")
_BEFORE = re.compile(r"(?:截至|截止到?|到|至|自|从|比|较|相比|相较|与|同|于|在|以)$")
_AFTER = re.compile(
    r"(?:\d{1,2}月)?(?:\d{1,2}日)?(?:上半年|下半年|底|末|年底|年末|初|中)?(?:之前|以前|前|内|起|以来|期间|相比|水平|基准|基数|为基)?"
)
_RELATIVE = re.compile(
    r"(?<![\d年])(?:\d{1,2}月(?:\d{1,2}日)?(?:底|末)?(?:之前|以前|前)|(?<![一二三四五六七八九十两几])(?:年底(?:之前|以前|前)?|年内|年末前))"
)
_SEASON = re.compile(
    r"(?<![\d年])(?:(?:第?[一二三四]季度|上半年|下半年|全年)[底末内]?(?:之前|以前|前)?|(?<=[，；。：\n）])\d{1,2}月份?(?:[底末中][旬]?)?(?=[，完印出发组制])"
    r"|(?:春节|清明|五一|国庆节?|元旦|汛期|主汛期|供暖季|采暖季|入冬|春耕)前)"
)
_SINCE = frozenset(["比", "较", "相比", "相较", "与", "同", "自", "从", "以"])
_SINCE_AFTER = re.compile(r"起|以来|相比|水平|基准|基数|为基")
_FIVE = {"二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035}


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    year: int
    kind: str
    """goal, base, past, named or date."""
    narrow: bool = False
    """A deadline (…底前) that holds for its own part of the sentence, not for what follows a semicolon."""


class Calendar:
    def __init__(self, text: str, issued: int | None, until: int | None, yearly: int | None = None):
        self.until, self.text = until, text
        marks = [_mark(text, match, issued) for match in _YEAR.finditer(text)]
        near = [
            *_relative(text, marks, yearly or issued, _RELATIVE),
            *(_relative(text, marks, yearly, _SEASON) if yearly else ()),
        ]
        self.marks = sorted([*marks, *near], key=lambda mark: mark.start)
        self.starts = [mark.start for mark in self.marks]

    def between(self, start: int, end: int) -> list[Mark]:
        return self.marks[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def goals(self, start: int, end: int) -> list[Mark]:
        marks = [mark for mark in self.between(start, end) if mark.kind == "goal"]
        return [mark for mark in marks if not (mark.narrow and self.text.find("；", mark.end, end) >= 0)]


def _relative(text: str, marks: list[Mark], year: int | None, pattern: re.Pattern):
    """年底前, 6月底前: in the year that its sentence named last, else of a yearly plan, else of issue."""
    starts = [mark.start for mark in marks]
    for match in pattern.finditer(text):
        i = bisect_left(starts, match.end()) - 1
        last = marks[i] if i >= 0 else None
        if last and last.end > match.start():
            continue
        near = (
            last
            and last.kind == "goal"
            and match.start() - last.end < 200
            and not _STOP.search(text, last.end, match.start())
        )
        said = last.year if near else year
        if said:
            yield Mark(match.start(), match.end(), said, "goal", True)


_STOP = re.compile(r"[。\n]")


def _mark(text: str, match: re.Match, issued: int | None) -> Mark:
    year = int(match["y2"] or match["y"]) if match["y"] else _FIVE[match["five"]]
    before = _BEFORE.search(text, max(0, match.start() - 3), match.start())
    after = _AFTER.match(text, match.end())
    pre, post = before[0] if before else "", after[0]
    start, end = before.start() if before else match.start(), after.end()
    narrow = post.endswith("前") and pre not in ("到", "至") and text[end : end + 1] != "，"
    return Mark(start, end, year, _kind(text, start, pre, post, year, issued), narrow)


def _kind(text: str, start: int, pre: str, post: str, year: int, issued: int | None) -> str:
    if pre in _SINCE or _SINCE_AFTER.search(post):
        return "base"
    if issued and (year < issued or year == issued and pre.startswith("截")):
        return "past"
    if "日" in post and "前" not in post and not pre:
        return "date"
    return "named" if not pre and text[start - 1 : start] in ("《", "〔") else "goal"
