"""A report against what is known now, not what was known when it was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qingshan.evidence.registers.models import Entry
from qingshan.evidence.reports.contradictions import Contradiction, contradictions
from qingshan.evidence.reports.models import Line, Report
from qingshan.evidence.reports.queries import answer_of, lines_of
from qingshan.evidence.reports.rounds import Days
from qingshan.indicators.queries import metrics_as_of

from .asking import owed
from .book import counted_states


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A line with what the system knows of it now, and what does not agree."""

    line: Line
    known: Mapping[str, Any]
    contradictions: list[Contradiction]


def reviewed(report: Report, as_of: date, cutoff: datetime) -> list[Reviewed]:
    """The lines of a report against what is known now, not what was known when the round was opened."""
    held = report.round
    days = Days(held.period, held.starts, held.ends, held.opens_on, held.due_on, held.locks_on, held.provisional)
    lines = lines_of(report)
    needed = {line.asked["metric"] for line in lines if line.asked.get("metric")}
    now = {one.key: one.known for one in owed(held.programme, days, as_of, cutoff, needed).get(report.body.code, [])}
    return [_reviewed(line, {**line.known, **now.get(line.key, {})}, cutoff) for line in lines]


def _reviewed(line: Line, known: dict[str, Any], cutoff: datetime) -> Reviewed:
    if line.entries:
        known["undone"] = _undone(line, cutoff)
    files = len(line.files.all())
    return Reviewed(line, known, contradictions(line.form, line.asked, known, answer_of(line), files))


def _undone(line: Line, cutoff: datetime) -> list[str]:
    """The entries named as evidence that are not in a state in which a metric counts them."""
    programme = line.report.round.programme
    counted = counted_states(metrics_as_of(programme, cutoff).values())
    found = []
    for register, key in line.entries:
        entry = Entry.objects.filter(programme=programme, register=register, key=key, withdrawn=False).first()
        if entry is None or entry.state not in counted.get(register, {entry.state}):
            found.append(key)
    return found
