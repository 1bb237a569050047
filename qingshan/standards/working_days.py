"""Working days: weekdays that are no public holiday, and the weekends that are worked to make up for one.

A calendar is only as good as what has been published. China's days off and make-up weekends are arranged a year at a time;
a day of a year not yet arranged raises Unpublished, unless the caller says `provisional=True` and tells its reader so: then
the holidays fixed by law count, and no make-up weekend.

References
----------
全国年节及纪念日放假办法 (国务院令第795号, in force since 2025-01-01); the State Council General Office's yearly notice
关于部分节假日安排的通知, as kept by the `holidays` library, which names the notice of each year.
"""

from datetime import date, timedelta
from functools import cache

import holidays
from holidays.countries.china import ChinaStaticHolidays

DAY = timedelta(days=1)
ARRANGED = {"CN": ChinaStaticHolidays.special_public_holidays}  # by country: what is arranged year by year


class Unpublished(ValueError):
    """A day of a year whose days off have not been published. Says so in Chinese and in English."""

    def __init__(self, day: date, first: int, last: int):
        self.zh = (
            f"{day.year} 年的节假日安排尚未公布或不在历表内（现有 {first}—{last} 年），{day} 是不是工作日还不能确定。"
        )
        self.en = f"The holidays of {day.year} are not published or not in the calendar (which has {first} to {last}); whether {day} is a working day cannot be told yet."
        super().__init__(self.zh)


def is_working_day(day: date, country: str = "CN", *, provisional: bool = False) -> bool:
    """Whether offices work on `day`. Raises Unpublished, and NotImplementedError for a country without a calendar."""
    if not provisional and not is_published(day.year, country):
        raise Unpublished(day, *years(country))
    return _calendar(country, day.year).is_working_day(day)


def after(day: date, n: int, country: str = "CN", *, provisional: bool = False) -> date:
    """The `n`-th working day after `day`; `day` itself does not count. 0 is `day`, whether it is worked or not."""
    if n < 0:
        raise ValueError(f"working days are counted forward, not {n}")
    while n:
        day += DAY
        n -= is_working_day(day, country, provisional=provisional)
    return day


def between(first: date, last: date, country: str = "CN", *, provisional: bool = False) -> int:
    """How many working days lie after `first` up to and including `last`; below zero where `last` is the earlier one."""
    if last < first:
        return -between(last, first, country, provisional=provisional)
    days = (first + DAY * n for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, country, provisional=provisional) for day in days)


def is_published(year: int, country: str = "CN") -> bool:
    """Whether the days off of a year are known; where nothing is arranged year by year, the law alone tells."""
    first, last = years(country)
    return first <= year <= last


def years(country: str = "CN") -> tuple[int, int]:
    """First and last year whose days off are known."""
    if country in ARRANGED:
        return min(ARRANGED[country]), max(ARRANGED[country])
    return date.min.year, date.max.year


def has_calendar(country: str) -> bool:
    """Whether the holidays of a country are known here at all."""
    return country in holidays.list_supported_countries()


@cache
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    """The year with its neighbours: a weekend in December may be worked for a holiday in January."""
    return holidays.country_holidays(country, years=(year - 1, year, year + 1), expand=False)
