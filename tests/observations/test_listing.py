"""Sites and days of dust in small tables, however they are written, and what is wrong with them."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from qingshan.observations.cells import Unreadable
from qingshan.observations.listing import dust_of, sites_of

TEXT = "code,medium,name,area\n甲,sea, 甲站 ,30\n乙,sea,,\n"
FOUND = {
    "甲": {"code": "甲", "medium": "sea", "name": "甲站", "area": "30"}, "乙": {"code": "乙", "medium": "sea", "name": None, "area": None},
}  # fmt: skip


@pytest.fixture
def put(tmp_path):
    def made(data: bytes | str, name: str = "sites.csv"):
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return tmp_path / name

    return made


def book(rows) -> bytes:
    made, out = Workbook(), BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_sites_are_read_in_any_usual_encoding(put, encoding):
    assert sites_of(put(TEXT.encode(encoding))) == FOUND


def test_sites_are_read_from_a_workbook_and_by_either_heading(put):
    assert sites_of(put(book([["site", "area"], ["甲", 30]]), "sites.xlsx")) == {"甲": {"site": "甲", "area": "30"}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,medium\n", "一个点位也没有"), ("a,b\n1,2\n", "第 2 行没有点位"), ("code,medium\n,sea\n", "第 2 行没有点位"),
        ("code,medium\n甲,sea\n甲,sea\n", "第 3 行的点位 甲 重复"), ("code,medium\n甲\n", "第 2 行 '甲'：这一行有 1 列，应有 2 列"),
        ("code,code\n甲,乙\n", "列名重复：code"), ("", "文件是空的"), ('code,medium\n"甲,sea\n', "第 2 行有一个引号"), (bytes(range(256)), "文件不是文本"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_sites_is_told(put, text, words):
    with pytest.raises(Unreadable) as told:
        sites_of(put(text))
    assert words in told.value.zh and told.value.en


def test_days_of_dust(put):
    assert dust_of(put("site,day\n甲,2026-03-20\n,2026-03-21\n")) == [
        ("甲", date(2026, 3, 20)),
        (None, date(2026, 3, 21)),
    ]
    assert dust_of(put(book([["day"], [date(2026, 3, 20)]]), "d.xlsx")) == [(None, date(2026, 3, 20))]
    for text, words in (
        ("day\n2026-02-30\n", "第 2 行的 day 为“2026-02-30”"),
        ("日期\n2026-03-20\n", "应有列 day；现有：日期"),
    ):
        with pytest.raises(Unreadable, match=words):
            dust_of(put(text))
