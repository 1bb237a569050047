"""Late and sent back, counted in working days."""

from datetime import date

from qingshan.evidence.reports.actions import send_back
from qingshan.evidence.reports.models import Line
from qingshan.evidence.reports.queries import overdue, punctuality, reports_of

from ...district import programme
from .actions.handed_in import AFTER, DUE, LOCK, OPEN, handed_in


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


def test_the_board_reads_a_constant_number_of_queries(third_quarter, django_assert_num_queries):
    place = third_quarter.programme
    with django_assert_num_queries(2):
        assert [one.body.code for one in reports_of(place)] == ["water", "roads"]
    assert Line.objects.count() == 4
