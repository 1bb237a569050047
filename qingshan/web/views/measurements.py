"""Measurements: the sites by medium and on the map, a site's own page, and the month's table as a workbook."""

from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingshan.evidence.measurements.queries import sites_of
from qingshan.observations.assess.air_tables import IN_FORCE
from qingshan.web import air_years, measuring, month_tables, wording
from qingshan.web.pages import programme_for
from qingshan.web.register_maps import tiles
from qingshan.web.sheets import TYPE, workbook
from qingshan.web.sites import MEDIA, parts

WORDED = 20  # sites of a map that have room for words


@require_safe
def index(request, programme):
    programme = programme_for(request, programme)
    known = [medium for medium in MEDIA if sites_of(programme, medium)]
    wanted = request.GET.get("medium", "")
    shown = [wanted] if wanted in known else known
    kinds = [_kind(programme, medium) for medium in shown]
    page = {
        "here": "measurements",
        "kinds": kinds,
        "media": [(medium, wording.medium(medium)) for medium in known],
        "wanted": wanted if wanted in known else "",
        "shape": _shape(programme, [line for kind in kinds for line in kind["lines"]]),
        "tiles": tiles(),
        "tables": month_tables.offered(programme, shown),
        "simulated": any(one["simulated"] for one in sites_of(programme)),
    }
    return render(request, "qingshan/measurements/index.html", page)


def _kind(programme, medium: str) -> dict:
    """A medium's sites: heads of the table, groups of lines with what each group comes to."""
    of, found = MEDIA[medium], MEDIA[medium].found_of(programme)
    sites = sorted(sites_of(programme, medium), key=lambda one: _order(programme, one))
    groups = [(code, list(some)) for code, some in groupby(sites, key=lambda one: one.get("group") or "")]
    told = [_group(programme, of, found, code, some) for code, some in groups]
    return {
        "medium": medium, "title": wording.medium(medium), "heads": of.heads(), "groups": told,
        "lines": [line for one in told for line in one["lines"]],
    }  # fmt: skip


def _order(programme, site) -> int:
    codes = [one["code"] for one in programme.about.get("groups", [])]
    return codes.index(site["group"]) if site.get("group") in codes else len(codes)


def _group(programme, of, found, code: str, sites: list) -> dict:
    there = [found[one["code"]] for one in sites if one["code"] in found]
    return {
        "title": measuring.group_name(programme, code) if code else "",
        "whole": of.of_group(there, programme, code) if there else None,
        "lines": [of.line(one, found.get(one["code"])) for one in sites],
    }


def _shape(programme, lines) -> dict:
    """The sites on the map; too many of them are told by their colours alone."""
    words = len(lines) <= WORDED
    return {"type": "FeatureCollection", "features": [_feature(programme, one, words) for one in lines]}


def _feature(programme, line, words: bool) -> dict:
    site = line.site
    told = {"title": f"{wording.said(site)} {line.short}", "look": line.look, "short": line.short if words else "",
            "address": reverse("measurement", args=[programme.code, site["code"]])}  # fmt: skip
    return {
        "type": "Feature",
        "properties": told,
        "geometry": {"type": "Point", "coordinates": [site["lon"], site["lat"]]},
    }


@require_safe
def show(request, programme, site):
    programme = programme_for(request, programme)
    told = measuring.site(programme, site)
    if told is None:
        raise Http404
    of = MEDIA[told["medium"]]
    page = {"here": "measurements", "site": told, "medium": wording.medium(told["medium"])}
    page["early"] = air_years.early(programme, site) if told["medium"] == "air" else []
    found = of.found_of(programme).get(site)
    if found is None:
        return render(request, "qingshan/measurements/nothing.html", page)
    page |= _common(programme, told, found) | of.page(told, found, request.GET, programme)
    page["flags"] = measuring.flag_words(found.flags.get(page["year"], {}))
    name = f"qingshan/measurements/{of.TEMPLATE}.html"
    return render(request, name, page, status=422 if page.get("wrong") else 200)


def _common(programme, site, found) -> dict:
    """What stands on the page of every site."""
    group = measuring.group_name(programme, site["group"]) if site.get("group") else ""
    page = {"years": found.years, "group": group}
    if hasattr(found, "rows"):
        page |= {"completeness": parts.completeness(found), "faults": parts.faults(found)}
    return page


@require_safe
def years_of_air(request, programme):
    """The years of all stations of air together, of each in one year, and how they move over the years."""
    programme = programme_for(request, programme)
    if not sites_of(programme, "air"):
        raise Http404
    page, found = {"here": "measurements", "title": wording.medium("air")}, measuring.years_of_air(programme)
    page["early"] = air_years.early(programme)
    return render(
        request,
        "qingshan/measurements/air_years.html",
        page | (_years_of_air(request, programme, found) if found else {}),
    )


def _years_of_air(request, programme, found) -> dict:
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, found.years) else found.years[-1]
    whole, apart = air_years.whole(found), air_years.apart(programme, found, year)
    dust = programme.about.get("dust", [])
    return {
        "year": year, "years": found.years, "stations": len(sites_of(programme, "air")),
        "simulated": any(one["simulated"] for one in sites_of(programme, "air")),
        "heads": air_years.heads(), "whole": whole, "apart": apart, "trends": air_years.trends(found),
        "lacks": any(one.lacking for row in (*whole, *apart) for one in row.values),
        "mixed": any(one["under"] != IN_FORCE for one in found.district),
        "dust": [one | {"where": _named(programme, one["site"])} for one in dust],
        "dust_simulated": any(one["simulated"] for one in dust),
        "editions": air_years.editions(found),
    }  # fmt: skip


def _named(programme, code: str | None) -> str:
    return wording.said(measuring.site(programme, code)) if code else ""


@require_safe
def month_table(request, programme, medium):
    """The table of a month (a survey, a year) as offices hand it on: one row for each site."""
    programme = programme_for(request, programme)
    sites = sites_of(programme, medium)
    if medium not in month_tables.TABLES or not sites:
        raise Http404
    known = month_tables.periods(programme, medium)
    period = measuring.month_asked(request.GET.get("month"), known)
    made = month_tables.TABLES[medium](sites, MEDIA[medium].found_of(programme), period)
    words = wording.survey(period or "")
    notes = [f"{wording.said(programme, 'title')} · {made.title} · {words}", *made.notes]
    marked = [one["simulated"] for one in sites]
    if any(marked):
        notes.append(_("打斜线的行用的是模拟数据，不是实测。"))
    response = HttpResponse(workbook(made.title, notes, made.head, made.rows, marked, made.widths), content_type=TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{made.title} {words}".strip() + ".xlsx")
    return response
