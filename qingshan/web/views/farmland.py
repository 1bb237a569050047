"""Units of farmland beside the samples of their soil."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qingshan.observations.assess.reports import told
from qingshan.web import farmland
from qingshan.web.bindings import page_of
from qingshan.web.pages import programme_for


@require_safe
def show(request, programme):
    programme = programme_for(request, programme)
    definition = farmland.farmland_register(programme)
    if definition is None:
        raise Http404
    day, now = timezone.localdate(), timezone.now()
    units = farmland.compared(programme, definition, request.user, day, now)
    page = {
        "here": "registers",
        "definition": definition,
        "units": units,
        "disagreeing": [one for one in units if one.disagrees],
        "areas": farmland.areas(programme, definition, units, day, now),
        "area_unit": definition.field["area"].unit or "",
        "editions": [told(one) for one in farmland.editions(units)],
        "simulated": any(one.simulated for one in units),
        "list": page_of(programme, definition.code),
    }
    return render(request, "qingshan/farmland.html", page)
