"""Task tables: rows of 序号 · 任务 · 牵头单位 · 责任单位 · 完成时限, one cell a line or cells parted by tabs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .duties import Duty, bodies, looks_like_bodies
from .outline import CHAPTER, ITEM, Node, paragraphs

_COLUMNS = (
    ("no", r"序号|编号|项次"),
    ("lead", r"(?:牵头|主责|主办|第一责任)(?:部门|单位|责任单位)(?:及?责任人)?"),
    ("support", r"(?:配合|参与|协同|协办|协助|参加)(?:部门|单位)"),
    ("body", r"(?:主要)?(?:责任|负责|实施|落实|承担|承办|责任主体|完成|分工|任务)(?:部门|单位|主体|处室|分工)|责任部门（单位）|部门分工"),
    ("time", r"(?:完成|时间|办结|整改|推进|实施)?(?:时限|期限|时间|节点|进度|安排|年限)(?:要求|安排|节点)?|时间节点|完成时间|实施期限|时限要求"),
    ("task", r"(?:重点|主要|工作|具体|目标|改革|建设)?(?:任务|工作|事项|项目|行动|工程)(?:名称|事项|清单|任务)?|重点工作任务|工作任务"),
    ("content", r"(?:主要|具体|重点|工作|建设|任务|目标|推进|整改|实施)?(?:内容|措施|举措|目标|要求|标准|目标要求|任务要求|成果|工作内容|任务内容|内容及要求|任务描述|目标任务|工作措施|举措内容)(?:及要求|和要求|要求)?"),
    ("other", r"备注|类别|领域|属性|分类|板块|专项|序列|单位|依据|来源|责任人|分管领导|牵头领导"),
)  # fmt: skip
_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in _COLUMNS)
_TIME = re.compile(
    r"(?:20\d\d年|长期|持续|全年|每年|年底|常年|按期|\d{1,2}月|按.{0,10}(?:要求|时限|进度)|实施期|[“\"]?十[四五]五).{0,16}"
)
_YEAR = re.compile(r"20\d\d(?=年|[-./])")
_LONE = re.compile(r"\d{1,3}[.、]?")
_AFTER_TABLE = re.compile(r"附件|(?:注|备注|说明|抄送|抄报|填表说明)[：:]")
_THEME = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)(?P<title>[^，。；：\t]{2,40})$")


@dataclass(frozen=True, slots=True)
class Cell:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A task of a table, as a heading and its clause."""

    node: Node
    duty: Duty | None


@dataclass(frozen=True, slots=True)
class Table:
    start: int
    end: int
    rows: tuple[Row, ...]


def tables(text: str, first: int) -> list[Table]:
    """The task tables after a position."""
    if not any(word in text for word in ("单位", "部门", "主体")):
        return []
    lines = [Cell(s, e, text[s:e]) for s, e in paragraphs(text) if s >= first and text[s:e].strip()]
    found, i = [], 0
    while i < len(lines):
        columns, step = _header(lines, i)
        if not columns:
            i += 1
            continue
        table, i = _tabbed(lines, i + step, columns) if "\t" in lines[i].text else _flattened(lines, i + step, columns)
        if table.rows:
            found.append(table)
    return found


def _kind(cell: str) -> str | None:
    cell = re.sub(r"[\s（）()]", "", cell) if len(cell) < 16 else ""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(cell)), None)


def _header(lines: list[Cell], i: int) -> tuple[list[str], int]:
    if "\t" in lines[i].text:
        kinds = [_kind(cell) or "other" for cell in lines[i].text.split("\t")]
        known = sum(_kind(cell) is not None for cell in lines[i].text.split("\t"))
        return (kinds, 1) if known >= 2 and _tells(kinds) else ([], 0)
    kinds = []
    for line in lines[i : i + 10]:
        kind = _kind(line.text)
        if kind is None:
            break
        kinds.append(kind)
    return (kinds, len(kinds)) if len(kinds) >= 3 and _tells(kinds) else ([], 0)


def _tells(kinds: list[str]) -> bool:
    return bool({"lead", "body", "support"} & set(kinds)) and bool({"task", "content"} & set(kinds))


def _tabbed(lines: list[Cell], i: int, columns: list[str]) -> tuple[Table, int]:
    rows, theme, start, end, used = [], None, lines[i - 1].start, lines[i - 1].end, 0
    while i < len(lines) and (lines[i].text.count("\t") or _THEME.match(lines[i].text)):
        line = lines[i]
        i, end = i + 1, line.end
        if _header(lines, i - 1)[0]:
            continue
        cells = _cells(line)
        found = (
            _THEME.match(line.text)
            if len({cell.text for cell in cells if cell.text}) == 1 or not line.text.count("\t")
            else None
        )
        title = found["title"] if found else None
        if title:
            theme = _theme(line, title)
            continue
        by_kind = _by_column(cells, columns)
        used += 1
        row = _row(by_kind, theme, str(used), line.end)
        rows += [row] if row else []
    return Table(start, end, tuple(rows)), i


def _cells(line: Cell) -> list[Cell]:
    cells, at = [], line.start
    for part in line.text.split("\t"):
        cells.append(Cell(at, at + len(part), part.strip()))
        at += len(part) + 1
    return cells


def _by_column(cells: list[Cell], columns: list[str]) -> list[tuple[str, Cell]]:
    return [(kind, cell) for kind, cell in zip(columns, cells, strict=False) if cell.text]


def _flattened(lines: list[Cell], i: int, columns: list[str]) -> tuple[Table, int]:
    rows, theme, start, number = [], None, lines[i - 1].start, 0
    end = lines[i - 1].end
    while i < len(lines):
        line = lines[i]
        again, step = _header(lines, i)
        if again:
            i += step
        elif _AFTER_TABLE.match(line.text) or len(line.text) > 600:
            break
        elif _THEME.match(line.text) and columns[0] == "no":
            theme = _theme(line, _THEME.match(line.text)["title"])
            i += 1
        elif columns[0] == "no" and _LONE.fullmatch(line.text) and int(line.text.strip(".、")) in (number + 1, 1):
            number = int(line.text.strip(".、"))
            cells, i = _record(lines, i + 1, number)
            row = _row(
                [("no", line), *_aligned(cells, columns[1:])], theme, str(number), cells[-1].end if cells else line.end
            )
            rows += [row] if row else []
        elif columns[0] == "no" and rows and marker_like(line.text):
            break
        else:
            i += 1
        end = lines[i - 1].end
    return Table(start, end, tuple(rows)), i


def marker_like(text: str) -> bool:
    return len(text) > 60 and "。" in text


def _record(lines: list[Cell], i: int, number: int) -> tuple[list[Cell], int]:
    """The cells of a row: on until the next number, a theme line, a repeated head or an annex."""
    cells: list[Cell] = []
    while i < len(lines) and len(cells) < 40:
        text = lines[i].text
        if (
            _LONE.fullmatch(text)
            and int(text.strip(".、")) == number + 1
            or _THEME.match(text)
            or _AFTER_TABLE.match(text)
            or _header(lines, i)[0]
        ):
            break
        cells.append(lines[i])
        i += 1
    return cells, i


def _aligned(cells: list[Cell], columns: list[str]) -> list[tuple[str, Cell]]:
    """Cells under their columns; where counts differ, told apart by what they look like, from the right."""
    if len(cells) == len(columns):
        return list(zip(columns, cells, strict=True))
    left, tail = list(cells), []
    if "time" in columns and left and _TIME.fullmatch(left[-1].text):
        tail.append(("time", left.pop()))
    slots = [kind for kind in columns if kind in ("lead", "body", "support")]
    trailing: list[Cell] = []
    while left and len(left) > 1 and looks_like_bodies(left[-1].text):
        trailing.insert(0, left.pop())
    named = [(slots[min(k, len(slots) - 1)] if slots else "body", cell) for k, cell in enumerate(trailing)]
    words = [("task" if k == 0 else "content", cell) for k, cell in enumerate(left)]
    return [*words, *named, *tail]


def _theme(line: Cell, title: str) -> Node:
    return Node(CHAPTER, "", title, line.start, line.end, line.end, line.end)


def _row(by_kind: list[tuple[str, Cell]], theme: Node | None, no: str, end: int) -> Row | None:
    words = [cell for kind, cell in by_kind if kind in ("task", "content") and cell.text]
    if not words or not by_kind:
        return None
    number = next((cell.text.strip("、.") for kind, cell in by_kind if kind == "no"), no)
    title = words[0]
    heading = re.split(r"。", title.text)[0].strip("。；")
    node = Node(
        ITEM,
        number,
        heading,
        by_kind[0][1].start,
        title.start + len(heading) if len(words) == 1 else title.end,
        title.end,
        end,
        theme,
    )
    return Row(node, _duty(by_kind))


def _duty(by_kind: list[tuple[str, Cell]]) -> Duty | None:
    names: dict[str, list[str]] = {}
    held = [
        (kind, cell)
        for kind, cell in by_kind
        if kind in ("lead", "body", "support") and cell.text not in ("/", "—", "-")
    ]
    for kind, cell in held:
        for role, found in bodies(cell.text).items():
            names.setdefault(role or {"body": ""}.get(kind, kind), []).extend(found)
    if not names:
        return None
    times = [cell for kind, cell in by_kind if kind == "time"]
    years = _YEAR.findall(times[-1].text) if times else []
    spans = [cell for _, cell in held] + times
    return Duty(min(c.start for c in spans), max(c.end for c in spans), names, until=int(years[-1]) if years else None)
