"""Where expressions over observations are worked out: DuckDB in this process, or Spark on the same files.

`QINGSHAN_ENGINE` chooses (duckdb, spark); an expression is written once, in Ibis, for both.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import ibis
import pyarrow as pa
from ibis import _

from . import dense
from .rows import KEPT, KEY, LOOSE, MENDED, PAST, SETTLED
from .store import Snapshot, Store, naive


class UnknownEngine(ValueError):
    pass


@contextmanager
def engine(name: str | None = None) -> Iterator[ibis.BaseBackend]:
    """A connection of the engine called so, closed at the end. Raises UnknownEngine for another name."""
    name = name or os.environ.get("QINGSHAN_ENGINE", "duckdb")
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

    What was replaced tells when, and lies in files that are read only as of an instant. Only what loose corrections correct, which
    is little, is looked for among the others; their keys are fetched first: an engine that has to guess how few they are may keep
    the many in memory instead.
    """
    snapshot = snapshot or store.snapshot()
    if as_of and snapshot.newest and snapshot.newest <= as_of:
        as_of = None  # all had been received by then

    def of(*standing: str) -> ibis.Table | None:
        files = snapshot.files(medium, since, until, standing, as_of=as_of)
        if not files and SETTLED not in standing:
            return None
        rows = stored(connection, store, snapshot, files=files, name="_".join((name, *standing)))
        if since:
            rows = rows.filter(_.time >= since)
        if until:
            rows = rows.filter(_.time < until)
        return received(rows, as_of)

    rows = of(SETTLED, MENDED)
    if as_of and (past := of(PAST)) is not None:
        rows = rows.union(past.filter(_.replaced_at > naive(as_of)))
    if (loose := of(LOOSE)) is not None:
        key, later = [one for one in KEY if one != "medium"], last_of(loose)
        keys = held(connection, connection.to_pyarrow(later.select(*key)))
        rows = rows.anti_join(keys, key).union(later)
    return rows


def replaced(rows: ibis.Table) -> ibis.Table:
    """All rows of some keys, each of which tells when it was replaced."""
    following = ibis.window(group_by=list(KEY), order_by="received_at")
    return rows.mutate(replaced_at=_.received_at.lead().over(following)).select(rows.columns)


def side_by_side(
    connection: ibis.BaseBackend,
    store: Store,
    *,
    medium: str,
    items: Sequence[str],
    mark: int,
    as_of: datetime | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    snapshot: Snapshot | None = None,
) -> pa.Table | None:
    """Hourly rows of `observations`, the hours of a day of a site and item in one row: site, item, day, n (usable hours), v (their
    sum in thousandths), h0 … h23 (thousandths and `mark`; 0 where none is usable), days without any hour among them.

    None where there is no such short way: on Spark, for files that lie elsewhere, for hours that begin between hours or that
    would need too much room at once.
    """
    snapshot = snapshot or store.snapshot()
    span = snapshot.span(medium)
    if connection.name == "pyspark" or store.remote or span is None:
        return None
    first, end = span[0], span[1] + timedelta(milliseconds=1)
    standing = (SETTLED, MENDED, PAST) if as_of else (SETTLED, MENDED)
    files = snapshot.files(medium, since, until, standing, as_of=as_of)
    known_by = dense.microseconds(naive(as_of)) if as_of else None
    try:
        field = dense.Field(dense.sites_of(files), items, max(first, since or first), min(end, until or end), mark)
        for file in files:
            for rows in dense.batches(file, [*dense.TAKEN, *(dense.KNOWN if as_of else [])]):
                field.put(rows, known_by)
        if loose := snapshot.files(medium, since, until, (LOOSE,), as_of=as_of):
            rows = last_of(received(stored(connection, store, snapshot, files=loose, name="loose"), as_of))
            for some in connection.to_pyarrow(rows.select(*dense.TAKEN)).to_batches(dense.AT_ONCE):
                field.put(dense.in_words(some))
    except dense.NoPlace:
        return None
    return field.table()


def table(expression: ibis.Table) -> pa.Table:
    """What an expression gives, as an Arrow table."""
    return expression.to_pyarrow()
