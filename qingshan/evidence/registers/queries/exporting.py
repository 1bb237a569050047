"""Rows of a register as a workbook, as CSV, or as a Darwin Core archive."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from qingshan.people.models import User
from qingshan.plan.models import Programme

from .. import darwin_core, workbook
from ..cells import show
from ..models import Revision
from ..schema import Definition
from ..workbook import GEOMETRY, LAT, LON, ORIGIN, ORIGINS, STATE, columns_of, csv_text, heading
from .rows import entries, register_of, sight


def names_of_bodies(programme: Programme) -> dict[str, str]:
    return dict(programme.jurisdiction.bodies.values_list("code", "name"))


def plain_rows(definition: Definition, rows, by: User | None = None) -> Iterator[dict[str, Any]]:
    """Rows as column → value, for a workbook or a CSV file; what `by` may not see is left empty."""
    sees = sight(definition, by)
    key = "entry__key" if rows.model is Revision else "key"
    told = rows.order_by(key).values_list("data", "state", "lon", "lat", "geometry", "body_id", "origin")
    for data, state, lon, lat, geometry, body, origin in told.iterator(chunk_size=2000):
        if not sees.places(body):
            lon = lat = geometry = None
        shape = json.dumps(geometry, ensure_ascii=False) if geometry else None
        yield {**sees.data(data, body), STATE: state, LON: lon, LAT: lat, GEOMETRY: shape, ORIGIN: origin}


def write_workbook(
    file: IO[bytes], programme: Programme, register: str, rows=None, empty: bool = False, by: User | None = None
) -> None:
    """Write the register's template to `file`, with its rows (or those given) filled in unless `empty`."""
    definition = register_of(programme, register)
    told = () if empty else plain_rows(definition, entries(programme, register) if rows is None else rows, by)
    workbook.write(file, definition, names_of_bodies(programme), told, exported=not empty)


def write_archive(file: IO[bytes], definition: Definition, rows, by: User | None = None) -> None:
    """Write the rows as a Darwin Core archive to `file`."""
    simulated = rows.filter(origin="simulated").exists()
    darwin_core.write(file, definition, plain_rows(definition, rows, by), simulated)


def as_csv(programme: Programme, register: str, rows=None, by: User | None = None) -> Iterator[str]:
    """The register's rows as lines of CSV, one after another, so that a million of them need no more memory than one."""
    definition, bodies = register_of(programme, register), names_of_bodies(programme)
    codes = columns_of(definition, exported=True)
    yield "\ufeff" + _line([heading(definition, code) for code in codes])
    for row in plain_rows(definition, entries(programme, register) if rows is None else rows, by):
        yield _line([_shown(definition, bodies, code, row.get(code)) for code in codes])


def _shown(definition: Definition, bodies: Mapping[str, str], code: str, value: Any) -> Any:
    if code == STATE:
        return definition.state[value].zh if value in definition.state else value
    if code == ORIGIN:
        return ORIGINS.get(value, value)
    column = definition.field.get(code)
    if column is None or value is None:
        return value
    return bodies.get(value, value) if column.type == "body" else show(column, value)


def _line(values: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([csv_text(value) for value in values])
    return out.getvalue()
