"""The pages of incidents and drills, by what different readers get."""

import io
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from docx import Document

from qingshan.coordination.incidents.models import Call, Incident
from qingshan.coordination.models import Decision, Notice
from qingshan.people.models import User
from tests.evidence.registers.served import put

from .conftest import person

pytestmark = pytest.mark.django_db
POINT = {"datum": "wgs84", "lon": "121.03", "lat": "30.73"}


@pytest.fixture
def visit(client, county):
    """visit(role, name, **data): what a reader of that role gets of a page, or of sending to it; a liaison speaks for works."""
    put(county, "works")
    body = county.jurisdiction.bodies.get(code="works")

    def go(role: str, name: str, *given, language: str = "zh-hans", query: str = "", **data):
        cache.clear()
        client.cookies["django_language"] = language
        user = User.objects.filter(username=role).first() or person(role, county.jurisdiction, role, body)
        client.force_login(user)
        address = reverse(name, args=[*([] if name == "inbox" else [county.code]), *given]) + query
        answer = client.post(address, data, follow=True) if data else client.get(address)
        answer.words = answer.content.decode(errors="replace")
        return answer

    return go


@pytest.fixture
def drill(visit) -> Incident:
    visit("office", "incident-open", **POINT, drill="yes", kind="spill", title="油污演练", place="北河桥")
    return Incident.objects.get()


@pytest.fixture
def call(visit, drill) -> Call:
    entries = [one.split('"')[0] for one in visit("office", "incident", 1).words.split('name="entry" value="')[1:]]
    visit("office", "incident-call", 1, entry=entries, within="10", speed="30", asked="布设围油栏")
    return Call.objects.get(title="S1")


def test_what_is_in_reach_leads_to_an_incident_there(visit):
    told = visit("office", "emergency", query="?datum=wgs84&lon=121.03&lat=30.73").words
    assert (
        "incidents/open/?datum=wgs84&amp;lon=121.03&amp;lat=30.73" in told
        or "incidents/open/?datum=wgs84&lon=121.03" in told
    )
    assert "在此开启" not in visit("leader", "emergency", query="?datum=wgs84&lon=121.03&lat=30.73").words


def test_a_point_in_another_datum_is_moved(visit):
    visit("office", "incident-open", **POINT | {"datum": "gcj02"}, drill="no", kind="gas", title="泄漏", place="厂区")
    made = Incident.objects.get()
    assert not made.drill and made.lon == pytest.approx(121.0257, abs=0.001) and made.lon != 121.03


@pytest.mark.parametrize(("wrong", "words"), [({"datum": ""}, "请选定坐标系"), ({"lon": ""}, "经度和纬度"), ({"title": " "}, "事件名称"), ({"began_at": "昨天"}, "发生时间")])  # fmt: skip
def test_what_cannot_be_opened_comes_back_as_filled_in(visit, wrong, words):
    told = visit(
        "office",
        "incident-open",
        **POINT | {"drill": "yes", "kind": "spill", "title": "油污", "place": "北河桥"} | wrong,
    )
    assert (
        told.status_code == 422
        and words in told.words
        and 'value="北河桥"' in told.words
        and not Incident.objects.exists()
    )


def test_calling_out_reaches_the_inbox_and_is_answered_on_a_phone(visit, call):
    notice = Notice.objects.get(kind="called_out")
    assert "油污演练：请调出S1、T1" in notice.subject["zh"]
    assert "油污演练：请调出S1、T1" in visit("liaison", "inbox").words
    assert "待接报" in visit("liaison", "incident", 1).words and "模拟" in visit("liaison", "incident", 1).words
    answered = visit("liaison", "incident-step", 1, call.pk, step="acknowledged", note="")
    assert "已记录" in answered.words and re.search(r"接报用时 \d\.\d min", answered.words)
    assert re.search(r"已接报 1/2，中位 \d\.\d min", visit("office", "incident", 1).words)
    assert re.search(r"Acknowledged 1/2, median \d\.\d min", visit("office", "incident", 1, language="en").words)
    refused = visit("liaison", "incident-step", 1, call.pk, step="refused", note="")
    assert "写明原因" in refused.words


def test_a_liaison_of_a_body_not_called_sees_it_neither_listed_nor_by_its_address(visit, county, call, client):
    other = person("liaison", county.jurisdiction, "else", county.jurisdiction.bodies.get(code="farm"))
    cache.clear()
    client.force_login(other)
    assert "油污演练" not in client.get(reverse("incidents", args=[county.code])).content.decode()
    assert client.get(reverse("incident", args=[county.code, 1])).status_code == 403
    assert "油污演练" in visit("liaison", "incidents").words


def test_closing_assigns_what_was_found_and_prints(visit, call):
    due = (timezone.localdate() + timedelta(days=20)).isoformat()
    blank = visit(
        "office",
        "incident-close",
        1,
        summary="有效",
        found=["围油栏不足"],
        mend=["补足"],
        lead=["works"],
        due_on=["不日"],
    )
    assert "应写作 2026-12-31" in blank.words and not Decision.objects.exists()
    told = visit("office", "incident-close", 1, summary="有效", found=["围油栏不足", ""], mend=["补足 200 米", ""], lead=["works", ""], due_on=[due, ""])  # fmt: skip
    assert "已结束" in told.words and "围油栏不足" in told.words and "调用所选" not in told.words
    assert Decision.objects.get().lead.code == "works"
    paper = visit("office", "incident.docx", 1)
    document = Document(io.BytesIO(paper.content))
    words = "\n".join(
        [one.text for one in document.paragraphs] + [cell.text for row in document.tables[0].rows for cell in row.cells]
    )
    assert (
        "油污演练记录" in words
        and "围油栏不足：补足 200 米。责任部门" in words
        and "S1" in words
        and "接报：调用 2 项，尚无记录" in words
    )


def test_a_time_that_cannot_be_read_is_refused(visit, drill):
    assert "时间应写作" in visit("office", "incident-note", 1, note="油膜", at="早上").words
    later = visit(
        "office", "incident-note", 1, note="油膜", at=f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    )
    assert "还没有到" in later.words and drill.events.count() == 1
