"""Stations of ambient air: days with their index, months and years, hours of the day, what is missing."""

from datetime import date

from django.http import Http404
from ninja import Query, Schema
from pydantic import Field

from qingshan.observations.assess import stations as air
from qingshan.web import measuring
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.api.measurements import router
from qingshan.web.api.measurements.sites import FlagOut, StandardOut, flags, site_at, standards
from qingshan.web.pages import programme_for

STATION = "/programmes/{slug:programme}/sites/{slug:site}/air"
Values = dict[str, schemas.Number | None]


class Level(Schema):
    """1 (excellent) to 6 (severe)."""

    no: int
    grade: schemas.Words


class DayOut(Schema):
    """A day by HJ 633 [μg/m³; CO mg/m³]; `aqi` is null where it may not be published."""

    day: date
    aqi: int | None
    level: Level | None
    primary: list[str]
    values: Values


class AirPeriod(Schema):
    """Some days by HJ 663. `few`: items with too few valid days; `levels`: days at each level; good_rate [%]."""

    since: date
    until: date
    values: Values
    days: dict[str, int] = Field(description="valid days of each item")
    few: list[str]
    levels: list[int]
    good_rate: schemas.Number | None
    composite: schemas.Number | None
    hours: int = Field(description="valid hourly values of the six items")
    of_hours: int = Field(description="hourly values there should be")


class StationOut(Schema):
    """A station as it stands: newest day, years with measurements, the newest year's flags and the editions in force."""

    site: str
    simulated: bool
    years: list[int]
    newest: DayOut
    year: AirPeriod
    flags: list[FlagOut]
    editions: list[StandardOut]


class Span(Schema):
    since: schemas.Day
    until: schemas.Day


def _station(request, programme: str, site: str):
    programme, told = site_at(request, programme, site, "air")
    found = measuring.air_of(programme).get(site)
    if found is None:
        raise Http404
    return told, found


def _day(one: air.Day) -> DayOut:
    level = one.level and Level(no=one.level.no, grade=schemas.Words(zh=one.level.grade, en=one.level.grade_en))
    return DayOut(day=one.day, aqi=one.aqi, level=level, primary=list(one.primary), values=_numbers(one.values))


def _numbers(values) -> Values:
    return {item: shapes.number(value) for item, value in values.items()}


def _period(one: air.Period) -> AirPeriod:
    told = {"values": _numbers(one.values), "days": dict(one.days), "few": list(one.few), "levels": list(one.levels)}
    numbers = {"good_rate": shapes.number(one.good_rate), "composite": shapes.number(one.composite)}
    return AirPeriod(**shapes.same(one, AirPeriod) | told | numbers)


@router.get("/programmes/{slug:programme}/air", response=answers(list[StationOut]))
def list_stations(request, programme: str):
    """空气站点的最新一日和今年以来。 Stations of air with their newest day and the year so far."""
    found = measuring.air_of(programme_for(request, programme))
    sites = measuring.sites(request.programme, "air")
    return [_told(one, found[one["code"]]) for one in sites if one["code"] in found]


@router.get(STATION, response=answers(StationOut))
def read_station(request, programme: str, site: str):
    """一个空气站点的概况和所依据的标准版本。 One station of air and the editions it is evaluated by."""
    return _told(*_station(request, programme, site))


def _told(site: dict, station) -> StationOut:
    newest = station.days[-1]
    first = date(newest.day.year, 1, 1)
    return StationOut(
        site=site["code"], simulated=site["simulated"], years=station.years, newest=_day(newest),
        year=_period(station.period(first, newest.day)), flags=flags(station.flags.get(newest.day.year, {})),
        editions=standards(air.editions_of(first, newest.day)),
    )  # fmt: skip


@router.get(STATION + "/days", response=answers(list[DayOut]))
def list_days(request, programme: str, site: str, span: Query[Span]):
    """逐日的 AQI、首要污染物和浓度。 Days with their index, primary pollutants and concentrations."""
    _site, station = _station(request, programme, site)
    return [_day(one) for one in station.between(span.since, span.until)]


@router.get(STATION + "/months", response=answers(list[AirPeriod]))
def list_months(request, programme: str, site: str, year: int = Query(ge=1900, le=2200)):
    """一年的各月。 The months of a year."""
    _site, station = _station(request, programme, site)
    return [_period(one) for one in station.months(year)] if year in station.years else []


@router.get(STATION + "/period", response=answers(AirPeriod))
def read_period(request, programme: str, site: str, span: Query[Span]):
    """一段时间的评价；与另一段比较时各取一次。 Some days evaluated; ask twice to compare two periods."""
    _site, station = _station(request, programme, site)
    last = max(station.days[-1].day, span.since)
    return _period(station.period(span.since, min(span.until, last)))


@router.get(STATION + "/hours", response=answers(dict[str, Values]))
def read_hours(request, programme: str, site: str, year: int = Query(ge=1900, le=2200)):
    """一年中各时刻的平均浓度，按项目。 Mean concentrations by the hour of the day over a year, by item."""
    _site, station = _station(request, programme, site)
    return {
        item: {str(hour): shapes.number(value) for hour, value in sorted(hours.items())}
        for (of_year, item), hours in station.diurnal.items()
        if of_year == year
    }
