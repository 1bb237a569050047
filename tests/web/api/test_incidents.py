"""Emergencies and drills by the API, from the call to the findings."""

import pytest
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(world) -> str:
    return f"incidents/{world.named['incident']}"


def test_a_body_answers_its_call_and_the_course_keeps_it(world, ask, drill):
    call = f"{drill}/calls/{world.named['call']}"
    told = ask("write", call, "POST", {"step": "acknowledged", "note": "马上出发"}).json()
    assert told["calls"][0]["standing"] == "acknowledged" and told["responses"]["acknowledged"]["count"] == 1
    assert told["events"][-1]["recorded_by"]["account"].startswith("api-RB-01-works-")
    assert ask("write", call, "POST", {"step": "acknowledged"}).status_code == 409
    assert ask("other", call, "POST", {"step": "arrived"}).status_code == 403


def test_a_drill_is_opened_calls_what_is_in_reach_and_ends_with_findings(ask):
    given = {"drill": True, "kind": "spill", "title": "北河演练", "place": "北河桥", "lon": 121.03, "lat": 30.73,
             "began_at": "2026-07-01T09:00:00+08:00"}  # fmt: skip
    assert "nonsense" in ask("office", "incidents", "POST", given | {"kind": "nonsense"}).json()["zh"]
    made = ask("office", "incidents", "POST", given)
    assert made.status_code == 201
    place = f"incidents/{made.json()['ordinal']}"
    (store,) = [
        one["entry"]["id"]
        for one in ask("office", "emergency?lon=121.03&lat=30.73").json()
        if one["part"] == "supplies"
    ]
    called = ask("office", f"{place}/calls", "POST", {"entries": [store], "asked": "十箱"}).json()
    assert [(one["entry"], one["asked"], one["standing"]) for one in called["calls"]] == [(store, "十箱", "called")]
    finding = {"title": "器材不足", "wording": "补足吸油毡", "lead": "works", "due_on": "2026-12-31"}
    wrong = ask("office", f"{place}/close", "POST", {"summary": "有序", "findings": [finding | {"lead": "nobody"}]})
    assert wrong.status_code == 409 and "nobody" in wrong.json()["zh"]
    done = ask("office", f"{place}/close", "POST", {"summary": "处置有序", "findings": [finding]}).json()
    assert done["closed_at"] and done["review"]
    given = ask("read", f"assignments?on={timezone.localdate()}").json()
    assert "补足吸油毡" in {one["decision"]["wording"] for one in given}
    assert ask("office", f"{place}/notes", "POST", {"note": "又一笔"}).status_code == 409
    assert ask("office", f"{place}/record.docx").content.startswith(b"PK")
