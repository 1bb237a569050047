"""Rules of escalation, alerts raised by them, and what becomes of those."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.coordination.escalating import Level, Raised, Rule, Step, answer_by, days_late, next_step, rules_of
from qingshan.coordination.matters import Matter, matter_of
from qingshan.coordination.models import (
    Alert,
    AlertStep,
    Notice,
    Rulebook,
)
from qingshan.coordination.queries import matters, open_alerts, rulebook_of
from qingshan.people.actions import NotAllowed, require, turn
from qingshan.people.models import Body, Role, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from .doors import of_own_body
from .telling import tell, write_down

NOTICE_OF = {Level.NOTICE: "notice", Level.WARNING: "warning", Level.CIRCULAR: "proposal"}


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


def _for_the_body(by: User | None, alert: Alert) -> None:
    """An alert is acknowledged by the body that is waited for; by the office where it is the office, or nobody leads."""
    of_own_body(by, [alert.body.code if alert.body_id else ""])
    office = alert.programme.office_id
    if by and by.role == Role.OFFICE and alert.body_id and alert.body_id not in (office, by.body_id):
        raise NotAllowed(
            f"这条提示要由{alert.body}签收，计划办不能代签。",
            f"This alert is for {alert.body.name_en or alert.body} to acknowledge; the office cannot do it in its place.",
        )
