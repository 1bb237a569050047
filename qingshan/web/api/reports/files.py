"""Evidence beside the lines of a report."""

from django.shortcuts import get_object_or_404
from ninja import File, Status
from ninja.files import UploadedFile

from qingshan.evidence.registers.actions import LARGEST_FILE
from qingshan.evidence.reports import actions, models
from qingshan.evidence.reports.queries import today
from qingshan.people.actions import require
from qingshan.web.api.answers import ANY, filed, written
from qingshan.web.api.reports import router
from qingshan.web.api.reports.shapes import REPORT, FileOut, file_out, report_at
from qingshan.web.api.uploads import content_of
from qingshan.web.files import handed_out


@router.post(REPORT + "/lines/{int:line}/files", response=written(FileOut, 201))
def attach_file(request, programme: str, number: int, line: int, file: File[UploadedFile]):
    """给一项附上证明材料：照片或 PDF。 Attach a photograph or PDF to a line."""
    report = report_at(request, programme, number)
    require(request.user, "report")
    found = get_object_or_404(report.lines.select_related("report__round"), pk=line)
    content = content_of(file, LARGEST_FILE)
    made = actions.attach(
        by=request.user, line=found, name=file.name, content=content, on=today(report.round.programme)
    )
    return Status(201, file_out(made))


def _file(report, file: int) -> models.File:
    found = models.File.objects.select_related("line__report__round")
    return get_object_or_404(found, pk=file, line__report=report)


@router.get(REPORT + "/files/{int:file}", **filed(ANY))
def download_file(request, programme: str, number: int, file: int):
    """下载一份证明材料。 An evidence file itself."""
    found = _file(report_at(request, programme, number), file)
    return handed_out(found.sha256, found.name)


@router.delete(REPORT + "/files/{int:file}", response=written(None, 204))
def detach_file(request, programme: str, number: int, file: int):
    """从草稿中取下一份证明材料；报送过的仍留存。 Take a file from the draft; what was handed in keeps naming it."""
    report = report_at(request, programme, number)
    require(request.user, "report")
    actions.detach(by=request.user, file=_file(report, file), on=today(report.round.programme))
    return Status(204, None)
