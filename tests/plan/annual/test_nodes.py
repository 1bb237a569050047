from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.plan.annual.nodes import NodeCount, Standing, count, is_overdue, quarter_end

JUNE, SEPTEMBER, OCTOBER = date(2025, 6, 30), date(2025, 9, 30), date(2025, 10, 31)
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def node(due=JUNE, done=None, lead="swj", passed_on=False) -> Standing:
    return Standing(lead, due, due, done, passed_on)


@pytest.mark.parametrize(
    ("quarter", "day"), [(1, "2024-03-31"), (2, "2024-06-30"), (3, "2024-09-30"), (4, "2024-12-31")]
)
def test_a_node_is_due_on_the_last_day_of_its_quarter(quarter, day):
    assert quarter_end(2024, quarter) == date.fromisoformat(day)


@given(st.integers(1990, 2100), st.integers(1, 4))
def test_the_day_after_a_quarter_begins_the_next(year, quarter):
    after = quarter_end(year, quarter) + timedelta(days=1)
    assert (after.day, after.month) == (1, quarter % 4 * 3 + 1)
    assert after.year == year + (quarter == 4)


def test_overdue_begins_the_day_after_and_ends_when_it_is_done_or_taken_over():
    assert not is_overdue(node(), JUNE)
    assert is_overdue(node(), JUNE + timedelta(days=1))
    assert not is_overdue(node(done=OCTOBER), OCTOBER)
    assert not is_overdue(node(passed_on=True), OCTOBER)


def test_nodes_are_counted_by_their_lead():
    nodes = [
        node(),
        node(done=JUNE),
        node(done=JUNE + timedelta(days=1)),
        node(due=SEPTEMBER),
        node(lead="jw", passed_on=True),
    ]
    assert count(nodes, date(2025, 4, 1), JUNE, OCTOBER) == {"swj": NodeCount(3, 1, 1, 1), "jw": NodeCount(1, 0, 0, 1)}


def test_what_falls_due_after_the_day_asked_is_not_due_yet():
    nodes = [node(due=date(2025, 12, 31)), node(due=date(2025, 12, 31), done=JUNE)]
    assert count(nodes, date(2025, 1, 1), date(2025, 12, 31), OCTOBER) == {}


@given(st.lists(st.builds(node, DAYS, st.none() | DAYS, st.sampled_from(["a", "b"]), st.booleans())), DAYS, DAYS, DAYS)
def test_every_due_node_is_in_time_or_late_or_open(nodes, since, until, on):
    found = count(nodes, since, until, on)
    assert all(one.due == one.on_time + one.late + one.open > 0 for one in found.values())
    assert sum(one.due for one in found.values()) == sum(since <= one.due_on <= min(until, on) for one in nodes)
