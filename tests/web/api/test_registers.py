"""Registers by the API beyond their rows: evidence, files of rows, one change to many, rows of a day."""

import io
from datetime import date
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.actions import define_register, move
from qingshan.evidence.registers.desk import actions as desk
from qingshan.evidence.registers.desk.models import Upload
from qingshan.evidence.registers.models import Entry, Redaction
from qingshan.evidence.registers.schema import Definition
from qingshan.people.models import AuditLine

pytestmark = pytest.mark.django_db
OUTFALLS = "registers/outfalls"
PICTURE = b"\xff\xd8\xff\xe0 another picture"


@pytest.fixture
def row(world) -> str:
    return f"{OUTFALLS}/entries/{world.named['entry']}"


def content(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_evidence_goes_in_and_comes_out_as_it_was(ask, row):
    made = ask("write", f"{row}/files", "POST", {"note": "西侧"}, file=("西侧.jpg", PICTURE))
    assert made.status_code == 201 and made.json()["note"] == "西侧"
    assert [one["name"] for one in ask("office", f"{row}/files").json()] == ["北闸.jpg", "西侧.jpg"]
    out = ask("read", f"{row}/files/{made.json()['id']}")
    assert content(out) == PICTURE and out["Content-Disposition"].startswith("attachment")
    assert out["Content-Type"] == "application/octet-stream" and out["X-Content-Type-Options"] == "nosniff"
    refused = ask("write", f"{row}/files", "POST", file=("a.exe", b"MZ"))
    assert refused.status_code == 409 and "不是照片" in refused.json()["zh"]


def test_a_file_that_is_too_large_is_refused_with_the_two_numbers(ask, row, monkeypatch):
    monkeypatch.setattr("qingshan.evidence.registers.actions.attachments.LARGEST_FILE", 10)
    answer = ask("write", f"{row}/files", "POST", file=("西侧.jpg", PICTURE))
    assert answer.status_code == 409 and "上限" in answer.json()["zh"] and "MB" in answer.json()["en"]


def test_a_workbook_is_tried_first_and_then_taken_in_whole(ask):
    sheet = "编号,名称\nP-8,八号\nP-9,九号\n".encode("utf-8-sig")
    sent = ask("liaison", f"{OUTFALLS}/uploads", "POST", {"why": "普查"}, file=("排口.csv", sheet))
    assert sent.status_code == 202 and sent.json()["state"] == "checking"
    place = f"{OUTFALLS}/uploads/{sent.json()['number']}"
    early = ask("liaison", f"{place}/take", "POST")
    assert early.status_code == 409
    _work(sent.json()["number"])
    ready = ask("liaison", place).json()
    assert ready["state"] == "ready" and ready["faults"] == [] and not Entry.objects.filter(key="P-8").exists()
    assert ask("liaison", f"{place}/take", "POST").status_code == 202
    _work(sent.json()["number"])
    assert ask("liaison", place).json()["state"] == "kept" and Entry.objects.filter(key="P-8").exists()


def _work(number: int) -> None:
    desk.work(by=None, upload=Upload.objects.get(pk=number))


def test_a_faulty_workbook_is_told_cell_by_cell_and_not_taken(ask):
    sheet = "编号,名称,水量\nP-8,八号,很多\n".encode("utf-8-sig")
    number = ask("liaison", f"{OUTFALLS}/uploads", "POST", file=("排口.csv", sheet)).json()["number"]
    _work(number)
    told = ask("office", f"{OUTFALLS}/uploads/{number}").json()
    assert told["state"] == "faulty" and told["faults"][0]["value"] == "很多"
    assert told["faults"][0]["zh"] and told["faults"][0]["en"]
    assert ask("liaison", f"{OUTFALLS}/uploads/{number}/take", "POST").status_code == 409


def test_how_far_a_file_is_is_never_answered_from_memory(ask):
    number = ask("liaison", f"{OUTFALLS}/uploads", "POST", file=("排口.csv", "编号\nP-8\n".encode())).json()["number"]
    first = ask("liaison", f"{OUTFALLS}/uploads/{number}")
    Upload.objects.filter(pk=number).update(state="failed")
    again = ask("liaison", f"{OUTFALLS}/uploads/{number}", **{"If-None-Match": first.get("ETag", "")})
    assert again.status_code == 200 and again.json()["state"] == "failed"


def test_rows_leave_as_files_that_can_be_read_in_again(ask):
    book = load_workbook(io.BytesIO(content(ask("office", f"{OUTFALLS}/entries.xlsx?filter=town=枫林镇"))))
    assert any("P-1" in map(str, row) for sheet in book for row in sheet.iter_rows(values_only=True))
    assert "P-1" in content(ask("office", f"{OUTFALLS}/entries.csv")).decode("utf-8-sig")
    assert content(ask("office", "registers/records/entries.zip")).startswith(b"PK")
    refused = ask("office", f"{OUTFALLS}/entries.zip")
    assert refused.status_code == 422 and "达尔文" in refused.json()["zh"]
    assert content(ask("read", f"{OUTFALLS}/template.xlsx")).startswith(b"PK")


def test_what_is_private_does_not_leave_by_a_file(ask):
    for ending in ("xlsx", "csv"):
        told = content(ask("other", f"{OUTFALLS}/entries.{ending}"))
        assert b"example.org/p1" not in told


@pytest.fixture
def more_rows(ask):
    """Two rows beside the first: one elsewhere on the map, one withdrawn."""
    for number, town, flow in (("P-2", "柳溪镇", "3.00"), ("P-3", "枫林镇", "40.00")):
        place = {"type": "Point", "coordinates": [121.9, 30.9]}
        made = ask(
            "office",
            f"{OUTFALLS}/entries",
            "POST",
            {"data": {"no": number, "name": f"南闸{number}", "town": town, "flow": flow}, "geometry": place},
        )
    assert (
        ask(
            "office", f"{OUTFALLS}/entries/{made.json()['id']}/withdraw", "POST", {"expected": 1, "why": "重复"}
        ).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", {"P-1", "P-2"}),
        ("q=南闸", {"P-2"}),
        ("f.town=枫林镇&f.flow.from=10", {"P-1"}),
        ("state=withdrawn", {"P-3"}),
        ("box=121.8,30,122,31", {"P-2"}),
        ("as_of=2026-05-31", {"P-1"}),
        ("where=flow>=3&body=works&sort=-flow", {"P-1", "P-2"}),
    ],
)
def test_what_the_page_lists_is_what_is_exported_listed_and_mapped(world, ask, more_rows, query, keys):
    page = ask("office", f"/riverbend/{OUTFALLS}/rows.csv?{query}")
    told = urlencode({"query": query})
    assert content(ask("office", f"{OUTFALLS}/entries.csv?{told}")) == content(page)
    book = load_workbook(io.BytesIO(content(ask("office", f"{OUTFALLS}/entries.xlsx?{told}"))))
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {one for one in ("P-1", "P-2", "P-3") if one in cells} == keys
    assert {one["key"] for one in ask("office", f"{OUTFALLS}/entries?{told}").json()["entries"]} == keys
    shapes = ask("office", f"{OUTFALLS}/entries.geojson?{told}").json()["features"]
    assert {one["properties"]["key"] for one in shapes} == keys


def test_an_address_of_the_page_is_narrowed_by_what_stands_beside_it(ask, more_rows):
    def keys(**told) -> list[str]:
        return [one["key"] for one in ask("office", f"{OUTFALLS}/entries?{urlencode(told)}").json()["entries"]]

    assert keys(query="sort=-flow") == ["P-1", "P-2"] and keys(query="sort=flow") == ["P-2", "P-1"]
    assert keys(query="sort=-flow", sort="flow") == ["P-2", "P-1"]
    assert keys(query="where=flow>=3", filter="town=柳溪镇") == ["P-2"]
    assert keys(query="f.town=枫林镇", withdrawn="true") == ["P-3"]
    for wrong in ("as_of=gestern", "where=cheese=1", "q=%00"):
        answer = ask("office", f"{OUTFALLS}/entries.csv?{urlencode({'query': wrong})}")
        assert answer.status_code == 422 and answer.json()["zh"], wrong


def test_a_hidden_field_gives_no_order(world, ask, more_rows):
    """Else the order would tell what it holds."""
    programme = Entry.objects.get(key="P-1", register="outfalls").programme
    told = queries.register_now(programme, "outfalls").plain()
    fields = [one | {"private": True} if one["code"] == "flow" else one for one in told["fields"]]
    changed = Definition.model_validate(told | {"fields": fields})
    define_register(by=None, programme=programme, definition=changed)
    for person, order in (("office", ["P-2", "P-1"]), ("leader", ["P-1", "P-2"])):
        for asked in ("sort=flow", urlencode({"query": "sort=flow"})):
            found = ask(person, f"{OUTFALLS}/entries?{asked}").json()["entries"]
            assert [one["key"] for one in found] == order, (person, asked)


def test_labels_are_those_of_the_page(world, ask, more_rows, monkeypatch):
    told = {one["key"]: one for one in ask("read", f"{OUTFALLS}/labels").json()}
    assert told.keys() == {"P-1", "P-2"} and told["P-1"]["title"] == "北闸"
    page = ask("office", f"/riverbend/{OUTFALLS}/labels/?all=1").content.decode()
    for one in told.values():
        assert one["svg"] in page and one["address"].endswith(f"/riverbend/{OUTFALLS}/{one['id']}/")
        assert ask("leader", one["address"].removeprefix("http://testserver")).status_code == 200
    assert told["P-1"]["svg"] != told["P-2"]["svg"] and told["P-1"]["register_name"] == {"zh": "排口", "en": "Outfalls"}


def test_labels_are_of_what_is_asked_for_and_of_not_too_much(world, ask, more_rows, monkeypatch):
    def keys(asked: str) -> list[str]:
        return [one["key"] for one in ask("read", f"{OUTFALLS}/labels?{asked}").json()]

    assert keys(f"entry={world.named['entry']}") == ["P-1"] and keys("filter=town=柳溪镇") == ["P-2"]
    assert (
        keys(urlencode({"query": "q=南闸"})) == ["P-2"]
        and keys(f"filter=town=柳溪镇&entry={world.named['entry']}") == []
    )
    early = ask("read", f"{OUTFALLS}/labels?as_of=2026-05-31")
    assert early.status_code == 422 and "用于现在的条目" in early.json()["zh"]
    monkeypatch.setattr("qingshan.web.views.register_sheets.MOST_SELECTED", 1)
    refused = ask("read", f"{OUTFALLS}/labels")
    assert refused.status_code == 422 and "多于 1 条，一次最多 1 条" in refused.json()["zh"]


def test_one_change_is_tried_and_then_made_to_all_or_none(world, ask):
    second = ask("office", f"{OUTFALLS}/entries", "POST", {"data": {"no": "P-2"}}).json()
    change = {
        "entries": [{"id": world.named["entry"], "expected": 1}, {"id": second["id"], "expected": 9}],
        "data": {"town": "柳溪镇"},
        "trial": True,
    }
    tried = ask("office", f"{OUTFALLS}/bulk", "POST", change).json()
    assert tried["changed"] == 0 and [one["id"] for one in tried["refusals"]] == [second["id"]]
    assert ask("office", f"{OUTFALLS}/bulk", "POST", change | {"trial": False}).status_code == 409
    assert Entry.objects.get(pk=world.named["entry"]).data["town"] == "枫林镇"
    change["entries"][1]["expected"] = 1
    assert ask("office", f"{OUTFALLS}/bulk", "POST", change | {"trial": False}).json()["changed"] == 2


def test_rows_are_read_as_they_were_known_on_a_day(world, ask, row):
    ask("office", row, "PATCH", {"expected": 1, "data": {"name": "北闸口"}, "known_on": "2026-06-01"})
    then, now = (
        ask("office", f"{OUTFALLS}/entries?{day}").json()["entries"][0] for day in ("as_of=2026-05-31", "size=9")
    )
    assert (then["data"]["name"], now["data"]["name"]) == ("北闸", "北闸口") and then["id"] == now["id"]
    shape = ask("office", f"{OUTFALLS}/entries.geojson?as_of=2026-05-31").json()["features"][0]
    assert shape["id"] == now["id"] and shape["properties"]["data"]["name"] == "北闸"


def test_a_filter_is_kept_and_forgotten_by_its_owner(ask):
    made = ask("other", f"{OUTFALLS}/filters", "POST", {"name": "大口", "query": "flow>=10"}).json()
    assert [one["name"] for one in ask("other", f"{OUTFALLS}/filters").json()] == ["大口"]
    assert ask("liaison", f"{OUTFALLS}/filters/{made['number']}", "DELETE").status_code == 403
    assert ask("other", f"{OUTFALLS}/filters/{made['number']}", "DELETE").status_code == 204
    assert ask("other", f"{OUTFALLS}/filters").json() == []


def test_what_is_sent_stands_in_the_trail_under_its_sender(ask, row):
    ask("write", f"{row}/files", "POST", file=("西侧.jpg", PICTURE))
    newest = AuditLine.objects.order_by("-id").first()
    assert newest.by.startswith("api-RB-01-works-")


def test_what_tells_of_people_is_listed_and_emptied_by_the_office_on_its_grounds(ask):
    team = Entry.objects.get(register="teams")
    move(entry=team, expected=1, to="closed", by=None)
    Entry.objects.filter(pk=team.pk).update(effective_on=date(2010, 1, 1))
    (due,) = ask("office", "retention").json()["entries"]
    assert (due["register_code"], due["entry"], due["fields"], due["closed_on"]) == (
        "teams",
        team.pk,
        ["phone"],
        "2010-01-01",
    )
    assert date.fromisoformat(due["due_on"]).year == 2010 + due["years"] and "021-" not in str(due)
    for sent, words in (({"seen": 1, "why": " "}, "写明依据"), ({"seen": 3, "why": "期满"}, "您看到的是 3 条")):
        refused = ask("office", "retention", "POST", sent)
        assert refused.status_code == 409 and words in refused.json()["zh"]
    assert ask("auditor", "retention", "POST", {"seen": 1, "why": "期满"}).status_code == 403
    assert not Redaction.objects.exists()
    assert ask("office", "retention", "POST", {"seen": 1, "why": "期满"}).json() == {"emptied": 1}
    newest = AuditLine.objects.order_by("-id").first()
    assert (newest.verb, newest.by, newest.detail["why"]) == ("redact_entries", "office", "期满")
    assert Redaction.objects.get().why == "期满" and ask("office", "retention").json()["entries"] == []
