from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.indicators import formulas
from qingshan.indicators.formulas import FORMULAS, Counted, Row
from qingshan.observations.wanted import Finding
from qingshan.programme.periods import bounds

FREQUENCY = {4: "year", 7: "month", 10: "date"}


def row(period: str, value) -> Row:
    frequency = "quarter" if "Q" in period else FREQUENCY[len(period)]
    return Row(period, bounds(period, frequency)[1], Decimal(str(value)))


def rows(*told) -> dict:
    return {"series": [row(period, value) for period, value in told]}


def items(*told, known=date(2025, 6, 30)) -> dict:
    return {"series": [Counted(str(n), None, day, Decimal(value), known) for n, (day, value) in enumerate(told)]}


def points(formula: str, inputs: dict, places: int = 0) -> list[tuple]:
    return [
        (one.period, None if one.value is None else str(one.value)) for one in FORMULAS[formula].compute(inputs, places)
    ]


def seen(formula: str, inputs: dict) -> list[tuple]:
    return [(one.seen, one.of, one.complete) for one in FORMULAS[formula].compute(inputs, 1)]


def test_annual_mean_of_a_year_and_of_one_in_progress():
    months = rows(*((f"2024-{m:02d}", m) for m in range(1, 13)), ("2025-01", 30), ("2025-02", "31.1"))
    assert points("annual_mean", months, 1) == [("2024", "6.5"), ("2025", "30.6")]  # 78 / 12; 61.1 / 2 = 30.55
    assert seen("annual_mean", months) == [(12, 12, True), (2, 12, False)]
    assert [one.ends for one in FORMULAS["annual_mean"].compute(months, 1)] == [date(2024, 12, 31), date(2025, 2, 28)]


def test_annual_mean_is_rounded_once_and_the_half_to_the_even():
    assert points("annual_mean", rows(("2024-01", "0.1"), ("2024-02", "0.2")), 1) == [("2024", "0.2")]  # 0.15
    assert points("annual_mean", rows(("2024-01", "0.2"), ("2024-02", "0.3")), 1) == [("2024", "0.2")]  # 0.25
    assert points("annual_mean", rows(("2024-01", "1"), ("2024-02", "1"), ("2024-03", "2")), 2) == [("2024", "1.33")]


def test_a_year_of_quarters_is_whole_with_four():
    quarters = rows(*((f"2024-Q{q}", 10 * q) for q in range(1, 5)))
    assert points("annual_mean", quarters) == [("2024", "25")]
    assert seen("annual_mean", quarters) == seen("yearly_sum", quarters) == [(4, 4, True)]


def test_latest_takes_each_value_as_stated():
    assert points("latest", rows(("2025-Q1", "13.14"), ("2025-Q2", "13.25")), 1) == [
        ("2025-Q1", "13.1"),
        ("2025-Q2", "13.2"),
    ]


def test_cumulative_adds_what_came_before_without_adding_the_rounding():
    assert points("cumulative", rows(("2024", "1.4"), ("2025", "1.4"), ("2026", "1.4"))) == [
        ("2024", "1"), ("2025", "3"), ("2026", "4"),
    ]  # fmt: skip


def test_yearly_sum_starts_anew_and_knows_what_is_missing():
    quarters = rows(("2024-Q1", 100), ("2024-Q2", 200), ("2024-Q3", 50), ("2024-Q4", "150.5"), ("2025-Q1", 70))
    assert points("yearly_sum", quarters, 1) == [("2024", "500.5"), ("2025", "70.0")]
    assert seen("yearly_sum", quarters) == [(4, 4, True), (1, 4, False)]
    assert seen("yearly_sum", rows(("2024", 5210))) == [(1, 1, True)]
    assert seen("yearly_sum", rows(("2024-01", 1))) == [(1, 12, False)]


def test_count_done_counts_from_the_day_each_is_done():
    day, later = date(2025, 3, 1), date(2025, 5, 1)
    assert points("count_done", items((later, 1), (day, 1), (None, 1), (day, 2))) == [
        ("2025-03-01", "3"), ("2025-05-01", "4"), ("2025-06-30", "4"),
    ]  # fmt: skip


def test_a_list_with_nothing_done_counts_nothing_and_no_list_counts_not_at_all():
    assert points("count_done", items((None, 1), (None, 1))) == [("2025-06-30", "0")]
    assert points("count_done", items()) == []


def share(*told) -> dict:
    return {"numerator": [row(p, n) for p, n, _ in told], "denominator": [row(p, d) for p, _, d in told]}


def test_share_of_the_same_period():
    told = share(("2025-Q1", 45, 60), ("2025-Q2", "2", "3"))
    assert points("share", told, 1) == [("2025-Q1", "75.0"), ("2025-Q2", "66.7")]
    assert [(one.part, one.whole) for one in FORMULAS["share"].compute(told, 1)] == [(45, 60), (2, 3)]
    told["denominator"].pop()
    assert points("share", told, 1) == [("2025-Q1", "75.0")]


def test_nothing_out_of_nothing_is_no_share():
    assert points("share", share(("2025-Q1", 0, 0), ("2025-Q2", 0, 4)), 1) == [("2025-Q1", None), ("2025-Q2", "0.0")]


@pytest.mark.parametrize(("stated", "shown"), [("99.6", "99"), ("99.999999", "99"), ("100", "100"), ("0.4", "0")])
def test_progress_is_cut_so_that_100_means_done(stated, shown):
    assert points("milestone", rows(("2025-03-31", stated))) == [("2025-03-31", shown)]


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
positive = st.decimals(min_value=0, max_value=10**9, places=3)
periods = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


def monthly(values):
    return st.lists(values, min_size=1, max_size=24).map(lambda told: rows(*zip(periods, told, strict=False)))


@given(monthly(amounts))
def test_a_mean_lies_between_the_least_and_the_most(inputs):
    for one in FORMULAS["annual_mean"].compute(inputs, 3):
        values = [row.value for row in inputs["series"] if str(row.ends.year) == one.period]
        assert min(values) <= one.value <= max(values)
        assert one.seen == len(values) <= one.of


@given(monthly(positive))
def test_a_running_total_of_amounts_never_falls_and_ends_in_their_sum(inputs):
    totals = [one.value for one in FORMULAS["cumulative"].compute(inputs, 3)]
    assert totals == sorted(totals)
    assert totals[-1] == sum(row.value for row in inputs["series"])
    assert sum(one.value for one in FORMULAS["yearly_sum"].compute(inputs, 3)) == totals[-1]


@given(st.lists(st.tuples(st.none() | st.dates(date(2024, 1, 1), date(2025, 6, 30)), st.integers(0, 9)), min_size=1))
def test_a_count_never_falls_and_holds_all_that_is_done(told):
    found = FORMULAS["count_done"].compute(items(*told), 0)
    assert [one.value for one in found] == sorted(one.value for one in found)
    assert [one.ends for one in found] == sorted({one.ends for one in found})
    assert found[-1].value == sum(value for day, value in told if day)


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=4))
def test_a_share_is_exact_and_has_no_value_over_nothing(told):
    inputs = share(*((f"2025-Q{n}", part, whole) for n, (part, whole) in enumerate(told, 1)))
    for one in FORMULAS["share"].compute(inputs, 2):
        assert (one.value is None) == (one.whole == 0)
        if one.whole:
            assert abs(Fraction(one.value) - Fraction(one.part) * 100 / Fraction(one.whole)) <= Fraction(1, 200)


@given(st.sampled_from(sorted(FORMULAS)), st.integers(0, 6))
def test_no_rows_no_points(formula, places):
    assert FORMULAS[formula].compute({"series": [], "numerator": [], "denominator": []}, places) == []


def measured(*told) -> dict:
    return {"series": [Finding(period, bounds(period, "month")[1], value and Fraction(value), days, seen, 1)
                       for period, value, days, seen in told]}  # fmt: skip


def test_a_measured_year_is_the_mean_of_its_days():
    told = measured(("2025-01", 30, 31, 1), ("2025-02", 10, 9, 0), ("2025-03", None, 0, 0))
    assert points("annual_mean", told, 1) == [("2025", "25.5")]  # (30 × 31 + 10 × 9) / 40
    assert seen("annual_mean", told) == [(1, 12, False)]


def test_a_measured_year_needs_enough_days_as_well_as_months():
    def year(days):
        return measured(*((f"2024-{m:02d}", 20, days, 1) for m in range(1, 13)))

    assert seen("annual_mean", year(27)) == [(12, 12, True)]  # 324 days
    assert seen("annual_mean", year(26)) == [(11, 12, False)]
    assert points("annual_mean", measured(("2024-01", None, 0, 0))) == [("2024", None)]


def test_how_many_days_a_year_needs_is_said_by_the_edition_of_its_last_day(monkeypatch):
    asked = []

    def limits(day):
        asked.append(day)
        return {"validity": {"year_days": 320}}

    monkeypatch.setattr(formulas, "limits", limits)
    told = measured(*((f"2031-{m:02d}", 20, 27 if m > 4 else 26, 1) for m in range(1, 13)))
    assert seen("annual_mean", told) == [(12, 12, True)] and asked == [date(2031, 12, 31)]


def test_what_was_assessed_is_rounded_once_and_keeps_its_parts():
    told = [Finding("2025-Q1", date(2025, 3, 31), Fraction(200, 3), 3, 3, 4, Fraction(2), Fraction(3)),
            Finding("2025-Q2", date(2025, 6, 30), None, 0, 0, 4, Fraction(0), Fraction(0))]  # fmt: skip
    first, second = FORMULAS["assessed"].compute({"series": told}, 1)
    assert (first.value, first.part, first.whole, first.seen, first.of) == (Decimal("66.7"), 2, 3, 3, 4)
    assert (second.value, second.complete) == (None, False)
