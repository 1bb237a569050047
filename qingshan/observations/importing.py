"""Files of measurements into rows of the store: by a mapping that is kept for each source, in a dry run first.

A cell that cannot be read refuses its row with line, column, the cell and what was expected; the rows that are whole can be
taken without it only where the caller asks for that. What a whole file betrays (exchanged columns, a unit that cannot be) is
noticed before a row is made.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from . import noticing, placing, valuing
from .cells import Cells, Fault, Unreadable, cells
from .mapping import Source, source, sources
from .opened import Opened, Reading, Watch
from .rows import GIVEN
from .spelling import BELOW_ZERO, literal

__all__ = ["Fault", "Reading", "Source", "Unreadable", "read", "source", "sources"]


def read(
    file: str | Path, by: Source, *, sites: Sequence[Mapping] = (), today: date | None = None, watch: Watch = lambda done, of: None
) -> Reading:  # fmt: skip
    """A file (.csv, .csv.gz, .xlsx) read by a source. Raises Unreadable where nothing of it can be read.

    sites: those of a programme (code, medium, body, name, name_en); a row of any other is a fault then. today: a row dated
    later is a fault.
    """
    found = cells(Path(file), by.encoding, by.heading)
    _there(by, found)
    reading = Reading(GIVEN.empty_table(), list(found.faults), lines=len(found.lines) + len(found.faults))
    if not reading.lines:
        reading.notices.append(("文件只有列名，没有一行数据。", "The file has a heading and no rows."))
    if found.aside:
        reading.notices.append((f"只读了第一张有内容的表，没有读：{'、'.join(found.aside)}。", f"Only the first sheet was read, not {', '.join(found.aside)}."))  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        try:
            return _read(Opened(connection, by, found, reading, watch), [*sites], today)
        except duckdb.Error as reason:
            told = " ".join(str(reason).split())[:200]
            raise Unreadable(
                f"按来源“{by.code}”读不了这个文件：{told}", f"It cannot be read by {by.code}: {told}"
            ) from reason


def _there(by: Source, found: Cells) -> None:
    lacking = sorted(by.needed - set(found.names))
    if lacking or not by.fits(found.names):
        lacking = lacking or sorted(by.values)
        there = "、".join(found.names[:40])
        raise Unreadable(f"文件缺少列：{'、'.join(lacking)}。文件里有：{there}。",
                         f"The file lacks the columns {', '.join(lacking)}; it has {there}.")  # fmt: skip
    if twice := [name for name in sorted(by.columns) if found.twice(name)]:
        raise Unreadable(
            f"文件里列名重复：{'、'.join(twice)}。请改名或删去多余的一列。",
            f"Columns stand twice in the file: {', '.join(twice)}. Rename or remove one.",
        )


def _read(file: Opened, sites: list[Mapping], today: date | None) -> Reading:
    placing.places(file, sites)
    placing.times(file, today)
    swapped = valuing.exchanged(file)
    file.sql.execute(
        "CREATE TEMP TABLE found (line BIGINT, at_site VARCHAR, at_time TIMESTAMP, at_state VARCHAR, told_column VARCHAR, "
        "item VARCHAR, cell VARCHAR, nothing BOOLEAN, below BOOLEAN, number DECIMAL(38,18), unit VARCHAR)"
    )
    for number, part in enumerate(parts := valuing.parts(file, swapped), 1):
        file.sql.execute(f"INSERT INTO found {part}")
        file.watch(number * file.reading.lines, len(parts) * file.reading.lines)
    noticing.wrong_cells(file)
    noticing.units(file)
    noticing.repeated(file)
    noticing.marks(file)
    noticing.below_zero(file)
    file.reading.rows = _rows(file)
    file.reading.bad = file.sql.execute("SELECT count(DISTINCT line) FROM bad").fetchone()[0]
    noticing.without_body(file, sites)
    file.reading.faults.sort(key=lambda one: one.line)
    return file.reading


def _rows(file: Opened) -> pa.Table:
    (twice,) = file.sql.execute("SELECT count(*) FROM twice").fetchone()
    once = "QUALIFY row_number() OVER (PARTITION BY at_site, at_time, item ORDER BY line) = 1" if twice else ""
    return file.sql.execute(
        f"SELECT {literal(file.by.medium)} AS medium, at_site AS site, item, {literal(file.by.period)} AS period, "
        f"at_time AS time, CASE WHEN nothing THEN NULL ELSE number END::DECIMAL(18,6) AS value, unit, "
        "coalesce(below, false) AND NOT nothing AS below, "
        f"CASE WHEN at_state <> '' THEN at_state WHEN nothing THEN 'missing' WHEN {BELOW_ZERO} THEN 'negative' ELSE '' END AS flag, "
        f"CASE WHEN at_state <> '' THEN 'source' WHEN nothing OR {BELOW_ZERO} THEN 'import' ELSE '' END AS flagged_by, "
        f"{literal(file.by.code)} AS source, line FROM found "
        f"WHERE at_time IS NOT NULL AND at_site <> '' AND line NOT IN (SELECT line FROM bad) {once}"
    ).to_arrow_table().cast(GIVEN)  # fmt: skip
