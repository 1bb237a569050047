"""What the database refuses, on a table of its own and on the database in use."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from qingshan.config.frozen import NEVER, Kept, Refuse, Release, within

pytestmark = pytest.mark.django_db
WHY = "a sealed sheet stays"
SHEET = Kept("kept_sheet", WHY, update="OLD.sealed = 1", delete="OLD.sealed = 1", same=(("name",),))
LINE = Kept(
    "kept_line",
    WHY,
    **within(lambda row: f"EXISTS (SELECT 1 FROM kept_sheet s WHERE s.id = {row}.sheet_id AND s.sealed = 1)"),
)
sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces rows in passing")


def sql(text: str, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return cursor.fetchall() if cursor.description else None


def editor():
    """SQLite's own schema editor asks to stand outside a transaction; these statements need none of its care."""
    if connection.vendor == "postgresql":
        return connection.schema_editor(atomic=False)
    return nullcontext(SimpleNamespace(connection=connection, execute=sql))


def apply(operation) -> None:
    with editor() as schema:
        operation.database_forwards("kept", schema, None, None)


@pytest.fixture(autouse=True)
def tables():
    """A sealed sheet and an open one, each with a line."""
    sql("CREATE TABLE kept_sheet (id integer PRIMARY KEY, name varchar(9) UNIQUE, sealed integer)")
    sql("CREATE TABLE kept_line (id integer PRIMARY KEY, sheet_id integer, said varchar(9))")
    sql("INSERT INTO kept_sheet VALUES (1, 'sealed', 1), (2, 'open', 0)")
    sql("INSERT INTO kept_line VALUES (1, 1, 'a'), (2, 2, 'b')")
    apply(Refuse(SHEET, LINE))


def refused(text: str) -> bool:
    try:
        with transaction.atomic():
            sql(text)
    except DatabaseError as reason:
        assert WHY in str(reason)
        return True
    return False


@pytest.mark.parametrize(
    ("sealed", "open_"),
    [
        ("UPDATE kept_sheet SET name = 'x' WHERE id = 1", "UPDATE kept_sheet SET name = 'x' WHERE id = 2"),
        ("DELETE FROM kept_sheet WHERE id = 1", "DELETE FROM kept_sheet WHERE id = 2"),
        ("INSERT INTO kept_line VALUES (3, 1, 'c')", "INSERT INTO kept_line VALUES (3, 2, 'c')"),
        ("UPDATE kept_line SET said = 'x' WHERE id = 1", "UPDATE kept_line SET said = 'x' WHERE id = 2"),
        ("UPDATE kept_line SET sheet_id = 1 WHERE id = 2", "UPDATE kept_line SET sheet_id = 3 WHERE id = 2"),
        ("UPDATE kept_line SET sheet_id = 2 WHERE id = 1", "UPDATE kept_line SET sheet_id = 2 WHERE id = 2"),
        ("DELETE FROM kept_line WHERE id = 1", "DELETE FROM kept_line WHERE id = 2"),
    ],
)
def test_what_is_closed_is_refused_and_nothing_else(sealed, open_):
    assert refused(sealed) and not refused(open_)


@sqlite
@pytest.mark.parametrize(
    ("sealed", "open_"),
    [
        (
            "INSERT OR REPLACE INTO kept_sheet VALUES (1, 'x', 0)",
            "INSERT OR REPLACE INTO kept_sheet VALUES (2, 'x', 0)",
        ),
        (
            "INSERT OR REPLACE INTO kept_sheet VALUES (3, 'sealed', 0)",
            "INSERT OR REPLACE INTO kept_sheet VALUES (3, 'open', 0)",
        ),
        (
            "UPDATE OR REPLACE kept_sheet SET name = 'sealed' WHERE id = 2",
            "UPDATE OR REPLACE kept_sheet SET name = 'x' WHERE id = 2",
        ),
        ("INSERT OR REPLACE INTO kept_line VALUES (1, 2, 'x')", "INSERT OR REPLACE INTO kept_line VALUES (2, 2, 'x')"),
    ],
)
def test_no_row_is_put_aside_by_another(sealed, open_):
    assert refused(sealed) and not refused(open_)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL can empty a table past its rows")
def test_no_table_is_emptied_past_its_rows():
    assert refused("TRUNCATE kept_sheet") and refused("TRUNCATE kept_line")


def test_an_entry_that_is_brought_up_to_date_may_meet_its_row():
    apply(Refuse(Kept("kept_sheet", WHY, update=NEVER, same=(("name",),), met=True)))
    assert not refused("INSERT INTO kept_sheet VALUES (1, 'y', 1) ON CONFLICT (id) DO UPDATE SET name = 'y'")
    assert refused("DELETE FROM kept_sheet WHERE id = 2")


def test_what_is_refused_anew_takes_the_place_of_what_was():
    sql("CREATE TRIGGER of_before BEFORE UPDATE ON kept_sheet FOR EACH ROW " + (
        "EXECUTE FUNCTION kept_sheet_refuse_update()" if connection.vendor == "postgresql" else "BEGIN SELECT RAISE(ABORT, 'x'); END"
    ))  # fmt: skip
    apply(Refuse(Kept("kept_sheet", WHY, update="NEW.name IS DISTINCT FROM OLD.name")))
    assert not refused("UPDATE kept_sheet SET sealed = 0") and refused("UPDATE kept_sheet SET name = NULL WHERE id = 2")


def test_a_migration_releases_a_table_and_refuses_again():
    release = Release(SHEET)
    apply(release)
    assert not refused("UPDATE kept_sheet SET name = 'y' WHERE id = 1")
    with editor() as schema:
        release.database_backwards("kept", schema, None, None)
    assert refused("UPDATE kept_sheet SET name = 'z' WHERE id = 1")
    with editor() as schema:
        Refuse(SHEET).database_backwards("kept", schema, None, None)
    assert not refused("UPDATE kept_sheet SET name = 'z' WHERE id = 1")
    assert release.describe() == "Release kept_sheet" and Refuse(SHEET).deconstruct() == ("Refuse", [SHEET], {})
