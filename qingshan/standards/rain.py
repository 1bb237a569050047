"""Rain and the capture of its runoff.

References
----------
GB/T 51345-2018 海绵城市建设评价标准; 海绵城市建设技术指南（试行）2014 (annual runoff volume capture ratio, 年径流总量控制率). The
marks of verification stand in the table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .editions import Edition
from .measured import Number
from .rounding import round_gbt8170

FAMILY = "sponge"


@dataclass(frozen=True, slots=True)
class Capture:
    """`ratio` [%] captured at a design rainfall `depth` [mm], from `days` days with runoff; None where there was none."""

    depth: Decimal
    ratio: Decimal | None
    days: int


def runoff_days(daily: Iterable[Number | None], table: Edition) -> list[Fraction]:
    """Daily rain [mm] that makes runoff, ascending; a missing day is not a dry one and is left out as well."""
    return sorted(Fraction(one) for one in daily if one is not None and one > table["no_runoff"])


def capture_ratio(daily: Iterable[Number | None], depth: Number, table: Edition) -> Capture:
    """The share of rain that is captured where up to `depth` [mm] of each day's rain is held back.

    References
    ----------
    海绵城市建设技术指南（试行）2014, annex 2: Σ min(p, H) / Σ p over the days with more than 2 mm.
    """
    days = runoff_days(daily, table)
    total = sum(days, Fraction(0))
    held = sum((min(one, Fraction(depth)) for one in days), Fraction(0))
    return Capture(Decimal(str(depth)), round_gbt8170(100 * held / total, 1) if total else None, len(days))


def design_rainfall(daily: Iterable[Number | None], ratio: Number, table: Edition, places: int = 1) -> Decimal:
    """The depth [mm] that captures `ratio` [%] of the rain, exact before it is rounded. Raises ValueError for a ratio outside 0 to 100
    (exclusive) or where no day makes runoff.

    References
    ----------
    As `capture_ratio`, solved for H: between two days' depths the captured rain grows linearly.
    """
    if not 0 < ratio < 100:
        raise ValueError(f"a capture ratio lies between 0 and 100 %, not at {ratio}")
    days = runoff_days(daily, table)
    if not days:
        raise ValueError("no day has enough rain to make runoff")
    return round_gbt8170(_depth(days, sum(days, Fraction(0)) * Fraction(ratio) / 100), places)


def _depth(days: Sequence[Fraction], wanted: Fraction) -> Fraction:
    held, before, left = Fraction(0), Fraction(0), len(days)
    for one in days:
        step = (one - before) * left
        if held + step >= wanted:
            return before + (wanted - held) / left
        held, before, left = held + step, one, left - 1
    return before


def enough_years(first: int, last: int, table: Edition) -> bool:
    """Whether a series is as long as the guide asks for (30 years)."""
    return last - first + 1 >= table["years"]


def runoff_volume(depth: Number, coefficient: Number, area: Number) -> Fraction:
    """The volume [m³] that a design rainfall `depth` [mm] makes on `area` [hm²] with a runoff coefficient [1], exact.

    References
    ----------
    海绵城市建设技术指南（试行）2014, 4.3.2 (M-H): V = 10 · H · φ · F. Raises ValueError for a coefficient outside 0 to 1.
    """
    if not 0 <= coefficient <= 1:
        raise ValueError(f"a runoff coefficient lies between 0 and 1, not at {coefficient}")
    return 10 * Fraction(depth) * Fraction(coefficient) * Fraction(area)
