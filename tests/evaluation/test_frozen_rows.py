"""What the database itself refuses, whoever asks: run on the database in use."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from qingshan.evaluation.models import Run
from qingshan.evidence.figures.actions import add_figures, add_items, define_series
from qingshan.evidence.figures.models import Figure, Item, Series
from qingshan.indicators.actions import define_metrics, define_units
from qingshan.indicators.models import Metric, Unit
from qingshan.people.actions import record
from qingshan.people.models import AuditLine
from qingshan.plan.models import Edition
from tests.district import figure, item, person, programme

pytestmark = pytest.mark.django_db
NOW, DAY = datetime(2025, 5, 1, tzinfo=UTC), date(2025, 4, 20)


def run(signed: bool) -> Run:
    edition, _ = Edition.objects.get_or_create(
        programme=programme(), ordinal=1,
        defaults={"title": "试验计划", "starts": DAY, "ends": DAY, "origin": "x", "digest": "0" * 64, "created_at": NOW},
    )  # fmt: skip
    made = Run.objects.create(
        programme=programme(),
        edition=edition,
        as_of=DAY,
        cutoff=NOW,
        code_version="1",
        record="{}",
        digest="0" * 64,
        created_at=NOW,
    )
    if signed:
        Run.objects.filter(pk=made.pk).update(signed_at=NOW, signed_by=person("leader"))
        made.refresh_from_db()
    return made


def line():
    return record(by=None, verb="test", thing="x")


def stated():
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 31, DAY)])
    return Figure.objects.get()


def listed():
    add_items(by=None, programme=programme(), items=[item("甲", None, DAY)])
    return Item.objects.get()


def series():
    fields = {"code": "pm25", "name": "细颗粒物", "frequency": "month", "origin": "official", "source": {}}
    define_series(by=None, programme=programme(), definitions=[fields])
    return Series.objects.get()


def metric():
    fields = {
        "code": "pm25",
        "name": "细颗粒物",
        "better": "lower",
        "formula": "annual_mean",
        "inputs": {"series": "pm25"},
    }
    define_metrics(by=None, programme=programme(), definitions=[fields])
    return Metric.objects.get()


def unit():
    define_units(by=None, programme=programme(), units={"个": "items"})
    return Unit.objects.get()


FROZEN = {
    "a signed run": (lambda: run(signed=True), {"record": "[]"}, "signed evaluation run is immutable"),
    "an audit line": (line, {"verb": "other"}, "only ever added to"),
    "a figure": (stated, {"value": 1}, "corrected by a later row"),
    "an item": (listed, {"value": 2}, "corrected by a later row"),
    "a series": (series, {"origin": "simulated"}, "changed by a later row"),
    "a metric": (metric, {"formula": "latest"}, "changed by a later row"),
    "a unit": (unit, {"unit_en": "pieces"}, "changed by a later row"),
}


@pytest.fixture(params=FROZEN)
def frozen(request):
    make, change, why = FROZEN[request.param]
    return make(), change, why


def refuses(act, why: str | None = None) -> None:
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        act()


def sql(text: str, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)


def test_the_orm_cannot_change_it(frozen):
    row, change, why = frozen
    before = type(row).objects.values().get(pk=row.pk)
    refuses(lambda: type(row).objects.filter(pk=row.pk).update(**change), why)
    for name, value in change.items():
        setattr(row, name, value)
    refuses(row.save, why)
    assert type(row).objects.values().get(pk=row.pk) == before


def test_the_orm_cannot_delete_it(frozen):
    row, _, why = frozen
    refuses(lambda: type(row).objects.filter(pk=row.pk).delete(), why)
    refuses(lambda: type(row).objects.filter(pk=row.pk)._raw_delete("default"), why)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_sql_cannot_change_delete_or_replace_it(frozen):
    row, change, why = frozen
    table, name = row._meta.db_table, next(iter(change))
    refuses(lambda: sql(f"UPDATE {table} SET {name} = {name} WHERE id = %s", row.pk), why)
    refuses(lambda: sql(f"DELETE FROM {table} WHERE id = %s", row.pk), why)
    if connection.vendor == "postgresql":
        sql(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # what is still to be checked would stand in the way before the trigger does
        refuses(lambda: sql(f"TRUNCATE {table} CASCADE"), why)
    else:
        refuses(lambda: sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE id = %s", row.pk), why)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_seal_cannot_be_taken_over():
    standing = line()
    fields = AuditLine.objects.values().get(pk=standing.pk) | {"id": standing.pk + 1}
    refuses(lambda: AuditLine.objects.create(**fields))
    if connection.vendor == "sqlite":
        columns = "at, by, role, verb, thing, jurisdiction_id, detail, seal"
        refuses(
            lambda: sql(f"INSERT OR REPLACE INTO people_auditline ({columns}) SELECT {columns} FROM people_auditline"),
            "only ever",
        )
    assert AuditLine.objects.get() == standing


def test_a_refusal_is_an_integrity_error():
    made = run(signed=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.delete()


def test_an_unsigned_run_can_be_changed_and_deleted():
    made = run(signed=False)
    made.record = "[]"
    made.save()
    sql("UPDATE evaluation_run SET code_version = '2' WHERE id = %s", made.pk)
    made.refresh_from_db()
    assert (made.record, made.code_version) == ("[]", "2")
    made.delete()
    assert not Run.objects.exists()


TRIGGERS = {
    "sqlite": "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal",
}


def test_every_table_that_refuses_removal_refuses_the_ways_round_it():
    """PostgreSQL's TRUNCATE fires no trigger on rows, nor does the removal that SQLite's OR REPLACE makes."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        found = cursor.fetchall()

    def guarded(verb: str) -> set[str]:
        return {table for table, told in found if f"BEFORE {verb}" in told.replace("OR DELETE", "BEFORE DELETE")}

    kept = guarded("DELETE")
    assert len(kept) > 20
    open_ways = kept - guarded("TRUNCATE" if connection.vendor == "postgresql" else "INSERT")
    # An entry may be updated, and one replaced under another id is missed by its revisions.
    assert open_ways == (set() if connection.vendor == "postgresql" else {"registers_entry"})
