"""A definition of a series, a metric or a unit is never changed nor deleted either: old runs are computed anew by it."""

from importlib import import_module

from django.db import migrations

WHY = "a definition is changed by a later row"
TABLES = ("figures_series", "indicators_metric", "indicators_unit")
rows = import_module("qingshan.evaluation.migrations.0002_signed_runs_are_frozen")
ways_round = import_module("qingshan.evaluation.migrations.0003_no_way_round_the_frozen_rows")


def add(apps, schema_editor):
    rows.add(apps, schema_editor, [(table, "1 = 1", WHY) for table in TABLES])
    ways_round.add(apps, schema_editor, [(table, ("id",), "1 = 1", WHY) for table in TABLES])


def remove(apps, schema_editor):
    ways_round.remove(apps, schema_editor, [(table, ("id",), "1 = 1", WHY) for table in TABLES])
    rows.remove(apps, schema_editor, [(table, "1 = 1", WHY) for table in TABLES])


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0003_no_way_round_the_frozen_rows"),
        ("figures", "0001_initial"),
        ("indicators", "0002_units_and_longer_words"),
    ]
    operations = [migrations.RunPython(add, remove)]
