"""The shapes of what the API says. Exact numbers are text, since a JSON number would be read back as a float."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field


def _written_out(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("a day is written 2026-12-31")
    return value


# A day that comes in; a bare number would else be taken for seconds since 1970.
Day = Annotated[date, BeforeValidator(_written_out)]
Number = str
Status = Literal["attained", "on_track", "at_risk", "off_track", "not_yet_due", "no_data"]
Value = str | int | bool | None


class Limit(Schema):
    """A stretch of a list."""

    skip: int = Field(0, ge=0, le=100_000)
    limit: int = Field(50, ge=1, le=500)


class Words(Schema):
    zh: str
    en: str


class BodyName(Schema):
    code: str
    name: Words


class Person(Schema):
    """Someone who wrote something, by account and name."""

    account: str
    name: str
    body: str | None


class ProgrammeOut(Schema):
    code: str
    title: Words
    jurisdiction: BodyName
    office: BodyName | None
    demonstration: dict[str, Any] | None
    edition: int | None
    newest_run: int | None


class BodyOut(BodyName):
    """A body with what it answers for: numbers of its tasks and codes of their targets."""

    full_name: str
    aliases: list[str]
    leads: list[str]
    takes_part: list[str]
    targets: list[str]
    off_track: int
    at_risk: int
    no_data: int
    on_track_or_attained: int


# --- plans


class EditionLine(Schema):
    ordinal: int
    state: Literal["draft", "adopted", "superseded", "discarded"]
    title: Words
    number: str
    issuer: str
    issued: date | None
    starts: date
    ends: date
    origin: str
    digest: str
    adopted_at: datetime | None
    superseded_at: datetime | None


class Theme(Schema):
    no: int
    title: Words


class Place(Schema):
    """Where it stands in the edition's text [characters]; none where the text is not at hand."""

    start: int | None
    end: int | None


class Part(Schema):
    printed: str
    body: str | None
    part: Literal["lead", "cooperate", "responsible"]


class Measure(Place):
    title: Words


class PlanTask(Place):
    no: str
    theme: int | None
    title: Words
    summary: Words
    bodies: list[Part]
    measures: list[Measure]


class PlanTarget(Place):
    code: str
    task: str | None
    origin: Literal["plan", "office"]
    name: Words
    kind: str
    op: str
    value: Number | None
    unit: str
    starts: date
    due: date
    binding: bool
    implied: bool
    illustrative: bool
    baseline: Number | None
    baseline_on: date | None
    metric: str
    note: Words
    supports: list[str]


class EditionOut(EditionLine):
    text: str
    themes: list[Theme]
    tasks: list[PlanTask]
    targets: list[PlanTarget]
    unread: list[Any]


# --- runs


class RunLine(Schema):
    number: int
    edition: int
    as_of: date
    cutoff: datetime
    code_version: str
    digest: str
    created_at: datetime
    created_by: Person | None
    signed_at: datetime | None
    signed_by: Person | None
    counts: dict[Status, int]


class Judged(Schema):
    """A target as a run judged it, word for word as in the run's record."""

    code: str
    scope: str = Field(description="overall, or the number of its task")
    supports: list[str]
    origin: Literal["plan", "office"]
    name: str
    name_en: str
    short: str
    short_en: str
    kind: str
    op: str
    metric: str
    unit: str
    unit_en: str
    goal: Number | None
    starts: date
    due: date
    binding: bool
    implied: bool
    illustrative: bool
    status: Status
    reason: str
    sentence: Words
    actual: Number | None
    actual_on: date | None
    newest: date | None
    planned: Number | None
    planned_on: date | None
    gap: Number | None
    baseline: Number | None
    baseline_on: date | None
    days_left: int | None
    stale: bool
    decided: bool
    planned_line: list[dict[str, Any]]
    outlook: dict[str, Any] | None
    decimals: int
    better: str
    points: list[dict[str, Any]]
    formula: dict[str, Any] | None
    basis: Words | None
    verification: str
    marks: list[str]
    inputs: list[dict[str, Any]]


class JudgedTask(Schema):
    no: str
    status: Status
    because: list[str]
    silent: list[str]
    striven_for: bool


class RunOut(RunLine):
    targets: list[Judged]
    tasks: list[JudgedTask]


class TaskOut(Schema):
    """A task as it stands by the newest run; `status` is none where nothing has been evaluated."""

    no: str
    theme: int | None
    title: Words
    bodies: list[Part]
    lead_named: bool
    status: Status | None
    because: list[str]
    targets: list[str]


class RunIn(Schema):
    as_of: Day


# --- evidence


class SeriesOut(Schema):
    code: str
    name: Words
    unit: str
    frequency: str
    origin: Literal["official", "reported", "simulated"]
    source: dict[str, Any]
    recorded_at: datetime


class FigureOut(Schema):
    period: str
    ends: date
    value: Number
    source: str
    known_on: date
    recorded_at: datetime
    recorded_by: Person | None


class ItemOut(Schema):
    key: str
    planned_on: date | None
    done_on: date | None
    value: Number
    source: str
    known_on: date
    recorded_at: datetime
    recorded_by: Person | None


class SeriesRows(SeriesOut):
    """A series with the rows known on a day: figures, or items where it counts things."""

    as_of: date
    figures: list[FigureOut]
    items: list[ItemOut]


class Source(Schema):
    """A series a value was computed from, with the rows the run read; a register's rows are read under `registers`."""

    code: str
    series: SeriesOut | None
    figures: list[FigureOut]
    items: list[ItemOut]


class WayBack(Schema):
    """Where a value comes from: run, formula and its inputs, rows and who entered them, and the sentence of the plan."""

    run: int
    target: Judged
    sources: list[Source]
    passage: str | None


class MetricOut(Schema):
    code: str
    name: Words
    unit: str
    decimals: int
    better: str
    formula: str
    formula_words: Words
    inputs: dict[str, Any]
    freshness_months: int | None
    forecast: str
    basis: Words
    verification: str
    recorded_at: datetime


# --- registers


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


Short = Field("", max_length=400)
Revision = Field(ge=1, le=2**31 - 1, description="the number of the revision that was looked at")


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


# --- the trail


class AuditOut(Schema):
    id: int
    at: datetime
    by: str
    role: str
    verb: str
    thing: str
    detail: dict[str, Any]
    seal: str


class AuditPage(Schema):
    after: int | None = Field(description="id to give as `before` for older lines; none at the end")
    lines: list[AuditOut]
