"""Decisions that became assignments: reported done with a proof, checked, closed or given back."""

from datetime import date
from typing import Literal

from django.http import Http404
from ninja import File, Form, Query, Schema
from ninja.files import UploadedFile
from pydantic import Field

from qingshan.coordination import actions, queries
from qingshan.coordination.queries import Assignment
from qingshan.evidence.registers.actions import LARGEST_FILE
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import ANY, answers, filed, written
from qingshan.web.api.coordination import router
from qingshan.web.api.coordination.matters import day_of
from qingshan.web.api.coordination.meetings import DecisionOut, decision_out
from qingshan.web.api.uploads import content_of
from qingshan.web.pages import programme_for
from qingshan.web.views.coordination import HANDLE, proof

ASSIGNMENT = "/programmes/{slug:programme}/assignments/{int:number}"


class HandlingOut(Schema):
    """A word on an assignment: reported done, closed or returned; `file` names its proof."""

    id: int
    kind: str
    on: date
    note: str
    file: str
    by: schemas.Person | None


class AssignmentOut(Schema):
    """An adopted decision as it stands on a day: open, overdue, reported or closed."""

    number: int
    meeting: int
    decision: DecisionOut
    state: str
    working_days_late: int
    handlings: list[HandlingOut]


class Check(Schema):
    kind: Literal["closed", "returned"]
    note: str = Field(max_length=1000)
    on: schemas.Day | None = None


@router.get("/programmes/{slug:programme}/assignments", response=answers(list[AssignmentOut]))
def list_assignments(
    request, programme: str, on: schemas.Day | None = None, body: str = Query("", max_length=60),
    state: str = Query("", max_length=10),
):  # fmt: skip
    """议定事项及其办理情况。 Decisions that became assignments, and how far they are."""
    programme = programme_for(request, programme)
    found = queries.assignments(programme, body or None, day_of(programme, on))
    return [_told(one) for one in found if not state or one.state == state]


def _found(request, programme: str, number: int, on: date | None = None) -> Assignment:
    programme = programme_for(request, programme)
    found = queries.assignment(programme, number, day_of(programme, on))
    if found is None:
        raise Http404
    return found


@router.get(ASSIGNMENT, response=answers(AssignmentOut))
def read_assignment(request, programme: str, number: int, on: schemas.Day | None = None):
    """一件议定事项及其办理经过。 One assignment and what was done."""
    return _told(_found(request, programme, number, on))


def _told(one: Assignment) -> AssignmentOut:
    decision = one.decision
    return AssignmentOut(
        number=decision.pk, meeting=decision.item.meeting.ordinal, decision=decision_out(decision), state=one.state,
        working_days_late=one.late,
        handlings=[_handling(each) for each in decision.handlings.all() if each.on <= one.on],
    )  # fmt: skip


def _handling(one) -> HandlingOut:
    return HandlingOut(**shapes.same(one, HandlingOut) | {"by": shapes.person(one.by)})


@router.post(ASSIGNMENT + "/report", response=written(AssignmentOut))
def report_done(
    request, programme: str, number: int, note: Form[str], file: File[UploadedFile | None] = None,
    on: Form[schemas.Day | None] = None,
):  # fmt: skip
    """报办结，可附证明（牵头部门）。 Report an assignment done, with its proof (leading body)."""
    one = _found(request, programme, number, on)
    sent = {"name": file.name, "content": content_of(file, LARGEST_FILE)} if file else {}
    actions.report_done(by=request.user, decision=one.decision, on=one.on, note=note[:1000], **sent)
    return _told(_found(request, programme, number, one.on))


@router.post(ASSIGNMENT + "/check", response=written(AssignmentOut))
def check_assignment(request, programme: str, number: int, given: Check):
    """核对后销号，或退回并说明理由（计划办、分管领导）。 Close after looking at the proof, or give back with the reason."""
    one = _found(request, programme, number, given.on)
    HANDLE[given.kind](by=request.user, decision=one.decision, on=one.on, note=given.note)
    return _told(_found(request, programme, number, one.on))


@router.get(ASSIGNMENT + "/proof/{int:handling}", **filed(ANY))
def download_proof(request, programme: str, number: int, handling: int):
    """下载办结证明。 The proof of an assignment."""
    return proof(request, programme, number, handling)
