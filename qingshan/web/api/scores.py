"""Scores of bodies: sheets with the lines they rest on; computed, published, withdrawn, signed."""

import json
from datetime import date, datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from qingshan.evaluation.scores import actions, queries
from qingshan.evaluation.scores.models import Sheet
from qingshan.evidence.reports.queries import today
from qingshan.people.actions import require
from qingshan.people.models import User
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import DOCX, XLSX, answers, filed, written
from qingshan.web.pages import programme_for
from qingshan.web.scores import seen_objections
from qingshan.web.views.scores import paper, workbook

router = Router(tags=["评分 scores"])
SHEET = "/programmes/{slug:programme}/scores/{int:number}"


class SheetLine(Schema):
    number: int
    period: str
    since: date
    until: date
    as_of: date
    run: int
    rules: str
    state: str
    demonstration: bool
    published_on: date | None
    open_until: date | None
    signed_at: datetime | None
    digest: str


class ObjectionOut(Schema):
    """Of another body's objection a liaison is told the line and the answer; its grounds (`open` is false) are not theirs."""

    number: int
    body: str
    line: str
    open: bool
    reason: str
    evidence: str
    made_on: date
    upheld: bool | None
    answer: str


class SheetOut(SheetLine):
    """`record`: header, rules, every line, and each body's parts, deductions and total. `silent`: bodies not heard yet."""

    record: dict[str, Any]
    objections: list[ObjectionOut]
    silent: list[str]


class PeriodIn(Schema):
    period: str = Field(max_length=10, description="2025-H1, 2025")


@router.get("/programmes/{slug:programme}/scores", response=answers(list[SheetLine]))
def list_sheets(request, programme: str):
    """各期评分，新的在前；草稿不对联络员开放。 Score sheets, the newest period first; drafts are not shown to liaisons."""
    found = queries.sheets_of(programme_for(request, programme), request.user)
    return [SheetLine(**_line(one)) for one in found]


@router.post("/programmes/{slug:programme}/scores", response=written(SheetOut, 201))
def compute_sheet(request, programme: str, given: PeriodIn):
    """计算一期评分，存为草稿（计划办）。 Compute a period's scores as a draft (plan office)."""
    programme = programme_for(request, programme)
    require(request.user, "score")
    made = actions.compute_sheet(by=request.user, programme=programme, period=given.period)
    return Status(201, whole(made, request.user))


def sheet_at(request, programme: str, number: int) -> Sheet:
    return get_object_or_404(queries.sheets_of(programme_for(request, programme), request.user), pk=number)


@router.get(SHEET, response=answers(SheetOut))
def read_sheet(request, programme: str, number: int):
    """一期评分的全部依据。 One sheet with everything it rests on."""
    return whole(sheet_at(request, programme, number), request.user)


def whole(sheet: Sheet, reader: User) -> SheetOut:
    objections = [_objection(*one) for one in seen_objections(queries.objections_of(sheet), reader)]
    silent = queries.silent_bodies(sheet) if sheet.state == Sheet.State.PUBLISHED else []
    return SheetOut(**_line(sheet), record=json.loads(sheet.record), objections=objections, silent=silent)


def _line(one: Sheet) -> dict:
    return shapes.same(one, SheetLine) | {"number": one.pk, "run": one.run_id, "rules": one.rules.version}


def _objection(one, shown: bool) -> ObjectionOut:
    answer = getattr(one, "answer", None)
    words = {"reason": one.reason, "evidence": one.evidence} if shown else {"reason": "", "evidence": ""}
    given = {"upheld": answer and answer.upheld, "answer": answer.reason if answer else "", "open": shown}
    return ObjectionOut(number=one.pk, body=one.body.code, line=one.line, made_on=one.made_on, **words, **given)


@router.get(SHEET + "/sheet.xlsx", **filed(XLSX))
def download_workbook(request, programme: str, number: int):
    """评分表，Excel。 The sheet as a workbook."""
    return workbook(request, programme, number)


@router.get(SHEET + "/sheet.docx", **filed(DOCX))
def download_paper(request, programme: str, number: int):
    """评分结果，Word 文件。 The sheet as a Word file."""
    return paper(request, programme, number)


@router.post(SHEET + "/publish", response=written(SheetOut))
def publish_sheet(request, programme: str, number: int):
    """公布，征求异议（计划办）。 Publish a draft: the bodies may object (plan office)."""
    sheet = sheet_at(request, programme, number)
    made = actions.publish(by=request.user, sheet=sheet, on=today(sheet.programme))
    return whole(made, request.user)


@router.post(SHEET + "/withdraw", response=written(SheetOut))
def withdraw_sheet(request, programme: str, number: int, given: schemas.Reason):
    """撤回已公布的评分，须写明理由（计划办）。 Take a published sheet back, with the reason (plan office)."""
    made = actions.withdraw(by=request.user, sheet=sheet_at(request, programme, number), why=given.why)
    return whole(made, request.user)


@router.post(SHEET + "/sign", response=written(SheetOut))
def sign_sheet(request, programme: str, number: int):
    """签署定稿，此后不能更改（计划办、分管领导）。 Sign the sheet; it does not change any more (plan office, leader)."""
    sheet = sheet_at(request, programme, number)
    made = actions.sign(by=request.user, sheet=sheet, on=today(sheet.programme))
    return whole(made, request.user)
