import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import models
from django.db.models import Count, F, Func, Min, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, IContains, In, IsNull, LessThan, LessThanOrEqual

from qingshan.plan.models import Programme

from .filters import Condition, parse
from .models import Entry, Register, Revision, Tally
from .places import Box, around, holding, inside, metres_between, tiles_over
from .schema import CODE, Column, Definition
from .selections import Selection

NUMERAL = "^-?[0-9]+([.][0-9]+)?$"
NUMBERS = models.DecimalField(max_digits=21, decimal_places=6)
COMPARE = {">": GreaterThan, ">=": GreaterThanOrEqual, "<": LessThan, "<=": LessThanOrEqual, "~": IContains}


class Kept(Func):
    """The value of a field inside a row's JSON, written exactly as the indexes of its register are."""

    def __init__(self, column: Column, source: str = "data"):
        self.column = column
        output = NUMBERS if column.numeric else models.IntegerField() if column.type == "bool" else models.TextField()
        super().__init__(F(source), output_field=output)

    def as_sql(self, compiler, connection, **context):
        inside, parameters = compiler.compile(self.source_expressions[0])
        return inside_json(self.column, inside, connection.vendor), parameters

    def as_sqlite(self, compiler, connection, **context):
        """Without the cast that Django puts around decimals, which no index is made on."""
        return self.as_sql(compiler, connection)

    @property
    def identity(self):
        return (self.__class__, self.column.code, self.column.type, self.source_expressions[0])

    def __eq__(self, other):
        return isinstance(other, Kept) and other.identity == self.identity

    def __hash__(self):
        return hash(self.identity)


class Scaled(Kept):
    """A number as a whole number of its last decimal place, so that a database without decimals adds it up exactly."""

    def __init__(self, column: Column, source: str = "data"):
        super().__init__(column, source)
        self.output_field = models.BigIntegerField()

    def as_sql(self, compiler, connection, **context):
        sql, parameters = super().as_sql(compiler, connection)
        scale = 10**self.column.decimals if self.column.type == "decimal" else 1
        if connection.vendor == "postgresql":
            return f"({sql} * {scale})::bigint", parameters
        return f"CAST(ROUND({sql} * {scale}.0) AS INTEGER)", parameters


def inside_json(column: Column, source: str, vendor: str) -> str:
    """SQL for a field's value. A code is checked by the schema and again here, since it stands in the SQL as it is."""
    if not CODE.fullmatch(column.code):
        raise ValueError(column.code)
    if vendor == "postgresql":
        text = f"({source} ->> '{column.code}')"
        if column.numeric:  # guarded, since another register may keep words under the same code
            return f"(CASE WHEN {text} ~ '{NUMERAL}' THEN {text}::numeric END)"
        return f"(CASE {text} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)" if column.type == "bool" else text
    text = f"JSON_EXTRACT({source}, '$.{column.code}')"
    return f"CAST({text} AS REAL)" if column.numeric else text


def registers_as_of(programme: Programme, cutoff: datetime) -> dict[str, Definition]:
    """Each register's definition in force at `cutoff`, by code."""
    rows = Register.objects.filter(programme=programme, recorded_at__lte=cutoff).order_by("version")
    return {one.code: one.schema for one in rows}


def register_now(programme: Programme, code: str) -> Definition | None:
    """The definition in force, or None where there is no such register."""
    found = Register.objects.filter(programme=programme, code=code).order_by("-version").first()
    return found and found.schema


def definition_of(row: Entry | Revision) -> Definition:
    """The definition a row was written under."""
    return Register.objects.get(programme_id=row.programme_id, code=row.register, version=row.version).schema


def entries(programme: Programme, register: str) -> QuerySet[Entry]:
    """The register's rows as they stand now."""
    return Entry.objects.filter(programme=programme, register=register, withdrawn=False)


def revisions_as_of(
    programme: Programme, register: str, as_of: date, cutoff: datetime, on: date | None = None
) -> QuerySet[Revision]:
    """The register's rows as they were on the day `on` (default `as_of`), by what was known on `as_of` and recorded by `cutoff`.

    Of an entry's revisions the one that took effect last counts; of those of one day, the one recorded last.
    """
    seen = Revision.objects.filter(
        programme=programme,
        register=register,
        effective_on__lte=on or as_of,
        known_on__lte=as_of,
        recorded_at__lte=cutoff,
    )
    order = [F("effective_on").desc(), F("id").desc()]
    newest = seen.annotate(place=Window(RowNumber(), partition_by=[F("entry_id")], order_by=order)).filter(place=1)
    return Revision.objects.filter(id__in=newest.values("id"), withdrawn=False)


def matching(rows: QuerySet, definition: Definition, conditions: str | Iterable[Condition]) -> QuerySet:
    """The rows (entries or revisions) that meet a filter. Raises BadFilter."""
    parsed = parse(definition, conditions) if isinstance(conditions, str) else conditions
    for one in parsed:
        rows = rows.filter(_asked(definition, one, "entry__key" if rows.model is Revision else "key"))
    return rows


def _asked(definition: Definition, one: Condition, key: str) -> Q:
    if one.field in ("state", "origin", "body", "key"):
        return _asked_of_column({"body": "body__code", "key": key}.get(one.field, one.field), one)
    kept = Kept(definition.field[one.field])
    if not one.values:
        return Q(IsNull(kept, one.op == "="))
    values = [int(value) if isinstance(value, bool) else value for value in one.values]
    if one.op == "=":
        return Q(In(kept, values))
    if one.op == "!=":
        return ~Q(In(kept, values)) | Q(IsNull(kept, True))
    return Q(COMPARE[one.op](kept, values[0]))


def _asked_of_column(name: str, one: Condition) -> Q:
    if one.op == "~":
        return Q(**{f"{name}__icontains": one.values[0]})
    found = Q(**{f"{name}__in": one.values}) if one.values else Q(**{f"{name}__isnull": True})
    return found if one.op == "=" else ~found


def tallies(programme: Programme, register: str) -> dict[str, int]:
    """How many rows stand in each state now, at once however many they are; without states all stand under ''."""
    rows = Tally.objects.filter(programme=programme, register=register, rows__gt=0)
    return dict(rows.order_by("state").values_list("state", "rows"))


def number(rows: QuerySet, most: int = 10_000) -> tuple[int, bool]:
    """How many rows there are, and whether that is all: a page that says “more than 10,000” need not count a million."""
    found = rows.order_by()[: most + 1].count()
    return min(found, most), found <= most


def counts_by(rows: QuerySet, definition: Definition, by: str) -> dict:
    """How many rows there are for each state, origin, body (by its code) or value of a filterable field."""
    if by in ("state", "origin", "body"):
        name = {"body": "body__code"}.get(by, by)
        return dict(rows.order_by().values_list(name).annotate(n=Count("id")))
    kept = Kept(definition.field[by])
    return dict(rows.order_by().annotate(value=kept).values_list("value").annotate(n=Count("id")))


def totals_by(rows: QuerySet, definition: Definition, by: str, of: str) -> dict:
    """Sum of the field `of` for each value of the field `by`, exact; what has no amount adds nothing."""
    column = definition.field[of]
    told = (
        rows.order_by().annotate(value=Kept(definition.field[by])).values_list("value").annotate(n=Sum(Scaled(column)))
    )
    places = column.decimals if column.type == "decimal" else 0
    return {value: Decimal(n or 0).scaleb(-places) for value, n in told}


def total(rows: QuerySet, column: Column | None) -> Decimal:
    """Sum of a numeric field over the rows, exact; the number of rows without a field."""
    if column is None:
        return Decimal(rows.count())
    whole = rows.order_by().aggregate(n=Sum(Scaled(column)))["n"] or 0
    return Decimal(whole).scaleb(-column.decimals if column.type == "decimal" else 0)


# --- selections: what metrics count


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
    """The selection at the end of every whole period from `since` on, and on `as_of`; or its flows, of whole periods only.

    A day on which the register had no row yet gives nothing.
    """
    if one.on:
        return _flows(programme, definition, one, since, as_of, cutoff)
    column = definition.field.get(one.total)
    stand = []
    for period, _, ends in [*periods(one.every, since, as_of), (as_of.isoformat(), as_of, as_of)]:
        if stand and stand[-1].ends == ends:
            continue
        if not revisions_as_of(programme, one.register, as_of, cutoff, ends).exists():
            continue
        rows = selected(programme, definition, one, as_of, cutoff, ends)
        stand.append(Amount(period, ends, total(rows, column), rows.count() if column else -1))
    return [one if one.rows >= 0 else one._replace(rows=int(one.value)) for one in stand]


def _flows(
    programme: Programme, definition: Definition, one: Selection, since: date, as_of: date, cutoff: datetime
) -> list[Amount]:
    rows = selected(programme, definition, one, as_of, cutoff)
    day, column = definition.field[one.on], definition.field.get(one.total)
    found = []
    for period, starts, ends in periods("year" if day.type == "year" else one.every, since, as_of):
        low, high = (starts.year, ends.year) if day.type == "year" else (starts.isoformat(), ends.isoformat())
        part = rows.filter(GreaterThanOrEqual(Kept(day), low), LessThanOrEqual(Kept(day), high))
        if n := part.count():
            found.append(Amount(period, ends, total(part, column), n))
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


def begins(programme: Programme, register: str, as_of: date, cutoff: datetime) -> date | None:
    """The first day on which the register had a row."""
    seen = Revision.objects.filter(programme=programme, register=register, known_on__lte=as_of, recorded_at__lte=cutoff)
    return seen.aggregate(first=Min("effective_on"))["first"]


# --- places


def in_box(rows: QuerySet, box: Box) -> QuerySet:
    """The rows whose tile touches the box: all that lie in it, and a few beside it where they have an extent."""
    tiles = tiles_over(box)
    if tiles == [""]:
        return rows.exclude(tile=None)
    found = Q(tile__in=sorted({larger for tile in tiles for larger in holding(tile)}))
    for tile in tiles:
        found |= Q(tile__gte=tile, tile__lt=f"{tile}4")  # names are made of the digits 0–3
    return rows.filter(found)


def around_point(rows: QuerySet, lon: float, lat: float) -> list:
    """The rows in whose shape a point lies, such as the zoning units of a site."""
    at = Box(lon, lat, lon, lat)
    return [row for row in in_box(rows, at).exclude(geometry=None).order_by("pk") if inside(row.geometry, lon, lat)]


class Near(NamedTuple):
    entry: Entry
    metres: float


def near(rows: QuerySet, lon: float, lat: float, metres: float) -> list[Near]:
    """The rows within `metres` of a point, the nearest first. What has an extent is measured from its middle."""
    found = (
        Near(row, metres_between(lon, lat, row.lon, row.lat))
        for row in in_box(rows, around(lon, lat, metres))
        if row.lon is not None
    )
    return sorted((one for one in found if one.metres <= metres), key=lambda one: (one.metres, one.entry.pk))


# --- who changed what


def history(entry: Entry) -> QuerySet[Revision]:
    """All revisions of an entry, the newest first."""
    return entry.revisions.select_related("recorded_by", "body").order_by("-number")


def file_of(sha256: str) -> str:
    """Where an evidence file stands below the folder of files."""
    return f"evidence/{sha256[:2]}/{sha256}"
