"""What is kept of a row: its place, its data, a revision of it, and its part in the tallies."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F

from qingshan.people.models import User
from qingshan.plan.models import Programme

from ..models import Entry, Revision, Tally
from ..places import Unplaced, box_of, tile_of
from ..schema import Definition, Known, Problem
from .doors import Invalid

BATCH = 1000
DEGREES = 7  # decimals of a coordinate, about a centimetre; a workbook keeps no more than 16 digits


class Place(NamedTuple):
    lon: float | None = None
    lat: float | None = None
    geometry: dict | None = None
    tile: str | None = None


def placed(definition: Definition, geometry: Mapping | None) -> Place:
    """The columns of a GeoJSON geometry. Raises Invalid where it does not fit the register."""
    if geometry is None:
        return Place()
    try:
        if definition.geometry == "none":
            raise Unplaced(f"台账“{definition.name.zh}”不记位置", f"the register {definition.name.en} keeps no places")
        box = box_of(geometry, definition.geometry)
    except Unplaced as wrong:
        raise Invalid([(0, Problem("geometry", wrong.zh, wrong.en))]) from None
    lon, lat = round((box.west + box.east) / 2, DEGREES), round((box.south + box.north) / 2, DEGREES)
    return Place(lon, lat, None if definition.geometry == "point" else dict(geometry), tile_of(box))


def tally(programme: Programme, register: str, before: Counter, after: Counter) -> None:
    """Bring the tallies in step; writers stand in one line, so nobody else changes them meanwhile."""
    for state in sorted(before.keys() | after.keys()):
        if more := after[state] - before[state]:
            place = {"programme": programme, "register": register, "state": state}
            if not Tally.objects.filter(**place).update(rows=F("rows") + more):
                Tally.objects.create(**place, rows=more)


CONTENT = ("version", "data", "state", "reached", "body_id", "lon", "lat", "geometry", "tile", "origin", "source", "withdrawn",
           "known_on", "effective_on", "number", "programme_id", "register")  # fmt: skip


def revision_of(entry: Entry, by: User | None, at: datetime, why: str) -> Revision:
    told = {name: getattr(entry, name) for name in CONTENT}
    return Revision(entry=entry, why=why[:400], recorded_at=at, recorded_by=by, **told)


def days_fit(known_on: date, effective_on: date) -> None:
    if effective_on > known_on:
        raise Invalid([(0, Problem(
            "effective", f"生效日 {effective_on} 晚于知悉日 {known_on}，请改正", f"effective on {effective_on}, after {known_on} when it was known",
        ))])  # fmt: skip


def tidy(data: Mapping[str, Any]) -> dict[str, Any]:
    """A row's data without its empty fields."""
    return {name: value for name, value in data.items() if value is not None and value != ""}


def known_to(programme: Programme, definition: Definition, rows: Iterable[Mapping[str, Any]]) -> Known:
    """What rows of the register may refer to: all bodies, and those entries that the rows name."""
    bodies = set(programme.jurisdiction.bodies.values_list("code", flat=True))
    if not definition.references:
        return Known(bodies)
    named: dict[str, set[str]] = {}
    for row in rows:
        for one in definition.references:
            if value := row.get(one.code):
                named.setdefault(one.register_code, set()).add(str(value))
    return Known(bodies, {code: _keys_among(programme, code, keys) for code, keys in named.items()})


def _keys_among(programme: Programme, code: str, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    for part in batches(sorted(keys)):
        found.update(
            Entry.objects.filter(programme=programme, register=code, key__in=part).values_list("key", flat=True)
        )
    return found


def batches(rows: Sequence, size: int = BATCH) -> Iterable[Sequence]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


def no_way(definition: Definition, before: str, to: str) -> tuple[str, str]:
    a, b = definition.state.get(before), definition.state.get(to)
    return (
        f"“{a.zh if a else before}”不能直接转为“{b.zh if b else to}”",
        f"there is no move from {a.en if a else before} to {b.en if b else to}",
    )
