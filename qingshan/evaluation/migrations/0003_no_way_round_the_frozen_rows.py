"""The two ways past a trigger on rows: SQLite's INSERT OR REPLACE, and PostgreSQL's TRUNCATE."""

from django.db import migrations

REFUSALS = [
    # table, columns by which a row may be replaced, which standing rows may not be, what the database says
    ("evaluation_run", ("id",), "stands.signed_at IS NOT NULL", "a signed evaluation run is immutable"),
    ("people_auditline", ("id", "seal"), "1 = 1", "the audit trail is only ever added to"),
    ("figures_figure", ("id",), "1 = 1", "a figure is corrected by a later row"),
    ("figures_item", ("id",), "1 = 1", "an item is corrected by a later row"),
]


def add(apps, schema_editor, refusals=REFUSALS):
    guard = _against_truncate if schema_editor.connection.vendor == "postgresql" else _against_replace
    for refusal in refusals:
        for statement in guard(*refusal):
            schema_editor.execute(statement)


def _against_replace(table, columns, when, why):
    same = " OR ".join(f"stands.{name} = NEW.{name}" for name in columns)
    yield (f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} FOR EACH ROW "
           f"WHEN EXISTS (SELECT 1 FROM {table} AS stands WHERE ({same}) AND {when}) BEGIN SELECT RAISE(ABORT, '{why}'); END")


def _against_truncate(table, columns, when, why):
    # The function of 0002 says why; here it is called once for the statement.
    yield f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse_delete()"


def remove(apps, schema_editor, refusals=REFUSALS):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, *_ in refusals:
        drop = f"{table}_refuse_truncate ON {table}" if postgres else f"{table}_refuse_replace"
        schema_editor.execute(f"DROP TRIGGER {drop}")


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_signed_runs_are_frozen")]
    operations = [migrations.RunPython(add, remove)]
