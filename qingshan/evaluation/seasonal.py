"""The months ahead of a monthly series: level, season and slope on the log scale, and how far wrong they have been.

Plain floats and `math` only, so that a result does not depend on a linear-algebra library or its threads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import acos, cos, exp, log, sqrt
from statistics import fmean, median

Month = tuple[int, int]  # (year, month), month 1..12

MEMORY = 0.9  # weight a month keeps for each month it grows older, when the level is estimated
YEAR_ON_YEAR_MEMORY = 0.9  # weight a year-on-year change keeps for each year it grows older
STEADY_YEARS = 0.5  # years of "no change" a series must outweigh before its slope is believed
DAMPING = 0.8  # share of the slope still running one year ahead
PROFILE_YEARS = 1.0  # years of the series' own season that outweigh the profile it starts from
ZERO_SHARE = 0.01  # a zero stands on the log scale as this share of the median: below detection, not nothing
THIN_MONTHS = 12.0  # months of history at which the interval is √2 as wide as for a long series


@dataclass(frozen=True, slots=True)
class Calibration:
    """What other years have taught: the shape of a year, and how far forecasts missed.

    profile: the 12 calendar months, log of month over year [1]; empty where nothing is known.
    spread: spread[h - 1] is the half-width, in log, that holds 80 % of outcomes h months before the year ends [1],
        for a long series; a short one is wider (`Fit.width`).
    source: which data taught it, in words.
    """

    profile: tuple[float, ...]
    spread: tuple[float, ...]
    source: str

    def half_width(self, horizon: int) -> float:
        longest = len(self.spread)
        return self.spread[min(horizon, longest) - 1] * sqrt(max(1.0, horizon / longest))


@dataclass(frozen=True, slots=True)
class Fit:
    """What the months up to `last` say about those after it. `last` counts months: year × 12 + month - 1."""

    last: int
    months: int  # observed, the whole history
    level: float
    slope: float  # per year
    season: tuple[float, ...]

    def expected(self, at: int) -> float:
        """The value expected in month `at` (year × 12 + month - 1), in the unit of the series."""
        years = (at - self.last) / 12
        run = (1 - DAMPING**years) / -log(DAMPING) if years > 0 else years
        return exp(self.level + self.slope * run + self.season[at % 12])

    def width(self) -> float:
        """How much wider this history's interval is than that of a long one."""
        return sqrt(1 + THIN_MONTHS / self.months)


def ordinal(month: Month) -> int:
    return month[0] * 12 + month[1] - 1


def fit(months: Mapping[int, float], profile: tuple[float, ...] = ()) -> Fit:
    """The fit to observed months (ordinal → value ≥ 0); at least one month, any of them missing."""
    values = logs(months)
    last = max(values)
    slope = _slope(values, last)
    flat = {at: value - slope * (at - last) / 12 for at, value in values.items()}
    season = _season(flat, profile or (0.0,) * 12)
    total, weight = list(_running(_without(flat, season), MEMORY))[-1]
    return Fit(last, len(values), total / weight, slope, season)


def logs(months: Mapping[int, float]) -> dict[int, float]:
    """Logs in order of time; a zero stands as ZERO_SHARE of the median, so that scaling a series scales all of it."""
    floor = ZERO_SHARE * median(months.values()) or ZERO_SHARE
    return {at: log(max(months[at], floor)) for at in sorted(months)}


def _slope(values: Mapping[int, float], last: int) -> float:
    """Change per year: the mean year-on-year change, the recent ones heavier, drawn towards none."""
    total, weight = 0.0, STEADY_YEARS
    for at, value in values.items():
        if at - 12 in values:
            share = YEAR_ON_YEAR_MEMORY ** ((last - at) / 12) / 12
            total += share * (value - values[at - 12])
            weight += share
    return total / weight


def _season(flat: Mapping[int, float], profile: tuple[float, ...]) -> tuple[float, ...]:
    """The calendar months' distance from the local level; twice, since level and season hide each other."""
    season = profile
    for _ in range(2):
        sums, counts = [PROFILE_YEARS * p for p in profile], [PROFILE_YEARS] * 12
        levels = _local_levels(_without(flat, season))
        for (at, value), level in zip(flat.items(), levels, strict=True):
            sums[at % 12] += value - level
            counts[at % 12] += 1
        raw = [s / c for s, c in zip(sums, counts, strict=True)]
        season = tuple(r - fmean(raw) for r in raw)
    return season


def _without(flat: Mapping[int, float], season: tuple[float, ...]) -> list[tuple[int, float]]:
    return [(at, value - season[at % 12]) for at, value in flat.items()]


def _running(points: list[tuple[int, float]], memory: float) -> Iterator[tuple[float, float]]:
    """Sum and weight of the points so far, at each point, each older one faded by memory ** distance."""
    total = weight = 0.0
    before = points[0][0]
    for at, value in points:
        fade = memory ** abs(at - before)
        total, weight, before = total * fade + value, weight * fade + 1, at
        yield total, weight


def _local_levels(points: list[tuple[int, float]]) -> list[float]:
    """Mean around each point, both sides fading with distance."""
    back = list(_running(points, MEMORY))
    ahead = reversed(list(_running(points[::-1], MEMORY)))
    return [(b + a - v) / (bw + aw - 1) for (b, bw), (a, aw), (_, v) in zip(back, ahead, points, strict=True)]


def student4_cdf(t: float) -> float:
    """P(T ≤ t) for Student's t with 4 degrees of freedom (closed form): heavy tails, as few years can tell."""
    ratio = t / sqrt(4 + t * t)
    return 0.5 + 0.75 * (ratio - ratio**3 / 3)


def student4_quantile(p: float) -> float:
    """The t with P(T ≤ t) = p, 0 < p < 1 [1]."""
    alpha = 4 * p * (1 - p)
    t = 2 * sqrt(max(cos(acos(sqrt(alpha)) / 3) / sqrt(alpha) - 1, 0.0))
    return t if p >= 0.5 else -t
