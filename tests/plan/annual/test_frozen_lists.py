"""An issued list is frozen by the database itself: run on the database in use."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from qingshan.plan.annual import actions
from qingshan.plan.annual.models import Amendment, AnnualList, Change, Completion, Item

from . import plans
from .plans import draft, issued, named

pytestmark = pytest.mark.django_db
TABLES = [one._meta.db_table for one in (AnnualList, Amendment, Item, Change, Completion)]
postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL can empty a table past its rows"
)
sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces rows in passing")


@pytest.fixture
def annual():
    """Issued, with one issued amendment, a word on what is done, and another amendment in preparation."""
    annual = issued(plans.programme())
    for day in (date(2024, 5, 1), None):
        actions.begin_amendment(by=None, annual=annual, why="机构调整")
        actions.edit_item(by=None, item=named(annual, "疏浚河道"), quarter=3 if day else 2)
        actions.add_item(
            by=None, annual=annual, title="a" if day else "b", content="c", node="n", quarter=1, lead_code="water"
        )
        if day:
            actions.issue_amendment(by=None, annual=annual, on=day)
    actions.mark_done(by=None, item=named(annual, "编写读本"), done_on=date(2024, 6, 1))
    return annual


def refuses(act) -> None:
    with pytest.raises(DatabaseError, match="frozen|only ever"), transaction.atomic():
        act()


def sql(text: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)


def frozen(annual) -> list:
    first = annual.amendments.get(ordinal=1)
    return [annual, first, named(annual, "疏浚河道"), first.added.get(), first.changes.get(), Completion.objects.get()]


WORDS = {AnnualList: {"number": "x"}, Amendment: {"why": "x"}, Item: {"title": "x"}, Change: {"kind": "remove"},
         Completion: {"note": "x"}}  # fmt: skip


def test_nothing_of_an_issued_paper_is_changed_or_removed_one_by_one_or_in_bulk(annual):
    for row in frozen(annual):
        rows, words = type(row).objects.filter(pk=row.pk), WORDS[type(row)]
        refuses(lambda rows=rows, words=words: rows.update(**words))
        refuses(lambda rows=rows: rows._raw_delete(rows.db))
        refuses(row.save)
        name, value = next(iter(words.items()))
        setattr(row, name, value)
        refuses(lambda row=row, name=name: type(row).objects.bulk_update([row], [name]))


def test_nothing_is_added_to_an_issued_paper(annual):
    first = annual.amendments.get(ordinal=1)
    words = {"annual": annual, "order": 99, "title": "x", "content": "x", "node": "x", "quarter": 1}
    refuses(lambda: Item.objects.create(**words))
    refuses(lambda: Item.objects.create(**words, amendment=first))
    refuses(lambda: Item.objects.bulk_create([Item(**words)]))
    refuses(lambda: Change.objects.create(amendment=first, item=named(annual, "建设泵站"), kind="remove"))


def test_an_amendment_writes_only_into_its_own_list(annual):
    preparing, other = annual.amendments.get(ordinal=2), issued(annual.programme, 2025)
    words = {"order": 99, "title": "x", "content": "x", "node": "x", "quarter": 1}
    refuses(lambda: Item.objects.create(annual=other, amendment=preparing, **words))
    refuses(lambda: Change.objects.create(amendment=preparing, item=other.items.first(), kind="remove"))
    refuses(lambda: Item.objects.filter(amendment=preparing).update(amendment=annual.amendments.get(ordinal=1)))
    refuses(lambda: Item.objects.filter(amendment=preparing).update(annual=other))


def test_an_issued_list_never_becomes_a_draft_again(annual):
    refuses(lambda: AnnualList.objects.filter(pk=annual.pk).update(state="draft"))
    refuses(lambda: Amendment.objects.filter(ordinal=1).update(issued_at=None))
    refuses(lambda: Amendment.objects.filter(ordinal=1).update(ordinal=7))


def test_drafts_and_amendments_in_preparation_stay_open(annual):
    preparing = annual.amendments.get(ordinal=2)
    Item.objects.filter(amendment=preparing).update(title="改")
    Change.objects.filter(amendment=preparing).delete()
    other = draft(annual.programme, 2025)
    other.items.update(node="改")
    other.items.filter(carried_from=None).delete()
    actions.drop(by=None, annual=other)
    actions.drop_amendment(by=None, annual=annual)


@sqlite
def test_no_row_is_replaced(annual):
    for row in frozen(annual):
        table = row._meta.db_table
        refuses(
            lambda table=table, row=row: sql(
                f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE id = %s", row.pk
            )
        )
    other = draft(annual.programme, 2025)
    refuses(lambda: sql("UPDATE OR REPLACE annual_annuallist SET year = 2024 WHERE id = %s", other.pk))
    refuses(
        lambda: sql(
            "UPDATE OR REPLACE annual_item SET id = %s WHERE annual_id = %s", named(annual, "疏浚河道").pk, other.pk
        )
    )


@postgresql
def test_no_table_is_emptied_nor_one_they_hang_on(annual):
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # else the test's own rows, not the trigger, stand in the way
    for table in [*TABLES, "plan_programme"]:
        refuses(lambda table=table: sql(f"TRUNCATE {table} CASCADE"))


@postgresql
def test_no_row_is_written_over_where_it_collides(annual):
    refuses(lambda: sql("INSERT INTO annual_item SELECT * FROM annual_item ON CONFLICT (id) DO UPDATE SET title = 'x'"))
