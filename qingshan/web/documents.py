"""A plain A4 document as .docx: a title, notes, paragraphs and tables. The same content gives the same text."""

import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from qingshan.web.sheets import CONTROL

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "宋体"


class Heading(NamedTuple):
    words: str


class Table(NamedTuple):
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def document(title: str, notes: Iterable[str], parts: Iterable[str | Heading | Table]) -> bytes:
    made = Document()
    _page(made)
    made.add_heading(_clean(title), 1)
    for note in notes:
        made.add_paragraph(_clean(note)).runs[0].font.size = Pt(9)
    for part in parts:
        _add(made, part)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _page(made) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = made.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    made.styles["Normal"].font.size = Pt(10.5)


def _add(made, part: str | Heading | Table) -> None:
    if isinstance(part, Heading):
        made.add_heading(_clean(part.words), 2)
    elif isinstance(part, Table):
        _table(made, part)
    else:
        made.add_paragraph(_clean(part))


def _table(made, part: Table) -> None:
    table = made.add_table(rows=1, cols=len(part.head), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, part.head, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(_clean(words)).bold = True
    for row in part.rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(words)


def _clean(words: str) -> str:
    return CONTROL.sub("", str(words))
