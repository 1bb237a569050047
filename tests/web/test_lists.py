"""Pages of the annual lists: what a reader sees, what the office does, and what leaves it."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from qingshan.evaluation.queries import grounds_of_list
from qingshan.people.models import Role
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import AnnualList
from qingshan.plan.queries import standing_edition
from qingshan.programme.past_lists import issue_past_lists
from qingshan.programme.schema import PastList, PastNode, Programme, Where

CHINESE = re.compile(r"[㐀-鿿]")
YEAR = 2025


@pytest.fixture
def annual(county) -> AnnualList:
    """A draft of the county's list of 2025."""
    return actions.make(by=None, programme=county, year=YEAR, grounds=grounds_of_list(standing_edition(county), YEAR))


@pytest.fixture
def issued(annual) -> AnnualList:
    actions.accept_leads(by=None, annual=annual)
    return actions.issue(by=None, annual=annual, on=date(YEAR, 2, 3))


@pytest.fixture
def office(enter, county):
    return enter(Role.OFFICE, county)


def at(name: str, annual, *more) -> str:
    return reverse(name, args=[annual.programme.code, annual.year, *more])


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main", 1)[1].split("</main>")[0])
    return re.sub(r"\s+", " ", text)


def orders(response) -> list[int]:
    return [int(one) for one in re.findall(r'<tr id="item-(\d+)"', response.content.decode())]


def fields(item, **changed) -> dict:
    given = {name: getattr(item, name) for name in ("title", "content", "node", "quarter", "lead_code")}
    return (
        given | {"partners": [code for code, _ in item.partners if code], "others": "", "why": "", "seen": ""} | changed
    )


# reading


def test_the_index_offers_the_office_the_years_that_have_no_list(office, annual):
    page = office.get(reverse("lists", args=[annual.programme.code]))
    assert re.findall(r'name="year" value="(\d+)"', page.content.decode()) == ["2027", "2026"]
    assert "草稿" in words(page)


def test_others_are_offered_nothing_they_may_not_do(enter, issued):
    client = enter(Role.LIAISON, issued.programme)
    for address in (reverse("lists", args=[issued.programme.code]), at("list", issued), at("list-item", issued, 1)):
        page = client.get(address).content.decode().split("<main")[1].split("</main>")[0]
        assert "<form method" not in page and "/edit/" not in page and "amend/" not in page


def test_a_list_is_made_from_the_plan_at_one_press(office, county):
    page = office.post(reverse("list-make", args=[county.code]), {"year": "2026"}, follow=True)
    assert "已按规划编出草稿" in words(page) and len(orders(page)) == AnnualList.objects.get().items.count() > 0
    again = office.post(reverse("list-make", args=[county.code]), {"year": "2026"}, follow=True)
    assert "2026 年的清单已经有了" in words(again)
    outside = office.post(reverse("list-make", args=[county.code]), {"year": "2099"}, follow=True)
    assert "不在规划期 2025—2027 年之内" in words(outside)


def test_filters_stand_in_the_address(office, annual):
    items = list(annual.items.all())
    body = items[0].proposed_code
    actions.accept_leads(by=None, annual=annual)
    actions.edit_item(by=None, item=annual.items.get(order=1), quarter=2)
    for query, expected in (
        ({"quarter": "2"}, {1}),
        ({"theme": str(items[-1].theme_no)}, {one.order for one in items if one.theme_no == items[-1].theme_no}),
        ({"body": body}, {one.order for one in annual.items.all() if body in {one.lead_code, *(code for code, _ in one.partners)}}),
        ({"only": "undecided"}, set()),
        ({"only": "done"}, set()),
        ({"only": "open"}, {one.order for one in items}),
    ):  # fmt: skip
        assert set(orders(office.get(at("list", annual), query))) == expected, query


def test_a_liaison_sees_the_items_of_their_own_body_first(enter, issued):
    client = enter(Role.LIAISON, issued.programme)
    own = issued.programme.jurisdiction.bodies.order_by("order").first().code
    leads = [one.order for one in issued.items.all() if one.lead_code == own]
    page = client.get(at("list", issued))
    assert leads and orders(page)[: len(leads)] == leads and "本部门牵头" in words(page)
    assert sorted(orders(page)) == [one.order for one in issued.items.all()]


def test_english_pages_hold_no_chinese(enter, issued):
    actions.begin_amendment(by=None, annual=issued, why="b")
    client = enter(Role.OFFICE, issued.programme, "en")
    for address in ("list", "list-history", "list-add", "list-amendment", "list-item", "list-item-edit"):
        page = client.get(at(address, issued, *([1] if "item" in address else [])))
        text = re.sub(
            r"“[^”]*”|<(textarea|option|input)[^>]*>[^<]*",
            "",
            page.content.decode().split("<main")[1].split("</main>")[0],
        )
        assert not CHINESE.search(re.sub(r"<[^>]+>", " ", text)), address


def test_a_page_of_a_list_costs_as_many_queries_for_many_items_as_for_few(office, issued):
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            office.get(at("list", issued))
        return len(asked)

    few = queries()
    actions.begin_amendment(by=None, annual=issued, why="a")
    for number in range(8):
        actions.add_item(by=None, annual=issued, title=f"{number}", content="c", node="n", quarter=1, lead_code="works")
    actions.issue_amendment(by=None, annual=issued, on=date(YEAR, 3, 1))
    assert queries() <= few + 1  # the changes of the amendment


def test_an_item_of_another_programme_is_not_found(enter, issued, jinshan):
    client = enter(Role.OFFICE, jinshan)
    assert client.get(at("list", issued)).status_code == 404
    assert client.get(reverse("list-item", args=[jinshan.code, YEAR, 1])).status_code == 404


# what the office does


def test_an_item_is_edited_in_its_row(office, annual):
    item = annual.items.get(order=1)
    form = office.get(at("list-item-edit", annual, 1)).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', form)[1]
    page = office.post(at("list-item-edit", annual, 1), fields(item, node="完成 6 个", seen=seen), headers={"HX-Request": "true"}, follow=True)  # fmt: skip
    assert '<tr id="item-1"' in page.content.decode() and "完成 6 个" in words(page)
    late = office.post(at("list-item-edit", annual, 1), fields(item, node="完成 7 个", seen=seen))
    assert late.status_code == 422 and "已被他人修改" in words(late) and "完成 7 个" in words(late)
    item.refresh_from_db()
    assert item.node == "完成 6 个"


def test_what_is_wrong_with_a_form_is_said_in_it(office, annual):
    item = annual.items.get(order=1)
    page = office.post(at("list-item-edit", annual, 1), fields(item, title="", quarter="9"))
    assert page.status_code == 422 and "请填写这一项" in words(page)


def test_bodies_outside_the_directory_cooperate_by_name(office, annual):
    item = annual.items.get(order=1)
    office.post(at("list-item-edit", annual, 1), fields(item, others="驻区企业、沿线乡镇"))
    item.refresh_from_db()
    assert [name for code, name in item.partners if not code] == ["驻区企业", "沿线乡镇"]


def test_leads_are_decided_one_by_one_and_at_once(office, annual):
    page = office.get(at("list-leads", annual))
    undecided = list(annual.items.filter(lead_code=""))
    assert all(one.reason in words(page) for one in undecided)
    other = next(one for one in annual.programme.jurisdiction.bodies.all() if one.code != undecided[0].proposed_code)
    refused = office.post(at("list-item-lead", annual, undecided[0].order), {"code": other.code}, follow=True)
    assert "须写明理由" in words(refused)
    office.post(at("list-item-lead", annual, undecided[0].order), {"code": other.code, "why": "已移交"})
    office.post(at("list-item-lead", annual, undecided[1].order))
    done = office.post(at("list-accept", annual), follow=True)
    assert f"已按建议确定 {len(undecided) - 2} 项" in words(done) and "已移交" in words(done)
    chosen = {
        one.order: (one.lead_code, one.decided_by.role)
        for one in annual.items.filter(pk__in=[one.pk for one in undecided])
    }
    assert chosen[undecided[0].order] == (other.code, "office")
    assert chosen[undecided[1].order] == (undecided[1].proposed_code, "office")


def test_the_last_check_names_what_stands_in_the_way(office, annual):
    page = office.get(at("list-issue", annual))
    assert "印发前须确定" in words(page) and "确认印发" not in words(page)
    actions.accept_leads(by=None, annual=annual)
    page = office.get(at("list-issue", annual))
    assert "确认印发" in words(page)
    wrong = office.post(at("list-issue", annual), {"on": "昨天"})
    assert wrong.status_code == 422 and "日期应写作" in words(wrong)
    done = office.post(at("list-issue", annual), {"on": "2025-02-03"}, follow=True)
    assert "已印发 2025-1 号清单" in words(done)


def test_a_draft_is_dropped_after_a_question(office, annual):
    assert "将一并删去" in words(office.get(at("list-drop", annual)))
    office.post(at("list-drop", annual))
    assert not AnnualList.objects.exists()


def test_an_amendment_from_its_reason_to_its_number(office, enter, issued):
    assert office.post(at("list-amend", issued), {"why": ""}).status_code == 422
    office.post(at("list-amend", issued), {"why": "机构调整"})
    item = issued.items.get(order=1)
    office.post(at("list-item-edit", issued, 1), fields(item, quarter="3"))
    office.post(at("list-item-remove", issued, 2), {"why": "并入另一项"})
    office.post(
        at("list-add", issued),
        {"title": "年中检查", "content": "检查", "node": "完成", "quarter": "2", "lead_code": "works"},
    )
    page = words(office.get(at("list", issued)))
    assert "拟修改" in page and "拟删去" in page and "拟增加" in page
    outsider = words(enter(Role.LIAISON, issued.programme, name="liaison-x").get(at("list", issued)))
    assert "年中检查" not in outsider and "拟" not in outsider


def test_what_an_amendment_changes_is_told_before_and_after(office, issued):
    actions.begin_amendment(by=None, annual=issued, why="机构调整")
    actions.edit_item(by=None, item=issued.items.get(order=1), quarter=3)
    page = office.get(at("list-amendment", issued))
    assert re.search(r"<del>四季度</del> → <ins>三季度</ins>", page.content.decode())
    office.post(at("list-item-undo", issued, 1))
    assert "还没有改动" in words(office.get(at("list-amendment", issued)))
    refused = office.post(at("list-amendment", issued), {"on": "2025-06-01"})
    assert refused.status_code == 422 and "修订里还没有改动" in words(refused)
    actions.edit_item(by=None, item=issued.items.get(order=1), quarter=3)
    done = office.post(at("list-amendment", issued), {"on": "2025-06-01"}, follow=True)
    assert "已印发 2025-2 号修订" in words(done)
    assert re.search(r"<del>四季度</del> → <ins>三季度</ins>", office.get(at("list-history", issued)).content.decode())
    assert office.get(at("list-amendment", issued)).status_code == 302


def test_an_amendment_is_dropped_after_a_question(office, issued):
    actions.begin_amendment(by=None, annual=issued, why="机构调整")
    assert "清单照旧" in words(office.get(at("list-amendment-drop", issued)))
    office.post(at("list-amendment-drop", issued))
    assert not issued.amendments.exists()


def test_completion_is_put_on_record_and_taken_back_with_a_reason(office, issued):
    office.post(at("list-item-done", issued, 1), {"done_on": "2025-06-01", "note": "验收单"})
    assert "2025-06-01 完成" in words(office.get(at("list-item", issued, 1)))
    assert orders(office.get(at("list", issued), {"only": "done"})) == [1]
    assert "撤回完成须写明理由" in words(office.post(at("list-item-done", issued, 1), {"undone": "1"}, follow=True))
    page = words(office.post(at("list-item-done", issued, 1), {"undone": "1", "note": "返工"}, follow=True))
    assert "返工" in page and "2025-06-01 完成" in page
    assert "请选定日期" in words(office.post(at("list-item-done", issued, 1), {}, follow=True))


def test_what_stands_in_no_list_is_added_from_the_coverage_check(office, annual):
    item = annual.items.exclude(measure=None).first()
    number, title = item.measure_id, item.measure.title
    actions.remove_item(by=None, item=item, why="漏了")
    address = reverse("list-coverage", args=[annual.programme.code])
    page = office.get(address)
    assert title in words(page) and f'name="measure" value="{number}"' in page.content.decode()
    assert "已加入 2025 年清单" in words(office.post(at("list-cover", annual), {"measure": number}, follow=True))
    assert title not in words(office.get(address)) and title in words(office.get(address, {"show": "all"}))
    assert "请从覆盖检查中选一条" in words(office.post(at("list-cover", annual), {"measure": "0"}, follow=True))


# what leaves the office


def rows(data: bytes) -> list[tuple]:
    return list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def test_what_is_seen_is_exported(office, issued):
    actions.mark_done(by=None, item=issued.items.get(order=1), done_on=date(2025, 6, 1))
    found = rows(office.get(at("list.xlsx", issued), {"only": "done"}).content)
    assert found[1][:3] == ("领域", "序号", "项目名称") and len(found) == 3
    assert found[2][1] == 1 and found[2][8:10] == ("已完成", "2025-06-01")


HEAD = ("领域", "序号", "项目名称", "主要内容", "计划节点", "牵头", "配合")


def test_the_paper_is_in_the_form_it_is_issued_in(office, issued):
    sheet = rows(office.get(at("list-paper.xlsx", issued)).content)
    assert (
        sheet[0][0] == "河湾县清水行动计划（2025-2027年）2025 年度任务清单"
        and sheet[1][0] == "2025-1 号　2025-02-03 印发"
    )
    assert sheet[2] == HEAD and len(sheet) == 3 + issued.items.count()
    document = Document(io.BytesIO(office.get(at("list-paper.docx", issued)).content))
    table = document.tables[0]
    assert tuple(one.text for one in table.rows[0].cells) == HEAD and len(table.rows) == 1 + issued.items.count()
    assert [row.cells[2].text for row in table.rows[1:]] == [row[2] for row in sheet[3:]]


def test_a_draft_says_that_it_is_one(office, annual):
    assert rows(office.get(at("list-paper.xlsx", annual)).content)[1][0] == "草稿，尚未印发"


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_one_number_gives_the_same_bytes_always(office, issued, form, monkeypatch):
    def paper(number=""):
        return office.get(at(f"list-paper.{form}", issued), {"number": number}).content

    first = paper()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    actions.mark_done(by=None, item=issued.items.get(order=1), done_on=date(2025, 6, 1))
    actions.begin_amendment(by=None, annual=issued, why="机构调整")
    actions.edit_item(by=None, item=issued.items.get(order=1), node="改")
    assert paper() == paper("2025-1") == first
    actions.issue_amendment(by=None, annual=issued, on=date(2025, 6, 1))
    second = paper()
    assert second != first and second == paper("2025-2") and paper("2025-1") == first
    assert office.get(at(f"list-paper.{form}", issued), {"number": "2025-9"}).status_code == 404
    with zipfile.ZipFile(io.BytesIO(second)) as package:
        assert len({one.date_time for one in package.infolist()}) == 1


@pytest.mark.parametrize("word", ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "a\x0bb"])
def test_no_word_becomes_a_formula(office, annual, word):
    actions.add_item(by=None, annual=annual, title=word, content=word, node=word, quarter=1, partners=[word])
    for address in ("list.xlsx", "list-paper.xlsx"):
        data = office.get(at(address, annual)).content
        cells = [cell for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"], address
        assert any(str(cell.value).strip() == word.replace("\x0b", "").strip() for cell in cells), address
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            assert not any(b"<f>" in package.read(name) for name in package.namelist())


# the demonstration's past years


def told(county, year: int = YEAR) -> Programme:
    where = Where("lists.yaml", 1, {})
    nodes = [PastNode.model_construct(where=where, item="1.1", quarter=2, done=date(2025, 7, 9))]
    lists = [PastList.model_construct(where=where, year=year, issued=date(year, 2, 1), nodes=nodes)]
    return Programme(head=None, lists=lists)


def test_past_lists_are_issued_once_and_say_that_they_are_made_up(office, county):
    (annual,) = issue_past_lists(county, told(county))
    assert issue_past_lists(county, told(county)) == []
    assert (annual.number, annual.demonstration, annual.created_by) == ("2025-1", True, None)
    done = [one for one in annual.items.all() if one.completions.exists()]
    assert [(one.quarter, one.completions.get().done_on, one.completions.get().note) for one in done] == [
        (2, date(2025, 7, 9), "模拟")
    ]  # fmt: skip
    assert "示范" in words(office.get(at("list", annual)))
    assert "示范清单" in rows(office.get(at("list.xlsx", annual)).content)[1][0]
    assert "示范清单" in rows(office.get(at("list-paper.xlsx", annual)).content)[2][0]
    text = " ".join(
        one.text for one in Document(io.BytesIO(office.get(at("list-paper.docx", annual)).content)).paragraphs
    )
    assert "示范清单" in text
