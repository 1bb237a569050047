"""Hours of many sites side by side in one array: each value is put where its site, item and hour belong.

An engine has to find the group of every row by its words; here they are looked up once for each dictionary of a file, and what
remains is arithmetic. A loose correction is put where the settled row was, so that nothing is searched for; rows that were
replaced lie in files that are not opened unless it is asked what was known then. `engines.fields` reads the files; on engines and
storage where that cannot be, the expression `side_by_side` gives the same hours, and the tests prove both equal.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ibis import _

from .rows import USABLE

WORDS = ("site", "item", "period", "flag")
TAKEN = (*WORDS, "time", "value")
KNOWN = ("received_at", "replaced_at")
NEVER = 2**62  # µs, when a row is replaced of which no later one is known
HOUR, HOURS = 3_600_000_000, 24  # µs
AT_ONCE, MANY = 1 << 16, 1 << 20  # rows that stay in the processor's cache; rows of which only the words are looked at
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 local time of the stations
SCALE = 1000  # of the third decimal; an hourly value of air has no more
FINE = 1000  # of a value's last decimal, in thousandths
LONG = 64  # rows of one site and item on end, from which on they are put together
ROOM = 2**28  # hours at once, 1 GB
NOWHERE = -(2**60)  # of a word that has no place; three of them still fit
# A value carries a count of 1 above it, so that one sum over hours tells how many there were and their sum. Such a sum of a day
# keeps both apart for values below the second number [thousandths]; the last kind holds all that `rows.BEYOND` lets in.
NARROW, WIDE = ("int32", 2**30, 2**24), ("int64", 2**42, 2**36)


class Field:
    """The usable hours of sites and items over whole days: `cells` [site, item, hour], each in thousandths and `mark`; 0 where none is.

    Taken are rows that begin from `since` to `until`; an hour that begins between two hours counts for that in which it begins.
    `more`: whether other sites of the same days follow.
    """

    def __init__(
        self, sites: Sequence[str], items: Sequence[str], since: datetime, until: datetime, more: bool = False
    ):
        self.sites, self.items, self.more = list(sites), list(items), more
        self.first = since.date()
        self.days = -(-(until - datetime.combine(self.first, datetime.min.time())) // timedelta(1))
        self.begins = microseconds(datetime.combine(self.first, datetime.min.time()))
        self.since, self.until = microseconds(since) - self.begins, microseconds(until) - self.begins
        self.cells = np.zeros((len(self.sites), len(self.items), self.days * HOURS), NARROW[0])
        self.mark, self.far = NARROW[1:]
        steps = self.days * HOURS, self.days * HOURS * len(self.items)
        self.of = {
            "site": {site: place * steps[1] for place, site in enumerate(self.sites)},
            "item": {item: place * steps[0] for place, item in enumerate(self.items)}, "period": {"hour": 0},
        }  # fmt: skip
        self.known: dict[str, tuple] = {}

    @property
    def by_day(self) -> np.ndarray:
        """The hours as [site, item, day, hour of the day]."""
        return self.cells.reshape(len(self.sites), len(self.items), self.days, HOURS)

    def put(self, rows: pa.RecordBatch, known_by: int | None = None) -> None:
        """Rows of hours to their places, also those that are not usable: they empty them. `known_by`: of those only
        that counted at this instant [µs]."""
        if known_by is not None:
            replaced = pc.fill_null(rows["replaced_at"].view(pa.int64()), NEVER).to_numpy()
            rows = rows.filter(pa.array((_whole(rows["received_at"]) <= known_by) & (replaced > known_by)))
        if not rows.num_rows:
            return
        time, values = _whole(rows["time"]), self._values(rows)
        named = [(rows[name], name, of) for name, of in self.of.items() if name in rows.schema.names]
        places = [(self._numbers(*one), _codes(one[0])) for one in named]
        several = [codes[1:] != codes[:-1] for numbers, codes in places if len(numbers) > 1]
        starts = np.flatnonzero(reduce(or_, several, time[1:] - time[:-1] != HOUR)) + 1
        if len(starts) * LONG > rows.num_rows:
            self._scattered(sum(numbers[codes] for numbers, codes in places), time - self.begins, values)
            return
        starts = [0, *starts.tolist()]
        for start, end in zip(starts, [*starts[1:], rows.num_rows], strict=True):
            place = sum(int(numbers[codes[start]]) for numbers, codes in places)
            self._run(place, int(time[start]) - self.begins, values[start:end])

    def put_days(self, days: pa.Table) -> None:
        """Days as `side_by_side` has them."""
        known = {"site": self.sites, "item": self.items}
        site, item = (pc.index_in(days[name], pa.array(one, pa.string())).to_numpy() for name, one in known.items())
        day = days["day"].cast(pa.int32()).to_numpy() - self.begins // (HOURS * HOUR)
        hours = np.stack([pc.fill_null(days[f"h{hour}"], NEVER).to_numpy() for hour in range(HOURS)], axis=1)
        # Before the places, which may be widened by it.
        found = self._marked(hours, np.nonzero(hours == NEVER))
        self.by_day[site, item, day] = found

    def _run(self, place: int, since: int, values: np.ndarray) -> None:
        """Rows of one site and item, hour after hour."""
        hour, rest = divmod(since, HOUR)
        first = max(hour, -((rest - self.since) // HOUR))
        end = min(hour + len(values), -((rest - self.until) // HOUR))
        if place >= 0 and first < end:
            self.cells.reshape(-1)[place + first : place + end] = values[first - hour : end - hour]

    def _scattered(self, place: np.ndarray, since: np.ndarray, values: np.ndarray) -> None:
        here = (place >= 0) & (since >= self.since) & (since < self.until)
        self.cells.reshape(-1)[place[here] + since[here] // HOUR] = values[here]

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
        values = np.frombuffer(column.buffers()[1], "int64")[2 * column.offset :: 2][: len(column)] + FINE // 2
        low, high = values.min(), values.max()
        if low < FINE // 2:
            values[values < FINE // 2] -= 1
        if max(high, -low) < 2**31:
            values = values.astype("int32")  # which are divided in a third of the time
        values //= FINE
        return self._marked(values, np.flatnonzero(self._lacking(rows)))

    def _lacking(self, rows: pa.RecordBatch) -> np.ndarray:
        """Whether there is no usable value."""
        flags = self._numbers(rows["flag"], "flag", dict.fromkeys(USABLE, 1))
        codes, column = _codes(rows["flag"]), rows["value"]
        found = [codes == word for word, usable in enumerate(flags) if usable < 0]
        if column.null_count:
            there = np.unpackbits(np.frombuffer(column.buffers()[0], "uint8"), bitorder="little")
            found.append(there[column.offset : column.offset + len(column)] == 0)
        return reduce(or_, found, np.zeros(len(column), bool))

    def _marked(self, values: np.ndarray, lacking: np.ndarray | tuple) -> np.ndarray:
        """Values with their mark, 0 at the places where one is lacking (it may be anything before)."""
        values[lacking] = 0
        if self.far < WIDE[2] and len(values) and max(values.max(), -values.min()) >= self.far:
            self._widen()
        found = values.astype(self.cells.dtype, copy=False)
        found += self.mark
        found[lacking] = 0
        return found

    def _widen(self) -> None:
        """Make room for values that no day of these stations has as a rule."""
        before, (kind, self.mark, self.far) = self.mark, WIDE
        self.cells = self.cells.astype(kind)
        self.cells[self.cells > 0] += self.mark - before


def of_table(rows: pa.Table, items: Sequence[str], lead: int = 0) -> Iterator[Field]:
    """Rows at hand, year by year, each with `lead` days before it."""
    words = {name: rows.schema.get_field_index(name) for name in WORDS}
    for name, place in words.items():
        rows = rows.set_column(place, name, rows[name].cast(pa.string()))
    hourly = rows.filter((pc.field("period") == "hour") & pc.field("item").isin(list(items))).select(list(TAKEN))
    sites = sorted(pc.unique(hourly["site"]).to_pylist())
    for year in sorted(pc.unique(pc.year(hourly["time"])).to_pylist()):
        begin, end = datetime(year, 1, 1) - timedelta(lead), datetime(year + 1, 1, 1)  # noqa: DTZ001 local time of the stations
        field = Field(sites, items, begin, end)
        for some in hourly.filter((pc.field("time") >= begin) & (pc.field("time") < end)).to_batches(AT_ONCE):
            field.put(in_words(some))
        yield field


def side_by_side(rows: ibis.Table, items: Sequence[str]) -> ibis.Table:
    """The usable hours of a day of a site and item in one row: site, item, day, h0 … h23 in thousandths, null where there is none.

    Words are looked for in arrays, which DuckDB does once for each word of a file's dictionary, not once for each row.
    """
    kept = rows.filter(_.period == "hour", _.value.notnull())
    kept = kept.filter(ibis.array(list(items)).contains(kept.item), ibis.array(list(USABLE)).contains(kept.flag))
    told = kept.select("site", "item", day=_.time.date(), hour=_.time.hour(), v=(_.value * SCALE).cast("int64"))
    cells = {f"h{hour}": told.v.max(where=told.hour == hour) for hour in range(HOURS)}
    return told.group_by("site", "item", "day").aggregate(**cells)


def _codes(column: pa.DictionaryArray) -> np.ndarray:
    return column.indices.to_numpy()


def _whole(column: pa.Array) -> np.ndarray:
    return column.view(pa.int64()).to_numpy()


def batches(
    file: str, columns: Sequence[str], sites: Sequence[str] | None = None, at_once: int = AT_ONCE
) -> Iterator[pa.RecordBatch]:
    """Rows of a file as they lie in it, words by their number in its dictionary; of `sites` at least theirs. The period is left out
    where the file noted that it holds hours alone."""
    with pq.ParquetFile(file, read_dictionary=list(WORDS)) as opened:

        def told(group: int, column: str) -> pq.Statistics | None:
            return opened.metadata.row_group(group).column(opened.schema_arrow.get_field_index(column)).statistics

        groups = range(opened.num_row_groups)
        if sites is not None:
            groups = [n for n in groups if _holds(told(n, "site"), sites)]
        if all(_hours_alone(told(n, "period")) for n in groups):
            columns = [one for one in columns if one != "period"]
        # Batches are so small that handing them to threads costs more than it saves.
        for rows in opened.iter_batches(at_once, row_groups=list(groups), columns=list(columns), use_threads=False):
            yield in_words(rows)


def _holds(told: pq.Statistics | None, words: Sequence[str]) -> bool:
    """Whether a column may hold one of these words, by the first and the last that its file noted."""
    return told is None or not told.has_min_max or any(told.min <= word <= told.max for word in words)


def _hours_alone(told: pq.Statistics | None) -> bool:
    return told is not None and told.has_min_max and told.null_count == 0 and told.min == told.max == "hour"


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
        for rows in batches(file, ["site"], at_once=MANY):
            words = rows["site"].dictionary
            if before is None or not words.equals(before):
                found.update(words.to_pylist())
                before = words
    return sorted(found)


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)
