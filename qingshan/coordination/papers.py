"""Agenda and minutes as papers: .docx in the layout of official documents, .xlsx for those who count.

References
----------
GB/T 9704-2012 党政机关公文格式: margins 37/35/28/26 mm, title in 小标宋 22 pt, body in 仿宋 16 pt, headings of the first
level in 黑体, lines 28 pt apart.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side

SONG, FANG, HEI = "方正小标宋简体", "仿宋_GB2312", "黑体"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NUMERALS = "一二三四五六七八九"
SIMULATED = "（模拟：示范内容，不是真实会议）"
UNDECIDED = "（未作决定）"


@dataclass(frozen=True)
class Item:
    """One item of the agenda with what is proposed, and in the minutes what was decided."""

    title: str
    told: str = ""
    proposal: str = ""
    outcome: str = ""
    wording: str = ""
    lead: str = ""
    partners: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Paper:
    """A meeting as it is printed."""

    kind: str  # 议程 or 纪要
    title: str
    held_on: date
    place: str = ""
    chairs: str = ""
    present: str = ""
    summary: str = ""
    signed: str = ""
    simulated: bool = False
    items: Sequence[Item] = field(default_factory=list)

    @property
    def minutes(self) -> bool:
        return self.kind == "纪要"


def numeral(n: int) -> str:
    """1 to 99 as Chinese documents number their headings: 一, 十, 二十一."""
    tens, ones = divmod(n, 10)
    ten = ("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else ""
    return ten + (NUMERALS[ones - 1] if ones else "")


def docx(paper: Paper) -> bytes:
    """The paper as a Word document."""
    document = Document()
    lay_out(document.sections[0])
    line(document, paper.title, SONG, 22, WD_ALIGN_PARAGRAPH.CENTER)
    line(document, paper.kind, SONG, 22, WD_ALIGN_PARAGRAPH.CENTER)
    if paper.simulated:
        line(document, SIMULATED, FANG, 16, WD_ALIGN_PARAGRAPH.CENTER)
    for words in (*_facts(paper), *filter(None, paper.summary.splitlines())):
        line(document, words)
    for number, item in enumerate(paper.items, 1):
        line(document, f"{numeral(number)}、{item.title}", HEI)
        for words in _words(item, paper.minutes):
            line(document, words)
    if paper.signed:
        line(document, paper.signed, FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def lay_out(section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def line(document, words: str, font: str = FANG, size: int = 16, align=None) -> None:
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing, shape.space_after, shape.space_before = Pt(28), Pt(0), Pt(0)
    if align is None:
        shape.first_line_indent = Pt(size * 2)
    else:
        paragraph.alignment = align
    run = paragraph.add_run(CONTROL.sub("", words))
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _facts(paper: Paper) -> list[str]:
    day = f"{paper.held_on.year}年{paper.held_on.month}月{paper.held_on.day}日"
    told = {"时间": day, "地点": paper.place, "主持": paper.chairs, "出席": paper.present}
    return [f"{name}：{words}" for name, words in told.items() if words]


def _words(item: Item, minutes: bool) -> list[str]:
    found = [f"情况：{item.told}"] if item.told else []
    if minutes:
        found.append(f"{item.outcome}：{item.wording}" if item.outcome else UNDECIDED)
    elif item.proposal:
        found.append(f"建议：{item.proposal}")
    return [*found, *([_who(item)] if item.lead else [])]


def _who(item: Item) -> str:
    partners = f"；配合：{item.partners}" if item.partners else ""
    until = f"；完成时限：{item.due_on.year}年{item.due_on.month}月{item.due_on.day}日" if item.due_on else ""
    return f"牵头：{item.lead}{partners}{until}。"


HEADS = {
    False: (("序号", 6), ("议题", 36), ("情况", 50), ("建议", 50), ("牵头", 18), ("配合", 30), ("完成时限", 14)),
    True: (("序号", 6), ("议题", 36), ("决定", 10), ("内容", 60), ("牵头", 18), ("配合", 30), ("完成时限", 14)),
}
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def xlsx(paper: Paper) -> bytes:
    """The paper as a table. Text stays text whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(paper.kind)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    head = HEADS[paper.minutes]
    for number, (_, width) in enumerate(head):
        sheet.column_dimensions["ABCDEFG"[number]].width = width
    sheet.append([_cell(sheet, f"{paper.title}{paper.kind}", Font(name="黑体", size=16), box=None)])
    notes = [SIMULATED] if paper.simulated else []
    for words in (*notes, *_facts(paper), *([paper.signed] if paper.signed else [])):
        sheet.append([_cell(sheet, words, box=None)])
    sheet.append([_cell(sheet, words, Font(bold=True)) for words, _ in head])
    for number, item in enumerate(paper.items, 1):
        sheet.append([_cell(sheet, words) for words in _row(number, item, paper.minutes)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _row(number: int, item: Item, minutes: bool) -> list[str]:
    middle = [item.outcome or UNDECIDED, item.wording] if minutes else [item.told, item.proposal]
    due = item.due_on.isoformat() if item.due_on else ""
    return [str(number), item.title, *middle, item.lead, item.partners, due]


def _cell(sheet, words: str, font: Font | None = None, box: Border | None = BOX) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, CONTROL.sub("", words))
    cell.data_type = "s"
    cell.quotePrefix = words[:1] in tuple("=+-@")
    cell.alignment = Alignment(vertical="top", wrap_text=box is not None)
    if font:
        cell.font = font
    if box:
        cell.border = box
    return cell
