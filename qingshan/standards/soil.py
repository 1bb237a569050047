"""Soil of farmland and of land for building: the risk of points, and the class of units of farmland.

References
----------
GB 15618-2018 土壤环境质量 农用地土壤污染风险管控标准（试行）, tables 1 to 3; GB 36600-2018 土壤环境质量 建设用地土壤污染风险管控标准
（试行）, tables 1 and 2; 农用地土壤环境质量类别划分技术指南（环办土壤〔2019〕53号, M-M）.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .editions import Edition, edition
from .measured import Censored, Number

FARMLAND, BUILDING, CLASSES = "gb15618", "gb36600", "farmland-classes"
UNIT_CLASSES = ("优先保护类", "安全利用类", "严格管控类")
Use = Literal["paddy", "orchard", "other", "rotation"]


Content = Number | Censored


@dataclass(frozen=True, slots=True)
class Risk:
    """0 low, 1 possible (above screening), 2 high (above intervention), beside the two values it was held against [mg/kg]. None for a
    result below a detection limit that is itself above the screening value."""

    item: str
    no: int | None
    value: Content
    screening: Decimal | int
    intervention: Decimal | int | None


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot's risk: that of its worst item. For farmland 0 is 优先保护类, 1 安全利用类, 2 严格管控类. `missing`: what was asked for or given
    and could not be judged."""

    no: int | None
    deciders: tuple[str, ...]
    items: tuple[Risk, ...]
    missing: tuple[str, ...]
    edition: Edition


def screening_value(item: str, ph: Number, use: Use, table: Edition) -> Decimal | int:
    """The screening value [mg/kg] of an element by pH and use; a paddy in rotation takes the stricter of the two (M-H).

    Raises KeyError for an element that the table does not have.
    """
    told, column = table["screening"][item], bisect_left(table["ph"], ph)
    if use == "rotation":
        return min(screening_value(item, ph, one, table) for one in ("paddy", "other"))
    return told.get(use, told.get("any", told.get("other")))[column]


def _judged(item: str, value: Content, screening, intervention) -> Risk:
    if isinstance(value, Censored):
        return Risk(item, 0 if value.below <= screening else None, value, screening, intervention)
    high = intervention is not None and value > intervention
    return Risk(item, 2 if high else 1 if value > screening else 0, value, screening, intervention)


def _plot(found: list[Risk], missing: tuple[str, ...], table: Edition) -> Plot:
    judged = [one for one in found if one.no is not None]
    no = max((one.no for one in judged), default=None)
    undecidable = tuple(one.item for one in found if one.no is None)
    return Plot(no, tuple(one.item for one in judged if one.no == no), tuple(found), undecidable + missing, table)


def farmland(
    results: Mapping[str, Content | None], ph: Number, use: Use, on: date | None = None, code: str | None = None
) -> Plot:
    """The risk of a plot of farmland from total contents [mg/kg], its pH and its use.

    Raises ValueError for a pH outside 0 to 14 or a content below zero, KeyError for an element the table does not have.
    """
    if not 0 <= ph <= 14:
        raise ValueError(f"a pH lies between 0 and 14, not at {ph}")
    table = edition(FARMLAND, on, code)
    known, missing = _known(results)
    return _plot([_farm(item, value, ph, use, table) for item, value in known.items()], missing, table)


def _farm(item: str, value: Content, ph: Number, use: Use, table: Edition) -> Risk:
    if item in table["selected"]:
        return _judged(item, value, table["selected"][item], None)
    bar = table["intervention"].get(item)
    return _judged(item, value, screening_value(item, ph, use, table), bar and bar[bisect_left(table["ph"], ph)])


def _known(results: Mapping[str, Content | None]) -> tuple[dict[str, Content], tuple[str, ...]]:
    for item, value in results.items():
        if value is not None and not isinstance(value, Censored) and value < 0:
            raise ValueError(f"{item}: a content cannot be below zero: {value}")
    known = {item: value for item, value in results.items() if value is not None}
    return known, tuple(item for item in results if item not in known)


def building_land(
    results: Mapping[str, Content | None], land: Literal[1, 2], on: date | None = None, code: str | None = None
) -> Plot:
    """The risk of land for building from contents [mg/kg]: class 1 (housing, schools, hospitals, …) or class 2 (industry, roads, …).

    `missing` also names what table 1 always asks for and was not given. Raises KeyError for an item neither table has.
    """
    table = edition(BUILDING, on, code)
    known, missing = _known(results)
    found = [_built(item, value, land, table) for item, value in known.items()]
    owed = tuple(item for item in table["basic"] if item not in results)
    return _plot(found, missing + owed, table)


def _built(item: str, value: Content, land: int, table: Edition) -> Risk:
    values = table["basic"].get(item) or table["others"][item]
    return _judged(item, value, values[land - 1], values[land + 1])


@dataclass(frozen=True, slots=True)
class Spread:
    """An element over the points of a unit: its class `no`, how many points lie in each of the three, and what decided: `same` (all
    points agree), `majority`, `strictest`."""

    item: str
    no: int
    points: tuple[int, int, int]
    rule: Literal["same", "majority", "strictest"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of farmland by its points: 0 优先保护类, 1 安全利用类, 2 严格管控类, that of its worst elements (`deciders`); None without a
    result. `apart`: points under strict control in a unit of a milder class, whose own ground is to be bounded on the spot."""

    no: int | None
    deciders: tuple[str, ...]
    items: tuple[Spread, ...]
    apart: tuple[str, ...]
    edition: Edition


@dataclass(frozen=True, slots=True)
class Produce:
    """Points of produce in a unit: how many there are, how many of them meet GB 2762, and how many lie heavily above it."""

    points: int
    met: int
    heavy: int

    @property
    def fits(self) -> bool:
        return min(self.met, self.heavy) >= 0 and self.met + self.heavy <= self.points


def farmland_unit(points: Mapping[str, Plot], on: date | None = None, code: str | None = None) -> Unit:
    """The class of a unit of farmland from its points (site → what `farmland` found there), element by element.

    What the guideline asks of a map is left to people: whether the points of the minority lie beside each other, and where the
    ground of a strictly controlled point ends.

    References
    ----------
    农用地土壤环境质量类别划分技术指南（环办土壤〔2019〕53号, M-M）: points that agree; the class of more than 80 % of them; else the strictest.
    """
    table = edition(CLASSES, on, code)
    nos: dict[str, list[int]] = {}
    for plot in points.values():
        for one in plot.items:
            if one.no is not None:
                nos.setdefault(one.item, []).append(one.no)
    items = tuple(_spread(item, some, table) for item, some in nos.items())
    no = max((one.no for one in items), default=None)
    apart = tuple(site for site, plot in points.items() if plot.no == 2) if no in (0, 1) else ()
    return Unit(no, tuple(one.item for one in items if one.no == no), items, apart, table)


def _spread(item: str, nos: list[int], table: Edition) -> Spread:
    counts = (nos.count(0), nos.count(1), nos.count(2))
    most = max(counts)
    if most == len(nos):
        return Spread(item, nos[0], counts, "same")
    if 100 * most > table["majority"] * len(nos):
        return Spread(item, counts.index(most), counts, "majority")
    return Spread(item, max(nos), counts, "strictest")


def adjusted_by_produce(no: int, produce: Produce, table: Edition) -> int:
    """The class of a unit whose points say `no`, once its produce is known; `table` is the edition of `farmland_unit`.

    Raises ValueError where the parts exceed the whole.

    References
    ----------
    农用地土壤环境质量类别划分技术指南（环办土壤〔2019〕53号, M-M）: land used safely of which all produce meets the limits is protected first;
    strictly controlled land of which enough does, and none lies heavily above, is used safely.
    """
    if not produce.fits:
        raise ValueError(f"{produce.met} and {produce.heavy} points of produce do not fit {produce.points} in all")
    rule = table["produce"]
    if produce.points < rule["points"]:
        return no
    if no == 1:
        return 0 if produce.met == produce.points else 1
    enough = produce.heavy == 0 and 100 * produce.met >= rule["met"] * produce.points
    return 1 if no == 2 and enough else no
