"""The store of observations: a Delta table, on a disk or on storage that speaks S3.

Each append is one commit; a version's files never change, so that a reader is never disturbed by a writer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import TableNotFoundError

from .rows import PARTITIONS


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
        correction: bool | None = None,
    ) -> list[str]:  # fmt: skip
        """The addresses of the files that may hold rows of a medium whose periods begin from `since` to `until`; of corrections
        alone, or of first rows alone."""
        return [
            f"{self.root}/{one['path']}"
            for one in self.actions
            if medium in (None, one["partition.medium"])
            and correction in (None, one["partition.correction"])
            and _meets(one, since, until)
        ]

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
    def corrected(self) -> bool:
        """Whether any row of it corrects another one."""
        return any(one["partition.correction"] for one in self.actions)

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


def _meets(action: dict, since: datetime | None, until: datetime | None) -> bool:
    """Whether a file may hold times of a span, by the first and last one that its commit noted, in whole milliseconds."""
    first, last = action.get("min.time"), action.get("max.time")
    return (until is None or first is None or first <= until) and (
        since is None or last is None or last + timedelta(milliseconds=1) > since
    )


class Store:
    """The observations kept at `place`: a folder, or an address such as s3://bucket/observations with its `options`."""

    def __init__(self, place: str | Path, options: dict[str, str] | None = None):
        self.place = str(place)
        self.options = options
        self.remote = "://" in self.place and not self.place.startswith("file://")

    def snapshot(self) -> Snapshot:
        """The newest version; an empty one where nothing was written yet."""
        try:
            return Snapshot(DeltaTable(self.place, storage_options=self.options))
        except TableNotFoundError:
            return Snapshot(None)

    def commit(self, rows: pa.Table, after: Snapshot) -> int:
        """Add rows of the shape KEPT as the very next version after a snapshot; returns that version.

        Raises CommitFailedError (or DeltaError where the table was made meanwhile) if another writer was first.
        """
        once = CommitProperties(max_commit_retries=0)  # a retry would add the rows on top of what another writer added
        if after.table is None:
            write_deltalake(self.place, rows, mode="error", partition_by=list(PARTITIONS), storage_options=self.options,
                            commit_properties=once)  # fmt: skip
            return 0
        after.version  # noqa: B018 the table moves on with its commit; what it was is read first
        write_deltalake(after.table, rows, mode="append", commit_properties=once, storage_options=self.options)
        return after.table.version()

    def remote_rows(self, snapshot: Snapshot, files: list[str]) -> ds.Dataset:
        """Files of a snapshot that lie elsewhere, as an Arrow dataset."""
        dataset, wanted = snapshot.table.to_pyarrow_dataset(), {one.removeprefix(snapshot.root + "/") for one in files}
        kept = [one for one in dataset.get_fragments() if one.path.lstrip("/") in wanted]
        return ds.FileSystemDataset(kept, dataset.schema, dataset.format, dataset.filesystem)

    def compact(self) -> dict:
        """Merge small files into large ones; a reader's snapshot stays whole until `vacuum`. Returns what was done."""
        table = self.snapshot().table
        return table.optimize.z_order(["item", "site"]) if table else {}

    def vacuum(self, hours: int = 168) -> list[str]:
        """Remove files that no version of the last `hours` needs; returns their addresses."""
        table = self.snapshot().table
        return table.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False) if table else []
