"""Sections of surface water together: groups by year beside the year before, and the trend of each item."""

from ninja import Schema
from pydantic import Field

from qingshan.observations.assess import rivers
from qingshan.web import measuring
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.api.measurements import router
from qingshan.web.api.measurements.sites import site_at
from qingshan.web.api.measurements.water import SECTION
from qingshan.web.pages import programme_for


class SectionShare(Schema):
    """So many of so many sections; rate [%], none where there are none."""

    count: int
    of: int
    rate: schemas.Number | None


class GroupPollutant(Schema):
    """An item that exceeds class III at some sections, and the highest multiple by which it does."""

    item: str
    sections: SectionShare
    highest: schemas.Number | None


class SectionGroup(Schema):
    """The sections of a group in a year by 环办〔2011〕22号; the group without a code is that of the sections in none.

    grade: 1 excellent to 5 heavily polluted, none where they are too few to be rated together. change: against the year before,
    2 much better to -2 much worse.
    """

    code: str
    year: str
    sections: list[str]
    classes: list[int] = Field(description="how many sections are of class I, II, III, IV, V and worse")
    good: SectionShare = Field(description="of classes I to III")
    worst: SectionShare = Field(description="worse than class V")
    grade: int | None
    main_pollutants: list[GroupPollutant]
    index: schemas.Number | None = Field(description="by which cities are ranked")
    change: int | None
    index_change: schemas.Number | None = Field(description="against the year before [%]")


class ItemTrend(Schema):
    """Spearman's coefficient of an item from the first to the last of `n` periods; `significant` where it reaches the critical value."""

    item: str
    first: str
    last: str
    n: int
    coefficient: schemas.Number
    critical: schemas.Number | None
    significant: bool | None


@router.get("/programmes/{slug:programme}/water/groups", response=answers(list[SectionGroup]))
def list_groups(request, programme: str):
    """各组断面逐年的优良比例、级别、主要污染指标和与上年的变化。 Groups of sections by year: shares, grade, main pollutants, change."""
    return [_group(one) for one in measuring.groups_of_water(programme_for(request, programme)).groups]


def _group(one: rivers.Group) -> SectionGroup:
    pollutants = [
        GroupPollutant(item=item, sections=_share(share), highest=shapes.number(highest))
        for item, share, highest in one.main_pollutants
    ]
    return SectionGroup(
        code=one.group, year=one.period, sections=[each.site for each in one.sections], classes=list(one.classes),
        good=_share(one.good), worst=_share(one.worst), grade=one.grade, main_pollutants=pollutants, index=shapes.number(one.index),
        change=one.change and one.change.direction * one.change.size, index_change=shapes.number(one.index_change),
    )  # fmt: skip


def _share(one) -> SectionShare:
    return SectionShare(count=one.count, of=one.of, rate=shapes.number(one.rate))


@router.get(SECTION + "/trends", response=answers(list[ItemTrend]))
def list_trends(request, programme: str, site: str):
    """一个断面各项目最近 12 个月的趋势（斯皮尔曼秩相关）。 The trend of each item of a section over the last twelve months."""
    programme, _told = site_at(request, programme, site, "water")
    return [_trend(one) for one in measuring.groups_of_water(programme).trends if one.site == site]


def _trend(one: rivers.Trend) -> ItemTrend:
    return ItemTrend(
        **shapes.same(one, ItemTrend, "item", "first", "last", "n"), coefficient=f"{float(one.trend.coefficient):.3f}",
        critical=shapes.number(one.trend.critical), significant=one.trend.significant,
    )  # fmt: skip
