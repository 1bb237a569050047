"""A signed run can be neither changed nor deleted, an audit line or a figure never: the database refuses it, whoever asks."""

from django.db import migrations

REFUSALS = [
    # table, when refused (OLD is the row as it stands), what the database says
    ("evaluation_run", "OLD.signed_at IS NOT NULL", "a signed evaluation run is immutable"),
    ("people_auditline", "1 = 1", "the audit trail is only ever added to"),
    ("figures_figure", "1 = 1", "a figure is corrected by a later row"),
    ("figures_item", "1 = 1", "an item is corrected by a later row"),
]


def add(apps, schema_editor, refusals=REFUSALS):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, when, why in refusals:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuse_{verb.lower()}"
            if postgres:
                schema_editor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{why}' "
                    "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
                )
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN {when} "
                    f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
                )


def remove(apps, schema_editor, refusals=REFUSALS):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, _, _ in refusals:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuse_{verb.lower()}"
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgres else ""))
            if postgres:
                schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial"), ("people", "0001_initial"), ("figures", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
