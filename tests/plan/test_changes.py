from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qingshan.plan.changes import changed_targets, changed_tasks
from qingshan.plan.contents import digest_of, from_reading, inherit
from qingshan.plan.document import read
from qingshan.plan.matching import pair
from tests.plan import sample


def content(text):
    return from_reading(read(text), text, "行动计划.txt", digest_of(text.encode()))


def later_than(old, text):
    new = content(text)
    inherit(new, old, pair([one.promise() for one in new.targets], [one.promise() for one in old.targets]))
    return new


def test_the_same_document_changes_nothing():
    assert len(changed_targets(content(sample.TEXT), content(sample.TEXT))) == 0
    assert len(changed_tasks(content(sample.TEXT), content(sample.TEXT))) == 0


def test_a_stricter_number_is_a_change_not_a_new_target():
    old = content(sample.TEXT)
    found = changed_targets(later_than(old, sample.LATER), old)
    assert [(one.new.name, one.fields) for one in found.changed] == [
        ("河道断面水质优良比例", {"value": (Decimal(88), Decimal(92))})
    ]
    assert [one.name for one in found.added] == ["回收点"]
    assert {one.name for one in found.removed} == {"新建绿道", "滨河公园"}


def test_tasks_that_came_and_went():
    found = changed_tasks(content(sample.LATER), content(sample.TEXT))
    assert [one.title for one in found.added] == ["回收废旧衣物"]
    assert [one.title for one in found.removed] == ["建设绿道公园"]
    assert found.changed == []


def test_a_task_says_who_joined_and_who_left():
    text = sample.TEXT.replace("区水务局、青禾供水公司", "区水务局、区城管执法局")
    (change,) = changed_tasks(content(text), content(sample.TEXT)).changed
    assert change.fields["joined"][1] == ("区城管执法局",)
    assert change.fields["left"][0] == ("青禾供水公司",)


def test_a_reworded_title_is_the_same_task():
    text = sample.TEXT.replace("2.整治排污口。", "2.深入整治排污口。")
    (change,) = changed_tasks(content(text), content(sample.TEXT)).changed
    assert change.fields["title"] == ("整治排污口", "深入整治排污口")


def test_a_spelling_of_the_name_alone_is_no_change():
    old, new = content(sample.TEXT), content(sample.TEXT)
    new.targets[0].name = "细颗粒物（PM2.5）年平均浓度"
    assert len(changed_targets(new, old)) == 0


@given(st.sets(st.integers(0, 6)), st.sets(st.integers(0, 6)))
def test_every_target_is_told_once(gone, kept):
    """Added, removed and shared targets together are all targets of both editions."""
    old, new = content(sample.TEXT), content(sample.TEXT)
    old.targets = [one for i, one in enumerate(old.targets) if i not in gone]
    new.targets = [one for i, one in enumerate(new.targets) if i not in kept]
    found = changed_targets(new, old)
    shared = len(new.targets) - len(found.added)
    assert shared == len(old.targets) - len(found.removed)
    assert {id(one) for one in found.added} <= {id(one) for one in new.targets}
    assert {id(one) for one in found.removed} <= {id(one) for one in old.targets}
