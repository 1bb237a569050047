"""What was handed in, each step of a report, and the way back from a figure are only added to; so are schedules."""

from importlib import import_module

from django.db import migrations

TABLES = {
    "reports_version": ("what was handed in stays as it is", ("id",)),
    "reports_step": ("a step of a report stays on record", ("id",)),
    "reports_entered": ("the way back from a figure stays", ("id",)),
    "reports_schedule": ("a schedule is changed by a later row", ("id",)),
}
rows = import_module("qingshan.evaluation.migrations.0002_signed_runs_are_frozen")
ways_round = import_module("qingshan.evaluation.migrations.0003_no_way_round_the_frozen_rows")


def add(apps, schema_editor):
    rows.add(apps, schema_editor, [(table, "1 = 1", why) for table, (why, _) in TABLES.items()])
    ways_round.add(apps, schema_editor, [(table, columns, "1 = 1", why) for table, (why, columns) in TABLES.items()])
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER reports_version_refuse_same BEFORE INSERT ON reports_version FOR EACH ROW WHEN EXISTS (SELECT 1 FROM "
            "reports_version AS stands WHERE stands.report_id = NEW.report_id AND stands.number = NEW.number) "
            "BEGIN SELECT RAISE(ABORT, 'what was handed in stays as it is'); END"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER reports_version_refuse_same")
    ways_round.remove(apps, schema_editor, [(table, columns, "1 = 1", why) for table, (why, columns) in TABLES.items()])
    rows.remove(apps, schema_editor, [(table, "1 = 1", why) for table, (why, _) in TABLES.items()])


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("evaluation", "0003_no_way_round_the_frozen_rows")]
    operations = [migrations.RunPython(add, remove)]
