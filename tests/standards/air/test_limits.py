from datetime import date
from decimal import Decimal

import pytest

from qingshan.standards import air

# item, period, class 2 in 2012, from 2026-03-01, from 2031
CLASS_TWO = [
    ("SO2", "annual", 60, 60, 20), ("SO2", "daily", 150, 150, 50), ("SO2", "hourly", 500, 500, 150),
    ("NO2", "annual", 40, 40, 30), ("NO2", "daily", 80, 80, 50), ("CO", "daily", 4, 4, 4), ("O3", "mda8", 160, 160, 160),
    ("PM10", "annual", 70, 60, 50), ("PM10", "daily", 150, 120, 100), ("PM25", "annual", 35, 30, 25),
    ("PM25", "daily", 75, 60, 50), ("NOx", "annual", 50, 50, 40), ("Pb", "annual", *[Decimal("0.5")] * 3),
]  # fmt: skip


@pytest.mark.parametrize(("item", "period", "old", "transition", "final"), CLASS_TWO)
def test_limits_by_the_day(item, period, old, transition, final):
    days = {date(2026, 2, 28): old, date(2026, 3, 1): transition, date(2031, 1, 1): final}
    for day, value in days.items():
        assert air.limit(item, period, air.limits(day)) == value


def test_zone_one_is_stricter_or_equal_everywhere():
    for day in (date(2020, 1, 1), date(2027, 1, 1), date(2032, 1, 1)):
        for item, periods in air.limits(day)["limits"].items():
            for period in periods:
                assert air.limit(item, period, air.limits(day), 1) <= air.limit(item, period, air.limits(day), 2)


def test_what_has_no_limit_is_not_made_up():
    with pytest.raises(KeyError):
        air.limit("CO", "annual", air.limits(date(2025, 1, 1)))
