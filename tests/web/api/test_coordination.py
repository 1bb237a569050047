"""Coordination by the API: an alert acknowledged, a meeting with its decision, what became of it."""

import pytest

pytestmark = pytest.mark.django_db


def test_an_alert_is_acknowledged_once_with_what_will_be_done(world, ask):
    place = f"alerts/{world.named['alert']}"
    told = ask("write", f"{place}/acknowledge", "POST", {"note": "本周办结"}).json()
    assert [(one["kind"], one["note"]) for one in told["steps"]] == [("acknowledged", "本周办结")]
    assert told["steps"][0]["by"]["account"].startswith("api-RB-01-works-")
    assert ask("write", f"{place}/acknowledge", "POST", {"note": "再报"}).status_code == 409


def test_the_rules_run_once_for_a_day(ask):
    first = ask("office", "matters/run", "POST", {"on": "2026-07-31"}).json()
    again = ask("office", "matters/run", "POST", {"on": "2026-07-31"}).json()
    assert first["stuck"] == len(ask("read", "matters?on=2026-07-31").json()) and again["raised"] == []


def test_who_waits_for_whom_agrees_with_what_is_stuck(ask):
    stuck = [one for one in ask("read", "matters").json() if one["body"]]
    waits = ask("read", "matters/waits").json()
    assert {one["body"]: one["count"] for one in waits} == {
        body: sum(one["body"] == body for one in stuck) for body in {one["body"] for one in stuck}
    }


def test_a_meeting_from_its_call_to_the_signed_minutes(ask):
    made = ask("office", "meetings", "POST", {"held_on": "2026-07-30", "title": "七月协调会"})
    assert made.status_code == 201
    place = f"meetings/{made.json()['number']}"
    ask("office", place, "PATCH", {"place": "三楼", "present": "各部门"})
    (item,) = ask("office", f"{place}/items", "POST", {"title": "管网"}).json()["items"]
    ask("office", f"{place}/items", "POST", {"title": "岸线"})
    proposal = {"title": "管网", "proposal": "限期修复", "lead": "works", "partners": ["farm"], "due_on": "2026-09-30"}
    told = ask("office", f"{place}/items/{item['id']}", "PATCH", proposal).json()
    assert (told["items"][0]["lead"], told["items"][0]["partners"], told["place"]) == ("works", ["farm"], "三楼")
    moved = ask("office", f"{place}/items/{item['id']}/move", "POST", {"way": "down"}).json()
    assert [one["title"] for one in moved["items"]] == ["岸线", "管网"]
    assert ask("leader", f"{place}/sign", "POST").status_code == 409  # not all of it is decided
    left = ask("office", f"{place}/items/{moved['items'][0]['id']}", "DELETE").json()["items"]
    assert [one["title"] for one in left] == ["管网"]
    decision = {"outcome": "adopted", "wording": "九月底前修复", "lead": "works", "due_on": "2026-09-30"}
    ask("leader", f"{place}/items/{item['id']}/decide", "POST", decision)
    signed = ask("leader", f"{place}/sign", "POST").json()
    assert signed["signed_at"] and signed["signed_by"]["account"] == "leader"
    assert ask("office", place, "PATCH", {"place": "四楼"}).status_code == 409
    assert ask("read", f"{place}/minutes.docx").content.startswith(b"PK")
    assert [one["decision"]["wording"] for one in ask("read", "assignments?state=open").json()] == ["九月底前修复"]


def test_a_body_that_is_none_is_refused_by_its_code(world, ask):
    place = f"meetings/{world.named['meeting']}/items/{world.named['item']}"
    refused = ask("office", place, "PATCH", {"title": "议题", "lead": "nobody"})
    assert refused.status_code == 409 and "nobody" in refused.json()["zh"]


def test_a_matter_that_is_not_stuck_does_not_come_on_the_agenda(world, ask):
    place = f"meetings/{world.named['meeting']}/items"
    refused = ask("office", place, "POST", {"matter": {"kind": "assignment", "key": "0"}})
    assert refused.status_code == 409 and "没有列入" in refused.json()["zh"]
    (matter, *_) = ask("office", "matters?kind=assignment").json() or ask("office", "matters").json()
    added = ask("office", place, "POST", {"matter": {name: matter[name] for name in ("kind", "key")}})
    assert added.status_code == 201 and added.json()["items"][-1]["matter"]["key"] == matter["key"]


def test_an_assignment_is_given_back_reported_again_with_its_proof_and_closed(world, ask):
    place = f"assignments/{world.named['assignment']}"
    back = ask("office", f"{place}/check", "POST", {"kind": "returned", "note": "照片不清"}).json()
    assert [one["kind"] for one in back["handlings"]] == ["reported", "returned"]
    again = ask("write", f"{place}/report", "POST", {"note": "补拍"}, file=("证明二.pdf", b"%PDF-1.4 two")).json()
    proof = again["handlings"][-1]
    assert (proof["kind"], proof["file"]) == ("reported", "证明二.pdf")
    assert b"".join(ask("read", f"{place}/proof/{proof['id']}").streaming_content) == b"%PDF-1.4 two"
    assert ask("leader", f"{place}/check", "POST", {"kind": "closed", "note": "属实"}).json()["state"] == "closed"
