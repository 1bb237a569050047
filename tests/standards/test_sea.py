from datetime import date
from decimal import Decimal

import pytest

from qingshan.standards import sea
from qingshan.standards.editions import edition
from qingshan.standards.measured import Censored

DAY = date(2025, 8, 1)
TABLE, RATING = edition("gb3097", DAY), edition("hj442", DAY)


@pytest.mark.parametrize(
    ("item", "value", "no"),
    [("无机氮", Decimal("0.2"), 1), ("无机氮", Decimal("0.51"), 5), ("活性磷酸盐", Decimal("0.03"), 2), ("溶解氧", 6, 2), ("溶解氧", Decimal("6.1"), 1),
     ("溶解氧", 3, 5), ("pH", Decimal("7.7"), 3), ("pH", Decimal("8.9"), 5), ("粪大肠菌群", 10**6, 4), ("汞", Censored(Decimal("0.00004")), 1)],
)  # fmt: skip
def test_an_item(item, value, no):
    assert sea.item_class(item, value, TABLE).no == no


def test_answers_that_are_no_class():
    assert sea.item_class("汞", None, TABLE).why == "missing"
    assert sea.item_class("汞", -1, TABLE).why == "invalid"
    assert sea.item_class("汞", Censored(Decimal("0.0001")), TABLE).why == "undecidable"


def test_a_station_has_the_class_of_its_worst_item():
    found = sea.station({"无机氮": Decimal("0.45"), "溶解氧": 7, "石油类": None}, DAY)
    assert (found.name, found.deciders, found.missing) == ("四类", ("无机氮",), ("石油类",))


def test_the_share_of_good_water_is_one_of_area():
    assert sea.good_share([(1, 10), (2, 20), (5, 70), (None, 100)]) == 30
    assert sea.good_share([(None, 1)]) is None


@pytest.mark.parametrize(
    ("classes", "grade"),
    [([1] * 6 + [2] * 3 + [3], 1), ([1] * 5 + [2] * 3 + [3] * 2, 2), ([2] * 6 + [4] * 2 + [5] * 2, 3), ([2] * 5 + [3] * 4 + [4], 3),
     ([2] * 5 + [4] * 3 + [5] * 2, 4), ([2] * 6 + [5] * 4, 4), ([2] * 5 + [5] * 5, 5), ([], None)],
)  # fmt: skip
def test_the_grade_of_a_sea_area(classes, grade):
    assert sea.rating(classes, DAY) == grade


def test_eutrophication():
    found = sea.eutrophication(2, Decimal("0.9"), Decimal("0.025"), RATING)
    assert (found.index, found.no) == (10, 3)
    assert sea.eutrophication(1, Decimal("0.3"), Decimal("0.01"), RATING).no == 0


def test_acidity_and_oxygen_below_detection_and_acidity_that_cannot_be():
    assert sea.item_class("pH", Censored(7), TABLE).why == "undecidable"
    assert sea.item_class("溶解氧", Censored(Decimal("0.5")), TABLE).no == 5
    assert sea.item_class("pH", 15, TABLE).why == "out_of_range"


@pytest.mark.parametrize(
    ("value", "natural", "no", "rise"),
    [(40, 30, 1, 10), (41, 30, 3, 11), (130, 30, 3, 100), (131, 30, 4, 101), (180, 30, 4, 150), (181, 30, 5, 151), (20, 30, 1, 0), (9, 0, 1, 9)],
)  # fmt: skip
def test_suspended_matter_is_judged_by_its_rise(value, natural, no, rise):
    found = sea.item_class("悬浮物", value, TABLE, natural)
    assert (found.no, found.rise, found.why) == (no, rise, "")


def test_suspended_matter_that_cannot_be_judged_says_why():
    assert sea.item_class("悬浮物", 40, TABLE).why == "no_natural_value"
    assert sea.item_class("悬浮物", None, TABLE).why == "missing"
    assert sea.item_class("悬浮物", -1, TABLE, 5).why == "invalid"
    assert sea.item_class("悬浮物", Censored(Decimal(4)), TABLE, 0).no == 1
    assert sea.item_class("悬浮物", Censored(Decimal(40)), TABLE, Decimal("3.5")).why == "undecidable"
    found = sea.station({"悬浮物": 400, "无机氮": Decimal("0.1")}, DAY)
    assert (found.no, found.missing) == (1, ("悬浮物",))
    assert sea.station({"悬浮物": 400, "无机氮": Decimal("0.1")}, DAY, natural=30).deciders == ("悬浮物",)
