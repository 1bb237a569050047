"""Sections of surface water by sample, month, quarter and year, and what rivers, basins and groups of them come to.

A month is the mean of its samples; a quarter and a year are the means of their months, so that a month sampled often weighs no
more than another.

References
----------
GB 3838-2002; 环办〔2011〕22号, 2 to 4; 环办监测〔2017〕51号 (ranking index).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import ibis
from ibis import _

from qingshan.standards import water as law
from qingshan.standards.editions import Edition, NoEdition, edition, editions
from qingshan.standards.measured import Censored
from qingshan.standards.water.rating import Share
from qingshan.standards.water.states import ODOROUS, Trophic

from ..rows import USABLE
from ..units import beside_the_law, of_the_law
from .results import Assessed, Gathered, Result, gather, last_day, refused, untold
from .water import Rules

OTHERS = beside_the_law("water")  # measured beside the items of table 1
WHOLE_YEAR = 12  # months


def grade_of(no: int | None) -> int | None:
    """The grade of a class: I and II are excellent (1), III good (2), and so on (环办〔2011〕22号, table 1)."""
    return None if no is None else max(1, no - 1)


@dataclass(frozen=True, slots=True)
class Section:
    """A section's period: class, deciding items and main pollutants (`section`), its items' results, how many months of it have
    any; `change` against the period a year before; the state of a lake whose five items were measured; how black and odorous a
    river is whose clearness or redox potential was measured (0 neither, 1 lightly, 2 heavily)."""

    site: str
    group: str
    period: str
    body: str
    section: law.Section
    results: Mapping[str, Result]
    months: int
    change: law.Change | None = None

    @property
    def no(self) -> int | None:
        return self.section.no

    @property
    def grade(self) -> int | None:
        """1 excellent to 5 heavily polluted."""
        return grade_of(self.no)

    @property
    def lacking(self) -> dict[str, str]:
        told = {one.item: one.why for one in self.section.items if one.no is None}
        return {item: self.results[item].why or why for item, why in told.items()}

    @property
    def measured(self) -> dict[str, Fraction]:
        """The mean of each rated item, half the detection limit below it."""
        table = self.section.limits["items"]
        known = {item: one.measured for item, one in self.results.items() if item in table and table[item]["rated"]}
        return {item: one for item, one in known.items() if one is not None}

    @property
    def trophic(self) -> Trophic | None:
        rules = self.section.rules
        values = {item: self.results[item].measured for item in rules["trophic"] if item in self.results}
        fit = len(values) == len(rules["trophic"]) and all(one is not None and one > 0 for one in values.values())
        return law.trophic_index(values, rules) if self.body == "lake" and fit else None

    @property
    def odorous_by(self) -> Edition | None:
        """The edition that grades black and odorous waters, of the day; None before there was one."""
        day = last_day(self.period)
        return next((one for one in editions(ODOROUS) if one.holds_on(day)), None)

    @property
    def black_odorous(self) -> int | None:
        values = {item: self.results[item].measured for item in ("sd", "do", "nh3n", "orp") if item in self.results}
        values = {item: one * 100 if item == "sd" else one for item, one in values.items() if one is not None}  # m → cm
        depth = self.results["depth"].measured if "depth" in self.results else None
        table = self.odorous_by if self.body == "river" and ("sd" in values or "orp" in values) else None
        return law.black_odorous(values, table, None if depth is None else depth * 100) if table else None


@dataclass(frozen=True, slots=True)
class Group:
    """The sections of a river, basin or group in a period. `grade`: 1 excellent to 5 heavily polluted, of five sections and more by
    their shares, of fewer by the means of their items, None where rivers and lakes are too few to be rated together.
    `main_pollutants`: item, share of sections that exceed class Ⅲ, the highest multiple. `index`: by which cities are ranked."""

    group: str
    period: str
    sections: tuple[Section, ...]
    good: Share
    worst: Share
    grade: int | None
    main_pollutants: tuple[tuple[str, Share, Decimal | None], ...]
    index: Decimal | None
    change: law.Change | None = None
    index_change: Decimal | None = None

    @property
    def good_share(self) -> Fraction | None:
        """The share [%] of sections of classes I to III among those evaluated, exact."""
        return Fraction(100 * self.good.count, self.good.of) if self.good.of else None

    @property
    def classes(self) -> tuple[int, ...]:
        """How many sections have each class, I to worse than V."""
        numbers = [one.no for one in self.sections]
        return tuple(numbers.count(no) for no in range(1, 7))


@dataclass(frozen=True, slots=True)
class Trend:
    """An item of a section over its latest years or over the last twelve months in a row."""

    site: str
    item: str
    first: str
    last: str
    n: int
    trend: law.Trend


def sections(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "month", code: str | None = None
) -> Assessed:
    """The sections by site and period (sample, month, quarter, year), each by the edition of the period's last day or `code`.

    `rows` are rows of the store of water; `sites`: site → its properties (group, body). A section whose kind of water body is
    not told is not judged and told.
    """
    rules = Rules.in_force()
    units = of_the_law("water") | OTHERS
    bodies = {site: told["body"] for site, told in sites.items() if told.get("body") in law.BODIES}
    found, faults = gather(connection, rows, "sample" if per == "sample" else "month",
                           lambda site, item: (item, units[item]) if item in units else None, rules.limits.standard)  # fmt: skip
    faults += untold(
        bodies,
        {site for site, _ in found},
        "水体类型 body（river 或 lake）",
        "its kind of water body in body (river or lake)",
    )
    made = []
    for (site, period), months in _periods(found, per).items():
        if site not in bodies:
            continue
        try:
            made.append(_section(site, sites[site].get("group") or "", period, bodies[site], months, code))
        except NoEdition as none:
            faults.append(refused(site, period, none))
    return Assessed(_changed(made), faults)


def _periods(found: Gathered, per: str) -> dict[tuple[str, str], list[dict[str, Result]]]:
    kept: dict = defaultdict(list)
    for (site, period), results in found.items():
        kept[site, _longer(period, per)].append(results)
    return kept


def _longer(period: str, per: str) -> str:
    if per == "quarter":
        return f"{period[:4]}-Q{(int(period[5:7]) + 2) // 3}"
    return period[:4] if per == "year" else period


def _section(
    site: str, group: str, period: str, body: str, months: list[dict[str, Result]], code: str | None
) -> Section:
    results = _mean(months)
    table = edition("gb3838", last_day(period), code)
    values = {item: one.value for item, one in results.items() if item in table["items"]}
    judged = law.section(values, body, limits=table.code, rules=Rules.in_force().rating.code)
    return Section(site, group, period, body, judged, results, len(months))


def _mean(months: list[dict[str, Result]]) -> dict[str, Result]:
    items = dict.fromkeys(item for one in months for item in one)
    return {item: _mean_of([one[item] for one in months if item in one]) for item in items}


def _mean_of(parts: Sequence[Result]) -> Result:
    """The mean of periods' means; where all lie below detection, the highest limit."""
    n, of = sum(one.n for one in parts), sum(one.of for one in parts)
    known = [one for one in parts if one.value is not None]
    if not known:
        return Result(None, 0, of, parts[-1].why)
    if all(isinstance(one.value, Censored) for one in known):
        return Result(max((one.value for one in known), key=lambda one: one.below), n, of)
    return Result(sum((one.measured for one in known), Fraction(0)) / len(known), n, of)


def _changed(made: list[Section]) -> list[Section]:
    """Each with its change against the same period of the year before, by grade."""
    grades = {(one.site, one.period): one.grade for one in made}
    return [_with_change(one, grades.get((one.site, _year_before(one.period)))) for one in made]


def _year_before(period: str) -> str:
    return f"{int(period[:4]) - 1}{period[4:]}"


def _with_change(one: Section, before: int | None) -> Section:
    change = law.change_by_grade(before, one.grade) if before and one.grade else None
    return Section(one.site, one.group, one.period, one.body, one.section, one.results, one.months, change)


def groups(
    connection, rows: ibis.Table, sites: Mapping[str, Mapping], per: str = "year", code: str | None = None
) -> Assessed:
    """Rivers, basins or groups by the `group` of their sites and period (month, quarter, year). Sections without one stand under ""."""
    found, faults = sections(connection, rows, sites, per, code)
    return Assessed(by_group(found), faults)


def by_group(found: Iterable[Section]) -> list[Group]:
    kept: dict = defaultdict(list)
    for one in found:
        kept[one.group, one.period].append(one)
    made = {
        key: _group(*key, some) for key, some in sorted(kept.items(), key=lambda one: (one[0][0], last_day(one[0][1])))
    }
    return [_beside(one, made.get((one.group, _year_before(one.period)))) for one in made.values()]


def _group(group: str, period: str, some: list[Section]) -> Group:
    rules, table = some[0].section.rules, some[0].section.limits
    river = law.river_rating([one.no for one in some], rules)
    if river.grade is not None:
        grade, main = river.grade, _main_of_many(some, rules)
    else:
        together = _together(some)
        grade, main = together and grade_of(together.no), _main_of_few(together)
    return Group(group, period, tuple(some), river.good, river.worst, grade, main, _index(some, table))


def _together(some: list[Section]) -> law.Section | None:
    """Fewer than five sections as one: the means of their items; None where rivers and lakes, whose limits differ, would mix."""
    if len({one.body for one in some}) != 1:
        return None
    means = _mean([dict(one.results) for one in some])
    first = some[0].section
    values = {item: one.value for item, one in means.items() if item in first.limits["items"]}
    return law.section(values, some[0].body, limits=first.limits.code, rules=first.rules.code)


def _main_of_many(some: list[Section], rules) -> tuple[tuple[str, Share, Decimal | None], ...]:
    rated = [one for one in some if one.no is not None]
    classes = [{one.item: one.no for one in each.section.items} for each in rated]
    return tuple((item, share, _highest(item, rated)) for item, share in law.river_main_pollutants(classes, rules))


def _highest(item: str, some: list[Section]) -> Decimal | None:
    told = [
        one.multiple for each in some for one in each.section.items if one.item == item and one.multiple is not None
    ]
    return max(told, default=None)


def _main_of_few(together: law.Section | None) -> tuple[tuple[str, Share, Decimal | None], ...]:
    told = together.main_pollutants if together else ()
    return tuple((one.item, Share(1, 1, Decimal(100)), one.multiple) for one in told)


def _index(some: list[Section], table) -> Decimal | None:
    parts = {body: [one.measured for one in some if one.body == body and one.measured] for body in law.BODIES}
    try:
        return law.city_ranking_index(parts["river"], parts["lake"], table)
    except ValueError:  # no oxygen at all: the index divides by it
        return None


def _beside(one: Group, before: Group | None) -> Group:
    """The group with its change against the same period of the year before: by shares of many sections, by grade of few."""
    if before is None:
        return one
    bars = one.sections[0].section.rules["river"]["sections"]
    if min(one.good.of, before.good.of) >= bars:
        shares = [
            (Fraction(100 * each.good.count, each.good.of), Fraction(100 * each.worst.count, each.worst.of))
            for each in (before, one)
        ]
        change = law.change_by_share(*shares, one.sections[0].section.rules)
    else:
        change = law.change_by_grade(before.grade, one.grade) if before.grade and one.grade else None
    moved = law.ranking_change(before.index, one.index) if before.index and one.index is not None else None
    return Group(
        one.group,
        one.period,
        one.sections,
        one.good,
        one.worst,
        one.grade,
        one.main_pollutants,
        one.index,
        change,
        moved,
    )


def trends(found: Iterable[Section]) -> list[Trend]:
    """Spearman's test of each rated item over a section's years (five and more), or over its last twelve months in a row.

    `found`: years or months of sections. Nothing is told of a series that is shorter or has a gap.
    """
    series: dict = defaultdict(list)
    for one in found:
        for item, value in one.measured.items():
            series[one.site, item].append((one.period, value))
    made = [_trend(site, item, known) for (site, item), known in sorted(series.items())]
    return [one for one in made if one]


LEAST_YEARS, MONTHS = 5, 12


def _trend(site: str, item: str, known: list[tuple[str, Fraction]]) -> Trend | None:
    known = _unbroken(sorted(known))
    monthly = len(known[-1][0]) > 4
    if len(known) < (MONTHS if monthly else LEAST_YEARS):
        return None
    taken = known[-MONTHS:] if monthly else known
    tested = law.trend([value for _, value in taken], Rules.in_force().rating)
    return Trend(site, item, taken[0][0], taken[-1][0], len(taken), tested)


def _unbroken(known: list[tuple[str, Fraction]]) -> list[tuple[str, Fraction]]:
    """The newest periods that follow each other without a gap."""
    numbers = [_number(period) for period, _ in known]
    start = next((n for n in range(len(known) - 1, 0, -1) if numbers[n] - numbers[n - 1] != 1), 0)
    return known[start:]


def _number(period: str) -> int:
    return int(period) if len(period) == 4 else 12 * int(period[:4]) + int(period[5:7])


@dataclass(frozen=True, slots=True)
class Load:
    """What a river carried to the sea in a year [t], exact, from the flows of `days` days, `sampled` of them with a concentration."""

    site: str
    period: str
    item: str
    load: Fraction | None
    days: int
    sampled: int


def loads(connection, rows: ibis.Table, item: str = "tn") -> list[Load]:
    """The yearly loads of sites whose flow (item flow, m³/s) is measured, each day's flow with its concentration of `item` [mg/L]."""
    usable = rows.filter(_.flag.fill_null("").isin(USABLE), _.value >= 0)
    wanted = usable.filter(((_.item == "flow") & (_.unit == OTHERS["flow"])) | ((_.item == item) & (_.unit == "mg/L")))
    daily = wanted.mutate(day=_.time.date()).group_by("site", "day", "item").aggregate(n=_.count(), s=_.value.sum())
    kept: dict = defaultdict(lambda: defaultdict(dict))
    for row in connection.to_pyarrow(daily).to_pylist():
        kept[row["site"], row["day"].year][row["day"]][row["item"]] = Fraction(row["s"]) / row["n"]
    return [
        _load(site, year, item, days)
        for (site, year), days in sorted(kept.items())
        if any("flow" in one for one in days.values())
    ]


def _load(site: str, year: int, item: str, days: Mapping[date, Mapping[str, Fraction]]) -> Load:
    flows = [(day, one["flow"], one.get(item)) for day, one in sorted(days.items()) if "flow" in one]
    return Load(site, str(year), item, law.flux(flows), len(flows), sum(value is not None for _, _, value in flows))
