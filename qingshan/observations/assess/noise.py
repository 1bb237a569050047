"""Noise over many points: levels of day and night by functional zone, and the levels of building sites.

An equivalent level is a mean of energies. The energy of each level that occurs is worked out once, to twelve decimals; the
engine adds up exact decimals, and a sum becomes a level by its place among the energies of the half tenths of a decibel.

References
----------
GB 3096-2008 (zones); HJ 640-2012 (share of point-times that meet their limit); GB 12523-2011 and GB 12523-2025 (building sites).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from functools import cache

import ibis
import pyarrow as pa
from ibis import _

from qingshan.standards import noise as law
from qingshan.standards.editions import Edition, NoEdition, edition, editions

from ..rows import USABLE, VALUE
from .results import PERIODS, Assessed, Fault, factor, last_day, refused, untold

ZONES = ("0", "1", "2", "3", "4a", "4b")
BUILDING = "building"
LEVELS, UNIT = ("Leq", "Lmax", "Ld", "Ln", "background"), "dB(A)"
LEAST, MOST = 0, 160  # [dB(A)]
ENERGY = pa.decimal128(30, 12)
STEPS = 10**12


@dataclass(frozen=True, slots=True)
class Share:
    """So many point-times met their limit of so many that are valid."""

    met: int
    of: int

    @property
    def rate(self) -> Fraction | None:
        return Fraction(100 * self.met, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Point:
    """A point's period: the mean levels of its valid days and nights [dB(A)], how many of them met the limits of its zone, and how
    many nights had a sudden noise beyond what is allowed (of those whose highest level was measured)."""

    site: str
    group: str
    period: str
    zone: str
    level: law.DayAndNight
    limits: tuple[int, int]
    day: Share
    night: Share
    bursts: Share
    edition: Edition


@dataclass(frozen=True, slots=True)
class Zone:
    """The points of a zone (and group) in a period: the shares of their days and nights that met the limits."""

    group: str
    zone: str
    period: str
    points: int
    day: Share
    night: Share
    edition: Edition


@dataclass(frozen=True, slots=True)
class BuildingSite:
    """A building site's period: how many of its levels by day and by night met the limit, the worst excess [dB(A)] or None, and how
    many did not count because the background lay too near."""

    site: str
    group: str
    period: str
    day: Share
    night: Share
    bursts: Share
    worst: Decimal | None
    not_counted: int
    edition: Edition


@cache
def energy(level: Decimal) -> int:
    """10^(L/10) in 10⁻¹²."""
    with localcontext() as context:
        context.prec = 40
        return int((Decimal(10) ** (level / 10) * STEPS).to_integral_value(ROUND_HALF_EVEN))


@cache
def _halves() -> list[int]:
    return [energy(Decimal(tenths) / 10 + Decimal("0.05")) for tenths in range(MOST * 10)]


def level(total: int, count: int) -> Decimal:
    """The level [dB(A)] of `count` energies that add up to `total`, to one decimal, the half to the even digit."""
    halves = _halves()
    place = bisect_left(halves, -(-total // count))  # no whole number lies between the mean and its ceiling
    tie = place < len(halves) and halves[place] * count == total
    return Decimal(place + (tie and place % 2)).scaleb(-1)


def measured(rows: ibis.Table, item: str) -> ibis.Table:
    """Usable rows of one item that can be a level."""
    return rows.filter(_.item == item, _.unit == UNIT, _.flag.fill_null("").isin(USABLE), _.value.between(LEAST, MOST))


def timed(rows: ibis.Table, family: str, code: str | None) -> ibis.Table:
    """The rows with their day and whether their hour lies in the night by the edition of that day, or by `code`.

    Before the first edition the night is that edition's; periods that end there are refused.
    """
    first, *later = (edition(family, code=code),) if code else editions(family)
    night = _in_the_night(first)
    for one in later:
        night = ibis.ifelse(_.time.date() >= ibis.date(one.since), _in_the_night(one), night)
    return rows.mutate(day=_.time.date(), night=night)


def _in_the_night(table: Edition) -> ibis.Deferred:
    by_day = law.day_hours(table)
    return ~_.time.hour().between(by_day[0], by_day[-1])


def _table_of(day: date, code: str | None) -> Edition:
    """The edition of zones of a day or the one called `code`; the first one before there was any, as in `timed`."""
    first = editions(law.ZONES)[0]
    return edition(law.ZONES, max(day, first.since), code)


def _length(table: Edition, night: bool) -> int:
    by_day = len(law.day_hours(table))
    return law.HOURS - by_day if night else by_day


def energies(connection, rows: ibis.Table) -> ibis.Table:
    """The hourly levels of `measured` with their energy: each level that occurs is worked out once."""
    found = connection.to_pyarrow(rows.select("value").distinct())["value"].to_pylist()
    values = [Decimal(energy(one)).scaleb(-12) for one in found]
    return rows.join(
        ibis.memtable(pa.table({"value": pa.array(found, VALUE), "energy": pa.array(values, ENERGY)})), "value"
    )


def parts_of_days(connection, rows: ibis.Table, code: str | None) -> ibis.Table:
    """Hours and energy by site, day and night (the hours of one date before and after its day)."""
    hourly = measured(rows, "Leq").filter(_.period == "hour")
    hours = timed(energies(connection, hourly), law.ZONES, code)
    return hours.group_by("site", "day", "night").aggregate(n=_.count(), total=_.energy.sum())


@dataclass
class _Day:
    """What is known of a point's day: energies of day and night where all their hours are there, its highest level at night."""

    parts: dict[bool, tuple[int, int]]
    highest: Decimal | None = None


Days = dict[str, dict[date, _Day]]  # site, day


def days_of(connection, rows: ibis.Table, code: str | None = None) -> Days:
    """What is known of each day of each point, by the edition of that day or the one called `code`."""
    found: dict = defaultdict(lambda: defaultdict(lambda: _Day({})))
    for item, night in (("Ld", False), ("Ln", True)):
        for row in connection.to_pyarrow(measured(rows, item).select("site", "value", day=_.time.date())).to_pylist():
            hours = _length(_table_of(row["day"], code), night)
            found[row["site"]][row["day"]].parts[night] = (hours, energy(row["value"]) * hours)
    for row in connection.to_pyarrow(parts_of_days(connection, rows, code)).to_pylist():
        if row["n"] == _length(_table_of(row["day"], code), row["night"]):
            found[row["site"]][row["day"]].parts[row["night"]] = (row["n"], int(row["total"].scaleb(12)))
    highest = (
        timed(measured(rows, "Lmax"), law.ZONES, code)
        .filter(_.night)
        .group_by("site", "day")
        .aggregate(top=_.value.max())
    )
    for row in connection.to_pyarrow(highest).to_pylist():
        found[row["site"]][row["day"]].highest = row["top"]
    return found


def points(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "year", code: str | None = None
) -> Assessed:
    """The points of functional zones by site and period (day, month, year), by the edition of the period's last day or `code`.

    `rows` are rows of the store of noise (Leq of hours, Lmax; or Ld and Ln of days); `sites`: site → its properties (group,
    zone). A day or a night counts where all its hours are there.
    """
    made, faults = points_of(days_of(connection, rows, code), sites, per, code)
    return Assessed(made, _faults(connection, rows, sites) + faults)


def points_of(found: Days, sites: Mapping[str, Mapping], per: str, code: str | None = None) -> Assessed:
    """The points by site and period from their days, for who asks for periods of several lengths."""
    zones = {site: told["zone"] for site, told in sites.items() if told.get("zone") in ZONES}
    made, faults = [], []
    for site, days in sorted(found.items()):
        if site not in zones:
            continue
        periods: dict = defaultdict(list)
        for day, one in days.items():
            periods[day.strftime(PERIODS[per])].append(one)
        for period, some in sorted(periods.items()):
            try:
                made.append(_point(site, sites[site].get("group") or "", period, zones[site], some, code))
            except NoEdition as none:
                faults.append(refused(site, period, none))
    return Assessed(made, faults)


def _point(site: str, group: str, period: str, zone: str, days: list[_Day], code: str | None) -> Point:
    table = edition(law.ZONES, last_day(period), code)
    limits = (law.zone_limit(zone, "day", table), law.zone_limit(zone, "night", table))
    shares = [
        _share([one.parts[night] for one in days if night in one.parts], limits[night]) for night in (False, True)
    ]
    tops = [one.highest for one in days if one.highest is not None]
    bursts = Share(sum(one <= limits[1] + table["night_burst"] for one in tops), len(tops))
    return Point(site, group, period, zone, _levels(days, table), limits, *shares, bursts, table)


def _share(parts: list[tuple[int, int]], limit: int) -> Share:
    return Share(sum(level(total, n) <= limit for n, total in parts), len(parts))


def _levels(days: list[_Day], table: Edition) -> law.DayAndNight:
    means = []
    for night in (False, True):
        parts = [one.parts[night] for one in days if night in one.parts]
        means.append((sum(total for _n, total in parts), sum(n for n, _total in parts)))
    (day, of_day), (night, of_night) = means
    both = None
    if of_day and of_night:  # the night counts ten decibels louder: its energy ten times
        by_day, by_night = (_length(table, night) for night in (False, True))
        both = level(by_day * day * of_night + 10 * by_night * night * of_day, law.HOURS * of_day * of_night)
    return law.DayAndNight(level(day, of_day) if of_day else None, level(night, of_night) if of_night else None, both)


def zones(found: Iterable[Point]) -> list[Zone]:
    """The shares of point-times that meet their limits, by group, zone and period (HJ 640-2012)."""
    kept: dict = defaultdict(list)
    for one in found:
        kept[one.group, one.zone, one.period].append(one)
    return [
        Zone(*key, len(some), _together(one.day for one in some), _together(one.night for one in some), some[0].edition)
        for key, some in sorted(kept.items())
    ]


def _together(shares: Iterable[Share]) -> Share:
    known = list(shares)
    return Share(sum(one.met for one in known), sum(one.of for one in known))


def building_sites(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "month", code: str | None = None
) -> Assessed:
    """The building sites (zone: building) by site and period (day, month, year), each level by GB 12523 of its day or `code`.

    A row of item "background" at the time of a level is taken off it first. Editions change with a year, so a period has one.
    """
    known = {site: told for site, told in sites.items() if told.get("zone") == BUILDING}
    counted: dict = defaultdict(list)
    for row in connection.to_pyarrow(_counted(rows, per, code)).to_pylist():
        if row["site"] in known:
            counted[row["site"], row["period"]].append(row)
    made, faults = [], []
    for (site, period), some in sorted(counted.items()):
        try:
            made.append(
                _site(site, known[site].get("group") or "", period, some, edition(law.SITES, last_day(period), code))
            )
        except NoEdition as none:
            faults.append(refused(site, period, none))
    return Assessed(made, faults + _faults(connection, rows, sites))


def _counted(rows: ibis.Table, per: str, code: str | None) -> ibis.Table:
    """How often each level stood beside each background, by site, period and day or night."""
    background = measured(rows, "background").select("site", "time", background="value")
    levels = timed(measured(rows, "Leq"), law.SITES, code).select(
        "site", "time", "night", "value", item=ibis.literal("Leq")
    )
    tops = timed(measured(rows, "Lmax"), law.SITES, code).filter(_.night)
    tops = tops.select("site", "time", "night", "value", item=ibis.literal("Lmax"))
    both = levels.union(tops).left_join(background, ["site", "time"])
    return (
        both.mutate(period=both.time.strftime(PERIODS[per]))
        .group_by("site", "period", "item", "night", "value", "background")
        .aggregate(n=_.count())
    )


def _site(site: str, group: str, period: str, rows: list[dict], table: Edition) -> BuildingSite:
    shares, worst, left_out = {key: [0, 0] for key in ("day", "night", "Lmax")}, None, 0
    for row in rows:
        time = "night" if row["night"] else "day"
        verdict = _verdict(row, time, table)
        if verdict is None:
            left_out += row["n"]
            continue
        one = shares["Lmax" if row["item"] == "Lmax" else time]
        one[0] += row["n"] * verdict.met
        one[1] += row["n"]
        if verdict.over is not None:
            worst = max(worst or Decimal(0), Decimal(verdict.over))
    return BuildingSite(site, group, period, *(Share(*one) for one in shares.values()), worst, left_out, table)


def _verdict(row: Mapping, time: str, table: Edition) -> law.Verdict | None:
    """A level held against its limit; None where the background lies too near. The highest level is judged as it is."""
    if row["item"] == "Lmax":
        return law.judge_site_burst(row["value"], code=table.code)
    value = row["value"]
    if row["background"] is not None:
        value = law.without_background(value, row["background"], table)
    return None if value is None else law.judge_site(value, time, code=table.code)


def _faults(connection, rows: ibis.Table, sites: Mapping[str, Mapping]) -> list[Fault]:
    """Items and units that are none of noise, levels that cannot be, points whose zone is not told."""
    wrong = _.flag.fill_null("").isin(USABLE) & ((_.value < LEAST) | (_.value > MOST))
    told = rows.mutate(wrong=wrong).group_by("site", "item", "unit")
    counted = told.aggregate(
        wrong=_.wrong.fill_null(False).cast("int64").sum(), low=_.value.min(), high=_.value.max(), at=_.time.min()
    )
    found = connection.to_pyarrow(counted.order_by("site", "item", "unit")).to_pylist()
    made = [one for row in found for one in _fault(row)]
    named = {site: one for site, one in sites.items() if one.get("zone") in (*ZONES, BUILDING)}
    return made + untold(
        named,
        {row["site"] for row in found},
        "声环境功能区 zone（0、1、2、3、4a、4b、building）",
        "its functional zone in zone (0 to 4b, or building)",
    )


def _fault(row: Mapping) -> Iterable[Fault]:
    site, item, unit, at = row["site"], row["item"], row["unit"] or "", f"{row['at']:%Y-%m-%d}" if row["at"] else ""
    if item not in LEVELS:
        yield Fault(site, item, at, "", f"点位 {site} 的项目“{item}”不是噪声项目（{'、'.join(LEVELS)}），没有评价。",
                    f"{item} of {site} is none of {', '.join(LEVELS)} and was not judged.")  # fmt: skip
    elif factor(unit, UNIT) != 1 or unit != UNIT:
        yield Fault(site, item, at, unit, f"点位 {site} 的 {item} 单位是“{unit}”，应为 {UNIT}，没有评价。",
                    f"{item} of {site} is given in {unit or 'no unit'} instead of {UNIT} and was not judged.")  # fmt: skip
    elif row["wrong"]:
        value = row["low"] if row["low"] < LEAST else row["high"]
        yield Fault(site, item, at, str(value), f"点位 {site} 的 {item} 有 {row['wrong']} 行不可能（如 {value:f}），应在 {LEAST} 至 {MOST} dB(A) 之间，没有采用。",
                    f"{row['wrong']} rows of {item} of {site} cannot be levels ({value:f}); they lie between {LEAST} and {MOST} dB(A) and were left out.")  # fmt: skip
