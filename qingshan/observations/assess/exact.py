"""Regulated arithmetic in whole numbers, for expressions that run over many rows.

A mean of n hours is kept as its sum times PARTS / n, and PARTS is divided by every n that occurs: nothing is rounded before its
time. A value in these units is `value × SCALE × PARTS`.
"""

from collections.abc import Mapping, Sequence
from math import lcm

import ibis

from qingshan.standards.editions import Edition

SCALE = 1000  # of the third decimal; an hourly value of air has no more
PARTS = lcm(*range(20, 25), *range(6, 9))  # days of 20 to 24 hours, windows of 6 to 8
UNIT = SCALE * PARTS
MARK = 2**42


def scaled(value: ibis.Value) -> ibis.Value:
    """A value with up to three decimals as a whole number of thousandths."""
    return (value * SCALE).cast("int64")


def marked(value: ibis.Value) -> ibis.Value:
    """A value of less than 2³⁶ in size with its own count of 1 above it, so that one sum tells how many there were and their sum."""
    return value + MARK


def at_least(total: ibis.Value, count: int) -> ibis.Value:
    """Whether so many `marked` values, of up to 24, are in their sum; those that were 0 were not there."""
    return total >= count * MARK - MARK // 2


def mean_of_marked(total: ibis.Value, least: int, most: int) -> ibis.Value:
    """The mean of `least` to `most` `marked` values, in UNITs; null for fewer."""
    return ibis.cases(*((at_least(total, n), (total - n * MARK) * (PARTS // n)) for n in range(most, least - 1, -1)))


def mean_of(total: ibis.Value, count: ibis.Value, least: int, most: int = 24) -> ibis.Value:
    """The mean of `count` values whose thousandths sum to `total`, in UNITs; null for fewer than `least`."""
    return ibis.cases(*((count == n, total * (PARTS // n)) for n in range(most, least - 1, -1)))


def rounded(total: ibis.Value, places: int, count: ibis.Value | int = 1) -> ibis.Value:
    """`total` [UNITs] over `count`, rounded to `places` decimals by GB/T 8170 (the half to the even digit), as a whole number
    of the last place.

    Without cases, of which an engine would work out each part anew: rounded up from the half, and one less where that was a half
    and made it odd.
    """
    twice = 2 * count * (UNIT // 10**places)
    raised = 2 * total + count * (UNIT // 10**places)
    up = raised // twice
    half = (raised - up * twice == 0).cast("int64")
    return (up - half * (up & 1)).cast("int64")


def index(value: ibis.Value, points: Sequence, levels: Sequence[int], places: int, beyond: str) -> ibis.Value:
    """The individual index on a row of breakpoints, of a value in whole numbers of its last place (HJ 633), rounded up."""
    steps = [int(point * 10**places) for point in points]
    branches = [(value <= steps[0], ibis.literal(levels[0]))]
    for place in range(1, len(steps)):
        rise, width = levels[place] - levels[place - 1], steps[place] - steps[place - 1]
        share = (value - steps[place - 1]) * rise
        branches.append((value <= steps[place], levels[place - 1] + (share + width - 1) // width))
    ends_early = len(points) < len(levels) and beyond == "none"
    last = ibis.null("int64") if ends_early else ibis.literal(levels[len(points) - 1])
    return ibis.cases(*((test, found.cast("int64")) for test, found in branches), else_=last.cast("int64"))


def by_edition(day: ibis.Value, editions: Sequence[Edition], of: Mapping[str, ibis.Value]) -> ibis.Value:
    """What an edition says (`of`: its code → expression), by the day; null on a day none of them was in force.

    One edition alone is the caller's choice and speaks for every day.
    """
    if len(editions) == 1:
        return of[editions[0].code]
    return ibis.cases(*((_on(day, one), of[one.code]) for one in editions))


def _on(day: ibis.Value, one: Edition) -> ibis.Value:
    since = day >= ibis.literal(one.since)
    return since if one.until is None else since & (day < ibis.literal(one.until))
