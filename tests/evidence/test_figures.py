"""Figures and items: only ever added to, read as they were known."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.evidence.figures.actions import add_figures, add_items, define_series
from qingshan.evidence.figures.models import Figure, Item, Series
from qingshan.evidence.figures.queries import figures_as_of, items_as_of, series_as_of
from qingshan.people.actions import turn
from qingshan.people.models import AuditLine
from tests.district import FOREVER, figure, item, person, programme

pytestmark = pytest.mark.django_db
JAN, FEB, MAR, APR = (date(2025, month, 20) for month in (1, 2, 3, 4))


def seen(as_of: date, cutoff=FOREVER, series="pm25") -> dict[str, Decimal]:
    return {row.period: row.value for row in figures_as_of(programme(), [series], as_of, cutoff).get(series, [])}


def done(as_of: date, cutoff=FOREVER) -> dict[str, date | None]:
    return {row.key: row.done_on for row in items_as_of(programme(), ["cells"], as_of, cutoff).get("cells", [])}


def test_saying_the_same_again_adds_nothing_and_writes_no_line():
    rows = [figure("2025-01", "31.5", FEB), figure("2025-02", 28, MAR)]
    assert [add_figures(by=None, programme=programme(), figures=rows) for _ in range(3)] == [2, 0, 0]
    assert [line.detail for line in AuditLine.objects.all()] == [{"rows": 2, "series": ["pm25"]}]


def test_a_correction_is_a_later_row_and_the_first_one_stays():
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 31, FEB)])
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 33, APR, source="更正")])
    assert Figure.objects.count() == 2
    assert seen(MAR) == {"2025-01": 31} and seen(APR) == {"2025-01": 33}
    assert seen(FEB - timedelta(1)) == {}


def test_an_older_statement_that_comes_in_late_does_not_undo_a_newer_one():
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 33, APR)])
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 31, FEB)])
    assert seen(MAR) == {"2025-01": 31} and seen(APR) == {"2025-01": 33}


def test_a_typing_error_can_be_taken_back():
    for value in ("29", "92", "29"):
        assert add_figures(by=None, programme=programme(), figures=[figure("2025-01", value, FEB)]) == 1
    assert seen(FEB) == {"2025-01": 29}


def test_of_two_statements_of_one_day_the_later_counts():
    rows = [figure("2025-01", 31, FEB), figure("2025-01", 32, FEB)]
    assert [add_figures(by=None, programme=programme(), figures=rows) for _ in range(2)] == [1, 0]
    assert seen(FEB) == {"2025-01": 32}


def test_a_new_source_of_the_same_number_is_kept():
    for source in ("月报", "年报"):
        add_figures(by=None, programme=programme(), figures=[figure("2025-01", 31, FEB, source=source)])
    assert [row.source for row in figures_as_of(programme(), ["pm25"], FEB, FOREVER)["pm25"]] == ["年报"]
    assert Figure.objects.count() == 2


def test_what_was_recorded_after_the_cutoff_is_not_read():
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 31, FEB)])
    add_items(by=None, programme=programme(), items=[item("甲", None, FEB)])
    cutoff = turn()
    add_figures(by=None, programme=programme(), figures=[figure("2025-01", 33, FEB), figure("2025-02", 28, MAR)])
    add_items(by=None, programme=programme(), items=[item("甲", MAR, MAR)])
    assert seen(APR, cutoff) == {"2025-01": 31} and seen(APR) == {"2025-01": 33, "2025-02": 28}
    assert done(APR, cutoff) == {"甲": None} and done(APR) == {"甲": MAR}


def test_a_period_that_has_not_ended_is_not_read():
    add_figures(by=None, programme=programme(), figures=[figure("2025-03", 30, FEB, ends=date(2025, 3, 31))])
    assert seen(date(2025, 3, 30)) == {} and seen(date(2025, 3, 31)) == {"2025-03": 30}


def test_figures_come_in_order_of_time_whatever_the_order_they_came_in():
    add_figures(
        by=None, programme=programme(), figures=[figure(f"2025-{m:02d}", m, date(2026, 1, m)) for m in (3, 1, 2)]
    )
    assert list(seen(date(2026, 2, 1))) == ["2025-01", "2025-02", "2025-03"]


def test_series_and_programmes_are_kept_apart():
    add_figures(
        by=None, programme=programme(), figures=[figure("2025-01", 31, FEB), figure("2025-01", 9, FEB, series="so2")]
    )
    add_figures(by=None, programme=programme("other"), figures=[figure("2025-01", 50, FEB)])
    assert seen(FEB) == {"2025-01": 31} and seen(FEB, series="so2") == {"2025-01": 9}


def test_a_row_knows_who_entered_it_and_where_it_stands():
    office = person("office")
    add_figures(
        by=office, programme=programme(), figures=[figure("2025-01", 31, FEB, source="月报 https://example.org/1")]
    )
    row = Figure.objects.get()
    assert (row.recorded_by, row.source, row.known_on) == (office, "月报 https://example.org/1", FEB)
    assert AuditLine.objects.get().by == "office"


def test_an_item_is_replaced_by_what_is_known_later():
    add_items(by=None, programme=programme(), items=[item("甲", None, JAN, planned_on=MAR), item("乙", None, JAN)])
    assert add_items(by=None, programme=programme(), items=[item("甲", MAR, APR, planned_on=MAR)]) == 1
    assert done(MAR) == {"乙": None, "甲": None} and done(APR) == {"乙": None, "甲": MAR}
    assert Item.objects.count() == 3


def test_an_item_found_not_done_after_all_is_open_again():
    add_items(by=None, programme=programme(), items=[item("甲", FEB, FEB)])
    add_items(by=None, programme=programme(), items=[item("甲", None, MAR)])
    assert done(FEB) == {"甲": FEB} and done(MAR) == {"甲": None}


def series(**changed) -> dict:
    return {"code": "pm25", "name": "细颗粒物", "name_en": "PM2.5", "unit": "μg/m³", "frequency": "month", "origin": "official",
            "source": {"title": "月报"}} | changed  # fmt: skip


def test_a_changed_definition_is_a_later_row():
    counts = [define_series(by=None, programme=programme(), definitions=[series()]) for _ in range(2)]
    cutoff = turn()
    counts.append(define_series(by=None, programme=programme(), definitions=[series(origin="reported")]))
    assert counts == [1, 0, 1] and Series.objects.count() == 2
    assert series_as_of(programme(), cutoff)["pm25"].origin == "official"
    assert series_as_of(programme(), FOREVER)["pm25"].origin == "reported"
    assert AuditLine.objects.filter(verb="define_series").count() == 2


statements = st.lists(
    st.builds(figure, st.sampled_from(["2025-01", "2025-02"]), st.integers(0, 3), st.sampled_from([FEB, MAR, APR])),
    max_size=8,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statements, st.sampled_from([JAN, FEB, MAR, APR]))
def test_what_is_read_is_the_last_word_known_by_then(db, rows, as_of):
    with transaction.atomic():
        for row in rows:
            add_figures(by=None, programme=programme(), figures=[row])
        stored = Figure.objects.count()
        add_figures(by=None, programme=programme(), figures=rows)  # a whole folder loaded again
        last = {}
        for row in sorted(
            (row for row in rows if row.known_on <= as_of and row.ends <= as_of), key=lambda row: row.known_on
        ):
            last[row.period] = row.value
        assert seen(as_of) == last
        assert Figure.objects.count() == stored
        transaction.set_rollback(True)
