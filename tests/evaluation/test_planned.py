from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evaluation.planned import planned, planned_exactly, to_decimal
from qingshan.evaluation.status import Curve, Kind, Side
from tests.evaluation.promises import day, days, target, targets

CELLS = target("cumulative_count", 60)
PM25 = target("upper_bound", 28, baseline=34, start="2024-01-01", deadline="2026-01-01")  # 731 days
STEPS = target(
    "lower_bound", 85, baseline=79, steps=((day("2024-12-31"), Decimal(80)), (day("2025-12-31"), Decimal(83)))
)


@pytest.mark.parametrize(
    ("promise", "on", "value"),
    [
        (CELLS, "2024-01-01", "0"),
        (CELLS, "2025-09-30", "34.958904"),  # 638 of 1095 days
        (CELLS, "2026-12-31", "60"),
        (CELLS, "2027-06-30", "60"),
        (CELLS, "2023-06-30", "0"),
        (replace(CELLS, baseline=Decimal(6)), "2023-06-30", "6"),
        (replace(CELLS, baseline=Decimal(61)), "2024-06-30", "60"),
        (PM25, "2024-01-01", "34"),
        (PM25, "2025-01-01", "30.995896"),  # 366 of 731 days
        (PM25, "2026-01-01", "28"),
        (replace(PM25, baseline=None), "2025-06-30", None),
        (replace(PM25, baseline=None), "2026-01-01", "28"),
        (replace(PM25, baseline=Decimal(28)), "2024-01-01", "28"),
        (replace(PM25, baseline=Decimal(26)), "2024-01-01", "28"),
        (replace(PM25, curve=Curve.LEVEL), "2024-01-01", "28"),
        (target("maintain", 100), "2020-01-01", "100"),
        (target("lower_bound", 10, baseline=0, deadline="2024-01-05", curve="back_loaded"), "2024-01-03", "2.5"),
        (target("lower_bound", 16, baseline=0, deadline="2024-01-05", curve="s_curve"), "2024-01-02", "2.5"),
        (target("lower_bound", 16, baseline=0, deadline="2024-01-05", curve="s_curve"), "2024-01-03", "8"),
        (target("lower_bound", 16, baseline=0, deadline="2024-01-05", curve="s_curve"), "2024-01-04", "13.5"),
        (STEPS, "2024-12-30", "79"),
        (STEPS, "2024-12-31", "80"),
        (STEPS, "2026-12-30", "83"),
        (STEPS, "2026-12-31", "85"),
        (replace(STEPS, baseline=None), "2024-12-30", None),
        (target("yearly_quota", 364), "2023-12-31", "0"),
        (target("yearly_quota", 364), "2025-01-01", "0"),
        (target("yearly_quota", 364), "2025-07-02", "182"),
        (target("yearly_quota", 364), "2025-12-31", "364"),
        (target("yearly_quota", 364), "2026-01-01", "0"),
        (target("yearly_quota", 364), "2028-05-05", "364"),
        (target("yearly_quota", 184, start="2024-06-30"), "2024-09-30", "92"),
        (target("yearly_quota", 5, start="2024-12-31"), "2024-12-31", "5"),
        (target("full_coverage"), "2025-06-30", None),
        (target("dated_milestone", deadline="2024-01-05"), "2024-01-02", "25"),
        (target("direction_only", side=Side.LOWER, baseline=1), "2026-12-31", None),
        (target("upper_bound", -4, baseline=0, deadline="2024-01-05"), "2024-01-02", "-1"),
        (target("lower_bound", 5, baseline=3, start="2024-01-05", deadline="2024-01-05"), "2024-01-05", "5"),
        (target("lower_bound", 5, baseline=3, start="2024-01-05", deadline="2024-01-05"), "2024-01-04", "3"),
    ],
)  # fmt: skip
def test_planned_by_now(promise, on, value):
    assert planned(promise, day(on)) == (None if value is None else Decimal(value))


def test_the_exact_line_is_a_fraction_of_days():
    assert planned_exactly(CELLS, day("2025-09-30")) == Fraction(60 * 638, 1095)


def test_rounding_keeps_figures_finer_than_six_places():
    fine = target("upper_bound", "0.12345678", baseline="0.5")
    assert planned(fine, fine.deadline) == Decimal("0.12345678")
    with localcontext(prec=3):
        assert planned(fine, fine.deadline) == Decimal("0.12345678")
        assert to_decimal(Fraction(123456789), 2) == Decimal("123456789.00")


LINED = (
    Kind.UPPER_BOUND,
    Kind.LOWER_BOUND,
    Kind.STRICT_BOUND,
    Kind.CUMULATIVE_COUNT,
    Kind.FULL_COVERAGE,
    Kind.DATED_MILESTONE,
)


def upwards(promise, number):
    return -number if promise.side is Side.LOWER else number


@given(targets(kinds=LINED))
def test_the_line_hits_both_ends(promise):
    assert planned(promise, promise.deadline) == promise.value
    goes_somewhere = promise.baseline is not None and upwards(promise, promise.baseline) < upwards(
        promise, promise.value
    )
    if goes_somewhere and promise.curve is not Curve.LEVEL and promise.start < promise.deadline:
        assert planned(promise, promise.start) == promise.baseline


@given(targets(kinds=LINED), days, st.integers(0, 1500))
def test_the_line_never_turns_back(promise, on, later):
    first, last = planned(promise, on), planned(promise, on + timedelta(days=later))
    if first is None:
        assert promise.baseline is None
    else:
        assert upwards(promise, first) <= upwards(promise, last)


@given(st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(10, 90)), min_size=1, max_size=5))
def test_steps_are_due_on_their_day_and_never_turn_back(drawn):
    dates, numbers = sorted(on for on, _ in drawn), sorted(number for _, number in drawn)
    steps = tuple((on, Decimal(number)) for on, number in zip(dates, numbers, strict=True))
    promise = target("lower_bound", 95, baseline=5, steps=steps)
    line = [planned(promise, on) for on in (promise.start, *dates, promise.deadline)]
    assert line[0] >= 5 and line[-1] == 95 and line == sorted(line)
    assert all(planned(promise, on) >= number for on, number in steps)


@given(targets(kinds=(Kind.YEARLY_QUOTA,)), days)
def test_a_quota_s_line_is_whole_on_the_last_day_of_every_year(promise, on):
    year_end = date(on.year, 12, 31)
    if on >= promise.start:
        assert planned(promise, year_end) == promise.value
        assert abs(planned(promise, on)) <= abs(promise.value)


@given(targets(), days)
def test_the_shown_line_is_the_exact_one_rounded(promise, on):
    exact, shown = planned_exactly(promise, on), planned(promise, on)
    assert (exact is None) == (shown is None)
    assert exact is None or abs(exact - Fraction(shown)) <= Fraction(1, 2_000_000)
