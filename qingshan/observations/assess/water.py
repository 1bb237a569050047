"""Surface water over many sections: the class of each sample or month, by the kind of water body that is stored.

The class of an item is a comparison of exact numbers with limits, so one expression serves any number of rows; it is proven
equal to `standards.water` in the tests.

References
----------
GB 3838-2002, table 1; 环办〔2011〕22号.
"""

from dataclasses import dataclass
from decimal import Decimal

import ibis
from ibis import _

from qingshan.standards.editions import Edition, edition
from qingshan.standards.water.section import ACIDITY

from ..rows import USABLE


@dataclass(frozen=True)
class Rules:
    """The editions an evaluation takes."""

    limits: Edition
    rating: Edition

    @classmethod
    def in_force(cls) -> "Rules":
        return cls.of("gb3838-2002")

    @classmethod
    def of(cls, code: str) -> "Rules":
        """By the edition of GB 3838 called `code`. Raises NoEdition for one there is not."""
        return cls(edition("gb3838", code=code), edition("hb22", code="hb22-2011"))

    @property
    def both(self) -> tuple[Edition, Edition]:
        return self.limits, self.rating


def rated(rules: Rules) -> list[str]:
    return [item for item, told in rules.limits["items"].items() if told["rated"]]


def samples(observations: ibis.Table, rules: Rules) -> ibis.Table:
    """Usable rows of rated items, none of which can lie below zero: site, time, item, value, below."""
    kept = observations.filter(_.flag.isin(USABLE), _.value >= 0, _.item.isin(rated(rules)))
    kept = kept.filter((kept.item != "ph") | (kept.value <= ACIDITY))
    return kept.select("site", "time", "item", "value", "below")


def classes(rows: ibis.Table, bodies: ibis.Table, rules: Rules) -> ibis.Table:
    """Each row's class 1–6; null where it lies below a detection limit that is itself above the limit of class I.

    `bodies`: site, body (river or lake). A section without a kind of water body is left out here.
    """
    joined = rows.join(bodies.select("site", "body"), "site")
    return joined.mutate(no=_class(joined, rules))


def _class(rows: ibis.Table, rules: Rules) -> ibis.Value:
    branches = []
    for item in rated(rules):
        told = rules.limits["items"][item]
        for body in ("river", "lake") if "lake" in told else (None,):
            bars = told["lake"] if body == "lake" else told["limits"]
            here = (rows.item == item) & (rows.body == body) if body else rows.item == item
            branches.append((here & rows.below, _censored(told["op"], rows.value, bars)))
            branches.append((here, _measured(told["op"], rows.value, bars)))
    return ibis.cases(*branches)


def _censored(op: str, value: ibis.Value, bars) -> ibis.Value:
    """The class of a result that is only known to lie below a limit; null where that says nothing."""
    if op == "range":
        return ibis.null("int64")
    bar, no = (bars[0], 1) if op == "le" else (bars[-1], 6)
    return ibis.cases((value <= _exact(bar), ibis.literal(no, "int64")))


def _measured(op: str, value: ibis.Value, bars) -> ibis.Value:
    tests = [(_meets(op, value, bar), ibis.literal(no, "int64")) for no, bar in enumerate(bars, 1)]
    return ibis.cases(*tests, else_=ibis.literal(6, "int64"))


def _exact(bar) -> ibis.Value:
    """A limit in the type of the values: the type of a bare decimal is guessed from its digits, wrongly for 0.00005."""
    return ibis.literal(Decimal(bar), "decimal(18, 6)")


def _meets(op: str, value: ibis.Value, bar) -> ibis.Value:
    if op == "range":
        return (value >= _exact(bar[0])) & (value <= _exact(bar[1]))
    exact = _exact(bar)
    return value >= exact if op == "ge" else value <= exact


def sections(classed: ibis.Table) -> ibis.Table:
    """The class of each section at each time: that of its worst item; `items` that were classed, those that decide it."""
    worst = classed.filter(_.no.notnull()).group_by("site", "time").aggregate(worst=_.no.max(), items=_.count())
    deciding = classed.join(worst, ["site", "time"]).filter(_.no == _.worst).group_by("site", "time")
    deciders = deciding.aggregate(deciders=_.item.group_concat(" ", order_by="item"))
    return worst.join(deciders, ["site", "time"]).select("site", "time", "items", "deciders", no="worst")


def monthly(rows: ibis.Table) -> ibis.Table:
    """Counts of each item by section and month, and `twice` their exact sum: below detection half the limit enters."""
    twice = ibis.cases(
        (rows.below, rows.value.cast("decimal(30,6)")), else_=(rows.value + rows.value).cast("decimal(30,6)")
    )
    kept = rows.mutate(twice=twice, month=rows.time.strftime("%Y-%m"))
    return kept.group_by("site", "month", "item").aggregate(n=_.count(), twice=_.twice.sum())
