import pytest

from qingshan.people.models import AuditLine
from qingshan.plan.actions import put_edition
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import AnnualList
from qingshan.plan.annual.queries import sheet_of
from qingshan.plan.annual.standing import print_of
from qingshan.plan.contents import MeasureContent
from qingshan.plan.models import Edition, Measure, Programme

from ..plans import GROUNDS, content, draft, last, named, refused, titles

pytestmark = pytest.mark.django_db


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
    later = content("b")
    later.tasks[1].measures.append(MeasureContent("开放展馆"))
    Edition.objects.update(state="superseded", superseded_at=annual.created_at)
    edition = put_edition(by=None, programme=programme, content=later)
    same, new = edition.tasks.get(no="2").measures.all()
    refused(lambda: actions.add_source(by=None, annual=annual, grounds=GROUNDS, measure=same), "已在这份清单里")
    assert actions.add_source(by=None, annual=annual, grounds=GROUNDS, measure=new).proposed_code == "school"
    other = Programme.objects.create(code="other", jurisdiction=programme.jurisdiction, title="x")
    foreign = AnnualList.objects.create(programme=other, edition=edition, year=2024, created_at=annual.created_at)
    refused(lambda: actions.add_source(by=None, annual=foreign, grounds=GROUNDS, measure=new), "不属于这份清单的规划")
