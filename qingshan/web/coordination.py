"""What the pages of coordination are made of: matters with their level and page, and a meeting as a paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingshan.coordination import queries
from qingshan.coordination.escalating import Level, Rule, days_late
from qingshan.coordination.matters import TARGETS, Kind, Matter, Wait
from qingshan.coordination.models import Alert, Meeting
from qingshan.coordination.papers import Item, Paper
from qingshan.evidence.reports.queries import today
from qingshan.people.actions import may
from qingshan.people.models import Body, Role, User
from qingshan.plan.models import Programme
from qingshan.standards.working_days import is_published
from qingshan.web import wording

STATUS_OF = {kind: status for status, kind in TARGETS.items()}
SEE_PROPOSALS = (Role.OFFICE, Role.LEADER, Role.AUDITOR)


def day_asked(request, programme: Programme) -> date:
    """The day in the address, else the programme's own today; never one that has not come."""
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), latest_day(programme))
    except ValueError:
        return today(programme)


def latest_day(programme: Programme) -> date:
    """No day that has not come can be worked on; a demonstration may be played on up to now."""
    return max(today(programme), timezone.localdate())


def sentence(error) -> str:
    """Why something was refused, in the reader's language."""
    return wording.said({"zh": error.zh, "en": error.en})


def page_of(programme: Programme, address: Iterable[str]) -> str:
    """The address of the page behind a matter; empty where there is none."""
    name, *given = address or ("",)
    try:
        return reverse(name, args=[programme.code, *given])
    except NoReverseMatch:
        return ""


def provisional_year(programme: Programme, kind: Kind, *days: date) -> int | None:
    """The first year of the days whose days off have not been published, so that working days in it are provisional."""
    calendar = queries.calendar_of(programme, kind)
    return next((day.year for day in sorted(days) if not is_published(day.year, calendar)), None)


def sees(user: User, alert: Alert) -> bool:
    """A circular that nobody has decided on is seen by those who decide, and was never issued where it was withheld."""
    issued = alert.step("issued")
    return alert.level != Level.CIRCULAR or bool(issued) or user.role in SEE_PROPOSALS


@dataclass
class Row:
    """A matter as a reader sees it."""

    matter: Matter
    body: Body | None
    partners: list[Body]
    late: int
    alert: Alert | None
    page: str

    @property
    def level(self) -> int:
        return self.alert.level if self.alert else 0

    @property
    def status(self) -> str:
        """The status whose mark it carries: a target's own, else that of something late."""
        return STATUS_OF.get(self.matter.kind, "off_track")


@dataclass
class Board:
    """What is stuck as of a day, with what was raised, for one reader."""

    programme: Programme
    on: date
    user: User

    @cached_property
    def bodies(self) -> dict[str, Body]:
        return queries.body_names(self.programme)

    @cached_property
    def rules(self) -> dict[Kind, Rule]:
        return queries.rules(self.programme)

    @cached_property
    def open_alerts(self) -> list[Alert]:
        return [one for one in queries.open_alerts(self.programme, self.on) if sees(self.user, one)]

    @cached_property
    def rows(self) -> list[Row]:
        raised = queries.highest(self.open_alerts)
        return [self._row(one, raised.get(one.id)) for one in queries.matters(self.programme, self.on)]

    def _row(self, one: Matter, alert: Alert | None) -> Row:
        rule = self.rules.get(one.kind)
        late = days_late(one.due_on, self.on, rule.calendar if rule else queries.calendar_of(self.programme, one.kind))
        partners = [self.bodies[code] for code in one.partners if code in self.bodies]
        return Row(one, self.bodies.get(one.body), partners, late, alert, page_of(self.programme, one.address))

    @cached_property
    def waits(self) -> list[tuple[Wait, Body, list[tuple[Body, int]], int]]:
        """(wait, its body, who waits in how many, width of its bar [%])"""
        found = [one for one in queries.waiting(row.matter for row in self.rows) if one.body in self.bodies]
        most = max((one.count for one in found), default=1)
        return [(one, self.bodies[one.body], self._named(one), round(one.count / most * 100)) for one in found]

    def _named(self, one: Wait) -> list[tuple[Body, int]]:
        return [(self.bodies[code], count) for code, count in one.waiting if code in self.bodies]

    @property
    def proposals(self) -> list[Alert]:
        return [one for one in self.open_alerts if one.proposed]

    @cached_property
    def tally(self) -> list[tuple[int, int]]:
        """(level, how many matters stand at it), the gravest first."""
        return [(level, sum(row.level == level for row in self.rows)) for level in sorted(Level, reverse=True)]

    def chosen(self, query) -> list[Row]:
        """The rows that fit the address: by kind, body and level."""
        kind, body, level = (query.get(name, "") for name in ("kind", "body", "level"))
        return [
            row
            for row in self.rows
            if (not kind or row.matter.kind == kind)
            and (not body or row.matter.body == body)
            and (not level or str(row.level) == level)
        ]

    @property
    def choices(self) -> dict[str, list]:
        kinds = {row.matter.kind for row in self.rows}
        held = {row.matter.body for row in self.rows}
        return {
            "kind": [(kind.value, wording.MATTERS[kind.value]) for kind in Kind if kind in kinds],
            "body": [one for code, one in self.bodies.items() if code in held],
            "level": [(str(level), words) for level, words in wording.LEVELS.items()],
        }


def deeds(user: User, alert: Alert) -> set[str]:
    """What a reader may do with an alert now."""
    if alert.closed:
        return set()
    office = user.role == Role.OFFICE and alert.body_id in (None, alert.programme.office_id)
    own = office or (alert.body_id is not None and user.body_id == alert.body_id)
    found = {"settle"} if alert.proposed and may(user, "settle_circular") else set()
    if (
        not alert.acknowledged
        and own
        and may(user, "acknowledge")
        and (alert.level < Level.CIRCULAR or alert.step("issued"))
    ):
        found.add("acknowledge")
    return found


def deeds_on(user: User, one: queries.Assignment) -> set[str]:
    """What a reader may do with an assignment now."""
    if one.closed:
        return set()
    if one.reported:
        return {"close"} if may(user, "close_assignment") else set()
    own = user.role != Role.LIAISON or user.body_id == one.decision.lead_id
    return {"report"} if own and may(user, "report_assignment") else set()


def may_see_proof(user: User, one: queries.Assignment) -> bool:
    if user.role == Role.LIAISON:
        return one.concerns(user.body.code)
    return user.role in SEE_PROPOSALS


def paper_of(meeting: Meeting, kind: str) -> Paper:
    """A meeting as an official paper, which is Chinese whatever the reader's language."""
    names = {code: one.name for code, one in queries.body_names(meeting.programme).items()}
    signed = ""
    if kind == "纪要" and meeting.signed_at:
        who = str(meeting.signed_by) if meeting.signed_by else "（模拟）"
        signed = f"签署：{who}　{timezone.localtime(meeting.signed_at):%Y-%m-%d}"
    return Paper(
        kind, meeting.title, meeting.held_on, meeting.place, meeting.chairs, meeting.present,
        meeting.summary if kind == "纪要" else "", signed, meeting.simulated,
        [_printed(one, names) for one in queries.agenda_of(meeting)] if kind == "议程" else
        [_minuted(one, names) for one in queries.agenda_of(meeting)],
    )  # fmt: skip


def _printed(item, names: dict[str, str]) -> Item:
    told = item.told.told.zh if item.matter else ""
    partners = "、".join(names.get(code, code) for code in item.partners)
    return Item(
        item.title, told, item.proposal, lead=item.lead.name if item.lead else "", partners=partners, due_on=item.due_on
    )


def _minuted(item, names: dict[str, str]) -> Item:
    told = item.told.told.zh if item.matter else ""
    decision = getattr(item, "decision", None)
    if decision is None:
        return Item(item.title, told)
    partners = "、".join(names.get(code, code) for code in decision.partners)
    lead = decision.lead.name if decision.lead else ""
    return Item(item.title, told, "", decision.get_outcome_display(), decision.wording, lead, partners, decision.due_on)


def named(codes: Iterable[str], bodies: dict[str, Body]) -> str:
    """Bodies by their codes, in the reader's language."""
    return _("、").join(wording.said(bodies[code]) for code in codes if code in bodies)


def language_of(user: User) -> str:
    wants = getattr(user, "preference", None)
    return wants.language if wants else (get_language() or "zh-hans")
