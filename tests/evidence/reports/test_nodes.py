"""A node of the annual list that a report says is finished, and the office accepts, is done in the list."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from qingshan.evidence.reports.actions import Change, accept, open_round, save_lines, submit
from qingshan.evidence.reports.answers import Answer, Asked
from qingshan.evidence.reports.rounds import days
from qingshan.plan.annual.models import AnnualList, Item
from qingshan.plan.models import Edition

from ...district import programme
from .conftest import QUARTER

ON = date(2025, 10, 9)


def node() -> Item:
    edition = Edition.objects.create(
        programme=programme(), ordinal=1, title="计划", starts=ON, ends=ON, digest="0" * 64, created_at=timezone.now()
    )
    made = AnnualList.objects.create(programme=programme(), edition=edition, year=2025, created_at=timezone.now())
    item = Item.objects.create(
        annual=made, order=1, title="修复岸线", content="全线", node="完成", quarter=3, lead_code="water"
    )
    made.state, made.number, made.issued_on, made.issued_at = "issued", "2025-1", ON, timezone.now()
    made.save()
    return item


def reported(people, item: Item, percent: int):
    asked = Asked(f"node:{item.pk}", "node", "percent", {"zh": "修复岸线", "en": "Banks", "node": item.pk})
    held = open_round(
        by=None, programme=programme(), kind=QUARTER, days=days(QUARTER, date(2025, 7, 1)), owed={"water": [asked]}
    )
    report, line = held.reports.get(), held.reports.get().lines.get()
    save_lines(
        by=people["liaison"], report=report, changes={line.pk: Change(1, Answer(Decimal(percent), "完工"))}, on=ON
    )
    submit(by=people["liaison"], report=report, seen={line.pk: 2}, on=ON)
    accept(by=people["office"], report=report, version=1, on=ON)


def test_a_finished_node_is_done_in_the_list(people):
    item = node()
    reported(people, item, 100)
    done = item.completions.get()
    assert (done.done_on, done.by) == (date(2025, 9, 30), people["office"]) and "第 1 次报送" in done.note


def test_an_unfinished_one_is_not(people):
    item = node()
    reported(people, item, 99)
    assert not item.completions.exists()
