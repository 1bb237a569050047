"""The real-time report of ambient air: the index of every hour of a station or a district.

References
----------
HJ 633-2012, 5.2, and how the national centre published by it: particles by their hour on the daily row; HJ 633-2026, 5.2.
HJ 663-2013, 4.1 (M-H): the value of a district is the mean of its stations.
"""

import ibis
from ibis import _

from qingshan.standards.editions import Edition

from ..rows import USABLE
from . import air
from .exact import PARTS, by_edition, index, mean_of, rounded, scaled

RUNNING = {
    "O3_8h": ("O3", 8, "window_hours"),
    "PM10_24h": ("PM10", 24, "day_hours"),
    "PM25_24h": ("PM25", 24, "day_hours"),
}
HOUR = 3600


def items_of(table: Edition, running: bool) -> dict:
    """What an edition's hourly report takes: as published, or by the text of 2012, which takes running means (`running`)."""
    reports = table["reports"]
    return reports["hour"] if running or "hour_as_published" not in reports else reports["hour_as_published"]


def indices(
    observations: ibis.Table, rules: air.Rules, running: bool = False, sites: ibis.Table | None = None
) -> ibis.Table:
    """The index of each hour: site, time (its start), day, one column `c_ITEM` (whole numbers of its last place) and `i_ITEM` of every item of
    a report, aqi, missing (items), published, primary.

    `sites` (site, district): of districts instead. Raises ValueError for their running means, of which no clause speaks.
    """
    if running and sites is not None:
        raise ValueError("a district has no running means")
    names = list(dict.fromkeys(item for one in rules.index for item in items_of(one, running)))
    wide = _values(observations, names, rules, sites)
    parts = {f"i_{item}": _by(rules, lambda one, item=item: _part(wide, item, one, running)) for item in names}
    missing = _by(rules, lambda one: sum(wide[f"c_{item}"].isnull().cast("int64") for item in items_of(one, running)))
    return _told(wide.mutate(**parts, missing=missing), names, rules)


def _by(rules: air.Rules, of) -> ibis.Value:
    return by_edition(_.day, rules.index, {one.code: of(one) for one in rules.index})


def _values(observations: ibis.Table, names: list[str], rules: air.Rules, sites: ibis.Table | None) -> ibis.Table:
    """Hours with the concentrations of their items side by side, those of running means among them where they are asked for."""
    kept = observations.filter(
        _.period == "hour", _.flag.isin(USABLE), _.value >= 0, _.item.isin(air.GASES_AND_DUST)
    ).select("site", "item", "time", v=scaled(_.value), m=ibis.literal(1, "int64"))
    kept = kept if sites is None else _together(kept, sites, rules)
    wanted = [name for name in names if name in RUNNING]
    kept = kept.mutate(at=kept.time.epoch_seconds() // HOUR)
    for name in wanted:
        _pollutant, hours, least = RUNNING[name]
        window = ibis.range_window(preceding=hours - 1, following=0, group_by=["site", "item"], order_by="at")
        mean = mean_of(
            kept.v.sum().over(window), kept.v.count().over(window), rules.limits[-1]["validity"][least], hours
        )
        kept = kept.mutate(**{f"r_{name}": rounded(mean, 0)})
    one = {f"c_{name}": _one(kept, name) for name in names if name not in RUNNING}
    several = {f"c_{name}": kept[f"r_{name}"].max(where=kept.item == RUNNING[name][0]) for name in wanted}
    return kept.group_by("site", "time").aggregate(**one, **several).mutate(day=_.time.date())


def _together(kept: ibis.Table, sites: ibis.Table, rules: air.Rules) -> ibis.Table:
    """Hours of districts in the shape of stations': `v` is the sum over `m` stations; none below three quarters of them."""
    sums = air.gathered(kept, sites, rules, "item", "time", v=_.v.sum().cast("int64"))
    return sums.filter(_.enough).select("item", "time", "v", "m", site="district")


def _one(kept: ibis.Table, name: str) -> ibis.Value:
    pollutant = name.rpartition("_")[0]
    value = rounded(kept.v * PARTS, 1 if pollutant == "CO" else 0, kept.m)
    return value.max(where=kept.item == pollutant)


def _part(wide: ibis.Table, item: str, table: Edition, running: bool) -> ibis.Value:
    asked = items_of(table, running)
    if item not in asked:
        return ibis.null("int64")
    row, pollutant = asked[item]
    value = wide[f"c_{item}"]
    found = index(value, table["breakpoints"][row], table["levels_at"], table["places"][pollutant], table["beyond"])
    return ibis.cases((value.notnull(), found))


def _told(wide: ibis.Table, names: list[str], rules: air.Rules) -> ibis.Table:
    lowest, bar = (
        _by(rules, lambda one: one["lowest"]),
        _by(rules, lambda one: one["incomplete_published_above"] or 501),
    )
    highest = ibis.greatest(*(wide[f"i_{name}"] for name in names))
    told = wide.mutate(aqi=ibis.cases((highest.notnull(), ibis.greatest(highest, lowest))))
    words = [ibis.cases((told[f"i_{name}"] == told.aqi, name.rpartition("_")[0] + " "), else_="") for name in names]
    primary = ibis.cases((told.aqi > 50, sum(words[1:], words[0]).strip()), else_="")
    return told.mutate(published=_.aqi.notnull() & ((_.missing == 0) | (_.aqi > bar)), primary=primary)
