from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards import water
from qingshan.standards.editions import edition

RULES = edition("hb22", code="hb22-2011")


@pytest.mark.parametrize(
    ("classes", "grade"),
    [
        ([2] * 9 + [4], 1), ([3] * 8 + [4] * 2, 2), ([3] * 15 + [4] * 5, 2), ([3] * 7 + [4] * 3, 3), ([3] * 7 + [4, 6, 6], 4),
        ([3] * 5 + [4] + [6] * 4, 5), ([3] * 6 + [6] * 4, 4), ([3] * 4, None),
    ],
)  # fmt: skip
def test_the_rating_of_a_river(classes, grade):
    assert water.river_rating(classes, RULES).grade == grade


def test_a_section_without_a_class_is_not_counted():
    assert water.good_share([2, None, 4]).rate == Decimal("50.0")
    assert water.good_share([None]).rate is None


def test_main_pollutants_of_a_river_are_those_most_sections_exceed():
    sections = [{"tp": 4, "nh3n": 4}, {"tp": 5, "nh3n": 2}, {"tp": 6, "nh3n": None, "do": 4}]
    assert [(item, one.count, one.of) for item, one in water.river_main_pollutants(sections, RULES)] == [
        ("tp", 3, 3), ("nh3n", 1, 3), ("do", 1, 3),
    ]  # fmt: skip


def test_change_by_grade():
    assert water.change_by_grade(3, 3) == water.Change(0, 0)
    assert water.change_by_grade(3, 2) == water.Change(1, 1)
    assert water.change_by_grade(1, 4) == water.Change(-1, 2)


@pytest.mark.parametrize(
    ("after", "change"), [((60, 10), (0, 0)), ((70, 10), (1, 0)), ((70, 5), (1, 1)), ((80, 10), (1, 1)), ((81, 10), (1, 2)),
                          ((50, 11), (-1, 1))]
)  # fmt: skip
def test_change_by_shares_takes_ten_and_twenty_points(after, change):
    assert water.change_by_share((60, 10), after, RULES) == water.Change(*change)


def test_a_trend_on_the_edge_is_exact():
    """r = -0.9 reaches the critical value 0.900; floating point gives -0.8999… and the opposite verdict."""
    found = water.trend([Decimal(one) for one in ("5.2", "4.9", "4.6", "4.7", "4.1")], RULES)
    assert (found.coefficient, found.significant, found.direction) == (Fraction(-9, 10), True, -1)


def test_a_number_of_periods_without_a_critical_value_has_no_verdict():
    assert water.trend(list(range(11)), RULES).significant is None
    with pytest.raises(ValueError, match="4|four"):
        water.spearman([1, 2, 3])


@given(st.lists(st.integers(0, 50), min_size=4, max_size=30))
def test_the_coefficient_turns_with_the_series_and_stays_within_one(values):
    assert -1 <= water.spearman(values) <= 1
    if len(set(values)) == len(values):
        assert water.spearman(values[::-1]) == -water.spearman(values)
