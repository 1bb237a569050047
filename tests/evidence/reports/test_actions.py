"""From draft to accepted, and what is refused on the way."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from qingshan.evidence.figures.models import Figure
from qingshan.evidence.reports.actions import (
    Change,
    Overtaken,
    Unfit,
    accept,
    attach,
    close_round,
    detach,
    open_round,
    reopen,
    save_lines,
    send_back,
    submit,
)
from qingshan.evidence.reports.answers import Answer
from qingshan.evidence.reports.models import Entered, Line, Report, Round, Step, Version
from qingshan.evidence.reports.queries import lines_of, overdue, punctuality, reports_of
from qingshan.evidence.reports.rounds import days
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine
from qingshan.plan.actions import Refused

from ...district import programme
from .conftest import MEASURE, QUARTER

OPEN, DUE, LOCK = date(2025, 10, 9), date(2025, 10, 17), date(2025, 10, 24)
AFTER = date(2025, 10, 27)
PDF = b"%PDF-1.7 a protocol"


def answered(report, by, on=OPEN, area="130", percent="50", **more) -> Report:
    """The draft filled in."""
    value, measure, _ = lines_of(report)
    changes = {
        value.pk: Change(value.number, Answer(Decimal(area), "新增一处")),
        measure.pk: Change(measure.number, Answer(Decimal(percent), "施工中", more.get("obstacle", ""))),
    }
    save_lines(by=by, report=report, changes=changes, on=on)
    return report


def seen(report) -> dict[int, int]:
    return {one.pk: one.number for one in lines_of(report)}


def handed_in(report, people, on=OPEN, **more) -> Report:
    answered(report, people["liaison"], on, **more)
    submit(by=people["liaison"], report=report, seen=seen(report), on=on)
    report.refresh_from_db()
    return report


def test_a_round_counts_its_days_in_working_days_over_the_holidays(third_quarter):
    assert (third_quarter.period, third_quarter.ends) == ("2025-Q3", date(2025, 9, 30))
    assert (third_quarter.opens_on, third_quarter.due_on, third_quarter.locks_on) == (OPEN, DUE, LOCK)
    assert not third_quarter.provisional


def test_a_round_is_opened_once_however_often_it_is_asked_for(third_quarter):
    again = open_round(
        by=None, programme=programme(), kind=QUARTER, days=days(QUARTER, date(2025, 7, 1)), owed={"water": [MEASURE]}
    )
    assert again is None
    assert Round.objects.count() == 1 and Report.objects.count() == 2


def test_an_accepted_value_becomes_a_figure_with_the_way_back(report, people):
    handed_in(report, people)
    accept(by=people["office"], report=report, version=1, on=DUE)
    figure = Figure.objects.get()
    assert (figure.value, figure.period, figure.known_on) == (130, "2025-Q3", DUE)
    assert "水务局" in figure.source and "第 1 次报送" in figure.source and figure.recorded_by == people["office"]
    entered = Entered.objects.get(figure=figure)
    assert entered.line.key == "value:park-area@2025-Q3" and entered.version.recorded_by == people["liaison"]
    report.refresh_from_db()
    assert report.state == "accepted"
    assert [one.verb for one in report.steps.all()] == ["submit", "accept"]


def test_a_value_accepted_later_corrects_by_a_later_row(report, people):
    handed_in(report, people)
    accept(by=people["office"], report=report, version=1, on=DUE)
    send_back(by=people["office"], report=report, version=1, why="面积有误", on=DUE)
    report.refresh_from_db()
    answered(report, people["liaison"], DUE, area="125")
    submit(by=people["liaison"], report=report, seen=seen(report), on=DUE)
    accept(by=people["office"], report=report, version=2, on=LOCK)
    assert [(one.value, one.known_on) for one in Figure.objects.order_by("id")] == [(130, DUE), (125, LOCK)]
    assert [one.content[0]["claim"] for one in report.versions.all()] == ["130", "125"]


def test_what_already_stands_is_not_said_again(report, people):
    handed_in(report, people)
    accept(by=people["office"], report=report, version=1, on=DUE)
    send_back(by=people["office"], report=report, version=1, why="补充进展", on=DUE)
    report.refresh_from_db()
    submit(by=people["liaison"], report=report, seen=seen(report), on=DUE)
    accept(by=people["office"], report=report, version=2, on=LOCK)
    assert Figure.objects.count() == 1 and Entered.objects.count() == 2


def test_lines_are_accepted_one_by_one(report, people):
    handed_in(report, people)
    value, measure, _ = lines_of(report)
    accept(by=people["office"], report=report, version=1, lines=[value.pk], on=DUE)
    report.refresh_from_db()
    assert report.state == "submitted" and Figure.objects.count() == 1
    send_back(by=people["office"], report=report, version=1, why="进展不实", remarks={measure.pk: "请附照片"}, on=DUE)
    value.refresh_from_db(), measure.refresh_from_db(), report.refresh_from_db()
    assert value.accepted_on == DUE and measure.remark == "请附照片"
    with pytest.raises(Refused, match="已于 2025-10-17 接受，不能再改"):
        save_lines(
            by=people["liaison"], report=report, changes={value.pk: Change(value.number, Answer(Decimal(1)))}, on=DUE
        )


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


def test_only_the_body_reports_and_only_the_office_decides(report, people):
    with pytest.raises(NotAllowed, match="代表道路局，不能填报水务局"):
        answered(report, people["stranger"])
    with pytest.raises(NotAllowed):
        answered(report, people["office"])
    handed_in(report, people)
    with pytest.raises(NotAllowed):
        accept(by=people["liaison"], report=report, version=1, on=DUE)
    with pytest.raises(NotAllowed):
        send_back(by=people["liaison"], report=report, version=1, why="无", on=DUE)


def test_after_the_lock_day_the_office_must_open_the_report_again(report, people):
    with pytest.raises(Refused, match="锁定日 2025-10-24 已过（今天 2025-10-27）"):
        answered(report, people["liaison"], AFTER)
    with pytest.raises(Refused, match="写明为什么"):
        reopen(by=people["office"], report=report, until=date(2025, 10, 30), why=" ", on=AFTER)
    reopen(by=people["office"], report=report, until=date(2025, 10, 30), why="系统停机", on=AFTER)
    report.refresh_from_db()
    handed_in(report, people, AFTER)
    step = report.steps.get(verb="reopen")
    assert (step.why, step.day, step.recorded_by) == ("系统停机", AFTER, people["office"])


def test_a_report_sent_back_may_be_mended_for_some_working_days(report, people):
    handed_in(report, people, LOCK)
    send_back(by=people["office"], report=report, version=1, why="请核对", on=LOCK)
    report.refresh_from_db()
    assert report.open_until == date(2025, 10, 29)  # three working days on
    with pytest.raises(Refused, match="锁定日 2025-10-29 已过"):
        answered(report, people["liaison"], date(2025, 10, 30), area="7")


def test_a_reviewer_decides_on_what_they_saw(report, people):
    handed_in(report, people)
    with pytest.raises(Overtaken, match="您看到的是第 2 次报送，现在是第 1 次"):
        accept(by=people["office"], report=report, version=2, on=DUE)
    accept(by=people["office"], report=report, version=1, on=DUE)
    with pytest.raises(Overtaken):
        accept(by=people["office"], report=report, version=1, on=DUE)
    assert Figure.objects.count() == 1


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


@pytest.mark.parametrize("table", [Version, Step, Entered])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_what_is_on_record_stays(report, people, table, verb):
    handed_in(report, people)
    accept(by=people["office"], report=report, version=1, on=DUE)
    rows = table.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db) if verb == "delete" else rows.update(recorded_at=report.round.opened_at)
    assert rows.exists()


def test_every_step_leaves_its_line_in_the_trail(report, people):
    handed_in(report, people)
    send_back(by=people["office"], report=report, version=1, why="请核对", on=OPEN)
    verbs = list(AuditLine.objects.filter(thing__startswith="reports ").order_by("id").values_list("verb", flat=True))
    assert verbs == ["set_schedule", "open_round", "edit_report", "submit_report", "return_report"]


# --- late and sent back


def test_what_is_late_is_told_in_working_days(third_quarter, report, people):
    assert overdue(programme(), DUE) == []
    late = overdue(programme(), date(2025, 10, 20))
    assert {(one.body_code, one.due_on, one.working_days_late) for one in late} == {
        ("water", DUE, 1),
        ("roads", DUE, 1),
    }
    handed_in(report, people, LOCK)
    assert [(one.body_code, one.working_days_late) for one in overdue(programme(), LOCK)] == [("roads", 5)]
    send_back(by=people["office"], report=report, version=1, why="请核对", on=LOCK)
    mend = [one for one in overdue(programme(), date(2025, 10, 31)) if one.body_code == "water"]
    assert [(one.due_on, one.working_days_late) for one in mend] == [(date(2025, 10, 29), 2)]
    # as it was known on an earlier day, it still is
    assert [one.body_code for one in overdue(programme(), LOCK)] == ["roads"]


def test_punctuality_counts_what_was_due(third_quarter, report, people):
    handed_in(report, people, LOCK)
    send_back(by=people["office"], report=report, version=1, why="请核对", on=LOCK)
    year = date(2025, 1, 1), date(2025, 12, 31)
    found = punctuality(programme(), *year, AFTER)
    assert found["water"] == (1, 0, 1, 0, 0, 1) and found["roads"] == (1, 0, 0, 1, 0, 0)
    assert punctuality(programme(), *year, OPEN) == {}
    assert punctuality(programme(), date(2026, 1, 1), date(2026, 12, 31), AFTER) == {}


def test_a_closed_round_takes_nothing_more(third_quarter, report, people):
    with pytest.raises(Refused, match="2025-10-09 还不能关闭"):
        close_round(by=people["office"], held=third_quarter, on=OPEN)
    close_round(by=people["office"], held=third_quarter, on=AFTER)
    with pytest.raises(Refused, match="已于 2025-10-27 关闭"):
        answered(report, people["liaison"], AFTER)
    assert overdue(programme(), AFTER) == []
    assert punctuality(programme(), OPEN, AFTER, AFTER)["roads"].missing == 1


def test_the_board_reads_a_constant_number_of_queries(third_quarter, django_assert_num_queries):
    place = third_quarter.programme
    with django_assert_num_queries(2):
        assert [one.body.code for one in reports_of(place)] == ["water", "roads"]
    assert Line.objects.count() == 4
