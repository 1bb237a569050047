from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evidence.registers.actions import change_entry, define_register, index_names, move, put_entries, withdraw
from qingshan.evidence.registers.models import Entry, Revision
from qingshan.evidence.registers.places import Box
from qingshan.evidence.registers.queries import (
    amounts,
    around_point,
    counts_by,
    dues,
    entries,
    in_box,
    matching,
    near,
    number,
    periods,
    revisions_as_of,
    seen,
    selected,
    sought,
    tallies,
    total,
    totals_by,
)
from qingshan.evidence.registers.queries.rows import _Holds
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.registers.selections import Selection, faults, selection

from .outfalls import DEFINITION, point, stated

EVER = datetime(2100, 1, 1, tzinfo=UTC)
END = date(2025, 12, 31)
DONE = ("mended", "verified")


def put(register, *rows, history=True):
    return put_entries(by=None, programme=register, register="outfalls", rows=rows, history=history)


@pytest.fixture
def lived(register):
    """Four outfalls: one mended and verified, one mended and sent back, one mended late, one only found."""
    put(
        register,
        stated("1", flow="0.10", due_on="2025-04-30", town="枫镇", since=1990),
        stated("2", flow="0.20", due_on="2025-06-30", town="枫镇", since=1995),
        stated("3", flow="100", due_on="2025-08-31", town="廊镇", since=1995),
        stated("4", due_on="2026-03-31"),
        stated("1", "mended", date(2025, 4, 10), flow="0.10", due_on="2025-04-30", town="枫镇", since=1990),
        stated("1", "verified", date(2025, 5, 10), flow="0.10", due_on="2025-04-30", town="枫镇", since=1990),
        stated("2", "mended", date(2025, 5, 20), flow="0.20", due_on="2025-06-30", town="枫镇", since=1995),
        stated("2", "traced", date(2025, 9, 1), flow="0.20", due_on="2025-06-30", town="枫镇", since=1995),
        stated(
            "3",
            "mended",
            date(2025, 9, 20),
            date(2025, 10, 5),
            flow="100",
            due_on="2025-08-31",
            town="廊镇",
            since=1995,
        ),
    )
    return register


def keys(rows):
    return sorted(row.entry.key for row in rows.select_related("entry"))


def test_the_rows_as_they_were(lived):
    def mended(on):
        return keys(selected(lived, DEFINITION, Selection("outfalls", states=DONE), on, EVER))

    assert mended(date(2025, 4, 30)) == ["1"] and mended(date(2025, 6, 30)) == ["1", "2"]
    assert mended(date(2025, 9, 30)) == ["1"], "3 was mended on 20 September but known only on 5 October"
    assert mended(date(2025, 10, 31)) == ["1", "3"]


def test_what_was_known_later_is_told_of_the_day_before(lived):
    rows = selected(lived, DEFINITION, Selection("outfalls", states=DONE), END, EVER, on=date(2025, 9, 30))
    assert keys(rows) == ["1", "3"]


def test_what_was_recorded_after_the_cutoff_is_not_read(lived):
    cutoff = Revision.objects.order_by("recorded_at").last().recorded_at
    entry = Entry.objects.get(key="4")
    move(by=None, entry=entry, expected=entry.number, to="traced", known_on=date(2025, 3, 2))
    traced = Selection("outfalls", states=("traced",))
    assert keys(selected(lived, DEFINITION, traced, END, cutoff)) == ["2"]
    assert keys(selected(lived, DEFINITION, traced, END, EVER)) == ["2", "4"]
    assert not revisions_as_of(lived, "outfalls", END, cutoff - timedelta(days=1)).exists()


def test_a_withdrawn_row_counts_from_no_day_after(lived):
    entry = Entry.objects.get(key="1")
    withdraw(by=None, entry=entry, expected=entry.number, why="重复", known_on=date(2025, 11, 1))
    assert revisions_as_of(lived, "outfalls", date(2025, 10, 31), EVER).count() == 4
    assert revisions_as_of(lived, "outfalls", END, EVER).count() == 3 and entries(lived, "outfalls").count() == 3


def test_counts_and_sums(lived):
    rows = entries(lived, "outfalls")
    assert counts_by(rows, DEFINITION, "state") == {"verified": 1, "traced": 1, "mended": 1, "found": 1}
    assert counts_by(rows, DEFINITION, "town") == {"枫镇": 2, "廊镇": 1, None: 1}
    assert counts_by(rows, DEFINITION, "body") == {"water": 4}
    assert total(rows, None) == 4
    assert total(matching(rows, DEFINITION, "town=枫镇"), DEFINITION.field["flow"]) == Decimal("0.30")
    assert total(rows.none(), DEFINITION.field["flow"]) == 0


@pytest.mark.parametrize("value", ["0.01", "0.07", "1.15", "99999.99", "4.35", "0.29"])
def test_a_sum_of_decimals_is_exact(register, value):
    put(register, *(stated(str(n), flow=value) for n in range(50)))
    assert total(entries(register, "outfalls"), DEFINITION.field["flow"]) == Decimal(value) * 50


def test_what_counts_and_from_when(lived):
    found = {
        one.key: one for one in dues(lived, DEFINITION, Selection("outfalls", states=DONE, total="flow"), END, EVER)
    }
    assert {key: one.done_on for key, one in found.items()} == {
        "1": date(2025, 4, 10), "2": None, "3": date(2025, 9, 20), "4": None,
    }  # fmt: skip
    assert (found["1"].value, found["4"].value) == (Decimal("0.10"), 0)
    assert found["2"].planned_on == date(2025, 6, 30)


def test_a_field_may_say_when_a_row_counts(lived):
    entry = Entry.objects.get(key="1")
    change_entry(by=None, entry=entry, expected=entry.number, data={"mended_on": "2025-04-02"}, known_on=END)
    found = dues(lived, DEFINITION, Selection("outfalls", states=DONE, done="mended_on"), END, EVER)
    assert [(one.key, one.done_on) for one in found if one.done_on] == [("1", date(2025, 4, 2))]


def test_a_stock_at_the_end_of_each_quarter(lived):
    one = Selection("outfalls", states=DONE)
    found = amounts(lived, DEFINITION, one, date(2024, 1, 1), date(2025, 10, 31), EVER)
    assert [(a.period, a.value) for a in found] == [("2025-Q1", 0), ("2025-Q2", 2), ("2025-Q3", 2), ("2025-10-05", 2)]
    every = amounts(lived, DEFINITION, Selection("outfalls", total="flow"), date(2025, 1, 1), date(2025, 3, 31), EVER)
    assert [(a.period, a.value, a.rows) for a in every] == [("2025-03-01", Decimal("100.30"), 4)]


def test_a_stock_is_not_said_to_stand_on_a_day_of_which_nobody_told(lived):
    one = Selection("outfalls", states=DONE)
    late = amounts(lived, DEFINITION, one, date(2024, 1, 1), date(2026, 12, 31), EVER)
    assert late == amounts(lived, DEFINITION, one, date(2024, 1, 1), date(2025, 10, 5), EVER)
    entry = Entry.objects.get(key="1")
    change_entry(by=None, entry=entry, expected=entry.number, data={"town": "x"}, known_on=date(2026, 3, 31))
    assert [a.period for a in amounts(lived, DEFINITION, one, date(2024, 1, 1), date(2026, 12, 31), EVER)][-2:] == [
        "2025-Q4",
        "2026-Q1",
    ]


def test_flows_of_a_period(lived):
    by_day = amounts(lived, DEFINITION, Selection("outfalls", on="due_on", total="flow"), date(2025, 1, 1), END, EVER)
    assert [(a.period, a.value, a.rows) for a in by_day] == [
        ("2025-Q2", Decimal("0.30"), 2),
        ("2025-Q3", Decimal(100), 1),
    ]
    by_year = amounts(lived, DEFINITION, Selection("outfalls", on="since"), date(1985, 1, 1), END, EVER)
    assert [(a.period, a.value) for a in by_year] == [("1990", 1), ("1995", 2)]


def test_the_fingerprint_changes_with_the_rows(lived):
    one = Selection("outfalls", states=DONE)
    before = seen(lived, DEFINITION, one, END, EVER)
    assert (before.rows, before.known_on, before.origins) == (2, date(2025, 10, 5), ("reported",))
    entry = Entry.objects.get(key="1")
    change_entry(by=None, entry=entry, expected=entry.number, data={"town": "x"}, known_on=date(2025, 10, 6))
    assert seen(lived, DEFINITION, one, END, EVER).digest != before.digest


@given(
    st.sampled_from(["month", "quarter", "year"]), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 2000)
)
def test_periods_follow_each_other(every, since, days):
    found = list(periods(every, since, since + timedelta(days=days)))
    assert all(later[1] - earlier[2] == timedelta(days=1) for earlier, later in pairwise(found))
    assert all(starts <= ends <= since + timedelta(days=days) for _, starts, ends in found)


def test_a_selection_says_what_it_counts():
    one = Selection("outfalls", "town=枫镇", DONE, "flow", "mended_on", "due_on")
    assert selection(one.plain()) == one and faults(one, DEFINITION) == []
    assert one.name == "outfalls?town=枫镇;state=mended|verified&sum=flow&done=mended_on"
    bad = Selection("outfalls", "colour=red", ("lost",), "town", "flow", "town", "name")
    assert len(faults(bad, DEFINITION)) == 6


def test_tallies_are_in_step_with_the_rows(lived):
    entry = Entry.objects.get(key="3")
    withdraw(by=None, entry=entry, expected=entry.number, why="重复", known_on=END)
    entry = Entry.objects.get(key="4")
    move(by=None, entry=entry, expected=entry.number, to="traced", known_on=END)
    put(lived, stated("5"), stated("2", "mended", END, flow="0.20"))
    assert tallies(lived, "outfalls") == counts_by(entries(lived, "outfalls"), DEFINITION, "state") == {
        "verified": 1, "traced": 1, "mended": 1, "found": 1,
    }  # fmt: skip


def test_a_number_stops_where_it_is_enough(lived):
    assert number(entries(lived, "outfalls")) == (4, True) and number(entries(lived, "outfalls"), 3) == (3, False)


# Places.


def test_what_is_near(register):
    put(register, *(stated(str(n), geometry=point(121 + n / 1000, 30.8)) for n in range(30)), stated("nowhere"))
    found = near(entries(register, "outfalls"), 121.0, 30.8, 500)
    assert [one.entry.key for one in found] == [str(n) for n in range(6)]
    assert found[0].metres == 0 and 94 < found[1].metres < 97
    assert in_box(entries(register, "outfalls"), Box(121.0, 30.7, 121.0095, 30.9)).count() >= 10
    assert in_box(entries(register, "outfalls"), Box(-180, -85, 180, 85)).count() == 30


def test_what_lies_around_a_point(db, programme):
    told = {"code": "units", "name": {"zh": "单元", "en": "Units"}, "geometry": "polygon", "key": ["no"], "body": "water", "fields": [
        {"code": "no", "name": {"zh": "编号", "en": "Number"}, "type": "text", "required": True}]}  # fmt: skip
    define_register(by=None, programme=programme, definition=Definition.model_validate(told))

    def triangle(west):
        return {"type": "Polygon", "coordinates": [[[west, 30], [west + 0.2, 30], [west, 30.2], [west, 30]]]}

    rows = [stated(str(n), geometry=triangle(121 + n / 10)) for n in range(5)]
    put_entries(by=None, programme=programme, register="units", rows=rows)
    found = around_point(entries(programme, "units"), 121.22, 30.01)
    assert [one.key for one in found] == ["1", "2"]
    assert around_point(entries(programme, "units"), 121.19, 30.19) == []


def test_how_many_of_each(register):
    put(
        register,
        stated("1", town="a", pipes=3, flow="0.10"),
        stated("2", town="a", pipes=4, flow="0.20"),
        stated("3", town="b"),
    )
    rows = entries(register, "outfalls")
    assert totals_by(rows, DEFINITION, "town", "pipes") == {"a": 7, "b": 0}
    assert totals_by(rows, DEFINITION, "town", "flow") == {"a": Decimal("0.30"), "b": 0}


# The database finds rows by its indexes.


def plan_of(rows):
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", parameters)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("text", "field"),
    [("town=枫镇", "town"), ("flow>=998", "flow"), ("pipes=3", "pipes"), ("due_on<2020-01-01", "due_on"),
     ("since=1990", "since")],
)  # fmt: skip
def test_a_filter_is_answered_from_its_index(register, text, field):
    names = {code: name for name, code in index_names(DEFINITION).items()}
    put(register, *(stated(str(n), town=f"镇{n}", flow=str(n), pipes=n % 20 + 1, since=1900 + n % 300, due_on=f"2025-01-{n % 28 + 1:02d}",
                           kind="works", metered=False) for n in range(1000)))  # fmt: skip
    rows = matching(entries(register, "outfalls").order_by(), DEFINITION, text)
    assert names[field] in plan_of(rows)


NAMED = ["北闸排口", "北闸 2 号", "南闸排口", "Outfall A%1", "outfall b_2", "街\\道", "排", "闸北排"]


@pytest.mark.parametrize(
    "text", ["北闸", "排口", "OUTFALL", "outfall b", "%", "_2", "\\", "闸北排", "排", "P-1", "没有", "口北"]
)
def test_a_text_is_found_in_key_and_title_alike_on_every_database(register, text):
    put(register, *(stated(f"P-{n}", name=name) for n, name in enumerate(NAMED)))
    wanted = {f"P-{n}" for n, name in enumerate(NAMED) if text.lower() in name.lower() or text.lower() in f"p-{n}"}
    found = sought(entries(register, "outfalls"), DEFINITION, text=text).rows
    assert set(found.values_list("key", flat=True)) == wanted


TOWNS = ["枫泾镇", "朱泾镇", "北闸", "town A%1", "Town b_2", "枫", None]


@pytest.mark.parametrize(
    ("asked", "text"),
    [("town~泾镇", ""), ("town~TOWN", ""), ("town~枫", ""), ("town~%1", ""), ("key~p-1", ""), ("keeper~ate", ""),
     ("town~泾镇;keeper~farm", ""), ("town~北闸", "P-2"), ("town~北闸", "泾"), ("name~北闸", ""), ("town~没有", "")],
)  # fmt: skip
def test_a_part_of_a_field_is_found_alike_on_every_database(register, asked, text):
    keeper = ("water", "farm")
    put(
        register,
        *(stated(f"P-{n}", name=f"第 {n} 口", town=town, keeper=keeper[n % 2]) for n, town in enumerate(TOWNS)),
    )

    def has(n):
        row = {"key": f"P-{n}", "town": TOWNS[n] or "", "keeper": keeper[n % 2], "name": f"第 {n} 口"}
        parts = [one.split("~") for one in asked.split(";")]
        return all(part.lower() in row[field].lower() for field, part in parts) and (
            text.lower() in row["key"].lower() or text in row["name"]
        )

    found = sought(entries(register, "outfalls"), DEFINITION, asked, text)
    assert set(found.rows.values_list("key", flat=True)) == {f"P-{n}" for n in range(len(TOWNS)) if has(n)}
    assert found.above == 0


@pytest.mark.parametrize("many", [5, 20])
def test_of_many_that_hold_a_text_all_are_found(register, monkeypatch, many):
    monkeypatch.setattr("qingshan.evidence.registers.queries.rows.FEW", 3)
    monkeypatch.setattr("qingshan.evidence.registers.queries.rows.MANY", many)
    put(register, *(stated(f"P-{n}", name=f"北闸 {n}") for n in range(9)))
    for told in ({"text": "北闸"}, {"conditions": "name~北闸"}):
        found = sought(entries(register, "outfalls"), DEFINITION, **told)
        assert found.rows.count() == 9 and found.above == (5 if connection.vendor == "postgresql" and many == 5 else 0)
    assert sought(entries(register, "outfalls"), DEFINITION, text="北闸 1").rows.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads every row")
def test_a_text_is_found_by_its_index(register):
    put(register, *(stated(f"P-{n}", name=f"第 {n} 排口", town="枫泾镇") for n in range(1000)))
    name = {code: name for name, code in index_names(DEFINITION).items()}["called"]
    for part in ("排口", "泾镇"):
        assert name in plan_of(entries(register, "outfalls").order_by().filter(_Holds(DEFINITION, part)))


def test_a_box_is_answered_from_its_index(register):
    put(register, *(stated(str(n), geometry=point(121 + n / 10000, 30.8)) for n in range(2000)))
    rows = in_box(entries(register, "outfalls").order_by(), Box(121.01, 30.79, 121.02, 30.81))
    assert "entries_by_tile" in plan_of(rows)
