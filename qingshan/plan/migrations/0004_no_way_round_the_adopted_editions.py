"""PostgreSQL's TRUNCATE goes round triggers on rows; of editions and what they hold it is refused whole."""

from django.db import migrations

TABLES = ("plan_edition", "plan_theme", "plan_task", "plan_target", "plan_measure", "plan_involvement")
WHY = "an adopted edition is frozen"


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(
        f"CREATE FUNCTION plan_refuse_truncate() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{WHY}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION plan_refuse_truncate()"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_refuse_truncate ON {table}")
    schema_editor.execute("DROP FUNCTION plan_refuse_truncate()")


class Migration(migrations.Migration):
    dependencies = [("plan", "0003_adopted_editions_are_frozen")]
    operations = [migrations.RunPython(add, remove)]
