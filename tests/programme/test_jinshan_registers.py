"""Jinshan's registers: all that the plan counts has one, all rows are simulated and say so, and its targets are counted from them."""

import json
import re
from datetime import date

import pytest

from qingshan.cycle import reproduce, run_cycle
from qingshan.evidence.registers.actions import change_entry, withdraw
from qingshan.evidence.registers.models import Entry
from qingshan.programme.binding import of_target
from qingshan.programme.check import inspect
from tests.programme.folder import JINSHAN

DAY = date(2025, 10, 31)
# target → value and status on the day of the demonstration: what stated figures gave before registers were counted
JUDGED = {
    "waste-free-cells": ("37", "at_risk"), "waste-free-cells-8": ("37", "at_risk"), "building-retrofit": ("150000", "off_track"),
    "groundwater-parks": ("5", "attained"), "emergency-banks": ("1", "on_track"), "sponge-projects": ("13", "at_risk"),
    "waste-heat": ("2", "attained"), "radioactive-online": ("4", "at_risk"), "pocket-parks": ("8", "at_risk"),
    "study-routes": ("7", "at_risk"), "model-estates": ("11", "at_risk"), "oil-fume-online": ("82.71", "on_track"),
    "drainage-zones": ("68", "off_track"), "drainage-users": ("85.64", "on_track"), "inspection-closed": ("73.68", "at_risk"),
    "farmland-safe": ("100", "on_track"), "land-safe": ("100", "on_track"),
    "electric-buses": ("96.38", "on_track"), "three-star-buildings": ("100", "on_track"), "ultra-low-energy": ("43.1", "on_track"),
    "slow-release-fertiliser": ("69200", "on_track"), "green-pest-control": ("15600", "at_risk"),
    "volunteer-events": ("20", "on_track"),
}  # fmt: skip
COUNTED = set(
    re.findall(
        r"[a-z-]+",
        """waste-free-cells outfalls drainage-users drainage-zones sewage-works sewer-projects clean-watersheds land-plots farmland-units
groundwater-parks hazardous-producers building-retrofits low-energy-housing green-factories zero-carbon-units clean-production pv-sites
charging-posts buses waste-heat land-reduction voc-projects inspection-stations oil-fume-points quiet-areas wetlands habitats forest-plots
occurrences cordgrass radioactive-sources sponge-projects stormwater-works emergency-supplies emergency-banks parks greenways slow-traffic
slow-release pest-control tail-water rural-sewage model-criteria education-bases study-routes volunteering sorting-stations recycling-points
model-cases inspection-findings zoning-units zoning-access diesel-zones emergency-teams water-gates key-rivers""",
    )
)


@pytest.fixture(scope="module")
def folder():
    found, problems = inspect(JINSHAN)
    assert problems == []
    return found


def test_all_that_the_plan_counts_has_a_register(folder):
    assert set(folder.register_by_code) >= COUNTED


def test_every_register_has_rows(folder):
    assert set(folder.register_by_code) - set(folder.sources_of_registers) == set()


def test_all_rows_are_simulated(folder):
    assert {folder.source_by_code[row.source].kind for row in folder.entries} == {"simulated"}


def test_the_tables_are_small():
    assert sum(path.stat().st_size for path in (JINSHAN / "registers").glob("*.csv")) < 400_000


def test_every_task_but_those_of_policy_has_a_register(folder):
    assert {no for one in folder.registers for no in one.tasks} >= set(range(1, 23)) - {9, 21}


def test_occurrences_speak_darwin_core(folder):
    terms = {one.term for one in folder.register_by_code["occurrences"].fields if one.term}
    assert terms >= {"occurrenceID", "scientificName", "eventDate", "basisOfRecord", "individualCount"}
    assert [one.code for one in folder.registers if any(it.term for it in one.fields)] == ["occurrences"]


def test_what_is_counted_is_counted_from_registers(folder):
    kept = {one.code for one in folder.targets if all(it.kind == "register" for it in of_target(folder, one))}
    assert kept == set(JUDGED)


@pytest.mark.django_db
def test_values_and_statuses_stand_as_they_did_before(loaded_jinshan):
    record = json.loads(run_cycle(programme=loaded_jinshan, as_of=DAY).record)
    found = {one["code"]: (one["actual"], one["status"]) for one in record["targets"] if one["code"] in JUDGED}
    assert found == JUDGED
    assert {mark for one in record["targets"] if one["code"] in JUDGED for mark in one["marks"]} == {"simulated"}


@pytest.mark.django_db
def test_a_run_is_reproduced_when_rows_changed_later(loaded_jinshan):
    run = run_cycle(programme=loaded_jinshan, as_of=DAY)
    for register, data in (("buses", {"energy": "diesel"}), ("building-retrofits", {"area": "1"})):
        entry = Entry.objects.filter(register=register, state__in=("listed", "done")).first()
        change_entry(by=None, entry=entry, expected=entry.number, data=data, known_on=DAY, effective_on=DAY)
    cell = Entry.objects.filter(register="waste-free-cells", state="certified").first()
    withdraw(by=None, entry=cell, expected=cell.number, why="重复登记", known_on=DAY)
    assert reproduce(run) == run.record
    again = json.loads(run_cycle(programme=loaded_jinshan, as_of=DAY).record)
    assert next(one["actual"] for one in again["targets"] if one["code"] == "waste-free-cells") == "36"
