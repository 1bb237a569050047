"""The store of observations: a Delta table, on a disk or on storage that speaks S3.

Each append is one commit; a version's files never change, so that a reader is never disturbed by a writer. Every row has its time
of validity, from `received_at` until `replaced_at`, as the system-versioned tables of SQL:2011 have it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import TableNotFoundError

from .rows import KEPT, LOOSE, MENDED, PARTITIONS, PAST, SETTLED


class OtherShape(ValueError):
    """A store that a version of the programme wrote that kept rows in another way, told in both languages."""

    def __init__(self, place: str):
        self.zh = f"观测库 {place} 是旧版程序写的，读不了：请移走这个文件夹，重新导入监测数据。"
        self.en = f"The store of observations at {place} was written by an earlier version: move it away and import the measurements anew."
        super().__init__(f"{self.zh} {self.en}")


@dataclass(frozen=True)
class Snapshot:
    """The table as one version of it stands: its files never change, whatever is written meanwhile."""

    table: DeltaTable | None

    @cached_property
    def version(self) -> int:
        return self.table.version() if self.table else -1

    @cached_property
    def root(self) -> str:
        return self.table.table_uri.rstrip("/") if self.table else ""

    @cached_property
    def actions(self) -> list[dict]:
        return pa.table(self.table.get_add_actions(flatten=True)).to_pylist() if self.table else []

    def files(
        self, medium: str | None = None, since: datetime | None = None, until: datetime | None = None,
        standing: Collection[str] = (SETTLED, MENDED, LOOSE, PAST), year: int | None = None, as_of: datetime | None = None,
        wholly: bool = False,
    ) -> list[str]:  # fmt: skip
        """The addresses of the files that may hold rows of a medium (and year) that stand so, whose periods begin in [since,
        until), and that counted at `as_of` (`wholly`: of those that all of their rows did), as far as their commit noted it."""
        known_by = as_of and naive(as_of)
        return [
            f"{self.root}/{one['path']}"
            for one in self.actions
            if medium in (None, one["partition.medium"])
            and year in (None, one["partition.year"])
            and one["partition.standing"] in standing
            and _meets(one, "time", "time", since, until)
            and _meets(one, "received_at", "replaced_at", known_by, known_by and known_by + timedelta(microseconds=1))
            and (not wholly or known_by is None or _counts(one, known_by))
        ]

    def parts(self) -> dict[tuple[str, int], "Part"]:
        """What lies in each medium and year, for who merges files."""
        found: dict[tuple[str, int], Part] = {}
        for one in self.actions:
            part = found.setdefault((one["partition.medium"], one["partition.year"]), Part())
            part.rows += one["num_records"]
            part.loose += one["num_records"] * (one["partition.standing"] == LOOSE)
            part.small += one["partition.standing"] in (SETTLED, LOOSE) and one["size_bytes"] < SMALL
        return found

    def span(self, medium: str) -> tuple[datetime, datetime] | None:
        """The first and the last time of a medium's rows, in whole milliseconds; None where a commit did not note them."""
        told = [(one.get("min.time"), one.get("max.time")) for one in self.actions if one["partition.medium"] == medium]
        if not told or any(None in one for one in told):
            return None
        return min(first for first, _ in told), max(last for _, last in told)

    def years(self, medium: str) -> list[int]:
        """The years that have rows of a medium."""
        return sorted({one["partition.year"] for one in self.actions if one["partition.medium"] == medium})

    @property
    def newest(self) -> datetime | None:
        """An instant [UTC] by which the last of its rows had been received; None where that is not told."""
        told = [one.get("max.received_at") for one in self.actions]
        if not told or None in told:
            return None
        return max(told).replace(tzinfo=UTC) + timedelta(milliseconds=1)  # statistics are cut to the millisecond

    @property
    def rows(self) -> int:
        return sum(one["num_records"] for one in self.actions)


SMALL = 2**25  # bytes, of a file that others may join; the writer begins a new one at three times as many


@dataclass
class Part:
    """Of a medium and year: all rows, corrections that are loose, and small files that imports left."""

    rows: int = 0
    loose: int = 0
    small: int = 0


def _meets(action: dict, begins: str, ends: str, since: datetime | None, until: datetime | None) -> bool:
    """Whether a file may hold rows that begin before an instant and do not end before another, by the first and the last that its
    commit noted, in whole milliseconds."""
    first, last = action.get(f"min.{begins}"), action.get(f"max.{ends}")
    return (until is None or first is None or first < until) and (
        since is None or last is None or last + timedelta(milliseconds=1) > since
    )


def _counts(action: dict, known_by: datetime) -> bool:
    """Whether all rows of a file had been received by an instant and none had been replaced."""
    last, replaced = action.get("max.received_at"), action.get("min.replaced_at")
    never = action.get("null_count.replaced_at") == action["num_records"]
    received = last is not None and last + timedelta(milliseconds=1) <= known_by
    return received and (never or (replaced is not None and replaced > known_by))


def naive(instant: datetime) -> datetime:
    """An instant as the rows hold it [UTC, without a zone]."""
    return instant.astimezone(UTC).replace(tzinfo=None)


ONCE = CommitProperties(max_commit_retries=0)  # a retry would lay the rows upon what another writer wrote meanwhile


class Store:
    """The observations kept at `place`: a folder, or an address such as s3://bucket/observations with its `options`."""

    def __init__(self, place: str | Path, options: dict[str, str] | None = None):
        self.place = str(place)
        self.options = options
        self.remote = "://" in self.place and not self.place.startswith("file://")

    def snapshot(self) -> Snapshot:
        """The newest version; an empty one where nothing was written yet. Raises OtherShape for a store of other columns."""
        try:
            table = DeltaTable(self.place, storage_options=self.options)
        except TableNotFoundError:
            return Snapshot(None)
        if {one.name for one in table.schema().fields} != set(KEPT.names):
            raise OtherShape(self.place)
        return Snapshot(table)

    def commit(self, rows: pa.Table, after: Snapshot) -> int:
        """Add rows of the shape KEPT as the very next version after a snapshot; returns that version.

        Raises CommitFailedError (or DeltaError where the table was made meanwhile) if another writer was first.
        """
        if after.table is None:
            write_deltalake(self.place, rows, mode="error", partition_by=list(PARTITIONS), storage_options=self.options,
                            commit_properties=ONCE)  # fmt: skip
            return 0
        after.version  # noqa: B018 the table moves on with its commit; what it was is read first
        write_deltalake(after.table, rows, mode="append", commit_properties=ONCE, storage_options=self.options)
        return after.table.version()

    def replace(self, rows: pa.RecordBatchReader, medium: str, year: int, after: Snapshot) -> int:
        """Put rows of the shape KEPT in the place of all of a medium and year, as the very next version after a snapshot; returns
        that version. Raises CommitFailedError if another writer was first: what it wrote is in no row of these."""
        write_deltalake(after.table, rows, mode="overwrite", predicate=f"medium = '{medium}' AND year = {year}",
                        commit_properties=ONCE, storage_options=self.options)  # fmt: skip
        return after.table.version()

    def remote_rows(self, snapshot: Snapshot, files: list[str]) -> ds.Dataset:
        """Files of a snapshot that lie elsewhere, as an Arrow dataset."""
        dataset, wanted = snapshot.table.to_pyarrow_dataset(), {one.removeprefix(snapshot.root + "/") for one in files}
        kept = [one for one in dataset.get_fragments() if one.path.lstrip("/") in wanted]
        return ds.FileSystemDataset(kept, dataset.schema, dataset.format, dataset.filesystem)

    def vacuum(self, hours: int = 168) -> list[str]:
        """Remove files that no version of the last `hours` needs, and such as no version ever held; returns their addresses."""
        table = self.snapshot().table
        if table is None:
            return []
        return table.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False, full=True)
