"""Registers and their rows."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from .basic import Day, Person, Revision, Short, Value, Words


class RegisterLine(Schema):
    code: str
    version: int
    name: Words
    geometry: Literal["none", "point", "line", "polygon"]
    states: dict[str, int] = Field(description="rows in each state now; under '' where it has no states")
    simulated: bool


class RegisterOut(RegisterLine):
    definition: dict[str, Any] = Field(description="as in docs/registers.md")


class EntryOut(Schema):
    """A row as its reader may see it: `hidden` names the fields that hold something not shown to them."""

    id: int
    key: str
    number: int = Field(description="of the newest revision; a change must name it as `expected`")
    state: str
    reached: dict[str, date]
    body: str | None
    data: dict[str, Value]
    hidden: list[str]
    lon: float | None
    lat: float | None
    geometry: dict[str, Any] | None
    origin: Literal["official", "reported", "simulated"]
    source: str
    withdrawn: bool
    known_on: date
    effective_on: date


class EntryPage(Schema):
    total: int = Field(description="how many rows fit the filter, counted up to 10,000")
    exact: bool = Field(description="whether `total` is all of them")
    after: int | None = Field(description="id to give as `after` for the rows that follow; none at the end")
    entries: list[EntryOut]


class RevisionOut(EntryOut):
    why: str
    recorded_at: datetime
    recorded_by: Person | None


class Geometry(Schema):
    """GeoJSON: a point, a line or an area, in longitude and latitude (WGS 84)."""

    type: Literal["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
    coordinates: list[Any]


class EntryIn(Schema):
    data: dict[str, Value]
    geometry: Geometry | None = None
    state: str | None = Field(None, max_length=60)
    source: str = Short
    known_on: Day | None = None
    effective_on: Day | None = None
    why: str = Short


class EntryChange(Schema):
    """Only the fields that change; null empties one."""

    expected: int = Revision
    data: dict[str, Value] = {}
    geometry: Geometry | None = None
    source: str | None = Field(None, max_length=400)
    known_on: Day | None = None
    effective_on: Day | None = None
    why: str = Short


class EntryMove(Schema):
    expected: int = Revision
    to: str = Field(max_length=60)
    data: dict[str, Value] = {}
    known_on: Day | None = None
    effective_on: Day | None = None
    why: str = Short


class EntryWithdrawal(Schema):
    expected: int = Revision
    why: str = Field(max_length=400)


class Feature(Schema):
    type: Literal["Feature"] = "Feature"
    id: int
    geometry: dict[str, Any]
    properties: dict[str, Any]


class FeatureCollection(Schema):
    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]
