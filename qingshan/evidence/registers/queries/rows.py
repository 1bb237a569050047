"""Rows as they stand or stood: who sees which, which are found, a page of them, how they came to be."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from django.db import connection, models
from django.db.models import Case, Count, F, Func, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, IContains, In, IsNull, LessThan, LessThanOrEqual

from qingshan.people.models import Role, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..filters import BadFilter, Condition, parse
from ..models import Entry, Register, Revision, Tally
from ..retention import closed, due_on, held
from ..schema import CODE, Column, Definition
from ..sight import Sight

FEW = 2000  # rows named one by one
MANY = 10_000  # rows up to which they are counted, and found by the index of pairs of letters
COLLECTED = (
    30_000  # rows that hold a text, up to which the index collects them for a map sooner than squares are walked
)
SAMPLE = 500  # rows looked at, at either end, to see whether a text is common
BETWEEN = r" || E'\n' || "
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


def register_of(programme: Programme, code: str) -> Definition:
    """The definition in force. Raises Refused where there is no such register."""
    if found := register_now(programme, code):
        return found
    raise Refused(f"规划“{programme}”没有台账 {code}。", f"The programme has no register {code}.")


def columns_ever(programme: Programme, code: str) -> dict[str, Column]:
    """Every field a register ever had, as last defined."""
    found: dict[str, Column] = {}
    for one in Register.objects.filter(programme=programme, code=code).order_by("version"):
        found |= one.schema.field
    return found


def definition_of(row: Entry | Revision) -> Definition:
    """The definition a row was written under."""
    return Register.objects.get(programme_id=row.programme_id, code=row.register, version=row.version).schema


def entries(programme: Programme, register: str, withdrawn: bool = False) -> QuerySet[Entry]:
    """The register's rows as they stand now, or those that were withdrawn."""
    return Entry.objects.filter(programme=programme, register=register, withdrawn=withdrawn)


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


# --- who sees what: whatever a person reads of a register comes through here


SEE_ALL = (Role.OFFICE, Role.AUDITOR)


def sight(definition: Definition, by: User | None) -> Sight:
    """What `by` may see of the register; a command of the system (None) sees all."""
    return Sight(definition, by is None or by.role in SEE_ALL, by.body_id if by and by.role == Role.LIAISON else None)


def as_seen(row: Entry | Revision, sees: Sight) -> Entry | Revision:
    """The row without what is hidden from its reader; `row.hidden` names the fields that hold something he does not see."""
    row.hidden = sees.hidden(row.data, row.body_id)
    row.data = sees.data(row.data, row.body_id)
    row.placed = row.lon is not None
    if not sees.places(row.body_id):
        row.lon = row.lat = row.geometry = row.tile = None
    return row


def on_the_map(rows: QuerySet, sees: Sight) -> QuerySet:
    """Those of the rows of which the reader may know where they lie."""
    if sees.hides and sees.definition.private_place:
        rows = rows.filter(body=sees.body) if sees.body else rows.none()
    return rows.exclude(lon=None)


def _findable(rows: QuerySet, sees: Sight, code: str) -> QuerySet:
    """By a private field only those rows are found of which the reader sees it, or a search would tell what it holds."""
    if not sees.hides or code not in sees.definition.private:
        return rows
    if sees.body is None:
        name = sees.definition.field[code].name
        raise BadFilter(f"“{name.zh}”不公开，不能按它筛选", f"{name.en} is not public; it cannot be filtered by")
    return rows.filter(body=sees.body)


def matching(
    rows: QuerySet, definition: Definition, conditions: str | Iterable[Condition], by: User | None = None
) -> QuerySet:
    """The rows (entries or revisions) that meet a filter, as far as `by` may know. Raises BadFilter."""
    parsed = parse(definition, conditions) if isinstance(conditions, str) else conditions
    sees = sight(definition, by)
    for one in parsed:
        rows = _findable(rows, sees, one.field)
        rows = rows.filter(_asked(definition, one, _key(rows)))
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


def pairs(definition: Definition, key: str, data: str) -> str:
    """SQL for the pairs of letters in a row's key and in the fields that are searched, as they are indexed (PostgreSQL)."""
    if bad := [code for code in definition.searched if not CODE.fullmatch(code)]:
        raise ValueError(bad)
    texts = [key, *(f"COALESCE(({data} ->> '{code}'), '')" for code in definition.searched)]
    return f"registers_pairs(({BETWEEN.join(texts)}))"


class _Holds(Func):
    """Whether a row has all the pairs of letters of a text; the index that knows is asked for no more."""

    def __init__(self, definition: Definition, text: str):
        self.definition = definition
        super().__init__(F("key"), F("data"), models.Value(text), output_field=models.BooleanField())

    def as_sql(self, compiler, connection, **context):
        (key, _), (data, _), (text, parameters) = map(compiler.compile, self.source_expressions)
        return f"{pairs(self.definition, key, data)} @> registers_pairs({text})", parameters


def _called(definition: Definition, text: str, key: str) -> Q:
    said = Q(**{f"{key}__icontains": text})
    return said | Q(IContains(Kept(definition.field[definition.title]), text)) if definition.title else said


class Sought(NamedTuple):
    """Rows that were looked for. above: they hold a text and are known to be more than this many, 0 where that is not known.
    held: the same rows as the index collects them, all at once, where `rows` are found by walking and may yet be collected.
    common: by some rows looked at they are too many to collect.
    """

    rows: QuerySet
    above: int = 0
    held: QuerySet | None = None
    common: bool = False


def sought(
    rows: QuerySet, definition: Definition, conditions: str | Iterable[Condition] = (), text: str = "",
    by: User | None = None, size: int = 0,
) -> Sought:  # fmt: skip
    """The rows that meet a filter and have the text in their key or their title, as far as `by` may know. Raises BadFilter.

    PostgreSQL finds a part of a text by an index, in a register as it stands; SQLite, and whoever asks for one letter or for an
    earlier day, reads every row. size: how many rows the register has, where that is known.
    """
    parsed = parse(definition, conditions) if isinstance(conditions, str) else tuple(conditions)
    worded = [one for one in parsed if one.op == "~"]
    rows = matching(rows, definition, (one for one in parsed if one.op != "~"), by)
    said = _called(definition, text, _key(rows)) if text else Q()
    for one in worded:
        rows, said = _findable(rows, sight(definition, by), one.field), said & _asked(definition, one, _key(rows))
    parts = [one for one in (text, *(one.values[0] for one in worded)) if len(one) > 1]
    if not parts or connection.vendor != "postgresql" or rows.model is Revision:
        return Sought(rows.filter(said))
    if size > COLLECTED and _share(rows, said) * size > COLLECTED:
        return Sought(rows.filter(_by_many(said)), common=True)
    return _collected(rows, said, rows.filter(said, *(_Holds(definition, part) for part in parts)))


def _collected(rows: QuerySet, said: Q, held: QuerySet) -> Sought:
    """Asked for the first of few in order, the planner would walk through all rows in that order, since it cannot know how few
    there are. Of more, the index collects some thousand sooner than all rows are read; of many, walking is the shortest way."""
    found = list(held.order_by().values_list("pk", flat=True)[: MANY + 1])
    if len(found) <= FEW:
        return Sought(rows.model.objects.filter(pk__in=found))
    return Sought(held) if len(found) <= MANY else Sought(rows.filter(_by_many(said)), MANY, held)


def _share(rows: QuerySet, said: Q) -> Fraction:
    """Which part of the first and of the last rows meets the condition, whichever is less: a part of a key may hold for all of
    the first and for none after."""
    told = rows.annotate(said=_by_many(said)).values_list("said", flat=True)
    ends = [list(told.order_by(order)[:SAMPLE]) for order in ("key", "-key")]
    return min(Fraction(sum(end), len(end) or 1) for end in ends)


def _by_many(said: Q) -> Case:
    """The same condition, which PostgreSQL takes to be met by every second row: it thinks any text rare, and would collect and
    sort what it can walk through."""
    return Case(When(said, then=True), default=False)


def _key(rows: QuerySet) -> str:
    return "entry__key" if rows.model is Revision else "key"


def tallies(programme: Programme, register: str) -> dict[str, int]:
    """How many rows stand in each state now, at once however many they are; without states all stand under ''."""
    rows = Tally.objects.filter(programme=programme, register=register, rows__gt=0)
    return dict(rows.order_by("state").values_list("state", "rows"))


def all_tallies(programme: Programme) -> dict[str, dict[str, int]]:
    """The tallies of every register of the programme, by its code."""
    found: dict[str, dict[str, int]] = {}
    for one in Tally.objects.filter(programme=programme, rows__gt=0).order_by("register", "state"):
        found.setdefault(one.register, {})[one.state] = one.rows
    return found


def any_simulated(programme: Programme) -> set[str]:
    """The registers that hold a simulated row."""
    rows = Entry.objects.filter(programme=programme, withdrawn=False, origin="simulated")
    return set(rows.order_by().values_list("register", flat=True).distinct())


def number(rows: QuerySet, most: int = MANY) -> tuple[int, bool]:
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


# --- pages


class Page(NamedTuple):
    """Some rows of many, and whether there are rows before and after them."""

    rows: list
    before: bool
    after: bool


def page(
    rows: QuerySet, definition: Definition, sort: str = "", after: int | None = None, before: int | None = None, size: int = 50
) -> Page:  # fmt: skip
    """The rows that follow the row with the id `after`, or come before the one with the id `before`, without counting any.

    sort: a filterable field, “-” before it for the largest first; else by key. Rows without a value stand at the end.
    """
    order = _Order(rows, definition, sort, back=before is not None)
    mark = order.rows.filter(pk=before or after).first() if before or after else None
    found: list = []
    for filled in order.parts:
        if len(found) <= size:
            found += order.part(filled, mark)[: size + 1 - len(found)]
    more, found = len(found) > size, found[:size]
    if order.back:
        return Page(found[::-1], more, mark is not None)
    return Page(found, mark is not None, more)


class _Order:
    """An order of rows: first those with a value in the field sorted by, then those without, each by value and key."""

    def __init__(self, rows: QuerySet, definition: Definition, sort: str, back: bool):
        column = definition.field.get(sort.lstrip("-"))
        self.value = Kept(column) if column in definition.filterable else None
        self.key = _key(rows)
        self.back, self.down = back, sort.startswith("-") != back
        parts = (True, False) if self.value else (True,)
        self.parts = parts[::-1] if back else parts
        self.rows = rows.select_related("body", "entry") if rows.model is Revision else rows.select_related("body")
        if self.value:
            self.rows = self.rows.annotate(sorted_by=self.value)

    def part(self, filled: bool, mark) -> QuerySet:
        """The rows with (or without) a value that lie beyond the mark."""
        rows = self.rows.filter(IsNull(self.value, not filled)) if self.value else self.rows
        if mark is not None:
            marked = self.value is None or mark.sorted_by is not None
            if marked == filled:
                rows = rows.filter(self._beyond(mark, filled and self.value is not None))
            elif filled != self.back:
                return rows.none()
        named = ["sorted_by", self.key] if filled and self.value else [self.key]
        return rows.order_by(*(f"-{name}" if self.down else name for name in named))

    def _beyond(self, mark, by_value: bool) -> Q:
        key = mark.entry.key if self.key != "key" else mark.key
        beyond = Q(**{f"{self.key}__{'lt' if self.down else 'gt'}": key})
        if not by_value:
            return beyond
        further, as_far = (LessThan, LessThanOrEqual) if self.down else (GreaterThan, GreaterThanOrEqual)
        return Q(as_far(self.value, mark.sorted_by)) & (Q(further(self.value, mark.sorted_by)) | beyond)


# --- who changed what


def history(entry: Entry, sees: Sight | None = None) -> list[Revision]:
    """All revisions of an entry, the newest first, as far as its reader may see the entry as it stands."""
    found = list(entry.revisions.select_related("recorded_by__body", "body").order_by("-number"))
    if sees is None or sees.whole(entry.body_id):
        return found
    for one in found:
        one.body_id = entry.body_id  # whoever had it before sees no more of it than others
    return [as_seen(one, sees) for one in found]


def file_of(sha256: str) -> str:
    """Where an evidence file stands below the folder of files."""
    return f"evidence/{sha256[:2]}/{sha256}"


# --- registers by what they serve as


def serving(programme: Programme, part: str) -> Definition | None:
    """The register in force that serves as `part` (see serving.py), the first by code where there are several."""
    rows = Register.objects.filter(programme=programme, definition__serves=part).order_by("code")
    found = (register_now(programme, code) for code in rows.values_list("code", flat=True).distinct())
    return next((one for one in found if one and one.serves == part), None)


def standing(definition: Definition, rows: QuerySet) -> QuerySet:
    """Those that have not left: a row in a final state has, where that is how the register's rows end."""
    return rows.exclude(state__in=[one.code for one in definition.states if one.final])


# --- how long what tells of people may stay


class Overdue(NamedTuple):
    """An entry whose time is over: closed since a day, due on a day, and the fields that still hold something in any revision."""

    entry: Entry
    definition: Definition
    since: date
    due_on: date
    fields: tuple[str, ...]


def overdue(programme: Programme, as_of: date, cutoff: datetime) -> list[Overdue]:
    """What the registers' rules of retention say must be emptied by `as_of`, the longest due first."""
    found = [
        one
        for definition in registers_as_of(programme, cutoff).values()
        if definition.personal
        for one in _overdue_of(programme, definition, as_of)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.entry.register, one.entry.key))


def _overdue_of(programme: Programme, definition: Definition, as_of: date) -> Iterator[Overdue]:
    rows = Entry.objects.filter(programme=programme, register=definition.code).select_related("body").order_by("key")
    for entry in rows.iterator(chunk_size=2000):
        due = due_on(definition, entry.effective_on)
        if due <= as_of and closed(definition, entry.state, entry.withdrawn):
            there = {code for data in entry.revisions.values_list("data", flat=True) for code in data}
            if fields := held(definition, there):
                yield Overdue(entry, definition, entry.effective_on, due, tuple(fields))
