"""Evidence files of a row."""

from datetime import datetime

from django.shortcuts import get_object_or_404
from ninja import File, Form, Schema, Status
from ninja.files import UploadedFile

from qingshan.evidence.registers import actions
from qingshan.people.actions import require
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import ANY, answers, filed, written
from qingshan.web.api.registers import router
from qingshan.web.api.registers.rows import ROW, entry_at
from qingshan.web.api.uploads import content_of
from qingshan.web.files import handed_out


class EvidenceOut(Schema):
    """An evidence file, known by the SHA-256 of its bytes [hex]."""

    id: int
    name: str
    size: int
    sha256: str
    taken_at: datetime | None
    note: str
    recorded_at: datetime
    recorded_by: schemas.Person | None


def _file(one) -> EvidenceOut:
    return EvidenceOut(**shapes.same(one, EvidenceOut) | {"recorded_by": shapes.person(one.recorded_by)})


@router.get(ROW + "/files", response=answers(list[EvidenceOut]))
def list_files(request, programme: str, code: str, number: int):
    """一条的证明材料。 The evidence files of a row."""
    opened, entry = entry_at(request, programme, code, number)
    return [_file(one) for one in opened.evidence(entry)]


@router.post(ROW + "/files", response=written(EvidenceOut, 201))
def attach_file(
    request, programme: str, code: str, number: int, file: File[UploadedFile], note: Form[str] = "",
    taken_at: Form[datetime | None] = None,
):  # fmt: skip
    """上传一份证明材料：照片或 PDF；同一文件只存一次。 Attach a photograph or PDF; the same file is kept once."""
    _opened, entry = entry_at(request, programme, code, number)
    require(request.user, "edit_register")
    content = content_of(file, actions.LARGEST_FILE)
    made = actions.attach(
        by=request.user, entry=entry, name=file.name, content=content, note=note[:200], taken_at=taken_at
    )
    return Status(201, _file(made))


@router.get(ROW + "/files/{int:file}", **filed(ANY))
def download_file(request, programme: str, code: str, number: int, file: int):
    """下载一份证明材料。 An evidence file itself."""
    opened, entry = entry_at(request, programme, code, number)
    found = get_object_or_404(opened.evidence(entry), pk=file)
    return handed_out(found.sha256, found.name)
