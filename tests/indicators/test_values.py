from dataclasses import replace
from datetime import date
from decimal import Decimal

from qingshan.indicators.formulas import Row
from qingshan.indicators.values import Definition, Evidence, compute

SHARE = Definition(
    "wells",
    "计量覆盖率",
    "Wells",
    "%",
    1,
    "higher",
    "share",
    {"numerator": "a", "denominator": "b"},
    None,
    "none",
    "",
    "",
    "",
)
DAY = date(2025, 3, 31)


def evidence(value, origin="official") -> Evidence:
    return Evidence(
        "a", origin, (Row("2025-Q1", DAY, Decimal(value)),), (f"2025-Q1|{value}|报|2025-04-10",), date(2025, 4, 10)
    )


EMPTY = Evidence("b", "official", (), (), None)


def test_a_value_comes_from_all_its_inputs():
    found = compute(SHARE, {"numerator": evidence(1), "denominator": evidence(4, "simulated")})
    assert [one.value for one in found.points] == [25]
    assert found.origins == ("official", "simulated")


def test_without_one_of_its_inputs_there_is_no_value():
    assert compute(SHARE, {"numerator": evidence(1), "denominator": EMPTY}).points == ()
    assert compute(SHARE, {"numerator": evidence(1)}).points == ()
    assert compute(SHARE, {}).points == ()
    assert compute(SHARE, {"numerator": evidence(1), "denominator": EMPTY}).origins == ("official",)


def test_the_digest_tells_rows_apart_and_nothing_else():
    one = evidence(1)
    assert one.digest() == evidence(1).digest() != evidence(2).digest()
    assert replace(one, stated=("2025-Q1|1|年报|2025-04-10",)).digest() != one.digest()
    assert len(EMPTY.digest()) == 64
