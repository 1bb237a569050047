"""What the daily values of air come to over a month or a year at each site: valid days, mean, percentile, good days.

References
----------
HJ 663-2013, annex A (percentiles), 5.3 (good days); the marks of verification stand in the tables.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import lcm

import numpy as np

from qingshan.standards.air import GOOD

from .air import Days, Index
from .exact import ABSENT, UNIT


@dataclass(frozen=True, slots=True)
class Period:
    """An item's valid days over a period at each site. `totals`: by the number of stations in a mean, the sum of such days [UNITs];
    `picks`: the two daily values between which the percentile lies, each as sum and stations; `hundredths` of the way from the first."""

    days: list[int]
    totals: dict[int, list[int]]
    picks: tuple[list[int], list[int], list[int], list[int]] | None
    hundredths: list[int]

    def mean(self, place: int) -> Fraction:
        """The mean of a site's valid days. Raises ZeroDivisionError where there is none."""
        whole = lcm(*self.totals)
        total = sum(values[place] * (whole // stations) for stations, values in self.totals.items())
        return Fraction(total, whole * UNIT * self.days[place])

    def percentile(self, place: int) -> Fraction:
        """The percentile of a site's valid days."""
        low, of_low, high, of_high = (one[place] for one in self.picks)
        part = self.hundredths[place]
        whole = 100 * UNIT * of_low * of_high
        return Fraction((100 - part) * low * of_high + part * high * of_low, whole)


def by_month(days: Days, item: str) -> list[dict[int, int]]:
    """How many valid days of an item each site has in each month (1–12) that has any."""
    known = months(days.first, days.count)
    counts = np.add.reduceat(days.s[item] != ABSENT, [part.start for _month, part in known], axis=1, dtype="int64")
    return [{month: n for (month, _part), n in zip(known, row, strict=True) if n} for row in counts.tolist()]


def period(days: Days, item: str, part: slice, p: int | None = None) -> Period:
    """An item's valid days within a part of the days; `p`: with the percentile of them."""
    values, stations = days.s[item][:, part], days.stations(item)
    there = values != ABSENT
    count = there.sum(axis=1)
    if days.m is None:
        totals = {1: np.where(there, values, 0).sum(axis=1).tolist()}
    else:
        stations = stations[:, part]
        known = np.unique(stations[there]).tolist() or [1]
        totals = {m: np.where(there & (stations == m), values, 0).sum(axis=1).tolist() for m in known}
    if p is None:
        return Period(count.tolist(), totals, None, [])
    way = np.maximum(count - 1, 0) * p
    low = way // 100
    picks = _picked(values, stations, there, [low, np.minimum(low + 1, np.maximum(count - 1, 0))])
    return Period(count.tolist(), totals, picks, (way % 100).tolist())


def _picked(values: np.ndarray, stations: np.ndarray | int, there: np.ndarray, ranks: list[np.ndarray]) -> tuple:
    """The daily values of some ranks, the smallest first, each as its sum and its stations.

    Ordering by the quotient in floating point is exact here: two different means over up to 40 stations differ by more
    than the spacing of doubles of their size.
    """
    if isinstance(stations, int):
        ordered, of = np.sort(np.where(there, values, -ABSENT), axis=1), None
    else:
        order = np.argsort(np.where(there, values / stations, np.inf), axis=1, kind="stable")
        ordered, of = (np.take_along_axis(one, order, axis=1) for one in (values, stations))
    found = []
    for rank in ranks:
        at = rank[:, None]
        found.append(np.take_along_axis(ordered, at, axis=1)[:, 0].tolist())
        found.append([1] * len(rank) if of is None else np.take_along_axis(of, at, axis=1)[:, 0].tolist())
    return tuple(found)


@lru_cache(maxsize=64)
def months(first: date, days: int) -> tuple[tuple[int, slice], ...]:
    """The months of so many days of a year, each with its part of them."""
    found = Counter((first + timedelta(day)).month for day in range(days))
    ends = accumulate(found.values())
    return tuple((month, slice(end - n, end)) for (month, n), end in zip(found.items(), ends, strict=True))


def good(index: Index, part: slice) -> tuple[list[int], list[int]]:
    """How many good days each site has in a part of the days, and among how many whose index may be published."""
    published = index.published[:, part]
    fine = published & (index.aqi[:, part] <= GOOD)
    return fine.sum(axis=1).tolist(), published.sum(axis=1).tolist()
