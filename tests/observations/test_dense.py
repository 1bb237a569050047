"""Hours put side by side straight from the files are those that the expression over the rows finds."""

import random
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingshan.observations import dense, engines
from qingshan.observations.appending import append
from qingshan.observations.assess import air
from qingshan.observations.settling import settle
from qingshan.observations.store import Store

from .sample import RECEIVED, START, batch, row

FLAGS = ("", "", "", "", "spike", "calibration", "missing")
SITES, ITEMS, HOURS = ("S1", "S2", "海淀"), ("SO2", "CO", "O3"), 24 * 9
LATER = timedelta(1)
YEAR, NEXT = datetime(2025, 1, 1), datetime(2026, 1, 1)  # noqa: DTZ001 local time of the stations


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


def told(fields) -> list[tuple]:
    """Site, item, hour and value of each hour that is there."""
    return sorted(
        (field.sites[site], field.items[item], datetime.combine(field.first, time()) + timedelta(hours=hour), int(field.cells[site, item, hour]) - field.mark)
        for field in fields
        for site, item, hour in zip(*(one.tolist() for one in np.nonzero(field.cells)), strict=True)
    )  # fmt: skip


def from_files(store: Store, **asked) -> list[tuple]:
    return told(engines.fields(store, medium="air", items=air.GASES_AND_DUST, **asked))


def by_expression(store: Store, since=None, until=None, **asked) -> list[tuple]:
    with engines.engine("duckdb") as connection:
        rows = engines.observations(connection, store, medium="air", since=since, until=until, **asked)
        days = connection.to_pyarrow(dense.side_by_side(rows, air.GASES_AND_DUST))
    field = dense.Field(sorted(set(days["site"].to_pylist())), air.GASES_AND_DUST, since or YEAR, until or NEXT)
    field.put_days(days)
    return told([field])


SPANS = [(None, None), (START + timedelta(days=2, hours=5, minutes=30), START + timedelta(days=6, hours=7))]


@pytest.mark.parametrize(("since", "until"), SPANS)
@pytest.mark.parametrize("after", [None, -1, 0, 1, 2, 3])
def test_hours_from_the_files_are_those_of_the_rows(store, since, until, after):
    asked = {"since": since, "until": until, "as_of": None if after is None else RECEIVED + after * LATER}
    whole = by_expression(store, **asked)
    assert from_files(store, **asked) == whole
    assert (len(whole) > 200) == (after != -1)


def test_hours_of_some_sites_are_theirs(store, monkeypatch):
    whole = from_files(store)
    assert from_files(store, sites=["海淀", "none"]) == [one for one in whole if one[0] == "海淀"]
    monkeypatch.setattr(dense, "ROOM", 1)  # each site by itself
    assert from_files(store) == whole


def test_a_file_is_asked_only_for_the_groups_of_rows_that_may_hold_a_site(tmp_path):
    words = dict.fromkeys(("item", "period", "flag"), [""] * 8)
    rows = pa.table({"site": ["a"] * 4 + ["c"] * 4, "n": range(8)} | words)
    pq.write_table(rows, tmp_path / "x.parquet", row_group_size=4)
    read = {site: [row for some in dense.batches(str(tmp_path / "x.parquet"), ["n"], [site]) for row in some["n"].to_pylist()]
            for site in "abc"}  # fmt: skip
    assert read == {"a": [0, 1, 2, 3], "b": [], "c": [4, 5, 6, 7]}


@pytest.mark.parametrize(
    ("periods", "left_out"),
    [(["hour"] * 2, True), (["hour", "day"], False), (["day"] * 2, False), (["hour", None], False)],
)
def test_the_period_is_read_where_a_file_may_hold_others_than_hours(tmp_path, periods, left_out):
    words = dict.fromkeys(("site", "item", "flag"), ["a"] * 2)
    pq.write_table(pa.table({"period": pa.array(periods, pa.string())} | words), tmp_path / "x.parquet")
    (rows,) = dense.batches(str(tmp_path / "x.parquet"), dense.WORDS)
    assert ("period" not in rows.schema.names) is left_out and rows.num_rows == 2


def test_the_days_before_a_year_are_its_lead(tmp_path):
    kept = Store(tmp_path / "lead")
    append(kept, batch([row(n) for n in range(-30, 3)]), RECEIVED)
    early, late = engines.fields(kept, medium="air", items=("PM25",), lead=1)
    assert (late.first, len(told([late])), len(told([early]))) == (date(2024, 12, 31), 27, 30)


def test_a_site_whose_rows_were_all_replaced_has_its_hours_then(tmp_path):
    other, hours = Store(tmp_path / "other"), range(5)
    append(other, batch([row(hour, "1", site=site, item="O3") for site in ("S1", "S2") for hour in hours]), RECEIVED)
    append(other, batch([row(hour, "2", site="S2", item="O3") for hour in hours]), RECEIVED + LATER)
    settle(other)
    then = from_files(other, as_of=RECEIVED)
    assert then == by_expression(other, as_of=RECEIVED) and {one[0] for one in then} == {"S1", "S2"}


def test_files_that_were_merged_hold_the_same_hours(tmp_path, store):
    other = Store(tmp_path / "other")
    with engines.engine("duckdb") as connection:
        rows = connection.to_pyarrow(
            engines.stored(connection, store, store.snapshot(), files=store.snapshot().files())
        )
    other.commit(rows, other.snapshot())
    settle(other)
    assert from_files(other) == from_files(store) == by_expression(other)


HISTORIES = st.lists(
    st.tuples(st.lists(st.integers(0, 5), min_size=1, unique=True), st.booleans()), min_size=1, max_size=4
)


@given(HISTORIES, st.integers(-1, 4), st.sampled_from([timedelta(0), timedelta(microseconds=-1), timedelta(hours=12)]))
@settings(max_examples=12)
def test_at_any_instant_of_any_history_the_hours_are_those_known_then(history, day, aside):
    as_of, rows = RECEIVED + day * LATER + aside, {}
    with TemporaryDirectory() as folder:
        kept = Store(folder)
        for n, (hours, settles) in enumerate(history):
            append(kept, batch([row(hour, str(n)) for hour in hours]), RECEIVED + n * LATER)
            if RECEIVED + n * LATER <= as_of:
                rows |= {("S1", "PM25", START + timedelta(hours=hour)): n * dense.SCALE for hour in hours}
            if settles:
                settle(kept)
        expected = sorted((*key, value) for key, value in rows.items())
        assert from_files(kept, as_of=as_of) == by_expression(kept, as_of=as_of) == expected


def test_rows_at_hand_have_the_hours_of_the_store(store):
    with engines.engine("duckdb") as connection:
        rows = connection.to_pyarrow(engines.observations(connection, store, medium="air"))
    assert told(dense.of_table(rows, air.GASES_AND_DUST)) == from_files(store)


def test_an_hour_that_begins_between_hours_counts_for_the_one_it_begins_in(tmp_path):
    odd = Store(tmp_path / "odd")
    at = START + timedelta(hours=200, minutes=30)
    append(odd, batch([row(n) for n in range(200)] + [row(time=at, value="7")]), RECEIVED)
    found = from_files(odd)
    assert len(found) == 201 and found[-1][-1] == 7000 and found == by_expression(odd)
    assert len(from_files(odd, since=at)) == 1 and from_files(odd, since=at + timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    "value", ["16777.215", "16777.216", "-16777.216", "9999999.999", "-9999999.999", "0", "-0.0005"]
)
def test_a_value_however_large_is_exact_beside_usual_ones(tmp_path, value):
    far = Store(tmp_path / "far")
    append(far, batch([row(n) for n in range(100)] + [row(100, value)] + [row(n) for n in range(101, 200)]), RECEIVED)
    found = from_files(far)
    assert found == by_expression(far) and found[100][-1] == int(round_half_away(Decimal(value) * 1000))


def round_half_away(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def test_what_is_not_usable_needs_no_room(store, tmp_path):
    kept = Store(tmp_path / "kept")
    append(kept, batch([row(0), row(1, "9999999", flag="fault")]), RECEIVED)
    (field,) = engines.fields(kept, medium="air", items=("PM25",))
    assert field.cells.dtype == "int32" and len(told([field])) == 1


def test_a_store_or_a_span_without_rows_has_no_hours(tmp_path, store):
    assert from_files(Store(tmp_path / "none")) == []
    assert from_files(store, since=datetime(2031, 1, 1), until=datetime(2031, 2, 1)) == []  # noqa: DTZ001 local time
