"""What a station's page tells, against the functions of the law applied to the same rows one by one."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from qingshan.observations.appending import append
from qingshan.observations.assess.asking import Asked, change
from qingshan.observations.assess.stations import district, early, editions_of, stations
from qingshan.observations.assess.unmonitored import plans
from qingshan.observations.rows import USABLE
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.standards import air as law
from qingshan.standards.rounding import round_gbt8170

from ..sample import batch, row

SINCE, UNTIL = date(2025, 2, 1), date(2025, 4, 1)


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    return simulated([{"code": "a", "medium": "air"}], SINCE, UNTIL)


@pytest.fixture(scope="module")
def station(rows, tmp_path_factory):
    place = str(tmp_path_factory.mktemp("store"))
    append(Store(place), rows)
    return stations(Asked.of(place, "air", ("a",)))["a"]


@pytest.fixture(scope="module")
def hours(rows) -> dict:
    """item, day → hour → usable value."""
    found = defaultdict(dict)
    for one in rows.to_pylist():
        if one["flag"] in USABLE and one["value"] is not None:
            found[one["item"], one["time"].date()][one["time"].hour] = one["value"]
    return found


def daily(hours, item: str, day: date):
    values = list(hours[item, day].values())
    return Fraction(sum(values)) / len(values) if len(values) >= 20 else None


@pytest.mark.parametrize("item", ["SO2", "NO2", "CO", "PM10", "PM25"])
def test_daily_means_are_exact(station, hours, item):
    days = {day for name, day in hours if name == item}
    means = {day: mean for day in days if (mean := daily(hours, item, day)) is not None}
    assert station.exact[item] == means and len(means) > 50


def test_a_month_is_that_of_its_days(station):
    month = station.months(2025)[1]
    held = {item: [v for day, v in station.exact[item].items() if day.month == 2] for item in law.ITEMS}
    assert month.values["PM25"] == round_gbt8170(sum(held["PM25"]) / len(held["PM25"]), 0)
    assert month.values["CO"] == round_gbt8170(law.percentile(held["CO"], 95), 1)
    assert month.values["O3"] == round_gbt8170(law.percentile(held["O3"], 90), 0)
    assert month.days == {item: len(values) for item, values in held.items()}


def test_an_index_is_that_of_the_day_and_shown_only_where_it_may_be_published(station, hours):
    for one in station.days:
        told = {f"{item}_24h": daily(hours, item, one.day) for item in law.ITEMS if item != "O3"}
        ozone = list(hours["O3", one.day].values())
        told |= {"O3_8h": station.exact["O3"].get(one.day), "O3_1h": max(ozone) if len(ozone) >= 20 else None}
        judged = law.aqi(told, one.day)
        assert one.aqi == (judged.value if judged.published else None)
        assert set(one.primary) == (set(judged.primary) if judged.published else set())


def test_good_days_hours_and_completeness_are_counted(station, hours):
    whole = station.period(SINCE, date(2025, 3, 31))
    published = [one.aqi for one in station.days if one.aqi is not None]
    good = sum(value <= 100 for value in published)
    assert whole.counted == len(published) and sum(whole.levels[:2]) == good
    assert whole.good_rate == round_gbt8170(Fraction(100 * good, len(published)), 1)
    assert whole.hours == sum(map(len, hours.values())) and whole.of_hours == 59 * 24 * 6
    assert 0 < whole.of_hours - whole.hours < whole.of_hours / 10


def test_a_month_with_too_few_days_says_so(station):
    assert station.period(date(2025, 3, 1), date(2025, 3, 20)).few == law.ITEMS
    days = {item: sum(day.month == 3 for day in station.exact[item]) for item in law.ITEMS}
    assert station.months(2025)[2].few == tuple(item for item in law.ITEMS if days[item] < 27)


def test_hours_of_the_day_are_means_over_the_year(station, hours):
    values = [hours["NO2", day][8] for item, day in hours if item == "NO2" and 8 in hours["NO2", day]]
    assert station.diurnal[2025, "NO2"][8] == round_gbt8170(Fraction(sum(values)) / len(values), 1)


def test_what_is_rejected_counts_as_a_flag_and_not_as_a_value(tmp_path):
    told = [row(hour, "10", flag="fault" if hour < 6 else "", flagged_by="x") for hour in range(24)]
    append(Store(tmp_path), batch(told))
    found = stations(Asked.of(str(tmp_path), "air", ("S1",)))["S1"]
    assert found.flags == {2025: {"fault": 6}}
    assert (found.hours["PM25"], found.exact["PM25"]) == ({date(2025, 1, 1): 18}, {})
    assert found.period(date(2025, 1, 1), date(2025, 1, 1)).composite is None


def test_a_correction_counts_and_an_unknown_site_is_left_out(tmp_path):
    append(Store(tmp_path), batch([row(hour, "10") for hour in range(24)]))
    append(Store(tmp_path), batch([row(hour, "34") for hour in range(12)]))
    found = stations(Asked.of(str(tmp_path), "air", ("S1", "S2")))
    assert list(found) == ["S1"] and found["S1"].exact["PM25"] == {date(2025, 1, 1): 22}


APRIL = date(2026, 4, 1), date(2026, 4, 11)


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> str:
    """Ten days of two stations of which one has no CO."""
    place = str(tmp_path_factory.mktemp("bare"))
    made = simulated([{"code": code, "medium": "air"} for code in "ab"], *APRIL)
    append(Store(place), made.filter(pc.invert(pc.and_(pc.equal(made["site"], "a"), pc.equal(made["item"], "CO")))))
    return place


def test_a_station_may_lack_what_its_plan_leaves_out(bare):
    asked = Asked.of(bare, "air", ("a",))
    lacking = {one.day for one in stations(asked)["a"].days if one.aqi is None}
    assert lacking and all(one.unmonitored == () for one in stations(asked)["a"].days)
    found = stations(asked, plans([{"code": "a", "unmonitored": "CO 2026-04-06/"}]))["a"]
    spared = [one for one in found.days if one.aqi is not None and one.day in lacking]
    assert spared and min(one.day for one in spared) >= date(2026, 4, 6)
    assert {one.day for one in found.days if one.unmonitored == ("CO",)} == {
        one.day for one in found.days if one.day >= date(2026, 4, 6)
    }
    whole, early = found.period(APRIL[0], date(2026, 4, 10)), found.period(APRIL[0], date(2026, 4, 5))
    assert (whole.shown["CO"], early.shown["CO"]) == ("/", None)
    assert (whole.composite, whole.composite_lacks) == (None, ["CO"])


def test_a_district_may_lack_what_the_plans_of_all_its_stations_leave_out(bare):
    asked = Asked.of(bare, "air", ("a", "b"))
    both, one = ([{"code": code, "unmonitored": "CO"} for code in some] for some in ("ab", "a"))
    published = [
        sum(day.aqi is not None for day in district(asked, known).days) for known in ((), plans(one), plans(both))
    ]
    assert published[0] == published[1] < published[2]


def test_a_span_names_the_editions_that_held_in_it():
    assert {one["code"] for one in editions_of(date(2025, 1, 1), date(2025, 12, 31))} == {
        "hj633-2012", "gb3095-2012", "hj663-2013",
    }  # fmt: skip
    assert {"hj633-2012", "hj633-2026"} <= {one["code"] for one in editions_of(date(2026, 1, 1), date(2026, 12, 31))}


def test_a_change_is_a_share_of_what_was():
    before, after = {"a": Decimal(8), "b": Decimal(0), "c": None}, {"a": Decimal(7), "b": Decimal(1), "c": Decimal(1)}
    assert change(before, after) == {"a": Decimal("-12.5"), "b": None, "c": None}


def test_days_before_any_edition_are_not_judged(tmp_path):
    span = date(2015, 12, 1), date(2016, 1, 5)
    made = simulated([{"code": "a", "medium": "air"}], *span)
    append(Store(str(tmp_path)), made)
    asked = Asked.of(str(tmp_path), "air", ("a",))
    for one in (stations(asked)["a"], district(asked)):
        assert one.days[0].day == date(2016, 1, 1) and [month.month for month in one.months(2016)] == ["2016-01"]
        assert one.period(date(2015, 12, 1), date(2015, 12, 31)).counted == 0
    told = early(asked)["a"]
    assert (told.since, told.until, told.first) == (date(2015, 12, 1), date(2015, 12, 31), date(2016, 1, 1))
    assert told.days == len(
        {one["time"].date() for one in made.to_pylist() if one["value"] is not None and one["time"].year == 2015}
    )
    assert early(Asked.of(str(tmp_path), "air", ("b",))) == {}
