import gzip
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.observations.importing import Unreadable, read, source, sources
from qingshan.observations.units import NoConversion, factor, kept_in

from ..shared import shared

AIR = "timepoint,stationcode,so2,no2,co,o3,o3_24h,pm10,pm2_5\n"
WATER = "date,监测时间,省份,断面名称,站点情况,水温(℃),pH(无量纲),溶解氧(mg/L),高锰酸盐指数(mg/L),氨氮(mg/L),总磷(mg/L),总氮(mg/L),叶绿素α(mg/L)\n"


@pytest.fixture
def write(tmp_path):
    def written(text: str, name: str = "f.csv", encoding: str = "utf-8"):
        place = tmp_path / name
        data = text.encode(encoding)
        place.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
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


def test_the_state_of_a_station_becomes_a_flag(write):
    found = water("2021-01-02,01-02 08:00,省,断面,维护,7,--,8,3,0.5,0.1,1,*\n", write)
    told = {one["item"]: (one["flag"], one["flagged_by"]) for one in found.rows.to_pylist()}
    assert told["do"] == ("maintenance", "source") and told["ph"] == ("maintenance", "source")
    assert water("2021-01-02,01-02 08:00,省,断面,度假,7,7,8,3,0.5,0.1,1,*\n", write).faults[0].cell == "度假"


def test_units_are_converted_exactly(write):
    found = water("2021-01-02,01-02 08:00,省,断面,正常,7,7,8,3,0.5,0.1,1,0.0123\n", write)
    assert [(one["value"], one["unit"]) for one in found.rows.to_pylist() if one["item"] == "chla"] == [
        (Decimal("12.3"), "mg/m³")
    ]
    assert factor("air", "CO", "μg/m³") == Decimal("0.001") and kept_in("air", "CO", "μg/m³") == "mg/m³"
    with pytest.raises(NoConversion, match="CO"):
        factor("air", "CO", "ppm")


def test_a_workbook_is_read_like_a_text(write, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(AIR.strip().split(","))
    book.active.append(["2025-01-01T01:00:00", "S1", 4, 30, 0.6, 50, 90, 60, None])
    place = tmp_path / "f.xlsx"
    book.save(place)
    found = read(place, source("cnemc-air-hour"))
    assert found.faults == [] and values(found, "CO") == [Decimal("0.6")] and values(found, "PM25") == [None]


@pytest.mark.parametrize(
    ("text", "words"), [("", "读不了"), ("a,b\n1,2\n", "缺少列"), (AIR, None)]
)  # fmt: skip
def test_files_that_are_none(write, text, words):
    if words is None:
        assert read(write(text), source("cnemc-air-hour")).rows.num_rows == 0
        return
    with pytest.raises(Unreadable) as told:
        read(write(text), source("cnemc-air-hour"))
    assert words in told.value.zh and told.value.en


@pytest.mark.parametrize("data", [b"\r\x00", b"\n\n", b'"a\nb', b"a,a,a\n1,2,3\n", b"\xff\xfe", b"\x1f\x8b"])
def test_files_that_are_hardly_text(tmp_path, data):
    place = tmp_path / "f.csv"
    place.write_bytes(data)
    with pytest.raises(Unreadable):
        read(place, source("cnemc-air-hour"))


def test_gb18030_and_compressed_files_are_understood(write):
    text = "2021-01-02,01-02 08:00,省,断面,正常,7,7,8,3,0.5,0.1,1,*\n"
    assert read(write(WATER + text, encoding="gb18030"), source("cnemc-water-sections")).rows.num_rows == 8
    assert air(FINE, write, name="f.csv.gz").rows.num_rows == 6


def test_sources_are_whole_and_an_unknown_one_is_told(tmp_path):
    assert {source(code).code for code in sources()} == set(sources())
    with pytest.raises(Unreadable, match="cnemc-air-hour"):
        source("nowhere")
    place = tmp_path / "mine.yaml"
    place.write_text("medium: cheese\n", encoding="utf-8")
    with pytest.raises(Unreadable, match="values"):
        source(place)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: (AIR + text).encode("utf-8", "replace")))
)
def test_no_file_whatever_makes_a_traceback(tmp_path, data):
    place = tmp_path / "any.csv"
    place.write_bytes(data)
    try:
        found = read(place, source("cnemc-air-hour"))
    except Unreadable as reason:
        assert reason.zh and reason.en
    else:
        assert all(one.zh and one.en for one in found.faults)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_no_workbook_whatever_makes_a_traceback(tmp_path, data):
    place = tmp_path / "any.xlsx"
    place.write_bytes(data)
    with pytest.raises(Unreadable):
        read(place, source("cnemc-air-hour"))


def test_the_published_hour_of_the_national_stations():
    found = read(shared("data/air/cnemc_2018-02-20T07_half.csv"), source("cnemc-air-hour"))
    assert (found.lines, found.rows.num_rows, found.faults, len(found.notices)) == (747, 747 * 6, [], 1)


def test_the_published_sections_of_surface_water():
    found = read(shared("data/water/cnemc_surface_water_2020-05_2021-03.csv.gz"), source("cnemc-water-sections"))
    assert found.lines == 35946 and {one.column for one in found.faults} <= {
        "监测时间",
        *source("cnemc-water-sections")["values"],
    }
