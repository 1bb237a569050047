"""Reporting cycles of three years for one district, ten and a hundred: does the cost stay the same per district?

Repeat with:  python benchmarks/cycle.py                     (about five minutes)
Smaller:      python benchmarks/cycle.py --sizes 1 5 20

Every district is a copy of the programme in programmes/ under a code of its own, in one database. It is judged at the end
of each of twelve quarters. Each size runs in a process of its own with a database of its own; "bare" is what reading the
same rows costs with the sqlite3 module alone, in the same run. Memory is the process's peak.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUARTERS = [date(year, month, 30 if month in (6, 9) else 31) for year in (2024, 2025, 2026) for month in (3, 6, 9, 12)]
TABLES = (
    "figures_figure",
    "figures_item",
    "indicators_metric",
    "figures_series",
    "plan_target",
    "plan_task",
    "plan_involvement",
)
LINEAR = 1.5  # a district among a hundred may cost this much more than one alone: noise, and an index one level deeper
FLAT = 1.5


def copies(source: Path, count: int, into: Path):
    head = (source / "programme.yaml").read_text("utf-8")
    code = next(line.split(":")[1].strip() for line in head.splitlines() if line.startswith("code:"))
    place = next(line.split(":")[1].strip() for line in head.splitlines() if line.startswith("  code:"))
    for number in range(count):
        folder = into / f"{code}-{number:03d}"
        shutil.copytree(source, folder)
        text = head.replace(f"code: {code}", f"code: {folder.name}", 1).replace(
            f"  code: {place}", f"  code: 'C{number:03d}'", 1
        )
        (folder / "programme.yaml").write_text(text, "utf-8")
        yield folder


def measure(source: Path, count: int) -> dict:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from qingshan.cycle import run_cycle
    from qingshan.programme.loading import load

    call_command("migrate", verbosity=0)
    loading, cycles = [], []
    for folder in copies(source, count, settings.HOME):
        start = time.perf_counter()
        programme = load(folder)
        loading.append(time.perf_counter() - start)
        start = time.perf_counter()
        for day in QUARTERS:
            run_cycle(programme=programme, as_of=day)
        cycles.append((time.perf_counter() - start) / len(QUARTERS))
        shutil.rmtree(folder)
    return {
        "districts": count,
        "load": statistics.median(loading),
        "cycle": statistics.median(cycles),
        "last": statistics.median(cycles[-max(1, count // 10) :]),
        "bare": bare(settings.DATABASES["default"]["NAME"], count),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def bare(database: str, count: int) -> float:
    """Seconds to fetch one district's rows of all tables, the median of five."""
    took = []
    for _ in range(5):
        connection = sqlite3.connect(database)
        start = time.perf_counter()
        for table in TABLES:
            connection.execute(f"SELECT * FROM {table} LIMIT (SELECT count(*) / {count} FROM {table})").fetchall()
        took.append(time.perf_counter() - start)
        connection.close()
    return statistics.median(took)


def in_a_process_of_its_own(source: Path, count: int) -> dict:
    with tempfile.TemporaryDirectory(prefix="qingshan-bench-") as home:
        settings = {"QINGSHAN_HOME": home, "DJANGO_SETTINGS_MODULE": "qingshan.config.settings"}
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | settings
        command = [sys.executable, __file__, "--source", str(source), "--one", str(count)]
        return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--source", type=Path, default=next(iter(sorted((ROOT / "programmes").iterdir()))))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.source, asked.one)))
        return 0
    print(f"{len(QUARTERS)} cycles a district; medians. bare: sqlite3 alone fetching one district's rows")
    rows = []
    for count in asked.sizes:
        row = in_a_process_of_its_own(asked.source, count)
        rows.append(row)
        print(
            f"{row['districts']:4d} districts: load {row['load'] * 1000:6.0f} ms, cycle {row['cycle'] * 1000:6.1f} ms "
            f"({row['cycle'] / row['bare']:.0f} x bare {row['bare'] * 1000:.1f} ms), last tenth {row['last'] * 1000:6.1f} ms, "
            f"peak {row['memory']:.0f} MB"
        )
    first, last = rows[0], rows[-1]
    cost, memory = last["last"] / first["cycle"], last["memory"] / first["memory"]
    print(f"a district's cycle, last of {last['districts']} against alone: {cost:.2f} x (at most {LINEAR})")
    print(f"peak memory of {last['districts']} against {first['districts']}: {memory:.2f} x (at most {FLAT})")
    return 0 if cost <= LINEAR and memory <= FLAT else 1


if __name__ == "__main__":
    sys.exit(main())
