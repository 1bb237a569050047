"""Pollutants that a site's monitoring plan leaves out: the lack of one leaves the index as it is, where the edition says so.

A plan is written as the items it leaves out, each with the span of days on which it does, where it does not always: `CO、PM2.5
2026-03-01/2027-12-31、SO2 2027-01-01/`.

References
----------
HJ 633-2026, 5.3: a pollutant that is no part of the plan and led no polluted day of the last three years is shown as "/".
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from qingshan.standards import air as law
from qingshan.standards.editions import Edition

from .reports import edition_on

MARK = "/"
BETWEEN, SPAN = re.compile(r"\s*[,，、;；]\s*"), re.compile(r"(\S+?)(?:\s+(\S*)/(\S*))?")


class Left(NamedTuple):
    """A pollutant that a plan leaves out from the day `since` to the day `until`, both included; None where there is no such day."""

    pollutant: str
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


Plan = tuple[Left, ...]  # of a site
Plans = tuple[tuple[str, Plan], ...]  # site, its plan; those that leave nothing out may lack
Unmonitored = Mapping[str, Sequence[Plan]]  # site → its plan; district → those of all its sites
Led = Mapping[tuple[str, str], list[date]]  # site or district, pollutant → days on which it led pollution


class NoPlan(ValueError):
    """What of a plan cannot be read, as a sentence in both languages."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


def plan(text: str) -> Plan:
    """The plan that is written so; empty where nothing is left out. Raises NoPlan."""
    return tuple(_left(part) for part in BETWEEN.split(text.strip()) if part)


def _left(part: str) -> Left:
    told = SPAN.fullmatch(part)
    pollutant = (told.group(1) if told else part).replace("PM2.5", "PM25")
    if told is None or pollutant not in law.ITEMS:
        known = "、".join(law.ITEMS)
        raise NoPlan(
            f"“{part}”应为 {known} 之一，限于一段日期的写作“CO 2026-03-01/2027-12-31”，一端可以空着",
            f"{part!r} should be one of {', '.join(law.ITEMS)}; for a span of days write “CO 2026-03-01/2027-12-31”, either end may be empty",
        )
    since, until = (_day(one, part) if one else None for one in told.groups()[1:])
    if since and until and since > until:
        raise NoPlan(f"“{part}”的起始日晚于截止日，请对调", f"{part!r} begins after it ends; swap the two")
    return Left(pollutant, since, until)


def _day(text: str, part: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NoPlan(f"“{part}”的日期应写作 2026-03-01", f"the days of {part!r} are written 2026-03-01") from None


def plans(sites: Iterable[Mapping]) -> Plans:
    """The plans of sites (code, unmonitored) that leave something out. Raises NoPlan, which names the site."""
    told = ((one["code"], _plan_of(one["code"], one.get("unmonitored") or "")) for one in sites)
    return tuple((code, known) for code, known in told if known)


def _plan_of(site: str, text: str) -> Plan:
    try:
        return plan(text)
    except NoPlan as wrong:
        raise NoPlan(f"点位 {site} 的 unmonitored：{wrong.zh}", f"{site}, unmonitored: {wrong.en}") from None


def of_sites(known: Plans) -> Unmonitored:
    return {site: [one] for site, one in known}


def of_district(name: str, sites: Iterable[str], known: Plans) -> Unmonitored:
    """A district asks for what any of its sites monitors; nothing where one of them leaves nothing out."""
    told = dict(known)
    some = [told.get(site, ()) for site in sites]
    return {name: some} if some and all(some) else {}


def left_out(some: Sequence[Plan], day: date) -> frozenset[str]:
    """What all of the plans leave out on a day."""
    return frozenset.intersection(*(frozenset(one.pollutant for one in each if one.holds_on(day)) for each in some))


def led(indices: Iterable[Mapping], known: Unmonitored, used: Callable[[date], Edition | None]) -> Led:
    """The days on which one of these pollutants led pollution, from the indices of days as `air.indices` has them. `used`: the
    edition of a day."""
    found: dict[tuple[str, str], list[date]] = defaultdict(list)
    for one in indices:
        if one["published"] and one["site"] in known:
            for pollutant in law.leads(one["aqi"], one["primary"].split(), used(one["day"])):
                found[one["site"], pollutant].append(one["day"])
    return found


def spare(
    found: Sequence[Mapping],
    days: Iterable[Mapping],
    index: Sequence[Edition],
    known: Unmonitored,
    items: Callable[[Edition], Mapping],
) -> list[dict]:
    """Hours' or days' indices (`found`) with what their sites need not monitor, by what led the polluted ones of `days`, which are not
    asked for where nothing is left out.

    `index`: the editions of the index; `items`: those of an edition's report, each with its row of breakpoints and its pollutant.
    """
    if not known:
        return list(found)
    past = led(days, known, lambda day: edition_on(index, day))
    tables = [(one, edition_on(index, one["day"])) for one in found]
    return [_spared(one, items(table) if table else {}, table, known, past) for one, table in tables]


def _spared(one: Mapping, items: Mapping[str, tuple], table: Edition | None, known: Unmonitored, days: Led) -> dict:
    """An index with `unmonitored`: the items that it may lack; they are no longer `missing`."""
    since = law.led_since(one["day"], table) if table else None
    asked = left_out(known[one["site"]], one["day"]) if since and one["site"] in known else frozenset()
    free = {
        pollutant
        for pollutant in asked
        if not any(since <= day < one["day"] for day in days.get((one["site"], pollutant), ()))
    }
    lacking = tuple(item for item, (_row, pollutant) in items.items() if pollutant in free and one[f"c_{item}"] is None)
    if not lacking:
        return dict(one)
    missing = one["missing"] - len(lacking)
    told = one["published"] or (one["aqi"] is not None and not missing)
    return {**one, "missing": missing, "published": told, "unmonitored": lacking}
