from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.coordination import actions as coordination
from qingshan.coordination.actions import Finding, tell, write_down
from qingshan.coordination.matters import Text
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.places import Unplaced, box_of
from qingshan.people.actions import NotAllowed, require, turn
from qingshan.people.models import Body, Role, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from .models import Call, Event, Incident
from .responding import STEPS

SLACK = timedelta(minutes=2)  # a telephone's clock may run ahead of the server's


class Resource(NamedTuple):
    """A row of a register that is to be called out: how it is called, how far it is [m], how long it should take [min]."""

    entry: Entry
    title: str
    metres: float
    minutes: int


@transaction.atomic
def open_incident(*, by: User | None, programme: Programme, drill: bool, kind: str, title: str, place: str, lon: float, lat: float,
                  began_at: datetime, simulated: bool = False) -> Incident:  # fmt: skip
    """Open an incident or a drill at a point (WGS84); from here on its course is on record."""
    require(by, "open_incident")
    turn()
    _told_whole(kind, title, place, lon, lat)
    _has_come(began_at)
    last = programme.incidents.aggregate(last=Max("ordinal"))["last"] or 0
    made = Incident.objects.create(
        programme=programme, ordinal=last + 1, drill=drill, kind=kind, title=title.strip()[:120], place=place.strip()[:200], lon=lon,
        lat=lat, began_at=began_at, opened_at=timezone.now(), opened_by=by, simulated=simulated,
    )  # fmt: skip
    _log(by, made, Event.Kind.OPENED, began_at, made.place)
    _of(by, made, "open_incident", title=made.title)
    return made


def _told_whole(kind: str, title: str, place: str, lon: float, lat: float) -> None:
    if kind not in Incident.Kind.values:
        raise Refused(f"没有“{kind}”这种事件。", f"There is no kind of incident “{kind}”.")
    if not title.strip() or not place.strip():
        raise Refused("请写明事件名称和地点。", "Name the incident and the place.")
    try:
        box_of({"type": "Point", "coordinates": [lon, lat]}, "point")
    except Unplaced as wrong:
        raise Refused(f"{wrong.zh}。", f"{wrong.en}.") from None


@transaction.atomic
def call_out(
    *, by: User | None, incident: Incident, resources: Sequence[Resource], asked: str, at: datetime
) -> list[Call]:
    """Call resources out: each goes to its keeping body's inbox. One already called is passed over."""
    require(by, "call_out")
    incident = _open(incident)
    _in_time(incident, at)
    known = set(incident.calls.values_list("entry_id", flat=True))
    new = [one for one in resources if one.entry.pk not in known]
    if not new:
        raise Refused("请选择还没有调用的资源。", "Choose resources that have not been called out.")
    _kept(new)
    made = [_call(by, incident, one, asked, at) for one in new]
    for body in dict.fromkeys(one.body for one in made):
        _tell_called(incident, body, [one.title for one in made if one.body == body], asked)
    _of(by, incident, "call_out", count=len(made), after="、".join(one.title for one in made)[:400])
    return made


def _kept(resources: Iterable[Resource]) -> None:
    if without := [one.title for one in resources if one.entry.body_id is None]:
        raise Refused(
            f"“{'、'.join(without)}”没有登记责任部门，无法调用；请先在台账中补上。",
            f"{', '.join(without)}: no responsible body stands in the register; enter one first.",
        )


def _call(by: User | None, incident: Incident, one: Resource, asked: str, at: datetime) -> Call:
    made = Call.objects.create(
        incident=incident, entry=one.entry, title=one.title[:300], body=one.entry.body, metres=round(one.metres), minutes=one.minutes,
        asked=asked.strip()[:300], called_at=at, called_by=by,
    )  # fmt: skip
    _log(by, incident, Event.Kind.CALLED, at, made.asked, made)
    return made


def _tell_called(incident: Incident, body: Body, titles: list[str], asked: str) -> None:
    drill = Text("演练", "Drill") if incident.drill else Text("应急", "Emergency")
    listed = "、".join(titles)
    said = Text(f"：{asked.strip()}", f": {asked.strip()}") if asked.strip() else Text("", "")
    subject = Text(f"【{drill.zh}】{incident.title}：请调出{listed}", f"[{drill.en}] {incident.title}: send {listed}")
    told = Text(f"地点：{incident.place}{said.zh}。请立即接报。", f"At {incident.place}{said.en}. Acknowledge at once.")
    on = timezone.localdate()
    tell(incident.programme, [(Role.LIAISON, body)], "called_out", subject, told, ["incident", str(incident.ordinal)], on, incident.simulated)  # fmt: skip


@transaction.atomic
def answer(*, by: User | None, call: Call, step: str, at: datetime, note: str = "") -> Event:
    """A body's word on a call: acknowledged, en route, arrived, or refused with the reason. The office may write down what it
    was told by telephone, and says so."""
    require(by, "answer_call")
    incident = _open(call.incident)
    _for_own_body(by, call, note)
    last = call.events.order_by("id").last()
    if step not in STEPS[last.kind]:
        raise Refused(
            f"现为“{last.get_kind_display()}”，不能再记这一步。", f"It is {last.kind} already; this step cannot follow."
        )
    if step == Event.Kind.REFUSED and not note.strip():
        raise Refused("不能前往，请写明原因。", "Give the reason why it cannot come.")
    _in_time(incident, at, last)
    try:
        with transaction.atomic():
            made = _log(by, incident, step, at, note, call)
    except IntegrityError:
        raise Refused("这一步已有人记过，请刷新页面。", "Someone has recorded this step; reload the page.") from None
    _of(by, incident, f"call_{step}", item=call.title, note=made.note)
    if step == Event.Kind.REFUSED:
        _tell_refused(incident, call, made.note)
    return made


def _for_own_body(by: User | None, call: Call, note: str) -> None:
    if by is None or by.body_id == call.body_id:
        return
    if by.role == Role.LIAISON:
        raise NotAllowed(
            f"“{call.title}”由{call.body}答复。", f"{call.title} is for {call.body.name_en or call.body} to answer."
        )
    if not note.strip():
        raise Refused(
            f"代{call.body}记录，请注明谁以何种方式告知。", "Recording for another body, say who told you and how."
        )


def _tell_refused(incident: Incident, call: Call, note: str) -> None:
    subject = Text(f"{call.title}不能前往", f"{call.title} cannot come")
    tell(incident.programme, [(Role.OFFICE, None)], "called_out", subject, Text(note, note), ["incident", str(incident.ordinal)],
         timezone.localdate(), incident.simulated)  # fmt: skip


@transaction.atomic
def note_down(*, by: User | None, incident: Incident, at: datetime, note: str) -> Event:
    """A line of the course of events, by the office or a body that was called."""
    require(by, "note_incident")
    incident = _open(incident)
    if by and by.role == Role.LIAISON and not incident.calls.filter(body=by.body_id).exists():
        raise NotAllowed("只有被调用的部门和计划办可以记事。", "Only bodies called out and the office write here.")
    if not note.strip():
        raise Refused("请写明情况。", "Say what happened.")
    _in_time(incident, at)
    made = _log(by, incident, Event.Kind.NOTE, at, note)
    _of(by, incident, "note_incident", note=made.note[:400])
    return made


@transaction.atomic
def close_incident(
    *, by: User | None, incident: Incident, at: datetime, summary: str, findings: Sequence[Finding] = ()
) -> Incident:
    """End it with what was learnt. Findings become assignments; from then on the database refuses every change."""
    require(by, "close_incident")
    incident = _open(incident)
    if not summary.strip():
        raise Refused("请写明处置结果和评估意见。", "Say how it ended and what was learnt.")
    _in_time(incident, at)
    if findings:
        incident.review = coordination.review(
            by=by, programme=incident.programme, held_on=timezone.localdate(at), title=f"{incident.title}复盘", summary=summary.strip(),
            findings=findings, simulated=incident.simulated,
        )  # fmt: skip
    _log(by, incident, Event.Kind.CLOSED, at, summary)
    incident.summary, incident.closed_at, incident.closed_by = summary.strip(), at, by
    incident.save(update_fields=["summary", "closed_at", "closed_by", "review"])
    _of(by, incident, "close_incident", count=len(findings))
    return incident


def _open(incident: Incident) -> Incident:
    turn()
    incident = Incident.objects.select_related("programme__jurisdiction").get(pk=incident.pk)
    if incident.closed_at:
        day = timezone.localtime(incident.closed_at)
        raise Refused(
            f"已于 {day:%Y-%m-%d %H:%M} 结束，不能再记。", f"It ended at {day:%Y-%m-%d %H:%M}; nothing can be added."
        )
    return incident


def _has_come(at: datetime) -> None:
    now = timezone.now()
    if at > now + SLACK:
        raise Refused(
            f"时间 {_clock(at)} 还没有到，现在是 {_clock(now)}。", f"{_clock(at)} has not come; it is {_clock(now)}."
        )


def _in_time(incident: Incident, at: datetime, last: Event | None = None) -> None:
    _has_come(at)
    before = last.at if last else incident.began_at
    if at < before:
        raise Refused(
            f"时间 {_clock(at)} 早于前一步的 {_clock(before)}。",
            f"{_clock(at)} is before {_clock(before)}, the step before.",
        )


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def _log(
    by: User | None, incident: Incident, kind: str, at: datetime, note: str = "", call: Call | None = None
) -> Event:
    return Event.objects.create(
        incident=incident, call=call, kind=kind, at=at, note=note.strip(), recorded_at=timezone.now(), recorded_by=by
    )


def _of(by: User | None, incident: Incident, verb: str, **detail) -> None:
    write_down(by, incident.programme, verb, f"incidents.incident {incident.ordinal}", **detail)
