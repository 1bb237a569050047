"""Stations of ambient air: the calendar of a year, days, months, hours of the day."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from qingshan.observations.assess import stations as air
from qingshan.observations.assess.asking import change
from qingshan.observations.assess.unmonitored import MARK, plan
from qingshan.standards.air import levels
from qingshan.standards.editions import editions
from qingshan.web import measuring, wording
from qingshan.web.sites import parts
from qingshan.web.sites.parts import Cell, Compared, Line
from qingshan.web.squares import Square, squares

TEMPLATE = "station"
CELL = (39, 22)


def found_of(programme) -> dict:
    return measuring.air_of(programme)


def heads() -> list[tuple[str, bool]]:
    return [(_("点位"), False), (_("最近一日"), False), ("AQI", False), (_("首要污染物"), False), (_("今年以来 PM₂.₅ μg/m³"), True), (_("优良率 %"), True), (_("有效小时"), True)]  # fmt: skip


def line(site: Mapping, station) -> Line:
    if station is None:
        return Line(site)
    newest = station.days[-1]
    year = station.period(date(newest.day.year, 1, 1), newest.day)
    look = f"aqi-{newest.level.no}" if newest.level else ""
    cells = [
        Cell(_("最近一日"), str(newest.day)),
        Cell("AQI", grade(newest) or _("数据不足，不评价"), look=look, mark=str(newest.aqi or "")),
        Cell(_("首要污染物"), formulas(newest.primary) or "—"),
        Cell("PM₂.₅", _text(year.shown["PM25"]), number=True),
        Cell(_("优良率 %"), _text(year.good_rate), number=True),
        Cell(_("有效小时"), wording.percent(measuring.share(year.hours, year.of_hours)), number=True),
    ]
    return Line(site, cells, look, str(newest.aqi or "–"))


def _text(value) -> str:
    return "—" if value is None else str(value)


def of_group(found: Iterable, programme, code: str) -> tuple[str, str] | None:
    return None


def grade(day) -> str:
    return wording.said({"zh": day.level.grade, "en": day.level.grade_en}) if day.level else ""


def formulas(items) -> str:
    return _("、").join(measuring.AIR[one] for one in items)


def page(site: Mapping, station, asked: Mapping, programme) -> dict:
    year, item = parts.years(station, asked), parts.chosen(asked, list(measuring.AIR), "item", "PM25")
    months, last = station.months(year), station.days[-1]
    first, second, wrong = measuring.spans(asked, f"{last.day:%Y-%m}")
    periods = [station.period(one.first, min(one.last, max(last.day, one.first))) for one in (first, second)]
    flags = station.flags.get(year, {})
    return {
        "year": year, "item": item, "item_name": measuring.AIR[item], "items": measuring.AIR.items(), "newest": last, "grade": grade(last),
        "primary": formulas(last.primary), "look": f"aqi-{last.level.no}" if last.level else "", "unit": air.UNITS[item],
        "calendar": _calendar(station, year), "levels": _levels(), "unmonitored": _plan(site),
        "months": [(one, measuring.share(one.hours, one.of_hours), measuring.index_lacks(one.composite_lacks)) for one in months],
        "index_lacks": any(one.unmonitored & set(one.composite_lacks) for one in months),
        "series": _chart(site, item, station, year), "diurnal": _diurnal(site, item, station, year),
        "first": first, "second": second, "wrong": wrong, "periods": periods, "compared": _compared(periods),
        "flags": measuring.flag_words(flags), "editions": air.editions_of(date(year, 1, 1), min(last.day, date(year, 12, 31))),
    }  # fmt: skip


def _plan(site: Mapping) -> str:
    """What the station's monitoring plan leaves out, and when: CO（2026-03-01 – 2027-12-31）."""
    told = [(measuring.AIR[one.pollutant], one.since, one.until) for one in plan(site.get("unmonitored") or "")]
    return _("、").join(
        name if not (since or until) else f"{name} ({since or ''} – {until or ''})" for name, since, until in told
    )


def _compared(periods) -> list[Compared]:
    now, then = periods
    moved = change(then.values, now.values)
    whole = [
        Compared(_("优良率"), "%", *(_text(one.good_rate) for one in periods), ""),
        Compared(_("有效天数"), _("天"), *(str(one.counted) for one in periods), ""),
    ]
    return whole + [
        Compared(name, air.UNITS[item], _text(now.shown[item]), _text(then.shown[item]), parts.signed(moved[item]))
        for item, name in measuring.AIR.items()
    ]


def _levels() -> list[tuple[str, str]]:
    known = levels(editions("hj633")[-1])
    return [(f"aqi-{one.no}", wording.said({"zh": one.grade, "en": one.grade_en})) for one in known]


def _calendar(station, year: int):
    found = {}
    known = {one.day: one for one in station.between(date(year, 1, 1), date(year, 12, 31))}
    for month in range(1, 13):
        for no in range(1, monthrange(year, month)[1] + 1):
            day = date(year, month, no)
            if day <= station.days[-1].day:
                found[month - 1, no - 1] = _day_square(day, known.get(day))
    rows = [_("%(no)s月") % {"no": month} for month in range(1, 13)]
    return squares(rows, [str(no) for no in range(1, 32)], found, CELL)


def _day_square(day: date, told) -> Square:
    if told is None or told.aqi is None:
        return Square("", "", f"{day}  " + _("数据不足，不评价"))
    words = f"{day}  AQI {told.aqi}  {grade(told)}  {formulas(told.primary)}".strip()
    slashed = f"  {formulas(told.unmonitored)} {MARK}" if told.unmonitored else ""
    return Square(f"aqi-{told.level.no}", str(told.aqi), words + slashed)


def _chart(site, item: str, station, year: int) -> dict:
    days = station.between(date(year, 1, 1), date(year, 12, 31))
    rows = [[str(one.day), None if one.values[item] is None else str(one.values[item])] for one in days]
    return parts.drawn(site, [{"name": measuring.AIR[item], "rows": rows}], air.UNITS[item])


def _diurnal(site, item: str, station, year: int) -> dict:
    hours = station.diurnal.get((year, item), {})
    rows = [[no, str(hours[no]) if no in hours else None] for no in range(24)]
    return parts.drawn(site, [{"name": measuring.AIR[item], "rows": rows}], air.UNITS[item], hours=True)
