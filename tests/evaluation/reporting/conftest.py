from datetime import date

import pytest
from django.utils import timezone

from qingshan.evaluation.reporting import open_rounds
from qingshan.evidence.reports.models import Report
from qingshan.programme.loading import load
from tests.district import SAMPLE

ON = date(2026, 7, 31)


@pytest.fixture
def county(db):
    return load(SAMPLE)


@pytest.fixture
def first_half(county):
    (held,) = open_rounds(by=None, programme=county, on=ON, now=timezone.now())
    return held


def report_of(held, body: str) -> Report:
    return held.reports.select_related("round__programme__jurisdiction", "body").get(body__code=body)
