import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone

from qingshan.people.actions import NotAllowed, record, require, turn
from qingshan.people.models import Body, Role, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from .cells import show
from .models import Attachment, Entry, Origin, Redaction, Register, Revision, Tally
from .places import Unplaced, box_of, tile_of
from .queries import Overdue, file_of, inside_json, overdue, pairs, register_now
from .schema import OFFICE, OWN, Definition, Known, Problem, lacking, reached_after, route, validate

BATCH = 1000
MANY = 200  # rows written at once after which the database takes stock
DEGREES = 7  # decimals of a coordinate, about a centimetre; a workbook keeps no more than 16 digits
LARGEST_FILE = 20 * 2**20
CALLED = "called"  # in place of a field: the index by which texts are found
KINDS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"%PDF-": ".pdf", b"PK\x03\x04": ".zip"}


class Invalid(Refused):
    """Rows that do not fit their register; `problems` has for each the place of the row (from 0) and what is wrong."""

    def __init__(self, problems: Sequence[tuple[int, Problem]]):
        first = problems[0][1]
        more = len(problems) - 1
        super().__init__(
            first.zh + (f"；另有 {more} 处问题" if more else "") + "。",
            first.en + (f"; {more} more" if more else "") + ".",
        )
        self.problems = list(problems)


class Overtaken(Refused):
    """Someone else changed the entry meanwhile; `newer` are their revisions."""

    def __init__(self, zh: str, en: str, newer: list[Revision]):
        super().__init__(zh, en)
        self.newer = newer


# --- definitions


@transaction.atomic
def define_register(*, by: User | None, programme: Programme, definition: Definition) -> Register:
    """Put a register's definition in force. A changed one becomes a new version, and its indexes are made.

    Raises Refused where rows already kept could no longer be read under it.
    """
    require(by, "define_register")
    now = turn()
    stand = Register.objects.filter(programme=programme, code=definition.code).order_by("-version").first()
    if stand and _same(stand.schema, definition):
        return stand
    if stand:
        _readable_still(programme, stand.schema, definition)
    version = stand.version + 1 if stand else 1
    definition = definition.model_copy(update={"version": version})
    made = Register.objects.create(
        programme=programme, code=definition.code, version=version, definition=definition.plain(), recorded_at=now
    )
    _put_indexes(definition)
    _write_down(by, programme, "define_register", definition.code, version=version)
    return made


def _same(old: Definition, new: Definition) -> bool:
    return old.plain() | {"version": 0} == new.plain() | {"version": 0}


def _readable_still(programme: Programme, old: Definition, new: Definition) -> None:
    rows = Entry.objects.filter(programme=programme, register=new.code)
    if not rows.exists():
        return
    if old.key != new.key:
        raise Refused(
            f"台账“{new.name.zh}”已有条目，唯一键不能由 {'、'.join(old.key)} 改为 {'、'.join(new.key)}。",
            f"The register {new.name.en} has entries; its key cannot change from {', '.join(old.key)} to {', '.join(new.key)}.",
        )
    for code in old.field.keys() & new.field.keys():
        if old.field[code].type != new.field[code].type:
            raise Refused(
                f"字段 {code} 已有数据，类型不能由 {old.field[code].type} 改为 {new.field[code].type}；请另设一个字段代码。",
                f"The field {code} holds data; its type cannot change from {old.field[code].type} to {new.field[code].type}; use another code.",
            )
    gone = set(old.state) - set(new.state)
    if gone and (left := rows.filter(state__in=gone).first()):
        raise Refused(
            f"条目“{left.key}”仍处于状态 {left.state}，不能删去这一状态。",
            f"The entry {left.key} is still in the state {left.state}, which cannot be dropped.",
        )


def index_names(definition: Definition) -> dict[str, str]:
    """Name of each index of a register → the field it serves, CALLED for the one by which texts are found. Programmes that keep
    a register of one code share them."""
    prefix = _index_prefix(definition.code)
    found = {f"{prefix}{_short(f'{one.code} {one.type}')}": one.code for one in definition.filterable}
    if connection.vendor == "postgresql":
        found[prefix + _short(f"{CALLED} {' '.join(definition.searched)}")] = CALLED
    return found


def _index_prefix(code: str) -> str:
    return f"entries_{_short(code)}_"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND name LIKE %s",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = %s AND indexname LIKE %s",
}


def _put_indexes(definition: Definition) -> None:
    """Make the indexes that the definition's filterable fields need, for registers of this code; drop those nobody needs.

    They are shared by programmes: an index of each district's own would cost every write of every district.
    """
    needed = set()
    if connection.vendor == "postgresql":
        connection.check_constraints()  # an index cannot be made while rows of this transaction await their check
    for other in _in_force(definition.code):
        needed |= index_names(other).keys()
    wanted, quoted = index_names(definition), connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(INDEXES[connection.vendor], [Entry._meta.db_table, f"{_index_prefix(definition.code)}%"])
        there = {name for (name,) in cursor.fetchall()}
        for name in sorted(there - needed):
            cursor.execute(f"DROP INDEX {quoted(name)}")
        for name in sorted(wanted.keys() - there):
            for statement in _index(definition, name, wanted[name]):
                cursor.execute(statement)


def _index(definition: Definition, name: str, code: str) -> Iterator[str]:
    table, quoted = Entry._meta.db_table, connection.ops.quote_name
    those = f"WHERE register = '{definition.code}' AND NOT withdrawn"
    if code == CALLED:
        yield f"CREATE INDEX {quoted(name)} ON {quoted(table)} USING gin ({pairs(definition, 'key', 'data')}) {those}"
        return
    column = definition.field[code]
    value = inside_json(column, quoted("data"), connection.vendor)
    yield f"CREATE INDEX {quoted(name)} ON {quoted(table)} (programme_id, ({value}), {quoted('key')}) {those}"
    if connection.vendor == "postgresql":
        # It learns nothing from an index on a part of a table, and would guess how many rows a value has.
        told = quoted(f"entries_{_short(f'{column.code} {column.type}')}")
        yield f"CREATE STATISTICS IF NOT EXISTS {told} ON ({value}) FROM {quoted(table)}"


@transaction.atomic
def remake_indexes(*, by: User | None) -> None:
    """Make the indexes that the definitions in force need, in a database that has their rows and not yet the indexes."""
    require(by, "define_register")
    newest = {(one.programme_id, one.code): one for one in Register.objects.order_by("version")}
    for one in newest.values():
        _put_indexes(one.schema)


def _in_force(code: str) -> list[Definition]:
    """The newest definition of every programme's register of that code."""
    newest = {one.programme_id: one for one in Register.objects.filter(code=code).order_by("version")}
    return [one.schema for one in newest.values()]


# --- one row


class Place(NamedTuple):
    lon: float | None = None
    lat: float | None = None
    geometry: dict | None = None
    tile: str | None = None


def placed(definition: Definition, geometry: Mapping | None) -> Place:
    """The columns of a GeoJSON geometry. Raises Invalid where it does not fit the register."""
    if geometry is None:
        return Place()
    try:
        if definition.geometry == "none":
            raise Unplaced(f"台账“{definition.name.zh}”不记位置", f"the register {definition.name.en} keeps no places")
        box = box_of(geometry, definition.geometry)
    except Unplaced as wrong:
        raise Invalid([(0, Problem("geometry", wrong.zh, wrong.en))]) from None
    lon, lat = round((box.west + box.east) / 2, DEGREES), round((box.south + box.north) / 2, DEGREES)
    return Place(lon, lat, None if definition.geometry == "point" else dict(geometry), tile_of(box))


@transaction.atomic
def add_entry(
    *, by: User | None, programme: Programme, register: str, data: Mapping[str, Any], geometry: Mapping | None = None,
    state: str | None = None, origin: str = Origin.REPORTED, source: str = "", known_on: date | None = None,
    effective_on: date | None = None, why: str = "",
) -> Entry:  # fmt: skip
    """A new row. It begins in the register's first state, or in `state` where `by` may move it there at once."""
    require(by, "edit_register")
    definition = _register(programme, register)
    row = Stated(dict(data), state, known_on, effective_on, geometry, origin, source)
    _put(by, programme, definition, [row], why=why, fresh=True)
    entry = Entry.objects.get(programme=programme, register=register, key=definition.key_of(tidy(data)))
    _write_down(by, programme, "add_entry", f"{register}/{entry.key}", state=entry.state)
    return entry


@transaction.atomic
def change_entry(
    *, by: User | None, entry: Entry, expected: int, data: Mapping[str, Any] | None = None, geometry: Mapping | None = None,
    known_on: date | None = None, effective_on: date | None = None, source: str | None = None, why: str = "",
) -> Entry:  # fmt: skip
    """Change fields of a row (`data` names only those that change; None empties one).

    `expected` is the number of the revision the change was made on. Raises Overtaken where there is a newer one.
    """
    require(by, "edit_register")
    entry, definition = _locked(by, entry, expected)
    merged = tidy({**entry.data, **(data or {})})
    _fits(entry.programme, definition, merged)
    _same_key(definition, entry, merged)
    place = (
        placed(definition, geometry)
        if geometry is not None
        else Place(entry.lon, entry.lat, entry.geometry, entry.tile)
    )
    changes = {name: ["***", "***"] if name in definition.private else [entry.data.get(name), merged.get(name)]
               for name in sorted(entry.data.keys() | merged.keys()) if entry.data.get(name) != merged.get(name)}  # fmt: skip
    _revise(
        by, entry, definition, known_on, effective_on, why, data=merged, body=_body_of(entry.programme, definition, merged),
        source=entry.source if source is None else source, **place._asdict(),
    )  # fmt: skip
    _own(by, entry.body)
    _write_down(by, entry.programme, "change_entry", f"{entry.register}/{entry.key}", changes=changes, why=why)
    return entry


@transaction.atomic
def move(
    *, by: User | None, entry: Entry, expected: int, to: str, data: Mapping[str, Any] | None = None, known_on: date | None = None,
    effective_on: date | None = None, why: str = "",
) -> Entry:  # fmt: skip
    """Move a row into another state, filling in fields at the same time where `data` names some.

    Raises NotAllowed where `by` may not make this move, Invalid where the proof it needs is not there.
    """
    require(by, "edit_register")
    entry, definition = _locked(by, entry, expected)
    step = next((one for one in definition.transitions if (one.from_, one.to) == (entry.state, to)), None)
    if step is None:
        raise Refused(_no_way(definition, entry.state, to)[0] + "。", _no_way(definition, entry.state, to)[1] + ".")
    if not set(step.may) & _parts(by):
        raise NotAllowed(*_not_yours(definition, step))
    merged = tidy({**entry.data, **(data or {})})
    _fits(entry.programme, definition, merged)
    _same_key(definition, entry, merged)
    if problems := lacking(definition, step, merged, entry.attachments.count()):
        raise Invalid([(0, one) for one in problems])
    before = entry.state
    _revise(by, entry, definition, known_on, effective_on, why, data=merged, state=to,
            body=_body_of(entry.programme, definition, merged))  # fmt: skip
    _own(by, entry.body)
    _write_down(by, entry.programme, "move_entry", f"{entry.register}/{entry.key}", state=[before, to], why=why)
    return entry


@transaction.atomic
def withdraw(*, by: User | None, entry: Entry, expected: int, why: str, known_on: date | None = None) -> Entry:
    """Take a row out of the register, with the reason on record. It stays readable, and counts no more."""
    require(by, "edit_register")
    if not why.strip():
        raise Refused("请写明为什么撤下这一条。", "Say why this entry is withdrawn.")
    entry, definition = _locked(by, entry, expected)
    _revise(by, entry, definition, known_on, None, why, withdrawn=True)
    _write_down(by, entry.programme, "withdraw_entry", f"{entry.register}/{entry.key}", why=why)
    return entry


@transaction.atomic
def bulk_change(
    *, by: User | None, entries: Mapping[int, int], data: Mapping[str, Any] | None = None, to: str | None = None,
    known_on: date | None = None, effective_on: date | None = None, why: str = "",
) -> int:  # fmt: skip
    """Make one change to many rows, all or none. `entries`: id → number of the revision that was looked at."""
    require(by, "edit_register")
    days = {"known_on": known_on, "effective_on": effective_on, "why": why}
    for number, (row, expected) in enumerate(_picked(entries)):
        try:
            _change_one(by, row, expected, data, to, days)
        except Invalid as wrong:
            raise Invalid([(number, problem) for _, problem in wrong.problems]) from None
    return len(entries)


def _picked(entries: Mapping[int, int]) -> list[tuple[Entry, int]]:
    rows = Entry.objects.select_related("programme__jurisdiction").in_bulk(list(entries))
    return [(rows[pk], expected) for pk, expected in entries.items()]


def _change_one(by: User | None, row: Entry, expected: int, data, to: str | None, days: dict) -> Entry:
    given = {"by": by, "entry": row, "expected": expected, "data": data, **days}
    return move(**given, to=to) if to else change_entry(**given)


@transaction.atomic
def rehearse(
    *, by: User | None, entries: Mapping[int, int], data: Mapping[str, Any] | None = None, to: str | None = None,
    known_on: date | None = None, effective_on: date | None = None, why: str = "",
) -> dict[int, Refused | NotAllowed | None]:  # fmt: skip
    """What `bulk_change` would say to each row: nothing, or why not. Nothing of it is kept."""
    require(by, "edit_register")
    days, told = {"known_on": known_on, "effective_on": effective_on, "why": why}, {}
    for row, expected in _picked(entries):
        try:
            with transaction.atomic():
                _change_one(by, row, expected, data, to, days)
            told[row.pk] = None
        except (Refused, NotAllowed) as no:
            told[row.pk] = no
    transaction.set_rollback(True)
    return told


def _locked(by: User | None, entry: Entry, expected: int) -> tuple[Entry, Definition]:
    """The entry for oneself alone until the transaction ends, if it still is as it was seen."""
    turn()
    entry = (
        Entry.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction", "body").get(pk=entry.pk)
    )
    definition = _register(entry.programme, entry.register)
    _own(by, entry.body)
    if entry.number != expected:
        raise _overtaken(entry, definition, expected)
    if entry.withdrawn:
        raise Refused(f"条目“{entry.key}”已撤下，不能再改。", f"The entry {entry.key} has been withdrawn.")
    return entry, definition


def _overtaken(entry: Entry, definition: Definition, expected: int) -> Overtaken:
    newer = list(entry.revisions.filter(number__gt=expected).select_related("recorded_by").order_by("number"))
    seen = entry.revisions.filter(number=expected).first()
    who = newer[-1].recorded_by if newer else None
    at = timezone.localtime(newer[-1].recorded_at) if newer else timezone.localtime()
    told = differences(definition, seen, entry) if seen else []
    zh = "，".join(f"{a}由“{b or '空'}”改为“{c or '空'}”" for a, _, b, c in told) or "内容未变"
    en = "; ".join(f"{a} from {b or 'empty'} to {c or 'empty'}" for _, a, b, c in told) or "no field changed"
    return Overtaken(
        f"您打开的是第 {expected} 版，{who or '系统'}已于 {at:%Y-%m-%d %H:%M} 存为第 {entry.number} 版：{zh}。您的修改没有保存，请核对后重新提交。",
        f"You opened revision {expected}; {who or 'the system'} saved revision {entry.number} on {at:%Y-%m-%d %H:%M}: {en}. "
        "Your change was not saved; check and submit it again.",
        newer,
    )  # fmt: skip


def differences(
    definition: Definition, old: Entry | Revision, new: Entry | Revision
) -> list[tuple[str, str, str, str]]:
    """What differs between two versions: name in Chinese, in English, old and new value as text."""
    found = []
    for code in sorted(old.data.keys() | new.data.keys()):
        column, before, after = definition.field.get(code), old.data.get(code), new.data.get(code)
        if before != after:
            names = (column.name.zh, column.name.en) if column else (code, code)
            found.append((*names, *(show(column, one) if column else str(one or "") for one in (before, after))))
    if old.state != new.state:
        known = {code: one.zh for code, one in definition.state.items()}
        found.append(("状态", "state", known.get(old.state, old.state), known.get(new.state, new.state)))
    if (old.lon, old.lat, old.geometry) != (new.lon, new.lat, new.geometry):
        found.append(("位置", "place", f"{old.lon}，{old.lat}", f"{new.lon}，{new.lat}"))
    if old.withdrawn != new.withdrawn:
        found.append(("撤下", "withdrawn", "否", "是"))
    return found


def _revise(
    by: User | None,
    entry: Entry,
    definition: Definition,
    known_on: date | None,
    effective_on: date | None,
    why: str,
    **changed,
) -> None:
    known_on = known_on or timezone.localdate()
    effective_on = effective_on or max(known_on, entry.effective_on)
    _days_fit(known_on, effective_on)
    if effective_on < entry.effective_on:
        raise Refused(
            f"生效日 {effective_on} 早于现有版本的生效日 {entry.effective_on}，请改正日期。",
            f"The change takes effect on {effective_on}, before {entry.effective_on} of what stands; correct the day.",
        )
    if "state" in changed and changed["state"] != entry.state:
        changed["reached"] = reached_after(entry.reached, changed["state"], effective_on.isoformat())
    values = {
        "version": definition.version,
        "known_on": known_on,
        "effective_on": effective_on,
        "number": entry.number + 1,
        **changed,
    }
    before = Counter() if entry.withdrawn else Counter([entry.state])
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save()
    after = Counter() if entry.withdrawn else Counter([entry.state])
    _tally(entry.programme, entry.register, before, after)
    _revision(entry, by, timezone.now(), why).save(force_insert=True)


def _tally(programme: Programme, register: str, before: Counter, after: Counter) -> None:
    """Bring the tallies in step; writers stand in one line, so nobody else changes them meanwhile."""
    for state in sorted(before.keys() | after.keys()):
        if more := after[state] - before[state]:
            place = {"programme": programme, "register": register, "state": state}
            if not Tally.objects.filter(**place).update(rows=F("rows") + more):
                Tally.objects.create(**place, rows=more)


CONTENT = ("version", "data", "state", "reached", "body_id", "lon", "lat", "geometry", "tile", "origin", "source", "withdrawn",
           "known_on", "effective_on", "number", "programme_id", "register")  # fmt: skip


def _revision(entry: Entry, by: User | None, at: datetime, why: str) -> Revision:
    told = {name: getattr(entry, name) for name in CONTENT}
    return Revision(entry=entry, why=why[:400], recorded_at=at, recorded_by=by, **told)


def _days_fit(known_on: date, effective_on: date) -> None:
    if effective_on > known_on:
        raise Invalid([(0, Problem(
            "effective", f"生效日 {effective_on} 晚于知悉日 {known_on}，请改正", f"effective on {effective_on}, after {known_on} when it was known",
        ))])  # fmt: skip


def _register(programme: Programme, code: str) -> Definition:
    if found := register_now(programme, code):
        return found
    raise Refused(f"规划“{programme}”没有台账 {code}。", f"The programme has no register {code}.")


def tidy(data: Mapping[str, Any]) -> dict[str, Any]:
    """A row's data without its empty fields."""
    return {name: value for name, value in data.items() if value is not None and value != ""}


def _fits(programme: Programme, definition: Definition, data: Mapping[str, Any]) -> None:
    if problems := validate(definition, data, known_to(programme, definition, [data])):
        raise Invalid([(0, one) for one in problems])


def _same_key(definition: Definition, entry: Entry, data: Mapping[str, Any]) -> None:
    if definition.key_of(data) != entry.key:
        raise Refused(
            f"“{entry.key}”是这一条的唯一键，不能修改。如登记有误，请撤下后重新登记。",
            f"{entry.key} is the entry's key and cannot change. If it is wrong, withdraw the entry and add it anew.",
        )


def known_to(programme: Programme, definition: Definition, rows: Iterable[Mapping[str, Any]]) -> Known:
    """What rows of the register may refer to: all bodies, and those entries that the rows name."""
    bodies = set(programme.jurisdiction.bodies.values_list("code", flat=True))
    if not definition.references:
        return Known(bodies)
    named: dict[str, set[str]] = {}
    for row in rows:
        for one in definition.references:
            if value := row.get(one.code):
                named.setdefault(one.register_code, set()).add(str(value))
    return Known(bodies, (), {code: _keys_among(programme, code, keys) for code, keys in named.items()})


def _keys_among(programme: Programme, code: str, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    for part in _batches(sorted(keys)):
        found.update(
            Entry.objects.filter(programme=programme, register=code, key__in=part).values_list("key", flat=True)
        )
    return found


def _batches(rows: Sequence, size: int = BATCH) -> Iterable[Sequence]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


def _body_of(programme: Programme, definition: Definition, data: Mapping[str, Any]) -> Body | None:
    code = (data.get(definition.owner) if definition.owner else None) or definition.body
    return programme.jurisdiction.bodies.filter(code=code).first() if code else None


def _parts(by: User | None) -> set[str]:
    """In what part someone moves a row: a command of the system in every part."""
    return {OFFICE, OWN} if by is None else {OFFICE} if by.role == Role.OFFICE else {OWN}


def require_own(by: User | None, entry: Entry) -> None:
    """Raise NotAllowed where the entry is another body's than the one `by` speaks for."""
    _own(by, entry.body)


def _own(by: User | None, body: Body | None) -> None:
    if by is not None and by.role == Role.LIAISON and (body is None or body.pk != by.body_id):
        whose = body.name if body else "计划办"
        raise NotAllowed(
            f"这一条由{whose}负责，“{by}”只能登记和修改{by.body}的条目。",
            f"This entry is {body.name_en or body.name if body else 'the plan office'}'s; {by} may only write entries of {by.body.name_en or by.body.name}.",
        )


def _no_way(definition: Definition, before: str, to: str) -> tuple[str, str]:
    a, b = definition.state.get(before), definition.state.get(to)
    return (
        f"“{a.zh if a else before}”不能直接转为“{b.zh if b else to}”",
        f"there is no move from {a.en if a else before} to {b.en if b else to}",
    )


def _not_yours(definition: Definition, step) -> tuple[str, str]:
    to, office = definition.state[step.to], OFFICE in step.may
    return (
        f"转为“{to.zh}”须由{'计划办' if office else '责任部门'}办理。",
        f"Only the {'plan office' if office else 'responsible body'} may move an entry to {to.en}.",
    )


# --- many rows


class Stated(NamedTuple):
    """A row as a file or a folder states it. Without `state` a new row begins in the first and a known one keeps its own;
    without `origin` and `source` a known one keeps its own too: sending a simulated row back does not make it reported."""

    data: dict[str, Any]
    state: str | None = None
    known_on: date | None = None
    effective_on: date | None = None
    geometry: Mapping | None = None
    origin: str | None = Origin.REPORTED
    source: str | None = ""


@dataclass
class Outcome:
    """What came of many rows; `problems` has for each the place of its row (from 0) and what is wrong with it."""

    added: int = 0
    changed: int = 0
    same: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)


Watch = Callable[[Iterable], Iterable]


@transaction.atomic
def put_entries(
    *, by: User | None, programme: Programme, register: str, rows: Sequence[Stated], why: str = "", history: bool = False,
    watch: Watch = iter, detail: Mapping[str, Any] | None = None,
) -> Outcome:  # fmt: skip
    """Add and change many rows by their keys, all or none. Saying the same again changes nothing.

    history: the rows tell how entries came to be, each with its own days; a row that was told before is passed over.
    Raises Invalid with every problem of every row.
    """
    require(by, "edit_register")
    outcome = _put(by, programme, _register(programme, register), rows, why=why, history=history, watch=watch)
    if outcome.added or outcome.changed:
        _write_down(
            by,
            programme,
            "put_entries",
            register,
            added=outcome.added,
            changed=outcome.changed,
            why=why,
            **(detail or {}),
        )
    return outcome


def examine(
    *,
    by: User | None,
    programme: Programme,
    register: str,
    rows: Sequence[Stated],
    history: bool = False,
    watch: Watch = iter,
) -> Outcome:
    """What `put_entries` would do, with every problem of every row; nothing is written."""
    require(by, "edit_register")
    return _Plan(by, programme, _register(programme, register), history).made(rows, watch).outcome


def _put(by, programme, definition, rows, *, why="", history=False, fresh=False, watch: Watch = iter) -> Outcome:
    now = turn()
    plan = _Plan(by, programme, definition, history, fresh).made(rows, watch)
    if plan.outcome.problems:
        raise Invalid(plan.outcome.problems)
    plan.keep(now, why)
    return plan.outcome


class _Plan:
    """What many rows would make of a register."""

    def __init__(
        self, by: User | None, programme: Programme, definition: Definition, history: bool, fresh: bool = False
    ):
        self.by, self.programme, self.definition = by, programme, definition
        self.history, self.fresh = history, fresh
        self.bodies = {one.code: one for one in programme.jurisdiction.bodies.all()}
        self.parts, self.today = _parts(by), timezone.localdate()
        self.outcome = Outcome()
        self.entries: dict[str, Entry] = {}
        self.revisions: list[Revision] = []
        self.changed: dict[str, Entry] = {}
        self.told: set = set()

    def made(self, rows: Sequence[Stated], watch: Watch) -> "_Plan":
        known = known_to(self.programme, self.definition, (row.data for row in rows))
        keys = {self.definition.key_of(row.data) for row in rows}
        self._remember(keys)
        seen: dict[str, int] = {}
        for place, row in enumerate(watch(rows)):
            if problems := self._problems(row, known, seen, place):
                self.outcome.problems += [(place, one) for one in problems]
            elif not self.outcome.problems:
                self._take(row)
        return self

    def _remember(self, keys: set[str]) -> None:
        stand = Entry.objects.filter(programme=self.programme, register=self.definition.code)
        for part in _batches(sorted(keys)):
            found = stand.filter(key__in=part).select_related("body")
            self.entries |= {one.key: one for one in found}
        if self.history:
            told = Revision.objects.filter(programme=self.programme, register=self.definition.code).select_related(
                "entry"
            )
            self.told = {_print(one.entry.key, one) for one in told}
        self.files = _files_of(self.entries.values())
        self.before = {key: one.state for key, one in self.entries.items() if not one.withdrawn}

    def _problems(self, row: Stated, known: Known, seen: dict[str, int], place: int) -> list[Problem]:
        problems = validate(self.definition, row.data, known)
        key = self.definition.key_of(row.data)
        if len(key) > 200:
            problems.append(
                Problem(
                    self.definition.key[0],
                    f"唯一键有 {len(key)} 个字，上限 200 个",
                    f"the key has {len(key)} characters, at most 200",
                )
            )
        if not self.history:
            if key in seen:
                problems.append(
                    Problem(
                        self.definition.key[0],
                        f"“{key}”与本文件第 {seen[key] + 1} 条重复",
                        f"{key} stands twice, first as row {seen[key] + 1}",
                    )
                )
            seen[key] = place
        try:
            placed(self.definition, row.geometry)
        except Invalid as wrong:
            problems += [one for _, one in wrong.problems]
        stand = self.entries.get(key)
        if stand and self.fresh:
            problems.append(Problem(self.definition.key[0], f"“{key}”已在台账中", f"{key} is in the register already"))
        return problems or [*self._person(row, stand), *self._days(row, stand), *self._life(row, stand)]

    def _person(self, row: Stated, stand: Entry | None) -> list[Problem]:
        try:
            if stand:
                _own(self.by, stand.body)
            _own(self.by, self._body(row))
        except NotAllowed as not_yours:
            return [Problem(self.definition.owner or "", not_yours.zh, not_yours.en)]
        if stand and stand.withdrawn:
            return [Problem("", f"“{stand.key}”已撤下，不能再改", f"{stand.key} has been withdrawn")]
        return []

    def _days(self, row: Stated, stand: Entry | None) -> list[Problem]:
        known_on, effective_on = self._when(row, stand)
        try:
            _days_fit(known_on, effective_on)
        except Invalid as wrong:
            return [one for _, one in wrong.problems]
        return []

    def _when(self, row: Stated, stand: Entry | None) -> tuple[date, date]:
        known_on = row.known_on or self.today
        if row.effective_on:
            return known_on, row.effective_on
        return known_on, max(known_on, stand.effective_on) if stand and not self.history else known_on

    def _life(self, row: Stated, stand: Entry | None) -> list[Problem]:
        """Whether the row may come into the state it names, step by step from where it stands."""
        before = stand.state if stand else self.definition.first
        if row.state in (None, before):
            return []
        if row.state not in self.definition.state:
            names = "、".join(one.zh for one in self.definition.states)
            return [
                Problem("state", f"“{row.state}”不是状态，应为：{names}", f"{row.state} is no state of this register")
            ]
        if self.by is None:
            return []
        way = route(self.definition, before, row.state, self.parts)
        if way is None:
            zh, en = _no_way(self.definition, before, row.state)
            return [Problem("state", f"{zh}，或不由您办理", f"{en}, or it is not yours to make")]
        files = self.files.get(stand.pk, 0) if stand else 0
        return [one for step in way for one in lacking(self.definition, step, row.data, files)]

    def _body(self, row: Stated) -> Body | None:
        code = (row.data.get(self.definition.owner) if self.definition.owner else None) or self.definition.body
        return self.bodies.get(code)

    def _take(self, row: Stated) -> None:
        key = self.definition.key_of(row.data)
        stand = self.entries.get(key)
        new = self._content(row, stand)
        if self.history and _print(key, new) in self.told:
            self.outcome.same += 1
            return
        if stand and not self.history and _alike(stand, new):
            self.outcome.same += 1
            return
        new.number = stand.number + 1 if stand else 1
        self.outcome.changed += bool(stand)
        self.outcome.added += not stand
        self.revisions.append(_revision(new, self.by, timezone.now(), ""))
        self.told.add(_print(key, new))
        if stand is None or new.effective_on >= stand.effective_on:
            self.entries[key] = self.changed[key] = new
        else:  # an older fact that came late: history grows, what stands now stays
            stand.number = new.number
            self.changed[key] = stand

    def _content(self, row: Stated, stand: Entry | None) -> Entry:
        known_on, effective_on = self._when(row, stand)
        state = row.state
        if state is None:
            state = stand.state if stand and not self.history else self.definition.first
        reached = dict(stand.reached) if stand else {}
        if not stand or state != stand.state:
            reached = reached_after(reached, state, effective_on.isoformat())
        place = placed(self.definition, row.geometry)
        if row.geometry is None and stand:
            place = Place(stand.lon, stand.lat, stand.geometry, stand.tile)
        return Entry(
            pk=stand.pk if stand else None, programme=self.programme, register=self.definition.code,
            key=self.definition.key_of(row.data), version=self.definition.version, data=tidy(row.data), state=state,
            reached=reached, body=self._body(row), origin=row.origin or (stand.origin if stand else Origin.REPORTED),
            source=(row.source if row.source is not None else stand.source if stand else "")[:400], known_on=known_on,
            effective_on=effective_on, **place._asdict(),
        )  # fmt: skip

    def keep(self, now: datetime, why: str) -> None:
        """Write it all; entries are put by their key, so that their ids are known to their revisions."""
        names = [*CONTENT[:-2]]
        fields = [name.removesuffix("_id") for name in names]
        ids: dict[str, int] = {}
        for part in _batches(list(self.changed.values())):
            kept = Entry.objects.bulk_create(
                part, update_conflicts=True, unique_fields=["programme", "register", "key"], update_fields=fields
            )
            ids |= {one.key: one.pk for one in kept}
        before = Counter(self.before[key] for key in self.changed if key in self.before)
        _tally(self.programme, self.definition.code, before, Counter(one.state for one in self.changed.values()))
        for one in self.revisions:
            one.entry_id, one.recorded_at, one.why = ids[one.entry.key], now, why[:400]
        Revision.objects.bulk_create(self.revisions, batch_size=BATCH)
        if len(self.revisions) >= MANY:
            _take_stock()


def _take_stock() -> None:
    """Let the database count anew what its indexes hold, so that it chooses among them by what is there now."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")
        for table in (Entry, Revision):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")


def _files_of(entries: Iterable[Entry]) -> dict[int, int]:
    found: dict[int, int] = {}
    ids = sorted(one.pk for one in entries)
    for part in _batches(ids):
        found |= dict(Attachment.objects.filter(entry__in=part).order_by().values_list("entry").annotate(n=Count("id")))
    return found


def _alike(old: Entry, new: Entry) -> bool:
    names = ("data", "state", "lon", "lat", "geometry", "origin", "source", "withdrawn")
    return all(getattr(old, name) == getattr(new, name) for name in names)


def _print(key: str, row: Entry | Revision) -> tuple:
    names = ("state", "lon", "lat", "origin", "source", "withdrawn", "known_on", "effective_on")
    data = hashlib.sha256(repr(sorted(row.data.items())).encode()).digest()
    return (key, data, *(getattr(row, name) for name in names))


# --- files


@transaction.atomic
def attach(
    *, by: User | None, entry: Entry, name: str, content: bytes, taken_at: datetime | None = None, note: str = ""
) -> Attachment:
    """Keep an evidence file with an entry, under the SHA-256 of its bytes. The same file again is kept once."""
    require(by, "edit_register")
    _own(by, entry.body)
    file_fits(name, content)
    digest = hashlib.sha256(content).hexdigest()
    if found := entry.attachments.filter(sha256=digest).first():
        return found
    turn()
    keep_file(content)
    made = Attachment.objects.create(
        entry=entry, sha256=digest, name=Path(name).name[:200], size=len(content), taken_at=taken_at, note=note[:200],
        recorded_at=timezone.now(), recorded_by=by,
    )  # fmt: skip
    _write_down(by, entry.programme, "attach_file", f"{entry.register}/{entry.key}", sha256=digest, name=made.name)
    return made


def file_fits(name: str, content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        mega, most = f"{len(content) / 2**20:.1f}", LARGEST_FILE // 2**20
        raise Refused(
            f"文件“{name}”有 {mega} MB，上限 {most} MB。",
            f"The file {name} has {mega} MB, at most {most} MB are allowed.",
        )
    if not any(content.startswith(begin) for begin in KINDS):
        raise Refused(
            f"文件“{name}”不是照片（JPG、PNG）、PDF 或 Office 文件，请另存后上传。",
            f"The file {name} is no photograph (JPG, PNG), PDF or Office file; save it as one of these.",
        )


def keep_file(content: bytes) -> None:
    """Put a file among the evidence files, under its SHA-256; others see it whole or not at all."""
    path = Path(settings.MEDIA_ROOT) / file_of(hashlib.sha256(content).hexdigest())
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)


def _write_down(by: User | None, programme: Programme, verb: str, thing: str, **detail) -> None:
    record(
        by=by,
        verb=verb,
        thing=f"registers {programme.code}/{thing}"[:120],
        jurisdiction=programme.jurisdiction,
        detail=detail,
    )


# --- what tells of people goes when its time is over


LONGEST_WHY = Redaction._meta.get_field("why").max_length


@transaction.atomic
def redact(*, by: User, programme: Programme, as_of: date, why: str, seen: int | None = None) -> list[Overdue]:
    """Empty the fields that tell of people in every revision of every entry whose retention is over on `as_of`.

    seen: how many were seen to be due; where others have become due since, nobody has looked at them.

    Each field of each entry is put on record first; the database allows no other change of a revision. Numbers, states, days and
    all else stay, so an evaluation is reproduced as before. Raises Refused for a day that has not come, without a person or without
    grounds.
    """
    if by is None:
        raise Refused("清除个人信息须由人办理，请写明办理人。", "Someone must answer for this; name who does it.")
    require(by, "redact_personal")
    if as_of > timezone.localdate():
        raise Refused(
            f"{as_of} 还没有到，只能清除已到期的。", f"{as_of} has not come; only what is due can be emptied."
        )
    why = why.strip()
    if not why:
        raise Refused(
            "请写明依据，如“保存期满，按台账规定清除”。",
            "Say on what grounds, as “retention is over, by the register's rule”.",
        )
    if len(why) > LONGEST_WHY:
        raise Refused(
            f"依据最多 {LONGEST_WHY} 字，现在有 {len(why)} 字。",
            f"The grounds have {len(why)} characters; at most {LONGEST_WHY} are kept.",
        )
    now = turn()
    found = overdue(programme, as_of, now)
    if seen not in (None, len(found)):
        raise Refused(f"您看到的是 {seen} 条，现在到期的是 {len(found)} 条，请核对后再清除。",
                      f"You saw {seen} entries, {len(found)} are due now; look again before they are emptied.")  # fmt: skip
    for one in found:
        for code in one.fields:
            Redaction.objects.create(
                entry=one.entry, field=code, due_on=one.due_on, why=why, recorded_at=now, recorded_by=by
            )
            _take_out(one.entry, code)
        Entry.objects.filter(pk=one.entry.pk).update(
            data={k: v for k, v in one.entry.data.items() if k not in one.fields}
        )
    for register, rows in _by_register(found).items():
        _write_down(
            by,
            programme,
            "redact_entries",
            register,
            rows=len(rows),
            fields=sorted({c for one in rows for c in one.fields}),
            why=why,
        )
    return found


def _take_out(entry: Entry, code: str) -> None:
    """Remove one field from an entry's revisions, exactly as the trigger on them expects it."""
    table = connection.ops.quote_name(Revision._meta.db_table)
    less = "data - %s::text" if connection.vendor == "postgresql" else "JSON_REMOVE(data, '$.' || %s)"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET data = {less} WHERE entry_id = %s", [code, entry.pk])


def _by_register(found: Iterable[Overdue]) -> dict[str, list[Overdue]]:
    groups: dict[str, list[Overdue]] = {}
    for one in found:
        groups.setdefault(one.entry.register, []).append(one)
    return groups
