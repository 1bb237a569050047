"""The measurements of a month, a survey or a year as the tables that offices hand on: one row for each site."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from qingshan.observations.assess import histories
from qingshan.observations.assess import sections as water
from qingshan.observations.assess import stations as air
from qingshan.standards.air import ITEMS
from qingshan.web import measuring, wording
from qingshan.web.measuring import Span
from qingshan.web.sites import MEDIA, noise, parts, sea, soil


@dataclass(frozen=True)
class Table:
    title: str
    notes: list[str]
    head: list[str]
    rows: list[list]
    widths: list[int]


def of_air(sites: list[dict], found: Mapping, month: str | None) -> Table:
    head = [_("点位"), *(f"{measuring.AIR[item]} {air.UNITS[item]}" for item in ITEMS), _("综合指数"), _("优良天数"), _("有效天数"),
            _("优良率 %"), _("应有小时值"), _("有效小时值"), _("有效日数不足的项目")]  # fmt: skip
    notes = [_("SO₂、NO₂、PM₁₀、PM₂.₅ 为月均值，CO 为第 95 百分位数，O₃ 为日最大 8 小时平均第 90 百分位数。")]
    told = [(one, _month(found.get(one["code"]), month)) for one in sites]
    rows = [_station_row(*one) for one in told]
    editions = air.editions_of(Span(month, month).first, Span(month, month).last) if month else []
    lacking = [why for one in told if (why := _without_index(*one))]
    return Table(_("环境空气质量月报表"), notes + lacking + _by(editions), head, rows, [22, *[12] * 13])


def _station_row(site: dict, one: air.Period | None) -> list:
    if one is None:
        return [wording.said(site)] + [None] * 13
    counts = [
        Decimal(sum(one.levels[:2])),
        Decimal(one.counted),
        one.good_rate,
        Decimal(one.of_hours),
        Decimal(one.hours),
    ]
    few = _("、").join(measuring.AIR[item] for item in one.few)
    return [wording.said(site), *(one.shown[item] for item in ITEMS), one.composite, *counts, few]


def _month(station: air.Station | None, month: str | None) -> air.Period | None:
    """A month of a station up to its last day; None where it has no day of it."""
    if station is None or month is None:
        return None
    span = Span(month, month)
    if not station.between(span.first, span.last):
        return None
    return station.period(span.first, min(span.last, max(station.days[-1].day, span.first)))


def _without_index(site: dict, one: air.Period | None) -> str:
    """Why a station has no composite index in a month, where some items are there."""
    lacks = measuring.index_lacks(one.composite_lacks) if one else ""
    return (
        _("%(site)s：%(lacks)s，综合指数为六项之和，不计算。") % {"site": wording.said(site), "lacks": lacks}
        if lacks
        else ""
    )


def of_water(sites: list[dict], found: Mapping, month: str | None) -> Table:
    head = [
        _("断面"),
        _("水体类型"),
        _("水质类别"),
        _("上月"),
        _("上年同月"),
        _("定类项目"),
        _("主要污染指标（超标倍数）"),
        _("采样次数"),
    ]
    rows = [_section_row(one, found.get(one["code"]), month) for one in sites]
    editions = water.editions_of(date.fromisoformat(f"{month}-01")) if month else []
    return Table(_("地表水环境质量月报表"), _by(editions), head, rows, [24, 10, 10, 10, 10, 28, 36, 10])


def _section_row(site: dict, section, month: str | None) -> list:
    name, body = wording.said(site), measuring.body_words(site["body"])
    one = section.period(month, month) if section and month else None
    if one is None:
        return [name, body] + [None] * 6
    deciding = _("、").join(measuring.item_name(item) for item in one.section.deciders)
    before = [_class(section, _earlier(month)), _class(section, f"{int(month[:4]) - 1}{month[4:]}")]
    return [name, body, one.section.name, *before, deciding, measuring.pollutants(one.section), Decimal(one.samples)]


def _class(section, month: str) -> str | None:
    found = section.period(month, month)
    return found.section.name if found else None


def _earlier(month: str) -> str:
    year, no = map(int, month.split("-"))
    return f"{year - 1}-12" if no == 1 else f"{year}-{no - 1:02d}"


def _by(editions: list[dict]) -> list[str]:
    """The editions of a table, each with the mark of its verification."""
    words = [
        f"{one['standard']}（{wording.said({'zh': one['verification'], 'en': one['verification_en']})} {one['mark']}）"
        for one in editions
    ]
    return [_("评价依据：") + _("；").join(words)] if words else []


def of_groundwater(sites: list[dict], found: Mapping, period: str | None) -> Table:
    head = [_("监测井"), _("所在组"), _("采样日"), _("水质类别"), _("定类项目"), _("超过Ⅲ类的项目"), _("评价项目数")]
    rows, tables = [], []
    for site in sites:
        one = _in_quarter(found.get(site["code"]), "sample", period)
        if one is None:
            rows.append([wording.said(site), site.get("group") or ""] + [None] * 5)
            continue
        tables.append(one.well.edition)
        beyond = parts.names(item.item for item in one.well.items if item.no and item.no > 3)
        rows.append([wording.said(site), site.get("group") or "", one.period, one.well.name, parts.names(one.well.deciders), beyond,
                     Decimal(sum(item.no is not None for item in one.well.items))])  # fmt: skip
    return Table(_("地下水环境质量季报表"), _by(parts.editions(tables)), head, rows, [24, 14, 12, 10, 40, 30, 12])


def _in_quarter(history, per: str, period: str | None):
    """The newest of a site's samples in a quarter."""
    known = [one for one in history.periods[per] if _quarter(one.period) == period] if history else []
    return known[-1] if known else None


def _quarter(period: str) -> str:
    year, month = period.split("-")[:2]
    return f"{year}-Q{(int(month) + 2) // 3}"


def of_soil(sites: list[dict], found: Mapping, period: str | None) -> Table:
    head = [
        _("点位"),
        _("土地用途"),
        _("采样日"),
        _("风险"),
        _("超过筛选值的项目"),
        _("超过管制值的项目"),
        _("评价项目数"),
    ]
    rows, tables = [], []
    for site in sites:
        history = found.get(site["code"])
        some = [one for one in history.periods["sample"] if one.period.startswith(period or "-")] if history else []
        if not some:
            rows.append([wording.said(site), soil.use(site["land"])] + [None] * 5)
            continue
        one = some[-1]
        tables.append(one.plot.edition)
        over = [parts.names(risk.item for risk in one.plot.items if (risk.no or 0) >= no) for no in (1, 2)]
        words = soil.risks(one.land)[one.no] if one.no is not None else None
        rows.append([wording.said(site), soil.use(one.land), one.period, words, *over, Decimal(len(one.plot.items))])
    return Table(_("土壤环境质量年报表"), _by(parts.editions(tables)), head, rows, [24, 14, 12, 16, 30, 30, 12])


def of_noise(sites: list[dict], found: Mapping, period: str | None) -> Table:
    head = [_("点位"), _("功能区"), "Ld dB(A)", "Ln dB(A)", "Ldn dB(A)", _("昼间达标点次"), _("昼间有效点次"), _("昼间达标率 %"),
            _("夜间达标点次"), _("夜间有效点次"), _("夜间达标率 %")]  # fmt: skip
    rows, tables = [], []
    for site in sites:
        one = found[site["code"]].at("month", period) if site["code"] in found and period else None
        if one is None:
            rows.append([wording.said(site), noise.zone(site["zone"])] + [None] * 9)
            continue
        tables.append(one.edition)
        levels = [None] * 3 if site["zone"] == "building" else [one.level.day, one.level.night, one.level.both]
        shares = [
            value
            for share in (one.day, one.night)
            for value in (Decimal(share.met), Decimal(share.of), histories.rate(share.rate))
        ]
        rows.append([wording.said(site), noise.zone(site["zone"]), *levels, *shares])
    return Table(_("声环境质量月报表"), _by(parts.editions(tables)), head, rows, [24, 16, *[12] * 9])


def of_sea(sites: list[dict], found: Mapping, period: str | None) -> Table:
    head = [_("站位"), _("代表面积 km²"), _("水质类别"), _("定类项目"), _("评价项目数"), _("富营养化指数")]
    rows, tables = [], []
    for site in sites:
        area = Decimal(site["area"]) if site.get("area") else None
        one = found[site["code"]].at("season", period) if site["code"] in found and period else None
        if one is None:
            rows.append([wording.said(site), area] + [None] * 4)
            continue
        tables.append(one.station.edition)
        count = Decimal(sum(item.no is not None for item in one.station.items))
        rich = one.eutrophication.index if one.eutrophication else None
        rows.append([wording.said(site), area, sea.class_name(one.no), parts.names(one.station.deciders), count, rich])
    notes = [sea.share_words(one) for one in sea.areas(found.values()) if one.period == period]
    return Table(_("近岸海域水质调查表"), notes + _by(parts.editions(tables)), head, rows, [24, 12, 12, 40, 12, 14])


def of_rain(sites: list[dict], found: Mapping, month: str | None) -> Table:
    span = Span(month, month) if month else None
    head = [_("雨量站"), *(f"{no}" for no in range(1, 32)), _("合计 mm"), _("有值日数")]
    rows = []
    for site in sites:
        history = found.get(site["code"])
        days = (
            {day.day: depth for day, depth in history.days if span and span.first <= day <= span.last}
            if history
            else {}
        )
        total, n = histories.rain_by_month(history).get(month or "", (None, 0)) if history else (None, 0)
        rows.append([wording.said(site), *(_depth(days.get(no)) for no in range(1, 32)), total, Decimal(n)])
    return Table(_("降雨量月报表"), [_("单位 mm；空格为无雨量记录的日子。")], head, rows, [24, *[6] * 31, 10, 10])


def _depth(depth) -> Decimal | None:
    return None if depth is None else depth.quantize(Decimal("0.1"))


TABLES: dict[str, Callable[..., Table]] = {
    "air": of_air, "water": of_water, "groundwater": of_groundwater, "soil": of_soil, "noise": of_noise, "sea": of_sea, "rain": of_rain,
}  # fmt: skip


def periods(programme, medium: str) -> list[str]:
    """The periods a medium has tables of, the oldest first: months, quarters of wells, years of soil, surveys of the sea."""
    found = MEDIA[medium].found_of(programme).values()
    if medium == "air":
        return sorted({f"{one.day:%Y-%m}" for station in found for one in station.days})
    if medium == "water":
        return sorted({month for section in found for month in section.months})
    if medium == "rain":
        return sorted({f"{day:%Y-%m}" for history in found for day, _depth in history.days})
    per = {"groundwater": "sample", "soil": "sample", "noise": "month", "sea": "season"}[medium]
    known = {one.period for history in found for one in history.periods[per]}
    if medium == "sea":
        return sorted(known, key=lambda one: (one[:4], sea.SEASONS.index(one[5:])))
    return sorted({_quarter(one) if medium == "groundwater" else one[:4] if medium == "soil" else one for one in known})


NEWEST = 36  # of the periods offered


def offered(programme, media: list[str]) -> list[dict]:
    """For each medium its table's name and the periods it can be had of, the newest first."""
    made = []
    for medium in media:
        known = list(reversed(periods(programme, medium)))[:NEWEST]
        if known:
            words = [(one, wording.survey(one)) for one in known]
            made.append({"medium": medium, "title": wording.medium(medium), "periods": words})
    return made
