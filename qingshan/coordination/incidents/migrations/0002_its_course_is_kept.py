"""An incident's calls and events are only ever added to, and to a closed one nothing is; of an incident itself closing is the one
change. The database refuses the rest, whoever asks.

A later migration that alters these tables runs `remove` first and `add` after, since SQLite builds an altered table anew,
without its triggers.
"""

from django.db import migrations

INCIDENT, CALL, EVENT = "incidents_incident", "incidents_call", "incidents_event"
WHY = "the course of an incident is kept as it was written"
SAME = {INCIDENT: ("programme_id", "ordinal"), CALL: ("incident_id", "entry_id"), EVENT: ("call_id", "kind")}
FIXED = ("programme_id", "ordinal", "drill", "kind", "title", "place", "lon", "lat", "began_at", "opened_at", "opened_by_id", "simulated")  # fmt: skip


def _refusals(postgres):
    """Table, verb, and the condition under which it is refused."""
    differs = "IS DISTINCT FROM" if postgres else "IS NOT"
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FIXED)
    yield INCIDENT, "UPDATE", f"OLD.closed_at IS NOT NULL OR {changed}"
    yield INCIDENT, "DELETE", "1 = 1"
    for table in (CALL, EVENT):
        yield table, "UPDATE", "1 = 1"
        yield table, "DELETE", "1 = 1"
        closed = f"EXISTS (SELECT 1 FROM {INCIDENT} i WHERE i.id = NEW.incident_id AND i.closed_at IS NOT NULL)"
        yield table, "INSERT", closed if postgres else f"{closed} OR {_stands(table)}"
    if not postgres:
        yield INCIDENT, "INSERT", _stands(INCIDENT)


def _stands(table):
    """Whether SQLite's OR REPLACE would put the row in the place of another."""
    same = " AND ".join(f"s.{name} = NEW.{name}" for name in SAME[table])
    return f"EXISTS (SELECT 1 FROM {table} s WHERE s.id = NEW.id OR ({same}))"


def add(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, verb, refused in _refusals(postgres):
        for statement in (_of_postgres if postgres else _of_sqlite)(table, verb, refused):
            schema_editor.execute(statement)
    for table in SAME if postgres else ():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_kept_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {_name(table, 'DELETE')}()"
        )


def remove(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in SAME if postgres else ():
        schema_editor.execute(f"DROP TRIGGER {table}_kept_truncate ON {table}")
    for table, verb, _ in _refusals(postgres):
        schema_editor.execute(f"DROP TRIGGER {_name(table, verb)}" + (f" ON {table}" if postgres else ""))
        if postgres:
            schema_editor.execute(f"DROP FUNCTION {_name(table, verb)}()")


def _name(table, verb):
    return f"{table}_kept_{verb.lower()}"


def _of_sqlite(table, verb, refused):
    yield (f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} FOR EACH ROW WHEN {refused} "
           f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END")  # fmt: skip


def _of_postgres(table, verb, refused):
    name, row = _name(table, verb), "OLD" if verb == "DELETE" else "NEW"
    yield (f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {refused} THEN RAISE EXCEPTION '{WHY}' "
           f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$ LANGUAGE plpgsql")  # fmt: skip
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
