"""A list in the form in which it is issued, as .xlsx and .docx: 领域、序号、项目名称、主要内容、计划节点、牵头、配合.

Made only from what is frozen with the list, in Chinese, which is the language it is issued in; the files carry the instant
of issue and no other, so that one number always gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from qingshan.plan.annual.queries import Entry, Sheet
from qingshan.web.sheets import CONTROL, TYPE

HEAD = ("领域", "序号", "项目名称", "主要内容", "计划节点", "牵头", "配合")
WIDTHS = (16, 6, 28, 44, 30, 16, 36)  # characters
QUARTERS = {1: "一季度", 2: "二季度", 3: "三季度", 4: "四季度"}
MADE_UP = "示范清单：由系统为演示编制，不是真实文件。"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
THIN = Border(*(Side("thin"),) * 4)
FORMULA = tuple("=+-@\t\r")
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # the first instant a zip file can tell


def title_of(sheet: Sheet) -> str:
    return f"{sheet.annual.edition.title}{sheet.annual.year} 年度任务清单"


def notes_of(sheet: Sheet) -> list[str]:
    """Number and day, and what the reader has to know of the list."""
    annual = sheet.annual
    if not annual.number:
        return ["草稿，尚未印发"] + ([MADE_UP] if annual.demonstration else [])
    notes = [f"{annual.number} 号　{annual.issued_on} 印发"]
    notes += [f"经 {one.number} 号修订（{one.issued_on}）：{one.why}" for one in sheet.amendments]
    return notes + ([MADE_UP] if annual.demonstration else [])


def rows_of(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    """As printed, theme by theme; what an amendment took out is gone, and the numbers of the others stay."""
    for entry in sorted(sheet.standing, key=lambda one: (one.item.theme_no, one.item.order)):
        yield (entry.item.theme, str(entry.item.order), entry.title, entry.content, _node(entry), entry.lead_name,
               "、".join(name for _, name in entry.partners))  # fmt: skip


def _node(entry: Entry) -> str:
    before = entry.item.carried_from
    carried = f"（结转自 {before.annual.year} 年清单第 {before.order} 项）" if before else ""
    return f"{QUARTERS[entry.quarter]}：{entry.node}{carried}"


def xlsx(sheet: Sheet) -> bytes:
    book = Workbook()
    page = book.active
    page.title = f"{sheet.annual.year}"
    notes = notes_of(sheet)
    for line, words in enumerate([title_of(sheet), *notes], 1):
        page.merge_cells(start_row=line, end_row=line, start_column=1, end_column=len(HEAD))
        _put(page, line, 1, words, Font(bold=line == 1, size=16 if line == 1 else 11), centred=True)
    head = len(notes) + 2
    for column, words in enumerate(HEAD, 1):
        _put(page, head, column, words, Font(bold=True), centred=True, boxed=True)
    _fill(page, head + 1, list(rows_of(sheet)), hatched=sheet.annual.demonstration)
    _for_print(page, head)
    file = io.BytesIO()
    book.save(file)
    return _dated(file.getvalue(), _instant(sheet))


def _fill(page: Worksheet, line: int, rows: list[tuple[str, ...]], hatched: bool) -> None:
    for theme, found in groupby(rows, key=lambda row: row[0]):
        first = line
        for row in found:
            for column, words in enumerate(row, 1):
                cell = _put(page, line, column, int(words) if column == 2 else words, boxed=True)
                if hatched:
                    cell.fill = PatternFill("lightUp", fgColor="00C98A2B")
            line += 1
        if line - first > 1 and theme:
            page.merge_cells(start_row=first, end_row=line - 1, start_column=1, end_column=1)


def _put(page: Worksheet, line: int, column: int, words: str | int, font: Font | None = None, centred: bool = False,
         boxed: bool = False):  # fmt: skip
    cell = page.cell(line, column)
    cell.value = CONTROL.sub("", words) if isinstance(words, str) else words
    if isinstance(words, str) and words:
        cell.data_type = "s"  # text stays text, whatever it begins with
        cell.quotePrefix = words.startswith(FORMULA)
    cell.alignment = Alignment("center" if centred else None, "center" if centred else "top", wrap_text=True)
    if font:
        cell.font = font
    if boxed:
        cell.border = THIN
    return cell


def _for_print(page: Worksheet, head: int) -> None:
    for column, width in enumerate(WIDTHS):
        page.column_dimensions["ABCDEFG"[column]].width = width
    page.freeze_panes = f"A{head + 1}"
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True
    page.oddFooter.center.text = "&P / &N"


def docx(sheet: Sheet) -> bytes:
    document = Document()
    _lay_out(document)
    _line(document, title_of(sheet), 22, "方正小标宋简体")
    for words in notes_of(sheet):
        _line(document, words, 12, "楷体")
    table = document.add_table(rows=0, cols=len(HEAD))
    table.style = "Table Grid"
    _row(table, HEAD, bold=True)
    _repeat(table.rows[0])
    before = None
    for row in rows_of(sheet):
        cells = _row(table, row)
        _merge(cells[0], continues=row[0] == before)
        before = row[0]
    properties, instant = document.core_properties, _instant(sheet)
    properties.title, properties.author, properties.last_modified_by = title_of(sheet), "", ""
    properties.created = properties.modified = instant.replace(tzinfo=None)
    file = io.BytesIO()
    document.save(file)
    return _dated(file.getvalue(), instant)


def _lay_out(document) -> None:
    """A4 across, as lists with seven columns are printed."""
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")


def _line(document, words: str, size: float, font: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(CONTROL.sub("", words))
    run.font.size = Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


CENTIMETRES = (2.4, 1.2, 4.3, 6.4, 4.5, 2.6, 4.3)


def _row(table, words, bold: bool = False) -> list:
    cells = table.add_row().cells
    for cell, text, width in zip(cells, words, CENTIMETRES, strict=True):
        cell.width = Cm(width)
        run = cell.paragraphs[0].add_run(CONTROL.sub("", text))
        run.bold = bold
    return cells


def _merge(cell, continues: bool) -> None:
    """Join a cell with the one above; python-docx's own merging walks the whole table each time."""
    merge = OxmlElement("w:vMerge")
    if continues:
        cell.paragraphs[0].clear()
    else:
        merge.set(qn("w:val"), "restart")
    cell._tc.get_or_add_tcPr().append(merge)


def _repeat(row) -> None:
    """The head of the table stands on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _instant(sheet: Sheet) -> datetime:
    """When the last paper was issued that it rests on; a draft's is when it was begun."""
    stamps = [one.issued_at for one in (sheet.annual, *sheet.amendments) if one.issued_at]
    return max(stamps, default=sheet.annual.created_at).astimezone(UTC)


STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</)")


def _dated(data: bytes, instant: datetime) -> bytes:
    """The same package with one date throughout, in its properties and on every part."""
    stamp = instant.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = STAMP.sub(lambda found: found[1] + stamp + found[3], part)
            info = zipfile.ZipInfo(name, max(instant, EPOCH).timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, part)
    return made.getvalue()


FORMS = {"xlsx": (xlsx, TYPE), "docx": (docx, DOCX)}
