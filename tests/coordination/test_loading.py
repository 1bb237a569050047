from datetime import date

import pytest

from qingshan.coordination import queries
from qingshan.coordination.loading import demonstrate
from qingshan.coordination.models import Alert, Meeting, Notice
from qingshan.people.queries import broken_audit_line
from qingshan.programme.loading import load
from tests.district import SAMPLE

pytestmark = pytest.mark.django_db
FIRST, DAY = date(2025, 7, 31), date(2025, 10, 31)


def test_the_demonstration_has_a_simulated_meeting_signed_with_an_assignment_of_each_state(jinshan):
    meeting = demonstrate(jinshan, FIRST, DAY)
    assert meeting.simulated and Meeting.objects.get().signed_at and "模拟" in meeting.title
    states = [one.state for one in queries.assignments(jinshan, None, DAY)]
    assert sorted(states) == ["closed", "open", "overdue"]
    assert Alert.objects.filter(kind="assignment").exists()
    assert all(notice.simulated for notice in Notice.objects.filter(kind="assignment"))
    assert broken_audit_line() is None
    before = Alert.objects.count()
    assert demonstrate(jinshan, FIRST, DAY) is None and Alert.objects.count() == before


def test_a_programme_without_rules_has_no_demonstration_of_them():
    assert demonstrate(load(SAMPLE), FIRST, DAY) is None
    assert not Meeting.objects.exists()
