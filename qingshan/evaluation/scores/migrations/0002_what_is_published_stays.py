"""A published sheet keeps its period, lines and times, a signed one everything; rules, objections, answers and consents are
only ever added to. The database refuses, whoever asks.

A later migration that alters these tables runs `remove` first and `add` after, since SQLite builds an altered table anew,
without its triggers.
"""

from django.db import migrations

SHEET = "scores_sheet"
KEPT = ("programme_id", "run_id", "rules_id", "period", "since", "until", "as_of", "cutoff", "code_version", "demonstration",
        "published_on", "open_until")  # fmt: skip
ADDED_TO = {
    "scores_rules": "a changed edition of the rules is a new row",
    "scores_objection": "an objection stays as it was made",
    "scores_answer": "an answer stays as it was given",
    "scores_consent": "a consent stays as it was given",
}
# By which columns SQLite's OR REPLACE may put a row in the place of another.
SAME = {
    SHEET: [("id",), ("programme_id", "period")],
    "scores_rules": [("id",)],
    "scores_objection": [("id",), ("sheet_id", "body_id", "line")],
    "scores_answer": [("id",), ("objection_id",)],
    "scores_consent": [("id",), ("sheet_id", "body_id")],
}
ENDED = ("final", "withdrawn")


def _refusals(postgres):
    """Table, verb, condition under which it is refused, and what the database says."""
    apart = "IS DISTINCT FROM" if postgres else "IS NOT"
    changed = " OR ".join(f"OLD.{name} {apart} NEW.{name}" for name in KEPT)
    ended = " OR ".join(f"OLD.state = '{state}'" for state in ENDED)
    back = "NEW.state = 'draft'"
    yield SHEET, "UPDATE", f"{ended} OR (OLD.state = 'published' AND ({changed} OR {back}))", "a published score sheet stays"
    yield SHEET, "DELETE", "OLD.state <> 'draft'", "a published score sheet stays"
    for table, why in ADDED_TO.items():
        yield table, "UPDATE", "1 = 1", why
        yield table, "DELETE", "1 = 1", why
    if not postgres:
        for table, columns in SAME.items():
            yield table, "INSERT", _replaced(table, columns), "a row is not put in the place of another"


def _replaced(table, columns):
    same = " OR ".join("(" + " AND ".join(f"stands.{name} = NEW.{name}" for name in names) + ")" for names in columns)
    kept = "stands.state IN ('published', 'final')" if table == SHEET else "1 = 1"
    own = " OR (stands.id = NEW.id AND stands.state <> 'draft')" if table == SHEET else ""
    return f"EXISTS (SELECT 1 FROM {table} AS stands WHERE (({same}) AND {kept}){own})"


def _name(table, verb):
    return f"{table}_keep_{verb.lower()}"


def add(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, verb, when, why in _refusals(postgres):
        for statement in _trigger(postgres, table, verb, when, why):
            schema_editor.execute(statement)
    if postgres:
        for table in SAME:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_keep_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {_name(table, 'DELETE')}()"
            )


def _trigger(postgres, table, verb, when, why):
    name = _name(table, verb)
    if not postgres:
        yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        return
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{why}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"


def remove(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        for table in SAME:
            schema_editor.execute(f"DROP TRIGGER {table}_keep_truncate ON {table}")
    for table, verb, _, _ in _refusals(postgres):
        name = _name(table, verb)
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgres else ""))
        if postgres:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("scores", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
