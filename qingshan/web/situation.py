"""A programme as it stands by its newest run: what nearly every page begins with."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.utils import timezone

from qingshan.evaluation.models import Run
from qingshan.plan.models import Programme
from qingshan.web import queries, rows
from qingshan.web.bindings import Sources


@dataclass
class Situation:
    programme: Programme
    plan: queries.Plan | None
    record: queries.Record | None
    before: queries.Record | None = None

    @property
    def run(self) -> Run | None:
        return self.record.run if self.record else None

    @cached_property
    def sources(self) -> Sources:
        """Where numbers come from, by what was recorded when the run was made."""
        run = self.run
        return Sources(self.programme, run.cutoff, run.as_of) if run else Sources(self.programme, timezone.now())

    @cached_property
    def targets(self) -> list[rows.TargetRow]:
        found = rows.target_rows(self.record, self.plan, self.programme.office) if self.record else []
        for row in found:
            row.sources = self.sources.of_metric(row.metric)
        return found

    @cached_property
    def official(self) -> list[rows.TargetRow]:
        return [row for row in self.targets if row.origin == "plan"]

    @cached_property
    def tasks(self) -> list[rows.TaskRow]:
        found = rows.task_rows(self.plan, self.record, self.targets) if self.plan else []
        for row in found:
            row.registers = self.sources.of_task(row.task.no)
        return found

    @property
    def whole_tasks(self) -> list[rows.TaskRow]:
        return [row for row in self.tasks if not row.whole]

    @property
    def parts(self) -> list[rows.TaskRow]:
        """Tasks that are parts of others."""
        return [row for row in self.tasks if row.whole]

    @cached_property
    def counts(self) -> list[tuple[str, int]]:
        return rows.tally(self.official)

    def target(self, code: str) -> rows.TargetRow:
        return _the(row for row in self.targets if row.code == code)

    def task(self, no: str) -> rows.TaskRow:
        return _the(row for row in self.tasks if row.task.no == no)


def _the(found):
    for row in found:
        return row
    raise Http404


def now(programme: Programme) -> Situation:
    """By the newest run; by the edition in force alone where nothing has been evaluated."""
    records = queries.newest_records(programme, 2)
    if records:
        return at(programme, *records)
    edition = queries.edition_in_force(programme)
    return Situation(programme, queries.plan_of(edition) if edition else None, None)


def at(programme: Programme, record: queries.Record, before: queries.Record | None = None) -> Situation:
    return Situation(programme, queries.plan_of(record.run.edition), record, before)
