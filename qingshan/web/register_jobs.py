"""Uploaded files: who may read one, and the long work on it, in a process of its own; who waits for it asks how far it is."""

import os
import subprocess
import sys

from django.conf import settings

from qingshan.evidence.measurements.models import Delivery
from qingshan.evidence.registers.desk.models import Upload
from qingshan.people.actions import NotAllowed
from qingshan.people.models import Role, User

PROGRAM = "import sys; from qingshan.evidence.{}.commands import work_on; work_on(int(sys.argv[1]))"


def begin(upload: Upload) -> None:
    """Start what is next with a file of rows for a register."""
    _start("registers.desk", upload.pk)


def begin_delivery(delivery: Delivery) -> None:
    """Start what is next with a file of measurements."""
    _start("measurements", delivery.pk)


def _start(room: str, number: int) -> None:
    """The process outlives the request, and its server if need be."""
    subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(room), str(number)],
        env=os.environ | {"QINGSHAN_HOME": str(settings.HOME)}, cwd=settings.ROOT, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def readable_by(user: User, upload: Upload) -> bool:
    """A file of rows may hold what is not public: it is for its sender and the plan's office."""
    return upload.recorded_by_id == user.pk or user.role == Role.OFFICE


def require_reader(user: User, upload: Upload) -> None:
    """Raise NotAllowed unless the file is for this reader."""
    if not readable_by(user, upload):
        raise NotAllowed(
            "上传的文件只有上传人和计划办可以查看。",
            "An uploaded file is for the person who sent it and the plan office.",
        )
