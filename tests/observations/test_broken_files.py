"""Files of every medium as they go wrong, by both commands: no traceback, nothing half taken in, and an answer in both languages
that names the file, the row, the column, what stands there and what was expected."""

import csv
import io
import json
import re
from collections.abc import Iterable

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from qingshan.observations.assess.commands import assess
from qingshan.observations.commands import observations

SOUND = {
    "air": "site,time,SO2,CO\n甲,2025-03-01 08:00,4,0.6\n", "water": "site,time,tp,do\n甲,2025-03-01,0.1,8\n",
    "groundwater": "site,time,氨氮,总硬度\n甲,2025-03-01,0.4,300\n", "soil": "site,time,Cd,pH\n甲,2025-03-01,0.2,6.5\n",
    "noise": "site,time,Leq,Lmax\n甲,2025-03-01 22:00,48,55\n", "sea": "site,time,无机氮,悬浮物\n甲,2025-03-01,0.25,40\n",
    "rain": "site,time,rain\n甲,2025-03-01,12.5\n",
}  # fmt: skip
SITES = "code,medium,body,zone,land,area,natural\n甲,,river,2,paddy,30,20\n"
BOTH = re.compile(r"[\u4e00-\u9fff].*[A-Za-z]{2,} [a-z]{2,}", re.DOTALL)

# A value's cell → what is said of it.
CELLS = {
    "1e400": "不是数字", "inf": "不是数字", "-Infinity": "不是数字", "9" * 60: "位数太多", "1e-30": "位数太多", "４５": "不是数字", "=1+1": "公式",
    "#N/A": "不是数字", "12mg/L": "不是数字", "1.2.3": "不是数字", "很高": "不是数字", "<": "不是数字", "未检出": "检出限",
}  # fmt: skip
VALUE = {"noise": 3}  # the column whose cells are broken, where it is not the third: Leq has a usual range
TIMES = {"2025年2月30日": "时间读不懂", "": "时间读不懂", "0001-03-01": "时间读不懂", "3月1日": "没有年份"}


@pytest.fixture(params=SOUND)
def medium(request) -> str:
    return request.param


@pytest.fixture
def asked(tmp_path, medium):
    """A file by both commands: the answers, each one beginning with the file's name where it tells anything of it."""
    sites = tmp_path / "sites.csv"
    sites.write_text(SITES, encoding="utf-8")

    def ask(data: bytes | str, name: str = "f.csv") -> list:
        file = tmp_path / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        words = (
            (observations, ["import", file, "--store", tmp_path / "store"]),
            (assess, [medium, file, "--sites", sites]),
        )
        answers = [CliRunner().invoke(group, list(map(str, one)), catch_exceptions=False) for group, one in words]
        for one in answers:
            assert all(BOTH.search(line) for line in one.stderr.splitlines()), one.stderr
        return answers

    return ask


def cells_of(medium: str) -> tuple[list[str], list[str]]:
    heads, row = csv.reader(io.StringIO(SOUND[medium]))
    return heads, row


def with_cells(medium: str, place: int, cells: Iterable[str]) -> str:
    """A file of one row for each of the cells, which stand in the column `place`, each on a day of its own."""
    heads, row = cells_of(medium)
    days = (row[1].replace("03-01", f"03-{day:02}") for day in range(1, 32))
    rows = [[row[0], day, *row[2:]] for day, _cell in zip(days, cells, strict=False)]
    for one, cell in zip(rows, cells, strict=True):
        one[place] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([heads, *rows])
    return out.getvalue()


def test_a_sound_file_is_taken_and_judged(asked, medium):
    taken, judged = asked(SOUND[medium])
    assert (taken.exit_code, judged.exit_code) == (0, 0) and "新增 0 条" not in taken.stdout


@pytest.mark.parametrize("of_time", [False, True])
def test_a_cell_that_is_no_value_or_no_time_is_named_with_its_place(asked, medium, tmp_path, of_time):
    place, cells = (1, TIMES) if of_time else (VALUE.get(medium, 2), CELLS)
    column = cells_of(medium)[0][place]
    taken, judged = asked(with_cells(medium, place, cells))
    assert (taken.exit_code, judged.exit_code) == (1, 0)
    faults = {one["value"]: one for one in json.loads(judged.stdout)["faults"] if one["item"] == column}
    for line, (cell, words) in enumerate(cells.items(), 2):
        for one in (taken, judged):
            (said,) = [
                it for it in one.stderr.splitlines() if it.startswith(f"f.csv 第 {line} 行 “{column}” {cell!r}：")
            ]
            assert words in said
        assert (
            f"第 {line} 行" in faults[cell]["zh"]
            and words in faults[cell]["zh"]
            and f"line {line}" in faults[cell]["en"]
        )
    assert not (tmp_path / "store").exists()


def workbook(rows: list[list]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rows_and_headings_that_do_not_fit(asked, medium):
    heads, row = cells_of(medium)
    head, line = ",".join(heads), ",".join(row)
    for text, words in (
        (f"{head}\n甲\n", f"第 2 行 “” '甲'：这一行有 1 列，应有 {len(heads)} 列"), (f"{head}\n{line},9\n", f"这一行有 {len(heads) + 1} 列"),
        (f"{head}\n,{line.split(',', 1)[1]}\n", "没有点位名称或编码"),
    ):  # fmt: skip
        taken, judged = asked(text)
        assert taken.exit_code == 1 and judged.exit_code == 0 and words in taken.stderr and words in judged.stderr
    for text, words in (
        (f"{head},{heads[2]}\n{line},1\n", f"列名重复：{heads[2]}"), ("甲,乙\n1,2\n", "列名（甲、乙）不是已知来源的"), (f'{head}\n"{line}\n', "第 2 行有一个引号"),
        ("", "文件是空的"), (f"{head}\n{line}\n".encode("utf-16-le"), "文件不是文本"), (f"{head}\n\0{line}\n", "文件不是文本"),
        (b"\x1f\x8b\x08broken", "已损坏"), (b"PAR1\x15\x04\x15\xff\xfe", "文件不是文本"), (b"\xd0\xcf\x11\xe0old", "另存为 .xlsx"), (b"PK\x03\x04no", "不是完好的工作簿"),
        (workbook([heads, row])[:-60], "不是完好的工作簿"), (workbook([]), "工作簿是空的"), (workbook([["某区监测数据"], heads, row]), "列名（某区监测数据）不是已知来源的"),
    ):  # fmt: skip
        for one in asked(text):
            assert one.exit_code == 2 and "f.csv：" in one.stderr and words in one.stderr


def test_workbooks_with_merged_cells_formulas_and_errors(asked, medium):
    heads, row = cells_of(medium)
    for third, words in (
        ([None, *row[1:]], "第 3 行 “site” ''：没有点位名称或编码"),
        ([row[0], row[1], "=A1", *row[3:]], "公式"),
        ([row[0], row[1], True, *row[3:]], "不是数字"),
    ):
        taken, judged = asked(workbook([heads, row, [*third]]), "f.xlsx")
        assert taken.exit_code == 1 and judged.exit_code == 0 and words in taken.stderr and words in judged.stderr


def test_a_heading_alone_and_a_mark_are_noticed(asked, medium):
    for one in asked(SOUND[medium].splitlines()[0] + "\n"):
        assert one.exit_code == 0 and "f.csv：文件只有列名，没有一行数据。" in one.stderr
    for one in asked(with_cells(medium, VALUE.get(medium, 2), ["NaN", "-3"])):
        assert one.exit_code == 0 and "“NaN” 1 处" in one.stderr and "第 3 行的 -3" in one.stderr


@pytest.mark.parametrize("medium", ["air", "noise"], indirect=True)
def test_a_file_that_can_hardly_be_in_its_unit_is_named_without_a_row(asked, medium):
    text = with_cells(medium, 3 if medium == "air" else 2, ["4000"])
    for one in asked(text):
        assert (
            one.exit_code == 1
            and "f.csv “" in one.stderr
            and "单位可能不对" in one.stderr
            and "第 0 行" not in one.stderr
        )
