"""Groundwater over many wells: the class of each by day, month or year, and what became of the wells of a park.

References
----------
GB/T 14848-2017, tables 1 and 2; 6.2 and 6.3.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import ibis

from qingshan.standards import groundwater as law
from qingshan.standards.editions import NoEdition, edition, editions
from qingshan.standards.measured import Censored

from ..units import of_the_law
from .results import Assessed, Result, gather, last_day, refused


@dataclass(frozen=True, slots=True)
class Well:
    """A well's period: its class and deciding items (`well`), its items' results, and why an item has no class."""

    site: str
    group: str
    period: str
    well: law.Well
    results: Mapping[str, Result]

    @property
    def no(self) -> int | None:
        return self.well.no

    @property
    def lacking(self) -> dict[str, str]:
        told = {one.item: one.why for one in self.well.items if one.no is None}
        return {item: self.results[item].why or why for item, why in told.items()}


@dataclass(frozen=True, slots=True)
class Park:
    """The wells of a park in a year. `stable`: no well has a worse class than the year before; None where none can be
    compared. `worsened`: site, item, class before, class after, of items of wells whose class is worse."""

    group: str
    period: str
    wells: tuple[Well, ...]
    compared: int
    worsened: tuple[tuple[str, str, int, int], ...]

    @property
    def no(self) -> int | None:
        """The class of the worst well."""
        return max((one.no for one in self.wells if one.no), default=None)

    @property
    def deciders(self) -> tuple[str, ...]:
        worst = [one for one in self.wells if one.no and one.no == self.no]
        return tuple(dict.fromkeys(item for one in worst for item in one.well.deciders))

    @property
    def worse(self) -> int:
        """How many wells have a worse class than the year before."""
        return len({site for site, *_ in self.worsened})

    @property
    def stable(self) -> bool | None:
        return not self.worsened if self.compared else None

    @property
    def stable_share(self) -> Fraction | None:
        """The share [%] of the wells compared whose class is not worse than the year before."""
        return Fraction(100 * (self.compared - self.worse), self.compared) if self.compared else None


def wells(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "year", code: str | None = None
) -> Assessed:
    """The wells by site and period (day of sampling, month, year), each by the edition of the period's last day or the one called `code`.

    `rows` are rows of the store of groundwater; `sites`: site → its properties (group). A site without any is judged too.
    """
    table = edition(law.FAMILY, code=code) if code else editions(law.FAMILY)[-1]
    units = of_the_law("groundwater")
    found, faults = gather(
        connection, rows, per, lambda site, item: (item, units[item]) if item in units else None, table.standard
    )
    made = []
    for (site, period), results in found.items():
        try:
            judged = law.well({item: _given(item, one, table) for item, one in results.items()}, last_day(period), code)
        except NoEdition as none:
            faults.append(refused(site, period, none))
            continue
        made.append(Well(site, sites.get(site, {}).get("group") or "", period, judged, results))
    return Assessed(made, faults)


def _given(item: str, one: Result, table) -> law.Result:
    """A result as the law takes it: smell, taste and what the eye sees are stored as 0 (absent) or more (present)."""
    if not table["items"][item].get("absent") or one.value is None:
        return one.value
    return "absent" if isinstance(one.value, Censored) or one.value == 0 else "present"


def parks(connection, rows: ibis.Table, sites: Mapping[str, Mapping], code: str | None = None) -> Assessed:
    """The parks by group and year, each well beside its year before. Wells without a group stand together under ""."""
    found, faults = wells(connection, rows, sites, "year", code)
    return Assessed(by_park(found), faults)


def by_park(found: Iterable[Well]) -> list[Park]:
    kept, groups = {}, defaultdict(list)
    for one in found:
        kept[one.site, one.period] = one
        groups[one.group, one.period].append(one)
    return [_park(group, period, some, kept) for (group, period), some in sorted(groups.items())]


def _park(group: str, period: str, some: list[Well], kept: Mapping[tuple[str, str], Well]) -> Park:
    pairs = [(kept.get((one.site, str(int(period) - 1))), one) for one in some]
    pairs = [(before, after) for before, after in pairs if before and before.no and after.no]
    worse = tuple(
        (after.site, *moved)
        for before, after in pairs
        if after.no > before.no
        for moved in law.worsened(before.well, after.well)
    )
    return Park(group, period, tuple(some), len(pairs), worse)
