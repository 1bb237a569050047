"""Evaluations of water, groundwater, soil, noise, sea and rain as rows that are handed on, each with its editions, clauses and mark.

`OF` has, for each medium, what `qingshan assess` asks: whether sites stand by themselves or together (district), and in which
periods.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

import ibis
import pyarrow as pa

from qingshan.standards import groundwater as groundwater_law
from qingshan.standards import sea as sea_law
from qingshan.standards import soil as soil_law
from qingshan.standards.editions import Edition, edition, editions
from qingshan.standards.rounding import round_gbt8170
from qingshan.standards.water import BODIES, CLASSES

from ..engines import once
from . import groundwater, noise, rain, rivers, sea, soil
from . import water as water_expressions
from .reports import Rows, law_of, observations, report
from .results import Assessed, Result

GRADES = ("优", "良好", "轻度污染", "中度污染", "重度污染")
RISKS = ("低于筛选值", "高于筛选值", "高于管制值")
DIRECTIONS = {1: "变好", 0: "无明显变化", -1: "变差"}
SIZES = {0: "无明显变化", 1: "有所变化", 2: "明显变化"}
PLACES = 6  # of a mean that is shown without a place of its own


def _shown(value: Fraction | None, places: int = 1) -> Decimal | None:
    return None if value is None else round_gbt8170(value, places)


def _means(results: Mapping[str, Result], places: Mapping[str, int] = {}) -> dict:
    """Item → its mean, or "<limit" where all results lie below one; items without a usable result stand in `lacking`."""
    return {item: _mean(one, places.get(item, PLACES)) for item, one in results.items() if one.value is not None}


def _mean(one: Result, places: int) -> Decimal | str:
    if one.measured != one.value:
        return f"<{one.value.below.normalize():f}"
    return _plain(one.value, places)


def _plain(value: Fraction | None, places: int = PLACES) -> Decimal | None:
    """A number without the zeros that say nothing."""
    return None if value is None else round_gbt8170(value, places).normalize() + 0


def _there(code: str | None, *families: str) -> None:
    """Raises NoEdition where an edition is named that none of the families has."""
    if code and code not in {one.code for family in families for one in editions(family)}:
        edition(families[0], code=code)


def _completeness(results: Mapping[str, Result]) -> dict:
    """Usable results of those that are there, and the items classed of those measured."""
    n, of = sum(one.n for one in results.values()), sum(one.of for one in results.values())
    return {"results": n, "of": of, "rate": _shown(Fraction(100 * n, of) if of else None)}


# --- water


def water(rows: Rows, sites: Mapping[str, Mapping], per: str, together: bool, code: str | None) -> dict:
    rules = water_expressions.Rules.of(code) if code else water_expressions.Rules.in_force()
    if per == "sample":
        return _samples(rows, sites, rules)
    with observations(rows) as (connection, known):
        kept = rivers.sections(connection, known, sites, per, code)
        loads = rivers.loads(connection, known) if per == "year" else []
    if together:
        made = [_group(one, per) for one in rivers.by_group(kept.rows)]
    else:
        carried = {(one.site, one.period): one for one in loads}
        made = [_section(one, per, carried.get((one.site, one.period))) for one in kept.rows]
    odorous = (
        {} if together else {one.odorous_by.code: one.odorous_by for one in kept.rows if one.black_odorous is not None}
    )
    told = _report(made, (*rules.both, *odorous.values()), kept.faults)
    tried = rivers.trends(kept.rows) if per in ("month", "year") and not together else []
    return told | {"trends": [_trend(one) for one in tried]}


def _samples(rows: Rows, sites: Mapping[str, Mapping], rules: water_expressions.Rules) -> dict:
    """Each sample by itself, in one expression over any number of rows: class, deciding items, how many were classed."""
    bodies = {site: one["body"] for site, one in sites.items() if one.get("body") in BODIES}
    with observations(rows) as (connection, known):
        of = ibis.memtable(
            pa.table({"site": pa.array(bodies, pa.string()), "body": pa.array(bodies.values(), pa.string())})
        )
        fit = known.filter((known.unit == "mg/L") | (known.item == "ph"))
        taken = once(connection, water_expressions.samples(fit, rules))
        classed = water_expressions.sections(water_expressions.classes(taken, of, rules))
        found = connection.to_pyarrow(classed.order_by("site", "time")).to_pylist()
        strange = rivers.sections(connection, known, sites, "year").faults
    basis = law_of(rules.limits, rules.rating)
    made = [{"site": one["site"], "group": sites[one["site"]].get("group"), "time": one["time"], "body": bodies[one["site"]], "class": CLASSES[one["no"] - 1],
             "deciders": one["deciders"], "items": one["items"], "completeness": {"items": one["items"]}} | basis for one in found]  # fmt: skip
    return _report(made, rules.both, strange)


def _section(one: rivers.Section, per: str, load: rivers.Load | None) -> dict:
    table = one.section.limits["items"]
    row = {"site": one.site, "group": one.group, per: one.period, "body": one.body, "class": one.section.name,
           "grade": one.grade and GRADES[one.grade - 1], "deciders": " ".join(one.section.deciders), "main_pollutants": _pollutants(one.section),
           "items": sum(each.no is not None for each in one.section.items), "means": _means(one.results, {item: told.get("places", PLACES) for item, told in table.items()}),
           "lacking": one.lacking, "completeness": _completeness(one.results) | ({} if per == "sample" else {"months": one.months})}  # fmt: skip
    row |= {"change": one.change and _change(one.change)}
    if state := one.trophic:
        row |= {"tli": state.index, "trophic": state.state[0], "trophic_en": state.state[1]}
    if one.black_odorous is not None:
        row["black_odorous"] = one.black_odorous
    if load:
        row |= {"tn_load_t": _shown(load.load, 3), "tn_load_days": load.days, "tn_load_sampled": load.sampled}
    graded = [one.odorous_by] if one.black_odorous is not None else []
    return row | law_of(one.section.limits, one.section.rules, *graded)


def _pollutants(section) -> list[dict]:
    return [{"item": one.item, "multiple": one.multiple} for one in section.main_pollutants]


def _change(change) -> str:
    return SIZES[change.size] if not change.size else f"{SIZES[change.size]}（{DIRECTIONS[change.direction]}）"


def _group(one: rivers.Group, per: str) -> dict:
    first = one.sections[0].section
    main = [
        {"item": item, "over_share": share.rate, "multiple": multiple} for item, share, multiple in one.main_pollutants
    ]
    row = {"group": one.group, per: one.period, "sections": one.good.of, "good": one.good.count, "good_share": _shown(one.good_share),
           "worse_than_V_share": one.worst.rate, "grade": one.grade and GRADES[one.grade - 1], "main_pollutants": main,
           "classes": dict(zip(CLASSES, one.classes, strict=True)), "ranking_index": one.index, "ranking_index_change": one.index_change,
           "change": one.change and _change(one.change),
           "completeness": {"sections": one.good.of, "of": len(one.sections), "months": min(each.months for each in one.sections)}}  # fmt: skip
    return row | law_of(first.limits, first.rules)


def _trend(one: rivers.Trend) -> dict:
    tested = one.trend
    return {"site": one.site, "item": one.item, "first": one.first, "last": one.last, "n": one.n, "coefficient": _shown(tested.coefficient, 4),
            "critical": tested.critical, "significant": tested.significant, "direction": tested.direction}  # fmt: skip


# --- groundwater


def groundwaters(rows: Rows, sites: Mapping[str, Mapping], per: str, together: bool, code: str | None) -> dict:
    with observations(rows) as (connection, known):
        kept = groundwater.wells(connection, known, sites, "year" if together else per, code)
    made = (
        [_park(one) for one in groundwater.by_park(kept.rows)] if together else [_well(one, per) for one in kept.rows]
    )
    return _report(made, [one.well.edition for one in kept.rows] or editions(groundwater_law.FAMILY)[-1:], kept.faults)


def _well(one: groundwater.Well, per: str) -> dict:
    row = {"site": one.site, "group": one.group, per: one.period, "class": one.well.name, "deciders": " ".join(one.well.deciders),
           "items": sum(each.no is not None for each in one.well.items), "means": _means(one.results), "lacking": one.lacking,
           "nuclides": [each.item for each in one.well.items if each.why == "nuclides"], "completeness": _completeness(one.results)}  # fmt: skip
    return row | law_of(one.well.edition)


def _park(one: groundwater.Park) -> dict:
    worse = [
        {"site": site, "item": item, "before": before, "after": after} for site, item, before, after in one.worsened
    ]
    row = {"group": one.group, "year": one.period, "wells": len(one.wells), "class": one.no and groundwater_law.CLASSES[one.no - 1],
           "deciders": " ".join(one.deciders), "stable": one.stable, "stable_share": _shown(one.stable_share), "worsened": worse,
           "completeness": {"compared": one.compared, "of": len(one.wells)}}  # fmt: skip
    return row | law_of(one.wells[0].well.edition)


# --- soil


def soils(rows: Rows, sites: Mapping[str, Mapping], per: str, together: bool, code: str | None) -> dict:
    if per == "unit":
        return _units(rows, sites, code)
    _there(code, "gb15618", "gb36600")
    with observations(rows) as (connection, known):
        kept = (
            soil.lands(connection, known, sites, code) if together else soil.points(connection, known, sites, per, code)
        )
    made = [_land(one) if together else _point(one, per) for one in kept.rows]
    return _report(made, soil.editions_of(), kept.faults)


def _point(one: soil.Point, per: str) -> dict:
    over = [each for each in one.plot.items if each.no]
    row = {"site": one.site, "group": one.group, per: one.period, "land": one.land, "risk": one.no, "risk_name": None if one.no is None else RISKS[one.no],
           "deciders": " ".join(one.plot.deciders) if one.no else "", "pH": _shown(one.ph, 2),
           "over": [{"item": each.item, "value": _shown(Fraction(each.value), PLACES), "screening": each.screening, "intervention": each.intervention} for each in over],
           "items": sum(each.no is not None for each in one.plot.items), "means": _means(one.results), "lacking": one.lacking,
           "completeness": _completeness(one.results)}  # fmt: skip
    return row | law_of(one.plot.edition)


def _land(one: soil.Land) -> dict:
    family = 0 if one.kind == "farmland" else 1
    row = {"group": one.group, "kind": one.kind, "year": one.period, "points": sum(one.risks), **dict(zip(("low", "possible", "high"), one.risks, strict=True)),
           "low_share": _shown(one.low_share), "completeness": {"points": sum(one.risks)}}  # fmt: skip
    return row | law_of(soil.editions_of()[family])


def _units(rows: Rows, sites: Mapping[str, Mapping], code: str | None) -> dict:
    _there(code, soil_law.CLASSES, soil_law.FARMLAND)
    with observations(rows) as (connection, known):
        kept = soil.units(connection, known, sites, code)
    used = [one.judged.edition for one in kept.rows] + [each.plot.edition for one in kept.rows for each in one.points]
    return _report([_unit(one) for one in kept.rows], used or editions(soil_law.CLASSES)[-1:], kept.faults)


def _unit(one: soil.Unit) -> dict:
    row = {"unit": one.unit, "year": one.period, "class": one.no, "class_name": None if one.no is None else soil_law.UNIT_CLASSES[one.no],
           "deciders": " ".join(one.judged.deciders) if one.no else "", "apart": " ".join(one.judged.apart),
           "items": [{"item": each.item, "class": each.no, "points": list(each.points), "rule": each.rule} for each in one.judged.items],
           "points": [each.site for each in one.points], "completeness": {"points": len(one.points), "of": one.declared}}  # fmt: skip
    return row | law_of(one.judged.edition, one.points[0].plot.edition)


# --- noise


def noises(rows: Rows, sites: Mapping[str, Mapping], per: str, together: bool, code: str | None) -> dict:
    _there(code, "gb3096", "gb12523")
    zones, building = ((code if code and code.startswith(one) else None) for one in ("gb3096", "gb12523"))
    with observations(rows) as (connection, known):
        kept = noise.points(connection, known, sites, per, zones)
        sites_of = noise.building_sites(connection, known, sites, per, building)
    made = [_zone(one, per) for one in noise.zones(kept.rows)] if together else [_level(one, per) for one in kept.rows]
    used = [one.edition for one in (*kept.rows, *sites_of.rows)]
    return _report(made + [_building(one, per) for one in sites_of.rows], used or editions("gb3096")[-1:],
                   list(dict.fromkeys(kept.faults + sites_of.faults)))  # fmt: skip


def _level(one: noise.Point, per: str) -> dict:
    row = {"site": one.site, "group": one.group, per: one.period, "zone": one.zone, "Ld": one.level.day, "Ln": one.level.night, "Ldn": one.level.both,
           "limit_day": one.limits[0], "limit_night": one.limits[1], **_met(one), "completeness": {"days": one.day.of, "nights": one.night.of}}  # fmt: skip
    return row | law_of(one.edition)


def _met(one) -> dict:
    row = {"days": one.day.of, "days_met": one.day.met, "day_rate": _shown(one.day.rate), "nights": one.night.of, "nights_met": one.night.met,
           "night_rate": _shown(one.night.rate)}  # fmt: skip
    bursts = getattr(one, "bursts", None)
    return row | ({"bursts_met": bursts.met, "bursts_of": bursts.of} if bursts and bursts.of else {})


def _zone(one: noise.Zone, per: str) -> dict:
    row = {
        "group": one.group,
        "zone": one.zone,
        per: one.period,
        "points": one.points,
        **_met(one),
        "completeness": {"days": one.day.of, "nights": one.night.of},
    }
    return row | law_of(one.edition, edition("hj640", code="hj640-2012"))


def _building(one: noise.BuildingSite, per: str) -> dict:
    row = {"site": one.site, "group": one.group, per: one.period, "zone": noise.BUILDING, **_met(one), "worst_excess": one.worst,
           "completeness": {"levels": one.day.of + one.night.of, "not_counted": one.not_counted}}  # fmt: skip
    return row | law_of(one.edition)


# --- sea


def seas(rows: Rows, sites: Mapping[str, Mapping], per: str, together: bool, code: str | None) -> dict:
    with observations(rows) as (connection, known):
        kept = (sea.areas if together else sea.stations)(connection, known, sites, per, code)
    made = [_area(one, per) if together else _station(one, per) for one in kept.rows]
    return _report(made, [edition(sea_law.FAMILY, code=code or "gb3097-1997"), *editions(sea_law.RATING)], kept.faults)


def _station(one: sea.Station, per: str) -> dict:
    rich = one.eutrophication
    row = {"site": one.site, "group": one.group, per: one.period, "class": one.station.name, "deciders": " ".join(one.station.deciders) if one.no and one.no > 1 else "",
           "area": one.area and _shown(one.area, 3), "eutrophication": rich and rich.index, "eutrophication_grade": rich and rich.no,
           "items": sum(each.no is not None for each in one.station.items), "means": _means(one.results),
           "rises": {each.item: _plain(each.rise) for each in one.station.items if each.rise is not None}, "natural": _plain(one.natural),
           "lacking": one.lacking, "completeness": _completeness(one.results)}  # fmt: skip
    return row | law_of(one.station.edition, *(editions(sea_law.RATING)[-1:] if rich else ()))


def _area(one: sea.Area, per: str) -> dict:
    row = {"group": one.group, per: one.period, "good_share": _shown(one.good_share), "grade": one.grade and edition("hj442", code="hj442.10-2020")["grades"][one.grade - 1],
           "classes": dict(zip(sea_law.CLASSES, one.classes, strict=True)), "area": _shown(one.assessed, 3), "surveys": list(one.surveys),
           "completeness": {"surveys": len(one.surveys), "stations": sum(one.classes)}}  # fmt: skip
    return row | law_of(one.edition, edition("hj442", code="hj442.10-2020"))


# --- rain


def rains(rows: Rows, sites: Mapping[str, Mapping], per: str, together: bool, code: str | None) -> dict:
    per = "year" if together and per == "station" else per
    with observations(rows) as (connection, known):
        kept: Assessed = (
            rain.gauges(connection, known, sites) if per == "station" else rain.periods(connection, known, sites, per)
        )
    if together:
        made = [_rain_group(one, per) for one in rain.by_group(kept.rows)]
    else:
        made = [_gauge(one) if per == "station" else _rain_period(one, per) for one in kept.rows]
    return _report(made, [edition("sponge", code=code or "gbt51345-2018")], kept.faults)


def _gauge(one: rain.Gauge) -> dict:
    row = {"site": one.site, "group": one.group, "first": one.first, "last": one.last, "design_rainfall": {str(ratio): depth for ratio, depth in one.design.items()},
           "thirty_years": one.enough, "completeness": {"days": one.days, "of": one.of_days}}  # fmt: skip
    return row | law_of(one.edition)


def _rain_period(one: rain.Period, per: str) -> dict:
    row = {"site": one.site, "group": one.group, per: one.period, "rain": _shown(one.total), "runoff_days": one.runoff_days, "ratio": one.ratio,
           "depth": one.depth, "captured": _shown(one.captured), "completeness": {"days": one.days, "of": one.of_days}}  # fmt: skip
    return row | law_of(one.edition)


def _rain_group(one: rain.Group, per: str) -> dict:
    days, of = sum(each.days for each in one.gauges), sum(each.of_days for each in one.gauges)
    row = {"group": one.group, per: one.period, "gauges": len(one.gauges), "rain": _shown(one.total), "ratio": one.gauges[0].ratio,
           "captured": _shown(one.captured), "completeness": {"gauges": one.judged, "days": days, "of": of}}  # fmt: skip
    return row | law_of(one.gauges[0].edition)


def _report(made: list[dict], used: Iterable[Edition], faults) -> dict:
    listed = [
        {"site": one.site, "item": one.item, "period": one.period, "value": one.value, "zh": one.zh, "en": one.en}
        for one in faults
    ]
    return report(made, {one.code: one for one in used}.values()) | {"faults": listed}


Asked = Callable[[Rows, Mapping[str, Mapping], str, bool, str | None], dict]
OF: Mapping[str, Asked] = {
    "water": water,
    "groundwater": groundwaters,
    "soil": soils,
    "noise": noises,
    "sea": seas,
    "rain": rains,
}
