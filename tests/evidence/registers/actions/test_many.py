from datetime import date

import pytest

from qingshan.evidence.registers.actions import Invalid, Stated, define_register, examine, put_entries
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.schema import Definition
from qingshan.people.models import Role

from ..outfalls import DAY, LATER, added, person, stated


def test_saying_the_same_again_changes_nothing(register):
    rows = [stated("1", town="枫镇"), stated("2", "traced")]
    told = {"by": None, "programme": register, "register": "outfalls", "rows": rows}
    first, again = put_entries(**told), put_entries(**told)
    assert (first.added, first.changed, first.same) == (2, 0, 0) and (again.added, again.changed, again.same) == (
        0,
        0,
        2,
    )
    more = put_entries(**told | {"rows": [stated("1", town="廊镇", day=LATER), stated("3")]})
    assert (more.added, more.changed, more.same) == (1, 1, 0)
    assert Entry.objects.get(key="1").data["town"] == "廊镇" and Entry.objects.get(key="1").revisions.count() == 2


def test_a_change_there_and_back_is_two_changes(register):
    for town in ("a", "b", "a"):
        put_entries(by=None, programme=register, register="outfalls", rows=[stated("1", town=town)])
    assert Entry.objects.get(key="1").number == 3 and Entry.objects.get(key="1").data["town"] == "a"


def test_history_is_loaded_once(register):
    rows = [
        stated("1"),
        stated("1", "traced", day=LATER),
        stated("1", "mended", day=date(2025, 5, 1), mended_on="2025-05-01"),
    ]
    told = {"by": None, "programme": register, "register": "outfalls", "rows": rows, "history": True}
    first, again = put_entries(**told), put_entries(**told)
    assert (first.added, first.changed) == (1, 2) and again.same == 3
    entry = Entry.objects.get()
    assert entry.reached == {"found": "2025-03-01", "traced": "2025-04-01", "mended": "2025-05-01"}
    assert (entry.state, entry.number, entry.revisions.count()) == ("mended", 3, 3)


def test_an_older_fact_that_comes_late_does_not_replace_what_stands(register):
    put_entries(by=None, programme=register, register="outfalls", rows=[stated("1", "traced", day=LATER)], history=True)
    put_entries(
        by=None, programme=register, register="outfalls", rows=[stated("1", "found", known=LATER)], history=True
    )
    entry = Entry.objects.get()
    assert (entry.state, entry.number, entry.revisions.count()) == ("traced", 2, 2)


def test_all_or_nothing_with_every_problem(register):
    rows = [stated("1"), stated("2", flow="x"), stated("1"), stated("4", pipes=0)]
    found = examine(by=None, programme=register, register="outfalls", rows=rows)
    assert [(place, one.field) for place, one in found.problems] == [(1, "flow"), (2, "no"), (3, "pipes")]
    with pytest.raises(Invalid):
        put_entries(by=None, programme=register, register="outfalls", rows=rows)
    assert not Entry.objects.exists()


def test_a_file_may_not_jump_over_a_proof(register):
    liaison = person(register, Role.LIAISON, "water")
    told = {"by": liaison, "programme": register, "register": "outfalls"}
    with pytest.raises(Invalid, match="整治完成"):
        put_entries(**told, rows=[stated("1", "mended")])
    with pytest.raises(Invalid, match="不由您办理"):
        put_entries(**told, rows=[stated("1", "verified", mended_on="2025-04-01")])
    assert put_entries(**told, rows=[stated("1", "mended", mended_on="2025-02-01")]).added == 1


def test_a_reference_must_be_there(register):
    told = {"code": "visits", "name": {"zh": "检查", "en": "Visits"}, "key": ["no"], "body": "water", "fields": [
        {"code": "no", "name": {"zh": "编号", "en": "Number"}, "type": "text", "required": True},
        {"code": "outfall", "name": {"zh": "排口", "en": "Outfall"}, "type": "reference", "register": "outfalls"}]}  # fmt: skip
    define_register(by=None, programme=register, definition=Definition.model_validate(told))
    added(register)
    rows = [Stated({"no": "1", "outfall": "P-1"}, known_on=DAY), Stated({"no": "2", "outfall": "P-9"}, known_on=DAY)]
    found = examine(by=None, programme=register, register="visits", rows=rows)
    assert [(place, one.zh) for place, one in found.problems] == [(1, "“排口”“P-9”不在台账 outfalls 中")]
