"""What it costs that nothing is overwritten: reads as of an instant, and appends that another process sees.

Repeat with:  python benchmarks/keeping.py                (some minutes)
Smaller:      python benchmarks/keeping.py --stations 4 --rounds 3

A read sums the values of a year of simulated hours: from a store without corrections; from one in which two rows in a hundred were
corrected, as of an instant after that and as of one before it, which once more from files that a later import was merged into, so that
each row is asked when it was received, goal 1.3 ×; and from one whose corrections are not settled yet. An append of 1,000 rows, the
next hour of as many stations, is timed until a second process that polls the store has counted them; beside it the same rows written
by `write_deltalake` alone into a table of their own and counted by the same process in the same way; goal below 2 ×. Each pair takes
turns.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake

from qingshan.observations import engines
from qingshan.observations.appending import append
from qingshan.observations.rows import GIVEN, KEPT, LOOSE, PARTITIONS, SETTLED, TIME, VALUE
from qingshan.observations.settling import settle
from qingshan.observations.simulating import air
from qingshan.observations.store import Store

READS, SEEN = 1.3, 2.0
YEAR, FIRST, BETWEEN, MENDED, AFTER = 2024, *(datetime(2025, month, 1, tzinfo=UTC) for month in (2, 3, 4, 5))
WATCHER = """
import sys, time
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError
import pyarrow as pa
for line in sys.stdin:
    place, wanted = line.rstrip("\\n").split("\\t")
    while True:
        try:
            if sum(pa.table(DeltaTable(place).get_add_actions())["num_records"].to_pylist()) >= int(wanted):
                break
        except TableNotFoundError:
            pass
        time.sleep(0.0005)
    print("seen", flush=True)
"""


def filled(place: Path, stations: int, corrected: int = 0, settled: bool = True) -> Store:
    """A year of stations; every so manieth row was corrected, and the corrections are settled or still loose."""
    store = Store(place)
    rows = pa.concat_tables([air(f"{1001 + n}A", date(YEAR, 1, 1), date(YEAR + 1, 1, 1)) for n in range(stations)])
    append(store, rows, FIRST)
    settle(store)
    if corrected:
        some = rows.take(pa.array(range(0, rows.num_rows, corrected)))
        flags = pa.repeat(pa.scalar("confirmed"), some.num_rows)
        some = some.set_column(some.schema.get_field_index("flag"), GIVEN.field("flag"), flags)
        kept = as_kept(some, received_at=MENDED.replace(tzinfo=None), correction=True, standing=LOOSE)
        store.commit(kept, store.snapshot())  # an import would settle so many by itself
    if settled:
        settle(store)
    return store


def read(store: Store, as_of: datetime | None) -> float:
    """Seconds of the processor, all threads, which other work on the machine changes less."""
    with engines.engine("duckdb") as connection:
        began = time.process_time()
        rows = engines.observations(connection, store, medium="air", as_of=as_of)
        connection.to_pyarrow(rows.group_by("site", "item").aggregate(n=rows.count(), s=rows.value.sum()))
        return time.process_time() - began


def reads(folder: Path, stations: int, rounds: int) -> float:
    plain, mended, loose = (
        filled(folder / "plain", stations), filled(folder / "mended", stations, 50), filled(folder / "loose", stations, 50, False),
    )  # fmt: skip
    merged = filled(folder / "merged", stations, 50)
    append(merged, air("9999A", date(YEAR, 1, 1), date(YEAR + 1, 1, 1)), AFTER)
    settle(merged)
    asked = {
        "without corrections": (plain, None), "2 % corrected and settled, as of an instant after": (mended, AFTER),
        "as of an instant before them": (mended, BETWEEN),
        "the same with a later import merged into the files": (merged, BETWEEN), "2 % corrected and loose, as of an instant after": (loose, AFTER),
        "as of an instant before these": (loose, BETWEEN),
    }  # fmt: skip
    turns = [{name: read(*one) for name, one in asked.items()} for _ in range(rounds + 1)][1:]
    print(f"reads of {plain.snapshot().rows:,} rows")
    ratios = {}
    for name in asked:
        ratios[name] = statistics.median(one[name] / one["without corrections"] for one in turns)
        median = statistics.median(one[name] for one in turns)
        print(f"  {name}: {median * 1000:.0f} ms of the processor, ratio {ratios[name]:.2f}", flush=True)
    print(f"  goal {READS} when settled")
    return max(list(ratios.values())[1:4])


def an_hour(number: int, count: int) -> pa.Table:
    when = datetime(YEAR, 1, 1) + timedelta(hours=number)  # noqa: DTZ001 local time of the stations
    told = {
        "medium": "air", "item": "PM25", "period": "hour", "unit": "μg/m³", "below": False, "flag": "", "flagged_by": "",
        "source": "simulated",
    }  # fmt: skip
    columns = {name: pa.repeat(value, count) for name, value in told.items()}
    columns |= {
        "site": pa.array([f"{1001 + n}A" for n in range(count)]), "time": pa.repeat(pa.scalar(when, TIME), count),
        "value": pa.array(range(count)).cast(pa.decimal128(19, 0)).cast(VALUE), "line": pa.nulls(count, pa.int64()),
    }  # fmt: skip
    return pa.table({name: columns[name] for name in GIVEN.names}, GIVEN)


def as_kept(rows: pa.Table, **told) -> pa.Table:
    given = {
        "received_at": AFTER.replace(tzinfo=None),
        "correction": False,
        "replaced_at": None,
        "year": YEAR,
        "standing": SETTLED,
    } | told
    for name, value in given.items():
        rows = rows.append_column(KEPT.field(name), pa.repeat(pa.scalar(value, KEPT.field(name).type), rows.num_rows))
    return rows


def appends(folder: Path, count: int, rounds: int) -> float:
    """Seconds from the call until the other process has seen the rows, of both in turn."""
    store, bare = Store(folder / "store"), str(folder / "bare")
    with subprocess.Popen(
        [sys.executable, "-c", WATCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as watcher:

        def seen(place: str, wanted: int, write) -> float:
            print(place, wanted, sep="\t", file=watcher.stdin, flush=True)
            began = time.perf_counter()
            write()
            watcher.stdout.readline()
            return time.perf_counter() - began

        turns = []
        for number in range(rounds + 3):
            rows = an_hour(number, count)
            kept, total = as_kept(rows), (number + 1) * count
            base = seen(
                bare, total, lambda kept=kept: write_deltalake(bare, kept, mode="append", partition_by=list(PARTITIONS))
            )
            turns.append((base, seen(store.place, total, lambda rows=rows: append(store, rows, AFTER))))
        watcher.stdin.close()
    base, ours = (statistics.median(column) for column in zip(*turns[3:], strict=True))
    ratio = statistics.median(b / a for a, b in turns[3:])
    print(f"{count:,} rows written alone and seen {base * 1000:.1f} ms; appended and seen {ours * 1000:.1f} ms; "
          f"ratio {ratio:.2f} (goal below {SEEN})", flush=True)  # fmt: skip
    return ratio


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("stations", 60), ("rows", 1000), ("rounds", 15)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qingshan-bench-") as folder:
        seen = appends(Path(folder), asked.rows, asked.rounds)
        return int((reads(Path(folder), asked.stations, asked.rounds) > READS) | (seen >= SEEN))


if __name__ == "__main__":
    sys.exit(main())
