"""The sea over many stations: the class of each by day, season, month or year, and the share of good water by area.

References
----------
GB 3097-1997; HJ 442.10-2020 (the share by area is that of each survey; a year's is the mean of its surveys, M-M).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import ibis

from qingshan.standards import sea as law
from qingshan.standards.editions import Edition, NoEdition, edition, editions

from ..units import of_the_law
from .results import Assessed, Fault, Result, gather, last_day, refused


@dataclass(frozen=True, slots=True)
class Station:
    """A station's period: its class and deciding items (`station`), its items' results, the area it speaks for [km²], the natural
    value of suspended matter there [mg/L].

    `eutrophication` where the three items it is made of were measured."""

    site: str
    group: str
    period: str
    area: Fraction | None
    natural: Fraction | None
    station: law.Station
    results: Mapping[str, Result]
    eutrophication: law.Eutrophication | None

    @property
    def no(self) -> int | None:
        return self.station.no

    @property
    def lacking(self) -> dict[str, str]:
        told = {one.item: one.why for one in self.station.items if one.no is None}
        return {item: self.results[item].why or why for item, why in told.items()}


@dataclass(frozen=True, slots=True)
class Area:
    """The stations of a group in a survey, or in the surveys of a year: share of good water [%] by area, exact; the grade
    1 (优) to 5 by the share of stations; how many there were of each class (of a year: over its surveys)."""

    group: str
    period: str
    good_share: Fraction | None
    grade: int | None
    classes: tuple[int, ...]
    assessed: Fraction
    surveys: tuple[str, ...]
    edition: Edition


def stations(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "season", code: str | None = None
) -> Assessed:
    """The stations by site and period, each by the edition of the period's last day or the one called `code`.

    `rows` are rows of the store of the sea; `sites`: site → its properties (group, area, natural). Suspended matter is limited by
    its rise over the natural value; where a site does not tell that value, it is not judged, and told.
    """
    table = edition(law.FAMILY, code=code) if code else editions(law.FAMILY)[-1]
    units = of_the_law("sea")
    found, faults = gather(
        connection, rows, per, lambda site, item: (item, units[item]) if item in units else None, table.standard
    )
    faults = [_in_words(one, table) if one.item in table["told"] else one for one in faults]
    made, natural = [], {site: _amount(told, "natural", zero=True) for site, told in sites.items()}
    for (site, period), results in found.items():
        try:
            judged = law.station(
                {item: one.value for item, one in results.items()}, last_day(period), code, natural.get(site)
            )
        except NoEdition as none:
            faults.append(refused(site, period, none))
            continue
        told = sites.get(site, {})
        made.append(
            Station(
                site,
                told.get("group") or "",
                period,
                _amount(told, "area"),
                natural.get(site),
                judged,
                results,
                _rich(results),
            )
        )
    return Assessed(made, faults + _without_natural(made, sites))


def _amount(told: Mapping, name: str, zero: bool = False) -> Fraction | None:
    """A number of a site that is above zero, or may be zero; None where it is not told or none of that kind."""
    try:
        found = Fraction(str(told.get(name)))
    except (ValueError, ZeroDivisionError):
        return None
    return found if found > 0 or (zero and found == 0) else None


def _without_natural(made: Iterable[Station], sites: Mapping[str, Mapping]) -> list[Fault]:
    """Items that were not judged since their site does not tell the natural value they are limited against."""
    lacking = {(one.site, item) for one in made for item, why in one.lacking.items() if why == "no_natural_value"}
    found = []
    for site, item in sorted(lacking):
        given = str(sites.get(site, {}).get("natural") or "")
        zh, en = (
            (f"的 natural 为“{given}”", f"says {given} in natural")
            if given
            else ("没有写明 natural", "does not tell natural")
        )
        found.append(Fault(site, item, "", given,
            f"站位 {site} {zh}，应为{item}的自然值（mg/L，不小于 0）；该项按超过自然值的增量评价，没有评价。",
            f"{site} {en}, the natural value of {item} (mg/L, 0 or more); it is judged by its rise over that and was not judged."))  # fmt: skip
    return found


def _in_words(one: Fault, table: Edition) -> Fault:
    """The fault of an item that the law limits, but not by a number that can be measured alone."""
    zh, en = table["told"][one.item]
    return replace(
        one,
        zh=f"站位 {one.site} 的“{one.item}”（值 {one.value or '—'}）在 {table.standard} 中按{zh}评价，不能由测定值判定，没有评价。",
        en=f"{one.item} of {one.site} ({one.value or '—'}) is judged by {en} in {table.standard}, not by a measured value, and was not judged.",
    )


def _rich(results: Mapping[str, Result]) -> law.Eutrophication | None:
    values = [results[item].measured if item in results else None for item in ("化学需氧量", "无机氮", "活性磷酸盐")]
    return None if None in values else law.eutrophication(*values, editions(law.RATING)[-1])


def areas(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "year", code: str | None = None
) -> Assessed:
    """The share of good water by group and survey (per="season") or year. A station whose area is not told is left out and told."""
    found, faults = stations(connection, rows, sites, "season", code)
    without = sorted({one.site for one in found if one.area is None})
    faults += [
        Fault(
            site,
            "",
            "",
            "",
            f"站位 {site} 没有写明代表面积 area，不计入面积比例。",
            f"{site} does not tell its area and does not enter the share.",
        )
        for site in without
    ]
    made = surveys_of(found)
    return Assessed(made if per == "season" else _years(made), faults)


def surveys_of(found: Iterable[Station]) -> list[Area]:
    """The surveys by group, from their stations; one without an area is left out."""
    surveys: dict = defaultdict(list)
    for one in found:
        if one.area is not None:
            surveys[one.group, one.period].append(one)
    return [_survey(group, period, some) for (group, period), some in sorted(surveys.items(), key=_when)]


def _when(one: tuple[tuple[str, str], list]) -> tuple:
    (group, period), _ = one
    return group, last_day(period)


def _survey(group: str, period: str, some: list[Station]) -> Area:
    rated = [one for one in some if one.no is not None]
    total = sum((one.area for one in rated), Fraction(0))
    good = sum((one.area for one in rated if one.no <= 2), Fraction(0))
    numbers = [one.no for one in rated]
    classes = tuple(numbers.count(no) for no in range(1, law.WORSE + 1))
    return Area(
        group,
        period,
        100 * good / total if total else None,
        _grade(numbers, period),
        classes,
        total,
        (period,),
        some[0].station.edition,
    )


def _grade(classes: list[int], period: str) -> int | None:
    """The grade of stations by the edition of the period's last day; None before there was one."""
    try:
        return law.rating(classes, last_day(period))
    except NoEdition:
        return None


def _years(surveys: list[Area]) -> list[Area]:
    years: dict = defaultdict(list)
    for one in surveys:
        years[one.group, one.period[:4]].append(one)
    return [_year(group, year, some) for (group, year), some in sorted(years.items())]


def _year(group: str, year: str, some: list[Area]) -> Area:
    shares = [one.good_share for one in some if one.good_share is not None]
    classes = tuple(map(sum, zip(*(one.classes for one in some), strict=True)))
    numbers = [no for no, count in enumerate(classes, 1) for _ in range(count)]
    return Area(
        group, year, sum(shares, Fraction(0)) / len(shares) if shares else None, _grade(numbers, year), classes,
        max(one.assessed for one in some), tuple(one.period for one in some), some[-1].edition,
    )  # fmt: skip
