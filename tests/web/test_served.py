"""Pages made of several registers: the zoning check, what is in reach, river sheets, biodiversity."""

import io
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from qingshan.evidence.registers.actions import withdraw
from qingshan.people.models import Role
from qingshan.web.sketch import Thing, sketch
from tests.evidence.registers.served import point, put, square


@pytest.fixture
def served(county):
    return put(county)


def zoning(county, **told):
    return reverse("zoning", args=[county.code]) + "?" + "&".join(f"{key}={value}" for key, value in told.items())


SITE = {"datum": "wgs84", "lon": "121.05", "lat": "30.75", "industry": "2614", "activity": "build", "day": "2025-05-01"}


def text(answer) -> str:
    return answer.content.decode()


def test_a_site_where_a_unit_forbids(county, served, enter):
    told = text(enter("office", county).get(zoning(county, **SITE)))
    assert "不能办理" in told and "第一条" in told and "不建厂" in told and "第二条" not in told
    assert "模拟" in told and "C2614" in told


def test_another_day_another_finding(county, served, enter):
    reader = enter("office", county)
    here = SITE | {"lon": "121.15", "industry": "A0410"}
    assert "可以建设" in text(reader.get(zoning(county, **here)))
    later = text(reader.get(zoning(county, **here | {"day": "2025-07-01"})))
    assert "清单没有规定" in later and "可以建设" not in later


def test_the_datum_must_be_said_and_moves_the_site(county, served, enter):
    reader = enter("office", county)
    unsaid = reader.get(zoning(county, **{key: value for key, value in SITE.items() if key != "datum"}))
    assert unsaid.status_code == 422 and "请选定坐标系" in text(unsaid) and "核查意见" not in text(unsaid)
    edge = SITE | {"lon": "121.099", "lat": "30.75"}
    assert "不建厂" in text(reader.get(zoning(county, **edge | {"datum": "wgs84"})))
    moved = text(reader.get(zoning(county, **SITE | {"lon": "121.103", "lat": "30.75", "datum": "gcj02"})))
    assert "不建厂" in moved, "121.103 in GCJ-02 is 121.098 in WGS84"


@pytest.mark.parametrize(
    ("told", "words"),
    [({"lat": ""}, "经度和纬度应同时填写"), ({"industry": "Z99"}, "不是国民经济行业代码"), ({"day": "5月"}, "日期应写作"), ({"stage": "五"}, "排放阶段"), ({"lon": "200"}, "超出范围")],
)  # fmt: skip
def test_what_cannot_be_read_is_told(county, served, enter, told, words):
    answer = enter("office", county).get(zoning(county, **SITE | told))
    assert answer.status_code == 422 and words in text(answer)


def test_an_uploaded_area_and_its_paper(county, served, enter):
    reader = enter("office", county)
    shape = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": square(121.06, 30.72, 0.08)}],
    }
    file = io.BytesIO(json.dumps(shape).encode())
    file.name = "site.geojson"
    where = reverse("zoning", args=[county.code])
    told = text(reader.post(where, SITE | {"lon": "", "lat": "", "file": file}))
    assert told.count("50 %") >= 2 and "第一条" in told and "第二条" in told
    paper = reader.post(
        where, SITE | {"lon": "", "lat": "", "shape": json.dumps(square(121.06, 30.72, 0.08)), "as": "docx"}
    )
    assert paper["Content-Type"].endswith("wordprocessingml.document")
    book = Document(io.BytesIO(paper.content))
    words = "\n".join(
        [one.text for one in book.paragraphs]
        + [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    )
    assert "不能办理" in words and "第一条" in words and "含模拟数据" in words


def test_a_machine_in_season_and_out_of_it(county, served, enter):
    reader = enter("office", county)
    machine = SITE | {"kind": "machine", "stage": "2"}
    assert "未达到第 3 阶段，禁止使用" in text(reader.get(zoning(county, **machine | {"day": "2025-11-01"})))
    assert "当日不执行，可以使用" in text(reader.get(zoning(county, **machine | {"day": "2025-05-01"})))
    assert "达到第 3 阶段，可以使用" in text(
        reader.get(zoning(county, **machine | {"stage": "3", "day": "2025-11-01"}))
    )


def test_a_unit_that_has_left_says_nothing(county, served, enter):
    unit = served["units"]
    withdraw(by=None, entry=unit, expected=unit.number, why="重划")
    assert "不在任何管控单元内" in text(enter("office", county).get(zoning(county, **SITE | {"day": ""})))


def test_what_is_in_reach_is_sorted_by_time(county, served, enter):
    where = reverse("emergency", args=[county.code])
    told = text(
        enter("office", county).get(
            where, {"datum": "wgs84", "lon": "121.03", "lat": "30.73", "within": "5", "speed": "30"}
        )
    )
    assert "S1" in told and "T1" in told and "沙袋" not in told and "50 箱" in told
    assert "时间是估计" in told and "模拟" in told
    wide = text(
        enter("office", county, name="two").get(
            where, {"datum": "wgs84", "lon": "121.03", "lat": "30.73", "within": "80"}
        )
    )
    assert "沙袋" in wide
    wrong = enter("office", county, name="three").get(
        where, {"datum": "wgs84", "lon": "121.03", "lat": "30.73", "speed": "0"}
    )
    assert wrong.status_code == 422


def test_a_river_has_its_sheet(county, served, enter):
    reader = enter("office", county)
    assert "R1" in text(reader.get(reverse("rivers", args=[county.code])))
    told = text(reader.get(reverse("river", args=[county.code, served["rivers"].pk])))
    assert "先关闸" in told and "P1" in told and "P2" not in told and "G1" in told and "S1" in told and "<svg" in told
    assert "021-00000000" not in text(
        enter(Role.LEADER, county, name="leader").get(reverse("river", args=[county.code, served["rivers"].pk]))
    )


def test_diversity_of_each_survey(county, served, enter):
    reader, where = enter("office", county), reverse("biodiversity", args=[county.code])
    told = text(reader.get(where, {"as_of": "2025-10-31"}))
    assert "0.5623" in told and "0.3750" in told and "0.8113" in told, "3 and 1 of two species"
    assert "1 条无个体数" in told
    assert "没有物种记录" in text(reader.get(where, {"as_of": "2025-09-30"}))
    assert "Ardea" not in text(reader.get(where, {"as_of": "2025-10-31", "group": "fishes"}))


@pytest.mark.parametrize("name", ["zoning", "emergency", "rivers", "biodiversity"])
def test_without_registers_there_is_no_page(county, enter, name):
    assert enter("office", county).get(reverse(name, args=[county.code])).status_code == 404


def test_a_sketch_keeps_proportions_and_has_a_scale():
    made = sketch([Thing(square(121.0, 30.7), "unit", "甲"), Thing(point(121.05, 30.75), "site")], 400, 300)
    dot = made.drawn[1]
    assert dot.dot and (dot.x, dot.y) == pytest.approx((200, 150), abs=1) and made.bar_words == "2 km"
    assert made.bar_width < 100 and sketch([]).drawn == []


def test_marks_of_a_sketch_neither_cover_each_other_nor_run_over_the_edge():
    twice = [Thing(square(121.0, 30.7), "unit", "甲"), Thing(square(121.0, 30.7), "unit", "乙")]
    made = sketch([*twice, Thing(point(121.4, 30.75), "site", "丙")], 400, 300)
    first, second, site = made.drawn
    assert second.y - first.y >= 15 and (first.late, site.late) == (False, True)


def test_today_is_the_day_where_none_is_said(county, served, enter):
    told = text(enter("office", county).get(reverse("zoning", args=[county.code])))
    assert f'value="{timezone.localdate():%Y}-' in told and "核查意见" not in told
