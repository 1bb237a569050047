import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from qingshan.web.sheets import workbook


def opened(data: bytes):
    return load_workbook(io.BytesIO(data)).active


@given(st.sampled_from("=+-@"), st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20))
def test_text_never_becomes_a_formula(first, rest):
    cell = opened(workbook("表", [], ["甲"], [[first + rest]], [False], [10]))["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith(first)


def test_numbers_stay_numbers_with_their_decimals():
    cell = opened(workbook("表", [], ["甲"], [[Decimal("26.70")]], [False], [10]))["A2"]
    assert (cell.data_type, cell.value, cell.number_format) == ("n", 26.7, "0.00")


def test_simulated_rows_are_hatched_and_only_they():
    sheet = opened(workbook("表", ["说明"], ["甲"], [["a"], ["b"]], [True, False], [10]))
    assert (sheet["A3"].fill.fill_type, sheet["A4"].fill.fill_type) == ("lightUp", None)
