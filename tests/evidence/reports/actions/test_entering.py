"""From an accepted value to a figure, and back; from a finished node to the annual list."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from qingshan.evidence.figures.models import Figure
from qingshan.evidence.reports.actions import Change, accept, open_round, save_lines, send_back, submit
from qingshan.evidence.reports.answers import Answer, Asked
from qingshan.evidence.reports.models import Entered
from qingshan.evidence.reports.rounds import days
from qingshan.plan.annual.models import AnnualList, Item
from qingshan.plan.models import Edition

from ....district import programme
from ..conftest import QUARTER
from .handed_in import DUE, LOCK, answered, handed_in, seen

ON = date(2025, 10, 9)


def test_an_accepted_value_becomes_a_figure_with_the_way_back(report, people):
    handed_in(report, people)
    accept(by=people["office"], report=report, version=1, on=DUE)
    figure = Figure.objects.get()
    assert (figure.value, figure.period, figure.known_on) == (130, "2025-Q3", DUE)
    assert "水务局" in figure.source and "第 1 次报送" in figure.source and figure.recorded_by == people["office"]
    entered = Entered.objects.get(figure=figure)
    assert entered.line.key == "value:park-area@2025-Q3" and entered.version.recorded_by == people["liaison"]
    report.refresh_from_db()
    assert report.state == "accepted"
    assert [one.verb for one in report.steps.all()] == ["submit", "accept"]


def test_a_value_accepted_later_corrects_by_a_later_row(report, people):
    handed_in(report, people)
    accept(by=people["office"], report=report, version=1, on=DUE)
    send_back(by=people["office"], report=report, version=1, why="面积有误", on=DUE)
    report.refresh_from_db()
    answered(report, people["liaison"], DUE, area="125")
    submit(by=people["liaison"], report=report, seen=seen(report), on=DUE)
    accept(by=people["office"], report=report, version=2, on=LOCK)
    assert [(one.value, one.known_on) for one in Figure.objects.order_by("id")] == [(130, DUE), (125, LOCK)]
    assert [one.content[0]["claim"] for one in report.versions.all()] == ["130", "125"]


def test_what_already_stands_is_not_said_again(report, people):
    handed_in(report, people)
    accept(by=people["office"], report=report, version=1, on=DUE)
    send_back(by=people["office"], report=report, version=1, why="补充进展", on=DUE)
    report.refresh_from_db()
    submit(by=people["liaison"], report=report, seen=seen(report), on=DUE)
    accept(by=people["office"], report=report, version=2, on=LOCK)
    assert Figure.objects.count() == 1 and Entered.objects.count() == 2


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
