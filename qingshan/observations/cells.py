"""A file as cells of text, each row with its number: what spreadsheets, instruments and offices write.

CSV in UTF-8, GB 18030 or UTF-16 with any line ends, packed or not; workbooks (.xlsx). What a file is, its first bytes say. A
formula is never worked out: it stays the text it is.
"""

import csv
import gzip
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from io import BytesIO
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from .system import of_the_system

MOST_UNPACKED = 2 * 2**30  # bytes of a text, or of a workbook's parts
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576  # of a sheet
ZIP, GZIP, OLD_EXCEL = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}  # what a text may begin with
NOTES = ("说明", "选项")  # sheets of a template that hold no rows
REPEATED = "{}（第{}列）"
HEADINGS_WITHIN = 12  # rows at the top among which the heading is looked for


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, a row or a file; `line` is the row's number, the file's first row being 1; 0 is the whole file."""

    line: int
    column: str
    cell: str
    zh: str
    en: str


class Unreadable(ValueError):
    """A file or a mapping that cannot be read at all."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass
class Cells:
    """The rows under a heading: `columns` in the order of `names`, `lines` their numbers. `aside`: sheets that were not read.

    A column without a name, or of a name that was there already, is called by its number, so that nobody asks for it by mistake.
    """

    names: list[str]
    columns: list[pa.Array]
    lines: list[int]
    faults: list[Fault] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    def column(self, name: str) -> pa.Array:
        return self.columns[self.names.index(name)]

    def twice(self, name: str) -> list[str]:
        """The names under which further columns of that name stand."""
        return [one for number, one in enumerate(self.names, 1) if one == REPEATED.format(name, number)]


def top(file: Path, encoding: str = "utf-8") -> list[list[str]]:
    """The first rows of a file, among which its heading is."""
    return _told(file, lambda: [[one or "" for one in row] for row in islice(_rows(file, encoding), HEADINGS_WITHIN)])


def cells(file: Path, encoding: str = "utf-8", heading: int = 1) -> Cells:
    """All rows under the heading, which stands in that row. Raises Unreadable where there is nothing that can be read."""
    return _told(file, lambda: _sheet(file, heading) if _is_workbook(file) else _text(file, encoding, heading))


def _told(file: Path, read):
    try:
        return read()
    except Unreadable:
        raise
    except OSError as reason:
        raise Unreadable(*of_the_system(reason, file.name)) from reason
    except (EOFError, ValueError, KeyError, csv.Error, zlib.error, pa.ArrowException) as reason:
        told = " ".join(str(reason).split())[:200]
        raise Unreadable(
            f"读不了这个文件，它可能没有传完或已损坏（{told}）。",
            f"It cannot be read; it may be cut off or damaged ({told}).",
        ) from reason


def _rows(file: Path, encoding: str) -> Iterator[Sequence[str | None]]:
    if _is_workbook(file):
        yield from (row for _, row in _sheet_rows(_book(file)[0]))
    else:
        text = _decoded(file, encoding)
        yield from csv.reader(text.rstrip("\n").split("\n")[:HEADINGS_WITHIN], delimiter=_delimiter(text))


def _is_workbook(file: Path) -> bool:
    with file.open("rb") as stream:
        begins = stream.read(4)
    if begins == OLD_EXCEL:
        raise Unreadable(
            "这是旧版 Excel（.xls）文件，请在 WPS 或 Excel 中另存为 .xlsx。",
            "It is a workbook of the old kind (.xls); save it as .xlsx first.",
        )
    return begins == ZIP or file.suffix.lower() == ".xlsx"


# --- workbooks


def _sheet(file: Path, heading: int) -> Cells:
    sheet, aside = _book(file)
    names: list[str] = []
    kept: list[tuple[int, Sequence[str | None]]] = []
    for number, row in _sheet_rows(sheet):
        if number == heading:
            names = _names(row)
        elif number > heading and names and any(one is not None for one in row[: len(names)]):
            kept.append((number, [*row[: len(names)], *[None] * (len(names) - len(row))]))
    if not names:
        raise _no_heading(heading)
    turned = list(zip(*(row for _, row in kept), strict=True)) or [()] * len(names)
    return Cells(names, [pa.array(one, pa.string()) for one in turned], [no for no, _ in kept], aside=aside)


def _no_heading(row: int) -> Unreadable:
    return Unreadable(f"第 {row} 行没有列名。", f"There is no heading in row {row}.")


def _unsound(reason: Exception) -> Unreadable:
    kind = type(reason).__name__
    return Unreadable(
        f"不是完好的工作簿（{kind}）；请在 WPS 或 Excel 中打开，另存为 .xlsx。",
        f"It is no sound workbook ({kind}); open it and save it as .xlsx.",
    )


def _too_large() -> Unreadable:
    most = MOST_UNPACKED // 2**20
    return Unreadable(
        f"解开后超过 {most} MB；请分成几个文件。", f"It has more than {most} MB unpacked; divide it into several files."
    )


def _book(file: Path):
    """The first sheet that holds anything, and the names of others that hold something as well."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise _too_large()
        sheets = load_workbook(BytesIO(file.read_bytes()), read_only=True).worksheets
        filled = [one for one in sheets if next(_sheet_rows(one), None)]
    except Unreadable:
        raise
    except Exception as reason:  # openpyxl raises whatever a broken archive makes it meet
        raise _unsound(reason) from reason
    if not filled:
        raise Unreadable("工作簿是空的。", "The workbook is empty.")
    return filled[0], [one.title for one in filled[1:] if one.title not in NOTES]


def _sheet_rows(sheet) -> Iterator[tuple[int, list[str | None]]]:
    """Rows that hold anything, each with its number."""
    try:
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise Unreadable(
                    f"第 {number} 行有 {len(row)} 列；上限 {MOST_ROWS} 行、{MOST_COLUMNS} 列。",
                    f"Row {number} has {len(row)} columns; there may be {MOST_ROWS} rows and {MOST_COLUMNS} columns.",
                )
            if any(one is not None for one in row):
                yield number, [_as_text(one) for one in row]
    except Unreadable:
        raise
    except Exception as reason:  # as above: rows are read only as they are asked for
        raise _unsound(reason) from reason


def _as_text(cell) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, float):
        return f"{cell:.15g}"  # as a spreadsheet shows it: 12.300000000000001 is 12.3
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


# --- texts


def _text(file: Path, encoding: str, heading: int) -> Cells:
    text = _decoded(file, encoding)
    delimiter = _delimiter(text)
    _quotes(text)
    parts = text.split("\n", heading)
    if len(parts) < heading or not parts[heading - 1].strip():
        raise _no_heading(heading)
    names = _names(next(csv.reader([parts[heading - 1]], delimiter=delimiter), []))
    body = parts[heading] if len(parts) > heading else ""
    table, faults, left_out = _parsed(body.encode(), len(names), delimiter)
    faults = [Fault(one.line + heading, *_rest(one)) for one in faults]
    numbers = (n + heading for n in range(1, table.num_rows + len(left_out) + 1) if n not in left_out)
    table = table.append_column("line", pa.array(islice(numbers, table.num_rows), pa.int64()))
    table = table.filter(_says_something(table.columns[:-1]))
    *columns, lines = (one.combine_chunks() for one in table.columns)
    return Cells(names, columns, lines.to_pylist(), faults)


def _says_something(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    found = [pc.not_equal(pc.utf8_trim_whitespace(one), "") for one in columns]
    return reduce(pc.or_, (pc.fill_null(one, False) for one in found))


def _rest(fault: Fault) -> tuple:
    return fault.column, fault.cell, fault.zh, fault.en


def _parsed(data: bytes, width: int, delimiter: str) -> tuple[pa.Table, list[Fault], set[int]]:
    """Rows of text columns; faults of rows of another width; the numbers of all rows left out, blank ones among them."""
    faults: list[Fault] = []
    left_out: set[int] = set()

    def skip(row) -> str:
        left_out.add(row.number)
        if row.text.strip(f' {delimiter}"'):
            faults.append(Fault(row.number, "", row.text[:80], f"这一行有 {row.actual_columns} 列，应有 {row.expected_columns} 列。",
                                f"This line has {row.actual_columns} columns instead of {row.expected_columns}."))  # fmt: skip
        return "skip"

    names = [str(number) for number in range(width)]
    if not data.strip():
        return pa.table({name: pa.array([], pa.string()) for name in names}), [], set()
    table = pacsv.read_csv(
        BytesIO(data),
        read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=len(data) + 1),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter, invalid_row_handler=skip, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    return table, faults, left_out


def _decoded(file: Path, encoding: str) -> str:
    """The text of a file with plain line ends; UTF-16 by its mark, else the encoding told, UTF-8 or GB 18030."""
    data = _unpacked(file.read_bytes())
    if not data.strip(b"\0 \r\n\t"):
        raise Unreadable("文件是空的。", "The file is empty.")
    marked = next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
    for one in [marked] if marked else dict.fromkeys((encoding, "utf-8", "gb18030")):
        try:
            text = data.decode(one)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" in text:
            raise _no_table()
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise _no_table()


def _no_table() -> Unreadable:
    return Unreadable(
        "文件不是文本，编码不是 UTF-8、GB 18030 或带标记的 UTF-16；应为 .csv、.csv.gz 或 .xlsx。",
        "The file is no text in UTF-8, GB 18030 or marked UTF-16; it should be .csv, .csv.gz or .xlsx.",
    )


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(GZIP):
        return data
    with gzip.open(BytesIO(data)) as stream:
        found = stream.read(MOST_UNPACKED + 1)
    if len(found) > MOST_UNPACKED:
        raise _too_large()
    return found


def _delimiter(text: str) -> str:
    begins = text[:20_000]
    return max(",\t;", key=begins.count)


def _quotes(text: str) -> None:
    """Refuse a text whose last quotation mark opens and never closes: all that follows would be one cell."""
    if text.count('"') % 2 == 0:
        return
    line = max(number for number, one in enumerate(text.split("\n"), 1) if one.count('"') % 2)
    raise Unreadable(
        f"引号没有配对：第 {line} 行有一个引号没有对应的另一半，请补上或删去。",
        f"A quotation mark in line {line} has no other half; add it or take it away.",
    )


def _names(row: Iterable[str | None]) -> list[str]:
    found = [re.sub(r"\s+", " ", one or "").strip() for one in row]
    while found and not found[-1]:
        found.pop()
    seen: Counter[str] = Counter()
    named = []
    for number, one in enumerate(found, 1):
        seen[one] += 1
        named.append(one if one and seen[one] == 1 else REPEATED.format(one, number))
    return named
