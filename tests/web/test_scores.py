"""Pages and papers of score sheets: who reads what, and that a page says what the record says."""

import io
import json
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from qingshan.evaluation.scores import actions
from qingshan.people.models import User
from qingshan.web import scores

from ..evaluation.scores.rulesets import AS_OF, county, person, sheet

pytestmark = pytest.mark.django_db
REASON, PROOF = "整改已于期限内完成", "验收单 7 号"


@pytest.fixture
def programme():
    return county()


@pytest.fixture
def published(programme):
    return actions.publish(by=None, sheet=sheet(programme), on=AS_OF)


@pytest.fixture
def objected(programme, published):
    liaison = person("liaison", programme, name="liaison-of-works")
    return actions.object_to(
        by=liaison, sheet=published, line="findings findings 2", reason=REASON, evidence=PROOF, on=AS_OF
    )


def page(client, user: User, name: str, *given, language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    client.force_login(user)
    answer = client.get(reverse(name, args=given))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_sheet_says_shares_intervals_and_ranks_as_the_record_does(client, programme, published):
    told = page(client, person("leader", programme), "score-sheet", programme.code, published.pk)
    works = next(one for one in json.loads(published.record)["bodies"] if one["code"] == "works")["parts"]["mending"]
    assert works["share"] == "0.5000"
    assert '<b>50.0 %</b> <span class="of">2/4</span>' in told
    assert f"{Decimal(works['low']) * 100:.2f}–{Decimal(works['high']) * 100:.2f} %" in told
    assert "样本太小（1 项，不足 3 项），不排名" in told  # the Farm Office has one finding
    assert "只有这一个部门可排，不排名" in told
    assert "没有应计事项" in told
    assert "工作规则，未印发" in told


def test_rows_are_sorted_by_what_the_address_says(client, programme, published):
    opened = scores.Opened(published, {one.code: one for one in programme.jurisdiction.bodies.all()})
    codes = [row.body.code for row in scores.sorted_rows(opened.rows, "-deducted")]
    assert codes[0] == "works"
    assert [row.body.code for row in scores.sorted_rows(opened.rows, "-mending")] == ["farm", "works", "utility"]
    assert [row.body.code for row in scores.sorted_rows(opened.rows, "mending")] == ["works", "farm", "utility"]
    assert scores.sorted_rows(opened.rows, "nonsense") == opened.rows


def test_a_liaison_may_object_in_the_window_to_own_lines_that_took_something_away(client, programme, published):
    told = page(client, person("liaison", programme), "score-body", programme.code, published.pk, "works")
    assert (
        told.count("提交异议") == sum(line.bad for _, lines in opened(published).lines("works") for line in lines) > 1
    )
    assert "提交异议" not in page(
        client, person("office", programme), "score-body", programme.code, published.pk, "works"
    )
    other = person("liaison", programme, "farm")
    assert "提交异议" not in page(client, other, "score-body", programme.code, published.pk, "works")


def opened(found) -> scores.Opened:
    bodies = {one.code: one for one in found.programme.jurisdiction.bodies.all()}
    return scores.Opened(found, bodies, found.objections.all())


def test_grounds_are_for_the_body_and_those_who_judge_and_the_answer_is_for_all(client, programme, published, objected):
    actions.answer(by=None, objection=objected, upheld=False, reason="台账没有办结记录")
    for user, shown in (
        (User.objects.get(username="liaison-of-works"), True),
        (person("office", programme), True),
        (person("leader", programme), True),
        (person("auditor", programme), True),
        (person("liaison", programme, "farm"), False),
    ):
        told = page(client, user, "score-sheet", programme.code, published.pk)
        assert (REASON in told, PROOF in told) == (shown, shown), user
        assert "台账没有办结记录" in told
        paper = client.get(reverse("score-sheet.docx", args=[programme.code, published.pk])).content
        assert (REASON in text_of(paper)) == shown


def text_of(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in paper.paragraphs] + cells)


def test_only_the_office_is_asked_to_answer(client, programme, published, objected):
    assert "答复理由" in page(client, person("office", programme), "score-sheet", programme.code, published.pk)
    assert "答复理由" not in page(client, person("leader", programme), "score-sheet", programme.code, published.pk)


def test_the_whole_way_over_the_pages(client, programme):
    office, liaison = person("office", programme), person("liaison", programme)

    def send(user, name, *given, **told):
        client.force_login(user)
        return client.post(reverse(name, args=[programme.code, *given]), told)

    send(office, "score-new", period="2026-H1")
    found = programme.score_sheets.get()
    send(office, "score-publish", found.pk)
    assert programme.score_sheets.get().state == "draft"  # its run is not signed
    programme.score_sheets.update(demonstration=True)
    send(office, "score-publish", found.pk)
    send(liaison, "score-object", found.pk, line="findings findings 2", reason=REASON, evidence=PROOF)
    made = found.objections.get()
    send(office, "score-answer", found.pk, made.pk, upheld="yes", reason="经核实按期完成")
    assert made.answer.upheld
    send(office, "score-withdraw", found.pk, why="规则选错，重新计算")
    assert programme.score_sheets.get().state == "withdrawn"


def test_a_refusal_is_read_on_the_next_page(client, programme, published):
    client.force_login(person("liaison", programme))
    given = {"line": "findings findings 1", "reason": REASON}
    answer = client.post(reverse("score-object", args=[programme.code, published.pk]), given, follow=True)
    assert "没有减分" in answer.content.decode()


def test_a_draft_is_not_there_for_a_liaison(client, programme):
    draft = sheet(programme)
    client.force_login(person("liaison", programme))
    assert client.get(reverse("score-sheet", args=[programme.code, draft.pk])).status_code == 404
    assert client.get(reverse("score-body", args=[programme.code, draft.pk, "works"])).status_code == 404


@pytest.mark.parametrize(("language", "head"), [("zh-hans", "整改 占比"), ("en", "整改 Share")])
def test_the_workbook_has_the_numbers_as_numbers(client, programme, published, language, head):
    client.cookies["django_language"] = language
    client.force_login(person("office", programme))
    answer = client.get(reverse("score-sheet.xlsx", args=[programme.code, published.pk]))
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    names = next(row for row in rows if head in row)
    works = next(
        dict(zip(names, row, strict=True)) for row in rows if row[0] in ("Public Works", "Public Works Department")
    )
    assert works[head] == 0.5
    assert any("Wilson" in str(row[0]) for row in rows)


def test_the_paper_lists_deductions_with_their_basis(client, programme, published):
    client.force_login(person("office", programme))
    told = text_of(client.get(reverse("score-sheet.docx", args=[programme.code, published.pk])).content)
    assert "2 问题2" in told
    assert "本规则 一" in told
    assert published.digest in told


def test_every_line_with_a_page_leads_there(programme, published):
    addresses = {line.address for _, lines in opened(published).lines("works") for line in lines}
    assert None not in addresses
    assert reverse("origin", args=[programme.code, published.run_id, "outfalls"]) in addresses


def test_an_interval_stands_where_its_numbers_are():
    cell = scores.Cell("mending", {"zh": "整改"}, {"matters": 4, "share": "0.5000", "low": "0.1500", "high": "0.8500", "good": "2", "of": "4", "rank": None}, 5)  # fmt: skip
    assert (cell.low, cell.at, cell.high) == ("17.0", "52.0", "87.0")
    assert cell.few
    assert cell.percent == "50.0 %"


@pytest.mark.parametrize(("text", "printed"), [("3", "3"), ("17/2", "8.5"), ("1/3", "0.33"), ("10", "10"), (None, "")])
def test_weighted_sums_are_printed_plainly(text, printed):
    assert scores.weighted(text) == printed
