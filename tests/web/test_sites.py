"""Pages of wells, soil, noise, sea and rain: what the evaluation says, beside its limits, with what was not judged."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from qingshan.observations.appending import append
from qingshan.observations.settling import settle
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.plan.models import Programme
from qingshan.standards.groundwater import CLASSES
from qingshan.web import measuring
from qingshan.web.sites import MEDIA, noise, parts

from ..district import district
from ..observations.sample import RECEIVED, batch, row

pytestmark = pytest.mark.django_db
PLACE = {"lon": 121.1, "lat": 30.8, "simulated": True}
GROUPS = [{"code": "park", "name": "东园", "name_en": "East park"}]
SITES = [
    {"code": "g-1", "medium": "groundwater", "group": "park", "name": "井甲", "name_en": "Well A", **PLACE},
    {"code": "g-2", "medium": "groundwater", "group": "park", "name": "井乙", "name_en": "Well B", **PLACE},
    {"code": "s-1", "medium": "soil", "land": "paddy", "name": "土甲", "name_en": "Soil A", **PLACE},
    {"code": "s-2", "medium": "soil", "land": "class-1", "name": "土乙", "name_en": "Soil B", **PLACE},
    {"code": "n-1", "medium": "noise", "zone": "2", "name": "声甲", "name_en": "Noise A", **PLACE},
    {"code": "n-2", "medium": "noise", "zone": "building", "name": "工地", "name_en": "Building", **PLACE},
    {"code": "c-1", "medium": "sea", "area": "40", "natural": "30", "name": "海甲", "name_en": "Sea A", **PLACE},
    {"code": "c-2", "medium": "sea", "area": "60", "name": "海乙", "name_en": "Sea B", **PLACE},
    {"code": "r-1", "medium": "rain", "name": "雨甲", "name_en": "Rain A", **PLACE},
]
FIRST = {"groundwater": "g-1", "soil": "s-1", "noise": "n-1", "sea": "c-1", "rain": "r-1"}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> str:
    found = str(tmp_path_factory.mktemp("observations"))
    sampled = [one for one in SITES if one["medium"] != "noise"]
    append(Store(found), simulated(sampled, date(2024, 1, 1), date(2025, 11, 1)))
    append(
        Store(found), simulated([one for one in SITES if one["medium"] == "noise"], date(2025, 8, 1), date(2025, 11, 1))
    )
    append(Store(found), batch([turbid(site) for site in ("c-1", "c-2")]), RECEIVED)
    return found


def turbid(site: str) -> dict:
    told = {"medium": "sea", "site": site, "item": "悬浮物", "unit": "mg/L", "period": "sample", "value": Decimal(44)}
    return row(**told, time=datetime(2025, 10, 20, 10))  # noqa: DTZ001 local standard time of the site


@pytest.fixture
def measured(place, settings) -> Programme:
    settings.OBSERVATIONS = place
    about = {"sites": SITES, "groups": GROUPS}
    return Programme.objects.create(code="measured", jurisdiction=district(), title="试验计划", about=about)


@pytest.fixture
def ask(measured, enter):
    """Open a page as the office: ask(name, what it is of, language, the query)."""
    client = None

    def asked(name: str, *given, language: str = "zh-hans", **query):
        nonlocal client
        client = client or enter("office", measured, language)
        return client.get(reverse(name, args=[measured.code, *given]), query)

    return asked


def test_the_list_stands_by_medium_with_what_a_group_comes_to(ask, measured):
    answer = ask("measurements")
    kinds = {one["medium"]: one for one in answer.context["kinds"]}
    assert list(kinds) == ["groundwater", "soil", "noise", "sea", "rain"]
    (park,) = kinds["groundwater"]["groups"]
    assert park["title"] == "东园" and park["whole"][0] in CLASSES
    wells = measuring.histories_of(measured, "groundwater")
    assert [one.short for one in park["lines"]] == [
        wells[code].periods["sample"][-1].well.name for code in ("g-1", "g-2")
    ]
    assert "优良面积比例" in answer.content.decode()


@pytest.mark.parametrize("medium", FIRST)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_medium_has_a_page_with_edition_mark_and_two_periods(ask, medium, language):
    answer = ask("measurement", FIRST[medium], language=language)
    page, text = answer.context, answer.content.decode()
    assert answer.status_code == 200 and page["editions"] and page["completeness"]
    assert all(one["standard"] in text and one["mark"] in text for one in page["editions"])
    assert page["compared"] and page["now"] > page["then"]
    assert 'class="tag simulated"' in text and page["faults"] == []


def test_a_wells_items_stand_beside_their_limits(ask, measured):
    page = ask("measurement", "g-1", item="氨氮").context
    newest = measuring.histories_of(measured, "groundwater")["g-1"].periods["sample"][-1]
    line = next(one for one in page["lines"] if one["code"] == "氨氮")
    classes = {one.item: one.no for one in newest.well.items}
    assert line["bars"] == ["≤ 0.5", "≤ 1.5"] and line["mark"] == CLASSES[classes["氨氮"] - 1]
    assert page["series"]["limits"] == [["Ⅲ类", "0.5"]] and len(page["series"]["lines"][0]["rows"]) == 7
    assert page["group_table"]["title"] == "东园" and page["group_table"]["rows"][0][0] == "2025"


def test_english_names_the_items(ask):
    text = ask("measurement", "g-1", language="en").content.decode()
    assert "total hardness" in text and "总硬度" not in text.replace('value="总硬度"', "")


def test_soil_is_judged_by_its_use(ask):
    paddy, housing = ask("measurement", "s-1").context, ask("measurement", "s-2").context
    assert (paddy["kind"], housing["kind"]) == ("水田", "第一类用地")
    assert {one["name"] for one in paddy["lines"]} >= {"镉", "汞"} and len(housing["lines"]) == 45
    assert paddy["editions"][0]["code"] == "gb15618-2018" and housing["editions"][0]["code"] == "gb36600-2018"


def test_a_zone_is_held_against_day_and_night_and_a_building_site_against_its_own_law(ask, measured):
    page, site = ask("measurement", "n-1").context, ask("measurement", "n-2").context
    assert page["series"]["limits"] == [["昼间限值", "60"], ["夜间限值", "50"]]
    history = measuring.histories_of(measured, "noise")["n-1"]
    month = history.at("month", "2025-10")
    assert page["months"][0]["levels"][0] == f"{month.level.day:.1f}" and page["months"][0]["day"].endswith("/31)")
    assert [one["period"] for one in page["quarters"]] == ["2025-Q4", "2025-Q3"]
    assert len(page["profile"]["lines"][0]["rows"]) == 24
    assert site["building"] and "series" not in site and site["editions"][0]["code"] == "gb12523-2011"


def test_a_bay_is_told_by_the_area_of_its_stations(ask, measured):
    rows = ask("measurement", "c-1").context["group_table"]["rows"]
    found = measuring.histories_of(measured, "sea")
    good = sum(
        Decimal(one["area"])
        for one in SITES
        if one["code"] in ("c-1", "c-2") and found[one["code"]].periods["season"][-1].no <= 2
    )
    assert rows[0][0] == "2025 年秋季" and rows[0][1] == f"{Decimal(good):.1f} %" and rows[0][3] == "100 km²"


def test_suspended_matter_stands_beside_what_it_is_judged_by(ask):
    page = ask("measurement", "c-1", item="悬浮物").context
    line = next(one for one in page["lines"] if one["code"] == "悬浮物")
    assert (line["value"], line["mark"], line["bars"]) == ("44", "三类", ["增量 ≤ 10", "增量 ≤ 150"])
    assert line["note"] == "自然值 30，增量 14" and page["series"]["limits"] == [["二类", "40"]]


def test_a_station_without_the_natural_value_says_that_suspended_matter_was_not_judged(ask):
    page = ask("measurement", "c-2", language="en", item="悬浮物").context
    line = next(one for one in page["lines"] if one["code"] == "悬浮物")
    assert (line["value"], line["mark"], page["series"]["limits"]) == ("44", "", [])
    assert "rise was not judged" in line["note"] and "natural value" in page["faults"][0]


def test_a_group_of_sites_has_its_name_in_the_language_of_its_reader(ask):
    (park,) = next(
        one for one in ask("measurements", language="en").context["kinds"] if one["medium"] == "groundwater"
    )["groups"]
    assert park["title"] == "East park"
    assert ask("measurement", "g-1", language="en").context["group_table"]["title"] == "East park"


def test_a_gauge_shows_its_curve_and_each_year(ask, measured):
    page = ask("measurement", "r-1").context
    history = measuring.histories_of(measured, "rain")["r-1"]
    depths = [Decimal(depth) for ratio, depth in page["curve"]]
    assert depths == sorted(depths) and page["whole"].enough and len(page["all_years"]) == len(history.years)
    assert page["all_years"][0]["days"] == f"{history.periods['year'][-1].days}/365"
    assert all(len(one["total"].partition(".")[2]) == 1 for one in page["all_years"])


def test_the_rain_of_a_year_that_is_not_over_is_not_said_to_be_less(ask):
    moved = {}
    for now, then in (("2025", "2024"), ("2024", "2023")):
        days, rain, *_rest = ask("measurement", "r-1", now=now, then=then).context["compared"]
        moved[now] = (int(days.then) - int(days.now) > 60, rain.moved)
    assert moved["2025"] == (True, "天数不同")
    assert moved["2024"][0] is False and Decimal(moved["2024"][1].replace("−", "-")) != 0


@pytest.mark.parametrize("medium", FIRST)
def test_each_medium_is_handed_on_as_a_table(ask, medium):
    answer = ask("measurements.xlsx", medium)
    lines = [[one.value for one in line] for line in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]
    text = " ".join(str(one) for line in lines for one in line)
    names = [one["name"] for one in SITES if one["medium"] == medium]
    assert answer.status_code == 200 and "模拟" in text and [line[0] for line in lines if line[0] in names] == names
    assert any(value is not None for line in lines if line[0] == names[0] for value in line[2:])


def test_rows_are_shown_with_flag_and_source_and_filters_stand_in_the_address(ask):
    asked = {"item": "氨氮", "since": "2025-01-01", "until": "2025-12-31"}
    page = ask("measurement-rows", "g-1", **asked)
    assert page.context["count"] == 3 and {one["item"] for one in page.context["rows"]} == {"氨氮"}
    assert all(one["simulated"] and one["received"] for one in page.context["rows"])
    lines = list(load_workbook(io.BytesIO(ask("measurement-rows.xlsx", "g-1", **asked).content)).active.iter_rows())
    assert len(lines) == 2 + 3
    missing = ask("measurement-rows", "n-1", flag="missing").context
    assert missing["count"] > 0 and {(one["value"], one["flag"]) for one in missing["rows"]} == {("", "缺测")}
    many = ask("measurement-rows", "n-1", page="2")
    assert many.context["number"] == 2 and len(many.context["rows"]) == 100
    assert ask("measurement-rows", "n-1", since="soon", page="x").context["number"] == 1


def test_a_corrected_row_shows_what_it_replaced(ask, settings, tmp_path):
    settings.OBSERVATIONS = place = str(tmp_path)
    name = "measurement-rows"
    water = {"medium": "groundwater", "site": "g-1", "item": "氨氮", "unit": "mg/L", "period": "sample"}
    for day, (value, flag) in enumerate([("0.2", ""), ("0.3", ""), ("0.3", "rejected")]):
        append(Store(place), batch([row(0, value, flag=flag, **water)]), RECEIVED + timedelta(day))
        if day == 1:
            settle(Store(place))
    append(Store(place), batch([row(9, "0.7", **water)]), RECEIVED)
    first, second = (one["before"] for one in ask(name, "g-1").context["rows"])
    assert first == [
        "0.2 mg/L（2025-02-01 08:00 入库，2025-02-02 08:00 更正）", "0.3 mg/L（2025-02-02 08:00 入库，2025-02-03 08:00 更正）",
    ]  # fmt: skip
    assert second == [] and "更正前 0.2 mg/L" in ask(name, "g-1").content.decode()
    assert load_workbook(io.BytesIO(ask(f"{name}.xlsx", "g-1").content)).active["L3"].value == "\n".join(first)


def test_the_way_back_names_editions_sources_and_how_many_rows(ask):
    page = ask("measurement-origin", "g-1", period="2025")
    told = {one["item"]: one for one in page.context["lines"]}
    assert (
        told["氨氮"]["n"] == 3
        and told["氨氮"]["source"] == "模拟"
        and page.context["editions"][0]["code"] == "gbt14848-2017"
    )
    assert ask("measurement-origin", "g-1", period="2025-02").context["lines"][0]["n"] == 1
    assert ask("measurement-origin", "g-1", period="whenever").status_code == 404


def test_a_site_without_data_says_so(ask, settings, tmp_path):
    settings.OBSERVATIONS = str(tmp_path)
    for code in FIRST.values():
        assert "还没有数据" in ask("measurement", code).content.decode()
    assert ask("measurement-rows", "g-1").context["count"] == 0
    assert ask("measurement-origin", "g-1").context["editions"] == []


def test_periods_to_compare_are_of_one_length():
    known = ["2024-08-14", "2025-08-14", "2024", "2025"]
    assert parts.two({}, known) == ("2025", "2024")
    assert parts.two({"now": "2025-08-14"}, known) == ("2025-08-14", "2024-08-14")
    assert parts.two({"now": "2024"}, ["2024"]) == ("2024", "2024")


def test_a_change_of_nothing_has_no_sign():
    assert [parts.signed(Decimal(one)) for one in ("0.0", "1.5", "-2.0")] == ["0.0", "+1.5", "−2.0"]
    assert parts.signed(None) == "—"


def test_every_medium_keeps_the_same_promises():
    for of in MEDIA.values():
        assert {"heads", "found_of", "line", "of_group", "page", "TEMPLATE"} <= set(dir(of))
    assert noise.zone("4a") == "4a 类功能区"
