"""Sections of surface water: months with their class, periods, items with their limits, samples, what is missing."""

from datetime import date

from django.http import Http404
from ninja import Query, Schema
from pydantic import Field

from qingshan.evidence.measurements.queries import sites_of
from qingshan.observations.assess import sections as water
from qingshan.web import measuring
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.api.measurements import router
from qingshan.web.api.measurements.sites import FlagOut, StandardOut, flags, site_at, standards
from qingshan.web.pages import programme_for

SECTION = "/programmes/{slug:programme}/sites/{slug:site}/water"
Month = Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="2026-01")


class WaterItem(Schema):
    """An item's mean over a period, its class, and by how many times it exceeds the limit of class III."""

    item: str
    unit: str
    value: schemas.Number
    no: int | None
    multiple: schemas.Number | None


class WaterPeriod(Schema):
    """Months by GB 3838 and 环办〔2011〕22号: the class by the means of the items, and what decides it."""

    since: str
    until: str
    no: int | None
    name: str
    deciders: list[str]
    main_pollutants: list[str]
    items: list[WaterItem]
    samples: int


class SectionOut(Schema):
    """A section as it stands: newest month, the year so far, years and months with samples, the editions in force."""

    site: str
    body: str
    simulated: bool
    months: dict[str, int] = Field(description="how often it was sampled in each month")
    newest: WaterPeriod
    year: WaterPeriod
    flags: list[FlagOut]
    editions: list[StandardOut]


class SampleOut(Schema):
    """`below`: the value is a detection limit; null: it may not be used."""

    time: schemas.LocalTime
    value: schemas.Number | None
    below: bool


class ItemSamples(Schema):
    item: str
    unit: str
    samples: list[SampleOut]


def _section(request, programme: str, site: str):
    programme, told = site_at(request, programme, site, "water")
    found = measuring.water_of(programme).get(site)
    if found is None:
        raise Http404
    return told, found


def _period(one: water.Period) -> WaterPeriod:
    judged, classes, multiples = one.section, one.classes, one.multiples
    items = [
        WaterItem(item=item, unit=water.unit(item), value=shapes.number(value), no=classes.get(item),
                multiple=shapes.number(multiples.get(item)))
        for item, value in one.values.items()
    ]  # fmt: skip
    return WaterPeriod(
        since=one.since, until=one.until, no=judged.no, name=judged.name, deciders=list(judged.deciders),
        main_pollutants=[each.item for each in judged.main_pollutants], items=items, samples=one.samples,
    )  # fmt: skip


@router.get("/programmes/{slug:programme}/water", response=answers(list[SectionOut]))
def list_sections(request, programme: str):
    """地表水断面的最新一月和今年以来。 Sections of surface water with their newest month and the year so far."""
    found = measuring.water_of(programme_for(request, programme))
    sites = sites_of(request.programme, "water")
    return [_told(one, found[one["code"]]) for one in sites if one["code"] in found]


@router.get(SECTION, response=answers(SectionOut))
def read_section(request, programme: str, site: str):
    """一个断面的概况和所依据的标准版本。 One section and the editions it is evaluated by."""
    return _told(*_section(request, programme, site))


def _told(site: dict, section) -> SectionOut:
    newest = section.months[-1]
    year = int(newest[:4])
    return SectionOut(
        site=site["code"], body=site["body"], simulated=site["simulated"],
        months={one: section.taken[one] for one in section.months}, newest=_period(section.period(newest, newest)),
        year=_period(section.period(f"{year}-01", newest)), flags=flags(section.flags.get(year, {})),
        editions=standards(water.editions_of(date(year, 12, 31))),
    )  # fmt: skip


@router.get(SECTION + "/months", response=answers(list[WaterPeriod]))
def list_classes(request, programme: str, site: str, year: int | None = Query(None, ge=1900, le=2200)):
    """逐月的水质类别。 The class of each month, of one year or of all."""
    _site, section = _section(request, programme, site)
    months = [one for one in section.months if year is None or int(one[:4]) == year]
    return [_period(section.period(one, one)) for one in months]


@router.get(SECTION + "/period", response=answers(WaterPeriod))
def read_class(request, programme: str, site: str, since: str = Month, until: str = Month):
    """若干月的评价；与另一段比较时各取一次。 Some months evaluated; ask twice to compare two periods."""
    _site, section = _section(request, programme, site)
    found = section.period(since, until)
    if found is None:
        raise Http404
    return _period(found)


@router.get(SECTION + "/samples", response=answers(list[ItemSamples]))
def list_samples(request, programme: str, site: str, year: int = Query(ge=1900, le=2200)):
    """一年的各次采样值，按项目。 The samples of a year, by item."""
    _site, section = _section(request, programme, site)
    return [
        ItemSamples(item=item, unit=water.unit(item), samples=[
            SampleOut(time=one.time, value=shapes.number(one.value), below=one.below)
            for one in found if one.time.year == year
        ])
        for item, found in section.samples.items()
    ]  # fmt: skip
