"""Evaluations of ambient air as rows that are handed on: hours, days, months and years of stations or districts.

`OF` has what `qingshan assess air` asks. A year in which an edition of the index or of the limits changes is given as in force, day by
day, and wholly under each edition of it; a period with dust days is given with and without them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any

import numpy as np

from qingshan.standards import air as law
from qingshan.standards.editions import Edition, editions
from qingshan.standards.rounding import round_gbt8170

from ..dense import Field, of_table
from ..engines import fields
from . import air, hours, months, years
from .exact import ABSENT
from .reports import Rows, edition_on, first_day, law_of, report
from .unmonitored import MARK, Unmonitored, spare

IN_FORCE = "in force"
DUSTY = ("PM10_24h", "PM25_24h")  # what dust days leave out of the statistics (环办监测〔2016〕120号, M-M)
Districts = Mapping[str, str | None] | None
Dust = Sequence[tuple[str | None, date]]  # site or district (None: all), day
NONE: Unmonitored = {}


def _fields(rows: Rows, lead: int = 0) -> Iterator[Field]:
    """The hours of the rows, year by year, each with so many days before it."""
    medium, store, given = rows
    if given is not None:
        return of_table(given, air.GASES_AND_DUST, lead)
    return fields(store, medium=medium, items=air.GASES_AND_DUST, lead=lead)


def _daily(hours_of_sites: Iterable[Field], rules: air.Rules, districts: Districts) -> Iterator[air.Days]:
    """The daily values of stations, or of the districts they belong to, year by year."""
    return (_together(days, rules, districts) for days in air.daily(hours_of_sites, rules))


def _together(days: air.Days, rules: air.Rules, districts: Districts) -> air.Days:
    return days if districts is None else air.districts(days, districts, rules)


def _rows(index: Sequence[air.Index], rules: air.Rules, unmonitored: Unmonitored) -> list[dict]:
    """The days of an index in rows, by site and day."""
    found = sorted((row for one in index for row in one.rows()), key=lambda row: (row["site"], row["day"]))
    return spare(found, found, rules.index, unmonitored, law.items_of_day)


def _spared(index: Sequence[air.Index], rules: air.Rules, unmonitored: Unmonitored) -> list[dict]:
    """The days of those sites that need not monitor all."""
    found = [row for one in index for row in one.rows(unmonitored)]
    return spare(found, found, rules.index, unmonitored, law.items_of_day)


def _without(spared: Iterable[dict], period: Callable[[date], Any]) -> dict[tuple[str, Any], set[str]]:
    """The pollutants that a site or district went without, by its plan, on a day of a period."""
    found: dict = defaultdict(set)
    for one in spared:
        found[one["site"], period(one["day"])] |= {air.POLLUTANT[item] for item in one.get("unmonitored", ())}
    return found


def _counts(
    index: Sequence[air.Index],
    spared: Iterable[dict],
    dust: Dust,
    of: Callable[[air.Index], dict],
    period: Callable[[date], Any],
) -> dict:
    """Good days and those that count, by site and period, dust days left out. `of` counts those of an index; of sites that need not
    monitor all they are counted one by one, `period` names that of a day."""
    good = {key: counts for one in index for key, counts in of(_clear(one, dust)).items()}
    told: dict = defaultdict(lambda: [0, 0])
    for row in spared:
        if row["published"] and not _dusty(dust, row["site"], row["day"]):
            one = told[row["site"], period(row["day"])]
            one[0] += row["aqi"] <= law.GOOD
            one[1] += 1
    return good | {key: tuple(counts) for key, counts in told.items()}


def _judged(found: Sequence[air.Days], rules: air.Rules) -> tuple[list[air.Days], list[dict]]:
    """The days since there are editions to judge them by, and for each site with earlier ones a fault."""
    first = first_day(rules.index, rules.limits, rules.evaluation)
    if first is None:
        return list(found), []
    kept = [
        days.over(slice(max(0, (first - days.first).days), days.count)) for days in found if days.dates[-1] >= first
    ]
    early: dict[str, list[date]] = defaultdict(list)
    for days in found:
        for place, day in zip(*np.nonzero(days.there), strict=True):
            if days.dates[day] < first:
                early[days.sites[place]].append(days.dates[day])
    return kept, [_too_early(site, min(some), len(some), first) for site, some in sorted(early.items())]


def _too_early(site: str, since: date, n: int, first: date) -> dict:
    return {
        "site": site, "item": "", "period": str(since), "value": "",
        "zh": f"{site} 自 {since} 起有 {n} 天早于 {first}，当时没有施行中的版本，没有评价；可用 --edition 指定一版。",
        "en": f"{site} has {n} days from {since} that lie before {first}, when no edition was in force, and were not judged; "
              "name one with --edition.",
    }  # fmt: skip


def _dusty_days(one: air.Days | air.Index, dust: Dust) -> np.ndarray:
    """Whether a site's day was under a dust event [site, day]."""
    hit, places = np.zeros(one.there.shape, bool), {site: place for place, site in enumerate(one.sites)}
    for site, day in dust:
        at = (day - one.first).days
        if 0 <= at < hit.shape[1] and (site is None or site in places):
            hit[slice(None) if site is None else places[site], at] = True
    return hit


def _clear(index: air.Index, dust: Dust) -> air.Index:
    """The index without its dust days."""
    return replace(index, published=index.published & ~_dusty_days(index, dust)) if dust else index


def _clean(days: air.Days, dust: Dust) -> air.Days:
    """The daily values without particles on dust days."""
    hit = _dusty_days(days, dust)
    return replace(days, s={**days.s, **{item: np.where(hit, ABSENT, days.s[item]) for item in DUSTY}})


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
    found = hours.indices(_fields(rows, hours.LEAD if running else 0), rules, running, districts)
    days = _days_of(rows, rules, districts, unmonitored)
    found = spare(found, days, rules.index, unmonitored, lambda one: hours.items_of(one, running))
    return report([_hour(one, rules, running, dust) for one in found], rules.index)


def _days_of(rows: Rows, rules: air.Rules, districts: Districts, sites: Iterable[str]) -> Iterator[dict]:
    """The days of some sites or districts, worked out once they are asked for."""
    for days in _daily(_fields(rows), rules, districts):
        yield from air.indices(days, rules).rows(sites)


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
    index = [air.indices(days, rules) for days in _daily(_fields(rows), rules, districts)]
    found = _rows(index, rules, unmonitored)
    return report([_day(one, rules, dust) for one in found], (*rules.index, *rules.limits))


def _day(one: Mapping, rules: air.Rules, dust: Dust) -> dict:
    used = edition_on(rules.index, one["day"])
    of = len(law.items_of_day(used)) if used else 0
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
    days, faults = _judged(list(_daily(_fields(rows), rules, districts)), rules)
    index = [air.indices(one, rules) for one in days]
    spared, month = _spared(index, rules, unmonitored), "{:%Y-%m}".format
    without, touched = _without(spared, month), {month(day) for _site, day in dust}
    found = _months(days, _counts(index, spared, (), months.good_days, month), rules)
    made = [_month(one, "with", without[one.site, one.month]) for one in found]
    if dust:
        clean = _months(
            [_clean(one, dust) for one in days], _counts(index, spared, dust, months.good_days, month), rules
        )
        made += [_month(one, "without", without[one.site, one.month]) for one in clean if one.month in touched]
    return report(
        sorted(made, key=lambda one: (one["site"], one["month"])), (*rules.index, *rules.limits, *rules.evaluation)
    ) | {"faults": faults}


def _months(days: Sequence[air.Days], good: months.Good, rules: air.Rules) -> list[months.Month]:
    return [month for one in days for month in months.finish(one, good, rules)]


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
        "composite_lacks": law.composite_lacks(one.values),
        "few": list(one.few),
    }
    return row | {"completeness": {"days": dict(one.days), "of": one.of}} | law_of(one.limits, one.rules)


# --- years


def by_year(rows: Rows, rules: air.Rules, districts: Districts, dust: Dust, unmonitored: Unmonitored = NONE) -> dict:
    """The years: completeness, mean, percentile, limits, attainment, composite index, share of good days, and trends over them."""
    return years_of(_fields(rows), rules, districts, dust, unmonitored)


def years_of(
    hours_of_sites: Iterable[Field], rules: air.Rules, districts: Districts, dust: Dust, unmonitored: Unmonitored = NONE
) -> dict:
    """`by_year` from hours side by side."""
    mixed: list[Field] = []

    def looked_at() -> Iterator[Field]:
        for one in hours_of_sites:
            if len(rules.index) > 1 and _straddles(one.first.year):
                mixed.append(one)
            yield one

    found, exact, faults = _years(looked_at(), rules, districts, dust, unmonitored)
    for each in editions("hj633") if mixed else ():
        alone, _exact, _faults = _years(mixed, air.Rules.of(each.code), districts, dust, unmonitored)
        found += [one | {"under": each.code} for one in alone]
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
    hours_of_sites: Iterable[Field], rules: air.Rules, districts: Districts, dust: Dust, unmonitored: Unmonitored
) -> tuple[list[dict], dict, list[dict]]:
    days, faults = _judged(list(_daily(hours_of_sites, rules, districts)), rules)
    index = [air.indices(one, rules) for one in days]
    spared, year = _spared(index, rules, unmonitored), attrgetter("year")
    without = _without(spared, year)
    whole, exact = _finished(days, _counts(index, spared, (), years.good_days, year), rules)
    made = [_year(one, "with", without[one.site, one.year]) for one in whole]
    if dust:
        good = _counts(index, spared, dust, years.good_days, year)
        clean, _exact = _finished([_clean(one, dust) for one in days], good, rules)
        kept = {(one.site, one.year): one for one in whole}
        touched = {day.year for _site, day in dust}
        made += [
            _year(_as_complete_as(one, kept[one.site, one.year]), "without", without[one.site, one.year])
            for one in clean
            if one.year in touched
        ]
    return made, exact, faults


def _finished(days: Sequence[air.Days], good: years.Good, rules: air.Rules) -> tuple[list[years.Year], dict]:
    known = {key: items for one in days for key, items in years.parts(one, rules).items()}
    return years.finish(known, good, rules), years.statistics_of(known)


def _as_complete_as(one: years.Year, whole: years.Year) -> years.Year:
    """A year without its dust days is as complete as it was with them (环办监测〔2016〕120号 takes their values out, not the days)."""
    items = {name: replace(item, incomplete=whole.items[name].incomplete) for name, item in one.items.items()}
    fit = [item for item in items.values() if not item.incomplete]
    fails = any(not told.attained for item in fit for told in item.statistics)
    return replace(one, items=items, attained=False if fails else True if len(fit) == len(law.ITEMS) else None)


def _year(one: years.Year, dust: str, unmonitored: Iterable[str]) -> dict:
    row = {"site": one.site, "year": one.year, "under": IN_FORCE, "dust_days": dust, "limits": one.limits.code, "rules": one.rules.code,
           "attained": one.attained, "composite": one.composite,
           "composite_lacks": law.composite_lacks(one.items), "good_days": one.good, "valid_days": one.counted, "good_rate": one.good_rate}  # fmt: skip
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
