"""A register of 10,000 rows beside one of 1,000,000 in the same tables, and a workbook of 50,000 rows.

Repeat with:   DATABASE_URL=postgres://root@127.0.0.1:5432/test python benchmarks/registers.py
Smaller:       python benchmarks/registers.py --small 1000 --large 20000 --workbook 2000

Each question is what a page asks: the first 50 rows of a filter with their number, a number alone, a map tile; then the pages
themselves are opened, list and map, as a signed-in reader gets them. Questions are asked in turn of both registers, so that a
busy machine slows both alike. The bar, on PostgreSQL: the 95th percentile of the large register is at most five times that of
the small one. Then files are written of both, each in a process of its own whose memory is measured. The database is made for
the occasion and dropped.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import date

os.environ["DJANGO_SETTINGS_MODULE"] = "qingshan.config.settings"
os.environ["QINGSHAN_HOME"] = tempfile.mkdtemp(prefix="qingshan-bench-")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402

from qingshan.evidence.registers.actions import DEGREES, Stated, define_register, put_entries  # noqa: E402
from qingshan.evidence.registers.importing import dry_run, import_rows  # noqa: E402
from qingshan.evidence.registers.models import Tally  # noqa: E402
from qingshan.evidence.registers.places import Box, tile_of  # noqa: E402
from qingshan.evidence.registers.queries import (  # noqa: E402
    as_csv,
    counts_by,
    entries,
    in_box,
    matching,
    number,
    tallies,
    write_archive,
    write_workbook,
)
from qingshan.evidence.registers.schema import Definition  # noqa: E402
from qingshan.people.models import Body, Jurisdiction, User  # noqa: E402
from qingshan.plan.models import Programme  # noqa: E402
from qingshan.web.views.registers import MOST_WRITTEN  # noqa: E402

BAR = 5.0
DAY = date(2025, 1, 1)
STREETS = 400  # of the small register; the large one has as many to each 10,000 rows


def definition(code: str) -> Definition:
    def column(name: str, kind: str, **more) -> dict:
        return {"code": name, "name": {"zh": name, "en": name}, "type": kind, "filterable": True} | more

    def termed(name: str, term: str, **more) -> dict:
        return column(name, "text", term=term, **more)

    return Definition.model_validate(
        {"code": code, "name": {"zh": code, "en": code}, "geometry": "point", "key": ["no"], "title": "street", "body": "water", "fields": [
            termed("no", "occurrenceID", required=True), termed("street", "locality"), column("flow", "decimal"), column("on", "date"),
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
    """The rows of a register; returns how many a second are kept as the programme keeps them, with revision and audit. PostgreSQL
    takes what is more than 20,000 as copies of tables, since what is measured here is reading."""
    define_register(by=None, programme=programme, definition=definition(code))
    kept = min(total, 20_000) if connection.vendor == "postgresql" else total
    began = time.perf_counter()
    for first in range(0, kept, 20_000):
        put_entries(by=None, programme=programme, register=code, rows=rows(first, min(kept, first + 20_000), total))
    rate = kept / (time.perf_counter() - began)
    for first in range(kept, total, 20_000):
        copied(programme, code, rows(first, min(total, first + 20_000), total))
    return rate


COLUMNS = ("programme_id", "register", "key", "number", "version", "data", "state", "reached", "body_id", "lon", "lat", "tile",
           "origin", "source", "withdrawn", "known_on", "effective_on")  # fmt: skip


def copied(programme: Programme, code: str, stated: list[Stated]) -> None:
    body = Body.objects.get(code="water").pk
    with connection.cursor() as cursor, cursor.copy(f"COPY registers_entry ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for one in stated:
            lon, lat = (round(number, DEGREES) for number in one.geometry["coordinates"])
            copy.write_row((programme.pk, code, one.data["no"], 1, 1, json.dumps(one.data), one.state or "found", "{}", body, lon, lat,
                            tile_of(Box(lon, lat, lon, lat)), "reported", "", False, DAY, DAY))  # fmt: skip
    for state, count in Counter(one.state or "found" for one in stated).items():
        Tally.objects.filter(programme=programme, register=code, state=state).update(rows=F("rows") + count)


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


def pages(programme: Programme, code: str, total: int) -> dict:
    """The addresses a reader opens: the list, sorted, filtered, searched, and the map beside it."""
    rng, side, streets = random.Random(2), (total / 10_000) ** 0.5 * 0.1, STREETS * total // 10_000 or 1
    reader = Client(headers={"host": "127.0.0.1"})
    reader.force_login(User.objects.get(username="bench"))
    place = f"/{programme.code}/registers/{code}/"

    def opened(told: str):
        answer = reader.get(place + told)
        assert answer.status_code == 200, answer.status_code

    def view() -> str:
        lon, lat = 121 + rng.random() * side * 0.9, 30.7 + rng.random() * side * 0.9
        return f"map.json?view={lon},{lat},{lon + 0.01},{lat + 0.01}"

    return {
        "page: the list": lambda: opened(""),
        "page: sorted by amount": lambda: opened("?sort=-flow"),
        "page: one street": lambda: opened(f"?f.street=街 {rng.randrange(streets)}"),
        "page: a state and a kind": lambda: opened("?state=mended&f.kind=a"),
        "page: days, sorted": lambda: opened("?f.on.from=2023-01-01&f.on.to=2023-01-31&sort=on"),
        "page: a text that one row has": lambda: opened(f"?q=P{rng.randrange(total):07d}"),
        "page: a text that many rows have": lambda: opened(f"?q=街 {rng.randrange(10)}"),
        "page: a text that none has": lambda: opened(f"?q=没有{rng.randrange(1000)}"),
        "page: a text that some rows have": lambda: opened(f"?f.street=街 {rng.randrange(100, 400)}"),
        "page: such a text, sorted by amount": lambda: opened(f"?f.street=街 {rng.randrange(100, 400)}&sort=-flow"),
        "map: all holding a text that many have": lambda: opened(f"map.json?q=街 {rng.randrange(10)}"),
        "map: all holding a text that some have": lambda: opened(f"map.json?q=街 {rng.randrange(100, 400)}"),
        "map: some streets": lambda: opened(view()),
        "map: all of it": lambda: opened("map.json"),
    }


def timed(programme: Programme, sizes: dict[str, int], rounds: int) -> dict[str, dict[str, float]]:
    asked = {code: questions(programme, code, total) | pages(programme, code, total) for code, total in sizes.items()}
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
    file = io.BytesIO()
    write_workbook(file, programme, "book-source")
    content = file.getvalue()
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
    from qingshan.evidence.registers.workbook import write

    file = io.BytesIO()
    told = ({**one.data, "state": one.state or "found"} for one in rows(0, total, total))
    write(file, definition("book"), {"water": "水务局"}, told)
    content = file.getvalue()
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


def written(name: str, write) -> None:
    """Write a file in a process of its own, and say how large it became and how much memory that took."""
    with tempfile.TemporaryFile() as file:
        connections.close_all()
        began = time.perf_counter()
        if not (child := os.fork()):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            write(file)
            file.flush()
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            print(f"{name}: {os.fstat(file.fileno()).st_size / 1e6:.1f} MB in {time.perf_counter() - began:.1f} s, "
                  f"{grown / 1024:.1f} MB of memory beside what it began with", flush=True)  # fmt: skip
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0


def files(programme: Programme, sizes: dict[str, int]) -> None:
    for code, total in sizes.items():
        rows = entries(programme, code)
        if total > MOST_WRITTEN:  # what one workbook holds
            rows = rows.filter(key__lt=f"P{MOST_WRITTEN:07d}")
        written(
            f"{code}.xlsx, {min(total, MOST_WRITTEN):,} rows",
            lambda file, rows=rows, code=code: write_workbook(file, programme, code, rows),
        )
        written(
            f"{code}.zip, {total:,} rows",
            lambda file, code=code: write_archive(file, definition(code), entries(programme, code)),
        )
        written(
            f"{code}.csv, {total:,} rows",
            lambda file, code=code: file.writelines(one.encode() for one in as_csv(programme, code)),
        )


def main() -> int:
    parser = argparse.ArgumentParser()
    for name, default in (("small", 10_000), ("large", 1_000_000), ("workbook", 50_000), ("rounds", 60)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    call_command("collectstatic", verbosity=0, interactive=False)
    old = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        place = Jurisdiction.objects.create(code="bench", name="测试区")
        Body.objects.create(jurisdiction=place, code="water", name="水务局")
        programme = Programme.objects.create(jurisdiction=place, code="bench", title="测试")
        User.objects.create(username="bench", role="office", jurisdiction=place)
        sizes = {"small": asked.small, "large": asked.large}
        for code, total in sizes.items():
            print(f"{code}: {total:,} rows, kept at {fill(programme, code, total):,.0f} rows/s", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        worst = 0.0
        print(f"\n95th percentile of {asked.rounds} on {connection.vendor} [ms]{'small':>16}{'large':>10}{'ratio':>8}")
        for name, by in timed(programme, sizes, asked.rounds).items():
            ratio = by["large"] / by["small"]
            worst = worst if name.startswith("not in the bar") else max(worst, ratio)
            print(f"{name:<42}{by['small'] * 1000:>10.2f}{by['large'] * 1000:>10.2f}{ratio:>8.1f}", flush=True)
        print(f"worst ratio {worst:.1f}, bar {BAR}\n")
        files(programme, sizes)
        if asked.workbook:
            workbook(programme, asked.workbook)
            fresh_workbook(programme, asked.workbook)
        return int(connection.vendor == "postgresql" and worst > BAR)
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
