"""Hours put side by side straight from the files are those that the expression over the rows finds."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from qingshan.observations import dense, engines
from qingshan.observations.appending import append
from qingshan.observations.assess import air
from qingshan.observations.assess.exact import MARK
from qingshan.observations.settling import settle
from qingshan.observations.store import Store

from .sample import RECEIVED, START, batch, row

FLAGS = ("", "", "", "", "spike", "calibration", "missing")
SITES, ITEMS, HOURS = ("S1", "S2", "海淀"), ("SO2", "CO", "O3"), 24 * 9
LATER = timedelta(1)


def measured(site: str, item: str, hour: int, chance: random.Random) -> dict:
    flag, value = chance.choice(FLAGS), Decimal(chance.randrange(-3000, 400000)) / chance.choice((1, 1000, 1000, 10000))
    return row(hour, None if flag == "missing" else str(value), site=site, item=item, flag=flag)


def others() -> list[dict]:
    """Rows that have no part in it."""
    return [
        row(3, period="day", item="SO2"),
        row(5, item="NOx"),
        row(7, medium="rain", item="rain"),
        row(8, item="SO2", site="S9"),
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """Long series and single hours, rows of two receipts, settled corrections and loose ones of these; values with up to four decimals."""
    chance, kept = random.Random(3), Store(tmp_path_factory.mktemp("dense") / "observations")
    rows = [measured(site, item, hour, chance) for site in SITES for item in ITEMS for hour in range(HOURS)]
    there = [one for one in rows if chance.random() > 0.02]
    append(kept, batch(there[::2] + others()), RECEIVED)
    append(kept, batch(there[1::2]), RECEIVED + LATER)
    append(kept, batch(long_series(chance)), RECEIVED + LATER)
    for turn in (2, 3):
        mended = [
            measured(one["site"], one["item"], (one["time"] - START) // timedelta(hours=1), chance)
            for one in chance.sample(there, 90)
        ]
        append(kept, batch(mended), RECEIVED + turn * LATER)
        if turn == 2:
            settle(kept)
    return kept


def long_series(chance: random.Random) -> list[dict]:
    """A month of hours one after another, and one with a gap."""
    return [
        measured(site, "O3", hour, chance)
        for site in ("L1", "L2")
        for hour in range(24 * 30)
        if site == "L1" or hour // 50 != 3
    ]


def found(store: Store, by_files: bool, **asked) -> list[dict]:
    with engines.engine("duckdb") as connection:
        if by_files:
            put = engines.side_by_side(connection, store, medium="air", items=air.GASES_AND_DUST, mark=MARK, **asked)
            return sorted((one for one in put.to_pylist() if any(one[f"h{hour}"] for hour in range(24))), key=str)
        rows = air.side_by_side(engines.observations(connection, store, medium="air", **asked))
        return sorted(connection.to_pyarrow(rows).to_pylist(), key=str)


SPANS = [(None, None), (START + timedelta(days=2, hours=5, minutes=30), START + timedelta(days=6, hours=7))]


@pytest.mark.parametrize(("since", "until"), SPANS)
@pytest.mark.parametrize("after", [None, -1, 0, 1, 2, 3])
def test_hours_from_the_files_are_those_of_the_rows(store, since, until, after):
    asked = {"since": since, "until": until, "as_of": None if after is None else RECEIVED + after * LATER}
    whole = found(store, False, **asked)
    assert found(store, True, **asked) == whole
    assert (len(whole) > 20) == (after != -1)


def test_a_site_whose_rows_were_all_replaced_has_its_hours_then(tmp_path):
    other, hours = Store(tmp_path / "other"), range(5)
    append(other, batch([row(hour, "1", site=site, item="O3") for site in ("S1", "S2") for hour in hours]), RECEIVED)
    append(other, batch([row(hour, "2", site="S2", item="O3") for hour in hours]), RECEIVED + LATER)
    settle(other)
    then = found(other, True, as_of=RECEIVED)
    assert then == found(other, False, as_of=RECEIVED) and {one["site"] for one in then} == {"S1", "S2"}


def test_files_that_were_merged_hold_the_same_hours(tmp_path, store):
    other = Store(tmp_path / "other")
    with engines.engine("duckdb") as connection:
        rows = connection.to_pyarrow(
            engines.stored(connection, store, store.snapshot(), files=store.snapshot().files())
        )
    other.commit(rows, other.snapshot())
    settle(other)
    assert found(other, True) == found(store, True) == found(other, False)


def test_an_hour_that_begins_between_hours_is_left_to_the_expression(tmp_path):
    odd = Store(tmp_path / "odd")
    append(odd, batch([row(n) for n in range(200)] + [row(time=START + timedelta(minutes=30))]), RECEIVED)
    with engines.engine("duckdb") as connection:
        assert engines.side_by_side(connection, odd, medium="air", items=("PM25",), mark=MARK) is None
        days = connection.to_pyarrow(air.of_store(connection, odd)).to_pylist()
    assert len(days) == 9 and days[0]["site"] == "S1"


def test_too_many_places_are_left_to_the_expression(store, monkeypatch):
    monkeypatch.setattr(dense, "ROOM", 1000)
    with engines.engine("duckdb") as connection:
        assert engines.side_by_side(connection, store, medium="air", items=("O3",), mark=MARK) is None


def test_a_store_without_rows_has_no_hours(tmp_path: Path):
    with engines.engine("duckdb") as connection:
        assert connection.to_pyarrow(air.of_store(connection, Store(tmp_path / "none"))).num_rows == 0


def test_a_span_without_rows_has_no_hours(store):
    with engines.engine("duckdb") as connection:
        asked = {"since": datetime(2031, 1, 1), "until": datetime(2031, 2, 1)}  # noqa: DTZ001 local time
        assert connection.to_pyarrow(air.of_store(connection, store, **asked)).num_rows == 0
