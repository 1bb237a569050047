import gzip
import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from qingshan.observations.appending import checked as checked_rows
from qingshan.observations.importing import Unreadable, read, source
from qingshan.observations.mapping import checked
from qingshan.observations.opened import MOST_FAULTS

from ..shared import shared

AIR = "timepoint,stationcode,so2,no2,co,o3,o3_24h,pm10,pm2_5\n"
WATER = "date,监测时间,省份,断面名称,站点情况,水温(℃),pH(无量纲),溶解氧(mg/L),高锰酸盐指数(mg/L),氨氮(mg/L),总磷(mg/L),总氮(mg/L),叶绿素α(mg/L)\n"


@pytest.fixture
def write(tmp_path):
    def written(text: str, name: str = "f.csv", encoding: str = "utf-8"):
        place = tmp_path / name
        data = text.encode(encoding)
        place.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        return place

    return written


def air(text: str, write, **how):
    return read(write(AIR + text, **how), source("cnemc-air-hour"))


def values(reading, item: str) -> list:
    return [one["value"] for one in reading.rows.to_pylist() if one["item"] == item]


FINE = "2025-01-01T01:00:00,S1,4,30,0.6,50,90,60,40\n"


def test_an_hour_stamped_by_its_end_begins_an_hour_earlier(write):
    found = air(FINE, write)
    assert found.faults == [] and found.notices == [] and found.rows.num_rows == 6
    assert found.rows["time"][0].as_py() == datetime(2025, 1, 1)  # noqa: DTZ001
    assert values(found, "CO") == [Decimal("0.6")]


def test_exchanged_columns_are_noticed_and_read_the_other_way_round(write):
    found = air("2025-01-01T01:00:00,S1,4,30,0.6,90,50,60,40\n2025-01-01T02:00:00,S1,4,30,0.6,95,50,60,40\n", write)
    assert values(found, "O3") == [50, 50] and "对调" in found.notices[0][0]


def test_a_single_maximum_below_its_hour_is_a_fault(write):
    found = air(FINE + "2025-01-01T02:00:00,S1,4,30,0.6,95,50,60,40\n" + FINE.replace("01T01", "01T03"), write)
    assert [(one.line, one.column) for one in found.faults] == [(3, "o3_24h")]
    assert found.rows.num_rows == 12


def test_carbon_monoxide_in_the_wrong_unit_is_noticed(write):
    found = air("2025-01-01T01:00:00,S1,4,30,600,50,90,60,40\n", write)
    assert [(one.line, one.column) for one in found.faults] == [(0, "co")] and "600" in found.faults[0].zh


@pytest.mark.parametrize(
    ("row", "line", "column", "cell"),
    [
        ("2025-01-01T01:00:00,S1,x,30,0.6,50,90,60,40\n", 2, "so2", "x"),
        ("yesterday,S1,4,30,0.6,50,90,60,40\n", 2, "timepoint", "yesterday"),
        ("2025-01-01T01:00:00,,4,30,0.6,50,90,60,40\n", 2, "stationcode", ""),
        ("2025-01-01T01:00:00,S1,4,30,0.6,50\n", 2, "", "2025-01-01T01:00:00,S1,4,30,0.6,50"),
        ("2025-01-01T01:00:00,S1,4.00000000123,30,0.6,50,90,60,40\n", 2, "so2", "4.00000000123"),
        (FINE + FINE.replace(",4,", ",5,"), 3, "so2", "S1 2025-01-01 00:00:00"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_its_cell_and_what_was_expected(write, row, line, column, cell):
    found = air(row, write)
    assert [(one.line, one.column, one.cell) for one in found.faults] == [(line, column, cell)]
    assert found.faults[0].zh and found.faults[0].en


def test_a_value_of_air_that_cannot_be_is_a_fault(write):
    found = air(FINE.replace(",4,", ",99999999999,"), write)
    assert [(one.line, one.column, one.cell) for one in found.faults] == [(2, "so2", "99999999999")]
    assert "below 10000000" in found.faults[0].en


def test_a_row_twice_the_same_is_taken_once(write):
    found = air(FINE + FINE, write)
    assert found.faults == [] and found.rows.num_rows == 6 and "6" in found.notices[0][0]


def test_what_is_missing_negative_or_below_detection_is_told_apart(write):
    found = air("2025-01-01T01:00:00,S1,—,-3,<0.2,50,90,60,3L\n", write)
    told = {one["item"]: (one["value"], one["below"], one["flag"]) for one in found.rows.to_pylist()}
    assert told["SO2"] == (None, False, "missing") and told["NO2"] == (Decimal(-3), False, "negative")
    assert told["CO"] == (Decimal("0.2"), True, "") and told["PM25"] == (Decimal(3), True, "")


def water(text: str, write):
    return read(write(WATER + text), source("cnemc-water-sections"))


def test_a_time_without_a_year_takes_that_of_its_date(write):
    found = water("2021-01-01,12-31 20:00,省,断面,正常,7,7.5,8,3,0.5,0.1,1,*\n", write)
    assert found.rows["time"][0].as_py() == datetime(2020, 12, 31, 20)  # noqa: DTZ001


def flags(reading) -> dict[str, tuple[str, str]]:
    return {one["item"]: (one["flag"], one["flagged_by"]) for one in reading.rows.to_pylist()}


def test_the_state_of_a_station_becomes_a_flag(write):
    told = flags(water("2021-01-02,01-02 08:00,省,断面,停站,7,--,8,3,0.5,0.1,1,*\n", write))
    assert told["do"] == ("stopped", "source") and told["ph"] == ("stopped", "source")
    assert water("2021-01-02,01-02 08:00,省,断面,度假,7,7,8,3,0.5,0.1,1,*\n", write).faults[0].cell == "度假"


def test_while_some_instruments_are_under_maintenance_the_values_of_the_others_count(write):
    told = flags(water("2021-01-02,01-02 08:00,省,断面,维护,7,--,8,0,0.5,0.1,1,*\n", write))
    work = {item for item, flag in told.items() if flag == ("", "")}
    assert work == {"temp", "do", "nh3n", "tp", "tn"}
    assert {told[item] for item in ("ph", "codmn", "chla")} == {("maintenance", "source")}


def test_units_are_converted_exactly(write):
    found = water("2021-01-02,01-02 08:00,省,断面,正常,7,7,8,3,0.5,0.1,1,0.0123\n", write)
    assert [(one["value"], one["unit"]) for one in found.rows.to_pylist() if one["item"] == "chla"] == [
        (Decimal("12.3"), "mg/m³")
    ]


def test_a_workbook_is_read_like_a_text(write, tmp_path):
    book = Workbook()
    book.active.append(AIR.strip().split(","))
    book.active.append(["2025-01-01T01:00:00", "S1", 4, 30, 0.6, 50, 90, 60, None])
    place = tmp_path / "f.xlsx"
    book.save(place)
    found = read(place, source("cnemc-air-hour"))
    assert found.faults == [] and values(found, "CO") == [Decimal("0.6")] and values(found, "PM25") == [None]


@pytest.mark.parametrize(
    ("text", "words"), [("", "文件是空的"), ("a,b\n1,2\n", "缺少列"), (AIR, None)]
)  # fmt: skip
def test_files_that_are_none(write, text, words):
    if words is None:
        assert read(write(text), source("cnemc-air-hour")).rows.num_rows == 0
        return
    with pytest.raises(Unreadable) as told:
        read(write(text), source("cnemc-air-hour"))
    assert words in told.value.zh and told.value.en


def test_gb18030_and_compressed_files_are_understood(write):
    text = "2021-01-02,01-02 08:00,省,断面,正常,7,7,8,3,0.5,0.1,1,*\n"
    assert read(write(WATER + text, encoding="gb18030"), source("cnemc-water-sections")).rows.num_rows == 8
    assert air(FINE, write, name="f.csv.gz").rows.num_rows == 6


def test_the_published_hour_of_the_national_stations():
    found = read(shared("data/air/cnemc_2018-02-20T07_half.csv"), source("cnemc-air-hour"))
    assert (found.lines, found.rows.num_rows, found.faults, len(found.notices)) == (747, 747 * 6, [], 1)


def test_the_published_sections_of_surface_water():
    found = read(shared("data/water/cnemc_surface_water_2020-05_2021-03.csv.gz"), source("cnemc-water-sections"))
    assert found.lines == 35946 and {one.column for one in found.faults} <= {
        "监测时间",
        *source("cnemc-water-sections").values,
    }


# --- what real files hold


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2025-01-02 08:00", (2, 8)), ("2025/1/2 8:00", (2, 8)), ("2025年1月2日8时", (2, 8)), ("2025-01-02T08:00:00", (2, 8)), ("2025010208", (2, 8)),
        ("20250102 08:00", (2, 8)), ("2025.1.2 8:00:00", (2, 8)), ("2025-01-01 24:00", (2, 0)), ("45659.333333333336", (2, 8)), ("2025-01-02", (2, 0)),
        ("2025-01-02 08:00:00.000", (2, 8)), ("2025-01-02T08:00:00+08:00", (2, 8)), ("2025年1月2日 8:00", (2, 8)),
    ],
)  # fmt: skip
def test_a_time_is_understood_as_people_write_it(write, told, expected):
    found = read(write(f"site,time,PM25\nS,{told},5\n"), source("wide-air"))
    day, hour = expected
    assert found.faults == [] and found.rows["time"][0].as_py() == datetime(2025, 1, day, hour)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("01-02 08:00", "没有年份"), ("1月2日8时", "没有年份"), ("昨天", "时间读不懂"), ("2025-01-02 08:30", "整点"), ("2025-13-02", "时间读不懂"),
        ("2025-01-02T08:00:00Z", "时间读不懂"), ("0025-01-02", "时间读不懂"), ("2125-01-02 08:00", "在今天（2025-06-30）之后"), ("", "时间读不懂"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_a_fault(write, told, words):
    found = read(write(f"site,time,PM25\nS,{told},5\n"), source("wide-air"), today=date(2025, 6, 30))
    assert [(one.line, one.column, one.cell) for one in found.faults] == [(2, "time", told)] and words in found.faults[
        0
    ].zh
    assert found.rows.num_rows == 0 and found.bad == 1 and found.skippable


def test_months_and_days_are_told_as_such(write):
    monthly = read(
        shared("data/air/shanghai_districts_monthly_2014-07_2025-09.csv"), source("shanghai-districts-monthly")
    )
    assert (monthly.lines, monthly.rows.num_rows, monthly.faults) == (1755, 1755 * 7, [])
    found = read(write("site,time,rain\nS,2025-01-02 08:00,5\nS,2025-01-03,6\n"), source("wide-rain"))
    assert (
        [(one.line, one.column) for one in found.faults] == [(2, "time")]
        and "日期" in found.faults[0].zh
        and found.rows.num_rows == 1
    )


@pytest.mark.parametrize(
    ("cell", "flag"), [("--", "missing"), ("*", "missing"), ("/", "missing"), ("NaN", "missing"), ("缺测", "missing"), ("维护", "maintenance"), ("停站", "stopped"), ("校准", "calibration"), ("故障", "fault")]
)  # fmt: skip
def test_marks_and_states_in_cells_are_told_and_noticed(write, cell, flag):
    found = read(write(f"site,time,PM25\nS,2025-01-02 08:00,{cell}\n"), source("wide-air"))
    assert found.faults == [] and [(one["value"], one["flag"]) for one in found.rows.to_pylist()] == [(None, flag)]
    assert f"“{cell}” 1 处" in found.notices[-1][0]


@pytest.mark.parametrize(
    ("cell", "words"),
    [("=1+1", "公式"), ("未检出", "检出限"), ("ND", "检出限"), ("1e400", "不是数字"), ("inf", "不是数字"), ("1e14", "位数太多"), ("1,2", "列"), ("１２", "不是数字"), ("12 mg", "不是数字")],
)  # fmt: skip
def test_a_cell_that_is_no_value_says_what_was_expected(write, cell, words):
    found = read(write(f"site,time,tp\nS,2025-01-02 08:00,{cell}\n"), source("wide-water"))
    assert (
        len(found.faults) == 1
        and words in found.faults[0].zh
        and found.faults[0].line == 2
        and found.rows.num_rows == 0
    )


@pytest.mark.parametrize("cell", ["1e-30", "0.00000000000001", "<0.00000000000001"])
def test_a_value_too_small_to_be_kept_is_a_fault_and_not_zero(write, cell):
    found = read(write(f"site,time,tp\nS,2025-01-02 08:00,{cell}\n"), source("wide-water"))
    assert [(one.line, one.column, one.cell) for one in found.faults] == [
        (2, "tp", cell)
    ] and "位数太多" in found.faults[0].zh
    assert found.rows.num_rows == 0


@pytest.mark.parametrize("cell", ["0.0000000000000", "1.50000000000000", "1e-6", "0.000001", "0e-30"])
def test_zeros_say_nothing(write, cell):
    found = read(write(f"site,time,tp\nS,2025-01-02 08:00,{cell}\n"), source("wide-water"))
    assert found.faults == [] and values(found, "tp") == [Decimal(cell)]


def test_a_value_below_zero_is_noticed_with_its_place(write):
    found = read(
        write("site,time,CO\nS,2025-01-02 08:00,1\nS,2025-01-02 09:00,-0.3\nS,2025-01-02 10:00,-2\n"),
        source("wide-air"),
    )
    zh, en = found.notices[-1]
    assert zh == "低于零的值不能用于评价，读作负值：“CO” 2 处，如第 3 行的 -0.3。"
    assert en == "Values below zero count for nothing and were read as negative: CO 2 times, as -0.3 in line 3."


def test_a_file_of_a_heading_alone_says_so(write):
    found = read(write("site,time,CO\n"), source("wide-air"))
    assert found.rows.num_rows == 0 and found.notices == [
        ("文件只有列名，没有一行数据。", "The file has a heading and no rows.")
    ]


CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("medium", "text"), [("water", "site,time,tp\nS,昨天,1\n"), ("air", "site,time,CO\nS,,1\n"), ("air", "site,time,CO\nS,2025-01-02,many\n"),
                         ("rain", "site,time,rain\nT,2025-01-02 08:00,1\n")]
)  # fmt: skip
def test_what_is_told_in_english_is_english(write, medium, text):
    found = read(write(text), source(f"wide-{medium}"), sites=[{"code": "S", "medium": "soil"}])
    assert found.faults and not any(CHINESE.search(one.en) for one in found.faults)


def test_water_below_freezing_is_not_negative(write):
    found = read(write("site,time,temp,tp\nS,2025-01-02 08:00,-0.5,-0.5\n"), source("wide-water"))
    assert {one["item"]: one["flag"] for one in found.rows.to_pylist()} == {"temp": "", "tp": "negative"}


def test_rows_that_say_nothing_are_left_out_with_a_notice(write):
    found = water(
        "2021-01-02,,省,断面,停站,--,--,--,--,--,--,*,*\n2021-01-02,,省,断面,正常,7,7,8,3,0.5,0.1,1,*\n", write
    )
    assert [one.line for one in found.faults] == [3] and "1 行既没有时间也没有数值" in found.notices[0][0]


SITES = [
    {"code": "a-1", "medium": "water", "body": "river", "name": "断面甲", "name_en": "Section A"},
    {"code": "a-2", "medium": "water", "body": None, "name": "断面乙", "name_en": "Section B"},
    {"code": "a-3", "medium": "air", "body": None, "name": "断面丙", "name_en": "Station C"},
]  # fmt: skip


def test_only_declared_sites_are_taken_by_any_of_their_names(write):
    text = "site,time,tp\n断面甲,2025-01-02,1\nSection A,2025-01-03,1\na-1,2025-01-04,1\n断面丙,2025-01-02,1\n"
    found = read(write(text), source("wide-water"), sites=SITES)
    assert set(found.rows["site"].to_pylist()) == {"a-1"} and found.rows.num_rows == 3
    assert [(one.line, one.column, one.cell) for one in found.faults] == [
        (5, "site", "断面丙")
    ] and "断面甲、断面乙" in found.faults[0].zh


def test_a_section_without_a_kind_of_water_body_is_told(write):
    found = read(write("site,time,tp\n断面甲,2025-01-02,1\n"), source("wide-water"), sites=SITES)
    assert found.notices == []
    found = read(write("site,time,tp\na-2,2025-01-02,1\n"), source("wide-water"), sites=SITES)
    assert "断面乙" in found.notices[0][0] and "sites.csv" in found.notices[0][1] and found.rows.num_rows == 1


def test_one_value_to_a_row_with_units_and_items_told_apart(write):
    text = "site,item,time,value,unit\nS,总磷,2025-01-02,100,ug/L\nS,NH3-N,2025-01-02,0.5,mg/L\nS,奶酪,2025-01-02,1,mg/L\nS,tn,2025-01-02,1,dB\nS,tn,2025-01-03,x,mg/L\n"
    found = read(write(text), source("long-water"))
    assert {one["item"]: (one["value"], one["unit"]) for one in found.rows.to_pylist()} == {
        "tp": (Decimal("0.1"), "mg/L"), "nh3n": (Decimal("0.5"), "mg/L"),
    }  # fmt: skip
    assert sorted((one.line, one.column, one.cell) for one in found.faults) == [
        (4, "item", "奶酪"),
        (5, "unit", "dB"),
        (6, "value", "x"),
    ]


def test_what_is_seen_or_smelt_is_told_in_words(write):
    found = read(
        write("site,time,嗅和味,肉眼可见物,pH\nS,2025-01-02,无,有,7\nS,2025-01-03,3,无,7\n"), source("wide-groundwater")
    )
    told = {(one["item"], one["line"]): one["value"] for one in found.rows.to_pylist()}
    assert told == {("嗅和味", 2): 0, ("肉眼可见物", 2): 1, ("pH", 2): 7} and "“无”或“有”" in found.faults[0].zh


def test_columns_that_a_form_does_not_know_are_told(write):
    found = read(write("site,time,tp,总磷酸盐\nS,2025-01-02,1,2\n"), source("wide-water"))
    assert found.notices == [
        ("这些列不认识，没有读：总磷酸盐。", "These columns are not known and were not read: 总磷酸盐.")
    ]


def test_columns_of_any_name_are_read(write, tmp_path):
    """Names that a database would take for its own, or for the same."""
    told = {"medium": "air", "period": "hour", "site": ["line"], "time": {"column": "at_time"},
            "values": {"PM": {"item": "PM25"}, "pm": {"item": "PM10"}, 'a"\'b': {"item": "CO"}}}  # fmt: skip
    found = read(write('line,at_time,PM,pm,"a""\'b"\nS,2025-01-02 08:00,5,9,0.4\n'), checked("mine", told))
    assert {one["item"]: one["value"] for one in found.rows.to_pylist()} == {"PM25": 5, "PM10": 9, "CO": Decimal("0.4")}


def test_a_needed_column_that_stands_twice_is_told(write):
    with pytest.raises(Unreadable, match="列名重复：PM25"):
        read(write("site,time,PM25,PM25\nS,2025-01-02 08:00,5,9\n"), source("wide-air"))


def test_a_mapping_that_the_file_makes_impossible_is_told(write):
    told = {
        "medium": "air",
        "period": "hour",
        "site": ["s"],
        "time": {"column": "t", "format": "%Q"},
        "values": {"v": {"item": "CO"}},
    }
    with pytest.raises(Unreadable, match="按来源“mine”读不了"):
        read(write("s,t,v\na,2025,1\n"), checked("mine", told))


def test_rows_beyond_the_faults_that_are_listed_are_left_out_as_well(write):
    body = "".join(f"S,2025-01-02 08:00,x{number}\n" for number in range(MOST_FAULTS + 50))
    found = read(write("site,time,PM25\n" + body + "S,2025-01-02 09:00,5\n"), source("wide-air"))
    assert found.bad == MOST_FAULTS + 50 and found.rows.num_rows == 1 and len(found.faults) < 3 * MOST_FAULTS


def test_how_far_a_file_is_can_be_watched(write):
    told = []
    read(write(AIR + FINE), source("cnemc-air-hour"), watch=lambda done, of: told.append((done, of)))
    assert told == [(number, 6) for number in range(1, 7)]


def test_the_rain_of_a_place_that_the_file_does_not_name():
    hourly = read(shared("data/rain/ShanghaiPM20100101_20151231.csv.gz"), source("shanghai-rain-hourly"))
    assert (hourly.rows.num_rows, hourly.faults, set(hourly.rows["site"].to_pylist())) == (52584, [], {"上海"})
    daily = read(shared("data/rain/shanghai_daily_rain_2010_2015.csv"), source("shanghai-rain-daily"))
    assert (daily.rows.num_rows, daily.faults) == (2191, [])


def test_the_nine_stations_of_2022():
    found = read(shared("data/air/cnemc_20220104T16_shanghai.csv"), source("cnemc-air-hour"))
    assert (found.rows.num_rows, found.faults) == (54, []) and "对调" in found.notices[0][0]


# --- what no file should do


WORDS = st.sampled_from(["", "1", "-3", "<0.1", "0.2L", "1e5", "1e400", "nan", "inf", "--", "*", "维护", "=1+1", "x", "２", "1;2", '"', "a\"b", "2025-01-01", "45658.5", "99999999999999", "0.0000000001", "\t", "S"])  # fmt: skip
TIMES = st.sampled_from(
    [
        "2025-01-01 08:00",
        "2025-01-01",
        "01-01 08:00",
        "45658.333",
        "2025",
        "x",
        "",
        "9999-12-31",
        "0001-01-01",
        "2025-02-30",
    ]
)
SHAPES = {
    code: source(code)
    for code in (
        "cnemc-air-hour",
        "cnemc-water-sections",
        "prsa-beijing",
        "shanghai-rain-hourly",
        "template-groundwater",
        "long-soil",
        "wide-sea",
    )
}
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-be", "latin-1"])
ENDS, COMMAS = st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([",", ";", "\t"])


@st.composite
def files(draw) -> tuple[str, str, bytes]:
    """A source, a name, and a file that is almost one of it."""
    code = draw(st.sampled_from(sorted(SHAPES)))
    one = SHAPES[code]
    names = sorted(one.needed) + draw(st.lists(st.sampled_from(sorted(one.columns)), max_size=3))
    timed = set(one.time.columns)
    rows = draw(
        st.lists(st.tuples(*(st.one_of(TIMES, WORDS) if name in timed else WORDS for name in names)), max_size=4)
    )
    if draw(st.booleans()):
        return code, "f.xlsx", sheet([names, *rows])
    comma, end = draw(COMMAS), draw(ENDS)
    text = "".join(comma.join(row) + end for row in [names, *rows])
    data = text.encode(draw(ENCODINGS), "replace")
    return code, "f.csv", gzip.compress(data, mtime=0) if draw(st.booleans()) else data


def sheet(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append([one.replace("\t", "") for one in row])
    if len(rows) > 2:
        book.active.merge_cells("A2:A3")
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def tried(tmp_path, code: str, name: str, data: bytes) -> None:
    """Whatever the file: it is refused with a sentence, or its rows are sound and every fault has its place and its words."""
    place = tmp_path / name
    place.write_bytes(data)
    try:
        found = read(place, SHAPES[code], today=date(2026, 1, 1))
    except Unreadable as reason:
        assert reason.zh and reason.en
        return
    assert checked_rows(found.rows).num_rows == found.rows.num_rows
    assert not {one.line for one in found.faults} & set(found.rows["line"].to_pylist())
    for one in found.faults:
        assert one.zh and one.en and 0 <= one.line <= found.lines + 1
        assert one.column or "列" in one.zh


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(files())
def test_almost_any_file_is_read_or_told(tmp_path, file):
    tried(tmp_path, *file)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(files(), st.data())
def test_a_file_that_was_cut_or_scrambled_is_read_or_told(tmp_path, file, data):
    code, name, content = file
    at = data.draw(st.integers(0, len(content)))
    broken = content[:at] + data.draw(st.binary(max_size=8)) + content[at + data.draw(st.integers(0, 40)) :]
    tried(tmp_path, code, name, broken)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(SHAPES)),
    st.sampled_from(["f.csv", "f.csv.gz", "f.xlsx", "f"]),
    st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)),
)
def test_no_file_whatever_makes_a_traceback(tmp_path, code, name, data):
    tried(tmp_path, code, name, data)
