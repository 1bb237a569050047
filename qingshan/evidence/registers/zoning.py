"""分区管控: what may be built or driven on a site, by the units it touches and the clauses of their access list."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians
from typing import Any, NamedTuple

from shapely import affinity
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from .places import Unplaced
from .serving import EFFECTS

INDUSTRY = re.compile(r"[A-T]([0-9]{2,4})?")
# First division (two digits) of each section of GB/T 4754-2017.
SECTIONS = {
    "A": 1, "B": 6, "C": 13, "D": 44, "E": 47, "F": 51, "G": 53, "H": 61, "I": 63, "J": 66, "K": 70, "L": 71, "M": 73, "N": 76,
    "O": 80, "P": 83, "Q": 84, "R": 86, "S": 91, "T": 97,
}  # fmt: skip
LAST_DIVISION = 97
TOLD = ("forbid", "demand", "allow", "silent", "outside")  # verdicts, the hardest first


class NoIndustry(ValueError):
    """A code that is none of GB/T 4754, with the reason in Chinese and in English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


class Unit(NamedTuple):
    """A control unit as its register has it."""

    key: str
    title: str
    kind: str
    geometry: Mapping[str, Any]


class Clause(NamedTuple):
    """A row of the access list. An empty field means any; `industries` are prefixes of codes of GB/T 4754."""

    key: str
    unit: str
    kind: str
    industries: Sequence[str]
    activity: str
    effect: str
    rule: str
    clause: str
    since: date | None
    until: date | None


class Project(NamedTuple):
    industry: str
    activity: str
    day: date


@dataclass(frozen=True, slots=True)
class Touched:
    """A unit that a site touches: how much of the site lies in it (1 for a point; 0 where they only touch), and its clauses."""

    unit: Unit
    share: float
    clauses: tuple[Clause, ...]

    @property
    def verdict(self) -> str:
        """The hardest effect of its clauses; silent where none applies."""
        found = {one.effect for one in self.clauses}
        return next((effect for effect in EFFECTS if effect in found), "silent")


def industry_of(text: str) -> str:
    """A code of GB/T 4754-2017 with its section's letter: 2614 → C2614. Empty stays empty. Raises NoIndustry."""
    code = text.strip().upper()
    if not code:
        return ""
    if code.isascii() and code.isdigit() and 2 <= len(code) <= 4:
        code = _section(int(code[:2])) + code
    if not INDUSTRY.fullmatch(code) or (len(code) > 1 and _section(int(code[1:3])) != code[0]):
        raise NoIndustry(
            f"“{text[:20]}”不是国民经济行业代码，应如 C2614、2614 或 C",
            f"{text[:20]!r} is no code of GB/T 4754; write C2614, 2614 or C",
        )
    return code


def _section(division: int) -> str:
    if not 1 <= division <= LAST_DIVISION:
        return "?"
    return max((first, letter) for letter, first in SECTIONS.items() if first <= division)[1]


def examine(
    units: Iterable[Unit], clauses: Sequence[Clause], site: Mapping[str, Any], project: Project
) -> list[Touched]:
    """The units that a site (GeoJSON, WGS84) touches, the largest part first, each with the clauses that apply. Raises Unplaced."""
    place = solid(site)
    found = [
        Touched(one, share, tuple(it for it in clauses if applies(it, one, project)))
        for one in units
        if (share := share_in(place, solid(one.geometry))) is not None
    ]
    return sorted(found, key=lambda one: (-one.share, one.unit.key))


def verdict(touched: Sequence[Touched]) -> str:
    """Of the whole site: the hardest of its units, except that a silent one leaves more open than an allowance."""
    found = {one.verdict for one in touched}
    return next((one for one in ("forbid", "demand", "silent", "allow") if one in found), "outside")


def applies(clause: Clause, unit: Unit, project: Project) -> bool:
    return (
        clause.unit in ("", unit.key)
        and clause.kind in ("", unit.kind)
        and clause.activity in ("", project.activity)
        and _in_force(clause, project.day)
        and (not clause.industries or any(project.industry.startswith(one) for one in clause.industries))
    )


def _in_force(clause: Clause, day: date) -> bool:
    return (clause.since is None or clause.since <= day) and (clause.until is None or day <= clause.until)


def solid(geometry: Mapping[str, Any]) -> BaseGeometry:
    """A GeoJSON geometry to compute with. Raises Unplaced where it is none or crosses itself."""
    try:
        found = shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise Unplaced(
            "图形读不懂，应为 GeoJSON 的点或面", "the shape cannot be read; give a GeoJSON point or polygon"
        ) from None
    if found.is_empty or not found.is_valid:
        raise Unplaced("图形为空或自相交，请重新画", "the shape is empty or crosses itself; draw it again")
    return found


def share_in(site: BaseGeometry, unit: BaseGeometry) -> float | None:
    """What part of the site's area (or length) lies in the unit, None where they do not even touch."""
    if not site.intersects(unit):
        return None
    flat_site, flat_unit = _flat(site, site), _flat(unit, site)
    whole = flat_site.area or flat_site.length
    if not whole:
        return 1.0
    part = flat_site.intersection(flat_unit)
    return (part.area if flat_site.area else part.length) / whole


def _flat(one: BaseGeometry, at: BaseGeometry) -> BaseGeometry:
    """Degrees of longitude shortened as they are at the site, so that shares of areas come out right."""
    return affinity.scale(one, cos(radians(at.centroid.y)), 1, origin=(0, 0))


# --- where old diesel may not run


class Closed(NamedTuple):
    """A zone closed to trucks or machines below an emission stage (None: to all), some months of the year or always."""

    key: str
    title: str
    applies: str
    stage: int | None
    basis: str
    since: date | None
    until: date | None
    months: tuple[int, int] | None
    geometry: Mapping[str, Any]


class Drive(NamedTuple):
    """Whether a vehicle or machine may be used in a zone it touches; `active`: the zone is in force on the day."""

    zone: Closed
    active: bool
    allowed: bool


def drives(zones: Iterable[Closed], site: Mapping[str, Any], kind: str, stage: int | None, day: date) -> list[Drive]:
    """The zones for `kind` that a site touches. An unknown emission stage is not allowed where one is demanded."""
    place = solid(site)
    return [_drive(one, stage, day) for one in zones if one.applies == kind and place.intersects(solid(one.geometry))]


def _drive(zone: Closed, stage: int | None, day: date) -> Drive:
    active = (
        (zone.since is None or zone.since <= day)
        and (zone.until is None or day <= zone.until)
        and _in_season(zone, day)
    )
    enough = zone.stage is not None and stage is not None and stage >= zone.stage
    return Drive(zone, active, enough or not active)


def _in_season(zone: Closed, day: date) -> bool:
    """From October to March means over the turn of the year."""
    if zone.months is None:
        return True
    first, last = zone.months
    return first <= day.month <= last if first <= last else day.month >= first or day.month <= last
