"""What bodies say of their scores, and what the office answers."""

from django.shortcuts import get_object_or_404
from ninja import Schema, Status
from pydantic import Field

from qingshan.evaluation.scores import actions
from qingshan.evaluation.scores.models import Objection
from qingshan.evidence.reports.queries import today
from qingshan.people.actions import require
from qingshan.web.api.answers import written
from qingshan.web.api.scores import SHEET, SheetOut, router, sheet_at, whole


class ObjectionIn(Schema):
    line: str = Field(max_length=200, description="key of one of the body's own lines: criterion and matter")
    reason: str = Field(max_length=4000)
    evidence: str = Field("", max_length=4000)


class AnswerIn(Schema):
    upheld: bool
    reason: str = Field(max_length=4000)


@router.post(SHEET + "/objections", response=written(SheetOut, 201))
def object_to(request, programme: str, number: int, given: ObjectionIn):
    """对本部门的一行提出异议（联络员）。 Object to one of the own body's lines (liaison)."""
    sheet = sheet_at(request, programme, number)
    require(request.user, "object")
    actions.object_to(by=request.user, sheet=sheet, on=today(sheet.programme), **given.model_dump())
    return Status(201, whole(sheet_at(request, programme, number), request.user))


@router.post(SHEET + "/objections/{int:objection}/answer", response=written(SheetOut))
def answer_objection(request, programme: str, number: int, objection: int, given: AnswerIn):
    """答复一条异议；支持的，评分随之改变（计划办）。 Answer an objection; where it is upheld, the scores follow (plan office)."""
    sheet = sheet_at(request, programme, number)
    require(request.user, "score")
    found = get_object_or_404(Objection, sheet=sheet, pk=objection)
    actions.answer(by=request.user, objection=found, upheld=given.upheld, reason=given.reason)
    return whole(sheet_at(request, programme, number), request.user)


@router.post(SHEET + "/consent", response=written(SheetOut))
def consent(request, programme: str, number: int):
    """确认本部门没有异议（联络员）。 Say that the own body has no objection (liaison)."""
    actions.consent(by=request.user, sheet=sheet_at(request, programme, number))
    return whole(sheet_at(request, programme, number), request.user)
