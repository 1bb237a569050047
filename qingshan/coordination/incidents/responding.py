"""How soon resources answer: the estimate before, and what was measured after. Instants in, minutes out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from statistics import median

DETOUR = 1.3  # a road is longer than the straight line; a common rule of thumb, no measurement
# What may follow what a call was last told; a step may be left out, none is taken back.
STEPS = {
    "called": ("acknowledged", "en_route", "arrived", "refused"),
    "acknowledged": ("en_route", "arrived", "refused"),
    "en_route": ("arrived", "refused"),
    "arrived": (),
    "refused": (),
}
MEASURED = ("acknowledged", "arrived")


def minutes(metres: float, speed: float, ready: int = 0) -> int:
    """Minutes until there: `ready` [min] to get ready, then the straight line [m] × DETOUR at `speed` [km/h], rounded up."""
    return ready + ceil(metres * DETOUR / 1000 / speed * 60)


@dataclass(frozen=True)
class Response:
    """How long calls took to a step: of `called` calls `count` took it; median and slowest [min, one decimal], or None."""

    count: int
    called: int
    median: Decimal | None
    slowest: Decimal | None


def response(step: str, calls: Iterable[tuple[datetime, Mapping[str, datetime]]]) -> Response:
    """calls: for each when it was called, and when it took which step."""
    calls = list(calls)
    took = sorted(waited(called_at, steps[step]) for called_at, steps in calls if step in steps)
    if not took:
        return Response(0, len(calls), None, None)
    return Response(len(took), len(calls), rounded(median(took)), rounded(took[-1]))


def waited(called_at: datetime, at: datetime) -> Fraction:
    """Minutes between two instants."""
    return Fraction(round((at - called_at).total_seconds()), 60)


def rounded(took: Fraction) -> Decimal:
    """To one decimal, half up."""
    return (Decimal(took.numerator) / took.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
