"""A file of rows: a workbook, CSV in two encodings, or a Darwin Core archive."""

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from itertools import islice
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from ..darwin_core import ASIDE, SIMULATED, WGS84, NotAnArchive, is_archive, opened, plain
from ..models import Origin
from ..schema import Definition
from ..workbook import LAT, LON
from .sheets import MOST_ROWS, Fault, Sheet, Watch, sheet_of, take, unread

MOST_BYTES = 40 * 2**20
MOST_UNPACKED = 600 * 2**20


def read_rows(
    definition: Definition, bodies: Mapping[str, str], content: bytes, name: str, known_on: date, watch: Watch = iter
) -> Sheet:
    """The rows of a workbook or CSV file, as far as they can be read. `bodies`: code → name."""
    if len(content) > MOST_BYTES:
        return unread(
            f"文件有 {len(content) / 2**20:.0f} MB，上限 {MOST_BYTES // 2**20} MB，请拆分。",
            "The file is too large; split it.",
        )
    if content.startswith(b"PK") and is_archive(content):
        return _archive(definition, bodies, content, known_on, watch)
    if content.startswith(b"PK"):
        return _workbook(definition, bodies, content, known_on, watch)
    if name.lower().endswith((".xls", ".et")) or content.startswith(b"\xd0\xcf\x11\xe0"):
        return unread(
            "这是旧格式的表格，请在 WPS 或 Excel 中另存为 .xlsx。", "This is an old kind of workbook; save it as .xlsx."
        )
    return _csv(definition, bodies, content, name, known_on, watch)


def _archive(definition: Definition, bodies: Mapping[str, str], content: bytes, known_on: date, watch: Watch) -> Sheet:
    """The records of a Darwin Core archive; faults are told at the line and column of its table."""
    try:
        found = opened(definition, content)
        lines = list(islice(found.lines, MOST_ROWS + 1))
    except NotAnArchive as broken:
        return unread(f"{broken.zh}。", f"{broken.en}.")
    except csv.Error:
        return unread("压缩包中的数据表写法有误，请检查引号。", "The archive's table is broken; check the quotes.")
    if len(lines) > MOST_ROWS:
        return unread(f"行数超过 {MOST_ROWS} 行，请拆分。", f"More than {MOST_ROWS} rows; split the file.")
    sheet = Sheet(found.name, columns={code: get_column_letter(place + 1) for code, place in found.places.items()})
    codes = {code: code for code in sheet.columns} | {"lon": LON, "lat": LAT}
    for code in definition.key:
        if code not in sheet.columns:
            term = definition.field[code].term or code
            return unread(f"压缩包缺少 {term} 一列。", f"The archive lacks the column {term}.")
    names = {body: code for code, body in bodies.items()} | {code: code for code in bodies}
    columns = [code for code in sheet.columns if code not in ASIDE]
    for line in watch(lines):
        if _in_wgs84(sheet, line):
            cells = [(_told(definition, code, line.cells.get(code)), False) for code in columns]
            before = len(sheet.rows)
            take(definition, sheet, [codes[code] for code in columns], names, line.number, cells, known_on)
            if line.cells.get("dataset") == SIMULATED:
                sheet.rows[before:] = [row._replace(origin=Origin.SIMULATED) for row in sheet.rows[before:]]
    return sheet


def _told(definition: Definition, code: str, text: str | None) -> str | None:
    return plain(definition.field[code], text) if text and code in definition.field else text


def _in_wgs84(sheet: Sheet, line) -> bool:
    datum = line.cells.get("datum", "")
    if datum.lower() in WGS84:
        return True
    zh = f"坐标系 {datum[:20]} 不能直接使用，请先换算为 WGS84（EPSG:4326）"
    place = f"{sheet.columns['datum']}{line.number}"
    sheet.faults.append(
        Fault(
            sheet.name, place, datum[:60], zh, f"coordinates in {datum[:20]}; convert them to WGS84 (EPSG:4326) first"
        )
    )
    return False


def _workbook(definition: Definition, bodies: Mapping[str, str], content: bytes, known_on: date, watch: Watch) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                return unread("文件解开后过大，请核对。", "The file is too large once unpacked.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, ParseError):
        return unread(
            "文件打不开，请用 WPS 或 Excel 另存为 .xlsx 再上传。", "The file cannot be opened; save it as .xlsx again."
        )
    page = book.worksheets[0]
    page.reset_dimensions()  # some programs write a false extent
    lines = ((line, row) for line, row in enumerate(page.iter_rows(), 1))
    try:
        return sheet_of(
            definition,
            bodies,
            page.title,
            ((line, [(c.value, c.data_type == "f") for c in row]) for line, row in lines),
            known_on,
            watch,
        )
    except (ParseError, KeyError, ValueError, zipfile.BadZipFile):
        return unread("表格内容损坏，请用 WPS 或 Excel 另存后再上传。", "The sheet is broken; save it again.")
    finally:
        book.close()


def _csv(
    definition: Definition, bodies: Mapping[str, str], content: bytes, name: str, known_on: date, watch: Watch
) -> Sheet:
    text = next((told for code in ("utf-8-sig", "gb18030") if (told := _decoded(content, code)) is not None), None)
    if text is None or "\x00" in text:
        return unread(
            "文件既不是 .xlsx，也不是 UTF-8 或 GB18030 的 CSV。",
            "The file is neither .xlsx nor CSV in UTF-8 or GB18030.",
        )
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        lines = [(line, [_csv_cell(cell) for cell in row]) for line, row in enumerate(islice(rows, MOST_ROWS + 10), 1)]
    except csv.Error:
        return unread(
            f"第 {rows.line_num} 行不是 CSV，请检查引号。", f"Line {rows.line_num} is not CSV; check the quotes."
        )
    return sheet_of(definition, bodies, name, iter(lines), known_on, watch)


def _decoded(content: bytes, code: str) -> str | None:
    try:
        return content.decode(code)
    except UnicodeDecodeError:
        return None


def _csv_cell(text: str) -> tuple[str | None, bool]:
    """An apostrophe before a text that would be a formula is what a CSV export puts there."""
    if text.startswith("'"):
        return text[1:], False
    return text or None, text.startswith(("=", "@")) or (text[:1] in "+-" and len(text) > 1 and not text[1:2].isdigit())
