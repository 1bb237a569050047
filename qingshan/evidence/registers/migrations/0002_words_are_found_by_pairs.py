"""On PostgreSQL what holds a text is found by an index of the pairs of letters, not by reading every row.

pg_trgm needs a role that may create extensions, and has nothing to look for in a Chinese word of two characters; pairs need
neither. The indexes themselves are made with each register's definition.
"""

from django.db import migrations

PAIRS = """
CREATE FUNCTION registers_pairs(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(upper(said), n, 2)) FROM generate_series(1, length(upper(said)) - 1) AS n
$$
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(PAIRS)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION registers_pairs(text) CASCADE")


class Migration(migrations.Migration):
    replaces = [("registers", "0005_words_are_found_by_pairs"), ("registers", "0007_fields_are_found_by_pairs")]
    dependencies = [("registers", "0001_tables")]
    operations = [migrations.RunPython(add, remove)]
