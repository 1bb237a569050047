"""What metrics take from measurements, against the functions of the law applied to the same rows one by one."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from qingshan.observations.appending import append
from qingshan.observations.assess.asking import read
from qingshan.observations.assess.findings import TAKES, asked, editions_of, findings, in_words
from qingshan.observations.rows import USABLE
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.observations.wanted import Finding, Wanted, named, wanted
from qingshan.standards import air, water
from qingshan.standards.editions import edition

from ..sample import RECEIVED, batch, row

SINCE, UNTIL = date(2024, 1, 1), date(2025, 3, 10)
AIR = [{"code": code, "medium": "air"} for code in "ab"]
WATER = [{"code": f"w{no}", "medium": "water", "body": "lake" if no == 3 else "river"} for no in range(4)]


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    return simulated([*AIR, *WATER], SINCE, UNTIL)


@pytest.fixture(scope="module")
def place(rows, tmp_path_factory) -> str:
    place = str(tmp_path_factory.mktemp("store"))
    append(Store(place), rows)
    return place


@pytest.fixture(scope="module")
def days(rows) -> dict:
    """Day → item of the daily report → the mean of the two stations, None unless both have a value."""
    hours = defaultdict(dict)
    for one in rows.to_pylist():
        if one["medium"] == "air" and one["flag"] in USABLE and one["value"] is not None:
            hours[one["time"].date(), one["item"], one["site"]][one["time"].hour] = one["value"]
    found = defaultdict(dict)
    for day in {day for day, _, _ in hours}:
        for item in air.ITEMS:
            told = [[hours[day, item, site].get(hour) for hour in range(24)] for site in "ab"]
            found[day] |= _daily(item, told, day)
    return found


def _daily(item: str, told, day: date) -> dict:
    limits, rules = edition("gb3095", day), edition("hj663", day)
    if item != "O3":
        return {f"{item}_24h": air.district_mean([air.daily_mean(hours, limits) for hours in told], rules)}
    tops = [max(there) if len(there := [v for v in hours if v is not None]) >= 20 else None for hours in told]
    eight = air.district_mean([air.mda8(hours, rules, limits) for hours in told], rules)
    return {"O3_8h": eight, "O3_1h": air.district_mean(tops, rules)}


def found(place, one: Wanted, sites, until=UNTIL, as_of=None) -> tuple[Finding, ...]:
    one = one.at(sites)
    return findings(asked(one, place, as_of), one, until)


def months_until(last: tuple[int, int]) -> list[str]:
    return [f"{y}-{m:02d}" for y in (2024, 2025) for m in range(1, 13) if (y, m) <= last]


def test_good_days_are_counted_without_what_the_plans_leave_out(tmp_path):
    made = simulated(AIR, date(2026, 4, 1), date(2026, 5, 1))
    append(Store(str(tmp_path)), made.filter(pc.not_equal(made["item"], "CO")))
    (bare,) = found(str(tmp_path), Wanted("air", "good_days"), AIR, date(2026, 4, 30))
    planned = [one | {"unmonitored": "CO 2026-03-01/"} for one in AIR]
    (spared,) = found(str(tmp_path), Wanted("air", "good_days"), planned, date(2026, 4, 30))
    assert (bare.value, spared.value > 0, spared.weight > bare.weight) == (
        0,
        True,
        True,
    )  # without it only bad days are published
    assert wanted(Wanted("air", "good_days").at(planned).plain()).properties["a"]["unmonitored"] == "CO 2026-03-01/"


@pytest.mark.parametrize("item", ["PM25", "CO", "O3"])
def test_a_month_is_the_mean_of_the_days_of_the_district(place, days, item):
    told = found(place, Wanted("air", "mean", item), AIR)
    assert [one.period for one in told] == months_until((2025, 2))  # March is not over
    for one in told:
        values = [
            v[f"{item}_8h" if item == "O3" else f"{item}_24h"]
            for day, v in days.items()
            if f"{day:%Y-%m}" == one.period
        ]
        there = [v for v in values if v is not None]
        assert (one.value, one.weight) == (Fraction(sum(there)) / len(there), len(there))
        assert one.seen == (len(there) >= (25 if one.period.endswith("-02") else 27))
    assert any(one.seen for one in told) and 0 < sum(one.weight for one in told) < len(days)


def test_good_days_are_those_whose_index_is_at_most_100(place, days):
    told = found(place, Wanted("air", "good_days"), AIR)
    judged = {day: air.aqi(v, day) for day, v in days.items()}
    for one in told:
        published = [it for day, it in judged.items() if f"{day:%Y-%m}" == one.period and it.published]
        good = sum(it.value <= 100 for it in published)
        assert (one.value, one.weight) == (Fraction(100 * good, len(published)), len(published))


def test_of_six_pollutants_those_attain_whose_every_statistic_does(place, days):
    (told,) = found(place, Wanted("air", "attained"), AIR)
    values = {i: {d: v for d in days if d.year == 2024 and (v := days[d]["O3_8h" if i == "O3" else f"{i}_24h"]) is not None}
              for i in air.ITEMS}  # fmt: skip
    law = air.attainment(values, edition("hj663", date(2024, 12, 31)), edition("gb3095", date(2024, 12, 31)))
    failing = {one.item for one in law.statistics if not one.attained}
    whole = len(air.ITEMS) - len(law.incomplete)
    assert (told.period, told.part, told.whole, told.of) == ("2024", whole - len(failing), whole, 6)
    assert told.value == Fraction(100 * (whole - len(failing)), whole)


@pytest.mark.parametrize(("every", "labels"), [
    ("quarter", ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]), ("year", ["2024"]), ("month", months_until((2025, 2))),
])  # fmt: skip
def test_a_section_is_good_by_the_class_of_its_means(place, rows, every, labels):
    told = found(place, Wanted("water", "good_share", every=every), WATER)
    assert [one.period for one in told] == labels
    values = defaultdict(list)
    for one in rows.to_pylist():
        if one["medium"] == "water" and one["flag"] in USABLE and one["value"] is not None:
            month = one["time"].month
            label = {"month": f"{one['time']:%Y-%m}", "quarter": f"{one['time'].year}-Q{(month + 2) // 3}",
                     "year": str(one["time"].year)}[every]  # fmt: skip
            values[label, one["site"], one["item"]].append(Fraction(one["value"]) / (2 if one["below"] else 1))
    for one in told:
        classes = []
        for site in WATER:
            means = {
                i: sum(v) / len(v)
                for (label, code, i), v in values.items()
                if (label, code) == (one.period, site["code"])
            }
            classes.append(water.section(means, site["body"], limits="gb3838-2002", rules="hb22-2011").no)
        good = sum(no <= 3 for no in classes)
        assert (one.part, one.whole, one.seen, one.of, one.value) == (good, 4, 4, 4, 25 * good)


def test_sites_are_those_of_the_group_and_a_section_without_samples_is_missed():
    sites = [
        *WATER[:2],
        WATER[2] | {"group": "city"},
        {"code": "none", "medium": "water", "body": "river", "group": "city"},
    ]
    assert Wanted("water", "good_share", group="city").at(sites).codes == ("w2", "none")
    assert Wanted("water", "good_share").at([*AIR, *sites]).codes == ("w0", "w1", "w2", "none")


def test_a_section_without_samples_leaves_the_period_incomplete(place):
    told = found(
        place, Wanted("water", "good_share"), [*WATER[:1], {"code": "none", "medium": "water", "body": "river"}]
    )
    assert {(one.seen, one.of, one.whole) for one in told} == {(1, 2, 1)}


def test_nothing_measured_comes_to_nothing(tmp_path):
    for medium, takes in TAKES.items():
        for take, how in takes.items():
            one = Wanted(medium, take, (how.items or ("",))[0], depth="22.2" if how.depth else "")
            assert found(str(tmp_path), one, []) == ()
            assert found(str(tmp_path), one, [{"code": "x", "medium": medium, "body": "river"}]) == ()


def test_what_was_received_later_is_not_known_before(tmp_path):
    hours = [row(hour, "10") for hour in range(24 * 31)]
    append(Store(tmp_path), batch(hours), RECEIVED)
    append(Store(tmp_path), batch([one | {"value": Decimal(34)} for one in hours[:24]]), RECEIVED + timedelta(days=9))
    one, sites = Wanted("air", "mean", "PM25"), [{"code": "S1", "medium": "air"}]
    end = date(2025, 1, 31)
    before, after = (found(str(tmp_path), one, sites, end, RECEIVED + timedelta(days=day)) for day in (1, 9))
    assert before[0].value == 10 and after[0].value == 10 + Fraction(24, 31)
    questions = [asked(one.at(sites), str(tmp_path), RECEIVED + timedelta(days=day)) for day in (1, 10, 12)]
    told = [read(question, end) for question in questions]
    assert [it.rows for it in told] == [744] * 3 and told[0].digest != told[1].digest == told[2].digest
    assert questions[1] == questions[2] != questions[0]  # after the last row received one instant is as good as another
    assert (told[0].last, told[0].sources) == (end, ("test",))
    assert read(questions[0], date(2025, 1, 1)).rows == 24 and read(questions[0], date(2024, 1, 1)).rows == 0
    assert found(str(tmp_path), one, sites, end, datetime(2025, 1, 1, tzinfo=UTC)) == ()


def test_it_says_what_it_takes_and_by_which_editions():
    one = Wanted("air", "mean", "PM25", group="city").at(
        [{"code": "a", "medium": "air", "group": "city", "name": "甲"}]
    )
    assert wanted(one.plain()) == one and one.name == "air:mean&item=PM25&group=city"
    assert one.plain()["sites"] == [{"code": "a", "group": "city"}]
    told = in_words(one, {"city": {"zh": "市控点", "en": "city stations"}})
    assert told["zh"].startswith("环境空气 PM2.5（市控点）：") and told["en"].startswith(
        "Ambient air PM2.5 (city stations): "
    )
    assert in_words(Wanted("water", "good_share"))["zh"] == "地表水：Ⅰ—Ⅲ类断面占比"
    assert named(one.name) == Wanted("air", "mean", "PM25", "city") and named("water:good_share").take == "good_share"
    codes = [it["code"] for it in editions_of(Wanted("air", "good_days"), date(2025, 1, 1), date(2026, 3, 1))]
    assert codes == ["hj633-2012", "hj633-2026", "hj663-2013", "hj663-2026"]


def test_what_can_be_taken_stands_in_the_format_of_programmes():
    text = (Path(__file__).parents[3] / "docs" / "programme-format.md").read_text("utf8")
    told = {tuple(cell.strip() for cell in line.split("|")[1:5]) for line in text.splitlines() if line.count("|") == 7}
    assert {
        (medium, take, "、".join(how.items), how.formula)
        for medium, takes in TAKES.items()
        for take, how in takes.items()
    } <= told
