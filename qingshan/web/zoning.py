"""What a reader asks about a site, and what the registers of control units and closed zones answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.places import Box, Unplaced, box_of
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.registers.zoning import (
    Clause,
    Closed,
    Drive,
    NoIndustry,
    Project,
    Touched,
    Unit,
    drives,
    examine,
    industry_of,
    solid,
    verdict,
)
from qingshan.people.models import User
from qingshan.plan.models import Programme
from qingshan.standards.datums import DATUMS, to_wgs84
from qingshan.web import wording

MOST_TEXT = 200_000  # characters of a site's GeoJSON
MOST_CORNERS = 2_000


@dataclass
class Asked:
    """The form as filled in; `errors` names for each field what to mend. `site` is in WGS84."""

    told: Mapping[str, str]
    site: dict[str, Any] | None = None
    industry: str = ""
    day: date | None = None
    stage: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return self.site is not None and not self.errors


def asked(told: Mapping[str, str], today: date) -> Asked:
    """What the address or the form says; nothing is asked where neither point nor shape is given."""
    found = Asked(told, day=today)
    if not (told.get("lon") or told.get("lat") or told.get("shape")):
        return found
    for name, read in (("place", _site), ("industry", _industry), ("day", _day), ("stage", _stage)):
        try:
            read(found)
        except (Unplaced, NoIndustry) as wrong:
            found.errors[name] = wording.said({"zh": wrong.zh, "en": wrong.en})
        except ValueError as wrong:
            found.errors[name] = str(wrong)
    return found


def _site(found: Asked) -> None:
    datum = found.told.get("datum", "")
    if datum not in DATUMS:
        raise ValueError(_("请选定坐标系：同一组数字在两种坐标系里相差约 500 米。"))
    shape = _shape(found.told["shape"]) if found.told.get("shape") else _point(found.told)
    box_of(shape, "point" if shape["type"] == "Point" else "polygon")
    moved = shape | {"coordinates": _moved(shape["coordinates"], datum)}
    solid(moved)
    found.site = moved


def _point(told: Mapping[str, str]) -> dict:
    try:
        return {"type": "Point", "coordinates": [float(told.get("lon", "")), float(told.get("lat", ""))]}
    except ValueError:
        raise ValueError(_("经度和纬度应同时填写，如 121.3412 和 30.7421。")) from None


def _shape(text: str) -> dict:
    """The geometry of a GeoJSON text; several polygons become one shape of many parts."""
    try:
        read = json.loads(text[: MOST_TEXT + 1])
        parts = list(_geometries(read))
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        raise ValueError(_("图形读不懂，应为 GeoJSON 的点或面。")) from None
    if len(parts) == 1 and parts[0].get("type") in ("Point", "Polygon", "MultiPolygon"):
        return {"type": parts[0]["type"], "coordinates": parts[0].get("coordinates")}
    if not parts or any(one.get("type") != "Polygon" for one in parts):
        raise ValueError(_("图形应是一个点，或一个或几个面。"))
    return {"type": "MultiPolygon", "coordinates": [one.get("coordinates") for one in parts]}


def _geometries(read: dict):
    if read.get("type") == "FeatureCollection":
        for one in read["features"]:
            yield from _geometries(one)
    elif read.get("type") == "Feature":
        yield from _geometries(read["geometry"])
    else:
        yield read


def _moved(found, datum: str):
    if isinstance(found[0], int | float):
        return list(to_wgs84(float(found[0]), float(found[1]), datum))
    return [_moved(one, datum) for one in found]


def _industry(found: Asked) -> None:
    found.industry = industry_of(found.told.get("industry", ""))


def _day(found: Asked) -> None:
    if text := found.told.get("day", ""):
        try:
            found.day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("日期应写作 2026-12-31。")) from None


def _stage(found: Asked) -> None:
    text = found.told.get("stage", "")
    if text and not (text.isascii() and text.isdigit() and int(text) < 10):
        raise ValueError(_("排放阶段应为一位数字，如国五填 5；不知道就空着。"))
    found.stage = int(text) if text else None


@dataclass(frozen=True)
class Answer:
    """What the registers say of a site; `simulated` where any row of theirs is."""

    touched: list[Touched]
    verdict: str
    drives: list[Drive]
    kind: str
    simulated: bool
    shapes: list[tuple[str, dict]]

    @property
    def may_drive(self) -> bool:
        return all(one.allowed for one in self.drives)


@dataclass(frozen=True)
class Books:
    """The registers of a programme that zoning is asked of; None where it has none."""

    programme: Programme
    units: Definition | None
    access: Definition | None
    closed: Definition | None

    @property
    def there(self) -> bool:
        return bool(self.units and self.access) or self.closed is not None

    def choices(self, name: str) -> list[tuple[str, str]]:
        """What may be chosen as activity or as kind of vehicle."""
        book, code = {"activity": (self.access, "activity"), "kind": (self.closed, "applies")}[name]
        column = book.field[code] if book else None
        return [(one.code, wording.said({"zh": one.zh, "en": one.en})) for one in column.choices] if column else []

    def word(self, name: str, value: str) -> str:
        return dict(self.choices(name)).get(value, value)

    def class_word(self, value: str) -> str:
        found = [one for one in self.units.field["class"].choices if one.code == value] if self.units else []
        return wording.said({"zh": found[0].zh, "en": found[0].en}) if found else value


def books(programme: Programme) -> Books:
    return Books(
        programme, *(queries.serving(programme, one) for one in ("zoning-units", "zoning-access", "closed-zones"))
    )


def answer(found: Books, question: Asked, by: User) -> Answer:
    """What stands in the registers on the day asked about, by what is known today."""
    box = Box(*solid(question.site).bounds)
    units = _rows(found, found.units, question.day, by, box) if found.units and found.access else []
    clauses = _rows(found, found.access, question.day, by) if units else []
    closed = _rows(found, found.closed, question.day, by, box) if found.closed else []
    project = Project(question.industry, question.told.get("activity", ""), question.day)
    touched = examine(
        [_unit(found.units, one) for one in units], [_clause(one) for one in clauses], question.site, project
    )
    kind = question.told.get("kind", "")
    told = (
        drives([_closed(found.closed, one) for one in closed], question.site, kind, question.stage, question.day)
        if kind
        else []
    )
    used = (
        {it.key for one in touched for it in one.clauses}
        | {one.unit.key for one in touched}
        | {one.zone.key for one in told}
    )
    simulated = any(one.origin == "simulated" for one in [*units, *clauses, *closed] if one.entry.key in used)
    shapes = [(one.unit.title, dict(one.unit.geometry)) for one in touched] + [
        (one.zone.title, dict(one.zone.geometry)) for one in told
    ]
    return Answer(touched, verdict(touched), told, kind, simulated, shapes)


def _rows(found: Books, book: Definition, day: date, by: User, box: Box | None = None) -> list:
    today, now = timezone.localdate(), timezone.now()
    rows = queries.revisions_as_of(found.programme, book.code, today, now, min(day, today)).select_related("entry")
    rows = queries.standing(book, rows)
    if box:
        rows = queries.in_box(rows, box).exclude(geometry=None)
    sees = queries.sight(book, by)
    return [queries.as_seen(one, sees) for one in rows.order_by("entry__key")]


def _unit(book: Definition, row) -> Unit:
    return Unit(row.entry.key, book.title_of(row.data), row.data.get("class", ""), row.geometry)


def _clause(row) -> Clause:
    data = row.data
    codes = tuple(one.strip().upper() for one in data.get("industries", "").split("|") if one.strip())
    return Clause(
        row.entry.key, data.get("unit", ""), data.get("class", ""), codes, data.get("activity", ""), data["effect"],
        data.get("rule", ""), data.get("clause", ""), _date(data.get("from_on")), _date(data.get("until")),
    )  # fmt: skip


def _closed(book: Definition, row) -> Closed:
    data = row.data
    months = (data["from_month"], data["to_month"]) if data.get("from_month") and data.get("to_month") else None
    return Closed(
        row.entry.key, book.title_of(data), data.get("applies", ""), data.get("stage"), data.get("basis", ""),
        _date(data.get("from_on")), _date(data.get("until")), months, row.geometry,
    )  # fmt: skip


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
