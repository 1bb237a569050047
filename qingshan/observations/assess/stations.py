"""Stations of ambient air as their pages tell them: days with their index, periods, hours of the day, what is missing.

References
----------
HJ 633 (days), HJ 663 (periods: means, the 95th percentile of CO and the 90th of ozone's daily value), by the day's editions.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from ibis import _

from qingshan.standards import air as law
from qingshan.standards.editions import Edition, edition
from qingshan.standards.rounding import round_gbt8170

from ..dense import SCALE, Field
from . import air
from .asking import Asked, flags
from .exact import ABSENT, UNIT
from .reports import first_day, told
from .unmonitored import MARK, Plans, Unmonitored, of_district, of_sites, spare

PERCENTILES = {"CO": 95, "O3": 90}
UNITS = dict.fromkeys(law.ITEMS, "μg/m³") | {"CO": "mg/m³"}


@dataclass(frozen=True, slots=True)
class Day:
    """A day's index. `values`: the concentrations it was made from; `aqi` is None where it may not be published. `unmonitored`: the
    pollutants it may lack, since the station's plan leaves them out."""

    day: date
    aqi: int | None
    primary: tuple[str, ...]
    values: Mapping[str, Decimal | None]
    unmonitored: tuple[str, ...] = ()

    @property
    def level(self):
        return None if self.aqi is None else law.level(self.aqi, edition("hj633", self.day))


@dataclass(frozen=True, slots=True)
class Period:
    """Some days of a station. `few` are the items with too few valid days for their month; `good_rate` [%]."""

    since: date
    until: date
    values: Mapping[str, Decimal | None]
    days: Mapping[str, int]
    few: tuple[str, ...]
    levels: tuple[int, ...]
    good_rate: Decimal | None
    composite: Decimal | None
    hours: int
    of_hours: int
    unmonitored: frozenset[str] = frozenset()

    @property
    def shown(self) -> dict[str, Decimal | str | None]:
        """The values; “/” of a pollutant that the station's plan leaves out."""
        return {
            item: MARK if value is None and item in self.unmonitored else value for item, value in self.values.items()
        }

    @property
    def composite_lacks(self) -> list[str]:
        """The items for want of which there is no composite index."""
        return law.composite_lacks(self.values)

    @property
    def counted(self) -> int:
        return sum(self.levels)

    @property
    def month(self) -> str:
        return f"{self.since:%Y-%m}"


@dataclass
class Station:
    """A station, or `of` stations taken together as one district."""

    days: list[Day] = field(default_factory=list)
    exact: dict[str, dict[date, Fraction]] = field(default_factory=lambda: defaultdict(dict))
    hours: dict[str, dict[date, int]] = field(default_factory=lambda: defaultdict(dict))
    diurnal: dict[tuple[int, str], dict[int, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    flags: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    of: int = 1

    @property
    def years(self) -> list[int]:
        return sorted({one.day.year for one in self.days})

    def between(self, since: date, until: date) -> list[Day]:
        return [one for one in self.days if since <= one.day <= until]

    def months(self, year: int) -> list[Period]:
        """The months of a year up to the last day there is."""
        last = self.days[-1].day
        spans = ((date(year, no, 1), date(year, no, monthrange(year, no)[1])) for no in range(1, 13))
        return [self.period(since, min(until, last)) for since, until in spans if since <= last]

    def period(self, since: date, until: date) -> Period:
        """The days from `since` to `until`, both included, by the editions of the last one; before any edition there are none."""
        rules = air.Rules.in_force()
        on = max(until, _first(rules))
        limits, method = rules.limits_on(on), rules.evaluation_on(on)
        found = {item: _within(self.exact[item], since, until) for item in law.ITEMS}
        exact = {item: _statistic(item, list(values.values())) for item, values in found.items()}
        judged = [one for one in self.between(since, until) if one.aqi is not None]
        levels = tuple(sum(one.level.no == no for one in judged) for no in range(1, 7))
        return Period(
            since, until, {item: _rounded(exact[item], method["places"][item]) for item in law.ITEMS},
            {item: len(values) for item, values in found.items()},
            tuple(item for item in law.ITEMS if _too_few(found[item], since, until, limits)), levels,
            _rounded(Fraction(100 * sum(levels[:2]), len(judged)) if judged else None, 1),
            None if law.composite_lacks(exact) else law.composite_index(exact, limits, method),
            sum(sum(_within(self.hours[item], since, until).values()) for item in law.ITEMS),
            self.of * 24 * len(law.ITEMS) * ((until - since).days + 1),
            frozenset(item for one in self.between(since, until) for item in one.unmonitored),
        )  # fmt: skip


def _within(days: Mapping[date, object], since: date, until: date) -> dict:
    return {day: value for day, value in days.items() if since <= day <= until}


def _statistic(item: str, values: list[Fraction]) -> Fraction | None:
    if not values:
        return None
    return law.percentile(values, PERCENTILES[item]) if item in PERCENTILES else sum(values) / len(values)


def _rounded(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else round_gbt8170(value, places)


def _too_few(values: Mapping[date, Fraction], since: date, until: date, limits: Edition) -> bool:
    """Whether a whole month of the period has fewer valid days than its evaluation asks."""
    rule, there = limits["validity"], defaultdict(int)
    for day in values:
        there[day.year, day.month] += 1
    return any(
        there[month] < rule["february_days" if month[1] == 2 else "month_days"] for month in _months(since, until)
    )


def _months(since: date, until: date) -> Iterable[tuple[int, int]]:
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    return ((one // 12, one % 12 + 1) for one in range(first, last + 1))


class Early(NamedTuple):
    """Days with hours of a station before there was any edition in force nationally, `first` on: how many, from when to when."""

    days: int
    since: date
    until: date
    first: date


def _first(rules: air.Rules) -> date:
    return first_day(rules.index, rules.limits, rules.evaluation)


def _hours(asked: Asked, rules: air.Rules) -> list[Field]:
    """The hours of the stations since there are editions to judge them by."""
    return asked.fields(air.GASES_AND_DUST, datetime.combine(_first(rules), time()))


@lru_cache(maxsize=8)
def early(asked: Asked) -> dict[str, Early]:
    """The stations with days that are kept and not judged, since they lie before every edition."""
    first, found = _first(air.Rules.in_force()), defaultdict(list)
    for one in asked.fields(air.GASES_AND_DUST, until=datetime.combine(first, time())):
        for place, day in np.argwhere((one.by_day > 0).any(axis=(1, 3))).tolist():
            found[one.sites[place]].append(one.first + timedelta(day))
    return {site: Early(len(days), min(days), max(days), first) for site, days in found.items()}


@lru_cache(maxsize=8)
def stations(asked: Asked, plans: Plans = ()) -> dict[str, Station]:
    """The stations by their code, those without any row since there are editions left out. `plans`: what they need not monitor."""
    found: dict[str, Station] = defaultdict(Station)
    rules = air.Rules.in_force()
    years = _hours(asked, rules)
    _fill(found, list(air.daily(years, rules)), rules, of_sites(plans))
    for one in years:
        _fill_diurnal(found, one)
    with asked.rows() as (connection, rows):
        for row in flags(connection, rows.filter(_.time >= datetime.combine(_first(rules), time()))):
            found[row["site"]].flags[row["year"]][row["flag"]] = row["n"]
    return {site: one for site, one in found.items() if one.days}


@lru_cache(maxsize=8)
def district(asked: Asked, plans: Plans = ()) -> Station | None:
    """The stations asked for as one district: their mean on each day with three quarters of them; None without any row.

    References
    ----------
    HJ 663-2013, 4.1 (M-H).
    """
    found: dict[str, Station] = defaultdict(lambda: Station(of=len(asked.sites)))
    rules, of = air.Rules.in_force(), dict.fromkeys(asked.sites, "all")
    together = [air.districts(days, of, rules) for days in air.daily(_hours(asked, rules), rules)]
    _fill(found, together, rules, of_district("all", asked.sites, plans))
    return found["all"] if found["all"].days else None


def _fill(found: Mapping[str, Station], years: Sequence[air.Days], rules: air.Rules, unmonitored: Unmonitored) -> None:
    """Days with their index, and the exact daily values they were made from."""
    days = [row for one in years for row in air.indices(one, rules).rows()]
    for row in spare(days, days, rules.index, unmonitored, law.items_of_day):
        found[row["site"]].days.append(_day(row))
    for one in years:
        _fill_exact(found, one)


def _fill_exact(found: Mapping[str, Station], days: air.Days) -> None:
    for item, name in air.YEARLY.items():
        values, stations = days.s[item], np.broadcast_to(days.stations(item), days.s[item].shape)
        for place, day in zip(*(one.tolist() for one in np.nonzero(days.n[item])), strict=True):
            station, on = found[days.sites[place]], days.dates[day]
            station.hours[name][on] = int(days.n[item][place, day])
            if values[place, day] != ABSENT:
                exact = Fraction(int(values[place, day]), int(stations[place, day]) * UNIT)
                station.exact[name][on] = exact


def _fill_diurnal(found: Mapping[str, Station], hours_of_year: Field) -> None:
    """The mean of each hour of the day over the year."""
    cells = hours_of_year.by_day
    counts = (cells > 0).sum(axis=2)
    totals = cells.sum(axis=2, dtype="int64") - counts * hours_of_year.mark
    for place, no, hour in zip(*(one.tolist() for one in np.nonzero(counts)), strict=True):
        item = hours_of_year.items[no]
        mean = Fraction(int(totals[place, no, hour]), int(counts[place, no, hour]) * SCALE)
        hours = found[hours_of_year.sites[place]].diurnal[hours_of_year.first.year, item]
        hours[hour] = round_gbt8170(mean, 2 if item == "CO" else 1)


def _day(row: dict) -> Day:
    values = {air.POLLUTANT[item]: row[f"c_{item}"] for item in air.YEARLY}
    exact = {
        item: None if one is None else Decimal(one).scaleb(-1 if item == "CO" else 0) for item, one in values.items()
    }
    unmonitored = tuple(air.POLLUTANT[item] for item in row.get("unmonitored", ()))
    if not row["published"]:
        return Day(row["day"], None, (), exact, unmonitored)
    return Day(row["day"], row["aqi"], tuple(row["primary"].split()), exact, unmonitored)


def editions_of(since: date, until: date) -> list[dict]:
    """The editions that hold on any day of a span, with the mark of their verification."""
    rules = air.Rules.in_force()
    known = (*rules.index, *rules.limits, *rules.evaluation)
    return [told(one) for one in known if one.since <= until and (one.until is None or one.until > since)]
