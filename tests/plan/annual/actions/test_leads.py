import pytest

from qingshan.plan.annual import actions

from ..plans import FEBRUARY, draft, last, named, refused

pytestmark = pytest.mark.django_db


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
