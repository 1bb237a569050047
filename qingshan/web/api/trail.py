"""The audit trail, for those who may read it."""

from ninja import Query, Router, Schema

from qingshan.people.actions import require
from qingshan.people.models import AuditLine
from qingshan.people.queries import broken_audit_line
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers

router = Router(tags=["审计 audit"])


class CheckOut(Schema):
    """Whether every line of the trail fits its seal; `broken` is the first that does not, or what is missing."""

    lines: int
    broken: str | None


@router.get("/audit/check", response=answers(CheckOut))
def check_audit(request):
    """核对审计记录的封印（计划办、审计、系统管理）。 Check the seals of the audit trail (plan office, auditor, administrator)."""
    require(request.user, "read_audit")
    broken = broken_audit_line()
    return CheckOut(lines=AuditLine.objects.count(), broken=broken and str(getattr(broken, "id", broken)))


@router.get("/audit", response=answers(schemas.AuditPage))
def list_audit(
    request, before: int | None = Query(None, ge=1, le=2**31 - 1), verb: str = Query("", max_length=40),
    size: int = Query(50, ge=1, le=500),
):  # fmt: skip
    """审计记录，新的在前（计划办、审计、系统管理）。 The audit trail, the newest first (plan office, auditor, administrator)."""
    require(request.user, "read_audit")
    lines = AuditLine.objects.filter(jurisdiction=request.user.jurisdiction_id).order_by("-id")
    if before:
        lines = lines.filter(id__lt=before)
    if verb:
        lines = lines.filter(verb=verb)
    found = list(lines[: size + 1])
    shown = [schemas.AuditOut(**shapes.same(one, schemas.AuditOut)) for one in found[:size]]
    return schemas.AuditPage(after=shown[-1].id if len(found) > size else None, lines=shown)
