"""Stations of ambient air: days with their index, months and years, hours of the day, what is missing."""

from collections.abc import Mapping
from datetime import date

from django.http import Http404
from ninja import Query, Schema
from pydantic import Field

from qingshan.evidence.measurements.queries import sites_of
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
    """A day by HJ 633 [μg/m³; CO mg/m³]; `aqi` is null where it may not be published. `unmonitored`: pollutants that it may lack,
    since the station's monitoring plan leaves them out."""

    day: date
    aqi: int | None
    level: Level | None
    primary: list[str]
    values: Values
    unmonitored: list[str]


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
    composite_lacks: list[str] = Field(
        description="items for want of which there is no composite index, which is one of all six"
    )
    unmonitored: list[str] = Field(description="pollutants that its monitoring plan left out on some of the days")
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
    told = {"primary": list(one.primary), "unmonitored": list(one.unmonitored)}
    return DayOut(day=one.day, aqi=one.aqi, level=level, values=_numbers(one.values), **told)


def _numbers(values) -> Values:
    return {item: shapes.number(value) for item, value in values.items()}


def _period(one: air.Period) -> AirPeriod:
    told = {"values": _numbers(one.values), "days": dict(one.days), "few": list(one.few), "levels": list(one.levels)}
    told |= {"unmonitored": sorted(one.unmonitored)}
    numbers = {"good_rate": shapes.number(one.good_rate), "composite": shapes.number(one.composite)}
    return AirPeriod(**shapes.same(one, AirPeriod) | told | numbers)


@router.get("/programmes/{slug:programme}/air", response=answers(list[StationOut]))
def list_stations(request, programme: str):
    """空气站点的最新一日和今年以来。 Stations of air with their newest day and the year so far."""
    found = measuring.air_of(programme_for(request, programme))
    sites = sites_of(request.programme, "air")
    return [_told(one, found[one["code"]]) for one in sites if one["code"] in found]


class ItemYear(Schema):
    """An item's year [μg/m³; CO mg/m³]. `over`: how many times above the limit, where it exceeds one; `incomplete`: "year" or
    "month N" with too few valid days, "" where the year is complete."""

    item: str
    days: int = Field(description="valid days")
    incomplete: str
    mean: schemas.Number
    percentile: schemas.Number
    over: schemas.Number | None


class AirYear(Schema):
    """A year by HJ 663; the site is a station, or "district" for all of them together. `under`: "in force", or the edition of
    HJ 633 under which the whole year stands, where one begins within it. `dust`: whether dust days are in it. good_rate [%]."""

    site: str
    year: int
    under: str
    dust: bool
    limits: str
    rules: str
    mark: str = Field(description="the weakest verification of the editions")
    items: list[ItemYear]
    attained: bool | None
    composite: schemas.Number | None
    composite_lacks: list[str] = Field(
        description="items for want of which there is no composite index, which is one of all six"
    )
    good_days: int
    valid_days: int
    good_rate: schemas.Number | None


class AirTrend(Schema):
    """Of the district: the mean of the newest three years, and over five and more Spearman's coefficient."""

    item: str
    first: int
    last: int
    three_year_mean: schemas.Number
    coefficient: schemas.Number | None
    critical: schemas.Number | None
    significant: bool | None


class DustDay(Schema):
    """A day under sand or dust from elsewhere, at one station or (none) at all."""

    day: date
    site: str | None
    simulated: bool


class AirYears(Schema):
    district: list[AirYear]
    stations: list[AirYear]
    trends: list[AirTrend]
    dust_days: list[DustDay]
    simulated: bool


@router.get("/programmes/{slug:programme}/air/years", response=answers(AirYears))
def list_years(request, programme: str):
    """全区和各点位历年的评价、趋势和沙尘日。 Years of all stations together and of each, trends, and dust days."""
    found = measuring.years_of_air(programme_for(request, programme))
    sites = sites_of(request.programme, "air")
    if found is None:
        raise Http404
    return AirYears(
        district=[_year(one) for one in found.district],
        stations=[_year(one) for site in sites for one in found.stations.get(site["code"], [])],
        trends=[AirTrend(**_trend(one)) for one in found.trends],
        dust_days=request.programme.about.get("dust", []),
        simulated=any(one["simulated"] for one in sites),
    )


def _year(one: Mapping) -> AirYear:
    same = (
        "site",
        "year",
        "under",
        "limits",
        "rules",
        "mark",
        "attained",
        "composite_lacks",
        "good_days",
        "valid_days",
    )
    return AirYear(
        **{name: one[name] for name in same}, dust=one["dust_days"] == "with",
        items=[_item(item, one) for item in measuring.AIR if f"{item}_mean" in one],
        composite=shapes.number(one["composite"]), good_rate=shapes.number(one["good_rate"]),
    )  # fmt: skip


def _item(item: str, one: Mapping) -> ItemYear:
    numbers = {name: shapes.number(one[f"{item}_{name}"]) for name in ("mean", "percentile", "over")}
    return ItemYear(item=item, days=one[f"{item}_days"], incomplete=one[f"{item}_incomplete"], **numbers)


def _trend(one: Mapping) -> dict:
    numbers = {name: shapes.number(one[name]) for name in ("three_year_mean", "coefficient", "critical")}
    return {name: one[name] for name in ("item", "first", "last", "significant")} | numbers


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
