import random
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise

import pytest

from qingshan.observations import engines, settling
from qingshan.observations.appending import Appended, append
from qingshan.observations.rows import LOOSE, MENDED, PAST, SETTLED
from qingshan.observations.settling import settle
from qingshan.observations.store import Store

from .sample import RECEIVED, batch, lying, row
from .test_appending import known, value_at


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "observations")


def chain(store: Store, values: str = "0123") -> None:
    """One hour, corrected day after day, and hours that never are."""
    append(store, batch([row(hour, "9") for hour in range(1, 4)] + [row(0, values[0])]), RECEIVED)
    for day, value in enumerate(values[1:], 1):
        append(store, batch([row(0, value)]), RECEIVED + timedelta(day))


def of_the_hour(store: Store) -> list[dict]:
    return sorted((one for one in lying(store) if one["line"] == 0), key=lambda one: one["received_at"])


def test_each_row_that_was_replaced_tells_when_and_none_is_lost(store):
    chain(store)
    assert [one["standing"] for one in of_the_hour(store)] == [SETTLED, LOOSE, LOOSE, LOOSE]
    assert settle(store) == 1 and settle(store) == 0
    found = of_the_hour(store)
    assert [one["standing"] for one in found] == [PAST, PAST, PAST, MENDED] and len(lying(store)) == 7
    assert all(one["replaced_at"] == later["received_at"] for one, later in pairwise(found))
    assert found[-1]["replaced_at"] is None and [int(one["value"]) for one in found] == [0, 1, 2, 3]


def test_a_correction_of_what_was_settled_is_settled_in_turn(store):
    chain(store, "01")
    settle(store)
    append(store, batch([row(0, "7")]), RECEIVED + timedelta(8))
    settle(store)
    assert [one["standing"] for one in of_the_hour(store)] == [PAST, PAST, MENDED]
    assert [value_at(store, as_of=RECEIVED + timedelta(day)) for day in (0, 1, 7, 8)] == [0, 1, 1, 7]


def test_nothing_is_looked_for_among_settled_rows(store):
    chain(store)
    told = {}
    for settled in (False, True):
        if settled:
            settle(store)
        with engines.engine("duckdb") as connection:
            rows = engines.observations(connection, store, medium="air", as_of=RECEIVED + timedelta(2))
            told[settled] = "JOIN" in connection.compile(rows)
    assert told == {False: True, True: False}


def test_corrections_that_came_later_are_not_opened(store):
    chain(store)
    snapshot = store.snapshot()
    assert len(snapshot.files("air", standing=(LOOSE,))) == 3
    assert len(snapshot.files("air", standing=(LOOSE,), as_of=RECEIVED + timedelta(1))) == 1
    settle(store)
    assert store.snapshot().files("air", standing=(PAST,), as_of=RECEIVED + timedelta(9)) == []


def test_who_reads_an_earlier_version_is_not_disturbed(store):
    chain(store)
    held, before = store.snapshot(), known(store)
    settle(store)
    with engines.engine("duckdb") as connection:
        rows = engines.observations(connection, store, medium="air", snapshot=held).to_pyarrow()
    assert rows.num_rows == len(before) == 4


def test_many_rows_are_put_in_order_a_stretch_at_a_time(store, monkeypatch):
    chance = random.Random(5)
    rows = [row(hour, site=site, item=item) for site in ("a", "b", "c") for item in ("x", "y") for hour in range(20)]
    chance.shuffle(rows)
    for some in (rows[:70], rows[70:]):
        append(store, batch(some), RECEIVED)
    append(store, batch([one | {"value": one["value"] + 1} for one in rows[::7]]), RECEIVED + timedelta(1))
    before = [known(store, RECEIVED + timedelta(day)) for day in (0, 1)]
    monkeypatch.setattr(settling, "AT_ONCE", 45)
    monkeypatch.setattr(settling, "BATCH", 8)
    settle(store)
    assert [known(store, RECEIVED + timedelta(day)) for day in (0, 1)] == before
    assert len(lying(store)) == 120 + len(rows[::7])


def test_a_writer_in_between_is_not_lost(store, monkeypatch):
    chain(store)
    replace, tries = Store.replace, []

    def overtaken(self, *asked):
        tries.append(self)
        if len(tries) == 1:
            append(store, batch([row(50, "5"), row(0, "6")]), RECEIVED + timedelta(6))
        return replace(self, *asked)

    monkeypatch.setattr(Store, "replace", overtaken)
    assert settle(store) == 1 and len(tries) == 2
    assert len(known(store)) == 5 and int(of_the_hour(store)[-1]["value"]) == 6 and len(lying(store)) == 9


def test_who_is_overtaken_each_time_leaves_everything_as_it_is(store, monkeypatch):
    chain(store)
    replace, tries = Store.replace, []

    def overtaken(self, *asked):
        tries.append(self)
        append(store, batch([row(50 + len(tries), "5")]), RECEIVED)
        return replace(self, *asked)

    monkeypatch.setattr(Store, "replace", overtaken)
    assert settle(store) == 0 and len(tries) == settling.TRIES
    assert len(known(store)) == 4 + settling.TRIES


def test_an_import_that_brings_many_corrections_settles_them(store, monkeypatch):
    monkeypatch.setattr(settling, "LOOSE_ROWS", 2)
    hours = [row(hour, "1") for hour in range(9)]
    append(store, batch(hours), RECEIVED)
    append(store, batch([row(0, "2")]), RECEIVED + timedelta(1))
    assert store.snapshot().files(standing=(LOOSE,))
    assert append(store, batch([row(hour, "3") for hour in (1, 2)]), RECEIVED + timedelta(2)) == Appended(0, 2, 0, 2)
    assert not store.snapshot().files(standing=(LOOSE,)) and len(known(store)) == 9


def test_an_import_of_many_small_files_merges_them(store, monkeypatch):
    monkeypatch.setattr(settling, "FILES", 3)
    for turn in range(5):
        append(store, batch([row(turn), row(0, str(turn))] if turn else [row(0, "0")]), RECEIVED + timedelta(turn))
    found = known(store)
    assert len(store.snapshot().files()) < 5 and len(found) == 5 and int(found["S1", "PM25", row(0)["time"]][0]) == 4


def test_rows_are_kept_even_if_they_cannot_be_settled(store, monkeypatch, caplog):
    monkeypatch.setattr(settling, "FILES", 0)
    monkeypatch.setattr(Store, "replace", lambda *asked: 1 / 0)
    assert append(store, batch([row(0)]), RECEIVED).new == 1
    assert len(known(store)) == 1 and "not settled" in caplog.text


SETTLER = """
import sys
from qingshan.observations.settling import settle
from qingshan.observations.store import Store
for turn in range(12):
    settle(Store(sys.argv[1]))
"""
WRITER = """
import sys
from datetime import timedelta
from qingshan.observations.appending import append
from qingshan.observations.store import Store
from tests.observations.sample import RECEIVED, batch, row
who, place = sys.argv[1:]
for turn in range(6):
    append(Store(place), batch([row(0, f"{who}{turn}"), row(turn, "7", site=who)]), RECEIVED + timedelta(turn))
"""


def test_settling_beside_writers_in_other_processes_loses_nothing(store):
    chain(store)
    others = [[SETTLER, store.place], [WRITER, "1", store.place], [WRITER, "2", store.place]]
    running = [subprocess.Popen([sys.executable, "-c", *one], stderr=subprocess.PIPE) for one in others]
    for one in running:
        assert one.wait(100) == 0, one.stderr.read().decode()
        one.stderr.close()
    settle(store)
    hour = [one for one in of_the_hour(store) if one["site"] == "S1"]
    assert len(hour) == 4 + 12 and len(known(store)) == 4 + 12
    assert all(one["replaced_at"] == later["received_at"] for one, later in pairwise(hour))
