"""Evidence files of entries."""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from qingshan.people.actions import require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused

from ..models import Attachment, Entry
from ..queries import file_of
from .doors import require_body, write_down

LARGEST_FILE = 20 * 2**20
KINDS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"%PDF-": ".pdf", b"PK\x03\x04": ".zip"}


@transaction.atomic
def attach(
    *, by: User | None, entry: Entry, name: str, content: bytes, taken_at: datetime | None = None, note: str = ""
) -> Attachment:
    """Keep an evidence file with an entry, under the SHA-256 of its bytes. The same file again is kept once."""
    require(by, "edit_register")
    require_body(by, entry.body)
    file_fits(name, content)
    digest = hashlib.sha256(content).hexdigest()
    if found := entry.attachments.filter(sha256=digest).first():
        return found
    turn()
    keep_file(content)
    made = Attachment.objects.create(
        entry=entry, sha256=digest, name=Path(name).name[:200], size=len(content), taken_at=taken_at, note=note[:200],
        recorded_at=timezone.now(), recorded_by=by,
    )  # fmt: skip
    write_down(by, entry.programme, "attach_file", f"{entry.register}/{entry.key}", sha256=digest, name=made.name)
    return made


def file_fits(name: str, content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        mega, most = f"{len(content) / 2**20:.1f}", LARGEST_FILE // 2**20
        raise Refused(
            f"文件“{name}”有 {mega} MB，上限 {most} MB。",
            f"The file {name} has {mega} MB, at most {most} MB are allowed.",
        )
    if not any(content.startswith(begin) for begin in KINDS):
        raise Refused(
            f"文件“{name}”不是照片（JPG、PNG）、PDF 或 Office 文件，请另存后上传。",
            f"The file {name} is no photograph (JPG, PNG), PDF or Office file; save it as one of these.",
        )


def keep_file(content: bytes) -> None:
    """Put a file among the evidence files, under its SHA-256; others see it whole or not at all."""
    path = Path(settings.MEDIA_ROOT) / file_of(hashlib.sha256(content).hexdigest())
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
