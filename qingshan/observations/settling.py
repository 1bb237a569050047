"""Settling: corrections are folded into the rows that they replace, and small files become large ones.

Of a medium and year all rows are written anew, in one commit; each one that was replaced is told when, and lies in a file beside
those that count. No row is lost or changed otherwise, so that a read as of any instant gives what it gave before.
"""

import logging
from collections.abc import Callable, Iterator

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from deltalake.exceptions import CommitFailedError
from ibis import _

from .engines import duckdb, replaced, stored
from .rows import KEPT, KEY, LOOSE, MENDED, PAST, SETTLED
from .store import Part, Store

log = logging.getLogger(__name__)

TRIES = 3  # for who asks for it; another writer may be first each time
AT_ONCE, BATCH = 2_000_000, 1 << 17  # rows that are put in order at once; rows that are handed to the writer at once
# An import settles by itself what holds more loose corrections than both (rows; a share of all), or more small files.
LOOSE_ROWS, OF_ROWS, FILES = 1000, 0.002, 64


def settle(store: Store) -> int:
    """Settle every medium and year that has loose corrections or several small files; returns how many were.

    One that other writers were faster at time and again stays as it is.
    """
    return _settle(store, lambda place, part: part.loose or part.small > 1, TRIES)


def settle_due(store: Store, fresh: pa.Table) -> None:
    """Settle what rows that were just kept lie in, where that costs less than reading it often. They are kept in any case: what
    goes wrong here is logged, and the next import tries again."""
    touched = {tuple(one.values()) for one in fresh.group_by(["medium", "year"]).aggregate([]).to_pylist()}

    def due(place: tuple[str, int], part: Part) -> bool:
        return place in touched and (part.loose > max(LOOSE_ROWS, part.rows * OF_ROWS) or part.small > FILES)

    try:
        _settle(store, due, tries=1)
    except Exception:
        log.exception("the store was not settled")


def _settle(store: Store, wanted: Callable[[tuple[str, int], Part], bool], tries: int) -> int:
    places = [place for place, part in store.snapshot().parts().items() if wanted(place, part)]
    done = sum(any(_rewritten(store, *place) for _ in range(tries)) for place in places)
    if done:
        store.vacuum()
    return done


def _rewritten(store: Store, medium: str, year: int) -> bool:
    """Whether it was; if not, another writer was first."""
    snapshot = store.snapshot()
    connection = duckdb()
    try:
        rows = stored(connection, store, snapshot, files=snapshot.files(medium, year=year))
        batches = _in_order(connection, rows, snapshot.parts()[medium, year].rows)
        store.replace(pa.RecordBatchReader.from_batches(KEPT, _apart(batches)), medium, year, snapshot)
    except CommitFailedError:
        return False
    finally:
        connection.disconnect()
    return True


def _in_order(connection: ibis.BaseBackend, rows: ibis.Table, count: int) -> Iterator[pa.RecordBatch]:
    """The rows as they stand when all is known, by item, site and time; many are put in order a stretch at a time."""
    for stretch in _stretches(connection, rows) if count > AT_ONCE else [rows]:
        told = _told(connection, stretch).select(*KEPT.names).order_by("item", "site", "time", "received_at")
        yield from connection.raw_sql(connection.compile(told)).to_arrow_reader(BATCH)


def _apart(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows in batches of the shape KEPT, those that stand otherwise apart and in each as many: the pages of a file then hold
    whole vectors of who reads it, which takes a third less time."""
    waiting = {standing: KEPT.empty_table() for standing in (SETTLED, MENDED, PAST)}
    for batch in batches:
        rows = pa.table([column.cast(to.type) for column, to in zip(batch.columns, KEPT, strict=True)], schema=KEPT)
        for standing, before in waiting.items():
            some = pa.concat_tables([before, rows.filter(pc.equal(rows["standing"], standing))])
            whole = len(some) // BATCH * BATCH
            yield from some.slice(0, whole).combine_chunks().to_batches(BATCH)
            waiting[standing] = some.slice(whole)
    for some in waiting.values():
        yield from some.combine_chunks().to_batches()


def _stretches(connection: ibis.BaseBackend, rows: ibis.Table) -> Iterator[ibis.Table]:
    """Of each item, in order, as many sites on end as can be put in order at once."""
    counts = rows.group_by("item", "site").aggregate(n=_.count()).order_by("item", "site")
    first, room = None, 0
    told = connection.to_pyarrow(counts).to_pylist()
    for one, following in zip(told, [*told[1:], {"item": None}], strict=True):
        first, room = first or one["site"], room + one["n"]
        if one["item"] != following["item"] or room + following["n"] > AT_ONCE:
            yield rows.filter((_.item == one["item"]) & _.site.between(first, one["site"]))
            first, room = None, 0


def _told(connection: ibis.BaseBackend, rows: ibis.Table) -> ibis.Table:
    """Rows that tell when they were replaced. Only of keys with a loose correction is that not known yet."""
    loose = connection.to_pyarrow(rows.filter(_.standing == LOOSE).select(*KEY).distinct())
    if loose.num_rows:
        keys = connection.create_view("loose", ibis.memtable(loose), overwrite=True)
        others = rows.anti_join(keys, list(KEY)).select(rows.columns)
        rows = others.union(replaced(rows.semi_join(keys, list(KEY)).select(rows.columns)))
    return rows.mutate(standing=ibis.cases((_.replaced_at.notnull(), PAST), (_.correction, MENDED), else_=SETTLED))
