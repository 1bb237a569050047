"""Months of ambient air: means, the percentiles of CO and ozone, good days, from the daily values of stations or districts.

References
----------
HJ 663 (statistics), GB 3095, table 4 (27 valid days a month, 25 in February); HJ 633 of each day (good days).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import ibis
from ibis import _

from qingshan.standards import air as law
from qingshan.standards.editions import Edition
from qingshan.standards.rounding import round_gbt8170

from .air import YEARLY, Rules
from .exact import UNIT
from .results import last_day
from .stations import PERCENTILES


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


def monthly(days: ibis.Table) -> tuple[ibis.Table, ibis.Table]:
    """What months are made of. sums: site, item, month, m → n days and their sum s. picks: the two daily values between which the
    percentile lies, as `air.yearly` has them for years."""
    rows = days.filter(_.s.notnull(), _.item.isin(list(YEARLY))).mutate(month=_.day.strftime("%Y-%m"))
    sums = rows.group_by("site", "item", "month", "m").aggregate(n=_.count(), s=_.s.sum().cast("int64"))
    some = rows.filter(_.item.isin([item for item, name in YEARLY.items() if name in PERCENTILES]))
    key = ["site", "item", "month"]
    ranked = some.mutate(
        rank=ibis.row_number().over(group_by=key, order_by=_.s.cast("float64") / _.m), of=_.count().over(group_by=key),
        p=ibis.cases(*((_.item == item, PERCENTILES[name]) for item, name in YEARLY.items() if name in PERCENTILES)).cast("int64"),
    ).mutate(k=(_.of - 1) * _.p)  # fmt: skip
    picked = ranked.mutate(low=_.k // 100, f=_.k % 100).filter((_.rank == _.low) | (_.rank == _.low + 1))
    return sums, picked.select(*key, "rank", "low", "f", "s", "m")


def finish(sums: Iterable[dict], picks: Iterable[dict], indices: Iterable[dict], rules: Rules) -> list[Month]:
    """Months by site from the rows of `monthly` and the days of `air.indices`, ordered by site and month."""
    values, days = _values(sums, picks)
    good: dict = defaultdict(lambda: [0, 0])
    for row in indices:
        one = good[row["site"], f"{row['day']:%Y-%m}"]
        one[0] += row["published"] and row["aqi"] <= 100
        one[1] += row["published"]
    keys = sorted({(site, month) for site, month, _item in values} | set(good))
    return [_month(site, month, values, days, good.get((site, month), [0, 0]), rules) for site, month in keys]


def _values(sums: Iterable[dict], picks: Iterable[dict]) -> tuple[dict, dict]:
    """The exact statistic and the number of days of each site, month and item."""
    totals: dict = defaultdict(Fraction)
    days: dict = defaultdict(int)
    for row in sums:
        key = row["site"], row["month"], YEARLY[row["item"]]
        totals[key] += Fraction(row["s"], row["m"] * UNIT)
        days[key] += row["n"]
    between: dict = defaultdict(dict)
    for row in picks:
        key = row["site"], row["month"], YEARLY[row["item"]]
        between[key][row["rank"] - row["low"]] = Fraction(row["s"], row["m"] * UNIT), Fraction(row["f"], 100)
    found = {key: total / days[key] for key, total in totals.items()}
    return found | {key: _percentile(some) for key, some in between.items()}, days


def _percentile(some: Mapping[int, tuple[Fraction, Fraction]]) -> Fraction:
    first, part = some[0]
    return first + (some.get(1, some[0])[0] - first) * part


def _month(site: str, month: str, values: Mapping, days: Mapping, good: list[int], rules: Rules) -> Month:
    last = last_day(month)
    limits, method = rules.limits_on(last), rules.evaluation_on(last)
    exact = {item: values[site, month, item] for item in law.ITEMS if (site, month, item) in values}
    there = {item: days.get((site, month, item), 0) for item in law.ITEMS}
    return Month(
        site, month, {item: round_gbt8170(one, method["places"][item]) for item, one in exact.items()}, there, last.day,
        tuple(item for item in law.ITEMS if there[item] < _least(last, limits)), *good,
        round_gbt8170(Fraction(100 * good[0], good[1]), 1) if good[1] else None,
        law.composite_index(exact, limits, method)[0] if len(exact) == len(law.ITEMS) else None, limits, method,
    )  # fmt: skip


def _least(last: date, limits: Edition) -> int:
    return limits["validity"]["february_days" if last.month == 2 else "month_days"]
