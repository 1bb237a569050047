"""What the database itself refuses of a register's rows, whoever asks: run on the database in use."""

import pytest
from django.db import DatabaseError, connection, transaction

from qingshan.evidence.registers.actions import attach, change_entry
from qingshan.evidence.registers.models import Attachment, Entry, Register, Revision

from .outfalls import stated
from .test_queries import put

pytestmark = pytest.mark.django_db
WHY = {
    Revision: "never changed",
    Register: "is a new version",
    Attachment: "stays with its entry",
    Entry: "withdrawn, not removed",
}


@pytest.fixture
def kept(register, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    put(register, stated("1"), stated("2"))
    entry = Entry.objects.get(key="1")
    attach(by=None, entry=entry, name="a.jpg", content=b"\xff\xd8\xff")
    return entry


def refused(why: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", WHY)
def test_no_row_is_removed_replaced_or_emptied_away(kept, model):
    table, why = model._meta.db_table, WHY[model]
    refused(why, f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refused(why, f"TRUNCATE {table} CASCADE")
    elif model is not Entry:
        refused(why, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert model.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces rows")
def test_an_update_that_replaces_another_row_is_refused(kept):
    refused(WHY[Entry], "UPDATE OR REPLACE registers_entry SET key = '2' WHERE key = '1'")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces rows")
def test_an_entry_under_another_id_leaves_revisions_that_the_database_misses(kept):
    names = ", ".join(one.column for one in Entry._meta.concrete_fields if one.name != "id")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO registers_entry ({names}) SELECT {names} FROM registers_entry")
        connection.check_constraints()


def test_an_entry_can_still_be_changed_and_put_again(kept):
    changed = change_entry(by=None, entry=kept, expected=kept.number, data={"name": "新名"})
    put(kept.programme, stated("1", name="又一名"))
    assert changed.number == 2 and Entry.objects.get(pk=kept.pk).number == 3
