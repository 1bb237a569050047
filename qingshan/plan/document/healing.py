"""Mends what printing does to a text: full-width forms, stray spaces, page numbers, lines broken inside a sentence.

The mended text keeps the way back: every position knows where it stood in the text as given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_WIDE = {0xFF01 + i: 0x21 + i for i in range(94)}
_KEPT_WIDE = "，；：？！（）"
_FOLD = {key: value for key, value in _WIDE.items() if chr(key) not in _KEPT_WIDE} | {
    ord(a): b
    for a, b in zip(
        "();:?!\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\u3000\xa0\u2002\u2003\u2009\u202f\u2007\u2005﹝﹞［］㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩µ",
        "（）；：？！" + "\n" * 9 + " " * 8 + "〔〕[]一二三四五六七八九十μ",
        strict=True,
    )
}
_FOLDED = {chr(key): value if isinstance(value, str) else chr(value) for key, value in _FOLD.items()}
_FOLDABLE = re.compile(f"[{re.escape(''.join(_FOLDED))}]")
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3})")
"""A half-width comma that parts words, not the thousands of a number."""
_INVISIBLE = "\u200b\u200c\u200d\ufeff\u00ad\u2060"
_PAGE_NUMBER = re.compile(
    r"(?:[-—–―－·•─]+ {0,4}\d{1,4} {0,4}[-—–―－·•─]+|第 {0,4}\d{1,4} {0,4}页(?:[ ,，/]{0,3}共 {0,4}\d{1,4} {0,4}页)?|\d{1,4} ?/ ?\d{1,4})"
)
_LONE_NUMBER = re.compile(r"\d{1,4}")
MARKER = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]{1,5}[编篇部章节条](?![件类类])|[一二三四五六七八九十百]{1,4}[、．.]|（[一二三四五六七八九十百]{1,4}）"
    r"|\d{1,3}(?:[、．](?!\d)|\.(?!\d))|（\d{1,3}）|\d{1,2}）|[①-⑳⑴-⒇]|附件|附表|附录|专栏|抄送|抄报|主送)"
)
_ONLY_MARKER = re.compile(MARKER.pattern + r"\s*$")
_SPACES = re.compile(rf"[ {_INVISIBLE}]+")
_WORD = re.compile(r"[A-Za-z0-9]")
_STOPS = "。！？；：!?;:"
_HEADER_CELL = re.compile(
    r"序号|编号|(?:重点|主要|工作|具体|目标)?(?:任务|工作|内容|措施|举措|事项|指标|项目|目标|要求)(?:名称|内容|类别|要求)?|(?:责任|牵头|配合|负责|主要责任|参与|实施|协同|主责)(?:部门|单位|主体)|完成(?:时限|时间|期限)|时间(?:节点|安排)|备注|单位|类别|属性|指标(?:属性|性质|类型)"
)
_DATE_LINE = re.compile(
    r"[\d二〇○零Ｏ一三四五六七八九十]{4} ?年 ?[\d一二三四五六七八九十]{1,3} ?月 ?[\d一二三四五六七八九十]{1,3} ?日"
)


@dataclass(frozen=True, slots=True)
class Healed:
    text: str
    here: tuple[int, ...]
    there: tuple[int, ...]

    def origin(self, position: int) -> int:
        """Where the character at this position stood in the text as given."""
        i = bisect_right(self.here, position) - 1
        return self.there[i] + position - self.here[i] if i >= 0 else 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text as given that a stretch of the mended text came from."""
        return (self.origin(start), self.origin(end - 1) + 1) if end > start else (self.origin(start),) * 2


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    width: int
    indent: int


def heal(text: str) -> Healed:
    flat = _COMMA.sub("，", _FOLDABLE.sub(lambda match: _FOLDED[match[0]], text))
    lines = _drop_page_numbers(_lines(flat))
    wrap = _wrap_width(lines)
    out, here, there, at = [], [], [], 0
    table = False
    for i, line in enumerate(lines):
        for start, end in _pieces(line):
            out.append(flat[start:end])
            here.append(at)
            there.append(start)
            at += end - start
        table = _still_table(table, lines, i)
        following = lines[i + 1] if i + 1 < len(lines) else None
        if following and (table or not _joins(line, following, wrap)):
            out.append("\n")
            here.append(at)
            there.append(line.end)
            at += 1
    return Healed("".join(out), tuple(here), tuple(there))


def _lines(flat: str) -> list[_Line]:
    found = []
    for match in re.finditer(r"[^\n]+", flat):
        text = match[0]
        bare = text.strip(" " + _INVISIBLE)
        cells = bare.strip("\t")
        bare = bare if "\t" in cells else bare.strip(" \t" + _INVISIBLE)
        if cells:
            start = match.start() + text.index(bare[0])
            width = len(bare.encode("gb18030", "replace"))
            found.append(_Line(start, start + len(bare), bare, width, start - match.start()))
    return found


def _drop_page_numbers(lines: list[_Line]) -> list[_Line]:
    kept: list[_Line] = []
    row = 0
    for i, line in enumerate(lines):
        counts = _LONE_NUMBER.fullmatch(line.text) and int(line.text) == row + 1
        broken = len(line.text) < 24 and not counts and _breaks_a_sentence(kept, line, lines, i)
        if broken or (len(line.text) < 24 and _PAGE_NUMBER.fullmatch(line.text)):
            continue
        row = row + 1 if counts and (row or _heads(kept)) else row
        kept.append(line)
    return kept


def _heads(kept: list[_Line]) -> bool:
    """Whether the lines before are the heading row of a table."""
    window = kept[-2:]
    return len(window) == 2 and all(_HEADER_CELL.fullmatch(line.text.replace(" ", "")) for line in window)


def _breaks_a_sentence(kept: list[_Line], line: _Line, lines: list[_Line], i: int) -> bool:
    """A number alone on a line inside a sentence is a page number; elsewhere it may be a table cell."""
    if not _LONE_NUMBER.fullmatch(line.text) or not kept or i + 1 == len(lines):
        return False
    before = kept[-1]
    return before.width >= 40 and before.text[-1] not in _STOPS and not MARKER.match(lines[i + 1].text)


def _wrap_width(lines: list[_Line]) -> int | None:
    """The width at which a text was wrapped [half-width columns], None where paragraphs stand on one line each."""
    widths = sorted(line.width for line in lines)
    if len(widths) < 8:
        return None
    widest = widths[len(widths) * 9 // 10]
    full = sum(0.85 * widest <= width <= 1.1 * widest for width in widths)
    return widest if 30 <= widest <= 120 and full >= 0.4 * len(widths) else None


def _still_table(table: bool, lines: list[_Line], i: int) -> bool:
    """Inside a table written one cell a line nothing is joined; its heading row opens it, a chapter closes it."""
    if table:
        return not re.match(r"附件", lines[i].text) and not _chapter_again(lines, i)
    window = lines[i : i + 2]
    return len(window) == 2 and all(_HEADER_CELL.fullmatch(line.text.replace(" ", "")) for line in window)


def _chapter_again(lines: list[_Line], i: int) -> bool:
    """A chapter heading that no row number follows ends a table."""
    return bool(re.match(r"[一二三四五六七八九十]{1,3}、", lines[i].text)) and not _LONE_NUMBER.fullmatch(
        lines[min(i + 1, len(lines) - 1)].text
    )


_CLAUSE_END = re.compile(
    r"(?:负责|落实|配合|参与|牵头|指导|实施|参加)）$|（[^（）]{0,12}(?:单位|部门|主体|牵头|责任)：[^（）]*(?:（[^（）]*）[^（）]*)*）$"
)


def _joins(line: _Line, following: _Line, wrap: int | None) -> bool:
    last, text = line.text[-1], line.text
    if "\t" in text or "\t" in following.text:
        return False
    if len(text) <= 8 and _ONLY_MARKER.fullmatch(text) and text[0] not in "附专抄主":
        return True
    if MARKER.match(following.text) or last in _STOPS or _DATE_LINE.match(following.text):
        return False
    if last == "）" and _CLAUSE_END.search(text[-400:]):
        return False
    if last in "，、《（〔“":
        return True
    if wrap:
        return line.width >= 0.85 * wrap or (following.indent < 2 and _cut_short(text, last))
    return line.width >= 40 and (_reads_on(text, last) or _open_bracket(text))


def _cut_short(text: str, last: str) -> bool:
    """A short line that still breaks inside a sentence; a short heading does not."""
    return last.isdigit() or any(mark in text for mark in ("。" if MARKER.match(text) else "，。；、"))


def _reads_on(text: str, last: str) -> bool:
    return last not in "）”》" and any(mark in text for mark in "，。；")


def _open_bracket(text: str) -> bool:
    tail = text[-400:]
    return tail.rfind("（") > tail.rfind("）") or tail.rfind("《") > tail.rfind("》")


def _pieces(line: _Line):
    """The parts of a line that stay once needless spaces are gone."""
    text, start, at = line.text, line.start, 0
    for gap in _SPACES.finditer(text):
        if not _space_needed(text, gap):
            if gap.start() > at:
                yield start + at, start + gap.start()
            at = gap.end()
    if at < len(text):
        yield start + at, start + len(text)


def _space_needed(text: str, gap: re.Match) -> bool:
    if not gap[0].strip(_INVISIBLE):
        return False
    before, after = text[gap.start() - 1 : gap.start()], text[gap.end() : gap.end() + 1]
    if after.isdigit() and gap.start() <= 4 and re.fullmatch(r"\d{1,3}\.", text[: gap.start()]):
        return True
    if before.isdigit() and after.isdigit():
        return len(gap[0]) > 1 or not _split_number(text, gap.start(), gap.end())
    return bool(
        _WORD.match(before) and _WORD.match(after) and (before.isalpha() or after.isalpha()) and _latin(before, after)
    )


def _latin(before: str, after: str) -> bool:
    return before.isascii() and after.isascii() and before.isalpha() and after.isalpha()


def _split_number(text: str, start: int, end: int) -> bool:
    """Digits set apart one by one (1 2 座), or a year cut in two (20 24年), are one number; columns of figures are not."""
    before = _DIGITS_BEFORE.search(text, max(0, start - 5), start)[0]
    after = _DIGITS_AFTER.match(text, end)
    if len(before) == len(after[1]) == 1 or _thousands(text, start, before, after):
        return True
    return len(before) + len(after[1]) == 4 and bool(after[2])


def _thousands(text: str, start: int, before: str, after: re.Match) -> bool:
    """1 800米 in a sentence."""
    word, unit = text[: start - len(before)][-1:], text[after.end() : after.end() + 1]
    return len(before) <= 3 and len(after[1]) == 3 and word > "一" and unit > "一"


_DIGITS_BEFORE = re.compile(r"\d*$")
_DIGITS_AFTER = re.compile(r"(\d{1,5})( ?年)?")
