"""What the database itself refuses, whoever asks: run on the database in use."""

import pytest
from django.db import DatabaseError, connection, transaction

from qingshan.coordination import actions
from qingshan.coordination.models import AgendaItem, Alert, AlertStep, Decision, Handling, Meeting, Rulebook
from qingshan.people.models import User
from tests.coordination.stuck import FIRST, THIRD, bodies, decided, late_node, liaison, ruled, run

pytestmark = pytest.mark.django_db
SIGNED = "signed minutes are frozen"
ADDED = "only ever added to"


def refused(write, why: str) -> None:
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        write()


def alert() -> Alert:
    ruled()
    late_node()
    run(FIRST)
    return Alert.objects.get()


def step() -> AlertStep:
    return actions.acknowledge(by=liaison(bodies()[0]), alert=alert(), on=FIRST, note="办")


def handling() -> Handling:
    return actions.report_done(by=liaison(bodies()[0]), decision=decided(due_on=THIRD), on=FIRST, note="办了")


def rulebook() -> Rulebook:
    ruled()
    return Rulebook.objects.get()


KEPT = {
    "a rulebook": (rulebook, {"rules": []}),
    "an alert": (alert, {"level": 2}),
    "a step of an alert": (step, {"note": "改"}),
    "a word on an assignment": (handling, {"note": "改"}),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_only_added_to_is_neither_changed_nor_removed(name):
    make, change = KEPT[name]
    row = make()
    rows = type(row).objects.filter(pk=row.pk)
    refused(lambda: rows.update(**change), ADDED)
    refused(lambda: rows._raw_delete("default"), ADDED)


@pytest.fixture
def signed() -> Meeting:
    decision = decided(due_on=THIRD)
    meeting = decision.item.meeting
    actions.sign_minutes(by=User.objects.get(role="leader"), meeting=meeting)
    return meeting


@pytest.mark.parametrize("model", [Meeting, AgendaItem, Decision])
def test_signed_minutes_are_neither_changed_nor_removed(signed, model):
    change = {Meeting: {"summary": "改"}, AgendaItem: {"title": "改"}, Decision: {"wording": "改"}}[model]
    refused(lambda: model.objects.all().update(**change), SIGNED)
    refused(lambda: model.objects.all()._raw_delete("default"), SIGNED)


def test_nothing_is_added_to_a_signed_meeting(signed):
    refused(lambda: AgendaItem.objects.create(meeting=signed, order=9, title="又一件"), SIGNED)


def test_nothing_is_moved_into_or_out_of_a_signed_meeting(signed):
    other = actions.call_meeting(by=None, programme=signed.programme, held_on=THIRD)
    loose = actions.add_to_agenda(by=None, meeting=other, title="另议")
    refused(lambda: AgendaItem.objects.filter(pk=loose.pk).update(meeting=signed), SIGNED)
    refused(lambda: AgendaItem.objects.filter(meeting=signed).update(meeting=other), SIGNED)


def test_an_unsigned_meeting_can_be_changed_and_an_assignment_handled_after_signing(signed):
    actions.report_done(by=liaison(bodies()[0]), decision=Decision.objects.get(), on=FIRST, note="办了")
    other = actions.call_meeting(by=None, programme=signed.programme, held_on=THIRD)
    assert actions.edit_meeting(by=None, meeting=other, place="二楼").place == "二楼"


def test_there_is_no_way_round(signed):
    row = alert()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("coordination_alertstep", "coordination_decision, coordination_handling"):
                refused(lambda table=table: cursor.execute(f"TRUNCATE {table} CASCADE"), f"{ADDED}|{SIGNED}")
        else:
            columns = "programme_id, rulebook_id, kind, key, episode, level, matter, days_late, raised_on, answer_by, raised_at"
            refused(
                lambda: cursor.execute(
                    f"INSERT OR REPLACE INTO coordination_alert ({columns}) SELECT {columns.replace('days_late', '0')} "
                    "FROM coordination_alert WHERE id = %s", [row.pk],
                ), ADDED,
            )  # fmt: skip
            names = "id, programme_id, ordinal, held_on, title, place, chairs, present, summary, simulated, prepared_at"
            refused(
                lambda: cursor.execute(
                    f"INSERT OR REPLACE INTO coordination_meeting ({names}) SELECT {names} FROM coordination_meeting WHERE id = %s",
                    [signed.pk],
                ), SIGNED,
            )  # fmt: skip
