import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Prefetch, QuerySet
from django.utils.module_loading import import_string

from qingshan.evaluation.models import Run
from qingshan.evidence.registers.queries import matching, registers_as_of, revisions_as_of
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.reports.models import Step
from qingshan.evidence.reports.queries import course, reports_of
from qingshan.people.models import User
from qingshan.plan.annual.queries import nodes_on
from qingshan.plan.models import Involvement, Programme

from .models import Objection, Rules, Sheet
from .period import Period
from .rules import Criterion, Scoring, outcome
from .sheet import Excluded, Line

LONGEST = 200  # characters of a key


def rules_for(programme: Programme, period: Period, cutoff: datetime) -> Rules | None:
    """The edition in force when the period began: of those in force by then the latest, as recorded last by `cutoff`."""
    known = Rules.objects.filter(programme=programme, since__lte=period.since, recorded_at__lte=cutoff)
    return known.order_by("since", "id").last()


def sheets_of(programme: Programme, reader: User | None = None) -> QuerySet[Sheet]:
    """Its sheets, the newest period first; a draft only to those who make or watch over it."""
    people = ("programme__jurisdiction", "run", "rules", "created_by", "published_by", "signed_by")
    found = Sheet.objects.filter(programme=programme).select_related(*people).order_by("-since", "-until", "-id")
    return found if reader is None or sees_drafts(reader) else found.exclude(state=Sheet.State.DRAFT)


def sees_drafts(reader: User) -> bool:
    return reader.role != "liaison"


def run_for(programme: Programme, period: Period) -> Run | None:
    """The run a sheet rests on: the first judged on or after the period's end, signed before unsigned."""
    over = Run.objects.filter(programme=programme, as_of__gte=period.until)
    return over.exclude(signed_at=None).order_by("as_of", "-id").first() or over.order_by("as_of", "-id").first()


def objections_of(sheet: Sheet) -> QuerySet[Objection]:
    people = ("body", "made_by", "answer", "answer__by")
    return sheet.objections.select_related(*people).order_by("id")


def excluded_by(sheet: Sheet) -> Excluded:
    """The lines that no longer count, by the objections that were upheld."""
    upheld = objections_of(sheet).filter(answer__upheld=True)
    return {(one.body.code, one.line): one.answer.reason for one in upheld}


def silent_bodies(sheet: Sheet) -> list[str]:
    """Codes of the scored bodies that have neither consented nor had an objection answered."""
    scored = {one["code"] for one in json.loads(sheet.record)["bodies"]}
    heard = set(sheet.consents.values_list("body__code", flat=True))
    answered = set(sheet.objections.exclude(answer=None).values_list("body__code", flat=True))
    return sorted(scored - heard - answered)


# --- the lines a sheet rests on


def gather(run: Run, period: Period, rules: Scoring, cutoff: datetime) -> Iterator[Line]:
    """Every matter of the period, as it stood on the run's day and was recorded by `cutoff`."""
    for criterion in rules.criterion.values():
        for line in _reader(criterion.source)(criterion, run, period, cutoff):
            if line.body:
                yield line


def _targets(criterion: Criterion, run: Run, period: Period, cutoff: datetime) -> Iterator[Line]:
    bodies = _bodies_of_tasks(run)
    for told in json.loads(run.record)["targets"]:
        tasks = {str(told["scope"]), *map(str, told["supports"])}
        for body in sorted({code for no in tasks for code in bodies.get(no, ())}):
            yield Line(
                body, criterion.code, f"target {told['code']}", told["status"], run.as_of, told["name"], told["name_en"],
                binding=told["binding"], simulated="simulated" in told["marks"], page=("origin", str(run.pk), told["code"]),
            )  # fmt: skip


def _bodies_of_tasks(run: Run) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    involved = Involvement.objects.filter(task__edition=run.edition, body__isnull=False)
    for no, code in involved.values_list("task__no", "body__code"):
        found.setdefault(no, set()).add(code)
    return found


def _reports_due(run: Run, period: Period, cutoff: datetime):
    steps = Prefetch("steps", Step.objects.filter(recorded_at__lte=cutoff).order_by("id"))
    due = (period.since, min(period.until, run.as_of))
    found = reports_of(run.programme).filter(round__due_on__range=due, round__opened_at__lte=cutoff)
    return found.prefetch_related(None).prefetch_related(steps)


def _reports(criterion: Criterion, run: Run, period: Period, cutoff: datetime) -> Iterator[Line]:
    for report in _reports_due(run, period, cutoff):
        told = course(report, run.as_of)
        became = "on_time" if told.on_time else "missing" if told.submitted_on is None else "late"
        yield _report(criterion, report, became, told.submitted_on)


def _returns(criterion: Criterion, run: Run, period: Period, cutoff: datetime) -> Iterator[Line]:
    for report in _reports_due(run, period, cutoff):
        told = course(report, run.as_of)
        if told.accepted or told.returns:
            yield _report(criterion, report, "returned" if told.returns else "accepted", told.submitted_on)


def _report(criterion: Criterion, report, became: str, done: date | None) -> Line:
    held, body = report.round, report.body.code
    return Line(
        body, criterion.code, f"report {held.kind} {held.period}", became, held.due_on, f"{held.period} {held.name}",
        f"{held.period} {held.name_en or held.name}", done=done, simulated=held.simulated, page=("report", held.kind, held.period, body),
    )  # fmt: skip


def _nodes(criterion: Criterion, run: Run, period: Period, cutoff: datetime) -> Iterator[Line]:
    last = min(period.until, run.as_of)
    for entry, node in nodes_on(run.programme, run.as_of, cutoff):
        if period.since <= node.due_on <= last:
            item = entry.item
            yield Line(
                node.lead_code, criterion.code, f"node {item.annual.year}-{item.order}", outcome(node.due_on, node.done_on), node.due_on,
                entry.title, entry.title_en, done=node.done_on, simulated=item.annual.demonstration, page=("list-item", str(item.annual.year), str(item.order)),
            )  # fmt: skip


def _register(criterion: Criterion, run: Run, period: Period, cutoff: datetime) -> Iterator[Line]:
    definition = registers_as_of(run.programme, cutoff).get(criterion.register_code)
    if definition is None:
        return
    rows = matching(revisions_as_of(run.programme, definition.code, run.as_of, cutoff), definition, criterion.condition)
    told = rows.order_by("entry__key").values_list(
        "entry_id", "entry__key", "data", "state", "reached", "body__code", "origin"
    )
    for number, key, data, state, reached, body, origin in told.iterator(chunk_size=5000):
        due = _day(data.get(criterion.planned or definition.planned))
        if due and period.since <= due <= min(period.until, run.as_of):
            done = _done(criterion, data, state, reached, run.as_of)
            yield Line(
                body or definition.body or "", criterion.code, f"{definition.code} {key}"[:LONGEST], outcome(due, done), due,
                *_title(definition, key, data), done=done, simulated=origin == "simulated",
                page=("registers-entry", definition.code, str(number)),
            )  # fmt: skip


def _title(definition: Definition, key: str, data: dict[str, Any]) -> tuple[str, str]:
    name = str(data.get(definition.title or "") or "")
    told = f"{key} {name}" if name and name != key else key
    return told, told


def _done(criterion: Criterion, data: dict, state: str, reached: dict, on: date) -> date | None:
    if state not in criterion.states:
        return None
    days = (
        [data.get(criterion.done)]
        if criterion.done
        else [day for code, day in reached.items() if code in criterion.states]
    )
    first = _day(min(filter(None, days), default=None))
    return first if first and first <= on else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


Reader = Callable[[Criterion, Run, Period, datetime], Iterator[Line]]
READERS: dict[str, Reader] = {
    "targets": _targets, "reports": _reports, "returns": _returns, "nodes": _nodes, "register": _register,
}  # fmt: skip


def _reader(source: str) -> Reader:
    """By source of a criterion. A room further on names its own in its app, by where it is, and it is loaded only when it is asked
    for: coordination, what the chairs decided."""
    brought = {name: place for app in apps.get_app_configs() for name, place in getattr(app, "scored", {}).items()}
    return READERS[source] if source in READERS else import_string(brought[source])
