"""Reads the text of a plan, from first line to last."""

from __future__ import annotations

from .duties import Duty, duties
from .front import Front, front
from .healing import heal
from .indicators import IndicatorTable, indicator_tables
from .outline import Outline, outline
from .regions import Regions
from .shapes import Reading
from .tables import tables
from .targets import targets
from .tasks import Job, Roles, from_tables, jobs, task, theme_of, under_headings
from .verdict import check


def read(text: str) -> Reading:
    """Read an official plan.

    Returns
    -------
    Reading
        Offsets in it count characters of `text`.

    Raises
    ------
    NotAPlan
        With the reason, where the text is a reply, a regulation, a notice of holidays …
    """
    healed = heal(text)
    opening = front(healed.text)
    until = opening.facts.period[1] if opening.facts.period else None
    indicators = indicator_tables(healed.text, opening.body, until)
    skeleton, clauses, work = _work(healed.text, opening, indicators)
    check(opening, skeleton, clauses, work, healed.text)
    roles = Roles(work)
    tasks = tuple(task(healed, job, roles) for job in work)
    themes = tuple(dict.fromkeys(filter(None, (theme_of(job.node) for job in work))))
    promised, unread = targets(healed, skeleton, work, clauses, opening, indicators)
    return Reading(opening.facts, themes, tasks, promised, unread)


def _work(text: str, opening: Front, indicators: list[IndicatorTable]) -> tuple[Outline, list[Duty], list[Job]]:
    """The tasks stand in the text where it carries clauses; where it does not, in the rows of a task table."""
    grids = tables(text, opening.body)
    in_task_tables, in_tables = Regions(grids), Regions([*grids, *indicators])
    clauses = [duty for duty in duties(text) if duty.start >= opening.body and duty.start not in in_task_tables]
    skeleton = outline(text, opening.body, in_tables)
    rows = from_tables(grids)
    if 2 <= sum(bool(job.duties) for job in rows) > len(clauses):
        held = sorted([*clauses, *(duty for job in rows for duty in job.duties)], key=lambda duty: duty.start)
        return skeleton, held, under_headings(skeleton, rows, opening.end) or rows
    return skeleton, clauses, jobs(skeleton, clauses, opening.end)
