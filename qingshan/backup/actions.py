import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction
from django.db.models import Field, Model
from django.utils import timezone

from qingshan.evidence.registers.actions import remake_indexes
from qingshan.people.actions import record
from qingshan.people.models import AuditHead, User
from qingshan.people.queries import broken_audit_line

from . import values
from .archive import Reader, Unfit, Writer, blocks_of, opened, staging, written
from .queries import (
    SNAPSHOT,
    columns,
    count_of,
    files_of,
    folders,
    migrations,
    occupied,
    rows_of,
    snapshot,
    tables,
)

BATCH = 1000
Tick = Callable[[int], object]
Watch = Callable[
    [int], Tick
]  # told how many rows and files there are, gives what is called with how many more are done


def unwatched(total: int) -> Tick:
    return lambda done: None


# --- taking


def take(*, by: User | None, place: Path, watch: Watch = unwatched) -> dict[str, Any]:
    """All that this home holds, as it is at one moment, in a new file. Returns its manifest.

    Others may write meanwhile; what they write is in the next backup. Files are only ever added, so those listed after
    the moment are at least those that the rows speak of.
    """
    with written(place) as archive:
        with transaction.atomic():
            record(by=by, verb="take_backup", thing=f"qingshan.backup {place.name}"[:120])
        sound = broken_audit_line() is None
        with snapshot():
            manifest = _taken(archive, sound, watch)
        archive.close(manifest)
    return manifest


def _taken(archive: Writer, sound: bool, watch: Watch) -> dict[str, Any]:
    models, head = tables(), AuditHead.objects.using(SNAPSHOT).get()
    manifest = {
        "made": timezone.now().isoformat(),
        "version": version("qingshan"),
        "database": connection.vendor,
        "migrations": migrations(SNAPSHOT),
        "trail": {"lines": head.lines, "seal": head.seal, "sound": sound},
    }
    counts = {model: count_of(model) for model in models}
    found = [(name, place, path) for name, place in folders().items() for path in files_of(place)]
    tick = watch(sum(counts.values()) + len(found))
    manifest["tables"] = [_table(archive, model, counts[model], tick) for model in models]
    manifest["files"] = [_file(archive, name, place, path, tick) for name, place, path in found]
    return manifest


def _table(archive: Writer, model: type[Model], count: int, tick: Tick) -> dict[str, Any]:
    label = model._meta.label_lower
    part = archive.add(f"tables/{label}.jsonl", _lines(rows_of(model), tick))
    return {"table": label, "columns": [one.column for one in columns(model)], "rows": count, **part._asdict()}


def _lines(rows: Iterable[Sequence], tick: Tick) -> Iterator[bytes]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield b"".join(map(values.line, batch))
        tick(len(batch))


def _file(archive: Writer, name: str, place: Path, path: Path, tick: Tick) -> dict[str, Any]:
    part = archive.add(f"{name}/{path.relative_to(place).as_posix()}", blocks_of(path), packed=False)
    tick(1)
    return part._asdict()


# --- restoring


def restore(*, by: User | None, place: Path, watch: Watch = unwatched) -> dict[str, Any]:
    """A backup into this home, whose database and folders are empty: all of it or nothing. Returns its manifest.

    Raises Unfit for an archive that is damaged, foreign or of another version, and for a home that is not empty.
    """
    with opened(place) as archive, staging(settings.HOME) as stage:
        _fits(archive.manifest)
        occupied()
        tick = watch(sum(one["rows"] for one in archive.manifest["tables"]) + len(archive.manifest["files"]))
        for one in archive.manifest["files"]:
            archive.extract(one["name"], stage)
            tick(1)
        _all_or_nothing(by, place, archive, stage, tick)
        return archive.manifest


def _all_or_nothing(by: User | None, place: Path, archive: Reader, stage: Path, tick: Tick) -> None:
    moved: list[Path] = []
    try:
        with transaction.atomic():
            _rows(archive, tick)
            _trail_is_the_same(archive.manifest["trail"])
            made = datetime.fromisoformat(archive.manifest["made"])
            detail = {"made": f"{timezone.localtime(made):%Y-%m-%d %H:%M}", "seal": archive.manifest["trail"]["seal"]}
            record(by=by, verb="restore_backup", thing=f"qingshan.backup {place.name}"[:120], detail=detail)
            _into_place(stage, moved)
    except BaseException:
        for folder in moved:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _fits(manifest: dict[str, Any]) -> None:
    """Raise Unfit unless this version's tables are those of the backup."""
    theirs, ours = map(tuple, manifest["migrations"]), map(tuple, migrations(DEFAULT_DB_ALIAS))
    theirs, ours = set(theirs), set(ours)
    if theirs != ours:
        told = "、".join("/".join(one) for one in sorted(theirs ^ ours)[:3])
        raise Unfit(
            f"备份由 {manifest['version']} 版作成，数据库结构有 {len(theirs)} 步，本程序有 {len(ours)} 步，不同的如 {told}。"
            "请先用作备份时的版本恢复，再升级。",
            f"The backup was made by version {manifest['version']} with {len(theirs)} migrations; this version has {len(ours)}; "
            f"they differ in {told}. Restore it with the version that made it, then upgrade.",
        )
    told = {one["table"]: sorted(one["columns"]) for one in manifest["tables"]}
    known = {one._meta.label_lower: sorted(field.column for field in columns(one)) for one in tables()}
    strange = {one["name"].partition("/")[0] for one in manifest["files"]} - folders().keys()
    if told != known or strange:
        differ = "、".join(
            sorted({name for name in told.keys() | known.keys() if told.get(name) != known.get(name)} | strange)
        )
        raise Unfit(
            f"备份中的内容与本程序不符：{differ}。", f"The backup's content is not that of this version: {differ}."
        )


def _rows(archive: Reader, tick: Tick) -> None:
    models = {one._meta.label_lower: one for one in tables()}
    with _triggers_away():
        occupied()
        for told in archive.manifest["tables"]:
            model = models[told["table"]]
            _put(model, told, archive.lines(told["name"]), tick)
        _whole("外键", connection.check_constraints)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)
    remake_indexes(by=None)


def _put(model: type[Model], told: dict[str, Any], lines: Iterable[bytes], tick: Tick) -> None:
    fields = {one.column: one for one in columns(model)}
    chosen = [fields[name] for name in told["columns"]]
    quoted = connection.ops.quote_name
    into = f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(quoted(one.column) for one in chosen)})"
    statement = f"{into} VALUES ({', '.join(['%s'] * len(chosen))})"
    lines, count = iter(lines), 0
    with connection.cursor() as cursor:
        while batch := list(islice(lines, BATCH)):
            _whole(told["table"], lambda: cursor.executemany(statement, [_stored(chosen, text) for text in batch]))
            count += len(batch)
            tick(len(batch))
    if count != told["rows"]:
        raise Unfit(
            f"表 {told['table']} 应有 {told['rows']} 行，备份中有 {count} 行。没有写入任何内容。",
            f"The table {told['table']} should have {told['rows']} rows, the backup has {count}. Nothing was written.",
        )


def _stored(fields: Sequence[Field], text: bytes) -> list[Any]:
    row = values.row(text)
    return [
        one.get_db_prep_save(None if value is None else one.to_python(value), connection)
        for one, value in zip(fields, row, strict=True)
    ]


def _whole(what: str, step: Callable[[], object]) -> None:
    """Do a step; where the database does not take it, say of what."""
    try:
        step()
    except (DatabaseError, ValidationError, ValueError, TypeError) as failure:
        told = " ".join(str(failure).split())[:200]
        raise Unfit(
            f"数据库没有接受 {what} 的内容（{told}），没有写入任何内容。",
            f"The database did not take {what} ({told}); nothing was written.",
        ) from failure


def _trail_is_the_same(told: dict[str, Any]) -> None:
    broken, head = broken_audit_line(), AuditHead.objects.get()
    if (broken is None, head.lines, head.seal) != (told["sound"], told["lines"], told["seal"]):
        raise Unfit(
            f"恢复后的审计记录与备份不符：应有 {told['lines']} 条，现有 {head.lines} 条，或封印不同。没有写入任何内容。",
            f"The audit trail is not that of the backup: {told['lines']} lines there, {head.lines} here, or another seal. Nothing was written.",
        )


def _into_place(stage: Path, moved: list[Path]) -> None:
    for name, place in folders().items():
        if (stage / name).is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            moved.append(place)
            if place.is_dir():
                place.rmdir()
            shutil.move(stage / name, place)


# --- triggers

ENABLE = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}
TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname, c.relname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace",
}


@contextmanager
def _triggers_away() -> Iterator[None]:
    """Rows as they once became may be written, frozen ones too; afterwards every trigger is in force as before.

    It all happens in the caller's transaction: whoever looks sees the triggers in force, and a failure leaves them so.
    """
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        found = cursor.fetchall()
        for statement in map(_away if connection.vendor == "sqlite" else _disabled, found):
            cursor.execute(statement)
        yield
        for statement in map(_again if connection.vendor == "sqlite" else _enabled, found):
            cursor.execute(statement)


def _away(trigger: tuple) -> str:
    return f"DROP TRIGGER {connection.ops.quote_name(trigger[0])}"


def _again(trigger: tuple) -> str:
    return trigger[1]


def _disabled(trigger: tuple) -> str:
    name, table, _ = map(connection.ops.quote_name, trigger)
    return f"ALTER TABLE {table} DISABLE TRIGGER {name}"


def _enabled(trigger: tuple) -> str:
    name, table, _ = map(connection.ops.quote_name, trigger)
    return f"ALTER TABLE {table} {ENABLE[trigger[2]]} TRIGGER {name}"
