import csv
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards import soil
from qingshan.standards.editions import NoEdition, edition
from qingshan.standards.measured import Censored

from ..shared import shared

DAY = date(2025, 6, 1)
FARM, BUILT = edition("gb15618", DAY), edition("gb36600", DAY)


def D(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("item", "ph", "use", "bar"),
    [("Cd", D("5.5"), "paddy", D("0.3")), ("Cd", D("5.51"), "paddy", D("0.4")), ("Cd", D("7.6"), "other", D("0.6")), ("Cd", 7, "rotation", D("0.3")),
     ("Cu", 6, "orchard", 150), ("Cu", 6, "paddy", 50), ("Ni", 8, "other", 190), ("As", 6, "rotation", 30), ("Hg", 7, "orchard", D("2.4"))],
)  # fmt: skip
def test_screening_by_acidity_and_use(item, ph, use, bar):
    assert soil.screening_value(item, ph, use, FARM) == bar


def test_a_plot_of_farmland():
    found = soil.farmland({"Cd": D("0.5"), "Pb": 100, "Hg": None, "六六六总量": D("0.1")}, 6, "paddy", DAY)
    assert (found.no, found.deciders, found.missing) == (1, ("Cd",), ("Hg",))
    assert soil.farmland({"Cd": D("2.01")}, 6, "paddy", DAY).no == 2
    assert soil.farmland({"Cd": D("2.0")}, 6, "paddy", DAY).no == 1
    assert soil.farmland({}, 6, "paddy", DAY).no is None


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="15"):
        soil.farmland({}, 15, "paddy", DAY)
    with pytest.raises(ValueError, match="below zero"):
        soil.farmland({"Cd": -1}, 6, "paddy", DAY)
    with pytest.raises(KeyError):
        soil.farmland({"Xx": 1}, 6, "paddy", DAY)


def test_below_detection_is_low_where_the_limit_says_so_and_else_undecidable():
    found = soil.farmland({"Cd": Censored(D("0.1")), "Hg": Censored(D("0.6"))}, 6, "paddy", DAY)
    assert (found.no, [one.no for one in found.items], found.missing) == (0, [0, None], ("Hg",))
    assert soil.building_land({"砷": Censored(21)}, 1, DAY).no is None


def test_land_for_building():
    found = soil.building_land({"砷": 21, "铅": 400}, 1, DAY)
    assert (found.no, found.deciders, len(found.missing)) == (1, ("砷",), 43)
    assert soil.building_land({"砷": 121}, 1, DAY).no == 2
    assert soil.building_land({"砷": 59}, 2, DAY).no == 0


def test_the_table_is_whole_and_class_one_is_never_laxer():
    assert (len(BUILT["basic"]), len(BUILT["others"])) == (45, 40)
    for item, (first, second, high, higher) in (BUILT["basic"] | BUILT["others"]).items():
        assert first <= second and (high is None or (first <= high and high <= higher)), item


def test_the_table_of_building_land_is_that_of_the_transcription():
    columns = ("screening_class1", "screening_class2", "intervention_class1", "intervention_class2")
    with shared("standards/D_soil_gb36600.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    told = {
        table: {one["pollutant"]: [D(one[name]) for name in columns] for one in rows if one["table"] == table}
        for table in "12"
    }
    assert {one["unit"] for one in rows} == {"mg/kg"}
    assert (BUILT["basic"], BUILT["others"]) == (told["1"], told["2"])


def points_of(*cadmium: str) -> dict[str, soil.Plot]:
    """Points of a paddy at pH 6: screening at 0.4, intervention at 2.0."""
    return {f"p{i}": soil.farmland({"Cd": D(one)}, 6, "paddy", DAY) for i, one in enumerate(cadmium)}


LOW, USED, STRICT = "0.4", "0.5", "2.1"


@pytest.mark.parametrize(
    ("cadmium", "no", "rule", "apart"),
    [
        ([LOW], 0, "same", ()), ([USED] * 3, 1, "same", ()),
        ([LOW] * 5 + [USED], 0, "majority", ()),
        ([LOW] * 4 + [USED], 1, "strictest", ()),  # 80 % is not more than 80 %
        ([LOW] * 9 + [STRICT], 0, "majority", ("p9",)),
        ([USED] * 3 + [STRICT], 2, "strictest", ()),
        ([STRICT] * 5 + [LOW], 2, "majority", ()),
    ],
)  # fmt: skip
def test_a_unit_is_classed_by_its_points(cadmium, no, rule, apart):
    found = soil.farmland_unit(points_of(*cadmium), DAY)
    assert (found.no, found.items[0].rule, found.apart) == (no, rule, apart)
    assert sum(found.items[0].points) == len(cadmium)


def test_a_unit_is_that_of_its_worst_element():
    """A majority is one of an element: each of these points is low in one of the two."""
    two = [soil.farmland({"Cd": D(cd), "Pb": pb}, 6, "paddy", DAY) for cd, pb in ((LOW, 101), (USED, 100))]
    found = soil.farmland_unit({"a": two[0], "b": two[1]}, DAY)
    assert (found.no, found.deciders, [one.points for one in found.items]) == (1, ("Cd", "Pb"), [(1, 1, 0), (1, 1, 0)])
    assert soil.farmland_unit({}, DAY).no is None
    with pytest.raises(NoEdition):
        soil.farmland_unit({}, date(2019, 1, 1))


@pytest.mark.parametrize(
    ("no", "produce", "after"),
    [(1, (3, 3, 0), 0), (1, (3, 2, 0), 1), (1, (2, 2, 0), 1), (2, (20, 13, 0), 1), (2, (20, 12, 0), 2), (2, (20, 19, 1), 2), (2, (3, 3, 0), 1), (0, (5, 0, 5), 0)],
)  # fmt: skip
def test_produce_adjusts_a_unit(no, produce, after):
    assert soil.adjusted_by_produce(no, soil.Produce(*produce), edition("farmland-classes", DAY)) == after


def test_produce_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="3 and 1 .* 3 in all"):
        soil.adjusted_by_produce(1, soil.Produce(3, 3, 1), edition("farmland-classes", DAY))


@given(st.lists(st.sampled_from([LOW, USED, STRICT]), min_size=1, max_size=12), st.integers(0, 11))
def test_a_point_that_is_worse_never_makes_the_unit_better(cadmium, place):
    worse = [STRICT if i == place else one for i, one in enumerate(cadmium)]
    assert soil.farmland_unit(points_of(*worse), DAY).no >= soil.farmland_unit(points_of(*cadmium), DAY).no


@given(st.decimals(0, 20, places=2), st.decimals(0, 20, places=2), st.decimals(3, 10, places=1))
def test_more_of_it_is_never_a_lower_risk(value, more, ph):
    assert soil.farmland({"Cd": value}, ph, "paddy", DAY).no <= soil.farmland({"Cd": value + more}, ph, "paddy", DAY).no
