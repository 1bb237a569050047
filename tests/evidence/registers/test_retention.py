"""What tells of people goes when its time is over: on record, by a person, and nothing else of a revision ever changes."""

from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from qingshan.cli import main as cli
from qingshan.evidence.registers.actions import change_entry, move, redact
from qingshan.evidence.registers.models import Entry, Redaction, Revision
from qingshan.evidence.registers.queries import overdue, seen, selected
from qingshan.evidence.registers.retention import due_on
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.registers.selections import Selection
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, Role
from qingshan.plan.actions import Refused
from tests.evidence.registers.outfalls import person as user
from tests.evidence.registers.served import REGISTERS, definition, put

CLOSED = date(2015, 6, 30)
DUE = date(2025, 6, 30)


@pytest.fixture
def team(programme):
    """A team with a telephone number, changed once and closed ten years before DUE."""
    put(programme)
    entry = Entry.objects.get(register="teams")
    row = {"known_on": timezone.localdate(), "by": None}
    entry = change_entry(entry=entry, expected=1, data={"phone": "021-11111111", "duty": "夜班"}, **row)
    entry = move(entry=entry, expected=2, to="closed", **row)
    Entry.objects.filter(pk=entry.pk).update(effective_on=CLOSED)
    entry.refresh_from_db()
    return entry


def listed(programme, day):
    return [(one.entry.key, one.due_on, one.fields) for one in overdue(programme, day, timezone.now())]


def test_what_is_due_and_since_when(programme, team):
    assert listed(programme, DUE - timedelta(days=1)) == []
    assert listed(programme, DUE) == [("T1", DUE, ("phone",))]


def test_a_row_that_still_lives_keeps_its_number(programme):
    put(programme)
    Entry.objects.filter(register="teams").update(effective_on=CLOSED)
    assert listed(programme, date(2040, 1, 1)) == []


def test_it_is_taken_out_of_every_revision_and_nothing_else(programme, team):
    before = list(team.revisions.order_by("number").values())
    office = user(programme, Role.OFFICE)
    redact(by=office, programme=programme, as_of=DUE, why="期满")
    after = list(team.revisions.order_by("number").values())
    assert [one["data"].pop("phone", None) for one in before] == ["021-00000000", "021-11111111", "021-11111111"]
    assert after == before
    team.refresh_from_db()
    assert "phone" not in team.data and team.data["duty"] == "夜班" and team.number == 3
    assert listed(programme, DUE) == []
    (told,) = Redaction.objects.all()
    assert (told.field, told.due_on, told.recorded_by, told.why) == ("phone", DUE, office, "期满")
    line = AuditLine.objects.order_by("-id").first()
    assert (line.verb, line.by, line.detail["fields"]) == ("redact_entries", office.username, ["phone"])
    assert "021" not in str(line.detail)


def test_an_evaluation_reads_the_same_before_and_after(programme, team):
    one, now = Selection("teams", states=("listed", "closed")), timezone.now()
    told = seen(programme, definition("teams"), one, timezone.localdate(), now)
    redact(by=user(programme, Role.OFFICE), programme=programme, as_of=DUE, why="期满")
    assert seen(programme, definition("teams"), one, timezone.localdate(), now) == told
    assert selected(programme, definition("teams"), one, timezone.localdate(), now).count() == 1


def test_only_the_office_and_only_a_person_with_grounds_and_only_what_is_due_and_was_seen(programme, team):
    office, told = user(programme, Role.OFFICE), {"programme": programme, "as_of": DUE, "why": "期满"}
    with pytest.raises(NotAllowed):
        redact(by=user(programme, Role.LIAISON, "water", "l"), **told)
    with pytest.raises(Refused, match="须由人办理"):
        redact(by=None, **told)
    with pytest.raises(Refused, match="还没有到"):
        redact(by=office, **told | {"as_of": timezone.localdate() + timedelta(days=1)})
    with pytest.raises(Refused, match="写明依据"):
        redact(by=office, **told | {"why": " "})
    with pytest.raises(Refused, match="最多 400 字，现在有 401 字"):
        redact(by=office, **told | {"why": "期" * 401})
    with pytest.raises(Refused, match="您看到的是 2 条，现在到期的是 1 条"):
        redact(by=office, **told, seen=2)
    assert Revision.objects.filter(entry=team, data__has_key="phone").count() == 3


def refused(statement: str, *values) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def less(code: str) -> str:
    return f"data - '{code}'" if connection.vendor == "postgresql" else f"JSON_REMOVE(data, '$.{code}')"


def test_the_database_allows_nothing_else(programme, team):
    office, now = user(programme, Role.OFFICE), timezone.now()
    change = "UPDATE registers_revision SET {} WHERE entry_id = %s"
    assert refused(change.format(f"data = {less('phone')}"), team.pk), "not on record"
    for code in ("phone", "duty"):
        Redaction.objects.create(entry=team, field=code, due_on=DUE, recorded_at=now, recorded_by=office)
    assert refused(change.format(f"data = {less('duty')}"), team.pk), "tells of nobody, whatever the record says"
    assert refused(change.format(f"data = {less('phone')}, state = 'listed'"), team.pk), "more than the field"
    assert refused(change.format("state = 'listed'"), team.pk)
    assert refused(change.format("""data = '{"no": "T1"}'"""), team.pk)
    assert refused("DELETE FROM registers_redaction WHERE entry_id = %s", team.pk)
    assert refused("UPDATE registers_redaction SET field = 'duty' WHERE entry_id = %s", team.pk)
    assert not refused(change.format(f"data = {less('phone')}"), team.pk)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(1, 100))
def test_years_are_counted_by_the_calendar(since, years):
    made = definition("teams").model_copy(update={"retention_years": years})
    due = due_on(made, since)
    assert due.year - since.year == years and abs((due - since.replace(day=1).replace(year=due.year)).days) <= 31


@pytest.mark.parametrize("more", [{"private": False}, {"filterable": True}, {"required": True}, {"type": "int"}])
def test_what_tells_of_people_must_be_able_to_go(more):
    column = {
        "code": "phone",
        "name": {"zh": "电话", "en": "Phone"},
        "type": "text",
        "private": True,
        "personal": True,
    } | more
    told = definition("teams").plain()
    with pytest.raises(ValidationError, match="personal"):
        Definition.model_validate(
            told | {"fields": [*(one for one in told["fields"] if one["code"] != "phone"), column]}
        )


def test_the_command_lists_and_empties(programme, team):
    ask = ["registers", "retention", "--as-of", DUE.isoformat()]
    shown = CliRunner().invoke(cli, ask)
    assert (
        shown.exit_code == 0
        and "T1" in shown.output
        and "到期应清除 1 条" in shown.output
        and "021" not in shown.output
    )
    nobody = CliRunner().invoke(cli, [*ask, "--apply"])
    assert nobody.exit_code != 0 and "须由人办理" in nobody.output
    office = user(programme, Role.OFFICE)
    done = CliRunner().invoke(cli, [*ask, "--apply", "--by", office.username, "--why", "期满"])
    assert done.exit_code == 0 and "已清除 1 条" in done.output and listed(programme, DUE) == []


def test_the_parts_are_those_of_the_schema():
    assert {serves for serves, *_ in REGISTERS.values()} >= {"zoning-units", "occurrences", "teams"}
