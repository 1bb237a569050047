"""Gauges against the functions of the law."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qingshan.observations.assess import rain
from qingshan.standards import rain as law
from qingshan.standards.editions import edition

from ...shared import shared
from .media import assessed, measured, slow

TABLE = edition(law.FAMILY, code="gbt51345-2018")
FIRST = datetime(2024, 1, 1)  # noqa: DTZ001
SITES = {"g": {"group": "north"}}


def fallen(day: int, depth, **other) -> dict:
    return measured("g", "rain", depth, **{"unit": "mm", "period": "day", "time": FIRST + timedelta(days=day)} | other)


depths = st.lists(
    st.one_of(st.none(), st.integers(0, 900).map(lambda tenths: Decimal(tenths) / 10)), min_size=1, max_size=40
)


@slow
@given(depths)
def test_a_gauge_has_the_design_rainfall_of_the_law(days):
    found = assessed(rain.gauges, [fallen(n, depth) for n, depth in enumerate(days)], SITES).rows
    there = [one for one in days if one is not None]
    assert [one.days for one in found] == ([len(there)] if there else [])
    if law.runoff_days(there, TABLE):
        assert found[0].design == {ratio: law.design_rainfall(days, ratio, TABLE) for ratio in rain.RATIOS}


def test_a_year_is_held_against_the_rain_of_the_whole_series():
    rows = [fallen(0, 2), fallen(1, 10), fallen(2, 30), fallen(400, 20)]
    first, second = assessed(rain.periods, rows, SITES, "year", 50).rows
    assert (first.period, first.total, first.days, first.of_days, first.runoff_days) == ("2024", 42, 3, 366, 2)
    assert (
        first.depth == second.depth == 10 and (first.captured, second.captured) == (50, 50) and first.group == "north"
    )
    assert rain.capture.__doc__


def test_a_day_of_hours_counts_where_all_of_them_are_there():
    whole = [measured("g", "rain", "0.5", unit="mm", period="hour", time=FIRST + timedelta(hours=n)) for n in range(24)]
    assert assessed(rain.periods, whole, SITES).rows[0].total == 12
    assert assessed(rain.periods, whole[1:], SITES).rows == []
    assert assessed(rain.periods, [*whole, fallen(0, 9)], SITES).rows[0].total == 9


def test_the_captured_share_is_exact():
    rows = [fallen(1, 10), fallen(2, 30), fallen(3, 2)]
    assert assessed(lambda connection, table, sites: rain.capture(connection, table, 20), rows, SITES) == {
        "g": Fraction(75)
    }


def test_what_cannot_be_rain_is_told_and_left_out():
    rows = [fallen(0, -1), fallen(1, 3000), fallen(2, 5), fallen(3, 5, unit="cm"), fallen(4, 5) | {"item": "snow"}]
    found, faults = assessed(rain.periods, rows, SITES)
    assert found[0].total == 5 and [(one.item, one.value) for one in faults] == [
        ("rain", "cm"),
        ("rain", "-1.000000"),
        ("snow", ""),
    ]


def test_shanghai_2010_to_2015_from_the_store():
    with shared("data/rain/shanghai_daily_rain_2010_2015.csv").open() as file:
        cells = [row["precipitation"] for row in csv.DictReader(file)]
    days = [
        round(Decimal(one), 6) if one else None for one in cells
    ]  # sums in floating point; the store keeps six decimals
    (gauge,) = assessed(rain.gauges, [fallen(n, depth) for n, depth in enumerate(days)], SITES).rows
    assert (
        gauge.design == {ratio: law.design_rainfall(days, ratio, TABLE) for ratio in rain.RATIOS} and not gauge.enough
    )
