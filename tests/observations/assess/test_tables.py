"""Rows as they are handed on: each with editions, clauses, mark and completeness; nothing that is handed in stops them."""

import json
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.observations.assess.tables import OF
from qingshan.observations.rows import FLAGS
from qingshan.observations.simulating import simulated
from qingshan.standards.editions import NoEdition

from ..sample import batch
from .media import measured, slow

SITES = {
    "r": {"medium": "water", "body": "river", "group": "g"}, "l": {"medium": "water", "body": "lake", "group": "g"},
    "w": {"medium": "groundwater", "group": "park"}, "f": {"medium": "soil", "land": "paddy", "unit": "U1"}, "b": {"medium": "soil", "land": "class-1"},
    "n": {"medium": "noise", "zone": "2"}, "site": {"medium": "noise", "zone": "building"}, "s": {"medium": "sea", "area": "10"}, "p": {"medium": "rain"},
}  # fmt: skip
PERIODS = {"water": ("sample", "month", "quarter", "year"), "groundwater": ("day", "month", "year"), "soil": ("day", "year", "unit"),
           "noise": ("day", "month", "year"), "sea": ("season", "month", "year"), "rain": ("station", "month", "year")}  # fmt: skip
CASES = [(medium, per, together) for medium, some in PERIODS.items() for per in some for together in (False, True)]


@pytest.fixture(scope="module")
def rows():
    listed = [one | {"code": code} for code, one in SITES.items()]
    return simulated(listed, datetime(2025, 1, 1).date(), datetime(2025, 4, 1).date())  # noqa: DTZ001


@pytest.mark.parametrize(("medium", "per", "together"), CASES)
def test_every_row_carries_its_law_and_how_complete_it_is(rows, medium, per, together):
    kept = rows.filter([one == medium for one in rows["medium"].to_pylist()])
    told = OF[medium]((medium, None, kept), SITES, per, together, None)
    assert told["faults"] == [] and {one["code"] for one in told["editions"]} >= {
        code for row in told["rows"] for code in row["edition"].split()[:1]
    }
    for row in told["rows"]:
        assert row["edition"] and row["clause"] and row["mark"] and row["completeness"]
    json.dumps(told, default=str)
    expected = medium not in ("soil", "sea")  # neither is sampled in the first three months
    assert bool(told["rows"]) == expected


@pytest.mark.parametrize(("medium", "per", "together"), CASES)
def test_an_edition_that_there_is_not_is_told(rows, medium, per, together):
    kept = rows.filter([one == medium for one in rows["medium"].to_pylist()])
    with pytest.raises(NoEdition):
        OF[medium]((medium, None, kept), SITES, per, together, "gb0-1900")


def test_a_district_has_the_mean_of_its_gauges():
    rows = batch([
        measured(site, "rain", depth, unit="mm", period="day", time=datetime(2025, month, 3))  # noqa: DTZ001
        for site, month, depth in (("p", 1, 10), ("p", 2, 30), ("q", 1, 20), ("q", 2, 1))
    ])  # fmt: skip
    sites = {"p": {"group": "north"}, "q": {"group": "north"}}
    january, february = OF["rain"](("rain", None, rows), sites, "month", True, None)["rows"]
    assert (january["group"], january["month"], january["gauges"], january["rain"]) == ("north", "2025-01", 2, 15)
    assert february["rain"] == Decimal("15.5") and february["completeness"] == {"gauges": 1, "days": 2, "of": 56}
    (year,) = OF["rain"](("rain", None, rows), sites, "station", True, None)["rows"]
    assert (year["year"], year["rain"]) == ("2025", Decimal("30.5"))


def test_a_level_without_a_limit_below_it_is_written_as_such():
    row = measured("w", "汞", "0.00004", unit="mg/L", below=True)
    (one,) = OF["groundwater"](("groundwater", None, batch([row])), SITES, "day", False, None)["rows"]
    assert (
        one["means"] == {"汞": "<0.00004"}
        and one["class"] == "Ⅰ"
        and one["completeness"] == {"results": 1, "of": 1, "rate": Decimal("100.0")}
    )


def test_a_sample_that_cannot_be_is_told_and_not_taken_for_clean_water():
    rows = [
        measured("r", "nh3n", -1, unit="mg/L"),
        measured("r", "cod", 9, unit="μg/m"),
        measured("l", "do", 6, unit="mg/L"),
        measured("x", "do", 6, unit="mg/L"),
    ]
    told = OF["water"](("water", None, batch(rows)), SITES, "sample", False, None)
    assert [(one["site"], one["class"]) for one in told["rows"]] == [("l", "Ⅱ")]
    assert {(one["site"], one["item"]) for one in told["faults"]} == {("r", "nh3n"), ("r", "cod"), ("x", "")}


def test_a_load_stands_in_the_row_of_its_year():
    rows = [
        measured("r", item, value, unit=unit)
        for item, value, unit in (("flow", 10, "m³/s"), ("tn", 2, "mg/L"), ("do", 8, "mg/L"))
    ]
    (one,) = OF["water"](("water", None, batch(rows)), SITES, "year", False, None)["rows"]
    assert (one["tn_load_t"], one["tn_load_days"]) == (Decimal("1.728"), 1)


ITEMS = ["nh3n", "do", "ph", "tp", "orp", "flow", "氨氮", "pH", "嗅和味", "Cd", "镉", "砷", "六六六总量", "无机氮", "悬浮物", "Leq", "Lmax", "Ld", "background",
         "rain", "PM25", "", "=1+1", "钚"]  # fmt: skip
any_row = st.fixed_dictionaries({
    "site": st.sampled_from([*SITES, "", "unknown", "x" * 300, "点 1"]),
    "item": st.sampled_from(ITEMS),
    "period": st.sampled_from(["hour", "day", "month", "sample"]),
    "time": st.datetimes(datetime(1990, 1, 1), datetime(2040, 12, 31)).map(lambda at: at.replace(minute=0, second=0, microsecond=0)),  # noqa: DTZ001
    "value": st.one_of(st.none(), st.decimals(-(10**11), 10**11, places=6), st.sampled_from([Decimal(0), Decimal("0.000001"), Decimal("-0.5"), Decimal(7)])),
    "unit": st.sampled_from(["mg/L", "μg/L", "mg/kg", "dB(A)", "mm", "", "m", "bogus", "℃", "m³/s"]),
    "below": st.booleans(),
    "flag": st.sampled_from(list(FLAGS)),
})  # fmt: skip
SHAPES = st.dictionaries(
    st.sampled_from([*SITES, "unknown", ""]),
    st.dictionaries(st.sampled_from(["body", "land", "zone", "area", "group", "district"]), st.sampled_from([None, "", "river", "paddy", "9", "2", "-3", "nan", "1/0", "building"])),
)  # fmt: skip


@pytest.mark.parametrize("medium", list(PERIODS))
@slow
@given(rows=st.lists(any_row, max_size=12), sites=SHAPES, together=st.booleans(), place=st.integers(0, 9))
def test_whatever_is_handed_in_is_answered_with_rows_and_faults(medium, rows, sites, together, place):
    given_rows = batch([measured("", "", None) | row | {"medium": medium} for row in rows])
    per = PERIODS[medium][place % len(PERIODS[medium])]
    told = OF[medium]((medium, None, given_rows), SITES | sites, per, together, None)
    json.dumps(told, default=str)
    assert all(
        one["zh"] and one["en"] and set(one) == {"site", "item", "period", "value", "zh", "en"}
        for one in told["faults"]
    )


def test_a_grade_by_another_rule_carries_that_rule():
    rows = [
        measured("r", "sd", 0.09, unit="m"),
        measured("r", "do", 5, unit="mg/L"),
        measured("s", "do", 5, unit="mg/L"),
    ]
    sites = {"r": {"body": "river"}, "s": {"body": "river"}}
    told = OF["water"](("water", None, batch(rows)), sites, "month", False, None)
    graded, bare = told["rows"]
    assert (
        graded["black_odorous"] == 2
        and "black-odorous-2015" in graded["edition"]
        and "black-odorous-2015" not in bare["edition"]
    )
    assert "black-odorous-2015" in {one["code"] for one in told["editions"]}
