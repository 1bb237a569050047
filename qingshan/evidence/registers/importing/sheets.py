"""What stands in the cells of a table, read row by row; whatever is wrong is told at its cell."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from ..actions import Stated
from ..cells import Unreadable, expected, read
from ..schema import Definition
from ..workbook import GEOMETRY, LAT, LON, MARK, STATE, columns_of, heading

MOST_ROWS = 60_000
MOST_FAULTS = 500
Watch = Callable[[Iterable], Iterable]


class Fault(NamedTuple):
    """What is wrong at one cell, and what was expected there. `cell` is B12, or empty where the whole file is meant."""

    sheet: str
    cell: str
    value: str
    zh: str
    en: str

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.sheet, self.cell)))
        return f"{place}：{self.zh}" if place else self.zh


@dataclass
class Sheet:
    """A file as read: the rows that could be, each with its line, and every fault."""

    name: str
    rows: list[Stated] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


def unread(zh: str, en: str) -> Sheet:
    return Sheet("", faults=[Fault("", "", "", zh, en)])


Cells = Sequence[tuple[Any, bool]]


def sheet_of(
    definition: Definition,
    bodies: Mapping[str, str],
    name: str,
    lines: Iterator[tuple[int, Cells]],
    known_on: date,
    watch: Watch,
) -> Sheet:
    sheet = Sheet(name)
    codes, lines = _heads(definition, sheet, lines)
    if sheet.faults:
        return sheet
    names = {body: code for code, body in bodies.items()} | {code: code for code in bodies}
    for line, cells in watch(lines):
        if len(sheet.rows) >= MOST_ROWS:
            sheet.faults.append(
                Fault(
                    name,
                    f"A{line}",
                    "",
                    f"行数超过 {MOST_ROWS} 行，请拆分。",
                    f"More than {MOST_ROWS} rows; split the file.",
                )
            )
            break
        if any(value not in (None, "") for value, _ in cells) and len(sheet.faults) < MOST_FAULTS:
            take(definition, sheet, codes, names, line, cells, known_on)
    return sheet


def _heads(
    definition: Definition, sheet: Sheet, lines: Iterator[tuple[int, Cells]]
) -> tuple[list[str | None], Iterator[tuple[int, Cells]]]:
    """The code of each column, from a template's row of codes or else from the words of the head; and the lines below."""
    known = columns_of(definition, exported=True)
    wanted = {heading(definition, code): code for code in known}
    wanted |= {one.name.zh: one.code for one in definition.fields} | {code: code for code in known}
    _, first = next(lines, (1, []))
    told = [str(value or "").strip() for value, _ in first]
    codes = [wanted.get(one) for one in told]
    line, second = next(lines, (2, []))
    marked = [str(value or "").strip() for value, _ in second]
    if marked and marked[0].startswith(MARK):
        _, register, _, begin = (marked[0].split(":") + ["", "", ""])[:4]
        if register != definition.code:
            zh = f"这是台账 {register} 的表，不是“{definition.name.zh}”的"
            sheet.faults.append(
                Fault(
                    sheet.name,
                    "A2",
                    register,
                    zh,
                    f"this is a sheet of the register {register}, not of {definition.code}",
                )
            )
        codes = [one if one in known else None for one in [begin, *marked[1:]]]
    else:
        lines = chain([(line, second)], lines)
    for number, (one, code) in enumerate(zip(told, codes, strict=False), 1):
        if one and code is None:
            zh = f"不认识这一列“{one[:30]}”，请用模板中的表头或删去此列"
            sheet.faults.append(
                Fault(
                    sheet.name,
                    f"{get_column_letter(number)}1",
                    one[:60],
                    zh,
                    f"unknown column {one[:30]!r}; use the template's head or delete it",
                )
            )
        elif code and code in sheet.columns:
            sheet.faults.append(
                Fault(
                    sheet.name,
                    f"{get_column_letter(number)}1",
                    one[:60],
                    f"这一列与 {sheet.columns[code]} 列重复",
                    f"the column stands twice, first as {sheet.columns[code]}",
                )
            )
        elif code:
            sheet.columns[code] = get_column_letter(number)
    for code in definition.key:
        if code not in sheet.columns:
            zh = f"缺少“{heading(definition, code)}”一列，请用模板"
            sheet.faults.append(
                Fault(
                    sheet.name,
                    "A1",
                    "",
                    zh,
                    f"the column {definition.field[code].name.en} is missing; use the template",
                )
            )
    return codes, lines


def take(
    definition: Definition,
    sheet: Sheet,
    codes: Sequence[str | None],
    names: Mapping[str, str],
    line: int,
    cells: Cells,
    known_on: date,
) -> None:
    """Read one line; keep its row, or say at which cells it is wrong."""
    data: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    before = len(sheet.faults)
    for number, (value, computed) in enumerate(cells, 1):
        code = codes[number - 1] if number <= len(codes) else None
        if value in (None, ""):
            continue
        place = f"{get_column_letter(number)}{line}"
        if code is None:
            sheet.faults.append(
                Fault(
                    sheet.name,
                    place,
                    str(value)[:60],
                    "这一格没有表头，请删去",
                    "no head stands over this cell; delete it",
                )
            )
        elif computed:
            zh = "这一格是公式，公式不予计算，请改填数值（复制后选“粘贴为数值”）"
            sheet.faults.append(
                Fault(sheet.name, place, str(value)[:60], zh, "this cell is a formula; fill in its value")
            )
        elif code in definition.field:
            _read_into(data, definition, sheet, code, names, value, place)
        else:
            extra[code] = (value, place)
    state, geometry = _state(definition, sheet, extra), _geometry(sheet, extra)
    if len(sheet.faults) == before:
        sheet.rows.append(Stated(data, state, known_on, None, geometry, origin=None, source=None))
        sheet.lines.append(line)


def _read_into(
    data: dict[str, Any],
    definition: Definition,
    sheet: Sheet,
    code: str,
    names: Mapping[str, str],
    value: Any,
    place: str,
) -> None:
    column = definition.field[code]
    try:
        found = read(column, value)
    except Unreadable as wrong:
        sheet.faults.append(
            Fault(sheet.name, place, str(value)[:60], f"“{column.name.zh}”{wrong.zh}", f"{column.name.en}: {wrong.en}")
        )
        return
    if column.type == "body" and found is not None and found not in names:
        zh = f"“{column.name.zh}”“{found}”不是登记的部门，应为{expected(column)}"
        sheet.faults.append(Fault(sheet.name, place, found[:60], zh, f"{column.name.en}: {found} is no known body"))
        return
    data[code] = names[found] if column.type == "body" and found is not None else found


def _state(definition: Definition, sheet: Sheet, extra: Mapping[str, tuple[Any, str]]) -> str | None:
    if STATE not in extra:
        return None
    value, place = extra[STATE]
    text = str(value).strip()
    for one in definition.states:
        if text in (one.code, one.zh, one.en):
            return one.code
    names = "、".join(one.zh for one in definition.states)
    sheet.faults.append(
        Fault(
            sheet.name,
            place,
            text[:60],
            f"“{text[:30]}”不是状态，应为：{names}",
            f"{text[:30]!r} is no state of this register",
        )
    )
    return None


def _geometry(sheet: Sheet, extra: Mapping[str, tuple[Any, str]]) -> dict | None:
    try:
        if GEOMETRY in extra:
            return json.loads(str(extra[GEOMETRY][0]))
        if LON in extra or LAT in extra:
            return {"type": "Point", "coordinates": [_degrees(extra, LON), _degrees(extra, LAT)]}
    except (ValueError, KeyError, RecursionError):
        place = next(extra[code][1] for code in (GEOMETRY, LON, LAT) if code in extra)
        zh = "位置读不懂：经度和纬度应同时填写，为 121.3412 这样的数字；图形应为 GeoJSON"
        sheet.faults.append(
            Fault(
                sheet.name,
                place,
                str(extra.get(GEOMETRY, extra.get(LON, extra.get(LAT)))[0])[:60],
                zh,
                "the place cannot be read",
            )
        )
    return None


def _degrees(extra: Mapping[str, tuple[Any, str]], code: str) -> float:
    value = extra[code][0]
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(value)
    return float(value)
