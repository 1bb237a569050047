"""Against the State Council General Office's notices 关于部分节假日安排的通知, copied here as they say it:

2024: 2023-10-25, https://www.gov.cn/gongbao/2023/issue_10806/202311/content_6913823.html
2025: 2024-11-12, https://www.gov.cn/gongbao/2024/issue_11726/202411/content_6989767.html
2026: 2025-11-04, https://www.gov.cn/gongbao/2025/issue_12406/202511/content_7048922.html
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards.working_days import Unpublished, after, between, is_published, is_working_day, years

OFF = {  # first and last day of each holiday
    2024: ["01-01 01-01", "02-10 02-17", "04-04 04-06", "05-01 05-05", "06-10 06-10", "09-15 09-17", "10-01 10-07"],
    2025: ["01-01 01-01", "01-28 02-04", "04-04 04-06", "05-01 05-05", "05-31 06-02", "10-01 10-08"],
    2026: ["01-01 01-03", "02-15 02-23", "04-04 04-06", "05-01 05-05", "06-19 06-21", "09-25 09-27", "10-01 10-07"],
}
WORKED = {  # weekends that are worked
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}
published = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def notice(day: date) -> bool:
    """Whether the notices, read as they stand, make it a working day."""
    short = f"{day:%m-%d}"
    if any(first <= short <= last for first, last in map(str.split, OFF[day.year])):
        return False
    return day.weekday() < 5 or short in WORKED[day.year]


@pytest.mark.parametrize("year", OFF)
def test_every_day_of_a_year_is_as_its_notice_says(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in days if is_working_day(day) != notice(day)] == []


def test_counts_over_a_long_holiday():
    assert after(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert after(date(2025, 9, 30), 3) == date(2025, 10, 11)  # a Saturday, worked for the holiday
    assert between(date(2025, 9, 30), date(2025, 10, 13)) == 4
    assert between(date(2025, 10, 13), date(2025, 9, 30)) == -4
    assert after(date(2025, 10, 4), 0) == date(2025, 10, 4)


def test_a_year_not_yet_arranged_is_not_guessed():
    last = years()[1]
    with pytest.raises(Unpublished, match=f"{last + 1} 年的节假日安排尚未公布"):
        is_working_day(date(last + 1, 3, 3))
    with pytest.raises(Unpublished):
        after(date(last, 12, 30), 20)
    assert not is_published(last + 1) and is_published(last)
    assert not is_working_day(date(last + 1, 1, 1), provisional=True)  # by law, whatever the notice will add


def test_another_country_has_its_own_days():
    assert not is_working_day(date(2026, 12, 25), "GB") and is_working_day(date(2026, 12, 25), "CN")
    assert is_working_day(date(2040, 1, 3), "GB")
    with pytest.raises(NotImplementedError):
        is_working_day(date(2026, 1, 5), "ZZ")


def test_counting_back_is_refused():
    with pytest.raises(ValueError, match="-1"):
        after(date(2026, 1, 5), -1)


@given(published.filter(lambda day: day < date(2026, 6, 1)), st.integers(1, 60))
def test_the_nth_day_after_is_n_days_away_and_worked(day, n):
    found = after(day, n)
    assert between(day, found) == n and is_working_day(found)


@given(st.tuples(published, published, published).map(sorted))
def test_stretches_add_up(days):
    first, middle, last = days
    assert between(first, middle) + between(middle, last) == between(first, last)
