import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards import air
from qingshan.standards.editions import edition

from ...shared import shared

OLD, NEW = edition("hj633", code="hj633-2012"), edition("hj633", code="hj633-2026")
NAMES = {
    "PM25": "细颗粒物(PM2.5)",
    "PM10": "颗粒物(PM10)",
    "SO2": "二氧化硫",
    "NO2": "二氧化氮",
    "CO": "一氧化碳",
    "O3": "臭氧1小时",
}


def report_of(item: str) -> str:
    return "hour" if item.endswith("_1h") else "day"


@pytest.mark.parametrize(
    ("table", "item", "value", "index", "why"),
    [
        (OLD, "PM25_24h", 75, 100, ""), (OLD, "PM25_24h", 60, 82, ""), (NEW, "PM25_24h", 60, 100, ""),
        (NEW, "PM25_24h", 61, 101, ""), (NEW, "PM25_24h", 28, 40, ""), (NEW, "PM25_24h", 501, 500, "over_range"),
        (NEW, "PM10_24h", 120, 100, ""), (OLD, "PM10_24h", 120, 85, ""), (NEW, "SO2_24h", 100, 75, ""),
        (NEW, "SO2_1h", 900, 200, "over_range"), (OLD, "SO2_1h", 900, None, "not_computed"),
        (NEW, "O3_8h", 161, 101, ""), (NEW, "O3_8h", 900, 300, "over_range"), (OLD, "O3_8h", 801, None, "not_computed"),
        (NEW, "CO_24h", Decimal("1.1"), 28, ""), (NEW, "NO2_24h", 41, 52, ""), (NEW, "NO2_24h", None, None, "missing"),
        (NEW, "NO2_24h", -1, None, "invalid"), (NEW, "SO2_24h", 0, 0, ""), (NEW, "SO2_24h", Fraction(-1, 3), None, "invalid"),
    ],
)  # fmt: skip
def test_an_individual_index(table, item, value, index, why):
    part = air.individual_index(item, value, table, report_of(item))
    assert (part.value, part.why) == (index, why)


def test_the_worked_values_beside_the_tables():
    told = yaml.safe_load(shared("standards/T_test_vectors.yaml").read_text(encoding="utf-8"))["iaqi"]
    tables = {"HJ633-2012": OLD, "HJ633-2026": NEW}
    wrong = []
    for one in told:
        item = one["item"].replace("PM2.5", "PM25")
        found = air.individual_index(item, Decimal(str(one["c"])), tables[one["version"]], report_of(item)).value
        if found != one["iaqi"]:
            wrong.append((one["version"], item, one["c"], found, one["iaqi"]))
    # 28 on 0–35 → 0–50 is exactly 40; the list says 41, which comes of dividing 50 by 35 before multiplying by 28.
    assert wrong == [("HJ633-2026", "PM25_24h", 28, 40, 41)]


def test_concentrations_are_rounded_first_and_the_half_goes_to_the_even_digit():
    assert air.individual_index("PM25_24h", Decimal("60.5"), NEW).value == 100
    assert air.individual_index("PM25_24h", Decimal("60.51"), NEW).value == 101


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        air.individual_index("CO_24h", 1.1, NEW)


def everything(table):
    """Every concentration of realistic resolution on every row."""
    for report in ("day", "hour"):
        for item, (row, pollutant) in table["reports"][report].items():
            step = Decimal(1).scaleb(-table["places"][pollutant])
            points = table["breakpoints"][row]
            for count in range(int(points[-1] / step) + 1):
                yield report, item, points, count * step


@pytest.mark.parametrize("table", [OLD, NEW], ids=["2012", "2026"])
def test_every_representable_concentration_by_the_formula_of_the_standard(table):
    levels = table["levels_at"]
    for report, item, points, value in everything(table):
        high = next(i for i, point in enumerate(points) if value <= point) or 1
        by_formula = (
            Fraction(levels[high] - levels[high - 1])
            / Fraction(points[high] - points[high - 1])
            * (Fraction(value) - points[high - 1])
            + levels[high - 1]
        )
        assert air.individual_index(item, value, table, report).value == ceil(by_formula)


DAY = {"SO2_24h": 9, "NO2_24h": 41, "CO_24h": Decimal("0.8"), "O3_8h": 90, "PM10_24h": 60, "PM25_24h": 30}


def test_an_index_names_its_primary_pollutant_and_level():
    found = air.aqi(DAY, date(2026, 4, 1))
    assert (found.value, found.primary, found.level.grade, found.published) == (
        58,
        ("PM10",),
        "良",
        True,
    )  # 50–120 → 50–100
    assert found.edition.code == "hj633-2026" and found.exceeding == ()


@pytest.mark.parametrize("table", [OLD, NEW], ids=["2012", "2026"])
def test_an_index_has_the_level_of_its_edition(table):
    names = [air.level(value, table).name for value in (0, 50, 51, 100, 101, 150, 151, 200, 201, 300, 301, 500)]
    assert names == [name for name in ("一级", "二级", "三级", "四级", "五级", "六级") for _twice in (0, 1)]
    for beyond in (-1, 501):
        with pytest.raises(ValueError, match="between 0 and 500"):
            air.level(beyond, table)


@pytest.mark.parametrize("table", [OLD, NEW], ids=["2012", "2026"])
def test_levels_and_colours_are_those_that_were_read(table):
    told = yaml.safe_load(shared("standards/A_air_aqi_hj633.yaml").read_text("utf8"))["levels"]
    found = [
        (one.upper, one.name, one.grade, one.colour.removesuffix("色"), list(one.rgb)) for one in air.levels(table)
    ]
    assert found == [(one["range"][1], one["level"], one["class"], one["color"], one["rgb"]) for one in told]


def test_up_to_fifty_there_is_no_primary_pollutant():
    found = air.aqi(dict.fromkeys(DAY, 1), date(2026, 4, 1))
    assert found.primary == () and found.level.grade == "优"


def test_a_tie_is_joint():
    assert air.aqi(DAY | {"PM10_24h": 120, "PM25_24h": 60}, date(2026, 4, 1)).primary == ("PM10", "PM25")


def test_a_missing_item_is_not_published_unless_the_rest_is_polluted_already():
    rest = {item: value for item, value in DAY.items() if item != "CO_24h"}
    assert not air.aqi(rest, date(2026, 4, 1)).published
    assert air.aqi(rest | {"PM25_24h": 80}, date(2026, 4, 1)).published
    assert not air.aqi(rest | {"PM25_24h": 80, "O3_1h": 90}, date(2026, 2, 28)).published
    assert air.aqi(rest, date(2026, 4, 1)).missing == ("CO_24h",)


WITHOUT_CO = {item: value for item, value in DAY.items() if item != "CO_24h"}


def test_a_pollutant_outside_the_monitoring_plan_is_no_missing_item():
    found = air.aqi(WITHOUT_CO, date(2026, 4, 1), unmonitored={"CO"})
    assert (found.value, found.published, found.missing) == (58, True, ())
    assert [part.why for part in found.parts if part.item == "CO_24h"] == ["unmonitored"]
    assert not air.aqi(WITHOUT_CO | {"PM10_24h": None}, date(2026, 4, 1), unmonitored={"CO"}).published
    assert air.aqi(DAY, date(2026, 4, 1), unmonitored={"PM10"}).value == 58  # what was measured counts
    assert air.aqi(DAY | {"CO_24h": -1}, date(2026, 4, 1), unmonitored={"CO"}).missing == ("CO_24h",)


def test_the_edition_of_2012_knows_no_pollutant_outside_the_plan():
    found = air.aqi(WITHOUT_CO | {"O3_1h": 90}, date(2026, 2, 1), unmonitored={"CO"})
    assert (found.published, found.missing) == (False, ("CO_24h",))
    assert not air.may_go_unmonitored("CO", date(2026, 2, 1), {})


@pytest.mark.parametrize(
    ("day", "values", "may"),
    [
        (date(2029, 4, 1), DAY | {"CO_24h": 10}, False),
        (date(2029, 4, 2), DAY | {"CO_24h": 10}, True),  # longer ago than three years
        (date(2029, 4, 1), DAY | {"CO_24h": 4}, True),  # CO is primary, but 100 is no pollution
        (date(2029, 4, 1), DAY | {"CO_24h": 10, "PM25_24h": 300}, True),  # polluted, but CO does not lead
    ],
)
def test_a_pollutant_that_led_a_polluted_day_within_three_years_may_not_go_unmonitored(day, values, may):
    past = {date(2026, 4, 1): air.aqi(values, date(2026, 4, 1))}
    assert air.may_go_unmonitored("CO", day, past) is may


def test_three_years_before_the_last_of_february():
    assert air.led_since(date(2028, 2, 29), NEW) == date(2025, 2, 28) and air.led_since(date(2026, 4, 1), OLD) is None


def test_nothing_measured_is_no_index():
    found = air.aqi({}, date(2026, 4, 1))
    assert found.value is None and not found.published and len(found.missing) == 6


def test_an_item_the_report_does_not_have_is_refused():
    with pytest.raises(KeyError, match="O3_1h"):
        air.aqi({"O3_1h": 1}, date(2026, 4, 1))


@given(st.lists(st.integers(0, 700), min_size=6, max_size=6))
def test_the_index_is_the_highest_of_its_parts_and_grows_with_each(values):
    items = dict(zip(DAY, values, strict=True))
    found = air.aqi(items, date(2026, 4, 1))
    assert found.value == max(1, *(part.value for part in found.parts))
    for item in items:
        assert air.aqi(items | {item: items[item] + 7}, date(2026, 4, 1)).value >= found.value


def number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell[:1].isdigit() else None


def published(path: str, swapped: bool):
    """Rows of a published hour: (values by item, index, the row), None where a cell holds no number."""
    columns = {"SO2_1h": "so2", "NO2_1h": "no2", "CO_1h": "co", "PM10_1h": "pm10", "PM25_1h": "pm2_5"}
    columns["O3_1h"] = "o3_24h" if swapped else "o3"
    with shared(path).open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            yield {item: number(row[name]) for item, name in columns.items()}, number(row["aqi"]), row


def test_a_published_hour_of_half_the_national_stations_is_reproduced_whole():
    seen = Counter()
    for values, index, row in published("data/air/cnemc_2018-02-20T07_half.csv", swapped=True):
        found = air.aqi(values, code="hj633-2012", report="hour_as_published")
        if found.missing or index is None:
            seen["without all items"] += 1
            continue
        primary = sorted(one for one in row["primarypollutant"].split(",") if one != "-;")
        assert found.value == index and found.level.grade == row["quality"]
        assert sorted(NAMES[one] for one in found.primary) == primary
        seen["reproduced"] += 1
    assert seen == {"reproduced": 622, "without all items": 125}


def test_nine_stations_of_shanghai_of_which_one_is_not_published():
    rows = list(published("data/air/cnemc_20220104T16_shanghai.csv", swapped=False))
    for values, index, _ in rows:
        found = air.aqi(values, date(2022, 1, 4), report="hour_as_published")
        assert found.published == (index is not None)
        assert index is None or found.value == index
    assert sum(index is None for _, index, _ in rows) == 1
