from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards import groundwater
from qingshan.standards.editions import edition
from qingshan.standards.measured import Censored

DAY = date(2025, 6, 1)
TABLE = edition("gbt14848", DAY)


def D(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("item", "value", "no", "why"),
    [
        ("氨氮", D("0.02"), 1, ""), ("氨氮", D("0.5"), 3, ""), ("氨氮", D("0.51"), 4, ""), ("氨氮", D("1.6"), 5, ""),
        ("色", 5, 1, ""), ("色", 6, 3, ""), ("阴离子表面活性剂", D("0.2"), 3, ""), ("阴离子表面活性剂", D("0.05"), 2, ""),
        ("阴离子表面活性剂", Censored(D("0.05")), 1, ""), ("阴离子表面活性剂", D("0.31"), 5, ""),
        ("汞", Censored(D("0.0002")), None, "undecidable"), ("汞", Censored(D("0.00004")), 1, ""), ("汞", None, None, "missing"),
        ("汞", D("-1"), None, "invalid"), ("总α放射性", D("0.6"), 4, "nuclides"), ("总β放射性", D("0.5"), 2, ""),
        ("嗅和味", "absent", 1, ""), ("肉眼可见物", "present", 5, ""),
        ("pH", D("8.5"), 1, ""), ("pH", D("8.51"), 4, ""), ("pH", D("5.5"), 4, ""), ("pH", D("5.49"), 5, ""), ("pH", D("9.01"), 5, ""),
    ],
)  # fmt: skip
def test_an_item(item, value, no, why):
    found = groundwater.item_class(item, value, TABLE)
    assert (found.no, found.why) == (no, why)


def test_words_and_numbers_are_not_mixed():
    with pytest.raises(TypeError, match="嗅和味"):
        groundwater.item_class("嗅和味", 1, TABLE)
    with pytest.raises(TypeError, match="氨氮"):
        groundwater.item_class("氨氮", "absent", TABLE)


def test_a_well_has_the_class_of_its_worst_item():
    found = groundwater.well({"氨氮": D("0.3"), "锰": D("0.4"), "铁": D("0.1"), "砷": None}, DAY)
    assert (found.name, found.deciders, found.missing) == ("Ⅳ", ("锰",), ("砷",))
    assert groundwater.well({}, DAY).no is None


def test_what_got_worse_between_two_years():
    before = groundwater.well({"氨氮": D("0.3"), "锰": D("0.4"), "铁": D("0.1")}, DAY)
    after = groundwater.well({"氨氮": D("0.6"), "锰": D("0.1"), "铁": D("0.1"), "砷": D("1")}, DAY)
    assert groundwater.worsened(before, after) == [("氨氮", 3, 4)]


def test_the_table_is_whole():
    regular = [item for item, told in TABLE["items"].items() if told["regular"]]
    assert (len(TABLE["items"]), len(regular)) == (93, 39)
    for item, told in TABLE["items"].items():
        bars = [bar for bar in told.get("limits", []) if bar != "nd"]
        assert bars == sorted(bars), item


@given(st.sampled_from([item for item, told in TABLE["items"].items() if "limits" in told]), st.decimals(0, 3000, places=3),
       st.decimals(0, 100, places=3))  # fmt: skip
def test_more_of_it_is_never_a_better_class(item, value, more):
    assert groundwater.item_class(item, value, TABLE).no <= groundwater.item_class(item, value + more, TABLE).no


def test_acidity_below_detection_or_beyond_what_can_be_has_no_class():
    assert groundwater.item_class("pH", Censored(D("7")), TABLE).why == "undecidable"
    assert groundwater.item_class("pH", D("14.1"), TABLE).why == "out_of_range"
