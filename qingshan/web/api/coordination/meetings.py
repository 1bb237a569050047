"""The two chairs' meeting: agenda, proposals, decisions, minutes."""

from datetime import date, datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Schema, Status
from pydantic import Field

from qingshan.coordination import actions, queries
from qingshan.coordination.models import AgendaItem, Decision, Meeting
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import DOCX, XLSX, answers, filed, written
from qingshan.web.api.coordination import router
from qingshan.web.api.coordination.matters import day_of
from qingshan.web.pages import programme_for
from qingshan.web.views.meetings import paper

MEETING = "/programmes/{slug:programme}/meetings/{int:number}"
ITEM = MEETING + "/items/{int:item}"


class DecisionOut(Schema):
    outcome: str
    wording: str
    lead: str | None
    partners: list[str]
    due_on: date | None
    on: date


class AgendaItemOut(Schema):
    """`proposal`, with its lead, partners and day, is what the office proposes; the decision is the leader's."""

    id: int
    order: int
    title: str
    proposal: str
    lead: str | None
    partners: list[str]
    due_on: date | None
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
    signed_by: schemas.Person | None
    items: list[AgendaItemOut]


class MeetingIn(Schema):
    held_on: schemas.Day
    title: str = Field("", max_length=120)


class MeetingChange(Schema):
    """Only what is named changes."""

    held_on: schemas.Day | None = None
    title: str | None = Field(None, min_length=1, max_length=120)
    place: str | None = Field(None, max_length=120)
    chairs: str | None = Field(None, max_length=120)
    present: str | None = Field(None, max_length=2000)
    summary: str | None = Field(None, max_length=4000)


class MatterName(Schema):
    kind: str = Field(max_length=20)
    key: str = Field(max_length=200)


class AgendaIn(Schema):
    """A matter that is stuck, or an item of the office's own by its title."""

    matter: MatterName | None = None
    title: str = Field("", max_length=300)
    on: schemas.Day | None = None


class Duty(Schema):
    lead: str = Field("", max_length=60, description="code of the leading body")
    partners: list[str] = Field([], max_length=100)
    due_on: schemas.Day | None = None


class Proposal(Duty):
    title: str = Field(max_length=300)
    proposal: str = Field("", max_length=4000)


class DecisionIn(Duty):
    outcome: Literal["adopted", "rejected", "deferred"]
    wording: str = Field("", max_length=4000)
    on: schemas.Day | None = None


class Way(Schema):
    way: Literal["up", "down"]


@router.get("/programmes/{slug:programme}/meetings", response=answers(list[MeetingLine]))
def list_meetings(request, programme: str):
    """协调会，新的在前。 Coordination meetings, the newest first."""
    return [MeetingLine(**_line(one)) for one in queries.meetings(programme_for(request, programme))]


@router.post("/programmes/{slug:programme}/meetings", response=written(MeetingOut, 201))
def call_meeting(request, programme: str, given: MeetingIn):
    """筹备一次协调会（计划办）。 Call a meeting, with an empty agenda (plan office)."""
    programme = programme_for(request, programme)
    made = actions.call_meeting(by=request.user, programme=programme, held_on=given.held_on, title=given.title)
    return Status(201, _told(request, programme.code, made.ordinal))


@router.get(MEETING, response=answers(MeetingOut))
def read_meeting(request, programme: str, number: int):
    """一次协调会的议程和决定。 One meeting with its agenda and decisions."""
    return _told(request, programme, number)


def _meeting(request, programme: str, number: int) -> Meeting:
    programme = programme_for(request, programme)
    found = get_object_or_404(queries.meetings(programme), ordinal=number)
    found.programme = programme
    return found


def _told(request, programme: str, number: int) -> MeetingOut:
    meeting = _meeting(request, programme, number)
    items = [_item_out(one) for one in queries.agenda_of(meeting)]
    more = {"present": meeting.present, "summary": meeting.summary, "signed_by": shapes.person(meeting.signed_by)}
    return MeetingOut(**_line(meeting), **more, items=items)


def _line(one: Meeting) -> dict:
    return shapes.same(one, MeetingLine) | {"number": one.ordinal}


def _item_out(one: AgendaItem) -> AgendaItemOut:
    decision = getattr(one, "decision", None)
    lead = one.lead.code if one.lead_id else None
    given = {"decision": decision and decision_out(decision), "matter": one.matter or None, "lead": lead}
    return AgendaItemOut(**shapes.same(one, AgendaItemOut) | given)


def decision_out(decision: Decision) -> DecisionOut:
    return DecisionOut(
        **shapes.same(decision, DecisionOut) | {"lead": decision.lead.code if decision.lead_id else None}
    )


@router.patch(MEETING, response=written(MeetingOut))
def edit_meeting(request, programme: str, number: int, given: MeetingChange):
    """修改会议的日期、地点、主持、出席、纪要摘要（计划办）。 Change day, place, chairs, those present, the summary (plan office)."""
    meeting = _meeting(request, programme, number)
    require(request.user, "prepare_meeting")
    fields = {name: value for name, value in given.model_dump().items() if value is not None}
    actions.edit_meeting(by=request.user, meeting=meeting, **fields)
    return _told(request, programme, number)


@router.post(MEETING + "/sign", response=written(MeetingOut))
def sign_minutes(request, programme: str, number: int):
    """签署纪要，此后不能更改（分管领导）。 Sign the minutes; nothing of them changes any more (leader)."""
    require(request.user, "sign_minutes")
    actions.sign_minutes(by=request.user, meeting=_meeting(request, programme, number))
    return _told(request, programme, number)


@router.get(MEETING + "/{str:kind}.docx", **filed(DOCX))
def download_paper(request, programme: str, number: int, kind: Literal["agenda", "minutes"]):
    """议程或纪要，Word 文件。 Agenda or minutes, as a Word file."""
    return paper(request, programme, number, kind, "docx")


@router.get(MEETING + "/{str:kind}.xlsx", **filed(XLSX))
def download_sheet(request, programme: str, number: int, kind: Literal["agenda", "minutes"]):
    """议程或纪要，Excel 表。 Agenda or minutes, as a workbook."""
    return paper(request, programme, number, kind, "xlsx")


# --- the agenda


@router.post(MEETING + "/items", response=written(MeetingOut, 201))
def add_item(request, programme: str, number: int, given: AgendaIn):
    """把一件停滞的事项或另拟的议题列入议程（计划办）。 Put a matter, or an item of the office's own, on the agenda (plan office)."""
    meeting = _meeting(request, programme, number)
    require(request.user, "prepare_meeting")
    matter = _matter(meeting, given) if given.matter else None
    actions.add_to_agenda(by=request.user, meeting=meeting, matter=matter, title=given.title)
    return Status(201, _told(request, programme, number))


def _matter(meeting: Meeting, given: AgendaIn):
    wanted = (given.matter.kind, given.matter.key)
    for one in queries.matters(meeting.programme, day_of(meeting.programme, given.on)):
        if one.id == wanted:
            return one
    raise Refused(
        f"没有停滞的事项“{given.matter.key}”，可能已经办好，没有列入。",
        f"Nothing is stuck under {given.matter.kind} {given.matter.key}; it may be mended. Nothing was put on the agenda.",
    )


def _item(request, programme: str, number: int, item: int) -> AgendaItem:
    meeting = _meeting(request, programme, number)
    found = get_object_or_404(meeting.items.all(), pk=item)
    found.meeting = meeting
    return found


def _duty(meeting: Meeting, given: Duty) -> dict:
    bodies = queries.body_names(meeting.programme)
    if unknown := [one for one in [given.lead, *given.partners] if one and one not in bodies]:
        raise Refused(f"没有部门“{unknown[0]}”，请核对代码。", f"There is no body {unknown[0]}; check its code.")
    return {"lead": bodies.get(given.lead), "partners": given.partners, "due_on": given.due_on}


@router.patch(ITEM, response=written(MeetingOut))
def propose(request, programme: str, number: int, item: int, given: Proposal):
    """拟写一项议题的决定建议（计划办）。 Write the decision that the office proposes (plan office)."""
    require(request.user, "prepare_meeting")
    found = _item(request, programme, number, item)
    words = {"title": given.title, "proposal": given.proposal}
    actions.propose(by=request.user, item=found, **words, **_duty(found.meeting, given))
    return _told(request, programme, number)


@router.post(ITEM + "/move", response=written(MeetingOut))
def move_item(request, programme: str, number: int, item: int, given: Way):
    """调整议题的先后（计划办）。 Move an item up or down (plan office)."""
    require(request.user, "prepare_meeting")
    actions.move_on_agenda(by=request.user, item=_item(request, programme, number, item), up=given.way == "up")
    return _told(request, programme, number)


@router.delete(ITEM, response=written(MeetingOut))
def drop_item(request, programme: str, number: int, item: int):
    """撤下还没有决定的议题（计划办）。 Take an item off the agenda, as long as nothing was decided on it (plan office)."""
    require(request.user, "prepare_meeting")
    actions.drop_from_agenda(by=request.user, item=_item(request, programme, number, item))
    return _told(request, programme, number)


@router.post(ITEM + "/decide", response=written(MeetingOut))
def decide(request, programme: str, number: int, item: int, given: DecisionIn):
    """作出决定；通过的即成为交办事项（分管领导）。 Decide on an item; what is adopted is an assignment at once (leader)."""
    require(request.user, "decide")
    found = _item(request, programme, number, item)
    on = day_of(found.meeting.programme, given.on)
    words = {"outcome": given.outcome, "wording": given.wording}
    actions.decide(by=request.user, item=found, on=on, **words, **_duty(found.meeting, given))
    return _told(request, programme, number)
