"""Alerts, what became of them, rulebooks and words on assignments are only ever added to; signed minutes are frozen with all
they hold. The database refuses, whoever asks.

A later migration that alters these tables runs `remove` first and `add` after, since SQLite builds an altered table anew,
without its triggers.
"""

from django.db import migrations

ADDED, SIGNED = "this is only ever added to", "signed minutes are frozen"
RULES, ALERT, STEP, HANDLING, MEETING, ITEM, DECISION = (
    f"coordination_{name}" for name in ("rulebook", "alert", "alertstep", "handling", "meeting", "agendaitem", "decision")
)
KEPT = (RULES, ALERT, STEP, HANDLING)
# By which columns SQLite's OR REPLACE may put a row in the place of another.
SAME = {
    RULES: [("id",), ("programme_id", "version")],
    ALERT: [("id",), ("programme_id", "kind", "key", "episode", "level")],
    STEP: [("id",), ("alert_id", "kind")],
    HANDLING: [("id",)],
    MEETING: [("id",), ("programme_id", "ordinal")],
    ITEM: [("id",)],
    DECISION: [("id",), ("item_id",)],
}


def _frozen(row, table):
    """The condition under which a row may not be written."""
    if table in KEPT:
        return "1 = 1"
    return {
        MEETING: f"{row}.signed_at IS NOT NULL",
        ITEM: f"EXISTS (SELECT 1 FROM {MEETING} m WHERE m.id = {row}.meeting_id AND m.signed_at IS NOT NULL)",
        DECISION: f"EXISTS (SELECT 1 FROM {ITEM} i JOIN {MEETING} m ON m.id = i.meeting_id "
                  f"WHERE i.id = {row}.item_id AND m.signed_at IS NOT NULL)",
    }[table]


def _why(table):
    return ADDED if table in KEPT else SIGNED


def _refusals(postgres):
    """Table, verb, and the condition under which it is refused."""
    for table in SAME:
        old, new = _frozen("OLD", table), _frozen("NEW", table)
        inside = table in (ITEM, DECISION)  # rows whose right to be written hangs on the meeting they stand in
        insert, update = ([new], [old, new]) if inside else ([], [old])
        if not postgres:
            insert.append(_replaced(table))
            update.append(_replaced(table, "stands.id <> OLD.id"))
        if insert:
            yield table, "INSERT", " OR ".join(f"({one})" for one in insert)
        yield table, "UPDATE", " OR ".join(f"({one})" for one in update)
        yield table, "DELETE", old


def _replaced(table, other="1 = 1"):
    same = " OR ".join("(" + " AND ".join(f"stands.{name} = NEW.{name}" for name in names) + ")" for names in SAME[table])
    return f"EXISTS (SELECT 1 FROM {table} AS stands WHERE ({same}) AND {other} AND {_frozen('stands', table)})"


def add(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    trigger = _trigger_of_postgres if postgres else _trigger_of_sqlite
    for table, verb, refused in _refusals(postgres):
        for statement in trigger(table, verb, refused):
            schema_editor.execute(statement)
    if postgres:
        for statement in _against_truncate():
            schema_editor.execute(statement)


def remove(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, verb, _ in _refusals(postgres):
        schema_editor.execute(f"DROP TRIGGER {_name(table, verb)}" + (f" ON {table}" if postgres else ""))
        if postgres:
            schema_editor.execute(f"DROP FUNCTION {_name(table, verb)}()")
    if postgres:
        for table in SAME:
            schema_editor.execute(f"DROP TRIGGER {table}_refuse_truncate ON {table}")
        schema_editor.execute("DROP FUNCTION coordination_refuse_truncate()")


def _name(table, verb):
    return f"{table}_kept_{verb.lower()}"


def _trigger_of_sqlite(table, verb, refused):
    yield (f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} FOR EACH ROW WHEN {refused} "
           f"BEGIN SELECT RAISE(ABORT, '{_why(table)}'); END")


def _trigger_of_postgres(table, verb, refused):
    name, row = _name(table, verb), "OLD" if verb == "DELETE" else "NEW"
    yield (f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {refused} THEN RAISE EXCEPTION '{_why(table)}' "
           f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$ LANGUAGE plpgsql")
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _against_truncate():
    yield (f"CREATE FUNCTION coordination_refuse_truncate() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{ADDED}' "
           "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql")
    for table in SAME:
        yield (f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
               "EXECUTE FUNCTION coordination_refuse_truncate()")


class Migration(migrations.Migration):
    dependencies = [("coordination", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
