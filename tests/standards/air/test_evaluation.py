from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards import air
from qingshan.standards.editions import edition

LIMITS, RULES = air.limits(date(2025, 6, 1)), edition("hj663", date(2025, 6, 1))
YEAR = [date(2025, 1, 1) + timedelta(n) for n in range(365)]


def test_a_day_needs_twenty_hours():
    assert air.daily_mean([10] * 20 + [None] * 4, LIMITS) == 10
    assert air.daily_mean([10] * 19 + [None] * 5, LIMITS) is None


def test_the_highest_eight_hours():
    hours = [0] * 8 + [80] * 8 + [0] * 8
    assert air.mda8(hours, RULES, LIMITS) == 80
    assert air.mda8([100] * 7 + [0] * 17, RULES, LIMITS) == Fraction(700, 8)


def test_hours_before_one_o_clock_of_the_day_never_enter():
    with pytest.raises(ValueError, match="31"):
        air.mda8([1] * 31, RULES, LIMITS)


def test_a_window_needs_six_hours_and_a_day_fourteen_windows_unless_it_exceeds():
    gap = [None] * 12
    assert air.mda8([100] * 12 + gap, RULES, LIMITS) is None
    assert air.mda8([200] * 12 + gap, RULES, LIMITS) == 200
    assert air.mda8([None] * 24, RULES, LIMITS) is None
    assert air.mda8([100, 100, None, None] * 6, RULES, LIMITS) is None  # four hours in every window


def test_a_district_is_the_mean_of_its_stations_if_three_quarters_are_there():
    assert air.district_mean([10, 20, 30, None], RULES) == 20
    assert air.district_mean([10, 20, None, None], RULES) is None
    assert air.district_mean([], RULES) is None


@pytest.mark.parametrize(("p", "value"), [(90, "328.6"), (95, "346.8"), (98, "357.72")])
def test_percentiles_of_a_year(p, value):
    assert air.percentile(range(1, 366), p) == Fraction(value)


def test_a_percentile_of_five():
    assert air.percentile([50, 10, 40, 20, 30], 90) == 46
    assert air.percentile([7], 98) == 7
    with pytest.raises(ValueError, match="at least one"):
        air.percentile([], 95)


@given(st.lists(st.integers(0, 900), min_size=1, max_size=60), st.sampled_from([50, 90, 95, 98, 100]))
def test_percentiles_are_numpys_linear_ones(values, p):
    assert float(air.percentile(values, p)) == pytest.approx(float(np.percentile(values, p, method="linear")))


def test_how_far_beyond_the_limit():
    assert air.exceedance(90, 60) == Decimal("0.50")
    assert air.exceedance(60, 60) is None


def year(value, days=YEAR):
    return dict.fromkeys(days, value)


GOOD = {
    "SO2": year(6),
    "NO2": year(29),
    "PM10": year(41),
    "PM25": year(28),
    "CO": year(Decimal("0.9")),
    "O3": year(140),
}


def test_a_year_attains_when_every_statistic_does():
    found = air.attainment(GOOD, RULES, LIMITS)
    assert found.attained and len(found.statistics) == 10 and found.incomplete == {}


def test_one_percentile_beyond_its_limit_fails_the_year():
    ozone = year(140) | dict.fromkeys(YEAR[150:200], 190)
    found = air.attainment(GOOD | {"O3": ozone}, RULES, LIMITS)
    assert found.attained is False
    assert [(one.item, one.p, one.value, one.multiple) for one in found.statistics if not one.attained] == [
        ("O3", 90, Decimal(190), Decimal("0.19"))
    ]


def test_an_incomplete_item_leaves_the_verdict_open():
    found = air.attainment(GOOD | {"PM25": year(28, YEAR[:323])}, RULES, LIMITS)
    assert found.attained is None and found.incomplete == {"PM25": "year"}


def test_a_month_that_lacks_days_spoils_the_year():
    thin = year(28, [day for day in YEAR if not (day.month == 7 and day.day > 26)])
    assert air.enough_days(thin, LIMITS) == "month 7"
    february = year(28, [day for day in YEAR if not (day.month == 2 and day.day > 25)])
    assert air.enough_days(february, LIMITS) == ""


def test_the_composite_index_and_its_parts():
    values = {"SO2": 6, "NO2": 20, "PM10": 35, "PM25": Decimal("17.5"), "CO": 1, "O3": 80}
    assert air.composite_index(values, LIMITS, RULES) == Decimal("2.35")
    assert air.single_indices(values, LIMITS, RULES)["SO2"] == Decimal("0.100")


DAY = {"SO2_24h": 6, "NO2_24h": 30, "CO_24h": Decimal("0.8"), "O3_8h": 90, "PM10_24h": 40, "PM25_24h": 60, "O3_1h": 100}


def straddling(value=60):
    return [air.Day(date(2026, 2, 27) + timedelta(n), DAY | {"PM25_24h": value}) for n in range(4)]


def test_a_year_that_straddles_editions_is_given_as_in_force_and_under_each():
    found = air.under_each(straddling(70))
    assert (found["in_force"].good, found["in_force"].valid) == (2, 4)
    assert found["in_force"].editions == ("hj633-2012", "hj633-2026")
    assert (found["hj633-2012"].rate, found["hj633-2026"].rate) == (Decimal("100.0"), Decimal("0.0"))


def test_days_under_dust_are_left_out_where_asked():
    days = [*straddling(30), air.Day(date(2026, 3, 5), DAY | {"PM10_24h": 600}, dust=True)]
    assert air.good_days(days).rate == Decimal("80.0")
    assert air.good_days(days, skip_dust=True).rate == Decimal("100.0")


def test_a_day_that_is_not_published_does_not_count():
    found = air.good_days([air.Day(date(2026, 4, 1), DAY | {"CO_24h": None}), air.Day(date(2026, 4, 2), DAY)])
    assert (found.good, found.valid, found.days) == (1, 1, 2)
    assert air.good_days([]).rate is None


def test_hours_and_months_by_what_they_rest_on():
    table = edition("gb3095", date(2025, 1, 1))
    assert air.hour_is_valid(45, table) and not air.hour_is_valid(44, table)
    assert air.month_is_valid(25, 2, table) and not air.month_is_valid(26, 3, table)


def test_a_trend_of_five_years_on_the_edge_is_exact():
    found = air.trend([52, 49, 46, 47, 41])
    assert (found.coefficient, found.significant, found.direction) == (Fraction(-9, 10), True, -1)
    with pytest.raises(ValueError, match="5"):
        air.trend([1, 2, 3, 4])


def test_the_moving_mean_of_three_years():
    assert air.moving_means([30, 28, Decimal("27.5"), None, 26, 25, 24], 1) == [
        None,
        None,
        Decimal("28.5"),
        None,
        None,
        None,
        Decimal("25.0"),
    ]
