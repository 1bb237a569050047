"""A small invented plan in force, from which lists are made."""

from datetime import date
from decimal import Decimal

import pytest

from qingshan.people.actions import put_jurisdiction, set_bodies
from qingshan.people.models import AuditLine
from qingshan.plan.actions import Refused, put_edition, put_programme
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import AnnualList, Item
from qingshan.plan.annual.proposing import Grounds
from qingshan.plan.annual.queries import sheet_of
from qingshan.plan.contents import EditionContent, MeasureContent, TargetContent, TaskContent, ThemeContent
from qingshan.plan.models import Programme

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
FEBRUARY, JULY = date(2024, 2, 1), date(2024, 7, 1)
BODIES = ["水务局", "建管局", "教育局"]
CODES = dict(zip(BODIES, ("water", "works", "school"), strict=True))
GROUNDS = Grounds(lines={"d01": (Decimal(80), Decimal(82))})


def content(digest: str = "a") -> EditionContent:
    return EditionContent(
        title="清水计划", starts=FIRST, ends=LAST, origin="试验.txt", digest=digest,
        themes=[ThemeContent(1, "水体", "Water"), ThemeContent(2, "宣传", "Outreach")],
        tasks=[
            TaskContent("1", "治理河道", theme=1, bodies=["水务局", "建管局"], measures=[
                MeasureContent("疏浚河道"), MeasureContent("2025年6月底前封堵全部排口，复核一遍"), MeasureContent("建设泵站")]),
            TaskContent("2", "开展宣传", theme=2, bodies=["教育局"], measures=[MeasureContent("编写读本")]),
        ],
        targets=[TargetContent("1", "d01", "优良断面比例", "lower_bound", ">=", Decimal(85), "%", FIRST, LAST)],
    )  # fmt: skip


def programme() -> Programme:
    place = put_jurisdiction(by=None, code="T-01", name="试验区", name_en="Trial District")
    set_bodies(by=None, jurisdiction=place, bodies=[
        {"code": code, "name": name, "full_name": "", "name_en": code.title(), "aliases": []} for name, code in CODES.items()
    ])  # fmt: skip
    made = put_programme(
        by=None, jurisdiction=place, code="trial", title="清水计划", title_en="", office=None, about={}
    )
    put_edition(by=None, programme=made, content=content())
    return made


def draft(programme: Programme, year: int = 2024, by=None) -> AnnualList:
    return actions.make(by=by, programme=programme, year=year, grounds=GROUNDS)


def issued(programme: Programme, year: int = 2024, on: date | None = None) -> AnnualList:
    annual = draft(programme, year)
    actions.accept_leads(by=None, annual=annual)
    return actions.issue(by=None, annual=annual, on=on or date(year, 2, 1))


def named(annual: AnnualList, title: str) -> Item:
    return annual.items.get(title=title)


def titles(annual) -> list[str]:
    return [one.title for one in sheet_of(annual).standing]


def refused(act, words: str, error=Refused) -> None:
    before = AuditLine.objects.count()
    with pytest.raises(error, match=words) as told:
        act()
    assert told.value.en and not any("㐀" <= letter <= "鿿" for letter in told.value.en.split("“")[0])
    assert AuditLine.objects.count() == before


def last() -> AuditLine:
    return AuditLine.objects.latest("id")


def amended(annual, **changes):
    """An amendment that changes the item 疏浚河道, takes out 建设泵站 and adds one."""
    actions.begin_amendment(by=None, annual=annual, why="机构调整")
    actions.edit_item(
        by=None, item=named(annual, "疏浚河道"), **({"quarter": 3, "lead_code": "works", "why": "移交"} | changes)
    )
    actions.remove_item(by=None, item=named(annual, "建设泵站"), why="缓建")
    actions.add_item(by=None, annual=annual, title="备用泵", content="购置", node="到位", quarter=4, lead_code="water")
