"""Measurements by the API: what the store amounts to, with editions and marks."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from qingshan.observations.appending import append
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.web import measuring

from ...observations.sample import RECEIVED, batch, row
from .conftest import SITES

pytestmark = pytest.mark.django_db
AIR, WATER = "sites/sample-air/air", "sites/sample-water/water"


def test_sites_are_told_by_medium_and_that_they_are_simulated(ask):
    assert [one["code"] for one in ask("read", "sites").json()] == [one["code"] for one in SITES]
    (section,) = ask("read", "sites?medium=water").json()
    assert (section["body"], section["name"]["en"], section["simulated"]) == ("river", "North River Bridge", True)


def test_days_of_a_station_are_those_of_the_store(ask, county):
    station = measuring.air_of(county)["sample-air"]
    told = ask("read", f"{AIR}/days?since=2026-07-01&until=2026-07-03").json()
    known = station.between(date(2026, 7, 1), date(2026, 7, 3))
    assert [(one["day"], one["aqi"], one["primary"]) for one in told] == [
        (str(one.day), one.aqi, list(one.primary)) for one in known
    ]
    assert Decimal(told[0]["values"]["PM25"]) == known[0].values["PM25"]
    assert ask("read", f"{AIR}/days?since=2026-07-01").status_code == 422


def test_a_month_tells_its_completeness_and_the_editions_their_marks(ask):
    june, july = ask("read", f"{AIR}/months?year=2026").json()[-2:]
    assert (june["since"], july["until"]) == ("2026-06-01", "2026-07-31")
    assert july["of_hours"] == 24 * 6 * 31 and 0 < july["hours"] <= july["of_hours"]
    told = ask("read", AIR).json()
    assert told["newest"]["day"] == "2026-07-31" and told["years"] == [2026] and told["simulated"]
    assert told["editions"] and all(one["mark"] and one["verification"]["en"] for one in told["editions"])
    assert ask("read", f"{AIR}/period?since=2026-07-01&until=2026-07-31").json() == july


def test_hours_of_the_day_are_told_by_item(ask):
    told = ask("read", f"{AIR}/hours?year=2026").json()
    assert {"PM25", "O3"} <= told.keys() and list(told["PM25"]) == [str(hour) for hour in range(24)]
    assert ask("read", f"{AIR}/hours?year=2020").json() == {}


def test_a_section_is_judged_by_the_means_of_its_items(ask, county):
    section = measuring.water_of(county)["sample-water"]
    told = ask("read", f"{WATER}/period?since=2026-06&until=2026-07").json()
    known = section.period("2026-06", "2026-07")
    assert (told["name"], told["no"], told["samples"]) == (known.section.name, known.section.no, known.samples)
    assert {one["item"]: Decimal(one["value"]) for one in told["items"]} == dict(known.values)
    assert ask("read", f"{WATER}/period?since=2020-01&until=2020-02").status_code == 404
    assert ask("read", f"{WATER}/period?since=2020-13&until=2020-02").status_code == 422


def test_months_and_samples_of_a_section(ask, county):
    assert [one["since"] for one in ask("read", f"{WATER}/months").json()] == ["2026-06", "2026-07"]
    samples = {one["item"]: one for one in ask("read", f"{WATER}/samples?year=2026").json()}
    assert samples["tp"]["unit"] == "mg/L" and samples["tp"]["samples"][0]["time"].startswith("2026-06")
    told = ask("read", WATER).json()
    assert sum(told["months"].values()) == sum(measuring.water_of(county)["sample-water"].taken.values())


def test_groups_and_trends_of_sections_are_those_of_the_store(ask, county):
    known = measuring.groups_of_water(county)
    told = ask("read", "water/groups").json()
    assert [(one["code"], one["year"], one["classes"]) for one in told] == [
        (one.group, one.period, list(one.classes)) for one in known.groups
    ]
    (group,) = told
    assert group["sections"] == ["sample-water"] and group["good"]["of"] == sum(group["classes"]) == 1
    assert group["good"]["rate"] in ("0", "100") and group["change"] is None
    trends = ask("read", f"{WATER}/trends").json()
    assert [(one["item"], one["n"], one["significant"]) for one in trends] == [
        (one.item, one.n, one.trend.significant) for one in known.trends
    ]


def test_the_trend_of_an_item_is_told_where_a_year_is_there(ask, settings, tmp_path, county):
    settings.OBSERVATIONS = str(tmp_path)
    append(Store(tmp_path), simulated(SITES[1:2], date(2025, 1, 1), date(2026, 1, 1)))
    (one, *_), known = ask("read", f"{WATER}/trends").json(), measuring.groups_of_water(county).trends[0]
    assert (one["item"], one["first"], one["last"], one["n"]) == (known.item, "2025-01", "2025-12", 12)
    assert abs(Decimal(one["coefficient"]) - Decimal(float(known.trend.coefficient))) < Decimal("0.001")
    assert Decimal(one["critical"]) == known.trend.critical


def test_a_station_is_no_section_and_the_months_table_is_that_of_the_page(ask):
    assert ask("read", "sites/sample-air/water").status_code == 404
    assert ask("read", "sites/nowhere/air").status_code == 404
    assert ask("read", "measurements/water.xlsx?month=2026-06").content.startswith(b"PK")
    assert ask("read", "measurements/soil.xlsx").status_code in (404, 422)


def test_a_well_tells_its_periods_its_items_and_the_edition(ask, county):
    history = measuring.histories_of(county, "groundwater")["sample-well"]
    told = ask("read", "sites/sample-well/history?per=year").json()
    (year,) = told["periods"]
    known = history.periods["year"][-1]
    assert (year["period"], year["no"], year["deciders"]) == ("2026", known.well.no, list(known.well.deciders))
    assert {one["item"] for one in year["items"]} == set(known.results) and told["simulated"]
    assert told["rows"] == {"2026": list(history.rows["2026"])} and told["editions"][0]["mark"]
    samples = ask("read", "sites/sample-well/samples?since=2026-06-01").json()
    assert samples.keys() == history.samples.keys()
    assert ask("read", "sites/sample-air/history").status_code == 404


def test_noise_tells_how_many_days_and_nights_met_their_limit(ask, county):
    month = measuring.histories_of(county, "noise")["sample-noise"].periods["month"][-1]
    told = ask("read", "sites/sample-noise/history?per=month").json()["periods"][-1]
    assert (told["period"], told["day"]["met"], told["day"]["of"]) == (month.period, month.day.met, month.day.of)
    assert Decimal(told["numbers"]["Ld"]) == month.level.day


def test_rows_lead_back_to_their_source_and_are_counted(ask):
    told = ask("read", "sites/sample-air/rows?item=PM25&since=2026-07-01&until=2026-07-01&limit=5").json()
    assert told["total"] == 24 and len(told["rows"]) == 5
    assert {one["source"] for one in told["rows"]} == {"simulated"} and told["rows"][0]["time"].startswith("2026-07-01")
    content = ask("read", "sites/sample-air/rows.xlsx?item=PM25&since=2026-07-01&until=2026-07-01").content
    lines = [row for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True) if "μg/m³" in row]
    assert len(lines) == 24 and {tuple(one["replaced"]) for one in told["rows"]} == {()}
    (origin,) = ask("read", "sites/sample-air/origins?item=PM25&since=2026-07-01&until=2026-07-01").json()
    assert (origin["n"], origin["source"]) == (24, "simulated")


def test_a_corrected_row_tells_what_it_replaced(ask, settings, tmp_path):
    settings.OBSERVATIONS = str(tmp_path)
    for day, value in enumerate(("10", "12")):
        append(Store(tmp_path), batch([row(0, value, site="sample-air")]), RECEIVED + timedelta(day))
    (told,) = ask("read", "sites/sample-air/rows").json()["rows"]
    assert told["value"] == "12" and [one["value"] for one in told["replaced"]] == ["10"]
    assert told["replaced"][0]["replaced_at"] == told["received_at"] == "2025-02-02T00:00:00Z"
