from datetime import date

import pytest

from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, User
from qingshan.people.queries import broken_audit_line
from qingshan.plan.actions import Refused, put_edition
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import AnnualList, Change, Completion
from qingshan.plan.annual.queries import completion, cover_of, overdue, paper_of, sheet_of, sheets_of
from qingshan.plan.annual.standing import print_of
from qingshan.plan.contents import MeasureContent
from qingshan.plan.models import Edition, Measure, Programme

from . import plans
from .plans import GROUNDS, draft, issued, named

pytestmark = pytest.mark.django_db
FEBRUARY, JULY = date(2024, 2, 1), date(2024, 7, 1)


@pytest.fixture
def programme():
    return plans.programme()


@pytest.fixture
def office(programme):
    return User.objects.create(username="office", role="office", jurisdiction=programme.jurisdiction)


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


# leads


def test_what_only_one_body_answers_for_is_still_decided_by_the_office(programme, office):
    annual = draft(programme)
    item = named(annual, "编写读本")
    assert (item.lead_code, item.proposed_code, item.proposed_rule) == ("", "school", "only")
    decided = actions.decide_lead(by=office, item=item, code="school")
    assert (decided.lead_name, decided.decided_by, decided.decided_why, decided.partners) == ("教育局", office, "", [])
    assert last().detail == {"item": "编写读本", "lead": "教育局", "proposed": "教育局", "why": ""}


def test_another_lead_than_the_proposed_one_needs_a_reason_and_the_proposed_one_cooperates(programme):
    item = named(draft(programme), "疏浚河道")
    assert item.proposed_code == "water" and item.partners == [["works", "建管局"]]
    refused(lambda: actions.decide_lead(by=None, item=item, code="works"), "建议由水务局牵头，改由建管局牵头须写明理由")
    decided = actions.decide_lead(by=None, item=item, code="works", why="已移交")
    assert (decided.lead_code, decided.decided_why, decided.partners) == ("works", "已移交", [["water", "水务局"]])
    refused(lambda: actions.decide_lead(by=None, item=item, code="mayor", why="无"), "部门名录")


def test_proposals_are_accepted_at_once_but_what_was_decided_stays(programme):
    annual = draft(programme)
    actions.decide_lead(by=None, item=named(annual, "疏浚河道"), code="works", why="已移交")
    assert actions.accept_leads(by=None, annual=annual) == 3
    assert named(annual, "疏浚河道").lead_code == "works" and named(annual, "编写读本").lead_code == "school"
    assert last().verb == "accept_leads" and last().detail == {"count": 3}
    assert actions.accept_leads(by=None, annual=annual) == 0 and last().detail == {"count": 3}


def test_the_next_list_proposes_who_led_it_before(programme):
    first = draft(programme)
    actions.decide_lead(by=None, item=named(first, "疏浚河道"), code="works", why="已移交")
    actions.accept_leads(by=None, annual=first)
    actions.issue(by=None, annual=first, on=FEBRUARY)
    item = named(draft(programme, 2025), "疏浚河道")
    assert (item.proposed_code, item.proposed_rule, item.reason) == ("works", "before", "2024-1 号清单由建管局牵头")
    assert item.reason_en == "Works led it in list 2024-1"


# items


def test_an_edited_item_loses_the_english_of_the_words_that_changed(programme):
    annual = draft(programme)
    item = named(annual, "疏浚河道")
    assert item.node_en
    actions.edit_item(by=None, item=item, node="疏浚 3 公里", quarter=2, partners=["school", "驻区单位"])
    item.refresh_from_db()
    assert (item.node, item.node_en, item.quarter) == ("疏浚 3 公里", "", 2)
    assert item.partners == [["school", "教育局"], ["", "驻区单位"]]
    assert last().detail["before"]["quarter"] == 4 and last().detail["after"]["quarter"] == 2
    count = AuditLine.objects.count()
    actions.edit_item(by=None, item=item, node="疏浚 3 公里")
    assert AuditLine.objects.count() == count


@pytest.mark.parametrize(("fields", "words"), [
    ({"title": " "}, "请填写项目名称"), ({"content": ""}, "请填写主要内容"), ({"node": ""}, "请填写计划节点"), ({"quarter": 5}, "1 至 4"),
    ({"title": "长" * 201}, "最多 200 字，现有 201 字"), ({"lead_code": "mayor"}, "不在部门名录"), ({"lead_code": "works"}, "须写明理由"),
])  # fmt: skip
def test_what_cannot_stand_in_an_item_is_refused(programme, fields, words):
    item = named(draft(programme), "疏浚河道")
    refused(lambda: actions.edit_item(by=None, item=item, **fields), words)


def test_of_two_editors_of_one_item_the_second_is_told(programme):
    annual = draft(programme)
    item = named(annual, "疏浚河道")
    seen = print_of(next(one for one in sheet_of(annual).entries if one.item == item).line.fields)
    actions.edit_item(by=None, item=item, seen=seen, quarter=1)
    refused(lambda: actions.edit_item(by=None, item=item, seen=seen, quarter=3), "已被他人修改")
    item.refresh_from_db()
    assert item.quarter == 1


def test_items_are_added_and_taken_out_of_a_draft(programme):
    annual = draft(programme)
    made = actions.add_item(by=None, annual=annual, title="年中检查", content="检查一次", node="完成检查", quarter=2,
                            lead_code="water", partners=["works", "water"], task_no="1")  # fmt: skip
    assert (made.theme, made.task_no, made.lead_name, made.partners) == ("水体", "1", "水务局", [["works", "建管局"]])
    assert actions.add_item(by=None, annual=annual, title="b", content="b", node="b", quarter=1).theme_no == 999
    refused(lambda: actions.remove_item(by=None, item=made, why=" "), "请写明为什么")
    actions.remove_item(by=None, item=made, why="重复")
    assert "年中检查" not in titles(annual) and last().detail == {"item": "年中检查", "why": "重复"}
    refused(lambda: actions.edit_item(by=None, item=made, quarter=1), "已经删去")
    refused(lambda: actions.remove_item(by=None, item=made, why="再删"), "已经删去")


def test_a_source_is_added_whatever_the_rules_say_of_its_year(programme):
    annual = draft(programme)
    measure = Measure.objects.get(title__startswith="2025年6月")
    item = actions.add_source(by=None, annual=annual, grounds=GROUNDS, measure=measure)
    assert (item.measure, item.quarter, item.proposed_code) == (measure, 4, "water")
    refused(lambda: actions.add_source(by=None, annual=annual, grounds=GROUNDS, measure=measure), "已在这份清单里")


def test_a_source_of_a_later_edition_goes_into_a_list_made_from_the_one_before(programme):
    annual = draft(programme)
    later = plans.content("b")
    later.tasks[1].measures.append(MeasureContent("开放展馆"))
    Edition.objects.update(state="superseded", superseded_at=annual.created_at)
    edition = put_edition(by=None, programme=programme, content=later)
    same, new = edition.tasks.get(no="2").measures.all()
    refused(lambda: actions.add_source(by=None, annual=annual, grounds=GROUNDS, measure=same), "已在这份清单里")
    assert actions.add_source(by=None, annual=annual, grounds=GROUNDS, measure=new).proposed_code == "school"
    other = Programme.objects.create(code="other", jurisdiction=programme.jurisdiction, title="x")
    foreign = AnnualList.objects.create(programme=other, edition=edition, year=2024, created_at=annual.created_at)
    refused(lambda: actions.add_source(by=None, annual=foreign, grounds=GROUNDS, measure=new), "不属于这份清单的规划")


def test_a_draft_can_be_dropped_and_an_issued_list_cannot(programme):
    actions.drop(by=None, annual=draft(programme))
    assert not AnnualList.objects.exists() and last().verb == "drop_list"
    annual = issued(programme)
    refused(lambda: actions.drop(by=None, annual=annual), "已印发（2024-1），内容已冻结", NotAllowed)


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


def amended(annual, **changes):
    """An amendment that changes the item 疏浚河道, takes out 建设泵站 and adds one."""
    actions.begin_amendment(by=None, annual=annual, why="机构调整")
    actions.edit_item(
        by=None, item=named(annual, "疏浚河道"), **({"quarter": 3, "lead_code": "works", "why": "移交"} | changes)
    )
    actions.remove_item(by=None, item=named(annual, "建设泵站"), why="缓建")
    actions.add_item(by=None, annual=annual, title="备用泵", content="购置", node="到位", quarter=4, lead_code="water")


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


# done, overdue, carried over


def test_the_last_word_on_a_node_counts_and_all_are_kept(programme):
    item = named(issued(programme), "疏浚河道")
    actions.mark_done(by=None, item=item, done_on=JULY, note="验收单")
    refused(lambda: actions.mark_done(by=None, item=item, done_on=None), "撤回完成须写明理由")
    actions.mark_done(by=None, item=item, done_on=None, note="验收不合格")
    assert next(one for one in sheet_of(item.annual).entries if one.item == item).done_on is None
    actions.mark_done(by=None, item=item, done_on=date(2024, 8, 1))
    assert next(one for one in sheet_of(item.annual).entries if one.item == item).done_on == date(2024, 8, 1)
    assert Completion.objects.count() == 3


@pytest.mark.parametrize(("day", "words"), [(date(2999, 1, 1), "晚于今天"), (date(2014, 7, 1), "早于清单年份 2024")])
def test_a_day_that_cannot_be_is_refused(programme, day, words):
    item = named(issued(programme), "疏浚河道")
    refused(lambda: actions.mark_done(by=None, item=item, done_on=day), words)


def test_nothing_of_a_draft_and_nothing_taken_out_is_done(programme):
    annual = draft(programme)
    refused(lambda: actions.mark_done(by=None, item=named(annual, "疏浚河道"), done_on=JULY), "还没有印发")
    actions.accept_leads(by=None, annual=annual)
    actions.issue(by=None, annual=annual, on=FEBRUARY)
    amended(annual)
    actions.issue_amendment(by=None, annual=annual, on=JULY)
    refused(lambda: actions.mark_done(by=None, item=named(annual, "建设泵站"), done_on=JULY), "不在现行清单里")


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


def test_a_node_that_a_later_list_has_taken_over_is_done_there(programme):
    first = issued(programme)
    later = issued(programme, 2025)
    item = named(first, "疏浚河道")
    refused(lambda: actions.mark_done(by=None, item=item, done_on=JULY), "已结转到 2025 年清单")
    assert next(one for one in sheet_of(first).entries if one.item == item).passed_to == named(later, "疏浚河道")


def test_overdue_nodes_are_told_once_by_the_latest_list(programme):
    first = issued(programme)
    assert overdue(programme, date(2024, 12, 31)) == []
    found = overdue(programme, date(2025, 1, 1))
    assert [one.title for one in found] == ["优良断面比例", "疏浚河道", "建设泵站", "编写读本"]
    issued(programme, 2025, date(2025, 2, 1))
    assert len(overdue(programme, date(2025, 1, 31))) == 4
    assert overdue(programme, date(2025, 2, 1)) == []
    (sealing,) = overdue(programme, date(2025, 7, 1))
    assert (sealing.due_on, sealing.first_due_on) == (date(2025, 6, 30), date(2025, 6, 30))
    after = {one.title: one for one in overdue(programme, date(2026, 1, 1))}
    assert after["疏浚河道"].first_due_on == date(2024, 12, 31) and after["疏浚河道"].due_on == date(2025, 12, 31)
    assert (after["疏浚河道"].lead_code, after["疏浚河道"].partners) == ("water", [("works", "建管局")])
    assert len(after) == 5 and first.number == "2024-1"


def test_completion_counts_by_lead_what_was_due_and_done_by_the_day(programme):
    first = issued(programme)
    actions.mark_done(by=None, item=named(first, "编写读本"), done_on=JULY)
    actions.mark_done(by=None, item=named(first, "疏浚河道"), done_on=date(2025, 1, 20))
    year = (date(2024, 1, 1), date(2024, 12, 31))
    told = {
        code: (one.due, one.on_time, one.late, one.open)
        for code, one in completion(programme, *year, date(2025, 3, 1)).items()
    }
    assert told == {"school": (1, 1, 0, 0), "water": (3, 0, 1, 2)}
    then = completion(programme, *year, date(2024, 12, 31))
    assert (then["water"].late, then["water"].open) == (0, 3)
    assert completion(programme, *year, date(2024, 6, 30)) == {}


def test_what_was_recorded_after_the_cutoff_does_not_enter(programme):
    annual = issued(programme)
    year = (date(2024, 1, 1), date(2024, 12, 31), date(2025, 3, 1))
    cutoff = annual.issued_at
    actions.mark_done(by=None, item=named(annual, "编写读本"), done_on=JULY)
    assert completion(programme, *year, cutoff=cutoff)["school"].open == 1
    assert completion(programme, *year)["school"].on_time == 1
    assert len(overdue(programme, date(2025, 3, 1), cutoff=cutoff)) == 4


def test_what_was_done_late_in_the_list_that_took_it_over_is_late_in_the_first(programme):
    issued(programme)
    later = issued(programme, 2025)
    actions.mark_done(by=None, item=named(later, "疏浚河道"), done_on=date(2025, 5, 1))
    counts = completion(programme, date(2024, 1, 1), date(2024, 12, 31), date(2025, 6, 30))["water"]
    assert (counts.due, counts.late, counts.open) == (3, 1, 2)


def test_coverage_says_what_stands_in_no_list(programme):
    edition = programme.editions.get()
    draft(programme)
    cover = cover_of(edition, sheets_of(programme))
    assert [one.measure.title[:6] for one in cover.missing] == ["2025年6"] and len(cover.sources) == 5
    draft(programme, 2025)
    assert cover_of(edition, sheets_of(programme)).missing == []


def test_a_demonstrations_completions_say_so_and_go_into_no_real_list(programme):
    annual = actions.make(by=None, programme=programme, year=2024, grounds=GROUNDS, demonstration=True)
    item = named(annual, "疏浚河道")
    actions.fill_demonstration(by=None, annual=annual, quarters={item.pk: 2})
    actions.issue(by=None, annual=annual, on=FEBRUARY)
    actions.fill_completions(by=None, annual=annual, done={item.pk: JULY}, note="模拟")
    assert (Completion.objects.get().note, named(annual, "疏浚河道").quarter) == ("模拟", 2)
    real = issued(programme, 2025)
    refused(lambda: actions.fill_completions(by=None, annual=real, done={}, note=""), "只有示范清单")


def test_every_write_is_on_record_and_the_seals_hold(programme):
    annual = issued(programme)
    amended(annual)
    actions.issue_amendment(by=None, annual=annual, on=JULY)
    verbs = list(AuditLine.objects.filter(thing="plan.annual trial/2024").order_by("id").values_list("verb", flat=True))
    assert verbs == ["make_list", "accept_leads", "issue_list", "begin_amendment", "edit_item", "remove_item", "add_item",
                     "issue_amendment"]  # fmt: skip
    assert broken_audit_line() is None
