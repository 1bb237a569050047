"""Limits of what is discharged: dust of building sites, fume of kitchens, organic vapours, sewage works, waste water.

References
----------
DB31/964-2016, DB31/844-2014, GB 18483-2001, DB31/933-2015, GB 37822-2019, GB 18918-2002, DB31/199-2018. How far each is verified
stands in its table and goes with every verdict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .editions import Edition, edition
from .measured import Number
from .names import english
from .rounding import round_gbt8170

SITE_DUST, FUME_SHANGHAI, FUME, STACK, PLANT_VAPOUR = "db31-964", "db31-844", "gb18483", "db31-933", "gb37822"
SEWAGE_WORKS, WASTE_WATER = "gb18918", "db31-199"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A value beside its limit, both in the unit of the limit; `multiple`: by how much of the limit it exceeds it."""

    item: str
    value: Number
    limit: Number
    met: bool
    multiple: Decimal | None
    edition: Edition


class NoLimit(LookupError):
    """The edition has no such limit, or its number is not known here. Says so in both languages."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


def _held(item: str, value: Number, limit: Number, table: Edition) -> Verdict:
    if value < 0:
        raise ValueError(f"{item}: a discharge cannot be below zero: {value}")
    over = None if value <= limit else round_gbt8170((Fraction(value) - Fraction(limit)) / Fraction(limit), 2)
    return Verdict(item, value, limit, value <= limit, over, table)


@dataclass(frozen=True, slots=True)
class SiteDust:
    """A building site's natural day: for each bar (limit [mg/m³], times above it, times allowed)."""

    met: bool
    bars: tuple[tuple[Number, int, int], ...]
    periods: int
    edition: Edition


def site_dust(means: Sequence[Number | None], on: date | None = None, code: str | None = None) -> SiteDust:
    """A day of particles at a building site, from its means of 15 minutes [mg/m³].

    References
    ----------
    DB31/964-2016: so many means a day may lie above each bar. Missing means are not held for clean: `periods` tells how
    many there were of 96.
    """
    table = edition(SITE_DUST, on, code)
    there = [one for one in means if one is not None]
    bars = tuple((bar["limit"], sum(one > bar["limit"] for one in there), bar["times"]) for bar in table["bars"])
    return SiteDust(all(times <= allowed for _, times, allowed in bars), bars, len(there), table)


def fume_at_base(measured: Number, flow: Number, stoves: Number, table: Edition) -> Fraction:
    """The concentration of fume [mg/m³] at the base flow: measured [mg/m³] × flow [m³/h] / (stoves × 2000 m³/h).

    References
    ----------
    GB 18483-2001, 5.5.
    """
    return Fraction(measured) * Fraction(flow) / (Fraction(stoves) * table["base_flow"])


def fume_mean(samples: Sequence[Number], table: Edition) -> Fraction | None:
    """The mean of fume samples [mg/m³]; a value below a quarter of the highest is dropped, fewer than three left are None.

    References
    ----------
    GB 18483-2001, 6.3: five samples in a row of ten minutes each.
    """
    rule = table["samples"]
    if not samples:
        return None
    floor = Fraction(max(samples)) * Fraction(*rule["drop_below"])
    kept = [Fraction(one) for one in samples if one >= floor]
    return sum(kept, Fraction(0)) / len(kept) if len(kept) >= rule["least"] else None


def fume(value: Number, on: date | None = None, code: str | None = None, family: str = FUME_SHANGHAI) -> Verdict:
    """A kitchen's fume [mg/m³] held against the limit of Shanghai, or of the country with `family=FUME`."""
    table = edition(family, on, code)
    return _held("油烟", value, table["fume"], table)


def least_efficiency(stoves: int, table: Edition) -> int:
    """The least efficiency [%] of a purifier by the number of base stoves (GB 18483-2001, table 2). ValueError below one."""
    fitting = [least for least in table["efficiency"] if stoves >= least]
    if not fitting:
        raise ValueError(f"a kitchen has at least one base stove, not {stoves}")
    return table["efficiency"][max(fitting)]


def purifier(
    efficiency: Number, odour: Number | None = None, on: date | None = None, code: str | None = None
) -> list[Verdict]:
    """A kitchen's purifier by DB31/844: its efficiency [%] at least, its odour (dimensionless) at most, where that was measured."""
    table = edition(FUME_SHANGHAI, on, code)
    least = table["efficiency"]
    short = (
        None if efficiency >= least else round_gbt8170((Fraction(least) - Fraction(efficiency)) / Fraction(least), 2)
    )
    found = [Verdict("净化效率", efficiency, least, efficiency >= least, short, table)]
    return found if odour is None else [*found, _held("臭气浓度", odour, table["odour"], table)]


def stack(
    item: str, concentration: Number, rate: Number, on: date | None = None, code: str | None = None
) -> list[Verdict]:
    """A stack's concentration [mg/m³] and rate [kg/h] held against DB31/933."""
    table = edition(STACK, on, code)
    return [
        _held(item, value, bar, table) for value, bar in zip((concentration, rate), table["stack"][item], strict=True)
    ]


def boundary(item: str, concentration: Number, on: date | None = None, code: str | None = None) -> Verdict:
    """A concentration at a works' boundary [mg/m³] held against DB31/933."""
    table = edition(STACK, on, code)
    return _held(item, concentration, table["boundary"][item], table)


def plant_vapour(
    hour: Number, highest: Number, special: bool, on: date | None = None, code: str | None = None
) -> list[Verdict]:
    """Non-methane hydrocarbons on a works' ground [mg/m³]: the mean of an hour and the highest single value (GB 37822, A.1)."""
    table = edition(PLANT_VAPOUR, on, code)
    bars = table["limits"]["special" if special else "general"]
    return [_held("非甲烷总烃", value, bar, table) for value, bar in zip((hour, highest), bars, strict=True)]


def sewage_works(
    means: Mapping[str, Number], level: str, on: date | None = None, code: str | None = None,
    *, cold: bool = False, built_before_2006: bool = False,
) -> list[Verdict]:  # fmt: skip
    """A sewage works' daily means [mg/L] held against its level (一级A, 一级B, 二级, 三级); `cold`: water of 12 °C or less.

    An item without a limit at that level gives no verdict. pH is held against its range by `acidity`. Raises NoLimit for an
    item of which the edition limits single samples instead: see `sewage_sample`.

    References
    ----------
    GB 18918-2002, tables 1 and 2 (metals: one limit at every level).
    """
    table = edition(SEWAGE_WORKS, on, code)
    for item in means:
        if item in table["samples"]:
            raise _asked_of_samples(item, table)
    return _levelled(means, level, _works_bars(table, cold, built_before_2006), table)


def sewage_sample(
    values: Mapping[str, Number], level: str, on: date | None = None, code: str | None = None
) -> list[Verdict]:
    """A single sample of a sewage works [mg/L; colour: times; bacteria: per litre] held against its level.

    Raises NoLimit for an item of which the edition has no limit for single samples, or one whose number is not known here.

    References
    ----------
    GB 18918-2002 and its amendment (公告2025年第24号), in force from 2026-03-01 (S): pH, colour and faecal coliforms are limited in
    each sample instead of the day's mean; of ammonia nitrogen, total nitrogen, total phosphorus and chemical oxygen demand single
    samples have limits of their own, whose numbers were not found.
    """
    table = edition(SEWAGE_WORKS, on, code)
    for item in values:
        if item in table["samples_unknown"]:
            raise _unknown_number(item, table)
        if item not in table["samples"]:
            raise _asked_of_means(item, table)
    return _levelled(values, level, table["items"], table)


def _works_bars(table: Edition, cold: bool, old: bool) -> dict[str, list]:
    everywhere = {item: [bar] * len(table["levels"]) for item, bar in table["first"].items()}
    return everywhere | table["items"] | (table["cold"] if cold else {}) | (table["old"] if old else {})


def _asked_of_samples(item: str, table: Edition) -> NoLimit:
    return NoLimit(
        f"{table.code} 的“{item}”限值是瞬时值，不是日均值；请逐个样品评价。",
        f"{table.code} limits single samples of {english(item)}, not its daily mean; judge each sample.",
    )


def _asked_of_means(item: str, table: Edition) -> NoLimit:
    return NoLimit(
        f"{table.code} 没有“{item}”的瞬时限值，限值是日均值。",
        f"{table.code} has no limit of {english(item)} for single samples; it limits the daily mean.",
    )


def _unknown_number(item: str, table: Edition) -> NoLimit:
    return NoLimit(
        f"{table.code} 规定了“{item}”的瞬时限值，但数值未能查到，不能评价。",
        f"{table.code} limits single samples of {english(item)}, but the number was not found; it cannot be judged.",
    )


def waste_water(
    means: Mapping[str, Number], level: str, on: date | None = None, code: str | None = None
) -> list[Verdict]:
    """Waste water [mg/L] held against its level of DB31/199 (一级, 二级, 三级: to a sewer)."""
    table = edition(WASTE_WATER, on, code)
    return _levelled(means, level, table["items"], table)


def _levelled(means: Mapping[str, Number], level: str, bars: Mapping[str, list], table: Edition) -> list[Verdict]:
    column = table["levels"].index(level)
    return [
        _held(item, value, bars[item][column], table) for item, value in means.items() if bars[item][column] is not None
    ]


def acidity(ph: Number, table: Edition) -> bool:
    """Whether a pH lies in the range of GB 18918 or DB31/199."""
    low, high = table["ph"]
    return low <= ph <= high
