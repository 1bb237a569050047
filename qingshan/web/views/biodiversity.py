"""How many kinds live where: diversity of each survey, computed from the counts of its occurrences."""

from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qingshan.evidence.registers import queries
from qingshan.standards.biodiversity import VERIFICATION
from qingshan.web import wording
from qingshan.web.bindings import page_of
from qingshan.web.pages import programme_for, remembered
from qingshan.web.surveys import surveys_of


@require_safe
@remembered
def show(request, programme):
    programme = programme_for(request, programme)
    definition = queries.serving(programme, "occurrences")
    if definition is None:
        raise Http404
    day = _day(request.GET.get("as_of", ""))
    rows = queries.revisions_as_of(programme, definition.code, day, timezone.now())
    group = request.GET.get("group", "")
    surveys = surveys_of(rows, group)
    page = {
        "here": "registers",
        "definition": definition,
        "day": day,
        "group": group,
        "groups": [(one.code, wording.said({"zh": one.zh, "en": one.en})) for one in definition.field["group"].choices],
        "surveys": surveys,
        "whole": next((one for one in surveys if one["name"] is None), None),
        "simulated": rows.filter(origin="simulated").exists(),
        "verification": VERIFICATION,
        "list": page_of(programme, definition.code),
    }
    return render(request, "qingshan/biodiversity.html", page)


def _day(text: str) -> date:
    try:
        return min(date.fromisoformat(text), timezone.localdate())
    except ValueError:
        return timezone.localdate()
