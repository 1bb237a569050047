import re
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from django.db import Error, transaction

from qingshan.evidence.registers.actions import (
    Invalid,
    Overtaken,
    Stated,
    add_entry,
    attach,
    bulk_change,
    change_entry,
    define_register,
    examine,
    index_names,
    move,
    put_entries,
    withdraw,
)
from qingshan.evidence.registers.models import Attachment, Entry, Register, Revision
from qingshan.evidence.registers.queries import definition_of, file_of, register_now
from qingshan.evidence.registers.schema import Definition
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, Role
from qingshan.people.queries import broken_audit_line
from qingshan.plan.actions import Refused

from ...district import programme
from .outfalls import DAY, DEFINITION, OUTFALLS, person, point, stated

LATER = date(2025, 4, 1)


def changed(change):
    told = deepcopy(OUTFALLS)
    change(told)
    return Definition.model_validate(told)


def added(register, by=None, no="P-1", **data):
    return add_entry(
        by=by, programme=register, register="outfalls", data={"no": no, **data}, known_on=DAY, effective_on=DAY,
        geometry=point(121.2, 30.8),
    )  # fmt: skip


# Definitions.


def test_a_changed_definition_is_a_new_version_and_old_rows_stay_readable(register):
    entry = added(register, town="枫镇")
    again = define_register(by=None, programme=register, definition=DEFINITION)
    assert again.version == 1
    wider = changed(lambda d: d["fields"].pop(2))
    assert define_register(by=None, programme=register, definition=wider).version == 2
    assert "town" in definition_of(entry).field and "town" not in register_now(register, "outfalls").field
    assert [one.version for one in Register.objects.all()] == [1, 2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(key=["no", "name"]) or d["fields"][1].update(required=True), "唯一键不能由 no 改为"),
        (lambda d: d["fields"][2].update(type="int"), "类型不能由 text 改为 int"),
        (lambda d: d.update(states=[], transitions=[]), "仍处于状态 found"),
    ],
)
def test_a_definition_under_which_rows_could_not_be_read_is_refused(register, change, words):
    added(register, town="枫镇")
    with pytest.raises(Refused) as refused:
        define_register(by=None, programme=register, definition=changed(change))
    assert words in refused.value.zh and Register.objects.count() == 1


def indexes() -> set[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, "registers_entry")
    return {one for one in there if re.match("entries_[0-9a-f]{10}_", one)}


def test_indexes_follow_the_definition(register):
    assert indexes() == set(index_names(DEFINITION))
    other = changed(lambda d: d["fields"][2].update(filterable=False))
    define_register(by=None, programme=register, definition=other)
    assert indexes() == set(index_names(other)) and len(indexes()) == len(index_names(DEFINITION)) - 1


def test_programmes_share_the_indexes_of_a_register_and_none_takes_away_what_another_needs(register):
    neighbour = programme("neighbour")
    define_register(by=None, programme=neighbour, definition=DEFINITION)
    assert indexes() == set(index_names(DEFINITION))
    without = changed(lambda d: d["fields"][2].update(filterable=False))
    define_register(by=None, programme=neighbour, definition=without)
    assert indexes() == {*index_names(DEFINITION), *index_names(without)}


# One row.


def test_a_row_is_added_with_its_first_revision_and_an_audit_line(register):
    entry = added(register, flow="12.5")
    (first,) = entry.revisions.all()
    assert (entry.state, entry.number, entry.body.code, entry.reached) == ("found", 1, "water", {"found": "2025-03-01"})
    assert (first.data, first.known_on, first.lon) == ({"no": "P-1", "flow": "12.5"}, DAY, 121.2)
    assert AuditLine.objects.filter(verb="add_entry", thing="registers riverbend/outfalls/P-1").count() == 1
    assert broken_audit_line() is None


def test_a_row_that_does_not_fit_is_not_kept(register):
    with pytest.raises(Invalid) as wrong:
        added(register, flow="-1", pipes=99)
    assert [problem.field for _, problem in wrong.value.problems] == ["flow", "pipes"]
    assert "小于下限 0；另有 1 处问题" in wrong.value.zh and not Entry.objects.exists()


def test_a_key_is_given_once(register):
    added(register)
    with pytest.raises(Invalid, match="已在台账中"):
        added(register)


def test_a_change_names_the_revision_it_was_made_on(register):
    office = person(register)
    entry = added(register, town="枫镇", flow="1")
    change_entry(by=office, entry=entry, expected=1, data={"town": "廊镇", "flow": None}, known_on=LATER, why="核对")
    with pytest.raises(Overtaken) as late:
        change_entry(by=None, entry=entry, expected=1, data={"town": "朱镇"}, known_on=LATER)
    assert "您打开的是第 1 版，office-all已于" in late.value.zh
    assert "水量由“1”改为“空”，镇由“枫镇”改为“廊镇”" in late.value.zh and "没有保存" in late.value.zh
    entry.refresh_from_db()
    assert (entry.data, entry.number) == ({"no": "P-1", "town": "廊镇"}, 2)
    assert [one.data.get("town") for one in entry.revisions.order_by("number")] == ["枫镇", "廊镇"]


def test_a_key_stays(register):
    entry = added(register)
    with pytest.raises(Refused, match="不能修改"):
        change_entry(by=None, entry=entry, expected=1, data={"no": "P-2"})


def test_days_go_forward(register):
    entry = added(register)
    with pytest.raises(Refused, match="早于现有版本的生效日"):
        change_entry(
            by=None, entry=entry, expected=1, data={"town": "x"}, known_on=LATER, effective_on=date(2025, 2, 1)
        )
    with pytest.raises(Invalid, match="晚于知悉日"):
        change_entry(by=None, entry=entry, expected=1, data={"town": "x"}, known_on=DAY, effective_on=LATER)


# The life of a row.


def test_a_move_asks_who_and_for_proof(register, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office, liaison = person(register), person(register, Role.LIAISON, "water")
    entry = move(by=liaison, entry=added(register), expected=1, to="traced", known_on=LATER)
    with pytest.raises(Refused, match="不能直接转为"):
        move(by=liaison, entry=entry, expected=2, to="verified")
    with pytest.raises(Invalid, match="转为“已整治”前须填写“整治完成”"):
        move(by=liaison, entry=entry, expected=2, to="mended")
    with pytest.raises(NotAllowed, match="须由责任部门办理"):
        move(by=office, entry=entry, expected=2, to="mended", data={"mended_on": "2025-04-02"})
    entry = move(by=liaison, entry=entry, expected=2, to="mended", data={"mended_on": "2025-04-02"})
    with pytest.raises(NotAllowed, match="须由计划办办理"):
        move(by=liaison, entry=entry, expected=3, to="verified")
    with pytest.raises(Invalid, match="须有证明材料 1 份，现有 0 份"):
        move(by=office, entry=entry, expected=3, to="verified")
    attach(by=liaison, entry=entry, name="after.jpg", content=b"\xff\xd8\xff photo")
    assert move(by=office, entry=entry, expected=3, to="verified").state == "verified"
    assert list(entry.revisions.order_by("number").values_list("state", flat=True)) == [
        "found",
        "traced",
        "mended",
        "verified",
    ]


def test_a_liaison_writes_only_the_own_body_s_rows(register):
    liaison, entry = person(register, Role.LIAISON, "farm"), added(register)
    with pytest.raises(NotAllowed, match="这一条由水务局负责"):
        change_entry(by=liaison, entry=entry, expected=1, data={"town": "x"})
    with pytest.raises(Invalid, match="这一条由水务局负责"):
        added(register, by=liaison, no="P-2")
    own = added(register, by=liaison, no="P-3", keeper="farm")
    with pytest.raises(NotAllowed):
        change_entry(by=liaison, entry=own, expected=1, data={"keeper": "water"})
    own.refresh_from_db()
    assert own.number == 1 and own.body.code == "farm"


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.ADMIN])
def test_others_only_read(register, role):
    with pytest.raises(NotAllowed):
        added(register, by=person(register, role))
    with pytest.raises(NotAllowed):
        define_register(by=person(register, role, name="other"), programme=register, definition=DEFINITION)


def test_a_liaison_defines_no_register(register):
    with pytest.raises(NotAllowed):
        define_register(by=person(register, Role.LIAISON, "water"), programme=register, definition=DEFINITION)


def test_a_withdrawn_row_stays_on_record(register):
    entry = added(register)
    with pytest.raises(Refused, match="请写明为什么"):
        withdraw(by=None, entry=entry, expected=1, why=" ")
    withdraw(by=None, entry=entry, expected=1, why="重复登记", known_on=LATER)
    entry.refresh_from_db()
    assert entry.withdrawn and entry.revisions.get(number=2).why == "重复登记"
    with pytest.raises(Refused, match="已撤下"):
        change_entry(by=None, entry=entry, expected=2, data={"town": "x"})


def test_many_rows_change_together_or_not_at_all(register):
    first, second = added(register), added(register, no="P-2")
    with pytest.raises(Overtaken):
        bulk_change(by=None, entries={first.pk: 1, second.pk: 7}, data={"town": "枫镇"}, known_on=LATER)
    assert Revision.objects.count() == 2
    assert bulk_change(by=None, entries={first.pk: 1, second.pk: 1}, to="traced", known_on=LATER) == 2
    assert set(Entry.objects.values_list("state", "number")) == {("traced", 2)}


def test_the_database_keeps_what_was_written(register):
    entry = added(register)
    for write in (
        lambda: Revision.objects.update(state="verified"),
        lambda: Revision.objects.all()._raw_delete("default"),
        lambda: Register.objects.update(version=9),
        lambda: Entry.objects.filter(pk=entry.pk)._raw_delete("default"),
    ):
        with pytest.raises(Error), transaction.atomic():
            write()


# Many rows.


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


# Files.


def test_a_file_is_kept_once_under_its_digest(register, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    entry = added(register)
    one = attach(by=None, entry=entry, name="../../x/photo.png", content=b"\x89PNG 1")
    assert attach(by=None, entry=entry, name="again.png", content=b"\x89PNG 1") == one
    assert (one.name, Attachment.objects.count()) == ("photo.png", 1)
    assert (Path(tmp_path) / file_of(one.sha256)).read_bytes() == b"\x89PNG 1"
    with pytest.raises(Refused, match="不是照片"):
        attach(by=None, entry=entry, name="x.jpg", content=b"<script>")
    with pytest.raises(NotAllowed):
        attach(by=person(register, Role.LIAISON, "farm"), entry=entry, name="x.png", content=b"\x89PNG 2")
