"""A national year of ambient air, evaluated by HJ 633 and HJ 663, beside DuckDB's bare scan-and-sum of the same columns.

Repeat with:  python benchmarks/national.py                               (1,700 stations, 90 million rows; some minutes)
Ten years:    python benchmarks/national.py --years 10 --place DIR        (what is written there is used again)
Smaller:      python benchmarks/national.py --stations 20 --rounds 1

The rows are simulated (observations/simulating.py: six items an hour, gaps, flags) and lie in a store as Qingshan keeps them,
those of a hundred stations in each commit; one row in a thousand is corrected later. Evaluated is every day of every station
and of districts of five stations (daily values, MDA8, indices), and every year (means, percentiles, completeness, attainment,
composite index, good days); which station belongs to which district is given. "Bare" sums the numbers and counts the words of the
same columns of the same files. Both take turns, each in a process of its own, whose peak memory is its own. A ratio is of the time
of the processor, all threads together, which other work on the machine changes less; that by the clock stands beside it. Goals: a
year at most 5 × bare, under 4 GB; many years at most 1.05 × as much a year, memory flat.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from qingshan.observations import engines
from qingshan.observations.assess.air import GASES_AND_DUST, Rules, daily
from qingshan.observations.assess.years import evaluated
from qingshan.observations.dense import sites_of
from qingshan.observations.rows import KEPT, LOOSE, SETTLED
from qingshan.observations.simulating import air
from qingshan.observations.store import Store

TIMES, MEMORY, LINEAR = 5.0, 4.0, 1.05
TOGETHER, OF_A_DISTRICT, CORRECTED = 100, 5, 1000
ONE, LAST = 2024, 2025  # ten years begin with 2016, from when on the standard of 2012 holds everywhere
BARE = """SELECT sum(value), sum(epoch_us(time)), count(site), count(item), count(period), count(flag)
          FROM read_parquet({files}, hive_partitioning = true)"""


def stations(count: int) -> list[str]:
    return [f"{1001 + number}A" for number in range(count)]


def write(place: str, count: int, year: int) -> None:
    """A year's rows, straight into the shape that the store keeps: comparing them with what is there is measured elsewhere."""
    store, when = Store(place), datetime(year + 1, 1, 15, tzinfo=UTC).replace(tzinfo=None)
    names = iter(stations(count))
    with get_context("spawn").Pool(2) as pool:
        while some := [(site, year) for site in islice(names, TOGETHER)]:
            rows = pa.concat_tables(pool.map(simulated, some))
            mended = rows.take(pa.array(range(0, rows.num_rows, CORRECTED)))
            store.commit(kept(rows, year, when, False), store.snapshot())
            store.commit(kept(mended, year, when.replace(month=3), True), store.snapshot())


def simulated(asked: tuple[str, int]) -> pa.Table:
    site, year = asked
    return air(site, date(year, 1, 1), date(year + 1, 1, 1))


def kept(rows: pa.Table, year: int, when: datetime, correction: bool) -> pa.Table:
    told = {"received_at": when, "correction": correction, "replaced_at": None, "year": year,
            "standing": LOOSE if correction else SETTLED}  # fmt: skip
    for name, value in told.items():
        rows = rows.append_column(name, pa.repeat(pa.scalar(value, KEPT.field(name).type), rows.num_rows))
    return rows.select(KEPT.names).cast(KEPT).sort_by([(name, "ascending") for name in ("item", "site", "time")])


def bare(place: str) -> dict:
    """DuckDB alone, over the files of all years."""
    files = Store(place).snapshot().files("air")
    with engines.engine("duckdb") as connection:
        began = time.perf_counter(), time.process_time()
        connection.con.execute(BARE.format(files=files)).fetchall()
        return since(began)


def since(began: tuple[float, float]) -> dict:
    """Seconds by the clock, and of the processor (all threads), which other work on the machine hardly changes."""
    return {"seconds": time.perf_counter() - began[0], "processor": time.process_time() - began[1]}


def evaluate(place: str) -> dict:
    """All years, one after another; a year's days and rows are gone before the next one is read."""
    store, rules = Store(place), Rules.in_force()
    snapshot = store.snapshot()
    of = districts(sites_of(snapshot.files("air")))  # given, so that it is found before the clock runs
    began = time.perf_counter(), time.process_time()
    hours = engines.fields(store, medium="air", items=GASES_AND_DUST, snapshot=snapshot)
    told = sum(1 for _year in evaluated(daily(hours, rules), rules, of))
    return since(began) | {"told": told}


def districts(sites: Iterable[str]) -> dict[str, str]:
    """Five neighbours make a district."""
    return {site: f"D{number // OF_A_DISTRICT}" for number, site in enumerate(sorted(sites))}


def peak() -> float:
    """The most memory this process has held [GB]. Linux tells it by itself; what `getrusage` tells may be that of the process
    that started it."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 2**20


def in_a_process_of_its_own(what: str, place: str) -> dict:
    command = [sys.executable, __file__, "--one", what, "--place", place]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measured(place: str, rounds: int) -> dict:
    """Medians of rounds in turn."""
    turns = [
        (in_a_process_of_its_own("bare", place), in_a_process_of_its_own("evaluate", place)) for _ in range(rounds)
    ]
    return {
        "bare": statistics.median(one["seconds"] for one, _ in turns),
        "evaluate": statistics.median(one["seconds"] for _, one in turns),
        "ratio": statistics.median(ours["processor"] / base["processor"] for base, ours in turns),
        "by_the_clock": statistics.median(ours["seconds"] / base["seconds"] for base, ours in turns),
        "processor": statistics.median(one["processor"] for _, one in turns),
        "memory": max(one["memory"] for _, one in turns), "told": turns[0][1]["told"],
    }  # fmt: skip


def show(name: str, place: str, found: dict) -> None:
    rows = Store(place).snapshot().rows
    print(f"{name}: {rows:,} rows, {found['told']:,} years told; bare {found['bare']:.2f} s, evaluation {found['evaluate']:.2f} s "
          f"({found['processor']:.1f} s of the processor), ratio {found['ratio']:.1f} of the processor, {found['by_the_clock']:.1f} "
          f"by the clock, peak {found['memory']:.2f} GB", flush=True)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("stations", 1700), ("years", 1), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument(
        "--place", help="a folder for the rows, used again where it holds them; default: made and removed"
    )
    parser.add_argument("--one", choices=["bare", "evaluate"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        found = {"bare": bare, "evaluate": evaluate}[asked.one](asked.place)
        print(json.dumps(found | {"memory": peak()}))
        return 0
    with tempfile.TemporaryDirectory(prefix="qingshan-bench-") as made:
        return compared(Path(asked.place or made), asked.stations, asked.years, asked.rounds)


def compared(place: Path, count: int, years: int, rounds: int) -> int:
    one, many = str(place / "one"), str(place / "many")
    if not Store(one).snapshot().files():
        write(one, count, ONE)
    first = measured(one, rounds)
    show("one year", one, first)
    print(f"goals: at most {TIMES:.0f} × bare, under {MEMORY:.0f} GB; simulated rows")
    good = first["ratio"] <= TIMES and first["memory"] < MEMORY
    if years > 1:
        for year in range(LAST, LAST - years, -1):
            if year not in Store(many).snapshot().years("air"):
                write(many, count, year)
        all_of_them = measured(many, rounds)
        show(f"{years} years", many, all_of_them)
        cost, memory = all_of_them["processor"] / first["processor"], all_of_them["memory"] / first["memory"]
        print(f"{years} years take {cost:.2f} × one (goal {years * LINEAR:.1f}), memory {memory:.2f} ×")
        good = good and cost <= years * LINEAR
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
