"""The office's side: a report against what is known now, accepted, sent back or opened again."""

from typing import Any

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from qingshan.evaluation.reporting import reviewed
from qingshan.evidence.reports import actions
from qingshan.evidence.reports.queries import today
from qingshan.people.actions import NotAllowed, require
from qingshan.people.models import Role
from qingshan.web.api import schemas
from qingshan.web.api.answers import answers, written
from qingshan.web.api.reports import router
from qingshan.web.api.reports.shapes import REPORT, ReportOut, report_at, whole

Version = Field(ge=1, le=32_000, description="the version that was looked at")
Reason = Field("", max_length=2000)


class ContradictionOut(Schema):
    """What does not agree, with the two numbers."""

    rule: str
    claimed: str
    known: str
    zh: str
    en: str


class ReviewedLine(Schema):
    """A line with what the system knows of it now, and every contradiction, the gravest first."""

    id: int
    key: str
    known: dict[str, Any]
    contradictions: list[ContradictionOut]


class Acceptance(Schema):
    version: int = Version
    lines: list[schemas.Id] | None = Field(
        None, max_length=500, description="ids of the lines to accept; all where none are named"
    )
    why: str = Reason


class Return(Schema):
    version: int = Version
    why: str = Field(max_length=2000)
    remarks: dict[str, str] = Field({}, description="words on lines, by id; a line named so is not accepted any more")


class Reopening(Schema):
    until: schemas.Day
    why: str = Field(max_length=2000)


@router.get(REPORT + "/review", response=answers(list[ReviewedLine]))
def review_report(request, programme: str, number: int):
    """各项与系统现在所知的对照，以及不符之处。 Each line beside what is known now, and what does not agree."""
    report = report_at(request, programme, number)
    if request.user.role == Role.LIAISON:
        raise NotAllowed(
            "与现有数据的对照供审核用，联络员请看填报时的已知值。",
            "What is known now is for the reviewers; a liaison sees what was known when the report was asked for.",
        )
    found = reviewed(report, today(report.round.programme), timezone.now())
    return [_reviewed(one) for one in found]


def _reviewed(one) -> ReviewedLine:
    told = [ContradictionOut(**each._asdict()) for each in one.contradictions]
    return ReviewedLine(id=one.line.pk, key=one.line.key, known=dict(one.known), contradictions=told)


@router.post(REPORT + "/accept", response=written(ReportOut))
def accept_report(request, programme: str, number: int, given: Acceptance):
    """接受全部或若干项，数值从今天起计入指标（计划办）。 Accept all or some lines; their values count from today (plan office)."""
    report = _reviewable(request, programme, number)
    actions.accept(
        by=request.user, report=report, version=given.version, lines=given.lines, why=given.why,
        on=today(report.round.programme),
    )  # fmt: skip
    return whole(report_at(request, programme, number))


@router.post(REPORT + "/return", response=written(ReportOut))
def return_report(request, programme: str, number: int, given: Return):
    """退回，须写明理由（计划办）。 Send back, with the reason (plan office)."""
    report = _reviewable(request, programme, number)
    remarks = {int(key): words for key, words in given.remarks.items() if key.isdecimal() and len(key) < 10}
    actions.send_back(
        by=request.user, report=report, version=given.version, why=given.why, remarks=remarks,
        on=today(report.round.programme),
    )  # fmt: skip
    return whole(report_at(request, programme, number))


@router.post(REPORT + "/reopen", response=written(ReportOut))
def reopen_report(request, programme: str, number: int, given: Reopening):
    """锁定后重新开放到某日（计划办）。 Open again after the lock day, until a day (plan office)."""
    report = _reviewable(request, programme, number)
    actions.reopen(by=request.user, report=report, until=given.until, why=given.why, on=today(report.round.programme))
    return whole(report_at(request, programme, number))


def _reviewable(request, programme: str, number: int):
    report = report_at(request, programme, number)
    require(request.user, "review_reports")
    return report
