from datetime import date

import pytest

from qingshan.people.actions import NotAllowed
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import Change
from qingshan.plan.annual.queries import paper_of, sheet_of
from qingshan.plan.models import Measure

from ..plans import FEBRUARY, GROUNDS, JULY, amended, draft, issued, named, refused, titles

pytestmark = pytest.mark.django_db


# issuing
def test_issuing_numbers_the_list_and_its_items(programme, office):
    annual = draft(programme)
    refused(lambda: actions.issue(by=None, annual=annual, on=FEBRUARY), "还有 4 项没有确定牵头部门，例如“优良断面比例”")
    actions.remove_item(by=None, item=named(annual, "疏浚河道"), why="不列")
    actions.accept_leads(by=None, annual=annual)
    refused(lambda: actions.issue(by=None, annual=annual, on=date(2034, 2, 1)), "2034-02-01 与清单年份 2024")
    done = actions.issue(by=office, annual=annual, on=FEBRUARY)
    assert (done.number, done.state, done.issued_on, done.issued_by) == ("2024-1", "issued", FEBRUARY, office)
    assert list(annual.items.values_list("order", flat=True)) == [1, 2, 3]
    refused(lambda: actions.issue(by=None, annual=annual, on=FEBRUARY), "已印发", NotAllowed)


def test_an_empty_list_is_not_issued(programme):
    annual = draft(programme)
    for item in annual.items.all():
        actions.remove_item(by=None, item=item, why="不列")
    refused(lambda: actions.issue(by=None, annual=annual, on=FEBRUARY), "还没有项目")


def test_an_issued_list_changes_only_through_an_amendment(programme):
    annual = issued(programme)
    item = named(annual, "疏浚河道")
    for act in (
        lambda: actions.edit_item(by=None, item=item, quarter=1),
        lambda: actions.remove_item(by=None, item=item, why="不列"),
        lambda: actions.accept_leads(by=None, annual=annual),
        lambda: actions.carry_over(by=None, annual=annual),
    ):
        refused(act, "内容已冻结", NotAllowed)
    refused(lambda: actions.begin_amendment(by=None, annual=annual, why=""), "请写明为什么修订")
    refused(lambda: actions.issue_amendment(by=None, annual=annual, on=JULY), "内容已冻结", NotAllowed)
    actions.begin_amendment(by=None, annual=annual, why="机构调整")
    refused(lambda: actions.begin_amendment(by=None, annual=annual, why="再来"), "已有一次修订在准备")
    refused(lambda: actions.issue_amendment(by=None, annual=annual, on=JULY), "还没有改动")


def test_an_amendment_shows_only_once_it_is_issued(programme):
    annual = issued(programme)
    amended(annual)
    before = titles(annual)
    assert "建设泵站" in before and "备用泵" not in before
    assert "建设泵站" not in [one.title for one in sheet_of(annual, prepared=True).standing]
    done = actions.issue_amendment(by=None, annual=annual, on=JULY)
    sheet = sheet_of(annual)
    assert (done.number, sheet.number) == ("2024-2", "2024-2")
    entry = next(one for one in sheet.standing if one.item.title == "疏浚河道")
    assert (entry.quarter, entry.lead_name, entry.line.marks) == (3, "建管局", ("2024-2",))
    gone = next(one for one in sheet.entries if one.item.title == "建设泵站")
    assert gone.line.removed and gone.item not in [one.item for one in sheet.standing]
    assert titles(annual) == ["优良断面比例", "疏浚河道", "编写读本", "备用泵"]


def test_the_list_as_issued_can_still_be_had(programme):
    annual = issued(programme)
    first = [(one.title, one.quarter) for one in paper_of(annual, "2024-1").standing]
    amended(annual)
    actions.issue_amendment(by=None, annual=annual, on=JULY)
    actions.begin_amendment(by=None, annual=annual, why="再调")
    actions.edit_item(by=None, item=named(annual, "疏浚河道"), quarter=1)
    second = [(one.title, one.quarter) for one in paper_of(annual, "2024-2").standing]
    actions.issue_amendment(by=None, annual=annual, on=JULY)
    assert [(one.title, one.quarter) for one in paper_of(annual, "2024-1").standing] == first
    assert [(one.title, one.quarter) for one in paper_of(annual, "2024-2").standing] == second
    assert paper_of(annual).number == "2024-3"


def taken_up(annual):
    gone = Measure.objects.get(title="建设泵站")
    return actions.add_source(by=None, annual=annual, grounds=GROUNDS, measure=gone)


def test_what_an_amendment_would_take_out_is_kept_when_it_is_added(programme):
    annual = issued(programme)
    amended(annual)
    item = taken_up(annual)
    assert item == named(annual, "建设泵站") and not Change.objects.filter(item=item).exists()


def test_what_an_amendment_took_out_comes_back_under_its_number_by_another(programme):
    annual = issued(programme)
    order = named(annual, "建设泵站").order
    amended(annual)
    actions.issue_amendment(by=None, annual=annual, on=JULY)
    actions.begin_amendment(by=None, annual=annual, why="恢复安排")
    item = taken_up(annual)
    assert "建设泵站" not in titles(annual) and item.order == order
    actions.edit_item(by=None, item=item, quarter=3)
    actions.edit_item(by=None, item=item, quarter=4)
    assert Change.objects.get(item=item, amendment__number="").kind == Change.Kind.RESTORE
    actions.edit_item(by=None, item=item, quarter=2)
    actions.issue_amendment(by=None, annual=annual, on=JULY)
    entry = next(one for one in sheet_of(annual).standing if one.item == item)
    assert (entry.quarter, entry.line.marks) == (2, ("2024-2", "2024-3"))
    assert "建设泵站" not in [one.title for one in paper_of(annual, "2024-2").standing]


def test_what_came_back_may_go_again_in_the_same_amendment(programme):
    annual = issued(programme)
    amended(annual)
    actions.issue_amendment(by=None, annual=annual, on=JULY)
    actions.begin_amendment(by=None, annual=annual, why="恢复安排")
    item = taken_up(annual)
    actions.remove_item(by=None, item=item, why="不恢复了")
    assert not Change.objects.filter(amendment__number="").exists()
    taken_up(annual)
    actions.undo_change(by=None, item=item)
    assert "建设泵站" not in [one.title for one in sheet_of(annual, prepared=True).standing]


def test_what_is_changed_back_is_no_change(programme):
    annual = issued(programme)
    actions.begin_amendment(by=None, annual=annual, why="机构调整")
    item = named(annual, "疏浚河道")
    actions.edit_item(by=None, item=item, quarter=3)
    actions.edit_item(by=None, item=item, node="新的节点")
    assert set(Change.objects.get().after) == {"quarter", "node", "node_en"}
    actions.undo_change(by=None, item=item)
    actions.edit_item(by=None, item=item, quarter=3)
    actions.edit_item(by=None, item=item, quarter=4)
    assert not Change.objects.exists()


def test_an_amendment_can_be_dropped_with_all_it_holds(programme):
    annual = issued(programme)
    before = titles(annual)
    amended(annual)
    actions.drop_amendment(by=None, annual=annual)
    assert titles(annual) == before and annual.items.count() == 4 and not annual.amendments.exists()


def test_papers_are_dated_in_their_order(programme):
    annual = issued(programme, on=JULY)
    amended(annual)
    refused(
        lambda: actions.issue_amendment(by=None, annual=annual, on=FEBRUARY), "2024-02-01 早于上一份文件的 2024-07-01"
    )


def test_an_item_added_by_an_amendment_needs_its_lead(programme):
    annual = issued(programme)
    actions.begin_amendment(by=None, annual=annual, why="机构调整")
    measure = Measure.objects.get(title__startswith="2025年6月")
    item = actions.add_source(by=None, annual=annual, grounds=GROUNDS, measure=measure)
    refused(lambda: actions.issue_amendment(by=None, annual=annual, on=JULY), "没有确定牵头部门")
    refused(
        lambda: actions.decide_lead(by=None, item=named(annual, "疏浚河道"), code="works", why="a"), "已经印发或删去"
    )
    actions.decide_lead(by=None, item=item, code="water")
    actions.issue_amendment(by=None, annual=annual, on=JULY)
    assert item.title in titles(annual)
