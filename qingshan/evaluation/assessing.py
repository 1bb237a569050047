"""From a promise and a metric's value to a judgement: what the rules of `status` and `forecast` are handed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile
from math import ceil, floor

from qingshan.indicators.formulas import Point as Value
from qingshan.indicators.formulas import Row
from qingshan.indicators.values import MetricValue
from qingshan.observations.wanted import Finding
from qingshan.plan.contents import TargetContent

from . import forecast
from .status import Curve, Evidence, Judgement, Kind, Outlook, Point, Side, Target, judge
from .terms import FIXED_CURVES, FIXED_SIDES, FIXED_VALUES

SIDES = dict.fromkeys(("lower", "below", "<", "<=", "decrease"), Side.LOWER) | dict.fromkeys(
    ("higher", "above", ">", ">=", "increase"), Side.HIGHER
)
ANY_AGE = 36_525  # days: a metric that declares no freshness never ages
DONE = Decimal(100)
MONTH = re.compile(r"\d{4}-\d{2}")
Forecast = forecast.AnnualForecast | forecast.CountForecast


@dataclass(frozen=True, slots=True)
class Assessment:
    """A target as it was judged, with the forecast the judgement used."""

    content: TargetContent
    target: Target
    judgement: Judgement
    value: MetricValue | None
    forecast: Forecast | None


def assess(content: TargetContent, value: MetricValue | None, today: date) -> Assessment:
    """Judge one target on `today` by the value of its metric; None where no metric serves it."""
    target = to_target(content, value)
    ahead = FORECASTS[value.definition.forecast](target, value, today) if value else None
    judgement = judge(target, to_evidence(value), today, to_outlook(ahead))
    return Assessment(content, target, judgement, value, ahead)


def to_target(content: TargetContent, value: MetricValue | None) -> Target:
    """The promise as the rules need it.

    A goal or a deadline edited after its curve was declared may no longer fit it; the straight line stands in then.
    """
    kind = Kind(content.kind)
    plain = Target(
        kind=kind, start=min(content.starts, content.due), deadline=content.due,
        value=None if kind in FIXED_VALUES else content.value, side=_side(content, kind, value), unit=_unit(content, value),
        baseline=content.baseline, baseline_on=content.baseline_on, binding=content.binding, grain=_grain(kind, value),
        freshness=_freshness(value),
    )  # fmt: skip
    try:
        return plain if kind in FIXED_CURVES else replace(plain, **_declared(content))
    except ValueError:
        return plain


def _declared(content: TargetContent) -> dict:
    steps = tuple((date.fromisoformat(day), Decimal(number)) for day, number in content.curve.get("steps", ()))
    shape = content.curve.get("shape")
    return {"curve": Curve(shape) if shape else None, "steps": steps}


def _unit(content: TargetContent, value: MetricValue | None) -> str:
    return content.unit or (value.definition.unit if value else "")


def _side(content: TargetContent, kind: Kind, value: MetricValue | None) -> Side | None:
    """Which way is better, where the kind leaves it open: as the promise says, else as its metric is."""
    if kind in FIXED_SIDES:
        return None
    told = (content.side, content.op, value.definition.better if value else "")
    return next((SIDES[word] for word in told if word in SIDES), Side.HIGHER)


def _grain(kind: Kind, value: MetricValue | None) -> Decimal:
    counted = kind is Kind.CUMULATIVE_COUNT and value and value.definition.decimals == 0
    return Decimal(1) if counted else Decimal(0)


def _freshness(value: MetricValue | None) -> int:
    months = value.definition.freshness_months if value else None
    return months * 61 // 2 if months else ANY_AGE


def to_evidence(value: MetricValue | None) -> Evidence:
    """A metric's points as evidence."""
    if value is None:
        return Evidence()
    done = _done_on(value.points) if value.definition.formula == "milestone" else None
    points = tuple(_point(one) for one in value.points if _usable(one))
    return Evidence(points, done=done, simulated="simulated" in value.origins)


def _done_on(points: Sequence[Value]) -> date | None:
    """The day a milestone was done: the first 100 % after which nothing less was reported."""
    last = [*takewhile(lambda one: one.value >= DONE, reversed(points))]
    return last[-1].ends if last else None


def _usable(one: Value) -> bool:
    return one.value is not None or one.whole is not None


def _point(one: Value) -> Point:
    completeness = min(Decimal(one.seen) / Decimal(one.of), Decimal(1)) if one.of else Decimal(1)
    if one.whole is not None and 0 <= one.part <= one.whole:
        return Point(one.ends, one.part, of=one.whole, completeness=completeness)
    return Point(one.ends, one.value, completeness=completeness)


def _no_forecast(target: Target, value: MetricValue, today: date) -> None:
    return None


def _annual_mean(target: Target, value: MetricValue, today: date) -> forecast.AnnualForecast | None:
    rows = value.rows.get("series", ())
    if target.kind not in STATES or today > target.deadline + timedelta(days=366) or not rows or not _monthly(rows):
        return None
    found = forecast.annual_mean(
        {(row.ends.year, row.ends.month): row.value for row in rows if row.ends <= today}, year=target.deadline.year,
        target=target.value, bound=_bound(target), places=value.definition.decimals,
        ceiling=Decimal(100) if target.unit == "%" else None, by_days=isinstance(rows[-1], Finding),
    )  # fmt: skip
    return None if isinstance(found, forecast.NotEnough) else found


STATES = {Kind.UPPER_BOUND, Kind.LOWER_BOUND, Kind.STRICT_BOUND, Kind.MAINTAIN}
COUNTS = {Kind.CUMULATIVE_COUNT, Kind.LOWER_BOUND, Kind.STRICT_BOUND}


def _monthly(rows: Sequence[Row]) -> bool:
    """Whether the rows can be forecast: the mean of a year is, from months that are never below zero."""
    return all(MONTH.fullmatch(row.period) and (row.value is None or row.value >= 0) for row in rows)


def _bound(target: Target) -> str:
    sign = "<" if target.side is Side.LOWER else ">"
    return sign if target.kind is Kind.STRICT_BOUND else sign + "="


def _count(target: Target, value: MetricValue, today: date) -> forecast.CountForecast | None:
    items = value.rows.get("series", ())
    if target.kind not in COUNTS or target.side is Side.LOWER or not items or any(item.value != 1 for item in items):
        return None  # amounts of unequal size cannot be counted as so many items
    history = [forecast.Done(item.done_on, item.planned_on) for item in items if item.done_on]
    pipeline = [forecast.Coming(item.planned_on) for item in items if not item.done_on]
    return forecast.count(history, pipeline, by=target.deadline, today=today, target=_enough(target))


def _enough(target: Target) -> int:
    """The smallest whole number that keeps the promise."""
    return floor(target.value) + 1 if target.kind is Kind.STRICT_BOUND else ceil(target.value)


FORECASTS: dict[str, Callable[[Target, MetricValue, date], Forecast | None]] = {
    "none": _no_forecast,
    "annual_mean": _annual_mean,
    "count": _count,
}


def to_outlook(ahead: Forecast | None) -> Outlook | None:
    """What the rules need of a forecast."""
    if ahead is None or ahead.probability is None:
        return None
    central = ahead.central if isinstance(ahead, forecast.AnnualForecast) else ahead.expected
    return Outlook(ahead.probability, Decimal(ahead.low), central, Decimal(ahead.high), ahead.level)
