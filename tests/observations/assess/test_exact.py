from fractions import Fraction

import ibis
import pyarrow as pa
import pytest

from qingshan.observations.assess.exact import PARTS, SCALE, UNIT, index, rounded
from qingshan.observations.engines import engine
from qingshan.standards import air
from qingshan.standards.editions import edition
from qingshan.standards.rounding import round_gbt8170

TABLES = [edition("hj633", code=code) for code in ("hj633-2012", "hj633-2026")]


def column(expression, values: list[int]) -> list:
    with engine("duckdb") as connection:
        table = ibis.memtable(pa.table({"v": pa.array(values, pa.int64())}))
        return connection.to_pyarrow(table.select(found=expression(table.v), v="v").order_by("v"))["found"].to_pylist()


@pytest.mark.parametrize("table", TABLES, ids=["2012", "2026"])
def test_the_index_of_every_concentration_equals_the_exact_one(table):
    """Every whole concentration (CO: tenth) on every row of breakpoints, and beyond its end."""
    for report in ("day", "hour"):
        for item, (row, pollutant) in table["reports"][report].items():
            points, places = table["breakpoints"][row], table["places"][pollutant]
            values = list(range(points[-1] * 10**places + 20))
            found = column(lambda v, p=points, n=places: index(v, p, table["levels_at"], n, table["beyond"]), values)
            exact = [air.individual_index(item, Fraction(v, 10**places), table, report).value for v in values]
            assert found == exact, item


@pytest.mark.parametrize("places", [0, 1])
def test_rounding_equals_the_exact_one_around_every_half(places):
    step = UNIT // 10**places // 2
    values = [k * step + d for k in range(-9, 200) for d in (-1, 0, 1)]
    values = sorted(set(values))
    assert column(lambda v: rounded(v, places), values) == [
        int(round_gbt8170(Fraction(v, UNIT), places) * 10**places) for v in values
    ]


def test_a_mean_over_stations_is_rounded_once():
    values = [k * UNIT // 2 for k in range(40)]
    assert column(lambda v: rounded(v, 0, 3), values) == [int(round_gbt8170(Fraction(v, 3 * UNIT), 0)) for v in values]


def test_every_number_of_hours_divides_the_parts():
    assert all(PARTS % n == 0 for n in [*range(20, 25), 6, 7, 8]) and UNIT == SCALE * PARTS
