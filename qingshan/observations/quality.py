"""Flags beside values, set by rules that are dated data, and what people say of them. A value itself is never touched.

A rule looks at values, not at flags it set before, so that it comes to the same end however often it is run. What it finds is
appended as later rows: who reads as of an earlier instant sees what was known then. Flags of a source or a person are left alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
from ibis import _

from qingshan.standards.editions import Edition, edition

from .appending import Appended, NotAccepted, append
from .engines import engine, observations
from .rows import GIVEN, PERSON, RULE, VALUE
from .store import Store

FAMILY = "quality"
ORDER = ("negative", "range", "few", "inverted", "spike", "stuck")  # of several findings the first is the flag
REVIEWED = ORDER  # the flags of which a person says whether the value holds
VERDICTS = ("confirmed", "rejected")
AROUND = timedelta(days=4)  # a value is judged by its neighbours: so far beyond a span they are read
PLACE = ("site", "item", "period", "time")


def rules_on(day: date, code: str | None = None) -> Edition:
    """The rules that hold on the day on which values are looked at, or those called `code`."""
    return edition(FAMILY, day, code)


def signed(flag: str, rules: Edition) -> str:
    """How a rule signs a flag: rule:range/2026-01."""
    return f"{RULE}{flag or 'none'}/{rules.code.removeprefix(FAMILY + '-')}"


def findings(rows: ibis.Table, medium: str, rules: Edition) -> ibis.Table:
    """The values of a medium's rows that rules mark: site, item, period, time, rank of the flag in ORDER."""
    open_ = rows.filter(_.value.notnull(), (_.flag == "") | _.flagged_by.startswith(RULE) | (_.flag == "confirmed"))
    cannot = _negative(open_, medium, rules).union(_range(open_, medium, rules))
    possible = open_.anti_join(cannot, list(PLACE))
    found = [cannot, _few(open_, medium, rules), _inverted(possible, medium, rules),
             _spikes(possible, medium, rules), _stuck(possible, medium, rules)]  # fmt: skip
    told = ibis.union(*(one for one in found if one is not None))
    return told.group_by(list(PLACE)).aggregate(rank=_.rank.min())


def _told(rows: ibis.Table, flag: str) -> ibis.Table:
    return rows.select(*PLACE, rank=ibis.literal(ORDER.index(flag), "int64"))


def _bounds(told: dict[str, Sequence], *names: str) -> ibis.Table:
    """A table of items with their bounds, exact."""
    columns = {"item": pa.array(list(told), pa.string())}
    exact = zip(*([Decimal(str(one)) for one in bounds] for bounds in told.values()), strict=True)
    columns |= {name: pa.array(list(values), VALUE) for name, values in zip(names, exact, strict=True)}
    return ibis.memtable(pa.table(columns))


def _negative(rows: ibis.Table, medium: str, rules: Edition) -> ibis.Table:
    may_be = rules["rules"]["negative"]["may_be"].get(medium, [])
    return _told(rows.filter(_.value < 0, _.item.notin(may_be) if may_be else ibis.literal(True)), "negative")


def _range(rows: ibis.Table, medium: str, rules: Edition) -> ibis.Table:
    told = rules["rules"]["range"]["bounds"][medium]
    joined = rows.join(_bounds(told, "low", "high"), "item")
    return _told(joined.filter((_.value < _.low) | (_.value > _.high)), "range")


def _few(rows: ibis.Table, medium: str, rules: Edition) -> ibis.Table | None:
    """Daily values beside which the store has hours, but fewer than a day needs."""
    needed = rules["rules"]["few"]["hours_of_a_day"].get(medium)
    if needed is None:
        return None
    hours = rows.filter(_.period == "hour").group_by("site", "item", day=_.time.truncate("D")).aggregate(n=_.count())
    days = rows.filter(_.period == "day").mutate(day=_.time)
    return _told(days.join(hours.filter(_.n < needed), ["site", "item", "day"]), "few")


def _inverted(rows: ibis.Table, medium: str, rules: Edition) -> ibis.Table | None:
    """Both values of a pair whose part lies above its whole: which of the two is wrong, a person says."""
    found = []
    for pair in rules["rules"]["inverted"]["pairs"].get(medium, []):
        of = {one: rows.filter(_.item == pair[one], ~_.below) for one in ("part", "whole")}
        whole = of["whole"].select("site", "period", "time", most=_.value + _exact(pair["by"]))
        wrong = (
            of["part"].join(whole, ["site", "period", "time"]).filter(_.value > _.most).select("site", "period", "time")
        )
        found += [_told(one.semi_join(wrong, ["site", "period", "time"]), "inverted") for one in of.values()]
    return ibis.union(*found) if found else None


def _exact(value) -> ibis.Value:
    return ibis.literal(Decimal(str(value)), "decimal(18, 6)")


def _in_order() -> ibis.expr.builders.LegacyWindowBuilder:
    return ibis.window(group_by=["site", "item", "period"], order_by="time")


def _measured_often(rows: ibis.Table, rule: dict, medium: str, *names: str) -> ibis.Table | None:
    """Rows of the items that a rule looks at in the order of time, with its bounds and the seconds since the row before."""
    told = rule.get("bounds", {}).get(medium)
    if not told:
        return None
    bounds = _bounds({item: [one[name] for name in names] for item, one in told.items()}, *names)
    kept = rows.filter(_.period.isin(["hour", "sample"]), ~_.below).join(bounds, "item")
    return kept.mutate(at=_.time.epoch_seconds(), near=ibis.literal(3600 * rule["hours"][medium], "int64"))


def _spikes(rows: ibis.Table, medium: str, rules: Edition) -> ibis.Table | None:
    kept = _measured_often(rows, rules["rules"]["spike"], medium, "step", "times")
    if kept is None:
        return None
    order = _in_order()
    beside = kept.mutate(
        before=_.value.lag().over(order), after=_.value.lead().over(order),
        since=_.at - _.at.lag().over(order), until=_.at.lead().over(order) - _.at,
    ).filter(_.since <= _.near, _.until <= _.near)  # fmt: skip
    top, bottom = ibis.greatest(beside.before, beside.after), ibis.least(beside.before, beside.after)
    up = (beside.value - top > beside.step) & (beside.value > beside.times * top)
    down = (bottom - beside.value > beside.step) & (bottom > beside.times * beside.value)
    return _told(beside.filter(up | down), "spike")


def _stuck(rows: ibis.Table, medium: str, rules: Edition) -> ibis.Table | None:
    kept = _measured_often(rows, rules["rules"]["stuck"], medium, "rows", "above")
    if kept is None:
        return None
    order = _in_order()
    moved = kept.mutate(before=_.value.lag().over(order), since=_.at - _.at.lag().over(order))
    moved = moved.mutate(new=((_.before.isnull()) | (_.before != _.value) | (_.since > _.near)).cast("int64"))
    runs = moved.mutate(
        run=_.new.sum().over(ibis.cumulative_window(group_by=["site", "item", "period"], order_by="time"))
    )
    counted = runs.mutate(n=_.count().over(ibis.window(group_by=["site", "item", "period", "run"])))
    return _told(counted.filter(_.n >= _.rows, _.value > _.above), "stuck")


def changes(rows: ibis.Table, medium: str, rules: Edition) -> ibis.Table:
    """Rows whose flag is to be another one by the rules, of the shape GIVEN; `was` is the flag they have."""
    open_ = rows.filter(_.value.notnull(), (_.flag == "") | _.flagged_by.startswith(RULE))
    joined = open_.left_join(findings(rows, medium, rules), list(PLACE), rname="found_{name}")
    flag = ibis.cases(*((joined["rank"] == rank, flag) for rank, flag in enumerate(ORDER)), else_="")
    by = ibis.cases(
        *((joined["rank"] == rank, signed(flag, rules)) for rank, flag in enumerate(ORDER)), else_=signed("", rules)
    )
    told = joined.select(
        *(name for name in GIVEN.names if name not in ("flag", "flagged_by")), was=joined.flag, flag=flag, flagged_by=by
    )
    return told.filter(_.flag != _.was)


@dataclass(frozen=True)
class Looked:
    """What rules found: the rows that are to change, and how many of each item go from which flag to which."""

    rows: pa.Table
    counts: tuple[tuple[str, str, str, int], ...]  # item, flag before, flag after, how many
    rules: Edition


def look(store: Store, medium: str, rules: Edition, *, since: datetime | None = None, until: datetime | None = None,
         sites: Sequence[str] | None = None) -> Looked:  # fmt: skip
    """What the rules would change of a medium's values in [since, until); nothing is written."""
    with engine() as connection:
        known = observations(
            connection, store, medium=medium, since=since and since - AROUND, until=until and until + AROUND
        )
        if sites is not None:
            known = known.filter(_.site.isin(list(sites)))
        found = changes(known, medium, rules)
        if since:
            found = found.filter(_.time >= since)
        if until:
            found = found.filter(_.time < until)
        rows = found.order_by(*PLACE).to_pyarrow()
    told = (
        rows.group_by(["item", "was", "flag"])
        .aggregate([([], "count_all")])
        .sort_by([("item", "ascending"), ("flag", "ascending")])
    )
    counts = tuple((one["item"], one["was"], one["flag"], one["count_all"]) for one in told.to_pylist())
    return Looked(rows.select(GIVEN.names).cast(GIVEN), counts, rules)


def write(store: Store, found: Looked, at: datetime | None = None) -> Appended:
    """Append what was found as later rows of the same keys."""
    return append(store, found.rows, at)


# --- what people say


@dataclass(frozen=True, slots=True)
class Flagged:
    """A value under a flag, with the values just before and after it."""

    site: str
    item: str
    period: str
    time: datetime
    value: Decimal
    unit: str
    flag: str
    flagged_by: str
    source: str
    before: Decimal | None
    after: Decimal | None


def flagged(
    store: Store, medium: str, sites: Sequence[str], *, flags: Sequence[str] = REVIEWED, most: int = 200
) -> tuple[list[Flagged], int]:
    """The newest values of sites that stand under one of the flags, and how many there are in all."""
    with engine() as connection:
        known = observations(connection, store, medium=medium).filter(_.site.isin(list(sites)))
        marked = known.filter(_.flag.isin(list(flags)), _.value.notnull())
        count = marked.count().to_pyarrow().as_py()
        series = marked.select("site", "item", "period").distinct()
        order = _in_order()
        beside = known.semi_join(series, ["site", "item", "period"]).mutate(
            before=_.value.lag().over(order), after=_.value.lead().over(order)
        )
        shown = (
            beside.filter(_.flag.isin(list(flags)), _.value.notnull())
            .order_by(ibis.desc("time"), "site", "item")
            .limit(most)
        )
        rows = shown.select(*Flagged.__dataclass_fields__).to_pyarrow().to_pylist()
    return [Flagged(**one) for one in rows], count


def judge(
    store: Store, medium: str, keys: Iterable[tuple], verdict: str, account: str, at: datetime | None = None
) -> tuple[list[dict], Appended]:
    """Confirm or reject values under a flag, by (site, item, period, time, flag as it was seen); returns the rows as they stood.

    Raises NotAccepted, and keeps nothing, where one of them is no longer under that flag.
    """
    if verdict not in VERDICTS:
        raise NotAccepted(f"审核结论“{verdict}”不认识。", f"There is no verdict {verdict}.")
    asked = {(site, item, period, time): flag for site, item, period, time, flag in keys}
    wanted = pa.Table.from_pylist(
        [dict(zip(PLACE, key, strict=True)) for key in asked], pa.schema([GIVEN.field(name) for name in PLACE])
    )
    with engine() as connection:
        known = observations(connection, store, medium=medium).semi_join(ibis.memtable(wanted), list(PLACE))
        rows = known.select(*GIVEN.names).order_by(*PLACE).to_pyarrow().to_pylist()
    stand = {tuple(one[name] for name in PLACE): one["flag"] for one in rows}
    moved = [key for key, flag in asked.items() if stand.get(key) != flag]
    if moved:
        site, item, period, time = moved[0]
        raise NotAccepted(
            f"{site} {item} {time:%Y-%m-%d %H:%M} 的标识已经变了，请刷新后再审。",
            f"The flag of {site} {item} {time:%Y-%m-%d %H:%M} has changed meanwhile; reload and look again.",
        )
    judged = [one | {"flag": verdict, "flagged_by": PERSON + account} for one in rows]
    return rows, append(store, pa.Table.from_pylist(judged, GIVEN), at)
