"""A report's workbook in: every fault is told at its cell, and of a file with a fault nothing is kept."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from qingshan.evidence.registers.importing import Fault

from .actions import Change
from .answers import Answer, Unread, faults, read_claim
from .models import Line, Report
from .queries import answer_of, lines_of
from .workbook import CLAIM, CODES, FIRST, MARK, OBSTACLE, PLACE, PROGRESS, SHEET, mark, typed, words_of

MOST_BYTES = 5 * 2**20
MOST_UNPACKED = 60 * 2**20
MOST_ROWS = 3000


@dataclass
class Sheet:
    """A workbook as read: the answers that differ from the draft, and every fault."""

    changes: dict[int, Change] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0


def read_workbook(report: Report, content: bytes, name: str) -> Sheet:
    """What a workbook would change in the draft, and all its faults; writes nothing."""
    sheet = Sheet()
    if page := _page(sheet, content, name):
        _read(sheet, report, page)
    return sheet


def _page(sheet: Sheet, content: bytes, name: str):
    if len(content) > MOST_BYTES:
        mega, most = f"{len(content) / 2**20:.1f}", MOST_BYTES // 2**20
        return _whole(
            sheet, f"文件有 {mega} MB，上限 {most} MB。", f"The file has {mega} MB, at most {most} MB are allowed."
        )
    if name.lower().endswith((".xls", ".et")) or content.startswith(b"\xd0\xcf\x11\xe0"):
        return _whole(
            sheet,
            "这是旧格式的表格，请在 WPS 或 Excel 中另存为 .xlsx。",
            "This is an old kind of workbook; save it as .xlsx.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                return _whole(sheet, "文件解开后过大，请核对。", "The file is too large once unpacked.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        page = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        page.reset_dimensions()
        return [
            {cell.column: cell for cell in row if cell.value is not None} for row in page.iter_rows(max_row=MOST_ROWS)
        ]
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, IndexError, OSError):
        return _whole(
            sheet,
            "文件打不开，请用 WPS 或 Excel 另存为 .xlsx 再上传。",
            "The file cannot be opened; save it as .xlsx again.",
        )


def _whole(sheet: Sheet, zh: str, en: str) -> None:
    sheet.faults.append(Fault("", "", "", zh, en))


def _read(sheet: Sheet, report: Report, page: list[Mapping[int, Any]]) -> None:
    told = str(page[CODES - 1][PLACE].value) if len(page) >= CODES and PLACE in page[CODES - 1] else ""
    wanted = mark(report.round.kind, report.round.period, report.body.code)
    if told != wanted:
        whose = " ".join(told.split(":")[2:]) if told.startswith(MARK) else "未知"
        _whole(
            sheet,
            f"这不是“{report}”的填报表（表中为 {whose}），请重新下载。",
            f"This workbook is not that of {report.round.period}, {report.body.code}; download it again.",
        )
        return
    lines, met = {one.pk: one for one in lines_of(report)}, {}
    for number, row in enumerate(page[FIRST - 1 :], FIRST):
        if row:
            sheet.rows += 1
            _take(sheet, lines, met, number, row)


def _take(sheet: Sheet, lines: Mapping[int, Line], met: dict[int, int], number: int, row: Mapping[int, Any]) -> None:
    pk, _, expected = str(row[PLACE].value if PLACE in row else "").partition(":")
    line = lines.get(int(pk)) if pk.isdecimal() and expected.isdecimal() else None
    if line is None:
        _at(sheet, number, PLACE + 1, "", "这一行不是模板里的，请删去", "this line is not of the template; delete it")
        return
    if line.pk in met:
        _at(
            sheet,
            number,
            PLACE + 1,
            "",
            f"与第 {met[line.pk]} 行重复，请删去一行",
            f"stands twice, first in row {met[line.pk]}",
        )
        return
    met[line.pk] = number
    computed = [column for column in (CLAIM, PROGRESS, OBSTACLE) if column in row and row[column].data_type == "f"]
    for column in computed:
        _at(
            sheet,
            number,
            column,
            row[column].value,
            "这一格是公式，公式不予计算，请改填数值",
            "this cell is a formula; fill in its value",
        )
    if not computed:
        _answer(sheet, line, int(expected), number, row)


def _answer(sheet: Sheet, line: Line, expected: int, number: int, row: Mapping[int, Any]) -> None:
    values = {column: cell.value for column, cell in row.items()}
    claim = None
    if line.form != Line.Form.WORDS and CLAIM in row:
        try:
            claim = read_claim(line.form, typed(row[CLAIM].value, row[CLAIM].number_format))
        except Unread as wrong:
            _at(sheet, number, CLAIM, row[CLAIM].value, wrong.zh, wrong.en)
            return
    answer = Answer(claim, words_of(values, PROGRESS), words_of(values, OBSTACLE), answer_of(line).entries)
    wrong = list(faults(line.form, line.asked, answer))
    for one in wrong:
        _at(sheet, number, COLUMN[one.field], values.get(COLUMN[one.field]), one.zh, one.en)
    if not wrong and answer != answer_of(line):
        _keep(sheet, line, expected, number, answer)


COLUMN = {"claim": CLAIM, "progress": PROGRESS, "obstacle": OBSTACLE}


def _keep(sheet: Sheet, line: Line, expected: int, number: int, answer: Answer) -> None:
    if line.accepted_on:
        _at(
            sheet,
            number,
            CLAIM,
            answer.claim,
            f"已于 {line.accepted_on} 接受，不能再改",
            f"was accepted on {line.accepted_on}",
        )
    elif line.number != expected:
        who = line.edited_by or "系统"
        _at(
            sheet, number, CLAIM, answer.claim, f"下载后{who}已改过这一行（第 {line.number} 稿，表中为第 {expected} 稿），请重新下载",
            f"changed by {who} since the download (draft {line.number}, the workbook has {expected}); download again",
        )  # fmt: skip
    else:
        sheet.changes[line.pk] = Change(expected, answer)


def _at(sheet: Sheet, number: int, column: int, value: Any, zh: str, en: str) -> None:
    told = "" if value is None else str(value)[:60]
    sheet.faults.append(Fault(SHEET, f"{get_column_letter(column)}{number}", told, zh, en))
