"""Hours, days, months and years of air as they are handed on, against the functions of the law."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.observations.assess import air
from qingshan.observations.assess.air_tables import OF
from qingshan.observations.assess.unmonitored import plan
from qingshan.observations.rows import FLAGS
from qingshan.standards import air as law
from qingshan.standards.editions import edition

from ...standards.air.test_index import published
from ..sample import batch
from .media import measured, slow

START = datetime(2026, 1, 1)  # noqa: DTZ001
USUAL = {"SO2": 5, "NO2": 30, "CO": Decimal("0.6"), "O3": 90, "PM10": 50, "PM25": 20}
UNITS = dict.fromkeys(USUAL, "μg/m³") | {"CO": "mg/m³"}


def hour(at: datetime, item: str, value, site: str = "S") -> dict:
    return measured(site, item, value, unit=UNITS[item], period="hour", time=at)


def a_day(day: date, site: str = "S", **instead) -> list[dict]:
    start = datetime.combine(day, datetime.min.time())
    return [
        hour(start + timedelta(hours=n), item, value, site)
        for n in range(24)
        for item, value in (USUAL | instead).items()
    ]


def told(kind: str, rows: list[dict], rules=None, districts=None, dust=(), **more) -> dict:
    return OF[kind](("air", None, batch(rows)), rules or air.Rules.in_force(), districts, dust, **more)


@pytest.fixture(scope="module")
def year() -> list[dict]:
    """Four months of 2026 with 50 µg/m³ of fine dust, good by either edition, and each month a day of 70, good by the older one."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(120)]
    return [row for day in days for row in a_day(day, PM25=70 if day.day == 9 else 50)]


def test_a_year_that_straddles_editions_is_given_as_in_force_and_wholly_under_each(year):
    rows = {one["under"]: one for one in told("year", year)["rows"]}
    good = {under: one["good_days"] for under, one in rows.items()}
    assert good == {"in force": 118, "hj633-2012": 120, "hj633-2026": 116}
    assert {one["valid_days"] for one in rows.values()} == {120}
    assert (rows["in force"]["limits"], rows["hj633-2012"]["limits"]) == ("gb3095-2026-transition", "gb3095-2012")
    assert all(one["completeness"]["of"] == 365 and one["mark"] and one["clause"] for one in rows.values())


def test_a_year_of_one_edition_is_given_once():
    assert [one["under"] for one in told("year", a_day(date(2025, 6, 1)))["rows"]] == ["in force"]


def test_dust_days_are_shown_with_and_without(year):
    dust = [(None, date(2026, 3, 9)), ("S", date(2026, 4, 9)), ("elsewhere", date(2026, 5, 9))]
    rows = {one["dust_days"]: one for one in told("year", year, air.Rules.of("hj633-2026"), dust=dust)["rows"]}
    kept, clean = rows["with"], rows["without"]
    assert (kept["good_days"], clean["good_days"], clean["valid_days"]) == (116, 116, 118)
    assert (kept["PM25_days"], clean["PM25_days"], clean["SO2_days"]) == (120, 118, 120)
    assert clean["PM25_incomplete"] == kept["PM25_incomplete"] == "year" and clean["attained"] is None
    march = [one for one in told("month", year, dust=dust)["rows"] if one["month"] == "2026-03"]
    assert [(one["dust_days"], one["completeness"]["days"]["PM25"]) for one in march] == [("with", 31), ("without", 30)]
    day = next(one for one in told("day", year, dust=dust)["rows"] if one["day"] == date(2026, 3, 9))
    assert day["dust"] and day["AQI"] == 110


def test_months_are_those_of_the_law():
    values = [40 + n % 7 for n in range(31)]
    rows = [
        row
        for n, value in enumerate(values)
        for row in a_day(date(2025, 7, 1 + n), O3=100 + value, CO=Decimal(value) / 10)
    ]
    (one,) = told("month", rows)["rows"]
    assert one["O3"] == round(law.percentile([100 + v for v in values], 90)) and one["CO"] == round(
        law.percentile([Decimal(v) / 10 for v in values], 95), 1
    )
    assert (one["few"], one["good_days"], one["valid_days"]) == ([], 5, 31)  # CO of 4.0 is good, of 4.1 no more
    (short,) = told("month", a_day(date(2025, 2, 1)))["rows"]
    assert short["few"] == list(law.ITEMS) and short["completeness"]["of"] == 28


def test_a_district_has_hours_no_more_but_months_and_years_of_its_mean():
    rows = a_day(date(2025, 7, 1), "A", PM25=30) + a_day(date(2025, 7, 1), "B", PM25=40)
    (one,) = told("month", rows, districts={"A": "D", "B": "D", "C": None})["rows"]
    assert (one["site"], one["PM25"]) == ("D", 35)
    assert [one["site"] for one in told("year", rows, districts={"A": "D", "B": "D"})["rows"]] == ["D"]


def test_trends_over_years_are_those_of_the_law():
    values = [52, 49, 46, 47, 41]
    rows = [row for n, value in enumerate(values) for row in a_day(date(2020 + n, 6, 1), PM25=value)]
    found = {one["item"]: one for one in told("year", rows)["trends"]}
    one = found["PM25"]
    assert (one["coefficient"], one["critical"], one["significant"], one["direction"]) == (
        Decimal("-0.9000"),
        Decimal("0.900"),
        True,
        -1,
    )
    assert one["three_year_mean"] == Decimal("44.7") and found["SO2"]["significant"] is False
    assert told("year", rows[: 24 * 6 * 3])["trends"][0]["coefficient"] is None


def test_the_hours_of_a_published_file_have_the_published_index():
    rows, exact = [], {}
    for n, (values, index, row) in enumerate(published("data/air/cnemc_2018-02-20T07_half.csv", swapped=True)):
        site = f"{n}-{row['stationcode']}"
        at = datetime(2018, 2, 20, 6)  # noqa: DTZ001 the hour that ends at seven
        rows += [hour(at, item.removesuffix("_1h"), value, site) for item, value in values.items() if value is not None]
        if None not in values.values() and index is not None:
            exact[site] = (index, row["quality"])
    found = {one["site"]: one for one in told("hour", rows)["rows"]}
    assert {site: (found[site]["AQI"], found[site]["grade"]) for site in exact} == exact and len(exact) == 622
    assert all(found[site]["published"] for site in exact)


def test_by_the_text_of_2012_particles_enter_as_running_means():
    rows = [hour(START - timedelta(days=400) + timedelta(hours=n), item, value + (n if item == "PM25" else 0))
            for n in range(30) for item, value in USUAL.items()]  # fmt: skip
    found = told("hour", rows, running=True)["rows"]
    first, last = found[18], found[-1]
    assert (first["PM25_24h"], first["O3_8h"], first["missing"], first["published"]) == (None, 90, 2, False)
    values = {
        "SO2_1h": 5,
        "NO2_1h": 30,
        "O3_1h": 90,
        "CO_1h": Decimal("0.6"),
        "O3_8h": 90,
        "PM10_24h": 50,
        "PM25_24h": Decimal("37.5"),
    }
    exact = law.aqi(values, code="hj633-2012", report="hour")
    assert (last["AQI"], last["published"], last["PM25_24h"]) == (exact.value, True, 38) and last[
        "primary"
    ] == " ".join(exact.primary)


def test_an_hour_of_2026_is_that_of_the_law():
    rows = [hour(datetime(2026, 4, 1, 8), item, value) for item, value in (USUAL | {"PM25": 61}).items()]  # noqa: DTZ001
    (one,) = told("hour", rows)["rows"]
    exact = law.aqi(
        {f"{item}_1h": value for item, value in (USUAL | {"PM25": 61}).items()}, date(2026, 4, 1), report="hour"
    )
    assert (one["AQI"], one["primary"], one["edition"]) == (exact.value, "PM25", "hj633-2026")
    assert one["clause"].startswith("HJ 633-2026: table 3") and one["mark"] == edition("hj633", code="hj633-2026").mark


def test_an_hour_of_a_district_is_that_of_the_mean_of_its_stations():
    at = datetime(2026, 4, 1, 8)  # noqa: DTZ001
    values = {"A": 60, "B": 61, "C": 62, "D": 63}
    rows = [
        hour(at, item, value, site) for site, fine in values.items() for item, value in (USUAL | {"PM25": fine}).items()
    ]
    rows += [hour(at, "O3", 300, "elsewhere")]
    of = dict.fromkeys(values, "all") | {"elsewhere": None}
    (one,) = told("hour", rows, districts=of)["rows"]
    exact = law.aqi(
        {f"{item}_1h": value for item, value in (USUAL | {"PM25": Decimal("61.5")}).items()}, at.date(), report="hour"
    )
    assert (one["site"], one["PM25_1h"], one["AQI"], one["primary"]) == ("all", 62, exact.value, "PM25")
    assert one["published"] and one["O3_1h"] == 90


@pytest.mark.parametrize(("there", "missing"), [("ABC", 0), ("AB", 1)])
def test_an_hour_of_a_district_needs_three_quarters_of_its_stations(there, missing):
    at = datetime(2026, 4, 1, 8)  # noqa: DTZ001
    rows = [
        hour(at, item, value, site) for site in "ABCD" for item, value in USUAL.items() if item != "CO" or site in there
    ]
    (one,) = told("hour", rows, districts=dict.fromkeys("ABCD", "all"))["rows"]
    assert (one["missing"], one["published"]) == (missing, not missing)


def test_running_means_are_those_of_stations():
    with pytest.raises(ValueError, match="running"):
        told("hour", [hour(START, "SO2", 5)], districts={"S": "all"}, running=True)


def test_before_any_edition_there_is_no_index():
    (one,) = told("hour", [hour(datetime(2015, 4, 1, 8), "SO2", 5)])["rows"]  # noqa: DTZ001
    assert one["AQI"] is None and one["edition"] is None


@pytest.mark.parametrize("kind", ["month", "year"])
def test_days_before_any_edition_are_told_and_left_out(kind):
    rows = a_day(date(2015, 12, 31)) + a_day(date(2016, 1, 1))
    found = told(kind, rows)
    assert [one[kind] for one in found["rows"]] == [{"month": "2016-01", "year": 2016}[kind]]
    (fault,) = found["faults"]
    assert "2015-12-31" in fault["zh"] and "1 days from 2015-12-31 that lie before 2016-01-01" in fault["en"]
    forced = told(kind, rows, air.Rules.of("hj633-2012"))
    assert len(forced["rows"]) == 2 and forced["faults"] == []


def without(day: date, item: str, site: str = "S", **instead) -> list[dict]:
    return [one for one in a_day(day, site, **instead) if one["item"] != item]


PLAN = {"S": [plan("CO")]}


def test_a_day_without_what_is_not_in_the_monitoring_plan_is_published():
    day = date(2026, 4, 1)
    (one,) = told("day", without(day, "CO"), unmonitored=PLAN)["rows"]
    exact = law.aqi({f"{item}_24h": value for item, value in USUAL.items() if item not in ("CO", "O3")} | {"O3_8h": 90},
                    day, unmonitored={"CO"})  # fmt: skip
    assert (one["AQI"], one["published"], one["missing"]) == (exact.value, exact.published, 0)
    assert (one["CO_24h"], one["IAQI_CO"], one["completeness"]) == ("/", "/", {"items": 5, "of": 5})
    (bare,) = told("day", without(day, "CO"))["rows"]
    assert (bare["published"], bare["missing"], bare["CO_24h"]) == (False, 1, None)


def test_an_item_that_led_a_polluted_day_within_three_years_is_missing_all_the_same():
    rows = a_day(date(2026, 4, 1), CO=10) + without(date(2026, 4, 2), "CO") + without(date(2029, 4, 2), "CO")
    found = told("day", rows, unmonitored=PLAN)["rows"]
    assert [(one["primary"], one["published"], one["missing"]) for one in found[1:]] == [("", False, 1), ("", True, 0)]


def test_before_2026_an_item_outside_the_plan_is_missing():
    (one,) = told("day", without(date(2025, 4, 1), "CO"), unmonitored=PLAN)["rows"]
    assert (one["published"], one["missing"], one["CO_24h"]) == (False, 1, None)


@pytest.mark.parametrize("kind", ["month", "year"])
def test_days_without_what_is_not_in_the_plan_count_among_the_valid_ones(kind):
    rows = without(date(2027, 4, 1), "CO") + without(date(2027, 4, 2), "NO2")
    (one,) = told(kind, rows, unmonitored=PLAN)["rows"]
    assert (one["valid_days"], one["good_days"]) == (1, 1)


def test_a_month_and_a_year_show_what_the_plan_leaves_out():
    rows = without(date(2027, 4, 1), "CO")
    (month,), (year,) = (told(kind, rows, unmonitored=PLAN)["rows"] for kind in ("month", "year"))
    assert (month["CO"], year["unmonitored"]) == ("/", ["CO"])
    assert (told("month", rows)["rows"][0]["CO"], told("year", rows)["rows"][0]["unmonitored"]) == (None, [])


@pytest.mark.parametrize("kind", ["month", "year"])
def test_the_composite_index_says_which_item_it_lacks_whether_the_plan_leaves_it_out_or_not(kind):
    rows = without(date(2027, 4, 1), "CO")
    for unmonitored in ({}, PLAN):
        (one,) = told(kind, rows, unmonitored=unmonitored)["rows"]
        assert (one["composite"], one["composite_lacks"]) == (None, ["CO"])
    (one,) = told(kind, without(date(2027, 4, 1), ""))["rows"]
    assert one["composite"] is not None and one["composite_lacks"] == []


def test_an_hour_without_what_is_not_in_the_plan_is_published():
    found = told("hour", without(date(2026, 4, 1), "CO"), unmonitored=PLAN)["rows"]
    assert len(found) == 24 and all(one["published"] and one["CO_1h"] == one["IAQI_CO_1h"] == "/" for one in found)


VALUES = st.one_of(
    st.none(), st.decimals(0, 900, places=1), st.sampled_from([Decimal(0), Decimal("-0.5"), Decimal(9_999_999), Decimal(-9_999_999), Decimal("0.000001")])
)  # fmt: skip
ANY_ROW = st.fixed_dictionaries({
    "site": st.sampled_from(["A", "B", "", "x" * 300]),
    "item": st.sampled_from([*USUAL, "NOx", "O3_8h", "nh3n", "", "=1+1"]),
    "period": st.sampled_from(["hour", "day", "month", "sample"]),
    "time": st.datetimes(datetime(1990, 1, 1), datetime(2040, 12, 31)),  # noqa: DTZ001
    "value": VALUES,
    "unit": st.sampled_from(["μg/m³", "mg/m³", "", "bogus"]),
    "flag": st.sampled_from(list(FLAGS)),
})  # fmt: skip
ANY_DAY = st.tuples(
    st.dates(date(2014, 1, 1), date(2032, 1, 1)), st.sampled_from("AB"), st.sampled_from(list(USUAL)), VALUES
)


@pytest.mark.parametrize("kind", list(OF))
@slow
@given(
    days=st.lists(ANY_DAY, max_size=4), rows=st.lists(ANY_ROW, max_size=8), together=st.booleans(), code=st.sampled_from([None, "hj633-2012", "hj633-2026"]),
    dust=st.lists(st.tuples(st.sampled_from([None, "A", "D"]), st.dates(date(2014, 1, 1), date(2032, 1, 1))), max_size=2),
)  # fmt: skip
def test_whatever_is_handed_in_is_answered(kind, days, rows, together, code, dust):
    whole = {(site, day, n): a_day(day, site, **{item: value}) for n, (day, site, item, value) in enumerate(days)}
    given_rows = [measured("", "", None) | row for row in rows] + [row for some in whole.values() for row in some]
    kept = list(
        {(row["site"], row["item"], row["period"], row["time"]): row | {"medium": "air"} for row in given_rows}.values()
    )
    found = told(
        kind,
        kept,
        code and air.Rules.of(code),
        {"A": "D", "B": "D", "C": None} if together else None,
        dust,
        unmonitored={"A": [plan("CO")]},
    )
    json.dumps(found, default=str)
    assert all(one["AQI"] is None or 0 <= one["AQI"] <= 500 for one in found["rows"] if "AQI" in one)
