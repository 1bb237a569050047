"""Rivers, basins and regions; changes between periods and trends.

References
----------
环办〔2011〕22号 地表水环境质量评价办法（试行）, 3.2 to 4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ..editions import Edition
from ..measured import Number
from ..rounding import round_gbt8170


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; `rate` [%], None where there is none to count."""

    count: int
    of: int
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class River:
    """The rating of a river, basin or region: 1 excellent … 5 heavily polluted. None for fewer than five sections, which are
    rated by the means of their items over all sections (`section` of those means)."""

    grade: int | None
    good: Share
    worst: Share


@dataclass(frozen=True, slots=True)
class Change:
    """direction: 1 better, -1 worse, 0 neither; size: 0 none to speak of, 1 some, 2 marked."""

    direction: int
    size: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Spearman's coefficient over the periods; significant where it reaches the critical value, which is None for a number
    of periods that the table does not have."""

    coefficient: Fraction
    critical: Decimal | None
    significant: bool | None

    @property
    def direction(self) -> int:
        return (self.coefficient > 0) - (self.coefficient < 0)


def _share(count: int, of: int, places: int = 1) -> Share:
    return Share(count, of, round_gbt8170(Fraction(100 * count, of), places) if of else None)


def good_share(classes: Sequence[int | None]) -> Share:
    """The share of sections of classes I to III among those evaluated (水质优良比例)."""
    rated = [no for no in classes if no is not None]
    return _share(sum(no <= 3 for no in rated), len(rated))


def river_rating(classes: Sequence[int | None], rules: Edition) -> River:
    """The rating of a river from its sections' classes.

    References
    ----------
    环办〔2011〕22号, 3.2, table 2. The corner of 60 to 75 % good with 40 % and more worse than Ⅴ is not covered by its rows;
    it is rated 4 here, the worst that its rows allow (M-M).
    """
    rated = [no for no in classes if no is not None]
    good, worst, bars = good_share(rated), _share(sum(no == 6 for no in rated), len(rated)), rules["river"]
    if len(rated) < bars["sections"]:
        return River(None, good, worst)
    return River(_rated(Fraction(100 * good.count, good.of), Fraction(100 * worst.count, worst.of), bars), good, worst)


def _rated(good: Fraction, worst: Fraction, bars: Mapping) -> int:
    if good >= bars["good"]:
        return 1 if good >= bars["excellent"] else 2
    if worst < bars["worst_lightly"]:
        return 3
    heavy = worst >= bars["worst_moderately"] and good < bars["heavy_below"]
    return 5 if heavy else 4


def river_main_pollutants(sections: Sequence[Mapping[str, int | None]], rules: Edition) -> list[tuple[str, Share]]:
    """The main pollutants of a river of at least five sections: the three items that most sections exceed.

    `sections`: each section's item classes (item → 1–6 or None).

    References
    ----------
    环办〔2011〕22号, 3.2.3.
    """
    items = list(dict.fromkeys(item for one in sections for item in one))
    over = {item: sum((one.get(item) or 0) > 3 for one in sections) for item in items}
    ranked = sorted((item for item in items if over[item]), key=lambda item: -over[item])
    return [(item, _share(over[item], len(sections))) for item in ranked[: rules["main_pollutants"]]]


def change_by_grade(before: int, after: int) -> Change:
    """How a section or river changed, by its grade 1–5 before and after: one grade is some change, more a marked one.

    References
    ----------
    环办〔2011〕22号, 4.1.
    """
    return Change((before > after) - (before < after), min(2, abs(before - after)))


def change_by_share(before: tuple[Number, Number], after: tuple[Number, Number], rules: Edition) -> Change:
    """How a river changed, by its shares [%] (good, worse than Ⅴ) before and after.

    References
    ----------
    环办〔2011〕22号, 4.2: ΔG - ΔD; up to 10 percentage points none, up to 20 some, beyond a marked change.
    """
    moved = (Fraction(after[0]) - Fraction(before[0])) - (Fraction(after[1]) - Fraction(before[1]))
    bars = rules["change"]
    size = 0 if abs(moved) <= bars["none"] else 1 if abs(moved) <= bars["some"] else 2
    return Change((moved > 0) - (moved < 0), size)


def spearman(values: Sequence[Number]) -> Fraction:
    """Spearman's rank correlation of a series with its order in time, exact; ties take their mean rank.

    Raises ValueError for fewer than four values.

    References
    ----------
    环办〔2011〕22号, 4.3; HJ 663-2013, annex B: r = 1 - 6·Σd² / (n³ - n).
    """
    n = len(values)
    if n < 4:
        raise ValueError(f"a trend needs at least four periods, not {n}")
    exact = [Fraction(one) for one in values]
    ranks = [
        sum(other < one for other in exact) + Fraction(sum(other == one for other in exact) + 1, 2) for one in exact
    ]
    squares = sum((rank - place) ** 2 for place, rank in enumerate(ranks, 1))
    return 1 - 6 * squares / (n**3 - n)


def trend(values: Sequence[Number], rules: Edition, level: str = "0.05") -> Trend:
    """Whether a series rises or falls significantly, one-sided at 0.05 or 0.01."""
    coefficient = spearman(values)
    critical = rules["spearman"][Decimal(level)].get(len(values))
    reached = None if critical is None else abs(coefficient) >= Fraction(critical)
    return Trend(coefficient, critical, reached)
