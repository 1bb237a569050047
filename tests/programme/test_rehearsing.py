"""The demonstration's reporting rounds: simulated, by the programme's own calendar, and without a trace in what is judged."""

import re
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from qingshan.cycle import run_cycle
from qingshan.evaluation.reporting import owed
from qingshan.evidence.reports.models import Report
from qingshan.evidence.reports.queries import schedule_of
from qingshan.evidence.reports.rounds import days
from qingshan.programme.check import inspect
from qingshan.programme.rehearsing import rehearse_reports

from ..district import JINSHAN, made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rehearsed(loaded_jinshan, django_db_blocker):
    with made_once(django_db_blocker):
        found = inspect(JINSHAN)[0]
        day = found.head.demonstration.as_of
        before = run_cycle(programme=loaded_jinshan, as_of=day).record
        rehearse_reports(loaded_jinshan, found, day, datetime.now(UTC))
        yield loaded_jinshan, day, before


def statuses(record: str) -> list[str]:
    return re.findall(r'"status":"(\w+)"', record)


def test_the_rehearsed_rounds_change_no_status_and_say_that_they_are_simulated(rehearsed):
    programme, day, before = rehearsed
    assert statuses(run_cycle(programme=programme, as_of=day).record) == statuses(before) != []
    assert set(programme.rounds.values_list("simulated", flat=True)) == {True}
    states = set(Report.objects.filter(round__programme=programme).values_list("state", flat=True))
    assert states == {"draft", "submitted", "returned", "accepted"}
    open_round = programme.rounds.order_by("-ends").first()
    assert open_round.opens_on <= day <= open_round.due_on
    assert rehearse_reports(programme, inspect(JINSHAN)[0], day, datetime.now(UTC)) == 0


def test_every_body_of_the_plan_owes_something(rehearsed):
    programme, day, _ = rehearsed
    (kind,) = schedule_of(programme)
    asked = owed(programme, days(kind, date(2025, 7, 1)), day, timezone.now())
    assert asked.keys() == set(programme.jurisdiction.bodies.values_list("code", flat=True))
    every = [one.key for lines in asked.values() for one in lines]
    assert all(len({one.key for one in lines}) == len(lines) for lines in asked.values())
    assert "value:pm25-monthly@2025-07" not in every  # published, not reported
