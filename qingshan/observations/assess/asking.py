"""Which rows an evaluation of some sites reads: those of one version of the store, so that its answer can be kept."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv as pacsv
from ibis import _

from qingshan.standards.rounding import round_gbt8170

from .. import engines
from ..dense import Field
from ..store import Snapshot, Store


@dataclass(frozen=True)
class Asked:
    """Sites of a medium in a version of a store, as known at `as_of` (default: all that is known). Two of one version are the
    same question."""

    place: str
    version: int
    medium: str
    sites: tuple[str, ...]
    as_of: datetime | None = None
    snapshot: Snapshot = field(compare=False, repr=False, default=None)

    @classmethod
    def of(cls, place: str, medium: str, sites: tuple[str, ...], as_of: datetime | None = None) -> "Asked":
        """The question about the newest version; an instant after its last row is as good as none."""
        snapshot = Store(place).snapshot()
        past = as_of if as_of and not (snapshot.newest and snapshot.newest <= as_of) else None
        return cls(place, snapshot.version, medium, sites, past, snapshot)

    @contextmanager
    def rows(self):
        """A connection, and the sites' rows that count."""
        with engines.engine() as connection:
            known = engines.observations(
                connection, Store(self.place), medium=self.medium, snapshot=self.snapshot, as_of=self.as_of
            )
            yield connection, known.filter(_.site.isin(list(self.sites)))

    def fields(self, items: Sequence[str], since: datetime | None = None, until: datetime | None = None) -> list[Field]:
        """The usable hours of the sites that begin in [since, until), year by year."""
        asked = {"sites": self.sites, "since": since, "until": until, "snapshot": self.snapshot, "as_of": self.as_of}
        return list(engines.fields(Store(self.place), medium=self.medium, items=items, **asked))

    @contextmanager
    def history(self, since: datetime, until: datetime):
        """A connection, and all rows of the medium that begin in [since, until), also those that were replaced."""
        files = self.snapshot.files(self.medium, since, until)
        with engines.engine() as connection:
            rows = engines.stored(connection, Store(self.place), self.snapshot, files=files)
            yield connection, engines.received(rows, self.as_of)


class Read(NamedTuple):
    """What an evaluation read: how many rows, the last day measured, a SHA-256 [hex] over the rows, and their sources."""

    rows: int
    last: date | None
    digest: str
    sources: tuple[str, ...]


TOLD = ("site", "item", "period", "time", "value", "unit", "below", "flag", "flagged_by", "source", "line")


@lru_cache(maxsize=32)
def read(asked: Asked, until: date) -> Read:
    """The rows of the sites up to and with the day `until`, so that an evaluation can say exactly what it read."""
    end = datetime.combine(until + timedelta(days=1), time())
    with asked.rows() as (connection, rows):
        kept = rows.filter(_.time < end).select(*TOLD).order_by("site", "item", "period", "time")
        found = connection.to_pyarrow(kept)
    if not found.num_rows:
        return Read(0, None, sha256().hexdigest(), ())
    sink = pa.BufferOutputStream()
    pacsv.write_csv(found, sink)
    last = pa.compute.max(found["time"]).as_py().date()
    sources = tuple(sorted(pa.compute.unique(found["source"]).to_pylist()))
    return Read(found.num_rows, last, sha256(sink.getvalue()).hexdigest(), sources)


def flags(connection, rows) -> list[dict]:
    """How many rows of each site and year carry which flag."""
    marked = rows.filter(_.flag != "").mutate(year=_.time.year())
    return connection.to_pyarrow(marked.group_by("site", "year", "flag").aggregate(n=_.count())).to_pylist()


def change(before: Mapping[str, Decimal | None], after: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    """By how much each item rose [%], to one decimal; None where either is not known or the first is nothing."""
    return {
        item: round_gbt8170(100 * (Fraction(after[item]) / Fraction(before[item]) - 1), 1)
        if before[item] and after[item] is not None
        else None
        for item in before
    }
