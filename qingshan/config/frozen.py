"""Rows that the database itself refuses to change, remove or replace, whoever asks: triggers on SQLite and PostgreSQL alike.

A migration says `Refuse(Kept(…), …)`. One that alters such a table says `Release` first and `Refuse` again after, since SQLite
builds an altered table anew, without its triggers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.migrations.operations.base import Operation

ALWAYS, NEVER = "1 = 1", ""
STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal",
}


@dataclass(frozen=True)
class Kept:
    """A table, what its database says when it refuses, and when it does: conditions in SQL on the rows OLD and NEW.

    `same`: what besides the id tells a row apart, as its columns or as a condition on the rows `stands` and NEW; SQLite's OR
    REPLACE puts such a row aside without asking the triggers of removal. `met`: an insertion may meet its row, to bring it up to
    date. PostgreSQL's TRUNCATE, which asks no trigger on rows either, is refused always.
    """

    table: str
    why: str
    update: str | dict[str, str] = ALWAYS  # by vendor, where one text does not do for both
    delete: str = ALWAYS
    insert: str = NEVER
    same: tuple[tuple[str, ...] | str, ...] = ()
    met: bool = False

    def triggers(self, vendor: str) -> Iterator[str]:
        """Statements that make the triggers of a vendor's database."""
        trigger = _of_postgres if vendor == "postgresql" else _of_sqlite
        for verb, refused in self._refused(vendor):
            yield trigger(self, verb, refused)

    def _refused(self, vendor: str) -> Iterator[tuple[str, str]]:
        """Each verb with the condition under which it is refused."""
        update = self.update if isinstance(self.update, str) else self.update[vendor]
        asked = {"INSERT": [self.insert], "UPDATE": [update], "DELETE": [self.delete], "TRUNCATE": [ALWAYS]}
        if vendor == "sqlite":
            del asked["TRUNCATE"]
            asked["INSERT"] += [] if self.met else [self._aside()]
            asked["UPDATE"] += [] if update == ALWAYS else [self._aside("stands.id <> OLD.id")]
        for verb, conditions in asked.items():
            if said := " OR ".join(f"({one})" for one in conditions if one):
                yield verb, said

    def _aside(self, other: str = ALWAYS) -> str:
        """Whether a standing row that may not be removed would be put aside for the new one."""
        alike = " OR ".join(f"({one})" for one in map(_alike, (("id",), *self.same)))
        frozen = self.delete.replace("OLD.", "stands.")
        return f"EXISTS (SELECT 1 FROM {self.table} AS stands WHERE ({alike}) AND {other} AND ({frozen}))"


def _alike(same: tuple[str, ...] | str) -> str:
    return same if isinstance(same, str) else " AND ".join(f"stands.{name} = NEW.{name}" for name in same)


def _name(table: str, verb: str) -> str:
    return f"{table}_refuse_{verb.lower()}"


def _of_sqlite(kept: Kept, verb: str, refused: str) -> str:
    when = refused.replace("IS DISTINCT FROM", "IS NOT")  # which every SQLite knows that Django runs on
    return (f"CREATE TRIGGER {_name(kept.table, verb)} BEFORE {verb} ON {kept.table} FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{kept.why}'); END")  # fmt: skip


def _of_postgres(kept: Kept, verb: str, refused: str) -> str:
    name, row = _name(kept.table, verb), "NEW" if verb in ("INSERT", "UPDATE") else "OLD"
    each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
    return (f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {refused} THEN RAISE EXCEPTION '{kept.why}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$ LANGUAGE plpgsql; "
            f"CREATE TRIGGER {name} BEFORE {verb} ON {kept.table} FOR EACH {each} EXECUTE FUNCTION {name}()")  # fmt: skip


def within(frozen: Callable[[str], str]) -> dict[str, str]:
    """When Kept refuses a row that hangs on the paper it stands in: `frozen` says of a row, OLD or NEW, whether that is closed."""
    return {"insert": frozen("NEW"), "update": f"{frozen('OLD')} OR {frozen('NEW')}", "delete": frozen("OLD")}


class Refuse(Operation):
    """From here on the database refuses what each table says, in place of whatever it refused before."""

    reversible = True

    def __init__(self, *tables: Kept):
        self.tables = tables

    def deconstruct(self):
        return type(self).__name__, list(self.tables), {}

    def describe(self):
        return f"{type(self).__name__} {', '.join(one.table for one in self.tables)}"

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        _release(self.tables, schema_editor)
        for one in self.tables:
            for statement in one.triggers(schema_editor.connection.vendor):
                schema_editor.execute(statement)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        _release(self.tables, schema_editor)


class Release(Refuse):
    """From here on the database refuses nothing of these tables."""

    database_forwards, database_backwards = Refuse.database_backwards, Refuse.database_forwards


def _release(tables: Sequence[Kept], schema_editor) -> None:
    """Take away every trigger that stands on the tables, but for those of foreign keys."""
    connection = schema_editor.connection
    for one in tables:
        with connection.cursor() as cursor:
            cursor.execute(STANDING[connection.vendor], [one.table])
            standing = [name for (name,) in cursor.fetchall()]
        for name in standing:
            schema_editor.execute(
                f"DROP TRIGGER {name}" + (f" ON {one.table}" if connection.vendor == "postgresql" else "")
            )
