"""Reporting: what bodies owe, what they answered, and handing in."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from qingshan.evidence.reports import actions
from qingshan.evidence.reports.actions import Change
from qingshan.evidence.reports.answers import Answer, plain
from qingshan.evidence.reports.models import Line, Report
from qingshan.evidence.reports.queries import answer_of, last_day, lines_of, reports_of, rounds_of, today, writable
from qingshan.people.models import Role
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers, written
from qingshan.web.pages import programme_for

router = Router(tags=["填报 reporting"])
REPORT = "/programmes/{slug:programme}/reports/{int:number}"


class RoundOut(Schema):
    kind: str
    period: str
    name: schemas.Words
    starts: date
    ends: date
    opens_on: date
    due_on: date
    locks_on: date
    closed_on: date | None
    provisional: bool
    simulated: bool


class ReportLine(Schema):
    number: int
    round: RoundOut
    body: str
    state: str
    last_day: date = Field(description="the last day on which it can be handed in")
    writable: bool
    steps: list[dict[str, Any]]


class LineOut(Schema):
    """One thing asked; `claim` is a number as text, 1 and 0 for yes and no."""

    id: int
    key: str
    kind: str
    form: str
    asked: dict[str, Any]
    known: dict[str, Any]
    claim: schemas.Number | None
    progress: str
    obstacle: str
    entries: list[list[str]]
    number: int = Field(description="a change must name it as `expected`")
    remark: str
    accepted_on: date | None
    files: list[str]


class ReportOut(ReportLine):
    lines: list[LineOut]


class LineIn(Schema):
    id: int = Field(ge=1, le=2**31 - 1)
    expected: int = schemas.Revision
    claim: schemas.Number | None = Field(None, pattern=r"^-?[0-9]{1,14}(\.[0-9]{1,6})?$")
    progress: str = Field("", max_length=2000)
    obstacle: str = Field("", max_length=2000)


class ReportIn(Schema):
    lines: list[LineIn] = Field(max_length=500)


class Seen(Schema):
    """What is handed in: the number of each line, by its id, as it was seen."""

    seen: dict[str, int] = {}


@router.get("/programmes/{slug:programme}/rounds", response=answers(list[RoundOut]))
def list_rounds(request, programme: str):
    """填报轮次，新的在前。 Reporting rounds, the newest first."""
    return [_round(one) for one in rounds_of(programme_for(request, programme))]


def _round(one) -> RoundOut:
    return RoundOut(**shapes.same(one, RoundOut) | {"name": shapes.words(one)})


def _visible(request, programme: str):
    """A liaison finds only their own body's reports, as on the pages."""
    found = reports_of(programme_for(request, programme))
    return found.filter(body=request.user.body) if request.user.role == Role.LIAISON else found


@router.get("/programmes/{slug:programme}/reports", response=answers(list[ReportLine]))
def list_reports(
    request, programme: str, period: str = Query("", max_length=10), body: str = Query("", max_length=60),
    state: str = Query("", max_length=10),
):  # fmt: skip
    """各部门的填报；联络员只看本部门的。 Reports of bodies; a liaison sees the own body's alone."""
    found = _visible(request, programme)
    for name, value in (("round__period", period), ("body__code", body), ("state", state)):
        if value:
            found = found.filter(**{name: value})
    return [ReportLine(**_head(one)) for one in found]


def _head(report: Report) -> dict:
    on = today(report.round.programme)
    steps = [{"verb": one.verb, "day": one.day.isoformat(), "why": one.why} for one in report.steps.all()]
    return {
        "number": report.pk, "round": _round(report.round), "body": report.body.code, "state": report.state,
        "last_day": last_day(report), "writable": writable(report, on), "steps": steps,
    }  # fmt: skip


def _report(request, programme: str, number: int) -> Report:
    return get_object_or_404(_visible(request, programme), pk=number)


@router.get(REPORT, response=answers(ReportOut))
def read_report(request, programme: str, number: int):
    """一份填报的各项。 One report with all that is asked and answered."""
    return _whole(_report(request, programme, number))


def _whole(report: Report) -> ReportOut:
    return ReportOut(**_head(report), lines=[_line(one) for one in lines_of(report)])


def _line(one: Line) -> LineOut:
    given = {"claim": plain(one.claim), "files": [file.name for file in one.files.all()]}
    return LineOut(**shapes.same(one, LineOut) | given)


@router.patch(REPORT, response=written(ReportOut))
def fill_in(request, programme: str, number: int, given: ReportIn):
    """填写若干项；别人已改过的回答 409。 Fill in some lines; 409 where someone else changed one meanwhile."""
    report = _report(request, programme, number)
    stand = {one.pk: one for one in lines_of(report)}
    changes = {one.id: Change(one.expected, _answer(one, stand[one.id])) for one in given.lines if one.id in stand}
    actions.save_lines(by=request.user, report=report, changes=changes, on=today(report.round.programme))
    return _whole(_report(request, programme, number))


def _answer(one: LineIn, stands: Line) -> Answer:
    """The evidence that is named on the pages stays as it is."""
    claim = None if one.claim is None else Decimal(one.claim)
    return Answer(claim, one.progress, one.obstacle, answer_of(stands).entries)


@router.post(REPORT + "/submit", response=written(ReportOut))
def submit_report(request, programme: str, number: int, given: Seen):
    """报送；须写明看过的各项版本。 Hand the report in, as its lines were seen."""
    report = _report(request, programme, number)
    seen = {int(key): value for key, value in given.seen.items() if key.isdecimal() and len(key) < 10}
    actions.submit(by=request.user, report=report, seen=seen, on=today(report.round.programme))
    return _whole(_report(request, programme, number))
