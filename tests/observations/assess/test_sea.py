"""Stations of the sea against the functions of the law; the share of good water by area and season."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.observations.assess import sea
from qingshan.observations.units import of_the_law
from qingshan.standards import sea as law
from qingshan.standards.editions import edition
from qingshan.standards.measured import Censored

from .media import AT, assessed, measured, slow

UNITS = of_the_law("sea")


def water(site: str, din, month: int = 5, year: int = 2025) -> dict:
    return measured(site, "无机氮", din, unit="mg/L", time=AT.replace(year=year, month=month))


SITES = {"a": {"area": "30"}, "b": {"area": "10"}, "c": {"area": None}}


def test_a_station_is_judged_in_each_season():
    rows = [water("a", 0.25), water("a", 0.25, 12), water("a", 0.45, 1, 2026), water("a", 0.6, 8)]
    found = assessed(sea.stations, rows, SITES).rows
    assert [(one.period, one.no) for one in found] == [("2025-spring", 2), ("2025-summer", 5), ("2025-winter", 3)]
    assert found[0].area == 30 and found[0].eutrophication is None


def test_the_share_of_a_year_is_the_mean_of_its_surveys():
    rows = [water("a", 0.25), water("b", 0.6), water("a", 0.6, 8), water("b", 0.25, 8), water("c", 0.1)]
    surveys = assessed(sea.areas, rows, SITES, "season").rows
    assert [(one.period, one.good_share) for one in surveys] == [("2025-spring", 75), ("2025-summer", 25)]
    (year,), faults = assessed(sea.areas, rows, SITES)
    assert (year.good_share, year.classes, year.assessed) == (50, (0, 2, 0, 0, 2), 40)
    assert [one.site for one in faults] == ["c"] and "area" in faults[0].zh


def test_the_grade_is_that_of_the_stations_by_the_edition_of_the_day():
    rows = [water("a", 0.1), water("b", 0.1)]
    assert assessed(sea.areas, rows, SITES).rows[0].grade == 1
    assert assessed(sea.areas, [water("a", 0.1, year=2019)], SITES).rows[0].grade is None


def turbid(site: str, value, **other) -> dict:
    return measured(site, "悬浮物", value, unit="mg/L", time=AT.replace(month=5), **other)


@pytest.mark.parametrize(
    ("natural", "no", "why"),
    [("30", 3, ""), ("35", 2, ""), ("0", 3, ""), (None, 2, "no_natural_value"), ("-1", 2, "no_natural_value"), ("许多", 2, "no_natural_value")],
)  # fmt: skip
def test_suspended_matter_is_judged_by_its_rise_over_the_natural_value_of_the_site(natural, no, why):
    sites = {"a": {"area": "30", "natural": natural}}
    (found,), faults = assessed(sea.stations, [water("a", 0.25), turbid("a", 44)], sites)
    assert (found.no, found.lacking.get("悬浮物", "")) == (no, why)
    assert [(one.item, one.value) for one in faults] == ([("悬浮物", natural or "")] if why else [])
    assert all("自然值" in one.zh and "natural value" in one.en and (natural or "没有写明") in one.zh for one in faults)


def test_a_site_is_told_once_that_it_lacks_the_natural_value():
    rows = [turbid("a", 44), turbid("a", 50) | {"time": AT.replace(month=8)}, turbid("b", None)]
    faults = assessed(sea.stations, rows, SITES).faults
    assert [(one.site, one.item) for one in faults] == [("a", "悬浮物")]


rises = st.lists(st.tuples(st.decimals(0, 400, places=1), st.booleans()), min_size=1, max_size=4)


@slow
@given(rises, st.decimals(0, 200, places=1))
def test_the_class_of_a_rise_is_that_of_the_law(samples, natural):
    rows = [
        turbid("a", value, below=below) | {"time": AT.replace(month=5, hour=hour)}
        for hour, (value, below) in enumerate(samples)
    ]
    (found,) = assessed(sea.stations, rows, {"a": {"natural": str(natural)}}).rows
    (item,) = found.station.items
    mean = sum(Fraction(value) / (2 if below else 1) for value, below in samples) / len(samples)
    if all(below for _value, below in samples):
        assert item.no == (1 if max(value for value, _below in samples) - natural <= 10 else None)
    else:
        bars = [10, 10, 100, 150]
        rise = max(mean - Fraction(natural), 0)
        assert (item.rise, item.no) == (rise, next((no for no, bar in enumerate(bars, 1) if rise <= bar), 5))


def test_what_the_law_says_in_words_is_told_as_such():
    (fault,) = assessed(sea.stations, [measured("a", "水温", 18, unit="℃")], SITES).faults
    assert "人为造成的温升" in fault.zh and "18" in fault.zh and "rise that people cause" in fault.en


def test_riches_are_worked_out_where_the_three_items_are_there():
    rows = [water("a", 0.9), measured("a", "化学需氧量", 2, unit="mg/L", time=AT.replace(month=5)),
            measured("a", "活性磷酸盐", 0.025, unit="mg/L", time=AT.replace(month=5))]  # fmt: skip
    assert assessed(sea.stations, rows, SITES).rows[0].eutrophication == law.eutrophication(
        2, Decimal("0.9"), Decimal("0.025"), edition("hj442", code="hj442.10-2020")
    )


def test_an_area_that_is_no_number_is_none():
    told = [{"area": one} for one in (None, "", "wide", "-1", "0", 3)]
    assert [sea._amount(one, "area") for one in told] == [None, None, None, None, None, 3]


values = st.decimals(0, 20, places=4)
samples = st.dictionaries(
    st.sampled_from([one for one in UNITS if one != "悬浮物"]),
    st.one_of(values, values.map(Censored)),
    min_size=1,
    max_size=8,
)


@slow
@given(samples)
def test_a_sample_is_judged_as_by_the_function_of_the_law(results):
    results = {
        item: one for item, one in results.items() if item != "pH" or (not isinstance(one, Censored) and one <= 14)
    }
    rows = [
        measured(
            "a",
            item,
            one.below if isinstance(one, Censored) else one,
            below=isinstance(one, Censored),
            unit=UNITS[item],
        )
        for item, one in results.items()
    ]
    found = assessed(sea.stations, rows, SITES, "day").rows
    exact = law.station(results, AT.date())
    assert [(one.no, set(one.station.deciders)) for one in found] == (
        [(exact.no, set(exact.deciders))] if results else []
    )


shares = st.lists(st.tuples(st.sampled_from(["0.1", "0.25", "0.6"]), st.integers(1, 99)), min_size=1, max_size=6)


@slow
@given(shares)
def test_the_share_by_area_is_that_of_the_law(stations):
    sites = {f"s{n}": {"area": str(area)} for n, (_, area) in enumerate(stations)}
    rows = [water(f"s{n}", din) for n, (din, _) in enumerate(stations)]
    (found,) = assessed(sea.areas, rows, sites, "season").rows
    good = sum(area for din, area in stations if din != "0.6")
    assert found.good_share == Fraction(100 * good, sum(area for _, area in stations))
