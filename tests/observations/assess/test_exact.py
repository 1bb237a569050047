from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from qingshan.observations.assess.exact import ABSENT, PARTS, UNIT, apart, index, mean_of, rounded, spans
from qingshan.observations.dense import NARROW, SCALE, WIDE
from qingshan.standards import air
from qingshan.standards.editions import edition, editions
from qingshan.standards.rounding import round_gbt8170

TABLES = [edition("hj633", code=code) for code in ("hj633-2012", "hj633-2026")]


@pytest.mark.parametrize("table", TABLES, ids=["2012", "2026"])
def test_the_index_of_every_concentration_equals_the_exact_one(table):
    """Every whole concentration (CO: tenth) on every row of breakpoints, and beyond its end."""
    for report in table["reports"]:
        for item, (row, pollutant) in table["reports"][report].items():
            points, places = table["breakpoints"][row], table["places"][pollutant]
            values = np.arange(points[-1] * 10**places + 20)
            exact = [air.individual_index(item, Fraction(int(v), 10**places), table, report).value for v in values]
            found = index(values, item, table, report).tolist()
            assert [None if one == ABSENT else one for one in found] == exact, item
            assert index(np.array([ABSENT, -1]), item, table, report).tolist() == [ABSENT, ABSENT]


@pytest.mark.parametrize("places", [0, 1])
def test_rounding_equals_the_exact_one_around_every_half(places):
    step = UNIT // 10**places // 2
    values = sorted({k * step + d for k in range(-9, 200) for d in (-1, 0, 1)})
    exact = [int(round_gbt8170(Fraction(v, UNIT), places) * 10**places) for v in values]
    assert rounded(np.array([*values, ABSENT]), places).tolist() == [*exact, ABSENT]


def test_a_mean_over_stations_is_rounded_once():
    values = [k * UNIT // 2 for k in range(40)]
    found = rounded(np.array([*values, ABSENT]), 0, np.full(41, 3))
    assert found.tolist() == [*(int(round_gbt8170(Fraction(v, 3 * UNIT), 0)) for v in values), ABSENT]


def test_every_number_of_hours_divides_the_parts():
    assert all(PARTS % n == 0 for n in [*range(20, 25), 6, 7, 8]) and UNIT == SCALE * PARTS
    found = mean_of(np.arange(25) * 7, np.arange(25), 20)
    assert found.tolist() == [ABSENT] * 20 + [7 * PARTS] * 5


@pytest.mark.parametrize(("_kind", "mark", "far"), [NARROW, WIDE])
def test_a_sum_of_marked_hours_tells_how_many_and_how_much(_kind, mark, far):
    """Of 0 to 24 hours of the smallest and the largest values that may be marked so."""
    for value in (1 - far, -1, 0, 1, far - 1):
        count, total = apart(np.arange(25) * (mark + value), mark)
        assert count.tolist() == list(range(25)) and total.tolist() == [n * value for n in range(25)]


def test_days_fall_to_the_edition_in_force():
    known = editions("hj633")
    found = {one.code: part for part, one in spans(date(2026, 2, 27), 4, known)}
    assert found == {"hj633-2012": slice(0, 2), "hj633-2026": slice(2, 4)}
    assert list(spans(date(2015, 12, 31), 1, known)) == []
    assert [(part, one.code) for part, one in spans(date(2015, 12, 31), 1, known[-1:])] == [(slice(0, 1), "hj633-2026")]
