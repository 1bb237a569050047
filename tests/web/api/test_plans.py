"""A plan by the API: read from a document, corrected, adopted; where numbers come from; the overview."""

import pytest

from ...plan import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world) -> str:
    return f"editions/{world.parameters['ordinal']}"


def test_a_text_that_is_no_plan_is_refused_with_the_reason(ask):
    answer = ask("office", "editions", "POST", file=("短文.txt", "今天天气很好，我们去河边散步。".encode()))
    assert answer.status_code == 422 and answer.json()["zh"] != answer.json()["en"]
    assert len(ask("office", "editions").json()) == 2


def test_a_document_comes_out_as_it_was_uploaded(ask, draft):
    assert b"".join(ask("read", f"{draft}/original").streaming_content) == sample.data()


def test_a_draft_is_corrected_piece_by_piece(ask, draft):
    before = ask("office", draft).json()
    told = ask("office", draft, "PATCH", {"number": "某政〔2026〕1号"}).json()
    assert (told["number"], told["title"], told["starts"]) == ("某政〔2026〕1号", before["title"], before["starts"])
    code, old = before["targets"][0]["code"], before["targets"][0]
    new = ask("office", f"{draft}/targets/{code}", "PATCH", {"note": "已核对"}).json()["targets"][0]
    assert (new["note"]["zh"], new["value"], new["name"]) == ("已核对", old["value"], old["name"])
    gone = ask("office", f"{draft}/targets/{code}/remove", "POST", {"why": "重复"}).json()
    assert code not in {one["code"] for one in gone["targets"]}


def test_a_target_that_was_missed_is_added_to_its_task(ask, draft):
    task = ask("office", draft).json()["tasks"][0]["no"]
    given = {
        "name": "湿地面积",
        "kind": "cumulative_count",
        "op": ">=",
        "value": "3",
        "unit": "hm²",
        "due": "2026-12-31",
    }
    told = ask("office", f"{draft}/targets", "POST", given | {"task": task})
    made = told.json()["targets"][-1]
    assert told.status_code == 201 and (made["name"]["zh"], made["task"], made["value"]) == ("湿地面积", task, "3")
    refused = ask("office", f"{draft}/targets", "POST", given | {"kind": "nonsense"})
    assert refused.status_code == 422 and refused.json()["faults"][0]["field"].endswith("kind")


def test_the_bodies_of_a_task_are_set_in_order_and_stay_where_none_are_given(ask, draft):
    task = ask("office", draft).json()["tasks"][0]
    given = {"title": task["title"]["zh"], "bodies": {"区水务局": "lead", "某某中心": "cooperate"}}
    told = ask("office", f"{draft}/tasks/{task['no']}", "PATCH", given).json()["tasks"][0]
    assert [(one["printed"], one["part"]) for one in told["bodies"]] == [
        ("区水务局", "lead"),
        ("某某中心", "cooperate"),
    ]
    again = ask("office", f"{draft}/tasks/{task['no']}", "PATCH", {"title": "改了名"}).json()["tasks"][0]
    assert again["bodies"] == told["bodies"] and again["title"]["zh"] == "改了名"


def test_a_draft_is_given_up_and_an_adopted_edition_is_frozen(ask, draft):
    assert ask("office", f"{draft}/discard", "POST").json()["state"] == "discarded"
    assert ask("office", "editions/1", "PATCH", {"number": "另号"}).status_code in (403, 409)


def test_where_a_targets_number_comes_from_is_told(ask):
    (source,) = ask("read", "targets/phosphorus/sources").json()
    assert (source["kind"], source["code"]) == ("published", "phosphorus-monthly") and source["name"]["en"]
    assert ask("read", "targets/nothing/sources").status_code == 404


def test_the_overview_agrees_with_the_newest_run(world, ask):
    told, run = ask("leader", "overview").json(), ask("leader", f"runs/{world.named['run']}").json()
    plan = [one for one in run["targets"] if one["origin"] == "plan"]
    assert told["run"] == run["number"] and sum(told["counts"].values()) == len(plan)
    behind = {one["code"] for one in run["targets"] if one["status"] in ("off_track", "at_risk")}
    assert {code for one in told["decisions"] if one["kind"] == "target" for code in one["about"]} == behind
    assert any(one["kind"] == "unsigned" for one in told["decisions"])


def test_targets_and_tasks_leave_as_workbooks(ask):
    for name in ("targets", "tasks"):
        assert ask("read", f"{name}.xlsx").content.startswith(b"PK")
