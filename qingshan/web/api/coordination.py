"""Coordination: what is stuck, what was raised, what was decided, and what became of it."""

from datetime import date, datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from qingshan.coordination import queries
from qingshan.evidence.reports.queries import today
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.coordination import Board, latest_day
from qingshan.web.pages import programme_for

router = Router(tags=["协调 coordination"])


class MatterOut(Schema):
    """Something that should have happened and has not; `level` of the highest alert raised for it, if any."""

    kind: str
    key: str
    subject: schemas.Words
    told: schemas.Words
    numbers: dict[str, str]
    body: str
    partners: list[str]
    due_on: date
    working_days_late: int
    level: int | None
    binding: bool
    simulated: bool


class AlertOut(Schema):
    number: int
    level: int
    matter: dict[str, Any]
    body: str | None
    days_late: int
    raised_on: date
    answer_by: date
    steps: list[dict[str, Any]]


class DecisionOut(Schema):
    outcome: str
    wording: str
    lead: str | None
    partners: list[str]
    due_on: date | None
    on: date


class AgendaItemOut(Schema):
    order: int
    title: str
    proposal: str
    matter: dict[str, Any] | None
    decision: DecisionOut | None


class MeetingLine(Schema):
    number: int
    held_on: date
    title: str
    place: str
    chairs: str
    simulated: bool
    signed_at: datetime | None


class MeetingOut(MeetingLine):
    present: str
    summary: str
    items: list[AgendaItemOut]


class AssignmentOut(Schema):
    """An adopted decision as it stands on a day: open, overdue, reported or closed."""

    number: int
    meeting: int
    decision: DecisionOut
    state: str
    working_days_late: int
    handlings: list[dict[str, Any]]


def _on(programme, on: date | None) -> date:
    return min(on, latest_day(programme)) if on else today(programme)


@router.get("/programmes/{slug:programme}/matters", response=answers(list[MatterOut]))
def list_matters(
    request, programme: str, on: schemas.Day | None = None, kind: str = Query("", max_length=20), body: str = Query("", max_length=60),
    level: str = Query("", max_length=2),
):  # fmt: skip
    """停滞的事项：等谁、逾期几个工作日。 What is stuck: who has to move, and how many working days late."""
    programme = programme_for(request, programme)
    board = Board(programme, _on(programme, on), request.user)
    return [_matter(row) for row in board.chosen({"kind": kind, "body": body, "level": level})]


def _matter(row) -> MatterOut:
    told = row.matter.plain()
    return MatterOut(**told, working_days_late=row.late, level=row.alert.level if row.alert else None)


@router.get("/programmes/{slug:programme}/alerts", response=answers(list[AlertOut]))
def list_alerts(request, programme: str, on: schemas.Day | None = None):
    """未销号的提示、警示、通报。 Open notices, warnings and circulars."""
    programme = programme_for(request, programme)
    return [_alert(one) for one in Board(programme, _on(programme, on), request.user).open_alerts]


def _alert(one) -> AlertOut:
    steps = [{"kind": step.kind, "on": step.on.isoformat(), "note": step.note} for step in one.steps.all()]
    given = {"number": one.pk, "body": one.body.code if one.body_id else None, "steps": steps}
    return AlertOut(**shapes.same(one, AlertOut) | given)


@router.get("/programmes/{slug:programme}/meetings", response=answers(list[MeetingLine]))
def list_meetings(request, programme: str):
    """协调会，新的在前。 Coordination meetings, the newest first."""
    return [MeetingLine(**_meeting(one)) for one in queries.meetings(programme_for(request, programme))]


@router.get("/programmes/{slug:programme}/meetings/{int:number}", response=answers(MeetingOut))
def read_meeting(request, programme: str, number: int):
    """一次协调会的议程和决定。 One meeting with its agenda and decisions."""
    meeting = get_object_or_404(queries.meetings(programme_for(request, programme)), ordinal=number)
    items = [_item(one) for one in queries.agenda_of(meeting)]
    return MeetingOut(**_meeting(meeting), present=meeting.present, summary=meeting.summary, items=items)


def _meeting(one) -> dict:
    return shapes.same(one, MeetingLine) | {"number": one.ordinal}


def _item(one) -> AgendaItemOut:
    decision = getattr(one, "decision", None)
    given = {"decision": decision and _decision(decision), "matter": one.matter or None}
    return AgendaItemOut(**shapes.same(one, AgendaItemOut) | given)


def _decision(one) -> DecisionOut:
    return DecisionOut(**shapes.same(one, DecisionOut) | {"lead": one.lead.code if one.lead_id else None})


@router.get("/programmes/{slug:programme}/assignments", response=answers(list[AssignmentOut]))
def list_assignments(request, programme: str, on: schemas.Day | None = None, body: str = Query("", max_length=60)):
    """议定事项及其办理情况。 Decisions that became assignments, and how far they are."""
    programme = programme_for(request, programme)
    return [_assignment(one) for one in queries.assignments(programme, body or None, _on(programme, on))]


def _assignment(one) -> AssignmentOut:
    decision = one.decision
    told = [{"kind": each.kind, "on": each.on.isoformat(), "note": each.note} for each in decision.handlings.all()]
    return AssignmentOut(
        number=decision.pk, meeting=decision.item.meeting.ordinal, decision=_decision(decision), state=one.state,
        working_days_late=one.late, handlings=[each for each in told if each["on"] <= one.on.isoformat()],
    )  # fmt: skip
