"""The audit trail."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingshan.people.actions import may, require
from qingshan.people.models import AuditLine
from qingshan.people.queries import broken_audit_line
from qingshan.web import wording
from qingshan.web.pages import first_programme


@require_safe
def audit(request):
    require(request.user, "read_audit")
    first_programme(request)
    lines = AuditLine.objects.filter(jurisdiction=request.user.jurisdiction_id).order_by("-id")
    verb = request.GET.get("verb", "")
    if verb:
        lines = lines.filter(verb=verb)
    page = Paginator(lines, 50).get_page(request.GET.get("page"))
    may_redact = bool(request.programme) and may(request.user, "redact_personal")
    shown = {
        "here": "audit",
        "may_redact": may_redact,
        "programme": request.programme,
        "page": page,
        "verbs": wording.VERBS.items(),
        "verb": verb,
    }
    if "check" in request.GET:
        shown |= {"checked": True, "broken": broken_audit_line(), "count": AuditLine.objects.count()}
    return render(request, "qingshan/audit.html", shown)
