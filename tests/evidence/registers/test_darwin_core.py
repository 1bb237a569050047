import csv
import io
import tempfile
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evidence.registers.darwin_core import NotAnArchive, occurrences, write
from qingshan.evidence.registers.schema import Definition
from tests.evidence.registers.written import written


def column(code, term=None, kind="text", **more):
    return {"code": code, "name": {"zh": code, "en": code}, "type": kind, "term": term} | more


BIRDS = Definition.model_validate(
    {"code": "birds", "name": {"zh": "鸟", "en": "Birds"}, "geometry": "point", "key": ["no"], "fields": [
        column("no", "occurrenceID", required=True), column("species", "scientificName"), column("amount", "individualCount", "int"),
        column("seen_on", "eventDate", "date"), column("basis", "basisOfRecord"), column("secret")]}
)  # fmt: skip
ROWS = [
    {"no": "1", "species": "Egretta garzetta", "amount": 3, "seen_on": "2025-05-01", "basis": "humanobservation", "secret": "x", "lon": 121.25, "lat": 30.75},
    {"no": "2", "species": "Ardea cinerea"},
]  # fmt: skip


def test_an_archive_has_its_table_described():
    with zipfile.ZipFile(io.BytesIO(written(write, BIRDS, ROWS, False))) as packed:
        assert packed.namelist() == ["meta.xml", "occurrence.txt"]
        meta, table = packed.read("meta.xml").decode(), packed.read("occurrence.txt").decode()
    assert 'rowType="http://rs.tdwg.org/dwc/terms/Occurrence"' in meta and '<id index="0"/>' in meta
    head, first, second = csv.reader(io.StringIO(table), delimiter="\t")
    assert dict(zip(head, first, strict=True)) == {
        "occurrenceID": "1", "scientificName": "Egretta garzetta", "individualCount": "3", "eventDate": "2025-05-01",
        "basisOfRecord": "HumanObservation", "decimalLongitude": "121.25", "decimalLatitude": "30.75", "geodeticDatum": "EPSG:4326",
    }  # fmt: skip
    assert "secret" not in table and second[-1] == ""


def test_what_goes_out_comes_in():
    found = list(occurrences(BIRDS, written(write, BIRDS, ROWS, False)))
    assert found[0] == {"no": "1", "species": "Egretta garzetta", "amount": "3", "seen_on": "2025-05-01", "basis": "HumanObservation", "lon": "121.25", "lat": "30.75"}  # fmt: skip
    assert found[1] == {"no": "2", "species": "Ardea cinerea"}


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20), min_size=1, max_size=5))
def test_any_text_stays_on_its_line(names):
    kept = list(
        occurrences(
            BIRDS, written(write, BIRDS, [{"no": str(n), "species": name} for n, name in enumerate(names)], False)
        )
    )
    assert [(one["no"], one.get("species", "")) for one in kept] == [
        (str(n), " ".join(name.split())) for n, name in enumerate(names)
    ]


def test_an_archive_of_another_program():
    """Commas, quotes, columns in another order and terms we do not keep."""
    meta = """<archive xmlns="http://rs.tdwg.org/dwc/text/"><core encoding="UTF-8" fieldsTerminatedBy="," fieldsEnclosedBy='"' ignoreHeaderLines="1">
    <files><location>data.csv</location></files><id index="1"/><field index="0" term="http://rs.tdwg.org/dwc/terms/scientificName"/>
    <field index="1" term="http://rs.tdwg.org/dwc/terms/occurrenceID"/><field index="2" term="http://rs.tdwg.org/dwc/terms/kingdom"/></core></archive>"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("meta.xml", meta)
        packed.writestr("data.csv", 'name,id,kingdom\n"Ardea, cinerea",7,Animalia\n')
    assert list(occurrences(BIRDS, out.getvalue())) == [{"species": "Ardea, cinerea", "no": "7"}]


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive"])
def test_what_is_no_archive_says_so(content):
    with pytest.raises(NotAnArchive) as wrong:
        list(occurrences(BIRDS, content))
    assert "meta.xml" in wrong.value.zh and wrong.value.en


def test_a_hostile_archive_reads_no_other_file():
    meta = """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><archive xmlns="http://rs.tdwg.org/dwc/text/">
    <core><files><location>&x;</location></files></core></archive>"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("meta.xml", meta)
    with pytest.raises(NotAnArchive):
        list(occurrences(BIRDS, out.getvalue()))


def test_a_simulated_row_says_so_and_the_others_do_not():
    rows = [ROWS[0] | {"origin": "simulated"}, ROWS[1]]
    with zipfile.ZipFile(io.BytesIO(written(write, BIRDS, rows, True))) as packed:
        head, first, second = csv.reader(io.StringIO(packed.read("occurrence.txt").decode()), delimiter="\t")
    assert head[-1] == "datasetName" and "模拟" in first[-1] and second[-1] == ""


def test_many_rows_are_written_in_the_memory_of_one():
    def rows(count: int):
        return ({"no": str(n), "species": f"Species {n * 7919}"} for n in range(count))

    def peak(count: int) -> int:
        with tempfile.TemporaryFile() as file:
            tracemalloc.start()
            write(file, BIRDS, rows(count), False)
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found

    peak(1)
    assert peak(20_000) < peak(2_000) * 1.3 + 50_000
