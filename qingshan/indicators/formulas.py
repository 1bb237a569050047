"""How a metric's values come from rows of evidence: exact numbers in, exact numbers out.

A formula takes the rows of its inputs and gives points in order of time. It never looks at a target: whether a value is
good is decided in `evaluation`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import NamedTuple

from qingshan.observations.wanted import Finding
from qingshan.standards.air.limits import limits
from qingshan.standards.rounding import round_gbt8170


class Row(NamedTuple):
    """A stated number for a period that ends on `ends`."""

    period: str
    ends: date
    value: Decimal


class Counted(NamedTuple):
    """A thing that counts for `value` from the day it is done."""

    key: str
    planned_on: date | None
    done_on: date | None
    value: Decimal
    known_on: date


@dataclass(frozen=True, slots=True)
class Point:
    """A metric's value for a period, None where none can be computed.

    seen, of: how much of the period the evidence covers; None where that has no meaning.
    part, whole: what a share was made of, unrounded.
    """

    period: str
    ends: date
    value: Decimal | None
    seen: int | None = None
    of: int | None = None
    part: Decimal | None = None
    whole: Decimal | None = None

    @property
    def complete(self) -> bool:
        return self.of is None or self.seen == self.of


Inputs = Mapping[str, Sequence[Row] | Sequence[Finding] | Sequence[Counted]]


def annual_mean(inputs: Inputs, places: int) -> list[Point]:
    """Mean of the monthly or quarterly values of each calendar year, rounded once to `places`.

    Finding months count for as many days as they have, so that the mean is that of the days (HJ 663); a stated value is one
    of twelve or four. The year in progress gets the mean of what is there, with how many of the twelve or four are whole.
    """
    return [_mean_of_year(str(year), rows, places) for year, rows in _by_year(inputs["series"])]


def _mean_of_year(year: str, rows: Sequence[Row] | Sequence[Finding], places: int) -> Point:
    if isinstance(rows[-1], Row):
        return Point(year, rows[-1].ends, _mean([row.value for row in rows], places), len(rows), _periods_a_year(rows))
    there = [row for row in rows if row.value is not None]
    days, whole = sum(row.weight for row in there), sum(row.seen for row in there)
    value = round_gbt8170(sum(row.value * row.weight for row in there) / days, places) if days else None
    enough = limits(rows[-1].ends)["validity"]["year_days"]
    return Point(year, rows[-1].ends, value, whole if days >= enough else min(whole, 11), 12)


def assessed(inputs: Inputs, places: int) -> list[Point]:
    """What measurements came to in each period, rounded once to `places`."""
    return [_assessed(row, places) for row in inputs["series"]]


def _assessed(row: Finding, places: int) -> Point:
    value = None if row.value is None else round_gbt8170(row.value, places)
    part, whole = (None if one is None else _plain(one) for one in (row.part, row.whole))
    return Point(row.period, row.ends, value, row.seen, row.of, part, whole)


def _plain(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def latest(inputs: Inputs, places: int) -> list[Point]:
    """Each stated value as it stands, rounded to `places`."""
    return [Point(row.period, row.ends, round_gbt8170(row.value, places)) for row in inputs["series"]]


def cumulative(inputs: Inputs, places: int) -> list[Point]:
    """Running total of amounts that are stated period by period."""
    total, points = Fraction(0), []
    for row in inputs["series"]:
        total += Fraction(row.value)
        points.append(Point(row.period, row.ends, round_gbt8170(total, places)))
    return points


def yearly_sum(inputs: Inputs, places: int) -> list[Point]:
    """Total of each calendar year, with how many of its months or quarters are there: a short year's total is not its last word."""
    return [
        Point(str(year), rows[-1].ends, _sum([row.value for row in rows], places), len(rows), _periods_a_year(rows))
        for year, rows in _by_year(inputs["series"])
    ]


def count_done(inputs: Inputs, places: int) -> list[Point]:
    """Running total of the items done: a point for each day on which one was, and one for the day the list was last renewed.

    A list on which nothing is done yet gives one point of zero: it is known, and it is nothing.
    """
    days = defaultdict(Fraction)
    for item in inputs["series"]:
        if item.done_on:
            days[item.done_on] += Fraction(item.value)
    if inputs["series"]:
        days[max(item.known_on for item in inputs["series"])] += 0
    total, points = Fraction(0), []
    for day in sorted(days):
        total += days[day]
        points.append(Point(day.isoformat(), day, round_gbt8170(total, places)))
    return points


def share(inputs: Inputs, places: int) -> list[Point]:
    """Numerator over denominator of the same period [%]. Nothing out of nothing is a point without a value, not 100 %."""
    below = {row.period: row.value for row in inputs["denominator"]}
    return [
        Point(
            row.period,
            row.ends,
            _percent(row.value, below[row.period], places),
            part=row.value,
            whole=below[row.period],
        )
        for row in inputs["numerator"]
        if row.period in below
    ]


def progress(inputs: Inputs, places: int) -> list[Point]:
    """Each stated percentage, cut to `places` and not rounded: 99.6 % done is not done."""
    unit = Decimal(1).scaleb(-places)
    return [Point(row.period, row.ends, row.value.quantize(unit, ROUND_FLOOR)) for row in inputs["series"]]


def _by_year(rows: Sequence[Row]) -> list[tuple[int, list[Row]]]:
    years = defaultdict(list)
    for row in rows:
        years[row.ends.year].append(row)
    return sorted(years.items())


def _periods_a_year(rows: Sequence[Row]) -> int:
    """2024 is a year of its own, 2024-Q3 one of four, 2024-07 one of twelve."""
    last = rows[-1].period
    return 4 if "Q" in last else 12 if "-" in last else 1


def _sum(values: Sequence[Decimal], places: int) -> Decimal:
    return round_gbt8170(sum(map(Fraction, values)), places)


def _percent(part: Decimal, whole: Decimal, places: int) -> Decimal | None:
    return round_gbt8170(Fraction(part) * 100 / Fraction(whole), places) if whole else None


def _mean(values: Sequence[Decimal], places: int) -> Decimal:
    return round_gbt8170(Fraction(sum(map(Fraction, values))) / len(values), places)


@dataclass(frozen=True, slots=True)
class Formula:
    """A named way of computing, with the words in which it is explained."""

    compute: Callable[[Inputs, int], list[Point]]
    zh: str
    en: str


FORMULAS = {
    "annual_mean": Formula(annual_mean, "全年各月均值的平均（有逐日数据的按有效天数加权）",
                           "mean of the year's monthly means, weighted by their valid days where days are known"),
    "latest": Formula(latest, "最近一期数值", "the newest stated value"),
    "cumulative": Formula(cumulative, "各期数值累计", "running total of the periods"),
    "yearly_sum": Formula(yearly_sum, "当年各期数值合计", "total of the calendar year"),
    "count_done": Formula(count_done, "已完成项目累计", "running total of the items done"),
    "share": Formula(share, "分子 ÷ 分母 × 100 %", "numerator ÷ denominator × 100 %"),
    "assessed": Formula(assessed, "按标准评价监测数据的结果", "measurements evaluated by the standard"),
    "milestone": Formula(progress, "完成进度，100 % 为完成", "progress, 100 % is done"),
}  # fmt: skip
