"""Reporting rounds: open, closed, and how the bodies kept to their days."""

from datetime import timedelta

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Schema

from qingshan.evaluation.reporting import open_rounds
from qingshan.evidence.reports import actions
from qingshan.evidence.reports.queries import overdue, punctuality, rounds_of, today
from qingshan.people.actions import require
from qingshan.people.models import Role
from qingshan.web.api import schemas
from qingshan.web.api.answers import XLSX, answers, filed, written
from qingshan.web.api.reports import router
from qingshan.web.api.reports.shapes import ReportLine, RoundOut, head, round_out, visible
from qingshan.web.pages import programme_for
from qingshan.web.views.reports import export

YEAR = timedelta(days=365)


class LateOut(Schema):
    """A report not handed in, or not mended, though the day has passed."""

    body: str
    kind: str
    period: str
    due_on: schemas.Day
    working_days_late: int


class RatesOut(Schema):
    """Of the reports due within a year: handed in on time, late or not at all; accepted; sent back at least once."""

    body: str
    due: int
    on_time: int
    late: int
    missing: int
    accepted: int
    returned: int


@router.get("/programmes/{slug:programme}/rounds", response=answers(list[RoundOut]))
def list_rounds(request, programme: str):
    """填报轮次，新的在前。 Reporting rounds, the newest first."""
    return [round_out(one) for one in rounds_of(programme_for(request, programme))]


@router.post("/programmes/{slug:programme}/rounds", response=written(list[RoundOut]))
def open_due_rounds(request, programme: str):
    """开放该开放而未开放的轮次（计划办）。 Open the rounds that are due and not open yet (plan office)."""
    programme = programme_for(request, programme)
    require(request.user, "open_rounds")
    opened = open_rounds(by=request.user, programme=programme, on=today(programme), now=timezone.now())
    return [round_out(one) for one in opened]


@router.post("/programmes/{slug:programme}/rounds/{slug:kind}/{str:period}/close", response=written(RoundOut))
def close_round(request, programme: str, kind: str, period: str):
    """关闭一个轮次，此后不再收报（计划办）。 Close a round: nothing more is handed in (plan office)."""
    programme = programme_for(request, programme)
    require(request.user, "open_rounds")
    held = get_object_or_404(rounds_of(programme), kind=kind, period=period)
    return round_out(actions.close_round(by=request.user, held=held, on=today(programme)))


@router.get("/programmes/{slug:programme}/reports", response=answers(list[ReportLine]))
def list_reports(
    request, programme: str, period: str = Query("", max_length=10), body: str = Query("", max_length=60),
    state: str = Query("", max_length=10),
):  # fmt: skip
    """各部门的填报；联络员只看本部门的。 Reports of bodies; a liaison sees the own body's alone."""
    found = visible(request, programme)
    for name, value in (("round__period", period), ("body__code", body), ("state", state)):
        if value:
            found = found.filter(**{name: value})
    return [ReportLine(**head(one)) for one in found]


@router.get("/programmes/{slug:programme}/reports/late", response=answers(list[LateOut]))
def list_late(request, programme: str):
    """逾期未报或未改的，最久的在前；联络员只看本部门的。 What is late, the longest first; a liaison sees the own body's alone."""
    programme = programme_for(request, programme)
    return [
        LateOut(body=one.body_code, kind=one.round.kind, period=one.round.period, due_on=one.due_on,
                working_days_late=one.working_days_late)
        for one in overdue(programme, today(programme)) if _told(request.user, one.body_code)
    ]  # fmt: skip


@router.get("/programmes/{slug:programme}/reports/rates", response=answers(list[RatesOut]))
def list_rates(request, programme: str):
    """近一年按时、迟报、缺报、退回的次数；联络员只看本部门的。 On time, late, missing and sent back within a year, by body."""
    programme = programme_for(request, programme)
    on = today(programme)
    found = punctuality(programme, on - YEAR, on, on)
    return [RatesOut(body=code, **one._asdict()) for code, one in found.items() if _told(request.user, code)]


def _told(user, code: str) -> bool:
    """A liaison is told of their own body."""
    return user.role != Role.LIAISON or user.body.code == code


@router.get("/programmes/{slug:programme}/reports.xlsx", **filed(XLSX))
def export_reports(request, programme: str):
    """填报一览表。 The board of bodies and rounds as a workbook."""
    return export(request, programme)
