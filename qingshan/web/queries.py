"""What pages read: a plan's edition, its runs, and the rows behind a value."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from qingshan.evaluation.models import Run
from qingshan.evidence.figures.models import Figure, Item, Series
from qingshan.evidence.figures.queries import figures_as_of, items_as_of, series_as_of
from qingshan.people.models import Body
from qingshan.plan.models import Edition, Involvement, Programme, Target, Task, Theme
from qingshan.web.wording import said


@dataclass
class Plan:
    """An edition with all its parts in hand."""

    edition: Edition
    themes: list[Theme] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    @cached_property
    def task(self) -> dict[str, Task]:
        return {task.no: task for task in self.tasks}

    @cached_property
    def target(self) -> dict[str, Target]:
        return {target.code: target for target in self.targets}


def plan_of(edition: Edition) -> Plan:
    """The edition's themes, tasks with their bodies and measures, and targets, in a fixed number of queries."""
    bodies = Prefetch("involvements", Involvement.objects.select_related("body").order_by("order"))
    tasks = list(edition.tasks.order_by("order").prefetch_related(bodies, "measures"))
    return Plan(edition, list(edition.themes.order_by("no")), tasks, list(edition.targets.order_by("order")))


@dataclass
class Record:
    """A run's content, opened."""

    run: Run

    @cached_property
    def data(self) -> dict:
        return json.loads(self.run.record)

    @property
    def targets(self) -> list[dict]:
        return self.data["targets"]

    @cached_property
    def target(self) -> dict[str, dict]:
        return {target["code"]: target for target in self.targets}

    @cached_property
    def task(self) -> dict[str, dict]:
        return {str(task["no"]): task for task in self.data["tasks"]}


def runs_of(programme: Programme):
    """Its runs, the latest day judged first, and of a day the latest run."""
    people = ("edition", "created_by", "signed_by")
    return Run.objects.filter(programme=programme).select_related(*people).order_by("-as_of", "-id")


def newest_records(programme: Programme, count: int) -> list[Record]:
    return [Record(run) for run in runs_of(programme)[:count]]


def record_before(run: Run) -> Record | None:
    """The record of the run before, in the order of `runs_of`."""
    earlier = runs_of(run.programme).exclude(id=run.id).filter(as_of__lte=run.as_of)
    for found in earlier[:2]:
        if found.as_of < run.as_of or found.id < run.id:
            return Record(found)
    return None


def edition_in_force(programme: Programme) -> Edition | None:
    return programme.editions.filter(state=Edition.State.ADOPTED).first()


def drafts(programme: Programme) -> list[Edition]:
    return list(programme.editions.filter(state=Edition.State.DRAFT).defer("text").order_by("-ordinal"))


def bodies_of(programme: Programme) -> list[Body]:
    return list(Body.objects.filter(jurisdiction=programme.jurisdiction_id).order_by("order", "code"))


@dataclass
class Source:
    """A series a value was computed from, with the rows that were known and recorded at the run."""

    code: str
    series: Series | None
    figures: list[Figure]
    items: list[Item]

    @property
    def figures_back(self) -> list[Figure]:
        """Newest first."""
        return self.figures[::-1]


def sources_of(run: Run, codes: Iterable[str]) -> list[Source]:
    codes = list(dict.fromkeys(codes))
    known = series_as_of(run.programme, run.cutoff)
    figures = figures_as_of(run.programme, codes, run.as_of, run.cutoff)
    items = items_as_of(run.programme, codes, run.as_of, run.cutoff)
    return [Source(code, known.get(code), figures.get(code, []), items.get(code, [])) for code in codes]


def names_of(sources: list[Source]) -> dict[str, str]:
    """What each series is called in the reader's language, by code."""
    return {one.code: said(one.series) for one in sources if one.series}
