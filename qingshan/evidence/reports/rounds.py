"""The days of a round: which period it asks about, and when it opens, is due and locks, in working days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from qingshan.standards.working_days import after, is_published

Every = Literal["month", "quarter", "half"]
MONTHS = {"month": 1, "quarter": 3, "half": 6}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of round. opens, due, lock: the n-th working day after the period's last day; mend: working days after a
    report was sent back; since: the first day of the first period asked about."""

    code: str
    name: str
    name_en: str
    every: Every
    opens: int
    due: int
    lock: int
    mend: int
    since: date
    calendar: str = "CN"


@dataclass(frozen=True, slots=True)
class Days:
    """A round's period and days. provisional: one of them rests on holidays that are not published yet."""

    period: str
    starts: date
    ends: date
    opens_on: date
    due_on: date
    locks_on: date
    provisional: bool


def kind(told: Mapping[str, Any]) -> Kind:
    """A kind from its plain form."""
    return Kind(**{**told, "since": date.fromisoformat(told["since"])})


def plain(one: Kind) -> dict[str, Any]:
    """As a schedule keeps it."""
    return {name: getattr(one, name) for name in Kind.__slots__} | {"since": one.since.isoformat()}


def days(one: Kind, starts: date) -> Days:
    """The days of the round about the period that begins on `starts`."""
    ends = next_period(starts, one.every) - timedelta(days=1)
    found = [after(ends, n, one.calendar, provisional=True) for n in (one.opens, one.due, one.lock)]
    surely = all(is_published(day.year, one.calendar) for day in found)
    return Days(name_of(starts, one.every), starts, ends, *found, not surely)


def rounds_until(one: Kind, on: date, ends: date) -> Iterator[Days]:
    """The rounds of a kind that have opened by `on`, of periods that begin before the programme `ends`."""
    starts = first_of(one.since, one.every)
    while starts <= ends:
        found = days(one, starts)
        if found.opens_on > on:
            return
        yield found
        starts = next_period(starts, one.every)


def first_of(day: date, every: Every) -> date:
    """First day of the period in which a day lies."""
    step = MONTHS[every]
    return date(day.year, (day.month - 1) // step * step + 1, 1)


def next_period(starts: date, every: Every) -> date:
    place = starts.year * 12 + starts.month - 1 + MONTHS[every]
    return date(place // 12, place % 12 + 1, 1)


def name_of(starts: date, every: Every) -> str:
    """2026-07, 2026-Q3, 2026-H2."""
    part = (starts.month - 1) // MONTHS[every] + 1
    return {"month": f"{starts:%Y-%m}", "quarter": f"{starts.year}-Q{part}", "half": f"{starts.year}-H{part}"}[every]
