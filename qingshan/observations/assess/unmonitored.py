"""Pollutants that a site's monitoring plan leaves out: the lack of one leaves the index as it is, where the edition says so.

References
----------
HJ 633-2026, 5.3: a pollutant that is no part of the plan and led no polluted day of the last three years is shown as "/".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from qingshan.standards import air as law
from qingshan.standards.editions import Edition

MARK = "/"
Unmonitored = Mapping[str, frozenset[str]]  # site or district → pollutants
Led = Mapping[tuple[str, str], list[date]]  # site or district, pollutant → days on which it led pollution
Used = Callable[[date], Edition | None]  # the edition of a day


def led(indices: Iterable[Mapping], known: Unmonitored, used: Used) -> Led:
    """The days on which one of these pollutants led pollution, from the indices of days as `air.indices` has them."""
    found: dict[tuple[str, str], list[date]] = defaultdict(list)
    for one in indices:
        if one["published"] and one["site"] in known:
            for pollutant in law.leads(one["aqi"], one["primary"].split(), used(one["day"])):
                found[one["site"], pollutant].append(one["day"])
    return found


def spared(one: Mapping, items: Mapping[str, tuple], table: Edition | None, known: Unmonitored, days: Led) -> dict:
    """An hour's or a day's index with `unmonitored`: the items that it may lack; they are no longer `missing`.

    `items`: of the report, each with its row of breakpoints and its pollutant.
    """
    since = law.led_since(one["day"], table) if table else None
    plan = known.get(one["site"], frozenset()) if since else frozenset()
    free = {
        pollutant
        for pollutant in plan
        if not any(since <= day < one["day"] for day in days.get((one["site"], pollutant), ()))
    }
    lacking = tuple(item for item, (_row, pollutant) in items.items() if pollutant in free and one[f"c_{item}"] is None)
    if not lacking:
        return dict(one)
    missing = one["missing"] - len(lacking)
    told = one["published"] or (one["aqi"] is not None and not missing)
    return {**one, "missing": missing, "published": told, "unmonitored": lacking}
