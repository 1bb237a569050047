"""Measurements that nobody made, for a demonstration: the same ones for the same site at every call, with gaps and flags.

Every row says so by its source. The shapes are plausible (seasons, hours of the day, days that hang together) and no more.
"""

import zlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa

from qingshan.standards.editions import edition

from .rows import GIVEN, PLACES, TIME, VALUE
from .units import kept_in

SOURCE = "simulated"
HOURS_A_DAY, YEAR, MIDSUMMER = 24, 365.25, 200
GAP, FLAGGED = 0.012, 0.002  # shares of hours that begin a gap, that carry a flag
SPIKE = 3  # how much higher an hour is that looks like a fault of the instrument

# item: mean, how much winter (-: summer) adds, how much the afternoon adds, spread of days and of hours, step of its readings
AIR = {
    "SO2": (7, 0.10, 0.15, 0.20, 0.15, 1), "NO2": (30, 0.35, -0.25, 0.30, 0.25, 1), "CO": (0.6, 0.20, -0.10, 0.20, 0.15, 0.001),
    "O3": (72, -0.35, 0.60, 0.28, 0.15, 1), "PM10": (45, 0.30, -0.10, 0.42, 0.20, 1), "PM25": (27, 0.42, -0.10, 0.48, 0.20, 1),
}  # fmt: skip
# item: mean of a river, of a lake, how much summer adds, spread, step of its readings, detection limit
WATER = {
    "ph": (7.7, 8.1, 0.03, 0.02, 0.1, 0), "do": (7.8, 8.3, -0.20, 0.12, 0.1, 0), "codmn": (4.4, 4.6, 0.12, 0.14, 0.1, 0),
    "cod": (14, 15, 0.10, 0.14, 1, 0), "bod5": (2.6, 2.9, 0.10, 0.18, 0.1, 0), "nh3n": (0.55, 0.30, -0.20, 0.35, 0.01, 0.025),
    "tp": (0.13, 0.041, 0.15, 0.22, 0.001, 0.01), "tn": (2.6, 1.4, -0.20, 0.15, 0.01, 0), "oil": (0.02, 0.02, 0, 0.4, 0.01, 0.01),
    "temp": (18.5, 18.5, 0.5, 0.04, 0.1, 0),
}  # fmt: skip
# item: mean, spread, step of its readings, detection limit
GROUNDWATER = {
    "pH": (7.3, 0.02, 0.1, 0), "总硬度": (320, 0.15, 1, 0), "溶解性总固体": (620, 0.15, 1, 0), "硫酸盐": (70, 0.2, 1, 0),
    "氯化物": (90, 0.25, 1, 0), "铁": (0.12, 0.4, 0.01, 0.01), "锰": (0.06, 0.4, 0.01, 0.01), "铜": (0.003, 0.4, 0.001, 0.001),
    "锌": (0.02, 0.4, 0.001, 0.004), "铝": (0.04, 0.4, 0.001, 0.009), "挥发性酚类": (0.0008, 0.3, 0.0001, 0.0003),
    "阴离子表面活性剂": (0.05, 0.3, 0.01, 0.05), "耗氧量": (2.0, 0.2, 0.1, 0.5), "氨氮": (0.22, 0.5, 0.01, 0.025),
    "硫化物": (0.004, 0.3, 0.001, 0.003), "钠": (110, 0.15, 1, 0), "亚硝酸盐": (0.02, 0.6, 0.001, 0.003), "硝酸盐": (2.4, 0.4, 0.1, 0.1),
    "氰化物": (0.001, 0.2, 0.001, 0.001), "氟化物": (0.55, 0.15, 0.01, 0), "汞": (0.00003, 0.4, 0.00001, 0.00004),
    "砷": (0.002, 0.5, 0.0001, 0.0003), "硒": (0.0003, 0.3, 0.0001, 0.0004), "镉": (0.00005, 0.4, 0.00001, 0.00005),
    "六价铬": (0.003, 0.3, 0.001, 0.004), "铅": (0.001, 0.4, 0.0001, 0.0009), "三氯甲烷": (0.3, 0.3, 0.1, 0.4),
    "四氯化碳": (0.2, 0.3, 0.1, 0.4), "苯": (0.2, 0.3, 0.1, 0.4), "甲苯": (0.2, 0.3, 0.1, 0.3),
}  # fmt: skip
SEA = {
    "pH": (8.05, 0.008, 0.01, 0), "溶解氧": (7.4, 0.1, 0.01, 0), "化学需氧量": (1.3, 0.25, 0.01, 0), "无机氮": (0.27, 0.35, 0.001, 0.003),
    "活性磷酸盐": (0.02, 0.35, 0.001, 0.001), "石油类": (0.02, 0.4, 0.001, 0.004), "汞": (0.00003, 0.3, 0.00001, 0.00002),
    "铜": (0.0025, 0.3, 0.0001, 0.0002), "铅": (0.0006, 0.3, 0.0001, 0.0001), "锌": (0.012, 0.3, 0.001, 0.003),
    "镉": (0.0001, 0.3, 0.00001, 0.00003), "砷": (0.002, 0.2, 0.0001, 0.0005),
}  # fmt: skip
FARMLAND = {
    "pH": (6.9, 0.06, 0.1, 0), "Cd": (0.17, 0.35, 0.01, 0.01), "Hg": (0.12, 0.4, 0.001, 0.002), "As": (8.5, 0.25, 0.1, 0),
    "Pb": (28, 0.25, 0.1, 0), "Cr": (75, 0.2, 1, 0), "Cu": (28, 0.25, 1, 0), "Ni": (32, 0.2, 1, 0), "Zn": (95, 0.25, 1, 0),
}  # fmt: skip
CADMIUM = (1, 7, 28)  # how much more of it lies in soil that is not, lightly, heavily burdened
SURPRISING = 0.2  # share of units whose soil turns out a step worse than it is thought to be
BUILDING_LAND = {
    "砷": (8.5, 0.25, 0.1, 0), "镉": (0.2, 0.4, 0.01, 0.01), "铬（六价）": (0.3, 0.4, 0.1, 0.5), "铜": (38, 0.3, 1, 0),
    "铅": (35, 0.3, 0.1, 0), "汞": (0.15, 0.4, 0.001, 0.002), "镍": (35, 0.3, 1, 0),
}  # fmt: skip
VOLATILES, DETECTED = (
    27,
    (0.0013, 0.1),
)  # of the organic items of table 1 so many are volatile; how little of each kind shows [mg/kg]
NOISE = {
    "0": (46, 37),
    "1": (51, 42),
    "2": (56, 47),
    "3": (60, 51),
    "4a": (65, 53),
    "4b": (65, 56),
    "building": (64, 49),
}
SURVEYS = ("05-12", "08-11", "10-20")  # of the sea: spring, summer, autumn
RAIN_YEARS_BEFORE = 28  # a design rainfall asks for thirty years
WETTEST = 0.12  # how much more often it rains at midsummer


def air(site: str, since: date, until: date) -> pa.Table:
    """Hourly rows of the six items of a station in [since, until)."""
    hours = np.arange(np.datetime64(since, "h"), np.datetime64(until, "h"))
    return pa.concat_tables([_air_item(site, item, hours) for item in AIR])


def _air_item(site: str, item: str, hours: np.ndarray) -> pa.Table:
    mean, winter, afternoon, day_spread, hour_spread, step = AIR[item]
    chance = _chance(site, item)
    clock, days = _hour_of(hours), len(hours) // HOURS_A_DAY
    weather = np.repeat(_kept_up(_chance("weather", _kin(item)), days, 0.65), HOURS_A_DAY)
    course = 1 - winter * _summer(hours) + afternoon * np.cos((clock - 14) / HOURS_A_DAY * 2 * np.pi)
    noise = day_spread * weather + hour_spread * _kept_up(chance, len(hours), 0.8)
    values = (
        mean * np.clip(course, 0.15, None) * _local(site, item) * np.exp(noise - (day_spread**2 + hour_spread**2) / 2)
    )
    flags = _flags(site, chance, len(hours))
    values = np.where(flags == "spike", values * SPIKE, values)
    return _rows("air", site, item, "hour", hours, np.maximum(values, step), step, flags)


def _kin(item: str) -> str:
    """Dust moves together, ozone by itself."""
    return "dust" if item in ("PM10", "PM25") else item


def _flags(site: str, chance: np.random.Generator, count: int) -> np.ndarray:
    """Gaps of the whole station and of the one instrument, an hour under calibration, a spike to be reviewed."""
    flags = np.full(count, "", dtype=object)
    for cause, often in ((_chance(site, "power"), GAP / 12), (chance, GAP / 60)):
        for start in np.flatnonzero(cause.random(count) < often):
            flags[start : start + cause.integers(1, 12)] = "missing"
    flags[chance.random(count) < FLAGGED] = "calibration"
    flags[chance.random(count) < FLAGGED / 4] = "spike"
    return flags


def water(site: str, body: str, since: date, until: date) -> pa.Table:
    """Weekly samples of a section in [since, until); some are not taken."""
    chance = _chance(site, "samples")
    days = np.arange(np.datetime64(since), np.datetime64(until), 7)
    taken = (days + chance.integers(0, 3, len(days)))[chance.random(len(days)) > 0.05]
    times = taken[taken < np.datetime64(until)].astype("datetime64[h]") + 9
    return pa.concat_tables([_water_item(site, body, item, times) for item in WATER])


def _water_item(site: str, body: str, item: str, times: np.ndarray) -> pa.Table:
    river, lake, summer, spread, step, detected = WATER[item]
    noise = spread * _kept_up(_chance(site, item), len(times), 0.6)
    mean = (lake if body == "lake" else river) * (1 if item in ("ph", "temp") else _local(site, "water"))
    values = np.maximum(mean * (1 + summer * _summer(times)) * np.exp(noise), step)
    flags = np.where(_chance(site, item + "-gaps").random(len(times)) < 0.01, "missing", "").astype(object)
    below = values < detected
    return _rows("water", site, item, "sample", times, np.where(below, detected, values), step, flags, below)


def groundwater(site: str, since: date, until: date) -> pa.Table:
    """A sample of a well in each quarter."""
    months = np.arange(np.datetime64(since, "M"), np.datetime64(until, "M") + 1)
    times = _within(months[months.astype(int) % 3 == 1], 13, since, until)
    return _sampled("groundwater", site, GROUNDWATER, times)


def soil(site: str, land: str, since: date, until: date, unit: str = "", burden: int = 0) -> pa.Table:
    """A sample of a point in each year, by the items that the law of its use asks for. `burden`: how heavily the unit of farmland
    that it lies in is thought to be polluted, 0 to 2."""
    items = _farmland(unit, burden) if not land.startswith("class") else BUILDING_LAND | _organic()
    return _sampled("soil", site, items, _on("09-16", since, until))


def _farmland(unit: str, burden: int) -> dict[str, tuple]:
    """The items of farmland; a few units are worse than thought."""
    worse = unit and _chance("soil", unit, "surprise").random() < SURPRISING
    mean, *rest = FARMLAND["Cd"]
    return FARMLAND | {"Cd": (mean * CADMIUM[min(burden + bool(worse), 2)], *rest)}


def _organic() -> dict[str, tuple]:
    """The organic items that are always asked for, hardly ever found."""
    names = [one for one in edition("gb36600", code="gb36600-2018")["basic"] if one not in BUILDING_LAND]
    least = {name: DETECTED[place >= VOLATILES] for place, name in enumerate(names)}
    return {name: (bar / 3, 0.2, bar, bar) for name, bar in least.items()}


def sea(site: str, since: date, until: date) -> pa.Table:
    """A sample of a station in each survey of the year."""
    times = np.sort(np.concatenate([_on(day, since, until) for day in SURVEYS]))
    return _sampled("sea", site, SEA, times)


def _sampled(medium: str, site: str, items: dict[str, tuple], times: np.ndarray) -> pa.Table:
    return pa.concat_tables([_sampled_item(medium, site, item, told, times) for item, told in items.items()])


def _sampled_item(medium: str, site: str, item: str, told: tuple, times: np.ndarray) -> pa.Table:
    mean, spread, step, detected = told
    noise = spread * (
        0.7 * _chance(medium, site, item, "level").normal() + 0.5 * _chance(site, item).normal(0, 1, len(times))
    )
    values = np.maximum(mean * np.exp(noise), step)
    below = values < detected
    flags = np.full(len(times), "", dtype=object)
    return _rows(medium, site, item, "sample", times, np.where(below, detected, values), step, flags, below)


def _on(day: str, since: date, until: date) -> np.ndarray:
    """Ten o'clock of that day (month and day) in each year of [since, until)."""
    days = [np.datetime64(f"{year}-{day}") for year in range(since.year, until.year + 1)]
    return _within(np.array(days), 0, since, until)


def _within(days: np.ndarray, later: int, since: date, until: date) -> np.ndarray:
    days = days.astype("datetime64[D]") + later
    return days[(days >= np.datetime64(since)) & (days < np.datetime64(until))].astype("datetime64[h]") + 10


def noise(site: str, zone: str, since: date, until: date) -> pa.Table:
    """The level of each hour at a point."""
    hours = np.arange(np.datetime64(since, "h"), np.datetime64(until, "h"))
    day, night = NOISE[zone]
    chance, clock = _chance(site, "Leq"), _hour_of(hours)
    levels = np.where((clock >= 6) & (clock < 22), day, night) + 2 * np.cos((clock - 14) / HOURS_A_DAY * 2 * np.pi)
    levels = levels + _chance(site, "level").normal(0, 1) + 1.8 * _kept_up(chance, len(hours), 0.5)
    return _rows("noise", site, "Leq", "hour", hours, levels, 0.1, _gaps(chance, len(hours)))


def _gaps(chance: np.random.Generator, count: int) -> np.ndarray:
    """Some hours in a row without a level, some days apart."""
    flags = np.full(count, "", dtype=object)
    for start in np.flatnonzero(chance.random(count) < GAP / 24):
        flags[start : start + chance.integers(1, 12)] = "missing"
    return flags


def rain(site: str, since: date, until: date) -> pa.Table:
    """The rain of each day at a gauge."""
    days = np.arange(np.datetime64(since), np.datetime64(until))
    chance = _chance(site, "rain")
    often = 0.33 + WETTEST * _summer(days)
    falls = _kept_up(chance, len(days), 0.4) > np.sqrt(2) * (1 - 2 * often)
    depth = chance.gamma(0.6, 16, len(days)) * (1 + 0.5 * _summer(days))
    flags = np.where(chance.random(len(days)) < GAP / 12, "missing", "").astype(object)
    return _rows("rain", site, "rain", "day", days, np.where(falls, depth, 0), 0.1, flags)


def _chance(*of: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(" ".join(of).encode()))


def _local(site: str, item: str) -> float:
    """By how much a site stands above or below the others."""
    return float(np.exp(_chance(site, item, "level").normal(0, 0.12)))


def _kept_up(chance: np.random.Generator, count: int, share: float) -> np.ndarray:
    """A series of spread 1 in which each value keeps `share` of the one before."""
    steps = chance.normal(0, (1 - share**2) ** 0.5, count)
    weights = share ** np.arange(min(count, 60))
    return np.convolve(steps, weights)[:count]


def _summer(times: np.ndarray) -> np.ndarray:
    """1 at midsummer, -1 at midwinter."""
    day = (times - times.astype("datetime64[Y]").astype(times.dtype)) / np.timedelta64(1, "D")
    return np.cos((day - MIDSUMMER) / YEAR * 2 * np.pi)


def _hour_of(hours: np.ndarray) -> np.ndarray:
    return hours.astype("int64") % HOURS_A_DAY


def _rows(
    medium: str, site: str, item: str, period: str, times: np.ndarray, values: np.ndarray, step: float, flags: np.ndarray,
    below: np.ndarray | None = None,
) -> pa.Table:  # fmt: skip
    count = len(times)
    missing = np.isin(flags, ("missing", "calibration"))
    columns = {
        "medium": pa.repeat(medium, count), "site": pa.repeat(site, count), "item": pa.repeat(item, count),
        "period": pa.repeat(period, count), "time": pa.array(times.astype("datetime64[us]"), TIME),
        "value": _exact(values, step, missing), "unit": pa.repeat(kept_in(medium, item, ""), count),
        "below": pa.array(np.zeros(count, bool) if below is None else below & ~missing),
        "flag": pa.array(flags, pa.string()), "flagged_by": pa.array(np.where(flags == "", "", SOURCE)),
        "source": pa.repeat(SOURCE, count), "line": pa.nulls(count, pa.int64()),
    }  # fmt: skip
    return pa.table(columns, GIVEN)


def _exact(values: np.ndarray, step: float, missing: np.ndarray) -> pa.Array:
    """Values as readings of a step, in exact decimals; null where missing."""
    millionths = np.zeros((len(values), 2), "int64")
    millionths[:, 0] = np.rint(values / step).astype("int64") * int(Decimal(str(step)).scaleb(PLACES))
    made = pa.Array.from_buffers(VALUE, len(values), [None, pa.py_buffer(millionths)])
    return pa.compute.if_else(pa.array(missing), pa.scalar(None, VALUE), made)


def simulated(sites: Iterable[dict], since: date, until: date) -> pa.Table:
    """Rows of sites (code, medium, and what its law asks of each) in [since, until); of rain thirty years up to then."""
    made = [_of(one, since, until) for one in sites]
    return pa.concat_tables(made) if made else GIVEN.empty_table()


def _of(site: dict, since: date, until: date) -> pa.Table:
    code = site["code"]
    match site["medium"]:
        case "air":
            return air(code, since, until)
        case "water":
            return water(code, site["body"], since, until)
        case "groundwater":
            return groundwater(code, since, until)
        case "soil":
            return soil(code, site["land"], since, until, site.get("unit") or "", site.get("burden", 0))
        case "noise":
            return noise(code, site["zone"], since, until)
        case "sea":
            return sea(code, since, until)
    return rain(code, date(since.year - RAIN_YEARS_BEFORE, 1, 1), until)
