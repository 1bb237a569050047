"""Accounts, tokens, the inbox and the trail's seals by the API."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qingshan.people.models import AuditLine, User

pytestmark = pytest.mark.django_db
FIRST = "a-long-first-word-7"


def test_an_account_is_opened_once_and_changes_its_password_at_once(ask):
    given = {"account": "newcomer", "name": "新人", "role": "liaison", "body": "works", "password": FIRST}
    made = ask("admin", "/api/v1/people", "POST", given)
    assert made.status_code == 201 and made.json()["body"] == "works"
    assert User.objects.get(username="newcomer").must_change_password
    assert "已经有人使用" in ask("admin", "/api/v1/people", "POST", given).json()["zh"]
    line = AuditLine.objects.order_by("-id").first()
    assert line.by == "admin" and FIRST not in str(line.detail)


def test_a_weak_password_is_refused_in_both_languages(ask):
    given = {"account": "newcomer", "name": "新人", "role": "leader", "password": "123"}
    answer = ask("admin", "/api/v1/people", "POST", given)
    (fault,) = answer.json()["faults"]
    assert answer.status_code == 422 and fault["field"] == "password" and fault["zh"] != fault["en"]


def test_a_closed_account_is_out_and_comes_in_again(world, ask):
    place = f"/api/v1/people/{world.named['liaison']}"
    assert ask("admin", f"{place}/close", "POST").json()["active"] is False
    assert ask("liaison", "targets").status_code == 401
    assert ask("admin", f"{place}/reopen", "POST").json()["active"] is True


def test_a_token_is_told_once_works_and_ends(ask):
    day = timezone.localdate() + timedelta(days=30)
    given = {"body": "works", "name": "水务平台", "scope": "read", "expires_on": day.isoformat()}
    made = ask("office", "/api/v1/tokens", "POST", given).json()
    assert Client().get("/api/v1/programmes", headers={"authorization": f"Bearer {made['secret']}"}).status_code == 200
    assert all("secret" not in one for one in ask("office", "/api/v1/tokens").json())
    ask("office", f"/api/v1/tokens/{made['number']}/revoke", "POST")
    assert Client().get("/api/v1/programmes", headers={"authorization": f"Bearer {made['secret']}"}).status_code == 401
    late = given | {"expires_on": (timezone.localdate() + timedelta(days=900)).isoformat()}
    assert ask("office", "/api/v1/tokens", "POST", late).status_code == 409


def test_a_notice_is_read_by_its_reader_alone(ask):
    mine = ask("liaison", "/api/v1/inbox").json()
    assert mine and not any(one["read"] for one in mine)
    foreign = ask("other", "/api/v1/inbox/read", "POST", {"notices": [mine[0]["number"]]}).json()
    assert foreign == {"read": 0}
    assert ask("liaison", "/api/v1/inbox/read", "POST", {"notices": [mine[0]["number"]]}).json() == {"read": 1}
    assert [one["read"] for one in ask("liaison", "/api/v1/inbox").json()][0]


def test_how_one_wants_to_be_written_to(ask):
    wanted = {"email": "liaison@example.org", "language": "en", "by_mail": False}
    assert ask("liaison", "/api/v1/inbox/preference", "PUT", wanted).json() == wanted
    assert ask("liaison", "/api/v1/inbox/preference").json() == wanted
    assert ask("liaison", "/api/v1/inbox/preference", "PUT", wanted | {"email": "no address"}).status_code == 422


def test_the_seals_of_the_trail_are_checked(ask):
    told = ask("auditor", "/api/v1/audit/check").json()
    assert told["broken"] is None and told["lines"] == AuditLine.objects.count()
