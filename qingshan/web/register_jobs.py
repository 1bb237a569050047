"""Long work on an uploaded file, in a process of its own: a page that is waiting for it asks how far it is."""

import os
import subprocess
import sys

from django.conf import settings

from qingshan.evidence.measurements.models import Delivery
from qingshan.evidence.registers.desk.models import Upload

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
