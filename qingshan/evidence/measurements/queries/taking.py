import time
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from qingshan.observations.cells import Unreadable
from qingshan.observations.mapping import Source, checked, source, sources
from qingshan.people.actions import may
from qingshan.people.models import AuditLine, Role, User
from qingshan.plan.models import Programme

from ...registers.desk.progress import Told, told
from ...registers.desk.queries import STALLED
from ...registers.queries import file_of
from ..models import Delivery, KeptMapping
from .sites import sites_of


def monitoring_body(programme: Programme) -> str | None:
    """The code of the body that monitors: the one the programme names, else the one its office sits in."""
    named = programme.about.get("monitoring")
    return named or (programme.office.code if programme.office_id else None)


def may_measure(user: User | None, programme: Programme) -> bool:
    """Whether someone may take measurements in and judge values under a flag: the office, and the monitoring body's liaison."""
    if user is None or not may(user, "measure"):
        return user is None
    return user.role != Role.LIAISON or user.body.code == monitoring_body(programme)


def mappings_of(programme: Programme) -> list[Source]:
    """The mappings that people of the programme keep."""
    return [checked(one.code, one.told) for one in KeptMapping.objects.filter(programme=programme)]


def mapping_of(programme: Programme, code: str) -> Source:
    """The mapping of that code: a kept one, else one that comes with Qingshan; never a file's. Raises Unreadable."""
    kept = KeptMapping.objects.filter(programme=programme, code=code).first()
    if kept:
        return checked(kept.code, kept.told)
    if "/" in code or "." in code:
        raise Unreadable(f"没有来源“{code}”。", f"There is no source {code}.")
    return source(code)


def sources_of(programme: Programme) -> list[str]:
    """The codes of the sources by which files can be read: the programme's own mappings, and those of its media that are known anyway."""
    return [one.code for one in [*mappings_of(programme), *known_sources(programme)]]


def known_sources(programme: Programme) -> list[Source]:
    """The sources that come with Qingshan, of the programme's media."""
    media = {one["medium"] for one in sites_of(programme)}
    return [one for one in map(source, sources()) if one.medium in media]


def deliveries_of(programme: Programme) -> QuerySet[Delivery]:
    return Delivery.objects.filter(programme=programme).select_related("recorded_by__body")


def verdicts_of(programme: Programme) -> QuerySet[AuditLine]:
    """What people said of values under a flag, the newest first."""
    return AuditLine.objects.filter(verb="review_measurements", thing=f"measurements {programme.code}").order_by("-id")


def path_of(delivery: Delivery) -> Path:
    return Path(settings.MEDIA_ROOT) / file_of(delivery.sha256)


def progress_path(delivery: Delivery) -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads" / f"measurements-{delivery.pk}.progress"


def progress_of(delivery: Delivery) -> Told | None:
    return told(progress_path(delivery), time.time())


def stalled(delivery: Delivery) -> bool:
    """Whether whoever worked on it has fallen silent."""
    seen = progress_of(delivery)
    return delivery.running and seen is not None and seen.quiet > STALLED
