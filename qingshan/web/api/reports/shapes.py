"""The shapes of rounds and reports, and the report that an address names."""

from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from ninja import Schema
from pydantic import Field

from qingshan.evidence.reports.answers import plain
from qingshan.evidence.reports.models import File, Line, Report, Step
from qingshan.evidence.reports.queries import entered_of, last_day, lines_of, reports_of, today, writable
from qingshan.people.models import Role
from qingshan.web.api import schemas, shapes
from qingshan.web.pages import programme_for
from qingshan.web.reporting import state_on

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


class StepOut(Schema):
    verb: str
    day: date
    why: str
    version: int | None
    by: schemas.Person | None


class ReportLine(Schema):
    """`standing`: as the board shows it; late, returned, draft, submitted, accepted or missing."""

    number: int
    round: RoundOut
    body: str
    state: str
    standing: str
    last_day: date = Field(description="the last day on which it can be handed in")
    writable: bool
    version: int | None = Field(description="of what was handed in last; a decision must name it")
    steps: list[StepOut]


class FileOut(Schema):
    """An evidence file, known by the SHA-256 of its bytes [hex]."""

    id: int
    name: str
    size: int
    sha256: str
    recorded_at: datetime


class EnteredOut(Schema):
    """A figure or an item that an accepted line became: the way back from the number to the report."""

    series: str
    period: str | None
    item: str | None
    value: schemas.Number
    version: int


class LineOut(Schema):
    """One thing asked; `claim` is a number as text, 1 and 0 for yes and no. `known`: what the system knew when it asked."""

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
    files: list[FileOut]
    entered: EnteredOut | None


class ReportOut(ReportLine):
    lines: list[LineOut]


def visible(request, programme: str):
    """A liaison finds only their own body's reports, as on the pages."""
    steps = Prefetch("steps", Step.objects.select_related("recorded_by__body").order_by("id"))
    found = reports_of(programme_for(request, programme)).prefetch_related(None).prefetch_related(steps)
    return found.filter(body=request.user.body) if request.user.role == Role.LIAISON else found


def report_at(request, programme: str, number: int) -> Report:
    return get_object_or_404(visible(request, programme), pk=number)


def round_out(one) -> RoundOut:
    return RoundOut(**shapes.same(one, RoundOut) | {"name": shapes.words(one)})


def head(report: Report) -> dict:
    on = today(report.round.programme)
    steps = list(report.steps.all())
    handed_in = [one for one in steps if one.verb == "submit"]
    return {
        "number": report.pk, "round": round_out(report.round), "body": report.body.code, "state": report.state,
        "standing": state_on(report, on), "last_day": last_day(report), "writable": writable(report, on),
        "version": len(handed_in) or None, "steps": [_step(one, handed_in) for one in steps],
    }  # fmt: skip


def _step(one, handed_in: list) -> StepOut:
    versions = {each.version_id: number for number, each in enumerate(handed_in, 1)}
    told = {"version": versions.get(one.version_id), "by": shapes.person(one.recorded_by)}
    return StepOut(**shapes.same(one, StepOut) | told)


def whole(report: Report) -> ReportOut:
    entered, versions = entered_of(report), dict(report.versions.values_list("pk", "number"))
    became = {pk: _entered(one, versions[one.version_id]) for pk, one in entered.items()}
    return ReportOut(**head(report), lines=[line_out(one, became.get(one.pk)) for one in lines_of(report)])


def _entered(one, version: int) -> EnteredOut:
    row = one.figure or one.item
    return EnteredOut(
        series=row.series, period=one.figure and one.figure.period, item=one.item and one.item.key,
        value=shapes.number(row.value), version=version,
    )  # fmt: skip


def line_out(one: Line, entered: EnteredOut | None) -> LineOut:
    given = {"claim": plain(one.claim), "files": [file_out(file) for file in one.files.all()], "entered": entered}
    return LineOut(**shapes.same(one, LineOut) | given)


def file_out(one: File) -> FileOut:
    return FileOut(**shapes.same(one, FileOut))
