from decimal import Decimal
from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.standards.biodiversity import diversity

communities = st.lists(st.integers(1, 10_000), min_size=1, max_size=40)


def test_a_worked_example():
    """Ten individuals of four species, 4 3 2 1: H' = -(0.4 ln 0.4 + 0.3 ln 0.3 + 0.2 ln 0.2 + 0.1 ln 0.1) = 1.27985,
    Σp² = 0.30, Σn(n-1) = 12 + 6 + 2 = 20 of 90, J' = 1.27985 / ln 4 = 0.92322."""
    found = diversity([4, 3, 2, 1])
    assert (found.species, found.individuals) == (4, 10)
    assert (found.shannon, found.simpson) == (Decimal("1.2799"), Decimal("0.7000"))
    assert (found.simpson_unbiased, found.pielou) == (Decimal("0.7778"), Decimal("0.9232"))


def test_nothing_seen_has_no_index():
    assert diversity([0, 0]).shannon is None and diversity([]).simpson is None and diversity([]).species == 0


def test_one_species_is_no_diversity_and_has_no_evenness():
    found = diversity([5])
    assert (found.shannon, found.simpson, found.simpson_unbiased, found.pielou) == (0, 0, 0, None)
    assert diversity([1]).simpson_unbiased is None


@pytest.mark.parametrize(
    ("counts", "error"), [([-1], ValueError), ([1.5], TypeError), ([True], TypeError), (["2"], TypeError)]
)
def test_a_count_is_a_whole_number(counts, error):
    with pytest.raises(error):
        diversity(counts)


@given(communities)
def test_the_formulas_as_they_are_written(counts):
    total = sum(counts)
    found = diversity(counts, 9)
    assert isclose(found.shannon, -sum(n / total * log(n / total) for n in counts), abs_tol=1e-8)
    assert isclose(found.simpson, 1 - sum((n / total) ** 2 for n in counts), abs_tol=1e-8)


@given(communities, st.randoms())
def test_order_does_not_matter_and_bounds_hold(counts, random):
    found = diversity(counts)
    shuffled = [*counts, 0]
    random.shuffle(shuffled)
    assert diversity(shuffled) == found
    assert 0 <= found.shannon <= Decimal(str(round(log(len(counts)), 4))) + Decimal("0.0001") and 0 <= found.simpson < 1
    assert found.pielou is None or 0 <= found.pielou <= 1


@given(st.integers(2, 50), st.integers(1, 1000))
def test_equal_numbers_are_perfectly_even(species, each):
    found = diversity([each] * species)
    assert found.pielou == 1 and isclose(found.shannon, log(species), abs_tol=1e-4)
