"""How rows come into the store: whole or not at all, and once only."""

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import and_, or_

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from deltalake.exceptions import CommitFailedError, DeltaError

from .engines import duckdb, observations
from .media import MEDIA
from .rows import BEYOND, FLAGS, GIVEN, INSTANT, KEPT, KEY, LOOSE, PERIODS, PERSON, RULE, SAYS, SETTLED, VALUE
from .settling import settle_due
from .store import Snapshot, Store, naive

TICK = pa.scalar(1, pa.duration("us"))
TRIES = 50  # writers that meet take turns; each waits a little longer than before


class NotAccepted(ValueError):
    """Rows that the store cannot take, in both languages; nothing of them is kept."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a batch: rows that are new, that correct an earlier one, that said nothing new and were not kept."""

    new: int
    corrected: int
    unchanged: int
    version: int


def append(store: Store, rows: pa.Table, at: datetime | None = None) -> Appended:
    """Keep rows of the shape GIVEN, whole or not at all; the same rows again change nothing.

    A row whose key is there already and says something else is a correction: it is kept beside the earlier one, and received after
    it, whatever the clocks say. `at` is the instant they were received (default: that of their commit, so that none lies long
    before it can be read). Where many corrections lie loose, they are settled afterwards. Raises NotAccepted where a row cannot be
    one, or two rows of the batch have one key.
    """
    given = checked(rows)
    for turn in range(TRIES):
        snapshot = store.snapshot()
        fresh = _fresh(store, snapshot, given)
        corrected = pc.sum(fresh["correction"].cast(pa.int64())).as_py() or 0
        counts = (fresh.num_rows - corrected, corrected, given.num_rows - fresh.num_rows)
        if not fresh.num_rows:
            return Appended(*counts, snapshot.version)
        try:
            version = store.commit(_received(fresh, at or datetime.now(UTC)), snapshot)
            break
        except (
            CommitFailedError,
            DeltaError,
            FileExistsError,
        ):  # another writer was first: look again at what is there
            time.sleep(random.uniform(0.005, 0.02) * (turn + 1))
    else:
        raise NotAccepted(
            f"观测库正忙，{TRIES} 次尝试都被其他写入抢先，这批数据没有写入。请稍后再试。",
            f"The store is busy: other writers were first {TRIES} times. Nothing of this batch was kept; try again later.",
        )
    settle_due(store, fresh)
    return Appended(*counts, version)


def rehearse(store: Store, rows: pa.Table) -> Appended:
    """What `append` would make of the rows now; nothing is written. Raises NotAccepted as it does."""
    given, snapshot = checked(rows), store.snapshot()
    fresh = _fresh(store, snapshot, given)
    corrected = pc.sum(fresh["correction"].cast(pa.int64())).as_py() or 0
    return Appended(fresh.num_rows - corrected, corrected, given.num_rows - fresh.num_rows, snapshot.version)


def _received(fresh: pa.Table, at: datetime) -> pa.Table:
    """Rows with the instant of their receipt, in the shape KEPT. Of a key each is received after the one before it."""
    instant = pa.scalar(naive(at), INSTANT)
    rows = fresh.append_column("received_at", pc.max_element_wise(pc.add(fresh["before"], TICK), instant))
    return rows.select(KEPT.names).cast(KEPT)


def _fresh(store: Store, snapshot: Snapshot, given: pa.Table) -> pa.Table:
    """The rows that say something the store does not know, how they stand, and when the rows they correct were received."""
    there = _compared(store, snapshot, given)
    known = there["before"].is_valid()
    columns = {
        "correction": known, "before": there["before"], "replaced_at": pa.nulls(given.num_rows, INSTANT),
        "year": pc.year(given["time"]).cast(pa.int32()), "standing": pc.if_else(known, LOOSE, SETTLED),
    }  # fmt: skip
    for name, column in columns.items():
        given = given.append_column(name, column)
    return given.filter(there["differs"]).sort_by([(name, "ascending") for name in ("item", "site", "time")])


def _compared(store: Store, snapshot: Snapshot, given: pa.Table) -> pa.Table:
    """For each given row: when the row of its key that counts now was received, null where there is none, and whether it says
    anything else.

    Rows of hours that no file holds yet are new without a look into any.
    """
    span = pc.min_max(given["time"]).as_py()
    end = span["max"] and span["max"] + timedelta(microseconds=1)
    media = [one for one in pc.unique(given["medium"]).to_pylist() if snapshot.files(one, span["min"], end)]
    if not media:
        return pa.table({"before": pa.nulls(given.num_rows, INSTANT), "differs": pa.repeat(True, given.num_rows)})
    connection = duckdb()
    try:
        asked = {"since": span["min"], "until": end, "snapshot": snapshot}
        known = ibis.union(*(observations(connection, store, medium=one, name=one, **asked) for one in media))
        new = ibis.memtable(given.append_column("place", pa.array(range(given.num_rows))))
        joined = new.left_join(known, list(KEY), rname="known_{name}")
        differs = joined.received_at.isnull() | (_says_other(joined) & ~_was_judged(joined))
        return joined.select("place", before="received_at", differs=differs).order_by("place").to_pyarrow()
    finally:
        connection.disconnect()


def _says_other(joined: ibis.Table) -> ibis.Value:
    return reduce(or_, (~joined[name].identical_to(joined[f"known_{name}"]) for name in SAYS))


def _was_judged(joined: ibis.Table) -> ibis.Value:
    """Whether a row only says again the value that a rule or a person has judged since: the judgement stays.

    A rule's flag gives way to what a source says of its instrument; a person's only to a person's.
    """
    given, known = joined.flagged_by, joined.known_flagged_by
    by_person = known.startswith(PERSON) & ~given.startswith(PERSON)
    by_rule = known.startswith(RULE) & (joined.flag == "") & ~given.startswith(RULE) & ~given.startswith(PERSON)
    same = reduce(and_, (joined[name].identical_to(joined[f"known_{name}"]) for name in ("value", "unit", "below")))
    return same & (by_person | by_rule)


def checked(rows: pa.Table) -> pa.Table:
    """Rows of the shape GIVEN, or NotAccepted with what does not fit."""
    try:
        given = rows.select(GIVEN.names).cast(GIVEN)
    except (KeyError, pa.ArrowInvalid, ValueError) as reason:
        raise NotAccepted(
            f"数据的列或类型不对：{reason}", f"The columns or their types do not fit: {reason}"
        ) from reason
    for name in GIVEN.names:
        if not GIVEN.field(name).nullable and given[name].null_count:
            raise NotAccepted(
                f"“{name}”有 {given[name].null_count} 行为空。", f"{given[name].null_count} rows lack {name}."
            )
    among(given, "medium", MEDIA)
    among(given, "period", PERIODS)
    among(given, "flag", tuple(FLAGS))
    _possible(given)
    keys = given.group_by(list(KEY)).aggregate([([], "count_all")])
    if keys.num_rows < given.num_rows:
        twice = keys.filter(pc.greater(keys["count_all"], 1)).slice(0, 1).to_pylist()[0]
        raise NotAccepted(
            f"同一批里有重复：{twice['site']} {twice['item']} {twice['time']} 出现 {twice['count_all']} 次，只能有 1 次。",
            f"The batch repeats {twice['site']} {twice['item']} {twice['time']}: {twice['count_all']} times instead of once.",
        )
    return given


def _possible(given: pa.Table) -> None:
    for medium, beyond in BEYOND.items():
        far = pc.and_(
            pc.equal(given["medium"], medium), pc.greater_equal(pc.abs(given["value"]), pa.scalar(beyond, VALUE))
        )
        for one in given.filter(pc.fill_null(far, False)).slice(0, 1).to_pylist():
            where = f"{one['site']} {one['item']} {one['time']}"
            raise NotAccepted(f"{where} 的值 {one['value']:f} 不可能，应小于 {beyond}。",
                              f"{where}: {one['value']:f} cannot be; it should be below {beyond}.")  # fmt: skip


def among(rows: pa.Table, name: str, known: tuple[str, ...]) -> None:
    strange = set(pc.unique(rows[name]).to_pylist()) - set(known)
    if strange:
        raise NotAccepted(
            f"“{name}”的值 {'、'.join(sorted(strange))} 不认识；可用：{'、'.join(one or '（空）' for one in known)}。",
            f"{name} does not know {', '.join(sorted(strange))}; it knows {', '.join(one or '(empty)' for one in known)}.",
        )
