"""A body's draft with its evidence, handing in, and what is refused on the way."""

from decimal import Decimal

import pytest

from qingshan.evidence.reports.actions import Change, Overtaken, Unfit, attach, detach, save_lines, submit
from qingshan.evidence.reports.answers import Answer
from qingshan.evidence.reports.models import Version
from qingshan.evidence.reports.queries import lines_of
from qingshan.plan.actions import Refused

from .handed_in import OPEN, PDF, answered, handed_in, seen


def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten(report, people):
    line = lines_of(report)[0]
    first = Change(line.number, Answer(Decimal(130), "甲的进展"))
    save_lines(by=people["liaison"], report=report, changes={line.pk: first}, on=OPEN)
    other = lines_of(report)[1]
    changes = {line.pk: Change(line.number, Answer(Decimal(99))), other.pk: Change(other.number, Answer(Decimal(10)))}
    with pytest.raises(Overtaken, match="已由liaison于 .* 改为第 2 稿（填报“130”；甲的进展）") as told:
        save_lines(by=people["colleague"], report=report, changes=changes, on=OPEN)
    assert told.value.lines == {line.pk}
    line.refresh_from_db(), other.refresh_from_db()
    assert (line.claim, other.claim) == (130, None)


def test_nothing_is_handed_in_that_was_not_seen(report, people):
    answered(report, people["liaison"])
    before = seen(report)
    line = lines_of(report)[0]
    save_lines(
        by=people["colleague"], report=report, changes={line.pk: Change(line.number, Answer(Decimal(99)))}, on=OPEN
    )
    with pytest.raises(Overtaken):
        submit(by=people["liaison"], report=report, seen=before, on=OPEN)
    assert not Version.objects.exists()


def test_unanswered_lines_are_named(report, people):
    with pytest.raises(Unfit, match="“公园面积”还没有填报.*另有 1 处"):
        submit(by=people["liaison"], report=report, seen=seen(report), on=OPEN)
    value, measure, _ = lines_of(report)
    changes = {one.pk: Change(one.number, Answer(obstacle="等待决算")) for one in (value, measure)}
    save_lines(by=people["liaison"], report=report, changes=changes, on=OPEN)
    assert submit(by=people["liaison"], report=report, seen=seen(report), on=OPEN).number == 1


@pytest.mark.parametrize(("area", "words"), [("1000.5", "1000.5 大于上限 1000"), ("-1", "-1 小于下限 0")])
def test_a_number_out_of_bounds_is_not_kept(report, people, area, words):
    with pytest.raises(Unfit, match=words):
        answered(report, people["liaison"], area=area)
    assert {one.claim for one in report.lines.all()} == {None}


def test_a_handed_in_report_is_not_written_in(report, people):
    handed_in(report, people)
    with pytest.raises(Refused, match="这份填报已报，不能再改"):
        answered(report, people["liaison"], area="1")


def test_evidence_is_known_by_its_content(report, people):
    line = lines_of(report)[1]
    made = attach(by=people["liaison"], line=line, name="记录.pdf", content=PDF, on=OPEN)
    assert attach(by=people["liaison"], line=line, name="again.pdf", content=PDF, on=OPEN) == made
    with pytest.raises(Refused, match="不是照片"):
        attach(by=people["liaison"], line=line, name="a.exe", content=b"MZ\x90", on=OPEN)
    with pytest.raises(Refused, match=r"有 20\.0 MB，上限 20 MB|有 20.* MB，上限 20 MB"):
        attach(by=people["liaison"], line=line, name="a.pdf", content=PDF + b" " * (20 * 2**20), on=OPEN)
    detach(by=people["liaison"], file=made, on=OPEN)
    assert line.files.count() == 0


def test_what_was_handed_in_names_its_files_for_good(report, people):
    attach(by=people["liaison"], line=lines_of(report)[1], name="记录.pdf", content=PDF, on=OPEN)
    handed_in(report, people)
    told = report.versions.get().content[1]["files"]
    assert [(one["name"], one["size"]) for one in told] == [("记录.pdf", len(PDF))]
