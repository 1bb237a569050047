"""Emergencies and drills: opened at a place, resources called out and answering, the course kept, findings assigned."""

from datetime import datetime
from typing import Any, Literal

from django.http import Http404
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from qingshan.coordination.actions import Finding
from qingshan.coordination.incidents import actions, queries
from qingshan.coordination.incidents.actions import Resource
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.web import incidents as shown
from qingshan.web import reach
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import DOCX, answers, filed, written
from qingshan.web.api.sheets.zoning import Datum, asked_in_both
from qingshan.web.pages import programme_for
from qingshan.web.views.incidents import paper

router = Router(tags=["应急 incidents"])
INCIDENTS = "/programmes/{slug:programme}/incidents"
INCIDENT = INCIDENTS + "/{int:ordinal}"


class EventOut(Schema):
    """A line of the course: what happened `at`, written down at `recorded_at`."""

    kind: str
    call: int | None
    at: datetime
    note: str
    recorded_at: datetime
    recorded_by: schemas.Person | None


class CallOut(Schema):
    """A resource called out; minutes: the estimate of then; `next`: the steps it may take now."""

    id: int
    entry: int
    title: str
    body: str
    metres: int
    minutes: int
    asked: str
    called_at: datetime
    standing: str
    next: list[str]


class IncidentLine(Schema):
    ordinal: int
    drill: bool
    kind: str
    title: str
    place: str
    lon: float
    lat: float
    began_at: datetime
    closed_at: datetime | None
    simulated: bool


class ResponseOut(Schema):
    """How long a step took: of so many called, so many did, with median and slowest [min]."""

    called: int
    count: int
    median: schemas.Number | None
    slowest: schemas.Number | None


class IncidentOut(IncidentLine):
    summary: str
    review: int | None = Field(description="the meeting whose assignments its findings are")
    calls: list[CallOut]
    events: list[EventOut]
    responses: dict[str, ResponseOut]


class IncidentIn(Schema):
    drill: bool
    kind: str = Field(max_length=10)
    title: str = Field(max_length=120)
    place: str = Field(max_length=200)
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-85, le=85)
    datum: Datum = "wgs84"
    began_at: AwareDatetime


class CallIn(Schema):
    """Rows within reach, as `/emergency` lists them, by their ids."""

    entries: list[schemas.Id] = Field(min_length=1, max_length=200)
    asked: str = Field("", max_length=300)
    within: float = Field(10, ge=0.1, le=100, description="straight line [km]")
    speed: float = Field(30, ge=5, le=120, description="on the road [km/h]")
    at: AwareDatetime | None = None


class StepIn(Schema):
    step: Literal["acknowledged", "en_route", "arrived", "refused"]
    note: str = Field("", max_length=1000)
    at: AwareDatetime | None = None


class NoteIn(Schema):
    note: str = Field(max_length=2000)
    at: AwareDatetime | None = None


class FindingIn(Schema):
    title: str = Field(min_length=1, max_length=300)
    wording: str = Field(min_length=1, max_length=2000)
    lead: str = Field(max_length=60)
    due_on: schemas.Day


class Closing(Schema):
    summary: str = Field(max_length=4000)
    findings: list[FindingIn] = Field([], max_length=50)
    at: AwareDatetime | None = None


@router.get(INCIDENTS, response=answers(list[IncidentLine]))
def list_incidents(request, programme: str):
    """事件和演练，新的在前；联络员看调用过本部门的。 Emergencies and drills; a liaison sees those in which the own body was called."""
    found = queries.incidents(programme_for(request, programme), request.user)
    return [IncidentLine(**shapes.same(one, IncidentLine)) for one in found]


@router.post(INCIDENTS, response=written(IncidentOut, 201))
def open_incident(request, programme: str, given: IncidentIn):
    """开启一次事件或演练（计划办）。 Open an emergency or a drill at a point (plan office)."""
    programme = programme_for(request, programme)
    require(request.user, "open_incident")
    told = given.model_dump()
    place = asked_in_both({name: str(told.pop(name)) for name in ("lon", "lat", "datum")})
    lon, lat = place.site["coordinates"]
    _kind(given.kind)
    made = actions.open_incident(by=request.user, programme=programme, lon=lon, lat=lat, **told)
    return Status(201, _told(request, programme.code, made.ordinal))


def _kind(code: str) -> None:
    known = dict(queries.Incident.Kind.choices)
    if code not in known:
        names = "、".join(f"{one}（{words}）" for one, words in known.items())
        raise Refused(
            f"没有类别“{code}”，应为：{names}。", f"There is no kind {code}; it is one of {', '.join(known)}."
        )


def _course(request, programme: str, ordinal: int) -> queries.Course:
    programme = programme_for(request, programme)
    found = queries.course(programme, ordinal, request.user)
    if found is None:
        raise Http404
    found.incident.programme = programme
    return found


@router.get(INCIDENT, response=answers(IncidentOut))
def read_incident(request, programme: str, ordinal: int):
    """一次事件：调用、经过、响应时间。 One emergency or drill: calls, course, response times."""
    return _told(request, programme, ordinal)


def _told(request, programme: str, ordinal: int) -> IncidentOut:
    course = _course(request, programme, ordinal)
    one = course.incident
    return IncidentOut(
        **shapes.same(one, IncidentLine), summary=one.summary, review=one.review and one.review.ordinal,
        calls=[_call(stand) for stand in course.stands], events=[_event(event) for event in course.events],
        responses={step: _response(found) for step, found in course.responses.items()},
    )  # fmt: skip


def _call(stand: queries.Stand) -> CallOut:
    call = stand.call
    told: dict[str, Any] = {"entry": call.entry_id, "body": call.body.code, "standing": stand.last.kind}
    return CallOut(**shapes.same(call, CallOut) | told | {"next": list(stand.next)})


def _event(one) -> EventOut:
    return EventOut(**shapes.same(one, EventOut) | {"call": one.call_id, "recorded_by": shapes.person(one.recorded_by)})


def _response(found) -> ResponseOut:
    times = {name: shapes.number(getattr(found, name)) for name in ("median", "slowest")}
    return ResponseOut(called=found.called, count=found.count, **times)


@router.post(INCIDENT + "/calls", response=written(IncidentOut))
def call_out(request, programme: str, ordinal: int, given: CallIn):
    """调用附近的资源，责任部门收到通知（计划办）。 Call resources out to their bodies (plan office)."""
    course = _course(request, programme, ordinal)
    require(request.user, "call_out")
    kept = reach.books(course.incident.programme)
    found = shown.offered(course.incident, course, kept, given.within * 1000, given.speed, request.user)
    resources = [
        Resource(one.entry, one.title, one.metres, one.minutes) for one in found if one.entry.pk in given.entries
    ]
    actions.call_out(
        by=request.user, incident=course.incident, resources=resources, asked=given.asked, at=given.at or timezone.now()
    )
    return _told(request, programme, ordinal)


@router.post(INCIDENT + "/calls/{int:call}", response=written(IncidentOut))
def answer_call(request, programme: str, ordinal: int, call: int, given: StepIn):
    """答复一次调用：接报、出发、到达，或不能前往及原因。 Answer a call: acknowledged, en route, arrived, or refused with the reason."""
    course = _course(request, programme, ordinal)
    one = next((stand.call for stand in course.stands if stand.call.pk == call), None)
    if one is None:
        raise Http404
    one.incident = course.incident
    actions.answer(by=request.user, call=one, step=given.step, note=given.note, at=given.at or timezone.now())
    return _told(request, programme, ordinal)


@router.post(INCIDENT + "/notes", response=written(IncidentOut))
def note_down(request, programme: str, ordinal: int, given: NoteIn):
    """记一笔经过。 Write a line of the course down."""
    incident = _course(request, programme, ordinal).incident
    actions.note_down(by=request.user, incident=incident, at=given.at or timezone.now(), note=given.note)
    return _told(request, programme, ordinal)


@router.post(INCIDENT + "/close", response=written(IncidentOut))
def close_incident(request, programme: str, ordinal: int, given: Closing):
    """结束，发现的问题成为交办事项（计划办）。 End it; findings become assignments (plan office)."""
    incident = _course(request, programme, ordinal).incident
    require(request.user, "close_incident")
    bodies = {one.code: one for one in incident.programme.jurisdiction.bodies.all()}
    findings = [_finding(one, bodies) for one in given.findings]
    actions.close_incident(
        by=request.user, incident=incident, at=given.at or timezone.now(), summary=given.summary, findings=findings
    )
    return _told(request, programme, ordinal)


def _finding(one: FindingIn, bodies: dict) -> Finding:
    if one.lead not in bodies:
        raise Refused(f"没有部门“{one.lead}”，请核对代码。", f"There is no body {one.lead}; check its code.")
    return Finding(one.title.strip(), one.wording.strip(), bodies[one.lead], one.due_on)


@router.get(INCIDENT + "/record.docx", **filed(DOCX))
def download_record(request, programme: str, ordinal: int):
    """事件记录，Word 文件。 The record as a Word file."""
    return paper(request, programme, ordinal)
