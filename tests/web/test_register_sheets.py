"""Many entries at once: labels, one change to a selection, and files of rows."""

import io
import re
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from qingshan.evidence.registers.desk import actions as desk
from qingshan.evidence.registers.desk.models import Upload
from qingshan.evidence.registers.models import Entry
from qingshan.people.models import Role

from .test_registers import county, liaison, of, place, text  # noqa: F401


@pytest.fixture
def begun(monkeypatch):
    """Work on a file is done at once, and which files it was done on is told."""
    done = []
    monkeypatch.setattr(
        "qingshan.web.register_jobs.begin", lambda upload: done.append(desk.work(by=None, upload=upload))
    )
    return done


def picks(*keys):
    return [f"{one.pk}:{one.number}" for one in Entry.objects.filter(key__in=keys).order_by("key")]


# --- labels


def test_labels_of_a_selection_carry_the_address_of_their_entry(county, enter):  # noqa: F811
    client = enter(Role.OFFICE, county)
    page = text(client.get(place(county, "registers-labels"), {"entry": [of("P-01").pk, of("P-02").pk]}))
    codes = re.findall(r"<svg.*?</svg>", page.split('class="labels"')[1], re.DOTALL)
    assert len(codes) == 2 and codes[0] != codes[1] and all(ElementTree.fromstring(code) is not None for code in codes)
    assert "Gate 1" in page and "Gate 2" in page and "Gate 3" not in page


def test_labels_of_all_that_is_listed(county, enter):  # noqa: F811
    page = text(enter(Role.OFFICE, county).get(place(county, "registers-labels"), {"all": 1, "state": "traced"}))
    assert page.count('class="label"') == 15


@pytest.mark.parametrize("name", ["registers-labels", "registers-bulk"])
def test_too_many_at_once_is_told_with_the_number(county, enter, monkeypatch, name):  # noqa: F811
    monkeypatch.setattr("qingshan.web.views.register_sheets.MOST_SELECTED", 10)
    response = enter(Role.OFFICE, county).get(place(county, name), {"all": 1})
    assert response.status_code == 422 and "多于 10 条，一次最多 10 条" in text(response)


@pytest.mark.parametrize("name", ["registers-labels", "registers-bulk"])
def test_rows_of_an_earlier_day_are_neither_labelled_nor_changed(county, enter, name):  # noqa: F811
    response = enter(Role.OFFICE, county).get(place(county, name), {"all": 1, "as_of": "2026-01-01"})
    assert response.status_code == 422 and "用于现在的条目" in text(response)


# --- one change to many


def test_a_change_to_many_is_tried_first_and_then_made_to_all(county, enter):  # noqa: F811
    client = enter(Role.OFFICE, county)
    keys = ("P-00", "P-02", "P-04")
    page = text(client.get(place(county, "registers-bulk"), {"entry": [of(key).pk for key in keys]}))
    assert "选中 3 条" in page and [pick in page for pick in picks(*keys)] == [True] * 3
    change = {"pick": picks(*keys), "what": "kind", "value": "农业", "why": "普查"}
    tried = client.post(place(county, "registers-bulk"), change | {"step": "try"})
    assert tried.status_code == 200 and "确认修改 3 条" in text(tried) and of("P-00").number == 1
    client.post(place(county, "registers-bulk"), change | {"step": "do"})
    assert {(of(key).data["kind"], of(key).number) for key in keys} == {("farm", 2)}


def test_where_one_cannot_be_changed_none_is(county, liaison):  # noqa: F811
    client = liaison("works")
    change = {"pick": picks("P-02", "P-03", "P-04"), "what": "pipes", "value": "3"}  # P-03 is the farm office's
    tried = client.post(place(county, "registers-bulk"), change | {"step": "try"})
    assert tried.status_code == 422 and "1 条不能改" in text(tried) and "确认修改" not in text(tried)
    done = client.post(place(county, "registers-bulk"), change | {"step": "do"})
    assert done.status_code == 422 and {of(key).number for key in ("P-02", "P-03", "P-04")} == {1}


def test_many_are_moved_by_the_name_of_the_state(county, enter):  # noqa: F811
    client = enter(Role.OFFICE, county)
    change = {"pick": picks("P-00", "P-02"), "what": "state", "value": "已溯源", "step": "do"}
    assert client.post(place(county, "registers-bulk"), change).status_code == 302
    assert {of(key).state for key in ("P-00", "P-02")} == {"traced"}
    wrong = client.post(place(county, "registers-bulk"), change | {"value": "已办"})
    assert wrong.status_code == 422 and "“已办”不是状态，应为：已排查" in text(wrong)


def test_a_row_that_someone_changed_meanwhile_stops_the_change(county, enter):  # noqa: F811
    client = enter(Role.OFFICE, county)
    seen = picks("P-00", "P-02")
    client.post(place(county, "registers-bulk"), {"pick": picks("P-02"), "what": "pipes", "value": "9", "step": "do"})
    response = client.post(place(county, "registers-bulk"), {"pick": seen, "what": "pipes", "value": "3", "step": "do"})
    assert response.status_code == 422 and "您打开的是第 1 版" in text(response)
    assert (of("P-00").number, of("P-02").data["pipes"]) == (1, 9)


# --- files of rows


def upload(client, county, content, name="排口.xlsx"):  # noqa: F811
    return client.post(place(county, "registers-upload"), {"file": SimpleUploadedFile(name, content)})


def filled(client, county, **cells):  # noqa: F811
    """The list as a workbook, with cells changed."""
    book = load_workbook(
        io.BytesIO(client.get(place(county, "registers.xlsx"), {"q": "P-0", "body": "works"}).getvalue())
    )
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_goes_out_is_changed_and_comes_back(county, liaison, begun):  # noqa: F811
    """First with a wrong cell, which is named; then mended, confirmed, and taken in whole."""
    client = liaison("works")
    sheet = load_workbook(io.BytesIO(filled(client, county))).worksheets[0]
    flow = next(cell.column_letter for cell in sheet[2] if cell.value == "flow")
    wrong = upload(client, county, filled(client, county, **{f"{flow}3": "很多"}))
    page = text(client.get(wrong.url))
    assert f"{flow}3" in page and "很多" in page and "应为数字" in page and "水量（m³/d）" in page
    assert "一条也没有导入" in page and of("P-01").data["flow"] == "1.5"

    ready = upload(client, county, filled(client, county, **{f"{flow}3": 88.25}))
    page = text(client.get(ready.url))
    assert "修改 1 条" in page and "确认导入" in page and of("P-01").data["flow"] == "1.5"
    assert client.post(ready.url).status_code == 302
    assert "已导入" in text(client.get(ready.url)) and of("P-01").data["flow"] == "88.25"
    assert [one.state for one in begun] == ["faulty", "ready", "kept"]


def test_a_csv_in_the_encoding_of_chinese_excel_is_read(county, enter, begun):  # noqa: F811
    client = enter(Role.OFFICE, county)
    answer = upload(client, county, "编号*,名称\r\nP-77,新口\r\n".encode("gb18030"), "a.csv")
    client.post(answer.url)
    assert of("P-77").data["name"] == "新口"


def test_while_a_file_is_worked_on_its_page_says_how_far(county, enter, monkeypatch):  # noqa: F811
    monkeypatch.setattr("qingshan.web.register_jobs.begin", lambda upload: None)
    client = enter(Role.OFFICE, county)
    answer = upload(client, county, "编号\r\nP-77\r\n".encode(), "a.csv")
    assert 'hx-trigger="every 1s"' in text(client.get(answer.url))
    for told, words in (("reading 250 0", "已读 250 行"), ("checking 1000 50000", "已核对 1,000 / 50,000 行")):
        desk.progress_path(Upload.objects.get()).write_text(told)
        page = text(client.get(answer.url))
        assert words in page and "http-equiv" in page
    assert 'max="50000" value="1000"' in page


def test_no_file_and_a_file_too_large_are_told(county, enter, monkeypatch):  # noqa: F811
    client = enter(Role.OFFICE, county)
    assert "请先选择一个文件" in text(client.post(place(county, "registers-upload")))
    monkeypatch.setattr("qingshan.web.views.register_sheets.MOST_BYTES", 2**20)
    assert "有 2.0 MB，上限 1 MB" in text(upload(client, county, b"x" * 2**21))


def test_the_template_has_every_field_and_no_row(county, liaison):  # noqa: F811
    book = load_workbook(io.BytesIO(liaison("farm").get(place(county, "registers-template")).content))
    codes = [cell.value for cell in book.worksheets[0][2]]
    assert codes[1:3] == ["name", "town"] and "state" in codes and book.worksheets[0].max_row == 2
