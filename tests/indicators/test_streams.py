"""Metrics that take measurements: as known at the cutoff, the same again however much was corrected since, and the sites of then."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from qingshan import cycle
from qingshan.cycle import reproduce, run_cycle
from qingshan.indicators.actions import define_metrics
from qingshan.indicators.queries import metrics_as_of, values_as_of
from qingshan.observations.appending import append
from qingshan.observations.assess.asking import Asked
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.observations.wanted import Wanted
from qingshan.programme.loading import load
from tests.observations.sample import batch
from tests.programme.folder import SAMPLE

pytestmark = pytest.mark.django_db
DAY, SINCE = date(2025, 10, 31), date(2025, 1, 1)
SECTIONS = [
    {"code": f"w{no}", "medium": "water", "body": "river", "group": "city" if no < 2 else None, "simulated": True}
    for no in range(5)
]
STATIONS = [{"code": code, "medium": "air", "simulated": True} for code in "ab"]


@pytest.fixture
def programme(tmp_path, settings):
    settings.OBSERVATIONS = str(tmp_path / "store")
    programme = load(SAMPLE)
    take(programme, "meters", Wanted("water", "good_share").at(SECTIONS))
    take(programme, "leakage", Wanted("water", "good_share", group="city").at(SECTIONS))
    return programme


def take(programme, code: str, one: Wanted, formula: str = "assessed", **more) -> int:
    """Let a metric of the sample take measurements from now on."""
    metric = metrics_as_of(programme, timezone.now())[code]
    told = {
        one.name: getattr(metric, one.name)
        for one in metric._meta.fields
        if one.name not in ("id", "programme", "recorded_at")
    }
    changed = {"formula": formula, "inputs": {"series": one.plain()} | more}
    return define_metrics(by=None, programme=programme, definitions=[told | changed])


def value_of(programme, code: str):
    return values_as_of(programme, DAY, timezone.now(), [code])[code]


@pytest.fixture
def measured(programme, settings):
    append(Store(settings.OBSERVATIONS), simulated(SECTIONS, SINCE, date(2025, 10, 1)))
    return programme


def target(text: str, code: str) -> dict:
    return next(one for one in json.loads(text)["targets"] if one["code"] == code)


def worse(settings, at=None) -> None:
    """Ammonia far beyond class V in every section of September: a correction of what was measured."""
    asked = Asked.of(settings.OBSERVATIONS, "water", tuple(one["code"] for one in SECTIONS))
    with asked.rows() as (connection, rows):
        found = connection.to_pyarrow(rows.filter(rows.item == "nh3n", rows.time.month() == 9)).to_pylist()
    append(Store(settings.OBSERVATIONS), batch([one | {"value": Decimal(99), "flag": ""} for one in found]), at)


def test_without_measurements_there_is_no_value(programme):
    assert value_of(programme, "meters").points == ()


def test_a_value_is_what_the_measurements_come_to_and_says_what_it_read(measured):
    value = value_of(measured, "meters")
    assert [one.period for one in value.points] == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert all(one.whole == 5 and one.complete for one in value.points)
    evidence = value.evidence["series"]
    assert value.origins == ("simulated",) and date(2025, 9, 20) < evidence.known_on <= date(2025, 9, 30)
    assert len(evidence.stated) == 1 + len(value.points) and len(evidence.stated[0].split("|")[2]) == 64
    assert value_of(measured, "leakage").points[-1].whole == 2  # the sections of the group


def test_a_run_stays_as_it_is_when_measurements_are_corrected(measured, settings):
    run = run_cycle(programme=measured, as_of=DAY)
    worse(settings)
    assert reproduce(run) == run.record
    after = run_cycle(programme=measured, as_of=DAY)
    assert Decimal(target(after.record, "meters")["actual"]) == 0 < Decimal(target(run.record, "meters")["actual"])


def test_a_run_reads_the_sites_of_its_time(measured):
    run = run_cycle(programme=measured, as_of=DAY)
    assert take(measured, "meters", Wanted("water", "good_share").at(SECTIONS[:3])) == 1
    assert reproduce(run) == run.record
    assert value_of(measured, "meters").points[-1].whole == 3


def test_published_months_stand_where_only_simulated_hours_are(programme, settings):
    append(Store(settings.OBSERVATIONS), simulated(STATIONS, SINCE, date(2025, 4, 1)))
    before = value_of(programme, "phosphorus")
    take(
        programme, "phosphorus", Wanted("air", "mean", "PM25").at(STATIONS), "annual_mean", instead="phosphorus-monthly"
    )
    after = value_of(programme, "phosphorus")
    assert after.points == before.points and after.origins == ("official",) and after.evidence.keys() == {"instead"}


def test_measurements_on_their_way_at_the_cutoff_are_in_the_run(measured, settings, monkeypatch):
    """They are as old as the cutoff, and would be read when the run is computed anew."""
    judged, times = cycle.judged, []

    def slow(*given):
        text = judged(*given)
        if not times:
            worse(settings, at=given[2])
        times.append(text)
        return text

    monkeypatch.setattr(cycle, "judged", slow)
    run = run_cycle(programme=measured, as_of=DAY)
    assert len(times) == 2 and times[0] != times[1] == run.record
    monkeypatch.undo()
    assert reproduce(run) == run.record
