"""Soil of farmland and of land for building: risk, and the shares of polluted land that is used safely.

References
----------
GB 15618-2018 土壤环境质量 农用地土壤污染风险管控标准（试行）, tables 1 to 3; GB 36600-2018 土壤环境质量 建设用地土壤污染风险管控标准
（试行）, tables 1 and 2; 受污染耕地安全利用率核算方法（试行）2019.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from .editions import Edition, edition
from .measured import Censored, Number
from .rounding import round_gbt8170

FARMLAND, BUILDING, SAFE_USE = "gb15618", "gb36600", "safe-use"
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


def farmland_safe_use(
    protected: Number, used_safely: Number, controlled: Number, polluted: Number, places: int = 1
) -> Decimal | None:
    """The share [%] of polluted farmland that is used safely, from areas of one unit; None where none is polluted.

    Raises ValueError where the parts exceed the whole: a plot under two measures counts once.

    References
    ----------
    受污染耕地安全利用率核算方法（试行）2019 (S): A = (B + C + D) / E.
    """
    parts = Fraction(protected) + Fraction(used_safely) + Fraction(controlled)
    return _rate(parts, Fraction(polluted), places)


def building_safe_use(compliant: Number, developed: Number, places: int = 1) -> Decimal | None:
    """The share [%] of land put to housing or public use that met the requirements first; None where none was.

    References
    ----------
    The definition of the 14th five-year period (M-M): by area, of plots that entered development.
    """
    return _rate(Fraction(compliant), Fraction(developed), places)


def _rate(part: Fraction, whole: Fraction, places: int) -> Decimal | None:
    if part < 0 or part > whole:
        raise ValueError(f"a part of {float(part)} does not fit a whole of {float(whole)}")
    return round_gbt8170(100 * part / whole, places) if whole else None
