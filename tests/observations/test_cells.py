"""Files as cells: every way in which a file is written, and every way in which it is broken."""

import errno
import gzip
import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from qingshan.observations.cells import Unreadable, cells, top
from qingshan.observations.system import of_the_system

TABLE = [["站", "值"], ["甲", "1"], ["乙", "2"]]


@pytest.fixture
def put(tmp_path):
    def written(data: bytes, name: str = "f.csv"):
        place = tmp_path / name
        place.write_bytes(data)
        return place

    return written


def csv_of(rows, ends: str = "\n", comma: str = ",") -> str:
    return "".join(comma.join(row) + ends for row in rows)


def book_of(rows, **other) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in other.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


CHINESE = re.compile("[\u4e00-\u9fff]")


def told(found) -> list[list]:
    return [[*row] for row in zip(*(one.to_pylist() for one in found.columns), strict=True)]


@pytest.mark.parametrize(
    "data",
    [
        csv_of(TABLE).encode(),
        csv_of(TABLE).encode("utf-8-sig"),
        csv_of(TABLE).encode("gb18030"),
        csv_of(TABLE).encode("utf-16"),
        csv_of(TABLE, "\r").encode(),
        csv_of(TABLE, "\r\n").encode("gbk"),
        csv_of(TABLE, comma="\t").encode(),
        csv_of(TABLE, comma=";").encode(),
        csv_of(TABLE).encode().rstrip(b"\n"),
        gzip.compress(csv_of(TABLE).encode("utf-16"), mtime=0),
        csv_of([[f'"{one}"' for one in row] for row in TABLE]).encode(),
        book_of(TABLE),
        book_of([], 第二张=TABLE),
    ],
    ids=range(13),
)
def test_the_same_table_however_it_is_written(put, data):
    for name in ("f.csv", "f.dat"):
        found = cells(put(data, name))
        assert found.names == TABLE[0] and told(found) == TABLE[1:] and found.lines == [2, 3] and not found.faults


def test_lines_are_counted_as_a_reader_counts_them(put):
    found = cells(put("站,值\n甲,1\n\n乙\n丙,3\n\n".encode()))
    assert found.lines == [2, 5] and [(one.line, one.cell) for one in found.faults] == [(4, "乙")]
    found = cells(put("某某月报,\n站,值\n甲,1\n".encode()), heading=2)
    assert found.names == ["站", "值"] and found.lines == [3]


def test_rows_of_a_workbook_keep_their_numbers(put):
    found = cells(
        put(book_of([["表题"], ["站", None, "值"], ["甲", "x", 1.5], [], ["乙", None, date(2025, 1, 2)]])),
        heading=2,
    )
    assert found.names == ["站", "（第2列）", "值"] and found.lines == [3, 5]
    assert found.column("值").to_pylist() == ["1.5", "2025-01-02T00:00:00"]


def test_numbers_of_a_workbook_are_those_it_shows(put):
    assert cells(put(book_of([["a"], [0.1 + 0.2], [12], [1e-05]]))).column("a").to_pylist() == ["0.3", "12", "1e-05"]


def test_a_formula_stays_the_text_it_is(put):
    assert cells(put(book_of([["a"], ["=1+1"]]))).column("a").to_pylist() == ["=1+1"]


def test_other_sheets_are_named_but_for_the_notes_of_a_template(put):
    assert cells(put(book_of(TABLE, 二月=TABLE, 说明=[["请填写"]]))).aside == ["二月"]


def test_a_thousand_columns_and_names_that_stand_twice(put):
    names = [f"c{number}" for number in range(999)] + ["c1"]
    found = cells(put(csv_of([names, ["1"] * 1000]).encode()))
    assert len(found.names) == 1000 and found.twice("c1") == ["c1（第1000列）"] and found.twice("c2") == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"), (b"\n \n", "空的"), (b"\0\0\0\0", "空的"), (b"a\0,b\n1,2\n", "不是文本"), (b"\xff\xfea", "编码"),
        ('站,值\n"甲,1\n乙,2\n'.encode(), "第 2 行有一个引号"), (b"\xd0\xcf\x11\xe0old", "另存为 .xlsx"), (b"PK\x03\x04broken", "完好的工作簿"),
        (gzip.compress(b"a,b\n1,2\n" * 200, mtime=0)[:-20], "读不了"), (b"\x1f\x8b\x08broken", "读不了"), (book_of([]), "空的"),
        (book_of(TABLE)[:-40], "完好的工作簿"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(put, data, words):
    with pytest.raises(Unreadable) as found:
        cells(put(data))
    assert words in found.value.zh and found.value.en and not CHINESE.search(found.value.en)


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EACCES, "没有权限"), (errno.EISDIR, "这是文件夹"), (errno.ENOSPC, "磁盘已满"), (errno.EXDEV, "Invalid")]
)  # fmt: skip
def test_what_the_system_refuses_is_told(number, words):
    zh, en = of_the_system(OSError(number, "Invalid cross-device link", "表.csv"))
    assert words in zh and "表.csv" in zh and en.startswith("表.csv cannot be read or written: ")


def test_a_folder_and_a_file_that_is_not_there(tmp_path):
    for place, words in ((tmp_path, "这是文件夹"), (tmp_path / "none.csv", "没有这个文件")):
        with pytest.raises(Unreadable, match=words):
            cells(place)


def test_a_workbook_by_name_only(put):
    with pytest.raises(Unreadable, match="完好的工作簿"):
        cells(put(b"a,b\n1,2\n", "f.xlsx"))


def test_a_heading_further_down_than_the_file(put):
    with pytest.raises(Unreadable, match="第 9 行没有列名"):
        cells(put(csv_of(TABLE).encode()), heading=9)
    with pytest.raises(Unreadable, match="第 9 行没有列名"):
        cells(put(book_of(TABLE)), heading=9)


def test_the_first_rows_are_told_for_a_heading_to_be_found_in(put):
    assert top(put(csv_of(TABLE).encode("gbk"))) == TABLE == top(put(book_of(TABLE)))
