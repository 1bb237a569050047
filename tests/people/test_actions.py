from datetime import timedelta

import pytest
from django.db import DatabaseError, connections, transaction

from qingshan.people.actions import (
    MAY,
    NotAllowed,
    may,
    open_account,
    put_jurisdiction,
    record,
    require,
    set_bodies,
    turn,
)
from qingshan.people.models import AuditHead, AuditLine, Body, Jurisdiction, Role, User
from qingshan.people.queries import broken_audit_line
from qingshan.plan.actions import put_programme
from qingshan.plan.models import Programme
from tests.district import district, person

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    return list(AuditLine.objects.order_by("id").values_list("verb", flat=True))


def bodies(*named: tuple[str, str]) -> list[dict]:
    return [{"code": code, "name": name, "full_name": "", "name_en": "", "aliases": []} for code, name in named]


@pytest.mark.parametrize("write", [lambda: record(by=None, verb="test", thing="x"), turn])
def test_nothing_is_written_down_outside_a_transaction(write, monkeypatch):
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    with pytest.raises(RuntimeError, match="transaction"):
        write()


def test_a_line_says_who_did_what_to_what():
    office = person(Role.OFFICE)
    line = record(by=office, verb="evaluate", thing="evaluation.run 1", jurisdiction=district(), detail={"数": "1"})
    line.refresh_from_db()
    assert (line.by, line.role, line.verb, line.thing, line.jurisdiction.code, line.detail) == (
        "office", "office", "evaluate", "evaluation.run 1", "T-01", {"数": "1"},
    )  # fmt: skip
    assert record(by=None, verb="load", thing="x").by == "qingshan"
    assert AuditHead.objects.get().lines == 2
    assert broken_audit_line() is None


def test_a_write_and_its_line_stand_or_fall_together():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        set_bodies(by=None, jurisdiction=district(), bodies=bodies(("water", "水务局")))
        raise ZeroDivisionError
    assert not Body.objects.exists() and not AuditLine.objects.exists()
    record(by=None, verb="test", thing="x")
    assert broken_audit_line() is None


def test_a_write_whose_line_fails_does_not_stand(monkeypatch):
    def broken(**_):
        raise DatabaseError("disk full")

    place = district()
    monkeypatch.setattr("qingshan.people.actions.record", broken)
    with pytest.raises(DatabaseError, match="disk full"):
        set_bodies(by=None, jurisdiction=place, bodies=bodies(("water", "水务局")))
    assert not Body.objects.exists()


def test_turns_go_upwards_and_lie_before_the_lines_written_in_them():
    first = turn()
    line = record(by=None, verb="test", thing="x")
    assert first <= line.at <= turn() < line.at + timedelta(hours=1)


def test_bodies_are_written_once():
    place = district()
    stand = set_bodies(by=None, jurisdiction=place, bodies=bodies(("water", "水务局"), ("roads", "交通委")))
    assert [body.code for body in place.bodies.all()] == ["water", "roads"] == list(stand)
    set_bodies(by=None, jurisdiction=place, bodies=bodies(("water", "水务局"), ("roads", "交通委")))
    assert verbs() == ["set_bodies"]


def test_a_renamed_body_stays_itself_and_one_no_longer_named_stays():
    place = district()
    before = set_bodies(by=None, jurisdiction=place, bodies=bodies(("water", "水务局"), ("roads", "交通委")))
    set_bodies(by=None, jurisdiction=place, bodies=bodies(("water", "区水务局")))
    assert Body.objects.get(code="water").pk == before["water"].pk
    assert set(Body.objects.values_list("name", flat=True)) == {"区水务局", "交通委"}
    assert AuditLine.objects.last().detail == {"bodies": ["water"]}


def test_a_name_that_is_another_bodys_is_refused_with_both_codes():
    place = district()
    set_bodies(by=None, jurisdiction=place, bodies=bodies(("water", "水务局")))
    with pytest.raises(NotAllowed, match="“水务局”已由代码 water 使用，不能再给代码 rivers") as refused:
        set_bodies(by=None, jurisdiction=place, bodies=bodies(("rivers", "水务局")))
    assert "water" in refused.value.en and "rivers" in refused.value.en


def test_a_jurisdiction_is_written_once_and_renamed_with_a_line():
    for name in ("甲区", "甲区", "乙区"):
        put_jurisdiction(by=None, code="T-02", name=name, name_en="")
    assert verbs() == ["put_jurisdiction"] * 2
    assert Jurisdiction.objects.get(code="T-02").name == "乙区"


def test_an_account_keeps_its_password_hashed_and_is_opened_once():
    for password in ("first-secret", "second-secret"):
        open_account(
            by=None, username="leader", password=password, role=Role.LEADER, name="分管领导", jurisdiction=district()
        )
    leader = User.objects.get()
    assert leader.check_password("first-secret") and "first-secret" not in leader.password
    assert verbs() == ["open_account"]
    assert "secret" not in str(AuditLine.objects.get().detail)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_only_an_administrator_opens_accounts(role):
    with pytest.raises(NotAllowed, match="系统管理"):
        open_account(
            by=person(role), username="new", password="a-good-secret", role=Role.ADMIN, name="", jurisdiction=district()
        )
    assert not User.objects.filter(username="new").exists()


@pytest.mark.parametrize("verb", MAY)
def test_who_may_do_what(verb):
    people = {role: person(role) for role in Role}
    assert {role for role in people if may(people[role], verb)} == MAY[verb]
    for role, user in people.items():
        if role in MAY[verb]:
            require(user, verb)
            continue
        with pytest.raises(NotAllowed) as refused:
            require(user, verb)
        assert user.get_role_display() in refused.value.zh and role.value in refused.value.en


def test_a_liaison_changes_nothing_of_the_plan_and_signs_nothing():
    liaison = person(Role.LIAISON)
    verbs = ("import_plan", "edit_plan", "adopt_plan", "evaluate", "sign", "read_audit", "manage_people")
    assert not any(may(liaison, verb) for verb in verbs)


def test_nobody_writes_into_another_jurisdiction_and_the_attempt_leaves_nothing():
    stranger = person("office")
    other = Jurisdiction.objects.create(code="T-02", name="邻区")
    with pytest.raises(NotAllowed) as refused, transaction.atomic():
        put_programme(
            by=stranger, jurisdiction=other, code="next", title="邻区计划", title_en="", office=None, about={}
        )
    assert "试验区" in refused.value.zh and "邻区" in refused.value.zh
    assert not Programme.objects.filter(code="next").exists()
    assert not AuditLine.objects.filter(thing="plan.programme next").exists()
