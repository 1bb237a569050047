"""Rows as files: a template to fill in, rows taken away, and files of rows examined and taken in."""

from datetime import date, datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from qingshan.evidence.registers.desk import actions as desk
from qingshan.evidence.registers.desk.models import Upload
from qingshan.evidence.registers.desk.queries import progress_of, uploads_of
from qingshan.evidence.registers.importing import MOST_BYTES
from qingshan.people.actions import require
from qingshan.web import register_jobs
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import CSV, XLSX, ZIP, answers, filed, written
from qingshan.web.api.registers import router
from qingshan.web.api.registers.rows import ROWS, Chosen, chosen
from qingshan.web.api.registers.writing import not_ahead
from qingshan.web.api.uploads import content_of
from qingshan.web.register_rows import open_register
from qingshan.web.views.registers import FORMS, template

REGISTER = "/programmes/{slug:programme}/registers/{slug:code}"
UPLOAD = REGISTER + "/uploads/{int:number}"


class CellFault(Schema):
    """What is wrong with one cell; `sheet` and `cell` are empty where the whole file is meant."""

    sheet: str
    cell: str
    value: str
    zh: str
    en: str


class UploadOut(Schema):
    """A file of rows: checked first (checking → ready or faulty), then taken in whole (keeping → kept)."""

    number: int
    name: str
    size: int
    sha256: str
    known_on: date
    why: str
    state: Literal["checking", "faulty", "ready", "keeping", "kept", "failed"]
    rows_done: int | None = Field(description="how far it is while something is done with it")
    rows: int | None
    outcome: dict[str, Any] = Field(description="how many rows are added, changed, and say nothing new")
    faults: list[CellFault]
    recorded_at: datetime
    recorded_by: schemas.Person | None


@router.get(REGISTER + "/template.xlsx", **filed(XLSX))
def download_template(request, programme: str, code: str):
    """空白模板，带下拉项和单位。 The empty workbook to fill in, with drop-downs and units."""
    return template(request, programme, code)


@router.get(ROWS + ".xlsx", **filed(XLSX))
def export_workbook(request, programme: str, code: str, wanted: Query[Chosen]):
    """条目导出为 Excel，改后可再导入。 Rows as a workbook that can be read in again."""
    return _exported(request, programme, code, wanted, "xlsx")


@router.get(ROWS + ".csv", **filed(CSV))
def export_csv(request, programme: str, code: str, wanted: Query[Chosen]):
    """条目导出为 CSV，条数不限。 Rows as CSV, however many."""
    return _exported(request, programme, code, wanted, "csv")


@router.get(ROWS + ".zip", **filed(ZIP))
def export_archive(request, programme: str, code: str, wanted: Query[Chosen]):
    """物种记录导出为达尔文核心存档。 Occurrences as a Darwin Core archive."""
    return _exported(request, programme, code, wanted, "zip")


def _exported(request, programme: str, code: str, wanted: Chosen, form: str):
    opened = open_register(request, programme, code)
    return FORMS[form](opened, chosen(opened, wanted))


@router.get(REGISTER + "/uploads", response=answers(list[UploadOut]))
def list_uploads(request, programme: str, code: str):
    """本人上传的文件，计划办可看全部，新的在前。 Files one has sent, the newest first; the plan office sees all."""
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    found = uploads_of(opened.programme, code)[:100]
    return [_upload(one) for one in found if register_jobs.readable_by(request.user, one)]


@router.post(REGISTER + "/uploads", response=written(UploadOut, 202))
def send_upload(
    request, programme: str, code: str, file: File[UploadedFile], known_on: Form[schemas.Day | None] = None, why: Form[str] = ""
):  # fmt: skip
    """上传一张表并开始核对；核对只读，不写入。 Send a workbook or CSV; it is examined, and nothing is written."""
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    not_ahead(known_on)
    content = content_of(file, MOST_BYTES)
    sent = desk.send(
        by=request.user, programme=opened.programme, register=code, name=file.name, content=content, why=why[:400],
        known_on=known_on or timezone.localdate(),
    )  # fmt: skip
    register_jobs.begin(sent)
    return Status(202, _upload(sent))


def _sent(request, programme: str, code: str, number: int) -> Upload:
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    found = get_object_or_404(uploads_of(opened.programme, code), pk=number)
    register_jobs.require_reader(request.user, found)
    return found


@router.get(UPLOAD, response=answers(UploadOut))
def read_upload(request, programme: str, code: str, number: int):
    """一份上传的进度、结果和逐格问题。 How far a file is, what it would do, and every fault at its cell."""
    return _upload(desk.give_up(by=None, upload=_sent(request, programme, code, number)))


@router.post(UPLOAD + "/take", response=written(UploadOut, 202))
def take_upload(request, programme: str, code: str, number: int):
    """导入核对无误的文件：全部写入，或一行也不写入。 Take a checked file in: all of its rows, or none."""
    found = desk.confirm(by=request.user, upload=_sent(request, programme, code, number))
    register_jobs.begin(found)
    return Status(202, _upload(found))


def _upload(one: Upload) -> UploadOut:
    progress = progress_of(one) if one.running else None
    faults = [CellFault(**dict(zip(CellFault.model_fields, told, strict=True))) for told in one.faults]
    more = {"number": one.pk, "recorded_by": shapes.person(one.recorded_by), "faults": faults}
    told = {"rows_done": progress and progress.rows, "rows": progress and progress.total}
    return UploadOut(**shapes.same(one, UploadOut) | more | told)
