import io

from docx import Document

from qingshan.coordination.incidents.papers import Sheet, docx

SHEET = Sheet(
    "演练记录", [("地点", "北河桥")], ["到达：1 项"], [["S1", "水务局", "1.5", "24", "09:02:00", "—", "09:30:00", "已到达"]],
    [("2025-06-01 09:00", "开启\x01")], "有效", ["补足围油栏"], "记录：某", True,
)  # fmt: skip


def words(sheet: Sheet) -> str:
    document = Document(io.BytesIO(docx(sheet)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


def test_the_paper_holds_all_that_is_told():
    told = words(SHEET)
    for one in (
        "演练记录",
        "模拟",
        "北河桥",
        "到达：1 项",
        "S1",
        "水务局",
        "预计 min",
        "开启",
        "有效",
        "补足围油栏",
        "记录：某",
    ):
        assert one in told
    assert "\x01" not in told


def test_one_that_goes_on_says_so():
    told = words(Sheet("处置记录", [], [], [], []))
    assert "尚未结束" in told and "无。" in told and "模拟" not in told and "资源" not in told
