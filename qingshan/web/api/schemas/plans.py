"""Programmes, bodies, editions of plans."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema

from .basic import BodyName, Number, Words


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
