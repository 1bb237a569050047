"""分区管控: what may be done at a point or in an area, unit by unit, with the clause; where vehicles and machines may not be used."""

import json
from typing import Any, Literal

from django.http import Http404
from django.utils import timezone, translation
from ninja import Query, Schema
from pydantic import Field

from qingshan.web import zoning
from qingshan.web.api import schemas
from qingshan.web.api.answers import answers
from qingshan.web.api.problems import Fault, Misasked
from qingshan.web.api.sheets import router
from qingshan.web.pages import programme_for

ZONING = "/programmes/{slug:programme}/zoning"
Datum = Literal["wgs84", "gcj02"]


class Project(Schema):
    """`datum`: of the coordinates, since the same numbers lie some 500 m apart; `industry`: a code of GB/T 4754 or its beginning."""

    datum: Datum = "wgs84"
    industry: str = Field("", max_length=20)
    activity: str = Field("", max_length=40, description="a code of the register of access lists")
    kind: str = Field("", max_length=40, description="of vehicle or machine, a code of the register of closed zones")
    stage: int | None = Field(None, ge=0, le=9, description="emission stage of the vehicle or machine")
    day: schemas.Day | None = None


class PointQuestion(Project):
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-85, le=85)


class AreaQuestion(Project):
    shape: schemas.Geometry


class ClauseOut(Schema):
    key: str
    effect: Literal["forbid", "demand", "allow"]
    rule: str
    clause: str
    industries: list[str]
    activity: str


class UnitOut(Schema):
    """A control unit that the site touches; share: how much of the site lies in it, 1 for a point."""

    key: str
    title: str
    kind: str
    share: float
    verdict: Literal["forbid", "demand", "allow", "silent"]
    clauses: list[ClauseOut]
    geometry: dict[str, Any]


class DriveOut(Schema):
    """Whether the vehicle or machine may be used in a zone that the site touches; `active`: the zone is in force on the day."""

    key: str
    title: str
    basis: str
    stage: int | None
    active: bool
    allowed: bool


class ZoningOut(Schema):
    """A first judgement by the registers; it takes the place of no permit."""

    verdict: Literal["forbid", "demand", "silent", "allow", "outside"]
    simulated: bool
    units: list[UnitOut]
    drives: list[DriveOut]


@router.get(ZONING, response=answers(ZoningOut))
def check_point(request, programme: str, asked: Query[PointQuestion]):
    """一个点位能办什么：管控单元、准入条款、禁用区。 What may be done at a point, with the clauses."""
    return _answered(request, programme, _told(asked))


@router.post(ZONING, response=answers(ZoningOut))
def check_area(request, programme: str, asked: AreaQuestion):
    """一个地块能办什么；只读不写。 What may be done in an area; nothing is written."""
    return _answered(request, programme, _told(asked) | {"shape": json.dumps(asked.shape.model_dump())})


def _told(asked: Project) -> dict[str, str]:
    """As the page's form says it."""
    return {name: str(value) for name, value in asked.model_dump().items() if value is not None}


def _answered(request, programme: str, told: dict[str, str]) -> ZoningOut:
    found = zoning.books(programme_for(request, programme))
    if not found.there:
        raise Http404
    answer = zoning.answer(found, asked_in_both(told), request.user)
    return ZoningOut(
        verdict=answer.verdict, simulated=answer.simulated, units=[_unit(one) for one in answer.touched],
        drives=[_drive(one) for one in answer.drives],
    )  # fmt: skip


def _drive(one) -> DriveOut:
    zone = one.zone
    told = {"key": zone.key, "title": zone.title, "basis": zone.basis, "stage": zone.stage}
    return DriveOut(**told, active=one.active, allowed=one.allowed)


def _unit(one) -> UnitOut:
    clauses = [
        ClauseOut(key=it.key, effect=it.effect, rule=it.rule, clause=it.clause, industries=list(it.industries), activity=it.activity)
        for it in one.clauses
    ]  # fmt: skip
    return UnitOut(
        key=one.unit.key, title=one.unit.title, kind=one.unit.kind, share=one.share, verdict=one.verdict, clauses=clauses,
        geometry=dict(one.unit.geometry),
    )  # fmt: skip


def asked_in_both(told: dict[str, str]) -> zoning.Asked:
    """The question of a page's form. Raises Misasked, in both languages."""
    errors = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            question = zoning.asked(told, timezone.localdate())
            errors[language] = {name: str(words) for name, words in question.errors.items()}
    if wrong := errors["zh-hans"]:
        raise Misasked([Fault(field=name, zh=words, en=errors["en"][name]) for name, words in wrong.items()])
    return question
