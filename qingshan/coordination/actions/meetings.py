"""The chairs' meeting: agenda, decisions, signed minutes; and the review that closes an incident."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.coordination.matters import Matter, Text
from qingshan.coordination.models import (
    AgendaItem,
    Decision,
    Meeting,
)
from qingshan.people.actions import require, turn
from qingshan.people.models import Body, Role, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from .telling import tell, write_down


@transaction.atomic
def call_meeting(
    *, by: User | None, programme: Programme, held_on: date, title: str = "", simulated: bool = False
) -> Meeting:
    """A meeting in preparation, with an empty agenda."""
    require(by, "prepare_meeting")
    turn()
    before = programme.meetings.filter(incident=None).count()  # a review of an incident is no meeting of the group
    meeting = _new_meeting(by, programme, held_on, title.strip() or f"领导小组第 {before + 1} 次协调会", simulated)
    _of_meeting(by, meeting, "call_meeting", held_on=str(held_on))
    return meeting


def _new_meeting(by: User | None, programme: Programme, held_on: date, title: str, simulated: bool) -> Meeting:
    last = programme.meetings.aggregate(last=Max("ordinal"))["last"] or 0
    return Meeting.objects.create(
        programme=programme, ordinal=last + 1, held_on=held_on, title=title[:120], simulated=simulated, prepared_by=by,
        prepared_at=timezone.now(),
    )  # fmt: skip


class Finding(NamedTuple):
    """What a review found, and who mends it by when."""

    title: str
    wording: str
    lead: Body
    due_on: date


@transaction.atomic
def review(*, by: User | None, programme: Programme, held_on: date, title: str, summary: str, findings: Sequence[Finding],
           simulated: bool = False) -> Meeting:  # fmt: skip
    """The review that closes an incident: every finding is an assignment at once, and its minutes are signed with it."""
    require(by, "close_incident")
    turn()
    meeting = _new_meeting(by, programme, held_on, title, simulated)
    meeting.summary = summary
    _by_a_person(by, meeting)
    for order, one in enumerate(findings, 1):
        _decidable(Decision.Outcome.ADOPTED, one.wording, one.lead, one.due_on, held_on)
        item = AgendaItem.objects.create(
            meeting=meeting, order=order, title=one.title[:300], lead=one.lead, due_on=one.due_on
        )
        made = Decision.objects.create(
            item=item, outcome=Decision.Outcome.ADOPTED, wording=one.wording.strip(), lead=one.lead, due_on=one.due_on, on=held_on,
            by=by, at=timezone.now(),
        )  # fmt: skip
        _tell_assigned(made, held_on)
    meeting.signed_by, meeting.signed_at = by, timezone.now()
    meeting.save(update_fields=["summary", "signed_by", "signed_at"])
    _of_meeting(by, meeting, "review_incident", count=len(findings))
    return meeting


@transaction.atomic
def edit_meeting(*, by: User | None, meeting: Meeting, **fields) -> Meeting:
    """Title, day, place, chairs, those present and the summary of the minutes, until they are signed."""
    require(by, "prepare_meeting")
    meeting = _unsigned(meeting)
    unknown = set(fields) - {"title", "held_on", "place", "chairs", "present", "summary"}
    if unknown:
        raise TypeError(f"a meeting has no {', '.join(sorted(unknown))}")
    changed = {name: value for name, value in fields.items() if getattr(meeting, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(meeting, name, value)
        meeting.save(update_fields=list(changed))
        _of_meeting(by, meeting, "edit_meeting", changed={name: str(value) for name, value in changed.items()})
    return meeting


@transaction.atomic
def add_to_agenda(*, by: User | None, meeting: Meeting, matter: Matter | None = None, title: str = "", proposal: str = "",
                  due_on: date | None = None) -> AgendaItem:  # fmt: skip
    """Put a matter, or an item of the office's own, at the end of the agenda."""
    require(by, "prepare_meeting")
    meeting = _unsigned(meeting)
    items = list(meeting.items.all())
    if matter and any((one.matter.get("kind"), one.matter.get("key")) == matter.id for one in items):
        raise Refused(f"“{matter.subject.zh}”已在议程上。", f"“{matter.subject.en}” stands on the agenda already.")
    title = title.strip() or (matter.subject.zh if matter else "")
    if not title:
        raise Refused("请写明议题。", "Name the item.")
    bodies = {one.code: one for one in Body.objects.filter(jurisdiction=meeting.programme.jurisdiction_id)}
    made = AgendaItem.objects.create(
        meeting=meeting, order=max((one.order for one in items), default=0) + 1, matter=matter.plain() if matter else {},
        title=title[:300], proposal=proposal.strip(), lead=bodies.get(matter.body) if matter else None,
        partners=[code for code in matter.partners if code in bodies] if matter else [], due_on=due_on,
    )  # fmt: skip
    _of_meeting(by, meeting, "add_to_agenda", item=made.title)
    return made


@transaction.atomic
def propose(*, by: User | None, item: AgendaItem, title: str, proposal: str, lead: Body | None, partners: Iterable[str],
            due_on: date | None) -> AgendaItem:  # fmt: skip
    """The decision that the office proposes for an item."""
    require(by, "prepare_meeting")
    item = _item(item)
    item.title, item.proposal, item.lead, item.due_on = title.strip() or item.title, proposal.strip(), lead, due_on
    item.partners = [code for code in dict.fromkeys(partners) if lead is None or code != lead.code]
    item.save()
    _of_meeting(by, item.meeting, "propose_decision", item=item.title, after=item.proposal)
    return item


@transaction.atomic
def move_on_agenda(*, by: User | None, item: AgendaItem, up: bool) -> None:
    """Change places with the item before or after."""
    require(by, "prepare_meeting")
    item = _item(item)
    items = list(item.meeting.items.order_by("order", "id"))
    place = next(n for n, one in enumerate(items) if one.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    for order, one in enumerate(items, 1):
        AgendaItem.objects.filter(pk=one.pk).update(order=order)
    _of_meeting(by, item.meeting, "order_agenda", item=item.title)


@transaction.atomic
def drop_from_agenda(*, by: User | None, item: AgendaItem) -> None:
    """Take an item off the agenda, as long as nothing was decided on it."""
    require(by, "prepare_meeting")
    item = _item(item)
    if Decision.objects.filter(item=item).exists():
        raise Refused(
            f"“{item.title}”已有决定，不能从议程上删去。",
            f"“{item.title}” has been decided on and stays on the agenda.",
        )
    item.delete()
    _of_meeting(by, item.meeting, "drop_from_agenda", item=item.title)


@transaction.atomic
def decide(*, by: User | None, item: AgendaItem, on: date, outcome: str, wording: str, lead: Body | None = None,
           partners: Iterable[str] = (), due_on: date | None = None) -> Decision:  # fmt: skip
    """A leader's decision on an item. An adopted one is an assignment at once; until the minutes are signed it can be changed."""
    require(by, "decide")
    item = _item(item)
    _by_a_person(by, item.meeting)
    adopted = outcome == Decision.Outcome.ADOPTED
    _decidable(outcome, wording, lead if adopted else None, due_on, on)
    before = Decision.objects.filter(item=item).first()
    if before and before.handlings.exists():
        raise Refused("这件事已经有办理记录，决定不能再改。请另作一项决定。",
                      "There is a word on this assignment already; its decision stands. Make another decision.")  # fmt: skip
    fields = {
        "outcome": outcome, "wording": wording.strip(), "lead": lead if adopted else None, "due_on": due_on if adopted else None,
        "partners": [code for code in dict.fromkeys(partners) if adopted and code != lead.code], "on": on, "by": by,
        "at": timezone.now(),
    }  # fmt: skip
    made, _ = Decision.objects.update_or_create(item=item, defaults=fields)
    _of_meeting(by, item.meeting, "decide", item=item.title, state=outcome, after=made.wording,
                **({"before": before.wording} if before else {}))  # fmt: skip
    if adopted:
        _tell_assigned(made, on)
    return made


def _decidable(outcome: str, wording: str, lead: Body | None, due_on: date | None, on: date) -> None:
    if outcome not in Decision.Outcome.values:
        raise Refused(f"不认识的决定“{outcome}”。", f"There is no decision “{outcome}”.")
    if not wording.strip():
        raise Refused("请写明决定的内容。", "Write down what is decided.")
    if outcome == Decision.Outcome.ADOPTED and (lead is None or due_on is None):
        raise Refused("议定事项须写明牵头部门和完成日期。", "An adopted decision names a leading body and a day.")
    if outcome == Decision.Outcome.ADOPTED and due_on < on:
        raise Refused(
            f"完成日期 {due_on} 早于作出决定的 {on}。", f"It is due on {due_on}, before the day of the decision, {on}."
        )


def _tell_assigned(made: Decision, on: date) -> None:
    meeting = made.item.meeting
    partners = Body.objects.filter(jurisdiction=meeting.programme.jurisdiction_id, code__in=made.partners)
    told = Text(
        f"{made.lead} 牵头，{made.due_on} 前办结。", f"Led by {made.lead.name_en or made.lead}; due on {made.due_on}."
    )
    to = [(Role.LIAISON, made.lead), *((Role.LIAISON, one) for one in partners)]
    tell(
        meeting.programme,
        to,
        "assignment",
        Text(made.wording, made.wording),
        told,
        ["assignment", str(made.pk)],
        on,
        meeting.simulated,
    )


@transaction.atomic
def sign_minutes(*, by: User | None, meeting: Meeting) -> Meeting:
    """Sign the minutes. From then on the database refuses to change the meeting, its agenda and its decisions."""
    require(by, "sign_minutes")
    meeting = _unsigned(meeting)
    _by_a_person(by, meeting)
    open_still = meeting.items.filter(decision=None).count()
    if open_still or not meeting.items.exists():
        raise Refused(f"还有 {open_still} 个议题没有决定，不能签署。" if open_still else "没有议题，不能签署。",
                      f"{open_still} items are undecided; the minutes cannot be signed." if open_still else "There is nothing on the agenda.")  # fmt: skip
    meeting.signed_by, meeting.signed_at = by, timezone.now()
    meeting.save(update_fields=["signed_by", "signed_at"])
    _of_meeting(by, meeting, "sign_minutes")
    return meeting


def _by_a_person(by: User | None, meeting: Meeting) -> None:
    if by is None and not meeting.simulated:
        raise TypeError("a leader decides and signs; the system does so in a simulated meeting alone")


def _unsigned(meeting: Meeting) -> Meeting:
    turn()
    meeting = Meeting.objects.select_related("programme__jurisdiction").get(pk=meeting.pk)
    if meeting.signed_at:
        day = timezone.localtime(meeting.signed_at).date()
        raise Refused(
            f"会议纪要已于 {day} 签署，不能再改。", f"The minutes were signed on {day} and cannot be changed."
        )
    return meeting


def _item(item: AgendaItem) -> AgendaItem:
    meeting = _unsigned(item.meeting)
    item = AgendaItem.objects.select_related("lead").get(pk=item.pk)
    item.meeting = meeting
    return item


def _of_meeting(by: User | None, meeting: Meeting, verb: str, **detail) -> None:
    write_down(by, meeting.programme, verb, f"coordination.meeting {meeting.ordinal}", **detail)
