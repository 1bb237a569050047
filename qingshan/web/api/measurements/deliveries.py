"""Files of measurements coming in: tried first, every fault at its cell, and taken in by their sender."""

from datetime import date, datetime
from typing import Literal

from django.shortcuts import get_object_or_404
from ninja import File, Form, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from qingshan.evidence.measurements import actions
from qingshan.evidence.measurements.models import Delivery
from qingshan.evidence.measurements.queries import deliveries_of, mappings_of, progress_of
from qingshan.evidence.registers.importing import MOST_BYTES
from qingshan.plan.models import Programme
from qingshan.web import delivering, register_jobs
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import XLSX, answers, filed, written
from qingshan.web.api.measurements import router
from qingshan.web.api.measurements.sites import Medium
from qingshan.web.api.uploads import content_of
from qingshan.web.pages import programme_for
from qingshan.web.views.deliveries import template

PLACE = "/programmes/{slug:programme}/measurements"
DELIVERIES = PLACE + "/deliveries"
DELIVERY = DELIVERIES + "/{int:number}"


class FileSource(Schema):
    """A kind of file that is read; `kept`: its columns were mapped by people of the programme."""

    code: str
    name: schemas.Words
    medium: Medium
    kept: bool


class Outcome(Schema):
    """What stands in a file, and what the store makes of it: values that are new, correct an earlier one, are there already.

    bad: lines with a fault; skippable: whether the others can be taken in without them.
    """

    source: str
    medium: Medium
    lines: int
    bad: int
    skippable: bool
    values: int
    new: int
    corrected: int
    unchanged: int
    sites: int
    since: date | None
    until: date | None
    faults: int = Field(description="how many there are; the first 500 are listed")


class LineFault(Schema):
    """What is wrong at a line and column of a file, what stands there, what was expected; line 0: the whole file."""

    line: int
    column: str
    cell: str
    zh: str
    en: str


class DeliveryLine(Schema):
    """A file of measurements: tried (checking → ready, faulty or unknown), then taken in (keeping → kept)."""

    number: int
    name: str
    size: int
    sha256: str
    source: str = Field(description="code of the source it is read by; empty: recognised by its columns")
    partly: bool = Field(description="taken in without the lines that have a fault")
    state: Literal["checking", "unknown", "faulty", "ready", "keeping", "kept", "failed"]
    cells_done: int | None = Field(description="how far it is while something is done with it")
    cells: int | None
    outcome: Outcome | None
    recorded_at: datetime
    recorded_by: schemas.Person | None


class DeliveryOut(DeliveryLine):
    faults: list[LineFault]
    notices: list[schemas.Words] = Field(description="what the file betrays, such as two columns that change places")


class Taking(Schema):
    partly: bool = Field(
        False, description="of a file with faults: leave out the lines that have one, take in the others"
    )


def measured_by(request, programme: str) -> Programme:
    """The programme, for those who take its measurements in."""
    found = programme_for(request, programme)
    actions.require_measuring(request.user, found)
    return found


def delivery_at(request, programme: str, number: int) -> Delivery:
    return get_object_or_404(deliveries_of(measured_by(request, programme)), pk=number)


@router.get(PLACE + "/sources", response=answers(list[FileSource]))
def list_sources(request, programme: str):
    """能读的监测文件：本规划保存的对照，和自带的来源。 Files that can be read: mappings the programme keeps, and sources that come with Qingshan."""
    programme = measured_by(request, programme)
    kept, own = mappings_of(programme), delivering.sources_of(programme)
    return [_source(one, True) for one in kept] + [_source(one, False) for one in own]


def _source(one, kept: bool) -> FileSource:
    name = schemas.Words(zh=one.name, en=one.name_en or one.name)
    return FileSource(code=one.code, name=name, medium=one.medium, kept=kept)


@router.get(PLACE + "/templates/{str:medium}.xlsx", **filed(XLSX))
def download_form(request, programme: str, medium: Medium):
    """监测填报表：列名带单位，点位可下拉选择。 The workbook to fill in for a medium, with units and the programme's sites to choose from."""
    return template(request, programme, medium)


@router.get(DELIVERIES, response=answers(list[DeliveryLine]))
def list_deliveries(request, programme: str):
    """上传的监测文件，新的在前，最多 100 个。 Files of measurements that were sent, the newest first, at most 100."""
    return [DeliveryLine(**_told(one)) for one in deliveries_of(measured_by(request, programme)).defer("faults")[:100]]


@router.post(DELIVERIES, response=written(DeliveryOut, 202))
def send_delivery(request, programme: str, file: File[UploadedFile], source: Form[str] = ""):
    """上传监测文件（.csv、.csv.gz、.xlsx）并开始试算；试算只读，不入库。 Send a file of measurements; it is tried, and nothing enters the store."""
    programme = measured_by(request, programme)
    content = content_of(file, MOST_BYTES)
    sent = actions.send(by=request.user, programme=programme, source=source, name=file.name, content=content)
    register_jobs.begin_delivery(sent)
    return Status(202, delivery_out(sent))


@router.get(DELIVERY, response=answers(DeliveryOut))
def read_delivery(request, programme: str, number: int):
    """一个文件的进度、试算结果和逐格问题。 How far a file is, what it would do, and every fault at its line and column."""
    return delivery_out(actions.give_up(by=None, delivery=delivery_at(request, programme, number)))


@router.post(DELIVERY + "/take", response=written(DeliveryOut, 202))
def take_delivery(request, programme: str, number: int, given: Taking):
    """由上传人导入试算过的文件：全部入库，或跳过有问题的行。 Its sender takes a tried file in: whole, or without the lines that have a fault."""
    found = actions.confirm(by=request.user, delivery=delivery_at(request, programme, number), partly=given.partly)
    register_jobs.begin_delivery(found)
    return Status(202, delivery_out(found))


def delivery_out(one: Delivery) -> DeliveryOut:
    faults = [LineFault(**dict(zip(LineFault.model_fields, told, strict=True))) for told in one.faults]
    return DeliveryOut(**_told(one), faults=faults, notices=[schemas.Words(zh=zh, en=en) for zh, en in one.notices])


def _told(one: Delivery) -> dict:
    progress = progress_of(one) if one.running else None
    more = {
        "number": one.pk, "recorded_by": shapes.person(one.recorded_by), "outcome": _outcome(one.outcome),
        "source": one.outcome.get("source") or one.source,
        "cells_done": progress and progress.rows, "cells": progress and progress.total,
    }  # fmt: skip
    names = ("name", "size", "sha256", "partly", "state", "recorded_at")
    return shapes.same(one, DeliveryLine, *names) | more


def _outcome(told: dict) -> Outcome | None:
    if "source" not in told:
        return None
    return Outcome(**told | {name: told[name] or None for name in ("since", "until")})
