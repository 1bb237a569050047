from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from qingshan.standards import water
from qingshan.standards.editions import edition
from qingshan.standards.water.states import mean_of_means

TABLE = edition("gb3838", code="gb3838-2002")
RULES = edition("hb22", code="hb22-2011")
ODOROUS = edition("black-odorous", code="black-odorous-2015")
LAKE = {"chla": 20, "tp": Decimal("0.1"), "tn": Decimal("1.5"), "sd": Decimal("0.6"), "codmn": Decimal("4.5")}


def test_the_trophic_index_of_a_worked_lake():
    found = water.trophic_index(LAKE, RULES, 3)
    assert found.index == Decimal("55.759")
    assert found.parts == {"chla": Decimal("57.534"), "tp": Decimal("56.966"), "tn": Decimal("61.399"),
                           "sd": Decimal("61.090"), "codmn": Decimal("41.113")}  # fmt: skip
    assert found.state[0] == "轻度富营养"


def test_a_logarithm_needs_something():
    with pytest.raises(ValueError, match="tn"):
        water.trophic_index(LAKE | {"tn": 0}, RULES)
    with pytest.raises(KeyError):
        water.trophic_index({"tn": 1}, RULES)


@pytest.mark.parametrize(
    ("index", "state"), [("29.9", "贫营养"), ("30", "中营养"), ("50", "中营养"), ("50.1", "轻度富营养"), ("60", "轻度富营养"),
                         ("70", "中度富营养"), ("70.1", "重度富营养")]
)  # fmt: skip
def test_states_at_their_bars(index, state):
    from qingshan.standards.water.states import _state

    assert _state(Decimal(index), RULES)[0] == state


def test_the_ranking_index_inverts_oxygen_and_measures_ph_from_seven():
    means = {"do": 10, "ph": 8, "nh3n": Decimal("0.5"), "tp": Decimal("0.1")}
    assert water.ranking_index(means, TABLE) == Decimal("2.0000")
    assert water.ranking_index({"ph": 6}, TABLE) == Decimal("1.0000")
    assert water.ranking_index({"tp": Decimal("0.05")}, TABLE, "lake") == Decimal("1.0000")


def test_a_city_is_ranked_by_its_rivers_and_lakes_weighed_by_their_numbers():
    rivers, lakes = [{"nh3n": 1, "tp": Decimal("0.1")}, {"nh3n": 2}], [{"tp": Decimal("0.1")}]
    assert water.city_ranking_index(rivers, lakes, TABLE) == Decimal("2.0000")  # (2 · (1.5 + 0.5) + 1 · 2) / 3
    assert water.city_ranking_index([], [], TABLE) is None
    assert water.ranking_change(Decimal("2.5"), 2) == Decimal("-20.00") and water.ranking_change(0, 2) is None


def test_an_index_cannot_divide_by_no_oxygen():
    with pytest.raises(ValueError, match="do"):
        water.ranking_index({"do": 0}, TABLE)


def test_saturation_of_oxygen():
    assert water.oxygen_saturation(Decimal("15")) == Fraction(468) / Fraction("46.6")


def test_a_load_fills_unsampled_days_with_the_mean_weighted_by_flow():
    days = [(date(2025, 1, 1), 10, 2), (date(2025, 1, 2), 30, 4), (date(2025, 1, 3), 20, None)]
    assert water.flux(days) == Fraction(86400, 10**6) * (20 + 120 + 20 * Fraction(7, 2))
    assert water.flux([(date(2025, 1, 1), 10, None)]) is None


@pytest.mark.parametrize(
    ("values", "depth", "grade"),
    [({"sd": 30, "do": 3}, None, 0), ({"sd": 24}, None, 1), ({"do": Decimal("0.1")}, None, 2), ({"nh3n": 16}, None, 2),
     ({"nh3n": 9}, None, 1), ({"sd": 9}, None, 2), ({}, None, 0),
     ({"sd": 7}, 20, 2), ({"sd": 8}, 20, 1), ({"sd": 9}, 20, 1), ({"sd": 20}, 20, 0), ({"sd": 24}, 25, 1), ({"orp": -201}, None, 2)],
)  # fmt: skip
def test_black_and_odorous_water(values, depth, grade):
    assert water.black_odorous(values, ODOROUS, depth) == grade


def test_points_of_a_lake_are_averaged_in_time_first():
    assert mean_of_means([[1, 3], [8]]) == 5
