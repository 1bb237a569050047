"""What the database itself refuses, whoever asks: run on the database in use."""

import pytest
from django.db import DatabaseError, connection, transaction

from qingshan.coordination.incidents import actions
from qingshan.coordination.incidents.models import Call, Event, Incident
from tests.coordination.incidents.drills import minute, opened, resources

pytestmark = pytest.mark.django_db
WHY = "kept as it was written"
CHANGES = {Incident: {"title": "改"}, Call: {"minutes": 1}, Event: {"note": "改"}}


def refused(write) -> None:
    with pytest.raises(DatabaseError, match=WHY), transaction.atomic():
        write()


@pytest.fixture
def drill() -> Incident:
    made = opened()
    actions.call_out(by=None, incident=made, resources=resources(), asked="", at=minute(1))
    return made


@pytest.mark.parametrize("model", CHANGES)
def test_nothing_is_changed_or_removed(drill, model):
    refused(lambda: model.objects.all().update(**CHANGES[model]))
    refused(lambda: model.objects.all()._raw_delete("default"))


def test_a_closed_one_takes_nothing_more(drill):
    actions.close_incident(by=None, incident=drill, at=minute(60), summary="有效")
    refused(lambda: Incident.objects.update(summary="改"))
    event = Event.objects.first()
    refused(lambda: Event.objects.create(incident=drill, kind="note", at=event.at, recorded_at=event.at))
    call = Call.objects.first()
    refused(lambda: Call.objects.create(incident=drill, entry=call.entry, title="x", body=call.body, metres=1, minutes=1, called_at=event.at))  # fmt: skip


@pytest.mark.parametrize("table", ["incidents_incident", "incidents_call", "incidents_event"])
def test_ways_round_a_trigger_are_shut(drill, table):
    def go_round():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"TRUNCATE {table} CASCADE")
            else:
                cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")

    refused(go_round)
