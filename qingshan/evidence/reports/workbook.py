"""A body's report as a workbook to fill in with WPS or Excel.

Row 1 has the heads, row 2 (hidden) what tells this report from others, from row 3 on one line each. Only the three columns
to be filled in can be written in; column A (hidden) names the line and the draft it was made from.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

MARK = "qingshan-report"
SHEET = "填报"
HEAD, CODES, FIRST = 1, 2, 3
PLACE, NO, KIND, TITLE, ABOUT, UNIT, LAST, KNOWN, CLAIM, PROGRESS, OBSTACLE = range(1, 12)
HEADS = ("", "序号", "类别", "事项", "要求", "单位", "上次", "系统已知", "本次填报*", "进展", "困难")
WIDTHS = (2, 6, 10, 34, 34, 9, 16, 24, 14, 44, 32)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
WORDS = {"finished": ("是", "否"), "confirmed": ("属实", "不符")}
TO_FILL = PatternFill("solid", fgColor="FFF8E8")
GREY = PatternFill("solid", fgColor="F2F0EA")
MADE_UP = PatternFill("lightUp", fgColor="00C98A2B")
THIN = Border(*(Side("thin", color="D8D5CC"),) * 4)


class Row(NamedTuple):
    """A line of the workbook. `known` and `last` are sentences; `simulated` rows are hatched."""

    place: str
    kind: str
    title: str
    about: str
    unit: str
    last: str
    known: str
    form: str
    claim: Decimal | None
    progress: str
    obstacle: str
    least: str | None = None
    most: str | None = None
    simulated: bool = False


def mark(kind: str, period: str, body: str) -> str:
    """What tells this report's workbook from others."""
    return f"{MARK}:{kind}:{period}:{body}"


def workbook(told: str, rows: Iterable[Row], notes: Sequence[str]) -> bytes:
    """The workbook; `told` is its mark, `notes` stand on a sheet of their own."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    for number, (words, width) in enumerate(zip(HEADS, WIDTHS, strict=True), 1):
        cell = _put(sheet, HEAD, number, words)
        cell.font, cell.fill = Font(bold=True), GREY
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.cell(CODES, PLACE, told)
    sheet.row_dimensions[CODES].hidden = sheet.column_dimensions["A"].hidden = True
    for number, row in enumerate(rows):
        _write(sheet, FIRST + number, number + 1, row)
    sheet.freeze_panes = sheet.cell(FIRST, ABOUT)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    _notes(book, notes)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet, line: int, number: int, row: Row) -> None:
    sheet.cell(line, PLACE, row.place)
    sheet.cell(line, NO, number).border = THIN
    for column, words in (
        (KIND, row.kind), (TITLE, row.title), (ABOUT, row.about), (UNIT, row.unit), (LAST, row.last), (KNOWN, row.known),
    ):  # fmt: skip
        cell = _put(sheet, line, column, words)
        if row.simulated and column in (LAST, KNOWN):
            cell.fill = MADE_UP
    _claim(sheet, line, row)
    for column, words in ((PROGRESS, row.progress), (OBSTACLE, row.obstacle)):
        _open(_put(sheet, line, column, words))


def _claim(sheet, line: int, row: Row) -> None:
    if row.form == "words":
        _put(sheet, line, CLAIM, "（写进展）")
        return
    if row.form in WORDS:
        yes, no = WORDS[row.form]
        cell = _put(sheet, line, CLAIM, "" if row.claim is None else yes if row.claim else no)
        rule = DataValidation("list", formula1=f'"{yes},{no}"', allow_blank=True)
        rule.error = f"请选“{yes}”或“{no}”。"
    else:
        cell = _put(sheet, line, CLAIM, "")
        cell.value = row.claim
        cell.number_format = "General"
        rule = _between(*(("0", "100") if row.form == "percent" else (row.least, row.most)))
    rule.errorTitle, rule.showErrorMessage = "填报有误", True
    rule.add(cell.coordinate)
    sheet.add_data_validation(rule)
    _open(cell)


def _between(least: str | None, most: str | None) -> DataValidation:
    low, high = least or "-100000000000000", most or "100000000000000"
    rule = DataValidation("decimal", operator="between", formula1=low, formula2=high, allow_blank=True)
    rule.error = f"请填 {low} 到 {high} 之间的数字。" if least or most else "请填数字。"
    return rule


def _open(cell) -> None:
    cell.protection, cell.fill = Protection(locked=False), TO_FILL


def _put(sheet, line: int, column: int, words: str):
    """A text that stays one, whatever it begins with."""
    cell = sheet.cell(line, column)
    if words:
        cell.value = CONTROL.sub("", words)
        cell.data_type, cell.number_format = "s", "@"
        cell.quotePrefix = words[:1] in FORMULA
    cell.alignment, cell.border = Alignment(vertical="top", wrap_text=True), THIN
    return cell


def _notes(book: Workbook, notes: Sequence[str]) -> None:
    sheet = book.create_sheet("说明")
    sheet.column_dimensions["A"].width = 100
    for line, words in enumerate(notes, 1):
        _put(sheet, line, 1, words)
    sheet.protection.sheet = True


def typed(value: Any, number_format: str) -> str:
    """What a person meant by a cell: 50 % typed as a percentage is kept as 0.5 by the spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return f"{number * 100 if '%' in (number_format or '') else number:f}"
    return str(value).strip()


def words_of(row: Mapping[int, Any], column: int) -> str:
    """The text of a cell; a number typed as a word has no idle zero."""
    value = row.get(column)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else CONTROL.sub("", str(value)).strip()
