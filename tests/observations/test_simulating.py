"""Simulated measurements: the same at every call, marked, within what can be, with gaps."""

from datetime import date
from decimal import Decimal

import pyarrow.compute as pc
import pytest

from qingshan.observations.appending import checked
from qingshan.observations.simulating import AIR, WATER, simulated

SITES = [{"code": "a", "medium": "air"}, {"code": "r", "medium": "water", "body": "river"}]
SINCE, UNTIL = date(2025, 1, 1), date(2025, 7, 1)


@pytest.fixture(scope="module")
def rows():
    return simulated(SITES, SINCE, UNTIL)


def of(rows, **wanted):
    for name, value in wanted.items():
        rows = rows.filter(pc.equal(rows[name], value))
    return rows


def test_the_same_site_has_the_same_rows_whatever_stands_beside_it(rows):
    alone = simulated(SITES[:1], SINCE, UNTIL)
    assert of(rows, site="a").equals(alone)
    assert not of(simulated([SITES[0] | {"code": "b"}], SINCE, UNTIL), item="PM25")["value"].equals(
        of(alone, item="PM25")["value"]
    )


def test_the_store_takes_them_and_every_row_says_what_it_is(rows):
    assert checked(rows).num_rows == rows.num_rows
    assert pc.unique(rows["source"]).to_pylist() == ["simulated"]


def test_each_item_is_there_hour_by_hour_and_week_by_week(rows):
    assert {item: of(rows, item=item).num_rows for item in AIR} == dict.fromkeys(AIR, 181 * 24)
    assert all(20 <= of(rows, item=item).num_rows <= 26 for item in WATER)


def test_there_are_gaps_and_flags_and_a_gap_has_no_value(rows):
    air = of(rows, medium="air")
    assert {"missing", "calibration", "spike"} <= set(pc.unique(air["flag"]).to_pylist())
    assert pc.unique(of(air, flag="missing")["value"]).to_pylist() == [None]
    assert None not in of(air, flag="")["value"].to_pylist()
    assert 0.005 < of(air, flag="missing").num_rows / air.num_rows < 0.05


def test_an_hour_flagged_as_a_spike_stands_out_of_its_neighbours(rows):
    hours = of(rows, item="PM25").sort_by("time").to_pylist()
    found = [
        one["value"] / max(before["value"], after["value"])
        for before, one, after in zip(hours, hours[1:], hours[2:], strict=False)
        if one["flag"] == "spike" and before["value"] and after["value"]
    ]
    assert found and min(found) > Decimal("1.5")


def test_values_are_readings_of_a_step_and_can_be(rows):
    values = [one for one in of(rows, item="PM25")["value"].to_pylist() if one is not None]
    assert all(one == one.to_integral_value() and 1 <= one < 500 for one in values)
    assert all(Decimal(6) <= one <= Decimal(9) for one in of(rows, item="ph")["value"].to_pylist() if one is not None)


MORE = [
    {"code": "g", "medium": "groundwater"}, {"code": "f", "medium": "soil", "land": "paddy"}, {"code": "b", "medium": "soil", "land": "class-2"},
    {"code": "n", "medium": "noise", "zone": "1"}, {"code": "w", "medium": "noise", "zone": "building"}, {"code": "s", "medium": "sea"},
    {"code": "p", "medium": "rain"},
]  # fmt: skip


@pytest.fixture(scope="module")
def more():
    return simulated(MORE, date(2024, 1, 1), date(2025, 7, 1))


def test_the_store_takes_the_rows_of_every_medium(more):
    assert checked(more).num_rows == more.num_rows
    assert set(pc.unique(more["medium"]).to_pylist()) == {one["medium"] for one in MORE}


def test_each_medium_is_sampled_as_often_as_it_is_in_a_year(more):
    times = {code: len(pc.unique(of(more, site=code)["time"])) for code in ("g", "f", "b", "s")}
    assert times == {"g": 6, "f": 1, "b": 1, "s": 4}
    assert of(more, site="n").num_rows == (366 + 181) * 24
    rain = of(more, site="p")["time"].to_pylist()
    assert (min(rain).year, max(rain).date()) == (1996, date(2025, 6, 30))


def test_units_are_those_of_the_tables(more):
    told = {(one["item"], one["unit"]) for one in of(more, site="g").to_pylist()}
    assert {("苯", "μg/L"), ("氨氮", "mg/L"), ("pH", "")} <= told
    assert pc.unique(of(more, site="n")["unit"]).to_pylist() == ["dB(A)"]


def test_without_sites_there_is_nothing():
    assert simulated([], SINCE, UNTIL).num_rows == 0
