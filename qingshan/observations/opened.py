"""A file of measurements while it is read, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from .cells import Cells, Fault
from .mapping import Source
from .spelling import literal

MOST_FAULTS = 1000  # of one kind that are told
Watch = Callable[[int, int], object]  # told how much is done, and of how much


@dataclass
class Reading:
    """A file read by a source: rows of the shape GIVEN, faults, and notices of what was put right.

    `bad`: how many rows of the file have a fault of their own; more than those whose faults are listed, where they are many.
    """

    rows: pa.Table
    faults: list[Fault] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    lines: int = 0
    bad: int = 0

    @property
    def skippable(self) -> bool:
        """Whether the rows without a fault could be taken alone: nothing is wrong with the file as a whole."""
        return all(one.line for one in self.faults)


class Opened:
    """A file in the hands of DuckDB: its cells, the lines with a fault of their own (`bad`), and what is told of it."""

    def __init__(self, sql: duckdb.DuckDBPyConnection, by: Source, found: Cells, reading: Reading, watch: Watch):
        self.sql, self.by, self.reading, self.watch = sql, by, reading, watch
        self.names = found.names
        wanted = [name for name in found.names if name in by.columns]
        self.at = {name: f"c{number}" for number, name in enumerate(wanted)}  # a name may be anything
        columns = {self.at[name]: found.column(name) for name in wanted}
        sql.register("cells", pa.table({"line": pa.array(found.lines, pa.int64()), **columns}))
        sql.execute("CREATE TEMP TABLE bad (line BIGINT)")
        sql.executemany("INSERT INTO bad VALUES (?)", [[one.line] for one in found.faults]) if found.faults else None

    def cell(self, column: str) -> str:
        return f"trim({self.at[column]})"

    def fault(self, where: str, column: str, zh: str, en: str, table: str = "placed", cell: str = "") -> None:
        """A fault of every row that is so; the first are told."""
        cell = cell or self.at.get(column, "''")
        rows = self.sql.execute(
            f"SELECT line, {literal(column) if table == 'placed' else 'told_column'}, {cell} FROM {table} WHERE {where} ORDER BY ALL LIMIT {MOST_FAULTS}"
        ).fetchall()
        if rows:
            self.sql.execute(f"INSERT INTO bad SELECT line FROM {table} WHERE {where}")
        self.reading.faults += [Fault(line, name, (told or "")[:80], zh, en) for line, name, told in rows]
