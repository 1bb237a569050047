"""What metrics count: the rows of a selection on a day, their sums, when they fell due, and a fingerprint of them."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from qingshan.plan.models import Programme

from ..models import Revision
from ..schema import Column, Definition
from ..selections import Selection
from .rows import Kept, Scaled, matching, revisions_as_of


def selected(
    programme: Programme, definition: Definition, one: Selection, as_of: date, cutoff: datetime, on: date | None = None
) -> QuerySet[Revision]:
    """The rows behind a figure: those of the selection on the day `on`, known on `as_of` and recorded by `cutoff`."""
    rows = matching(revisions_as_of(programme, one.register, as_of, cutoff, on), definition, one.where)
    return rows.filter(state__in=one.states) if one.states else rows


class Due(NamedTuple):
    """A row that counts from a day on: what it is called, when it should and did, and for how much."""

    key: str
    planned_on: date | None
    done_on: date | None
    value: Decimal
    source: str
    known_on: date
    origin: str


def dues(programme: Programme, definition: Definition, one: Selection, as_of: date, cutoff: datetime) -> list[Due]:
    """Every row that meets the filter, done where it is in one of the selection's states, in order of keys."""
    rows = matching(revisions_as_of(programme, one.register, as_of, cutoff), definition, one.where)
    told = rows.order_by("entry__key").values_list(
        "entry__key", "data", "state", "reached", "source", "known_on", "origin"
    )
    return [
        Due(
            key, _day(data.get(one.planned or definition.planned)), _done(one, data, state, reached, as_of),
            Decimal(str(data.get(one.total) or 0)) if one.total else Decimal(1), source, known_on, origin,
        )
        for key, data, state, reached, source, known_on, origin in told.iterator(chunk_size=5000)
    ]  # fmt: skip


def _done(one: Selection, data: dict, state: str, reached: dict, as_of: date) -> date | None:
    if one.states and state not in one.states:
        return None
    days = (
        [data.get(one.done)] if one.done else [day for code, day in reached.items() if code in (one.states or reached)]
    )
    first = _day(min(filter(None, days), default=None))
    return first if first and first <= as_of else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Amount(NamedTuple):
    """What a selection came to in a period: 2025-Q3, 2025-07, 2025, or the day itself where it is not a period's end."""

    period: str
    ends: date
    value: Decimal
    rows: int


def amounts(
    programme: Programme, definition: Definition, one: Selection, since: date, as_of: date, cutoff: datetime
) -> list[Amount]:
    """The selection at the end of every whole period from `since` on, and on the day the register was last renewed; or its
    flows, of whole periods only.

    A stock is not said to stand on a day of which nobody has told yet: a register left alone grows old, and what is made
    of it does. A day on which the register had no row yet gives nothing.
    """
    if one.on:
        return _flows(programme, definition, one, since, as_of, cutoff)
    column = definition.field.get(one.total)
    last = renewed(programme, one.register, as_of, cutoff) or as_of
    stand = []
    for period, _, ends in [*periods(one.every, since, last), (last.isoformat(), last, last)]:
        if stand and stand[-1].ends == ends:
            continue
        value, count = _total_and_count(selected(programme, definition, one, as_of, cutoff, ends), column)
        if count or revisions_as_of(programme, one.register, as_of, cutoff, ends).exists():
            stand.append(Amount(period, ends, value, count))
    return stand


def _flows(
    programme: Programme, definition: Definition, one: Selection, since: date, as_of: date, cutoff: datetime
) -> list[Amount]:
    rows = selected(programme, definition, one, as_of, cutoff)
    day, column = definition.field[one.on], definition.field.get(one.total)
    found = []
    for period, starts, ends in periods("year" if day.type == "year" else one.every, since, as_of):
        low, high = (starts.year, ends.year) if day.type == "year" else (starts.isoformat(), ends.isoformat())
        part = rows.filter(GreaterThanOrEqual(Kept(day), low), LessThanOrEqual(Kept(day), high))
        value, count = _total_and_count(part, column)
        if count:
            found.append(Amount(period, ends, value, count))
    return found


MONTHS = {"month": 1, "quarter": 3, "year": 12}


def periods(every: str, since: date, as_of: date) -> Iterator[tuple[str, date, date]]:
    """Name, first and last day of each whole calendar period that begins on or after `since`'s and ends by `as_of`."""
    step = MONTHS[every]
    place = since.year * 12 + (since.month - 1) // step * step
    while True:
        starts = date(place // 12, place % 12 + 1, 1)
        ends = date((place + step) // 12, (place + step) % 12 + 1, 1) - timedelta(days=1)
        if ends > as_of:
            return
        name = {1: f"{starts:%Y-%m}", 3: f"{starts.year}-Q{starts.month // 3 + 1}", 12: f"{starts.year}"}[step]
        yield name, starts, ends
        place += step


class Seen(NamedTuple):
    """What was read for a metric: how many rows, a SHA-256 [hex] over them, their newest day known and their origins."""

    rows: int
    digest: str
    known_on: date | None
    origins: tuple[str, ...]


def seen(programme: Programme, definition: Definition, one: Selection, as_of: date, cutoff: datetime) -> Seen:
    """A fingerprint of the selection's rows, read as a stream."""
    rows = selected(programme, definition, one, as_of, cutoff).order_by("entry__key")
    digest, count, newest, origins = hashlib.sha256(), 0, None, set()
    told = rows.values_list("entry__key", "number", "state", "effective_on", "known_on", "origin")
    for row in told.iterator(chunk_size=5000):
        digest.update("|".join(map(str, row)).encode() + b"\n")
        count, newest = count + 1, max(newest or row[4], row[4])
        origins.add(row[5])
    return Seen(count, digest.hexdigest(), newest, tuple(sorted(origins)))


def origins(programme: Programme, definition: Definition, one: Selection, as_of: date, cutoff: datetime) -> set[str]:
    """Where the rows come from that the selection chooses among."""
    rows = matching(revisions_as_of(programme, one.register, as_of, cutoff), definition, one.where)
    return set(rows.order_by().values_list("origin", flat=True).distinct())


def _told(programme: Programme, register: str, as_of: date, cutoff: datetime) -> QuerySet[Revision]:
    return Revision.objects.filter(programme=programme, register=register, known_on__lte=as_of, recorded_at__lte=cutoff)


def begins(programme: Programme, register: str, as_of: date, cutoff: datetime) -> date | None:
    """The first day on which the register had a row."""
    return _told(programme, register, as_of, cutoff).aggregate(first=Min("effective_on"))["first"]


def renewed(programme: Programme, register: str, as_of: date, cutoff: datetime) -> date | None:
    """The last day, up to `as_of`, on which something of the register became known."""
    return _told(programme, register, as_of, cutoff).aggregate(last=Max("known_on"))["last"]


def total(rows: QuerySet, column: Column | None) -> Decimal:
    """Sum of a numeric field over the rows, exact; the number of rows without a field."""
    return _total_and_count(rows, column)[0]


def _total_and_count(rows: QuerySet, column: Column | None) -> tuple[Decimal, int]:
    """`total`, and how many rows there are, asked in one question."""
    if column is None:
        count = rows.count()
        return Decimal(count), count
    found = rows.order_by().aggregate(count=Count("*"), whole=Sum(Scaled(column)))
    places = column.decimals if column.type == "decimal" else 0
    return Decimal(found["whole"] or 0).scaleb(-places), found["count"]


def totals_by(rows: QuerySet, definition: Definition, by: str, of: str) -> dict:
    """Sum of the field `of` for each value of the field `by`, exact; what has no amount adds nothing."""
    column = definition.field[of]
    told = (
        rows.order_by().annotate(value=Kept(definition.field[by])).values_list("value").annotate(n=Sum(Scaled(column)))
    )
    places = column.decimals if column.type == "decimal" else 0
    return {value: Decimal(n or 0).scaleb(-places) for value, n in told}
