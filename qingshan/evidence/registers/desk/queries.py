import time
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from qingshan.people.models import User
from qingshan.plan.models import Programme

from ..queries import file_of
from .models import SavedFilter, Upload
from .progress import Told, told

STALLED = 300  # seconds without a word after which a run is taken for dead


def filters_of(user: User, programme: Programme, register: str) -> QuerySet[SavedFilter]:
    """The filters a person keeps for a register."""
    return SavedFilter.objects.filter(programme=programme, register=register, owner=user)


def uploads_of(programme: Programme, register: str) -> QuerySet[Upload]:
    """The files sent for a register, the newest first."""
    return Upload.objects.filter(programme=programme, register=register).select_related("recorded_by__body")


def content_of(upload: Upload) -> bytes:
    return (Path(settings.MEDIA_ROOT) / file_of(upload.sha256)).read_bytes()


def progress_path(upload: Upload) -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads" / f"{upload.pk}.progress"


def progress_of(upload: Upload) -> Told | None:
    return told(progress_path(upload), time.time())


def stalled(upload: Upload) -> bool:
    """Whether whoever worked on it has fallen silent."""
    seen = progress_of(upload)
    return upload.running and seen is not None and seen.quiet > STALLED
