import subprocess
import sys
from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingshan.observations import engines
from qingshan.observations.appending import Appended, NotAccepted, append
from qingshan.observations.settling import settle
from qingshan.observations.store import Store

from .sample import RECEIVED, batch, lying, row


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "observations")


def known(store, as_of=None, name="duckdb") -> dict:
    with engines.engine(name) as connection:
        rows = engines.observations(connection, store, medium="air", as_of=as_of).to_pyarrow().to_pylist()
    found = {(one["site"], one["item"], one["time"]): (one["value"], one["flag"]) for one in rows}
    assert len(found) == len(rows), "a key counts twice"
    return found


def value_at(store, hour=0, as_of=None):
    return known(store, as_of).get(("S1", "PM25", row(hour)["time"]), (None, None))[0]


def test_the_same_rows_again_change_nothing(store):
    rows = batch([row(hour) for hour in range(24)])
    assert append(store, rows, RECEIVED) == Appended(24, 0, 0, 0)
    assert append(store, rows, RECEIVED + timedelta(1)) == Appended(0, 0, 24, 0)
    assert store.snapshot().rows == 24


def test_a_correction_is_a_later_row_and_every_read_is_as_of_an_instant(store):
    append(store, batch([row(0, "10"), row(1, "11")]), RECEIVED)
    assert append(store, batch([row(0, "12")]), RECEIVED + timedelta(5)) == Appended(0, 1, 0, 1)
    append(store, batch([row(0, "13")]), RECEIVED + timedelta(9))
    assert value_at(store) == 13 and value_at(store, 1) == 11
    assert value_at(store, as_of=RECEIVED + timedelta(6)) == 12
    assert value_at(store, as_of=RECEIVED) == 10
    assert known(store, RECEIVED - timedelta(1)) == {}


def test_a_flag_set_later_is_a_correction_too(store):
    append(store, batch([row(0, "10")]), RECEIVED)
    append(store, batch([row(0, "10", flag="rejected", flagged_by="station")]), RECEIVED + timedelta(1))
    assert list(known(store).values()) == [(Decimal(10), "rejected")]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row(), row()], "2 次"), ([row(medium="cheese")], "cheese"), ([row(flag="odd")], "odd"), ([row(site=None)], "site"),
        ([row(period="week")], "week"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_row_is_refused_whole(store, rows, words):
    try:
        table = batch(rows)
    except (TypeError, ValueError):
        pytest.skip("Arrow itself refuses it")
    with pytest.raises(NotAccepted) as told:
        append(store, table, RECEIVED)
    assert words in told.value.zh and told.value.en
    assert store.snapshot().version == -1


@pytest.mark.parametrize("value", ["10000000", "-10000000"])
def test_a_value_of_air_that_cannot_be_is_refused(store, value):
    with pytest.raises(NotAccepted, match="不可能") as told:
        append(store, batch([row(0, "9999999"), row(1, value)]), RECEIVED)
    assert f"{value}.000000 cannot be; it should be below 10000000" in told.value.en
    append(store, batch([row(0, value) | {"medium": "water"}]), RECEIVED)


def test_a_value_with_more_decimals_than_are_kept_is_refused(store):
    table = batch([row()]).set_column(5, "value", [["0.12345678"]])
    with pytest.raises(NotAccepted, match="类型"):
        append(store, table, RECEIVED)


def test_a_correction_is_received_after_what_it_corrects_whatever_the_clocks_say(store):
    append(store, batch([row(0, "10")]), RECEIVED)
    append(store, batch([row(0, "12")]), RECEIVED - timedelta(3))
    assert (
        value_at(store) == 12 and value_at(store, as_of=RECEIVED) == 10 and known(store, RECEIVED - timedelta(1)) == {}
    )


appends = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["1", "2", None])), max_size=5, unique_by=lambda one: one[0]),
        st.booleans(),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=15)
@given(appends)
def test_a_read_equals_what_was_known_then_settled_or_not(tmp_path_factory, batches):
    store, book, states = Store(tmp_path_factory.mktemp("s") / "o"), {}, []
    for day, (rows, settled) in enumerate(batches):
        at = RECEIVED + timedelta(day)
        append(store, batch([row(hour, value) for hour, value in rows]), at)
        book |= {
            ("S1", "PM25", row(hour)["time"]): (value and Decimal(value), "" if value else "missing")
            for hour, value in rows
        }
        states.append((at, dict(book)))
        if settled:
            settle(store)
    for at, state in states:
        assert known(store, at) == known(store, at + timedelta(hours=5)) == state
    assert known(store) == book and known(store, RECEIVED - timedelta(1)) == {}


WRITER = """
import sys
from qingshan.observations.appending import append
from qingshan.observations.store import Store
from tests.observations.sample import RECEIVED, batch, row
who, place = sys.argv[1:]
for turn in range(6):
    append(Store(place), batch([row(turn, who), row(100 + turn, "7", site=who)]), RECEIVED)
"""


def test_writers_in_several_processes_lose_nothing_and_double_nothing(store):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(n), store.place], stderr=subprocess.PIPE) for n in range(3)
    ]
    for one in writers:
        assert one.wait(100) == 0, one.stderr.read().decode()
        one.stderr.close()
    found = known(store)
    assert len(found) == 6 + 3 * 6
    rows = lying(store)
    firsts = [(one["site"], one["time"]) for one in rows if not one["correction"]]
    assert len(firsts) == len(set(firsts)) == 24


def test_a_store_that_was_never_written_is_empty(store):
    assert known(store) == {} and store.snapshot().files() == [] and settle(store) == 0 and store.vacuum() == []


def test_reads_are_bounded_by_time(store):
    append(store, batch([row(0), row(24), row(24 * 400)]), RECEIVED)
    with engines.engine("duckdb") as connection:
        found = engines.observations(
            connection, store, medium="air", since=row(0)["time"], until=row(24)["time"]
        ).to_pyarrow()
    assert found.num_rows == 1


def test_files_that_cannot_hold_an_hour_are_not_looked_into(store):
    for hour in (0, 24):
        append(store, batch([row(hour), row(hour + 2)]), RECEIVED)
    snapshot, times = store.snapshot(), [row(hour)["time"] for hour in (3, 23, 2, 25)]
    assert snapshot.files("air", times[0], times[1]) == []
    assert len(snapshot.files("air", times[2], times[3])) == 2 and len(snapshot.files("air", until=times[1])) == 1
    assert snapshot.files("water") == [] and snapshot.years("air") == [2025]


def test_an_engine_that_is_not_known_is_told():
    with pytest.raises(engines.UnknownEngine, match="abacus.*duckdb"), engines.engine("abacus"):
        pass


def test_instants_of_any_zone_are_understood(store):
    from zoneinfo import ZoneInfo

    append(store, batch([row(0)]), RECEIVED.astimezone(ZoneInfo("Asia/Shanghai")))
    assert len(known(store, RECEIVED.astimezone(UTC))) == 1
