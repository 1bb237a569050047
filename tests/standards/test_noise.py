from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards import noise
from qingshan.standards.editions import edition, editions

DAY = date(2025, 6, 1)


def test_an_equivalent_level_of_equal_durations():
    assert noise.equivalent_level([(60, 1), (60, 1), (70, 1)], 3) == Decimal("66.021")


def test_a_level_needs_a_duration():
    with pytest.raises(ValueError, match="duration"):
        noise.equivalent_level([])


levels = st.lists(st.tuples(st.integers(20, 110), st.integers(1, 60)), min_size=1, max_size=24)


@given(levels)
def test_a_mean_of_energies_lies_between_the_arithmetic_mean_and_the_highest(rows):
    found = noise.equivalent_level(rows, 3)
    mean = Decimal(sum(a * b for a, b in rows)) / sum(b for _, b in rows)
    assert mean - Decimal("0.001") <= found <= max(a for a, _ in rows)


def test_day_night_and_both():
    table = edition("gb3096", DAY)
    found = noise.day_and_night([45] * 6 + [55] * 16 + [45] * 2, table)
    assert (found.day, found.night, found.both) == (55, 45, 55)
    assert noise.day_and_night([None, *[45] * 23], table).night is None
    with pytest.raises(ValueError, match="23"):
        noise.day_and_night([45] * 23, table)


def test_the_hours_of_the_day_are_those_of_the_edition():
    table = edition("gb3096", DAY)
    later = replace(table, content={**table.content, "day": [7, 23]})
    found = noise.day_and_night([45] * 7 + [55] * 16 + [45], later)
    assert (found.day, found.night, noise.day_hours(later)) == (55, 45, range(7, 23))
    assert {
        one.code: noise.day_hours(one) for family in ("gb3096", "gb12523") for one in editions(family)
    } == dict.fromkeys(("gb3096-2008", "gb12523-2011", "gb12523-2025"), range(6, 22))


@pytest.mark.parametrize(
    ("zone", "period", "limit"), [("0", "day", 50), ("1", "night", 45), ("2", "day", 60), ("3", "night", 55), ("4a", "night", 55), ("4b", "night", 60)]
)  # fmt: skip
def test_functional_zones(zone, period, limit):
    assert noise.judge_zone(limit, zone, period, DAY).met
    assert noise.judge_zone(limit + Decimal("0.1"), zone, period, DAY).over == Decimal("0.1")


def test_a_sudden_noise_at_night_may_lie_fifteen_above():
    assert noise.judge_burst(60, "1", DAY).met and not noise.judge_burst(61, "1", DAY).met


def test_building_sites_in_both_editions():
    for day in (date(2025, 12, 31), date(2026, 1, 1)):
        assert noise.judge_site(70, "day", day).met and not noise.judge_site(56, "night", day).met
        assert not noise.judge_site(61, "day", day, indoor=True).met
    assert noise.judge_site(70, "day", date(2026, 1, 1)).edition.code == "gb12523-2025"


def test_the_highest_level_of_a_building_site_at_night_may_lie_fifteen_above():
    assert noise.judge_site_burst(70, DAY).met and noise.judge_site_burst(71, date(2026, 1, 1)).over == 1


@pytest.mark.parametrize(
    ("measured", "background", "found"), [(70, 50, 70), (70, 60, 69), (70, 65, 68), (70, 67, 67), (70, Decimal("67.4"), 67), (70, 68, None)]
)  # fmt: skip
def test_the_background_is_taken_off(measured, background, found):
    assert noise.without_background(measured, background, edition("gb12523", DAY)) == found


def test_grades_of_a_city():
    table = edition("hj640", DAY)
    assert [noise.grade(level, "regional", "day", table) for level in (50, Decimal("50.1"), 60, 66)] == [1, 2, 3, 5]
    assert noise.grade(58, "road", "night", table) == 1
    assert noise.road_mean([(1000, 70), (3000, 66)]) == 67


def test_the_share_of_times_that_meet_their_limit():
    verdicts = [noise.judge_zone(level, "2", "day", DAY) for level in (58, 60, 61)]
    assert noise.compliance(verdicts) == Decimal("66.7")
    assert noise.compliance([]) is None
