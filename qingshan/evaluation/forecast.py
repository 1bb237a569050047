"""Where an indicator will stand at its deadline, how sure that is, and what is still allowed until then."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate
from math import exp, isfinite, log
from operator import mul

from qingshan.evaluation import seasonal
from qingshan.evaluation.calibrated import DEFAULT
from qingshan.evaluation.seasonal import Calibration, Fit, Month, ordinal, student4_cdf, student4_quantile
from qingshan.standards.rounding import round_gbt8170

Number = Decimal | Fraction | int | float

MONTHS_NEEDED = 12  # a forecast of a year needs as many observed months as a year has
LONG_HISTORY = 36  # months; below it the season rests on fewer than three years
CALIBRATED_LEVEL = 0.80
LEARNED_FROM = 0.5 + CALIBRATED_LEVEL / 2


class Caution(StrEnum):
    """Why an interval deserves less trust than usual."""

    SHORT_HISTORY = "short_history"  # fewer than 36 months observed
    GAPS_IN_YEAR = "gaps_in_year"  # a month before the newest one is missing from the year
    UNSEEN_CALENDAR_MONTH = "unseen_calendar_month"  # never observed; taken from the calibration's shape of a year
    BEYOND_CALIBRATION = "beyond_calibration"  # further ahead than forecasts were ever compared with outcomes


class Allowed(StrEnum):
    """What the months (or items) still to come can do to the target."""

    NO_TARGET = "no_target"
    OPEN = "open"  # allowed_remaining says how much
    ASSURED = "assured"  # met whatever comes
    UNATTAINABLE = "unattainable"  # missed whatever comes
    DECIDED = "decided"  # nothing is left to come


@dataclass(frozen=True, slots=True)
class NotEnough:
    """The answer where there is too little to forecast from: how many months there are, how many it takes."""

    months: int
    needed: int

    def __str__(self) -> str:
        return f"已有 {self.months} 个月数据，预测年均值至少需要 {self.needed} 个月"


@dataclass(frozen=True, slots=True)
class FanYear:
    """One year of a forecast chart. `observed`: the months already in it, as "1–6, 8–9"; "" when none.

    allowed_remaining: what its unobserved months may average for that year's mean to meet the target; None where no
        target is given, where no month is observed yet, or where the year is decided either way.
    """

    year: int
    central: Decimal
    low: Decimal
    high: Decimal
    months_seen: int
    observed: str
    allowed_remaining: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AnnualForecast:
    """The mean of a year's monthly means, in the unit of the series.

    mean_so_far: mean of the year's months observed; None before the first.
    low, high: interval that holds the outcome with probability `level`, rounded outwards; equal to `central`
        when every month is observed.
    probability: of meeting the target; 0 and 1 only where it is certain; None without a target.
    allowed_remaining: what the unobserved months may average at most (at least, for a lower bound), rounded to
        the safe side, exact otherwise; None unless `allowed` is OPEN.
    newest: the last month observed. history: months observed in all years.
    """

    year: int
    mean_so_far: Decimal | None
    months_seen: int
    months_left: int
    newest: Month
    history: int
    central: Decimal
    low: Decimal
    high: Decimal
    level: Decimal
    target: Decimal | None
    bound: str
    probability: Decimal | None
    allowed: Allowed
    allowed_remaining: Decimal | None
    fan: tuple[FanYear, ...]
    cautions: tuple[Caution, ...]
    calibration: str


def annual_mean(
    months: Mapping[Month, Number | None],
    *,
    year: int,
    target: Number | None = None,
    bound: str = "<=",
    level: Decimal = Decimal("0.80"),
    calibration: Calibration = DEFAULT,
    places: int = 1,
    ceiling: Number | None = None,
    by_days: bool = False,
) -> AnnualForecast | NotEnough:
    """Forecast the mean of `year` from monthly values ≥ 0; None and absent months are alike missing.

    months: (year, month) → value [unit of the series]. Months after `year` are not looked at.
    bound: how the mean must compare with `target`: "<=", "<", ">=" or ">".
    places: decimal places of what is reported. ceiling: a value no month can exceed, such as 100 [%].
    by_days: months weigh as many days as they have, instead of all alike.

    The months to come are season × level × damped trend (`seasonal`); the interval's width is what forecasts as
    far from the year's end have missed by in other years (`calibration`). The one given here was learned from PM2.5;
    for another indicator pass one learned from its own past (`backtest.calibrate`). ValueError for a month outside 1–12, a
    value below 0 or not finite, an unknown bound, a level outside 0.01–0.99, a
    ceiling of 0 or less.
    """
    _check(months, bound, level, ceiling)
    known = {ordinal(m): _exact(v) for m, v in months.items() if v is not None and m[0] <= year}
    if len(known) < MONTHS_NEEDED:
        return NotEnough(len(known), MONTHS_NEEDED)
    ahead = seasonal.fit({at: float(v) for at, v in known.items()}, calibration.profile)
    cap = None if ceiling is None else _exact(ceiling)
    fan = [_Year.of(y, known, ahead, calibration, cap, by_days) for y in _years(ahead, year)]
    goal = None if target is None else _Goal(_exact(target), bound)
    return _annual(fan, goal, known, ahead, level, calibration, places)


def _check(months: Mapping[Month, Number | None], bound: str, level: Decimal, ceiling: Number | None) -> None:
    for (y, m), value in months.items():
        if not 1 <= m <= 12:
            raise ValueError(f"月份应为 1 至 12，现为 {y} 年 {m} 月")
        if value is not None and not (isfinite(value) and value >= 0):
            raise ValueError(f"{y} 年 {m} 月的数值应为不小于 0 的有限数，现为 {value}")
    if ceiling is not None and not ceiling > 0:
        raise ValueError(f"上限应大于 0，现为 {ceiling}")
    if bound not in ("<=", "<", ">=", ">"):
        raise ValueError(f"比较方式应为 <=、<、>= 或 >，现为 {bound}")
    if not Decimal("0.01") <= level <= Decimal("0.99"):
        raise ValueError(f"置信水平应在 0.01 与 0.99 之间，现为 {level}")


def _exact(value: Number) -> Fraction:
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _years(ahead: Fit, year: int) -> range:
    return range(min((ahead.last + 1) // 12, year), year + 1)


@dataclass(frozen=True, slots=True)
class _Year:
    """A year as the sum of what is observed and what is expected, each month by its weight."""

    year: int
    seen: Mapping[int, Fraction]  # month → value
    weight: int
    weight_left: int
    total: Fraction  # Σ weight × value, observed
    expected: float  # Σ weight × value, the rest
    cap: Fraction | None  # the most the rest can sum to
    scale: float  # of log(rest / expected), a Student-t with 4 degrees of freedom
    horizon: int

    @classmethod
    def of(
        cls,
        year: int,
        known: Mapping[int, Fraction],
        ahead: Fit,
        calibration: Calibration,
        ceiling: Fraction | None,
        by_days: bool,
    ) -> "_Year":
        start = year * 12 - 1  # the ordinal of month 0
        weights = dict(zip(range(1, 13), _days(year) if by_days else [1] * 12, strict=True))
        seen = {m: known[start + m] for m in weights if start + m in known}
        left = {m: weight for m, weight in weights.items() if m not in seen}
        horizon = len(left) + max(0, start - ahead.last)
        top = float("inf") if ceiling is None else float(ceiling)
        return cls(
            year=year,
            seen=seen,
            weight=sum(weights.values()),
            weight_left=sum(left.values()),
            total=sum((weights[m] * value for m, value in seen.items()), Fraction(0)),
            expected=sum(weight * min(ahead.expected(start + m), top) for m, weight in left.items()),
            cap=None if ceiling is None else ceiling * sum(left.values()),
            scale=calibration.half_width(max(horizon, 1)) * ahead.width() / student4_quantile(LEARNED_FROM),
            horizon=horizon,
        )

    def quantile(self, p: float) -> Fraction:
        if not self.weight_left:
            return self.total / self.weight
        rest = Fraction(self.expected * exp(self.scale * student4_quantile(p)))
        rest = rest if self.cap is None else min(rest, self.cap)
        return (self.total + rest) / self.weight

    def below(self, rest: Fraction) -> float:
        """Probability that the rest sums to `rest` or less, where it is uncertain."""
        return student4_cdf(log(rest / Fraction(self.expected)) / self.scale)

    def fan(self, level: Decimal, places: int, goal: "_Goal | None") -> FanYear:
        tail = (1 - float(level)) / 2
        low, central, high = (self.quantile(p) for p in (tail, 0.5, 1 - tail))
        outwards = self.weight_left > 0
        return FanYear(
            self.year,
            round_gbt8170(central, places),
            _floor(low, places) if outwards else round_gbt8170(low, places),
            _ceil(high, places) if outwards else round_gbt8170(high, places),
            len(self.seen),
            _runs(self.seen),
            goal.remaining(self, places) if self.seen and goal and goal.allowed(self) is Allowed.OPEN else None,
        )


@dataclass(frozen=True, slots=True)
class _Goal:
    target: Fraction
    bound: str

    @property
    def upper(self) -> bool:
        return self.bound.startswith("<")

    @property
    def strict(self) -> bool:
        return self.bound in ("<", ">")

    def met(self, value: Fraction) -> bool:
        if value == self.target:
            return not self.strict
        return (value < self.target) == self.upper

    def allowed(self, y: _Year) -> Allowed:
        """Whether the least and the most the rest can be both meet the target, both miss it, or differ."""
        least = self.met(y.total / y.weight)
        if not y.weight_left:
            return Allowed.DECIDED
        most = self.met((y.total + y.cap) / y.weight) if y.cap is not None else not self.upper
        if least == most:
            return Allowed.ASSURED if least else Allowed.UNATTAINABLE
        return Allowed.OPEN

    def rest(self, y: _Year) -> Fraction:
        return self.target * y.weight - y.total

    def remaining(self, y: _Year, places: int) -> Decimal:
        """The average the rest may have: the last value of `places` decimals that still meets the target."""
        exact = self.rest(y) / y.weight_left
        value = _floor(exact, places) if self.upper else _ceil(exact, places)
        if self.strict and value == exact:
            value += Decimal(1).scaleb(-places) * (-1 if self.upper else 1)
        return value

    def probability(self, y: _Year) -> Decimal:
        state = self.allowed(y)
        if state is not Allowed.OPEN:
            sure = self.met(y.total / y.weight) if state is Allowed.DECIDED else state is Allowed.ASSURED
            return Decimal(int(sure))
        below = y.below(self.rest(y)) if self.rest(y) > 0 else 0.0
        return _uncertain(below if self.upper else 1 - below)


def _annual(
    fan: list[_Year],
    goal: _Goal | None,
    known: Iterable[int],
    ahead: Fit,
    level: Decimal,
    calibration: Calibration,
    places: int,
) -> AnnualForecast:
    last, bars = fan[-1], tuple(y.fan(level, places, goal) for y in fan)
    allowed = goal.allowed(last) if goal else Allowed.NO_TARGET
    return AnnualForecast(
        year=last.year,
        mean_so_far=round_gbt8170(last.total / (last.weight - last.weight_left), places) if last.seen else None,
        months_seen=len(last.seen),
        months_left=12 - len(last.seen),
        newest=(ahead.last // 12, ahead.last % 12 + 1),
        history=ahead.months,
        central=bars[-1].central,
        low=bars[-1].low,
        high=bars[-1].high,
        level=level,
        target=None if goal is None else _decimal(goal.target),
        bound=goal.bound if goal else "",
        probability=goal.probability(last) if goal else None,
        allowed=allowed,
        allowed_remaining=goal.remaining(last, places) if goal and allowed is Allowed.OPEN else None,
        fan=bars,
        cautions=_cautions(last, known, ahead, calibration),
        calibration=calibration.source,
    )


def _cautions(y: _Year, known: Iterable[int], ahead: Fit, calibration: Calibration) -> tuple[Caution, ...]:
    left = [y.year * 12 + m - 1 for m in range(1, 13) if m not in y.seen]
    calendar = {at % 12 for at in known}
    found = {
        Caution.SHORT_HISTORY: bool(left) and ahead.months < LONG_HISTORY,
        Caution.GAPS_IN_YEAR: any(at < ahead.last for at in left),
        Caution.UNSEEN_CALENDAR_MONTH: any(at % 12 not in calendar for at in left),
        Caution.BEYOND_CALIBRATION: y.horizon > len(calibration.spread),
    }
    return tuple(caution for caution, holds in found.items() if holds)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _floor(value: Fraction, places: int) -> Decimal:
    return Decimal(value * 10**places // 1).scaleb(-places)


def _ceil(value: Fraction, places: int) -> Decimal:
    return -_floor(-value, places)


def _uncertain(p: float) -> Decimal:
    """A probability to two decimals, never 0 or 1: those are said only of what is decided."""
    return min(max(round_gbt8170(Fraction(p), 2), Decimal("0.01")), Decimal("0.99"))


def _days(year: int) -> list[int]:
    return [monthrange(year, m)[1] for m in range(1, 13)]


def _runs(months: Iterable[int]) -> str:
    """1, 2, 3, 5 as "1–3, 5"."""
    runs: list[list[int]] = []
    for m in sorted(months):
        if runs and runs[-1][-1] == m - 1:
            runs[-1].append(m)
        else:
            runs.append([m])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)


# Counted targets: so many finished by a date.

PRIOR_ITEMS = 5  # finished items that weigh as much as the assumption below
PRIOR_ON_TIME = 0.5  # assumed share finished by the planned day, where nothing is known yet
PRIOR_EARLY_DAYS = 30.0  # assumed mean earliness of those
PRIOR_LATE_DAYS = 180.0  # assumed mean lateness of the others
DAYS_A_MONTH = Fraction(1461, 48)  # 365.25 / 12


@dataclass(frozen=True, slots=True)
class Done:
    """A finished item. planned: None when no date was ever set."""

    finished: date
    planned: date | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """An unfinished item. planned: None when it has no date; suspended: work has stopped."""

    planned: date | None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class CountForecast:
    """How many will be finished by the end of the day `by`.

    expected, low, high: the mean (one decimal) and an interval that holds the outcome with probability `level` or
        more; probability: of at least `target`, from the items in the pipeline only.
    to_finish: still needed. unplanned: how many of those no dated, running item stands for.
    needed_per_month: to_finish over the months left, rounded up; None when none is left.
    recent_per_month: finished in the twelve months up to `today`, over 12.
    slips: finished items whose slippage was known. days_late: median slippage learned [day].
    """

    by: date
    target: int
    done: int
    expected: Decimal
    low: int
    high: int
    level: Decimal
    probability: Decimal
    allowed: Allowed
    to_finish: int
    unplanned: int
    needed_per_month: Decimal | None
    recent_per_month: Decimal
    slips: int
    days_late: int


def count(
    history: Sequence[Done],
    pipeline: Sequence[Coming],
    *,
    by: date,
    today: date,
    target: int,
    level: Decimal = Decimal("0.80"),
) -> CountForecast:
    """Forecast how many items are finished by `by`, as seen at the end of `today`.

    An item finished after `today` counts as still to come, so a past day is judged by what it could know. Slippage
    (days from planned to finished) comes from finished items and from how long the unfinished have already waited,
    starting from an assumption worth five items (half on time, the others 180 days late on average). An item
    finishes by `by` with the probability that its slippage, already longer than its wait, ends in time; undated and
    suspended items are not counted on. Items are taken to slip independently: a freeze that holds up all of them
    at once is not in the interval.

    References
    ----------
    Susarla and Van Ryzin (1976), Nonparametric Bayesian estimation of survival curves from incomplete observations,
    J. Am. Stat. Assoc. 71 (356).
    """
    done = [d for d in history if d.finished <= today]
    coming = [*pipeline, *(Coming(d.planned) for d in history if d.finished > today)]
    dated = [c.planned for c in coming if c.planned and not c.suspended]
    late = Slippage.learn(done, dated, today)
    chances = [] if by <= today else [late.finishes(planned, today, by) for planned in dated]
    return _count(done, len(dated), chances, late, by, today, target, level)


@dataclass(frozen=True, slots=True)
class Slippage:
    """Days from planned to finished, as a distribution learned from finished and from still waiting items.

    slips: of the finished, ascending. known: of both, ascending. waits, factors: each wait so far among the
    unfinished, ascending, and what surviving it and those before multiplies the share of longer slippages by.
    """

    slips: tuple[int, ...]
    known: tuple[int, ...]
    waits: tuple[int, ...] = ()
    factors: tuple[float, ...] = ()

    @classmethod
    def learn(cls, done: Iterable[Done], unfinished: Iterable[date], today: date) -> "Slippage":
        slips = sorted((d.finished - d.planned).days for d in done if d.planned)
        waiting = Counter((today - planned).days for planned in unfinished)
        start = cls(tuple(slips), tuple(sorted([*slips, *waiting.elements()])))
        steps = [1 + waiting[wait] / start._beyond(wait) for wait in sorted(waiting)]
        return replace(start, waits=tuple(sorted(waiting)), factors=tuple(accumulate(steps, mul)))

    def longer(self, days: int) -> float:
        """Probability of a slippage beyond `days`."""
        passed = bisect_right(self.waits, days)
        factor = self.factors[passed - 1] if passed else 1.0
        return factor * self._beyond(days) / (PRIOR_ITEMS + len(self.known))

    def _beyond(self, days: int) -> float:
        return PRIOR_ITEMS * assumed_longer(days) + len(self.known) - bisect_right(self.known, days)

    def finishes(self, planned: date, today: date, by: date) -> float:
        """Probability that an item unfinished at the end of `today` is finished by `by`."""
        return 1 - self.longer((by - planned).days) / self.longer((today - planned).days)

    def median(self) -> int:
        days = range(-3650, 36500)
        return days[bisect_left(days, -0.5, key=lambda d: -self.longer(d))]


def assumed_longer(days: int) -> float:
    """Probability of a slippage beyond `days` where nothing is known yet."""
    if days < 0:
        return 1 - PRIOR_ON_TIME * exp(days / PRIOR_EARLY_DAYS)
    return (1 - PRIOR_ON_TIME) * exp(-days / PRIOR_LATE_DAYS)


def poisson_binomial(chances: Iterable[float]) -> list[float]:
    """Probability of 0, 1, 2 … successes among independent trials of these chances; exact, no simulation."""
    spread = [1.0]
    for p in chances:
        spread = [stay * (1 - p) + come * p for stay, come in zip([*spread, 0.0], [0.0, *spread], strict=True)]
    return spread


def _count(
    done: list[Done],
    dated: int,
    chances: list[float],
    late: Slippage,
    by: date,
    today: date,
    target: int,
    level: Decimal,
) -> CountForecast:
    to_finish = max(target - len(done), 0)
    spread, tail = poisson_binomial(chances), (1 - float(level)) / 2
    sums = list(accumulate(spread))
    allowed = Allowed.ASSURED if not to_finish else Allowed.DECIDED if by <= today else Allowed.OPEN
    return CountForecast(
        by=by,
        target=target,
        done=len(done),
        expected=round_gbt8170(Fraction(len(done)) + Fraction(sum(chances)), 1),
        low=len(done) + _first_reaching(sums, tail),
        high=len(done) + _first_reaching(sums, 1 - tail),
        level=level,
        probability=_chance(to_finish, spread, allowed),
        allowed=allowed,
        to_finish=to_finish,
        unplanned=max(to_finish - dated, 0),
        needed_per_month=_ceil(Fraction(to_finish) * DAYS_A_MONTH / (by - today).days, 1) if by > today else None,
        recent_per_month=round_gbt8170(Fraction(sum(d.finished > today - timedelta(365) for d in done), 12), 1),
        slips=len(late.slips),
        days_late=late.median(),
    )


def _first_reaching(sums: list[float], p: float) -> int:
    return next((n for n, total in enumerate(sums) if total >= p - 1e-9), len(sums) - 1)


def _chance(to_finish: int, spread: list[float], allowed: Allowed) -> Decimal:
    if allowed is not Allowed.OPEN:
        return Decimal(int(allowed is Allowed.ASSURED))
    return _uncertain(sum(spread[to_finish:])) if to_finish < len(spread) else Decimal(0)
