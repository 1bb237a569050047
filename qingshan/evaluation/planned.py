"""Where a target should be by a given day: from (start, baseline) to (deadline, goal), exact by days.

Without a baseline a bound has no line: planned is None until the deadline, then the goal. A count or a milestone without
a baseline begins at 0. A baseline that already meets the goal plans no worsening: the line is the goal itself.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from qingshan.evaluation.terms import Curve, Side, Target
from qingshan.plan.kinds import Kind

SHAPES = {
    Curve.LINEAR: lambda share: share,
    Curve.BACK_LOADED: lambda share: share**2,
    Curve.S_CURVE: lambda share: share**2 * (3 - 2 * share),
}
FROM_NOTHING = {Kind.CUMULATIVE_COUNT, Kind.YEARLY_QUOTA, Kind.DATED_MILESTONE}
SHOWN_PLACES = 6


def planned(target: Target, day: date) -> Decimal | None:
    """Planned-by-now [unit] on `day`, rounded half even to six places (more where the target's own figures have more);
    None where there is no line. A yearly quota's line starts anew each year; before the start it is the baseline."""
    line = planned_exactly(target, day)
    return None if line is None else to_decimal(line, max(SHOWN_PLACES, *map(places, figures(target))))


def planned_exactly(target: Target, day: date) -> Fraction | None:
    if target.kind is Kind.DIRECTION_ONLY:
        return None
    if target.curve is Curve.YEARLY:
        return Fraction(target.value) * share_of_year(target, day)
    return line(target, day)


def line(target, day):
    goal, begin = Fraction(target.value), origin(target)
    if day >= target.deadline or target.curve is Curve.LEVEL or (begin is not None and not better(target, goal, begin)):
        return goal
    if target.curve is Curve.STEPS:
        return next((Fraction(value) for due, value in reversed(target.steps) if due <= day), begin)
    if begin is None:
        return None
    return begin + (goal - begin) * SHAPES[target.curve](elapsed(target.start, target.deadline, day))


def origin(target: Target) -> Fraction | None:
    """Where the line begins [unit], None where it is not known."""
    if target.kind is Kind.YEARLY_QUOTA or (target.baseline is None and target.kind in FROM_NOTHING):
        return Fraction(0)
    return None if target.baseline is None else Fraction(target.baseline)


def better(target: Target, one, other) -> bool:
    return one < other if target.side is Side.LOWER else one > other


def elapsed(first: date, last: date, day: date) -> Fraction:
    """Share of the days from first (0) to last (1) gone by `day`; a term of one day is over on that day."""
    if day >= last:
        return Fraction(1)
    return Fraction((day - first).days, (last - first).days) if day > first else Fraction(0)


def year_bounds(target: Target, year: int) -> tuple[date, date]:
    return max(target.start, date(year, 1, 1)), min(target.deadline, date(year, 12, 31))


def share_of_year(target, day):
    if day < target.start:
        return Fraction(0)
    day = min(day, target.deadline)
    return elapsed(*year_bounds(target, day.year), day)


def figures(target):
    return [number for number in (target.value, target.baseline, *(v for _, v in target.steps)) if number is not None]


def places(number: Decimal) -> int:
    return max(0, -number.as_tuple().exponent)


def to_decimal(number: Fraction, digits: int) -> Decimal:
    """Rounded half even to `digits` places, whatever the decimal context: a Decimal built from its text is exact."""
    return Decimal(f"{round(number * 10**digits)}E-{digits}")
