"""An issued list and an issued amendment are frozen with all they hold: the database refuses, whoever asks.

Into an issued list only an amendment in preparation writes, and only its own items and changes. What was said to be done
is only ever added to. A later migration that alters these tables runs `remove` first and `add` after, since SQLite builds
an altered table anew, without its triggers.
"""

from django.db import migrations

WHY = "an issued list is frozen"
LIST, AMENDMENT, ITEM, CHANGE, DONE = (f"annual_{name}" for name in ("annuallist", "amendment", "item", "change", "completion"))
# By which columns SQLite's OR REPLACE may put a row in the place of another.
SAME = {
    LIST: [("id",), ("programme_id", "year")],
    AMENDMENT: [("id",), ("annual_id", "ordinal")],
    ITEM: [("id",), ("annual_id", "measure_id"), ("annual_id", "target_id"), ("annual_id", "carried_from_id")],
    CHANGE: [("id",), ("amendment_id", "item_id")],
    DONE: [("id",)],
}


def _frozen(row, table):
    """The condition under which a row may not be written, as it stands in that moment."""
    return {
        LIST: f"{row}.state <> 'draft'",
        AMENDMENT: f"{row}.issued_at IS NOT NULL",
        ITEM: f"NOT EXISTS (SELECT 1 FROM {LIST} l WHERE l.id = {row}.annual_id AND l.state = 'draft') AND NOT EXISTS "
              f"(SELECT 1 FROM {AMENDMENT} a WHERE a.id = {row}.amendment_id AND a.annual_id = {row}.annual_id AND a.issued_at IS NULL)",
        CHANGE: f"NOT EXISTS (SELECT 1 FROM {AMENDMENT} a JOIN {ITEM} i ON i.annual_id = a.annual_id "
                f"WHERE a.id = {row}.amendment_id AND i.id = {row}.item_id AND a.issued_at IS NULL)",
        DONE: "1 = 1",
    }[table]


def _refusals(postgres):
    """Table, verb, and the condition under which it is refused."""
    for table in SAME:
        old, new = _frozen("OLD", table), _frozen("NEW", table)
        inside = table in (ITEM, CHANGE)  # rows whose right to be written hangs on the paper they stand in
        insert = [new] if inside else []
        update = [old, new] if inside else [old]
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
        schema_editor.execute("DROP FUNCTION annual_refuse_truncate()")


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


def _against_truncate():
    yield (f"CREATE FUNCTION annual_refuse_truncate() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{WHY}' "
           "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql")
    for table in SAME:
        yield f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION annual_refuse_truncate()"


class Migration(migrations.Migration):
    dependencies = [("annual", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
