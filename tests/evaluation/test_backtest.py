"""The back-test: no leak, honest arithmetic, and the figures asked of it on the published series."""

from decimal import Decimal
from statistics import fmean, median

import pytest

from qingshan.evaluation import seasonal
from qingshan.evaluation.backtest import (
    LONGEST,
    Trial,
    _quantile,
    beyond_year,
    calibrate,
    figures,
    misses,
    run,
    trials_of,
    whole_years,
    within_year,
    year_shape,
)
from qingshan.evaluation.backtest_report import by
from qingshan.evaluation.calibrated import DEFAULT
from qingshan.evaluation.importing import read_monthly
from qingshan.evaluation.seasonal import fit, ordinal
from tests.shared import shared

SHAPE = [50, 40, 35, 30, 28, 24, 20, 18, 20, 26, 34, 46]
LEVELS = {2015: 1.0, 2016: 0.9, 2017: 0.95, 2018: 0.8, 2019: 0.85, 2020: 0.6}


def made(scale=1.0, levels=LEVELS):
    return {(y, m): SHAPE[m - 1] * scale * level for y, level in levels.items() for m in range(1, 13)}


def trial(**more):
    return Trial(
        **{
            "district": "a",
            "year": 2020,
            "seen": 6,
            "outcome": 30.0,
            "central": 32.0,
            "low": 31.0,
            "high": 33.0,
            "last_year": 35.0,
            "so_far": 29.0,
            **more,
        }
    )


# Arithmetic.


def test_a_trial_knows_its_errors():
    t = trial()
    assert (t.left, t.covered, t.error, t.last_year_error, t.so_far_error) == (6, False, 2, 5, 1)
    assert trial(low=30.0).covered and trial(outcome=33.0).covered


def test_with_no_month_seen_only_last_year_is_there_to_be_naive_with():
    assert trial(seen=0, so_far=None).so_far_error == 5


def test_figures_by_hand():
    found = figures([trial(central=30.0 + e, low=low) for e, low in ((1, 30.0), (2, 31.0), (6, 30.0), (7, 31.0))])
    assert (found.trials, found.coverage, found.error) == (4, 0.5, 4)
    assert (found.last_year, found.so_far, found.naive, found.ratio) == (5, 1, 1, 4)


def test_the_quantile_is_linear_between_values():
    assert [_quantile([1.0, 2.0, 4.0], p) for p in (0, 0.25, 0.5, 0.75, 1)] == [1, 1.5, 2, 3, 4]


def test_whole_years_have_twelve_months():
    series = made()
    del series[2017, 8]
    assert whole_years(series) == [2015, 2016, 2018, 2019, 2020]


def test_the_shape_of_a_year_is_the_mean_of_log_distances():
    shape = year_shape({"a": made(), "b": made(3)}, {2016, 2018})
    logs = [value for _, value in sorted(seasonal.logs({i: float(v) for i, v in enumerate(SHAPE)}).items())]
    assert shape == pytest.approx([v - fmean(logs) for v in logs])


def test_a_miss_is_that_of_the_forecast_made_at_its_origin():
    series, profile = made(), year_shape({"a": made()}, {2016})
    found = [m for m in misses(series, {2018}, profile) if m.horizon == 4]
    known = {ordinal(m): v for m, v in series.items() if m <= (2018, 8)}
    ahead = fit(known, profile)
    came = sum(series[2018, m] for m in range(9, 13))
    expected = sum(ahead.expected(ordinal((2018, m))) for m in range(9, 13))
    assert [m.year for m in found] == [2018]
    assert found[0].size == pytest.approx(abs(seasonal.log(came / expected)) / (1 + 12 / 44) ** 0.5)


def test_misses_reach_from_one_month_to_two_years():
    found = sorted(m.horizon for m in misses(made(), {2019}, (0.0,) * 12))
    assert found == list(range(1, LONGEST + 1))


def test_naive_forecasts_know_no_more_than_the_origin():
    calibration = calibrate({"a": made()}, years={2017, 2018, 2019}, source="test")
    series = made()
    found = {t.seen: t for t in trials_of("a", series, 2020, calibration, Decimal("0.80"))}
    assert sorted(found) == list(range(-11, 12))
    year = {y: fmean(series[y, m] for m in range(1, 13)) for y in (2018, 2019, 2020)}
    assert found[0].last_year == found[5].last_year == pytest.approx(year[2019])
    assert found[-1].last_year == found[-11].last_year == pytest.approx(year[2018])
    assert found[0].so_far is None and found[-3].so_far is None
    assert found[2].so_far == pytest.approx((series[2020, 1] + series[2020, 2]) / 2)
    assert {t.outcome for t in found.values()} == {year[2020]}


# No leak.


def bent(series, change):
    return {name: {m: change(m, v) for m, v in one.items()} for name, one in series.items()}


def test_the_year_tested_teaches_nothing():
    """Whatever happens in the months still to come, the forecast and its interval stay what they were."""
    series = {"a": made(), "b": made(1.3)}
    wild = bent(series, lambda m, v: v * 5 if m >= (2020, 7) else v)
    same = [(t.district, t.seen, t.central, t.low, t.high) for t in run(series) if t.year == 2020 and t.seen <= 6]
    after = [(t.district, t.seen, t.central, t.low, t.high) for t in run(wild) if t.year == 2020 and t.seen <= 6]
    assert same == after
    assert len(same) == 36


def test_other_years_do_teach():
    series = {"a": made(), "b": made(1.3)}
    wild = bent(series, lambda m, v: v * 5 if m >= (2020, 7) else v)
    widths = [[t.high - t.low for t in run(s) if t.year == 2019 and t.seen == 6] for s in (series, wild)]
    assert all(after > before for before, after in zip(*widths, strict=True))


def test_earlier_years_only_means_no_later_year_either():
    series = {"a": made(), "b": made(1.3)}
    wild = bent(series, lambda m, v: v * 5 if m >= (2019, 1) else v)
    one, other = ([t for t in run(s, earlier_only=True) if t.year <= 2018] for s in (series, wild))
    assert one == other
    assert {t.year for t in one} == {2017, 2018}


def test_teachers_may_be_other_districts():
    tested = {"a": made()}
    calm, wild = {"b": made(1.3)}, {"c": made(levels={y: v if y % 2 else v * 3 for y, v in LEVELS.items()})}
    narrow, wide = (
        median(t.high - t.low for t in run(tested, teachers=teachers) if t.seen == 6) for teachers in (calm, wild)
    )
    assert narrow < wide


def test_nothing_whole_to_learn_from_is_said():
    with pytest.raises(ValueError, match="完整年份"):
        calibrate({"a": {(2020, m): 1.0 for m in range(1, 12)}}, years={2020}, source="test")
    assert run({"a": {(2020, m): 1.0 for m in range(1, 12)}}) == []


def test_a_gap_does_not_stop_the_test():
    series = made()
    del series[2017, 8]
    assert {t.year for t in run({"a": series})} == {2016, 2018, 2019, 2020}


# The published series.

TABLE = "data/air/shanghai_districts_monthly_2014-07_2025-09.csv"


@pytest.fixture(scope="module")
def published():
    table = read_monthly(shared(TABLE), "pm25_ugm3")
    return {name: {m: float(v) for m, v in one.items()} for name, one in table.items()}


@pytest.fixture(scope="module")
def trials(published):
    return run(published)


def test_the_interval_holds_what_was_asked(trials):
    within = within_year(trials)
    assert len(within) == 13 * 9 * 12
    assert 0.75 <= figures(within).coverage <= 0.88
    assert min(f.coverage for f in by(within, "left").values()) >= 0.65


def test_the_median_error_is_well_below_half_the_better_naive(trials):
    assert figures(within_year(trials)).ratio <= 0.30


def test_past_the_end_of_the_year_in_progress(trials):
    found = figures(beyond_year(trials))
    assert found.coverage >= 0.65
    assert found.error <= found.last_year
    assert min(f.coverage for f in by(beyond_year(trials), "left").values()) >= 0.65


def test_it_holds_for_districts_that_taught_nothing(published):
    names = sorted(published)
    tested, teachers = (
        {n: published[n] for n in part} for part in (names[::3], [n for n in names if n not in names[::3]])
    )
    assert_bars(run(tested, teachers=teachers))


def test_it_holds_for_one_district_alone(published):
    assert_bars(run({"one": published[min(published)]}))


@pytest.mark.parametrize(
    ("constant", "value"),
    [
        ("MEMORY", 0.85),
        ("MEMORY", 0.93),
        ("STEADY_YEARS", 1.5),
        ("DAMPING", 0.6),
        ("YEAR_ON_YEAR_MEMORY", 0.8),
        ("PROFILE_YEARS", 3.0),
    ],
)
def test_the_verdict_does_not_hang_on_a_constant(published, monkeypatch, constant, value):
    monkeypatch.setattr(seasonal, constant, value)
    assert_bars(run({name: published[name] for name in sorted(published)[1::6]}))


def assert_bars(trials):
    within, beyond = figures(within_year(trials)), figures(beyond_year(trials))
    assert 0.75 <= within.coverage <= 0.88
    assert min(f.coverage for f in by(within_year(trials), "left").values()) >= 0.65
    assert within.ratio <= 0.5
    assert beyond.coverage >= 0.65 and beyond.error <= beyond.last_year


def test_the_default_calibration_is_what_the_published_series_teach(published):
    years = {y for one in published.values() for y in whole_years(one)}
    taught = calibrate(published, years=years, source=DEFAULT.source)
    assert DEFAULT.profile == pytest.approx(taught.profile, abs=5.1e-5)
    assert DEFAULT.spread == pytest.approx(taught.spread, abs=5.1e-5)
