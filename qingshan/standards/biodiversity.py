"""Diversity of a community from the number of individuals of each of its species.

The indices are measures, not verdicts. Logarithms cannot be exact; they are computed to 28 digits and rounded once, by the
rule of GB/T 8170, to `places`.

References
----------
HJ 710.4-2014 生物多样性观测技术导则 鸟类 and the other parts of HJ 710, which name the three indices. Not read in the
original; the formulas below are those of the literature cited.
Shannon, C. E. (1948), A mathematical theory of communication, Bell System Technical Journal 27: H' = -Σ pᵢ ln pᵢ.
Simpson, E. H. (1949), Measurement of diversity, Nature 163: 688; as the probability that two individuals differ,
D = 1 - Σ pᵢ² (with replacement), or 1 - Σ nᵢ(nᵢ-1) / N(N-1) (without).
Pielou, E. C. (1966), The measurement of diversity in different types of biological collections,
Journal of Theoretical Biology 13: 131-144: J' = H' / ln S.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from .rounding import round_gbt8170

VERIFICATION = "M-H"  # from the literature; the clauses of HJ 710 have not been read in the original


@dataclass(frozen=True, slots=True)
class Diversity:
    """species: S; individuals: N; shannon: H' [nats]; simpson: 1 - Σ pᵢ²; simpson_unbiased: without replacement, None for
    fewer than two individuals; pielou: J', None for fewer than two species."""

    species: int
    individuals: int
    shannon: Decimal | None
    simpson: Decimal | None
    simpson_unbiased: Decimal | None
    pielou: Decimal | None


def diversity(counts: Iterable[int], places: int = 4) -> Diversity:
    """The indices of a community from its counts [individuals], one for each species; a species of none is not there.

    Without any individual there is no index: nothing seen is not the same as no diversity. Raises ValueError for a
    negative count and TypeError for one that is not a whole number.
    """
    there = sorted(_whole(one) for one in counts if _whole(one))
    total = sum(there)
    if not there:
        return Diversity(0, 0, None, None, None, None)
    shannon = _shannon(there, total)
    return Diversity(
        len(there), total, round_gbt8170(shannon, places), round_gbt8170(_simpson(there, total), places),
        round_gbt8170(_unbiased(there, total), places) if total > 1 else None,
        round_gbt8170(_even(shannon, len(there)), places) if len(there) > 1 else None,
    )  # fmt: skip


def _whole(count: int) -> int:
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"a count is a whole number, not {count!r}")
    if count < 0:
        raise ValueError(f"a count cannot be below zero: {count}")
    return count


def _shannon(counts: list[int], total: int) -> Decimal:
    """ln N - (Σ nᵢ ln nᵢ) / N, which is -Σ pᵢ ln pᵢ with one division instead of many."""
    with localcontext() as context:
        context.prec = 40
        return max(Decimal(total).ln() - sum((n * Decimal(n).ln() for n in counts), Decimal(0)) / total, Decimal(0))


def _even(shannon: Decimal, species: int) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        return shannon / Decimal(species).ln()


def _simpson(counts: list[int], total: int) -> Fraction:
    return 1 - Fraction(sum(n * n for n in counts), total * total)


def _unbiased(counts: list[int], total: int) -> Fraction:
    return 1 - Fraction(sum(n * (n - 1) for n in counts), total * (total - 1))
