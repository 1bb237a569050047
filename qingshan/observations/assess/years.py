"""Years of ambient air, finished from what `assess.periods` finds of their daily values: exact, rounded once.

References
----------
GB 3095, table 4; HJ 663: statistics, attainment, composite index, share of good days.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from qingshan.standards import air as law
from qingshan.standards.editions import Edition
from qingshan.standards.editions import editions as law_editions
from qingshan.standards.rounding import round_gbt8170

from .air import YEARLY, Days, Index, Rules, districts, indices
from .periods import by_month, good, period


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


@dataclass(frozen=True, slots=True)
class Parts:
    """An item's year before it is rounded: valid days by month (1–12), their mean and percentile."""

    months: Mapping[int, int]
    mean: Fraction
    percentile: Fraction

    @property
    def days(self) -> int:
        return sum(self.months.values())


Known = Mapping[tuple[str, int], Mapping[str, Parts]]  # site, year → item
Good = Mapping[tuple[str, int], tuple[int, int]]  # site, year → good days, days whose index may be published


def evaluated(days: Iterable[Days], rules: Rules, of: Mapping[str, str | None] | None = None) -> Iterator[Year]:
    """Years of all stations, and of the districts that `of` (site → district) names, from their daily values."""
    for some in days:
        for one in (some, *([] if of is None else [districts(some, of, rules)])):
            yield from finish(parts(one, rules), good_days(indices(one, rules)), rules)


def percentiles_of(rules: Rules) -> dict[str, int]:
    """The percentile that is held against a limit, by daily item."""
    told = rules.evaluation[-1]["annual"]
    return {item: next(p for kind, p, limit in told[name] if kind == "percentile") for item, name in YEARLY.items()}


def parts(days: Days, rules: Rules) -> Known:
    """What the years of sites are made of, of the items that have a yearly evaluation."""
    found: dict[tuple[str, int], dict[str, Parts]] = defaultdict(dict)
    for item, p in percentiles_of(rules).items():
        whole = period(days, item, slice(0, days.count), p)
        for place, valid in enumerate(by_month(days, item)):
            if valid:
                found[days.sites[place], days.first.year][YEARLY[item]] = Parts(
                    valid, whole.mean(place), whole.percentile(place)
                )
    return found


def good_days(index: Index) -> Good:
    """How many good days each site has, and among how many that count."""
    told = good(index, slice(0, index.there.shape[1]))
    return {(site, index.first.year): of for site, *of in zip(index.sites, *told, strict=True)}


def finish(known: Known, good: Good, rules: Rules) -> list[Year]:
    """Years from their parts, ordered by site and year."""
    return [_year(site, year, known[site, year], good.get((site, year), (0, 0)), rules) for site, year in sorted(known)]


def _year(site: str, year: int, parts: Mapping[str, Parts], days: tuple[int, int], rules: Rules) -> Year:
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


def _item(name: str, parts: Parts, method: Edition, limits: Edition) -> Item:
    exact = {"mean": parts.mean, "percentile": parts.percentile}
    told = tuple(
        law.held(name, kind, p, exact[kind], period, method, limits) for kind, p, period in method["annual"][name]
    )
    values = {one.kind: one.value for one in told}
    values |= {kind: round_gbt8170(exact[kind], method["places"][name]) for kind in exact.keys() - values.keys()}
    return Item(name, parts.days, law.lacking(parts.months, limits), values["mean"], values["percentile"], told)


def _composite(
    items: Mapping[str, Item], parts: Mapping[str, Parts], limits: Edition, method: Edition
) -> Decimal | None:
    if law.composite_lacks(items):
        return None
    values = {name: getattr(parts[name], method["index_of"][name]) for name in law.ITEMS}
    return law.composite_index(values, limits, method)


def statistics_of(known: Known) -> dict[tuple[str, int], dict[str, Fraction]]:
    """The exact statistic by which an item's years are followed (its mean, of CO and O3 the percentile), by site and year."""
    index_of = law_editions("hj663")[-1]["index_of"]
    return {key: {name: getattr(one, index_of[name]) for name, one in items.items()} for key, items in known.items()}
