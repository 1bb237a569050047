"""Which rows an evaluation of some sites reads: those of one version of the store, so that its answer can be kept."""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from ibis import _

from qingshan.standards.rounding import round_gbt8170

from .. import engines
from ..store import Snapshot, Store


@dataclass(frozen=True)
class Asked:
    """Sites of a medium in a version of a store. Two of one version are the same question."""

    place: str
    version: int
    medium: str
    sites: tuple[str, ...]
    snapshot: Snapshot = field(compare=False, repr=False)

    @classmethod
    def of(cls, place: str, medium: str, sites: tuple[str, ...]) -> "Asked":
        snapshot = Store(place).snapshot()
        return cls(place, snapshot.version, medium, sites, snapshot)

    @contextmanager
    def rows(self):
        """A connection, and the sites' rows that count now."""
        with engines.engine() as connection:
            known = engines.observations(connection, Store(self.place), medium=self.medium, snapshot=self.snapshot)
            yield connection, known.filter(_.site.isin(list(self.sites)))


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
