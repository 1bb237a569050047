from datetime import date
from decimal import Decimal

import pytest

from qingshan.evidence.figures.actions import define_series
from qingshan.evidence.reports.actions import open_round, set_schedule
from qingshan.evidence.reports.answers import Asked
from qingshan.evidence.reports.models import Report
from qingshan.evidence.reports.rounds import Kind, days
from qingshan.people.models import Body

from ...district import district, person, programme

QUARTER = Kind("quarter", "季度填报", "Quarterly report", "quarter", 1, 8, 13, 3, date(2025, 1, 1))
SERIES = {"code": "park-area", "name": "公园面积", "name_en": "Park area", "unit": "m²", "frequency": "quarter", "origin": "reported",
          "source": {}, "body": "water", "least": Decimal(0), "most": Decimal(1000)}  # fmt: skip
VALUE = Asked(
    "value:park-area@2025-Q3", "value", "value",
    {"zh": "公园面积", "en": "Park area", "unit": "m²", "series": "park-area", "period": "2025-Q3", "ends": "2025-09-30", "least": "0", "most": "1000"},
    {"last": "120", "last_period": "2025-Q2"},
)  # fmt: skip
MEASURE = Asked("measure:1", "measure", "percent", {"zh": "修复岸线", "en": "Mend the banks", "proof": True})
WORDS = Asked("task:4", "task", "words", {"zh": "任务 4 配合情况", "en": "Part in task 4", "optional": True})


def other_body() -> Body:
    return Body.objects.get_or_create(jurisdiction=district(), code="roads", defaults={"name": "道路局", "order": 1})[0]


@pytest.fixture
def people(db) -> dict:
    found = {"liaison": person("liaison"), "office": person("office"), "colleague": person("liaison", "colleague")}
    found["stranger"] = person("liaison", "stranger")
    found["stranger"].body = other_body()
    found["stranger"].save()
    return found


@pytest.fixture
def third_quarter(people):
    """The third quarter's round: two bodies owe, the water bureau three answers and the roads one."""
    place = programme()
    define_series(by=None, programme=place, definitions=[SERIES])
    set_schedule(by=None, programme=place, kinds=[QUARTER])
    return open_round(
        by=None, programme=place, kind=QUARTER, days=days(QUARTER, date(2025, 7, 1)),
        owed={"water": [VALUE, MEASURE, WORDS], "roads": [MEASURE]},
    )  # fmt: skip


@pytest.fixture
def report(third_quarter) -> Report:
    return third_quarter.reports.get(body__code="water")
