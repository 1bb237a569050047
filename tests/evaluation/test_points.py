"""The engine of points, and two real rule sets in full: what they print as their totals is what it computes.

Facts and numbers of the rule sets, in our own short words, from tables of a county's river-chief system (河长制) as found in
`assessment` of the shared data: 责任单位考核细则 2018 of a county, and its assessment of patrols.
"""

import csv
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evaluation.points import Effect, Event, Item, Rule, Uncounted, apply, score

from ..shared import shared

DAY = date(2018, 6, 1)
D = Decimal


def events(rule: str, count: int = 1, excused: str = "", first: int = 1) -> list[Event]:
    return [Event(rule, f"{rule} {n}", DAY + timedelta(n), excused) for n in range(first, first + count)]


# --- patrols: seven items, 100 points

PATROL = [
    Item("patrol", D(20)), Item("handled", D(15), by_share=True), Item("water", D(15)), Item("complaints", D(10)),
    Item("publicity", D(20)), Item("reward", D(10), starts_empty=True), Item("leader", D(10)),
]  # fmt: skip
PATROL_RULES = [
    Rule("none-organised", "patrol", D(-20), Effect.ONCE), Rule("record-missing", "patrol", D(-1)), Rule("told-late", "patrol", D(-2)),
    Rule("failing", "water", D(-2)), Rule("improved", "water", D(2)), Rule("worsened", "water", effect=Effect.VOID),
    Rule("complaint", "complaints", D(-2)), Rule("shortfall", "publicity", D(-2)),
    Rule("praised-province", "reward", D(5)), Rule("praised-city", "reward", D(3)), Rule("praised-county", "reward", D(2)),
    Rule("no-help", "leader", D(-1)),
]  # fmt: skip


def patrol(told: list[Event], handled: Fraction = Fraction(1)) -> dict[str, Decimal]:
    return {one.code: score(one, PATROL_RULES, told, handled if one.by_share else None).points for one in PATROL}


def test_patrols_with_nothing_wrong_come_to_the_printed_total_less_the_reward():
    assert sum(one.points for one in PATROL) == 100
    assert sum(patrol([]).values()) == 90
    best = events("praised-province", 2)
    assert patrol(best)["reward"] == 10
    assert sum(patrol(best).values()) == 100


def test_patrols_worked_through():
    told = [*events("record-missing", 3), *events("told-late", 2), *events("failing", 1), *events("complaint", 3),
            *events("complaint", 1, "处理后群众满意", first=4), *events("shortfall", 2), *events("praised-city"), *events("no-help", 2)]  # fmt: skip
    assert patrol(told, Fraction(7, 9)) == {
        "patrol": D(13), "handled": D("11.67"), "water": D(13), "complaints": D(4), "publicity": D(16), "reward": D(3), "leader": D(8),
    }  # fmt: skip


def test_no_patrol_at_all_takes_all_and_not_more():
    assert patrol([*events("none-organised", 2), *events("record-missing", 5)])["patrol"] == 0


def test_water_that_fails_and_worsens_makes_the_item_nothing_whatever_improved():
    assert patrol([*events("failing"), *events("worsened"), *events("improved", 3)])["water"] == 0
    assert patrol([*events("failing", 2), *events("improved")])["water"] == 13
    assert patrol(events("improved", 3))["water"] == 15


def printed(name: str) -> list[list[str]]:
    with shared(f"data/assessment/{name}").open(encoding="utf-8", newline="") as table:
        return list(csv.reader(table))[1:]


def test_the_items_of_patrols_are_those_printed():
    rows = printed("hechang_patrol_scoring_0.csv")
    assert [D(row[3]) for row in rows[:-1]] == [one.points for one in PATROL]
    assert D(rows[-1][3]) == sum(one.points for one in PATROL)


# --- responsible bodies: 40 points that all have in common, 60 by body; here the water bureau's

COMMON = [
    Item("organised", D(8)),
    Item("daily", D(7)),
    Item("publicity", D(10)),
    Item("reporting", D(10)),
    Item("support", D(5)),
]
WATER = [Item("outlets", D(15)), Item("banks", D(20)), Item("sand", D(15)), Item("sources", D(10))]
BODY_RULES = [
    Rule("meeting-short", "daily", D(-1), cap=D(3)),  # three meetings of the leadership a year, 3 points
    Rule("month-missing", "reporting", D("-0.5"), cap=D(5)),  # monthly reports, 5 points
    Rule("meeting-missed", "reporting", D("-0.5"), cap=D(2)),  # meetings to attend, 2 points
    Rule("refused", "support", effect=Effect.VOID),  # not helping once: no points
    Rule("bank-unhandled", "banks", D(-2), cap=D(5)),  # a case not dealt with, of 5 points
]


def body(told: list[Event]) -> dict[str, Decimal]:
    return {one.code: score(one, BODY_RULES, told).points for one in [*COMMON, *WATER]}


def test_bodies_with_nothing_wrong_come_to_the_printed_total():
    assert sum(one.points for one in COMMON) == 40
    assert sum(one.points for one in WATER) == 60
    assert sum(body([]).values()) == 100


def test_bodies_worked_through():
    told = [
        *events("meeting-short", 2),
        *events("month-missing", 3),
        *events("meeting-missed", 6),
        *events("bank-unhandled", 4),
    ]
    found = body(told)
    assert (found["daily"], found["reporting"], found["banks"]) == (D(5), D("6.5"), D(15))
    assert sum(found.values()) == 100 - 2 - D("1.5") - 2 - 5
    assert body(events("refused"))["support"] == 0


def test_twelve_months_without_a_report_take_the_five_points_and_not_six():
    moved = apply(BODY_RULES, events("month-missing", 12))
    assert sum(one.moved for one in moved) == -5
    assert [one.uncounted for one in moved[9:]] == [None, Uncounted.CAP, Uncounted.CAP]


def test_the_items_of_bodies_are_those_printed():
    rows = printed("shicheng_county_2018_hechang_dept_scoring_0.csv")
    common = [D(row[3]) for row in rows[2:7]]
    water = [D(row[3]) for row in rows if row[2] == "县水利局"]
    assert common == [one.points for one in COMMON]
    assert water == [one.points for one in WATER]
    assert D(rows[1][3]) + D(next(row[3] for row in rows if row[0].startswith("二"))) == D(rows[0][3]) == 100


# --- rules that hold for any rule set

RULES = [
    Rule("a", "x", D(-2), cap=D(7)),
    Rule("b", "x", D("-0.5")),
    Rule("c", "x", D(-3), Effect.ONCE),
    Rule("d", "x", D(-1), cap=D(1)),
]
one_event = st.builds(
    Event,
    st.sampled_from("abcd"),
    st.sampled_from(["甲", "乙", "丙", "丁"]),
    st.integers(0, 20).map(lambda n: DAY + timedelta(n)),
)
many = st.lists(one_event, max_size=30)


@given(many, st.lists(one_event, min_size=1, max_size=5))
def test_what_happens_later_never_raises_a_score(before, after):
    later = [Event(one.rule, one.subject, one.on + timedelta(40)) for one in after]
    item = Item("x", D(10))
    assert score(item, RULES, [*before, *later]).points <= score(item, RULES, before).points


@given(many, one_event)
def test_where_a_matter_may_count_twice_no_event_at_any_time_raises_a_score(before, more):
    moved = [sum(one.moved for one in apply(RULES, told, twice=True)) for told in (before, [*before, more])]
    assert moved[1] <= moved[0] <= 0


@given(many)
def test_a_cap_holds_and_points_stay_within_the_item(told):
    lines = apply(RULES, told)
    by_rule = {rule.code: -sum((one.moved for one in lines if one.event.rule == rule.code), D(0)) for rule in RULES}
    assert by_rule["a"] <= 7
    assert by_rule["c"] <= 3
    assert by_rule["d"] <= 1
    assert 0 <= score(Item("x", D(10)), RULES, told).points <= 10


@given(many, st.randoms())
def test_the_order_in_which_events_are_listed_changes_nothing(told, chance):
    mixed = list(told)
    chance.shuffle(mixed)
    assert apply(RULES, mixed) == apply(RULES, told)


@given(many)
def test_a_matter_moves_points_once(told):
    moved = [
        one.event.subject for one in apply(RULES, told) if one.uncounted not in (Uncounted.TWICE, Uncounted.EXCUSED)
    ]
    assert len(moved) == len(set(moved))


@given(many)
def test_what_is_excused_moves_nothing_and_leaves_its_matter_free(told):
    excused = [Event(one.rule, one.subject, one.on, "不可抗力") for one in told]
    assert all(one.moved == 0 for one in apply(RULES, excused))
    assert score(Item("x", D(10)), RULES, excused).points == 10


def test_the_first_rule_of_a_day_counts_for_a_matter_and_the_second_says_why_it_does_not():
    lines = apply(RULES, [Event("b", "甲", DAY), Event("a", "甲", DAY)])
    assert [(one.event.rule, one.moved, one.uncounted) for one in lines] == [
        ("a", D(-2), None),
        ("b", 0, Uncounted.TWICE),
    ]


@pytest.mark.parametrize(("share", "points"), [(Fraction(1, 3), "5.00"), (Fraction(2, 3), "10.00"), (None, "0.00")])
def test_an_item_by_share(share, points):
    assert score(Item("x", D(15), by_share=True), [], share=share).points == D(points)
