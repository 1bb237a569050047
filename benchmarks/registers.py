"""A register of 10,000 rows beside one of 1,000,000 in the same tables, and a workbook of 50,000 rows.

Repeat with:   DATABASE_URL=postgres://root@127.0.0.1:5432/test python benchmarks/registers.py
Smaller:       python benchmarks/registers.py --small 1000 --large 20000 --workbook 2000

Each question is what a page asks: the first 50 rows of a filter with their number, a number alone, a map tile. Questions
are asked in turn of both registers, so that a busy machine slows both alike. The bar, on PostgreSQL: the 95th percentile of
the large register is at most five times that of the small one. The database is made for the occasion and dropped.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
import tracemalloc
from datetime import date

os.environ["DJANGO_SETTINGS_MODULE"] = "qingshan.config.settings"
os.environ["QINGSHAN_HOME"] = tempfile.mkdtemp(prefix="qingshan-bench-")

import django

django.setup()

from django.db import connection  # noqa: E402

from qingshan.evidence.registers.actions import Stated, define_register, put_entries  # noqa: E402
from qingshan.evidence.registers.importing import as_csv, as_workbook, dry_run, import_rows  # noqa: E402
from qingshan.evidence.registers.places import Box  # noqa: E402
from qingshan.evidence.registers.queries import counts_by, entries, in_box, matching, number, tallies  # noqa: E402
from qingshan.evidence.registers.schema import Definition  # noqa: E402
from qingshan.people.models import Body, Jurisdiction  # noqa: E402
from qingshan.plan.models import Programme  # noqa: E402

BAR = 5.0
DAY = date(2025, 1, 1)
STREETS = 400  # of the small register; the large one has as many to each 10,000 rows


def definition(code: str) -> Definition:
    def column(name: str, kind: str, **more) -> dict:
        return {"code": name, "name": {"zh": name, "en": name}, "type": kind, "filterable": True} | more

    return Definition.model_validate(
        {"code": code, "name": {"zh": code, "en": code}, "geometry": "point", "key": ["no"], "body": "water", "fields": [
            column("no", "text", required=True), column("street", "text"), column("flow", "decimal"), column("on", "date"),
            column("kind", "choice", choices=[{"code": c, "zh": c, "en": c} for c in ("a", "b", "c")])],
         "states": [{"code": "found", "zh": "已排查", "en": "Found"}, {"code": "mended", "zh": "已整治", "en": "Mended", "final": True}],
         "transitions": [{"from": "found", "to": "mended"}]}
    )  # fmt: skip


def rows(first: int, last: int, total: int) -> list[Stated]:
    rng = random.Random(first)
    side = (total / 10_000) ** 0.5 * 0.1  # the same density, so that a tile holds as many rows
    return [
        Stated(
            {"no": f"P{n:07d}", "street": f"街 {n % (STREETS * total // 10_000 or 1)}", "flow": f"{rng.randrange(10_000_000) / 100:.2f}".rstrip("0").rstrip("."),
             "on": date.fromordinal(738_000 + rng.randrange(1000)).isoformat(), "kind": "abc"[n % 3]},
            "mended" if n % 10 == 0 else None, DAY, DAY,
            {"type": "Point", "coordinates": [121 + rng.random() * side, 30.7 + rng.random() * side]},
        )
        for n in range(first, last)
    ]  # fmt: skip


def fill(programme: Programme, code: str, total: int) -> float:
    define_register(by=None, programme=programme, definition=definition(code))
    began = time.perf_counter()
    for first in range(0, total, 20_000):
        put_entries(by=None, programme=programme, register=code, rows=rows(first, min(total, first + 20_000), total))
    return time.perf_counter() - began


def questions(programme: Programme, code: str, total: int) -> dict:
    rng, schema = random.Random(1), definition(code)
    side = (total / 10_000) ** 0.5 * 0.1
    streets = STREETS * total // 10_000 or 1

    def kept():
        return entries(programme, code)

    def page(text: str):
        found = matching(kept(), schema, text)
        return list(found.order_by("key")[:50]), found.count()

    def tile():
        lon, lat = 121 + rng.random() * side * 0.9, 30.7 + rng.random() * side * 0.9
        return list(
            in_box(kept(), Box(lon, lat, lon + 0.01, lat + 0.01)).order_by().values_list("id", "lon", "lat", "state")
        )

    return {
        "a street's rows and number": lambda: page(f"street=街 {rng.randrange(streets)}"),
        "a street's rows of one kind": lambda: page(f"street=街 {rng.randrange(streets)};kind=a;flow>=100"),
        "a narrow range of amounts": lambda: page(
            f"flow>={(at := rng.randrange(99_000))};flow<={at + 250 * 10_000 / total:.2f}"
        ),
        "one row by its key": lambda: page(f"no=P{rng.randrange(total):07d}"),
        "a map tile": tile,
        "first page of all": lambda: list(kept().order_by("key")[:50]),
        "number by state, from the tallies": lambda: tallies(programme, code),
        "a third of all, counted up to 10,000": lambda: number(matching(kept(), schema, "kind=a")),
        "not in the bar: a third of all, counted": lambda: matching(kept(), schema, "kind=a").count(),
        "not in the bar: all, counted by state": lambda: counts_by(kept(), schema, "state"),
    }


def timed(programme: Programme, sizes: dict[str, int], rounds: int) -> dict[str, dict[str, float]]:
    asked = {code: questions(programme, code, total) for code, total in sizes.items()}
    took: dict[str, dict[str, list[float]]] = {}
    for name in next(iter(asked.values())):
        took[name] = {code: [] for code in sizes}
        for turn in range(rounds + 5):
            for code in sizes:
                began = time.perf_counter()
                asked[code][name]()
                if turn >= 5:
                    took[name][code].append(time.perf_counter() - began)
    return {name: {code: statistics.quantiles(one, n=20)[-1] for code, one in by.items()} for name, by in took.items()}


def workbook(programme: Programme, total: int) -> None:
    fill(programme, "book-source", total)
    began = time.perf_counter()
    content = as_workbook(programme, "book-source")
    written = time.perf_counter() - began
    told = {
        "by": None,
        "programme": programme,
        "register": "book-source",
        "content": content,
        "name": "a.xlsx",
        "known_on": DAY,
    }
    began = time.perf_counter()
    outcome, faults = dry_run(**told)
    read = time.perf_counter() - began
    began = time.perf_counter()
    same = import_rows(**told)
    print(f"workbook of {total:,} rows ({len(content) / 1e6:.1f} MB): written {written:.1f} s, dry run {read:.1f} s "
          f"({len(faults)} faults, {outcome.same:,} the same), imported {time.perf_counter() - began:.1f} s ({same.same:,} the same)")  # fmt: skip


def fresh_workbook(programme: Programme, total: int) -> None:
    """Rows that are not there yet, typed into a template."""
    from qingshan.evidence.registers.workbook import template

    content = template(
        definition("book"),
        {"water": "水务局"},
        ({**one.data, "state": one.state or "found"} for one in rows(0, total, total)),
    )
    define_register(by=None, programme=programme, definition=definition("book"))
    told = {
        "by": None,
        "programme": programme,
        "register": "book",
        "content": content,
        "name": "a.xlsx",
        "known_on": DAY,
    }
    began = time.perf_counter()
    outcome = import_rows(**told)
    print(f"workbook of {total:,} new rows: imported in {time.perf_counter() - began:.1f} s ({outcome.added:,} added)")


def flat(programme: Programme, code: str) -> float:
    tracemalloc.start()
    size = sum(map(len, as_csv(programme, code)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"export of {code} as CSV: {size / 1e6:.1f} MB of text, {peak / 1e6:.1f} MB of memory at most")
    return peak


def main() -> int:
    parser = argparse.ArgumentParser()
    for name, default in (("small", 10_000), ("large", 1_000_000), ("workbook", 50_000), ("rounds", 60)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    old = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        place = Jurisdiction.objects.create(code="bench", name="测试区")
        Body.objects.create(jurisdiction=place, code="water", name="水务局")
        programme = Programme.objects.create(jurisdiction=place, code="bench", title="测试")
        sizes = {"small": asked.small, "large": asked.large}
        for code, total in sizes.items():
            took = fill(programme, code, total)
            print(f"{code}: {total:,} rows kept in {took:.1f} s ({total / took:,.0f} rows/s)", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        worst = 0.0
        print(f"\n95th percentile of {asked.rounds} on {connection.vendor} [ms]{'small':>16}{'large':>10}{'ratio':>8}")
        for name, by in timed(programme, sizes, asked.rounds).items():
            ratio = by["large"] / by["small"]
            worst = worst if name.startswith("not in the bar") else max(worst, ratio)
            print(f"{name:<42}{by['small'] * 1000:>10.2f}{by['large'] * 1000:>10.2f}{ratio:>8.1f}", flush=True)
        print(f"worst ratio {worst:.1f}, bar {BAR}\n")
        flat(programme, "small"), flat(programme, "large")
        if asked.workbook:
            workbook(programme, asked.workbook)
            fresh_workbook(programme, asked.workbook)
        return int(connection.vendor == "postgresql" and worst > BAR)
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
