import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.evidence.registers.actions import file_fits, keep_file
from qingshan.people.actions import NotAllowed, record, require, turn
from qingshan.people.models import Body, Role, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from .escalating import Level, Raised, Rule, Step, answer_by, days_late, next_step, rules_of
from .letters import Line, letter
from .matters import Matter, Text, matter_of
from .models import (
    AgendaItem,
    Alert,
    AlertStep,
    Decision,
    Handling,
    Meeting,
    Notice,
    Preference,
    Rulebook,
    Seen,
    Sent,
)
from .queries import READERS, inbox, lines_for, matters, open_alerts, rulebook_of

LANGUAGES = ("zh-hans", "en")
NOTICE_OF = {Level.NOTICE: "notice", Level.WARNING: "warning", Level.CIRCULAR: "proposal"}


# --- rules


@transaction.atomic
def put_rulebook(*, by: User | None, programme: Programme, rules: list[dict], registers: list[str]) -> Rulebook | None:
    """The programme's escalation, as a new version where it differs; none where nothing was ever said of it."""
    stands = rulebook_of(programme)
    if stands is None and not rules:
        return None
    if stands and (stands.rules, stands.registers) == (rules, registers):
        return stands
    version = stands.version + 1 if stands else 1
    made = Rulebook.objects.create(
        programme=programme, version=version, rules=rules, registers=registers, recorded_at=timezone.now()
    )
    write_down(by, programme, "put_rulebook", f"coordination.rulebook {version}", count=len(rules))
    return made


# --- escalation


@dataclass(frozen=True)
class Outcome:
    """What a run found and did."""

    stuck: int
    raised: list[Alert]
    closed: list[Alert]


@transaction.atomic
def run(*, by: User | None, programme: Programme, on: date) -> Outcome:
    """Raise what has reached a level as of a day, and close what is mended. Again for the same day it does nothing more."""
    require(by, "run_coordination")
    turn()  # of two runs at once the second sees what the first has raised
    book = rulebook_of(programme)
    if book is None:
        raise Refused("计划资料夹里没有 escalation.yaml，无从提示。请补上并重新载入。",
                      "The programme's folder has no escalation.yaml; add it and load the folder again.")  # fmt: skip
    _not_before(programme, on)
    found = matters(programme, on)
    standing = list(open_alerts(programme))
    closed = _close_mended(by, found, standing, on)
    raised = _raise(by, book, found, [one for one in standing if one not in closed], on)
    if raised or closed:
        write_down(by, programme, "run_coordination", f"coordination.programme {programme.code}",
                    as_of=str(on), raised=len(raised), closed=len(closed))  # fmt: skip
    return Outcome(len(found), raised, closed)


def _not_before(programme: Programme, on: date) -> None:
    last = programme.alerts.aggregate(last=Max("raised_on"))["last"]
    closed = AlertStep.objects.filter(alert__programme=programme, kind="closed").aggregate(last=Max("on"))["last"]
    newest = max(filter(None, (last, closed)), default=None)
    if newest and on < newest:
        raise Refused(f"最近一次提示在 {newest}，不能再按更早的 {on} 办理。",
                      f"The newest alert is of {newest}; an earlier day, {on}, cannot be run any more.")  # fmt: skip


def _close_mended(by: User | None, found: Sequence[Matter], standing: Sequence[Alert], on: date) -> list[Alert]:
    stuck = {one.id for one in found}
    mended = [one for one in standing if (one.kind, one.key) not in stuck]
    now = timezone.now()
    AlertStep.objects.bulk_create(
        AlertStep(alert=one, kind=AlertStep.Kind.CLOSED, on=on, by=by, at=now) for one in mended
    )
    return mended


def _raise(by, book: Rulebook, found: Sequence[Matter], standing: Sequence[Alert], on: date) -> list[Alert]:
    rules = rules_of(book.rules)
    before = _by_matter(standing)
    bodies = {one.code: one for one in Body.objects.filter(jurisdiction=book.programme.jurisdiction_id)}
    due = [(one, step) for one in found if (step := _step(rules.get(one.kind), one, before.get(one.id, []), on))]
    episodes = _episodes(book.programme, before)
    raised = [
        _alert(by, book, rules[one.kind], one, step, episodes.get(one.id, 1), bodies.get(one.body), on)
        for one, step in due
    ]
    Alert.objects.bulk_create(raised)
    notices = [
        notice
        for alert, (one, step) in zip(raised, due, strict=True)
        for notice in _notices(alert, one, _addressees(step, one), bodies, on)
    ]
    Notice.objects.bulk_create(notices)
    return raised


def _by_matter(alerts: Iterable[Alert]) -> dict[tuple[str, str], list[Alert]]:
    found: dict[tuple[str, str], list[Alert]] = {}
    for one in alerts:
        found.setdefault((one.kind, one.key), []).append(one)
    return found


def _episodes(programme: Programme, standing: dict) -> dict[tuple[str, str], int]:
    """By matter: the episode that stands, or the one that begins after those that were mended."""
    last = programme.alerts.values_list("kind", "key").annotate(last=Max("episode"))
    return {(kind, key): most + ((kind, key) not in standing) for kind, key, most in last.order_by()}


def _step(rule: Rule | None, matter: Matter, standing: Sequence[Alert], on: date) -> Step | None:
    if rule is None:
        return None
    raised = [Raised(Level(one.level), one.answer_by) for one in standing]
    return next_step(rule, days_late(matter.due_on, on, rule.calendar), raised, on)


def _alert(
    by, book: Rulebook, rule: Rule, matter: Matter, step: Step, episode: int, body: Body | None, on: date
) -> Alert:
    late, until = days_late(matter.due_on, on, rule.calendar), answer_by(step, on, rule.calendar)
    return Alert(
        programme=book.programme, rulebook=book, kind=matter.kind, key=matter.key, episode=episode, level=step.level,
        matter=matter.plain(), body=body, days_late=late, raised_on=on, answer_by=until,
        raised_at=timezone.now(), raised_by=by,
    )  # fmt: skip


def _addressees(step: Step, matter: Matter) -> list[tuple[str, str]]:
    """(role, body) of those a step is told to. A body hears of a circular only when someone has decided on it."""
    named = step.to if step.level != Level.CIRCULAR else [one for one in step.to if one in ("office", "leader")]
    found = []
    for one in named:
        if one in ("office", "leader"):
            found.append((one, ""))
        else:
            found += [(Role.LIAISON, code) for code in ([matter.body] if one == "lead" else matter.partners) if code]
    return list(dict.fromkeys(found)) or [(Role.OFFICE, "")]


def _notices(
    alert: Alert, matter: Matter, to: Iterable[tuple[str, str]], bodies: dict[str, Body], on: date
) -> list[Notice]:
    return [
        Notice(
            programme=alert.programme, role=role, body=bodies.get(code), kind=NOTICE_OF[Level(alert.level)],
            subject=matter.subject._asdict(), told=matter.told._asdict(), address=["alert", str(alert.pk)], alert=alert, on=on, simulated=matter.simulated,
            at=timezone.now(),
        )
        for role, code in to
        if not code or code in bodies
    ]  # fmt: skip


@transaction.atomic
def acknowledge(*, by: User, alert: Alert, on: date, note: str) -> AlertStep:
    """The body's word that it has the alert, and what it will do."""
    require(by, "acknowledge")
    _for_the_body(by, alert)
    if not note.strip():
        raise Refused("请写明打算怎样办、何时办好。", "Say what will be done, and by when.")
    if alert.level == Level.CIRCULAR and not alert.settled:
        raise Refused(
            "通报尚未确认，不能签收。", "The circular has not been decided on; there is nothing to acknowledge."
        )
    return _take_step(by, alert, AlertStep.Kind.ACKNOWLEDGED, on, note)


@transaction.atomic
def settle_circular(*, by: User, alert: Alert, on: date, issue: bool, note: str) -> AlertStep:
    """Issue a proposed circular, or withhold it with a reason. Only people decide on naming a body."""
    require(by, "settle_circular")
    if by is None:
        raise TypeError("naming a body is a person's decision")
    if alert.level != Level.CIRCULAR:
        raise Refused("只有通报需要确认。", "Only a circular is decided on.")
    if not issue and not note.strip():
        raise Refused("不予通报，请写明理由。", "Give the reason for withholding the circular.")
    made = _take_step(by, alert, AlertStep.Kind.ISSUED if issue else AlertStep.Kind.WITHHELD, on, note)
    if issue and alert.body_id:
        matter = matter_of(alert.matter)
        tell(
            alert.programme,
            [(Role.LIAISON, alert.body)],
            "circular",
            matter.subject,
            matter.told,
            ["alert", str(alert.pk)],
            on,
            matter.simulated,
            alert,
        )
    return made


def _take_step(by: User, alert: Alert, kind: str, on: date, note: str) -> AlertStep:
    if alert.steps.filter(kind="closed").exists():
        raise Refused(
            "事项已经办好、提示已销号，不必再办。", "The matter is mended and the alert closed; nothing is left to do."
        )
    try:
        with transaction.atomic():
            made = AlertStep.objects.create(alert=alert, kind=kind, on=on, note=note.strip(), by=by, at=timezone.now())
    except IntegrityError:
        raise Refused(
            "已有人先办理了，请刷新页面看结果。", "Someone was first; reload the page to see what was done."
        ) from None
    write_down(by, alert.programme, f"alert_{kind}", f"coordination.alert {alert.pk}", note=made.note)
    return made


def _of_own_body(by: User | None, codes: Iterable[str]) -> None:
    """A liaison acts for the own body alone."""
    if by is None or by.role != Role.LIAISON or by.body.code in [code for code in codes if code]:
        return
    raise NotAllowed(
        f"“{by}”代表{by.body}，不能替别的部门办理。", f"“{by}” speaks for {by.body} and cannot act for another body."
    )


def _for_the_body(by: User | None, alert: Alert) -> None:
    """An alert is acknowledged by the body that is waited for; by the office where it is the office, or nobody leads."""
    _of_own_body(by, [alert.body.code if alert.body_id else ""])
    office = alert.programme.office_id
    if by and by.role == Role.OFFICE and alert.body_id and alert.body_id not in (office, by.body_id):
        raise NotAllowed(
            f"这条提示要由{alert.body}签收，计划办不能代签。",
            f"This alert is for {alert.body.name_en or alert.body} to acknowledge; the office cannot do it in its place.",
        )


def tell(programme: Programme, to: Iterable[tuple[str, Body | None]], kind: str, subject: Text, told: Text,
         address: list[str], on: date, simulated: bool, alert: Alert | None = None) -> None:  # fmt: skip
    """A line in the inbox of each (role, body)."""
    Notice.objects.bulk_create(
        Notice(programme=programme, role=role, body=body, kind=kind, subject=subject._asdict(), told=told._asdict(), address=address,
               alert=alert, simulated=simulated, on=on, at=timezone.now())
        for role, body in to
    )  # fmt: skip


# --- meetings


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


# --- assignments


@transaction.atomic
def report_done(
    *, by: User | None, decision: Decision, on: date, note: str, name: str = "", content: bytes = b""
) -> Handling:
    """The leading body's word that an assignment is done, with its proof: what was done, and a file where there is one."""
    require(by, "report_assignment")
    _of_own_body(by, [decision.lead.code])
    return _handle(by, decision, Handling.Kind.REPORTED, on, note, name, content)


@transaction.atomic
def close_assignment(*, by: User | None, decision: Decision, on: date, note: str) -> Handling:
    """Close an assignment after looking at its proof; one without a report with proof is not closed."""
    require(by, "close_assignment")
    return _handle(by, decision, Handling.Kind.CLOSED, on, note)


@transaction.atomic
def return_assignment(*, by: User | None, decision: Decision, on: date, note: str) -> Handling:
    """Give a reported assignment back with the reason."""
    require(by, "close_assignment")
    return _handle(by, decision, Handling.Kind.RETURNED, on, note)


FROM = {"reported": (None, "returned"), "closed": ("reported",), "returned": ("reported",)}


def _handle(by, decision: Decision, kind: str, on: date, note: str, name: str = "", content: bytes = b"") -> Handling:
    turn()
    last = Handling.objects.filter(decision=decision).last()
    if (last.kind if last else None) not in FROM[kind]:
        raise Refused("这件事现在不能这样办理：须先由牵头部门报办结，再由计划办核销或退回。",
                      "Not in this order: the leading body reports it done, then the office closes it or gives it back.")  # fmt: skip
    if not note.strip():
        raise Refused("请写明办理情况或理由。", "Say what was done, or why.")
    digest = ""
    if content:
        file_fits(name, content)
        digest = hashlib.sha256(content).hexdigest()
        keep_file(content)
    made = Handling.objects.create(
        decision=decision, kind=kind, on=on, note=note.strip(), file=Path(name).name[:200] if content else "", sha256=digest, by=by,
        at=timezone.now(),
    )  # fmt: skip
    programme = decision.item.meeting.programme
    write_down(
        by, programme, f"assignment_{kind}", f"coordination.assignment {decision.pk}", note=made.note, sha256=digest
    )
    _tell_handled(made, programme)
    return made


def _tell_handled(made: Handling, programme: Programme) -> None:
    decision = made.decision
    to = [(Role.OFFICE, None)] if made.kind == Handling.Kind.REPORTED else [(Role.LIAISON, decision.lead)]
    subject = Text(decision.wording, decision.wording)
    tell(
        programme,
        to,
        made.kind,
        subject,
        Text(made.note, made.note),
        ["assignment", str(decision.pk)],
        made.on,
        decision.item.meeting.simulated,
    )


# --- inbox and mail


@transaction.atomic
def read_notices(*, by: User, notices: Iterable[Notice] | None = None) -> int:
    """Mark notices of one's own inbox as read, all without any named. Leaves no line in the audit trail."""
    mine = inbox(by).exclude(seen__user=by)
    if notices is not None:
        mine = mine.filter(pk__in=[one.pk for one in notices])
    now = timezone.now()
    made = [Seen(user=by, notice_id=pk, at=now) for pk in mine.values_list("pk", flat=True)]
    Seen.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def set_preference(*, by: User, email: str, language: str, by_mail: bool) -> Preference:
    """How a person wants to be written to. The trail says that it was changed, not the address."""
    if language not in LANGUAGES:
        raise Refused(f"没有“{language}”这种语言。", f"There is no language “{language}”.")
    made, _ = Preference.objects.update_or_create(user=by, defaults={"language": language, "by_mail": by_mail})
    User.objects.filter(pk=by.pk).update(email=email)
    record(by=by, verb="set_preference", thing=f"people.user {by.username}", jurisdiction=by.jurisdiction)
    return made


@dataclass
class Posted:
    """How the digests of a day went: accounts written to, without anything new, without an address, and failed."""

    sent: int = 0
    nothing: int = 0
    no_address: int = 0
    declined: int = 0
    failed: int = 0


def send_digests(*, by: User | None, programme: Programme, on: date, site: str = "") -> Posted:
    """Write to everyone what waits for them, once per day and matter. An account without an address is skipped and counted."""
    require(by, "run_coordination")
    posted = Posted()
    people = User.objects.filter(jurisdiction=programme.jurisdiction, is_active=True, role__in=READERS)
    for user in people.select_related("body", "preference").order_by("pk"):
        result = _digest(user, programme, on, site)
        setattr(posted, result, getattr(posted, result) + 1)
    if posted.sent or posted.failed:
        with transaction.atomic():
            write_down(by, programme, "send_digests", f"coordination.programme {programme.code}", as_of=str(on),
                        count=posted.sent, failed=posted.failed)  # fmt: skip
    return posted


def _digest(user: User, programme: Programme, on: date, site: str) -> str:
    wants = getattr(user, "preference", None)
    if wants and not wants.by_mail:
        return "declined"
    if not user.email:
        return "no_address"
    lines = lines_for(user, programme, on)
    known = set(Sent.objects.filter(user=user, on=on).values_list("thing", flat=True))
    new = [one for one in lines if one.thing not in known]
    return _post(user, programme, on, site, new, wants.language if wants else LANGUAGES[0]) if new else "nothing"


def _post(user: User, programme: Programme, on: date, site: str, lines: list[Line], language: str) -> str:
    said = letter(
        language, programme.title_en if language == "en" and programme.title_en else programme.title, on, lines, site
    )
    mail = EmailMultiAlternatives(said.subject, said.text, to=[user.email])
    mail.attach_alternative(said.html, "text/html")
    try:
        with transaction.atomic():  # what could not be sent was not sent
            Sent.objects.bulk_create(Sent(user=user, on=on, thing=one.thing) for one in lines)
            mail.send()
    except (OSError, IntegrityError):
        return "failed"
    return "sent"


# --- in the trail


def _of_meeting(by: User | None, meeting: Meeting, verb: str, **detail) -> None:
    write_down(by, meeting.programme, verb, f"coordination.meeting {meeting.ordinal}", **detail)


def write_down(by: User | None, programme: Programme, verb: str, thing: str, **detail) -> None:
    record(
        by=by,
        verb=verb,
        thing=thing,
        jurisdiction=programme.jurisdiction,
        detail={"programme": programme.code, **detail},
    )
