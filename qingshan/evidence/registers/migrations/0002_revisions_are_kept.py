"""A revision of a register's entry, a register's definition and an attachment are added, never changed or removed: the
database refuses it, whoever asks. An entry is never removed either; withdrawing one is a revision."""

from django.db import migrations

REFUSALS = [
    ("registers_revision", ("UPDATE", "DELETE"), "a revision of an entry is never changed"),
    ("registers_register", ("UPDATE", "DELETE"), "a changed definition is a new version"),
    ("registers_attachment", ("UPDATE", "DELETE"), "an evidence file stays with its entry"),
    ("registers_entry", ("DELETE",), "an entry is withdrawn, not removed"),
]


def add(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, verbs, why in REFUSALS:
        for verb in verbs:
            name = f"{table}_refuse_{verb.lower()}"
            if postgres:
                schema_editor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{why}' "
                    "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
                )
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{why}'); END"
                )


def remove(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, verbs, _ in REFUSALS:
        for verb in verbs:
            name = f"{table}_refuse_{verb.lower()}"
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgres else ""))
            if postgres:
                schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
