"""Ambient air over many stations and years: daily values, the index of each day, what months and years are held by.

Whole numbers in arrays [site, day] do what runs over every hour; the few numbers that come out are finished with `standards.air`.
The tests prove both equal to the functions of `standards` value by value.

References
----------
GB 3095, HJ 633, HJ 663: the editions in force on the day, or those the caller names.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from qingshan.standards import air as law
from qingshan.standards.editions import Edition, edition, editions

from ..dense import Field
from .exact import ABSENT, PARTS, UNIT, apart, index, mean_of, rounded, spans

GASES_AND_DUST = ("SO2", "NO2", "CO", "O3", "PM10", "PM25")
DAILY = ("SO2_24h", "NO2_24h", "CO_24h", "O3_8h", "PM10_24h", "PM25_24h", "O3_1h")
POLLUTANT = {item: item.rpartition("_")[0] for item in DAILY}
PLACES = {item: 1 if item == "CO_24h" else 0 for item in DAILY}
YEARLY = {"SO2_24h": "SO2", "NO2_24h": "NO2", "PM10_24h": "PM10", "PM25_24h": "PM25", "CO_24h": "CO", "O3_8h": "O3"}
HOURS_OF_A_WINDOW = 8
AT_ONCE = 4  # sites, whose hours stay near the processor


@dataclass(frozen=True)
class Rules:
    """The editions that an evaluation takes: all known ones, each on its days, or one of each family for all days."""

    index: tuple[Edition, ...]
    limits: tuple[Edition, ...]
    evaluation: tuple[Edition, ...]

    @classmethod
    def in_force(cls) -> "Rules":
        return cls(editions("hj633"), editions("gb3095"), editions("hj663"))

    @classmethod
    def of(cls, code: str) -> "Rules":
        """All days by the edition of HJ 633 called `code` and those of GB 3095 and HJ 663 that came into force with it."""
        chosen = edition("hj633", code=code)
        return cls((chosen,), (edition("gb3095", chosen.since),), (edition("hj663", chosen.since),))

    def limits_on(self, day: date) -> Edition:
        return self.limits[0] if len(self.limits) == 1 else edition("gb3095", day)

    def evaluation_on(self, day: date) -> Edition:
        return self.evaluation[0] if len(self.evaluation) == 1 else edition("hj663", day)


@dataclass(frozen=True)
class Days:
    """Daily values of sites, or of districts as means of their stations, over some days of one calendar year.

    By daily item (SO2_24h … O3_8h, O3_1h), as [site, day]: `s`, the values in UNITs (of a district their sum over its `m`
    stations), ABSENT where too few hours or stations are there; `n`, the hours they rest on; 0 where there is none.
    """

    sites: Sequence[str]
    first: date
    s: Mapping[str, np.ndarray]
    n: Mapping[str, np.ndarray]
    m: Mapping[str, np.ndarray] | None = None

    @property
    def count(self) -> int:
        return self.s["O3_8h"].shape[1]

    @cached_property
    def dates(self) -> list[date]:
        return [self.first + timedelta(n) for n in range(self.count)]

    @cached_property
    def there(self) -> np.ndarray:
        """Whether there is any hour at all [site, day]."""
        return np.logical_or.reduce([one > 0 for one in self.n.values()])

    def stations(self, item: str) -> np.ndarray | int:
        """Over how many stations an item's values are summed."""
        return 1 if self.m is None else self.m[item]

    def over(self, part: slice) -> "Days":
        """Some of the days."""
        cut = {name: {item: one[:, part] for item, one in getattr(self, name).items()} for name in ("s", "n")}
        m = None if self.m is None else {item: one[:, part] for item, one in self.m.items()}
        return replace(self, first=self.first + timedelta(part.start), m=m, **cut)


def daily(fields: Iterable[Field], rules: Rules) -> Iterator[Days]:
    """The daily values of sites, year by year, from their hours.

    References
    ----------
    GB 3095, table 4; HJ 663-2013, table 2 (ozone: windows ending at 08:00 to 24:00).
    """
    some: list[Days] = []
    for field in fields:
        some.append(_of_field(field, rules))
        more = field.more
        del field  # its hours need their room no longer
        if not more:
            yield _beside(some)
            some = []


def _beside(some: Sequence[Days]) -> Days:
    """Days of different sites together."""
    if len(some) == 1:
        return some[0]
    sites = [site for one in some for site in one.sites]
    s, n = ({item: np.concatenate([getattr(one, name)[item] for one in some]) for item in DAILY} for name in ("s", "n"))
    return Days(sites, some[0].first, s, n)


def _of_field(field: Field, rules: Rules) -> Days:
    shape = len(field.sites), field.days
    s, n = {item: np.empty(shape, "int64") for item in DAILY}, {item: np.empty(shape, "int16") for item in DAILY}
    wide = np.empty((AT_ONCE, *field.by_day.shape[1:]), "int64")  # made once, since new room costs more than the sums
    for start in range(0, len(field.sites), AT_ONCE):
        some = slice(start, min(start + AT_ONCE, len(field.sites)))
        cells = wide[: some.stop - start]
        np.copyto(cells, field.by_day[some])
        for item, (values, hours) in _values(cells, field, rules).items():
            s[item][some], n[item][some] = values, hours
    return Days(field.sites, field.first, s, n)


def _values(cells: np.ndarray, field: Field, rules: Rules) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The daily values of some sites of a field, from their marked hours [site, item, day, hour], each with the number of its hours."""
    n, v = apart(np.einsum("sidh->sid", cells), field.mark)  # faster than `sum`
    means = mean_of(v, n, rules.limits[-1]["validity"]["day_hours"])
    places = {item: place for place, item in enumerate(field.items)}
    found = {f"{item}_24h": (means[:, place], n[:, place]) for item, place in places.items() if item != "O3"}
    eight, one = ozone(cells[:, places["O3"]], field.first, field.mark, rules)
    return found | {"O3_8h": (eight, n[:, places["O3"]]), "O3_1h": (one, n[:, places["O3"]])}


def ozone(cells: np.ndarray, first: date, mark: int, rules: Rules) -> tuple[np.ndarray, np.ndarray]:
    """Ozone's two daily values, from its marked hours [site, day, hour]: the highest eight-hour mean and the highest hour."""
    method, valid = rules.evaluation[-1]["mda8"], rules.limits[-1]["validity"]
    hours = np.ascontiguousarray(np.moveaxis(cells, 2, 0), "int64")
    windows = in_windows(hours)
    ends = slice(method["first_stamp"] - HOURS_OF_A_WINDOW, method["last_stamp"] + 1 - HOURS_OF_A_WINDOW)
    count, total = apart(windows[ends], mark)
    means = mean_of(total, count, valid["window_hours"], HOURS_OF_A_WINDOW)
    best, enough = means.max(axis=0), (count >= valid["window_hours"]).sum(axis=0, dtype="int8")
    bar = np.full(cells.shape[1], -ABSENT)  # of days without an edition
    for part, one in spans(first, len(bar), rules.limits):
        bar[part] = int(law.limit("O3", "mda8", one)) * UNIT
    whole = (enough >= method["valid_windows"]) | (best > bar)
    there, _sum = apart(windows[::HOURS_OF_A_WINDOW].sum(axis=0), mark)
    top = (hours.max(axis=0) - mark) * PARTS
    return np.where(whole, best, ABSENT), np.where(there >= valid["day_hours"], top, ABSENT)


def in_windows(hours: np.ndarray) -> np.ndarray:
    """The sums of every eight hours on end [window, …], from the hours of a day [hour, …]: of two, of four, of eight."""
    sums, length = hours, 1
    while length < HOURS_OF_A_WINDOW:
        sums, length = sums[:-length] + sums[length:], 2 * length
    return sums


def concentrations(days: Days) -> dict[str, np.ndarray]:
    """Daily values as means over the stations, rounded once, whole numbers of the last place (CO: tenths), by item [site, day]."""
    return {item: rounded(values, PLACES[item], days.stations(item)) for item, values in days.s.items()}


@dataclass(frozen=True)
class Index:
    """The index of each day, all as [site, day]: `c`, concentrations by item; `i`, individual indices by pollutant; `aqi`, from what is
    there; `missing`, how many items; `published`, whether the edition lets it be. ABSENT where there is none."""

    sites: Sequence[str]
    first: date
    there: np.ndarray
    c: Mapping[str, np.ndarray]
    i: Mapping[str, np.ndarray]
    aqi: np.ndarray
    missing: np.ndarray
    published: np.ndarray

    def rows(self, sites: Sequence[str] | None = None) -> Iterator[dict]:
        """The days (of `sites`) that have any hour: site, day, c_ITEM, i_POLLUTANT, aqi, missing, published, primary."""
        columns = {f"c_{item}": one for item, one in self.c.items()} | {f"i_{p}": one for p, one in self.i.items()}
        columns |= {"aqi": self.aqi, "missing": self.missing, "published": self.published}
        for place, site in enumerate(self.sites):
            if sites is not None and site not in sites:
                continue
            of = np.flatnonzero(self.there[place])
            told = [column[place][of].tolist() for column in columns.values()]
            for day, *values in zip(of.tolist(), *told, strict=True):
                row = {name: None if value == ABSENT else value for name, value in zip(columns, values, strict=True)}
                leading = law.primary(row["aqi"], ((pollutant, row[f"i_{pollutant}"]) for pollutant in self.i))
                yield {"site": site, "day": self.first + timedelta(day)} | row | {"primary": " ".join(leading)}


def indices(days: Days, rules: Rules) -> Index:
    """The index of each day, by the edition of the day."""
    c, shape = concentrations(days), days.there.shape
    # A value below zero has no index.
    valid = {item: np.where(values >= 0, c[item], ABSENT) for item, values in days.s.items()}
    i = {pollutant: np.full(shape, ABSENT) for pollutant in GASES_AND_DUST}
    aqi, missing, published = np.full(shape, ABSENT), np.full(shape, ABSENT), np.zeros(shape, bool)
    for part, table in spans(days.first, days.count, rules.index):
        items = table["reports"]["day"]
        for item, (_row, pollutant) in items.items():
            np.maximum(i[pollutant][:, part], index(valid[item][:, part], item, table), out=i[pollutant][:, part])
        told = judged([one[:, part] for one in i.values()], [valid[item][:, part] for item in items], table)
        aqi[:, part], missing[:, part], published[:, part] = told
    return Index(days.sites, days.first, days.there, c, i, aqi, missing, published)


def judged(
    parts: Sequence[np.ndarray], values: Sequence[np.ndarray], table: Edition
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The index from its individual ones, how many of the values are missing, and whether it may be published."""
    highest = np.maximum.reduce(parts)
    aqi = np.where(highest == ABSENT, ABSENT, np.maximum(highest, table["lowest"]))
    missing = np.add.reduce([one == ABSENT for one in values], dtype="int64")
    bar = table["incomplete_published_above"]
    return aqi, missing, (aqi != ABSENT) & ((missing == 0) | (aqi > (501 if bar is None else bar)))


def districts(days: Days, of: Mapping[str, str | None], rules: Rules) -> Days:
    """Daily values of districts (`of`: site → district): the sum over the stations that have one, ABSENT below three quarters of them.

    References
    ----------
    HJ 663-2013, 4.1 (M-H): the mean of the stations, rounded only afterwards.
    """
    there = {item: values != ABSENT for item, values in days.s.items()}
    groups = Groups.of(days.sites, of)
    m = {item: groups.sums(one) for item, one in there.items()}
    s = {item: np.where(groups.enough(m[item], rules), groups.sums(np.where(there[item], values, 0)), ABSENT)
         for item, values in days.s.items()}  # fmt: skip
    n = {item: groups.sums(np.where(there[item], hours, 0)) for item, hours in days.n.items()}
    return Days(groups.names, days.first, s, n, {item: np.maximum(one, 1) for item, one in m.items()})


class Groups(NamedTuple):
    """Sites by their district: `order`, the places of the sites district by district; `starts`, where each begins among them; `sizes`, how
    many stations each has, those without any value among them."""

    names: list[str]
    order: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, sites: Sequence[str], districts: Mapping[str, str | None]) -> "Groups":
        known = sorted((name, place) for place, site in enumerate(sites) if (name := districts.get(site)))
        names, starts = np.unique([name for name, _place in known], return_index=True)
        sizes = Counter(districts.values())
        return cls(
            names.tolist(), np.array([place for _name, place in known], "int64"), starts,
            np.array([sizes[name] for name in names.tolist()], "int64"),
        )  # fmt: skip

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Values of sites [site, …] summed by district [district, …]."""
        if not self.names:
            return np.zeros((0, *values.shape[1:]), "int64")
        return np.add.reduceat(values[self.order], self.starts, axis=0, dtype="int64")

    def enough(self, stations: np.ndarray, rules: Rules) -> np.ndarray:
        """Whether so many stations are three quarters of a district's.

        References
        ----------
        HJ 663-2013, 4.1 (M-H).
        """
        part, whole = rules.evaluation[-1]["stations_share"]
        sizes = self.sizes.reshape(-1, *[1] * (stations.ndim - 1))
        return (stations > 0) & (stations * whole >= sizes * part)
