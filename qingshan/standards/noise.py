"""Noise: levels of periods, limits of functional zones and of building sites, grades of a city.

Levels are logarithms; a mean of energies is worked out to 28 digits and rounded once.

References
----------
GB 3096-2008 声环境质量标准; HJ 640-2012 城市声环境常规监测; GB 12523-2011 and GB 12523-2025 (building sites).
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Literal

from .editions import Edition, edition
from .measured import Number
from .rounding import round_gbt8170

ZONES, GRADES, SITES = "gb3096", "hj640", "gb12523"
Period = Literal["day", "night"]
HOURS = 24


def equivalent_level(levels: Iterable[tuple[Number, Number]], places: int | None = 1) -> Decimal:
    """The equivalent continuous level Leq [dB(A)] of levels [dB(A)] with their durations (one unit throughout).

    `places=None` leaves it at 28 digits. Raises ValueError without a duration.

    References
    ----------
    GB 3096-2008, 3.2: Leq = 10 lg (1/T ∫ 10^(0.1 L) dt).
    """
    with localcontext() as context:
        context.prec = 40
        rows = [(_decimal(level), _decimal(duration)) for level, duration in levels]
        total = sum((duration for _, duration in rows), Decimal(0))
        if total <= 0 or any(duration < 0 for _, duration in rows):
            raise ValueError("an equivalent level needs a duration above zero")
        found = 10 * (sum(duration * _power(level) for level, duration in rows) / total).log10()
    return +found if places is None else round_gbt8170(found, places)


def _power(level: Decimal) -> Decimal:
    return Decimal(10) ** (level / 10)


def _decimal(value: Number) -> Decimal:
    exact = Fraction(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


@dataclass(frozen=True, slots=True)
class DayAndNight:
    """Ld, Ln and Ldn, which counts the night 10 dB louder [dB(A)]; None where an hour is missing."""

    day: Decimal | None
    night: Decimal | None
    both: Decimal | None


def day_hours(table: Edition) -> range:
    """The hours [h] that are day; the others are night (GB 3096-2008, 3.4; GB 12523-2011, 3)."""
    return range(*table["day"])


def day_and_night(hours: Sequence[Number | None], table: Edition, places: int = 1) -> DayAndNight:
    """Ld, Ln and Ldn from the 24 hourly levels [dB(A)] of a day, from midnight. Raises ValueError unless there are 24."""
    if len(hours) != HOURS:
        raise ValueError(f"a day has {HOURS} hourly levels, not {len(hours)}")
    by_day = day_hours(table)
    day = _mean([hours[h] for h in by_day])
    night = _mean([hours[h] for h in range(HOURS) if h not in by_day])
    both = None
    if day is not None and night is not None:
        both = equivalent_level([(day, len(by_day)), (night + 10, HOURS - len(by_day))], places)
    return DayAndNight(*(None if one is None else round_gbt8170(one, places) for one in (day, night)), both)


def _mean(levels: Sequence[Number | None]) -> Decimal | None:
    return None if None in levels else equivalent_level([(one, 1) for one in levels], None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A level beside its limit [dB(A)]; `over` [dB(A)] is by how much it exceeds it, None where it does not."""

    level: Number
    limit: int
    met: bool
    over: Number | None
    edition: Edition


def _held(level: Number, limit: int, table: Edition) -> Verdict:
    return Verdict(level, limit, level <= limit, None if level <= limit else level - limit, table)


def zone_limit(zone: str, period: Period, table: Edition) -> int:
    """The limit [dB(A)] of a functional zone: 0, 1, 2, 3, 4a, 4b. Raises KeyError for another one."""
    return table["limits"][zone][period == "night"]


def judge_zone(level: Number, zone: str, period: Period, on: date | None = None, code: str | None = None) -> Verdict:
    """A zone's level held against its limit by GB 3096."""
    table = edition(ZONES, on, code)
    return _held(level, zone_limit(zone, period, table), table)


def judge_burst(highest: Number, zone: str, on: date | None = None, code: str | None = None) -> Verdict:
    """A sudden noise at night (Lmax [dB(A)]): at most 15 dB above the zone's limit (GB 3096-2008, 5.4)."""
    table = edition(ZONES, on, code)
    return _held(highest, zone_limit(zone, "night", table) + table["night_burst"], table)


def without_background(measured: Number, background: Number, table: Edition) -> Number | None:
    """A building site's level corrected for its background [dB(A)]; None where they lie less than 3 dB apart and the
    measurement does not count.

    References
    ----------
    GB 12523-2011, 5.5: the difference is rounded to a whole number first.
    """
    with localcontext() as context:
        context.prec = 28
        difference = int(_decimal(Fraction(measured) - Fraction(background)).quantize(Decimal(1), ROUND_HALF_EVEN))
    if difference < min(table["background"]):
        return None
    return measured + table["background"].get(difference, 0)


def judge_site(
    level: Number, period: Period, on: date | None = None, code: str | None = None, indoor: bool = False
) -> Verdict:
    """A building site's level (Leq [dB(A)]) held against its limit; `indoor`: measured inside a sensitive building."""
    table = edition(SITES, on, code)
    return _held(level, table["limits"][period == "night"] + (table["indoor"] if indoor else 0), table)


def judge_site_burst(highest: Number, on: date | None = None, code: str | None = None) -> Verdict:
    """A building site's highest level at night (Lmax [dB(A)]): at most 15 dB above the limit of the night (GB 12523-2011, 4.2)."""
    table = edition(SITES, on, code)
    return _held(highest, table["limits"][1] + table["night_burst"], table)


def grade(level: Number, kind: Literal["regional", "road"], period: Period, table: Edition) -> int:
    """The grade 1–5 of a city's mean level [dB(A)] (HJ 640-2012)."""
    return bisect_left(table[kind][period], level) + 1


def road_mean(roads: Iterable[tuple[Number, Number]], places: int = 1) -> Decimal:
    """The mean level [dB(A)] of roads, weighted by length: rows of (length [m], level [dB(A)]).

    References
    ----------
    HJ 640-2012, 6.2. Raises ZeroDivisionError without a length.
    """
    rows = [(Fraction(length), Fraction(level)) for length, level in roads]
    return round_gbt8170(sum(length * level for length, level in rows) / sum(length for length, _ in rows), places)


def compliance(verdicts: Sequence[Verdict], places: int = 1) -> Decimal | None:
    """The share [%] of valid point-times that meet their limit; None where there is none (HJ 640-2012)."""
    if not verdicts:
        return None
    return round_gbt8170(Fraction(100 * sum(one.met for one in verdicts), len(verdicts)), places)
