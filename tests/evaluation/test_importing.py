from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evaluation.importing import UnreadableTable, read_monthly

HEAD = "year,month,district,pm25_ugm3,sources\n"


def read(tmp_path, text, column="pm25_ugm3", encoding="utf-8"):
    file = tmp_path / "table.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_monthly(file, column)


def test_values_by_district_and_month(tmp_path):
    table = read(tmp_path, HEAD + "2024,1,东区,31.5,a\n2024,2,东区,,b\n2024,1,西区,40,c\n")
    assert table == {"东区": {(2024, 1): Decimal("31.5")}, "西区": {(2024, 1): Decimal(40)}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_encodings_of_office_software(tmp_path, encoding):
    assert list(read(tmp_path, HEAD + "2024,1,金山新区,31,x\r\n", encoding=encoding)) == ["金山新区"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2024,1,a,31,x\n2024,13,a,30,x\n", "第 3 行“month”列应为 1 至 12 的整数，现为“13”"),
        ("二〇二四,1,a,31,x\n", "第 2 行“year”列应为 1900 至 2200 的整数，现为“二〇二四”"),
        ("2024,1,a,n/a,x\n", "第 2 行“pm25_ugm3”列应为数字，现为“n/a”"),
        ("2024,1,a,1_0,x\n", "现为“1_0”"),
        ("2024,1,a,-3,x\n", "第 2 行“pm25_ugm3”列应不小于 0、小于 1000000000，现为“-3”"),
        ("2024,1,a,NaN,x\n", "现为“NaN”"),
        ("2024,1,a,1e999999,x\n", "现为“1e999999”"),
        ("2024,1,,31,x\n", "第 2 行“district”列应填写区名，现为“”"),
        ("2024\n", "没有一个数值"),
        ("2024,1,a,31,x\n2024,01,a,32,x\n", "第 3 行“district”列与 2024 年 1 月重复，现为“a”"),
        ("", "没有一个数值"),
    ],
)
def test_a_bad_cell_is_named(tmp_path, rows, said):
    with pytest.raises(UnreadableTable, match=said):
        read(tmp_path, HEAD + rows)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(UnreadableTable, match="第 1 行缺少“pm10”列，现有：year、month、district"):
        read(tmp_path, HEAD + "2024,1,a,31,x\n", column="pm10")
    with pytest.raises(UnreadableTable, match="缺少“year”列，现有：（空）"):
        read(tmp_path, "")


def test_bytes_that_are_no_text(tmp_path):
    with pytest.raises(UnreadableTable, match="第 2 行既不是 UTF-8 也不是 GB18030"):
        read(tmp_path, HEAD.encode() + b"2024,1,\xff\xff,31,x\n")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(tmp_path_factory, raw):
    with pytest.raises(UnreadableTable):
        read(tmp_path_factory.getbasetemp(), raw)


@given(st.text(alphabet='0123456789,\n\r"年a.-\x00', max_size=80))
def test_any_rows_are_a_table_or_a_sentence(tmp_path_factory, rows):
    try:
        table = read(tmp_path_factory.getbasetemp(), HEAD + rows)
    except UnreadableTable as error:
        assert str(error)
    else:
        assert all(value >= 0 for one in table.values() for value in one.values())
