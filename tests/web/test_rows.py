from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.web import rows
from qingshan.web.filters import TARGETS
from qingshan.web.rows import TargetRow, way


def target(**given) -> dict:
    plain = {
        "code": "t", "scope": "overall", "origin": "plan", "name": "甲", "name_en": "A", "kind": "lower_bound", "op": ">=", "goal": "80", "unit": "%",
        "unit_en": "%", "status": "on_track", "actual": "68", "planned": "73", "baseline": None, "decimals": 1, "points": [], "planned_line": [],
        "outlook": None, "marks": [], "inputs": [], "due": "2026-12-31", "supports": [],
    }  # fmt: skip
    return plain | given


@pytest.mark.parametrize(
    ("value", "baseline", "goal", "lower", "share"),
    [
        ("40", None, "80", False, 50),
        ("80", None, "80", False, 100),
        ("29", "30", "28", True, 50),
        ("27", "30", "28", True, 100),
        ("31", "30", "28", True, 0),
        ("56", None, "28", True, 50),
        ("100", "100", "100", False, 100),
        ("90", "100", "100", False, 90),
        ("0", "0", "0", True, 100),
        (None, None, "80", False, None),
        ("5", None, None, False, None),
    ],
)
def test_how_much_of_the_way_is_behind(value, baseline, goal, lower, share):
    assert way(value, baseline, goal, lower) == share


numbers = st.decimals(-1000, 1000, places=2)


@given(numbers, st.none() | numbers, numbers, st.booleans())
def test_a_bar_never_leaves_its_track(value, baseline, goal, lower):
    assert 0 <= way(value, baseline, goal, lower) <= 100


@given(numbers, numbers, numbers, numbers, st.booleans())
def test_a_better_value_never_has_a_shorter_bar(one, other, baseline, goal, lower):
    worse, better = sorted((one, other), reverse=lower)
    if (goal < baseline) == lower and goal != baseline:
        assert way(worse, baseline, goal, lower) <= way(better, baseline, goal, lower)


def test_a_value_equal_to_the_goal_is_printed_as_the_goal():
    assert TargetRow(target(goal="100", actual="100.0")).actual_text == "100"
    assert TargetRow(target(goal="100", actual="99.96")).actual_text == "100.0"


def test_behind_is_told_on_the_wrong_side_only():
    assert TargetRow(target()).behind == 5
    assert TargetRow(target(actual="75")).behind is None
    assert TargetRow(target(op="<=", actual="75", planned="73")).behind == 2
    assert TargetRow(target(actual=None)).behind is None


def test_a_done_milestone_is_told_in_words_and_fills_its_bar():
    row = TargetRow(target(kind="dated_milestone", op="done", goal="100", actual=None, planned=None, status="attained"))
    assert (row.value_text, row.bar) == ("已完成", {"actual": 100, "planned": None})


def task(no: str, *parts: tuple[int, str]):
    found = [
        SimpleNamespace(part=part, body_id=body, body=SimpleNamespace(id=body, code=f"b{body}")) for body, part in parts
    ]
    return SimpleNamespace(no=no, id=int(no), theme_id=None, involvements=SimpleNamespace(all=lambda: found))


def test_the_lead_answers_and_without_one_all_do():
    led = task("1", (1, "lead"), (2, "cooperate"))
    shared = task("2", (1, "responsible"), (2, "responsible"))
    assert [body.id for body in rows.answerable(led)] == [1]
    assert [body.id for body in rows.answerable(shared)] == [1, 2]
    assert (rows.lead_named(led), rows.lead_named(shared), rows.lead_named(task("3", (1, "responsible")))) == (
        True,
        False,
        True,
    )


def test_a_task_shows_the_target_that_decided_it_and_those_assigned_to_it():
    work = task("5", (1, "responsible"))
    own = TargetRow(target(code="own", scope="5"), work)
    lent = TargetRow(target(code="lent", supports=["5"]))
    plan = SimpleNamespace(tasks=[work], task={"5": work})
    record = SimpleNamespace(task={"5": {"status": "on_track", "because": ["lent"]}})
    (row,) = rows.task_rows(plan, record, [own, lent])
    assert (row.evidence, row.targets) == (lent, [own, lent])


def test_filters_and_orders_stand_in_the_address():
    listed = [
        TargetRow(target(code="a", status="attained")),
        TargetRow(target(code="b", status="off_track")),
        TargetRow(target(code="c", actual="10")),
    ]
    assert [row.code for row in TARGETS.apply(listed, {"status": "off_track"})] == ["b"]
    assert [row.code for row in TARGETS.apply(listed, {"sort": "status"})] == ["b", "c", "a"]
    assert [row.code for row in TARGETS.apply(listed, {"sort": "-behind"})][0] == "c"
    assert TARGETS.apply(listed, {"sort": "nonsense", "status": ""}) == listed
    assert TARGETS.apply(listed, {"scope": "no such"}) == []


def test_gap_without_a_planned_value_does_not_divide():
    row = TargetRow(target(planned="0", actual="-1"))
    assert TARGETS.orders["behind"](row) == Decimal(1)
