"""Years of ambient air, finished from the few rows that `assess.air.yearly` and `indices` leave: exact, rounded once.

References
----------
GB 3095, table 4; HJ 663: statistics, attainment, composite index, share of good days.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import ibis

from qingshan.standards import air as law
from qingshan.standards.editions import Edition
from qingshan.standards.editions import editions as law_editions
from qingshan.standards.rounding import round_gbt8170

from ..engines import once
from .air import YEARLY, Rules, concentrations, districts, good_days, indices, of_hours, yearly
from .exact import UNIT


@dataclass(frozen=True, slots=True)
class Item:
    """An item's year at a site: valid days, why it is incomplete ("" where it is not), its statistics beside their limits."""

    item: str
    days: int
    incomplete: str
    mean: Decimal
    percentile: Decimal
    statistics: tuple[law.Statistic, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A site's year. `attained` is None where an item is incomplete and no other one fails; `good_rate` [%]."""

    site: str
    year: int
    items: Mapping[str, Item]
    attained: bool | None
    composite: Decimal | None
    good: int
    counted: int
    good_rate: Decimal | None
    limits: Edition
    rules: Edition


@dataclass
class _Parts:
    """What is known of an item's year before it is finished."""

    months: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    totals: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # by the number of stations, in UNITs
    picks: dict[int, Fraction] = field(default_factory=dict)
    low: int = 0
    hundredths: int = 0

    @property
    def days(self) -> int:
        return sum(self.months.values())

    @cached_property
    def mean(self) -> Fraction:
        return sum(Fraction(total, stations * UNIT) for stations, total in self.totals.items()) / self.days

    @cached_property
    def percentile(self) -> Fraction:
        first = self.picks[self.low]
        return first + (self.picks.get(self.low + 1, first) - first) * Fraction(self.hundredths, 100)


def evaluated(
    connection: ibis.BaseBackend, hours: ibis.Table, rules: Rules, sites: ibis.Table | None = None
) -> list[Year]:
    """Years of all stations, and of the districts that `sites` (site, district) names, from their hours `side_by_side`."""
    days = once(connection, of_hours(hours, rules))
    found = _of_days(connection, days, rules)
    if sites is None:
        return found
    return found + _of_days(connection, once(connection, districts(days, sites, rules)), rules)


def _of_days(connection: ibis.BaseBackend, days: ibis.Table, rules: Rules) -> list[Year]:
    parts = (*yearly(days, rules), good_days(indices(concentrations(days), rules)))
    sums, picks, good = (connection.to_pyarrow(one).to_pylist() for one in parts)
    return _years(sums, picks, {(one["site"], one["year"]): (one["good"], one["counted"]) for one in good}, rules)


def finish(sums: Iterable[dict], picks: Iterable[dict], indices: Iterable[dict], rules: Rules) -> list[Year]:
    """Years by site from the rows of `yearly` and the days of `indices`, ordered by site and year."""
    return _years(sums, picks, _good_days(indices), rules)


def _years(sums: Iterable[dict], picks: Iterable[dict], good: Mapping, rules: Rules) -> list[Year]:
    parts = _parts(sums, picks)
    return [_year(site, year, parts[site, year], good.get((site, year), (0, 0)), rules) for site, year in sorted(parts)]


def _good_days(indices: Iterable[dict]) -> dict[tuple[str, int], tuple[int, int]]:
    found: dict = defaultdict(lambda: [0, 0])
    for row in indices:
        one = found[row["site"], row["day"].year]
        one[0] += row["published"] and row["aqi"] <= 100
        one[1] += row["published"]
    return {key: (good, counted) for key, (good, counted) in found.items()}


def _parts(sums: Iterable[dict], picks: Iterable[dict]) -> dict[tuple[str, int], dict[str, _Parts]]:
    found: dict = defaultdict(lambda: defaultdict(_Parts))
    for row in sums:
        one = found[row["site"], row["year"]][YEARLY[row["item"]]]
        one.months[row["month"]] += row["n"]
        one.totals[row["m"]] += row["s"]
    for row in picks:
        one = found[row["site"], row["year"]][YEARLY[row["item"]]]
        one.picks[row["rank"]] = Fraction(row["s"], row["m"] * UNIT)
        one.low, one.hundredths = row["low"], row["f"]
    return found


def _year(site: str, year: int, parts: Mapping[str, _Parts], days: tuple[int, int], rules: Rules) -> Year:
    last = date(year, 12, 31)
    limits, method = rules.limits_on(last), rules.evaluation_on(last)
    items = {name: _item(name, parts[name], method, limits) for name in law.ITEMS if name in parts}
    whole = [one for one in items.values() if not one.incomplete]
    fails = any(not told.attained for one in whole for told in one.statistics)
    good, counted = days
    return Year(
        site, year, items, False if fails else True if len(whole) == len(law.ITEMS) else None,
        _composite(items, parts, limits, method), good, counted,
        round_gbt8170(Fraction(100 * good, counted), 1) if counted else None, limits, method,
    )  # fmt: skip


def _item(name: str, parts: _Parts, method: Edition, limits: Edition) -> Item:
    exact = {"mean": parts.mean, "percentile": parts.percentile}
    told = tuple(
        law.held(name, kind, p, exact[kind], period, method, limits) for kind, p, period in method["annual"][name]
    )
    places = method["places"][name]
    return Item(
        name, parts.days, law.lacking(parts.months, limits), round_gbt8170(parts.mean, places),
        round_gbt8170(parts.percentile, places), told,
    )  # fmt: skip


def _composite(
    items: Mapping[str, Item], parts: Mapping[str, _Parts], limits: Edition, method: Edition
) -> Decimal | None:
    if len(items) < len(law.ITEMS):
        return None
    values = {name: getattr(parts[name], method["index_of"][name]) for name in law.ITEMS}
    return law.composite_index(values, limits, method)[0]


def statistics_of(sums: Iterable[dict], picks: Iterable[dict]) -> dict[tuple[str, int], dict[str, Fraction]]:
    """The exact statistic by which an item's years are followed (its mean, of CO and O3 the percentile), by site and year."""
    index_of = law_editions("hj663")[-1]["index_of"]
    return {
        key: {name: getattr(one, index_of[name]) for name, one in items.items()}
        for key, items in _parts(sums, picks).items()
    }
