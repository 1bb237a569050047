from datetime import date, timedelta
from decimal import Decimal

from qingshan.plan import actions
from qingshan.plan.contents import digest_of, from_reading
from qingshan.plan.document import read
from qingshan.plan.queries import content_of, original_of, problems_before_adoption, standing_edition
from tests.plan import sample


def test_no_edition_stands_before_one_is_adopted(edition):
    assert standing_edition(edition.programme) is None


def test_the_edition_in_force_now_and_then(edition, office):
    first = actions.adopt(by=office, edition=edition)
    later = actions.draft(by=office, programme=first.programme, name="b.txt", data=sample.data(sample.LATER))
    second = actions.adopt(by=office, edition=later)
    before = second.adopted_at - timedelta(microseconds=1)
    assert standing_edition(first.programme) == second
    assert standing_edition(first.programme, before) == first
    assert standing_edition(first.programme, first.adopted_at - timedelta(seconds=1)) is None


def test_a_stored_edition_reads_back_as_it_came(edition):
    came = from_reading(read(sample.TEXT), sample.TEXT, "行动计划.txt", digest_of(sample.data()))
    back = content_of(edition)
    assert (back.themes, back.tasks, back.targets) == (came.themes, came.tasks, came.targets)
    assert (back.title, back.issued, back.starts, back.ends, back.text) == (
        came.title, came.issued, came.starts, came.ends, came.text)  # fmt: skip


def test_the_original_is_kept_byte_for_byte(edition):
    assert original_of(edition).read_bytes() == sample.data()


def test_a_summary_of_the_programme_has_no_original(programme):
    content = from_reading(read(sample.TEXT), sample.TEXT, "programme", "0" * 64)
    content.text = ""
    assert original_of(actions.put_edition(by=None, programme=programme, content=content)) is None


def test_nothing_stands_in_the_way_of_a_whole_draft(edition):
    assert problems_before_adoption(edition) == []


def test_what_stands_in_the_way_of_adoption(edition):
    edition.tasks.first().involvements.all().delete()
    edition.targets.filter(name="新建绿道").update(value=None)
    edition.targets.filter(name="滨河公园").update(due=date(2024, 12, 31))
    chinese, english = zip(*problems_before_adoption(edition), strict=True)
    assert len(chinese) == 3
    assert "没有责任部门" in chinese[0] and "“新建绿道”没有目标值" in chinese[1]
    assert "2024" in chinese[2] and "2025—2027" in chinese[2]
    assert all(english)


def test_a_draft_without_tasks_cannot_be_adopted(edition):
    edition.targets.all().delete()
    edition.tasks.all().delete()
    assert problems_before_adoption(edition) == [
        ("没有读到任务，不能采用。", "No task was read; the draft cannot be adopted.")
    ]


def test_stored_numbers_come_back_without_idle_zeros(edition):
    assert str(content_of(edition).targets[0].value) == "30"
    edition.targets.filter(code="d01").update(value=Decimal("0.80"))
    assert str(content_of(edition).targets[0].value) == "0.8"
