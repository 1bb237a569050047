from datetime import date

import pytest
from django.db import Error, transaction

from qingshan.evidence.registers.actions import (
    Invalid,
    Overtaken,
    attach,
    bulk_change,
    change_entry,
    define_register,
    move,
    withdraw,
)
from qingshan.evidence.registers.models import Entry, Register, Revision
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, Role
from qingshan.people.queries import broken_audit_line
from qingshan.plan.actions import Refused

from ..outfalls import DAY, DEFINITION, LATER, added, person


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
