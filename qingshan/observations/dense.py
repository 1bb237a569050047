"""Hours side by side, straight from the store's files: each value is put where its site, item and hour belong.

An engine has to find the group of every row by its words; here they are looked up once for each dictionary of a file, and what
remains is arithmetic. A loose correction is put where the settled row was, so that nothing is searched for; rows that were
replaced lie in files that are not opened unless it is asked what was known then. `engines.side_by_side` calls it; what it gives is
what `assess.air.side_by_side` says as an expression, and the tests prove both equal.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .rows import USABLE

WORDS = ("site", "item", "period", "flag")
TAKEN = (*WORDS, "time", "value")
KNOWN = ("received_at", "replaced_at")
NEVER = 2**62  # µs, when a row is replaced of which no later one is known
HOUR, HOURS = 3_600_000_000, 24  # µs
AT_ONCE = 1 << 16  # rows that stay in the processor's cache
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 local time of the stations
FINE = 1000  # of a value's last decimal, in thousandths
LONG = 64  # rows of one site and item on end, from which on they are put together
BATCH = 1 << 17  # days that are handed on at once
ROOM = 2**28  # places, 2 GB
NOWHERE = -(2**60)  # of a word that has no place; three of them still fit


class NoPlace(ValueError):
    """An hourly row begins between two hours, or there would be too many places for the memory."""


class Field:
    """Places for every hour of `sites` and `items` from `since` to `until`; 0: nothing is there. Raises NoPlace for too many."""

    def __init__(self, sites: Sequence[str], items: Sequence[str], since: datetime, until: datetime, mark: int):
        self.sites, self.items, self.mark = list(sites), list(items), mark
        self.first = microseconds(since) // (HOURS * HOUR)
        begin, end = (-(-microseconds(one) // HOUR) - self.first * HOURS for one in (since, until))
        self.hours = range(begin, end)
        self.days = max(0, -(-end // HOURS))
        self.groups = len(self.sites) * len(self.items) * self.days
        if self.groups * HOURS > ROOM:
            raise NoPlace
        self.cells = np.zeros((HOURS, self.groups), "int64")
        self.flat = self.cells.reshape(-1)
        hours = np.arange(self.days * HOURS)
        self.place_of_hour = hours % HOURS * self.groups + hours // HOURS
        self.steps = np.arange(AT_ONCE) * HOUR
        self.of = {
            "site": {site: place * len(self.items) * self.days for place, site in enumerate(self.sites)},
            "item": {item: place * self.days for place, item in enumerate(self.items)}, "period": {"hour": 0},
        }  # fmt: skip
        self.known: dict[str, tuple] = {}

    def put(self, rows: pa.RecordBatch, known_by: int | None = None) -> None:
        """Rows of hours to their places, also those that are not usable: they empty them. `known_by`: of those only
        that counted at this instant [µs].

        Raises NoPlace for a row that begins between two hours.
        """
        if known_by is not None:
            replaced = pc.fill_null(rows["replaced_at"].view(pa.int64()), NEVER).to_numpy()
            rows = rows.filter(pa.array((_whole(rows["received_at"]) <= known_by) & (replaced > known_by)))
        if not rows.num_rows:
            return
        since, values = _whole(rows["time"]) - self.first * HOURS * HOUR, self._values(rows)
        starts = _starts([_codes(rows[name]) for name in self.of])
        gaps = np.flatnonzero(since[1:] - since[:-1] != HOUR) + 1
        if len(starts) * LONG > rows.num_rows:
            places = [self._numbers(rows[name], name, of)[_codes(rows[name])] for name, of in self.of.items()]
            self._scattered(sum(places), since, values)
            return
        if len(gaps) * LONG <= rows.num_rows:
            starts = np.union1d(starts, gaps).tolist()
        for start, end in zip(starts, [*starts[1:], rows.num_rows], strict=True):
            self._run(self._place(rows, start), since[start:end], values[start:end])

    def _place(self, rows: pa.RecordBatch, row: int) -> int:
        """Where the hours of a row's site and item begin; negative where they have no room."""
        places = (self._numbers(rows[name], name, of)[_codes(rows[name])[row]] for name, of in self.of.items())
        return sum(int(place) for place in places)

    def _run(self, place: int, since: np.ndarray, values: np.ndarray) -> None:
        """Rows of one site and item, as a rule hour after hour."""
        first, count = int(since[0]) // HOUR, len(since)
        along = first * HOUR == since[0] and (since[0] + self.steps[:count] == since).all()
        if place >= 0 and along and first in self.hours and first + count - 1 in self.hours:
            self._along(place, first, values)
        else:
            self._scattered(np.full(count, place), since, values)

    def _along(self, place: int, first: int, values: np.ndarray) -> None:
        """Hour after hour: whole days at once, those before and after them one by one."""
        lead = min(-first % HOURS, len(values))
        days = (len(values) - lead) // HOURS
        whole, day = slice(lead, lead + days * HOURS), place + (first + lead) // HOURS
        self.cells[:, day : day + days] = values[whole].reshape(days, HOURS).T
        for part in (slice(0, lead), slice(whole.stop, len(values))):
            self.flat[self.place_of_hour[first:][part] + place] = values[part]

    def _scattered(self, place: np.ndarray, since: np.ndarray, values: np.ndarray) -> None:
        hour = since // HOUR
        if ((hour * HOUR != since) & (place >= 0)).any():
            raise NoPlace
        here = (place >= 0) & (hour >= self.hours.start) & (hour < self.hours.stop)
        self.flat[place[here] + self.place_of_hour[hour[here]]] = values[here]

    def _numbers(self, column: pa.DictionaryArray, name: str, of: dict[str, int]) -> np.ndarray:
        """What the words of a dictionary stand for; a file keeps its dictionary over many batches."""
        words, numbers = self.known.get(name, (None, None))
        if words is None or not words.equals(column.dictionary):
            words = column.dictionary
            numbers = np.array([of.get(word, NOWHERE) for word in words.to_pylist()], "int64")
            self.known[name] = words, numbers
        return numbers

    def _values(self, rows: pa.RecordBatch) -> np.ndarray:
        """Values in whole thousandths (the half away from zero, as both engines cast), marked; 0 where none is usable."""
        column = rows["value"]
        words = np.frombuffer(column.buffers()[1], "int64")[2 * column.offset :: 2][: len(column)]
        if len(words) and words.min() < 0:
            values = np.sign(words) * ((np.abs(words) + FINE // 2) // FINE)
        else:
            values = (words + FINE // 2) // FINE
        values += self.mark
        unusable = [
            word
            for word, there in enumerate(self._numbers(rows["flag"], "flag", dict.fromkeys(USABLE, 1)))
            if there < 0
        ]
        for word in unusable:
            values[np.flatnonzero(_codes(rows["flag"]) == word)] = 0
        if column.null_count:
            there = np.unpackbits(np.frombuffer(column.buffers()[0], "uint8"), bitorder="little")
            values[np.flatnonzero(there[column.offset : column.offset + len(column)] == 0)] = 0
        return values

    def table(self) -> pa.Table:
        """site, item, day, n, v, h0 … h23, those without any hour among them."""
        sites, items, groups = len(self.sites), len(self.items), self.groups
        total = self.cells.sum(axis=0)
        there = (total + self.mark // 2) // self.mark
        site = np.repeat(np.arange(sites, dtype="int32"), len(self.items) * self.days)
        item = np.tile(np.repeat(np.arange(items, dtype="int32"), self.days), sites)
        day = np.tile(np.arange(self.first, self.first + self.days, dtype="int32"), sites * items)
        columns = {
            "site": pa.DictionaryArray.from_arrays(site, pa.array(self.sites, pa.string())),
            "item": pa.DictionaryArray.from_arrays(item, pa.array(self.items, pa.string())),
            "day": pa.array(day).view(pa.date32()), "n": pa.array(there), "v": pa.array(total - there * self.mark),
        }  # fmt: skip
        hours = {
            f"h{hour}": pa.Array.from_buffers(pa.int64(), groups, [None, pa.py_buffer(self.cells[hour])])
            for hour in range(HOURS)
        }
        made = pa.table(columns | hours)
        return pa.Table.from_batches(made.to_batches(BATCH), made.schema)  # which an engine takes on all cores


def _codes(column: pa.DictionaryArray) -> np.ndarray:
    return column.indices.to_numpy()


def _starts(codes: Sequence[np.ndarray]) -> list[int]:
    """Where a row differs from the one before."""
    differs = reduce(or_, (one[1:] != one[:-1] for one in codes))
    return [0, *(np.flatnonzero(differs) + 1).tolist()]


def _whole(column: pa.Array) -> np.ndarray:
    return column.view(pa.int64()).to_numpy()


def batches(file: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Rows of a file as they lie in it, words by their number in its dictionary."""
    with pq.ParquetFile(file, read_dictionary=list(WORDS)) as opened:
        for rows in opened.iter_batches(AT_ONCE, columns=list(columns)):
            yield in_words(rows)


def in_words(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows whose words are numbers of a dictionary."""
    columns = {
        name: column.dictionary_encode() if name in WORDS and not pa.types.is_dictionary(column.type) else column
        for name, column in zip(rows.schema.names, rows.columns, strict=True)
    }
    return pa.record_batch(columns)


def sites_of(files: Sequence[str]) -> list[str]:
    """The sites of files, in order; only the words of each dictionary are looked at."""
    found: set[str] = set()
    for file in files:
        before = None
        for rows in batches(file, ["site"]):
            words = rows["site"].dictionary
            if before is None or not words.equals(before):
                found.update(words.to_pylist())
                before = words
    return sorted(found)


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)
