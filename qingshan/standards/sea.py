"""Sea water: classes of stations, the share of good water, eutrophication.

References
----------
GB 3097-1997 海水水质标准; HJ 442.10-2020 近岸海域环境监测技术规范 第十部分. Both from memory; the marks stand in the tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .editions import Edition, edition
from .measured import Censored, Number
from .rounding import round_gbt8170

FAMILY, RATING = "gb3097", "hj442"
CLASSES = ("一类", "二类", "三类", "四类", "劣四类")
WORSE = 5
ACIDITY = 14  # no pH is higher


@dataclass(frozen=True, slots=True)
class ItemClass:
    """An item's class 1–5 (5: 劣四类); `why` says where there is none: missing · invalid · out_of_range (no pH) · undecidable ·
    no_natural_value (it is limited by its rise over that). `rise` [as the item]: by which such an item was judged."""

    item: str
    no: int | None
    why: str = ""
    rise: Number | None = None


@dataclass(frozen=True, slots=True)
class Station:
    no: int | None
    deciders: tuple[str, ...]
    items: tuple[ItemClass, ...]
    missing: tuple[str, ...]
    edition: Edition

    @property
    def name(self) -> str:
        return CLASSES[self.no - 1] if self.no else ""


def item_class(item: str, value: Number | Censored | None, table: Edition, natural: Number | None = None) -> ItemClass:
    """The class of one result [mg/L unless the table names another unit]; one that is limited by its rise is judged by that over
    `natural` [mg/L], the value it would have without people. Raises KeyError for an unknown item."""
    told = table["items"][item]
    if value is None:
        return ItemClass(item, None, "missing")
    if not isinstance(value, Censored) and value < 0:
        return ItemClass(item, None, "invalid")
    if not told.get("increment"):
        return _classed(item, value, told)
    if natural is None:
        return ItemClass(item, None, "no_natural_value")
    if isinstance(value, Censored):
        return _censored(item, Fraction(value.below) - Fraction(natural), told)
    rise = max(Fraction(value) - Fraction(natural), Fraction(0))
    return replace(_classed(item, rise, told), rise=rise)


def _classed(item: str, value: Number | Censored, told: Mapping) -> ItemClass:
    if isinstance(value, Censored):
        return _censored(item, value.below, told)
    if told["op"] == "range" and value > ACIDITY:
        return ItemClass(item, None, "out_of_range")
    return ItemClass(
        item, next((no for no, bar in enumerate(told["limits"], 1) if _meets(told["op"], value, bar)), WORSE)
    )


def _censored(item: str, below: Number, told: Mapping) -> ItemClass:
    """What can be said of a result that is only known to lie below a limit."""
    if told["op"] == "le" and below <= told["limits"][0]:
        return ItemClass(item, 1)
    if told["op"] == "gt" and below <= told["limits"][-1]:
        return ItemClass(item, WORSE)
    return ItemClass(item, None, "undecidable")


def _meets(op: str, value: Number, bar) -> bool:
    if bar is None:
        return True
    if op == "range":
        return bar[0] <= value <= bar[1]
    return value > bar if op == "gt" else value <= bar


def station(
    results: Mapping[str, Number | Censored | None],
    on: date | None = None,
    code: str | None = None,
    natural: Number | None = None,
) -> Station:
    """The class of a station: that of its worst item. `natural`: the natural value of suspended matter there [mg/L]."""
    table = edition(FAMILY, on, code)
    items = tuple(item_class(item, value, table, natural) for item, value in results.items())
    known = [one for one in items if one.no]
    no = max((one.no for one in known), default=None)
    return Station(
        no, tuple(one.item for one in known if one.no == no), items,
        tuple(one.item for one in items if one.no is None), table,
    )  # fmt: skip


def good_share(areas: Iterable[tuple[int | None, Number]], places: int = 1) -> Decimal | None:
    """The share [%] of the area of classes 1 and 2 in the area assessed: rows of (class, area). None where none was.

    With an area of one for each station it is the share of stations.
    """
    rated = [(no, Fraction(area)) for no, area in areas if no is not None]
    total = sum((area for _, area in rated), Fraction(0))
    return (
        round_gbt8170(100 * sum((area for no, area in rated if no <= 2), Fraction(0)) / total, places)
        if total
        else None
    )


def rating(classes: Sequence[int | None], on: date | None = None, code: str | None = None) -> int | None:
    """The grade 1 (优) to 5 (极差) of a sea area from its stations' classes; None without one.

    References
    ----------
    HJ 442.10-2020 (M-M): 优 ≥ 60 % class 1 and ≥ 90 % classes 1–2; 良好 ≥ 80 % classes 1–2; 一般 ≥ 60 % classes 1–2 and ≤ 30 %
    worse than 4, or ≥ 90 % classes 1–3; 极差 > 40 % worse than 4; 差 otherwise.
    """
    bars = edition(RATING, on, code)["rating"]
    rated = [no for no in classes if no is not None]
    if not rated:
        return None
    first, good, third, worst = (Fraction(100 * sum(fits(no) for no in rated), len(rated)) for fits in _COUNTS)
    if worst > bars["very_poor_worst"]:
        return 5
    if first >= bars["excellent_first"] and good >= bars["excellent_good"]:
        return 1
    if good >= bars["good"]:
        return 2
    if good >= bars["fair_good"]:
        return 3 if worst <= bars["fair_worst"] else 4
    return 3 if third >= bars["fair_third"] else 4


_COUNTS = (lambda no: no == 1, lambda no: no <= 2, lambda no: no <= 3, lambda no: no == WORSE)


@dataclass(frozen=True, slots=True)
class Eutrophication:
    """The index E and its grade: 0 none, 1 light, 2 medium, 3 heavy."""

    index: Decimal
    no: int


def eutrophication(cod: Number, din: Number, dip: Number, table: Edition, places: int = 2) -> Eutrophication:
    """From chemical oxygen demand, inorganic nitrogen and active phosphate [mg/L]: E = COD·DIN·DIP·10⁶ / 4500 (HJ 442.10-2020, M-H)."""
    rule = table["eutrophication"]
    exact = Fraction(cod) * Fraction(din) * Fraction(dip) * 10**6 / rule["divisor"]
    light, *heavier = rule["bars"]
    no = 0 if exact < light else 1 + sum(exact > bar for bar in heavier)
    return Eutrophication(round_gbt8170(exact, places), no)
