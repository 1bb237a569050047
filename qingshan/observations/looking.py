"""Rows of a site as they lie in the store, for who wants to see what a number was made of."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import ibis
import pyarrow as pa
from ibis import _

from .assess.asking import Asked
from .engines import replaced
from .rows import USABLE

COLUMNS = (
    "time",
    "period",
    "item",
    "value",
    "unit",
    "below",
    "flag",
    "flagged_by",
    "source",
    "line",
    "received_at",
    "correction",
)


@dataclass(frozen=True)
class Stretch:
    """Which rows of a site: of an item or all, of days from the first to the last, under a flag or all ("-": without one)."""

    site: str
    item: str = ""
    since: date | None = None
    until: date | None = None
    flag: str = ""

    def of(self, rows: ibis.Table) -> ibis.Table:
        found = rows.filter(_.site == self.site)
        if self.item:
            found = found.filter(_.item == self.item)
        if self.since:
            found = found.filter(_.time >= datetime.combine(self.since, time()))
        if self.until:
            found = found.filter(_.time < datetime.combine(self.until + timedelta(1), time()))
        if self.flag:
            found = found.filter(_.flag == ("" if self.flag == "-" else self.flag))
        return found


def rows(asked: Asked, wanted: Stretch, limit: int, offset: int = 0) -> tuple[int, list[dict]]:
    """How many rows there are, and some of them, the oldest first."""
    with asked.rows() as (connection, known):
        found = wanted.of(known)
        count = connection.to_pyarrow(found.aggregate(n=found.count()))["n"][0].as_py()
        some = found.order_by("time", "item").limit(limit, offset=offset).select(*COLUMNS)
        return count, connection.to_pyarrow(some).to_pylist()


def before(asked: Asked, site: str, found: list[dict]) -> list[list[dict]]:
    """For each of some rows of a site those that it replaced, the oldest first; of each when it was received and replaced."""
    mended = [one for one in found if one["correction"]]
    if not mended:
        return [[] for _ in found]
    times = [one["time"] for one in mended]
    with asked.history(min(times), max(times) + timedelta(microseconds=1)) as (connection, known):
        chosen = known.filter((_.site == site) & _.time.isin(times) & _.item.isin({one["item"] for one in mended}))
        rows = replaced(chosen).filter(_.replaced_at.notnull()).order_by("received_at").select(*COLUMNS, "replaced_at")
        told: dict[tuple, list[dict]] = {}
        for one in connection.to_pyarrow(rows).to_pylist():
            told.setdefault(_place(one), []).append(one)
    return [told.get(_place(one), []) for one in found]


def _place(row: dict) -> tuple:
    return row["item"], row["period"], row["time"]


def items(asked: Asked, site: str) -> list[str]:
    """What is measured at a site."""
    with asked.rows() as (connection, known):
        found = known.filter(_.site == site).select("item").distinct().order_by("item")
        return connection.to_pyarrow(found)["item"].to_pylist()


def origins(asked: Asked, wanted: Stretch) -> list[dict]:
    """Where the rows came from: by item and source how many there are, how many may be used and lie below detection, their first
    and last time, and when they were received."""
    with asked.rows() as (connection, known):
        found = wanted.of(known)
        usable = (found.flag.fill_null("").isin(USABLE) & found.value.notnull()).cast("int64")
        grouped = found.group_by("item", "source").aggregate(
            n=_.count(), usable=usable.sum(), below=_.below.cast("int64").sum(), corrected=_.correction.cast("int64").sum(),
            first=_.time.min(), last=_.time.max(), received=_.received_at.max(),
        )  # fmt: skip
        made: pa.Table = connection.to_pyarrow(grouped.order_by("item", "source"))
    return made.to_pylist()
