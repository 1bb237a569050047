"""Pages for plan documents: who may do what, what is said when it cannot be done, and what a page costs."""

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingshan.people.actions import set_bodies
from qingshan.people.models import AuditLine, Role
from qingshan.plan import actions
from qingshan.plan.importing import LIMIT
from qingshan.plan.models import Edition, Involvement, Task
from qingshan.web.reading import clause_around, number_and_unit

from ..plan import sample
from .world import put_away

CHINESE = re.compile(r"[㐀-鿿]")
OTHERS = [Role.LIAISON, Role.LEADER, Role.AUDITOR, Role.ADMIN]


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def edition(county) -> Edition:
    bodies = [one for one in sample.BODIES if not county.jurisdiction.bodies.filter(name=one["name"]).exists()]
    set_bodies(by=None, jurisdiction=county.jurisdiction, bodies=bodies)
    return actions.draft(by=None, programme=county, name="行动计划.txt", data=sample.data())


@pytest.fixture
def office(enter, edition):
    return enter(Role.OFFICE, edition.programme)


def at(name, edition, *more) -> str:
    return reverse(name, args=[edition.programme.code, edition.ordinal, *more])


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main", 1)[1].split("</main>")[0])
    return re.sub(r"\s+", " ", text)


def send(client, programme, data: bytes, name="计划.txt", **more):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("plan-upload", args=[programme.code]), {"file": file}, **more)


def target_fields(target, **changed):
    return {"name": target.name, "kind": target.kind, "op": target.op, "value": f"{target.value.normalize():f}", "unit": target.unit,
            "due": target.due.year, "binding": "yes", "metric": target.metric, "note": target.note} | changed  # fmt: skip


def stored() -> tuple:
    return Edition.objects.count(), AuditLine.objects.count()


# who may


READS = ["plans", "plan", "plan-original"]
WRITES = {
    "plan-facts": {}, "plan-target": {}, "plan-target-remove": {"why": "误读"}, "plan-target-add": {}, "plan-task": {},
    "plan-task-remove": {"why": "误读"}, "plan-adopt": {}, "plan-discard": {},
}  # fmt: skip


def address(name, edition) -> str:
    if name in ("plans", "plan-upload"):
        return reverse(name, args=[edition.programme.code])
    more = {"plan-target": ["d01"], "plan-target-remove": ["d01"], "plan-task": [0], "plan-task-remove": [0]}
    return at(name, edition, *more.get(name, []))


@pytest.mark.parametrize("role", [Role.OFFICE, *OTHERS])
@pytest.mark.parametrize("name", READS)
def test_everyone_of_the_district_reads(name, role, edition, enter):
    response = enter(role, edition.programme).get(address(name, edition))
    assert response.status_code == 200
    put_away(response)


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("name", ["plan-upload", *WRITES])
def test_others_read_why_they_may_not_write(name, role, edition, enter):
    client, before = enter(role, edition.programme), stored()
    response = client.post(address(name, edition), WRITES.get(name, {}))
    assert response.status_code == 403
    assert "只有计划办可以办理" in words(response)
    assert stored() == before


@pytest.mark.parametrize("role", OTHERS)
def test_others_are_offered_nothing_they_may_not_do(role, edition, enter):
    client = enter(role, edition.programme)
    for name in ("plans", "plan"):
        html = client.get(address(name, edition)).content.decode()
        assert not any(address(one, edition) in html for one in ["plan-upload", *WRITES])


def test_another_district_sees_nothing(edition, jinshan, enter):
    client = enter(Role.OFFICE, jinshan)
    for name in [*READS, "plan-target", "plan-adopt"]:
        assert client.get(address(name, edition)).status_code == 404


def test_strangers_are_asked_to_sign_in(edition, client):
    for name in [*READS, "plan-upload", "plan-adopt"]:
        assert client.get(address(name, edition)).url.startswith("/sign-in/")


# the list


def test_the_list_says_what_supersedes_what(edition, office):
    actions.adopt(by=None, edition=edition)
    html = words(office.get(reverse("plans", args=[edition.programme.code])))
    assert "由第 2 版替代" in html
    assert "已采用" in html and edition.digest[:8] in html


def test_an_empty_list_says_what_to_do(enter, db, county):
    county_of_nothing = actions.put_programme(
        by=None, jurisdiction=county.jurisdiction, code="nothing", title="空计划", title_en="", office=None, about={}
    )
    page = words(enter(Role.OFFICE, county).get(reverse("plans", args=[county_of_nothing.code])))
    assert "还没有规划" in page and "上传规划文件" in page


# upload


def test_an_upload_becomes_a_draft_to_look_at(office, edition):
    response = send(office, edition.programme, sample.data(sample.LATER))
    made = Edition.objects.get(ordinal=edition.ordinal + 1)
    assert response.url == at("plan", made)
    assert "已读出草稿" in words(office.get(response.url))
    assert AuditLine.objects.latest("id").verb == "draft_edition"


def test_an_upload_in_part_goes_to_the_draft(office, edition):
    response = send(office, edition.programme, sample.data(sample.LATER), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == at("plan", Edition.objects.get(ordinal=edition.ordinal + 1))


REFUSED = {
    "not a plan": (sample.NO_PLAN.encode(), "计划.txt", "这不是一份规划", "放假安排"),
    "an old file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "计划.doc", "文件读不出来", "另存为 .docx"),
    "a broken docx": (b"PK\x03\x04" + bytes(600), "计划.docx", "文件读不出来", "docx"),
    "nothing": (b"", "计划.txt", "文件读不出来", "文件是空的"),
    "the same again": (sample.data(), "又一份.txt", "没有上传", "不必重复上传"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_upload_says_why_and_stores_nothing(what, office, edition, kept_files):
    data, name, title, why = REFUSED[what]
    before, files = stored(), list(kept_files.rglob("*"))
    response = send(office, edition.programme, data, name)
    assert response.status_code == 422
    assert title in words(response) and why in words(response)
    assert stored() == before and list(kept_files.rglob("*")) == files


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_is_english_on_an_english_page(what, enter, edition):
    client = enter(Role.OFFICE, edition.programme, "en")
    response = send(client, edition.programme, *REFUSED[what][:2])
    alert = re.search(r'role="alert"[^>]*>(.*?)</div>', response.content.decode(), re.DOTALL)[1]
    assert not CHINESE.search(re.sub(r"[“《][^”》]*[”》]", "", alert))


def test_a_form_without_a_file_asks_for_one(office, edition):
    response = office.post(reverse("plan-upload", args=[edition.programme.code]), {})
    assert response.status_code == 422 and "请先选择一个文件" in words(response)


class Sent:
    """A body of a stated size that is made while it is read, and counts what was read."""

    def __init__(self, size):
        self.left, self.read_out = size, 0

    def read(self, size=-1):
        size = min(self.left, size if size >= 0 else self.left)
        self.left -= size
        self.read_out += size
        return b"a" * size

    readline = read


def test_a_hundred_megabytes_are_refused_before_they_are_parsed(office, edition, monkeypatch):
    monkeypatch.setattr(actions, "draft", lambda **given: pytest.fail("nothing may be parsed"))
    body, before = Sent(100 * 2**20), stored()
    response = office.generic(
        "POST", reverse("plan-upload", args=[edition.programme.code]), b"", content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(100 * 2**20), "wsgi.input": body},
    )  # fmt: skip
    assert response.status_code == 413
    assert re.search(rf"文件有 (99\.9|100\.0) MB，超过上限 {LIMIT // 2**20} MB", words(response))
    assert body.left == 0  # taken in, so that the browser shows the answer
    assert stored() == before


def test_a_gigabyte_is_not_even_taken_in(office, edition):
    body = Sent(2**30)
    office.generic("POST", reverse("plan-upload", args=[edition.programme.code]), b"", content_type="multipart/form-data; boundary=x",
                   **{"CONTENT_LENGTH": str(2**30), "wsgi.input": body})  # fmt: skip
    assert 0 < body.read_out < 2**28


def test_an_upload_needs_the_forms_token(edition, settings, client):
    from django.test import Client

    from .conftest import person

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person(Role.OFFICE, edition.programme.jurisdiction))
    assert send(strict, edition.programme, sample.data(sample.LATER)).status_code == 403
    assert not Edition.objects.filter(ordinal=edition.ordinal + 1).exists()


# the reading beside the original


def test_every_item_is_marked_in_its_sentence_and_leads_both_ways(office, edition):
    html = office.get(at("plan", edition)).content.decode()
    marks = set(re.findall(r'id="at-([\w-]+)"', html))
    ids = set(re.findall(r'id="([\w-]+)"', html))
    assert {
        f"target-{code}" for code in edition.targets.values_list("code", flat=True) if code.startswith("d")
    } <= marks
    assert {"task-0", "task-3", "bodies-0", "measure-0-0", "unread-0"} <= marks
    assert marks <= ids, "a mark leads to an item that is not on the page"
    assert set(re.findall(r'href="#([\w-]+)"', html)) <= ids


def test_marks_are_nested_and_the_text_is_whole(office, edition):
    html = office.get(at("plan", edition)).content.decode()
    document = re.search(r'<div class="document"[^>]*>(.*?)</div>', html, re.DOTALL)[1]
    assert document.count("<mark") == document.count("</mark>")
    labels = re.sub(r'<a href="#[^>]*class="to"[^>]*>.*?</a>', "", document)
    paragraphs = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<p[^>]*>(.*?)</p>", labels, re.DOTALL)]
    assert paragraphs == [line.strip() for line in sample.TEXT.splitlines() if line.strip()]
    for one in re.findall(r"<p[^>]*>(.*?)</p>", document, re.DOTALL):
        assert one.count("<mark") == one.count("</mark>")


def test_unknown_bodies_and_unread_numbers_are_told(office, edition):
    page = words(office.get(at("plan", edition)))
    assert "青禾供水公司 名录中没有此部门" in page
    assert "0.6米 没有说明要达到还是已经达到" in page
    assert "1 个数字未读懂" in page


def test_what_stands_in_the_way_is_listed(office, edition):
    Involvement.objects.filter(task__edition=edition, task__no="3").delete()
    edition.targets.filter(code="d02").update(due="2023-12-31")
    page = words(office.get(at("plan", edition)))
    assert "采用前须解决 2 个问题" in page
    assert "任务 3“建设绿道公园”没有责任部门" in page and "2023 不在规划期 2025—2027 年之内" in page


def test_what_changes_against_the_edition_in_force_is_told(office, edition):
    actions.adopt(by=None, edition=edition)
    later = actions.draft(by=None, programme=edition.programme, name="b.txt", data=sample.data(sample.LATER))
    page = words(office.get(at("plan", later)))
    assert re.search(r"与现行第 2 版相比有 \d+ 处不同", page)
    assert "河道断面水质优良比例 目标值 88 → 92" in page
    assert "新增任务 3 回收废旧衣物" in page and "不再有的任务 3 建设绿道公园" in page


def test_a_summary_without_text_says_so_and_offers_the_upload(office, edition):
    summary = edition.programme.editions.get(ordinal=1)
    page = words(office.get(at("plan", summary)))
    assert "本版没有原文" in page and "上传文件全文" in page
    assert office.get(at("plan-original", summary)).status_code == 404


def test_an_adopted_edition_is_shown_frozen(office, edition):
    actions.adopt(by=None, edition=edition)
    response = office.get(at("plan", edition))
    assert "起有效，系统采用" in words(response) and "内容已冻结" in words(response)
    assert not any(address(name, edition) in response.content.decode() for name in WRITES)


def test_the_original_comes_back_as_it_was_sent(office, edition):
    response = office.get(at("plan-original", edition))
    assert b"".join(response.streaming_content) == sample.data()
    put_away(response)
    assert response.headers["Content-Disposition"].startswith("attachment")


NASTY = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"


def test_words_of_a_document_are_words(office, edition, enter):
    text = sample.TEXT.replace("加强宣传引导。", f"加强宣传{NASTY}引导。").replace(
        "4.营造良好氛围", "4.营造<b>良好</b>氛围"
    )
    nasty = actions.draft(by=None, programme=edition.programme, name="<i>名</i>.txt", data=text.encode())
    Edition.objects.filter(pk=nasty.pk).update(title=NASTY, issuer=NASTY, unread=[
        {"text": NASTY, "start": 1, "end": 3, "why": NASTY}])  # fmt: skip
    nasty.targets.update(name=NASTY, note=NASTY, unit=NASTY[:20])
    nasty.tasks.update(title=NASTY, summary=NASTY)
    Involvement.objects.filter(task=nasty.tasks.last()).update(printed=NASTY)
    pages = ["plans", "plan", "plan-facts", "plan-target", "plan-task", "plan-adopt", "plan-target-add", "plan-discard"]
    for name in pages:
        for more in ("", "?unread=0") if name == "plan-target-add" else ("",):
            html = office.get(address(name, nasty) + more).content.decode()
            assert "<script>alert" not in html and "<img src=x" not in html and "<b>良好" not in html, name
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in office.get(at("plan", nasty)).content.decode()


def test_a_long_text_makes_a_page_in_a_fixed_number_of_queries(office, edition):
    block = sample.TEXT.split("二、主要任务")[1]
    parts = (re.sub(r"(?m)^([1-4])\.", lambda m, i=i: f"{int(m[1]) + 4 * i}.", block) for i in range(180))
    long = actions.draft(by=None, programme=edition.programme, name="long.txt",
                         data=(sample.TEXT.split("二、主要任务")[0] + "二、主要任务" + "".join(parts)).encode())  # fmt: skip
    assert len(long.text) > 40_000 and long.tasks.count() > 300
    assert queries(office, at("plan", long)) == queries(office, at("plan", edition))


def queries(client, where) -> int:
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(where).status_code == 200
    return len(found)


COSTS = {"plans": 8, "plan": 30, "plan-target": 16, "plan-task": 16, "plan-adopt": 30}


@pytest.mark.parametrize("name", COSTS)
def test_what_a_page_costs(name, office, edition):
    assert queries(office, address(name, edition)) <= COSTS[name]


def test_a_page_looked_at_again_costs_next_to_nothing(office, edition):
    queries(office, at("plan", edition))
    with CaptureQueriesContext(connection) as found:
        office.get(at("plan", edition))
    assert len(found) <= 4


# editing


def test_a_target_is_edited_in_place(office, edition):
    target = edition.targets.get(code="d02")
    form = office.get(at("plan-target", edition, "d02")).content.decode()
    assert 'value="88"' in form and 'id="target-d02"' in form
    response = office.post(
        at("plan-target", edition, "d02"),
        target_fields(target, value="90.5", kind="strict_bound", op=">", metric="phosphorus"),
    )
    assert response.url == at("plan", edition) + "#target-d02"
    target.refresh_from_db()
    assert (target.value, target.kind, target.side, target.due.month) == (90.5, "strict_bound", "above", 12)
    assert "&gt; 90.5" in office.get(at("plan", edition)).content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"due": "2031"}, "2031 不在规划期 2025—2027 年之内"),
        ({"due": "明年"}, "年份应写作 2026"),
        ({"value": ""}, "需要一个目标值"),
        ({"value": "很多"}, "请填写数字"),
        ({"value": "1" * 16}, "14 位"),
        ({"name": " "}, "请填写这一项"),
        ({"kind": "strict_bound"}, "严格界限须选择"),
        ({"metric": "nowhere"}, ""),
    ],
)
def test_a_wrong_edit_is_told_in_place_and_keeps_what_was_typed(changed, says, office, edition):
    target = edition.targets.get(code="d02")
    response = office.post(at("plan-target", edition, "d02"), target_fields(target, **changed | {"note": "核对中"}))
    assert response.status_code == 422
    assert says in words(response) and 'value="核对中"' in response.content.decode()
    assert edition.targets.get(code="d02").note == target.note


def test_a_target_is_removed_with_a_reason(office, edition):
    refused = office.post(at("plan-target-remove", edition, "d03"), {"why": " "})
    assert refused.status_code == 422 and "请写明为什么" in words(refused)
    response = office.post(at("plan-target-remove", edition, "d03"), {"why": "重复"})
    assert response.url == at("plan", edition) + "#task-0"
    assert not edition.targets.filter(code="d03").exists()
    assert AuditLine.objects.latest("id").detail["why"] == "重复"


def test_an_unread_number_becomes_a_target(office, edition):
    where = at("plan-target-add", edition) + "?unread=0"
    form = office.get(where).content.decode()
    assert "河道透明度0.6米" in form and 'value="0.6"' in form and 'value="河道透明度"' in form
    response = office.post(where, {"name": "河道透明度", "kind": "lower_bound", "op": ">=", "value": "0.6", "unit": "m", "due": "2027",
                                   "binding": "yes", "metric": "", "task": "1"})  # fmt: skip
    made = edition.targets.get(name="河道透明度")
    assert response.url == at("plan", edition) + f"#target-{made.code}"
    assert (made.task.no, edition.text[made.start : made.end]) == ("2", "河道透明度0.6米")
    page = words(office.get(at("plan", edition)))
    assert "0 个数字未读懂" in page and "已成目标" in page


def test_a_target_of_the_whole_plan_is_added_by_hand(office, edition):
    office.post(at("plan-target-add", edition), {"name": "公众满意度", "kind": "lower_bound", "op": ">=", "value": "90", "unit": "%",
                                                 "due": "2027", "binding": "no", "metric": "", "task": ""})  # fmt: skip
    made = edition.targets.get(name="公众满意度")
    assert (made.task, made.binding, made.start) == (None, False, None)


@pytest.mark.parametrize("index", ["9", "x", "-1"])
def test_a_number_that_is_not_there_is_not_found(index, office, edition):
    assert office.get(at("plan-target-add", edition) + f"?unread={index}").status_code == 404


def task_fields(**changed):
    return {"title": "整治排污口", "summary": "先查后治。", "body": ["区水务局", "某公司", "", "区水务局"],
            "part": ["lead", "cooperate", "lead", "cooperate"]} | changed  # fmt: skip


def test_a_task_gets_its_words_and_bodies(office, edition):
    response = office.post(at("plan-task", edition, 1), task_fields(title="整治入河排污口"))
    assert response.url == at("plan", edition) + "#task-1"
    task = edition.tasks.get(order=1)
    assert (task.title, task.summary) == ("整治入河排污口", "先查后治。")
    assert [(one.printed, one.part) for one in task.involvements.all()] == [
        ("区水务局", "lead"),
        ("某公司", "cooperate"),
    ]


def test_a_refused_task_changes_neither_words_nor_bodies(office, edition):
    response = office.post(at("plan-task", edition, 1), task_fields(title="新名", body=[""], part=["lead"]))
    assert response.status_code == 422 and "至少要有一个责任部门" in words(response)
    task = edition.tasks.get(order=1)
    assert task.title == "整治排污口" and task.involvements.count() == 2


def test_the_form_of_a_task_says_which_body_is_unknown(office, edition):
    html = office.get(at("plan-task", edition, 1)).content.decode()
    assert re.search(r'value="青禾供水公司".*?名录中没有此部门', html, re.DOTALL)
    assert '<option value="区建管委">' in html


def test_a_stray_task_is_removed(office, edition):
    refused = office.post(at("plan-task-remove", edition, 1), {"why": "误读"})
    assert refused.status_code == 422 and "还有 2 项目标" in words(refused)
    office.post(at("plan-task-remove", edition, 3), {"why": "误读"})
    assert not edition.tasks.filter(order=3).exists()


FACTS = {"title": "青禾区清洁家园行动计划", "number": "青禾府办发〔2025〕8号", "issuer": "青禾区人民政府办公室", "issued": "2025-03-06",
         "starts": "2025", "ends": "2028"}  # fmt: skip


def test_the_facts_of_a_draft_are_corrected(office, edition):
    assert 'value="2025-03-06"' in office.get(at("plan-facts", edition)).content.decode()
    office.post(at("plan-facts", edition), FACTS)
    edition.refresh_from_db()
    assert (edition.title, edition.ends.isoformat()) == ("青禾区清洁家园行动计划", "2028-12-31")


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"starts": "2029"}, "起年晚于止年"), ({"issued": "三月"}, "日期应写作"), ({"title": ""}, "请填写")],
)
def test_wrong_facts_are_told_in_place(changed, says, office, edition):
    response = office.post(at("plan-facts", edition), FACTS | changed)
    assert response.status_code == 422 and says in words(response)


# adoption


def test_adoption_asks_first_and_says_what_it_supersedes(office, edition):
    page = words(office.get(at("plan-adopt", edition)))
    assert "它替代现行的第 1 版" in page and "确认采用" in page
    response = office.post(at("plan-adopt", edition), follow=True)
    assert "已采用，内容不能再改" in words(response)
    states = dict(edition.programme.editions.values_list("ordinal", "state"))
    assert states == {1: "superseded", 2: "adopted"}


def test_an_unsettled_draft_cannot_be_adopted(office, edition):
    Involvement.objects.filter(task__edition=edition, task__no="3").delete()
    assert "确认采用" not in words(office.get(at("plan-adopt", edition)))
    response = office.post(at("plan-adopt", edition))
    assert response.status_code == 422 and "没有责任部门" in words(response)


@pytest.mark.parametrize("name", WRITES)
def test_a_frozen_edition_refuses_with_a_page(name, office, edition):
    actions.adopt(by=None, edition=edition)
    given = {"plan-facts": FACTS, "plan-target": target_fields(edition.targets.get(code="d01"), value="1"), "plan-task": task_fields(),
             "plan-target-add": {"name": "新", "kind": "lower_bound", "op": ">=", "value": "1", "due": "2027", "binding": "yes"}}  # fmt: skip
    before = stored()
    response = office.post(address(name, edition), given.get(name, WRITES[name]))
    assert response.status_code == 403
    assert "内容已冻结" in words(response)
    assert stored() == before


def test_a_discarded_draft_is_out_of_the_way(office, edition):
    assert "确认作废" in words(office.get(at("plan-discard", edition)))
    response = office.post(at("plan-discard", edition), follow=True)
    assert "草稿已作废" in words(response) and "已作废" in words(response)


def test_english_pages_say_everything_in_english(enter, edition):
    client = enter(Role.OFFICE, edition.programme, "en")
    for name in (
        "plans",
        "plan-upload",
        "plan",
        "plan-facts",
        "plan-target",
        "plan-task",
        "plan-target-add",
        "plan-adopt",
        "plan-discard",
    ):
        html = client.get(address(name, edition)).content.decode().split("<main", 1)[1].split("</main>")[0]
        html = re.sub(
            r'<div class="document".*?</div>|value="[^"]*"|<datalist.*?</datalist>|<textarea.*?</textarea>',
            "",
            html,
            flags=re.DOTALL,
        )
        left = set(re.findall(r"[㐀-鿿]+", re.sub(r"<[^>]+>", " ", html)))
        # what the document and the district call things has no English
        own = edition.text + edition.origin + "".join(b.name for b in edition.programme.jurisdiction.bodies.all()) + "".join(
            m.unit for m in edition.programme.metrics.all()) + edition.programme.title + "".join(
                Task.objects.values_list("title", flat=True))  # fmt: skip
        assert [word for word in left if word not in own] == [], name


@pytest.mark.parametrize(
    ("text", "number", "clause"),
    [
        ("一、治水。河道透明度0.6米，建绿道。", "0.6米", "河道透明度0.6米"),
        ("透明度0.6米", "0.6米", "透明度0.6米"),
        ("甲。\n  乙3座\n丙", "3座", "乙3座"),
    ],
)
def test_the_clause_of_a_number(text, number, clause):
    start = text.index(number)
    left, right = clause_around(text, start, start + len(number))
    assert text[left:right] == clause


@pytest.mark.parametrize(
    ("words", "parts"),
    [("0.6米", ("0.6", "米")), ("1,200 家", ("1200", "家")), ("28", ("28", "")), ("若干", ("", ""))],
)
def test_a_quantity_taken_apart(words, parts):
    assert number_and_unit(words) == parts
