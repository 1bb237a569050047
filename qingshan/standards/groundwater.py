"""Classes of groundwater.

References
----------
GB/T 14848-2017 地下水质量标准, tables 1 and 2; 6.2 (where two classes have one limit, the better class), 6.3 (the worst item
decides). The index F of the edition of 1993 was given up in 2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .editions import Edition, edition
from .measured import Censored, Number

FAMILY = "gbt14848"
CLASSES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ")
Result = Number | Censored | Literal["absent", "present"] | None


@dataclass(frozen=True, slots=True)
class ItemClass:
    """An item's class 1–5. `why` says where there is none (missing · invalid · out_of_range (no pH) · undecidable: below a detection limit that is
    itself above the limit of class Ⅰ) or what is owed (nuclides: beyond Ⅲ they are to be analysed)."""

    item: str
    no: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Well:
    """A well's class, the items that decide it, every item's class, what could not be classed."""

    no: int | None
    deciders: tuple[str, ...]
    items: tuple[ItemClass, ...]
    missing: tuple[str, ...]
    edition: Edition

    @property
    def name(self) -> str:
        return CLASSES[self.no - 1] if self.no else ""


def item_class(item: str, value: Result, table: Edition) -> ItemClass:
    """The class of one result [unit of the table]; "absent" or "present" for smell, taste and what the eye sees.

    Raises KeyError for an item the table does not have, TypeError for a word where a number belongs or the reverse.
    """
    told = table["items"][item]
    if value is None:
        return ItemClass(item, None, "missing")
    if told.get("absent"):
        return _seen(item, value)
    if isinstance(value, str):
        raise TypeError(f"{item} is measured in numbers, not as {value!r}")
    if "ranges" in told:
        return _ranged(item, value, told["ranges"])
    return _censored(item, value, told) if isinstance(value, Censored) else _measured(item, value, told)


def _seen(item: str, value: Result) -> ItemClass:
    if value not in ("absent", "present"):
        raise TypeError(f"{item} is told as absent or present, not as {value!r}")
    return ItemClass(item, 1 if value == "absent" else 5)


def _ranged(item: str, value: Number | Censored, ranges: list) -> ItemClass:
    """Acidity: below detection says nothing of it, and it lies between 0 and 14."""
    if isinstance(value, Censored):
        return ItemClass(item, None, "undecidable")
    if not 0 <= value <= 14:
        return ItemClass(item, None, "out_of_range")
    return ItemClass(item, next((no for no, (low, high) in enumerate(ranges, 1) if low <= value <= high), 5))


def _censored(item: str, value: Censored, told: Mapping) -> ItemClass:
    first = told["limits"][0]
    return ItemClass(item, 1) if first == "nd" or value.below <= first else ItemClass(item, None, "undecidable")


def _measured(item: str, value: Number, told: Mapping) -> ItemClass:
    if value < 0:
        return ItemClass(item, None, "invalid")
    bars = told["limits"]
    no = next((no for no, bar in enumerate(bars, 1) if bar != "nd" and value <= bar), None)
    if no is None and told.get("open"):
        return ItemClass(item, 4, "nuclides")
    return ItemClass(item, no or 5)


def well(results: Mapping[str, Result], on: date | None = None, code: str | None = None) -> Well:
    """The class of a well from its items' results, by the edition of the day or the one called `code`."""
    table = edition(FAMILY, on, code)
    items = tuple(item_class(item, value, table) for item, value in results.items())
    known = [one for one in items if one.no]
    no = max((one.no for one in known), default=None)
    return Well(
        no, tuple(one.item for one in known if one.no == no), items,
        tuple(one.item for one in items if one.no is None), table,
    )  # fmt: skip


def worsened(before: Well, after: Well) -> list[tuple[str, int, int]]:
    """The items whose class is worse than before: (item, class before, class after); the ground of a verdict that a well's
    quality is stable. An item that was not classed both times is not compared."""
    earlier = {one.item: one.no for one in before.items if one.no}
    return [
        (one.item, earlier[one.item], one.no)
        for one in after.items
        if one.no and one.item in earlier and one.no > earlier[one.item]
    ]
