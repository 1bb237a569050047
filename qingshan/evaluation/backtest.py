"""The forecast of annual means tried on years whose end is known, each with an interval that never saw that year."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log
from statistics import fmean, median

from qingshan.evaluation import seasonal
from qingshan.evaluation.forecast import MONTHS_NEEDED, AnnualForecast, annual_mean
from qingshan.evaluation.seasonal import Calibration, Fit, Month, ordinal

Series = Mapping[Month, float]
LONGEST = 24  # months from an origin to the end of the year forecast
SHARE = 0.80  # of outcomes the calibrated interval is to hold
PLACES = 2


# Calibration: what a set of years teaches.


@dataclass(frozen=True, slots=True)
class Miss:
    """|log(outcome / forecast)| of the months still unknown at an origin, for a history of endless length."""

    year: int
    horizon: int
    size: float


def calibrate(series: Mapping[str, Series], *, years: Collection[int], source: str) -> Calibration:
    """The shape of a year and the width of the interval, learned from the outcomes of `years` alone.

    ValueError where no series has one of the years whole, with the twelve months before it.
    """
    profile = year_shape(series, years)
    found = [miss for one in series.values() for miss in misses(one, years, profile)]
    raw = [_width([m for m in found if m.horizon == h]) for h in range(1, LONGEST + 1)]
    return Calibration(profile, tuple(_smooth(raw)), source)


def whole_years(series: Series) -> list[int]:
    return [y for y in sorted({y for y, _ in series}) if all((y, m) in series for m in range(1, 13))]


def year_shape(series: Mapping[str, Series], years: Collection[int]) -> tuple[float, ...]:
    """Mean log distance of each calendar month from its year, over all series and whole years among `years`."""
    shapes = [shape for one in series.values() for shape in _shapes(one, years)]
    if not shapes:
        raise ValueError("没有一个完整年份（12 个月均有数据）可用于校准")
    return tuple(fmean(months) for months in zip(*shapes, strict=True))


def _shapes(series: Series, years: Collection[int]) -> Iterator[list[float]]:
    values = seasonal.logs({ordinal(m): v for m, v in series.items()})
    for year in whole_years(series):
        if year in years:
            months = [values[year * 12 + m] for m in range(12)]
            yield [value - fmean(months) for value in months]


def misses(series: Series, years: Collection[int], profile: tuple[float, ...]) -> Iterator[Miss]:
    """Every origin of the series against every year of `years` that ends within LONGEST months of it."""
    known = {ordinal(m): v for m, v in sorted(series.items())}
    outcomes = [y for y in whole_years(series) if y in years]
    for n, last in enumerate(known, start=1):
        ends = [y for y in outcomes if 1 <= y * 12 + 11 - last <= LONGEST]
        if n >= MONTHS_NEEDED and ends:
            ahead = seasonal.fit({at: v for at, v in known.items() if at <= last}, profile)
            yield from (_miss(known, ahead, y) for y in ends)


def _miss(known: Mapping[int, float], ahead: Fit, year: int) -> Miss:
    end = year * 12 + 11
    left = range(max(year * 12, ahead.last + 1), end + 1)
    outcome, expected = sum(known[at] for at in left), sum(ahead.expected(at) for at in left)
    factor = max(outcome / expected, seasonal.ZERO_SHARE)  # nothing at all came: a finite miss, not an endless one
    return Miss(year, end - ahead.last, abs(log(factor)) / ahead.width())


def _width(found: Sequence[Miss]) -> float | None:
    """The size that SHARE of the misses keep within, were one more year drawn like these.

    Districts of one year miss together, so what counts as a sample is the year: with n years, the share looked up
    is SHARE × (n + 1) / n (the finite-sample step of split conformal prediction).
    """
    if not found:
        return None
    n = len({m.year for m in found})
    return _quantile(sorted(m.size for m in found), min(1.0, SHARE * (n + 1) / n))


def _quantile(values: Sequence[float], p: float) -> float:
    """Linear between the ordered values."""
    place = p * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def _smooth(raw: Sequence[float | None]) -> Iterator[float]:
    """Each horizon with its neighbours (1:2:1), since a few years make a ragged curve."""
    known = [w for w in raw if w is not None]
    if not known:
        raise ValueError("没有可用于校准的预测：需要一个完整年份，且该年结束前已有至少 12 个月数据")
    full = [max(known) if w is None else w for w in raw]
    for i, w in enumerate(full):
        yield (full[max(i - 1, 0)] + 2 * w + full[min(i + 1, len(full) - 1)]) / 4


# The back-test: forecasts against outcomes.


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast made as if `seen` months of `year` were known, beside what came. seen < 0: months before it starts.

    last_year: mean of the newest whole year known at the origin; so_far: mean of the year's months seen; None where
    there is none.
    """

    district: str
    year: int
    seen: int
    outcome: float
    central: float
    low: float
    high: float
    last_year: float | None
    so_far: float | None

    @property
    def left(self) -> int:
        return 12 - self.seen

    @property
    def covered(self) -> bool:
        return self.low <= self.outcome <= self.high

    @property
    def error(self) -> float:
        return abs(self.central - self.outcome)

    @property
    def last_year_error(self) -> float | None:
        return None if self.last_year is None else abs(self.last_year - self.outcome)

    @property
    def so_far_error(self) -> float | None:
        """Of the mean so far; before the first month there is only last year's mean to go by."""
        return self.last_year_error if self.so_far is None else abs(self.so_far - self.outcome)


def run(
    series: Mapping[str, Series],
    *,
    teachers: Mapping[str, Series] | None = None,
    level: Decimal = Decimal("0.80"),
    earlier_only: bool = False,
    watch: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Trial]:
    """Forecast every whole year of every series from every month-end of it and of the year before.

    teachers: the series the interval is calibrated on, `series` themselves unless given; the outcome of the year
    tested is never among what they teach, in any of them (earlier_only: nor that of any later year). watch wraps
    the years, to show progress.
    """
    teachers = series if teachers is None else teachers
    every = sorted({y for one in [*series.values(), *teachers.values()] for y in whole_years(one)})
    trials: list[Trial] = []
    for year in watch(every):
        years = [y for y in every if (y < year if earlier_only else y != year)]
        taught = _taught(teachers, years)
        if taught:
            trials += [t for name, one in series.items() for t in trials_of(name, one, year, taught, level)]
    return trials


def _taught(teachers: Mapping[str, Series], years: Collection[int]) -> Calibration | None:
    try:
        return calibrate(teachers, years=years, source="back-test")
    except ValueError:
        return None


def trials_of(name: str, series: Series, year: int, calibration: Calibration, level: Decimal) -> Iterator[Trial]:
    """The trials of one year of one series, from 11 months before it starts to 1 month before it ends."""
    if year not in whole_years(series):
        return
    for seen in range(12 - LONGEST + 1, 12):
        known = {m: v for m, v in series.items() if ordinal(m) < year * 12 + seen}
        answer = annual_mean(known, year=year, level=level, calibration=calibration, places=PLACES)
        if isinstance(answer, AnnualForecast):
            yield _trial(name, series, known, seen, answer)


def _trial(name: str, series: Series, known: Series, seen: int, answer: AnnualForecast) -> Trial:
    whole = whole_years(known)
    before = answer.year - (1 if seen >= 0 else 2)
    return Trial(
        name,
        answer.year,
        seen,
        mean_of(series, answer.year),
        float(answer.central),
        float(answer.low),
        float(answer.high),
        mean_of(series, before) if before in whole else None,
        mean_of(known, answer.year) if seen > 0 else None,
    )


def mean_of(series: Series, year: int) -> float:
    return fmean(v for (y, _), v in sorted(series.items()) if y == year)


# Figures.


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of trials comes to. error, last_year, so_far: median absolute errors [unit of the series]."""

    trials: int
    coverage: float
    error: float
    last_year: float
    so_far: float
    width: float

    @property
    def naive(self) -> float:
        return min(self.last_year, self.so_far)

    @property
    def ratio(self) -> float:
        return self.error / self.naive if self.naive else float("inf")


def within_year(trials: Iterable[Trial]) -> list[Trial]:
    """0 to 11 months seen, with a whole year before it to be naive about."""
    return [t for t in trials if t.seen >= 0 and t.last_year is not None]


def beyond_year(trials: Iterable[Trial]) -> list[Trial]:
    """Made before the year began, with a whole year before the year in progress to be naive about."""
    return [t for t in trials if t.seen < 0 and t.last_year is not None]


def figures(trials: Sequence[Trial]) -> Figures:
    return Figures(
        len(trials),
        fmean(t.covered for t in trials),
        median(t.error for t in trials),
        median(t.last_year_error for t in trials),
        median(t.so_far_error for t in trials),
        median(t.high - t.low for t in trials),
    )
