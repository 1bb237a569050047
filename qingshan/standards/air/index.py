"""The air quality index of an hour or a day.

References
----------
HJ 633-2012 环境空气质量指数（AQI）技术规定（试行）; HJ 633-2026 环境空气质量指数（AQI）技术规定.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from ..editions import Edition, edition
from ..measured import Number
from ..rounding import round_gbt8170

FAMILY = "hj633"
# The highest index of the first and of the second level: up to the one no pollutant is primary, up to the other none exceeds and a
# day is good (优良). Both editions have the same (4.4 of 2012).
EXCELLENT, GOOD = 50, 100


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the index, 1 to 6, with its class and colour; `upper`: the highest index in it."""

    no: int
    upper: int
    name: str
    grade: str
    grade_en: str
    colour: str
    rgb: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """The individual index (IAQI) of one item; `why` says where there is none, or where a value beyond the table was cut:
    "" · missing · invalid (below zero) · unmonitored (no part of the monitoring plan, shown as "/") · not_computed (another item
    speaks beyond this row) · over_range."""

    item: str
    pollutant: str
    concentration: Decimal | None
    value: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Aqi:
    """The index of an hour or a day: `value` from the items that are there, `published` where the edition lets it be.

    `primary`: the pollutants of the highest individual index, above EXCELLENT only; `exceeding`: those above GOOD."""

    value: int | None
    level: Level | None
    primary: tuple[str, ...]
    exceeding: tuple[str, ...]
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    published: bool
    edition: Edition


def levels(table: Edition) -> tuple[Level, ...]:
    """The levels of an edition, the best first."""
    told = enumerate(table["levels"], 1)
    return tuple(Level(no, *words, tuple(rgb)) for no, (*words, rgb) in told)


def level(value: int, table: Edition) -> Level:
    """The level of an index [0–500] by an edition. Raises ValueError outside.

    References
    ----------
    HJ 633-2012, table 2, kept in 2026.
    """
    known = levels(table)
    if not 0 <= value <= known[-1].upper:
        raise ValueError(f"an index lies between 0 and {known[-1].upper}, not at {value}")
    return next(one for one in known if value <= one.upper)


def items_of_day(table: Edition) -> Mapping[str, tuple[str, str]]:
    """The items of an edition's daily report, each with its row of breakpoints and its pollutant."""
    return table["reports"]["day"]


def individual_index(item: str, concentration: Number | None, table: Edition, report: str = "day") -> Part:
    """The individual index of an item of a report (day, hour; 2012 also hour_as_published).

    The concentration is rounded first (places of the table), the index then rounded up to a whole number.

    References
    ----------
    HJ 633-2012, 4.2 and table 1; HJ 633-2026, table 3 with its notes.
    """
    row, pollutant = table["reports"][report][item]
    if concentration is None:
        return Part(item, pollutant, None, None, "missing")
    value = round_gbt8170(concentration, table["places"][pollutant])
    if concentration < 0:
        return Part(item, pollutant, value, None, "invalid")
    return Part(item, pollutant, value, *_on(table, table["breakpoints"][row], value))


def _on(table: Edition, points: list[Number], value: Decimal) -> tuple[int | None, str]:
    """The index on a row of breakpoints, and why there is none."""
    levels = table["levels_at"]
    if value > points[-1]:
        ends_early = len(points) < len(levels)
        if ends_early and table["beyond"] == "none":
            return None, "not_computed"
        return levels[len(points) - 1], "over_range"
    step = next(i for i in range(1, len(points)) if value <= points[i])
    low, high = Fraction(points[step - 1]), Fraction(points[step])
    share = (Fraction(value) - low) / (high - low)
    return ceil(levels[step - 1] + share * (levels[step] - levels[step - 1])), ""


def aqi(
    concentrations: Mapping[str, Number | None],
    on: date | None = None,
    code: str | None = None,
    report: str = "day",
    unmonitored: Collection[str] = (),
) -> Aqi:
    """The index from the concentrations of a report's items, by the edition of the day `on` or the one called `code`.

    An item that is not in `concentrations` is missing. `unmonitored`: pollutants that are no part of the monitoring plan and
    `may_go_unmonitored`; the lack of one is no obstacle to publication where the edition says so, and counts as missing where it
    does not. Raises KeyError for an item the report does not have.

    References
    ----------
    HJ 633-2012, 4.3 to 4.4 and 5.1; HJ 633-2026, 5.3 (missing items).
    """
    table = edition(FAMILY, on, code)
    items = table["reports"][report]
    if strange := set(concentrations) - set(items):
        raise KeyError(f"{', '.join(sorted(strange))}: not an item of the {report} report of {table.standard}")
    parts = tuple(individual_index(item, concentrations.get(item), table, report) for item in items)
    spared = unmonitored if table["unmonitored"] else ()
    return _of(tuple(_spared(part) if part.pollutant in spared else part for part in parts), table)


def _spared(part: Part) -> Part:
    return replace(part, why="unmonitored") if part.why == "missing" else part


def led_since(on: date, table: Edition) -> date | None:
    """The day from which a pollutant must not have led pollution, so that it may go unmonitored on the day `on`; None where the
    edition has no such rule.

    References
    ----------
    HJ 633-2026, 5.3: not the primary pollutant of a day lightly polluted or worse within the last three years.
    """
    if not (rule := table["unmonitored"]):
        return None
    year = on.year - rule["years"]
    return date(year, 2, 28) if (on.month, on.day) == (2, 29) else on.replace(year=year)


def leads(value: int | None, primary: Collection[str], table: Edition) -> tuple[str, ...]:
    """The pollutants that led pollution on a day with this index: the primary ones of a day lightly polluted or worse."""
    rule = table["unmonitored"]
    return tuple(primary) if rule and value is not None and value > rule["above"] else ()


def may_go_unmonitored(pollutant: str, on: date, past: Mapping[date, Aqi], code: str | None = None) -> bool:
    """Whether the lack of a pollutant that is no part of the monitoring plan leaves the index of the day `on` as it is: it led no
    polluted day of the three years before. `past`: the indices of earlier days; of a day not in it nothing is known.

    References
    ----------
    HJ 633-2026, 5.3. False by an edition without this rule.
    """
    table = edition(FAMILY, on, code)
    since = led_since(on, table)
    if since is None:
        return False
    led = (
        leads(one.value if one.published else None, one.primary, table)
        for day, one in past.items()
        if since <= day < on
    )
    return not any(pollutant in one for one in led)


def _of(parts: tuple[Part, ...], table: Edition) -> Aqi:
    missing = tuple(part.item for part in parts if part.why in ("missing", "invalid"))
    known = [part for part in parts if part.value is not None]
    if not known:
        return Aqi(None, None, (), (), parts, missing, False, table)
    value = max(table["lowest"], max(part.value for part in known))
    exceeding = tuple(dict.fromkeys(part.pollutant for part in known if part.value > GOOD))
    return Aqi(
        value, level(value, table), primary(value, ((part.pollutant, part.value) for part in known)), exceeding,
        parts, missing, _published(value, missing, table), table,
    )  # fmt: skip


def primary(value: int | None, parts: Iterable[tuple[str, int | None]]) -> tuple[str, ...]:
    """The pollutants whose individual index is the index itself, where it lies above EXCELLENT. `parts`: pollutant, individual index.

    References
    ----------
    HJ 633-2012, 4.4.
    """
    if value is None or value <= EXCELLENT:
        return ()
    return tuple(dict.fromkeys(pollutant for pollutant, one in parts if one == value))


def _published(value: int, missing: tuple[str, ...], table: Edition) -> bool:
    bar = table["incomplete_published_above"]
    return not missing or (bar is not None and value > bar)
