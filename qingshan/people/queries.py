from . import audit
from .actions import sealed
from .models import AuditHead, AuditLine


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
