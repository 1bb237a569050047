from datetime import date, timedelta
from decimal import Decimal

import pytest

from qingshan.standards import editions

FAMILIES = sorted(one.name for one in (editions.files("qingshan.standards") / "tables").iterdir() if one.is_dir())


@pytest.mark.parametrize("family", FAMILIES)
def test_editions_follow_each_other_without_overlap(family):
    known = editions.editions(family)
    assert known
    for earlier, later in zip(known, known[1:], strict=False):
        assert earlier.until is not None and earlier.until <= later.since, (earlier.code, later.code)


def numbers(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, list):
        for one in value:
            yield from numbers(one)
    else:
        yield value


@pytest.mark.parametrize("family", FAMILIES)
def test_no_table_holds_a_float(family):
    for one in editions.editions(family):
        assert not [value for value in numbers(dict(one.content)) if isinstance(value, float)]
        assert one.source and one.title and one.mark in editions.MARKS


def test_the_day_chooses_the_edition():
    day = date(2026, 3, 1)
    assert editions.edition("hj633", day - timedelta(1)).code == "hj633-2012"
    assert editions.edition("hj633", day).code == "hj633-2026"
    assert editions.edition("gb3095", date(2030, 12, 31)).code == "gb3095-2026-transition"
    assert editions.edition("gb3095", date(2031, 1, 1)).code == "gb3095-2026"


def test_a_caller_may_force_one():
    assert editions.edition("hj633", date(2026, 5, 1), "hj633-2012").standard == "HJ 633-2012"


def test_what_is_not_known_is_told_with_what_is():
    with pytest.raises(editions.NoEdition) as told:
        editions.edition("hj633", date(2001, 1, 1))
    assert "2001-01-01" in told.value.zh and "hj633-2012" in told.value.en
    with pytest.raises(editions.NoEdition, match="hj633-2012"):
        editions.edition("hj633", code="hj633-1999")
    with pytest.raises(TypeError):
        editions.edition("hj633")


def test_numbers_are_what_is_written():
    assert editions.edition("gb3095", date(2020, 1, 1))["limits"]["BaP"]["daily"] == [Decimal("0.0025")] * 2
