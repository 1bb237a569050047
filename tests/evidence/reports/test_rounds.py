from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evidence.reports.rounds import Kind, days, first_of, kind, name_of, next_period, plain, rounds_until

QUARTER = Kind("q", "季度", "Quarter", "quarter", 1, 8, 13, 3, date(2025, 2, 14))


@pytest.mark.parametrize(
    ("every", "starts", "name"),
    [
        ("month", date(2026, 7, 1), "2026-07"),
        ("quarter", date(2026, 7, 1), "2026-Q3"),
        ("half", date(2026, 7, 1), "2026-H2"),
    ],
)
def test_periods_have_names(every, starts, name):
    assert name_of(starts, every) == name and first_of(starts, every) == starts


def test_days_are_counted_over_the_national_holidays():
    found = days(QUARTER, date(2025, 7, 1))
    assert (found.opens_on, found.due_on, found.locks_on) == (date(2025, 10, 9), date(2025, 10, 17), date(2025, 10, 24))
    assert not found.provisional


def test_another_country_counts_its_own_days():
    found = days(replace(QUARTER, calendar="GB"), date(2025, 7, 1))
    assert (found.opens_on, found.due_on) == (date(2025, 10, 1), date(2025, 10, 10))


def test_days_that_rest_on_holidays_not_yet_published_say_so():
    assert days(QUARTER, date(2089, 7, 1)).provisional


def test_rounds_begin_with_the_period_of_the_first_day_and_end_with_the_programme():
    names = [one.period for one in rounds_until(QUARTER, date(2027, 1, 1), date(2025, 12, 31))]
    assert names == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert [one.period for one in rounds_until(QUARTER, date(2025, 10, 8), date(2025, 12, 31))] == [
        "2025-Q1",
        "2025-Q2",
    ]


def test_a_kind_survives_being_kept():
    assert kind(plain(QUARTER)) == QUARTER


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["month", "quarter", "half"]))
def test_every_day_lies_in_just_one_period(day, every):
    starts = first_of(day, every)
    assert starts <= day < next_period(starts, every)
    assert first_of(starts - timedelta(days=1), every) < starts
