"""Soil over many points: the risk of each by day or year, by the law of the use that is stored for it, and the class of the units
of farmland that they sample.

References
----------
GB 15618-2018 (farmland: paddy, rotation, orchard, other); GB 36600-2018 (land for building: class-1, class-2);
环办土壤〔2019〕53号 (units of farmland).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import ibis

from qingshan.standards import soil as law
from qingshan.standards.editions import Edition, NoEdition, edition

from .results import Assessed, Fault, Result, gather, last_day, refused, untold

FARMLAND = ("paddy", "rotation", "orchard", "other")
BUILDING = {"class-1": 1, "class-2": 2}
ACIDITY = "pH"


@dataclass(frozen=True, slots=True)
class Point:
    """A point's period: its risk 0 (low), 1 (above screening), 2 (above intervention) and deciding items (`plot`), its pH,
    its items' results, and why an item was not judged."""

    site: str
    group: str
    period: str
    land: str
    plot: law.Plot
    ph: Fraction | None
    results: Mapping[str, Result]

    @property
    def no(self) -> int | None:
        return self.plot.no

    @property
    def lacking(self) -> dict[str, str]:
        return {
            item: self.results[item].why or "undecidable" if item in self.results else "not_measured"
            for item in self.plot.missing
        }


@dataclass(frozen=True, slots=True)
class Land:
    """The points of a group and a kind of land (farmland, building) in a year, by their risk: low, possible, high."""

    group: str
    kind: str
    period: str
    risks: tuple[int, int, int]

    @property
    def low_share(self) -> Fraction | None:
        """The share [%] of the points judged that lie at or below every screening value."""
        return Fraction(100 * self.risks[0], sum(self.risks)) if sum(self.risks) else None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of farmland in a year: its class by the newest sample of each of its points in that year; `declared`: how many points
    it has."""

    unit: str
    period: str
    judged: law.Unit
    points: tuple[Point, ...]
    declared: int

    @property
    def no(self) -> int | None:
        return self.judged.no


def points(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "day", code: str | None = None
) -> Assessed:
    """The points by site and period (day of sampling, year), each by the edition of the period's last day or the one called `code`.

    `rows` are rows of the store of soil; `sites`: site → its properties (group, land). A point whose use is not told is not
    judged and told, so is one of farmland without its pH.
    """
    uses = {site: told.get("land") for site, told in sites.items() if told.get("land") in (*FARMLAND, *BUILDING)}
    known = {kind: _known(kind) for kind in (law.FARMLAND, law.BUILDING)}
    found, faults = gather(
        connection, rows, per, lambda site, item: known[_family(uses.get(site))].get(item), "GB 15618、GB 36600"
    )
    there = {site for site, _ in found}
    faults += untold(uses, there, "土地用途 land（paddy、rotation、orchard、other、class-1、class-2）",
                     "its land use in land (paddy, rotation, orchard, other, class-1, class-2)")  # fmt: skip
    made = []
    for (site, period), results in found.items():
        if site not in uses:
            continue
        try:
            judged = _judged(site, period, uses[site], results, code)
        except NoEdition as none:
            judged = refused(site, period, none)
        if isinstance(judged, Fault):
            faults.append(judged)
        else:
            made.append(Point(site, sites[site].get("group") or "", period, uses[site], judged, _ph(results), results))
    return Assessed(made, faults)


def _family(use: str | None) -> str:
    return law.BUILDING if use in BUILDING else law.FARMLAND


def _known(family: str) -> dict[str, tuple[str, str]]:
    """Items as they may be stored (by symbol or by name) → the item of the table, its unit."""
    table = edition(family, code=f"{family}-2018")
    told = {ACIDITY: (ACIDITY, ""), "ph": (ACIDITY, "")}
    if family == law.BUILDING:
        return told | {item: (item, "mg/kg") for item in (*table["basic"], *table["others"])}
    told |= {one["name"]: (item, "mg/kg") for item, one in table["screening"].items()}
    return told | {item: (item, "mg/kg") for item in (*table["screening"], *table["selected"])}


def _ph(results: Mapping[str, Result]) -> Fraction | None:
    value = results[ACIDITY].value if ACIDITY in results else None
    return value if isinstance(value, Fraction) else None


def _judged(site: str, period: str, use: str, results: Mapping[str, Result], code: str | None) -> law.Plot | Fault:
    values = {item: one.value for item, one in results.items() if item != ACIDITY}
    on = last_day(period)
    if use in BUILDING:
        return law.building_land(values, BUILDING[use], on, _of(code, law.BUILDING))
    ph = _ph(results)
    if ph is None:
        return Fault(site, ACIDITY, period, "", f"点位 {site} 在 {period} 没有可用的 pH，农用地的筛选值随 pH 而定，没有评价。",
                     f"{site} has no usable pH in {period}; the screening values of farmland depend on it, so it was not judged.")  # fmt: skip
    return law.farmland(values, ph, use, on, _of(code, law.FARMLAND))


def _of(code: str | None, family: str) -> str | None:
    """The edition that the caller names, for the law it belongs to; the other law keeps the edition of the day."""
    return code if code and code.startswith(family) else None


def lands(connection, rows: ibis.Table, sites: Mapping[str, Mapping], code: str | None = None) -> Assessed:
    """How many points lie at which risk, by group, kind of land and year: each point by its newest sample of the year."""
    found, faults = points(connection, rows, sites, "day", code)
    counts: dict = defaultdict(lambda: [0, 0, 0])
    for one in _newest(found):
        counts[one.group, "building" if one.land in BUILDING else "farmland", one.period[:4]][one.no] += 1
    return Assessed([Land(*key, tuple(risks)) for key, risks in sorted(counts.items())], faults)


def _newest(found: Iterable[Point]) -> list[Point]:
    """Of the points judged on days in their order, the newest of each site and year."""
    return list({(one.site, one.period[:4]): one for one in found if one.no is not None}.values())


def units(connection, rows: ibis.Table, sites: Mapping[str, Mapping], code: str | None = None) -> Assessed:
    """The units of farmland that the sites name as `unit`, by year: each point by its newest sample of the year, the unit by the
    guideline of the year's last day or the edition called `code`."""
    of = {site: told["unit"] for site, told in sites.items() if told.get("unit")}
    if not of:
        return Assessed([], [Fault("", "", "", "", "没有点位写明所在的耕地单元 unit，没有单元可以评价。",
                                   "No site names the unit of farmland it samples in unit; there is no unit to judge.")])  # fmt: skip
    sampled = rows.filter(rows.site.isin(list(of)))
    found, faults = points(connection, sampled, {site: sites[site] for site in of}, "day", _of(code, law.FARMLAND))
    together: dict = defaultdict(list)
    for one in _newest(found):
        if one.land in FARMLAND:
            together[of[one.site], one.period[:4]].append(one)
    made = []
    for (unit, year), some in sorted(together.items()):
        try:
            judged = law.farmland_unit({one.site: one.plot for one in some}, last_day(year), _of(code, law.CLASSES))
        except NoEdition as none:
            faults.append(
                Fault(
                    unit, "", year, "", f"耕地单元 {unit} 在 {year}：{none.zh}", f"The unit {unit} in {year}: {none.en}"
                )
            )
        else:
            made.append(Unit(unit, year, judged, tuple(some), sum(name == unit for name in of.values())))
    return Assessed(made, faults)


def editions_of() -> tuple[Edition, ...]:
    return tuple(edition(family, code=f"{family}-2018") for family in (law.FARMLAND, law.BUILDING))
