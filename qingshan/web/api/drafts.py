"""Editions of a plan on their way: read from a document, corrected, adopted or given up."""

from decimal import Decimal
from typing import Literal

from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import File, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from qingshan.people.actions import require
from qingshan.plan import actions
from qingshan.plan.importing import LIMIT
from qingshan.plan.models import Edition, Target
from qingshan.plan.queries import original_of, problems_before_adoption
from qingshan.web.api import schemas
from qingshan.web.api.answers import ANY, answers, filed, written
from qingshan.web.api.plans import EDITION, EDITIONS, edition_at, router, whole
from qingshan.web.api.uploads import content_of
from qingshan.web.pages import programme_for
from qingshan.web.reading import OPS
from qingshan.web.wording import KINDS

Exact = Field(None, pattern=r"^-?[0-9]{1,14}(\.[0-9]{1,6})?$")


Kind, Op = Literal[tuple(KINDS)], Literal[tuple(OPS)]


class Facts(Schema):
    """Only what is named changes."""

    title: str | None = Field(None, min_length=1, max_length=200)
    number: str | None = Field(None, max_length=80)
    issuer: str | None = Field(None, max_length=120)
    issued: schemas.Day | None = None
    starts: schemas.Day | None = None
    ends: schemas.Day | None = None


class TargetChange(Schema):
    """Only what is named changes."""

    name: str | None = Field(None, min_length=1, max_length=200)
    kind: Kind | None = None
    op: Op | None = None
    value: schemas.Number | None = Exact
    unit: str | None = Field(None, max_length=30)
    due: schemas.Day | None = None
    binding: bool | None = None
    metric: str | None = Field(None, max_length=60)
    note: str | None = Field(None, max_length=300)


class TargetIn(Schema):
    """A target that the reader missed; `task` is its number, none for the plan as a whole."""

    name: str = Field(min_length=1, max_length=200)
    kind: Kind
    op: Op
    value: schemas.Number | None = Exact
    unit: str = Field("", max_length=30)
    due: schemas.Day
    binding: bool = True
    metric: str = Field("", max_length=60)
    task: str | None = Field(None, max_length=20)
    start: int | None = Field(
        None, ge=0, le=10_000_000, description="where it stands in the edition's text [characters]"
    )
    end: int | None = Field(None, ge=0, le=10_000_000)


class TaskChange(Schema):
    """`bodies`: printed name → lead, cooperate or responsible, in this order; left as they are where none are given."""

    title: str = Field(min_length=1, max_length=300)
    summary: str = Field("", max_length=4000)
    bodies: dict[str, Literal["lead", "cooperate", "responsible"]] | None = None


@router.post(EDITIONS, response=written(schemas.EditionOut, 201))
def upload_plan(request, programme: str, file: File[UploadedFile]):
    """上传规划文件，读出草稿（计划办）。 Upload a plan document; what is read from it is a draft (plan office)."""
    programme = programme_for(request, programme)
    require(request.user, "import_plan")
    made = actions.draft(by=request.user, programme=programme, name=file.name, data=content_of(file, LIMIT))
    return Status(201, whole(made))


@router.get(EDITION + "/problems", response=answers(list[schemas.Words]))
def list_problems(request, programme: str, ordinal: int):
    """草稿采用之前须先解决的问题。 What stands in the way of adopting a draft."""
    edition = edition_at(request, programme, ordinal)
    return [schemas.Words(zh=zh, en=en) for zh, en in problems_before_adoption(edition)]


@router.get(EDITION + "/original", **filed(ANY))
def download_original(request, programme: str, ordinal: int):
    """下载上传的规划文件。 The document as it was uploaded."""
    edition = edition_at(request, programme, ordinal)
    place = original_of(edition)
    if place is None:
        raise Http404
    return FileResponse(place.open("rb"), as_attachment=True, filename=edition.origin, content_type=ANY)


def _draft(request, programme: str, ordinal: int) -> Edition:
    edition = edition_at(request, programme, ordinal)
    require(request.user, "edit_plan")
    return edition


def _again(request, programme: str, ordinal: int) -> schemas.EditionOut:
    return whole(edition_at(request, programme, ordinal))


@router.patch(EDITION, response=written(schemas.EditionOut))
def edit_edition(request, programme: str, ordinal: int, given: Facts):
    """更正草稿的名称、文号、规划期（计划办）。 Correct what a draft says of itself (plan office)."""
    edition = _draft(request, programme, ordinal)
    stand = {name: getattr(edition, name) for name in Facts.model_fields}
    named = {name: value for name, value in given.model_dump().items() if value is not None}
    actions.edit_edition(by=request.user, edition=edition, **stand | named)
    return _again(request, programme, ordinal)


@router.post(EDITION + "/targets", response=written(schemas.EditionOut, 201))
def add_target(request, programme: str, ordinal: int, given: TargetIn):
    """补一条没有读出的目标（计划办）。 Add a target that the reader missed (plan office)."""
    edition = _draft(request, programme, ordinal)
    told = given.model_dump() | {"value": None if given.value is None else Decimal(given.value)}
    task = get_object_or_404(edition.tasks, no=told.pop("task")) if given.task else told.pop("task")
    actions.add_target(by=request.user, edition=edition, task=task, **told)
    return Status(201, _again(request, programme, ordinal))


def _target(edition: Edition, code: str) -> Target:
    return get_object_or_404(edition.targets.select_related("edition__programme", "task"), code=code)


@router.patch(EDITION + "/targets/{slug:code}", response=written(schemas.EditionOut))
def edit_target(request, programme: str, ordinal: int, code: str, given: TargetChange):
    """更正草稿的一条目标（计划办）。 Correct a draft's target (plan office)."""
    target = _target(_draft(request, programme, ordinal), code)
    named = {name: value for name, value in given.model_dump().items() if value is not None}
    if "value" in named:
        named["value"] = Decimal(named["value"])
    actions.edit_target(by=request.user, target=target, **named)
    return _again(request, programme, ordinal)


@router.post(EDITION + "/targets/{slug:code}/remove", response=written(schemas.EditionOut))
def remove_target(request, programme: str, ordinal: int, code: str, given: schemas.Reason):
    """删去草稿的一条目标，须写明理由（计划办）。 Take a target out of a draft, with the reason (plan office)."""
    target = _target(_draft(request, programme, ordinal), code)
    actions.remove_target(by=request.user, target=target, why=given.why)
    return _again(request, programme, ordinal)


def _task(edition: Edition, no: str):
    return get_object_or_404(edition.tasks.select_related("edition__programme__jurisdiction"), no=no)


@router.patch(EDITION + "/tasks/{str:no}", response=written(schemas.EditionOut))
def edit_task(request, programme: str, ordinal: int, no: str, given: TaskChange):
    """更正草稿的一项任务及其部门（计划办）。 Correct a draft's task and its bodies (plan office)."""
    task = _task(_draft(request, programme, ordinal), no)
    with transaction.atomic():
        actions.edit_task(by=request.user, task=task, title=given.title, summary=given.summary)
        if given.bodies is not None:
            actions.set_involvements(by=request.user, task=task, parts=given.bodies)
    return _again(request, programme, ordinal)


@router.post(EDITION + "/tasks/{str:no}/remove", response=written(schemas.EditionOut))
def remove_task(request, programme: str, ordinal: int, no: str, given: schemas.Reason):
    """删去误读的任务，须写明理由（计划办）。 Take a task that is none out of a draft, with the reason (plan office)."""
    actions.remove_task(by=request.user, task=_task(_draft(request, programme, ordinal), no), why=given.why)
    return _again(request, programme, ordinal)


@router.post(EDITION + "/adopt", response=written(schemas.EditionOut))
def adopt(request, programme: str, ordinal: int):
    """采用草稿，此后不能更改（计划办）。 Put a draft in force; it does not change any more (plan office)."""
    edition = edition_at(request, programme, ordinal)
    require(request.user, "adopt_plan")
    actions.adopt(by=request.user, edition=edition)
    return _again(request, programme, ordinal)


@router.post(EDITION + "/discard", response=written(schemas.EditionOut))
def discard(request, programme: str, ordinal: int):
    """作废草稿，留作记录（计划办）。 Give up a draft; it stays on record (plan office)."""
    actions.discard(by=request.user, edition=_draft(request, programme, ordinal))
    return _again(request, programme, ordinal)
