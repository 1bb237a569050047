import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from qingshan.evidence.registers.actions import put_entries
from qingshan.evidence.registers.importing import FaultyFile, dry_run, import_rows, read_rows
from qingshan.evidence.registers.models import Entry, Revision
from qingshan.evidence.registers.queries import as_csv, write_workbook
from qingshan.evidence.registers.workbook import write
from qingshan.people.models import AuditLine, Role

from .outfalls import DAY, DEFINITION, person, point, stated
from .written import BODIES, book_of, written

GOOD = {
    "no": "P-1",
    "name": "一号",
    "flow": "12.50",
    "kind": "works",
    "metered": True,
    "due_on": "2025-06-30",
    "keeper": "farm",
}


def filled(*rows, content=None):
    """A template with rows typed into it (column head → value), as a person's program saves it."""
    book = book_of(content or written(write, DEFINITION, BODIES))
    sheet = book.worksheets[0]
    codes = [cell.value.rpartition(":")[2] for cell in sheet[2]]
    for number, row in enumerate(rows, 3):
        for code, value in row.items():
            sheet.cell(number, codes.index(code) + 1, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def told(register, content, by=None, name="排口.xlsx"):
    return {"by": by, "programme": register, "register": "outfalls", "content": content, "name": name, "known_on": DAY}


def places(register, content, **more):
    return {fault.cell: fault.zh for fault in dry_run(**told(register, content, **more))[1]}


def test_what_is_filled_in_is_kept(register):
    row = {"no": "P-1", "flow": 12.5, "kind": "工业", "metered": "是", "due_on": date(2025, 6, 30), "keeper": "农业局",
           "state": "已溯源", "lon": 121.3, "lat": "30.8", "pipes": 3, "since": 1998}  # fmt: skip
    outcome = import_rows(**told(register, filled(row)))
    entry = Entry.objects.get()
    assert (outcome.added, outcome.changed) == (1, 0)
    assert entry.data == {"no": "P-1", "flow": "12.5", "kind": "works", "metered": True, "due_on": "2025-06-30", "keeper": "farm",
                          "pipes": 3, "since": 1998}  # fmt: skip
    assert (entry.state, entry.lon, entry.lat, entry.body.code) == ("traced", 121.3, 30.8, "farm")
    assert AuditLine.objects.get(verb="put_entries").detail["file"] == "排口.xlsx"


def test_every_fault_is_told_at_its_cell(register):
    content = filled(
        {"no": "1", "flow": "much", "kind": "学校"},
        {"no": "2", "due_on": "someday", "keeper": "市政府", "state": "丢失"},
        {"name": "无编号"},
        {"no": "4", "lon": 121.3},
        {"no": "5", "pipes": 2.5},
        {"no": "6"},
        {"no": "6"},
    )
    found = places(register, content)
    assert found["E3"] == "“水量”“much”读不懂，应为数字，0—100000"
    assert found["D3"] == "“类型”“学校”不在可选项中，应为：工业、农业"
    assert (
        "应为日期" in found["H4"]
        and "“市政府”不是登记的部门" in found["J4"]
        and "不是状态，应为：已排查" in found["M4"]
    )
    assert found["A5"] == "“编号”为必填，请填写"
    assert "经度和纬度应同时填写" in found["N6"] and "应为整数" in found["F7"]
    assert "与本文件第" in found["A9"]
    with pytest.raises(FaultyFile, match="一条也没有导入"):
        import_rows(**told(register, content))
    assert not Entry.objects.exists()


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x","y")', "=SUM(A1:A9)"])
def test_a_formula_is_a_fault_and_never_computed(register, formula):
    found = places(register, filled({"no": "1", "flow": formula}))
    assert found == {"E3": "这一格是公式，公式不予计算，请改填数值（复制后选“粘贴为数值”）"}


def test_what_is_exported_is_the_same_when_imported(register):
    put_entries(by=None, programme=register, register="outfalls", rows=[
        stated("1", **{k: v for k, v in GOOD.items() if k != "no"} | {"flow": "12.5"}, geometry=point(121.34123456789012, 30.742198765432101)),
        stated("2", "traced", name="=1+1", metered=False), stated("3", town="'quoted"),
    ])  # fmt: skip
    before = Revision.objects.count()
    outcome = import_rows(**told(register, written(write_workbook, register, "outfalls")))
    assert (outcome.same, outcome.changed, outcome.added) == (3, 0, 0)
    lines = "".join(as_csv(register, "outfalls")).encode()
    outcome = import_rows(**told(register, lines, name="排口.csv"))
    assert (outcome.same + outcome.changed, outcome.added) == (3, 0)
    assert Revision.objects.count() - before == outcome.changed


def test_a_changed_row_becomes_a_revision(register):
    import_rows(**told(register, filled({"no": "1", "town": "枫镇"}, {"no": "2"})))
    outcome = import_rows(**told(register, filled({"no": "1", "town": "廊镇"}, {"no": "2"})))
    assert (outcome.added, outcome.changed, outcome.same) == (0, 1, 1)
    assert [one.data["town"] for one in Entry.objects.get(key="1").revisions.order_by("number")] == ["枫镇", "廊镇"]


def test_a_liaison_imports_only_own_rows(register):
    liaison = person(register, Role.LIAISON, "farm")
    found = places(register, filled({"no": "1", "keeper": "农业局"}, {"no": "2", "keeper": "水务局"}), by=liaison)
    assert list(found) == ["J4"] and "由水务局负责" in found["J4"]


def test_csv_in_two_encodings_and_without_a_template(register):
    text = "编号,名称,类型,水量\n1,一号,工业,3.5\n2,二号,farm,\n"
    assert import_rows(**told(register, text.encode("gb18030"), name="a.csv")).added == 2
    assert import_rows(**told(register, text.encode("utf-8-sig"), name="a.csv")).same == 2
    assert places(register, "编号,名称\n1,=1+1\n".encode(), name="a.csv") == {
        "B2": "这一格是公式，公式不予计算，请改填数值（复制后选“粘贴为数值”）"
    }


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"PK\x03\x04 broken", "a.xlsx", "文件打不开"),
        (b"\xd0\xcf\x11\xe0 old", "a.xls", "这是旧格式的表格"),
        (b"\xff\xfe\x00", "a.csv", "既不是 .xlsx"),
        (b"", "a.csv", "缺少“编号*”一列"),
        ("编号,颜色\n1,红\n".encode(), "a.csv", "不认识这一列“颜色”"),
        ("编号,编号\n1,1\n".encode(), "a.csv", "这一列与 A 列重复"),
        ("编号\n1,2\n".encode(), "a.csv", "这一格没有表头"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(register, content, name, words):
    faults = dry_run(**told(register, content, name=name))[1]
    assert any(words in one.zh for one in faults) and all(one.en for one in faults)


def test_a_sheet_of_another_register(register):
    book = Workbook()
    book.active.append(["编号*"])
    book.active.append(["qingshan-register:wells:1:no"])
    file = io.BytesIO()
    book.save(file)
    assert "这是台账 wells 的表" in places(register, file.getvalue())["A2"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail)))
def test_any_bytes_are_answered(content):
    sheet = read_rows(DEFINITION, BODIES, content, "any.csv", DAY)
    assert all(one.zh and one.en for one in sheet.faults)


def test_progress_is_shown(register):
    seen = []

    def watch(rows):
        for row in rows:
            seen.append(1)
            yield row

    import_rows(**told(register, filled({"no": "1"}, {"no": "2"})), watch=watch)
    assert len(seen) == 4, "two rows are read, then kept"
