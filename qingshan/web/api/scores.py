"""Scores of bodies: published sheets, the lines they rest on, objections."""

import json
from datetime import date, datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from qingshan.evaluation.scores import queries
from qingshan.web.api import shapes
from qingshan.web.api.answers import answers
from qingshan.web.pages import programme_for

router = Router(tags=["评分 scores"])


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
    body: str
    line: str
    reason: str
    evidence: str
    made_on: date
    upheld: bool | None
    answer: str


class SheetOut(SheetLine):
    """`record`: header, rules, every line, and each body's parts, deductions and total."""

    record: dict[str, Any]
    objections: list[ObjectionOut]


@router.get("/programmes/{slug:programme}/scores", response=answers(list[SheetLine]))
def list_sheets(request, programme: str):
    """各期评分，新的在前；草稿不对联络员开放。 Score sheets, the newest period first; drafts are not shown to liaisons."""
    found = queries.sheets_of(programme_for(request, programme), request.user)
    return [SheetLine(**_line(one)) for one in found]


@router.get("/programmes/{slug:programme}/scores/{int:number}", response=answers(SheetOut))
def read_sheet(request, programme: str, number: int):
    """一期评分的全部依据。 One sheet with everything it rests on."""
    sheet = get_object_or_404(queries.sheets_of(programme_for(request, programme), request.user), pk=number)
    objections = [_objection(one) for one in queries.objections_of(sheet)]
    return SheetOut(**_line(sheet), record=json.loads(sheet.record), objections=objections)


def _line(one) -> dict:
    return shapes.same(one, SheetLine) | {"number": one.pk, "run": one.run_id, "rules": one.rules.version}


def _objection(one) -> ObjectionOut:
    answer = getattr(one, "answer", None)
    given = {"body": one.body.code, "upheld": answer and answer.upheld, "answer": answer.reason if answer else ""}
    return ObjectionOut(**shapes.same(one, ObjectionOut) | given)
