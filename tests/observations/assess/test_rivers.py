"""Sections, rivers and groups against the functions of the law."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.observations.assess import rivers
from qingshan.standards import water as law
from qingshan.standards.editions import edition
from qingshan.standards.measured import Censored
from qingshan.standards.water.rating import Share

from .media import AT, assessed, measured, slow

RULES = edition("hb22", code="hb22-2011")
SITES = {"r": {"body": "river", "group": "g"}, "l": {"body": "lake"}, "x": {"body": None}}


def drawn(site: str, item: str, value, month: int = 3, year: int = 2025, day: int = 10, **other) -> dict:
    return measured(site, item, value, **{"unit": "mg/L", "time": AT.replace(year=year, month=month, day=day)} | other)


def test_a_year_is_the_mean_of_its_months_however_often_each_was_sampled():
    rows = [drawn("r", "nh3n", 0.4, day=day) for day in (1, 8, 15)] + [drawn("r", "nh3n", 2, 4)]
    (year,), _ = assessed(rivers.sections, rows, SITES, "year")
    assert (year.measured["nh3n"], year.no, year.months, year.group) == (Fraction(6, 5), 4, 2, "g")
    assert [(one.period, one.no) for one in assessed(rivers.sections, rows, SITES).rows] == [
        ("2025-03", 2),
        ("2025-04", 5),
    ]
    assert [one.period for one in assessed(rivers.sections, rows, SITES, "quarter").rows] == ["2025-Q1", "2025-Q2"]
    assert len(assessed(rivers.sections, rows, SITES, "sample").rows) == 4


def test_a_section_without_a_kind_of_water_body_is_told_not_guessed():
    found, faults = assessed(rivers.sections, [drawn("x", "tp", 0.1), drawn("y", "tp", 0.1)], SITES)
    assert found == [] and [one.site for one in faults] == ["x", "y"] and "body" in faults[0].zh


def test_missing_invalid_and_below_detection_are_distinct():
    rows = [
        drawn("r", "nh3n", None),
        drawn("r", "cod", -1),
        drawn("r", "hg", 0.001, below=True),
        drawn("r", "do", 8),
        drawn("r", "temp", -1, unit="℃"),
    ]
    (one,), faults = assessed(rivers.sections, rows, SITES)
    assert one.lacking == {"nh3n": "missing", "cod": "invalid", "hg": "undecidable"} and one.no == 1
    assert [fault.item for fault in faults] == ["cod"] and one.results["temp"].value == -1


def test_change_is_told_against_the_same_period_of_the_year_before():
    rows = [drawn("r", "nh3n", 1.2, year=2024), drawn("r", "nh3n", 0.4), drawn("r", "nh3n", 0.9, 4)]
    first, march, april = assessed(rivers.sections, rows, SITES).rows
    assert (first.change, march.change, april.change) == (None, law.Change(1, 2), None)


def lake(**values) -> list[dict]:
    units = {"chla": "mg/m³", "sd": "m"}
    return [drawn("l", item, one, unit=units.get(item, "mg/L")) for item, one in values.items()]


def test_a_lake_has_a_trophic_state_where_all_five_items_were_measured():
    (one,), _ = assessed(rivers.sections, lake(chla=20, tp=0.1, tn=1.5, sd=0.6, codmn=4.5), SITES)
    assert one.trophic.index == Decimal("55.8") and one.trophic.state[0] == "轻度富营养" and one.no == 4
    assert assessed(rivers.sections, lake(chla=20, tp=0.1), SITES).rows[0].trophic is None


@pytest.mark.parametrize(
    ("clear", "depth", "grade"),
    [(0.24, None, 1), (0.09, None, 2), (0.3, None, 0), (0.12, 0.2, 1), (0.07, 0.2, 2), (0.2, 0.2, 0)],
)
def test_black_and_odorous_waters_by_clearness_in_metres(clear, depth, grade):
    rows = [drawn("r", "sd", clear, unit="m"), drawn("r", "do", 5)] + (
        [drawn("r", "depth", depth, unit="m")] if depth else []
    )
    assert assessed(rivers.sections, rows, SITES).rows[0].black_odorous == grade
    assert assessed(rivers.sections, [drawn("r", "do", 1)], SITES).rows[0].black_odorous is None


MANY = {f"s{n}": {"body": "river", "group": "g"} for n in range(5)}


def test_a_river_of_five_sections_is_rated_by_shares():
    rows = [drawn(site, "nh3n", value) for site, value in zip(MANY, (0.4, 0.4, 0.4, 0.4, 1.6), strict=True)]
    rows += [drawn(site, "nh3n", value, year=2024) for site, value in zip(MANY, (0.4, 0.4, 0.4, 1.6, 1.6), strict=True)]
    before, now = assessed(rivers.groups, rows, MANY).rows
    assert (now.good, now.good_share, now.grade, now.classes) == (
        Share(4, 5, Decimal("80.0")),
        80,
        2,
        (0, 4, 0, 0, 1, 0),
    )
    assert now.main_pollutants == (("nh3n", Share(1, 5, Decimal("20.0")), Decimal("0.60")),)
    assert now.change == law.change_by_share((60, 0), (80, 0), RULES) and before.change is None
    assert now.index == Decimal("0.6400") and now.index_change == law.ranking_change(Decimal("0.88"), Decimal("0.64"))


def test_a_river_of_fewer_sections_is_rated_by_the_means_of_its_items():
    few = dict(list(MANY.items())[:2])
    (one,) = assessed(rivers.groups, [drawn("s0", "nh3n", 0.4), drawn("s1", "nh3n", 1.8)], few).rows
    assert (one.grade, one.good.count) == (3, 1) and one.main_pollutants[0][2] == Decimal("0.10")
    (mixed,) = assessed(
        rivers.groups, [drawn("s0", "tp", 0.04), drawn("l", "tp", 0.04)], few | {"l": {"body": "lake", "group": "g"}}
    ).rows
    assert mixed.grade is None and mixed.index == Decimal("0.5000")  # (0.04 / 0.2 + 0.04 / 0.05) / 2


def test_twelve_months_in_a_row_and_five_years_are_tried_for_a_trend():
    monthly = assessed(rivers.sections, [drawn("r", "nh3n", month / 10, month) for month in range(1, 13)], SITES).rows
    (one,) = rivers.trends(monthly)
    assert (one.first, one.last, one.n, one.trend.coefficient, one.trend.significant) == (
        "2025-01",
        "2025-12",
        12,
        1,
        True,
    )
    assert rivers.trends(monthly[:3] + monthly[4:]) == []
    yearly = assessed(rivers.sections, [drawn("r", "nh3n", value, year=year) for year, value in
                      zip(range(2021, 2026), (5.2, 4.9, 4.6, 4.7, 4.1), strict=True)], SITES, "year").rows  # fmt: skip
    assert rivers.trends(yearly)[0].trend == law.trend([Decimal(v) for v in ("5.2", "4.9", "4.6", "4.7", "4.1")], RULES)
    assert rivers.trends(yearly[1:]) == []


def test_the_load_of_nitrogen_to_the_sea():
    rows = [drawn("r", "flow", flow, day=day, unit="m³/s") for day, flow in ((1, 10), (2, 30), (3, 20))]
    rows += [drawn("r", "tn", 2, day=1), drawn("r", "tn", 4, day=2), drawn("l", "tn", 4)]
    (one,) = assessed(lambda connection, table, sites: rivers.loads(connection, table), rows, SITES)
    days = [(date(2025, 3, 1), 10, 2), (date(2025, 3, 2), 30, 4), (date(2025, 3, 3), 20, None)]
    assert (one.load, one.days, one.sampled) == (law.flux(days), 3, 2)


items = st.sampled_from(["do", "codmn", "cod", "bod5", "nh3n", "tp", "hg", "oil"])
values = st.decimals(0, 20, places=4)
samples = st.dictionaries(
    st.tuples(items, st.integers(0, 60)), st.one_of(values, values.map(Censored)), min_size=1, max_size=12
)


@slow
@given(samples, st.sampled_from(["river", "lake"]))
def test_a_year_is_judged_as_by_the_function_of_the_law(taken, body):
    start = AT.replace(month=1, day=1)
    rows = [
        measured(
            "s",
            item,
            one.below if isinstance(one, Censored) else one,
            below=isinstance(one, Censored),
            unit="mg/L",
            time=start + timedelta(days=day),
        )
        for (item, day), one in taken.items()
    ]
    months: dict = defaultdict(lambda: defaultdict(list))
    for (item, day), one in taken.items():
        months[item][(start + timedelta(days=day)).month].append(one)
    exact = law.section(
        {item: mean_of([mean_of(one) for one in each.values()]) for item, each in months.items()},
        body,
        date(2025, 12, 31),
    )
    (found,), _ = assessed(rivers.sections, rows, {"s": {"body": body}}, "year")
    assert (found.no, set(found.section.deciders)) == (exact.no, set(exact.deciders))


def mean_of(some: list):
    if all(isinstance(one, Censored) for one in some):
        return max(some, key=lambda one: one.below)
    return sum(Fraction(one.half if isinstance(one, Censored) else one) for one in some) / len(some)
