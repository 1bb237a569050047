"""What the database itself refuses of score sheets, whoever asks: run on the database in use."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from qingshan.evaluation.scores import actions
from qingshan.evaluation.scores.models import Answer, Consent, Objection, Rules, Sheet

from .rulesets import AS_OF, county, person, sheet

pytestmark = pytest.mark.django_db
LINE = "findings findings 2"
LATER = AS_OF + timedelta(30)


@pytest.fixture
def draft():
    return sheet(county())


@pytest.fixture
def published(draft):
    return actions.publish(by=None, sheet=draft, on=AS_OF)


@pytest.fixture
def answered(published):
    liaison = person("liaison", published.programme)
    made = actions.object_to(by=liaison, sheet=published, line=LINE, reason="已按期整改完成", evidence="", on=AS_OF)
    actions.answer(by=None, objection=made, upheld=False, reason="没有办结记录")
    actions.consent(by=person("liaison", published.programme, "farm"), sheet=published)
    return published


@pytest.fixture
def final(answered):
    return actions.sign(by=person("leader", answered.programme), sheet=answered, on=LATER)


def refused(step) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        step()


def alike(row, **changed):
    return {**{field.attname: getattr(row, field.attname) for field in row._meta.fields}, **changed}


@pytest.mark.parametrize(
    "change",
    [{"as_of": LATER}, {"period": "2025"}, {"open_until": LATER}, {"published_on": LATER}, {"demonstration": False}, {"state": "draft"},
     {"code_version": "x"}, {"until": LATER}],
)  # fmt: skip
def test_a_published_sheet_keeps_what_it_was_published_with(published, change):
    refused(lambda: Sheet.objects.filter(pk=published.pk).update(**change))


def test_a_published_sheet_cannot_be_removed_and_a_draft_can(draft):
    published = actions.publish(by=None, sheet=draft, on=AS_OF)
    refused(lambda: Sheet.objects.filter(pk=published.pk)._raw_delete("default"))
    actions.withdraw(by=None, sheet=published, why="取数有误重来")
    refused(lambda: Sheet.objects.filter(pk=published.pk)._raw_delete("default"))
    refused(lambda: Sheet.objects.filter(pk=published.pk).update(state="published"))
    again = sheet(published.programme)
    assert Sheet.objects.filter(pk=again.pk)._raw_delete("default")


@pytest.mark.parametrize(
    "change", [{"record": "{}"}, {"digest": "0" * 64}, {"state": "published"}, {"signed_at": None}]
)
def test_a_final_sheet_is_never_changed(final, change):
    refused(lambda: Sheet.objects.filter(pk=final.pk).update(**change))
    refused(lambda: Sheet.objects.filter(pk=final.pk)._raw_delete("default"))


@pytest.mark.parametrize(
    ("model", "change"),
    [(Rules, {"version": "x"}), (Objection, {"reason": "x"}), (Answer, {"upheld": True}), (Consent, {"at": None})],
)
def test_what_is_only_added_to_stays(answered, model, change):
    row = model.objects.get()
    if change == {"at": None}:
        change = {"at": row.at + timedelta(1)}
    refused(lambda: model.objects.filter(pk=row.pk).update(**change))
    refused(lambda: model.objects.filter(pk=row.pk)._raw_delete("default"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="OR REPLACE is SQLite's")
@pytest.mark.parametrize("model", [Sheet, Rules, Objection, Answer, Consent])
def test_nothing_is_put_in_the_place_of_a_row(final, model):
    row = model.objects.get()
    told = alike(row)
    names, marks = ", ".join(f'"{name}"' for name in told), ", ".join(["%s"] * len(told))
    values = [
        str(value) if value is not None and not isinstance(value, (int, bool)) else value for value in told.values()
    ]

    def replace():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT OR REPLACE INTO {model._meta.db_table} ({names}) VALUES ({marks})", values)

    refused(replace)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE is PostgreSQL's")
@pytest.mark.parametrize("model", [Sheet, Rules, Objection, Answer, Consent])
def test_no_table_is_emptied(final, model):
    def truncate():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")

    refused(truncate)
