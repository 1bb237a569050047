"""Pages of measurements: what they show is what the store holds, by the standards, marked; and their workbooks."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow.compute as pc
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from qingshan.observations.appending import append
from qingshan.observations.assess.asking import Asked
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.plan.models import Programme
from qingshan.standards.air import levels
from qingshan.standards.editions import editions
from qingshan.web import air_years, measuring, month_tables
from qingshan.web.measuring import Span, spans
from qingshan.web.squares import Square, squares

from ..district import district
from ..observations.sample import batch, row

pytestmark = pytest.mark.django_db
SITES = [
    {"code": "a-1", "medium": "air", "body": None, "name": "站甲", "name_en": "Station A", "lon": 121.1, "lat": 30.8, "simulated": True},
    {"code": "w-1", "medium": "water", "body": "lake", "name": "断面乙", "name_en": "Section B", "lon": 121.2, "lat": 30.8, "simulated": False},
    {"code": "a-2", "medium": "air", "body": None, "name": "站丙", "name_en": "Station C", "lon": 121.3, "lat": 30.8, "simulated": False},
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> str:
    """A store with five quarters of a station and a section."""
    found = str(tmp_path_factory.mktemp("observations"))
    append(Store(found), simulated(SITES[:2], date(2024, 1, 1), date(2025, 4, 1)))
    return found


@pytest.fixture
def measured(place, settings) -> Programme:
    settings.OBSERVATIONS = place
    return Programme.objects.create(code="measured", jurisdiction=district(), title="试验计划", about={"sites": SITES})


@pytest.fixture
def opened(enter):
    """Open the list of sites or the page of one, as the office."""
    client = None

    def ask(programme, site: str = "", language: str = "zh-hans", **asked):
        nonlocal client
        client = client or enter("office", programme, language)
        name, given = ("measurement", [programme.code, site]) if site else ("measurements", [programme.code])
        return client.get(reverse(name, args=given), asked)

    return ask


def test_the_list_shows_the_newest_of_each_site_and_says_where_there_is_nothing(measured, opened):
    answer = opened(measured)
    station, section = measuring.air_of(measured)["a-1"], measuring.water_of(measured)["w-1"]
    text = answer.content.decode()
    air, water = (one["lines"] for one in answer.context["kinds"])
    assert [one.site["code"] for one in air] == ["a-1", "a-2"] and air[1].cells == ()
    assert air[0].cells[0].words == "2025-03-31" == str(station.days[-1].day) and air[0].short == str(
        station.days[-1].aqi
    )
    assert water[0].short == section.period("2025-03", "2025-03").section.name
    assert "还没有数据" in text and 'class="tag simulated"' in text
    titles = [one["properties"]["title"].split(" ")[0] for one in answer.context["shape"]["features"]]
    assert titles == ["站甲", "站丙", "断面乙"]
    assert [one["medium"] for one in opened(measured, medium="water").context["kinds"]] == ["water"]


def test_a_programme_without_sites_says_how_to_have_some(measured, opened):
    Programme.objects.filter(pk=measured.pk).update(about={})
    assert "sites.csv" in opened(measured).content.decode()


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "AQI 日历"), ("en", "AQI calendar")])
def test_a_station_shows_each_day_in_the_colour_of_its_level(measured, opened, language, words):
    answer = opened(measured, "a-1", language)
    station = measuring.air_of(measured)["a-1"]
    squares_of = [one.square for one in answer.context["calendar"].placed]
    known = {str(one.day): one for one in station.days if one.day.year == 2025}
    assert words in answer.content.decode() and len(squares_of) == 31 + 28 + 31
    for one in squares_of:
        day = known[one.title[:10]]
        assert one.text == ("" if day.aqi is None else str(day.aqi))
        assert one.look == ("" if day.aqi is None else f"aqi-{day.level.no}")


def test_what_the_monitoring_plan_leaves_out_is_a_slash_on_the_page_and_in_the_table(
    measured, opened, settings, tmp_path
):
    settings.OBSERVATIONS = str(tmp_path)
    made = simulated(SITES[:1], date(2026, 4, 1), date(2026, 5, 1))
    append(Store(str(tmp_path)), made.filter(pc.not_equal(made["item"], "CO")))
    bare = opened(measured, "a-1")
    before = bare.context["months"][3][0].counted
    assert "监测方案不含" not in bare.content.decode() and before < 25
    planned = SITES[0] | {"unmonitored": "CO 2026-03-01/2027-12-31"}
    Programme.objects.filter(pk=measured.pk).update(about={"sites": [planned, *SITES[1:]]})
    measured.refresh_from_db()
    page = opened(measured, "a-1")
    text, april = page.content.decode(), page.context["months"][3][0]
    assert (
        "监测方案不含：CO (2026-03-01 – 2027-12-31)" in text
        and april.counted > before
        and '<td class="number">/</td>' in text
    )
    assert any(one.square.title.endswith("CO /") for one in page.context["calendar"].placed)
    table = month_tables.of_air([planned], measuring.air_of(measured), "2026-04")
    assert "/" in table.rows[0] and Decimal(april.counted) in table.rows[0]
    (year,) = air_years.apart(measured, measuring.years_of_air(measured), 2026)
    assert [one.text for one in year.values if one.label == "CO"] == ["/"]
    assert "—<small>缺 CO</small>" in text.replace("— ", "—") and "综合指数为六项之和，缺一项即不计算" in text
    assert (
        any(note.endswith("：缺 CO，综合指数为六项之和，不计算。") for note in table.notes)
        and year.index_lacks == "缺 CO"
    )


@pytest.mark.parametrize(
    ("items", "words"), [((), ""), (("CO",), "缺 CO"), (("SO2", "O3"), "缺 SO₂、O₃"), (tuple(measuring.AIR), "")]
)
def test_what_the_composite_index_lacks_is_said_where_some_items_are_there(items, words):
    assert measuring.index_lacks(items) == words


def test_days_before_any_edition_are_told_on_the_pages_of_air(measured, opened, enter, settings, tmp_path):
    settings.OBSERVATIONS = str(tmp_path)
    assert "早于 2016-01-01" not in opened(measured, "a-1").content.decode()
    append(Store(str(tmp_path)), simulated(SITES[:1], date(2015, 12, 30), date(2016, 1, 20)))
    append(Store(str(tmp_path)), simulated(SITES[2:], date(2015, 12, 30), date(2016, 1, 1)))
    words = "{}：2015-12-30 至 2015-12-31 有 2 天早于 2016-01-01，当时没有在全国施行的标准版本，没有评价。"
    page, only = opened(measured, "a-1").content.decode(), opened(measured, "a-2").content.decode()
    assert words.format("站甲") in page and "AQI 日历" in page and words.format("站丙") not in page
    assert words.format("站丙") in only and "还没有数据" not in only
    told = (
        enter("leader", measured, name="reader")
        .get(reverse("measurements-air-years", args=["measured"]))
        .content.decode()
    )
    assert words.format("站甲") in told and words.format("站丙") in told


def test_an_earlier_year_and_another_item_can_be_asked_for(measured, opened):
    page = opened(measured, "a-1", year="2024", item="O3").context
    assert (page["year"], page["item_name"], len(page["series"]["lines"][0]["rows"])) == (2024, "O₃", 366)
    strange = opened(measured, "a-1", year="1999", item="lead").context
    assert (strange["year"], strange["item"]) == (2025, "PM25")


def test_a_gap_is_a_gap_and_the_series_says_it_is_simulated(measured, opened):
    series = opened(measured, "a-1").context["series"]
    station = measuring.air_of(measured)["a-1"]
    lacking = {str(one.day) for one in station.days if one.day.year == 2025 and one.values["PM25"] is None}
    assert {day for day, value in series["lines"][0]["rows"] if value is None} == lacking != set()
    assert series["simulated"]


def test_a_section_is_judged_by_its_stored_kind_of_water_body(measured, opened):
    page = opened(measured, "w-1", item="tp").context
    assert page["series"]["limits"] == [["Ⅲ类", "0.05"]]  # a lake's; a river's is 0.2
    assert [one[0] for one in page["lines"]][:2] == ["pH值", "溶解氧"]
    assert [one.square.text for one in page["history"].placed if one.square.title.startswith("2025-03")] == [
        page["newest"].section.name
    ]


def test_a_groups_sections_are_rated_together_and_items_tested_for_a_trend(measured, opened):
    page = opened(measured, "w-1")
    rows, trends = page.context["group_table"]["rows"], page.context["trends"]
    (newest, *_), known = rows, measuring.groups_of_water(measured).groups
    assert (newest[0], known[-1].period) == ("2025", "2025") and newest[1].endswith(f"({known[-1].good.count}/1)")
    assert {one["n"] for one in trends} == {12} and trends[0]["span"] == "2024-04 – 2025-03"
    assert any(words in page.content.decode() for words in ("没有显著变化", "显著上升", "显著下降"))


def test_editions_stand_beside_with_how_far_they_are_verified(measured, opened):
    text = opened(measured, "a-1").content.decode()
    assert "HJ 633-2012" in text and "HJ 663-2013" in text and "HJ 633-2026" not in text and "M-H" in text


def test_two_periods_are_compared_and_a_wrong_question_is_answered_with_what_to_write(measured, opened):
    asked = {"since": "2025-01", "until": "2025-02", "with_since": "2024-01", "with_until": "2024-02"}
    now, then = opened(measured, "a-1", **asked).context["periods"]
    assert (now.since, now.until, then.until) == (date(2025, 1, 1), date(2025, 2, 28), date(2024, 2, 29))
    for wrong, words in (({"since": "2025-03"}, "起始月份 2025-03 晚于截止月份 2025-02"), ({"until": "x"}, "现为“x”")):
        answer = opened(measured, "w-1", **(asked | wrong))
        assert answer.status_code == 422 and words in answer.content.decode()


def test_a_period_without_data_is_told_and_not_guessed(measured, opened):
    asked = {"since": "2025-01", "until": "2025-02", "with_since": "2019-01", "with_until": "2019-02"}
    assert "其中一个时段没有数据" in opened(measured, "w-1", **asked).content.decode()
    then = opened(measured, "a-1", **asked).context["periods"][1]
    assert set(then.values.values()) == {None} and then.good_rate is None


def test_the_usual_comparison_is_this_year_with_the_same_months_before():
    assert spans({}, "2025-10") == (Span("2025-01", "2025-10"), Span("2024-01", "2024-10"), "")
    assert Span("2024-02", "2024-02").last == date(2024, 2, 29)


def test_a_site_that_is_not_there_is_not_found(measured, opened):
    assert opened(measured, "b-1").status_code == 404
    assert opened(measured, "a-2").status_code == 200


@pytest.mark.parametrize("medium", ["air", "water"])
def test_the_month_is_handed_on_as_a_table(measured, enter, medium):
    answer = enter("office", measured).get(
        reverse("measurements.xlsx", args=[measured.code, medium]), {"month": "2025-02"}
    )
    lines = [[one.value for one in line] for line in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]
    text = " ".join(str(one) for line in lines for one in line)
    assert "2025-02" in lines[0][0] and "评价依据" in text and ("模拟" in text) == (medium == "air")
    told = next(line for line in lines if line[0] in ("站甲", "断面乙"))
    if medium == "air":
        month = measuring.air_of(measured)["a-1"].months(2025)[1]
        assert Decimal(str(told[1])) == month.values["SO2"] and told[9] == month.counted
    else:
        section = measuring.water_of(measured)["w-1"]
        classes = [section.period(one, one).section.name for one in ("2025-02", "2025-01", "2024-02")]
        assert told[1:5] == ["湖泊", *classes]


def test_a_month_without_data_and_another_medium(measured, enter, settings, tmp_path):
    assert enter("office", measured).get(reverse("measurements.xlsx", args=[measured.code, "soil"])).status_code == 404
    settings.OBSERVATIONS = str(tmp_path / "empty")
    assert month_tables.offered(measured, ["air", "water"]) == []
    assert month_tables.of_air(SITES[:1], {}, None).rows == [["站甲"] + [None] * 13]


def test_a_new_version_of_the_store_is_seen_at_once(measured, settings, tmp_path):
    settings.OBSERVATIONS = str(tmp_path)
    first = Asked.of(settings.OBSERVATIONS, "air", ("S1",))
    append(Store(tmp_path), batch([row(hour, site="a-1") for hour in range(24)]))
    assert len(measuring.air_of(measured)["a-1"].days) == 1
    append(Store(tmp_path), batch([row(hour, site="a-1") for hour in range(24, 48)]))
    assert len(measuring.air_of(measured)["a-1"].days) == 2
    assert replace(first, version=7) != first == replace(first, snapshot=None)


def test_the_colours_are_those_of_the_standard():
    from pathlib import Path

    text = (Path(measuring.__file__).parent / "static/qingshan/measurements.css").read_text("utf8")
    for one in [one for table in editions("hj633") for one in levels(table)]:
        assert f".aqi-{one.no} {{ --look: rgb({', '.join(map(str, one.rgb))})" in text


def test_squares_stand_in_rows_and_columns():
    made = squares(["a", "b"], ["1", "2", "3"], {(1, 2): Square("x", "9", "")}, (10, 20))
    assert (made.width, made.height) == (44 + 30, 18 + 40)
    assert [(one.x, one.y) for one in made.placed] == [(44 + 20, 18 + 20)]
