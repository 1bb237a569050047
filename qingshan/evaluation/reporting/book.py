"""What the questions of a round are made from."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qingshan.evaluation.yearly import year_ends
from qingshan.evidence.figures.models import Series
from qingshan.evidence.figures.queries import series_as_of
from qingshan.evidence.registers.queries import all_tallies, any_simulated, registers_as_of
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.reports.answers import plain
from qingshan.evidence.reports.models import Line
from qingshan.evidence.reports.rounds import Days
from qingshan.indicators.queries import values_as_of
from qingshan.indicators.values import MetricValue
from qingshan.plan.annual.models import AnnualList
from qingshan.plan.annual.queries import Entry as Node
from qingshan.plan.annual.queries import sheets_of
from qingshan.plan.models import Edition, Programme, Task
from qingshan.plan.queries import content_of, standing_edition


@dataclass
class Book:
    """All that the questions of a round are made from, read once."""

    programme: Programme
    days: Days
    as_of: date
    cutoff: datetime
    metrics: Collection[str] | None = None
    edition: Edition | None = None
    tasks: list[Task] = field(default_factory=list)
    series: dict[str, Series] = field(default_factory=dict)
    values: dict[str, MetricValue] = field(default_factory=dict)
    kept: dict[str, Definition] = field(default_factory=dict)

    def __post_init__(self):
        self.edition = standing_edition(self.programme)
        self.series = series_as_of(self.programme, self.cutoff)
        self.values = values_as_of(self.programme, self.as_of, self.cutoff, self.metrics)
        self.kept = registers_as_of(self.programme, self.cutoff)
        self.tallies, self.simulated = all_tallies(self.programme), any_simulated(self.programme)
        if self.edition:
            self.tasks = list(self.edition.tasks.prefetch_related("involvements__body", "measures"))
            self.promises = list(self.edition.targets.all())
            self.targets = {one.metric: one for one in reversed(self.promises) if one.metric}
            self.year_ends = year_ends(content_of(self.edition).targets, self.days.ends.year)
        else:
            self.promises, self.targets, self.year_ends = [], {}, {}
        self.counted = counted_states(one.definition for one in self.values.values())
        self.nodes = self._nodes()
        self.said = self._said()
        self.asked_registers: set[str] = set()

    def _nodes(self) -> list[Node]:
        for sheet in sheets_of(self.programme):
            if sheet.annual.year == self.days.ends.year and sheet.annual.state == AnnualList.State.ISSUED:
                return sheet.standing
        return []

    def _said(self) -> dict[tuple[str, str], dict[str, Any]]:
        """By body and key: what was accepted from it last, before this round."""
        rows = Line.objects.filter(
            report__round__programme=self.programme, report__round__ends__lt=self.days.ends, accepted_on__isnull=False,
            accepted_on__lte=self.as_of,
        ).order_by("report__round__ends", "id")  # fmt: skip
        told = rows.values_list("report__body__code", "key", "claim", "progress", "report__round__period")
        return {(body, key): _last(claim, progress, period) for body, key, claim, progress, period in told}

    def before(self, body: str, key: str) -> dict[str, Any]:
        return self.said.get((body, key), {})


def _last(claim: Decimal | None, progress: str, period: str) -> dict[str, Any]:
    last = {"last": plain(claim)} if claim is not None else {}
    return last | {"last_period": period, "said": progress}


def counted_states(metrics: Iterable) -> dict[str, set[str]]:
    """By register: the states in which a metric counts its rows; where none names states, rows are neither done nor undone."""
    found: dict[str, set[str]] = {}
    for metric in metrics:
        for told in metric.inputs.values():
            if isinstance(told, dict) and told.get("state"):
                found.setdefault(told["register"], set()).update(told["state"])
    return found


def named(zh: str, en: str, **more) -> dict[str, Any]:
    return {"zh": zh, "en": en or zh} | {name: value for name, value in more.items() if value not in (None, "")}
