import re
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from click.testing import CliRunner
from deltalake import write_deltalake

from qingshan.observations.appending import append
from qingshan.observations.assess.commands import assess
from qingshan.observations.commands import observations
from qingshan.observations.settling import settle
from qingshan.observations.store import OtherShape, Store, naive

from .sample import RECEIVED, batch, row


@pytest.fixture
def earlier(tmp_path) -> str:
    """A store as it was before rows told when they were replaced."""
    place = str(tmp_path / "observations")
    write_deltalake(place, pa.table({"medium": ["air"], "year": [2025], "correction": [False], "site": ["S1"]}))
    return place


def test_a_store_of_other_columns_is_refused(earlier):
    with pytest.raises(OtherShape, match="重新导入.*anew"):
        Store(earlier).snapshot()


def test_commands_tell_in_a_sentence_that_it_cannot_be_read(earlier, tmp_path):
    for group, words in (
        (observations, ["export", "--medium", "air", tmp_path / "out.csv"]), (observations, ["compact"]),
        (observations, ["flag"]), (assess, ["air"]),
    ):  # fmt: skip
        done = CliRunner().invoke(group, [str(word) for word in words] + ["--store", earlier], catch_exceptions=False)
        assert done.exit_code == 2 and "重新导入" in done.output and "anew" in done.output


def test_a_span_opens_no_file_that_begins_where_it_ends(tmp_path):
    kept, year = Store(tmp_path / "observations"), datetime(2026, 1, 1)  # noqa: DTZ001 local time of the stations
    append(kept, batch([row(hour) for hour in (0, 8759, 8760)]), RECEIVED)  # the last one begins the next year
    snapshot = kept.snapshot()
    first, second = sorted(snapshot.files())
    assert snapshot.files(until=year) == [first] and snapshot.files(since=year) == [second]
    assert snapshot.files(until=year + timedelta(microseconds=1)) == snapshot.files()
    assert snapshot.files(as_of=RECEIVED) == snapshot.files()  # an instant counts what was received at it
    assert snapshot.files(as_of=RECEIVED - timedelta(milliseconds=1)) == []


def test_a_file_all_of_whose_rows_counted_at_an_instant_is_told_from_one_of_which_some_did(tmp_path):
    kept, day = Store(tmp_path / "observations"), timedelta(days=1)
    for n, hours in enumerate(((0, 1, 2), (0,), (3,))):  # the second import corrects the first hour
        append(kept, batch([row(hour, str(n)) for hour in hours]), RECEIVED + n * day)
    settle(kept)

    def told(instant) -> dict[str, bool]:
        snapshot = kept.snapshot()
        sure = snapshot.files(as_of=instant, wholly=True)
        return {re.search("standing=([a-z]+)", one).group(1): one in sure for one in snapshot.files(as_of=instant)}

    assert told(None) == {"settled": True, "mended": True, "past": True}
    # The settled hours of the first and of the third import lie in one file. Statistics end with the millisecond.
    assert told(RECEIVED + day / 2) == {"settled": False, "past": True} and not told(RECEIVED)["past"]
    assert told(RECEIVED + 3 * day) == {"settled": True, "mended": True}


def test_an_instant_is_held_in_utc():
    assert naive(datetime(2025, 3, 1, 8, tzinfo=UTC)) == datetime(2025, 3, 1, 8)  # noqa: DTZ001
