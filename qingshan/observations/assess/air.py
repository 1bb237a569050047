"""Ambient air over many stations and years: daily values, the index of each day, months and years held against the limits.

Expressions in whole numbers do what runs over every row; the few rows that come out are finished with `standards.air`. The
tests prove both equal to the functions of `standards` value by value.

References
----------
GB 3095, HJ 633, HJ 663: the editions in force on the day, or those the caller names.
"""

from dataclasses import dataclass
from datetime import date

import ibis
from ibis import _

from qingshan.standards import air
from qingshan.standards.editions import Edition, edition, editions

from .. import engines
from ..engines import held
from ..rows import USABLE
from ..store import Store
from .exact import MARK, PARTS, UNIT, at_least, by_edition, index, marked, mean_of, mean_of_marked, rounded, scaled

GASES_AND_DUST = ("SO2", "NO2", "CO", "O3", "PM10", "PM25")
DAILY = ("SO2_24h", "NO2_24h", "CO_24h", "O3_8h", "PM10_24h", "PM25_24h", "O3_1h")
POLLUTANT = {item: item.rpartition("_")[0] for item in DAILY}
PLACES = {item: 1 if item == "CO_24h" else 0 for item in DAILY}
HOURS, HOURS_OF_A_WINDOW = range(24), 8


@dataclass(frozen=True)
class Rules:
    """The editions that an evaluation takes: all known ones, each on its days, or one of each family for all days."""

    index: tuple[Edition, ...]
    limits: tuple[Edition, ...]
    evaluation: tuple[Edition, ...]

    @classmethod
    def in_force(cls) -> "Rules":
        return cls(editions("hj633"), editions("gb3095"), editions("hj663"))

    @classmethod
    def of(cls, code: str) -> "Rules":
        """All days by the edition of HJ 633 called `code` and those of GB 3095 and HJ 663 that came into force with it."""
        chosen = edition("hj633", code=code)
        return cls((chosen,), (edition("gb3095", chosen.since),), (edition("hj663", chosen.since),))

    def limits_on(self, day: date) -> Edition:
        return self.limits[0] if len(self.limits) == 1 else edition("gb3095", day)

    def evaluation_on(self, day: date) -> Edition:
        return self.evaluation[0] if len(self.evaluation) == 1 else edition("hj663", day)


def hours(observations: ibis.Table) -> ibis.Table:
    """Usable hourly rows: site, item, day (since 1970), hour (0–23 of its start), value (exact).

    Words are looked for in arrays, which DuckDB does once for each word of a file's dictionary, not once for each row.
    """
    rows = observations.filter(_.period == "hour", _.value.notnull())
    rows = rows.filter(ibis.array(list(GASES_AND_DUST)).contains(rows.item))
    rows = rows.filter(ibis.array(list(USABLE)).contains(rows.flag))
    return rows.select("site", "item", "value", day=_.time.date(), hour=_.time.hour())


def side_by_side(observations: ibis.Table) -> ibis.Table:
    """The usable hours of a day of a site and item in one row: site, item, day, n (their number), v (their sum in thousandths), and
    h0 … h23, `marked`, 0 where there is none."""
    rows = hours(observations)
    told = rows.select("site", "item", "day", "hour", v=scaled(rows.value))
    cells = {f"h{hour}": ibis.cases((told.hour == hour, marked(told.v)), else_=0).max() for hour in HOURS}
    return told.group_by("site", "item", "day").aggregate(n=_.count(), v=_.v.sum().cast("int64"), **cells)


def of_store(connection: ibis.BaseBackend, store: Store, **asked) -> ibis.Table:
    """`side_by_side` of the rows that `engines.observations` gives for what is asked, by the shortest way there is."""
    put = engines.side_by_side(connection, store, medium="air", items=GASES_AND_DUST, mark=MARK, **asked)
    if put is not None:
        return held(connection, put).filter(_.n > 0)
    return side_by_side(engines.observations(connection, store, medium="air", **asked))


def daily(observations: ibis.Table, rules: Rules) -> ibis.Table:
    """Daily values: site, item (SO2_24h … O3_8h, O3_1h), day, n (hours there), s (in UNITs; null where too few hours), m = 1.

    References
    ----------
    GB 3095, table 4; HJ 663-2013, table 2 (ozone: windows ending at 08:00 to 24:00).
    """
    return of_hours(side_by_side(observations), rules)


def of_hours(days: ibis.Table, rules: Rules) -> ibis.Table:
    """Daily values of days as `side_by_side` has them."""
    others = days.filter(days.item != "O3")
    mean = mean_of(others.v, others.n, rules.limits[-1]["validity"]["day_hours"])
    means = others.select("site", "day", "n", item=_.item + "_24h", s=mean.cast("int64"))
    return means.union(ozone(days.filter(days.item == "O3"), rules)).mutate(m=ibis.literal(1, "int64"))


def ozone(days: ibis.Table, rules: Rules) -> ibis.Table:
    """Ozone's two daily values: the highest eight-hour mean and the highest hour."""
    method, valid = rules.evaluation[-1]["mda8"], rules.limits[-1]["validity"]
    ends = range(method["first_stamp"], method["last_stamp"] + 1)
    windows = [sum(days[f"h{hour}"] for hour in range(end - HOURS_OF_A_WINDOW, end)) for end in ends]
    means = [mean_of_marked(total, valid["window_hours"], HOURS_OF_A_WINDOW) for total in windows]
    enough = sum(at_least(total, valid["window_hours"]).cast("int64") for total in windows)
    top = ibis.greatest(*(days[f"h{hour}"] for hour in HOURS)) - MARK
    found = days.select("site", "day", "n", top=top, best=ibis.greatest(*means).cast("int64"), enough=enough)
    over = _.best > by_edition(_.day, rules.limits, {one.code: _limit(one) for one in rules.limits})
    whole = (_.enough >= method["valid_windows"]) | over
    eight = found.select("site", "day", "n", item=ibis.literal("O3_8h"), s=ibis.cases((whole, _.best)))
    one = found.select(
        "site", "day", "n", item=ibis.literal("O3_1h"), s=ibis.cases((_.n >= valid["day_hours"], _.top * PARTS))
    )
    return eight.union(one)


def _limit(table: Edition) -> int:
    return int(air.limit("O3", "mda8", table)) * UNIT


def concentrations(days: ibis.Table) -> ibis.Table:
    """Daily values with `c`: their mean over the stations, rounded once, a whole number of the last place (CO: tenths)."""
    places = ibis.cases((_.item == "CO_24h", 10), else_=1).cast("int64")
    return days.mutate(c=rounded(_.s * places, 0, _.m))


def indices(days: ibis.Table, rules: Rules) -> ibis.Table:
    """The index of each day from `concentrations`: site, day, one column `c_ITEM` and `i_POLLUTANT` each, aqi, missing (items), published, primary.

    `aqi` is worked out from what is there; `published` is false where the edition does not let it be.
    """
    values = {f"c_{item}": ibis.cases((days.item == item, days.c)).max() for item in DAILY}
    wide = days.group_by("site", "day").aggregate(**values)
    items = {f"i_{p}": _index_of(wide, p, rules) for p in GASES_AND_DUST}
    return _told(wide.mutate(**items, missing=_say(rules, lambda one: _missing(wide, one))), rules)


def _say(rules: Rules, of) -> ibis.Value:
    """What the edition of the day says."""
    return by_edition(_.day, rules.index, {one.code: of(one) for one in rules.index})


def _index_of(wide: ibis.Table, pollutant: str, rules: Rules) -> ibis.Value:
    """The highest index among the pollutant's daily items that the edition of the day reports."""
    items = [item for item in DAILY if POLLUTANT[item] == pollutant]
    found = [_say(rules, lambda one, item=item: _iaqi(wide[f"c_{item}"], item, one)) for item in items]
    return ibis.greatest(*found) if len(found) > 1 else found[0]


def _iaqi(value: ibis.Value, item: str, table: Edition) -> ibis.Value:
    if item not in table["reports"]["day"]:
        return ibis.null("int64")
    row, pollutant = table["reports"]["day"][item]
    points, places = table["breakpoints"][row], table["places"][pollutant]
    return ibis.cases((value.notnull(), index(value, points, table["levels_at"], places, table["beyond"])))


def _missing(wide: ibis.Table, table: Edition) -> ibis.Value:
    return sum(wide[f"c_{item}"].isnull().cast("int64") for item in table["reports"]["day"])


def _told(wide: ibis.Table, rules: Rules) -> ibis.Table:
    lowest = _say(rules, lambda one: one["lowest"])
    bar = _say(rules, lambda one: one["incomplete_published_above"] or 501)
    highest = ibis.greatest(*(wide[f"i_{p}"] for p in GASES_AND_DUST))
    told = wide.mutate(aqi=ibis.cases((highest.notnull(), ibis.greatest(highest, lowest))))
    names = [ibis.cases((told[f"i_{p}"] == told.aqi, p + " "), else_="") for p in GASES_AND_DUST]
    primary = ibis.cases((told.aqi > 50, sum(names[1:], names[0]).strip()), else_="")
    return told.mutate(published=_.aqi.notnull() & ((_.missing == 0) | (_.aqi > bar)), primary=primary)


def good_days(indices: ibis.Table) -> ibis.Table:
    """Of each site and year: `counted` days whose index may be published, and the `good` ones among them (up to 100)."""
    published = _.published.cast("int64")  # a filter would work all indices out once more
    days = indices.group_by("site", year=_.day.year())
    return days.aggregate(
        good=(published * (_.aqi <= 100).cast("int64")).sum().coalesce(0), counted=published.sum().coalesce(0)
    )


def districts(days: ibis.Table, sites: ibis.Table, rules: Rules) -> ibis.Table:
    """Daily values of districts in the shape of stations': `s` is the sum over `m` stations; null below three quarters of them.

    `sites`: site, district.

    References
    ----------
    HJ 663-2013, 4.1 (M-H): the mean of the stations, rounded only afterwards.
    """
    there = days.filter(_.s.notnull())
    sums = gathered(there, sites, rules, "item", "day", s=_.s.sum().cast("int64"), n=_.n.sum())
    return sums.select("day", "n", "item", site="district", s=ibis.cases((sums.enough, sums.s)), m="m")


def gathered(rows: ibis.Table, sites: ibis.Table, rules: Rules, *by: str, **sums: ibis.Value) -> ibis.Table:
    """Rows of stations by district and `by`: the sums asked for, m (stations there), and whether they are `enough`: three quarters.

    References
    ----------
    HJ 663-2013, 4.1 (M-H).
    """
    part, whole = rules.evaluation[-1]["stations_share"]
    of = sites.group_by("district").aggregate(stations=_.count())
    found = rows.join(sites, "site").group_by("district", *by).aggregate(**sums, m=_.count()).join(of, "district")
    return found.mutate(enough=found.m * whole >= found.stations * part)


YEARLY = {"SO2_24h": "SO2", "NO2_24h": "NO2", "PM10_24h": "PM10", "PM25_24h": "PM25", "CO_24h": "CO", "O3_8h": "O3"}


def percentiles_of(rules: Rules) -> dict[str, int]:
    """The percentile that is held against a limit, by daily item."""
    told = rules.evaluation[-1]["annual"]
    return {item: next(p for kind, p, limit in told[name] if kind == "percentile") for item, name in YEARLY.items()}


def yearly(days: ibis.Table, rules: Rules) -> tuple[ibis.Table, ibis.Table]:
    """What years are made of, of the daily items that have a yearly evaluation.

    sums: site, item, year, month, m → n days and their sum s. picks: site, item, year → the two daily values (s over m)
    between which the percentile lies, their rank, the number of days, and the hundredths `f` of the way from the first.

    Ordering by the quotient in floating point is exact here: two different means over up to 40 stations differ by more
    than the spacing of doubles of their size.
    """
    rows = days.filter(_.s.notnull(), _.item.isin(list(YEARLY))).mutate(year=_.day.year(), month=_.day.month())
    sums = rows.group_by("site", "item", "year", "month", "m").aggregate(n=_.count(), s=_.s.sum().cast("int64"))
    rows = rows.mutate(size=_.s.cast("float64") / _.m)
    series = {"group_by": ["site", "item", "year"], "order_by": "size"}  # one order for both: it is made once
    ranked = rows.mutate(
        rank=ibis.row_number().over(**series),
        of=_.count().over(rows=(None, None), **series),
        p=ibis.cases(*((_.item == item, p) for item, p in percentiles_of(rules).items())).cast("int64"),
    ).mutate(k=(_.of - 1) * _.p)
    picked = ranked.mutate(low=_.k // 100, f=_.k % 100).filter((_.rank == _.low) | (_.rank == _.low + 1))
    return sums, picked.select("site", "item", "year", "rank", "low", "of", "f", "s", "m")
