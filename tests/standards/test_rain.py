import csv
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards import rain
from qingshan.standards.editions import edition

from ..shared import shared

TABLE = edition(rain.FAMILY, code="gbt51345-2018")


def test_rain_up_to_two_millimetres_makes_no_runoff():
    found = rain.capture_ratio([Decimal("2.0"), Decimal("0.5"), None, 10, 30], 20, TABLE)
    assert (found.ratio, found.days) == (Decimal("75.0"), 2)  # (10 + 20) / 40


def test_without_runoff_there_is_no_ratio():
    assert rain.capture_ratio([0, 1, 2], 10, TABLE).ratio is None
    with pytest.raises(ValueError, match="no day"):
        rain.design_rainfall([0, 1], 70, TABLE)
    with pytest.raises(ValueError, match="100"):
        rain.design_rainfall([10], 100, TABLE)


depths = st.lists(st.integers(21, 2000).map(lambda tenths: Decimal(tenths) / 10), min_size=1, max_size=60)


@given(depths, st.integers(1, 99))
def test_the_design_rainfall_captures_what_it_was_asked_to(days, ratio):
    depth = rain.design_rainfall(days, ratio, TABLE, places=9)
    assert abs(rain.capture_ratio(days, depth, TABLE).ratio - ratio) <= Decimal("0.1")


@given(depths, st.integers(1, 98))
def test_more_capture_needs_more_depth(days, ratio):
    assert rain.design_rainfall(days, ratio, TABLE, 6) <= rain.design_rainfall(days, ratio + 1, TABLE, 6)


def test_shanghai_2010_to_2015():
    """The guide's appendix gives Shanghai 18.7 mm for 70 % and 26.7 mm for 80 % from thirty years; six years lie near."""
    with shared("data/rain/shanghai_daily_rain_2010_2015.csv").open() as file:
        days = [Decimal(row["precipitation"]) if row["precipitation"] else None for row in csv.DictReader(file)]
    found = {ratio: rain.design_rainfall(days, ratio, TABLE) for ratio in (60, 70, 75, 80, 85)}
    guide = {60: Decimal("13.4"), 70: Decimal("18.7"), 75: Decimal("22.2"), 80: Decimal("26.7"), 85: Decimal("33.0")}
    assert found == SHANGHAI
    assert all(abs(found[ratio] / guide[ratio] - 1) < Decimal("0.25") for ratio in guide)
    assert not rain.enough_years(2010, 2015, TABLE)


SHANGHAI = {60: Decimal("14.3"), 70: Decimal("19.8"), 75: Decimal("23.6"), 80: Decimal("28.5"), 85: Decimal("35.6")}


def test_the_volume_of_a_design_rainfall():
    assert rain.runoff_volume(Decimal("22.2"), Decimal("0.8"), 3) == Decimal("532.8")
    with pytest.raises(ValueError, match="1.2"):
        rain.runoff_volume(20, Decimal("1.2"), 3)
