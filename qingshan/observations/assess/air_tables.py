"""Evaluations of ambient air as rows that are handed on: hours, days, months and years of stations or districts.

`OF` has what `qingshan assess air` asks. A year in which an edition of the index or of the limits changes is given as in force, day by
day, and wholly under each edition of it; a period with dust days is given with and without them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import ibis
import pyarrow as pa
from ibis import _

from qingshan.standards import air as law
from qingshan.standards.editions import Edition, editions
from qingshan.standards.rounding import round_gbt8170

from ..engines import engine, held, once
from . import air, hours, months, years
from .reports import Rows, edition_on, first_day, law_of, observations, report
from .unmonitored import MARK, Unmonitored, spare

IN_FORCE = "in force"
DUSTY = ("PM10_24h", "PM25_24h")  # what dust days leave out of the statistics (环办监测〔2016〕120号, M-M)
Districts = Mapping[str, str | None] | None
Dust = Sequence[tuple[str | None, date]]  # site or district (None: all), day
NONE: Unmonitored = {}


@contextmanager
def _hours(rows: Rows):
    """A connection, and the hours of the rows side by side."""
    _medium, store, given = rows
    if given is None:
        with engine() as connection:
            yield connection, air.of_store(connection, store)
    else:
        with observations(rows) as (connection, known):
            yield connection, air.side_by_side(known)


def _daily(hours_of_days: ibis.Table, rules: air.Rules, districts: Districts, connection) -> ibis.Table:
    """The daily values of stations, or of the districts they belong to."""
    days = air.of_hours(hours_of_days, rules)
    if districts is not None:
        days = air.districts(days, _sites(districts, connection), rules)
    return once(connection, days)


def _sites(districts: Mapping[str, str | None], connection) -> ibis.Table:
    told = {site: name for site, name in districts.items() if name}
    of = pa.table({"site": pa.array(told, pa.string()), "district": pa.array(told.values(), pa.string())})
    return held(connection, of)


def _index(days: ibis.Table, rules: air.Rules, connection, unmonitored: Unmonitored = NONE) -> list[dict]:
    told = air.indices(air.concentrations(days), rules).order_by("site", "day")
    found = connection.to_pyarrow(told).to_pylist()
    return spare(found, found, rules.index, unmonitored, lambda one: one["reports"]["day"]) if unmonitored else found


def _judged(days: ibis.Table, rules: air.Rules, connection) -> tuple[ibis.Table, list[dict]]:
    """The days since there are editions to judge them by, and for each site with earlier ones a fault."""
    first = first_day(rules.index, rules.limits, rules.evaluation)
    if first is None:
        return days, []
    early = days.filter(_.day < first).group_by("site").aggregate(since=_.day.min(), n=_.day.nunique()).order_by("site")
    faults = [_too_early(one, first) for one in connection.to_pyarrow(early).to_pylist()]
    return (days.filter(_.day >= first), faults) if faults else (days, [])


def _too_early(one: Mapping, first: date) -> dict:
    site, since, n = one["site"], one["since"], one["n"]
    return {
        "site": site, "item": "", "period": str(since), "value": "",
        "zh": f"{site} 自 {since} 起有 {n} 天早于 {first}，当时没有施行中的版本，没有评价；可用 --edition 指定一版。",
        "en": f"{site} has {n} days from {since} that lie before {first}, when no edition was in force, and were not judged; "
              "name one with --edition.",
    }  # fmt: skip


def _dusty(dust: Dust, site: str, day: date) -> bool:
    return (None, day) in dust or (site, day) in dust


# --- hours


def by_hour(
    rows: Rows,
    rules: air.Rules,
    districts: Districts,
    dust: Dust,
    unmonitored: Unmonitored = NONE,
    running: bool = False,
) -> dict:
    """The real-time report of stations or districts. By the text of HJ 633-2012 particles enter as running means (`running`, of
    stations only); the national centre publishes them by their hour, as does HJ 633-2026."""
    with observations(rows) as (connection, known):
        sites = None if districts is None else _sites(districts, connection)
        told = hours.indices(known, rules, running, sites).order_by("site", "time")
        found = connection.to_pyarrow(told).to_pylist()
        if unmonitored:
            days = _index(_daily(air.side_by_side(known), rules, districts, connection), rules, connection)
            found = spare(found, days, rules.index, unmonitored, lambda one: hours.items_of(one, running))
    return report([_hour(one, rules, running, dust) for one in found], rules.index)


def _hour(one: Mapping, rules: air.Rules, running: bool, dust: Dust) -> dict:
    used = edition_on(rules.index, one["day"])
    asked = hours.items_of(used, running) if used else {}
    row = {"site": one["site"], "time": one["time"]}
    row |= {item: _number(one[f"c_{item}"], 1 if item.startswith("CO") else 0) for item in asked}
    row |= {f"IAQI_{item}": one[f"i_{item}"] for item in asked}
    if dust:
        row["dust"] = _dusty(dust, one["site"], one["day"])
    return row | _slashed(one, one.get("unmonitored", ())) | _told(one, used) | _whole(one, len(asked)) | _basis(used)


def _slashed(one: Mapping, parts: Iterable[str]) -> dict:
    """What a site does not monitor, as its report shows it."""
    return dict.fromkeys(one.get("unmonitored", ()), MARK) | {f"IAQI_{part}": MARK for part in parts}


def _whole(one: Mapping, items: int) -> dict:
    of = items - len(one.get("unmonitored", ()))
    return {"completeness": {"items": of - (one["missing"] or 0), "of": of}}


def _basis(*some: Edition | None) -> dict:
    known = [one for one in some if one]
    return law_of(*known) if known else {"edition": None, "clause": None, "mark": None}


def _told(one: Mapping, used: Edition | None) -> dict:
    shown = law.level(one["aqi"], used) if one["aqi"] is not None else None
    return {"AQI": one["aqi"], "published": one["published"], "level": shown and shown.name, "grade": shown and shown.grade,
            "colour": shown and shown.colour, "primary": one["primary"], "missing": one["missing"]}  # fmt: skip


def _number(value: int | None, places: int) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-places)


# --- days


def by_day(rows: Rows, rules: air.Rules, districts: Districts, dust: Dust, unmonitored: Unmonitored = NONE) -> dict:
    """The days: concentrations, individual indices, index, level, primary pollutants, what is missing."""
    with _hours(rows) as (connection, hours_of_days):
        found = _index(_daily(hours_of_days, rules, districts, connection), rules, connection, unmonitored)
    return report([_day(one, rules, dust) for one in found], (*rules.index, *rules.limits))


def _day(one: Mapping, rules: air.Rules, dust: Dust) -> dict:
    used = edition_on(rules.index, one["day"])
    of = len(used["reports"]["day"]) if used else 0
    row = {"site": one["site"], "day": one["day"]} | {
        item: _number(one[f"c_{item}"], air.PLACES[item]) for item in air.DAILY
    }
    row |= {f"IAQI_{item}": one[f"i_{item}"] for item in air.GASES_AND_DUST} | _told(one, used)
    row |= _slashed(one, [air.POLLUTANT[item] for item in one.get("unmonitored", ())])
    if dust:
        row["dust"] = _dusty(dust, one["site"], one["day"])
    return row | _whole(one, of) | _basis(used)


# --- months


def by_month(rows: Rows, rules: air.Rules, districts: Districts, dust: Dust, unmonitored: Unmonitored = NONE) -> dict:
    """The months: means, percentiles of CO and O3, good days, composite index; with dust days and, where there are some, without."""
    with _hours(rows) as (connection, hours_of_days):
        days, faults = _judged(_daily(hours_of_days, rules, districts, connection), rules, connection)
        index = _index(days, rules, connection, unmonitored)
        found = _months(days, index, rules, connection)
        clean = _months(*_clean(days, index, dust), rules, connection) if dust else []
    without = _without(index, lambda day: f"{day:%Y-%m}")
    made = [_month(one, "with", without[one.site, one.month]) for one in found]
    touched = {f"{day:%Y-%m}" for _site, day in dust}
    made += [_month(one, "without", without[one.site, one.month]) for one in clean if one.month in touched]
    return report(
        sorted(made, key=lambda one: (one["site"], one["month"])), (*rules.index, *rules.limits, *rules.evaluation)
    ) | {"faults": faults}


def _months(days: ibis.Table, index: list[dict], rules: air.Rules, connection) -> list[months.Month]:
    sums, picks = (connection.to_pyarrow(one).to_pylist() for one in months.monthly(days))
    return months.finish(sums, picks, index, rules)


def _clean(days: ibis.Table, index: list[dict], dust: Dust) -> tuple[ibis.Table, list[dict]]:
    """The daily values without particles on dust days, and the index of the other days only."""
    everywhere = [day for site, day in dust if site is None]
    somewhere = [(site, day) for site, day in dust if site is not None]
    hit = days.day.isin(everywhere) if everywhere else ibis.literal(False)
    for site, day in somewhere:
        hit = hit | ((days.site == site) & (days.day == day))
    others = [one for one in index if not _dusty(dust, one["site"], one["day"])]
    return days.filter(~(hit & days.item.isin(DUSTY))), others


def _month(one: months.Month, dust: str, unmonitored: Iterable[str]) -> dict:
    row = {"site": one.site, "month": one.month, "dust_days": dust} | {
        item: MARK if one.values.get(item) is None and item in unmonitored else one.values.get(item)
        for item in law.ITEMS
    }
    row |= {
        "good_days": one.good,
        "valid_days": one.counted,
        "good_rate": one.good_rate,
        "composite": one.composite,
        "few": list(one.few),
    }
    return row | {"completeness": {"days": dict(one.days), "of": one.of}} | law_of(one.limits, one.rules)


# --- years


def by_year(rows: Rows, rules: air.Rules, districts: Districts, dust: Dust, unmonitored: Unmonitored = NONE) -> dict:
    """The years: completeness, mean, percentile, limits, attainment, composite index, share of good days, and trends over them."""
    with _hours(rows) as (connection, hours_of_days):
        return years_of(connection, hours_of_days, rules, districts, dust, unmonitored)


def years_of(
    connection,
    hours_of_days: ibis.Table,
    rules: air.Rules,
    districts: Districts,
    dust: Dust,
    unmonitored: Unmonitored = NONE,
) -> dict:
    """`by_year` from hours side by side."""
    found, exact, faults = _years(hours_of_days, rules, districts, dust, unmonitored, connection)
    mixed = {one["year"] for one in found if _straddles(one["year"])} if len(rules.index) > 1 else set()
    for each in editions("hj633") if mixed else ():
        alone, _exact, _faults = _years(
            hours_of_days, air.Rules.of(each.code), districts, dust, unmonitored, connection
        )
        found += [one | {"under": each.code} for one in alone if one["year"] in mixed]
    found.sort(key=lambda one: (one["site"], one["year"], one["under"] != IN_FORCE, one["under"], one["dust_days"]))
    used = {one.code: one for one in (*rules.index, *rules.limits, *rules.evaluation)}
    return report(found, used.values()) | {"trends": _trends(exact), "faults": faults}


def _straddles(year: int) -> bool:
    """Whether an edition of the index or of the limits begins within the year."""
    first = date(year, 1, 1)
    return any(
        first < one.since <= date(year, 12, 31) for family in ("hj633", "gb3095") for one in editions(family)[1:]
    )


def _years(
    hours_of_days: ibis.Table, rules: air.Rules, districts: Districts, dust: Dust, unmonitored: Unmonitored, connection
) -> tuple[list[dict], dict, list[dict]]:
    days, faults = _judged(_daily(hours_of_days, rules, districts, connection), rules, connection)
    index = _index(days, rules, connection, unmonitored)
    whole, exact = _finished(days, index, rules, connection)
    without = _without(index, lambda day: day.year)
    made = [_year(one, "with", without[one.site, one.year]) for one in whole]
    if dust:
        clean, _exact = _finished(*_clean(days, index, dust), rules, connection)
        kept = {(one.site, one.year): one for one in whole}
        touched = {day.year for _site, day in dust}
        made += [
            _year(_as_complete_as(one, kept[one.site, one.year]), "without", without[one.site, one.year])
            for one in clean
            if one.year in touched
        ]
    return made, exact, faults


def _without(index: list[dict], period: Callable[[date], int | str]) -> dict[tuple[str, int | str], set[str]]:
    """The pollutants that a site or district went without, by its plan, on a day of a period."""
    found: dict = defaultdict(set)
    for one in index:
        found[one["site"], period(one["day"])] |= {air.POLLUTANT[item] for item in one.get("unmonitored", ())}
    return found


def _finished(days: ibis.Table, index: list[dict], rules: air.Rules, connection) -> tuple[list[years.Year], dict]:
    sums, picks = (connection.to_pyarrow(one).to_pylist() for one in air.yearly(days, rules))
    return years.finish(sums, picks, index, rules), years.statistics_of(sums, picks)


def _as_complete_as(one: years.Year, whole: years.Year) -> years.Year:
    """A year without its dust days is as complete as it was with them (环办监测〔2016〕120号 takes their values out, not the days)."""
    items = {name: replace(item, incomplete=whole.items[name].incomplete) for name, item in one.items.items()}
    fit = [item for item in items.values() if not item.incomplete]
    fails = any(not told.attained for item in fit for told in item.statistics)
    return replace(one, items=items, attained=False if fails else True if len(fit) == len(law.ITEMS) else None)


def _year(one: years.Year, dust: str, unmonitored: Iterable[str]) -> dict:
    row = {"site": one.site, "year": one.year, "under": IN_FORCE, "dust_days": dust, "limits": one.limits.code, "rules": one.rules.code,
           "attained": one.attained, "composite": one.composite, "good_days": one.good, "valid_days": one.counted, "good_rate": one.good_rate}  # fmt: skip
    for name in law.ITEMS:
        if item := one.items.get(name):
            over = [told.multiple for told in item.statistics if told.multiple is not None]
            row |= {f"{name}_days": item.days, f"{name}_incomplete": item.incomplete, f"{name}_mean": item.mean,
                    f"{name}_percentile": item.percentile, f"{name}_over": max(over, default=None)}  # fmt: skip
    days = {name: item.days for name, item in one.items.items()}
    row["unmonitored"] = [name for name in law.ITEMS if name in unmonitored and name not in one.items]
    return (
        row
        | {"completeness": {"days": days, "of": (date(one.year, 12, 31) - date(one.year, 1, 1)).days + 1}}
        | law_of(one.limits, one.rules)
    )


MOVING = 3  # years


def _trends(exact: Mapping[tuple[str, int], Mapping[str, Fraction]]) -> list[dict]:
    """Of each site and item: Spearman's test over the years in a row up to the newest (five and more), and the mean of the newest three."""
    series: dict = defaultdict(dict)
    for (site, year), items in exact.items():
        for item, value in items.items():
            series[site, item][year] = value
    made = [_trend(site, item, _in_a_row(known)) for (site, item), known in sorted(series.items())]
    return [one for one in made if one]


def _in_a_row(known: Mapping[int, Fraction]) -> list[tuple[int, Fraction]]:
    year, found = max(known), []
    while year in known:
        found.append((year, known[year]))
        year -= 1
    return found[::-1]


def _trend(site: str, item: str, known: list[tuple[int, Fraction]]) -> dict | None:
    if len(known) < MOVING:
        return None
    values = [value for _year, value in known]
    places = editions("hj663")[-1]["places"][item] + 1
    row = {"site": site, "item": item, "first": known[0][0], "last": known[-1][0], "years": len(known),
           "three_year_mean": law.moving_means(values, places)[-1]}  # fmt: skip
    if len(known) < law.LEAST_YEARS:
        return row | {"coefficient": None, "critical": None, "significant": None, "direction": None}
    tested = law.trend(values)
    return row | {"coefficient": round_gbt8170(tested.coefficient, 4), "critical": tested.critical, "significant": tested.significant,
                  "direction": tested.direction}  # fmt: skip


Asked = Callable[[Rows, air.Rules, Districts, Dust, Unmonitored], dict]
OF: Mapping[str, Asked] = {"hour": by_hour, "day": by_day, "month": by_month, "year": by_year}
