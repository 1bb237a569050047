"""Evaluations and what they judged."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from .basic import Day, Number, Person, Status, Words
from .plans import Part


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
