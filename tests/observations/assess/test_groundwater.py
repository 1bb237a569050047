"""Many wells against the functions of the law, and what became of a park's wells."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qingshan.observations.assess import groundwater
from qingshan.standards import groundwater as law
from qingshan.standards.editions import edition
from qingshan.standards.measured import Censored

from .media import AT, assessed, measured, slow

TABLE = edition(law.FAMILY, code="gbt14848-2017")
SITES = {"w": {"group": "park"}}


def in_law(item: str, value, **other) -> dict:
    return measured("w", item, value, **{"unit": TABLE["items"][item]["unit"]} | other)


def at(year: int, month: int = 3) -> datetime:
    return AT.replace(year=year, month=month)


def test_a_well_has_the_class_of_the_worst_mean_of_its_items():
    rows = [in_law("氨氮", 0.4), in_law("氨氮", 0.7, time=at(2025, 9)), in_law("锰", 0.04), in_law("pH", 7.2)]
    (one,), faults = assessed(groundwater.wells, rows, SITES)
    assert (one.no, one.well.deciders, one.group, one.period, faults) == (4, ("氨氮",), "park", "2025", [])
    assert one.results["氨氮"].value == Fraction(11, 20) and one.results["氨氮"].n == 2


def test_months_and_days_stand_by_themselves():
    rows = [in_law("氨氮", 0.4), in_law("氨氮", 0.7, time=at(2025, 9))]
    assert [(one.period, one.no) for one in assessed(groundwater.wells, rows, SITES, "month").rows] == [
        ("2025-03", 3),
        ("2025-09", 4),
    ]
    assert [one.period for one in assessed(groundwater.wells, rows, SITES, "day").rows] == [
        "2025-03-10",
        "2025-09-10",
    ]


def test_missing_invalid_below_detection_and_out_of_range_are_distinct_answers():
    rows = [in_law("汞", None), in_law("砷", -1), in_law("铅", 9, flag="range"), in_law("镉", 0.002, below=True), in_law("铁", 9, flag="fault"),
            in_law("铜", 0.001, below=True), in_law("pH", 15)]  # fmt: skip
    (one,), faults = assessed(groundwater.wells, rows, SITES)
    assert one.lacking == {
        "汞": "missing",
        "砷": "invalid",
        "铅": "out_of_range",
        "镉": "undecidable",
        "铁": "invalid",
        "pH": "out_of_range",
    }
    assert one.no == 1 and one.results["铜"].value == Censored(Decimal("0.001"))
    assert {fault.item: fault.value for fault in faults} == {"砷": "-1.000000", "pH": "15.000000"}


def test_half_the_detection_limit_enters_a_mean_and_a_mean_of_limits_stays_below_them():
    rows = [in_law("氨氮", 0.02, below=True), in_law("氨氮", 0.04, time=at(2025, 9))]
    assert assessed(groundwater.wells, rows, SITES).rows[0].results["氨氮"].value == Fraction(1, 40)
    rows = [in_law("阴离子表面活性剂", 0.05, below=True, time=at(2025, month)) for month in (3, 9)]
    assert assessed(groundwater.wells, rows, SITES).rows[0].no == 1  # not detected: class Ⅰ asks for nothing else


def test_units_are_turned_or_refused_never_taken_for_the_other():
    (one,), faults = assessed(groundwater.wells, [in_law("砷", 8, unit="μg/L"), in_law("铁", 8, unit="m")], SITES)
    assert (
        one.results["砷"].value == Fraction(8, 1000)
        and faults[0].item == "铁"
        and "“m”" in faults[0].zh
        and "mg/L" in faults[0].en
    )


def test_what_is_not_in_the_table_is_told_with_its_place():
    (fault,) = assessed(groundwater.wells, [in_law("铁", 0.1), measured("w", "钚", 3)], SITES).faults
    assert (fault.site, fault.item, fault.period, fault.value) == (
        "w",
        "钚",
        "2025",
        "3.000000",
    ) and "GB/T 14848-2017" in fault.zh


def test_what_is_smelt_and_seen_is_stored_as_nought_or_one():
    assert assessed(groundwater.wells, [in_law("嗅和味", 0), in_law("肉眼可见物", 1)], SITES).rows[0].well.deciders == (
        "肉眼可见物",
    )


def test_before_the_edition_there_is_no_class_unless_it_is_named():
    rows = [in_law("铁", 0.1, time=at(2017))]
    none, faults = assessed(groundwater.wells, rows, SITES)
    assert none == [] and "gbt14848-2017" in faults[0].en
    assert assessed(groundwater.wells, rows, SITES, code="gbt14848-2017").rows[0].no == 1


def test_a_park_is_stable_where_no_well_has_a_worse_class_than_the_year_before():
    sites = {site: {"group": "p"} for site in "ab"}
    rows = [measured(site, "锰", value, unit="mg/L", time=at(year)) for site, year, value in
            (("a", 2024, 0.09), ("a", 2025, 0.2), ("b", 2024, 0.2), ("b", 2025, 0.05), ("a", 2023, 0.09), ("b", 2023, 0.2))]  # fmt: skip
    first, second, third = assessed(groundwater.parks, rows, sites).rows
    assert (first.stable, second.stable, third.stable) == (None, True, False)
    assert (third.no, third.worsened, third.stable_share, third.compared) == (4, (("a", "锰", 3, 4),), 50, 2)


numbers = [item for item, told in TABLE["items"].items() if "limits" in told]
values = st.decimals(0, 100, places=4)
samples = st.dictionaries(st.sampled_from(numbers), st.one_of(values, values.map(Censored)), min_size=1, max_size=8)


@slow
@given(samples)
def test_a_sample_is_judged_as_by_the_function_of_the_law(results):
    rows = [
        in_law(item, one.below if isinstance(one, Censored) else one, below=isinstance(one, Censored))
        for item, one in results.items()
    ]
    (found,), _ = assessed(groundwater.wells, rows, SITES, "day")
    exact = law.well(results, AT.date())
    assert (found.no, set(found.well.deciders)) == (exact.no, set(exact.deciders))
    assert set(found.well.missing) == set(exact.missing)
