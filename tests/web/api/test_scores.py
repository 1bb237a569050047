"""Scores by the API: what others object stays between them and the office; objections, answers, signing."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(world) -> str:
    return f"scores/{world.named['sheet']}"


BAD = {"off_track", "at_risk", "late", "missing", "returned", "open"}


def taken_away(ask, sheet: str) -> tuple[str, str]:
    """(who speaks for its body, key) of a line that takes something away and is not objected to yet."""
    told, people = ask("office", sheet).json(), {"works": "write", "farm": "other"}
    taken = {(one["body"], one["line"]) for one in told["objections"]}
    for one in told["record"]["lines"]:
        key = f"{one['criterion']} {one['subject']}"
        if one["body"] in people and one["outcome"] in BAD and (one["body"], key) not in taken:
            return people[one["body"]], key
    raise LookupError("no line of works or farm takes anything away")


def test_the_grounds_of_another_bodys_objection_are_not_told(ask, sheet):
    (made,) = ask("office", sheet).json()["objections"]
    assert made["open"] and made["reason"]
    others = {"works": "other", "farm": "liaison"}.get(made["body"], "liaison")
    (told,) = ask(others, sheet).json()["objections"]
    assert (told["open"], told["reason"], told["evidence"]) == (False, "", "") and told["line"] == made["line"]


def test_an_objection_is_answered_and_the_scores_follow(ask, sheet):
    person, line = taken_away(ask, sheet)
    given = {"line": line, "reason": "数据与台账不符", "evidence": "监测报告"}
    made = ask(person, f"{sheet}/objections", "POST", given)
    assert made.status_code == 201, made.json()
    mine = next(one for one in made.json()["objections"] if one["line"] == line and one["reason"] == given["reason"])
    before = ask("office", sheet).json()["record"]
    answer = {"upheld": True, "reason": "经核实确有误"}
    told = ask("office", f"{sheet}/objections/{mine['number']}/answer", "POST", answer).json()
    assert next(one["answer"] for one in told["objections"] if one["number"] == mine["number"]) == "经核实确有误"
    assert told["record"]["bodies"] != before["bodies"]
    again = ask(person, f"{sheet}/objections", "POST", given)
    assert again.status_code == 409 and "已经提过" in again.json()["zh"]


def test_a_sheet_is_signed_only_when_everyone_is_answered(ask, sheet):
    refused = ask("office", f"{sheet}/sign", "POST")
    assert refused.status_code == 409
    assert "works" in ask("office", sheet).json()["silent"]
    assert "works" not in ask("write", f"{sheet}/consent", "POST").json()["silent"]


def test_a_sheet_leaves_as_workbook_and_as_paper(ask, sheet):
    for ending in ("xlsx", "docx"):
        assert ask("read", f"{sheet}/sheet.{ending}").content.startswith(b"PK")


def test_a_sheet_taken_back_is_computed_anew(ask, sheet):
    period = ask("office", sheet).json()["period"]
    back = ask("office", f"{sheet}/withdraw", "POST", {"why": "规则有误，重新计算"})
    assert back.json()["state"] == "withdrawn"
    made = ask("office", "scores", "POST", {"period": period})
    assert made.status_code == 201 and made.json()["state"] == "draft"
    assert made.json()["number"] not in {one["number"] for one in ask("read", "scores").json()}
