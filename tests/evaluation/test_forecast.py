"""Forecasts of annual means and of counts: worked by hand, by property, and at their edges."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import exp, prod

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qingshan.evaluation import forecast
from qingshan.evaluation.forecast import (
    Allowed,
    AnnualForecast,
    Caution,
    Coming,
    Done,
    NotEnough,
    Slippage,
    annual_mean,
    assumed_longer,
    count,
    poisson_binomial,
)

SHAPE = [44, 36, 33, 30, 26, 22, 17, 16, 18, 23, 30, 41]  # a year of PM2.5 [µg/m³], mean 28


def years(first, last, factor=1):
    return {(y, m): Decimal(SHAPE[m - 1]) * factor for y in range(first, last + 1) for m in range(1, 13)}


def until(series, year, month):
    return {m: v for m, v in series.items() if m <= (year, month)}


def ask(series, **more):
    answer = annual_mean(series, **{"year": 2025, "target": Decimal(28), **more})
    assert isinstance(answer, AnnualForecast)
    return answer


# What is still allowed.


def test_allowed_remaining_by_hand():
    # January to September sum to 242; 12 × 28 = 336; the last three may sum to 94, which is 31.33 each.
    answer = ask(until(years(2020, 2025), 2025, 9))
    assert (answer.months_seen, answer.months_left) == (9, 3)
    assert answer.mean_so_far == Decimal("26.9")
    assert answer.allowed is Allowed.OPEN
    assert answer.allowed_remaining == Decimal("31.3")


def test_allowed_remaining_of_a_lower_bound_is_rounded_up():
    answer = ask(until(years(2020, 2025), 2025, 9), bound=">=")
    assert answer.allowed_remaining == Decimal("31.4")


def test_allowed_remaining_of_a_strict_bound_stays_clear_of_it():
    series = {**years(2020, 2024), **{(2025, m): Decimal("26.8") for m in range(1, 10)}}
    # 336 - 241.2 = 94.8, exactly 31.6 a month
    assert ask(series, bound="<=").allowed_remaining == Decimal("31.6")
    assert ask(series, bound="<").allowed_remaining == Decimal("31.5")
    assert ask(series, bound=">").allowed_remaining == Decimal("31.7")


def test_before_the_first_month_the_target_itself_is_allowed():
    answer = ask(years(2020, 2024))
    assert answer.mean_so_far is None
    assert answer.allowed_remaining == Decimal("28.0")


def test_allowed_remaining_takes_decimals_as_written():
    # A float sum of 0.1, 0.2 … would tip this: 11 × 0.1 + x = 12 × 0.1 allows exactly 0.1.
    series = {**years(2020, 2024), **{(2025, m): 0.1 for m in range(1, 12)}}
    assert ask(series, target=0.1).allowed_remaining == Decimal("0.1")


def test_a_target_already_overspent_is_unattainable():
    series = {**years(2020, 2024), **{(2025, m): 60 for m in range(1, 7)}}
    answer = ask(series)
    assert (answer.allowed, answer.allowed_remaining, answer.probability) == (Allowed.UNATTAINABLE, None, 0)


def test_a_target_spent_to_the_last_drop_allows_zero_but_a_strict_one_nothing():
    series = {**years(2020, 2024), **{(2025, m): 56 for m in range(1, 7)}}
    assert ask(series).allowed_remaining == Decimal("0.0")
    assert ask(series, bound="<").allowed is Allowed.UNATTAINABLE


def test_a_lower_bound_already_earned_is_assured():
    series = {**years(2020, 2024), **{(2025, m): 60 for m in range(1, 7)}}
    answer = ask(series, bound=">=")
    assert (answer.allowed, answer.probability) == (Allowed.ASSURED, 1)


def test_a_ceiling_makes_a_share_unattainable_or_assured():
    days = {(2024 + (i // 12), i % 12 + 1): Decimal(80) for i in range(18)}  # % of good days, six months of 2025
    assert ask(days, target=91, bound=">=", ceiling=100).allowed is Allowed.UNATTAINABLE
    assert ask(days, target=90, bound=">=", ceiling=100).allowed_remaining == Decimal("100.0")
    assert ask(days, target=90, bound="<=", ceiling=100).allowed is Allowed.ASSURED
    assert ask(days, target=90, bound="<", ceiling=100).allowed is Allowed.OPEN
    assert max(f.high for f in ask({m: Decimal(99) for m in days}, ceiling=100).fan) <= 100


def test_no_month_is_expected_above_its_ceiling():
    # Winters at the ceiling, summers rising: only the summers can still rise.
    good = {(y, m): Decimal(100 if m < 7 else 40 + 10 * (y - 2021)) for y in range(2021, 2025) for m in range(1, 13)}
    free, capped = ask(good), ask(good, ceiling=100)
    assert free.central > 90  # winters of 115 among them
    assert 80 < capped.central < 90


def test_without_a_target_nothing_is_said_of_it():
    answer = ask(years(2020, 2024), target=None)
    assert (answer.probability, answer.allowed, answer.allowed_remaining) == (None, Allowed.NO_TARGET, None)


@given(
    st.lists(st.integers(0, 900), min_size=1, max_size=11), st.integers(1, 600), st.sampled_from(["<=", "<", ">=", ">"])
)
def test_keeping_to_what_is_allowed_meets_the_target_and_one_step_more_does_not(tenths, goal, bound):
    seen = {(2025, m): Decimal(v) / 10 for m, v in enumerate(tenths, start=1)}
    target, left = Decimal(goal) / 10, 12 - len(seen)
    answer = ask({**years(2020, 2024), **seen}, target=target, bound=bound)
    assume(answer.allowed is Allowed.OPEN)
    step = Decimal("0.1") if bound.startswith("<") else Decimal("-0.1")
    kept, missed = (
        (sum(map(Fraction, seen.values())) + left * Fraction(answer.allowed_remaining + extra)) / 12
        for extra in (0, step)
    )
    meets = {"<=": Fraction.__le__, "<": Fraction.__lt__, ">=": Fraction.__ge__, ">": Fraction.__gt__}[bound]
    assert meets(kept, Fraction(target))
    assert not meets(missed, Fraction(target))


def test_weighing_by_days():
    series = {**years(2020, 2023), **{(2024, m): Decimal(10 if m == 2 else 40) for m in range(1, 13)}}
    # 2024 is a leap year: (337 × 40 + 29 × 10) / 366 = 37.62; month by month it is 37.5.
    assert ask(series, year=2024, places=2, by_days=True).central == Decimal("37.62")
    assert ask(series, year=2024, places=2).central == Decimal("37.50")
    # one 31-day month left: (28 × 366 - 335 × 28) / 31 = 28
    flat = {**years(2020, 2023), **{(2024, m): 28 for m in range(1, 12)}}
    assert ask(flat, year=2024, by_days=True).allowed_remaining == Decimal("28.0")


# The interval.


def test_all_months_seen_leaves_nothing_to_forecast():
    answer = ask(years(2020, 2025))
    assert answer.low == answer.central == answer.high == Decimal("28.0")
    assert (answer.allowed, answer.probability, answer.months_left) == (Allowed.DECIDED, 1, 0)
    assert ask(years(2020, 2025), bound="<").probability == 0


def test_the_half_goes_to_the_even_digit():
    series = {(2025, m): Decimal("0.25") for m in range(1, 13)}
    assert ask(series).central == Decimal("0.2")


def test_a_year_like_the_others_is_forecast_so():
    answer = ask(until(years(2018, 2025), 2025, 6))
    assert abs(answer.central - 28) < 1
    assert answer.low < 28 < answer.high


def test_the_fan_runs_from_the_year_in_progress_to_the_target_year():
    answer = ask(until(years(2018, 2025), 2025, 9), year=2027)
    assert [(f.year, f.months_seen, f.observed) for f in answer.fan] == [(2025, 9, "1–9"), (2026, 0, ""), (2027, 0, "")]
    widths = [f.high - f.low for f in answer.fan]
    assert widths == sorted(widths)
    assert answer.newest == (2025, 9)
    assert (answer.central, answer.low, answer.high) == (
        answer.fan[-1].central,
        answer.fan[-1].low,
        answer.fan[-1].high,
    )


def test_after_december_the_year_in_progress_is_the_next():
    assert [f.year for f in ask(years(2018, 2024), year=2026).fan] == [2025, 2026]


def test_a_past_year_is_forecast_without_looking_ahead():
    long = years(2018, 2023) | {(2024, m): Decimal(90) for m in range(1, 13)}
    assert ask(long, year=2023) == ask(years(2018, 2023), year=2023)


def test_gaps_are_estimated_and_said():
    series = until(years(2018, 2025), 2025, 9)
    series[2025, 3] = None
    del series[2021, 5]
    answer = ask(series)
    assert (answer.months_seen, answer.months_left) == (8, 4)
    assert answer.cautions == (Caution.GAPS_IN_YEAR,)
    assert answer.fan[0].observed == "1–2, 4–9"
    whole = ask(until(years(2018, 2025), 2025, 9))
    assert abs(answer.central - whole.central) < 1
    assert answer.high - answer.low > whole.high - whole.low


def test_few_years_widen_the_interval_and_say_so():
    short, long = ask(until(years(2024, 2025), 2025, 6)), ask(until(years(2015, 2025), 2025, 6))
    assert short.cautions == (Caution.SHORT_HISTORY,)
    assert long.cautions == ()
    assert short.high - short.low > long.high - long.low


def test_a_calendar_month_never_seen_is_said():
    series = {m: v for m, v in until(years(2020, 2025), 2025, 6).items() if m[1] != 11}
    assert Caution.UNSEEN_CALENDAR_MONTH in ask(series).cautions


def test_further_ahead_than_ever_tried_is_said():
    answer = ask(years(2015, 2024), year=2028)
    assert answer.cautions == (Caution.BEYOND_CALIBRATION,)
    assert ask(years(2015, 2024), year=2026).cautions == ()


@pytest.mark.parametrize("months", range(12))
def test_too_few_months_is_an_answer_with_the_two_numbers(months):
    series = dict(list(years(2024, 2024).items())[:months])
    answer = annual_mean(series, year=2025, target=28)
    assert answer == NotEnough(months, 12)
    assert str(months) in str(answer) and "12" in str(answer)


def test_months_after_the_year_do_not_make_it_enough():
    assert annual_mean(years(2024, 2025), year=2023) == NotEnough(0, 12)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"months": {(2025, 13): 1}}, "13"),
        ({"months": {(2025, 0): 1}}, "2025 年 0 月"),
        ({"months": {(2025, 3): -1}}, "-1"),
        ({"months": {(2025, 3): float("nan")}}, "nan"),
        ({"months": {(2025, 3): Decimal("Infinity")}}, "Infinity"),
        ({"bound": "≈"}, "≈"),
        ({"level": Decimal(1)}, "现为 1"),
        ({"ceiling": 0}, "现为 0"),
    ],
)
def test_what_cannot_be_is_refused_with_the_value(change, said):
    with pytest.raises(ValueError, match=said):
        annual_mean(**{"months": years(2020, 2024), "year": 2025, **change})


def test_zeros_are_values():
    answer = ask({m: Decimal(0) for m in years(2022, 2024)})
    assert answer.central == 0
    assert answer.probability == Decimal("0.99")


TENTHS = st.integers(min_value=10, max_value=1500).map(lambda v: Decimal(v) / 10)
HISTORY = st.lists(TENTHS, min_size=12, max_size=71)


def dated(values):
    return {(2020 + i // 12, i % 12 + 1): v for i, v in enumerate(values)}


@given(HISTORY, TENTHS, st.sampled_from(["<=", "<", ">=", ">"]))
def test_the_interval_holds_the_centre_and_never_falls_below_what_is_seen(values, target, bound):
    answer = ask(dated(values), target=target, bound=bound)
    for f in answer.fan:
        assert f.low <= f.central <= f.high
    seen = [v for (y, _), v in dated(values).items() if y == 2025]
    assert answer.low >= sum(seen, Decimal(0)) / 12 - Decimal("0.1")
    assert 0 <= answer.probability <= 1


@given(HISTORY, st.integers(1, 99), st.integers(1, 99))
def test_more_certainty_is_never_narrower(values, one, other):
    less, more = (ask(dated(values), level=Decimal(p) / 100) for p in sorted((one, other)))
    assert more.low <= less.low and less.high <= more.high
    assert more.central == less.central


@given(HISTORY, TENTHS, TENTHS)
def test_a_looser_target_is_never_less_likely(values, one, other):
    strict, loose = (ask(dated(values), target=t).probability for t in sorted((one, other)))
    assert strict <= loose


@given(HISTORY, TENTHS)
def test_meeting_an_upper_bound_is_missing_the_strict_lower_one(values, target):
    below, above = (ask(dated(values), target=target, bound=b).probability for b in ("<=", ">"))
    assert below + above == 1


@given(HISTORY, TENTHS, st.integers(50, 99))
def test_lower_data_never_raise_the_chance_of_exceeding(values, target, percent):
    high = dated(values)
    low = {m: v * percent / 100 for m, v in high.items()}
    assert ask(low, target=target).probability >= ask(high, target=target).probability
    assert ask(low).central <= ask(high).central


@given(st.lists(TENTHS, min_size=61, max_size=71), st.data())
def test_a_lower_month_of_this_year_never_raises_the_forecast(values, data):
    high = dated(values)
    month = data.draw(st.sampled_from([m for m in high if m[0] == 2025]))
    low = {**high, month: data.draw(st.integers(1, int(high[month] * 10)).map(lambda v: Decimal(v) / 10))}
    assert ask(low).central <= ask(high).central
    assert ask(low).probability >= ask(high).probability


@given(HISTORY, st.integers(2, 50))
def test_units_do_not_matter(values, factor):
    plain, scaled = dated(values), {m: v * factor for m, v in dated(values).items()}
    one, other = ask(plain, places=3), ask(scaled, places=3, target=28 * factor)
    assert other.probability == one.probability
    assert abs(other.central - one.central * factor) <= Decimal("0.001") * factor


@given(HISTORY)
def test_the_same_months_give_the_same_answer_in_any_order_and_type(values):
    series = dated(values)
    floats = {m: float(v) for m, v in reversed(series.items())}
    assert ask(series) == ask(floats)


# Counts.

TODAY = date(2025, 9, 30)


def test_what_is_still_to_do_by_hand():
    # 37 of 60 done, 12 of them in the last twelve months; from 30 September 2025 to 31 December 2026 are 457 days.
    old = [Done(date(2023, 5, 1)) for _ in range(25)]
    new = [Done(date(2025, 3, 1)) for _ in range(12)]
    answer = count(old + new, [], by=date(2026, 12, 31), today=TODAY, target=60)
    assert (answer.done, answer.to_finish, answer.unplanned) == (37, 23, 23)
    assert answer.needed_per_month == Decimal("1.6")  # 23 / (457 / 30.4375) = 1.532, rounded up
    assert answer.recent_per_month == Decimal("1.0")
    assert (answer.expected, answer.low, answer.high) == (Decimal("37.0"), 37, 37)
    assert answer.probability == 0


def test_a_target_reached_is_assured():
    answer = count([Done(TODAY)] * 3, [Coming(TODAY)], by=date(2026, 1, 1), today=TODAY, target=3)
    assert (answer.allowed, answer.probability, answer.to_finish) == (Allowed.ASSURED, 1, 0)
    assert answer.needed_per_month == 0


def test_after_the_deadline_it_is_decided():
    answer = count([Done(TODAY)], [Coming(TODAY)], by=TODAY, today=TODAY, target=2)
    assert (answer.allowed, answer.probability, answer.needed_per_month) == (Allowed.DECIDED, 0, None)
    assert answer.low == answer.high == 1


def test_nothing_known_yet_uses_the_assumption():
    by, planned = date(2026, 3, 29), date(2025, 9, 30) + timedelta(1)
    answer = count([], [Coming(planned)], by=by, today=TODAY, target=1)
    wait, end = (TODAY - planned).days, (by - planned).days
    mass = forecast.PRIOR_ITEMS * assumed_longer(wait)
    # one unfinished item, not yet due: it has waited, and nothing else is known
    expected = 1 - assumed_longer(end) * (1 + 1 / mass) / ((mass + 1) / forecast.PRIOR_ITEMS)
    late = Slippage.learn([], [planned], TODAY)
    assert late.longer(end) == pytest.approx(assumed_longer(end) * 5 / 6 * (1 + 1 / mass))
    assert float(answer.probability) == pytest.approx(expected, abs=0.006)


def test_the_assumption_is_half_on_time_and_180_days_late_on_average_otherwise():
    assert assumed_longer(0) == 0.5
    assert assumed_longer(180) == pytest.approx(0.5 * exp(-1))
    assert assumed_longer(-30) == pytest.approx(1 - 0.5 * exp(-1))


def slips(*days):
    return [Done(date(2024, 1, 1) + timedelta(d), date(2024, 1, 1)) for d in days]


def test_late_finishers_make_a_late_forecast():
    pipeline, about = [Coming(date(2025, 12, 1))] * 10, {"by": date(2025, 12, 31), "today": TODAY, "target": 25}
    punctual, tardy = count(slips(*[0] * 20), pipeline, **about), count(slips(*[200] * 20), pipeline, **about)
    assert punctual.probability > Decimal("0.95") and tardy.probability < Decimal("0.05")
    assert punctual.expected > tardy.expected
    assert (punctual.days_late, tardy.days_late) == (0, 200)


def test_without_an_assumption_and_without_waiting_the_share_is_the_empirical_one(monkeypatch):
    monkeypatch.setattr(forecast, "PRIOR_ITEMS", 0)
    late = Slippage.learn(slips(-10, 0, 30, 90), [], TODAY)
    assert [late.longer(d) for d in (-11, -10, 0, 29, 30, 90)] == [1, 0.75, 0.5, 0.5, 0.25, 0]


def test_without_an_assumption_waiting_items_count_as_kaplan_and_meier_have_it(monkeypatch):
    monkeypatch.setattr(forecast, "PRIOR_ITEMS", 0)
    late = Slippage.learn(slips(10, 40, 60), [TODAY - timedelta(20)], TODAY)
    # of 4 one ends at 10 (3/4); one leaves at 20; of 2 one ends at 40 (3/4 × 1/2)
    assert [late.longer(d) for d in (5, 10, 25, 40, 60)] == pytest.approx([1, 0.75, 0.75, 0.375, 0])


def test_items_long_overdue_teach_lateness():
    fresh = Slippage.learn(slips(0, 0), [TODAY + timedelta(30)] * 5, TODAY)
    stuck = Slippage.learn(slips(0, 0), [TODAY - timedelta(300)] * 5, TODAY)
    assert stuck.longer(100) > fresh.longer(100)


def test_undated_and_suspended_items_are_not_counted_on():
    pipeline = [Coming(None), Coming(date(2025, 10, 1), suspended=True)]
    answer = count([], pipeline, by=date(2030, 1, 1), today=TODAY, target=2)
    assert (answer.expected, answer.unplanned) == (0, 2)


def test_an_item_finished_later_was_still_to_come():
    later = Done(date(2026, 2, 1), date(2026, 1, 1))
    about = {"by": date(2026, 12, 31), "today": TODAY, "target": 1}
    assert count([later], [], **about) == count([], [Coming(date(2026, 1, 1))], **about)


CHANCES = st.lists(st.floats(0, 1), max_size=7)


@given(CHANCES)
def test_the_distribution_is_that_of_every_outcome_counted(chances):
    brute = [0.0] * (len(chances) + 1)
    for outcome in product((0, 1), repeat=len(chances)):
        brute[sum(outcome)] += prod(p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True))
    assert poisson_binomial(chances) == pytest.approx(brute, abs=1e-12)


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
DONE = st.lists(st.builds(Done, st.dates(date(2020, 1, 1), TODAY), st.none() | DAYS), max_size=8)
COMING = st.lists(st.builds(Coming, st.none() | DAYS, st.booleans()), max_size=8)


@given(DONE, COMING, DAYS, st.integers(0, 20), st.integers(50, 99))
def test_a_count_lies_between_what_is_done_and_what_could_be(history, pipeline, by, target, percent):
    answer = count(history, pipeline, by=by, today=TODAY, target=target, level=Decimal(percent) / 100)
    assert len(history) <= answer.low <= answer.high <= len(history) + len(pipeline)
    assert answer.low - 1 <= answer.expected <= answer.high + 1
    assert 0 <= answer.probability <= 1
    assert answer.to_finish == max(0, target - len(history))


@given(DONE, COMING, DAYS, DAYS, st.integers(0, 12))
def test_a_later_deadline_and_a_lower_target_are_never_less_likely(history, pipeline, one, other, target):
    soon, late = sorted((one, other))
    base = count(history, pipeline, by=soon, today=TODAY, target=target)
    assert count(history, pipeline, by=late, today=TODAY, target=target).probability >= base.probability
    assert count(history, pipeline, by=soon, today=TODAY, target=max(0, target - 1)).probability >= base.probability


def test_a_thousand_items_are_no_trouble():
    history = [Done(date(2024, 1, 1) + timedelta(i % 400), date(2024, 1, 1)) for i in range(1000)]
    pipeline = [Coming(date(2025, 1, 1) + timedelta(i)) for i in range(1000)]
    answer = count(history, pipeline, by=date(2026, 12, 31), today=date(2025, 6, 30), target=1500)
    assert 1000 < answer.low < answer.high < 2000


def test_the_year_in_progress_says_what_its_other_months_may_average_though_the_target_is_a_later_year():
    months = years(2018, 2024) | {(2025, m): Decimal(30) for m in range(1, 10)}
    first, second = ask(months, year=2026, target=28).fan
    assert first.allowed_remaining == (12 * 28 - 9 * 30) / Decimal(3)
    assert second.allowed_remaining is None  # no month of it is seen: the target itself
