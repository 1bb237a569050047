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
