"""What tells of people and whose time is over: listed for the office, and emptied by it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qingshan.evidence.registers.actions import redact
from qingshan.evidence.registers.queries import overdue
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.web import wording
from qingshan.web.pages import programme_for
from qingshan.web.registers import name_of


@require_http_methods(["GET", "POST"])
def show(request, programme):
    programme = programme_for(request, programme)
    require(request.user, "redact_personal")
    today = timezone.localdate()
    if request.method == "POST":
        _empty(request, programme, today)
        return redirect("retention", programme.code)
    found = overdue(programme, today, timezone.now())
    rows = [(one, _("、").join(name_of(one.definition.field[code]) for code in one.fields)) for one in found]
    return render(request, "qingshan/retention.html", {"here": "registers", "rows": rows, "today": today})


def _empty(request, programme, today) -> None:
    """Carried out only where nothing else has become due since the office looked."""
    told = request.POST.get("seen", "")
    seen = int(told) if told.isdecimal() and len(told) < 10 else 0
    try:
        done = len(
            redact(by=request.user, programme=programme, as_of=today, why=request.POST.get("why", ""), seen=seen)
        )
        messages.success(
            request,
            ngettext("已清除 %(count)s 条的个人信息，记入审计。", "已清除 %(count)s 条的个人信息，记入审计。", done)
            % {"count": done},
        )
    except Refused as refused:
        messages.error(request, wording.said({"zh": refused.zh, "en": refused.en}))
