"""Wells, soil points, noise points, stations of the sea and rain gauges as their pages tell them: every period of every site,
kept while the store stands at one version.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import ibis
from ibis import _

from qingshan.standards.editions import Edition
from qingshan.standards.measured import Censored
from qingshan.standards.rounding import round_gbt8170

from ..engines import once
from ..rows import PLACES, USABLE
from . import groundwater, noise, rain, rivers, sea, soil
from .asking import Asked, flags
from .results import Assessed, Fault

Properties = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # site, its properties
CURVE = tuple(range(50, 96, 5))  # capture ratios [%] of the curve of a gauge
QUARTER = 3  # months


class Sample(NamedTuple):
    """A value as it was measured; `below`: it is a detection limit. A value that may not be used is None."""

    time: datetime
    value: Decimal | None
    below: bool


@dataclass
class History:
    """A site: its periods by their length, as evaluated, the oldest first; samples by item; what it could not be judged by."""

    periods: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    faults: list[Fault] = field(default_factory=list)
    flags: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)  # by year: usable rows, all rows
    hours: dict[str, dict[int, Decimal]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # of noise: by year and hour
    days: list[tuple[date, Decimal]] = field(default_factory=list)  # of rain [mm]

    @property
    def years(self) -> list[int]:
        return sorted(int(year) for year in self.rows)

    def at(self, per: str, period: str) -> Any | None:
        return next((one for one in self.periods[per] if one.period == period), None)

    def of_year(self, per: str, year: int) -> list:
        return [one for one in self.periods[per] if one.period.startswith(str(year))]


class Quarter(NamedTuple):
    """How many days and nights of a quarter met the limits of their zone (HJ 640-2012)."""

    period: str
    day: noise.Share
    night: noise.Share


def _sampled(evaluate: Callable[..., Assessed], *lengths: str) -> Callable:
    def made(connection, rows, sites) -> Iterable[tuple[str, Assessed]]:
        return [(per, evaluate(connection, rows, sites, "day" if per == "sample" else per)) for per in lengths]

    return made


def _noise(connection, rows: ibis.Table, sites: Mapping) -> Iterable[tuple[str, Assessed]]:
    days = noise.days_of(connection, rows)
    found = [(per, noise.points_of(days, sites, per)) for per in ("day", "month", "year")]
    return [*found, *((per, noise.building_sites(connection, rows, sites, per)) for per in ("month", "year"))]


def _rain(connection, rows: ibis.Table, sites: Mapping) -> Iterable[tuple[str, Assessed]]:
    whole = rain.gauges(connection, rows, sites, CURVE)
    return [("whole", whole), ("year", Assessed(rain.periods(connection, rows, sites).rows, []))]


EVALUATED = {
    "groundwater": _sampled(groundwater.wells, "sample", "year"),
    "soil": _sampled(soil.points, "sample"),
    "sea": _sampled(sea.stations, "season", "year"),
    "noise": _noise,
    "rain": _rain,
}


@lru_cache(maxsize=16)
def histories(asked: Asked, properties: Properties) -> dict[str, History]:
    """The sites of a medium by their code, those without any row left out."""
    found: dict[str, History] = defaultdict(History)
    sites = {code: dict(told) for code, told in properties}
    with asked.rows() as (connection, rows):
        kept = once(connection, rows)
        for row in connection.to_pyarrow(_counted(kept)).to_pylist():
            found[row["site"]].rows[str(row["year"])] = (row["n"], row["of"])
        for per, assessed in EVALUATED[asked.medium](connection, kept, sites):
            for one in assessed.rows:
                found[one.site].periods[per].append(one)
            for one in assessed.faults:
                if one.site in found and one not in found[one.site].faults:
                    found[one.site].faults.append(one)
        for row in flags(connection, kept):
            found[row["site"]].flags[row["year"]][row["flag"]] = row["n"]
        _values(connection, kept, asked.medium, found)
    return dict(found)


class Waters(NamedTuple):
    """Groups of sections (rivers, those that a plan counts together) by year, and trends of the sections' items."""

    groups: list[rivers.Group]
    trends: list[rivers.Trend]


@lru_cache(maxsize=8)
def waters(asked: Asked, properties: Properties) -> Waters:
    """Sections of surface water by their groups, each year beside the one before; items over the last twelve months."""
    sites = {code: dict(told) for code, told in properties}
    with asked.rows() as (connection, rows):
        kept = once(connection, rows)
        years = rivers.sections(connection, kept, sites, "year").rows
        months = rivers.sections(connection, kept, sites, "month").rows
    return Waters(rivers.by_group(years), rivers.trends(months))


@lru_cache(maxsize=8)
def farmland_units(asked: Asked, properties: Properties, until: date) -> dict[str, soil.Unit]:
    """The units of farmland that points of soil sample, each in the newest year in which it was sampled up to and with the day
    `until`."""
    sites = {code: dict(told) for code, told in properties}
    end = datetime.combine(until + timedelta(days=1), time())
    with asked.rows() as (connection, rows):
        found = soil.units(connection, rows.filter(_.time < end), sites).rows
    return {one.unit: one for one in found}


def _counted(rows: ibis.Table) -> ibis.Table:
    usable = (rows.flag.fill_null("").isin(USABLE) & rows.value.notnull()).cast("int64")
    return rows.group_by("site", year=rows.time.year()).aggregate(n=usable.sum(), of=_.count())


def _values(connection, rows: ibis.Table, medium: str, found: dict[str, History]) -> None:
    if medium == "noise":
        for row in connection.to_pyarrow(_hours(connection, rows)).to_pylist():
            mean = noise.level(int(row["total"].scaleb(12)), row["n"])
            found[row["site"]].hours[str(row["year"])][row["hour"]] = mean
    elif medium == "rain":
        for row in connection.to_pyarrow(rain.daily(rows).order_by("site", "day")).to_pylist():
            found[row["site"]].days.append((row["day"], row["depth"]))
    else:
        kept = rows.select("site", "item", "time", "value", "below", "flag").order_by("time")
        for row in connection.to_pyarrow(kept).to_pylist():
            value = row["value"] if (row["flag"] or "") in USABLE else None
            found[row["site"]].samples[row["item"]].append(Sample(row["time"], value, bool(row["below"])))


def _hours(connection, rows: ibis.Table) -> ibis.Table:
    """Energies by site, year and hour of the day: a mean over the days is one of energies."""
    hourly = noise.energies(connection, noise.measured(rows, "Leq").filter(_.period == "hour"))
    by_hour = hourly.mutate(year=_.time.year(), hour=_.time.hour())
    return by_hour.group_by("site", "year", "hour").aggregate(n=_.count(), total=_.energy.sum())


def quarters(days: Iterable[noise.Point]) -> list[Quarter]:
    """The quarters of a point from its days, the oldest first."""
    kept: dict = defaultdict(list)
    for one in days:
        year, month = one.period.split("-")[:2]
        kept[f"{year}-Q{(int(month) - 1) // QUARTER + 1}"].append(one)
    return [
        Quarter(name, _all(one.day for one in some), _all(one.night for one in some)) for name, some in kept.items()
    ]


def _all(shares: Iterable[noise.Share]) -> noise.Share:
    known = list(shares)
    return noise.Share(sum(one.met for one in known), sum(one.of for one in known))


def rain_by_month(history: History) -> dict[str, tuple[Decimal, int]]:
    """The rain of each month [mm] and of how many days it is known."""
    found: dict = defaultdict(lambda: [Decimal(0), 0])
    for day, depth in history.days:
        found[f"{day:%Y-%m}"][0] += depth
        found[f"{day:%Y-%m}"][1] += 1
    return {month: (round_gbt8170(total, 1), n) for month, (total, n) in found.items()}


def shown(value: Fraction | Decimal | Censored | None, bars: Iterable = ()) -> str:
    """A result for reading: as it was measured; a mean to one decimal more than the limits it is held against, and to two figures
    at least; below detection with its sign."""
    if value is None:
        return ""
    if isinstance(value, Censored):
        return f"< {value.below.normalize():f}"
    if (Fraction(value) * 10**PLACES).denominator == 1:
        return f"{round_gbt8170(value, PLACES).normalize():f}"
    places = max((_places(one) for one in bars), default=2) + 1
    while places < PLACES and abs(value) * 10 ** (places - 1) < 1:
        places += 1
    return f"{round_gbt8170(value, places).normalize():f}"


def _places(bar) -> int:
    return max(0, -Decimal(bar).as_tuple().exponent) if isinstance(bar, int | Decimal) else 0


def rate(share: Fraction | None) -> Decimal | None:
    """A share [%] to one decimal."""
    return None if share is None else round_gbt8170(share, 1)


def editions_of(known: Iterable[Edition]) -> list[Edition]:
    """Each edition once, the oldest first."""
    return sorted({one.code: one for one in known}.values(), key=lambda one: (one.since, one.code))
