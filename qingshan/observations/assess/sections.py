"""Sections of surface water as their pages tell them: months and periods with class, means and main pollutants; samples.

References
----------
GB 3838-2002, table 1; 环办〔2011〕22号, 2: the class of a month is that of its items' means, of a longer period that of the means of its months.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import ibis
from ibis import _

from qingshan.standards import water as law
from qingshan.standards.rounding import round_gbt8170

from ..engines import once
from . import water
from .asking import Asked, flags
from .reports import told

SHOWN_PLACES = 3  # of items for which the table gives none


class Sample(NamedTuple):
    """A value as it was measured; `below`: it is a detection limit. A value that may not be used is None."""

    time: datetime
    value: Decimal | None
    below: bool


@dataclass(frozen=True)
class Period:
    """Months of a section: its class by the means of its items; each mean rounded, in the order of the table; samples taken."""

    since: str
    until: str
    section: law.Section
    values: Mapping[str, Decimal]
    samples: int

    @property
    def multiples(self) -> dict[str, Decimal | None]:
        return {one.item: one.multiple for one in self.section.items}

    @property
    def classes(self) -> dict[str, int | None]:
        return {one.item: one.no for one in self.section.items}


@dataclass
class Section:
    body: str
    sums: dict[str, dict[str, tuple[int, Fraction]]] = field(default_factory=lambda: defaultdict(dict))
    taken: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    flags: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def months(self) -> list[str]:
        return sorted(self.sums)

    @property
    def years(self) -> list[int]:
        return sorted({int(one[:4]) for one in self.months})

    def period(self, since: str, until: str) -> Period | None:
        """The months from `since` to `until`, both included: the mean of their means. None where nothing was measured."""
        within = [one for one in self.months if since <= one <= until]
        values: dict[str, list[Fraction]] = defaultdict(list)
        for month in within:
            for item, (n, s) in self.sums[month].items():
                values[item].append(s / n)
        if not values:
            return None
        rules = water.Rules.in_force()
        means = {item: sum(months) / len(months) for item, months in values.items()}
        found = law.section(means, self.body, limits=rules.limits.code, rules=rules.rating.code)
        return Period(since, until, found, _rounded(means, rules), sum(self.taken[one] for one in within))


def _rounded(means: Mapping[str, Fraction], rules: water.Rules) -> dict[str, Decimal]:
    table = rules.limits["items"]
    return {
        item: round_gbt8170(means[item], told.get("places", SHOWN_PLACES))
        for item, told in table.items()
        if item in means
    }


@lru_cache(maxsize=8)
def sections(asked: Asked, bodies: tuple[tuple[str, str], ...]) -> dict[str, Section]:
    """The sections by their code, with the kind of water body that `bodies` stores; those without any row left out."""
    found = {code: Section(body) for code, body in bodies}
    rules = water.Rules.in_force()
    with asked.rows() as (connection, rows):
        kept = once(connection, rows.select("site", "item", "time", "value", "below", "flag"))
        for row in connection.to_pyarrow(water.monthly(water.samples(kept, rules))).to_pylist():
            found[row["site"]].sums[row["month"]][row["item"]] = (row["n"], Fraction(row["twice"]) / 2)
        for row in connection.to_pyarrow(_taken(kept)).to_pylist():
            found[row["site"]].taken[row["month"]] = row["n"]
        for row in connection.to_pyarrow(kept.order_by("time")).to_pylist():
            value = row["value"] if row["flag"] in water.USABLE else None
            found[row["site"]].samples[row["item"]].append(Sample(row["time"], value, row["below"]))
        for row in flags(connection, kept):
            found[row["site"]].flags[row["year"]][row["flag"]] = row["n"]
    return {site: one for site, one in found.items() if one.sums}


def _taken(rows: ibis.Table) -> ibis.Table:
    """On how many occasions something was measured, by section and month."""
    return rows.group_by("site", month=_.time.strftime("%Y-%m")).aggregate(n=_.time.nunique())


def editions_of(on: date) -> list[dict]:
    """The editions by which sections are judged, with the mark of their verification."""
    rules = water.Rules.in_force()
    return [told(one) for one in (rules.limits, rules.rating) if one.since <= on]


def known() -> Mapping[str, Mapping]:
    """The items of table 1 with their names, in its order."""
    return water.Rules.in_force().limits["items"]


def unit(item: str) -> str:
    return known().get(item, {}).get("unit", "mg/L").replace("degC", "℃")


def limit_of(item: str, body: str, no: int = 3):
    """The limit of a class (III) for an item in a kind of water body: its direction, and a number or the two ends of a range.

    None where the item has none there.
    """
    table = known().get(item, {})
    if "op" not in table or (table.get("lake_only") and body != "lake"):
        return None
    bars = table["lake"] if body == "lake" and "lake" in table else table["limits"]
    return table["op"], bars[no - 1]
