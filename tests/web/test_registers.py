"""The pages of registers: lists, maps, entries, forms, and what is shown to whom."""

import io
import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from qingshan.evidence.registers.actions import change_entry, define_register, put_entries
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.schema import Definition
from qingshan.people.models import Role
from qingshan.plan.models import Target
from qingshan.plan.queries import standing_edition
from qingshan.web.registers import address
from qingshan.web.templatetags.qingshan import told_apart

from ..evidence.registers.outfalls import DAY, OUTFALLS, placed, point, stated
from .conftest import person
from .world import put_away

CHINESE = re.compile(r"[㐀-鿿]")
PHOTO = b"\xff\xd8\xff\xe0 a picture"
FIELDS = [one | {"private": True} if one["code"] == "since" else one for one in OUTFALLS["fields"]]
SECRET = 1957


@pytest.fixture
def county(county, settings, tmp_path):
    """The invented county with a register of thirty outfalls: every third is the farm office's; one was simulated."""
    settings.MEDIA_ROOT = tmp_path / "files"
    definition = Definition.model_validate(OUTFALLS | {"body": "works", "fields": FIELDS, "tasks": [1]})
    define_register(by=None, programme=county, definition=definition)
    rows = [
        stated(
            f"P-{n:02}", "traced" if n % 2 else "found", name=f"Gate {n}", kind="farm" if n % 3 else "works", flow=f"{n}.5",
            geometry=point(121 + n / 100, 30.7), since=SECRET, **({"keeper": "farm"} if n % 3 == 0 else {}),
        )
        for n in range(30)
    ]  # fmt: skip
    rows[7] = rows[7]._replace(origin="simulated")
    put_entries(by=None, programme=county, register="outfalls", rows=rows)
    return county


@pytest.fixture
def liaison(client, county):
    def signed_in(body: str, language: str = "zh-hans"):
        client.cookies["django_language"] = language
        own = county.jurisdiction.bodies.get(code=body)
        client.force_login(person(Role.LIAISON, county.jurisdiction, f"liaison-{body}", own))
        return client

    return signed_in


def place(county, name="registers-list", *more, **query):
    found = reverse(name, args=[county.code, "outfalls", *more])
    return found + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def of(key):
    return Entry.objects.get(key=key)


def shown(response):
    """The keys of the rows that a list shows, in its order."""
    return re.findall(r'<th scope="row">.*?<span class="quiet key">(.*?)</span>', response.content.decode(), re.DOTALL)


def text(response):
    return response.content.decode()


# --- the list


def test_the_index_says_how_many_stand_in_each_state_and_what_they_serve(county, enter):
    page = text(enter(Role.OFFICE, county).get(reverse("registers", args=[county.code])))
    assert "排口" in page and "已排查" in page and 'class="tag simulated"' in page
    assert re.search(r"state=found.*?<b>15</b>", page, re.DOTALL)


def test_a_liaison_finds_the_own_registers_first(county, liaison):
    address = reverse("registers", args=[county.code])
    assert "本部门负责" in text(liaison("works").get(address))
    assert "本部门负责" not in text(liaison("farm").get(address))


@pytest.mark.parametrize(("query", "keys"), [
    ({"state": "traced", "f.flow.from": "20"}, ["P-21", "P-23", "P-25", "P-27", "P-29"]),
    ({"f.kind": "works", "state": "traced"}, ["P-03", "P-09", "P-15", "P-21", "P-27"]),
    ({"body": "farm", "f.flow.to": "7"}, ["P-00", "P-03", "P-06"]),
    ({"q": "gate 11"}, ["P-11"]),
    ({"q": "p-1", "state": "found", "sort": "-flow"}, ["P-18", "P-16", "P-14", "P-12", "P-10"]),
    ({"where": "flow>=27;state=traced"}, ["P-27", "P-29"]),
    ({"origin": "simulated"}, ["P-07"]),
    ({"box": "121.045,30,121.075,31"}, ["P-05", "P-06", "P-07"]),
    ({"state": "found|traced", "f.flow": "3.5"}, ["P-03"]),
    ({"state": "withdrawn"}, []),
])  # fmt: skip
def test_the_address_says_which_rows_are_listed(county, enter, query, keys):
    response = enter(Role.OFFICE, county).get(place(county), query)
    assert shown(response) == keys
    assert f"{len(keys)} 条" in text(response)


def test_the_map_the_workbook_and_the_csv_hold_what_the_list_holds(county, enter):
    client = enter(Role.OFFICE, county)
    query = {"state": "traced", "body": "farm"}
    keys = shown(client.get(place(county), query))
    drawn = client.get(place(county, "registers-map"), query).json()
    assert sorted(one["properties"]["key"] for one in drawn["features"]) == keys and drawn["whole"]
    book = load_workbook(io.BytesIO(client.get(place(county, "registers.xlsx"), query).getvalue()))
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=3)] == keys
    lines = (
        b"".join(client.get(place(county, "registers.csv"), query).streaming_content).decode("utf-8-sig").splitlines()
    )
    assert [line.split(",")[0] for line in lines[1:]] == keys


def test_what_is_simulated_says_so_in_list_map_and_exports(county, enter):
    client = enter(Role.OFFICE, county)
    query = {"q": "P-07"}
    assert 'class="tag simulated"' in text(client.get(place(county), query))
    assert client.get(place(county, "registers-map"), query).json()["features"][0]["properties"]["simulated"] is True
    assert "模拟" in b"".join(client.get(place(county, "registers.csv"), query).streaming_content).decode()


@pytest.mark.parametrize(
    "query", [{"where": "nonsense"}, {"f.flow.from": "much"}, {"as_of": "soon"}, {"f.kind": "gold"}]
)
def test_a_filter_that_cannot_be_read_says_what_to_write(county, enter, query):
    client = enter(Role.OFFICE, county)
    response = client.get(place(county), query)
    assert response.status_code == 422 and 'role="alert"' in text(response) and "应" in text(response)
    assert client.get(place(county, "registers-map"), query).status_code == 422
    assert client.get(place(county, "registers.csv"), query).status_code == 422


def test_pages_follow_one_another_with_the_filter_kept(county, enter, monkeypatch):
    monkeypatch.setattr("qingshan.web.views.registers.SIZE", 4)
    client = enter(Role.OFFICE, county)
    seen, address = [], place(county, state="found", sort="-flow")
    while address:
        response = client.get(address)
        seen += shown(response)
        further = re.search(r'rel="next" href="([^"]+)"', text(response))
        address = further and further[1].replace("&amp;", "&")
    assert seen == [f"P-{n:02}" for n in range(28, -1, -2)]
    assert 'rel="prev"' in text(response)


def test_a_large_register_is_never_counted_to_its_end(county, enter, monkeypatch):
    monkeypatch.setattr("qingshan.web.register_rows.MOST_COUNTED", 10)
    monkeypatch.setattr("qingshan.web.views.registers.SIZE", 10)
    client = enter(Role.OFFICE, county)
    assert "多于 10 条" in text(client.get(place(county), {"f.flow.from": "0"}))
    assert "30 条" in text(client.get(place(county)))  # known from the kept tallies


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads every row, and counts them")
def test_of_many_rows_that_hold_a_text_a_large_register_says_only_that_they_are_many(county, enter, monkeypatch):
    monkeypatch.setattr("qingshan.evidence.registers.queries.rows.FEW", 3)
    monkeypatch.setattr("qingshan.evidence.registers.queries.rows.MANY", 7)
    monkeypatch.setattr("qingshan.web.views.registers.SIZE", 5)
    client = enter(Role.OFFICE, county)
    asked = ({"q": "P-"}, {"where": "key~P-"})
    assert all("多于 7 条" not in text(client.get(place(county), one)) for one in asked)
    monkeypatch.setattr("qingshan.web.register_rows.LARGE", 29)
    assert all("多于 7 条" in text(client.get(place(county), one)) for one in asked)
    assert "2 条" in text(client.get(place(county), {"where": "key~P-;no=P-01|P-02"}))


def test_a_crowded_map_is_counted_in_squares(county, enter, monkeypatch):
    monkeypatch.setattr("qingshan.web.register_maps.MOST_DRAWN", 5)
    found = enter(Role.OFFICE, county).get(place(county, "registers-map")).json()
    assert not found["whole"] and sum(one["properties"]["rows"] for one in found["features"]) == 30


def test_a_map_of_nothing_shows_where_the_district_is_and_no_private_place(county, enter):
    definition = Definition.model_validate(OUTFALLS | {"code": "nests", "body": "works", "private_place": True})
    define_register(by=None, programme=county, definition=definition)
    put_entries(by=None, programme=county, register="nests", rows=[stated("N-1", geometry=point(120, 30))])
    client = enter(Role.OFFICE, county)
    assert client.get(place(county, "registers-map"), {"q": "没有"}).json()["bbox"] == [121.0, 30.7, 121.29, 30.7]
    assert "bbox" not in client.get(place(county, "registers-map"), {"q": "没有", "view": "121,30,122,31"}).json()
    assert "bbox" not in client.get(place(county, "registers-map")).json()


def test_targets_of_one_name_are_told_apart_by_what_they_are_targets_of(county):
    edition = standing_edition(county)
    names = [("出口", None), ("出口", edition.tasks.get(no="1")), ("湿地", None)]
    told = told_apart([Target(name=name, name_en=name, task=task) for name, task in names])
    assert [(name, scope) for _, name, scope in told] == [("出口", "总体"), ("出口", "任务 1"), ("湿地", "")]


def test_the_list_as_of_a_day_is_what_was_known_then(county, enter):
    change_entry(by=None, entry=of("P-05"), expected=1, data={"name": "New gate"}, known_on=date(2026, 1, 5))
    client = enter(Role.OFFICE, county)
    link = address(county.code, "outfalls", where="key=P-05", as_of=date(2025, 6, 1))
    assert "Gate 5" in text(client.get(link)) and "New gate" not in text(client.get(link))
    assert "New gate" in text(client.get(address(county.code, "outfalls", where="key=P-05", state=["traced"])))


def test_columns_are_chosen_and_remembered_for_this_register(county, enter):
    client = enter(Role.OFFICE, county)
    back = client.post(place(county, "registers-columns"), {"show": ["pipes"], "query": "state=found"})
    assert back.url == place(county, state="found")
    page = text(client.get(back.url))
    head = page.split("<thead>")[1].split("</thead>")[0]
    assert "管数" in head and "水量" not in head
    assert client.cookies["register_columns"]["path"] == place(county)


def test_a_filter_is_kept_by_name_and_found_again_by_its_owner_alone(county, enter, liaison):
    client = enter(Role.OFFICE, county)
    client.post(place(county, "registers-keep"), {"name": "大水量", "query": "f.flow.from=20"}, follow=True)
    page = text(client.get(place(county)))
    assert "大水量" in page and 'href="/riverbend/registers/outfalls/?f.flow.from=20"' in page
    assert "大水量" not in text(liaison("farm").get(place(county)))


def test_the_list_costs_as_many_queries_for_thirty_rows_as_for_one(county, enter, django_assert_max_num_queries):
    client = enter(Role.OFFICE, county)
    with django_assert_max_num_queries(40) as many:
        client.get(place(county))
    with django_assert_max_num_queries(40) as one:
        client.get(place(county), {"q": "P-07"})
    assert abs(len(many) - len(one)) <= 1


# --- what is private


@pytest.mark.parametrize(("who", "sees"), [("office", True), ("auditor", True), ("leader", False), ("admin", False)])
def test_a_private_field_is_shown_to_those_it_is_for(county, enter, who, sees):
    client = enter(who, county)
    client.cookies["register_columns"] = "since"
    pages = [client.get(place(county)), client.get(place(county, "registers-entry", of("P-01").pk))]
    assert [str(SECRET) in text(page) for page in pages] == [sees, sees]
    csv = b"".join(client.get(place(county, "registers.csv")).streaming_content).decode()
    assert (str(SECRET) in csv) == sees
    assert ("f.since" in text(pages[0])) == sees


def test_a_liaison_sees_it_of_the_own_rows_only(county, liaison):
    client = liaison("farm")
    assert str(SECRET) in text(client.get(place(county, "registers-entry", of("P-03").pk)))
    other = text(client.get(place(county, "registers-entry", of("P-01").pk)))
    assert str(SECRET) not in other and "不公开" in other
    assert shown(client.get(place(county), {"where": "since=1957"})) == [f"P-{n:02}" for n in range(0, 30, 3)]
    assert shown(client.get(place(county), {"sort": "since", "q": "P-0"})) == [f"P-{n:02}" for n in range(10)]


def test_evidence_of_a_register_with_secrets_is_for_those_who_see_the_row_whole(county, liaison, enter):
    client = liaison("works")
    client.post(place(county, "registers-attach", of("P-01").pk), {"files": SimpleUploadedFile("a.jpg", PHOTO)})
    file = place(county, "registers-file", of("P-01").pk, of("P-01").attachments.get().pk)
    response = client.get(file)
    assert response.status_code == 200 and b"".join(response.streaming_content) == PHOTO
    assert (
        client.get(place(county, "registers-file", of("P-02").pk, of("P-01").attachments.get().pk)).status_code == 404
    )
    assert enter(Role.LEADER, county).get(file).status_code == 403
    assert "a.jpg" not in text(client.get(place(county, "registers-entry", of("P-01").pk)))


# --- an entry


def test_an_entry_shows_its_life_and_who_may_move_it_with_what(county, liaison):
    page = text(liaison("works").get(place(county, "registers-entry", of("P-01").pk)))
    assert 'aria-current="step"' in page and "由负责的部门办理" in page and "须填" in page and "整治完成" in page


def test_a_move_needs_its_proof_and_is_made_with_it(county, liaison, enter):
    client, entry = liaison("works"), of("P-01")
    move = place(county, "registers-move", entry.pk)
    refused = client.post(move, {"to": "mended", "expected": entry.number})
    assert refused.status_code == 422 and "转为“已整治”前须填写“整治完成”" in text(refused)
    given = {"to": "mended", "expected": entry.number, "mended_on": "2026-05-01", "why": "现场核实",
             "files": SimpleUploadedFile("现场.jpg", PHOTO), "note": "闸口", "taken_on": "2026-05-01"}  # fmt: skip
    assert client.post(move, given).status_code == 302
    entry.refresh_from_db()
    kept = entry.attachments.get()
    assert (entry.state, entry.data["mended_on"], kept.note, kept.name) == ("mended", "2026-05-01", "闸口", "现场.jpg")
    page = text(enter(Role.OFFICE, county).get(place(county, "registers-entry", entry.pk)))
    assert "现场核实" in page and "<ins>2026-05-01</ins>" in page and "闸口" in page


def test_files_of_a_refused_move_are_not_kept(county, liaison):
    entry = of("P-01")
    given = {"to": "mended", "expected": entry.number, "files": SimpleUploadedFile("a.jpg", PHOTO)}
    assert liaison("works").post(place(county, "registers-move", entry.pk), given).status_code == 422
    assert not entry.attachments.exists()


def test_a_move_that_is_not_yours_is_not_made(county, liaison):
    entry = of("P-01")
    change_entry(by=None, entry=entry, expected=1, data={"mended_on": "2026-05-01"}, known_on=DAY)
    client = liaison("farm")
    response = client.post(place(county, "registers-move", entry.pk), {"to": "mended", "expected": 2})
    assert response.status_code == 403 and "只能登记和修改" in text(response)


@pytest.mark.parametrize(("name", "content", "says"), [
    ("page.html", b"<script>alert(1)</script>", "不是照片"), ("a.jpg", b"<svg onload=alert(1)>", "不是照片"),
])  # fmt: skip
def test_a_file_is_judged_by_its_bytes_and_not_by_its_name(county, liaison, name, content, says):
    client, entry = liaison("works"), of("P-01")
    response = client.post(place(county, "registers-attach", entry.pk), {"files": SimpleUploadedFile(name, content)})
    assert response.status_code == 422 and says in text(response) and not entry.attachments.exists()


def test_a_file_too_large_is_told_with_the_two_numbers(county, liaison, monkeypatch):
    monkeypatch.setattr("qingshan.web.views.register_entries.LARGEST_FILE", 2**20)
    given = {"files": SimpleUploadedFile("a.jpg", PHOTO + b"x" * 2**21)}
    response = liaison("works").post(place(county, "registers-attach", of("P-01").pk), given)
    assert response.status_code == 422 and "有 2.0 MB，上限 1 MB" in text(response)


@pytest.mark.parametrize(("name", "content", "kind", "inline"), [
    ("a.png.html", b"\x89PNG\r\n\x1a\n", "image/png", True), ("b.pdf", b"%PDF-1.7", "application/pdf", False),
    ("c.docx", b"PK\x03\x04", "application/octet-stream", False),
])  # fmt: skip
def test_a_file_is_served_so_that_no_browser_runs_it(county, liaison, name, content, kind, inline):
    client, entry = liaison("works"), of("P-01")
    client.post(place(county, "registers-attach", entry.pk), {"files": SimpleUploadedFile(name, content)})
    response = client.get(place(county, "registers-file", entry.pk, entry.attachments.get().pk))
    assert response.headers["Content-Type"] == kind and response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    put_away(response)


def sent(entry, **changed):
    """An edit form as it was opened on the entry, with something changed in it."""
    data = {name: str(value) for name, value in entry.data.items()}
    return data | {"lon": entry.lon, "lat": entry.lat, "expected": entry.number} | changed


def test_an_edit_is_a_new_revision(county, liaison):
    entry = of("P-01")
    response = liaison("works").post(place(county, "registers-edit", entry.pk), sent(entry, flow="99", why="复测"))
    assert response.status_code == 302
    entry.refresh_from_db()
    assert (entry.number, entry.data["flow"], entry.lon) == (2, "99", 121.01)
    assert entry.revisions.get(number=2).why == "复测"


def test_an_edit_that_does_not_fit_says_so_at_its_field_and_keeps_what_was_typed(county, liaison):
    entry = of("P-01")
    response = liaison("works").post(place(county, "registers-edit", entry.pk), sent(entry, flow="many", lon="x"))
    assert response.status_code == 422
    assert (
        'value="many"' in text(response)
        and "“many”读不懂" in text(response)
        and "经度和纬度应同时填写" in text(response)
    )
    assert of("P-01").number == 1


def test_the_second_editor_sees_both_versions_and_nothing_is_overwritten(county, liaison):
    """Whoever saves second sees what the first made of it; only a second, deliberate save makes their own a revision."""
    client, entry = liaison("works"), of("P-01")
    mine = sent(entry, flow="50", name="Mine")
    change_entry(by=None, entry=entry, expected=1, data={"flow": "70", "pipes": 4}, known_on=DAY)
    response = client.post(place(county, "registers-edit", entry.pk), mine)
    page = text(response)
    assert response.status_code == 422 and of("P-01").data["flow"] == "70" and of("P-01").number == 2
    assert "您的修改没有保存" in page and "对方改为：70" in page
    assert 'name="flow" value="50"' in page and 'name="pipes" value="4"' in page and 'name="expected" value="2"' in page
    again = client.post(place(county, "registers-edit", entry.pk), mine | {"expected": "2", "pipes": "4"})
    assert again.status_code == 302
    assert (of("P-01").data["flow"], of("P-01").data["pipes"], of("P-01").data["name"]) == ("50", 4, "Mine")


def test_an_entry_is_added_and_a_liaisons_is_their_own(county, liaison):
    client = liaison("farm")
    assert '<option value="farm" selected>' in text(client.get(place(county, "registers-add")))
    given = {"no": "P-99", "name": "New", "keeper": "farm", "lon": "121.5", "lat": "30.8", "flow": "1"}
    made = client.post(place(county, "registers-add"), given)
    assert made.url == place(county, "registers-entry", of("P-99").pk) and of("P-99").body.code == "farm"
    again = client.post(place(county, "registers-add"), given)
    assert again.status_code == 422 and "“P-99”已在台账中" in text(again)
    others = client.post(place(county, "registers-add"), given | {"no": "P-98", "keeper": "works"})
    assert others.status_code in (403, 422) and not Entry.objects.filter(key="P-98").exists()


def test_a_withdrawn_entry_is_readable_and_counts_no_more(county, enter):
    client, entry = enter(Role.OFFICE, county), of("P-01")
    refused = client.post(place(county, "registers-withdraw", entry.pk), {"expected": 1, "why": ""})
    assert refused.status_code == 422 and "请写明" in text(refused)
    client.post(place(county, "registers-withdraw", entry.pk), {"expected": 1, "why": "重复登记"})
    assert "重复登记" in text(client.get(place(county, "registers-entry", entry.pk)))
    assert shown(client.get(place(county), {"state": "withdrawn"})) == ["P-01"]
    assert "29 条" in text(client.get(place(county)))


def test_places_are_chosen_and_one_that_is_named_no_more_still_stands(county, enter):
    fenglin = placed("枫林镇", "柳溪镇").model_copy(update={"code": "ponds"})
    define_register(by=None, programme=county, definition=fenglin)
    put_entries(by=None, programme=county, register="ponds", rows=[stated("P-1", "found", town="枫林镇")])
    define_register(by=None, programme=county, definition=fenglin.model_copy(update={"places": ["柳溪镇"]}))
    client, entry = enter(Role.OFFICE, county), Entry.objects.get(register="ponds")
    pages = [reverse(name, args=[county.code, "ponds", *more]) for name, *more in (
        ("registers-list",), ("registers-add",), ("registers-edit", entry.pk))]  # fmt: skip
    listed, added, edited = (
        re.search(r'<select name="[^"]*town".*?</select>', text(client.get(one)), re.DOTALL).group() for one in pages
    )
    assert [re.findall(r'<option value="([^"]+)"', one) for one in (listed, added, edited)] == [
        ["柳溪镇", "枫林镇"], ["柳溪镇"], ["柳溪镇", "枫林镇"]]  # fmt: skip
    assert '<option value="枫林镇" selected' in edited
    told = text(client.post(pages[2], {"expected": entry.number, "no": "P-1", "town": "枫林镇"}))
    assert "“镇”“枫林镇”不是登记的地名，应为：柳溪镇" in told


def test_references_are_offered_by_what_is_typed(county, enter):
    found = text(enter(Role.OFFICE, county).get(place(county, "registers-keys"), {"any": "gate 2"}))
    assert re.findall(r'value="(P-\d+)"', found) == ["P-02", *(f"P-{n}" for n in range(20, 30))]


# --- in words


@pytest.mark.parametrize(
    "name", ["registers-list", "registers-entry", "registers-add", "registers-upload", "registers-labels"]
)
def test_english_pages_have_no_chinese_left(county, enter, name):
    client = enter(Role.OFFICE, county, "en")
    more = [of("P-01").pk] if name == "registers-entry" else []
    html = text(client.get(place(county, name, *more), {"entry": of("P-01").pk}))
    assert CHINESE.findall(html.replace('lang="zh">中文</button>', "")) == []


@pytest.mark.parametrize("name", ["registers-list", "registers-entry", "registers-add", "registers-upload"])
def test_chinese_pages_have_no_machine_words(county, enter, name):
    more = [of("P-01").pk] if name == "registers-entry" else []
    html = text(enter(Role.OFFICE, county).get(place(county, name, *more))).split("<main")[1].split("</main>")[0]
    words = re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL)
    assert re.findall(r"\b(?:None|null|True|False|found|traced|works|simulated)\b", words) == []


def test_a_page_holds_no_script_of_its_own(county, enter):
    html = text(enter(Role.OFFICE, county).get(place(county, "registers-entry", of("P-01").pk)))
    own = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", html)
    assert own == [] and ' style="' not in html and json.loads(re.search(r'id="shape"[^>]*>(.*?)</script>', html)[1])
