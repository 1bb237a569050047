"""Evaluations as they are handed on: rows, and beside them the editions that made them with their marks."""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa

from qingshan.standards import air as air_law
from qingshan.standards.air.index import level
from qingshan.standards.editions import MARKS, Edition
from qingshan.standards.water.section import CLASSES

from .. import engines
from . import air, water, years

Rows = tuple[str, Any, pa.Table | None]  # medium, store or None, rows of a file or None


@contextmanager
def observations(rows: Rows):
    medium, store, given = rows
    with engines.engine() as connection:
        yield (
            connection,
            ibis.memtable(given) if given is not None else engines.observations(connection, store, medium=medium),
        )


def told(one: Edition) -> dict:
    zh, en = MARKS[one.mark]
    return {"code": one.code, "standard": one.standard, "title": one.title, "since": one.since, "until": one.until,
            "mark": one.mark, "verification": zh, "verification_en": en, "source": one.source}  # fmt: skip


def report(rows: list[dict], editions: Iterable[Edition]) -> dict:
    return {"editions": [told(one) for one in editions], "rows": rows}


def air_days(rows: Rows, rules: air.Rules, district: pa.Table | None = None) -> dict:
    """Each station's or district's days: concentrations, individual indices, index, level, primary pollutants, what is missing."""
    with observations(rows) as (connection, known):
        days = air.daily(known, rules)
        if district is not None:
            days = air.districts(days, ibis.memtable(district), rules)
        found = connection.to_pyarrow(air.indices(air.concentrations(days), rules).order_by("site", "day")).to_pylist()
    return report([_day(one, rules) for one in found], (*rules.index, *rules.limits))


def _day(one: Mapping, rules: air.Rules) -> dict:
    edition = (
        rules.index[0] if len(rules.index) == 1 else next((e for e in rules.index if e.holds_on(one["day"])), None)
    )
    values = {item: _number(one[f"c_{item}"], air.PLACES[item]) for item in air.DAILY}
    row = {"site": one["site"], "day": one["day"], "edition": edition and edition.code, "clause": edition and edition["clauses"]["breakpoints"],
           "mark": edition and edition.mark, **values}  # fmt: skip
    row |= {f"IAQI_{item}": one[f"i_{item}"] for item in air.GASES_AND_DUST}
    shown = level(one["aqi"]) if one["aqi"] is not None else None
    return row | {"AQI": one["aqi"], "published": one["published"], "level": shown and shown.name, "grade": shown and shown.grade,
                  "primary": one["primary"], "missing": one["missing"]}  # fmt: skip


def _number(value: int | None, places: int) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-places)


def air_years(rows: Rows, rules: air.Rules) -> dict:
    """Each station's years: completeness, mean, percentile, limits, attainment, composite index, share of good days."""
    with observations(rows) as (connection, known):
        days = ibis.memtable(connection.to_pyarrow(air.daily(known, rules)))
        found = [connection.to_pyarrow(one).to_pylist()
                 for one in (*air.yearly(days, rules), air.indices(air.concentrations(days), rules))]  # fmt: skip
    return report([_year(one) for one in years.finish(*found, rules)], (*rules.index, *rules.limits, *rules.evaluation))


def _year(one: years.Year) -> dict:
    row = {"site": one.site, "year": one.year, "limits": one.limits.code, "rules": one.rules.code, "mark": one.rules.mark,
           "attained": one.attained, "composite": one.composite, "good_days": one.good, "valid_days": one.counted, "good_rate": one.good_rate}  # fmt: skip
    for name in air_law.ITEMS:
        if item := one.items.get(name):
            over = [told.multiple for told in item.statistics if told.multiple is not None]
            row |= {f"{name}_days": item.days, f"{name}_incomplete": item.incomplete, f"{name}_mean": item.mean,
                    f"{name}_percentile": item.percentile, f"{name}_over": max(over, default=None)}  # fmt: skip
    return row


def water_samples(rows: Rows, bodies: pa.Table) -> dict:
    """Each section's samples: class, the items that decide it, how many were classed; and the sites without a kind of water body."""
    rules = water.Rules.in_force()
    with observations(rows) as (connection, known):
        of = ibis.memtable(bodies)
        taken = ibis.memtable(connection.to_pyarrow(water.samples(known, rules)))
        found = connection.to_pyarrow(
            water.sections(water.classes(taken, of, rules)).order_by("site", "time")
        ).to_pylist()
        lacking = connection.to_pyarrow(water.without_body(taken, of)).to_pylist()
    shown = [{"site": one["site"], "time": one["time"], "class": CLASSES[one["no"] - 1], "deciders": one["deciders"], "items": one["items"],
              "edition": rules.limits.code, "mark": rules.limits.mark} for one in found]  # fmt: skip
    return report(shown, (rules.limits, rules.rating)) | {"without_body": sorted(one["site"] for one in lacking)}


def water_months(rows: Rows, bodies: pa.Table) -> dict:
    """Each section's months by the means of its items: class, deciding items, main pollutants with their multiples."""
    rules = water.Rules.in_force()
    kinds = dict(zip(bodies["site"].to_pylist(), bodies["body"].to_pylist(), strict=True))
    with observations(rows) as (connection, known):
        taken = ibis.memtable(connection.to_pyarrow(water.samples(known, rules)))
        sums = connection.to_pyarrow(water.monthly(taken)).to_pylist()
    shown = [
        {"site": one.site, "month": one.month, "class": one.section.name, "deciders": " ".join(one.section.deciders),
         "main_pollutants": [{"item": p.item, "multiple": p.multiple} for p in one.section.main_pollutants], "items": len(one.means),
         "edition": rules.limits.code, "mark": rules.rating.mark}
        for one in water.finish(sums, kinds, rules)
    ]  # fmt: skip
    lacking = {row["site"] for row in sums} - set(kinds)
    return report(shown, (rules.limits, rules.rating)) | {"without_body": sorted(lacking)}
