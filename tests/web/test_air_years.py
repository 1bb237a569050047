"""The page of the years of air, and what the API says of them: districts, dust days, a year within which the standards change."""

import json
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from django.urls import reverse

from qingshan.observations.appending import append
from qingshan.observations.assess.annual import annual, standing
from qingshan.observations.assess.asking import Asked
from qingshan.observations.simulating import air
from qingshan.observations.store import Store
from qingshan.plan.models import Programme
from qingshan.web import air_years, measuring

from ..district import district
from ..observations.sample import RECEIVED

pytestmark = pytest.mark.django_db
PLACE = {"medium": "air", "lon": 121.1, "lat": 30.8, "simulated": True}
SITES = [{"code": f"a-{n}", "name": f"站{n}", "name_en": f"Station {n}", **PLACE} for n in (1, 2)]
DUST = [{"day": "2025-04-15", "site": None, "simulated": True}, {"day": "2025-05-02", "site": "a-2", "simulated": True}]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> str:
    """Two stations from 2025 to February 2026; at one of them a day of dust that is far above its limit."""
    found = str(tmp_path_factory.mktemp("observations"))
    rows = pa.concat_tables([air(one["code"], date(2025, 1, 1), date(2026, 3, 10)) for one in SITES])
    append(Store(found), rows, RECEIVED)
    return found


@pytest.fixture
def measured(place, settings) -> Programme:
    settings.OBSERVATIONS = place
    about = {"sites": SITES, "dust": DUST}
    return Programme.objects.create(code="airy", jurisdiction=district(), title="试验计划", about=about)


@pytest.fixture
def page(measured, enter):
    office = enter("office", measured)

    def asked(language="zh-hans", **query) -> str:
        office.cookies["django_language"] = language
        answer = office.get(reverse("measurements-air-years", args=["airy"]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return asked


def of_year(found, year: int) -> list:
    return [one for one in found.district if one["year"] == year]


def test_the_district_is_told_with_and_without_its_dust_days(measured):
    found = measuring.years_of_air(measured)
    of_2025 = of_year(found, 2025)
    assert [(one["under"], one["dust_days"]) for one in of_2025] == [("in force", "with"), ("in force", "without")]
    whole, without = of_2025
    # The day of one station alone is none of the district's.
    assert whole["PM10_days"] - without["PM10_days"] == whole["valid_days"] - without["valid_days"] == 1
    assert whole["SO2_days"] == without["SO2_days"]


def test_a_day_of_dust_at_one_station_is_left_out_there_alone(measured):
    stations = measuring.years_of_air(measured).stations
    lost = {
        code: [one["PM25_days"] for one in rows if one["year"] == 2025 and one["under"] == "in force"]
        for code, rows in stations.items()
    }
    assert {code: first - second for code, (first, second) in lost.items()} == {"a-1": 1, "a-2": 2}


def test_a_year_within_which_a_standard_changes_is_told_under_each_edition(measured):
    found = measuring.years_of_air(measured)
    rows = [one["under"] for one in of_year(found, 2026)]
    assert rows[0] == "in force" and {"hj633-2012", "hj633-2026"} <= set(rows)
    assert [one["under"] for one in standing(of_year(found, 2026))] == ["in force"]
    codes = {one["code"] for one in air_years.editions(found)}
    assert {"hj633-2012", "hj633-2026"} <= codes


def test_the_district_is_the_mean_of_its_stations(measured):
    found = measuring.years_of_air(measured)
    stations = [standing(rows)[0]["PM25_mean"] for rows in found.stations.values()]
    assert min(stations) <= standing(of_year(found, 2025))[0]["PM25_mean"] <= max(stations)


def test_the_page_says_what_is_unusual_about_a_row(page):
    told = page(year="2025")
    for words in (
        "不含沙尘日",
        "全年按 HJ 633-2026",
        "沙尘日",
        "2025-05-02 站2",
        "满三年才有滑动平均",
        "2 个点位的平均",
        "有效日数不足",
    ):
        assert words in told
    assert "Without dust days" in page(language="en") and "Station 2" in page(language="en")


def test_a_year_that_there_is_not_gives_the_newest(page):
    assert 'aria-current="page">2026' in page(year="1999") and 'aria-current="page">2025' in page(year="2025")


def test_without_measurements_the_page_says_what_to_do(measured, page, settings, tmp_path):
    settings.OBSERVATIONS = str(tmp_path)
    assert "还没有空气数据" in page()


def test_a_programme_without_stations_of_air_has_no_such_page(measured, enter):
    measured.about = {}
    measured.save()
    assert enter("office", measured).get(reverse("measurements-air-years", args=["airy"])).status_code == 404


def test_the_api_says_what_the_page_shows(measured, enter):
    told = json.loads(enter("office", measured).get("/api/v1/programmes/airy/air/years").content)
    found = measuring.years_of_air(measured)
    assert len(told["district"]) == len(found.district) and told["simulated"] and len(told["dust_days"]) == 2
    assert {one["site"] for one in told["stations"]} == {"a-1", "a-2"}
    first = told["district"][0]
    pm25 = next(one for one in first["items"] if one["item"] == "PM25")
    assert Decimal(pm25["mean"]) == found.district[0]["PM25_mean"] and first["dust"] is True


@pytest.mark.parametrize(
    ("told", "words", "look"), [(None, "数据不足，不评价", "quiet"), (True, "达标", "good"), (False, "未达标", "bad")]
)
def test_whether_a_year_attained_its_limits(told, words, look):
    assert air_years._attained(told) == (words, look)


def test_trends_are_told_from_three_and_tested_from_five_years():
    row = {"site": "district", "item": "PM25", "first": 2019, "last": 2021, "years": 3, "three_year_mean": Decimal("31.2"),
           "coefficient": None, "critical": None, "significant": None, "direction": None}  # fmt: skip
    five = row | {
        "first": 2017,
        "coefficient": Decimal("-0.9000"),
        "critical": Decimal("0.9"),
        "significant": True,
        "direction": "down",
    }
    flat = five | {"coefficient": Decimal("0.1"), "significant": False, "direction": None}
    words = [air_years._trend(one).words for one in (row, five, flat)]
    assert words == ["不足五年，不检验", "下降", "变化不显著"]


def test_what_was_worked_out_once_is_kept(measured, place):
    asked, dust = Asked.of(place, "air", ("a-1", "a-2")), ((None, date(2025, 4, 15)), ("a-2", date(2025, 5, 2)))
    assert annual(asked, dust, ()) is annual(asked, dust, ()) is measuring.years_of_air(measured)
