"""The class of a section: that of its worst item.

References
----------
GB 3838-2002 地表水环境质量标准, table 1; 环办〔2011〕22号 地表水环境质量评价办法（试行）, 2 and 3.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..editions import Edition, edition
from ..measured import Censored, Number
from ..rounding import round_gbt8170

LIMITS, RULES = "gb3838", "hb22"
BODIES = ("river", "lake")
CLASSES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")
WORSE = 6  # 劣Ⅴ
ACIDITY = 14  # no pH is higher


@dataclass(frozen=True, slots=True)
class ItemClass:
    """An item's class 1–6 (6: 劣Ⅴ). `why` says where there is none: missing · invalid (below zero) · out_of_range (no pH) · undecidable (below a
    detection limit that is itself above the limit of class I) · not_applicable (no limit for this kind of water body)."""

    item: str
    no: int | None
    why: str = ""
    multiple: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MainPollutant:
    item: str
    no: int
    multiple: Decimal | None


@dataclass(frozen=True, slots=True)
class Section:
    """A section's class 1–6 from the items that were rated; `deciders` are those of the worst class."""

    no: int | None
    deciders: tuple[str, ...]
    items: tuple[ItemClass, ...]
    main_pollutants: tuple[MainPollutant, ...]
    missing: tuple[str, ...]
    limits: Edition
    rules: Edition

    @property
    def name(self) -> str:
        return CLASSES[self.no - 1] if self.no else ""


def _bars(told: Mapping, body: str) -> list | None:
    """The limits of classes I to V for a kind of water body; None where the item has none for it."""
    if body not in BODIES:
        raise ValueError(f"a water body is one of {', '.join(BODIES)}, not {body!r}")
    if told.get("lake_only") and body != "lake":
        return None
    return told["lake"] if body == "lake" and "lake" in told else told.get("limits")


def item_class(
    item: str, value: Number | Censored | None, body: str, table: Edition, saturation: Number | None = None
) -> ItemClass:
    """The class of one item's concentration in a river or a lake.

    `saturation`: saturation of oxygen [1], by which class I may be met. Raises KeyError for an item the table does not
    have, ValueError for another kind of water body.

    References
    ----------
    GB 3838-2002, table 1 and its note on dissolved oxygen.
    """
    told = table["items"][item]
    bars = _bars(told, body)
    if bars is None:
        return ItemClass(item, None, "not_applicable")
    if value is None:
        return ItemClass(item, None, "missing")
    if isinstance(value, Censored):
        return _censored(item, value, told["op"], bars)
    if value < 0:
        return ItemClass(item, None, "invalid")
    if told["op"] == "range" and value > ACIDITY:
        return ItemClass(item, None, "out_of_range")
    no = next((no for no, bar in enumerate(bars, 1) if _meets(told["op"], value, bar)), WORSE)
    if item == "do" and saturation is not None and saturation >= table["oxygen_saturation"]:
        no = 1
    return ItemClass(item, no, multiple=_multiple(told, value, bars[2]))


def _meets(op: str, value: Number, bar) -> bool:
    if op == "range":
        return bar[0] <= value <= bar[1]
    return value >= bar if op == "ge" else value <= bar


def _censored(item: str, value: Censored, op: str, bars: list) -> ItemClass:
    """What can be said of a result that is only known to lie below a limit."""
    if op == "le" and value.below <= bars[0]:
        return ItemClass(item, 1)
    if op == "ge" and value.below <= bars[-1]:
        return ItemClass(item, WORSE)
    return ItemClass(item, None, "undecidable")


def _multiple(told: Mapping, value: Number, third: Number) -> Decimal | None:
    """By what multiple the limit of class III is exceeded; not worked out for temperature, pH and oxygen."""
    if not told["multiple"] or value <= third:
        return None
    return round_gbt8170((Fraction(value) - Fraction(third)) / Fraction(third), 2)


def section(
    values: Mapping[str, Number | Censored | None],
    body: str,
    on: date | None = None,
    *,
    limits: str | None = None,
    rules: str | None = None,
    saturation: Number | None = None,
) -> Section:
    """The class of a section from its items' concentrations [mg/L], by the editions of the day or those named.

    All items of table 1 count but water temperature, total nitrogen and faecal coliforms. An item that is not given is
    not rated; which of them a network must measure is the network's rule and is told by `missing`.

    References
    ----------
    环办〔2011〕22号, 2 (items) and 3.1 (the worst item decides).
    """
    table, ruling = edition(LIMITS, on, limits), edition(RULES, on, rules)
    if strange := set(values) - set(table["items"]):
        raise KeyError(f"{', '.join(sorted(strange))}: not an item of {table.standard}")
    rated = [item for item in values if table["items"][item]["rated"]]
    items = tuple(item_class(item, values[item], body, table, saturation) for item in rated)
    known = [one for one in items if one.no]
    no = max((one.no for one in known), default=None)
    return Section(
        no, tuple(one.item for one in known if one.no == no), items, main_pollutants(known, table, ruling),
        tuple(one.item for one in items if one.why in ("missing", "invalid", "out_of_range", "undecidable")), table, ruling,
    )  # fmt: skip


def main_pollutants(items: list[ItemClass], table: Edition, rules: Edition) -> tuple[MainPollutant, ...]:
    """The main pollutants of a section worse than class III: the worst classes first, within one the highest multiple, and
    cyanide, lead, chromium and other heavy metals before all.

    References
    ----------
    环办〔2011〕22号, 3.1.3.
    """
    over = [one for one in items if one.no and one.no > 3]
    over.sort(key=lambda one: (not table["items"][one.item].get("toxic"), -one.no, -(one.multiple or 0)))
    return tuple(MainPollutant(one.item, one.no, one.multiple) for one in over[: rules["main_pollutants"]])


def grade(no: int, rules: Edition) -> Mapping[str, str]:
    """The grade of a class: its name, its English name, its colour."""
    return next(one for one in rules["grades"] if no in one["classes"])
