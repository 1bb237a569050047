from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from . import audit
from .actions import sealed
from .models import AuditHead, AuditLine, Jurisdiction, User


def accounts_of(jurisdiction: Jurisdiction | None) -> QuerySet[User]:
    """The people of a jurisdiction; accounts of access tokens are nobody's."""
    found = User.objects.filter(jurisdiction=jurisdiction, token=None).select_related("body")
    return found.order_by("-is_active", "role", "username")


def locked_out(now: datetime | None = None) -> dict[str, datetime]:
    """The instant until which each account name is locked out somewhere."""
    since = (now or timezone.now()) - settings.AXES_COOLOFF_TIME
    tried = AccessAttempt.objects.filter(attempt_time__gt=since).order_by().values("username", "ip_address")
    failed = tried.annotate(n=Sum("failures_since_start"), last=Max("attempt_time")).filter(
        n__gte=settings.AXES_FAILURE_LIMIT
    )
    return {
        name: last + settings.AXES_COOLOFF_TIME
        for name, last in failed.order_by("last").values_list("username", "last")
    }


def locked_until(username: str, address: str) -> datetime:
    """The instant until which an account is locked out for the network it was tried from last."""
    tried = AccessAttempt.objects.filter(username=username, ip_address=address).order_by("-attempt_time").first()
    return (tried.attempt_time if tried else timezone.now()) + settings.AXES_COOLOFF_TIME


def broken_audit_line() -> AuditLine | str | None:
    """The first line of the trail that does not fit its seal; a sentence when lines are missing at the end; else None."""
    lines = AuditLine.objects.select_related("jurisdiction").order_by("id")
    place = audit.first_broken((sealed(line), line.seal) for line in lines.iterator(chunk_size=2000))
    if place is not None:
        return lines[place]
    head = AuditHead.objects.filter(id=1).first()
    last, count = lines.last(), lines.count()
    if head is None:
        return f"审计记录现有 {count} 条，应有条数的登记却不在：登记被删除。" if count else None
    if head.lines != count or head.seal != (last.seal if last else audit.FIRST):
        return f"审计记录应有 {head.lines} 条，现有 {count} 条：末尾有记录被删除。"
    return None
