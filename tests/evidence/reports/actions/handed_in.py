"""A report filled in and handed in."""

from datetime import date
from decimal import Decimal

from qingshan.evidence.reports.actions import Change, save_lines, submit
from qingshan.evidence.reports.answers import Answer
from qingshan.evidence.reports.models import Report
from qingshan.evidence.reports.queries import lines_of

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
