"""Every page for every role, what it must not show, and how many queries it may cost."""

import io
import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from qingshan.cycle import run_cycle
from qingshan.evaluation import actions
from qingshan.evaluation.models import Run
from qingshan.people.actions import record
from qingshan.people.models import AuditLine, Jurisdiction, Role, User
from qingshan.plan.models import Programme
from qingshan.web.views.targets import passage

from .conftest import person

CHINESE = re.compile(r"[㐀-鿿]")
TARGET, TASK, BODY = "phosphorus", "1", "works"
READING = [Role.OFFICE, Role.LEADER, Role.LIAISON, Role.AUDITOR, Role.ADMIN]


def addresses(programme: Programme, target: str = TARGET, task: str = TASK, body: str = BODY) -> dict[str, str]:
    code, run = programme.code, programme.runs.order_by("-as_of", "-id").first()
    found = {name: reverse(name, args=[code]) for name in ("overview", "targets", "tasks", "bodies", "runs")}
    found |= {
        "target": reverse("target", args=[code, target]),
        "task": reverse("task", args=[code, task]),
        "body": reverse("body", args=[code, body]),
    }
    if run:
        found |= {"run": reverse("run", args=[code, run.id]), "origin": reverse("origin", args=[code, run.id, target])}
    return found


def main_part(response) -> str:
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize("role", READING)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_for_every_role(judged, enter, role, language):
    client = enter(role, judged, language)
    for name, address in addresses(judged).items():
        response = client.get(address)
        assert response.status_code == 200, name
        assert response.headers["Content-Language"] == language


def test_english_pages_have_no_chinese_left(judged, enter):
    client = enter(Role.OFFICE, judged, "en")
    for name, address in addresses(judged).items():
        html = client.get(address).content.decode().replace('lang="zh">中文</button>', "")
        if name == "origin":  # a source is quoted in the language it was published in
            html = re.sub(r'<td class="where">.*?</td>', "", html, flags=re.DOTALL)
        assert CHINESE.findall(html) == [], name


def test_chinese_pages_have_no_machine_words(judged, enter):
    client = enter(Role.OFFICE, judged)
    for name, address in addresses(judged).items():
        text = re.sub(r"<script.*?</script>|<[^>]*>", " ", main_part(client.get(address)), flags=re.DOTALL)
        words = re.findall(
            r"\b(?:None|null|NaN|True|False|off_track|at_risk|on_track|no_data|upper_bound|undefined)\b", text
        )
        assert words == [], name


def test_who_has_not_signed_in_is_sent_to_the_door(judged, client):
    for address in addresses(judged).values():
        response = client.get(address)
        assert response.status_code == 302 and response.url.startswith(reverse("sign-in"))


def test_another_jurisdictions_programme_is_not_there(judged, client):
    elsewhere = Jurisdiction.objects.create(code="XX-1", name="别处")
    client.force_login(User.objects.create(username="stranger", role=Role.ADMIN, jurisdiction=elsewhere))
    for address in [*addresses(judged).values(), reverse("targets.xlsx", args=[judged.code])]:
        assert client.get(address).status_code == 404
    assert client.post(reverse("run-new", args=[judged.code]), {"as_of": "2026-07-31"}).status_code == 404
    assert client.post(reverse("run-sign", args=[judged.code, judged.runs.first().id])).status_code == 404


def test_pages_nobody_made_are_a_page_too(judged, enter):
    client = enter(Role.OFFICE, judged)
    for address in ("targets/none/", "tasks/99/", "bodies/none/", "runs/9999/"):
        response = client.get(f"/{judged.code}/{address}")
        assert response.status_code == 404 and "没有这一页" in response.content.decode()


def test_what_no_database_can_keep_is_told_and_asked_of_none(judged, enter, client):
    office = enter("office", judged)
    for address in (reverse("audit") + "?verb=%00", reverse("registers", args=[judged.code]) + "outfalls/?q=a%00b"):
        answer = office.get(address)
        assert answer.status_code == 400 and "不能保存的字符" in answer.content.decode(), address
    sent = office.post(reverse("run-new", args=[judged.code]), {"as_of": "\0"})
    assert sent.status_code == 400 and "不能保存的字符" in sent.content.decode()
    assert client.post(reverse("sign-in"), {"username": "\0", "password": "x"}).status_code == 400


def test_a_liaison_lands_on_what_their_body_owes_and_others_on_the_overview(judged, client):
    client.force_login(person(Role.LIAISON, judged.jurisdiction))
    assert client.get("/").url == reverse("reports", args=[judged.code])
    client.force_login(person(Role.LEADER, judged.jurisdiction))
    assert client.get("/").url == reverse("overview", args=[judged.code])


def test_without_a_programme_the_page_says_what_to_do(client, db):
    place = Jurisdiction.objects.create(code="XX-1", name="别处")
    client.force_login(User.objects.create(username="first", role=Role.OFFICE, jurisdiction=place))
    assert "装入计划资料" in client.get("/").content.decode()


def test_before_the_first_evaluation_every_page_says_what_to_press(county, enter):
    client = enter(Role.OFFICE, county)
    for name in ("overview", "targets", "tasks", "bodies", "runs"):
        html = client.get(reverse(name, args=[county.code])).content.decode()
        assert "还没有评估" in html, name
    assert client.get(reverse("task", args=[county.code, TASK])).status_code == 200
    assert client.get(reverse("body", args=[county.code, BODY])).status_code == 200
    assert client.get(reverse("target", args=[county.code, TARGET])).status_code == 404


@pytest.mark.parametrize("role", READING)
def test_places_in_the_frame_are_those_the_role_may_enter(judged, enter, role):
    html = enter(role, judged).get(reverse("overview", args=[judged.code])).content.decode()
    assert (f'href="{reverse("people")}"' in html) == (role == Role.ADMIN)
    assert (f'href="{reverse("audit")}"' in html) == (role in (Role.OFFICE, Role.AUDITOR, Role.ADMIN))


@pytest.mark.parametrize(("name", "role"), [("people", Role.OFFICE), ("audit", Role.LIAISON), ("audit", Role.LEADER)])
def test_a_closed_page_says_why(judged, enter, name, role):
    response = enter(role, judged).get(reverse(name))
    assert response.status_code == 403 and "不能办理" in response.content.decode()


# --- evaluating and signing


def test_the_office_evaluates_and_a_leader_signs(judged, enter, client):
    enter(Role.OFFICE, judged)
    response = client.post(reverse("run-new", args=[judged.code]), {"as_of": "2026-06-30"}, follow=True)
    run = Run.objects.get(as_of=date(2026, 6, 30))
    assert "已按 2026-06-30 评估" in response.content.decode() and run.created_by.role == Role.OFFICE
    enter(Role.LEADER, judged)
    page = client.get(reverse("run", args=[judged.code, run.id])).content.decode()
    assert "签署这次评估" in page
    after = client.post(reverse("run-sign", args=[judged.code, run.id]), follow=True).content.decode()
    assert "签署这次评估" not in after and "已签署" in after
    run.refresh_from_db()
    assert run.signed_by.role == Role.LEADER
    again = client.post(reverse("run-sign", args=[judged.code, run.id]))
    assert again.status_code == 403 and "不能再次签" in again.content.decode()


@pytest.mark.parametrize("role", [Role.LIAISON, Role.AUDITOR, Role.ADMIN, Role.LEADER])
def test_others_cannot_evaluate(judged, enter, role):
    before = Run.objects.count()
    response = enter(role, judged).post(reverse("run-new", args=[judged.code]), {"as_of": "2026-06-30"})
    assert response.status_code == 403 and Run.objects.count() == before


@pytest.mark.parametrize(("day", "why"), [("", "请选定评估日"), ("31.6.2026", "应写作"), ("2999-01-01", "晚于今天")])
def test_a_wrong_day_is_told_and_nothing_is_stored(judged, enter, day, why):
    before = Run.objects.count()
    response = enter(Role.OFFICE, judged).post(reverse("run-new", args=[judged.code]), {"as_of": day}, follow=True)
    assert why in response.content.decode() and Run.objects.count() == before


def test_a_day_before_the_plan_began_can_be_judged_and_shown(judged, enter):
    client = enter(Role.OFFICE, judged)
    response = client.post(reverse("run-new", args=[judged.code]), {"as_of": "1999-01-01"}, follow=True)
    assert "已按 1999-01-01 评估" in response.content.decode()
    run = Run.objects.get(as_of=date(1999, 1, 1))
    assert client.get(reverse("origin", args=[judged.code, run.id, TARGET])).status_code == 200


def test_evaluating_without_a_plan_is_told(county, enter):
    bare = Programme.objects.create(code="bare", title="空", jurisdiction=county.jurisdiction)
    response = enter(Role.OFFICE, county).post(
        reverse("run-new", args=[bare.code]), {"as_of": "2026-06-30"}, follow=True
    )
    assert "还没有采用的规划，无从评估" in response.content.decode() and not bare.runs.exists()
    assert "还没有已采用的规划" in enter(Role.LEADER, county).get(reverse("overview", args=["bare"])).content.decode()


def test_forms_need_their_token(judged):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.OFFICE, judged.jurisdiction))
    address = reverse("runs", args=[judged.code])
    for _ in range(2):  # made, then remembered
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode()).group(1)
        response = client.post(
            reverse("run-new", args=[judged.code]), {"as_of": "2026-07-01", "csrfmiddlewaretoken": token}
        )
        assert response.status_code == 302
    assert client.post(reverse("run-new", args=[judged.code]), {"as_of": "2026-07-01"}).status_code == 403


# --- what is shown


def test_the_overview_counts_what_the_record_counts(judged, enter):
    html = main_part(enter(Role.LEADER, judged).get(reverse("overview", args=[judged.code])))
    counts = json.loads(judged.runs.order_by("-as_of").first().record)["counts"]
    for status, count in counts.items():
        shown = re.search(rf'<li class="{status}">.*?<b>(\d+)</b>', html, re.DOTALL)
        assert (int(shown.group(1)) if shown else 0) == count, status


def test_names_are_never_markup(judged, enter):
    evil = "<script>alert(1)</script>\"'"
    judged.jurisdiction.bodies.filter(code=BODY).update(name=evil)
    Programme.objects.filter(id=judged.id).update(title=evil)
    client = enter(Role.OFFICE, judged, name=evil[:60])
    for name, address in addresses(judged).items():
        html = client.get(address).content.decode()
        assert "<script>alert" not in html, name


def test_a_value_leads_back_to_its_rows_and_who_entered_them(judged, enter):
    run = judged.runs.order_by("-as_of").first()
    html = main_part(enter(Role.AUDITOR, judged).get(reverse("origin", args=[judged.code, run.id, TARGET])))
    stated = json.loads(run.record)
    (given,) = next(t for t in stated["targets"] if t["code"] == TARGET)["inputs"]
    assert given["digest"] in html and given["to"] in html
    rows = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL).group(1).count("<tr>")
    assert rows == given["rows"]
    assert html.count("系统") >= rows


def test_an_old_run_shows_only_what_was_known_then(judged, enter):
    old, new = judged.runs.order_by("as_of")
    client = enter(Role.AUDITOR, judged)
    counts = [
        main_part(client.get(reverse("origin", args=[judged.code, run.id, TARGET]))).count("<tr>") for run in (old, new)
    ]
    assert counts[0] < counts[1]


def test_filters_stay_in_the_address_and_in_the_export(judged, enter):
    client = enter(Role.OFFICE, judged)
    address = reverse("targets", args=[judged.code]) + "?scope=1&sort=due"
    html = main_part(client.get(address))
    assert '<option value="1" selected>' in html and "targets.xlsx?scope=1&amp;sort=due" in html
    sheet = load_workbook(
        io.BytesIO(client.get(reverse("targets.xlsx", args=[judged.code]) + "?scope=1&sort=due").content)
    ).active
    shown = re.findall(r'<th scope="row"><a href="[^"]*/targets/([\w-]+)/"', html)
    first = next(n for n, row in enumerate(sheet.values) if row[0] == "编号")
    assert [row[0] for row in list(sheet.values)[first + 1 :]] == shown != []


def test_columns_put_away_stay_away_here_and_in_the_export(judged, enter):
    client = enter(Role.OFFICE, judged)
    here = reverse("targets", args=[judged.code])
    assert "without-" not in main_part(client.get(here))
    response = client.post(reverse("columns"), {"show": ["scope", "goal", "bar-cell", "due"], "next": here})
    assert response.url == here
    html = main_part(client.get(here))
    assert "without-planned" in html and "without-due" not in html
    sheet = load_workbook(io.BytesIO(client.get(reverse("targets.xlsx", args=[judged.code])).content)).active
    head = next(row for row in sheet.values if row[0] == "编号")
    assert "应达" not in head and {"期限", "数据"} <= set(head)


def test_exports_carry_the_simulated_mark(jinshan, enter):
    client = enter(Role.OFFICE, jinshan)
    sheet = load_workbook(io.BytesIO(client.get(reverse("targets.xlsx", args=["jinshan"])).content)).active
    rows = list(sheet.values)
    assert any("模拟数据" in str(row[0]) for row in rows[:2])
    assert sum(row[12] == "模拟" for row in rows) > 10
    tasks = client.get(reverse("tasks.xlsx", args=["jinshan"]))
    assert len(list(load_workbook(io.BytesIO(tasks.content)).active.values)) == 24 + 3


def test_a_sentence_is_shown_with_its_promise_marked():
    class Edition:
        text = "一、总则。\n细颗粒物年均浓度不高于28微克；林木覆盖率达到20%。"

    class Promise:
        start, end = Edition.text.index("细"), Edition.text.index("；")

    assert passage(Edition, Promise) == ("", "细颗粒物年均浓度不高于28微克", "；")
    Promise.start, Promise.end = None, None
    assert passage(Edition, Promise) is None


# --- language


def test_the_reader_switches_language_and_comes_back(judged, enter):
    client = enter(Role.OFFICE, judged)
    here = reverse("targets", args=[judged.code])
    response = client.post(reverse("language"), {"language": "en", "next": here})
    assert response.url == here and client.get(here).headers["Content-Language"] == "en"


def test_the_switch_never_leads_elsewhere(client, db):
    response = client.post(reverse("language"), {"language": "xx", "next": "https://elsewhere.example/"})
    assert response.url == reverse("home") and not response.cookies


def test_chinese_is_first_whatever_the_browser_prefers(client, db):
    assert client.get(reverse("sign-in"), headers={"accept-language": "en"}).headers["Content-Language"] == "zh-hans"


# --- accounts and audit


def test_the_administrator_opens_an_account(judged, enter):
    client = enter(Role.ADMIN, judged)
    fields = {"username": "new-one", "name": "新联络员", "role": "liaison", "password": "riverbend-7788"}
    without = client.post(reverse("people"), fields)
    assert "须代表一个部门" in without.content.decode() and not User.objects.filter(username="new-one").exists()
    body = judged.jurisdiction.bodies.get(code=BODY)
    assert client.post(reverse("people"), fields | {"body": body.id}).status_code == 302
    assert User.objects.get(username="new-one").check_password("riverbend-7788")
    assert "已经有人使用" in client.post(reverse("people"), fields | {"body": body.id}).content.decode()
    weak = client.post(reverse("people"), fields | {"username": "other", "body": body.id, "password": "12345678"})
    assert weak.status_code == 200 and not User.objects.filter(username="other").exists()


def test_the_trail_shows_its_own_jurisdiction_and_checks_its_seals(judged, enter):
    elsewhere = Jurisdiction.objects.create(code="XX-1", name="别处")
    from django.db import transaction

    with transaction.atomic():
        record(by=None, verb="evaluate", thing="evaluation.run 777", jurisdiction=elsewhere)
    client = enter(Role.AUDITOR, judged)
    html = client.get(reverse("audit")).content.decode()
    assert "评估 777" not in html and "采用规划" in html
    assert "记录完好" in client.get(reverse("audit") + "?check=1").content.decode()
    only = main_part(client.get(reverse("audit") + "?verb=evaluate"))
    assert only.count("<tr>") - 1 == AuditLine.objects.filter(verb="evaluate", jurisdiction=judged.jurisdiction).count()


# --- speed


def test_a_page_is_made_once_and_made_anew_after_a_write(judged, enter):
    client = enter(Role.OFFICE, judged)
    address = reverse("overview", args=[judged.code])
    first = client.get(address).content
    with CaptureQueriesContext(
        connection,
    ) as again:
        second = client.get(address).content
    unlike = re.compile(rb'value="\w{64}"')
    assert unlike.sub(b"", first) == unlike.sub(b"", second)
    assert len(again) == 4  # session, reader, newest audit line, the reader's unread notices
    run_cycle(programme=judged, as_of=date(2026, 9, 30))
    assert b"2026-09-30" in client.get(address).content


def test_remembered_pages_are_each_readers_own(judged, enter):
    address = reverse("overview", args=[judged.code])
    assert "甲某" in enter(Role.OFFICE, judged, name="甲某").get(address).content.decode()
    other = enter(Role.OFFICE, judged, name="乙某").get(address).content.decode()
    assert "乙某" in other and "甲某" not in other and "\0" not in other
    assert "去签署" not in enter(Role.AUDITOR, judged).get(address).content.decode()


QUERIES = {
    "overview": 17,
    "targets": 15,
    "tasks": 16,
    "bodies": 16,
    "runs": 8,
    "target": 20,
    "task": 16,
    "body": 18,
    "run": 17,
    "origin": 21,
}


@pytest.mark.parametrize("name", QUERIES)
def test_queries_do_not_grow_with_the_plan(judged, jinshan, enter, name):
    """The county has 7 targets and 3 tasks, Jinshan 41 and 24."""
    counts = []
    for programme, known in ((judged, {}), (jinshan, {"target": "pm25", "task": "5", "body": "sthjj"})):
        address = addresses(programme, **known)[name]
        client = enter(Role.OFFICE, programme)
        with CaptureQueriesContext(connection) as made:
            assert client.get(address).status_code == 200
        counts.append(len(made))
    assert counts == [QUERIES[name]] * 2


def test_a_page_that_is_not_there_names_its_reader_too(judged, enter):
    client = enter("office", judged)
    answer = client.get(reverse("list", args=[judged.code, 1999]))
    text = answer.content.decode()
    assert answer.status_code == 404 and "\0" not in text and 'name="csrfmiddlewaretoken" value="token' not in text


def test_signing_changes_the_remembered_page_of_others(judged, enter, client):
    run = judged.runs.order_by("-as_of").first()
    address = reverse("run", args=[judged.code, run.id])
    enter(Role.LEADER, judged)
    assert "签署这次评估" in client.get(address).content.decode()
    actions.sign(run=run, by=person(Role.OFFICE, judged.jurisdiction, "另一人"))
    assert "签署这次评估" not in client.get(address).content.decode()
