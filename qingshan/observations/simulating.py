"""Measurements that nobody made, for a demonstration: the same ones for the same site at every call, with gaps and flags.

Every row says so by its source. The shapes are plausible (seasons, hours of the day, days that hang together) and no more.
"""

import zlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa

from .rows import GIVEN, PLACES, TIME, VALUE
from .units import kept_in

SOURCE = "simulated"
HOURS_A_DAY, YEAR, MIDSUMMER = 24, 365.25, 200
GAP, FLAGGED = 0.012, 0.002  # shares of hours that begin a gap, that carry a flag

# item: mean, how much winter (-: summer) adds, how much the afternoon adds, spread of days and of hours, step of its readings
AIR = {
    "SO2": (7, 0.10, 0.15, 0.20, 0.15, 1), "NO2": (30, 0.35, -0.25, 0.30, 0.25, 1), "CO": (0.6, 0.20, -0.10, 0.20, 0.15, 0.001),
    "O3": (72, -0.35, 0.60, 0.28, 0.15, 1), "PM10": (45, 0.30, -0.10, 0.42, 0.20, 1), "PM25": (27, 0.42, -0.10, 0.48, 0.20, 1),
}  # fmt: skip
# item: mean of a river, of a lake, how much summer adds, spread, step of its readings, detection limit
WATER = {
    "ph": (7.7, 8.1, 0.03, 0.02, 0.1, 0), "do": (7.2, 8.0, -0.22, 0.12, 0.1, 0), "codmn": (4.4, 4.6, 0.12, 0.14, 0.1, 0),
    "cod": (15, 17, 0.10, 0.14, 1, 0), "bod5": (2.6, 2.9, 0.10, 0.18, 0.1, 0), "nh3n": (0.55, 0.30, -0.20, 0.35, 0.01, 0.025),
    "tp": (0.14, 0.045, 0.15, 0.22, 0.001, 0.01), "tn": (2.6, 1.4, -0.20, 0.15, 0.01, 0), "oil": (0.02, 0.02, 0, 0.4, 0.01, 0.01),
    "temp": (18.5, 18.5, 0.5, 0.04, 0.1, 0),
}  # fmt: skip


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
    """Rows of sites (code, medium, body) in [since, until)."""
    made = [
        air(one["code"], since, until) if one["medium"] == "air" else water(one["code"], one["body"], since, until)
        for one in sites
    ]
    return pa.concat_tables(made) if made else GIVEN.empty_table()
