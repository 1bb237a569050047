"""Jinshan's registers: all that the plan counts has one, all rows are simulated and say so, and they tell what the figures tell."""

import re
from datetime import date

import pytest
from django.utils import timezone

from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.queries import amounts, dues, register_now
from qingshan.evidence.registers.selections import Selection
from qingshan.indicators.queries import values_as_of
from qingshan.programme.check import inspect
from qingshan.programme.loading import load
from tests.programme.folder import JINSHAN

DAY = date(2025, 10, 31)
# metric → what counts the same in a register
SAME = {
    "waste-free-cells": Selection("waste-free-cells", states=("certified",)),
    "building-retrofit": Selection("building-retrofits", states=("done", "accepted"), total="area"),
    "groundwater-parks": Selection("groundwater-parks", states=("done", "accepted")),
    "emergency-banks": Selection("emergency-banks", states=("done", "accepted")),
    "sponge-projects": Selection("sponge-projects", states=("done", "accepted")),
    "waste-heat": Selection("waste-heat", states=("done", "accepted")),
    "radioactive-online": Selection("radioactive-sources", states=("online",)),
    "pocket-parks": Selection("parks", "kind=pocket", ("done", "accepted")),
    "study-routes": Selection("study-routes", states=("done", "accepted")),
    "model-estates": Selection("model-estates", states=("certified",)),
}
SHARES = {
    "oil-fume-online": Selection("oil-fume-points", states=("online",)),
    "drainage-zones": Selection("drainage-zones", states=("compliant",)),
    "inspection-closed": Selection("inspection-findings", states=("closed",)),
}
FLOWS = {
    "slow-release-fertiliser": Selection("slow-release", total="area", on="used_on"),
    "green-pest-control": Selection("pest-control", total="area", on="used_on"),
}
COUNTED = set(
    re.findall(
        r"[a-z-]+",
        """waste-free-cells outfalls drainage-users drainage-zones sewage-works sewer-projects clean-watersheds land-plots farmland-units
groundwater-parks hazardous-producers building-retrofits low-energy-housing green-factories zero-carbon-units clean-production pv-sites
charging-posts buses waste-heat land-reduction voc-projects inspection-stations oil-fume-points quiet-areas wetlands habitats forest-plots
occurrences cordgrass radioactive-sources sponge-projects stormwater-works emergency-supplies emergency-banks parks greenways slow-traffic
slow-release pest-control tail-water rural-sewage model-criteria education-bases study-routes volunteering sorting-stations recycling-points
model-cases inspection-findings zoning-units diesel-zones""",
    )
)


@pytest.fixture(scope="module")
def folder():
    found, problems = inspect(JINSHAN)
    assert problems == []
    return found


def test_all_that_the_plan_counts_has_a_register(folder):
    assert set(folder.register_by_code) >= COUNTED


def test_all_rows_are_simulated(folder):
    assert {folder.source_by_code[row.source].kind for row in folder.entries} == {"simulated"}


def test_the_tables_are_small():
    assert sum(path.stat().st_size for path in (JINSHAN / "registers").glob("*.csv")) < 300_000


def test_every_task_but_those_of_policy_has_a_register(folder):
    assert {no for one in folder.registers for no in one.tasks} >= set(range(1, 23)) - {9, 21}


def test_occurrences_speak_darwin_core(folder):
    terms = {one.term for one in folder.register_by_code["occurrences"].fields if one.term}
    assert terms >= {"occurrenceID", "scientificName", "eventDate", "basisOfRecord", "individualCount"}


def test_registers_tell_what_the_figures_tell(db):
    programme, cutoff = load(JINSHAN), timezone.now()
    values = values_as_of(programme, DAY, cutoff)
    for metric, one in SAME.items():
        kept = dues(programme, register_now(programme, one.register), one, DAY, cutoff)
        told = {row.key: (row.planned_on, row.done_on, row.value) for row in values[metric].evidence["series"].rows}
        assert {row.key: (row.planned_on, row.done_on, row.value) for row in kept} == told, metric
    for metric, one in SHARES.items():
        kept = amounts(programme, register_now(programme, one.register), one, date(2024, 1, 1), DAY, cutoff)
        assert [(a.period, a.value) for a in kept][-5:-1] == [(p.period, p.part) for p in values[metric].points][-4:], (
            metric
        )
    for metric, one in FLOWS.items():
        kept = amounts(programme, register_now(programme, one.register), one, date(2024, 1, 1), DAY, cutoff)
        assert [(a.period, a.value) for a in kept] == [
            (r.period, r.value) for r in values[metric].evidence["series"].rows
        ]
    assert Entry.objects.exclude(origin="simulated").count() == 0
