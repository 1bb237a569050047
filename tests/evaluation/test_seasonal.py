"""The model under the forecast: exact where the series is regular, in closed form where a table can check it."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evaluation import seasonal
from qingshan.evaluation.seasonal import Calibration, fit, ordinal, student4_cdf, student4_quantile


@pytest.mark.parametrize(("p", "t"), [(0.75, 0.741), (0.9, 1.533), (0.95, 2.132), (0.975, 2.776), (0.995, 4.604)])
def test_student_with_four_degrees_agrees_with_the_printed_table(p, t):
    assert student4_quantile(p) == pytest.approx(t, abs=5e-4)
    assert student4_quantile(1 - p) == pytest.approx(-t, abs=5e-4)


@given(st.floats(min_value=0.001, max_value=0.999))
def test_quantile_and_distribution_undo_each_other(p):
    assert student4_cdf(student4_quantile(p)) == pytest.approx(p, abs=1e-9)


def test_a_constant_series_is_expected_to_stay():
    ahead = fit({ordinal((2020 + y, m)): 30.0 for y in range(4) for m in range(1, 13)})
    assert [ahead.expected(ordinal((2024, m))) for m in (1, 6, 12)] == pytest.approx([30.0] * 3)


def test_a_season_that_repeats_is_expected_to_repeat():
    shape = [50, 40, 35, 30, 28, 24, 20, 18, 20, 26, 34, 46]
    months = {ordinal((2010 + y, m)): float(shape[m - 1]) for y in range(12) for m in range(1, 13)}
    ahead = fit(months)
    assert [ahead.expected(ordinal((2022, m))) for m in range(1, 13)] == pytest.approx(shape, rel=0.05)


def test_a_steady_fall_goes_on_but_fades():
    months = {ordinal((2014 + y, m)): 50 * 0.9 ** (y + (m - 1) / 12) for y in range(8) for m in range(1, 13)}
    ahead = fit(months)
    assert log(0.9) < ahead.slope < 0.8 * log(0.9)
    december = [ahead.expected(ordinal((year, 12))) for year in (2022, 2023, 2024)]
    falls = [later / earlier for earlier, later in zip(december, december[1:], strict=False)]
    assert falls[0] < falls[1] < 1


def test_twelve_months_tell_no_slope():
    assert fit({ordinal((2020, m)): 60.0 - m for m in range(1, 13)}).slope == 0


def test_a_calendar_month_never_seen_takes_the_profile():
    profile = (0.5,) + (0.0,) * 10 + (-0.5,)
    months = {ordinal((2020 + y, m)): 20.0 for y in range(2) for m in range(2, 12)}
    ahead = fit(months, profile)
    assert ahead.expected(ordinal((2022, 1))) > 1.4 * ahead.expected(ordinal((2022, 6)))


def test_one_month_is_enough_to_fit():
    assert fit({ordinal((2020, 5)): 7.0}).expected(ordinal((2020, 6))) == pytest.approx(7.0)


def test_zeros_are_small_not_endless():
    months = {ordinal((2020 + y, m)): 0.0 if m == 7 else 10.0 for y in range(3) for m in range(1, 13)}
    ahead = fit(months)
    assert 0 < ahead.expected(ordinal((2023, 7))) < 2
    assert 8 < ahead.expected(ordinal((2023, 6))) < 15


def test_nothing_but_zeros_does_not_fail():
    assert fit({ordinal((2020, m)): 0.0 for m in range(1, 13)}).expected(ordinal((2021, 1))) < 0.1


def test_missing_months_do_not_move_a_constant_series():
    months = {ordinal((2020 + y, m)): 25.0 for y in range(3) for m in range(1, 13) if (y, m) not in ((0, 3), (1, 8))}
    assert fit(months).expected(ordinal((2023, 3))) == pytest.approx(25.0)


SERIES = st.lists(st.floats(min_value=1, max_value=200), min_size=12, max_size=60)


@given(SERIES, st.floats(min_value=0.01, max_value=100))
def test_scaling_a_series_scales_what_is_expected(values, factor):
    plain = fit({24000 + i: v for i, v in enumerate(values)})
    scaled = fit({24000 + i: v * factor for i, v in enumerate(values)})
    at = 24000 + len(values) + 5
    assert scaled.expected(at) == pytest.approx(plain.expected(at) * factor, rel=1e-9)


@given(SERIES)
def test_the_years_of_a_series_have_no_names(values):
    early, late = ({start + i: v for i, v in enumerate(values)} for start in (22800, 24000))
    assert fit(early).expected(22800 + 70) == pytest.approx(fit(late).expected(24000 + 70), rel=1e-9)


def test_beyond_the_calibrated_months_the_width_grows_with_the_root_of_time():
    calibration = Calibration((), (0.1, 0.2), "test")
    assert [calibration.half_width(h) for h in (1, 2, 8)] == pytest.approx([0.1, 0.2, 0.4])


def test_a_short_history_is_wider():
    short, long = (fit(dict.fromkeys(range(n), 1.0)).width() for n in (12, 120))
    assert short == pytest.approx(2**0.5)
    assert 1 < long < 1.05


def test_damping_is_a_share_per_year():
    ahead = fit({i: exp(-i / 12) for i in range(48)})
    run = [log(ahead.expected(47 + 12 * n) / ahead.expected(47)) / ahead.slope for n in (1, 2)]
    assert run[1] == pytest.approx(run[0] * (1 + seasonal.DAMPING))


def test_a_gap_in_a_fall_is_filled_on_the_way_down():
    months = {ordinal((2014 + y, m)): 50 * 0.9 ** (y + (m - 1) / 12) for y in range(8) for m in range(1, 13)}
    missing = months.pop(ordinal((2021, 3)))
    assert fit(months).expected(ordinal((2021, 3))) == pytest.approx(missing, rel=0.03)
