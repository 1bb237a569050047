"""Mappings: checked before they are used, recognised by a file's columns, proposed for an unknown file."""

import re

import pytest
import yaml

from qingshan.observations.cells import Unreadable
from qingshan.observations.mapping import as_yaml, checked, propose, recognised, source, sources

WIDE = {
    "medium": "water", "period": "sample", "site": ["断面"], "time": {"column": "时间"},
    "values": {"总磷": {"item": "tp", "unit": "mg/L"}},
}  # fmt: skip


def test_a_mapping_that_is_whole_is_taken():
    one = checked("mine", WIDE)
    assert one.needed == {"断面", "时间", "总磷"} and one.code == one.name == "mine"
    assert checked("mine", WIDE | {"values": {"总磷": {"item": "tp", "optional": True}}}).needed == {"断面", "时间"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"medium": "cheese"}, "medium cheese 应为"), ({"period": "week"}, "period week"), ({"colour": 1}, "colour"),
        ({"site": []}, "site（点位列）"), ({"at": "唯一"}, "site（点位列）"), ({"values": {}}, "values（宽表）"),
        ({"time": {}}, "column 或 parts"), ({"time": {"column": "时间", "parts": ["y", "m"]}}, "column 或 parts"),
        ({"time": {"column": "时间", "year_of": "date"}}, "须有 format"), ({"values": {"总磷": {"item": "phosphor"}}}, "phosphor"),
        ({"values": {"总磷": {"item": "tp", "unit": "dB"}}}, "换算关系"), ({"state": {"column": "s", "flags": {"坏": "broken"}}}, "broken"),
        ({"heading": 0}, "heading 0 应不小于 1"), ({"heading": "x"}, "heading x 应为整数"), ({"time": 3}, "time 3 应为"), ({"site": "断面"}, "应为一列"), ({"state": {"column": "s", "flags": {"正常": ""}, "gaps": ["维护"]}}, "维护"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_told_with_its_place(change, words):
    with pytest.raises(Unreadable) as told:
        checked("mine", WIDE | change)
    assert words in told.value.zh and "mine" in told.value.en
    assert not re.search("[\u4e00-\u9fff]", told.value.en.replace("断面", "").replace("总磷", "").replace("维护", ""))


def test_a_file_is_recognised_by_its_columns():
    assert {recognised([sorted(one.columns)]).code for one in map(source, sources()) if not one.long} == {
        code for code in sources() if not code.startswith("long")
    }
    assert recognised([["什么", "都", "不是"]]) is None


def test_a_file_with_one_value_to_a_row_is_recognised_by_its_items():
    head = ["site", "item", "time", "value", "unit"]
    for item, medium in (
        ("总磷", "water"),
        ("PM2.5", "air"),
        ("Leq", "noise"),
        ("降水量", "rain"),
        ("总硬度", "groundwater"),
    ):
        assert recognised([head, ["a", item, "2025-01-01", "1", ""]]).code == f"long-{medium}"
    assert recognised([head, ["a", "奶酪", "2025-01-01", "1", ""]]) is None


def test_a_mapping_of_ones_own_goes_before_less_fitting_ones():
    mine = checked("mine", WIDE | {"heading": 2})
    assert recognised([["某月报"], ["断面", "时间", "总磷"]], [mine]) == mine


def test_a_mapping_is_proposed_from_the_heading_wherever_it_stands():
    rows = [
        ["某区地表水监测月报"],
        ["断面名称", "采样日期", "pH值", "总磷（mg/L）", "氨氮(ug/L)", "浊度（度）", "备注"],
        ["甲", "2025-01-02", "7", "0.1", "500", "3", ""],
    ]
    told = propose(rows)
    assert (
        told["heading"] == 2
        and told["site"] == ["断面名称"]
        and told["time"]["column"] == "采样日期"
        and told["medium"] == "water"
    )
    assert told["values"] == {
        "pH值": {"item": "ph", "unit": ""}, "总磷（mg/L）": {"item": "tp", "unit": "mg/L"}, "氨氮(ug/L)": {"item": "nh3n", "unit": "ug/L"},
    }  # fmt: skip
    assert checked("mine", yaml.safe_load(as_yaml(told))).fits(rows[1])


def test_a_mapping_is_proposed_for_one_value_to_a_row_and_for_a_time_in_parts():
    told = propose([["监测点位", "监测项目", "监测时间", "监测值", "单位"]], "noise")
    assert told["long"] == {"item": "监测项目", "value": "监测值", "unit": "单位"} and told["medium"] == "noise"
    told = propose([["station", "year", "month", "day", "PM2.5"]])
    assert told["time"]["parts"] == ["year", "month", "day"] and told["period"] == "day"
    assert propose([["时间", "降水量"]])["at"] == "?"


def test_what_is_no_table_of_measurements_has_no_mapping():
    with pytest.raises(Unreadable, match="前 1 行"):
        propose([["姓名", "电话"]])


def test_sources_are_whole_and_an_unknown_one_is_told(tmp_path):
    assert {source(code).code for code in sources()} == set(sources())
    with pytest.raises(Unreadable, match="cnemc-air-hour"):
        source("nowhere")
    place = tmp_path / "mine.yaml"
    for text, words in (
        ("medium: cheese\n", "medium cheese 应为"), ("- a\n", "medium 缺少这一项"), ("a: 1\nb: [\n", "mine.yaml 第 3 行不是 YAML"), ("{}", "medium 缺少这一项"),
        ("a: \0", "mine.yaml 第 1 行不是 YAML"),
    ):  # fmt: skip
        place.write_text(text, encoding="utf-8")
        with pytest.raises(Unreadable, match=words):
            source(place)
    place.write_bytes("name: 甲".encode("gb18030"))
    with pytest.raises(Unreadable, match=r"mine.yaml 不是 UTF-8"):
        source(place)
    with pytest.raises(Unreadable, match=r"none.yaml：没有这个文件"):
        source(tmp_path / "none.yaml")
