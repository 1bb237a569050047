"""An incident or drill as a paper to sign and file: facts, who was called and how soon they came, its course, what was found."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from qingshan.coordination.papers import CONTROL, FANG, HEI, SONG, lay_out, line

SIMULATED = "（模拟：示范内容，不是真实事件）"
HEAD = ("资源", "责任部门", "直线 km", "预计 min", "调用", "接报", "到达", "结果")


@dataclass(frozen=True)
class Sheet:
    """What is printed; `calls` are cells under HEAD, `course` lines of (time, words)."""

    title: str
    facts: Sequence[tuple[str, str]]
    responses: Sequence[str]
    calls: Sequence[Sequence[str]]
    course: Sequence[tuple[str, str]]
    summary: str = ""
    findings: Sequence[str] = ()
    signed: str = ""
    simulated: bool = False


def docx(sheet: Sheet) -> bytes:
    """The sheet as a Word document in the layout of official papers."""
    document = Document()
    lay_out(document.sections[0])
    line(document, sheet.title, SONG, 22, WD_ALIGN_PARAGRAPH.CENTER)
    if sheet.simulated:
        line(document, SIMULATED, FANG, 16, WD_ALIGN_PARAGRAPH.CENTER)
    for name, words in sheet.facts:
        line(document, f"{name}：{words}")
    _part(document, "一、调用与响应", sheet.responses)
    if sheet.calls:
        _table(document, sheet.calls)
    _part(document, "二、经过", [f"{at}　{words}" for at, words in sheet.course])
    _part(document, "三、结果与评估", sheet.summary.splitlines() or ["（尚未结束）"])
    _part(document, "四、整改事项", sheet.findings or ["无。"])
    if sheet.signed:
        line(document, sheet.signed, FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _part(document, head: str, lines: Sequence[str]) -> None:
    line(document, head, HEI)
    for words in lines:
        line(document, words)


def _table(document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=len(HEAD))
    table.style = "Table Grid"
    for words in (HEAD, *rows):
        for cell, text in zip(table.add_row().cells, words, strict=True):
            run = cell.paragraphs[0].add_run(CONTROL.sub("", text))
            run.font.name, run.font.size = FANG, Pt(10.5)
            run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG)
