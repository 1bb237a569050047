"""On PostgreSQL what holds a text is found by an index of the pairs of letters in keys and titles, not by reading every row.

pg_trgm needs a role that may create extensions, and has nothing to look for in a Chinese word of two characters; pairs need
neither. Indexes of registers that are there already are made here; others with their definition.
"""

import hashlib

from django.db import migrations

PAIRS = """
CREATE FUNCTION registers_pairs(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(upper(said), n, 2)) FROM generate_series(1, length(upper(said)) - 1) AS n
$$
"""


def _short(text):
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(PAIRS)
    newest = {}
    for one in apps.get_model("registers", "Register").objects.order_by("version"):
        newest[one.programme_id, one.code] = one.definition.get("title") or ""
    for code, title in {(code, title) for (_, code), title in newest.items()}:
        told = f"(key || E'\\n' || COALESCE((data ->> '{title}'), ''))" if title else "(key)"
        schema_editor.execute(
            f"CREATE INDEX entries_{_short(code)}_{_short(f'called {title}')} ON registers_entry USING gin (registers_pairs({told})) "
            f"WHERE register = '{code}' AND NOT withdrawn"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION registers_pairs(text) CASCADE")


class Migration(migrations.Migration):
    dependencies = [("registers", "0004_redactions")]
    operations = [migrations.RunPython(add, remove)]
