"""Definitions of metrics and units: a changed one is a later row, and old runs keep reading the old one."""

from datetime import date
from decimal import Decimal

import pytest

from qingshan.evidence.figures.actions import add_figures, add_items, define_series
from qingshan.indicators.actions import define_metrics, define_units
from qingshan.indicators.models import Metric
from qingshan.indicators.queries import metrics_as_of, units_as_of, values_as_of
from qingshan.people.actions import turn
from qingshan.people.models import AuditLine
from tests.district import FOREVER, figure, item, programme

pytestmark = pytest.mark.django_db
FEB, MAR, APR = date(2025, 2, 20), date(2025, 3, 20), date(2025, 4, 20)


def metric(code="pm25", formula="annual_mean", **changed) -> dict:
    return {"code": code, "name": "细颗粒物", "name_en": "PM2.5", "unit": "μg/m³", "decimals": 1, "better": "lower", "formula": formula,
            "inputs": {"series": code}, "freshness_months": 2, "forecast": "none", "basis": "月报", "basis_en": "Reports",
            "verification": "P"} | changed  # fmt: skip


def series(code="pm25", frequency="month", origin="official") -> dict:
    return {
        "code": code,
        "name": code,
        "name_en": code,
        "unit": "μg/m³",
        "frequency": frequency,
        "origin": origin,
        "source": {},
    }


def test_a_definition_is_put_on_record_once_and_again_when_it_changes():
    counts = [define_metrics(by=None, programme=programme(), definitions=[metric()]) for _ in range(2)]
    cutoff = turn()
    counts.append(define_metrics(by=None, programme=programme(), definitions=[metric(decimals=0)]))
    assert counts == [1, 0, 1] and Metric.objects.count() == 2
    assert metrics_as_of(programme(), cutoff)["pm25"].decimals == 1
    assert metrics_as_of(programme(), FOREVER)["pm25"].decimals == 0
    assert [line.detail for line in AuditLine.objects.filter(verb="define_metrics")] == [{"metrics": ["pm25"]}] * 2


def test_a_unit_is_put_on_record_once_and_again_when_its_spelling_changes():
    counts = [define_units(by=None, programme=programme(), units={"个": "items", "户": "households"}) for _ in range(2)]
    cutoff = turn()
    counts.append(define_units(by=None, programme=programme(), units={"个": "cells", "户": "households"}))
    assert counts == [2, 0, 1]
    assert units_as_of(programme(), cutoff)["个"] == "items"
    assert units_as_of(programme(), FOREVER) == {"个": "cells", "户": "households"}
    assert AuditLine.objects.last().detail == {"units": {"个": "cells"}}


def test_values_are_computed_from_what_was_known_then():
    define_series(by=None, programme=programme(), definitions=[series()])
    define_metrics(by=None, programme=programme(), definitions=[metric()])
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 30, FEB), figure("2025-02", 33, MAR)])
    cutoff = turn()
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 40, FEB, source="更正")])

    def mean(as_of, upto):
        (point,) = values_as_of(programme(), as_of, upto)["pm25"].points
        return point.value, point.seen

    assert mean(FEB, cutoff) == (30, 1) and mean(MAR, cutoff) == (Decimal("31.5"), 2)
    assert mean(MAR, FOREVER) == (Decimal("36.5"), 2)


def test_the_value_says_which_rows_it_read():
    define_series(by=None, programme=programme(), definitions=[series(origin="simulated")])
    define_metrics(by=None, programme=programme(), definitions=[metric()])
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", "30.50", FEB, source="月报一")])
    value = values_as_of(programme(), MAR, FOREVER)["pm25"]
    assert value.evidence["series"].stated == ("2025-01|30.5|月报一|2025-02-20",)
    assert value.evidence["series"].known_on == FEB and value.origins == ("simulated",)


def test_an_item_done_after_the_day_judged_is_not_done_yet():
    define_series(by=None, programme=programme(), definitions=[series("cells", "items")])
    define_metrics(by=None, programme=programme(), definitions=[metric("cells", "count_done", decimals=0)])
    add_items(by=None, programme=programme(), items=[item("甲", FEB, FEB), item("乙", APR, FEB)])
    values = [one.value for one in values_as_of(programme(), MAR, FOREVER)["cells"].points]
    assert values == [1] and values_as_of(programme(), APR, FOREVER)["cells"].points[-1].value == 2


def test_a_metric_whose_series_is_not_there_has_no_points():
    define_series(by=None, programme=programme(), definitions=[series("a")])
    define_metrics(
        by=None,
        programme=programme(),
        definitions=[metric("share", "share", inputs={"numerator": "a", "denominator": "b"})],
    )
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 1, FEB, series="a")])
    assert values_as_of(programme(), MAR, FOREVER)["share"].points == ()
