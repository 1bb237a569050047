"""Units of farmland: the class of their register beside that of the samples of their points."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from qingshan.evidence.registers.actions import put_entries
from qingshan.evidence.registers.models import Entry
from qingshan.web import farmland
from tests.evidence.measurements.fields import UNITS, fields_of, stated


@pytest.fixture
def fields(county, settings, tmp_path):
    settings.OBSERVATIONS = str(tmp_path / "observations")
    return fields_of(county, settings.OBSERVATIONS)


def compared(county, register, **asked):
    told = {"day": date(2025, 12, 31), "cutoff": timezone.now(), "by": None} | asked
    return {one.title: one for one in farmland.compared(county, register, **told)}


def test_a_disagreement_is_told_and_produce_adjusts(county, fields):
    found = compared(county, fields)
    assert {name: (one.stated, one.by_samples) for name, one in found.items()} == {
        "U1": (1, 2),
        "U2": (1, 1),
        "U3": (2, 2),
    }
    assert found["U1"].sentence == "台账为选项used，按 2025 年样品为选项strict"
    assert [found[name].sentence for name in ("U2", "U3")] == ["", ""] and found["U2"].produce_entered
    assert next(iter(found)) == "U1", "what disagrees comes first"


def test_a_simulated_point_makes_its_unit_simulated(county, fields):
    county.about["sites"][0]["simulated"] = True
    county.save()
    assert [one.simulated for one in compared(county, fields).values()] == [True, False, False]


def test_the_way_leads_to_the_very_rows(county, fields, enter):
    (site, rows), _other = compared(county, fields)["U1"].points
    assert site["code"] == "a" and rows.endswith("/a/rows/?since=2025-06-01&until=2025-06-01")
    assert "3" in enter("office", county).get(rows).content.decode()


def test_before_the_samples_and_before_they_were_received_there_is_nothing(county, fields):
    assert compared(county, fields, day=date(2025, 5, 31)) == {}
    assert compared(county, fields, cutoff=datetime(2020, 1, 1, tzinfo=UTC)) == {}


def test_areas_by_the_register_and_by_samples(county, fields):
    day, now = date(2025, 12, 31), timezone.now()
    found = farmland.compared(county, fields, None, day, now)
    told = farmland.areas(county, fields, found, day, now)
    assert [one[1:] for one in told] == [(0, 0), (Decimal(166), Decimal(94)), (Decimal(96), Decimal(168))]


def test_produce_that_cannot_be_is_said_and_does_not_count(county, fields):
    wrong = stated(UNITS[1] | {"produce_met": 3, "produce_heavy": 2}, date(2025, 7, 1))
    put_entries(by=None, programme=county, register="fields", rows=[wrong])
    one = compared(county, fields)["U2"]
    assert (one.by_samples, one.produce_wrong, one.produce_entered) == (2, True, False)


def test_the_pages_show_both_classes(county, fields, enter):
    reader = enter("office", county)
    page = reader.get(reverse("farmland", args=[county.code])).content.decode()
    assert (
        "台账为选项used，按 2025 年样品为选项strict" in page and "环办土壤〔2019〕53号" in page and "GB 15618" in page
    )
    entry = Entry.objects.get(register="fields", key="U1")
    told = reader.get(reverse("registers-entry", args=[county.code, "fields", entry.pk])).content.decode()
    assert "按 2025 年样品为选项strict" in told and reverse("farmland", args=[county.code]) in told
    other = Entry.objects.get(register="fields", key="U4")
    assert (
        "土壤样品"
        not in reader.get(reverse("registers-entry", args=[county.code, "fields", other.pk])).content.decode()
    )


def test_the_api_says_what_the_page_shows(county, fields, enter):
    told = enter("office", county).get(f"/api/v1/programmes/{county.code}/farmland").json()
    assert [(one["key"], one["registered"], one["by_samples"], one["disagrees"]) for one in told["units"]] == [
        ("U1", "used", "strict", True), ("U2", "used", "used", False), ("U3", "strict", "strict", False),
    ]  # fmt: skip
    assert told["simulated"] is False
    first = told["units"][0]
    assert (first["year"], first["points"], first["samples"][0]) == (2025, 2, {"site": "a", "sampled_on": "2025-06-01"})
    assert first["elements"] == [{"item": "Cd", "class_code": "strict", "points": [0, 0, 2], "rule": "same"}]
    assert {one["mark"] for one in told["standards"]} == {"S", "M-M"}


def test_without_such_a_register_there_is_no_page_and_without_samples_it_says_so(
    county, enter, fields, settings, tmp_path
):
    settings.OBSERVATIONS = str(tmp_path / "none")
    assert (
        "没有可以评价的土壤样品"
        in enter("office", county).get(reverse("farmland", args=[county.code])).content.decode()
    )
