from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from qingshan.indicators.formulas import Row
from qingshan.indicators.values import Definition, Evidence, compute
from qingshan.observations.wanted import Finding

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


MEAN = replace(SHARE, formula="annual_mean", inputs={"series": {"stream": "air"}, "instead": "a"})


def months(year: int, count: int, value: int, origin: str, kind=Row) -> Evidence:
    ends = [date(year, month, 28) for month in range(1, count + 1)]
    made = [Row(f"{day:%Y-%m}", day, Decimal(value)) if kind is Row else Finding(f"{day:%Y-%m}", day, Fraction(value), 28, 1, 1)
            for day in ends]  # fmt: skip
    return Evidence(f"{origin}-{kind.__name__}", origin, tuple(made), (f"{year}|{count}|{value}",), ends[-1])


def test_measurements_go_before_what_stands_published():
    ours, theirs = months(2025, 12, 20, "measured", Finding), months(2025, 12, 30, "official")
    found = compute(MEAN, {"series": ours, "instead": theirs})
    assert [one.value for one in found.points] == [20] and found.origins == ("measured",)
    assert found.evidence == {"series": ours} and found.rows["series"] == ours.rows


def test_simulated_measurements_never_take_the_place_of_published_figures():
    ours, theirs = months(2025, 12, 20, "simulated", Finding), months(2025, 3, 30, "official")
    found = compute(MEAN, {"series": ours, "instead": theirs})
    assert [one.value for one in found.points] == [30] and found.origins == ("official",)
    assert found.evidence == {"instead": theirs}


def test_each_year_takes_what_serves_it():
    both = replace(theirs := months(2024, 12, 30, "official"), rows=theirs.rows + months(2025, 4, 31, "official").rows)
    ours = months(2025, 3, 20, "measured", Finding)  # fewer months than are published
    assert [one.value for one in compute(MEAN, {"series": ours, "instead": both}).points] == [30, 31]
    more = months(2025, 4, 20, "measured", Finding)
    found = compute(MEAN, {"series": more, "instead": both})
    assert [one.value for one in found.points] == [30, 20] and found.origins == ("measured", "official")


def test_one_of_the_two_is_enough_and_none_is_nothing():
    theirs = months(2025, 2, 30, "official")
    assert [one.value for one in compute(MEAN, {"instead": theirs}).points] == [30]
    made_up = months(2025, 2, 20, "simulated", Finding)
    assert [one.value for one in compute(MEAN, {"series": made_up}).points] == [20]
    assert compute(MEAN, {}).points == ()
