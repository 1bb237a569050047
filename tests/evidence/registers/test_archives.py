"""Occurrences in and out as Darwin Core archives: nothing is lost on the way, and what is wrong is told at its place."""

import io
import zipfile
from datetime import date

import pytest

from qingshan.evidence.registers.actions import change_entry
from qingshan.evidence.registers.importing import FaultyFile, dry_run, import_rows
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.queries import entries, register_now, write_archive
from tests.evidence.registers.served import put
from tests.evidence.registers.written import written

DAY = date(2025, 11, 1)


@pytest.fixture
def records(programme):
    put(programme)
    return programme


def packed(programme) -> bytes:
    definition = register_now(programme, "records")
    return written(write_archive, definition, entries(programme, "records"))


def told(programme, content, ask=import_rows):
    return ask(by=None, programme=programme, register="records", content=content, name="records.zip", known_on=DAY)


def stand(programme):
    return list(entries(programme, "records").order_by("key").values_list("key", "data", "lon", "lat"))


def test_what_went_out_comes_in_and_changes_nothing(records):
    before = stand(records)
    outcome = told(records, packed(records))
    assert (outcome.added, outcome.changed, outcome.same) == (0, 0, 3)
    assert stand(records) == before, "fields without a term stay as they were"


def test_what_went_out_can_be_put_back(records):
    before, content = stand(records), packed(records)
    entry = Entry.objects.get(register="records", key="O1")
    change_entry(
        by=None,
        entry=entry,
        expected=1,
        data={"amount": 99},
        geometry={"type": "Point", "coordinates": [121.5, 30.5]},
        known_on=DAY,
    )
    assert told(records, content).changed == 1
    assert stand(records) == before
    assert packed(records) == content
    assert set(entries(records, "records").values_list("origin", flat=True)) == {"simulated"}, "the archive says so"


def test_a_dry_run_writes_nothing_and_counts_the_same(records):
    content = packed(records)
    outcome, faults = told(records, rewritten(content, "O3", "O9"), dry_run)
    assert (outcome.added, outcome.same, faults) == (1, 2, []) and Entry.objects.filter(register="records").count() == 3


def rewritten(content: bytes, old: str, new: str) -> bytes:
    """The archive with one passage of its table replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            target.writestr(name, text.replace(old, new) if name == "occurrence.txt" else text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "cell", "words"),
    [
        ("2025-03-05", "2025-03-05/2025-04-01", "E2", "应为日期"),
        ("Ardea cinerea", "", "A3", "为必填"),
        ("\t3\t", "\tthree\t", "C2", "应为整数"),
        ("EPSG:4326\t模拟数据 simulated\nO2", "GCJ-02\t模拟数据 simulated\nO2", "I2", "请先换算为 WGS84"),
        ("HumanObservation", "Hearsay", "F2", "不在可选项中"),
        ("\t121.02\t", "\t221.02\t", "G2", "超出范围"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place_and_nothing_is_kept(records, old, new, cell, words):
    before = stand(records)
    content = rewritten(packed(records), old, new)
    faults = told(records, content, dry_run)[1]
    assert any(words in one.zh and one.sheet == "occurrence.txt" for one in faults), faults
    if cell != "A3":
        assert cell in {one.cell for one in faults} or words == "超出范围", faults
    with pytest.raises(FaultyFile):
        told(records, content)
    assert stand(records) == before


def test_an_instant_is_kept_as_its_day(records):
    told(records, rewritten(packed(records), "2025-03-05", "2025-03-05T08:15+08:00"))
    assert Entry.objects.get(register="records", key="O1").data["seen_on"] == "2025-03-05"


def test_a_zip_that_is_no_archive(records):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("meta.xml", "<x/>")
    faults = told(records, out.getvalue(), dry_run)[1]
    assert [one.zh for one in faults] == ["不是达尔文核心压缩包：须有 meta.xml 和它所指的数据表。"]
