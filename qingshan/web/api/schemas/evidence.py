"""Metrics, series, and where a value comes from."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema

from .basic import Number, Person, Words
from .runs import Judged


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


class BindingOut(Schema):
    """Where a number comes from. kind: register, report, stream or published; body: who answers for it."""

    kind: str
    code: str
    name: Words
    body: str | None


class CountedRow(Schema):
    entry: int
    key: str
    title: str
    state: str
    amount: str
    since: str
    recorded_by: Person | None


class CountedOut(Schema):
    """What a metric counts of a register: the condition, how many rows fit it, and the first hundred as they were that day."""

    code: str
    register_code: str
    filter: str
    states: list[str]
    unit: str
    count: int
    rows: list[CountedRow]


class StreamPeriod(Schema):
    """What a period came to; weight: its valid days; seen of of: how complete it is; part of whole where it is a share."""

    period: str
    value: Number | None
    weight: int
    seen: int
    of: int
    part: Number | None
    whole: Number | None


class StreamOut(Schema):
    """What a metric takes of the measurements, as they were known at the run: `digest` [SHA-256, hex] is over the rows that were read."""

    code: str
    name: Words
    periods: list[StreamPeriod]
    sites: list[str]
    standards: list[str]
    rows: int
    last: date | None
    digest: str


class WayBack(Schema):
    """Where a value comes from: run, formula and its inputs, rows and who entered them, and the sentence of the plan."""

    run: int
    target: Judged
    sources: list[Source]
    registers: list[CountedOut]
    streams: list[StreamOut]
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
