from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine
from qingshan.people.queries import broken_audit_line
from qingshan.plan import actions
from qingshan.plan.actions import Refused
from qingshan.plan.document import NotAPlan
from qingshan.plan.importing import LIMIT, Unreadable
from qingshan.plan.models import Edition, Involvement, Measure, Target, Task, Theme
from tests.plan import sample

pytestmark = pytest.mark.django_db
OTHERS = ["liaison", "leader", "auditor", "admin"]


def lines(verb=None):
    found = AuditLine.objects.filter(thing__startswith="plan.edition")
    return list(found.filter(verb=verb) if verb else found)


def stored():
    return [table.objects.count() for table in (Edition, Theme, Task, Involvement, Measure, Target)]


def fields(target, **changed):
    return {"name": target.name, "kind": target.kind, "op": target.op, "value": target.value, "unit": target.unit,
            "due": target.due} | changed  # fmt: skip


WRITES = {
    "draft": lambda by, e: actions.draft(by=by, programme=e.programme, name="b.txt", data=sample.data(sample.LATER)),
    "edit_edition": lambda by, e: actions.edit_edition(
        by=by, edition=e, title="新名", number="", issuer="", issued=None, starts=e.starts, ends=e.ends
    ),
    "edit_target": lambda by, e: actions.edit_target(by=by, target=e.targets.first(), value=Decimal(29)),
    "add_target": lambda by, e: actions.add_target(
        by=by, edition=e, task=None, name="透明度", kind="lower_bound", op=">=", value=Decimal("0.6"), unit="m", due=e.ends
    ),
    "remove_target": lambda by, e: actions.remove_target(by=by, target=e.targets.first(), why="误读"),
    "edit_task": lambda by, e: actions.edit_task(by=by, task=e.tasks.first(), title="新名"),
    "remove_task": lambda by, e: actions.remove_task(by=by, task=e.tasks.get(no="4"), why="误读"),
    "set_involvements": lambda by, e: actions.set_involvements(by=by, task=e.tasks.first(), parts={"区水务局": "lead"}),
    "adopt": lambda by, e: actions.adopt(by=by, edition=e),
    "discard": lambda by, e: actions.discard(by=by, edition=e),
}  # fmt: skip
EDITS = [name for name in WRITES if name != "draft"]


@pytest.mark.parametrize("name", WRITES)
def test_every_write_leaves_one_line_and_the_trail_holds(name, edition, office):
    before = len(lines())
    WRITES[name](office, edition)
    assert len(lines()) == before + 1
    assert lines()[-1].by == office.username
    assert broken_audit_line() is None


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("name", WRITES)
def test_only_the_office_writes(name, role, edition, person):
    before, trail = stored(), len(lines())
    someone = person(role)
    with pytest.raises(NotAllowed):
        WRITES[name](someone, edition)
    assert stored() == before
    assert len(lines()) == trail


@pytest.mark.parametrize("state", ["adopted", "superseded", "discarded"])
@pytest.mark.parametrize("name", EDITS)
def test_what_is_no_draft_any_more_is_frozen(name, state, edition, office):
    Edition.objects.filter(pk=edition.pk).update(state=state)
    trail = len(lines())
    with pytest.raises(NotAllowed, match="已冻结"):
        WRITES[name](office, edition)
    assert len(lines()) == trail


def test_an_edition_adopted_meanwhile_is_frozen_for_those_who_still_see_a_draft(edition, office):
    target = edition.targets.first()
    actions.adopt(by=office, edition=edition)
    assert target.edition.state == Edition.State.DRAFT  # as it was read before
    with pytest.raises(NotAllowed):
        actions.edit_target(by=office, target=target, value=Decimal(29))


def test_a_draft_holds_what_the_reader_found(edition):
    assert (edition.ordinal, edition.state, edition.title) == (1, "draft", "青禾区清洁家园三年行动计划（2025—2027年）")
    assert [task.title for task in edition.tasks.all()] == [
        "治理扬尘污染",
        "整治排污口",
        "建设绿道公园",
        "营造良好氛围",
    ]
    assert edition.targets.count() == 7
    task = edition.tasks.get(no="2")
    assert [(one.printed, one.body and one.body.code) for one in task.involvements.all()] == [
        ("区水务局", "swj"),
        ("青禾供水公司", None),
    ]


def test_a_body_is_known_by_its_other_names(programme, office):
    text = sample.TEXT.replace("区生态环境局", "区环保局")
    edition = actions.draft(by=office, programme=programme, name="a.txt", data=text.encode())
    assert Involvement.objects.get(task__edition=edition, printed="区环保局").body.code == "sthjj"


def test_a_file_is_taken_once(edition, office):
    before = stored()
    with pytest.raises(Refused, match="第 1 版（草稿）"):
        actions.draft(by=office, programme=edition.programme, name="again.txt", data=sample.data())
    assert stored() == before


def test_a_discarded_draft_may_come_again(edition, office):
    actions.discard(by=office, edition=edition)
    again = actions.draft(by=office, programme=edition.programme, name="again.txt", data=sample.data())
    assert again.ordinal == 2


UNREADABLE = {
    "not a plan": (sample.NO_PLAN.encode(), NotAPlan),
    "empty": (b"", Unreadable),
    "noise": (bytes(range(256)) * 40, Unreadable),
    "broken docx": (b"PK\x03\x04" + b"\x00" * 200, Unreadable),
    "too large": (b"a" * (LIMIT + 1), Unreadable),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_of_what_cannot_be_read_nothing_is_stored(what, programme, office, kept_files):
    data, error = UNREADABLE[what]
    name = "a.docx" if data[:2] == b"PK" else "a.txt"
    with pytest.raises(error) as refused:
        actions.draft(by=office, programme=programme, name=name, data=data)
    assert refused.value.zh and refused.value.en
    assert stored() == [0] * 6 and lines() == []
    assert not list(kept_files.glob("plans/*"))


def test_of_a_number_that_stands_twice_nothing_is_stored(programme, office, monkeypatch):
    content = actions._content(sample.TEXT, "a.txt", "0" * 64)
    content.tasks[1].no = content.tasks[0].no
    monkeypatch.setattr(actions, "_content", lambda *args: content)
    with pytest.raises(Refused, match="任务编号“1”出现两次：《治理扬尘污染》和《整治排污口》"):
        actions.draft(by=office, programme=programme, name="a.txt", data=sample.data())
    assert stored() == [0] * 6 and lines() == []


def test_a_full_disk_undoes_the_draft(programme, office, kept_files, monkeypatch):
    monkeypatch.setattr(actions.os, "replace", lambda *args: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(Refused, match="原件没有存下"):
        actions.draft(by=office, programme=programme, name="a.txt", data=sample.data())
    assert stored() == [0] * 6 and lines() == []
    assert not list(kept_files.glob("plans/*"))


def test_a_plan_without_any_year_is_refused_in_a_sentence(programme, office):
    text = (
        "".join(c for c in sample.TEXT if not c.isdigit())
        .replace("到年，", "")
        .replace("年月日", "")
        .replace("（—年）", "")
    )
    with pytest.raises((Refused, NotAPlan)) as refused:
        actions.draft(by=office, programme=programme, name="a.txt", data=text.encode())
    assert "年份" in refused.value.zh
    assert stored() == [0] * 6


def test_words_too_long_for_a_column_are_cut_with_a_sign(programme, office, monkeypatch):
    content = actions._content(sample.TEXT, "a.txt", "0" * 64)
    content.tasks[0].title, content.title, content.targets[0].unit = "长" * 400, "题" * 900, "位" * 90
    content.origin = "n" * 300
    monkeypatch.setattr(actions, "_content", lambda *args: content)
    edition = actions.draft(by=office, programme=programme, name="n" * 300, data=sample.data())
    task, target = edition.tasks.first(), edition.targets.first()
    assert (len(task.title), len(edition.title), len(target.unit), len(edition.origin)) == (300, 200, 30, 200)
    assert task.title.endswith("长…")


def test_the_metric_of_a_target_goes_on_from_the_edition_in_force(edition, office):
    actions.edit_target(by=office, target=edition.targets.get(code="d01"), metric="pm25")
    actions.adopt(by=office, edition=edition)
    later = actions.draft(by=office, programme=edition.programme, name="b.txt", data=sample.data(sample.LATER))
    assert later.targets.get(code="d01").metric == "pm25"
    assert later.targets.get(name="河道断面水质优良比例").value == 92


def test_an_edit_says_what_was_and_what_is(edition, office):
    actions.edit_target(
        by=office, target=edition.targets.get(code="d02"), value=Decimal("88.5"), unit="%", metric="river"
    )
    detail = lines("edit_target")[-1].detail
    assert (detail["before"], detail["after"]) == ({"value": "88", "metric": ""}, {"value": "88.5", "metric": "river"})


def test_an_edit_that_changes_nothing_leaves_no_line(edition, office):
    target, task = edition.targets.first(), edition.tasks.first()
    actions.edit_target(by=office, target=target, **fields(target))
    actions.edit_task(by=office, task=task, title=task.title)
    actions.set_involvements(by=office, task=task, parts={one.printed: one.part for one in task.involvements.all()})
    actions.edit_edition(by=office, edition=edition, title=edition.title, number=edition.number, issuer=edition.issuer,
                         issued=edition.issued, starts=edition.starts, ends=edition.ends)  # fmt: skip
    assert [line.verb for line in lines()] == ["draft_edition"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"due": date(2024, 12, 31)}, "目标年份 2024 不在规划期 2025—2027 年之内"),
        ({"due": date(2028, 12, 31)}, "目标年份 2028"),
        ({"value": None}, "需要一个目标值"),
        ({"kind": "strict_bound", "op": ">="}, "严格界限须选择"),
    ],
)
def test_fields_that_do_not_go_together_are_refused(changed, says, edition, office):
    target = edition.targets.get(code="d02")
    with pytest.raises(Refused, match=says):
        actions.edit_target(by=office, target=target, **changed)
    assert Target.objects.get(pk=target.pk).value == 88
    assert lines("edit_target") == []


def test_a_strict_bound_lies_on_a_side(edition, office):
    target = edition.targets.get(code="d02")
    assert actions.edit_target(by=office, target=target, kind="strict_bound", op=">").side == "above"
    assert actions.edit_target(by=office, target=target, kind="lower_bound", op=">=").side == ""


def test_only_named_fields_can_be_edited(edition, office):
    with pytest.raises(TypeError, match="code"):
        actions.edit_target(by=office, target=edition.targets.first(), code="x")


def test_a_target_made_by_hand_gets_a_code_that_no_edition_had(edition, office):
    first = WRITES["add_target"](office, edition)
    actions.adopt(by=office, edition=edition)
    later = actions.draft(by=office, programme=edition.programme, name="b.txt", data=sample.data(sample.LATER))
    assert WRITES["add_target"](office, later).code != first.code


@pytest.mark.parametrize("remove", [actions.remove_target, actions.remove_task])
def test_a_removal_needs_a_reason(remove, edition, office):
    thing = {"target": edition.targets.first()} if remove is actions.remove_target else {"task": edition.tasks.first()}
    with pytest.raises(Refused, match="请写明为什么"):
        remove(by=office, why="  ", **thing)


def test_the_reason_of_a_removal_is_on_record(edition, office):
    actions.remove_target(by=office, target=edition.targets.get(code="d07"), why="重复读取")
    assert lines("remove_target")[-1].detail == {"target": "d07", "name": "滨河公园", "why": "重复读取"}
    assert not edition.targets.filter(code="d07").exists()


def test_a_task_with_targets_stays(edition, office):
    with pytest.raises(Refused, match="任务 2 之下还有 2 项目标"):
        actions.remove_task(by=office, task=edition.tasks.get(no="2"), why="误读")


@pytest.mark.parametrize("act", [lambda by, t: actions.edit_task(by=by, task=t, title=" "),
                                 lambda by, t: actions.set_involvements(by=by, task=t, parts={})])  # fmt: skip
def test_a_task_keeps_a_title_and_a_body(act, edition, office):
    with pytest.raises(Refused):
        act(office, edition.tasks.first())
    assert edition.tasks.first().involvements.count() == 2


def test_bodies_are_set_in_their_order_and_looked_up(edition, office):
    task = edition.tasks.get(no="2")
    actions.set_involvements(
        by=office, task=task, parts={"区水务局": "lead", "区环保局": "cooperate", "某公司": "responsible"}
    )
    assert [(one.printed, one.part, one.body and one.body.code) for one in task.involvements.all()] == [
        ("区水务局", "lead", "swj"), ("区环保局", "cooperate", "sthjj"), ("某公司", "responsible", None)]  # fmt: skip


def test_the_years_of_a_plan_can_be_corrected(edition, office):
    changed = actions.edit_edition(by=office, edition=edition, title=edition.title, number="", issuer=edition.issuer,
                                   issued=edition.issued, starts=date(2026, 1, 1), ends=date(2028, 12, 31))  # fmt: skip
    assert changed.starts.year == 2026
    assert set(edition.targets.values_list("starts", flat=True)) == {date(2026, 1, 1)}
    assert lines("edit_edition")[-1].detail["after"] == {"number": "", "starts": "2026-01-01", "ends": "2028-12-31"}


def test_years_the_wrong_way_round_are_refused(edition, office):
    with pytest.raises(Refused, match="从 2028 年到 2026 年"):
        actions.edit_edition(by=office, edition=edition, title="规划", number="", issuer="", issued=None,
                             starts=date(2028, 1, 1), ends=date(2026, 12, 31))  # fmt: skip


def test_adoption_supersedes_what_stood_before(edition, office):
    first = actions.adopt(by=office, edition=edition)
    later = actions.draft(by=office, programme=edition.programme, name="b.txt", data=sample.data(sample.LATER))
    second = actions.adopt(by=office, edition=later)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "adopted")
    assert first.superseded_at == second.adopted_at
    assert second.adopted_by == office


def test_an_unsettled_draft_is_not_adopted(edition, office):
    edition.tasks.first().involvements.all().delete()
    with pytest.raises(Refused, match="没有责任部门"):
        actions.adopt(by=office, edition=edition)
    edition.refresh_from_db()
    assert edition.state == "draft" and lines("adopt_edition") == []


def test_no_two_editions_are_in_force(edition, office):
    actions.adopt(by=office, edition=edition)
    later = actions.draft(by=office, programme=edition.programme, name="b.txt", data=sample.data(sample.LATER))
    with pytest.raises(IntegrityError):
        Edition.objects.filter(pk=later.pk).update(state="adopted")


def test_an_adopted_document_goes_before_the_programmes_folder(edition, office):
    actions.adopt(by=office, edition=edition)
    content = actions._content(sample.LATER, "folder", "1" * 64)
    assert actions.put_edition(by=None, programme=edition.programme, content=content) == edition
