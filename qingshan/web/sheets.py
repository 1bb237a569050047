"""What a list shows, as an .xlsx workbook."""

import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MADE_UP = PatternFill("lightUp", fgColor="00C98A2B")
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    title: str,
    notes: Sequence[str],
    head: Sequence[str],
    rows: Iterable[Sequence],
    marked: Iterable[bool],
    widths: Sequence[int],
) -> bytes:
    """A sheet with `notes` above its table. A row that is marked rests on simulated data and is hatched.

    Text stays text whatever it begins with (= + - @), numbers are numbers.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(CONTROL.sub("", title)[:31])
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"A{len(notes) + 2}"
    for note in notes:
        sheet.append([_cell(sheet, note)])
    sheet.append([_cell(sheet, words, Font(bold=True)) for words in head])
    for row, hatched in zip(rows, marked, strict=True):
        sheet.append([_cell(sheet, value, fill=MADE_UP if hatched else None) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet, value, font=None, fill=None):
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value)
        places = max(0, -value.as_tuple().exponent)
        cell.number_format = "0" + ("." + "0" * places if places else "")
    else:
        cell = WriteOnlyCell(sheet, None if value is None else CONTROL.sub("", str(value)))
        if cell.value is not None:
            cell.data_type = "s"
            cell.quotePrefix = str(value)[:1] in tuple("=+-@")
        cell.alignment = Alignment(vertical="top")
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    return cell
