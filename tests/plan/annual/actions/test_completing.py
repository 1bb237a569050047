from datetime import date

import pytest

from qingshan.people.models import AuditLine
from qingshan.people.queries import broken_audit_line
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import Completion
from qingshan.plan.annual.queries import sheet_of

from ..plans import FEBRUARY, GROUNDS, JULY, amended, draft, issued, named, refused

pytestmark = pytest.mark.django_db


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


def test_a_node_that_a_later_list_has_taken_over_is_done_there(programme):
    first = issued(programme)
    later = issued(programme, 2025)
    item = named(first, "疏浚河道")
    refused(lambda: actions.mark_done(by=None, item=item, done_on=JULY), "已结转到 2025 年清单")
    assert next(one for one in sheet_of(first).entries if one.item == item).passed_to == named(later, "疏浚河道")


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
