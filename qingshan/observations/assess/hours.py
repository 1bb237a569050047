"""The real-time report of ambient air: the index of every hour of a station or a district.

References
----------
HJ 633-2012, 5.2, and how the national centre published by it: particles by their hour on the daily row; HJ 633-2026, 5.2.
HJ 663-2013, 4.1 (M-H): the value of a district is the mean of its stations.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

import numpy as np

from qingshan.standards import air as law
from qingshan.standards.editions import Edition

from ..dense import HOURS, Field
from . import air
from .exact import ABSENT, PARTS, apart, index, mean_of, rounded, spans

RUNNING = {
    "O3_8h": ("O3", 8, "window_hours"),
    "PM10_24h": ("PM10", 24, "day_hours"),
    "PM25_24h": ("PM25", 24, "day_hours"),
}
LEAD = 1  # days before the first hour of a year that its running means reach back to


def report_of(table: Edition, running: bool) -> str:
    """Which of an edition's hourly reports is meant: as published, or by the text of 2012, which takes running means (`running`)."""
    return "hour" if running or "hour_as_published" not in table["reports"] else "hour_as_published"


def items_of(table: Edition, running: bool) -> dict:
    """What that report takes."""
    return table["reports"][report_of(table, running)]


def indices(
    fields: Iterable[Field], rules: air.Rules, running: bool = False, districts: Mapping[str, str | None] | None = None
) -> list[dict]:
    """The index of each hour with any value, by site and time: site, time (its start), day, c_ITEM (whole numbers of its last place) and i_ITEM
    of every item of a report, aqi, missing (items), published, primary.

    `districts` (site → district): of these instead. Raises ValueError for their running means, of which no clause speaks.
    """
    if running and districts is not None:
        raise ValueError("a district has no running means")
    names = list(dict.fromkeys(item for one in rules.index for item in items_of(one, running)))
    found = [row for field in fields for row in _rows(field, names, rules, running, districts)]
    return sorted(found, key=lambda row: (row["site"], row["time"]))


def _rows(
    field: Field, names: Sequence[str], rules: air.Rules, running: bool, districts: Mapping[str, str | None] | None
) -> Iterator[dict]:
    """The hours of a year; those that lead to it are left out."""
    cells = np.where(field.cells >= field.mark, field.cells, 0)  # an hour below zero is none here
    sites, values = _of_stations(field, cells) if districts is None else _of_districts(field, cells, districts, rules)
    there = np.logical_or.reduce([one != ABSENT for one in values.values()])
    c = {
        name: _running(name, cells, field, rules) if name in RUNNING else values[name.rpartition("_")[0]]
        for name in names
    }
    first, lead = datetime.combine(field.first, time()), LEAD * HOURS if running else 0
    told = _told(c, field, rules, running)
    for place, site in enumerate(sites):
        of = np.flatnonzero(there[place, lead:]) + lead
        columns = {name: column[place, of].tolist() for name, column in told.items()}
        for hour, *row in zip(of.tolist(), *columns.values(), strict=True):
            at = first + timedelta(hours=hour)
            known = {name: None if one == ABSENT else one for name, one in zip(columns, row, strict=True)}
            leading = law.primary(known["aqi"], ((name.rpartition("_")[0], known[f"i_{name}"]) for name in names))
            yield {"site": site, "time": at, "day": at.date()} | known | {"primary": " ".join(leading)}


def _of_stations(field: Field, cells: np.ndarray) -> tuple[Sequence[str], dict[str, np.ndarray]]:
    """The hours of stations by pollutant [site, hour], as whole numbers of their last place."""
    return field.sites, {item: _one(item, cells[:, place].astype("int64") - field.mark, cells[:, place] > 0)
                         for place, item in enumerate(field.items)}  # fmt: skip


def _of_districts(
    field: Field, cells: np.ndarray, districts: Mapping[str, str | None], rules: air.Rules
) -> tuple[Sequence[str], dict[str, np.ndarray]]:
    """The hours of districts: the mean of their stations where three quarters of them have one."""
    groups, found = air.Groups.of(field.sites, districts), {}
    for place, item in enumerate(field.items):
        m = groups.sums(cells[:, place] > 0)
        total = groups.sums(cells[:, place]) - m * field.mark
        found[item] = _one(item, total, groups.enough(m, rules), np.maximum(m, 1))
    return groups.names, found


def _one(item: str, total: np.ndarray, there: np.ndarray, stations: np.ndarray | int = 1) -> np.ndarray:
    return rounded(np.where(there, total * PARTS, ABSENT), 1 if item == "CO" else 0, stations)


def _running(name: str, cells: np.ndarray, field: Field, rules: air.Rules) -> np.ndarray:
    """The running mean of the hours up to each one that is there."""
    pollutant, hours, least = RUNNING[name]
    of = cells[:, field.items.index(pollutant)]
    sums = np.zeros((len(of), of.shape[1] + hours), "int64")
    np.cumsum(of, axis=1, out=sums[:, hours:])
    count, total = apart(sums[:, hours:] - sums[:, :-hours], field.mark)
    mean = mean_of(total, count, rules.limits[-1]["validity"][least], hours)
    return np.where(of > 0, rounded(mean, 0), ABSENT)


def _told(c: Mapping[str, np.ndarray], field: Field, rules: air.Rules, running: bool) -> dict[str, np.ndarray]:
    """The columns of a report, each [site, hour], by the edition of the day."""
    shape = next(iter(c.values())).shape
    i = {name: np.full(shape, ABSENT) for name in c}
    aqi, missing, published = np.full(shape, ABSENT), np.full(shape, ABSENT), np.zeros(shape, bool)
    for days, table in spans(field.first, field.days, rules.index):
        part, items = slice(days.start * HOURS, days.stop * HOURS), items_of(table, running)
        for name in items:
            i[name][:, part] = index(c[name][:, part], name, table, report_of(table, running))
        told = air.judged([one[:, part] for one in i.values()], [c[name][:, part] for name in items], table)
        aqi[:, part], missing[:, part], published[:, part] = told
    columns = {f"c_{name}": one for name, one in c.items()} | {f"i_{name}": one for name, one in i.items()}
    return columns | {"aqi": aqi, "missing": missing, "published": published}
