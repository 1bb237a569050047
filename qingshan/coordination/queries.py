import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from qingshan.evaluation.models import Run
from qingshan.evaluation.scores.period import Period
from qingshan.evaluation.scores.rules import Criterion, outcome
from qingshan.evaluation.scores.sheet import Line as ScoreLine
from qingshan.evaluation.terms import STATUS_WORDS, Status
from qingshan.evidence.measurements import queries as measured
from qingshan.evidence.registers.queries import matching, registers_as_of, revisions_as_of, serving
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.reports import queries as reports
from qingshan.people.models import Body, Role, User
from qingshan.plan.annual import queries as annual
from qingshan.plan.models import Edition, Programme, Task
from qingshan.plan.queries import standing_edition

from .escalating import Level, Rule, days_late, rules_of
from .incidents.queries import open_calls
from .keeping import Word, done_on
from .letters import Line
from .matters import TARGETS, Kind, Matter, Text, Wait, waits
from .models import Alert, AlertStep, Decision, Handling, Meeting, Notice, Rulebook

BACK = 24  # runs looked back for the day since when a target has stood as it does
LEVELS = {
    Level.NOTICE: Text("提示", "notice"),
    Level.WARNING: Text("警示", "warning"),
    Level.CIRCULAR: Text("通报", "circular"),
}
READERS = (Role.OFFICE, Role.LEADER, Role.LIAISON)


def rulebook_of(programme: Programme) -> Rulebook | None:
    """The rules in force; none where the programme's folder has none."""
    return programme.rulebooks.order_by("-version").first()


def rules(programme: Programme) -> dict[Kind, Rule]:
    book = rulebook_of(programme)
    return rules_of(book.rules) if book else {}


def calendar_of(programme: Programme, kind: Kind = Kind.ASSIGNMENT) -> str:
    """The country whose working days count for matters of a kind; for one without a rule, that of the other rules."""
    known = rules(programme)
    named = [known[kind]] if kind in known else list(known.values())
    return named[0].calendar if named else "CN"


# --- what is stuck


def matters(programme: Programme, on: date) -> list[Matter]:
    """All that is stuck as of a day, in the order of consequence."""
    return sorted((one for collect in COLLECTORS for one in collect(programme, on)), key=lambda one: one.order)


def targets_behind(programme: Programme, on: date) -> Iterator[Matter]:
    """Targets off track, at risk or without data in the newest run of that day or before."""
    runs = list(Run.objects.filter(programme=programme, as_of__lte=on).order_by("-as_of", "-id")[:BACK])
    if not runs:
        return
    parts = _Parts(programme, runs[0].edition, on)
    stuck = {one["code"]: one for one in _targets(runs[0]) if _is_stuck(one)}
    since = _since(stuck, runs)
    for code, told in stuck.items():
        yield _target(told, since[code], parts)


def _targets(run: Run) -> list[dict]:
    return json.loads(run.record)["targets"]


def _is_stuck(told: dict) -> bool:
    """The office's own indicators count too, but not for having no data."""
    return told["status"] in TARGETS and (told["origin"] == "plan" or told["status"] != Status.NO_DATA)


def _since(stuck: dict[str, dict], runs: list[Run]) -> dict[str, date]:
    """By target: the first day of the unbroken row of evaluations that gave it the status it has."""
    since, open_still = {}, dict(stuck)
    for run in runs:
        seen = {one["code"]: one["status"] for one in _targets(run)} if open_still else {}
        open_still = {code: one for code, one in open_still.items() if seen.get(code) == one["status"]}
        since |= dict.fromkeys(open_still, run.as_of)
    return since


@dataclass
class _Parts:
    """Who leads and who takes part: in a task by the plan; in a target by the plan, else by the newest annual list in which it
    stands, else by the leading group. The office is asked for a target of the whole plan that nobody was given."""

    programme: Programme
    edition: Edition
    on: date

    @cached_property
    def tasks(self) -> dict[str, Task]:
        return {one.no: one for one in self.edition.tasks.prefetch_related("involvements__body")}

    @cached_property
    def listed(self) -> dict[str, tuple[str, list[str]]]:
        sheets = [one for one in annual.sheets_of(self.programme) if one.annual.state == "issued"]
        return {
            entry.item.target.code: (entry.lead_code, [code for code, _ in entry.partners])
            for sheet in reversed(sheets)
            for entry in sheet.standing
            if entry.item.target_id and entry.lead_code
        }

    @cached_property
    def decided(self) -> dict[str, tuple[str, list[str]]]:
        """By target: whom the leading group made responsible when it last decided on it."""
        found = Decision.objects.filter(item__meeting__programme=self.programme, outcome="adopted", on__lte=self.on)
        targets = {one.value for one in TARGETS.values()}
        return {
            one.item.matter["key"]: (one.lead.code, one.partners)
            for one in found.select_related("lead", "item").order_by("on", "pk")
            if one.item.matter.get("kind") in targets
        }

    @property
    def office(self) -> str:
        return self.programme.office.code if self.programme.office_id else ""

    def of_task(self, task: Task) -> tuple[str, list[str]]:
        """Leading body, or the only one, else none; and the others."""
        known = [one for one in task.involvements.all() if one.body_id]
        leads = [one.body.code for one in known if one.part == "lead"] or [
            one.body.code for one in known[: len(known) == 1]
        ]
        lead = leads[0] if leads else ""
        return lead, [one.body.code for one in known if one.body.code != lead]

    def is_leaderless(self, task: Task) -> bool:
        """Several bodies and no lead; a task that is divided may leave its bodies to its parts."""
        return len(task.involvements.all()) > 1 and not self.of_task(task)[0]

    def of_target(self, told: dict) -> tuple[str, list[str]]:
        task, code = self.tasks.get(str(told["scope"])), told["code"]
        lead, others = self.of_task(task) if task else ("", [])
        if lead:
            return lead, others
        return self.listed.get(code) or self.decided.get(code) or (self.office if task is None else "", others)


def _target(told: dict, since: date, parts: _Parts) -> Matter:
    lead, partners = parts.of_target(told)
    return Matter(
        TARGETS[told["status"]], told["code"], Text(told["name"], told["name_en"] or told["name"]), Text(**told["sentence"]), lead,
        tuple(partners), since, _numbers(told), ("target", told["code"]), told["binding"] and told["origin"] == "plan",
        "simulated" in told["marks"],
    )  # fmt: skip


def _numbers(told: dict) -> dict[str, str]:
    return {name: told[name] for name in ("actual", "planned", "goal", "gap", "unit") if told[name] is not None}


def tasks_without_lead(programme: Programme, on: date) -> Iterator[Matter]:
    """One matter for all tasks of which the plan names several bodies and no lead: the office has to settle it."""
    edition = standing_edition(programme)
    parts = _Parts(programme, edition, on) if edition else None
    open_still = [one for one in parts.tasks.values() if parts.is_leaderless(one)] if parts else []
    if not open_still or (edition.issued or edition.starts) >= on:
        return
    count, whole = len(open_still), len(parts.tasks)
    nos = "、".join(one.no for one in open_still)
    yield Matter(
        Kind.LEAD, "tasks", Text(f"{count} 项任务没有牵头部门", f"{count} tasks have no leading body"),
        Text(f"共 {whole} 项任务，其中 {count} 项（{nos}）只列责任部门，未分主次。",
             f"Of {whole} tasks {count} ({', '.join(one.no for one in open_still)}) name responsible bodies and no lead."),
        parts.office, tuple(_all_of(open_still)), edition.issued or edition.starts, {"count": str(count), "tasks": str(whole)},
        ("tasks",),
    )  # fmt: skip


def _all_of(tasks: Iterable[Task]) -> list[str]:
    return list(dict.fromkeys(one.body.code for task in tasks for one in task.involvements.all() if one.body_id))


def nodes_overdue(programme: Programme, on: date) -> Iterator[Matter]:
    """Nodes of issued annual lists that were due and are not done."""
    for one in annual.overdue(programme, on):
        title, node = Text(one.title, one.title_en or one.title), Text(one.node, one.node_en or one.node)
        binding = bool(one.item.target_id and one.item.target.binding)
        yield Matter(
            Kind.NODE, str(one.item.id), title,
            Text(f"清单节点“{node.zh}”应于 {one.due_on} 前完成，尚未登记完成。",
                 f"The node “{node.en}” was due on {one.due_on} and is not recorded as done."),
            one.lead_code, tuple(code for code, _ in one.partners), one.due_on, {"first_due_on": str(one.first_due_on)},
            ("list-item", str(one.item.annual.year), str(one.item.order)), binding, one.item.annual.demonstration,
        )  # fmt: skip


def reports_overdue(programme: Programme, on: date) -> Iterator[Matter]:
    """Reports of a round that a body has not handed in, or not mended: the office waits for them."""
    office = (programme.office.code,) if programme.office_id else ()
    for one in reports.overdue(programme, on):
        held = one.round
        name = Text(f"{held.period} {held.name}", f"{held.period} {held.name_en or held.name}")
        yield Matter(
            Kind.REPORT, f"{one.round.pk}/{one.body_code}", Text(f"{name.zh}未报", f"{name.en}: not reported"),
            Text(f"应于 {one.due_on} 前报送，逾期 {one.working_days_late} 个工作日。",
                 f"Due on {one.due_on}, {one.working_days_late} working days late."),
            one.body_code, office, one.due_on, {"days_late": str(one.working_days_late)}, ("reports",), False, held.simulated,
        )  # fmt: skip


def entries_overdue(programme: Programme, on: date) -> Iterator[Matter]:
    """Rows of the registers that the rulebook names, past their planned day in a state that is not final."""
    book, now = rulebook_of(programme), timezone.now()
    known = registers_as_of(programme, now) if book and book.registers else {}
    for code in book.registers if book else ():
        if code in known and known[code].planned:
            yield from _entries(programme, known[code], on, now)


def _entries(programme: Programme, register: Definition, on: date, now) -> Iterator[Matter]:
    rows = matching(revisions_as_of(programme, register.code, on, now), register, f"{register.planned}<{on}")
    final = [one.code for one in register.states if one.final]
    for row in rows.exclude(state__in=final).select_related("body", "entry"):
        yield _entry(register, row)


def _entry(register: Definition, row) -> Matter:
    due, state = row.data[register.planned], register.state.get(row.state)
    key = row.entry.key
    return Matter(
        Kind.ENTRY, f"{register.code}/{key}", Text(f"{register.name.zh}：{key}", f"{register.name.en}: {key}"),
        Text(f"计划 {due} 完成，现为“{state.zh if state else '在册'}”。", f"Planned for {due}, now “{state.en if state else 'listed'}”."),
        row.body.code if row.body_id else "", (), date.fromisoformat(due), {"planned_on": due},
        ("registers-list", register.code), False, row.origin == "simulated",
    )  # fmt: skip


def classes_apart(programme: Programme, on: date) -> Iterator[Matter]:
    """Units of farmland whose register gives them another class than the samples of their soil, since both are known."""
    register, now = serving(programme, measured.PART), timezone.now()
    if register is None:
        return
    for one in measured.compared(programme, register, None, on, now):
        if one.disagrees:
            yield _apart(register, one, measured.apart_since(one, on, now))


def _apart(register: Definition, one: "measured.Compared", since: date) -> Matter:
    key, year = one.row.entry.key, one.sampled.period
    stated, sampled = (measured.class_of(register, no) for no in (one.stated, one.by_samples))
    by = Text("样品和农产品", "soil and produce") if one.produce_entered else Text("样品", "soil")
    return Matter(
        Kind.DISAGREEMENT, f"{register.code}/{key}", Text(f"{register.name.zh}：{key}", f"{register.name.en}: {key}"),
        Text(f"台账为“{stated.zh}”，按 {year} 年{by.zh}为“{sampled.zh}”，须核定类别或复测。",
             f"“{stated.en}” in the register, “{sampled.en}” by the {by.en} of {year}: its class is to be settled or it is to be sampled again."),
        one.row.body.code if one.row.body_id else "", (), since, {"stated": stated.code, "sampled": sampled.code, "year": year},
        ("farmland",), False, one.simulated,
    )  # fmt: skip


def assignments_overdue(programme: Programme, on: date) -> Iterator[Matter]:
    """Decisions of a meeting whose assignment is not closed after its day."""
    for one in _assignments(programme, on):
        if one.state == "overdue":
            yield _late(one)


def _late(one: "Assignment") -> Matter:
    decision, told = one.decision, one.reported
    said = (
        Text(f"，{told.on} 已报办结，待核", f"; reported done on {told.on}, not yet checked") if told else Text("", "")
    )
    meeting = decision.item.meeting
    return Matter(
        Kind.ASSIGNMENT, str(decision.pk), Text(decision.wording, decision.wording),
        Text(f"{meeting.held_on} 会议第 {decision.number} 号议定事项，应于 {decision.due_on} 前办结{said.zh}。",
             f"Decision {decision.number} of {meeting.held_on} was due on {decision.due_on}{said.en}."),
        decision.lead.code, tuple(decision.partners), decision.due_on, {"number": decision.number},
        ("assignment", str(decision.pk)), False, meeting.simulated,
    )  # fmt: skip


COLLECTORS: tuple[Callable[[Programme, date], Iterable[Matter]], ...] = (
    targets_behind, tasks_without_lead, nodes_overdue, entries_overdue, classes_apart, reports_overdue, assignments_overdue,
)  # fmt: skip


# --- assignments


@dataclass(frozen=True)
class Assignment:
    """An adopted decision as it stands on a day: open, overdue, reported (done, to be checked) or closed."""

    decision: Decision
    on: date
    last: Handling | None = None
    calendar: str = "CN"

    @property
    def closed(self) -> bool:
        return bool(self.last and self.last.kind == Handling.Kind.CLOSED)

    @property
    def reported(self) -> Handling | None:
        return self.last if self.last and self.last.kind == Handling.Kind.REPORTED else None

    @property
    def late(self) -> int:
        """Working days [d] late, until it was closed or until now."""
        return days_late(self.decision.due_on, self.last.on if self.closed else self.on, self.calendar)

    @property
    def state(self) -> str:
        if self.closed:
            return "closed"
        if self.decision.due_on < self.on:
            return "overdue"
        return "reported" if self.reported else "open"

    def concerns(self, body: str) -> bool:
        return body == self.decision.lead.code or body in self.decision.partners


def assignments(programme: Programme, body_code: str | None, on: date) -> list[Assignment]:
    """A body's assignments as of a day, as lead or partner (of all bodies for None): what is open first, by its day."""
    found = [one for one in _assignments(programme, on) if body_code is None or one.concerns(body_code)]
    return sorted(found, key=lambda one: (one.closed, one.decision.due_on, one.decision.pk))


def _assignments(programme: Programme, on: date) -> list[Assignment]:
    words = Prefetch("handlings", Handling.objects.select_related("by").order_by("id"))
    found = Decision.objects.filter(item__meeting__programme=programme, outcome="adopted", on__lte=on)
    found = found.select_related("lead", "item__meeting__programme", "by").prefetch_related(words)
    calendar = calendar_of(programme)
    return [Assignment(one, on, _last(one, on), calendar) for one in found.order_by("pk")]


def _last(decision: Decision, on: date) -> Handling | None:
    return next((one for one in reversed(decision.handlings.all()) if one.on <= on), None)


def assignment(programme: Programme, pk: int, on: date) -> Assignment | None:
    return next((one for one in _assignments(programme, on) if one.decision.pk == pk), None)


def decisions_due(criterion: Criterion, run: Run, period: Period, cutoff: datetime) -> Iterator[ScoreLine]:
    """For score sheets: the assignments of signed minutes that fell due in the period, for the body that leads."""
    words = Prefetch("handlings", Handling.objects.filter(on__lte=run.as_of, at__lte=cutoff).order_by("id"))
    due = (period.since, min(period.until, run.as_of))
    found = Decision.objects.filter(item__meeting__programme=run.programme, outcome="adopted", due_on__range=due)
    signed = found.filter(item__meeting__signed_at__lte=cutoff).select_related("lead", "item__meeting")
    for one in signed.prefetch_related(words).order_by("pk"):
        done = done_on(Word(said.kind, said.on) for said in one.handlings.all())
        yield ScoreLine(
            one.lead.code, criterion.code, f"decision {one.number}", outcome(one.due_on, done), one.due_on, one.wording, one.wording,
            done=done, simulated=one.item.meeting.simulated, page=("assignment", str(one.pk)),
        )  # fmt: skip


# --- alerts


def alerts(programme: Programme) -> QuerySet[Alert]:
    """All alerts with what became of them."""
    steps = Prefetch("steps", AlertStep.objects.select_related("by").order_by("id"))
    return programme.alerts.select_related("body", "raised_by").prefetch_related(steps)


def open_alerts(programme: Programme, on: date | None = None) -> QuerySet[Alert]:
    """Alerts whose matter is not mended, the gravest first."""
    closed = AlertStep.objects.filter(alert=OuterRef("pk"), kind=AlertStep.Kind.CLOSED)
    found = alerts(programme).filter(~Exists(closed))
    return found.filter(raised_on__lte=on) if on else found


def highest(found: Iterable[Alert]) -> dict[tuple[str, str], Alert]:
    """By matter: its alert of the highest level."""
    standing: dict[tuple[str, str], Alert] = {}
    for one in found:
        key = (one.kind, one.key)
        if key not in standing or standing[key].level < one.level:
            standing[key] = one
    return standing


def waiting(found: Iterable[Matter]) -> list[Wait]:
    return waits(found)


# --- inbox


def inbox(user: User) -> QuerySet[Notice]:
    """What was sent to a person's role, or to the body a liaison speaks for; the newest first."""
    if user.role not in READERS:
        return Notice.objects.none()
    mine = Q(role=user.role, body=user.body_id) if user.role == Role.LIAISON else Q(role=user.role, body=None)
    found = Notice.objects.filter(mine, programme__jurisdiction=user.jurisdiction_id)
    return found.select_related("programme", "alert").prefetch_related("alert__steps").order_by("-on", "-id")


def unread(user: User) -> QuerySet[Notice]:
    """What a person has not read and what still stands."""
    closed = AlertStep.objects.filter(alert=OuterRef("alert"), kind=AlertStep.Kind.CLOSED)
    return inbox(user).exclude(seen__user=user).exclude(Exists(closed))


def lines_for(user: User, programme: Programme, on: date) -> list[Line]:
    """What waits for a person as of a day: alerts told to them that still stand, and assignments of their body."""
    told = {one.alert_id for one in inbox(user).filter(programme=programme, on__lte=on) if one.alert_id}
    mine = [one for one in highest(open_alerts(programme, on)).values() if one.pk in told]
    lines = [_line_of_alert(one) for one in sorted(mine, key=lambda one: (-one.level, one.told.order))]
    if user.role == Role.LIAISON:
        given = assignments(programme, user.body.code, on)
        lines = [_line_of_call(one) for one in open_calls(user, programme)] + lines
        lines += [_line_of_assignment(one) for one in given if not one.closed]
    return lines


def _line_of_call(stand) -> Line:
    one, call = stand.call.incident, stand.call
    told = Text(f"{one.title}，{one.place}。请答复：接报、出发、到达，或说明不能前往。",
                f"{one.title}, {one.place}. Answer: acknowledged, en route, arrived, or why it cannot come.")  # fmt: skip
    page = f"/{one.programme.code}/emergency/incidents/{one.ordinal}/"
    return Line(
        f"call {call.pk}", Text("应急调用", "call-out"), Text(call.title, call.title), told, page, one.simulated
    )


def _line_of_alert(one: Alert) -> Line:
    told, level = one.told, LEVELS[Level(one.level)]
    late = Text(f"逾期 {one.days_late} 个工作日", f"{one.days_late} working days late")
    until = Text(f"，请于 {one.answer_by} 前签收", f"; to be acknowledged by {one.answer_by}")
    asked = Text("", "") if one.acknowledged or one.level == Level.CIRCULAR else until
    words = Text(
        f"{told.told.zh}提示时{late.zh}{asked.zh}。", f"{told.told.en} When raised it was {late.en}{asked.en}."
    )
    return Line(
        f"alert {one.kind} {one.key}"[:300],
        level,
        told.subject,
        words,
        _page("alert", one.programme, one.pk),
        told.simulated,
    )


def _line_of_assignment(one: Assignment) -> Line:
    decision, states = one.decision, {"overdue": Text("已逾期", "overdue"), "reported": Text("待核销", "to be checked")}
    told = Text(
        f"{decision.lead} 牵头，{decision.due_on} 前办结。",
        f"Led by {decision.lead.name_en or decision.lead}, due on {decision.due_on}.",
    )
    kind = states.get(one.state, Text("交办", "assignment"))
    programme = decision.item.meeting.programme
    return Line(
        f"assignment {decision.pk}",
        kind,
        Text(decision.wording, decision.wording),
        told,
        _page("assignment", programme, decision.pk),
        decision.item.meeting.simulated,
    )


def _page(kind: str, programme: Programme, pk: int) -> str:
    return f"/{programme.code}/coordination/{kind}s/{pk}/"


def meetings(programme: Programme) -> QuerySet[Meeting]:
    return programme.meetings.select_related("prepared_by", "signed_by").order_by("-ordinal")


def agenda_of(meeting: Meeting) -> list:
    return list(meeting.items.select_related("lead", "decision__lead", "decision__by").order_by("order", "id"))


def body_names(programme: Programme) -> dict[str, Body]:
    return {
        one.code: one for one in Body.objects.filter(jurisdiction=programme.jurisdiction_id).order_by("order", "code")
    }


def told_status(kind: Kind) -> Text:
    """The status behind a target's matter, in words."""
    status = next(code for code, one in TARGETS.items() if one == kind)
    return Text(*STATUS_WORDS[Status(status)])
