"""Annual lists by the API: made, changed, leads decided, issued, amended, done."""

import pytest

pytestmark = pytest.mark.django_db
LIST = "lists/2025"


@pytest.fixture
def issued(ask) -> str:
    """The county's draft, its leads decided, issued."""
    ask("office", f"{LIST}/leads", "POST")
    for one in ask("office", f"{LIST}?only=undecided").json()["rows"]:
        ask("office", f"{LIST}/items/{one['order']}/lead", "POST", {"code": "works"})
    told = ask("office", f"{LIST}/issue", "POST", {"on": "2026-01-15"})
    assert told.status_code == 200, told.content.decode()
    return LIST


def rows(ask, person="office", query="") -> dict:
    return {one["order"]: one for one in ask(person, f"{LIST}{query}").json()["rows"]}


def test_an_item_tells_its_proposed_lead_with_the_reason(ask):
    order = next(iter(rows(ask)))
    told = ask("read", f"{LIST}/items/{order}").json()["lead_decision"]
    assert (
        told.keys() == {"proposed", "proposed_name", "reason", "decided", "decided_by", "why"} and told["reason"]["zh"]
    )


def test_another_lead_than_the_proposed_needs_its_reason(ask):
    order, proposed = next(
        (order, told["proposed"])
        for order in rows(ask)
        if (told := ask("office", f"{LIST}/items/{order}").json()["lead_decision"])["proposed"]
    )
    other = "farm" if proposed != "farm" else "works"
    refused = ask("office", f"{LIST}/items/{order}/lead", "POST", {"code": other})
    assert refused.status_code == 409 and "理由" in refused.json()["zh"]
    told = ask("office", f"{LIST}/items/{order}/lead", "POST", {"code": other, "why": "职责相近"}).json()
    assert told["lead"] == other and told["lead_decision"]["decided_by"]["account"] == "office"


def test_an_item_is_added_and_changed_as_it_was_looked_at(ask):
    given = {
        "title": "修复岸线",
        "content": "全线",
        "node": "完成",
        "quarter": 3,
        "lead": "works",
        "partners": ["farm"],
    }
    added = ask("office", f"{LIST}/items", "POST", given)
    assert added.status_code == 201
    one = next(one for one in added.json()["rows"] if one["title"]["zh"] == "修复岸线")
    place = f"{LIST}/items/{one['order']}"
    first = ask("office", place, "PATCH", {"seen": one["print"], "node": "完成一半"})
    assert first.json()["node"]["zh"] == "完成一半" and first.json()["content"]["zh"] == "全线"
    second = ask("office", place, "PATCH", {"seen": one["print"], "node": "不做"})
    assert second.status_code == 409 and ask("office", place).json()["node"]["zh"] == "完成一半"


def test_an_issued_list_changes_only_by_a_numbered_amendment(ask, issued):
    head = ask("read", issued).json()
    assert (head["state"], head["number"]) == ("issued", "2025-1")
    order, item = next(iter(rows(ask).items()))
    place = f"{issued}/items/{order}"
    frozen = ask("office", place, "PATCH", {"seen": item["print"], "node": "完成一半"})
    assert frozen.status_code == 403 and "修订" in frozen.json()["zh"]
    ask("office", f"{issued}/amendment", "POST", {"why": "工期调整"})
    assert ask("office", place, "PATCH", {"seen": item["print"], "node": "完成一半"}).json()["pending"] == "change"
    assert rows(ask, "read")[order]["node"] == item["node"]  # in preparation, for its makers alone
    ask("office", f"{issued}/amendment/issue", "POST", {"on": "2026-02-15"})
    assert rows(ask, "read")[order]["node"]["zh"] == "完成一半"
    first, second = ask("read", f"{issued}/papers").json()
    assert (first["number"], second["number"], second["why"]) == ("2025-1", "2025-2", "工期调整")
    (change,) = second["changes"]
    assert (change["order"], change["kind"], change["after"]["node"]) == (order, "change", "完成一半")


def test_done_is_said_and_taken_back_on_record(ask, issued):
    order = next(iter(rows(ask)))
    told = ask("office", f"{issued}/items/{order}/done", "POST", {"done_on": "2026-02-01", "note": "验收"}).json()
    assert told["done_on"] == "2026-02-01"
    ask("office", f"{issued}/items/{order}/done", "POST", {"done_on": None, "note": "有误"})
    assert [one["note"] for one in ask("read", f"{issued}/items/{order}").json()["completions"]] == ["有误", "验收"]


def test_what_stands_in_no_list_is_told_and_put_into_one(ask):
    assert ask("read", "lists/coverage?missing=true").json() == []
    ask("office", f"{LIST}/items/{next(iter(rows(ask)))}/remove", "POST", {"why": "另行安排"})
    missing = ask("read", "lists/coverage?missing=true").json()
    assert missing and all(one["places"] == [] for one in missing)
    source = {name: missing[0][name] for name in ("measure", "target") if missing[0][name]}
    assert ask("office", f"{LIST}/sources", "POST", source).status_code == 201
    assert len(ask("read", "lists/coverage?missing=true").json()) == len(missing) - 1


def test_a_list_is_made_given_up_and_filtered(ask):
    assert ask("office", "lists", "POST", {"year": 2026}).json()["year"] == 2026
    assert ask("office", "lists", "POST", {"year": 2026}).status_code == 409
    assert ask("office", "lists/2026", "DELETE").status_code == 204 and ask("read", "lists/2026").status_code == 404
    every, some = rows(ask), rows(ask, query="?quarter=4")
    assert some and all(one["quarter"] == 4 for one in some.values()) and len(some) <= len(every)


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_the_paper_is_the_one_of_the_page(ask, issued, ending):
    answer = ask("read", f"{issued}/paper.{ending}?number=2025-1")
    assert answer.content.startswith(b"PK") and "attachment" in answer["Content-Disposition"]
    assert ask("read", f"{issued}/paper.{ending}?number=2025-9").status_code == 404
