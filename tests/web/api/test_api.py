"""What the API says beside the right shape: the same as the pages, refusals in two languages, nothing hidden told."""

import json
import re
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from ninja import Schema

from qingshan.evidence.registers.models import Entry
from qingshan.people.models import AuditLine
from qingshan.people.tokens.actions import revoke_token
from qingshan.people.tokens.models import Token
from qingshan.web.api.answers import CSV, DOCX, XLSX, ZIP
from qingshan.web.api.problems import TYPE
from qingshan.web.api.routes import api
from qingshan.web.queries import Record

from ..world import SECRET
from .conftest import HERE

pytestmark = pytest.mark.django_db
KINDS = {"csv": CSV, "docx": DOCX, "xlsx": XLSX, "zip": ZIP}


def row(world, more: str = "") -> str:
    return f"registers/outfalls/entries/{world.named['entry']}{more}"


# the same as the pages


def test_a_run_loses_nothing_of_its_record(world, ask):
    from qingshan.evaluation.models import Run

    record = Record(Run.objects.get(id=world.named["run"]))
    told = ask("office", f"runs/{world.named['run']}").json()
    assert told["targets"] == record.targets
    assert told["counts"] == record.data["counts"] and told["digest"] == record.run.digest


def test_a_value_has_its_way_back_to_rows_and_who_entered_them(world, ask):
    told = ask("read", f"runs/{world.named['run']}/targets/phosphorus").json()
    (source,) = told["sources"]
    assert source["code"] == "phosphorus-monthly" and source["series"]["origin"] == "official"
    newest = source["figures"][-1]
    assert newest.keys() >= {"period", "value", "source", "known_on", "recorded_at", "recorded_by"}
    assert told["target"]["inputs"][0]["rows"] == len(source["figures"])


def test_targets_are_filtered_as_on_the_page(ask):
    every, some = ask("office", "targets").json(), ask("office", "targets?scope=overall").json()
    assert some == [one for one in every if one["scope"] == "overall"] and 0 < len(some) < len(every)


def test_entries_go_page_by_page_and_every_one_once(world, ask):
    for number in range(2, 8):
        body = {"data": {"no": f"P-{number}", "town": "枫林镇" if number % 2 else "柳溪镇"}}
        assert ask("office", "registers/outfalls/entries", "POST", body).status_code == 201
    seen, after = [], ""
    while after is not None:
        page = ask("office", f"registers/outfalls/entries?size=3&sort=-town{after and f'&after={after}'}").json()
        seen += [one["key"] for one in page["entries"]]
        after = page["after"]
    assert sorted(seen) == [f"P-{number}" for number in range(1, 8)]
    chosen = ask("office", "registers/outfalls/entries?filter=town=柳溪镇").json()
    assert chosen["total"] == 3 and {one["data"]["town"] for one in chosen["entries"]} == {"柳溪镇"}


def test_a_map_is_geojson(ask):
    answer = ask("office", "registers/outfalls/entries.geojson?box=121,30,122,31")
    assert answer["Content-Type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert (
        feature["geometry"] == {"type": "Point", "coordinates": [121.3, 30.7]} and feature["properties"]["key"] == "P-1"
    )
    assert ask("office", "registers/outfalls/entries.geojson?box=100,30,101,31").json()["features"] == []
    assert ask("office", "registers/outfalls/entries.geojson?box=9").status_code == 422


# what is hidden stays hidden


@pytest.mark.parametrize("person", ["other", "leader", "admin"])
def test_a_private_field_is_not_told_to_others_in_any_way(world, ask, person):
    for address in (
        row(world),
        "registers/outfalls/entries",
        row(world, "/revisions"),
        "registers/outfalls/entries.geojson",
    ):
        assert "example.org/p1" not in ask(person, address).content.decode(), address
    assert ask(person, row(world)).json()["hidden"] == [SECRET]


@pytest.mark.parametrize("person", ["office", "auditor", "liaison", "read"])
def test_whose_row_it_is_sees_it_whole(world, ask, person):
    told = ask(person, row(world)).json()
    assert told["data"][SECRET].endswith("/p1") and told["hidden"] == []


# writing


def test_a_change_names_the_revision_it_was_made_on(world, ask):
    first = ask("liaison", row(world), "PATCH", {"expected": 1, "data": {"name": "北闸口"}})
    assert first.status_code == 200 and first.json()["number"] == 2
    second = ask("write", row(world), "PATCH", {"expected": 1, "data": {"flow": "13.00"}})
    told = second.json()
    assert second.status_code == 409 and second["Content-Type"] == "application/problem+json"
    assert told["yours"] == 1 and told["newest"]["number"] == 2 and told["newest"]["data"]["name"] == "北闸口"
    assert "第 1 版" in told["zh"] and "北闸口" in told["zh"]
    assert Entry.objects.get(id=world.named["entry"]).data["flow"] == "12.50"


def test_a_tokens_writes_bear_its_name(world, ask):
    ask("write", row(world), "PATCH", {"expected": 1, "data": {"name": "北闸口"}})
    line = AuditLine.objects.order_by("-id").first()
    assert (line.verb, line.role) == ("change_entry", "liaison") and line.by.startswith("api-RB-01-works-")
    newest = ask("office", row(world, "/revisions")).json()[0]
    assert newest["recorded_by"] == {"account": line.by, "name": "平台 write", "body": "works"}


def test_a_token_for_reading_does_not_write_and_says_so(world, ask):
    answer = ask("read", row(world), "PATCH", {"expected": 1, "data": {"name": "别名"}})
    assert answer.status_code == 403 and "只读" in answer.json()["zh"] and "reading only" in answer.json()["en"]


def test_a_row_that_does_not_fit_is_refused_field_by_field(world, ask):
    answer = ask("write", "registers/outfalls/entries", "POST", {"data": {"no": "P-9", "flow": "十二", "pipes": 99}})
    faults = {one["field"]: one for one in answer.json()["faults"]}
    assert answer.status_code == 422 and faults.keys() == {"flow", "pipes"}
    assert "水量" in faults["flow"]["zh"] and "Flow" in faults["flow"]["en"]


def test_a_move_without_its_proof_says_what_is_lacking(world, ask):
    assert ask("liaison", row(world, "/move"), "POST", {"expected": 1, "to": "traced"}).json()["state"] == "traced"
    lacking = ask("liaison", row(world, "/move"), "POST", {"expected": 2, "to": "mended"})
    assert lacking.status_code == 422 and lacking.json()["faults"][0]["field"] == "mended_on"
    done = ask(
        "liaison", row(world, "/move"), "POST", {"expected": 2, "to": "mended", "data": {"mended_on": "2026-05-01"}}
    )
    assert done.json()["state"] == "mended"


def test_a_session_writes_only_with_the_form_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["liaison"])
    answer = client.patch(f"{HERE}/{row(world)}", {"expected": 1, "data": {}}, content_type="application/json")
    assert answer.status_code == 403 and "X-CSRFToken" in answer.json()["en"]
    page = client.get(reverse("overview", args=["riverbend"])).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    given = {"expected": 1, "data": {"name": "北闸口"}}
    answer = client.patch(
        f"{HERE}/{row(world)}", given, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200


# who calls


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer nonsense", "Basic eDp5"])
def test_who_is_nobody_is_told_how_to_say_who_they_are(world, shown):
    answer = Client().get("/api/v1/programmes", headers={"authorization": shown})
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer" and "访问令牌" in answer.json()["zh"]


def test_a_token_ends_on_its_day_and_when_it_is_revoked(world, ask):
    token = Token.objects.get(account__username="api-RB-01-works-1")
    assert ask("read", "/api/v1/programmes").status_code == 200
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()
    Token.objects.filter(pk=token.pk).update(expires_on=timezone.localdate() - timezone.timedelta(days=1))
    assert ask("read", "/api/v1/programmes").status_code == 401
    Token.objects.filter(pk=token.pk).update(expires_on=timezone.localdate())
    revoke_token(by=None, token=token)
    assert ask("read", "/api/v1/programmes").status_code == 401
    assert AuditLine.objects.filter(verb="revoke_token").exists()


def test_a_token_is_kept_as_a_hash_only_and_nobody_signs_in_by_its_account(world):
    kept = json.dumps(list(Token.objects.values()), default=str)
    assert not any(secret in kept or secret[3:] in kept for secret in world.secrets.values())
    assert not any(one.account.has_usable_password() for one in Token.objects.all())


def test_how_often_one_may_ask_is_told_and_kept(world, ask, settings):
    settings.API_PER_MINUTE = 3
    answers = [ask("read", "/api/v1/programmes") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one["RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert "每分钟最多 3 次" in answers[3].json()["zh"] and int(answers[3]["Retry-After"]) <= 60
    assert ask("office", "/api/v1/programmes").status_code == 200


def test_an_address_that_shows_no_token_is_counted_too(world, ask, settings):
    settings.API_PER_MINUTE_UNKNOWN = 2
    assert [ask("nobody", "/api/v1/programmes").status_code for _ in range(3)] == [401, 401, 429]


# answers that have not changed


def test_an_answer_is_not_sent_again_before_something_is_written(world, ask):
    first = ask("office", "targets")
    again = ask("office", "targets", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b""
    assert ask("other", "targets", **{"If-None-Match": first["ETag"]}).status_code == 200
    ask("office", row(world), "PATCH", {"expected": 1, "data": {"name": "北闸口"}})
    assert ask("office", "targets", **{"If-None-Match": first["ETag"]}).status_code == 200


# the document


def test_the_document_and_its_page_load_nothing_from_elsewhere(world, client):
    document = client.get("/api/v1/openapi.json").json()
    assert document["info"]["title"] == "青山 Qingshan" and len(document["paths"]) > 20
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert re.findall(r'(?:src|href)="(?!/)[^"]*"', page.content.decode()) == []
    assert "script-src" not in page["Content-Security-Policy"]


def test_a_shape_has_a_name_of_its_own():
    """In the document one name stands for one shape, and of two the last would count."""
    names = Counter(one.__name__ for one in _shapes(Schema) if one.__module__.startswith("qingshan."))
    assert [name for name, count in names.items() if count > 1] == []


def _shapes(of: type):
    for one in of.__subclasses__():
        yield one
        yield from _shapes(one)


def test_every_operation_says_what_it_does_in_two_languages(client):
    for path, operations in client.get("/api/v1/openapi.json").json()["paths"].items():
        for operation in operations.values():
            told = operation.get("description", "")
            assert re.search("[㐀-鿿]", told) and re.search("[A-Z][a-z]*,? [a-z]+", told), path


def test_a_file_is_told_by_its_kind_and_a_refusal_by_one_shape(client):
    files = 0
    for path, operations in client.get("/api/v1/openapi.json").json()["paths"].items():
        for operation in operations.values():
            told = {status: one.get("content", {}) for status, one in operation["responses"].items()}
            assert all(list(one) == [TYPE] for status, one in told.items() if status >= "400"), path
            if kind := KINDS.get(path.rpartition(".")[2]):
                files += 1
                assert list(told["200"]) == [kind], path
    assert files >= 15


def test_the_document_is_made_once_for_an_address():
    assert api.get_openapi_schema() is api.get_openapi_schema()


def test_every_refusal_says_what_it_means_and_that_of_a_file_what_does_not_fit(client):
    files = 0
    for path, operations in client.get("/api/v1/openapi.json").json()["paths"].items():
        for operation in operations.values():
            told = {status: one["description"] for status, one in operation["responses"].items() if status >= "400"}
            assert {"401", "403", "404", "429"} <= told.keys(), path
            assert all(re.search("[㐀-鿿].* [A-Z][a-z]+ ", words) for words in told.values()), path
            if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
                files += 1
                assert "too large" in told["409"] and "过大" in told["409"], path
    assert files >= 7


@pytest.mark.parametrize("address", ["/api/", "/api/v2/programmes", "/api/v1/nothing/here"])
def test_an_address_that_is_none_is_a_problem_too(client, address):
    answer = client.get(address)
    assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"
