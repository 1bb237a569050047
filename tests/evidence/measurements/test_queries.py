"""Since when a unit of farmland disagrees with the samples of its soil."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from qingshan.evidence.measurements import queries
from qingshan.evidence.registers.actions import put_entries
from qingshan.observations.appending import append
from qingshan.observations.store import Store

from ...district import programme
from ...observations.sample import batch
from .fields import UNITS, WHEN, fields_of, sample, stated

pytestmark = pytest.mark.django_db
U1 = UNITS[0]
JULY, AUGUST, LATER = date(2025, 7, 1), date(2025, 8, 1), date(2025, 12, 31)


@pytest.fixture
def fields(settings, tmp_path):
    settings.OBSERVATIONS = str(tmp_path / "observations")
    return fields_of(programme(), settings.OBSERVATIONS)


def said(data: dict, on: date) -> None:
    put_entries(by=None, programme=programme(), register="fields", rows=[stated(data, on)])


def since(register, day: date = LATER) -> date | None:
    now = timezone.now()
    (one,) = queries.compared(programme(), register, None, day, now, ["U1"])
    return queries.apart_since(one, day, now) if one.disagrees else None


def test_a_unit_disagrees_since_it_was_sampled_whatever_else_is_edited(fields):
    assert since(fields) == WHEN.date()
    said(U1 | {"area": "73"}, JULY)
    assert since(fields) == WHEN.date()


def test_a_unit_disagrees_since_its_class_became_another_than_the_samples_say(fields):
    said(U1 | {"class": "strict"}, JULY)
    assert since(fields) is None
    said(U1 | {"class": "safe"}, AUGUST)
    assert since(fields) == AUGUST
    assert since(fields, date(2025, 6, 30)) == WHEN.date(), "as it was known then"


def test_a_new_sample_begins_anew(fields, settings):
    again = datetime(2025, 9, 1, 10)  # noqa: DTZ001 local standard time of the site
    append(Store(settings.OBSERVATIONS), batch([one for site in "ab" for one in sample(site, "3", again)]))
    assert since(fields) == again.date()
