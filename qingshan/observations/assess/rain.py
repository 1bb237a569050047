"""Rain over many gauges: the depth that captures a share of the runoff, what each year would have captured.

References
----------
GB/T 51345-2018; 海绵城市建设技术指南（试行）2014, annex 2: Σ min(p, H) / Σ p over the days with more than 2 mm.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import ibis
from ibis import _

from qingshan.standards import rain as law
from qingshan.standards.editions import Edition, edition

from ..rows import USABLE
from .results import Assessed, Fault, factor, last_day, period_of

RATIOS = (60, 70, 75, 80, 85)
ITEM, UNIT, MOST = "rain", "mm", 2000  # no day anywhere has had more [mm]
HOURS = 24


@dataclass(frozen=True, slots=True)
class Gauge:
    """A gauge's whole series: from year to year, days there of the days between the first and the last; whether it is as long
    as the guide asks; `design`: capture ratio [%] → depth [mm], empty where no day makes runoff."""

    site: str
    group: str
    first: int
    last: int
    days: int
    of_days: int
    enough: bool
    design: Mapping[int, Decimal]
    edition: Edition


@dataclass(frozen=True, slots=True)
class Period:
    """A gauge's year or month: rain [mm], days there of the period's, days that make runoff, and the share [%] of their rain
    that the design rainfall `depth` [mm] of the whole series for `ratio` [%] would have captured, exact."""

    site: str
    group: str
    period: str
    total: Fraction
    days: int
    of_days: int
    runoff_days: int
    ratio: int
    depth: Decimal | None
    captured: Fraction | None
    edition: Edition


@dataclass(frozen=True, slots=True)
class Group:
    """The gauges of a group in a period: the mean of their rain [mm] and of the shares captured [%], exact; how many had a share."""

    group: str
    period: str
    total: Fraction
    captured: Fraction | None
    judged: int
    gauges: tuple[Period, ...]


def daily(rows: ibis.Table) -> ibis.Table:
    """Rain by site and day: rows of days in mm, and days whose 24 hours are all there; a day that has both keeps its own row."""
    usable = rows.filter(
        _.item == ITEM, _.unit == UNIT, _.flag.fill_null("").isin(USABLE), _.value.between(0, MOST)
    ).mutate(day=_.time.date())
    depth = ibis.cases((_.below.fill_null(False), ibis.literal(Decimal(0), "decimal(18, 6)")), else_=_.value)
    own, hour = _.period == "day", _.period == "hour"
    days = usable.mutate(depth=depth).group_by("site", "day").aggregate(
        own=_.depth.max(where=own), n=_.depth.count(where=hour), hours=_.depth.sum(where=hour)
    )  # fmt: skip
    whole = ibis.cases(
        (days.own.notnull(), days.own.cast("decimal(38, 6)")), (days.n == HOURS, days.hours.cast("decimal(38, 6)"))
    )
    return days.select("site", "day", depth=whole).filter(_.depth.notnull())


def _depths(connection, rows: ibis.Table, per: str = "year") -> dict[str, dict[str, list[tuple[Fraction, int]]]]:
    """site → period → depths with how many days had each: far fewer rows than days."""
    days = daily(rows)
    counted = days.group_by("site", "depth", period=period_of(days.day, per)).aggregate(n=_.count())
    found: dict = defaultdict(lambda: defaultdict(list))
    for row in connection.to_pyarrow(counted.order_by("site", "period", "depth")).to_pylist():
        found[row["site"]][row["period"]].append((Fraction(row["depth"]), row["n"]))
    return found


def _table() -> Edition:
    return edition(law.FAMILY, code="gbt51345-2018")


def _series(periods: Mapping[str, list[tuple[Fraction, int]]]) -> list[Fraction]:
    return [depth for some in periods.values() for depth, n in some for _ in range(n)]


def _design(days: Sequence[Fraction], ratios: Sequence[int], table: Edition) -> dict[int, Decimal]:
    wet = law.runoff_days(days, table)
    return {ratio: law.design_rainfall(wet, ratio, table) for ratio in ratios} if wet else {}


def gauges(connection, rows: ibis.Table, sites: Mapping[str, Mapping], ratios: Sequence[int] = RATIOS) -> Assessed:
    """The gauges by site, each over its whole series. `rows` are rows of the store of rain; `sites`: site → its properties (group)."""
    table, spans = _table(), _spans(connection, rows)
    made = []
    for site, of in _depths(connection, rows).items():
        days, first, last = _series(of), *spans[site]
        made.append(Gauge(
            site, sites.get(site, {}).get("group") or "", first.year, last.year, len(days), (last - first).days + 1,
            law.enough_years(first.year, last.year, table), _design(days, ratios, table), table,
        ))  # fmt: skip
    return Assessed(made, _faults(connection, rows))


def _spans(connection, rows: ibis.Table) -> dict[str, tuple[date, date]]:
    spans = daily(rows).group_by("site").aggregate(first=_.day.min(), last=_.day.max())
    return {row["site"]: (row["first"], row["last"]) for row in connection.to_pyarrow(spans).to_pylist()}


def periods(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "year", ratio: int = 75, depth: Decimal | None = None
) -> Assessed:  # fmt: skip
    """The gauges by site and period (month, year), each beside the design rainfall `depth` [mm], or that of its whole series
    for `ratio` [%]."""
    table, made, given = _table(), [], depth
    for site, found in _depths(connection, rows, per).items():
        depth = given if given is not None else _design(_series(found), (ratio,), table).get(ratio)
        made += [
            _period(site, sites.get(site, {}).get("group") or "", period, some, ratio, depth, table)
            for period, some in found.items()
        ]
    return Assessed(made, _faults(connection, rows))


def by_group(found: Iterable[Period]) -> list[Group]:
    """The gauges of a group together, period by period. Gauges without a group stand together under ""."""
    groups: dict = defaultdict(list)
    for one in found:
        groups[one.group, one.period].append(one)
    return [together(*key, some) for key, some in sorted(groups.items())]


def together(group: str, period: str, gauges: list[Period]) -> Group:
    """The gauges, at least one, of one period as one."""
    shares = [one.captured for one in gauges if one.captured is not None]
    captured = sum(shares, Fraction(0)) / len(shares) if shares else None
    total = sum((one.total for one in gauges), Fraction(0)) / len(gauges)
    return Group(group, period, total, captured, len(shares), tuple(gauges))


def _period(
    site: str,
    group: str,
    period: str,
    some: list[tuple[Fraction, int]],
    ratio: int,
    depth: Decimal | None,
    table: Edition,
) -> Period:
    wet = [(one, n) for one, n in some if one > table["no_runoff"]]
    rain = sum((one * n for one, n in wet), Fraction(0))
    held = sum((min(one, Fraction(depth)) * n for one, n in wet), Fraction(0)) if depth is not None else None
    last = last_day(period)
    first = last.replace(day=1) if "-" in period else date(last.year, 1, 1)
    return Period(
        site, group, period, sum((one * n for one, n in some), Fraction(0)), sum(n for _, n in some),
        (last - first).days + 1, sum(n for _, n in wet), ratio, depth,
        100 * held / rain if held is not None and rain else None, table,
    )  # fmt: skip


def capture(connection, rows: ibis.Table, depth: Fraction | Decimal | int) -> dict[str, Fraction | None]:
    """The exact share [%] of the rain that a design rainfall `depth` [mm] captures, by site over its whole series."""
    table, found = _table(), {}
    for site, of in _depths(connection, rows).items():
        days = law.runoff_days(_series(of), table)
        total, held = sum(days, Fraction(0)), sum((min(one, Fraction(depth)) for one in days), Fraction(0))
        found[site] = 100 * held / total if total else None
    return found


def _faults(connection, rows: ibis.Table) -> list[Fault]:
    """Items that are no rain, units that are no millimetres, depths that cannot be."""
    told = rows.mutate(wrong=_.flag.fill_null("").isin(USABLE) & ((_.value < 0) | (_.value > MOST))).group_by(
        "site", "item", "unit"
    )
    counted = told.aggregate(
        wrong=_.wrong.fill_null(False).cast("int64").sum(), low=_.value.min(), high=_.value.max(), at=_.time.min()
    )
    made = []
    for row in connection.to_pyarrow(counted.order_by("site", "item", "unit")).to_pylist():
        site, item, unit, at = row["site"], row["item"], row["unit"] or "", f"{row['at']:%Y-%m-%d}" if row["at"] else ""
        if item != ITEM:
            made.append(
                Fault(
                    site,
                    item,
                    at,
                    "",
                    f"点位 {site} 的项目“{item}”不是降雨（rain），没有评价。",
                    f"{item} of {site} is not rain and was not judged.",
                )
            )
        elif factor(unit, UNIT) != 1:
            made.append(Fault(site, item, at, unit, f"点位 {site} 的降雨单位是“{unit}”，应为 mm，请改正后再评价。",
                              f"The rain of {site} is given in {unit or 'no unit'} instead of mm; correct it first."))  # fmt: skip
        if row["wrong"]:
            value = row["low"] if row["low"] is not None and row["low"] < 0 else row["high"]
            made.append(Fault(site, item, at, str(value), f"点位 {site} 有 {row['wrong']} 行降雨不可能（如 {value:f}），应在 0 至 {MOST} mm 之间，没有采用。",
                              f"{row['wrong']} rows of {site} cannot be rain ({value:f}); it lies between 0 and {MOST} mm. They were left out."))  # fmt: skip
    return made
