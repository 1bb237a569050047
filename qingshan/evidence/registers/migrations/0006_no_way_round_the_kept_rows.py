"""The ways past a trigger on rows, for what a register keeps: SQLite's OR REPLACE, and PostgreSQL's TRUNCATE."""

from django.db import migrations

REFUSALS = {
    # table: how a row is told apart besides its id, what the database says
    "registers_revision": (("entry_id", "number"), "a revision of an entry is never changed"),
    "registers_register": (("programme_id", "code", "version"), "a changed definition is a new version"),
    "registers_attachment": (("entry_id", "sha256"), "an evidence file stays with its entry"),
    "registers_entry": (("programme_id", "register", "key"), "an entry is withdrawn, not removed"),
}


def add(apps, schema_editor):
    guard = _against_truncate if schema_editor.connection.vendor == "postgresql" else _against_replace
    for table, (same, why) in REFUSALS.items():
        for statement in guard(table, same, why):
            schema_editor.execute(statement)


def _against_replace(table, same, why):
    alike = "stands.id = NEW.id OR (" + " AND ".join(f"stands.{name} = NEW.{name}" for name in same) + ")"
    # An entry is brought up to date by an insertion that meets its row, which no trigger tells from one that replaces it. What
    # replaces it under its id changes no more than an update may; under another, it leaves revisions without their entry, which
    # the foreign key refuses.
    verbs = {"INSERT": "", "UPDATE": " AND stands.id <> OLD.id"} if table != "registers_entry" else {"UPDATE": " AND stands.id <> OLD.id"}
    for verb, other in verbs.items():
        yield (f"CREATE TRIGGER {table}_refuse_replace_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW WHEN EXISTS "
               f"(SELECT 1 FROM {table} AS stands WHERE ({alike}){other}) BEGIN SELECT RAISE(ABORT, '{why}'); END")  # fmt: skip


def _against_truncate(table, same, why):
    # The function of 0002 says why; here it is called once for the statement.
    yield f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse_delete()"


def remove(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in REFUSALS:
        if postgres:
            schema_editor.execute(f"DROP TRIGGER {table}_refuse_truncate ON {table}")
        else:
            for verb in ("insert", "update"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_refuse_replace_{verb}")


class Migration(migrations.Migration):
    dependencies = [("registers", "0005_words_are_found_by_pairs")]
    operations = [migrations.RunPython(add, remove)]
