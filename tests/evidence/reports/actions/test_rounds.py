"""Rounds: opened once, by the calendar, and closed for good."""

from datetime import date

import pytest

from qingshan.evidence.reports.actions import close_round, open_round
from qingshan.evidence.reports.models import Report, Round
from qingshan.evidence.reports.queries import overdue, punctuality
from qingshan.evidence.reports.rounds import days
from qingshan.plan.actions import Refused

from ....district import programme
from ..conftest import MEASURE, QUARTER
from .handed_in import AFTER, DUE, LOCK, OPEN, answered


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


def test_a_closed_round_takes_nothing_more(third_quarter, report, people):
    with pytest.raises(Refused, match="2025-10-09 还不能关闭"):
        close_round(by=people["office"], held=third_quarter, on=OPEN)
    close_round(by=people["office"], held=third_quarter, on=AFTER)
    with pytest.raises(Refused, match="已于 2025-10-27 关闭"):
        answered(report, people["liaison"], AFTER)
    assert overdue(programme(), AFTER) == []
    assert punctuality(programme(), OPEN, AFTER, AFTER)["roads"].missing == 1
