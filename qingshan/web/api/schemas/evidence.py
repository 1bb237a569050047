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
