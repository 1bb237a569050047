"""A report filled in by its body, line by line or by workbook, and handed in."""

from decimal import Decimal
from typing import Literal

from ninja import File, Form, Schema
from ninja.files import UploadedFile
from pydantic import Field

from qingshan.evidence.reports import actions
from qingshan.evidence.reports.actions import Change
from qingshan.evidence.reports.answers import Answer, plain
from qingshan.evidence.reports.importing import MOST_BYTES, read_workbook
from qingshan.evidence.reports.models import Line
from qingshan.evidence.reports.queries import answer_of, lines_of, today
from qingshan.people.actions import require
from qingshan.web.api import schemas
from qingshan.web.api.answers import XLSX, answers, filed, written
from qingshan.web.api.registers.workbooks import CellFault
from qingshan.web.api.reports import router
from qingshan.web.api.reports.shapes import REPORT, ReportOut, report_at, whole
from qingshan.web.api.uploads import content_of
from qingshan.web.files import saved
from qingshan.web.report_papers import to_fill_in

Claim = Field(None, pattern=r"^-?[0-9]{1,14}(\.[0-9]{1,6})?$")


class LineIn(Schema):
    id: int = Field(ge=1, le=2**31 - 1)
    expected: int = schemas.Revision
    claim: schemas.Number | None = Claim
    progress: str = Field("", max_length=2000)
    obstacle: str = Field("", max_length=2000)
    entries: list[tuple[str, str]] | None = Field(
        None,
        max_length=200,
        description="[register, key] of each row named as evidence; left as it is where none is given",
    )


class ReportIn(Schema):
    lines: list[LineIn] = Field(max_length=500)


class Seen(Schema):
    """What is handed in: the number of each line, by its id, as it was seen."""

    seen: dict[str, int] = {}


class SheetChange(Schema):
    id: int
    expected: int
    claim: schemas.Number | None
    progress: str
    obstacle: str


class WorkbookOut(Schema):
    """What a workbook would change in the draft, or did; with a fault nothing is kept."""

    taken: bool
    changes: list[SheetChange]
    faults: list[CellFault]


@router.get(REPORT, response=answers(ReportOut))
def read_report(request, programme: str, number: int):
    """一份填报的各项、证明材料、经过和所入的数值。 One report: what is asked and answered, its files, its course, the figures it became."""
    return whole(report_at(request, programme, number))


@router.patch(REPORT, response=written(ReportOut))
def fill_in(request, programme: str, number: int, given: ReportIn):
    """填写若干项；别人已改过的回答 409。 Fill in some lines; 409 where someone else changed one meanwhile."""
    report = report_at(request, programme, number)
    stand = {one.pk: one for one in lines_of(report)}
    changes = {one.id: Change(one.expected, _answer(one, stand[one.id])) for one in given.lines if one.id in stand}
    actions.save_lines(by=request.user, report=report, changes=changes, on=today(report.round.programme))
    return whole(report_at(request, programme, number))


def _answer(one: LineIn, stands: Line) -> Answer:
    claim = None if one.claim is None else Decimal(one.claim)
    entries = answer_of(stands).entries if one.entries is None else tuple(one.entries)
    return Answer(claim, one.progress, one.obstacle, entries)


@router.post(REPORT + "/submit", response=written(ReportOut))
def submit_report(request, programme: str, number: int, given: Seen):
    """报送；须写明看过的各项版本。 Hand the report in, as its lines were seen."""
    report = report_at(request, programme, number)
    seen = {int(key): value for key, value in given.seen.items() if key.isdecimal() and len(key) < 10}
    actions.submit(by=request.user, report=report, seen=seen, on=today(report.round.programme))
    return whole(report_at(request, programme, number))


# --- by workbook


@router.get(REPORT + "/report.xlsx", **filed(XLSX))
def download_report(request, programme: str, number: int):
    """填报表，填好后再上传。 The report as a workbook to fill in and send back."""
    report = report_at(request, programme, number)
    return saved(to_fill_in(report), XLSX, f"{report.round} {report.body}.xlsx")


@router.post(REPORT + "/workbook", response=written(WorkbookOut))
def send_workbook(
    request, programme: str, number: int, file: File[UploadedFile], step: Form[Literal["check", "take"]] = "check"
):
    """上传填好的表：check 只核对，take 核对无误后写入草稿。 A filled-in workbook: `check` tells every fault, `take` keeps it in the draft."""
    report = report_at(request, programme, number)
    require(request.user, "report")
    sheet = read_workbook(report, content_of(file, MOST_BYTES), file.name)
    taken = step == "take" and not sheet.faults
    if taken:
        actions.save_lines(by=request.user, report=report, changes=sheet.changes, on=today(report.round.programme))
    return WorkbookOut(
        taken=taken, changes=[_change(pk, one) for pk, one in sheet.changes.items()],
        faults=[CellFault(sheet="", cell=one.cell, value=one.value, zh=one.zh, en=one.en) for one in sheet.faults],
    )  # fmt: skip


def _change(pk: int, one: Change) -> SheetChange:
    answer = one.answer
    return SheetChange(
        id=pk, expected=one.expected, claim=plain(answer.claim), progress=answer.progress, obstacle=answer.obstacle
    )
