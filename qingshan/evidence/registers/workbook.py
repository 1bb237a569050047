"""A register as a workbook: the template people fill in, and its rows written out.

Text is written as text whatever it begins with, so that nothing in a cell is ever computed. The first sheet holds the
rows; a hidden row under its head holds the fields' codes, by which a filled workbook is read again however its head was
reworded. Drop-downs take their words from a hidden sheet.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .cells import expected, show
from .schema import Column, Definition

ROWS, WORDS = "数据", "选项"
HEAD, CODES, FIRST = 1, 2, 3  # rows of the sheet
LAST = 60_000  # row up to which drop-downs reach
MARK = "qingshan-register"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATE, LON, LAT, GEOMETRY, ORIGIN = "state", "lon", "lat", "geometry", "origin"
ORIGINS = {"official": "公开发布", "reported": "部门填报", "simulated": "模拟"}
BOLD, NEEDED, TOP = Font(bold=True), PatternFill("solid", fgColor="FFF3E0"), Alignment(vertical="top", wrap_text=True)


def columns_of(definition: Definition, exported: bool = False) -> list[str]:
    """Codes of the columns: the fields, then the state and the place where the register has them. Exported rows also say
    where they come from; that column is not read again."""
    place = {"none": [], "point": [LON, LAT]}.get(definition.geometry, [GEOMETRY])
    return [*definition.field, *([STATE] if definition.states else []), *place, *([ORIGIN] if exported else [])]


def heading(definition: Definition, code: str) -> str:
    """What stands over a column: name, unit, and a star where it must be filled."""
    if code in EXTRA:
        return EXTRA[code][0]
    column = definition.field[code]
    return f"{column.name.zh}{f'（{column.unit}）' if column.unit else ''}{'*' if column.required else ''}"


EXTRA = {
    STATE: ("状态", "从下拉项中选；不填则新条目取第一个状态，已有条目不变。"),
    LON: ("经度", "WGS 84，度，如 121.3412。"),
    LAT: ("纬度", "WGS 84，度，如 30.7421。"),
    GEOMETRY: ("图形", "GeoJSON；不填则不变。"),
    ORIGIN: ("数据性质", "公开发布、部门填报或模拟；导入时不读这一列。"),
}


def write(
    file: IO[bytes], definition: Definition, bodies: Mapping[str, str], rows: Iterable[Mapping[str, Any]] = (), exported: bool = False
) -> None:  # fmt: skip
    """Write the workbook to fill in, with `rows` (column → value) already in it, to `file`. `bodies`: code → name.

    However many rows there are, no more than one is held.
    """
    book = Workbook(write_only=True)
    sheet, codes = book.create_sheet(ROWS), columns_of(definition, exported)
    for number, code in enumerate(codes, 1):
        sheet.column_dimensions[get_column_letter(number)].width = max(12, 2 * len(heading(definition, code)) + 4)
    sheet.row_dimensions[CODES].hidden = True
    sheet.freeze_panes = f"B{FIRST}"
    words = _words(definition, bodies)
    for number, code in enumerate(codes, 1):
        if code in words:
            sheet.data_validations.append(_list_of(words, code, get_column_letter(number)))
    sheet.append([_head(sheet, definition, code) for code in codes])
    sheet.append(
        [
            _text(sheet, f"{MARK}:{definition.code}:{definition.version}:{code}" if code == codes[0] else code)
            for code in codes
        ]
    )
    for row in rows:
        sheet.append([_cell(sheet, definition.field.get(code), row.get(code), bodies, definition) for code in codes])
    _write_words(book, words)
    book.save(file)


def _head(sheet, definition: Definition, code: str):
    cell = _text(sheet, heading(definition, code))
    cell.font, cell.alignment = BOLD, TOP
    column = definition.field.get(code)
    if column and column.required:
        cell.fill = NEEDED
    cell.comment = Comment(
        EXTRA[code][1] if column is None else f"{expected(column)}{'，必填' if column.required else ''}。", "青山"
    )
    return cell


def _words(definition: Definition, bodies: Mapping[str, str]) -> dict[str, list[str]]:
    """The words of each column that has a drop-down."""
    found = {one.code: [choice.zh for choice in one.choices] for one in definition.fields if one.type == "choice"}
    found |= {one.code: ["是", "否"] for one in definition.fields if one.type == "bool"}
    found |= {one.code: list(bodies.values()) for one in definition.fields if one.type == "body" and bodies}
    found |= {one.code: definition.places for one in definition.fields if one.type == "place" and definition.places}
    return found | ({STATE: [one.zh for one in definition.states]} if definition.states else {})


def _list_of(words: Mapping[str, Sequence[str]], code: str, letter: str) -> DataValidation:
    place = get_column_letter(list(words).index(code) + 1)
    rule = DataValidation("list", formula1=f"={WORDS}!${place}$2:${place}${len(words[code]) + 1}", allow_blank=True)
    rule.errorTitle, rule.error = "不在可选项中", "请从下拉项中选。"
    rule.add(f"{letter}{FIRST}:{letter}{LAST}")
    return rule


def _write_words(book: Workbook, words: Mapping[str, Sequence[str]]) -> None:
    sheet = book.create_sheet(WORDS)
    sheet.sheet_state = "hidden"
    sheet.append([_text(sheet, code) for code in words])
    for number in range(max(map(len, words.values()), default=0)):
        sheet.append([_text(sheet, one[number] if number < len(one) else None) for one in words.values()])


def _cell(sheet, column: Column | None, value: Any, bodies: Mapping[str, str], definition: Definition):
    if column is None:
        shown = definition.state[value].zh if value in definition.state else ORIGINS.get(value, value)
        return WriteOnlyCell(sheet, shown) if isinstance(shown, float) else _text(sheet, shown)
    if value is None or not column.numeric:
        return _text(sheet, bodies.get(value, value) if column.type == "body" else show(column, value))
    cell = WriteOnlyCell(sheet, Decimal(value) if column.type == "decimal" else value)
    places = len(value.partition(".")[2]) if column.type == "decimal" else 0
    cell.number_format = "0" + ("." + "0" * places if places else "")
    return cell


def _text(sheet, value: Any) -> WriteOnlyCell:
    if value is None or value == "":
        return WriteOnlyCell(sheet, None)
    cell = WriteOnlyCell(sheet, CONTROL.sub("", str(value)))
    cell.data_type, cell.quotePrefix = "s", str(value)[:1] in FORMULA
    cell.number_format = "@"
    return cell


def csv_text(value: Any) -> str:
    """A value for a CSV file: a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "" if value is None else CONTROL.sub("", str(value))
    number = re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", text)
    return f"'{text}" if text.startswith(FORMULA) and not number else text
