from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evidence.registers.places import Unplaced, inside
from qingshan.evidence.registers.zoning import (
    Clause,
    Closed,
    NoIndustry,
    Project,
    Unit,
    drives,
    examine,
    industry_of,
    verdict,
)
from tests.evidence.registers.served import point, square

DAY = date(2025, 5, 1)
UNITS = [Unit("U1", "一", "priority", square(121.0, 30.7)), Unit("U2", "二", "key", square(121.1, 30.7))]


def clause(effect="forbid", unit="", kind="", industries=(), activity="", since=None, until=None, key="1"):
    return Clause(key, unit, kind, industries, activity, effect, "要求", "第一条", since, until)


def found(site, *clauses, industry="C2614", activity="build", day=DAY):
    return examine(UNITS, clauses, site, Project(industry, activity, day))


@pytest.mark.parametrize(
    ("told", "code"),
    [("2614", "C2614"), (" c2614 ", "C2614"), ("01", "A01"), ("0410", "A0410"), ("97", "T97"), ("C", "C"), ("", ""), ("4430", "D4430"), ("9011", "R9011")],
)  # fmt: skip
def test_an_industry_has_its_letter(told, code):
    assert industry_of(told) == code


@pytest.mark.parametrize("told", ["C01", "Z26", "2", "26143", "98", "00", "化工", "D26", "²6"])
def test_what_is_no_industry_is_told(told):
    with pytest.raises(NoIndustry, match="不是国民经济行业代码"):
        industry_of(told)


def test_a_clause_applies_by_unit_class_industry_activity_and_day():
    here = point(121.05, 30.75)
    cases = {
        clause(): True, clause(unit="U1"): True, clause(unit="U2"): False, clause(kind="key"): False,
        clause(industries=("C25", "C26")): True, clause(industries=("C27",)): False, clause(activity="operate"): False,
        clause(until=date(2025, 4, 30)): False, clause(until=DAY): True, clause(since=date(2025, 5, 2)): False, clause(since=DAY): True,
    }  # fmt: skip
    for one, fits in cases.items():
        assert bool(found(here, one)[0].clauses) is fits, one


def test_the_hardest_effect_of_a_unit_counts():
    here = point(121.05, 30.75)
    assert found(here, clause("allow"), clause("demand"))[0].verdict == "demand"
    assert found(here, clause("allow"), clause("forbid"))[0].verdict == "forbid"
    assert found(here)[0].verdict == "silent" and verdict(found(point(121.5, 30.7))) == "outside"


def test_a_silent_unit_is_no_allowance():
    both = square(121.05, 30.72, 0.1)
    assert verdict(found(both, clause("allow", unit="U1"))) == "silent"
    assert verdict(found(both, clause("allow"))) == "allow"
    assert verdict(found(both, clause("allow"), clause("forbid", unit="U2"))) == "forbid"


def test_shares_of_a_site_in_two_units():
    site = square(121.06, 30.72, 0.08)
    shares = {one.unit.key: one.share for one in found(site)}
    assert shares == pytest.approx({"U1": 0.5, "U2": 0.5}) and [one.unit.key for one in found(site)] == ["U1", "U2"]
    assert {one.unit.key: one.share for one in found(square(121.02, 30.7 - 0.01, 0.01))} == {"U1": 0}, "they only touch"


@given(st.floats(120.9, 121.3), st.floats(30.6, 30.9))
def test_a_point_lies_where_its_unit_is(lon, lat):
    there = {one.unit.key for one in found(point(lon, lat))}
    assert there >= {one.key for one in UNITS if inside(one.geometry, lon, lat)} and all(
        one.share == 1 for one in found(point(lon, lat))
    )


@given(st.floats(120.95, 121.15), st.floats(30.65, 30.78), st.floats(0.001, 0.2))
def test_shares_are_parts_of_one_whole(west, south, side):
    shares = [one.share for one in found(square(west, south, side))]
    assert all(0 <= one <= 1 + 1e-9 for one in shares) and sum(shares) <= 1 + 1e-9


@pytest.mark.parametrize(
    "shape", [{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, {"type": "Polygon"}, {}, {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}]
)  # fmt: skip
def test_a_broken_shape_is_told(shape):
    with pytest.raises(Unplaced, match="图形"):
        found(shape)


ZONE = Closed("Z", "区", "machine", 3, "通告", date(2024, 1, 1), None, None, square(121.0, 30.7))
HERE = point(121.05, 30.75)


@pytest.mark.parametrize(("stage", "may"), [(2, False), (3, True), (4, True), (None, False)])
def test_a_machine_below_the_stage_may_not_run(stage, may):
    (told,) = drives([ZONE], HERE, "machine", stage, DAY)
    assert (told.active, told.allowed) == (True, may)


def test_a_zone_for_others_or_elsewhere_is_not_told():
    assert drives([ZONE], HERE, "truck", 1, DAY) == [] and drives([ZONE], point(121.5, 30.75), "machine", 1, DAY) == []


@pytest.mark.parametrize(
    ("months", "month", "active"),
    [((10, 3), 12, True), ((10, 3), 3, True), ((10, 3), 4, False), ((4, 6), 5, True), ((4, 6), 7, False), (None, 7, True)],
)  # fmt: skip
def test_a_season_may_go_over_the_turn_of_the_year(months, month, active):
    (told,) = drives([ZONE._replace(months=months)], HERE, "machine", 1, date(2025, month, 15))
    assert told.active is active and told.allowed is not active


def test_a_zone_closed_to_all_and_one_not_yet_in_force():
    (told,) = drives([ZONE._replace(stage=None)], HERE, "machine", 9, DAY)
    assert not told.allowed
    (later,) = drives([ZONE._replace(since=date(2026, 1, 1))], HERE, "machine", 1, DAY)
    assert not later.active and later.allowed
