"""Months of ambient air: means, the percentiles of CO and ozone, good days, from the daily values of stations or districts.

References
----------
HJ 663 (statistics), GB 3095, table 4 (27 valid days a month, 25 in February); HJ 633 of each day (good days).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from qingshan.standards import air as law
from qingshan.standards.editions import Edition
from qingshan.standards.rounding import round_gbt8170

from . import periods
from .air import YEARLY, Days, Index, Rules
from .results import last_day
from .stations import PERCENTILES

Good = Mapping[tuple[str, str], tuple[int, int]]  # site, month → good days, days whose index may be published


@dataclass(frozen=True, slots=True)
class Month:
    """A site's month. `values`: mean, of CO and O3 the percentile; `days`: valid days by item, of `of` days; `few`: items with too few of
    them; `good` of `counted` days with an index; `good_rate` [%]."""

    site: str
    month: str
    values: Mapping[str, Decimal]
    days: Mapping[str, int]
    of: int
    few: tuple[str, ...]
    good: int
    counted: int
    good_rate: Decimal | None
    composite: Decimal | None
    limits: Edition
    rules: Edition


def finish(days: Days, good: Good, rules: Rules) -> list[Month]:
    """The months of sites from their daily values, ordered by site and month."""
    made = []
    for number, part in periods.months(days.first, days.count):
        month, there = f"{days.first.year}-{number:02}", days.there[:, part].any(axis=1)
        found = {name: periods.period(days, item, part, PERCENTILES.get(name)) for item, name in YEARLY.items()}
        for place in np.flatnonzero(there).tolist():
            site = days.sites[place]
            made.append(_month(site, month, found, place, good.get((site, month), (0, 0)), rules))
    return sorted(made, key=lambda one: (one.site, one.month))


def good_days(index: Index) -> Good:
    """How many good days each site has in each month, and among how many that count."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for number, part in periods.months(index.first, index.there.shape[1]):
        told = zip(index.sites, *periods.good(index, part), strict=True)
        found |= {(site, f"{index.first.year}-{number:02}"): tuple(of) for site, *of in told}
    return found


def _month(
    site: str, month: str, found: Mapping[str, periods.Period], place: int, good: tuple[int, int], rules: Rules
) -> Month:
    last = last_day(month)
    limits, method = rules.limits_on(last), rules.evaluation_on(last)
    there = {item: found[item].days[place] for item in law.ITEMS}
    exact = {item: _exact(found[item], place) for item in law.ITEMS if there[item]}
    return Month(
        site, month, {item: round_gbt8170(one, method["places"][item]) for item, one in exact.items()}, there, last.day,
        tuple(item for item in law.ITEMS if there[item] < _least(last, limits)), *good,
        round_gbt8170(Fraction(100 * good[0], good[1]), 1) if good[1] else None,
        None if law.composite_lacks(exact) else law.composite_index(exact, limits, method), limits, method,
    )  # fmt: skip


def _exact(one: periods.Period, place: int) -> Fraction:
    return one.mean(place) if one.picks is None else one.percentile(place)


def _least(last: date, limits: Edition) -> int:
    return limits["validity"]["february_days" if last.month == 2 else "month_days"]
