"""The demonstration's reports: rounds of the past as the programme's folder says they went, and one that is open."""

from datetime import date, datetime
from decimal import Decimal

from qingshan.evaluation.reporting import owed
from qingshan.evidence.reports.actions import Rehearsal, open_round, rehearse
from qingshan.evidence.reports.answers import Answer, Asked
from qingshan.evidence.reports.rounds import Days, rounds_until
from qingshan.plan.models import Programme
from qingshan.programme.schema import Programme as Folder
from qingshan.programme.schema import Rehearsed

SAID = "（模拟）按计划推进。"
UNKNOWN = "（模拟）尚无统计数。"


def rehearse_reports(programme: Programme, found: Folder, on: date, now: datetime) -> int:
    """Open the rounds up to the demonstration's day and let them go as the folder says; returns how many were opened."""
    opened = 0
    for kind in (one.kind for one in found.rounds if found.rehearsed):
        for days in rounds_until(kind, on, found.head.ends):
            courses = [one for one in found.rehearsed if (one.round_code, one.period) == (kind.code, days.period)]
            opened += _held(programme, kind, days, courses, on, now)
    return opened


def _held(programme: Programme, kind, days: Days, courses: list[Rehearsed], on: date, now: datetime) -> bool:
    if programme.rounds.filter(kind=kind.code, period=days.period).exists():
        return False
    asked = owed(programme, days, min(on, days.due_on), now)
    held = open_round(by=None, programme=programme, kind=kind, days=days, owed=asked, simulated=True)
    share = _share(programme, days)
    told = {one.body: _course(one, asked.get(one.body, []), share) for one in courses if one.submitted}
    rehearse(by=None, held=held, courses=told)
    return True


def _share(programme: Programme, days: Days) -> Decimal:
    """How much of the plan's time has gone at the end of the period [%], in steps of five."""
    edition = programme.editions.get(state="adopted")
    gone, whole = (days.ends - edition.starts).days, (edition.ends - edition.starts).days
    return Decimal(100 * gone // whole // 5 * 5)


def _course(one: Rehearsed, asked: list[Asked], share: Decimal) -> Rehearsal:
    steps = (
        ("submit", one.submitted, ""), ("return", one.returned, one.why or ""), ("submit", one.mended, ""), ("accept", one.accepted, ""),
    )  # fmt: skip
    claims = {claimed.line: claimed.claim for claimed in one.claims}
    answers = {line.key: _answer(line, claims.get(line.key), share) for line in asked}
    return Rehearsal([step for step in steps if step[1]], answers)


def _answer(asked: Asked, claimed: Decimal | None, share: Decimal) -> Answer:
    """What the system knows, said back; where it knows nothing, that there is nothing to say yet."""
    claim = claimed if claimed is not None else _claim(asked, share)
    if asked.form == "words":
        return Answer(None, SAID)
    return Answer(claim, SAID) if claim is not None else Answer(None, "", UNKNOWN)


def _claim(asked: Asked, share: Decimal) -> Decimal | None:
    if asked.form == "value" or asked.kind == "value":
        return asked.claim
    return {"percent": share, "confirmed": Decimal(1)}.get(asked.form, Decimal(0))
