"""Days, months and years of ambient air, held against the limits.

A mean, a percentile or a rate that rests on too few values is not a number but None: what is incomplete is not evaluated.

References
----------
GB 3095, table 4 (least numbers of valid values); HJ 663-2013 环境空气质量评价技术规范（试行） and its successor of 2026.
Marks of verification stand in the tables.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..editions import Edition, edition, editions
from ..measured import Number
from ..rounding import round_gbt8170
from ..water.rating import Trend
from ..water.rating import trend as rank_trend
from . import index
from .limits import limit

FAMILY = "hj663"
ITEMS = ("SO2", "NO2", "PM10", "PM25", "CO", "O3")


def mean(values: Sequence[Number]) -> Fraction:
    return sum(map(Fraction, values), Fraction(0)) / len(values)


def there(values: Iterable[Number | None]) -> list[Number]:
    return [one for one in values if one is not None]


def hour_is_valid(minutes: int, limits: Edition) -> bool:
    """Whether an hour's mean rests on enough minutes of sampling (GB 3095, table 4: 45)."""
    return minutes >= limits["validity"]["hour_minutes"]


def month_is_valid(days: int, month: int, limits: Edition) -> bool:
    """Whether a month has enough valid days (GB 3095, table 4: 27, in February 25)."""
    return days >= limits["validity"]["february_days" if month == 2 else "month_days"]


def daily_mean(hours: Sequence[Number | None], limits: Edition) -> Fraction | None:
    """The mean of a day's hourly means [their unit]; None for fewer than 20 valid hours.

    References
    ----------
    GB 3095, table 4.
    """
    valid = there(hours)
    return mean(valid) if len(valid) >= limits["validity"]["day_hours"] else None


def mda8(hours: Sequence[Number | None], rules: Edition, limits: Edition, zone: int = 2) -> Fraction | None:
    """The highest mean of eight consecutive hours of a day, from its 24 hourly means of ozone [μg/m³].

    The windows end at 08:00 to 24:00 and need six valid hours each; fewer than 14 valid windows leave the day without a
    value, unless it exceeds the limit already. Raises ValueError unless there are 24 hours.

    References
    ----------
    HJ 663-2013, table 2 and its note; GB 3095, clause 3 and table 4.
    """
    if len(hours) != 24:
        raise ValueError(f"a day has 24 hourly means, not {len(hours)}")
    rule = rules["mda8"]
    windows = (there(hours[end - 8 : end]) for end in range(rule["first_stamp"], rule["last_stamp"] + 1))
    means = [mean(one) for one in windows if len(one) >= limits["validity"]["window_hours"]]
    if not means:
        return None
    highest = max(means)
    enough = len(means) >= rule["valid_windows"]
    return highest if enough or highest > limit("O3", "mda8", limits, zone) else None


def district_mean(stations: Sequence[Number | None], rules: Edition) -> Fraction | None:
    """The value of a district or city: the mean of its stations; None where fewer than three quarters are valid.

    The concentrations are averaged, then rounded, then an index is made of them: never the mean of stations' indices.

    References
    ----------
    HJ 663-2013, 4.1 (M-H).
    """
    valid, share = there(stations), Fraction(*rules["stations_share"])
    return mean(valid) if valid and len(valid) >= share * len(stations) else None


def enough_days(days: Mapping[date, Number | None], limits: Edition) -> str:
    """Why a calendar year is incomplete, or "": year (fewer than 324 valid days) or the first month that lacks days.

    References
    ----------
    GB 3095, table 4: 324 a year, 27 a month, 25 in February.
    """
    return lacking(Counter(day.month for day, value in days.items() if value is not None), limits)


def lacking(months: Mapping[int, int], limits: Edition) -> str:
    """As `enough_days`, from the number of valid days of each month (1–12)."""
    rule = limits["validity"]
    if sum(months.values()) < rule["year_days"]:
        return "year"
    bars = rule["month_days"], rule["february_days"]
    return next((f"month {month}" for month in range(1, 13) if months.get(month, 0) < bars[month == 2]), "")


def percentile(values: Sequence[Number], p: int | Decimal) -> Fraction:
    """The p-th percentile [unit of the values], interpolated between two neighbours. Raises ValueError without values.

    References
    ----------
    HJ 663-2013, annex A: k = 1 + (n - 1)·p/100, s = ⌊k⌋, m = x(s) + (x(s+1) - x(s))·(k - s).
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    ordered = sorted(map(Fraction, values))
    k = (len(ordered) - 1) * Fraction(p) / 100
    low = int(k)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (k - low)


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of a year beside its limit. `value` is rounded, `multiple` by how much of the limit it exceeds it."""

    item: str
    kind: str
    p: int | None
    value: Decimal
    limit: Decimal | int
    attained: bool
    multiple: Decimal | None


@dataclass(frozen=True, slots=True)
class Attainment:
    """A year held against the limits. `attained` is None where a pollutant has no valid year and no other one fails."""

    attained: bool | None
    statistics: tuple[Statistic, ...]
    incomplete: Mapping[str, str]
    limits: Edition
    rules: Edition


def exceedance(value: Number, bar: Number, places: int = 2) -> Decimal | None:
    """By what multiple a value exceeds a limit, (C - S) / S; None where it does not.

    References
    ----------
    HJ 663-2013, 5.2: B = (C - S) / S, two decimals.
    """
    return round_gbt8170((Fraction(value) - Fraction(bar)) / Fraction(bar), places) if value > bar else None


def held(
    item: str, kind: str, p: int | None, exact: Fraction, period: str, rules: Edition, limits: Edition, zone: int = 2
) -> Statistic:
    """An exact statistic, rounded once, beside the limit of a period."""
    value, bar = round_gbt8170(exact, rules["places"][item]), limit(item, period, limits, zone)
    over = exceedance(value, bar, rules["places"]["multiple"])
    return Statistic(item, kind, p, value, bar, over is None, over)


def statistics(item: str, values: Sequence[Number], rules: Edition, limits: Edition, zone: int = 2) -> list[Statistic]:
    """What of the daily values of a period is held against the limits: its mean, its percentile, as the item asks."""
    return [
        held(item, kind, p, mean(values) if kind == "mean" else percentile(values, p), period, rules, limits, zone)
        for kind, p, period in rules["annual"][item]
    ]


def attainment(
    days: Mapping[str, Mapping[date, Number | None]], rules: Edition, limits: Edition, zone: int = 2
) -> Attainment:
    """Whether a calendar year attains: every statistic of every one of the six pollutants within its limit.

    `days`: item → day → daily value (O3: MDA8) [μg/m³], CO [mg/m³]. Days left out on purpose (dust) are simply not there,
    and `enough_days` then has to be judged by the caller on the days with them.

    References
    ----------
    HJ 663-2013, 5.1 and table 1.
    """
    incomplete = {item: why for item in ITEMS if (why := enough_days(days.get(item, {}), limits))}
    found = [
        one for item in ITEMS if item not in incomplete
        for one in statistics(item, there(days[item].values()), rules, limits, zone)
    ]  # fmt: skip
    fails = any(not one.attained for one in found)
    return Attainment(False if fails else None if incomplete else True, tuple(found), incomplete, limits, rules)


def composite_index(values: Mapping[str, Number], limits: Edition, rules: Edition, zone: int = 2) -> Decimal:
    """The composite index of a period: the sum of its six single indices, rounded once. It is one of all six: without an item, also
    one that a monitoring plan leaves out, there is none.

    `values`: means of SO2, NO2, PM10, PM25, the 95th percentile of CO, the 90th of O3's MDA8. Raises KeyError for a missing one.

    References
    ----------
    环办监测〔2018〕19号 城市环境空气质量排名技术规定; which limits it takes from 2026 on is not confirmed.
    """
    return round_gbt8170(sum(_over_limits(values, limits, zone).values()), rules["places"]["index"])


def composite_lacks(values: Mapping[str, object]) -> list[str]:
    """The items for want of which there is no composite index of `values`."""
    return [item for item in ITEMS if values.get(item) is None]


def single_indices(values: Mapping[str, Number], limits: Edition, rules: Edition, zone: int = 2) -> dict[str, Decimal]:
    """The single index of each item, concentration over limit, for `values` as of `composite_index`."""
    places = rules["places"]["single_index"]
    return {item: round_gbt8170(one, places) for item, one in _over_limits(values, limits, zone).items()}


def _over_limits(values: Mapping[str, Number], limits: Edition, zone: int) -> dict[str, Fraction]:
    return {item: Fraction(values[item]) / Fraction(_index_limit(item, limits, zone)) for item in ITEMS}


def _index_limit(item: str, limits: Edition, zone: int) -> Number:
    return limit(item, {"CO": "daily", "O3": "mda8"}.get(item, "annual"), limits, zone)


@dataclass(frozen=True, slots=True)
class Day:
    """A day's daily values by item of the report (SO2_24h … O3_8h, O3_1h) [μg/m³], CO [mg/m³]; `dust`: under a dust event."""

    day: date
    values: Mapping[str, Number | None]
    dust: bool = False


@dataclass(frozen=True, slots=True)
class GoodDays:
    """Days with an index up to 100 among the days with a published index. `rate` [%]; None where no day counts."""

    good: int
    valid: int
    days: int
    rate: Decimal | None
    editions: tuple[str, ...]


def good_days(days: Iterable[Day], code: str | None = None, skip_dust: bool = False) -> GoodDays:
    """The share of good days (优良天数比例), each day by the edition of HJ 633 in force on it or all by the one called `code`.

    A year that straddles editions is given as in force and, with `code`, wholly under each: both are honest, neither is
    a trend of its own. `skip_dust` leaves days under a dust event out of both counts.

    References
    ----------
    HJ 663-2013, 5.3; HJ 633 of the day.
    """
    taken = [one for one in days if not (skip_dust and one.dust)]
    judged = [index.aqi(_asked(one, code), one.day, code) for one in taken]
    published = [one for one in judged if one.published]
    good = sum(one.value <= index.GOOD for one in published)
    rate = round_gbt8170(Fraction(100 * good, len(published)), 1) if published else None
    return GoodDays(good, len(published), len(taken), rate, tuple(sorted({one.edition.code for one in judged})))


def _asked(one: Day, code: str | None) -> dict[str, Number | None]:
    """The values that the edition's daily report has; an older edition asks for more items than a newer one."""
    return {item: one.values.get(item) for item in index.items_of_day(edition(index.FAMILY, one.day, code))}


def under_each(days: Sequence[Day], count: Callable[..., GoodDays] = good_days) -> dict[str, GoodDays]:
    """The share of good days as in force ("in_force") and wholly under each known edition of HJ 633 (by its code)."""
    return {"in_force": count(days)} | {one.code: count(days, one.code) for one in editions(index.FAMILY)}


LEAST_YEARS = 5  # of a trend


def trend(years: Sequence[Number]) -> Trend:
    """Whether yearly values rise or fall significantly, by Spearman's rank correlation at 0.05, exact.

    Raises ValueError for fewer than five years.

    References
    ----------
    HJ 663-2013, annex B; the critical values are those of 环办〔2011〕22号 (which table HJ 663 prints is not verified, M-L).
    """
    if len(years) < LEAST_YEARS:
        raise ValueError(f"a trend needs at least {LEAST_YEARS} years, not {len(years)}")
    return rank_trend(years, edition("hb22", code="hb22-2011"))


def moving_means(years: Sequence[Number], places: int, width: int = 3) -> list[Decimal | None]:
    """The mean of each year and the two before it, rounded; None where one of them is missing.

    References
    ----------
    HJ 663-2026 names the moving mean of three years; its text could not be had (M-L).
    """
    windows = [years[max(0, n - width + 1) : n + 1] for n in range(len(years))]
    return [round_gbt8170(mean(one), places) if len(one) == width and None not in one else None for one in windows]
