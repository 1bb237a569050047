"""Monthly values by district, from a CSV file with the columns year, month, district and one or more values."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path

from qingshan.evaluation.seasonal import Month

LARGEST = 1_000_000_000
KEYS = ("year", "month", "district")


class UnreadableTable(Exception):
    """A table that cannot be used; the message is a sentence naming row, column and offending value."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One named cell, so that an error can say where it stands."""

    row: int
    column: str
    text: str

    def whole(self, low: int, high: int) -> int:
        if not (self.text.isascii() and self.text.isdigit() and low <= int(self.text[:9]) <= high):
            raise self.error(f"应为 {low} 至 {high} 的整数")
        return int(self.text)

    def amount(self) -> Decimal:
        try:
            value = Decimal(self.text.replace("_", "?"))  # Decimal would read 1_0 as 10
        except InvalidOperation:
            raise self.error("应为数字") from None
        if not (value.is_finite() and 0 <= value < LARGEST):
            raise self.error(f"应不小于 0、小于 {LARGEST}")
        return value

    def name(self) -> str:
        if not self.text:
            raise self.error("应填写区名")
        return self.text

    def error(self, wanted: str) -> UnreadableTable:
        return UnreadableTable(f"第 {self.row} 行“{self.column}”列{wanted}，现为“{self.text[:40]}”")


def read_monthly(path: Path, column: str) -> dict[str, dict[Month, Decimal]]:
    """district → (year, month) → value of `column`; an empty cell is a missing month. Raises UnreadableTable."""
    table: dict[str, dict[Month, Decimal]] = {}
    for district, month, value in _rows(_text(path), column):
        months = table.setdefault(district.name(), {})
        if month in months:
            raise district.error(f"与 {month[0]} 年 {month[1]} 月重复")
        months[month] = value
    if not table:
        raise UnreadableTable(f"“{column}”列没有一个数值：{path.name}")
    return table


def _rows(text: str, column: str) -> Iterator[tuple[Cell, Month, Decimal]]:
    rows = csv.DictReader(StringIO(text, newline=""))
    try:
        _check_columns(rows.fieldnames or [], column)
        for row in rows:
            cells = {c: Cell(rows.line_num, c, (row[c] or "").strip()) for c in (*KEYS, column)}
            if cells[column].text:
                month = cells["year"].whole(1900, 2200), cells["month"].whole(1, 12)
                yield cells["district"], month, cells[column].amount()
    except csv.Error as error:
        raise UnreadableTable(f"第 {rows.line_num} 行不是 CSV：{error}") from None


def _check_columns(present: Sequence[str], column: str) -> None:
    missing = [c for c in (*KEYS, column) if c not in present]
    if missing:
        raise UnreadableTable(f"第 1 行缺少“{missing[0]}”列，现有：{'、'.join(present)[:200] or '（空）'}")


def _text(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            where = error.start
    raise UnreadableTable(f"第 {raw[:where].count(10) + 1} 行既不是 UTF-8 也不是 GB18030 文字：{path.name}")
