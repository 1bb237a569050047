"""Reporting by the API: a round, a report through a workbook, the office's side of it."""

import io

import pytest
from openpyxl import load_workbook

from qingshan.evidence.reports.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(world) -> str:
    return f"reports/{world.named['report']}"


def handed_in(world, ask, report: str) -> dict:
    line = world.named["line"]
    ask("write", report, "PATCH", {"lines": [{"id": line, "expected": 1, "progress": "已完成设计"}]})
    return ask("write", f"{report}/submit", "POST", {"seen": {str(line): 2}}).json()


def test_a_report_is_sent_back_with_its_reason_mended_and_accepted(world, ask, report):
    told = handed_in(world, ask, report)
    assert (told["state"], told["version"]) == ("submitted", 1)
    stale = ask("office", f"{report}/accept", "POST", {"version": 2})
    assert stale.status_code == 409 and "第 2 次报送" in stale.json()["zh"]
    line = str(world.named["line"])
    back = ask(
        "office", f"{report}/return", "POST", {"version": 1, "why": "请附照片", "remarks": {line: "何处？"}}
    ).json()
    assert back["state"] == "returned" and back["lines"][0]["remark"] == "何处？"
    assert [(one["verb"], one["why"], one["version"]) for one in back["steps"]] == [
        ("submit", "", 1), ("return", "请附照片", 1),
    ]  # fmt: skip
    ask("write", f"{report}/submit", "POST", {"seen": {line: 2}})
    done = ask("office", f"{report}/accept", "POST", {"version": 2}).json()
    assert done["state"] == "accepted" and done["lines"][0]["accepted_on"]


def test_a_reason_is_asked_for(world, ask, report):
    handed_in(world, ask, report)
    assert "为什么退回" in ask("office", f"{report}/return", "POST", {"version": 1, "why": " "}).json()["zh"]


def test_each_line_is_held_against_what_is_known_now_for_the_reviewer_alone(ask, report):
    (line,) = ask("office", f"{report}/review").json()
    assert line["key"] == "task:1" and line["contradictions"] == []
    refused = ask("write", f"{report}/review")
    assert refused.status_code == 403 and "联络员" in refused.json()["zh"]


def test_a_workbook_is_checked_and_then_kept_in_the_draft(world, ask, report):
    book = load_workbook(io.BytesIO(ask("read", f"{report}/report.xlsx").content))
    sheet = book["填报"]
    sheet.cell(3, 10).value = "已完成设计"
    file = io.BytesIO()
    book.save(file)
    sent = ("填报.xlsx", file.getvalue())
    checked = ask("write", f"{report}/workbook", "POST", {"step": "check"}, file=sent).json()
    assert checked["faults"] == [] and len(checked["changes"]) == 1 and not checked["taken"]
    assert ask("read", report).json()["lines"][0]["progress"] == ""
    taken = ask("write", f"{report}/workbook", "POST", {"step": "take"}, file=sent).json()
    assert taken["taken"] and ask("read", report).json()["lines"][0]["progress"] == "已完成设计"


def test_a_file_that_is_no_workbook_is_told_and_nothing_kept(ask, report):
    told = ask("write", f"{report}/workbook", "POST", {"step": "take"}, file=("a.xlsx", b"PK nonsense")).json()
    assert not told["taken"] and told["faults"][0]["zh"] and told["faults"][0]["en"]


def test_evidence_of_a_line_goes_in_comes_out_and_is_taken_away(world, ask, report):
    made = ask("write", f"{report}/lines/{world.named['line']}/files", "POST", file=("记录二.pdf", b"%PDF-1.7 two"))
    assert made.status_code == 201
    place = f"{report}/files/{made.json()['id']}"
    assert b"".join(ask("office", place).streaming_content) == b"%PDF-1.7 two"
    assert ask("write", place, "DELETE").status_code == 204
    assert [one["name"] for one in ask("read", report).json()["lines"][0]["files"]] == ["记录.pdf"]


def test_rows_are_named_as_evidence_and_stay_where_they_are_not_named(world, ask, report):
    line = {"id": world.named["line"], "progress": "已完成"}
    ask("write", report, "PATCH", {"lines": [line | {"expected": 1, "entries": [["outfalls", "P-1"]]}]})
    told = ask("write", report, "PATCH", {"lines": [line | {"expected": 2, "obstacle": "无"}]}).json()
    assert told["lines"][0]["entries"] == [["outfalls", "P-1"]]


def test_late_and_rates_are_told_to_a_liaison_of_the_own_body_alone(ask):
    Round.objects.update(due_on="2026-07-24")
    for name in ("late", "rates"):
        assert {one["body"] for one in ask("office", f"reports/{name}").json()} == {"works", "farm"}
        assert [one["body"] for one in ask("read", f"reports/{name}").json()] == ["works"]
    late = ask("office", "reports/late").json()[0]
    assert (late["due_on"], late["working_days_late"]) == ("2026-07-24", 5)


def test_a_round_closes_after_its_day_and_once(ask):
    (held,) = ask("office", "rounds").json()
    early = ask("office", f"rounds/{held['kind']}/{held['period']}/close", "POST")
    assert early.status_code == 409 and held["due_on"] in early.json()["zh"]
    assert ask("office", "rounds", "POST").json() == []
