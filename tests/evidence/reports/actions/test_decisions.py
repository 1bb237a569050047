"""What the office decides on a report, and that it stays on record."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from qingshan.evidence.figures.models import Figure
from qingshan.evidence.reports.actions import Change, Overtaken, accept, reopen, save_lines, send_back
from qingshan.evidence.reports.answers import Answer
from qingshan.evidence.reports.models import Entered, Step, Version
from qingshan.evidence.reports.queries import lines_of
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine
from qingshan.plan.actions import Refused

from .handed_in import AFTER, DUE, LOCK, OPEN, answered, handed_in


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
