import csv
import gzip
from collections import Counter
from datetime import date
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards import water
from qingshan.standards.editions import edition
from qingshan.standards.water.section import CLASSES

from ...shared import shared

DAY = date(2025, 6, 1)
TABLE = edition("gb3838", DAY)
ROMAN = {name: no for no, name in enumerate(CLASSES, 1)}


def D(text: str) -> Decimal:
    return Decimal(text)


def test_the_worst_item_decides_and_its_multiple_is_told():
    found = water.section({"codmn": D("5.2"), "nh3n": D("0.8"), "tp": D("0.21"), "do": D("6.1")}, "river", DAY)
    assert (found.name, found.deciders) == ("Ⅳ", ("tp",))
    assert [(one.item, one.multiple) for one in found.main_pollutants] == [("tp", D("0.05"))]


def test_phosphorus_of_a_lake_has_limits_of_its_own():
    assert water.section({"tp": D("0.06")}, "lake", DAY).name == "Ⅳ"
    assert water.section({"tp": D("0.06")}, "river", DAY).name == "Ⅱ"


def test_nitrogen_temperature_and_coliforms_do_not_count():
    found = water.section({"tn": 9, "temp": 40, "fcoli": 10**6, "do": 5}, "lake", DAY)
    assert found.name == "Ⅲ" and [one.item for one in found.items] == ["do"]
    assert water.item_class("tn", 9, "river", TABLE).why == "not_applicable"


def test_the_kind_of_water_body_is_told_never_guessed():
    with pytest.raises(ValueError, match="reservoir"):
        water.section({"tp": 1}, "reservoir", DAY)


@pytest.mark.parametrize(
    ("value", "why"), [(None, "missing"), (D("-0.1"), "invalid"), (water.Censored(D("0.02")), ""),
                       (water.Censored(D("0.3")), "undecidable")]
)  # fmt: skip
def test_missing_invalid_and_below_detection_are_distinct_answers(value, why):
    found = water.item_class("nh3n", value, "river", TABLE)
    assert found.why == why and (found.no == 1) == (why == "")


def test_below_detection_says_the_worst_of_oxygen_and_nothing_of_acidity():
    assert water.item_class("do", water.Censored(D("0.2")), "river", TABLE).no == 6
    assert water.item_class("do", water.Censored(D("3")), "river", TABLE).why == "undecidable"
    assert water.item_class("ph", water.Censored(D("7")), "river", TABLE).why == "undecidable"


def test_half_a_detection_limit_enters_a_mean():
    assert water.Censored(D("0.025")).half == D("0.0125")


def test_oxygen_of_class_one_may_be_met_by_saturation():
    assert water.item_class("do", D("7.2"), "river", TABLE).no == 2
    assert water.item_class("do", D("7.2"), "river", TABLE, saturation=D("0.9")).no == 1


def test_nothing_measured_is_no_class():
    found = water.section({"do": None}, "river", DAY)
    assert found.no is None and found.name == "" and found.missing == ("do",)
    with pytest.raises(KeyError, match="plutonium"):
        water.section({"plutonium": 1}, "river", DAY)


def test_heavy_metals_come_first_among_main_pollutants():
    found = water.section({"nh3n": 9, "tp": 3, "cod": 100, "hg": D("0.0002")}, "river", DAY)
    assert [one.item for one in found.main_pollutants] == ["hg", "tp", "nh3n"]  # 14 times and 8 times over
    assert found.name == "劣Ⅴ"


def test_of_a_good_section_no_main_pollutant_is_told():
    assert water.section({"nh3n": 1}, "river", DAY).main_pollutants == ()


ITEMS = [item for item, told in TABLE["items"].items() if told.get("op") in ("le", "ge")]


@given(
    st.sampled_from(ITEMS),
    st.sampled_from(["river", "lake"]),
    st.decimals(0, 50, places=4),
    st.decimals(0, 5, places=4),
)
def test_worse_water_never_has_a_better_class(item, body, value, more):
    before, after = (water.item_class(item, one, body, TABLE).no for one in (value, value + more))
    if before is not None:
        assert before >= after if item == "do" else before <= after


COLUMNS = {
    "ph": "pH(无量纲)",
    "do": "溶解氧(mg/L)",
    "codmn": "高锰酸盐指数(mg/L)",
    "nh3n": "氨氮(mg/L)",
    "tp": "总磷(mg/L)",
}


def number(cell: str | None) -> Decimal | None:
    try:
        return Decimal(cell)
    except (InvalidOperation, TypeError):
        return None


def published():
    """Rows with a published class: (rounded values, unrounded ones where told, kind of water body, class)."""
    with shared("data/water/sections_behaving_as_lake.csv").open(encoding="utf-8-sig") as file:
        lakes = {(row["省份"], row["断面名称"]) for row in csv.DictReader(file)}
    with gzip.open(shared("data/water/cnemc_surface_water_2020-05_2021-03.csv.gz"), "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if no := ROMAN.get(row["水质类别"]):
                values = {item: read for item, name in COLUMNS.items() if (read := number(row[name])) is not None}
                raw = {item: read for item, name in COLUMNS.items() if (read := number(row[f"{name}|raw"])) is not None}
                yield values, raw, "lake" if (row["省份"], row["断面名称"]) in lakes else "river", no


def test_published_classes_of_national_sections():
    """99.63 % from the published values; 81 more come of classing before rounding. Seven remain: one lake (北湖) that the
    list of lakes lacks, and six classes that none of the published values bears out."""
    seen = Counter()
    for values, raw, body, no in published():
        if water.section(values, body, DAY).no == no:
            seen["same"] += 1
        elif water.section(values | raw, body, DAY).no == no:
            seen["classed before rounding"] += 1
        else:
            seen["unexplained"] += 1
    assert seen == ACCOUNT
    assert seen["same"] / seen.total() >= 0.99


ACCOUNT = {"same": 23664, "classed before rounding": 81, "unexplained": 7}


def test_an_acidity_that_cannot_be_is_out_of_range_and_has_no_class():
    found = water.section({"ph": 15, "do": 8}, "river", DAY)
    assert (found.no, found.missing) == (1, ("ph",)) and found.items[0].why == "out_of_range"
