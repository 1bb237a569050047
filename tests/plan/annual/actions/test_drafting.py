from datetime import date

import pytest

from qingshan.people.actions import NotAllowed
from qingshan.people.models import User
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import AnnualList
from qingshan.plan.models import Measure

from ..plans import FEBRUARY, GROUNDS, JULY, draft, issued, last, named, refused, titles

pytestmark = pytest.mark.django_db


# making
def test_a_list_holds_what_falls_into_its_year_in_the_plans_order(programme):
    assert titles(draft(programme, 2024)) == ["优良断面比例", "疏浚河道", "建设泵站", "编写读本"]
    later = draft(programme, 2025)
    assert titles(later) == ["优良断面比例", "疏浚河道", "2025年6月底前封堵全部排口", "建设泵站", "编写读本"]
    assert [one.quarter for one in later.items.all()] == [4, 4, 2, 4, 4]
    assert last().verb == "make_list" and last().detail == {"edition": 1, "count": 5, "carried": 0}


def test_a_list_is_made_once_and_only_for_a_year_of_a_plan_in_force(programme):
    draft(programme)
    refused(lambda: draft(programme), "2024 年的清单已经有了")
    refused(lambda: draft(programme, 2027), "2027 年不在规划期 2024—2026")
    programme.code, programme.pk = "other", None
    programme.save()
    refused(lambda: draft(programme), "还没有采用的规划")


WRITES = {
    "make": lambda it, by: actions.make(by=by, programme=it.programme, year=2025, grounds=GROUNDS),
    "carry_over": lambda it, by: actions.carry_over(by=by, annual=it),
    "add_item": lambda it, by: actions.add_item(by=by, annual=it, title="a", content="b", node="c", quarter=1),
    "edit_item": lambda it, by: actions.edit_item(by=by, item=it.items.first(), quarter=1),
    "remove_item": lambda it, by: actions.remove_item(by=by, item=it.items.first(), why="a"),
    "undo_change": lambda it, by: actions.undo_change(by=by, item=it.items.first()),
    "decide_lead": lambda it, by: actions.decide_lead(by=by, item=it.items.first(), code="water"),
    "accept_leads": lambda it, by: actions.accept_leads(by=by, annual=it),
    "issue": lambda it, by: actions.issue(by=by, annual=it, on=FEBRUARY),
    "drop": lambda it, by: actions.drop(by=by, annual=it),
    "begin_amendment": lambda it, by: actions.begin_amendment(by=by, annual=it, why="a"),
    "issue_amendment": lambda it, by: actions.issue_amendment(by=by, annual=it, on=FEBRUARY),
    "drop_amendment": lambda it, by: actions.drop_amendment(by=by, annual=it),
    "mark_done": lambda it, by: actions.mark_done(by=by, item=it.items.first(), done_on=FEBRUARY),
    "fill_demonstration": lambda it, by: actions.fill_demonstration(by=by, annual=it, quarters={}),
    "fill_completions": lambda it, by: actions.fill_completions(by=by, annual=it, done={}, note=""),
    "add_source": lambda it, by: actions.add_source(by=by, annual=it, grounds=GROUNDS, measure=Measure.objects.first()),
}  # fmt: skip


@pytest.mark.parametrize("role", ["liaison", "leader", "auditor", "admin"])
def test_only_the_office_writes(programme, role):
    annual, body = draft(programme), programme.jurisdiction.bodies.first()
    someone = User.objects.create(username=role, role=role, jurisdiction=programme.jurisdiction, body=body)
    for write in WRITES.values():
        refused(lambda write=write: write(annual, someone), "只有计划办可以办理", NotAllowed)
    assert {name for name in vars(actions) if hasattr(getattr(actions, name), "__wrapped__")} == set(WRITES)


def test_a_draft_can_be_dropped_and_an_issued_list_cannot(programme):
    actions.drop(by=None, annual=draft(programme))
    assert not AnnualList.objects.exists() and last().verb == "drop_list"
    annual = issued(programme)
    refused(lambda: actions.drop(by=None, annual=annual), "已印发（2024-1），内容已冻结", NotAllowed)


def test_what_is_unfinished_is_carried_over_once_and_visibly(programme):
    first = issued(programme)
    for title in ("优良断面比例", "编写读本"):
        actions.mark_done(by=None, item=named(first, title), done_on=JULY)
    own = actions.begin_amendment(by=None, annual=first, why="补一项") and actions.add_item(
        by=None, annual=first, title="备用泵", content="购置", node="到位", quarter=4, lead_code="water"
    )  # fmt: skip
    actions.issue_amendment(by=None, annual=first, on=JULY)
    later = draft(programme, 2025)
    carried = {one.title: (one.carried_from, one.quarter) for one in later.items.exclude(carried_from=None)}
    assert carried == {
        "疏浚河道": (named(first, "疏浚河道"), 4),
        "建设泵站": (named(first, "建设泵站"), 4),
        "备用泵": (own, 1),
    }
    assert named(later, "备用泵").lead_code == "water"
    assert actions.carry_over(by=None, annual=later) == 0
    assert titles(later).count("疏浚河道") == 1


def test_a_draft_is_brought_in_step_when_last_years_nodes_are_done_after_all(programme):
    first = issued(programme, 2025)
    later = draft(programme, 2026)
    sealing = "2025年6月底前封堵全部排口"
    assert {sealing, "疏浚河道"} <= {one.title for one in later.items.exclude(carried_from=None)}
    for title in (sealing, "疏浚河道"):
        actions.mark_done(by=None, item=named(first, title), done_on=date(2025, 12, 1))
    assert actions.carry_over(by=None, annual=later) == 2
    assert named(later, "疏浚河道").carried_from is None
    assert not later.items.filter(title=sealing).exists()
    actions.mark_done(by=None, item=named(first, "疏浚河道"), done_on=None, note="返工")
    assert actions.carry_over(by=None, annual=later) == 1
    assert named(later, "疏浚河道").carried_from == named(first, "疏浚河道")
