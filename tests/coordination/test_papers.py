import io
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from qingshan.coordination.papers import SIMULATED, UNDECIDED, Item, Paper, docx, numeral, xlsx

ITEMS = [
    Item("管网改造", "落后 3 公里", "九月底前完成", "议定", "九月底前完成。", "区水务局", "区建管委、区财政局", date(2025, 9, 30)),
    Item("=1+1", "", "", "缓议", "下次再议。"),
    Item("未议的事"),
]  # fmt: skip


def paper(kind: str, **more) -> Paper:
    return Paper(kind, "协调会", date(2025, 9, 11), "二楼会议室", "双组长", "", "听取汇报。", items=ITEMS, **more)


def lines(file: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(file)).paragraphs]


def cells(file: bytes) -> list[list]:
    return [list(row) for row in load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize(("n", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四")])
def test_headings_are_numbered_as_documents_number_them(n, words):
    assert numeral(n) == words


def test_the_agenda_says_what_is_proposed_and_nothing_of_decisions():
    found = lines(docx(paper("议程")))
    assert found[:2] == ["协调会", "议程"] and "时间：2025年9月11日" in found and "出席：" not in "".join(found)
    assert "一、管网改造" in found and "建议：九月底前完成" in found
    assert "牵头：区水务局；配合：区建管委、区财政局；完成时限：2025年9月30日。" in found
    assert not any("议定" in one for one in found)


def test_the_minutes_say_what_was_decided_and_what_was_not():
    found = lines(docx(paper("纪要", signed="签署：分管领导　2025-09-12")))
    assert "议定：九月底前完成。" in found and "缓议：下次再议。" in found and UNDECIDED in found
    assert found[-1] == "签署：分管领导　2025-09-12"


def test_the_page_is_that_of_an_official_document():
    document = Document(io.BytesIO(docx(paper("纪要"))))
    page = document.sections[0]
    sizes = (
        page.page_width,
        page.page_height,
        page.top_margin,
        page.bottom_margin,
        page.left_margin,
        page.right_margin,
    )
    assert [round(one.mm) for one in sizes] == [210, 297, 37, 35, 28, 26]
    fonts = {one.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) for one in document.paragraphs}
    assert fonts == {"方正小标宋简体", "仿宋_GB2312", "黑体"}


@pytest.mark.parametrize("kind", ["议程", "纪要"])
@pytest.mark.parametrize("simulated", [True, False])
def test_what_is_simulated_says_so_on_every_paper(kind, simulated):
    made = paper(kind, simulated=simulated)
    assert (SIMULATED in lines(docx(made))) == simulated
    assert ([SIMULATED] in [[one for one in row if one] for row in cells(xlsx(made))]) == simulated


def test_a_table_has_one_row_for_each_item_and_text_stays_text():
    made = cells(xlsx(paper("纪要")))
    head = next(n for n, row in enumerate(made) if row[0] == "序号")
    assert [row[:4] for row in made[head + 1 :]] == [
        ["1", "管网改造", "议定", "九月底前完成。"], ["2", "=1+1", "缓议", "下次再议。"], ["3", "未议的事", UNDECIDED, None],
    ]  # fmt: skip
    sheet = load_workbook(io.BytesIO(xlsx(paper("议程")))).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
