from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from qingshan.people.models import Body
from qingshan.plan.models import Programme
from qingshan.standards.working_days import after, between

from .answers import Answer
from .models import Entered, Line, Report, Round, Schedule, Step, Version
from .rounds import Kind, kind


def today(programme: Programme) -> date:
    """The day that days left are counted from: the demonstration's own day where the programme is one."""
    told = (programme.about or {}).get("demonstration")
    return date.fromisoformat(told["as_of"]) if told else timezone.localdate()


def schedule_of(programme: Programme) -> list[Kind]:
    """The kinds of rounds in force."""
    newest = Schedule.objects.filter(programme=programme).order_by("-id").first()
    return [kind(one) for one in newest.kinds] if newest else []


def rounds_of(programme: Programme) -> QuerySet[Round]:
    """The newest first."""
    return programme.rounds.select_related("programme", "opened_by", "closed_by").order_by("-ends", "kind")


def reports_of(programme: Programme) -> QuerySet[Report]:
    """All reports with their round, body and steps."""
    steps = Prefetch("steps", Step.objects.order_by("id"))
    return (
        Report.objects.filter(round__programme=programme)
        .select_related("round__programme__jurisdiction", "body")
        .prefetch_related(steps)
        .order_by("-round__ends", "round__kind", "body__order", "body__code")
    )


def lines_of(report: Report) -> list[Line]:
    return list(report.lines.select_related("edited_by").prefetch_related("files").order_by("order"))


def answer_of(line: Line) -> Answer:
    return Answer(line.claim, line.progress, line.obstacle, tuple((one[0], one[1]) for one in line.entries))


def last_day(report: Report) -> date:
    """Last day on which the report can be handed in."""
    return max(report.round.locks_on, report.open_until or report.round.locks_on)


def writable(report: Report, on: date) -> bool:
    """Whether its body may still write in it on that day."""
    open_state = report.state in (Report.State.DRAFT, Report.State.RETURNED)
    return open_state and report.round.closed_on is None and on <= last_day(report)


def newest_version(report: Report) -> Version | None:
    return report.versions.select_related("recorded_by").order_by("-number").first()


def entered_of(report: Report) -> dict[int, Entered]:
    """By line: the newest figure or item that was accepted from it."""
    found = Entered.objects.filter(line__report=report).select_related("figure", "item").order_by("id")
    return {one.line_id: one for one in found}


# --- late and sent back


@dataclass(frozen=True, slots=True)
class Course:
    """How a report stood at the end of a day, read from its steps. `due_on` is the day to mend it by where it was sent back."""

    submitted_on: date | None
    waiting: bool
    accepted: bool
    returns: int
    due_on: date

    @property
    def on_time(self) -> bool:
        return self.submitted_on is not None and self.submitted_on <= self.due_on


def course(report: Report, on: date) -> Course:
    """Of a report with its steps at hand; `waiting`: its body has still to hand it in, or to mend it."""
    steps = [one for one in report.steps.all() if one.day <= on]
    submitted = [one.day for one in steps if one.verb == Step.Verb.SUBMIT]
    moved = [one.verb for one in steps if one.verb in (Step.Verb.SUBMIT, Step.Verb.RETURN, Step.Verb.ACCEPT)]
    last = moved[-1] if moved else ""
    returns = sum(one.verb == Step.Verb.RETURN for one in steps)
    return Course(
        submitted_on=submitted[0] if submitted else None,
        waiting=last in ("", Step.Verb.RETURN),
        accepted=last == Step.Verb.ACCEPT,
        returns=returns,
        due_on=report.round.due_on,
    )


class Overdue(NamedTuple):
    """A report its body has not handed in, or not mended, though the day has passed."""

    body_code: str
    round: Round
    due_on: date
    working_days_late: int


def overdue(programme: Programme, on: date) -> list[Overdue]:
    """What is late on a day, the longest first. A report sent back is due again on the day it was to be mended by."""
    found = []
    for report in reports_of(programme).filter(round__opens_on__lte=on):
        due_on = _due(report, on)
        if due_on and due_on < on:
            late = between(due_on, on, report.round.calendar, provisional=True)
            found.append(Overdue(report.body.code, report.round, due_on, late))
    return sorted(found, key=lambda one: (-one.working_days_late, one.body_code, one.round.period))


def _due(report: Report, on: date) -> date | None:
    """The day by which its body has to hand it in next; none where it need not."""
    if not course(report, on).waiting or report.round.closed_on and report.round.closed_on <= on:
        return None
    back = [one for one in report.steps.all() if one.verb == Step.Verb.RETURN and one.day <= on]
    return max(report.round.due_on, mend_by(report.round, back[-1].day)) if back else report.round.due_on


def mend_by(held: Round, returned_on: date) -> date:
    """The day by which a report sent back on a day is to be mended."""
    return after(returned_on, held.mend_days, held.calendar, provisional=True)


class Punctuality(NamedTuple):
    """Of the reports due: handed in on time, late or not at all; accepted; sent back at least once."""

    due: int
    on_time: int
    late: int
    missing: int
    accepted: int
    returned: int


def punctuality(
    programme: Programme, since: date, until: date, on: date, body: Body | None = None
) -> dict[str, Punctuality]:
    """By body code, over the reports whose due day lies in [since, until] and has come by `on`; of one body where it is named."""
    reports = reports_of(programme).filter(round__due_on__range=(since, min(until, on)))
    reports = reports.filter(body=body) if body else reports
    counts: dict[str, Counter] = {}
    for report in reports:
        counts.setdefault(report.body.code, Counter()).update(_counted(course(report, on)))
    return {code: Punctuality(*(one[name] for name in Punctuality._fields)) for code, one in sorted(counts.items())}


def _counted(one: Course) -> dict[str, int]:
    return {
        "due": 1,
        "on_time": one.on_time,
        "late": one.submitted_on is not None and not one.on_time,
        "missing": one.submitted_on is None,
        "accepted": one.accepted,
        "returned": one.returns > 0,
    }


def rates_of_round(reports: Iterable[Report], on: date) -> Punctuality:
    """The same of one round, over its bodies."""
    total: Counter = Counter()
    for report in reports:
        total.update(_counted(course(report, on)))
    return Punctuality(*(total[name] for name in Punctuality._fields))
