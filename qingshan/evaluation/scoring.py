"""Scores of bodies as shares: how many of how many, how sure that is, and whom it can tell apart. Exact up to a square root.

References
----------
Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference. Journal of the American
Statistical Association 22, 209–212: the score interval of a proportion.
Kish, L. (1965): Survey Sampling. Wiley: (Σw)² / Σw² matters of one weight tell as much as matters of unequal weights w.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, isqrt

from qingshan.standards.rounding import round_gbt8170

PLACES = 4  # a share is told to 0.01 %; an interval is rounded outwards, so that it still holds what it held
ROOT = 10**24  # the square root is bounded from both sides in steps of 1 / ROOT
QUANTILES = {"0.80": "1.281552", "0.90": "1.644854", "0.95": "1.959964", "0.99": "2.575829"}  # of the normal, two-sided


@dataclass(frozen=True, slots=True)
class Count:
    """Of `of` matters of one weight, `good` are as they should be."""

    good: int
    of: int
    weight: Decimal = Decimal(1)

    def __post_init__(self):
        if not 0 <= self.good <= self.of:
            raise ValueError(f"合格 {self.good} 项应在 0 与应计 {self.of} 项之间")
        if self.weight <= 0:
            raise ValueError(f"权重应大于 0，现为 {self.weight}")


@dataclass(frozen=True, slots=True)
class Share:
    """good / of [weighted matters], its interval [0..1, rounded outwards], and the number of matters behind it.

    effective: how many matters of equal weight would tell as much.
    """

    good: Fraction
    of: Fraction
    matters: int
    effective: Fraction
    low: Decimal
    high: Decimal

    @property
    def exact(self) -> Fraction:
        return self.good / self.of

    @property
    def rounded(self) -> Decimal:
        return round_gbt8170(self.exact, PLACES)


@dataclass(frozen=True, slots=True)
class Rank:
    """The places a body may hold: the best and the worst that its interval leaves open, among `of` who are ranked."""

    best: int
    worst: int
    of: int

    @property
    def tells_nothing(self) -> bool:
        return self.best == 1 and self.worst == self.of


def share_of(counts: Iterable[Count], level: str) -> Share | None:
    """The weighted share of all counts with its interval at `level` ("0.95"); None where there is nothing to count."""
    counts = [one for one in counts if one.of]
    if not counts:
        return None
    good = sum((Fraction(one.weight) * one.good for one in counts), Fraction(0))
    of = sum((Fraction(one.weight) * one.of for one in counts), Fraction(0))
    effective = of**2 / sum(Fraction(one.weight) ** 2 * one.of for one in counts)
    low, high = wilson(good / of, effective, level)
    return Share(good, of, sum(one.of for one in counts), effective, low, high)


def wilson(share: Fraction, n: Fraction, level: str) -> tuple[Decimal, Decimal]:
    """Wilson's score interval of a share of `n` matters: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), rounded outwards."""
    if not 0 <= share <= 1 or n <= 0:
        raise ValueError(f"占比 {share} 应在 0 到 1 之间，项数 {n} 应大于 0")
    z = Fraction(QUANTILES[level])
    spread = _root_above(share * (1 - share) / n + z**2 / (4 * n**2)) * z
    middle, whole = share + z**2 / (2 * n), 1 + z**2 / n
    low, high = (middle - spread) / whole, (middle + spread) / whole
    return _at_most(max(low, Fraction(0))), _at_least(min(high, Fraction(1)))


def _root_above(value: Fraction) -> Fraction:
    """The square root, or at most 1 / ROOT more."""
    return Fraction(isqrt(value.numerator * ROOT**2 // value.denominator) + 1, ROOT)


def _at_most(value: Fraction) -> Decimal:
    return Decimal(floor(value * 10**PLACES)).scaleb(-PLACES)


def _at_least(value: Fraction) -> Decimal:
    return Decimal(ceil(value * 10**PLACES)).scaleb(-PLACES)


def ranks(shares: Mapping[str, Share | None], minimum: int) -> dict[str, Rank]:
    """The places of all who have at least `minimum` matters. Whoever has fewer is not ranked and is missing here.

    Two whose intervals overlap cannot be told apart: neither stands before the other.
    """
    ranked = {key: one for key, one in shares.items() if one and one.matters >= minimum}
    return {key: _rank(one, ranked) for key, one in ranked.items()}


def _rank(mine: Share, ranked: Mapping[str, Share]) -> Rank:
    better = sum(other.low > mine.high for other in ranked.values())
    worse = sum(other.high < mine.low for other in ranked.values())
    return Rank(1 + better, len(ranked) - worse, len(ranked))


@dataclass(frozen=True, slots=True)
class Total:
    """Points of all parts together, and between which bounds they lie when every part is at the ends of its interval."""

    points: Decimal
    low: Decimal
    high: Decimal
    left_out: tuple[str, ...] = ()


def total(
    shares: Mapping[str, Share | None],
    weights: Mapping[str, Decimal],
    deducted: Mapping[str, Decimal],
    rescale: bool,
) -> Total | None:
    """Σ weight × share − what was deducted, not below zero, to 0.01 point.

    A part without matters has no share: with `rescale` the others share its weight, else there is no total.
    """
    there = {part: one for part in weights if (one := shares.get(part))}
    missing = tuple(part for part in weights if part not in there)
    if not there or (missing and not rescale):
        return None
    grown = Fraction(sum(weights.values())) / Fraction(sum(weights[part] for part in there))
    off = Fraction(sum(deducted.values(), Decimal(0)))

    def points(value) -> Fraction:
        whole = sum(Fraction(weights[part]) * Fraction(value(one)) for part, one in there.items())
        return max(whole * grown - off, Fraction(0))

    told = round_gbt8170(points(lambda one: one.exact), 2)
    low, high = points(lambda one: one.low), points(lambda one: one.high)
    hundred = Fraction(100)
    return Total(told, Decimal(floor(low * hundred)).scaleb(-2), Decimal(ceil(high * hundred)).scaleb(-2), missing)
