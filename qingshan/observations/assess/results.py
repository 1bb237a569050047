"""Results of several items at sites, gathered by period: what entered a mean, what lies below detection, what could not be used.

Expressions add up exact decimals over any number of rows; the few sums that come out are finished as fractions.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import ibis
from ibis import _

from qingshan.standards.measured import Censored

from ..rows import USABLE
from ..units import FACTORS, plain

PERIODS = {"sample": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "winter": (12, 1, 2)}
ACIDITY = ("pH", "ph")
SIGNED = ("temp", "orp")  # what may lie below zero
BARE = ("", "-", "无量纲", "度")  # how sources write that an item has no unit


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be judged: its place, what stands there, and in both languages what was expected."""

    site: str
    item: str
    period: str
    value: str
    zh: str
    en: str


class Assessed(NamedTuple):
    """What an evaluation gives: its rows, and what of the measurements it could not judge."""

    rows: list
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Result:
    """An item's results at a site in a period. `value` is their mean, a detection limit where all of them lie below one,
    and None where none may be used; then `why` says so: missing · invalid · out_of_range. `n` of `of` rows entered."""

    value: Fraction | Censored | None
    n: int
    of: int
    why: str = ""

    @property
    def measured(self) -> Fraction | None:
        """The number that is shown: half the detection limit below it (环办监测函〔2020〕82号, M-H)."""
        return self.value.half if isinstance(self.value, Censored) else self.value


Known = Callable[[str, str], tuple[str, str] | None]  # site, item as it is stored → item of the law, its unit
Gathered = dict[tuple[str, str], dict[str, Result]]  # site, period → item of the law → result


def period_of(time: ibis.Value, per: str) -> ibis.Value:
    """The period a row belongs to: 2025-03-14 10:00 (of a sample), 2025-03-14, 2025-03, 2025 or 2025-spring. A winter belongs to the year it begins in."""
    if per != "season":
        return time.strftime(PERIODS[per])
    month = time.month()
    year = ibis.cases((month < SEASONS["spring"][0], time.year() - 1), else_=time.year())
    season = ibis.cases(*((month.isin(months), name) for name, months in SEASONS.items()))
    return year.cast("string") + "-" + season


def last_day(period: str) -> date:
    """The last day of a period, which chooses its edition."""
    year, *rest = period.partition(" ")[0].split("-")
    if not rest:
        return date(int(year), 12, 31)
    if rest[0].startswith("Q"):
        return _month_end(int(year), 3 * int(rest[0][1:]))
    if rest[0] in SEASONS:
        month = SEASONS[rest[0]][-1]
        return _month_end(int(year) + (rest[0] == "winter"), month)
    return _month_end(int(year), int(rest[0])) if len(rest) == 1 else date.fromisoformat(period[:10])


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def sums(rows: ibis.Table, per: str) -> ibis.Table:
    """Sums and counts by site, period, item and unit: measured values, detection limits, rows that may not be used."""
    flag, below = _.flag.fill_null(""), _.below.fill_null(False)
    there = rows.mutate(period=period_of(rows.time, per), flag=flag, below=below)
    usable = there.flag.isin(USABLE) & there.value.notnull()
    possible = (there.value >= 0) | there.item.isin(SIGNED)
    there = there.mutate(good=usable & possible, wrong=usable & ~possible)
    return there.group_by("site", "period", "item", "unit").aggregate(
        of=_.count(), n=_count(_.good), negative=_count(_.wrong), outside=_count(_.flag == "range"),
        invalid=_count(~_.flag.isin([*USABLE, "missing"])), under=_count(_.good & _.below),
        measured=_.value.sum(where=_.good & ~_.below), limits=_.value.sum(where=_.good & _.below),
        limit=_.value.max(where=_.good & _.below), low=_.value.min(), high=_.value.max(where=_.good),
    )  # fmt: skip


def _count(test: ibis.Value) -> ibis.Value:
    return test.fill_null(False).cast("int64").sum()


def gather(connection, rows: ibis.Table, per: str, known: Known, law: str) -> tuple[Gathered, list[Fault]]:
    """The results of items that `known` knows, and faults for what it does not or what cannot be a result of the item."""
    parts: dict = defaultdict(lambda: defaultdict(list))
    faults: dict[tuple, Fault] = {}
    for row in connection.to_pyarrow(sums(rows, per).order_by("site", "period", "item", "unit")).to_pylist():
        told = known(row["site"], row["item"])
        if told is None:
            faults.setdefault((row["site"], row["item"]), _unknown(row, law))
        elif (by := factor(row["unit"], told[1])) is None:
            faults.setdefault((row["site"], row["item"], row["unit"]), _unit(row, told[1]))
        else:
            parts[row["site"], row["period"]][told[0]].append((row, by))
            if wrong := _impossible(row, told[0]):
                faults[row["site"], row["item"], row["period"]] = wrong
    in_order = sorted(parts, key=lambda key: (key[0], last_day(key[1])))
    found = {key: {item: _result(item, some) for item, some in parts[key].items()} for key in in_order}
    return found, list(faults.values())


def factor(given: str | None, wanted: str) -> Decimal | None:
    """What turns a unit into the one of the law; None where nothing does."""
    given = plain(given or "")
    if given in wanted.split(" 或 ") or (not wanted and given in BARE):
        return Decimal(1)
    return FACTORS.get((given, wanted))


def _result(item: str, parts: list[tuple[dict, Decimal]]) -> Result:
    rows = [row for row, by in parts]
    n, of = sum(row["n"] for row in rows), sum(row["of"] for row in rows)
    if item in ACIDITY and any((row["high"] or 0) > 14 for row in rows):
        return Result(None, 0, of, "out_of_range")
    if not n:
        return Result(None, 0, of, _why(rows))
    if sum(row["under"] for row in rows) == n:
        return Result(Censored(max(row["limit"] * by for row, by in parts if row["limit"] is not None)), n, of)
    total = sum(
        (Fraction(by) * (Fraction(row["measured"] or 0) + Fraction(row["limits"] or 0) / 2) for row, by in parts),
        Fraction(0),
    )
    return Result(total / n, n, of)


def _why(rows: list[dict]) -> str:
    if any(row["outside"] for row in rows):
        return "out_of_range"
    return "invalid" if any(row["invalid"] or row["negative"] for row in rows) else "missing"


def _impossible(row: Mapping, item: str) -> Fault | None:
    if row["negative"]:
        return fault(
            row,
            row["low"],
            f"为 {row['low']}，应不小于 0，没有采用",
            f"is {row['low']}; it cannot be below 0 and was left out",
        )
    if item in ACIDITY and (row["high"] or 0) > 14:
        return fault(row, row["high"], f"为 {row['high']}，应在 0 至 14 之间，没有采用",
                     f"is {row['high']}; it lies between 0 and 14 and was left out")  # fmt: skip
    return None


def fault(row: Mapping, value, zh: str, en: str) -> Fault:
    site, item, period = row["site"], row["item"], row["period"]
    told = "" if value is None else str(value)
    return Fault(
        site, item, period, told, f"点位 {site} 在 {period} 的“{item}”{zh}。", f"{item} of {site} in {period} {en}."
    )


def _unknown(row: Mapping, law: str) -> Fault:
    return fault(row, row["high"], f"（值 {_said(row['high'])}）不在 {law} 的表中，没有评价",
                 f"({_said(row['high'])}) is not an item of {law} and was not judged")  # fmt: skip


def _unit(row: Mapping, wanted: str) -> Fault:
    return fault(row, row["high"], f"（值 {_said(row['high'])}）的单位是“{row['unit'] or ''}”，应为“{wanted}”，没有评价",
                 f"({_said(row['high'])}) is given in {row['unit'] or 'no unit'} instead of {wanted or 'no unit'} and was not judged")  # fmt: skip


def _said(value) -> str:
    return "—" if value is None else f"{value:f}"


def untold(sites: Iterable[str], there: Iterable[str], zh: str, en: str) -> list[Fault]:
    """A fault for each site that has rows and no property its law asks for."""
    return [
        Fault(
            site, "", "", "", f"点位 {site} 没有写明{zh}，没有评价。", f"{site} does not tell {en} and was not judged."
        )
        for site in sorted(set(there) - set(sites))
    ]


def refused(site: str, period: str, none) -> Fault:
    """A fault for a period in which no edition was in force."""
    return Fault(site, "", period, "", f"点位 {site} 在 {period}：{none.zh}", f"{site} in {period}: {none.en}")
