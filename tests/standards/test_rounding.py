from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards.rounding import round_gbt8170

exact = st.decimals(min_value=-(10**12), max_value=10**12, places=6)
fractions = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("12.1498", 1, "12.1"),  # what is dropped is less than a half
        ("12.1498", 0, "12"),
        ("10.5002", 0, "11"),  # more than a half
        ("1268", -2, "1300"),
        ("1.050", 1, "1.0"),  # a half: to the even digit
        ("0.35", 1, "0.4"),
        ("2500", -3, "2000"),
        ("3500", -3, "4000"),
        ("0.0325", 3, "0.032"),
        ("32500", -3, "32000"),
        ("-355", -1, "-360"),  # a negative number is rounded as its amount
        ("-325", -1, "-320"),
        ("-365", -1, "-360"),
        ("-0.0365", 3, "-0.036"),
    ],
)
def test_examples_of_the_standard(value, places, rounded):
    assert round_gbt8170(Decimal(value), places) == Decimal(rounded)


def test_one_step_only():
    assert round_gbt8170(Decimal("15.4546"), 0) == 15  # not 15.455 → 15.46 → 15.5 → 16
    assert round_gbt8170(Fraction(25, 10) + Fraction(1, 10**30), 0) == 3  # a hair above the half is above it
    assert round_gbt8170(Fraction(35, 10) - Fraction(1, 10**30), 0) == 3


def test_shows_the_places_it_was_asked_for():
    assert [str(round_gbt8170(Decimal(value), 2)) for value in ("1", "0.005", "-0.004")] == ["1.00", "0.00", "0.00"]


@pytest.mark.parametrize("value", [2.5, float("nan")])
def test_refuses_floats(value):
    with pytest.raises(TypeError, match="float"):
        round_gbt8170(value, 0)


@given(exact, st.integers(0, 6))
def test_is_half_even_of_the_decimal(value, places):
    with localcontext(Context(prec=60)):
        assert round_gbt8170(value, places) == value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


@given(fractions, st.integers(-3, 6))
def test_is_the_nearest_and_of_two_the_even(value, places):
    step = Fraction(10) ** -places
    rounded = Fraction(round_gbt8170(value, places))
    assert (rounded / step).denominator == 1
    assert abs(rounded - value) <= step / 2
    if abs(rounded - value) == step / 2:
        assert (rounded / step).numerator % 2 == 0


@given(fractions, st.integers(0, 6))
def test_does_not_depend_on_the_precision_set_elsewhere(value, places):
    with localcontext(Context(prec=3)):
        narrow = round_gbt8170(value, places)
    assert narrow == round_gbt8170(value, places)
