"""Trophic state of lakes, ranking of waters, loads, black and odorous waters, saturation of oxygen.

Logarithms cannot be exact: they are worked out to 28 digits and rounded once, at the end.

References
----------
环办〔2011〕22号, 3.3 (trophic state); 环办监测〔2017〕51号 城市地表水环境质量排名技术规定（试行）; 城市黑臭水体整治工作指南 (2015).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from ..editions import Edition
from ..measured import Number
from ..rounding import round_gbt8170

ODOROUS = "black-odorous"


@dataclass(frozen=True, slots=True)
class Trophic:
    """The index of a lake (TLI), its parts by item, its state in both languages."""

    index: Decimal
    parts: Mapping[str, Decimal]
    state: tuple[str, str]


def trophic_index(values: Mapping[str, Number], rules: Edition, places: int = 1) -> Trophic:
    """The trophic level index of a lake by 环办〔2011〕22号 from chla [mg/m³], tp, tn, codmn [mg/L] and sd [m], all above zero.

    Raises KeyError where one of the five is missing, ValueError for a value that is not above zero.

    References
    ----------
    环办〔2011〕22号, 3.3: TLI(Σ) = Σ Wj·TLI(j), Wj = rj² / Σ rj².
    """
    told = rules["trophic"]
    with localcontext() as context:
        context.prec = 40
        parts = {item: 10 * (a + b * _log(item, values[item])) for item, (a, b, _) in told.items()}
        squares = {item: Decimal(r) ** 2 for item, (_, _, r) in told.items()}
        total = sum(squares[item] * parts[item] for item in told) / sum(squares.values())
    index = round_gbt8170(total, places)
    return Trophic(index, {item: round_gbt8170(one, 3) for item, one in parts.items()}, _state(index, rules))


def _log(item: str, value: Number) -> Decimal:
    if value <= 0:
        raise ValueError(f"{item}: a logarithm needs a value above zero, not {value}")
    exact = Fraction(value)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).ln()


def _state(index: Decimal, rules: Edition) -> tuple[str, str]:
    """Below the first bar poor, up to the second middling, and so on: the first bar is exclusive, the others inclusive."""
    (first, *poor), *others = rules["trophic_states"]
    if index < first:
        return tuple(poor)
    return next((zh, en) for bar, zh, en in others if bar is None or index <= bar)


def ranking_index(means: Mapping[str, Number], table: Edition, body: str = "river", places: int = 4) -> Decimal:
    """The index by which cities' waters are ranked (CWQI): the sum of the items' means over their limits of class III.

    References
    ----------
    环办监测〔2017〕51号 (M-H): oxygen inverted; pH by its distance from 7.
    """
    return round_gbt8170(
        sum((_single(item, Fraction(one), table, body) for item, one in means.items()), Fraction(0)), places
    )


def city_ranking_index(
    rivers: Sequence[Mapping[str, Number]], lakes: Sequence[Mapping[str, Number]], table: Edition, places: int = 4
) -> Decimal | None:
    """The index of a city from its sections' and lake points' items, each mean over the sections that have the item; None without one.

    References
    ----------
    环办监测〔2017〕51号 (M-H): (CWQI of rivers · M + CWQI of lakes · N) / (M + N), of M river sections and N lake points.
    """
    parts = [(_means(some), body, len(some)) for some, body in ((rivers, "river"), (lakes, "lake")) if some]
    total = sum(
        count * sum((_single(item, one, table, body) for item, one in means.items()), Fraction(0))
        for means, body, count in parts
    )
    count = len(rivers) + len(lakes)
    return round_gbt8170(total / count, places) if count else None


def _means(some: Sequence[Mapping[str, Number]]) -> dict[str, Fraction]:
    values: dict[str, list[Fraction]] = {}
    for one in some:
        for item, value in one.items():
            values.setdefault(item, []).append(Fraction(value))
    return {item: sum(known, Fraction(0)) / len(known) for item, known in values.items()}


def ranking_change(before: Number, after: Number, places: int = 2) -> Decimal | None:
    """By how much the index changed [%]; a fall is better. None where it was nothing before (环办监测〔2017〕51号, M-H)."""
    return round_gbt8170(100 * (Fraction(after) - Fraction(before)) / Fraction(before), places) if before else None


def _single(item: str, mean: Fraction, table: Edition, body: str) -> Fraction:
    told = table["items"][item]
    if item == "ph":
        low, high = told["limits"][2]
        return (7 - mean) / (7 - low) if mean <= 7 else (mean - 7) / (high - 7)
    bar = Fraction((told["lake"] if body == "lake" and "lake" in told else told["limits"])[2])
    if item == "do":
        if mean <= 0:
            raise ValueError(f"do: the index divides by oxygen, which is {mean}")
        return bar / mean
    return mean / bar


def oxygen_saturation(temperature: Number) -> Fraction:
    """The saturation concentration of oxygen [mg/L] in fresh water at one atmosphere, by temperature [°C].

    References
    ----------
    HJ 2.3: DOf = 468 / (31.6 + T).
    """
    return Fraction(468) / (Fraction("31.6") + Fraction(temperature))


def flux(days: Iterable[tuple[date, Number, Number | None]]) -> Fraction | None:
    """The load carried to the sea [t] from the days' flows [m³/s] and concentrations [mg/L].

    A day without a concentration takes the mean weighted by flow of those that have one, as is usual where flow is daily
    and quality is sampled. None where no day has one.
    """
    rows = [(Fraction(flow), None if value is None else Fraction(value)) for _, flow, value in days]
    sampled = [(flow, value) for flow, value in rows if value is not None]
    weight = sum((flow for flow, _ in sampled), Fraction(0))
    if not sampled or not weight:
        return None
    mean = sum((flow * value for flow, value in sampled), Fraction(0)) / weight
    grams = sum((flow * 86400 * (mean if value is None else value) for flow, value in rows), Fraction(0))
    return grams / 10**6


def black_odorous(values: Mapping[str, Number], table: Edition, depth: Number | None = None) -> int:
    """The grade of an urban water: 0 neither, 1 lightly, 2 heavily black and odorous; one item suffices.

    `values`: any of sd [cm], do [mg/L], nh3n [mg/L], orp [mV]. In water shallower than 25 cm clearness is held against two fifths
    of its `depth` [cm]: below it heavily, from it on lightly, unless it is clear to the bottom.

    References
    ----------
    城市黑臭水体整治工作指南 (2015), table 2 and its note (S; redox potential M-H).
    """
    return max((_odorous(item, value, table, depth) for item, value in values.items()), default=0)


def _odorous(item: str, value: Number, table: Edition, depth: Number | None) -> int:
    light, heavy = table["bars"][item]
    if item == "sd" and depth is not None and depth < table["shallow"]["depth"]:
        light, heavy = depth, Fraction(depth) * Fraction(*table["shallow"]["share"])
    if item == "nh3n":
        return 2 if value > heavy else 1 if value > light else 0
    return 2 if value < heavy else 1 if value < light else 0


def mean_of_means(groups: Sequence[Sequence[Number]]) -> Fraction:
    """The mean of the means of several points of a lake: time first, then space (环办〔2011〕22号, 3.2.2)."""
    return sum((sum(map(Fraction, one), Fraction(0)) / len(one) for one in groups), Fraction(0)) / len(groups)
