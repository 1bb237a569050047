"""What is stuck, what was raised for it, and what became of that."""

from datetime import date
from typing import Any

from django.http import Http404
from ninja import Query, Schema
from pydantic import Field

from qingshan.coordination import actions, queries
from qingshan.coordination.models import Alert
from qingshan.evidence.reports.queries import today
from qingshan.people.actions import require
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import XLSX, answers, filed, written
from qingshan.web.api.coordination import router
from qingshan.web.coordination import Board, latest_day, sees
from qingshan.web.pages import programme_for
from qingshan.web.views.coordination import sheet

ALERT = "/programmes/{slug:programme}/alerts/{int:number}"


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


class AlertStepOut(Schema):
    kind: str
    on: date
    note: str
    by: schemas.Person | None


class AlertOut(Schema):
    """A notice (1), a warning (2) or a circular (3) on a matter, and what became of it."""

    number: int
    level: int
    matter: dict[str, Any]
    body: str | None
    days_late: int
    raised_on: date
    answer_by: date
    steps: list[AlertStepOut]


class WaitOut(Schema):
    """A body that others wait for: in how many matters, and who."""

    body: str
    count: int
    waiting: dict[str, int]


class Day(Schema):
    on: schemas.Day | None = Field(None, description="the day it is worked for; today where none is given")


class OutcomeOut(Schema):
    """How many matters are stuck, and the numbers of the alerts that were raised and closed."""

    stuck: int
    raised: list[int]
    closed: list[int]


class Acknowledgement(Schema):
    note: str = Field(max_length=1000)


class Settlement(Schema):
    issue: bool = Field(description="true: the circular is issued; false: it is withheld, with the reason")
    note: str = Field("", max_length=1000)


def day_of(programme, on: date | None) -> date:
    return min(on, latest_day(programme)) if on else today(programme)


@router.get("/programmes/{slug:programme}/matters", response=answers(list[MatterOut]))
def list_matters(
    request, programme: str, on: schemas.Day | None = None, kind: str = Query("", max_length=20), body: str = Query("", max_length=60),
    level: str = Query("", max_length=2),
):  # fmt: skip
    """停滞的事项：等谁、逾期几个工作日。 What is stuck: who has to move, and how many working days late."""
    programme = programme_for(request, programme)
    board = Board(programme, day_of(programme, on), request.user)
    return [_matter(row) for row in board.chosen({"kind": kind, "body": body, "level": level})]


def _matter(row) -> MatterOut:
    told = row.matter.plain()
    return MatterOut(**told, working_days_late=row.late, level=row.alert.level if row.alert else None)


@router.get("/programmes/{slug:programme}/matters.xlsx", **filed(XLSX))
def export_matters(request, programme: str, on: schemas.Day | None = None):
    """停滞的事项，Excel 表。 What is stuck, as a workbook."""
    return sheet(request, programme)


@router.get("/programmes/{slug:programme}/matters/waits", response=answers(list[WaitOut]))
def list_waits(request, programme: str, on: schemas.Day | None = None):
    """谁在等谁。 Who waits for whom."""
    programme = programme_for(request, programme)
    waits = Board(programme, day_of(programme, on), request.user).waits
    return [WaitOut(body=one.body, count=one.count, waiting=dict(one.waiting)) for one, *_ in waits]


@router.post("/programmes/{slug:programme}/matters/run", response=written(OutcomeOut))
def run_rules(request, programme: str, given: Day):
    """按规则发提示、销号（计划办）。 Raise what is due by the rules and close what is mended (plan office)."""
    programme = programme_for(request, programme)
    done = actions.run(by=request.user, programme=programme, on=day_of(programme, given.on))
    return OutcomeOut(stuck=done.stuck, raised=[one.pk for one in done.raised], closed=[one.pk for one in done.closed])


# --- alerts


@router.get("/programmes/{slug:programme}/alerts", response=answers(list[AlertOut]))
def list_alerts(request, programme: str, on: schemas.Day | None = None):
    """未销号的提示、警示、通报。 Open notices, warnings and circulars."""
    programme = programme_for(request, programme)
    return [_alert(one) for one in Board(programme, day_of(programme, on), request.user).open_alerts]


@router.get(ALERT, response=answers(AlertOut))
def read_alert(request, programme: str, number: int):
    """一条提示、警示或通报及其经过。 One alert and what became of it."""
    return _alert(_found(request, programme, number))


def _found(request, programme: str, number: int) -> Alert:
    programme = programme_for(request, programme)
    found = queries.alerts(programme).filter(pk=number).first()
    if found is None or not sees(request.user, found):
        raise Http404
    found.programme = programme
    return found


def _alert(one: Alert) -> AlertOut:
    steps = [
        AlertStepOut(**shapes.same(step, AlertStepOut) | {"by": shapes.person(step.by)}) for step in one.steps.all()
    ]
    given = {"number": one.pk, "body": one.body.code if one.body_id else None, "steps": steps}
    return AlertOut(**shapes.same(one, AlertOut) | given)


@router.post(ALERT + "/acknowledge", response=written(AlertOut))
def acknowledge_alert(request, programme: str, number: int, given: Acknowledgement):
    """签收，写明打算怎么办。 Acknowledge, saying what will be done."""
    require(request.user, "acknowledge")
    one = _found(request, programme, number)
    actions.acknowledge(by=request.user, alert=one, on=_day(one), note=given.note)
    return _alert(_found(request, one.programme.code, number))


@router.post(ALERT + "/settle", response=written(AlertOut))
def settle_circular(request, programme: str, number: int, given: Settlement):
    """对拟发的通报作出决定：通报，或不予通报并说明理由。 Issue a proposed circular, or withhold it with a reason."""
    require(request.user, "settle_circular")
    one = _found(request, programme, number)
    actions.settle_circular(by=request.user, alert=one, on=_day(one), issue=given.issue, note=given.note)
    return _alert(_found(request, one.programme.code, number))


def _day(one: Alert) -> date:
    return max(one.raised_on, today(one.programme))
