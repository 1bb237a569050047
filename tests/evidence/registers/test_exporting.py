import csv
import io

import pytest

from qingshan.evidence.registers.actions import add_entry
from qingshan.evidence.registers.queries import as_csv, write_workbook
from qingshan.evidence.registers.workbook import csv_text

from .outfalls import DAY
from .written import book_of, written


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=cmd"])
def test_exported_text_never_becomes_a_formula(register, text):
    add_entry(
        by=None,
        programme=register,
        register="outfalls",
        data={"no": "1", "name": f"{text}x", "town": text.strip()},
        known_on=DAY,
    )
    cells = [
        cell
        for row in book_of(written(write_workbook, register, "outfalls")).worksheets[0].iter_rows(min_row=3)
        for cell in row
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    rows = list(csv.reader(io.StringIO("".join(as_csv(register, "outfalls")).removeprefix("\ufeff"))))
    assert rows[1][1].startswith("'") and rows[1][2].startswith("'")
    assert csv_text("-12.5") == "-12.5"
