"""The years of ambient air of a district and of its stations, as their page tells them; kept while the store stands at one version.

References
----------
HJ 663 (years, districts, trends); GB 3095 (limits); 环办监测〔2016〕120号 (dust days).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from . import air
from .air_tables import IN_FORCE, years_of
from .asking import Asked
from .unmonitored import Plans, of_district, of_sites

WHOLE = "district"  # the name under which all stations are taken together


class Annual(NamedTuple):
    """Years as `air_tables.by_year` has them: a year in force, then wholly under each edition where one begins within it; with
    dust days, and without them where there were any. `trends`: of the district, by item."""

    district: Sequence[Mapping]
    stations: Mapping[str, Sequence[Mapping]]
    trends: Sequence[Mapping]

    @property
    def years(self) -> list[int]:
        told = [*self.district, *(one for some in self.stations.values() for one in some)]
        return sorted({one["year"] for one in told})


@lru_cache(maxsize=8)
def annual(asked: Asked, dust: tuple[tuple[str | None, date], ...], plans: Plans) -> Annual:
    """The years of the stations asked for, and of all of them together. `dust`: days under a dust event, of a station or of all;
    `plans`: what the stations need not monitor.

    A district's day needs three quarters of its stations, so that a day of dust at one station is none of the district's.
    """
    rules = air.Rules.in_force()
    hours = asked.fields(air.GASES_AND_DUST)
    spared = of_district(WHOLE, asked.sites, plans)
    together = years_of(hours, rules, dict.fromkeys(asked.sites, WHOLE), dust, spared)
    apart = years_of(hours, rules, None, dust, of_sites(plans))
    stations: dict[str, list[Mapping]] = {}
    for row in apart["rows"]:
        stations.setdefault(row["site"], []).append(row)
    return Annual(together["rows"], stations, together["trends"])


def standing(rows: Sequence[Mapping]) -> list[Mapping]:
    """Of each year the row that counts: by the editions in force on each day, dust days with it."""
    return [one for one in rows if one["under"] == IN_FORCE and one["dust_days"] == "with"]
