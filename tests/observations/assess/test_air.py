"""The evaluation of many stations against the functions of the law, and against a recomputation in pandas."""

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.observations.assess import air, years
from qingshan.observations.assess.exact import ABSENT, UNIT
from qingshan.observations.dense import of_table
from qingshan.observations.importing import read, source
from qingshan.observations.rows import VALUE
from qingshan.standards import air as law
from qingshan.standards.editions import edition

from ...shared import shared

RULES = air.Rules.in_force()
SHAPE = pa.schema([("site", pa.string()), ("item", pa.string()), ("time", pa.timestamp("us")), ("value", VALUE),
                   ("period", pa.string()), ("flag", pa.string())])  # fmt: skip


def table(rows: dict[tuple[str, str, datetime], Decimal | None]) -> pa.Table:
    told = [
        {
            "site": site,
            "item": item,
            "time": time,
            "value": value,
            "period": "hour",
            "flag": "" if value is not None else "missing",
        }
        for (site, item, time), value in rows.items()
    ]
    return pa.Table.from_pylist(told, schema=SHAPE)


# GB 3095-2012 held everywhere from 2016 on; Beijing was among the cities that took it up earlier.
EARLY = air.Rules.of("hj633-2012")


def days_of(rows: pa.Table, rules: air.Rules = RULES) -> list[air.Days]:
    return list(air.daily(of_table(rows, air.GASES_AND_DUST), rules))


def daily(rows: pa.Table) -> dict[tuple[str, str], Fraction | None]:
    """The daily values of rows of one day for each site, exact, by site and item."""
    found = {}
    for days in days_of(rows):
        for item, values in days.s.items():
            for place, day in zip(*np.nonzero(days.n[item]), strict=True):
                value = int(values[place, day])
                key = days.sites[place], item
                found[key] = None if value == ABSENT else Fraction(value, UNIT * int(np.max(days.stations(item))))
    return found


def index_of(rows: pa.Table, rules: air.Rules = RULES) -> list[dict]:
    return [row for days in days_of(rows, rules) for row in air.indices(days, rules).rows()]


def a_day(day: date, item: str, hours: list, site: str = "S") -> dict:
    return {(site, item, datetime.combine(day, clock()) + timedelta(hours=n)): one for n, one in enumerate(hours)}


hour_values = st.lists(
    st.one_of(st.none(), st.integers(0, 400).map(Decimal), st.integers(0, 4000).map(lambda v: Decimal(v) / 10)),
    min_size=24, max_size=24,
)  # fmt: skip
several = {"max_examples": 25, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}  # fmt: skip


@settings(**several)
@given(
    st.lists(
        st.tuples(hour_values, hour_values, st.sampled_from([date(2025, 7, 1), date(2026, 3, 1), date(2031, 5, 1)])),
        min_size=1,
        max_size=12,
    )
)
def test_daily_values_equal_the_functions_of_the_law(stations):
    rows = {}
    for n, (dust, ozone, day) in enumerate(stations):
        rows |= a_day(day, "PM25", dust, f"S{n}") | a_day(day, "O3", ozone, f"S{n}")
    found = daily(table(rows))
    for n, (dust, ozone, day) in enumerate(stations):
        limits, method = law.limits(day), edition("hj663", day)
        assert found.get((f"S{n}", "PM25_24h")) == law.daily_mean(dust, limits)
        assert found.get((f"S{n}", "O3_8h")) == law.mda8(ozone, method, limits)


DAY = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("hours", "eight"),
    [
        ([Decimal(100)] * 24, 100), ([Decimal(-2)] * 24, -2), ([Decimal(10)] * 13 + [None] * 11, None),
        ([Decimal(200)] * 13 + [None] * 11, 200), ([Decimal("0.001")] * 24, Fraction(1, 1000)),
        ([Decimal(10**6)] * 24, 10**6),
    ],
)  # fmt: skip
def test_hours_side_by_side_keep_zero_apart_from_nothing(hours, eight):
    rows = table(a_day(DAY, "O3", hours))
    assert daily(rows)["S", "O3_8h"] == eight
    (days,) = days_of(rows)
    assert days.n["O3_8h"].sum() == sum(one is not None for one in hours)


@settings(**several)
@given(
    st.lists(
        st.tuples(
            st.fixed_dictionaries({item: st.one_of(st.none(), st.integers(0, 700)) for item in law.ITEMS}),
            st.sampled_from([date(2025, 7, 1), date(2026, 2, 28), date(2026, 3, 1)]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_index_of_a_day_equals_the_function_of_the_law(stations):
    rows, told = {}, {}
    for n, (values, day) in enumerate(stations):
        there = {item: Decimal(one) / (10 if item == "CO" else 1) for item, one in values.items() if one is not None}
        told[f"S{n}"] = {item: there.get(item) for item in law.ITEMS}, day
        for item, value in there.items():
            rows |= a_day(day, item, [value] * 24, f"S{n}")
    by_site = {one["site"]: one for one in index_of(table(rows))}
    for site, (values, day) in told.items():
        items = edition("hj633", day)["reports"]["day"]
        exact = law.aqi({item: values[pollutant] for item, (_, pollutant) in items.items()}, day)
        if site not in by_site:
            assert exact.value is None
            continue
        one = by_site[site]
        assert (one["aqi"], one["published"], one["missing"]) == (exact.value, exact.published, len(exact.missing))
        assert set(one["primary"].split()) == set(exact.primary)


def test_before_any_edition_there_is_no_index_unless_one_is_named():
    rows = table(
        {key: one for item in law.ITEMS for key, one in a_day(date(2013, 7, 1), item, [Decimal(9)] * 24).items()}
    )
    assert index_of(rows)[0]["aqi"] is None
    assert index_of(rows, EARLY)[0]["aqi"] == 125  # 9 mg/m³ of carbon monoxide


def test_a_day_below_zero_has_no_index_and_is_missing():
    rows = table({key: one for item in law.ITEMS for key, one in
                  a_day(DAY, item, [Decimal("-0.3") if item == "SO2" else Decimal(1)] * 24).items()})  # fmt: skip
    (one,) = index_of(rows)
    exact = law.aqi({item: one["c_" + item] for item in air.DAILY} | {"SO2_24h": Fraction(-3, 10)}, DAY)
    assert (one["i_SO2"], one["missing"], one["published"]) == (None, 1, False)
    assert (len(exact.missing), exact.published) == (1, False)


def test_a_district_is_the_mean_of_its_stations_rounded_once():
    day = date(2025, 7, 1)
    rows = {}
    for site, value in (("S1", "10"), ("S2", "10"), ("S3", "11"), ("S4", None)):
        rows |= {(site, item, time): value and Decimal(value) for (_, item, time) in a_day(day, "PM25", [0] * 24)}
    (days,) = days_of(table(rows))
    whole = air.districts(days, dict.fromkeys(["S1", "S2", "S3", "S4"], "D") | {"S5": None}, RULES)
    at = 0, (day - whole.first).days
    assert (whole.sites, whole.m["PM25_24h"][at], air.concentrations(whole)["PM25_24h"][at]) == (["D"], 3, 10)
    few = air.districts(days, {"S1": "D", "S4": "D"}, RULES)
    assert air.concentrations(few)["PM25_24h"][at] == ABSENT and few.n["PM25_24h"][at] == 24
    assert air.districts(days, {}, RULES).sites == []


def year_of(rows: pa.Table) -> list[years.Year]:
    return sorted(years.evaluated(days_of(rows, EARLY), EARLY), key=lambda one: (one.site, one.year))


STATIONS = 12
ROWS = 420_768


@pytest.mark.timeout(300)
def test_twelve_stations_of_beijing_equal_a_recomputation_in_pandas():
    """Daily values and indices, yearly means, percentiles, good days and attainment, 2013–2016, each of twelve stations."""
    folder = shared("data/air/prsa_beijing")
    files = sorted(folder.glob("*.csv.gz"))
    read_by = source("prsa-beijing")
    readings = [read(file, read_by) for file in files]
    assert (len(files), sum(one.lines for one in readings), sum(len(one.faults) for one in readings)) == (
        STATIONS,
        ROWS,
        0,
    )
    found = year_of(pa.concat_tables([one.rows for one in readings]).select(SHAPE.names))
    expected = recomputed(files)
    assert len(found) == len(expected) == STATIONS * 5
    for one in found:
        told = expected[one.site, one.year]
        assert {name: (item.days, item.mean, item.percentile) for name, item in one.items.items()} == told["items"], (
            one.site
        )
        assert (one.good, one.counted) == told["good"], (one.site, one.year)
        if one.year in range(2013, 2017):
            assert not one.attained  # none attained; 2013 has too few days to say so


def recomputed(files) -> dict:
    """As a practitioner would, in pandas and whole numbers, from the files themselves."""
    import pandas as pd

    found = defaultdict(lambda: {"items": {}, "good": (0, 0)})
    columns = {"PM2.5": "PM25", "PM10": "PM10", "SO2": "SO2", "NO2": "NO2", "CO": "CO", "O3": "O3"}
    for file in files:
        frame = pd.read_csv(file)
        site = frame["station"].iloc[0]
        grid = {}
        for column, item in columns.items():
            milli = (frame[column] * (1 if item == "CO" else 1000)).round()
            grid[item] = milli.to_numpy().reshape(-1, 24)
        assert (frame["hour"].to_numpy().reshape(-1, 24) == np.arange(24)).all()
        days = pd.to_datetime(frame[["year", "month", "day"]]).to_numpy().reshape(-1, 24)[:, 0]
        values = {item: means_of_days(hours) for item, hours in grid.items() if item != "O3"}
        values["O3"] = eight_hours(grid["O3"])
        tops = [int(np.nanmax(row)) if np.isfinite(row).sum() >= 20 else None for row in grid["O3"]]
        of_year = pd.DatetimeIndex(days).year
        for year in sorted(set(of_year)):
            at = [n for n, y in enumerate(of_year) if y == year]
            told = found[site, int(year)]
            for item, column in values.items():
                told["items"][item] = statistics(item, [column[n] for n in at if column[n] is not None])
            told["good"] = good([({item: column[n] for item, column in values.items()}, tops[n]) for n in at])
    return found


# What whole numbers of thousandths are divided by, so that means of any number of hours can be compared as whole numbers.
WHOLE = math.lcm(*range(6, 9), *range(20, 25))


def means_of_days(hours) -> list[int | None]:
    there = np.isfinite(hours)
    sums, counts = np.where(there, hours, 0).sum(axis=1).astype(int).tolist(), there.sum(axis=1).tolist()
    return [one * (WHOLE // n) if n >= 20 else None for one, n in zip(sums, counts, strict=True)]


def eight_hours(hours) -> list[int | None]:
    there = np.isfinite(hours)
    windows = np.lib.stride_tricks.sliding_window_view
    sums = windows(np.where(there, hours, 0), 8, axis=1).sum(axis=2).astype(int).tolist()
    counts = windows(there, 8, axis=1).sum(axis=2).tolist()
    return [eight_hours_of_day(*row) for row in zip(sums, counts, strict=True)]


def eight_hours_of_day(sums: list[int], counts: list[int]) -> int | None:
    means = [one * (WHOLE // n) for one, n in zip(sums, counts, strict=True) if n >= 6]
    if not means:
        return None
    return max(means) if len(means) >= 14 or max(means) > 160 * 1000 * WHOLE else None


def parts(value: int | Fraction) -> Fraction:
    return Fraction(value) / (1000 * WHOLE)


def half_even(value: Fraction, places: int) -> Decimal:
    return Decimal(round(value * 10**places)) / 10**places


def statistics(item: str, values: list[int]) -> tuple:
    p, places = {"SO2": 98, "NO2": 98, "PM10": 95, "PM25": 95, "CO": 95, "O3": 90}[item], 1 if item == "CO" else 0
    ordered = sorted(values)
    k = Fraction((len(ordered) - 1) * p, 100)
    low = k.numerator // k.denominator
    top = ordered[min(low + 1, len(ordered) - 1)]
    return (
        len(ordered),
        half_even(parts(Fraction(sum(ordered), len(ordered))), places),
        half_even(parts(ordered[low] + (top - ordered[low]) * (k - low)), places),
    )


POINTS = {"SO2": (50, 150, 475, 800, 1600, 2100, 2620), "NO2": (40, 80, 180, 280, 565, 750, 940), "PM10": (50, 150, 250, 350, 420, 500, 600),
          "PM25": (35, 75, 115, 150, 250, 350, 500), "CO": (2, 4, 14, 24, 36, 48, 60), "O3": (100, 160, 215, 265, 800)}  # fmt: skip


def good(days) -> tuple[int, int]:
    """Days up to an index of 100 are those whose every concentration, rounded, is up to the second breakpoint."""
    counted = fine = 0
    for values, top in days:
        if None in values.values() or top is None:
            continue
        counted += 1
        small = all(
            half_even(parts(value), 1 if item == "CO" else 0) <= POINTS[item][1] for item, value in values.items()
        )
        fine += small and half_even(Fraction(top, 1000), 0) <= 200
    return fine, counted
