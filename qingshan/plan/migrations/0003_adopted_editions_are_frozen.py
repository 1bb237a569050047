"""An edition that is no longer a draft is frozen with all it holds: the database refuses, whoever asks.

Only one step is left to it: an adopted edition may be superseded. A later migration that alters these tables runs
`remove` first and `add` after, since SQLite builds an altered table anew, without its triggers.
"""

from django.db import migrations

OF_EDITION = ("plan_theme", "plan_task", "plan_target")
OF_TASK = ("plan_measure", "plan_involvement")
PARTS = (*OF_EDITION, *OF_TASK)
WHY = "an adopted edition is frozen"
MOVES = {"state", "superseded_at"}


def add(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    trigger = _trigger_of_postgres if postgres else _trigger_of_sqlite
    for table, verb, refused in _refusals(apps, postgres):
        for statement in trigger(table, verb, refused):
            schema_editor.execute(statement)


def remove(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, verb, _ in _refusals(apps, postgres):
        schema_editor.execute(f"DROP TRIGGER {_name(table, verb)}" + (f" ON {table}" if postgres else ""))
        if postgres:
            schema_editor.execute(f"DROP FUNCTION {_name(table, verb)}()")


def _refusals(apps, postgres):
    """Table, verb, and the condition under which it is refused."""
    yield "plan_edition", "UPDATE", f"OLD.state <> 'draft' AND ({_content_differs(apps, postgres)} OR NOT {_may_move(postgres)})"
    yield "plan_edition", "DELETE", "OLD.state <> 'draft'"
    if not postgres:  # INSERT OR REPLACE deletes without asking the DELETE triggers
        yield "plan_edition", "INSERT", "EXISTS (SELECT 1 FROM plan_edition WHERE id = NEW.id AND state <> 'draft')"
    for table in PARTS:
        replaced = f" OR EXISTS (SELECT 1 FROM {table} AS stands WHERE stands.id = NEW.id AND {_frozen('stands', table)})"
        yield table, "INSERT", _frozen("NEW", table) + ("" if postgres else replaced)
        yield table, "UPDATE", f"{_frozen('OLD', table)} OR {_frozen('NEW', table)}"
        yield table, "DELETE", _frozen("OLD", table)


def _frozen(row, table):
    edition = f"{row}.edition_id" if table in OF_EDITION else f"(SELECT t.edition_id FROM plan_task t WHERE t.id = {row}.task_id)"
    return f"EXISTS (SELECT 1 FROM plan_edition e WHERE e.id = {edition} AND e.state <> 'draft')"


def _content_differs(apps, postgres):
    fields = apps.get_model("plan", "Edition")._meta.concrete_fields
    columns = [field.column for field in fields if field.name not in MOVES]
    return " OR ".join(_differs(f'OLD."{name}"', f'NEW."{name}"', postgres) for name in columns)


def _differs(one, other, postgres):
    return f"{one} IS DISTINCT FROM {other}" if postgres else f"{one} IS NOT {other}"


def _may_move(postgres):
    stays = f"(NEW.state = OLD.state AND NOT ({_differs('OLD.superseded_at', 'NEW.superseded_at', postgres)}))"
    return f"({stays} OR (OLD.state = 'adopted' AND NEW.state = 'superseded' AND NEW.superseded_at IS NOT NULL))"


def _name(table, verb):
    return f"{table}_frozen_{verb.lower()}"


def _trigger_of_sqlite(table, verb, refused):
    yield (f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} FOR EACH ROW WHEN {refused} "
           f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END")


def _trigger_of_postgres(table, verb, refused):
    name, row = _name(table, verb), "OLD" if verb == "DELETE" else "NEW"
    yield (f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {refused} THEN RAISE EXCEPTION '{WHY}' "
           f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$ LANGUAGE plpgsql")
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


class Migration(migrations.Migration):
    dependencies = [("plan", "0002_longer_names")]
    operations = [migrations.RunPython(add, remove)]
