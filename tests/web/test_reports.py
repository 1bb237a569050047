"""The reporting pages of the invented county, on its own day."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from qingshan.evaluation.reporting import open_rounds
from qingshan.evidence.reports.models import Report
from qingshan.people.models import Role, User

from .conftest import LATER, person

CHINESE = re.compile(r"[㐀-鿿]")
ONE = ["half-yearly", "2026-H1"]


@pytest.fixture
def held(county):
    (found,) = open_rounds(by=None, programme=county, on=LATER, now=timezone.now())
    return found


@pytest.fixture
def sign_in(client, county):
    def signed_in(role: str, body: str = "utility", language: str = "zh-hans"):
        client.cookies["django_language"] = language
        place = county.jurisdiction
        known = User.objects.filter(username=f"{role}-{body}").first()
        client.force_login(known or person(role, place, f"{role}-{body}", place.bodies.get(code=body)))
        return client

    return signed_in


def address(name: str, *more, body: str = "utility") -> str:
    return reverse(name, args=["riverbend", *ONE, body, *more])


def text(response) -> str:
    return response.content.decode()


def lines(body: str = "utility") -> list:
    return list(Report.objects.get(body__code=body).lines.order_by("order"))


def answers(**claims) -> dict:
    """What the whole form would post; `claims`: order → what is typed."""
    told = {}
    for line in lines():
        told |= {f"number-{line.pk}": line.number, f"progress-{line.pk}": "已巡检", f"obstacle-{line.pk}": ""}
        if line.form != "words":
            told[f"claim-{line.pk}"] = claims.get(f"n{line.order}", line.claim or "")
    return told


def test_a_liaison_sees_the_working_days_left(held, sign_in):
    client = sign_in(Role.LIAISON)
    assert client.get(reverse("home")).url == reverse("reports", args=["riverbend"])
    page = text(client.get(reverse("reports", args=["riverbend"])))
    assert "还剩 2 个工作日" in page and "2026-08-04 截止" in page


def test_a_line_is_kept_as_it_is_filled_in(held, sign_in):
    client, line = sign_in(Role.LIAISON), lines()[1]
    given = {f"number-{line.pk}": 1, f"claim-{line.pk}": "99", f"progress-{line.pk}": "抢修"}
    page = text(client.post(address("report-line", line.pk), given, headers={"HX-Request": "true"}))
    assert "已保存" in page and f'name="number-{line.pk}" value="2"' in page
    assert "填报 99 %；已录入的数值为" in page  # told at once
    page = text(client.post(address("report-line", line.pk), given | {f"claim-{line.pk}": "98"}))
    assert "您的修改没有保存" in page and 'value="1" form="answers"' in page
    line.refresh_from_db()
    assert line.claim == 99


def test_what_cannot_be_read_keeps_nothing_and_says_where(held, sign_in):
    client = sign_in(Role.LIAISON)
    response = client.post(address("report-save"), answers(n0="12", n1="许多"))
    assert response.status_code == 422 and "“许多”读不懂" in text(response)
    assert {line.number for line in lines()} == {1}


def test_handed_in_reviewed_sent_back_and_accepted(held, sign_in):
    client = sign_in(Role.LIAISON)
    assert client.post(address("report-save"), answers(n1="7.5") | {"submit": "1"}).status_code == 302
    assert "不能再改" in text(client.post(address("report-save"), answers(n1="7"), follow=True))
    office = sign_in(Role.OFFICE, "works")
    assert "待审" in text(office.get(reverse("reports", args=["riverbend"])))
    assert "7.5 %" in text(office.get(address("report")))
    assert "请写明为什么退回" in text(office.post(address("report-decide"), {"version": 1, "return": "1"}, follow=True))
    office.post(address("report-decide"), {"version": 1, "return": "1", "why": "请核对"})
    assert Report.objects.get(body__code="utility").state == "returned"
    liaison = sign_in(Role.LIAISON)
    assert "请核对" in text(liaison.get(reverse("reports", args=["riverbend"])))
    liaison.post(address("report-save"), answers(n1="7.4") | {"submit": "1"})
    office = sign_in(Role.OFFICE, "farm")
    office.post(address("report-decide"), {"version": 2, "line": [lines()[1].pk], "some": "1"})
    assert [bool(line.accepted_on) for line in lines()] == [False, True, False]
    office.post(address("report-decide"), {"version": 2, "all": "1"})
    assert Report.objects.get(body__code="utility").state == "accepted"


def test_a_workbook_goes_there_and_back(held, sign_in):
    client = sign_in(Role.LIAISON)
    book = load_workbook(io.BytesIO(client.get(address("report.xlsx")).content))
    book["填报"].cell(4, 9).value = 6.5
    file = io.BytesIO()
    book.save(file)
    page = text(client.post(address("report-upload"), {"file": SimpleUploadedFile("a.xlsx", file.getvalue())}))
    assert "没有问题，将改动 1 项" in page and lines()[1].number == 1  # looked at, not kept
    taken = re.search(r'name="taken" value="([^"]+)"', page).group(1)
    assert client.post(address("report-upload"), {"taken": taken[:-2] + "xx"}).status_code == 302
    assert lines()[1].number == 1
    client.post(address("report-upload"), {"taken": taken})
    assert str(lines()[1].claim.normalize()) == "6.5"


def test_evidence_is_saved_and_never_shown_as_a_page(held, sign_in):
    client, line = sign_in(Role.LIAISON), lines()[0]
    client.post(address("report-attach", line.pk), {"file": SimpleUploadedFile("<b>.pdf", b"%PDF-1.7 x")})
    response = client.get(address("report-file", line.files.get().pk))
    assert response["Content-Type"] == "application/octet-stream" and response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 x"
    page = text(
        client.post(address("report-attach", line.pk), {"file": SimpleUploadedFile("a.exe", b"MZ")}, follow=True)
    )
    assert "不是照片" in page


def test_the_board_as_a_workbook(held, sign_in):
    content = sign_in(Role.OFFICE, "works").get(reverse("reports.xlsx", args=["riverbend"])).content
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]
    assert rows[1][:2] == ["部门", "2026-H1 半年填报"] and {row[1] for row in rows[2:]} == {"待报"}


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LIAISON])
def test_english_pages_have_no_chinese_left(held, sign_in, role):
    client = sign_in(role, "works", "en")
    pages = [reverse("reports", args=["riverbend"]), address("report", body="works")]
    for page in pages + ([address("report-upload", body="works")] if role == Role.LIAISON else []):
        html = text(client.get(page)).replace('lang="zh">中文</button>', "")
        assert CHINESE.findall(html) == [], page


def test_queries_do_not_grow_with_the_lines(held, sign_in):
    client, counts = sign_in(Role.LIAISON), []
    for n in range(2):
        with CaptureQueriesContext(connection) as made:
            assert client.get(address("report")).status_code == 200
        counts.append(len(made))
        first = lines()[0]
        first.report.lines.create(
            order=90, key=f"words:{n}", kind="task", form="words", asked={"zh": "加", "en": "more", "optional": True}
        )
    assert counts[0] == counts[1]
