"""Registers are defined, and the indexes that their definitions need are made."""

import hashlib
from collections.abc import Iterator

from django.db import connection, transaction

from qingshan.people.actions import require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..models import Entry, Register
from ..queries import inside_json, pairs
from ..schema import Definition
from .doors import write_down

CALLED = "called"  # in place of a field: the index by which texts are found


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
    write_down(by, programme, "define_register", definition.code, version=version)
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
