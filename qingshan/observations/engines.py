"""Where expressions over observations are worked out: DuckDB in this process, or Spark on the same files.

`QINGSHAN_ENGINE` chooses (duckdb, spark); an expression is written once, in Ibis, for both.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import reduce
from uuid import uuid4

import ibis
import pyarrow as pa
from ibis import _

from . import dense
from .rows import KEPT, KEY, LOOSE, MENDED, PAST, SETTLED
from .store import Snapshot, Store, naive


class UnknownEngine(ValueError):
    pass


def chosen() -> str:
    return os.environ.get("QINGSHAN_ENGINE", "duckdb")


@contextmanager
def engine(name: str | None = None) -> Iterator[ibis.BaseBackend]:
    """A connection of the engine called so, closed at the end. Raises UnknownEngine for another name."""
    name = name or chosen()
    if name not in ENGINES:
        raise UnknownEngine(
            f"计算引擎“{name}”不认识，可用：{'、'.join(ENGINES)}。 There is no engine {name}; there are {', '.join(ENGINES)}."
        )
    connection = ENGINES[name]()
    try:
        yield connection
    finally:
        connection.disconnect()


def duckdb() -> ibis.BaseBackend:
    """DuckDB in memory; it spills to a folder of its own where that is not enough, and fetches nothing from elsewhere."""
    connection = ibis.duckdb.connect(autoinstall_known_extensions=False)
    connection.raw_sql("SET enable_progress_bar = false")
    if limit := os.environ.get("QINGSHAN_MEMORY"):
        connection.raw_sql(f"SET memory_limit = '{limit}'")
    return connection


def spark() -> ibis.BaseBackend:
    """Spark on the cores of this machine, or on the cluster that SPARK_MASTER names. Needs Java 17 and the extra `spark`."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local[*]"))
        .appName("qingshan")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        # Deriving constraints from nested cases takes time and memory without end; the plans need none.
        .config("spark.sql.constraintPropagation.enabled", "false")
        .config("spark.sql.shuffle.partitions", os.environ.get("SPARK_PARTITIONS", "8"))
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", os.environ.get("SPARK_LOCAL_IP", "127.0.0.1"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel(
        "OFF"
    )  # code that grows too long to compile is interpreted, and would say so at length
    return ibis.pyspark.connect(session)


ENGINES = {"duckdb": duckdb, "spark": spark}


def stored(
    connection: ibis.BaseBackend, store: Store, snapshot: Snapshot, *, files: list[str], name: str = "stored"
) -> ibis.Table:
    """All rows of files of a snapshot, as they lie in them."""
    if not files:
        return ibis.memtable(pa.schema([one.with_nullable(True) for one in KEPT]).empty_table())
    if connection.name == "pyspark":
        reader = connection._session.read.option("basePath", snapshot.root)
        reader.parquet(*files).createOrReplaceTempView(name)
        return connection.table(name)
    if store.remote:
        return connection.create_view(name, ibis.memtable(store.remote_rows(snapshot, files)), overwrite=True)
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in files)
    connection.raw_sql(
        f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{listed}], hive_partitioning = true, "
        "hive_types = {'medium': VARCHAR, 'year': INTEGER, 'standing': VARCHAR})"
    )
    return connection.table(name)


def held(connection: ibis.BaseBackend, rows: pa.Table) -> ibis.Table:
    """Rows at hand as a table of the engine. Spark takes them as they are; by way of Ibis a number that may be missing is lost."""
    if connection.name != "pyspark":
        return ibis.memtable(rows)
    name = f"held_{uuid4().hex}"
    connection._session.createDataFrame(rows).createOrReplaceTempView(name)
    return connection.table(name)


def once(connection: ibis.BaseBackend, expression: ibis.Table) -> ibis.Table:
    """What an expression gives, worked out now and kept by the engine for as long as the connection stands."""
    if connection.name == "duckdb":
        return connection.create_table(f"once_{uuid4().hex}", expression, temp=True)
    return held(connection, connection.to_pyarrow(expression))


def received(rows: ibis.Table, as_of: datetime | None) -> ibis.Table:
    """Those that had been received by an instant."""
    return rows.filter(_.received_at <= naive(as_of)) if as_of else rows


def last_of(loose: ibis.Table) -> ibis.Table:
    """Of each key that loose rows correct the one received last."""
    order = ibis.window(group_by=list(KEY), order_by=ibis.desc("received_at"))
    return loose.mutate(rank=ibis.row_number().over(order)).filter(_.rank == 0).drop("rank")


def observations(
    connection: ibis.BaseBackend,
    store: Store,
    *,
    medium: str,
    as_of: datetime | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    snapshot: Snapshot | None = None,
    name: str = "stored",
) -> ibis.Table:
    """The observations of a medium as they were known at `as_of` (default: all that is known), their periods beginning in
    [since, until).

    What was replaced tells when, and lies in files that are read only as of an instant; rows are asked what was known then only in
    files that do not tell it for all of them. Only what loose corrections correct, which is little, is looked for among the others; their
    keys are fetched first: an engine that has to guess how few they are may keep the many in memory instead.
    """
    snapshot = snapshot or store.snapshot()
    if as_of and snapshot.newest and snapshot.newest <= as_of:
        as_of = None  # all had been received by then

    def files(*standing: str, wholly: bool = False) -> list[str]:
        return snapshot.files(medium, since, until, standing, as_of=as_of, wholly=wholly)

    def within(files: list[str], of: str) -> ibis.Table:
        rows = stored(connection, store, snapshot, files=files, name=f"{name}_{of}")
        if since:
            rows = rows.filter(_.time >= since)
        if until:
            rows = rows.filter(_.time < until)
        return rows

    def unsure(*standing: str) -> list[str]:
        return [one for one in files(*standing) if one not in sure] if as_of else []

    sure = files(*_counting(as_of), wholly=True)
    parts = [within(sure, "sure")] if sure else []
    if mixed := unsure(SETTLED, MENDED):
        parts.append(received(within(mixed, "mixed"), as_of))
    if past := unsure(PAST):
        parts.append(received(within(past, "past"), as_of).filter(_.replaced_at > naive(as_of)))
    rows = reduce(ibis.union, parts) if parts else within([], "none")
    if corrections := files(LOOSE):
        loose = received(within(corrections, "loose"), as_of)
        key, later = [one for one in KEY if one != "medium"], last_of(loose)
        keys = held(connection, connection.to_pyarrow(later.select(*key)))
        rows = rows.anti_join(keys, key).union(later)
    return rows


def _counting(as_of: datetime | None) -> tuple[str, ...]:
    """How rows stand that may count, but for loose ones."""
    return (SETTLED, MENDED, PAST) if as_of else (SETTLED, MENDED)


def replaced(rows: ibis.Table) -> ibis.Table:
    """All rows of some keys, each of which tells when it was replaced."""
    following = ibis.window(group_by=list(KEY), order_by="received_at")
    return rows.mutate(replaced_at=_.received_at.lead().over(following)).select(rows.columns)


def fields(
    store: Store,
    *,
    medium: str,
    items: Sequence[str],
    sites: Sequence[str] | None = None,
    as_of: datetime | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    snapshot: Snapshot | None = None,
    lead: int = 0,
    connection: ibis.BaseBackend | None = None,
) -> Iterator[dense.Field]:
    """The usable hours of `observations` (of `sites`, default: of all), year by year, each with `lead` days before it; of so many
    sites that they would need too much room at once, some after others. `connection`: the engine to ask where one is needed
    (default: one of its own)."""
    snapshot = snapshot or store.snapshot()
    asked = {"medium": medium, "as_of": as_of, "snapshot": snapshot}
    here = (connection.name if connection else chosen()) == "duckdb" and not store.remote
    for year in snapshot.years(medium):
        first, last = datetime(year, 1, 1), datetime(year + 1, 1, 1)  # noqa: DTZ001 local time of the stations
        begin = max(filter(None, (first - timedelta(lead), since)))
        end = min(filter(None, (last, until)))
        if begin < end:
            of = _from_files if here else _grouped
            yield from of(connection, store, items, sites, begin, end, **asked)


@contextmanager
def _own_unless(connection: ibis.BaseBackend | None) -> Iterator[ibis.BaseBackend]:
    if connection:
        yield connection
    else:
        with engine() as own:
            yield own


def _grouped(
    connection: ibis.BaseBackend | None, store: Store, items: Sequence[str], sites: Sequence[str] | None,
    begin: datetime, end: datetime, **asked,
) -> Iterator[dense.Field]:  # fmt: skip
    """A year's hours, grouped by the engine."""
    with _own_unless(connection) as here:
        rows = observations(here, store, since=begin, until=end, **asked)
        kept = rows if sites is None else rows.filter(_.site.isin(list(sites)))
        days = here.to_pyarrow(dense.side_by_side(kept, items))
    field = dense.Field(sorted(set(days["site"].to_pylist())), items, begin, end)
    field.put_days(days)
    yield field


def _from_files(
    connection: ibis.BaseBackend | None, store: Store, items: Sequence[str], sites: Sequence[str] | None,
    begin: datetime, end: datetime, *, medium: str, as_of: datetime | None, snapshot: Snapshot,
) -> Iterator[dense.Field]:  # fmt: skip
    """A year's hours, straight from the files."""

    def files(*standing: str, wholly: bool = False) -> list[str]:
        return snapshot.files(medium, begin, end, standing, as_of=as_of, wholly=wholly)

    lying, sure = files(*_counting(as_of)), set(files(*_counting(as_of), wholly=True))
    known_by = dense.microseconds(naive(as_of)) if as_of else None
    loose = _loose(connection, store, snapshot, files(LOOSE), as_of)
    of = sorted({*dense.sites_of(lying), *loose["site"].to_pylist()}) if sites is None else list(sites)
    at_once = max(1, dense.ROOM // (len(items) * dense.HOURS * ((end - begin).days + 1)))
    for start in range(0, len(of), at_once):
        some = of[start : start + at_once]
        field = dense.Field(some, items, begin, end, more=start + at_once < len(of))
        for file in lying:
            asked, columns = (None, dense.TAKEN) if file in sure else (known_by, (*dense.TAKEN, *dense.KNOWN))
            for rows in dense.batches(file, columns, None if sites is None and len(some) == len(of) else some):
                field.put(rows, asked)
        for rows in loose.to_batches(dense.AT_ONCE):
            field.put(dense.in_words(rows))
        yield field
        del field  # before the next one takes its room


def _loose(
    connection: ibis.BaseBackend | None, store: Store, snapshot: Snapshot, files: list[str], as_of: datetime | None
) -> pa.Table:
    """Corrections that the others do not know of yet, of each key the one received last."""
    if not files:
        return pa.schema([KEPT.field(name) for name in dense.TAKEN]).empty_table()
    with _own_unless(connection) as here:
        rows = last_of(received(stored(here, store, snapshot, files=files, name="loose"), as_of))
        return here.to_pyarrow(rows.select(*dense.TAKEN))
