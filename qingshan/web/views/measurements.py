"""Measurements: the sites, a station of air, a section of water, and the month's table as a workbook."""

from calendar import monthrange
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingshan.observations.assess import sections as water
from qingshan.observations.assess import stations as air
from qingshan.observations.assess.asking import change
from qingshan.standards.air.index import LEVELS
from qingshan.standards.water.section import CLASSES
from qingshan.web import measuring, month_tables, wording
from qingshan.web.pages import programme_for
from qingshan.web.register_maps import tiles
from qingshan.web.sheets import TYPE, workbook
from qingshan.web.squares import Square, squares

DAY_CELL, MONTH_CELL = (39, 22), (60, 26)


@require_safe
def index(request, programme):
    programme = programme_for(request, programme)
    stations, sections = measuring.air_of(programme), measuring.water_of(programme)
    lines = {
        "air": [_station_line(one, stations.get(one["code"])) for one in measuring.sites(programme, "air")],
        "water": [_section_line(one, sections.get(one["code"])) for one in measuring.sites(programme, "water")],
    }
    page = {
        "here": "measurements",
        "air": lines["air"],
        "water": lines["water"],
        "shape": _shape(programme, [*lines["air"], *lines["water"]]),
        "tiles": tiles(),
        "months": month_tables.months(stations, sections),
        "simulated": any(one["simulated"] for one in measuring.sites(programme)),
    }
    return render(request, "qingshan/measurements/index.html", page)


def _station_line(site, station) -> dict:
    line = {"site": site, "look": "", "short": "–"}
    if station is None:
        return line
    newest = station.days[-1]
    year = station.period(date(newest.day.year, 1, 1), newest.day)
    look = f"aqi-{newest.level.no}" if newest.level else ""
    told = {"newest": newest, "grade": _grade(newest), "primary": _formulas(newest.primary), "year": year, "look": look}
    return line | told | {"short": newest.aqi or "–", "there": measuring.share(year.hours, year.of_hours)}


def _section_line(site, section) -> dict:
    line = {"site": site, "body": measuring.body_words(site["body"]), "look": "", "short": "–"}
    if section is None:
        return line
    newest = section.months[-1]
    month, year = section.period(newest, newest), section.period(f"{newest[:4]}-01", newest)
    told = {
        "newest": month,
        "year": year,
        "pollutants": measuring.pollutants(month.section),
        "year_pollutants": measuring.pollutants(year.section),
    }
    return line | told | {"look": f"class-{month.section.no}", "short": month.section.name}


def _grade(day) -> str:
    return wording.said({"zh": day.level.grade, "en": day.level.grade_en}) if day.level else ""


def _formulas(items) -> str:
    return _("、").join(measuring.AIR[one] for one in items)


def _shape(programme, lines) -> dict:
    return {"type": "FeatureCollection", "features": [_feature(programme, one) for one in lines]}


def _feature(programme, line) -> dict:
    site = line["site"]
    told = {"title": wording.said(site), "look": line["look"], "short": str(line["short"]),
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
    page = {"here": "measurements", "site": told}
    found = (measuring.air_of if told["medium"] == "air" else measuring.water_of)(programme).get(site)
    if found is None:
        return render(request, "qingshan/measurements/nothing.html", page)
    made, name = (_station, "station") if told["medium"] == "air" else (_section, "section")
    page |= made(told, found, request.GET) | {"years": found.years}
    return render(request, f"qingshan/measurements/{name}.html", page, status=422 if page["wrong"] else 200)


def _year(asked, years: list[int]) -> int:
    text = asked.get("year", "")
    return int(text) if text in map(str, years) else years[-1]


def _item(asked, items, usual: str) -> str:
    return asked["item"] if asked.get("item") in items else usual


def _station(site, station, asked) -> dict:
    year, item = _year(asked, station.years), _item(asked, measuring.AIR, "PM25")
    months, last = station.months(year), station.days[-1]
    first, second, wrong = measuring.spans(asked, f"{last.day:%Y-%m}")
    periods = [station.period(one.first, min(one.last, max(last.day, one.first))) for one in (first, second)]
    flags = station.flags.get(year, {})
    return {
        "year": year, "item": item, "item_name": measuring.AIR[item], "items": measuring.AIR.items(), "newest": last, "grade": _grade(last),
        "primary": _formulas(last.primary), "look": f"aqi-{last.level.no}" if last.level else "", "unit": air.UNITS[item],
        "calendar": _calendar(station, year), "levels": _levels(),
        "months": [(one, measuring.share(one.hours, one.of_hours)) for one in months],
        "series": _chart(site, item, station, year), "diurnal": _diurnal(site, item, station, year),
        "first": first, "second": second, "wrong": wrong, "periods": periods, "changes": _air_changes(periods),
        "flags": measuring.flag_words(flags), "editions": air.editions_of(date(year, 1, 1), min(last.day, date(year, 12, 31))),
    }  # fmt: skip


def _air_changes(periods) -> list[tuple]:
    now, then = periods
    moved = change(then.values, now.values)
    return [
        (name, air.UNITS[item], now.values[item], then.values[item], _signed(moved[item]))
        for item, name in measuring.AIR.items()
    ]


def _signed(moved) -> str:
    return "—" if moved is None else f"{moved:+}".replace("-", "−")


def _levels() -> list[tuple[str, str]]:
    return [(f"aqi-{no}", wording.said({"zh": one[2], "en": one[3]})) for no, one in enumerate(LEVELS, 1)]


def _calendar(station, year: int):
    found = {}
    known = {one.day: one for one in station.between(date(year, 1, 1), date(year, 12, 31))}
    for month in range(1, 13):
        for no in range(1, monthrange(year, month)[1] + 1):
            day = date(year, month, no)
            if day <= station.days[-1].day:
                found[month - 1, no - 1] = _day_square(day, known.get(day))
    rows = [_("%(no)s月") % {"no": month} for month in range(1, 13)]
    return squares(rows, [str(no) for no in range(1, 32)], found, DAY_CELL)


def _day_square(day: date, told) -> Square:
    if told is None or told.aqi is None:
        return Square("", "", f"{day}  " + _("数据不足，不评价"))
    words = f"{day}  AQI {told.aqi}  {_grade(told)}  {_formulas(told.primary)}"
    return Square(f"aqi-{told.level.no}", str(told.aqi), words.strip())


def _chart(site, item: str, station, year: int) -> dict:
    days = station.between(date(year, 1, 1), date(year, 12, 31))
    rows = [[str(one.day), None if one.values[item] is None else str(one.values[item])] for one in days]
    return _drawn(site, measuring.AIR[item], air.UNITS[item], rows)


def _diurnal(site, item: str, station, year: int) -> dict:
    hours = station.diurnal.get((year, item), {})
    rows = [[no, str(hours[no]) if no in hours else None] for no in range(24)]
    return _drawn(site, measuring.AIR[item], air.UNITS[item], rows) | {"hours": True}


def _drawn(site, name: str, unit: str, rows: list) -> dict:
    words = {"simulated": _("模拟"), "limit": _("Ⅲ类限值"), "missing": _("缺测")}
    return {"name": name, "unit": unit, "rows": rows, "simulated": site["simulated"], "words": words, "limits": []}


def _section(site, section, asked) -> dict:
    newest = section.months[-1]
    year, items = _year(asked, section.years), sorted(section.samples, key=list(water.known()).index)
    item = _item(asked, items, "tp")
    month = section.period(newest, newest)
    first, second, wrong = measuring.spans(asked, newest)
    periods = [section.period(one.since, one.until) for one in (first, second)]
    return {
        "year": year, "item": item, "item_name": measuring.item_name(item), "items": [(one, measuring.item_name(one)) for one in items],
        "newest": month, "body": measuring.body_words(site["body"]), "look": f"class-{month.section.no}",
        "pollutants": measuring.pollutants(month.section), "history": _history(section), "classes": [(f"class-{no}", name) for no, name in enumerate(CLASSES, 1)],
        "lines": [_item_line(one, month, section) for one in month.values], "series": _samples(site, item, section, year),
        "first": first, "second": second, "wrong": wrong, "periods": periods, "changes": _water_changes(periods, section),
        "compared": [(one.section.name, measuring.pollutants(one.section), one.samples) if one else None for one in periods],
        "taken": [(one, section.taken[one]) for one in section.months if one.startswith(str(year))],
        "flags": measuring.flag_words(section.flags.get(year, {})), "editions": water.editions_of(date(year, 12, 31)),
    }  # fmt: skip


def _item_line(item: str, month, section) -> tuple:
    no = month.classes[item]
    limit = limit_words(item, section.body)
    return (
        measuring.item_name(item),
        water.unit(item),
        month.values[item],
        CLASSES[no - 1] if no else "",
        f"class-{no}",
        limit,
        month.multiples[item],
    )


def limit_words(item: str, body: str) -> str:
    """≤ 0.2 or ≥ 5 or 6–9: what class III asks of an item."""
    found = water.limit_of(item, body)
    if found is None:
        return ""
    op, bar = found
    return f"{bar[0]}–{bar[1]}" if op == "range" else f"{'≥' if op == 'ge' else '≤'} {bar}"


def _history(section):
    years = section.years
    found = {}
    for month in section.months:
        one = section.period(month, month).section
        words = f"{month}  {one.name}  {measuring.pollutants(one)}".strip()
        found[years.index(int(month[:4])), int(month[5:]) - 1] = Square(
            f"class-{one.no}" if one.no else "", one.name, words
        )
    columns = [_("%(no)s月") % {"no": month} for month in range(1, 13)]
    return squares([str(one) for one in years], columns, found, MONTH_CELL)


def _samples(site, item: str, section, year: int) -> dict:
    rows = [[f"{one.time:%Y-%m-%d}", None if one.value is None else str(one.value.normalize()), "<" if one.below else ""]
            for one in section.samples[item] if one.time.year == year]  # fmt: skip
    found = water.limit_of(item, section.body)
    limits = [] if found is None else [str(one) for one in (found[1] if found[0] == "range" else [found[1]])]
    return _drawn(site, measuring.item_name(item), water.unit(item), rows) | {"limits": limits}


def _water_changes(periods, section) -> list[tuple]:
    if None in periods:
        return []
    now, then = periods
    both = [one for one in now.values if one in then.values]
    moved = change({one: then.values[one] for one in both}, {one: now.values[one] for one in both})
    return [
        (measuring.item_name(one), water.unit(one), now.values[one], then.values[one], _signed(moved[one]))
        for one in both
    ]


@require_safe
def month_table(request, programme, medium):
    """The table of a month as offices hand it on: stations of air, or sections of water."""
    programme = programme_for(request, programme)
    sites = measuring.sites(programme, medium)
    if medium not in month_tables.TABLES or not sites:
        raise Http404
    stations, sections = measuring.air_of(programme), measuring.water_of(programme)
    month = measuring.month_asked(request.GET.get("month"), month_tables.months(stations, sections))
    made = month_tables.TABLES[medium](sites, stations if medium == "air" else sections, month)
    notes = [f"{wording.said(programme, 'title')} · {made.title} · {month or ''}", *made.notes]
    marked = [one["simulated"] for one in sites]
    if any(marked):
        notes.append(_("打斜线的行用的是模拟数据，不是实测。"))
    response = HttpResponse(workbook(made.title, notes, made.head, made.rows, marked, made.widths), content_type=TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{made.title} {month or ''}".strip() + ".xlsx")
    return response
