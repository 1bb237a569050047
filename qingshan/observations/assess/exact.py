"""Regulated arithmetic in whole numbers, for arrays of many sites and days.

A mean of n hours is kept as its sum times PARTS / n, and PARTS is divided by every n that occurs: nothing is rounded before its
time. A value in these units is `value × SCALE × PARTS`; where there is none, ABSENT.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np

from qingshan.standards import air as law
from qingshan.standards.editions import Edition, edition

from ..dense import SCALE

PARTS = lcm(*range(20, 25), *range(6, 9))  # days of 20 to 24 hours, windows of 6 to 8
UNIT = SCALE * PARTS
ABSENT = -(2**62)


def apart(total: np.ndarray, mark: int) -> tuple[np.ndarray, np.ndarray]:
    """How many `marked` values are in a sum of some (`dense.Field`), and what they come to [thousandths]. A mark is a power of two."""
    place = mark.bit_length() - 1
    count = (total + mark // 2) >> place
    return count, total - (count << place)


def mean_of(total: np.ndarray, count: np.ndarray, least: int, most: int = 24) -> np.ndarray:
    """The mean of `count` values whose thousandths sum to `total`, in UNITs; ABSENT for fewer than `least`."""
    parts = np.array([PARTS // n if n >= least else 0 for n in range(most + 1)])
    return np.where(count >= least, total * parts.take(count), ABSENT)


def rounded(total: np.ndarray, places: int, count: np.ndarray | int = 1) -> np.ndarray:
    """`total` [UNITs] over `count`, rounded to `places` decimals by GB/T 8170 (the half to the even digit), as a whole number
    of the last place; ABSENT stays so."""
    step = count * (UNIT // 10**places)
    raised = 2 * total
    raised += step
    up = raised // (2 * step)
    half = up * (2 * step) == raised  # rounded up from the half, which is one too many where that made it odd
    up -= half & (up & 1)
    return np.where(total == ABSENT, ABSENT, up)


def index(value: np.ndarray, item: str, table: Edition, report: str = "day") -> np.ndarray:
    """The individual index (HJ 633) of an item's concentrations, whole numbers of their last place; ABSENT where there is none."""
    known = _indices(item, report, table.code)
    return known.take(value + 1, mode="clip")


@lru_cache(maxsize=64)
def _indices(item: str, report: str, code: str) -> np.ndarray:
    """The index of every concentration by the function of the law: below zero, of each number of the last place, beyond the table."""
    table = edition("hj633", code=code)
    row, pollutant = table["reports"][report][item]
    one = 10 ** table["places"][pollutant]
    values = range(-1, int(table["breakpoints"][row][-1] * one) + 2)
    found = (law.individual_index(item, Fraction(value, one), table, report).value for value in values)
    return np.array([ABSENT if value is None else value for value in found], "int64")


def spans(first: date, days: int, editions: Sequence[Edition]) -> Iterator[tuple[slice, Edition]]:
    """The part of so many days on which each edition was in force. One edition alone is the caller's choice and speaks for every day."""
    if len(editions) == 1:
        yield slice(0, days), editions[0]
        return
    for one in editions:
        begin = max(0, (one.since - first).days)
        end = days if one.until is None else min(days, (one.until - first).days)
        if begin < end:
            yield slice(begin, end), one
