"""A month's measurements as the tables that offices hand on: one row a station or section."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from qingshan.observations.assess import sections as water
from qingshan.observations.assess import stations as air
from qingshan.standards.air import ITEMS
from qingshan.web import measuring, wording
from qingshan.web.measuring import Span


@dataclass(frozen=True)
class Table:
    title: str
    notes: list[str]
    head: list[str]
    rows: list[list]
    widths: list[int]


def months(stations: Mapping, sections: Mapping) -> list[str]:
    """All months of which anything was measured."""
    found = {one.day.strftime("%Y-%m") for station in stations.values() for one in station.days}
    return sorted(found | {month for section in sections.values() for month in section.months})


def of_air(sites: list[dict], found: Mapping, month: str | None) -> Table:
    head = [_("点位"), *(f"{measuring.AIR[item]} {air.UNITS[item]}" for item in ITEMS), _("综合指数"), _("优良天数"), _("有效天数"),
            _("优良率 %"), _("应有小时值"), _("有效小时值"), _("有效日数不足的项目")]  # fmt: skip
    notes = [_("SO₂、NO₂、PM₁₀、PM₂.₅ 为月均值，CO 为第 95 百分位数，O₃ 为日最大 8 小时平均第 90 百分位数。")]
    rows = [_station_row(one, found.get(one["code"]), month) for one in sites]
    editions = air.editions_of(Span(month, month).first, Span(month, month).last) if month else []
    return Table(_("环境空气质量月报表"), notes + _by(editions), head, rows, [22, *[12] * 13])


def _station_row(site: dict, station, month: str | None) -> list:
    span = Span(month, month) if month else None
    if station is None or not station.between(span.first, span.last):
        return [wording.said(site)] + [None] * 13
    one = station.period(span.first, min(span.last, max(station.days[-1].day, span.first)))
    counts = [
        Decimal(sum(one.levels[:2])),
        Decimal(one.counted),
        one.good_rate,
        Decimal(one.of_hours),
        Decimal(one.hours),
    ]
    few = _("、").join(measuring.AIR[item] for item in one.few)
    return [wording.said(site), *(one.values[item] for item in ITEMS), one.composite, *counts, few]


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


TABLES: dict[str, Callable[..., Table]] = {"air": of_air, "water": of_water}
