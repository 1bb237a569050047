from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evaluation.record import canonical
from qingshan.evaluation.scores.rules import OUTCOMES
from qingshan.evaluation.scores.sheet import Line, again, compute, read_line

from .rulesets import rules

DAY = date(2026, 3, 31)
SET = rules()
HEADER = {"programme": "riverbend", "as_of": "2026-07-31"}


def line(criterion="reports", subject="report 1", outcome="on_time", body="works", on=DAY, **more) -> Line:
    return Line(body, criterion, subject, outcome, on, f"事项 {subject}", subject, **more)


@st.composite
def some_line(draw):
    criterion = draw(st.sampled_from(sorted(SET.criterion)))
    outcome = draw(st.sampled_from([one for group in OUTCOMES[SET.criterion[criterion].source] for one in group]))
    subject = f"{criterion} {draw(st.integers(0, 8))}"
    on = DAY + timedelta(draw(st.integers(0, 60)))
    return line(criterion, subject, outcome, draw(st.sampled_from(["works", "farm"])), on, binding=draw(st.booleans()),
                count=draw(st.integers(1, 3)), simulated=draw(st.booleans()))  # fmt: skip


def apart(lines: list[Line]) -> list[Line]:
    """A matter stands under a criterion once."""
    return list({(one.body, one.key): one for one in lines}.values())


many = st.lists(some_line(), max_size=25).map(apart)


def body(record: dict, code: str = "works") -> dict:
    return next(one for one in record["bodies"] if one["code"] == code)


def made(lines, excluded=None) -> dict:
    return compute(HEADER, SET, lines, excluded or {})


@given(many, st.randoms())
def test_the_order_of_the_lines_changes_no_byte(lines, chance):
    mixed = list(lines)
    chance.shuffle(mixed)
    assert canonical(made(mixed)) == canonical(made(lines))


@given(many)
def test_a_record_is_computed_again_from_itself(lines):
    record = made(lines)
    assert canonical(again(record, {})) == canonical(record)
    assert sorted(map(read_line, record["lines"]), key=str) == sorted(lines, key=str)


@given(many, some_line())
def test_one_more_thing_gone_wrong_never_raises_a_share(lines, more):
    bad = OUTCOMES[SET.criterion[more.criterion].source][1]
    worse = line(more.criterion, "one more", bad[0], more.body, DAY + timedelta(90))
    before, after = made(lines), made([*lines, worse])
    part = SET.part_of[more.criterion]
    if (
        any(one["code"] == more.body for one in before["bodies"])
        and (was := body(before, more.body)["parts"][part])["share"]
    ):
        now = body(after, more.body)["parts"][part]
        assert Fraction(now["good"]) / Fraction(now["of"]) <= Fraction(was["good"]) / Fraction(was["of"])
        assert Decimal(body(after, more.body)["deducted"][part]) >= Decimal(body(before, more.body)["deducted"][part])


@given(many)
def test_no_more_is_deducted_than_the_caps_allow(lines):
    for one in made(lines)["bodies"]:
        by_rule = {}
        for moved in one["deductions"]:
            by_rule[moved["rule"]] = by_rule.get(moved["rule"], 0) + Decimal(moved["points"])
        assert by_rule.get("missing", 0) <= 2
        assert Decimal(one["deducted"]["result"]) <= 3


@given(many.filter(bool), st.data())
def test_an_excluded_line_counts_nowhere(lines, data):
    out = data.draw(st.sampled_from(lines))
    with_reason = made(lines, {(out.body, out.key): "登记有误"})
    without = made([one for one in lines if one is not out])
    here = body(with_reason, out.body)
    if any(one["code"] == out.body for one in without["bodies"]):
        there = body(without, out.body)
        shares = ("share", "good", "of", "matters", "low", "high")
        assert {p: [one[k] for k in shares] for p, one in here["parts"].items()} == {
            p: [one[k] for k in shares] for p, one in there["parts"].items()
        }
        assert here["deducted"] == there["deducted"]
    marked = next(one for one in with_reason["lines"] if read_line(one) == out)
    assert marked["excluded"] == "登记有误"


def test_the_numbers_of_a_body():
    lines = [*(line(subject=f"report {n}") for n in range(3)), line(subject="report 4", outcome="missing"), line("nodes", "node 1", "open"),
             line("targets", "target a", "attained"), line("targets", "target b", "off_track", binding=False),
             line("targets", "target c", "no_data")]  # fmt: skip
    found = body(made(lines))
    process, result = found["parts"]["process"], found["parts"]["result"]
    assert (process["good"], process["of"], process["matters"], process["share"]) == ("3", "5", 5, "0.6000")
    assert (result["good"], result["of"], result["matters"], result["left_out"]) == ("1", "3/2", 2, 1)
    assert [(one["code"], one["good"], one["of"]) for one in process["criteria"]] == [("reports", 3, 4), ("returns", 0, 0), ("nodes", 0, 1)]  # fmt: skip
    assert process["rank"] == {"best": 1, "worst": 1, "of": 1, "tells_nothing": True}
    assert found["parts"]["mending"]["share"] is found["parts"]["mending"]["rank"] is None
    assert found["deducted"] == {"result": "0", "process": "1", "mending": "0"}
    assert found["total"]["points"] == "63.17"  # (50 × 2/3 + 30 × 3/5) × 100/80 − 1
    assert found["total"]["left_out"] == ["mending"]


def test_a_part_with_too_few_matters_is_neither_ranked_nor_added():
    found = body(made([line(), line(subject="report 2", outcome="late")]))
    assert found["parts"]["process"]["matters"] == 2
    assert found["parts"]["process"]["rank"] is None
    assert found["total"] is None


def test_a_report_that_was_late_and_sent_back_is_deducted_once():
    lines = [line(outcome="late"), line("returns", "report 1", "returned")]
    moved = body(made(lines))["deductions"]
    assert [(one["rule"], one["points"], one["uncounted"]) for one in moved] == [
        ("late", "0.5", None),
        ("returned", "0", "twice"),
    ]


def test_like_matters_that_are_not_told_apart_are_deducted_one_by_one():
    moved = body(made([line(outcome="missing", subject="reports", count=3)]))["deductions"]
    assert [(one["points"], one["uncounted"]) for one in moved] == [("1", None), ("1", None), ("0", "cap")]


@pytest.mark.parametrize("simulated", [True, False])
def test_what_rests_on_simulated_lines_says_so(simulated):
    assert body(made([line(simulated=simulated)]))["parts"]["process"]["simulated"] is simulated
