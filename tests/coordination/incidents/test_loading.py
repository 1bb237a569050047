from datetime import date

import pytest

from qingshan.coordination.incidents.loading import demonstrate
from qingshan.coordination.incidents.queries import Course
from tests.coordination.incidents.drills import resources
from tests.district import programme

pytestmark = pytest.mark.django_db


def test_a_simulated_drill_once():
    resources()
    drill = demonstrate(programme(), date(2025, 10, 31))
    course = Course(drill)
    assert drill.simulated and drill.closed_at and drill.review.simulated and drill.review.items.count() == 1
    assert [one.call.title for one in course.stands] == ["S1", "T1"] and course.responses["arrived"].count == 2
    assert demonstrate(programme(), date(2025, 10, 31)) is None


def test_none_where_no_register_keeps_supplies():
    assert demonstrate(programme(), date(2025, 10, 31)) is None
