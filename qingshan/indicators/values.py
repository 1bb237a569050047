"""A metric with its evidence and what comes out of it: the link between rows and judgements."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .formulas import FORMULAS, Counted, Point, Row


@dataclass(frozen=True, slots=True)
class Definition:
    """How a metric is computed, as it was in force."""

    code: str
    name: str
    name_en: str
    unit: str
    decimals: int
    better: str
    formula: str
    inputs: Mapping[str, str]
    freshness_months: int | None
    forecast: str
    basis: str
    basis_en: str
    verification: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows of one series as they were known; `stated` has each row's natural key, number, source and day known, as text."""

    series: str
    origin: str
    rows: Sequence[Row] | Sequence[Counted]
    stated: tuple[str, ...]
    known_on: date | None

    def digest(self) -> str:
        """SHA-256 [hex] over the rows, so that a run says exactly what it read."""
        return hashlib.sha256("\n".join(self.stated).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MetricValue:
    definition: Definition
    evidence: Mapping[str, Evidence]
    points: tuple[Point, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Where its rows come from: official, reported, simulated; empty without rows."""
        return tuple(sorted({one.origin for one in self.evidence.values() if one.rows}))


def compute(definition: Definition, evidence: Mapping[str, Evidence]) -> MetricValue:
    """The metric's points from the evidence of its inputs (role → rows). Where an input has no rows there are no points."""
    rows = {role: one.rows for role, one in evidence.items()}
    complete = rows.keys() == definition.inputs.keys() and all(rows.values())
    points = FORMULAS[definition.formula].compute(rows, definition.decimals) if complete else []
    return MetricValue(definition, evidence, tuple(points))
