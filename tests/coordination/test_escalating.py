from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.coordination.escalating import (
    Level,
    Raised,
    Rule,
    Step,
    answer_by,
    days_late,
    level_of,
    next_step,
    rules_of,
)
from qingshan.coordination.matters import Kind
from qingshan.standards.working_days import is_working_day

RULE = Rule(
    Kind.NODE,
    (
        Step(Level.NOTICE, 1, ("lead",), 2),
        Step(Level.WARNING, 5, ("lead", "office"), 3),
        Step(Level.CIRCULAR, 10, ("lead", "office", "leader"), 5),
    ),
)
DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))
LATE = st.integers(0, 200)


@st.composite
def rules(draw):
    days = sorted(draw(st.sets(st.integers(1, 100), min_size=1, max_size=3)))
    steps = (Step(level, after, ("lead",), draw(st.integers(1, 10))) for level, after in zip(Level, days, strict=False))
    return Rule(Kind.NODE, tuple(steps))


@pytest.mark.parametrize(
    ("late", "level"),
    [(0, None), (1, Level.NOTICE), (4, Level.NOTICE), (5, Level.WARNING), (9, Level.WARNING), (10, Level.CIRCULAR), (300, Level.CIRCULAR)],
)  # fmt: skip
def test_a_level_is_reached_on_its_day(late, level):
    assert level_of(RULE, late) == level


@given(rules(), LATE, LATE)
def test_a_level_never_falls_as_days_pass(rule, one, other):
    few, many = sorted((one, other))
    assert (level_of(rule, few) or 0) <= (level_of(rule, many) or 0)


@given(DAYS, st.integers(0, 60))
def test_days_that_are_no_working_days_never_count(due_on, more):
    on = due_on + timedelta(days=more)
    worked = [due_on + timedelta(days=n) for n in range(1, more + 1) if is_working_day(due_on + timedelta(days=n))]
    assert days_late(due_on, on) == len(worked)
    if not is_working_day(on + timedelta(days=1)):
        assert days_late(due_on, on + timedelta(days=1)) == days_late(due_on, on)


def test_nothing_is_late_on_its_day_and_the_national_holiday_does_not_count():
    assert days_late(date(2025, 9, 30), date(2025, 9, 30)) == 0
    assert days_late(date(2025, 9, 30), date(2025, 10, 8)) == 0  # 国庆节、中秋节 2025: 1 to 8 October
    assert days_late(date(2025, 9, 30), date(2025, 10, 9)) == 1
    assert days_late(date(2025, 9, 26), date(2025, 9, 28)) == 1  # a Sunday worked to make up for it


@given(rules(), DAYS, st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_levels_follow_one_another_once_each_and_wait_for_the_answer(rule, due_on, gaps):
    on, raised = due_on, []
    for gap in gaps:
        on += timedelta(days=gap)
        step = next_step(rule, days_late(due_on, on), [one for _, one in raised], on)
        if step:
            raised.append((on, Raised(step.level, answer_by(step, on))))
    levels = [one.level for _, one in raised]
    assert levels == [step.level for step in rule.steps][: len(levels)]
    assert all(later > before.answer_by for (_, before), (later, _) in zip(raised, raised[1:], strict=False))


def test_a_circular_is_not_the_first_thing_a_body_hears():
    on = date(2025, 10, 31)
    first = next_step(RULE, 200, [], on)
    assert first.level == Level.NOTICE
    stands = Raised(Level.NOTICE, answer_by(first, on))
    assert next_step(RULE, 200, [stands], on) is None
    assert next_step(RULE, 200, [stands], date(2025, 11, 5)).level == Level.WARNING


def test_an_answer_is_due_in_working_days():
    assert answer_by(RULE.steps[0], date(2025, 10, 31)) == date(2025, 11, 4)  # from a Friday over the weekend


def test_rules_are_read_as_the_programme_keeps_them():
    plain = [
        {
            "kind": "report",
            "notice": {"after": 1, "to": ["lead"], "answer": 2},
            "circular": {"after": 9, "to": ["leader"], "answer": 5},
        }
    ]
    found = rules_of(plain)[Kind.REPORT]
    assert [(step.level, step.after, step.to) for step in found.steps] == [
        (Level.NOTICE, 1, ("lead",)),
        (Level.CIRCULAR, 9, ("leader",)),
    ]
    assert next_step(found, 20, [Raised(Level.NOTICE, date(2025, 1, 6))], date(2025, 2, 10)).level == Level.CIRCULAR
