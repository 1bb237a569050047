"""A value that measurements came to leads back to its sites, periods, editions and rows."""

from datetime import date

import pytest

from qingshan.cycle import run_cycle
from qingshan.observations.appending import append
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.observations.wanted import Wanted
from qingshan.people.models import Role
from qingshan.web.streams import taken

from ..indicators.test_streams import DAY, SECTIONS, SINCE, STATIONS, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(county, tmp_path, settings):
    settings.OBSERVATIONS = str(tmp_path / "store")
    rows = simulated([*SECTIONS, *STATIONS], SINCE, date(2025, 4, 1))
    append(Store(settings.OBSERVATIONS), rows)
    take(county, "meters", Wanted("water", "good_share").at(SECTIONS))
    take(county, "phosphorus", Wanted("air", "mean", "PM25").at(STATIONS), "annual_mean", instead="phosphorus-monthly")
    return run_cycle(programme=county, as_of=DAY)


def page(enter, run, code: str, language: str = "zh-hans") -> str:
    answer = enter(Role.OFFICE, run.programme, language, language).get(f"/riverbend/runs/{run.id}/targets/{code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_was_taken_is_told_by_period_with_its_editions_and_rows(run, enter):
    (found,) = taken(run, "meters")
    assert [one.period for one in found.rows] == ["2025-Q1"] and found.rows[0].whole == 5 and found.shares
    assert [one["code"] for one in found.editions] == ["gb3838-2002", "hb22-2011"]
    text = page(enter, run, "meters")
    assert "地表水：Ⅰ—Ⅲ类断面占比" in text and "GB 3838-2002" in text and "/ 5" in text
    assert f"/riverbend/measurements/w0/rows/?since=2025-01-01&amp;until={DAY}" in text
    assert found.read.digest in text and f"{found.read.rows:,}" in text
    assert "Surface water: share of sections in classes I to III" in page(enter, run, "meters", "en")


def test_what_was_not_taken_says_why(run, enter):
    text = page(enter, run, "phosphorus")
    assert "模拟监测不取代它们" in text and "/riverbend/measurements/a/rows/" in text and "item=PM25" in text


def test_a_target_says_that_it_rests_on_measurements(run, enter):
    text = enter(Role.OFFICE, run.programme).get("/riverbend/targets/meters/").content.decode()
    assert "地表水：Ⅰ—Ⅲ类断面占比" in text and "/riverbend/measurements/" in text
