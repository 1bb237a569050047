"""Tables of indicators: 指标 · 单位 · 2020年 · 2025年 · 属性, one cell a line or cells parted by tabs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .outline import paragraphs
from .quantities import Quantity, plain, quantities
from .tables import Cell

_NAME = re.compile(r"(?:主要|具体|规划|核心|考核|评价|绩效)?指标(?:名称|内容|项目|体系)?|目标名称|指标项")
_UNIT = re.compile(r"(?:计量)?单位")
_KIND = re.compile(r"(?:指标)?(?:属性|性质|类型|类别)(?:指标)?")
_NO = re.compile(r"序号|编号")
_YEAR = re.compile(r"[（(]?(?P<y>20\d\d)年?(?:[）)])?(?P<what>.{0,8})")
_GOAL = re.compile(r"(?:规划|预期|考核|期末)?目标(?:值)?|规划值|目标年")
_BASE = re.compile(r"(?:现状|基准|基期|基数|实际|完成)(?:值|年|情况)?")
_OTHER = re.compile(
    r"类别|分类|领域|备注|责任(?:部门|单位)|牵头(?:部门|单位)|数据来源|一级指标|二级指标|三级指标|年均(?:增速|增长)?(?:[（(]?.{0,3}[）)]?)?|累计|增速|变化|指标来源|考核部门"
)
_ATTRIBUTE = re.compile(r"(?:约束|预期|指导|参考|引导)性?(?:指标)?")
_LONE = re.compile(r"\d{1,3}[.、]?")
_VALUE = re.compile(
    r"[\[【〔]?(?P<sign>[≥≤<>＞＜⩾⩽]|不低于|不高于|不超过|不少于|大于|小于|低于|高于|达到)?=?[\[【〔]?\d+(?:[,.]\d+)*.{0,14}|[-—–/]+|(?:完成|持续|达到|控制|基本|稳中|保持|不断|有所|待|无|按|全面|优于).{0,20}"
)
_UNIT_IN_NAME = re.compile(r"（(?P<unit>[^（）]{1,14})）$")
_CHANGE = re.compile(
    r"^(?P<what>.{2,40}?)(?:累计)?(?P<do>下降|降低|减少|削减|提高|提升|增长|增加)(?:比例|率|幅度|量|程度)?$"
)
_LESS = re.compile(r"浓度|排放|能耗|水耗|用水量|死亡|事故|劣.?类|超标|污染天数|填埋|强度|辍学|失业|投诉|发病")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row: what is measured, and the value it is to reach."""

    metric: str
    op: str
    value: int | float | None
    unit: str | None
    by: int | None
    note: str
    binding: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    start: int
    end: int
    rows: tuple[Indicator, ...]


def indicator_tables(text: str, first: int, until: int | None) -> list[IndicatorTable]:
    if "指标" not in text:
        return []
    lines = [Cell(s, e, text[s:e]) for s, e in paragraphs(text) if s >= first and text[s:e].strip()]
    found, i = [], 0
    while i < len(lines):
        columns, step = _header(lines, i)
        if not columns:
            i += 1
            continue
        grid, i = _read(text, lines, i, step, columns, until)
        found += [grid] if grid.rows else []
    return found


def _column(cell: str) -> str | None:
    cell = re.sub(r"[\s“”]", "", cell)
    if len(cell) > 16:
        return None
    if _NAME.fullmatch(cell):
        return "name"
    year = _YEAR.fullmatch(cell)
    if year:
        goal = "目标" in cell or "规划" in cell
        return f"{'goal' if goal else 'year'}:{year['y']}" if "累计" not in cell else "other"
    known = ((_UNIT, "unit"), (_NO, "no"), (_GOAL, "goal:"), (_BASE, "base"), (_KIND, "kind"), (_OTHER, "other"))
    return next((name for pattern, name in known if pattern.fullmatch(cell)), None)


def _header(lines: list[Cell], i: int) -> tuple[list[str], int]:
    if "\t" in lines[i].text:
        columns = [_column(cell) or "other" for cell in lines[i].text.split("\t")]
        return (columns, 1) if _tells(columns) else ([], 0)
    columns = []
    for line in lines[i : i + 10]:
        column = _column(line.text)
        if column is None:
            break
        columns.append(column)
    return (columns, len(columns)) if len(columns) >= 3 and _tells(columns) else ([], 0)


def _tells(columns: list[str]) -> bool:
    return "name" in columns and any(column.startswith(("year:", "goal:")) for column in columns)


def _read(text, lines, i, step, columns, until):
    start, tabbed = lines[i].start, "\t" in lines[i].text
    i += step
    cut = _tab_rows if tabbed else _line_rows
    groups, i = cut(lines, i, columns)
    rows = [row for group in groups for row in [_indicator(text, group, columns, until)] if row]
    return IndicatorTable(start, lines[i - 1].end, tuple(rows)), i


def _tab_rows(lines: list[Cell], i: int, columns: list[str]):
    groups = []
    while i < len(lines) and "\t" in lines[i].text:
        at, cells = lines[i].start, []
        for part in lines[i].text.split("\t"):
            cells.append(Cell(at, at + len(part), part.strip()))
            at += len(part) + 1
        places = columns[len(columns) - len(cells) :] if len(cells) < len(columns) else columns
        groups.append([(column, cell) for column, cell in zip(places, cells, strict=False) if cell.text])
        i += 1
    return groups, i


def _line_rows(lines: list[Cell], i: int, columns: list[str]):
    """Rows of a table one cell a line: a row ends with its attribute, or where the next number or name begins."""
    groups, row, number = [], [], 0
    while i < len(lines):
        cell = lines[i]
        again, step = _header(lines, i)
        if again:
            i += step
            continue
        if (
            len(cell.text) > 60
            or re.match(r"(?:[一二三四五六七八九十]{1,3}、|第.{1,3}[章节]|附件|注：|备注：|专栏)", cell.text)
            or ("。" in cell.text and not _VALUE.fullmatch(cell.text))
        ):
            break
        kind = _cell_kind(cell.text, columns, number, row)
        if kind == "no":
            groups, row, number = [*groups, row], [], number + 1
        elif kind == "name" and any(k == "value" for k, _ in row):
            groups, row = [*groups, row], []
        row.append((kind, cell))
        i += 1
    return [_placed(group, columns) for group in [*groups, row] if group], i


def _cell_kind(text: str, columns: list[str], number: int, row) -> str:
    if (
        "no" in columns
        and _LONE.fullmatch(text)
        and int(text.strip(".、")) == number + 1
        and not (row and row[-1][0] in ("name", "unit"))
    ):
        return "no"
    if _ATTRIBUTE.fullmatch(text):
        return "kind"
    named = any(kind == "name" for kind, _ in row)
    if named and _VALUE.fullmatch(text):
        return "value"
    if named and "unit" in columns and not any(kind in ("unit", "value") for kind, _ in row) and len(text) <= 12:
        return "unit"
    return "name"


def _placed(group, columns: list[str]):
    """Values under the year columns, filled from the left; the last name before the values is the indicator's."""
    places = [column for column in columns if column.startswith(("year:", "goal:")) or column == "base"]
    values = [cell for kind, cell in group if kind == "value"]
    names = [cell for kind, cell in group if kind == "name"]
    fill = places if len(values) >= len(places) else places[-len(values) :] if values else []
    rest = [(kind, cell) for kind, cell in group if kind in ("unit", "kind", "no")]
    return [*([("name", names[-1])] if names else []), *zip(fill, values, strict=False), *rest]


def _indicator(text: str, group, columns: list[str], until: int | None) -> Indicator | None:
    held = dict(reversed(group))
    goal = _goal(held, until)
    if "name" not in held or goal is None:
        return None
    year, cell = goal
    words = cell.text.strip("[]【】〔〕（）() ")
    inside = quantities(words, 0, len(words))
    return _made(held, cell, year, inside[0] if inside else None, group)


def _goal(held: dict, until: int | None):
    """The column of the goal: named a goal, else the latest year."""
    goals = [(column, cell) for column, cell in held.items() if column.startswith("goal:")]
    years = sorted((column, cell) for column, cell in held.items() if column.startswith("year:"))
    chosen = goals[-1:] or years[-1:]
    if not chosen or (not goals and len(years) < 1):
        return None
    column, cell = chosen[0]
    year = column.partition(":")[2]
    return (int(year) if year else until), cell


def _made(held, cell: Cell, year, quantity: Quantity | None, group) -> Indicator | None:
    name, unit = _named(held)
    binding = "预期" not in held["kind"].text if "kind" in held else True
    spans = [c for _, c in group]
    place = (min(c.start for c in spans), max(c.end for c in spans))
    change = _CHANGE.match(name)
    if quantity is None:
        return _worded(name, cell, year, binding, place)
    unit = quantity.unit or unit
    value = plain(quantity.value * _scale(unit))
    op = ">=" if change else _op(name, cell, quantity, held)
    return Indicator(name, op, value, _unscaled(unit), year, cell.text, binding, *place)


def _named(held) -> tuple[str, str | None]:
    name = re.sub(r"^\d{1,2}[.、]", "", held["name"].text)
    inner = _UNIT_IN_NAME.search(name)
    unit = held["unit"].text if "unit" in held else inner["unit"] if inner and _is_unit(inner["unit"]) else None
    if inner and _is_unit(inner["unit"]):
        name = name[: inner.start()]
    return name, _canonical(unit)


def _is_unit(words: str) -> bool:
    return bool(_canonical(words)) and (words in "%％" or quantities_unit(words) is not None)


def quantities_unit(words: str) -> str | None:
    found = quantities("1" + words.lstrip("/"), 0, len(words) + 1)
    return found[0].unit if found and found[0].end == len(words) + 1 else None


def _canonical(unit: str | None) -> str | None:
    """A unit as the targets write it; 万 and 亿 stay in front until the value is scaled."""
    if not unit or unit in "-—–/":
        return None
    unit = unit.replace("％", "%")
    head = re.match(r"[万亿百千]*(?!瓦)", unit)[0]
    return head + (quantities_unit(unit[len(head) :]) or unit[len(head) :])


_POWERS = {"万": 10**4, "亿": 10**8, "百": 100, "千": 1000}


def _scale(unit: str | None) -> int:
    scale = 1
    while unit and unit[0] in _POWERS and len(unit) > 1:
        scale, unit = scale * _POWERS[unit[0]], unit[1:]
    return scale


def _unscaled(unit: str | None) -> str | None:
    while unit and unit[0] in _POWERS and len(unit) > 1:
        unit = unit[1:]
    return unit


def _op(name: str, cell: Cell, quantity: Quantity, held) -> str:
    words = cell.text
    if re.search(r"[≤⩽]|不高于|不超过|以内|以下", words):
        return "<="
    if re.search(r"[<＜]|小于|(?<!不)低于", words):
        return "<"
    if re.search(r"[≥⩾]|不低于|不少于|以上|达到", words):
        return ">="
    if re.search(r"[>＞]|大于|(?<!不)高于", words):
        return ">"
    if quantity.value == 0:
        return "="
    return "<=" if _falls(name, cell, quantity, held) else ">="


def _falls(name: str, goal: Cell, quantity: Quantity, held) -> bool:
    """A goal below its baseline is a ceiling; without a baseline the name tells."""
    base = next(
        (
            cell
            for column, cell in held.items()
            if column == "base" or column.startswith("year:") and cell.end < goal.start
        ),
        None,
    )
    found = quantities(base.text, 0, len(base.text)) if base else []
    if found and found[0].value != quantity.value:
        return found[0].value > quantity.value
    return bool(_LESS.search(name))


def _worded(name: str, cell: Cell, year, binding, place) -> Indicator | None:
    match = re.search(r"下降|降低|减少|提高|上升|提升|增加|改善|增长", cell.text)
    if not match or not re.match(r"持续|稳步|进一步|逐步|不断|有所|稳中|明显", cell.text):
        return None
    op = "decrease" if match[0] in ("下降", "降低", "减少") else "increase"
    return Indicator(name, op, None, None, year, cell.text, binding, *place)
