"""What is in reach of a point: supplies, pools and teams, by distance and by a declared estimate of travel."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingshan.coordination.incidents.responding import DETOUR
from qingshan.people.actions import may
from qingshan.web import reach
from qingshan.web.pages import programme_for
from qingshan.web.register_maps import tiles
from qingshan.web.sketch import Thing, sketch
from qingshan.web.zoning import asked

LIMITS = {"within": (10.0, 0.1, 100.0), "speed": (30.0, 5.0, 120.0)}  # usual, least, most: km and km/h


@require_safe
def show(request, programme):
    programme = programme_for(request, programme)
    kept = reach.books(programme)
    if not kept:
        raise Http404
    question = asked(request.GET, timezone.localdate())
    told = numbers(request.GET, question.errors)
    found = None
    if question.ready and question.site["type"] == "Point":
        lon, lat = question.site["coordinates"]
        found = reach.within(programme, kept, lon, lat, told["within"] * 1000, told["speed"], request.user)
    page = {
        "here": "registers",
        "may_open": may(request.user, "open_incident"),
        "question": question,
        "numbers": told,
        "found": found,
        "groups": groups(kept, found) if found is not None else [],
        "simulated": any(one.simulated for one in found or ()),
        "detour": DETOUR,
        "map": _map(question.site, found) if found is not None else None,
        "tiles": tiles(),
        "book": next(iter(kept.values())),
    }
    return render(request, "qingshan/emergency.html", page, status=422 if question.errors else 200)


def numbers(told, errors: dict) -> dict[str, float]:
    """How far [km] and how fast [km/h], the usual where the reader names none; `errors` is told what cannot be read."""
    found = {}
    for name, (usual, least, most) in LIMITS.items():
        try:
            found[name] = float(told.get(name) or usual)
            if not least <= found[name] <= most:
                raise ValueError
        except ValueError:
            found[name] = usual
            errors[name] = _("“%(value)s”应为 %(least)s 到 %(most)s 之间的数。") % {
                "value": told.get(name, "")[:20], "least": f"{least:g}", "most": f"{most:g}",
            }  # fmt: skip
    return found


def groups(kept, found) -> list[tuple]:
    """(part, its name, what was found of it), part by part."""
    names = {"supplies": _("物资"), "pools": _("资源库"), "teams": _("队伍")}
    return [(part, names[part], [one for one in found if one.part == part]) for part in kept]


LOOKS = {"supplies": "supply", "pools": "pool", "teams": "team"}


def _map(site, found):
    things = [Thing(site, "site", "")]
    for one in found:
        point = {"type": "Point", "coordinates": [one.entry.lon, one.entry.lat]}
        things.append(Thing(point, LOOKS[one.part], one.title))
    return sketch(things, 420, 320)
