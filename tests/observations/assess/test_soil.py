"""Points of soil against the functions of the law of their use."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.observations.assess import soil
from qingshan.standards import soil as law

from .media import AT, assessed, measured, slow

SITES = {"p": {"land": "paddy", "group": "g"}, "b": {"land": "class-1"}, "x": {"land": None}, "y": {}}


def earth(site: str, item: str, value, **other) -> dict:
    return measured(site, item, value, **{"unit": "" if item == "pH" else "mg/kg"} | other)


def test_farmland_is_judged_by_its_acidity_and_use():
    (one,), faults = assessed(soil.points, [earth("p", "Cd", 0.5), earth("p", "Pb", 90), earth("p", "pH", 6)], SITES)
    assert (one.no, one.plot.deciders, one.ph, one.group, one.land, faults) == (1, ("Cd",), 6, "g", "paddy", [])
    assert assessed(soil.points, [earth("p", "镉", 0.5), earth("p", "pH", 7)], SITES).rows[0].no == 0


def test_land_for_building_tells_what_it_owes():
    (one,), _ = assessed(soil.points, [earth("b", "砷", 21), earth("b", "镉", None)], SITES)
    assert (one.no, one.plot.deciders) == (1, ("砷",))
    assert one.lacking["镉"] == "missing" and one.lacking["铜"] == "not_measured" and len(one.lacking) == 44


def test_a_point_without_a_use_and_one_without_acidity_are_told():
    rows, faults = assessed(soil.points, [earth("x", "Cd", 1), earth("y", "Cd", 1), earth("p", "Cd", 1)], SITES)
    assert rows == [] and [(one.site, one.item) for one in faults] == [("x", ""), ("y", ""), ("p", "pH")]
    assert all("没有" in one.zh for one in faults)


def test_below_detection_is_low_or_says_nothing():
    (one,), _ = assessed(
        soil.points, [earth("p", "Cd", 0.1, below=True), earth("p", "Hg", 0.6, below=True), earth("p", "pH", 6)], SITES
    )
    assert one.no == 0 and one.lacking == {"Hg": "undecidable"}


def test_a_year_counts_each_point_by_its_newest_sample():
    old = [earth("p", "Cd", 3, time=AT.replace(month=1)), earth("p", "pH", 6, time=AT.replace(month=1))]
    (land,), _ = assessed(soil.lands, [*old, earth("p", "Cd", 0.5), earth("p", "pH", 6)], SITES)
    assert (land.group, land.kind, land.period, land.risks, land.low_share) == ("g", "farmland", "2025", (0, 1, 0), 0)


FIELDS = {site: {"land": "paddy", "unit": unit} for site, unit in (("a", "U1"), ("b", "U1"), ("c", "U2"), ("d", None))}


def field(site: str, cadmium, **when) -> list[dict]:
    return [earth(site, item, one, time=AT.replace(**when)) for item, one in (("Cd", cadmium), ("pH", 6))]


def test_a_unit_is_classed_by_the_newest_samples_of_its_points():
    rows = [*field("a", 3, month=1), *field("a", 0.5), *field("b", 0.1), *field("c", 2.5), *field("d", 9)]
    found, faults = assessed(soil.units, rows, FIELDS)
    assert [(one.unit, one.period, one.no, [it.site for it in one.points], one.declared) for one in found] == [
        ("U1", "2025", 1, ["a", "b"], 2), ("U2", "2025", 2, ["c"], 1),
    ]  # fmt: skip
    assert found[0].judged.items[0].points == (1, 1, 0) and faults == []


def test_units_are_told_by_year_and_not_before_the_guideline():
    rows = [*field("a", 3, year=2018, month=9), *field("a", 0.1, year=2024), *field("a", 0.5)]
    found, faults = assessed(soil.units, rows, FIELDS)
    assert [(one.period, one.no) for one in found] == [("2024", 0), ("2025", 1)]
    assert "farmland-classes-2019" in faults[0].en and "U1" in faults[0].zh
    assert assessed(soil.units, rows, FIELDS, code="farmland-classes-2019").rows[0].no == 2


def test_land_for_building_is_in_no_unit_and_without_units_that_is_told():
    assert assessed(soil.units, [earth("b", "砷", 200)], {"b": {"land": "class-1", "unit": "U1"}}).rows == []
    found, faults = assessed(soil.units, field("d", 1), {"d": FIELDS["d"]})
    assert found == [] and "unit" in faults[0].zh


def test_before_the_law_there_is_no_risk():
    rows = [earth("p", item, 6, time=AT.replace(year=2017)) for item in ("Cd", "pH")]
    found, faults = assessed(soil.points, rows, SITES)
    assert found == [] and "gb15618-2018" in faults[0].en
    assert assessed(soil.points, rows, SITES, code="gb15618-2018").rows[0].no == 2


@pytest.mark.parametrize("use", soil.FARMLAND)
@slow
@given(
    st.dictionaries(
        st.sampled_from(["Cd", "Hg", "As", "Pb", "Cr", "Cu", "Ni", "Zn"]), st.decimals(0, 2000, places=2), min_size=1
    ),
    st.decimals(4, 9, places=1),
)
def test_a_sample_is_judged_as_by_the_function_of_the_law(use, contents, ph):
    rows = [earth("s", item, one) for item, one in (contents | {"pH": ph}).items()]
    (found,), _ = assessed(soil.points, rows, {"s": {"land": use}})
    exact = law.farmland(contents, Fraction(ph), use, AT.date())
    assert (found.no, set(found.plot.deciders)) == (exact.no, set(exact.deciders))
