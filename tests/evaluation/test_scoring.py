from decimal import Decimal
from fractions import Fraction
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evaluation.scoring import QUANTILES, Count, ranks, share_of, total, wilson

WEIGHTS = st.sampled_from(["0.5", "1", "2", "0.25"]).map(Decimal)


@st.composite
def counts(draw):
    of = draw(st.integers(0, 60))
    return Count(draw(st.integers(0, of)), of, draw(WEIGHTS))


some = st.lists(counts(), min_size=1, max_size=6).filter(lambda told: any(one.of for one in told))
levels = st.sampled_from(sorted(QUANTILES))


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    [
        # Newcombe, R. G. (1998), Statistics in Medicine 17, 857–872, table I, method 3 (score without continuity correction)
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_interval_is_the_published_one(good, of, low, high):
    found = share_of([Count(good, of)], "0.95")
    assert found.low <= Decimal(low) <= found.low + Decimal("0.0001")
    assert found.high - Decimal("0.0001") <= Decimal(high) <= found.high


@given(st.integers(0, 300).flatmap(lambda good: st.tuples(st.just(good), st.integers(max(good, 1), 400))), levels)
def test_the_bounds_are_those_of_the_formula_rounded_outwards(told, level):
    good, n = told
    low, high = wilson(Fraction(good, n), Fraction(n), level)
    p, z = good / n, float(QUANTILES[level])
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert isclose(float(low), (middle - half) / (1 + z * z / n), abs_tol=1.1e-4)
    assert isclose(float(high), (middle + half) / (1 + z * z / n), abs_tol=1.1e-4)


@given(some, levels)
def test_an_interval_holds_its_share(told, level):
    found = share_of(told, level)
    assert 0 <= found.low <= found.exact <= found.high <= 1
    assert found.low <= found.rounded <= found.high


@given(some, counts())
def test_a_matter_that_went_wrong_never_raises_a_share_nor_one_that_went_well_lowers_it(told, more):
    before = share_of(told, "0.95")
    assert share_of([*told, Count(0, more.of, more.weight)], "0.95").exact <= before.exact
    assert share_of([*told, Count(more.of, more.of, more.weight)], "0.95").exact >= before.exact


@given(some, st.integers(2, 9))
def test_of_many_more_matters_alike_the_interval_is_narrower(told, times):
    few, many = share_of(told, "0.95"), share_of(told * times, "0.95")
    assert few.exact == many.exact
    assert few.low <= many.low
    assert many.high <= few.high


@given(some)
def test_weights_alike_say_what_no_weights_say(told):
    plain = [Count(one.good, one.of) for one in told]
    doubled = [Count(one.good, one.of, Decimal(2)) for one in told]
    one, two = share_of(plain, "0.95"), share_of(doubled, "0.95")
    assert (one.exact, one.low, one.high, one.effective) == (two.exact, two.low, two.high, two.effective)


def test_matters_of_unequal_weight_tell_less_than_their_number():
    found = share_of([Count(5, 5), Count(2, 3, Decimal("0.5"))], "0.95")
    assert (found.good, found.of, found.matters) == (Fraction(6), Fraction(13, 2), 8)
    assert found.effective == Fraction(169, 23) < 8


def test_nothing_to_count_is_no_share():
    assert share_of([], "0.95") is None
    assert share_of([Count(0, 0)], "0.95") is None


@pytest.mark.parametrize(("good", "of", "weight"), [(3, 2, 1), (-1, 2, 1), (1, 2, 0)])
def test_counts_that_cannot_be_are_refused(good, of, weight):
    with pytest.raises(ValueError, match="应"):
        Count(good, of, Decimal(weight))


# --- ranks

bodies = st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.lists(counts(), max_size=3), min_size=1)


@given(bodies, st.integers(1, 30), st.randoms())
def test_the_order_in_which_bodies_are_given_changes_nothing(told, minimum, chance):
    shares = {name: share_of(one, "0.95") for name, one in told.items()}
    mixed = list(shares.items())
    chance.shuffle(mixed)
    assert ranks(dict(mixed), minimum) == ranks(shares, minimum)


@given(bodies, st.integers(1, 30))
def test_ranks_are_held_by_those_with_enough_and_say_what_the_intervals_say(told, minimum):
    shares = {name: share_of(one, "0.95") for name, one in told.items()}
    found = ranks(shares, minimum)
    assert found.keys() == {name for name, one in shares.items() if one and one.matters >= minimum}
    for name, rank in found.items():
        assert 1 <= rank.best <= rank.worst <= rank.of == len(found)
        for other, theirs in found.items():
            if shares[name].high < shares[other].low:
                assert theirs.worst < rank.best + rank.of  # and strictly:
                assert theirs.best < rank.worst


def test_the_better_stands_first_only_where_intervals_are_apart():
    shares = {"甲": share_of([Count(200, 200)], "0.95"), "乙": share_of([Count(20, 200)], "0.95"), "丙": share_of([Count(22, 200)], "0.95"),
              "丁": share_of([Count(1, 1)], "0.95")}  # fmt: skip
    found = ranks(shares, 5)
    assert (found["甲"].best, found["甲"].worst) == (1, 1)
    assert (found["乙"].best, found["乙"].worst) == (found["丙"].best, found["丙"].worst) == (2, 3)
    assert "丁" not in found
    alike = ranks({name: shares[name] for name in ("乙", "丙")}, 5)
    assert all(rank.tells_nothing for rank in alike.values())


# --- totals

WEIGHED = {"result": Decimal(50), "process": Decimal(30), "mending": Decimal(20)}
HALF = share_of([Count(5, 10)], "0.95")
ALL = share_of([Count(10, 10)], "0.95")


def test_a_total_is_the_weighted_sum_less_what_was_deducted():
    found = total({"result": HALF, "process": ALL, "mending": ALL}, WEIGHED, {"process": Decimal("2.5")}, False)
    assert found.points == Decimal("72.50")
    assert found.low <= found.points <= found.high
    assert found.left_out == ()


def test_where_a_part_is_missing_there_is_no_total_unless_the_others_take_its_weight():
    shares = {"result": HALF, "process": ALL, "mending": None}
    assert total(shares, WEIGHED, {}, False) is None
    found = total(shares, WEIGHED, {}, True)
    assert found.points == Decimal("68.75")  # (25 + 30) × 100 / 80
    assert found.left_out == ("mending",)
    assert total({}, WEIGHED, {}, True) is None


@given(st.decimals(0, 200, places=2))
def test_a_total_is_never_below_zero_and_falls_as_more_is_deducted(off):
    shares = {"result": HALF, "process": ALL, "mending": ALL}
    found, less = total(shares, WEIGHED, {"result": off}, False), total(shares, WEIGHED, {}, False)
    assert 0 <= found.points <= less.points
