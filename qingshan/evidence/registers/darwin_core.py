"""Species occurrences as a Darwin Core archive: a zip of meta.xml and one table, as GBIF reads and writes it.

References
----------
Darwin Core Text Guide, TDWG, http://rs.tdwg.org/dwc/terms/guides/text/ ; terms at http://rs.tdwg.org/dwc/terms/
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from .schema import Column, Definition

TERMS = "http://rs.tdwg.org/dwc/terms/"
TEXT = "http://rs.tdwg.org/dwc/text/"
TABLE, META = "occurrence.txt", "meta.xml"
MOST_BYTES = 200 * 2**20
BASES = (
    "HumanObservation",
    "PreservedSpecimen",
    "MachineObservation",
    "FossilSpecimen",
    "LivingSpecimen",
    "MaterialSample",
)


class NotAnArchive(ValueError):
    """A file that cannot be read as a Darwin Core archive, with the reason in Chinese and in English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


def write(file: IO[bytes], definition: Definition, rows: Iterable[Mapping[str, Any]], simulated: bool) -> None:
    """Write the archive of a register's rows (field → value, with lon, lat and origin) to `file`, row by row. Fields without a
    term stay at home.

    simulated: whether any row is; the table then has a column datasetName that says so for each that is.
    """
    columns = [one for one in definition.fields if one.term]
    terms = [
        *(one.term for one in columns),
        "decimalLongitude",
        "decimalLatitude",
        "geodeticDatum",
        *["datasetName"] * simulated,
    ]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_entry(META), _meta(terms))
        with packed.open(_entry(TABLE), "w", force_zip64=True) as table:
            table.write(_told(terms))
            for row in rows:
                table.write(_told(_cells(columns, row, simulated)))


def _entry(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def _told(cells: Iterable[str]) -> bytes:
    return ("\t".join(cells) + "\n").encode()


def _cells(columns: Iterable[Column], row: Mapping[str, Any], simulated: bool) -> list[str]:
    placed = row.get("lon") is not None
    place = [repr(row["lon"]), repr(row["lat"]), "EPSG:4326"] if placed else ["", "", ""]
    mark = [SIMULATED if row.get("origin") == "simulated" else ""] * simulated
    return [*(_out(one, row.get(one.code)) for one in columns), *place, *mark]


def _out(column: Column, value: Any) -> str:
    """A value as Darwin Core writes it, on one line: tabs and line ends separate, and cannot be guarded."""
    text = "" if value is None else " ".join(str(value).split())
    if column.term == "basisOfRecord":
        return next((one for one in BASES if one.lower() == text.lower()), text)
    return text


def _meta(terms: list[str]) -> str:
    fields = "\n".join(
        f"    <field index={quoteattr(str(n))} term={quoteattr(TERMS + term)}/>" for n, term in enumerate(terms)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<archive xmlns="{TEXT}">
  <core encoding="UTF-8" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n" fieldsEnclosedBy="" ignoreHeaderLines="1" rowType="{TERMS}Occurrence">
    <files><location>{TABLE}</location></files>
    <id index="{terms.index("occurrenceID") if "occurrenceID" in terms else 0}"/>
{fields}
  </core>
</archive>
"""


class Line(NamedTuple):
    """A record of the table: its line, and the text under each field's code, with lon, lat and datum."""

    number: int
    cells: dict[str, str]


class Read(NamedTuple):
    """An archive's table: its name, the place (from 0) of each field's column, and its records."""

    name: str
    places: dict[str, int]
    lines: Iterator[Line]


SIMULATED = "模拟数据 simulated"
PLACES = {"decimalLongitude": "lon", "decimalLatitude": "lat", "geodeticDatum": "datum", "datasetName": "dataset"}
ASIDE = ("datum", "dataset")  # told of a record, but no field of a row
WGS84 = {"", "epsg:4326", "wgs84", "wgs 84", "epsg:4490", "cgcs2000"}  # the last two lie within a metre of it


def is_archive(content: bytes) -> bool:
    """Whether a file is a zip that describes itself as Darwin Core archives do; a workbook is a zip too."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return META in packed.namelist()
    except zipfile.BadZipFile:
        return False


def occurrences(definition: Definition, content: bytes) -> Iterator[dict[str, str]]:
    """The archive's records as the register's field codes → text, with lon and lat. Raises NotAnArchive."""
    for line in opened(definition, content).lines:
        yield {code: text for code, text in line.cells.items() if code not in ASIDE}


def opened(definition: Definition, content: bytes) -> Read:
    """An archive, as far as the register's fields name its terms. Raises NotAnArchive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_BYTES:
                raise NotAnArchive("压缩包解开后过大", "the archive is too large once unpacked")
            core = _core(packed.read(META))
            table = packed.read(core["location"]).decode(core["encoding"])
    except (
        zipfile.BadZipFile, KeyError, UnicodeDecodeError, LookupError, ValueError, etree.XMLSyntaxError, NotImplementedError, RuntimeError,
    ) as broken:  # fmt: skip
        if isinstance(broken, NotAnArchive):
            raise
        raise NotAnArchive(
            "不是达尔文核心压缩包：须有 meta.xml 和它所指的数据表",
            "no Darwin Core archive: meta.xml and its table are needed",
        ) from broken
    codes = {one.term: one.code for one in definition.fields if one.term} | PLACES
    places = {codes[term]: index for index, term in core["fields"].items() if term in codes}
    return Read(core["location"], places, _lines(table, core, places))


def _lines(table: str, core: Mapping[str, Any], places: Mapping[str, int]) -> Iterator[Line]:
    quote = core["quote"] or None
    rows = csv.reader(
        io.StringIO(table, newline=""),
        delimiter=core["tab"],
        quotechar=quote,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    for number, row in enumerate(rows, 1):
        if number > core["skip"] and row:
            found = {code: row[index].strip() for code, index in places.items() if index < len(row)}
            yield Line(number, {code: text for code, text in found.items() if text})


def plain(column: Column, text: str) -> str:
    """A term's text as the field keeps it: basisOfRecord without capitals, the day of an instant or of a range within one."""
    if column.term == "basisOfRecord" and column.type == "choice":
        return text.lower()
    if column.type == "date" and "T" in text:
        return "/".join(dict.fromkeys(part.partition("T")[0] for part in text.split("/")))
    return text


def _core(text: bytes) -> dict[str, Any]:
    root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    core = root.find(f"{{{TEXT}}}core")
    if core is None:
        raise KeyError("core")
    fields = {
        int(one.get("index")): one.get("term").rpartition("/")[2]
        for one in core.iterfind(f"{{{TEXT}}}field")
        if (one.get("index") or "").isdigit()
    }
    return {
        "location": core.findtext(f"{{{TEXT}}}files/{{{TEXT}}}location") or TABLE, "fields": fields,
        "encoding": core.get("encoding") or "UTF-8", "tab": (core.get("fieldsTerminatedBy") or ",").replace("\\t", "\t"),
        "quote": core.get("fieldsEnclosedBy", '"'), "skip": int(core.get("ignoreHeaderLines") or 0),
    }  # fmt: skip
