"""A metric with its evidence and what comes out of it: the link between rows and judgements."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qingshan.observations.wanted import Finding

from .formulas import FORMULAS, Counted, Point, Row

INSTEAD = "instead"  # the role of what stands published, for years that measurements do not serve
Rows = Sequence[Row] | Sequence[Finding] | Sequence[Counted]


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
    inputs: Mapping[str, str | Mapping]
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
    rows: Rows
    stated: tuple[str, ...]
    known_on: date | None

    def digest(self) -> str:
        """SHA-256 [hex] over the rows, so that a run says exactly what it read."""
        return hashlib.sha256("\n".join(self.stated).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MetricValue:
    """`evidence` is what the points were made of; `rows` are its rows as the formula took them, by role."""

    definition: Definition
    evidence: Mapping[str, Evidence]
    points: tuple[Point, ...]
    rows: Mapping[str, Rows] = field(default_factory=dict)

    @property
    def origins(self) -> tuple[str, ...]:
        """Where its rows come from: official, reported, measured, simulated; empty without rows."""
        return tuple(sorted({one.origin for one in self.evidence.values() if one.rows}))


def compute(definition: Definition, evidence: Mapping[str, Evidence]) -> MetricValue:
    """The metric's points from the evidence of its inputs (role → rows). Where an input has no rows there are no points."""
    rows, used = _standing(evidence) if INSTEAD in definition.inputs else _all(evidence)
    complete = rows.keys() == definition.inputs.keys() - {INSTEAD} and all(rows.values())
    points = FORMULAS[definition.formula].compute(rows, definition.decimals) if complete else []
    return MetricValue(definition, used, tuple(points), rows)


def _all(evidence: Mapping[str, Evidence]) -> tuple[dict[str, Rows], Mapping[str, Evidence]]:
    return {role: one.rows for role, one in evidence.items()}, evidence


def _standing(evidence: Mapping[str, Evidence]) -> tuple[dict[str, Rows], dict[str, Evidence]]:
    """Each year's rows from one of the two: measurements go before what stands published, unless they are simulated or fewer."""
    measured, stated = (evidence.get(role, NOTHING) for role in ("series", INSTEAD))
    years = sorted({row.ends.year for row in (*measured.rows, *stated.rows)})
    taken = {year: _for_year(year, measured, stated) for year in years}
    rows = tuple(row for year in years for row in taken[year].rows if row.ends.year == year)
    used = {role: one for role, one in evidence.items() if one in taken.values()}
    return {"series": rows}, used or dict(evidence)


def _for_year(year: int, measured: Evidence, stated: Evidence) -> Evidence:
    ours, theirs = (sum(row.ends.year == year for row in one.rows) for one in (measured, stated))
    if not theirs:
        return measured
    return stated if measured.origin == "simulated" or ours < theirs else measured


NOTHING = Evidence("", "", (), (), None)
