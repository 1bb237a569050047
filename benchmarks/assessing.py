"""A year's evaluation of some stations beside what a practitioner would run: pandas, openair's method, aqi-hub.

Repeat with:  python benchmarks/assessing.py               (some minutes)
Smaller:      python benchmarks/assessing.py --stations 1 --rounds 1

All read the same Parquet file of simulated hours, the only one of a store, and do the same work, for stations and for districts of
five: daily means with at least 20 hours, the day's highest eight-hour mean with six hours and 14 windows (or above the limit), index
and primary pollutant of each day, and of the year valid days by month, means, percentiles, attainment, composite index and good
days. Qingshan does it exactly, the peers in floating point; that their years come to the same, but for what floating point rounds
otherwise, is checked before the clock runs.

pandas     one frame of items side by side, grouped by station and day; rolling windows; indices by numpy.interp.
openair    its way of doing it, in pandas (R is not needed): each station for itself, the hours padded to a regular series, rolling
           means and daily averages with a share of hours that must be there.
aqi-hub    pandas, but its function for the index of each day (tables of HJ 633-2026). Its row of daily SO2 differs from the
           standard, so that its indices are timed here, not compared.

Each takes turns with the others; what counts is the time of the processor, that by the clock stands beside it. Goal: at least 20
times the fastest. Take as many stations as the peers can bear: what does not depend on their number weighs on small samples.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
import warnings
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from aqi_hub.aqi_cn.aqi import cal_aqi_cn, cal_primary_pollutant
from national import districts, kept
from national import stations as names

from qingshan.observations import engines
from qingshan.observations.assess.air import GASES_AND_DUST, Rules, daily
from qingshan.observations.assess.years import Year, evaluated
from qingshan.observations.rows import USABLE
from qingshan.observations.simulating import air
from qingshan.observations.store import Store
from qingshan.standards.editions import edition

FASTER = 20.0
PERCENTILES = {"SO2": 0.98, "NO2": 0.98, "PM10": 0.95, "PM25": 0.95, "CO": 0.95, "O3": 0.9}
ITEMS = list(PERCENTILES)
DAY_HOURS, WINDOW, WINDOW_HOURS, WINDOWS = 20, 8, 6, 14
YEAR = 2027  # of one edition
TABLE = edition("hj633", code="hj633-2026")
INCOMPLETE = TABLE["incomplete_published_above"]  # from which index on a day with missing items is published
LIMITS = edition("gb3095", code="gb3095-2026-transition")
BARS = {item: (of.get("annual", [None, None])[1], of.get("daily", of.get("mda8"))[1])
        for item, of in LIMITS["limits"].items() if item in ITEMS}  # fmt: skip
OZONE = BARS["O3"][1]


def written(folder: Path, stations: int) -> str:
    """A store of one file: Qingshan reads it by the store, its peers by the file."""
    span = date(YEAR, 1, 1), date(YEAR + 1, 1, 1)
    rows = pa.concat_tables([air(site, *span) for site in names(stations)])
    store, received = Store(folder / "store"), datetime(YEAR + 1, 1, 15)  # noqa: DTZ001 without a zone, as it is kept
    store.commit(kept(rows, YEAR, received, False), store.snapshot())
    (file,) = store.snapshot().files()
    return file


class Told(NamedTuple):
    """A year of a site, as far as the peers tell it."""

    days: tuple[int, ...]
    means: tuple[float, ...]
    percentiles: tuple[float, ...]
    attained: bool | None
    composite: float
    good: int
    counted: int


def qingshan(file: str) -> dict[str, Told]:
    store, rules = Store(Path(file).parents[3]), Rules.in_force()
    days = list(daily(engines.fields(store, medium="air", items=GASES_AND_DUST), rules))
    of = districts(days[0].sites)
    return {one.site: told(one) for one in evaluated(days, rules, of)}


def told(one: Year) -> Told:
    items = [one.items[item] for item in ITEMS]
    return Told(
        tuple(item.days for item in items), tuple(float(item.mean) for item in items),
        tuple(float(item.percentile) for item in items), one.attained, float(one.composite), one.good, one.counted,
    )  # fmt: skip


def frame(file: str) -> pd.DataFrame:
    """Items side by side; the exact values become floating numbers while they still are Arrow's, as fast as they can."""
    read = pq.read_table(file, columns=["site", "item", "time", "value", "flag"], partitioning=None)
    place = read.schema.get_field_index("value")
    rows = read.set_column(place, "value", read["value"].cast(pa.float64())).to_pandas()
    rows = rows[rows["flag"].isin(USABLE)]
    return rows.pivot(index=["site", "time"], columns="item", values="value")


def pandas_days(hours: pd.DataFrame) -> pd.DataFrame:
    by_day = hours.groupby([hours.index.get_level_values("site"), hours.index.get_level_values("time").floor("D")])
    days = by_day.mean().where(by_day.count() >= DAY_HOURS)
    windows = hours["O3"].unstack("site").asfreq("h").rolling(WINDOW, min_periods=WINDOW_HOURS).mean()
    windows = windows[windows.index.hour >= WINDOW - 1]
    of_day = windows.groupby(windows.index.floor("D"))
    highest = of_day.max()
    whole = (of_day.count() >= WINDOWS) | (highest > OZONE)
    days["O3"] = highest.where(whole).stack(future_stack=True).swaplevel()
    return days


def pandas_districts(days: pd.DataFrame) -> pd.DataFrame:
    """The mean of the stations of a district, where three quarters of them have a day."""
    of = days.index.get_level_values(0).map(districts(days.index.get_level_values(0).unique()))
    by_day = days.groupby([of, days.index.get_level_values(1)])
    return by_day.mean().where(by_day.count().mul(4) >= by_day.size().mul(3).to_numpy()[:, None])


def indexed(days: pd.DataFrame) -> pd.DataFrame:
    found = {}
    for row, pollutant in TABLE["reports"]["day"].values():
        points = [float(point) for point in TABLE["breakpoints"][row]]
        found[pollutant] = np.ceil(np.interp(days[pollutant].round(1 if pollutant == "CO" else 0), points,
                                             TABLE["levels_at"][: len(points)]))  # fmt: skip
    table = pd.DataFrame(found, index=days.index)
    aqi = table.max(axis=1)
    return table.assign(
        aqi=aqi, primary=table.fillna(-1).idxmax(axis=1), told=table.notna().all(axis=1) | (aqi > INCOMPLETE)
    )


def yearly(days: pd.DataFrame, index: pd.DataFrame) -> dict[str, Told]:
    site, month = days.index.get_level_values(0), days.index.get_level_values(1).month
    of_site, of_month = days[ITEMS].groupby(site), days[ITEMS].groupby([site, month])
    least = of_month.count().ge(np.where(of_month.size().index.get_level_values(1) == 2, 25, 27), axis=0)
    count, mean = of_site.count(), of_site.mean()
    complete = (count >= 324) & least.groupby(level=0).all() & (least.groupby(level=0).size() == 12).to_numpy()[:, None]
    percentile = pd.DataFrame({item: of_site[item].quantile(p) for item, p in PERCENTILES.items()})
    places = {item: 1 if item == "CO" else 0 for item in ITEMS}
    fails = pd.DataFrame({
        item: (percentile[item].round(places[item]) > daily)
        | (False if annual is None else mean[item].round(places[item]) > annual)
        for item, (annual, daily) in BARS.items()
    })  # fmt: skip
    fails = (fails & complete[fails.columns]).any(axis=1)
    attained = pd.Series(np.where(fails, False, np.where(complete.all(axis=1), True, None)), index=fails.index)
    composite = sum((percentile if item in ("CO", "O3") else mean)[item] / float(BARS[item][item in ("CO", "O3")])
                    for item in ITEMS)  # fmt: skip
    good, counted = ((index["told"] & (index["aqi"] <= 100)).groupby(site).sum(), index["told"].groupby(site).sum())
    columns = (
        count.to_numpy().tolist(),
        mean.round(places).to_numpy().tolist(),
        percentile.round(places).to_numpy().tolist(),
    )
    rest = attained.tolist(), composite.round(2).tolist(), good.tolist(), counted.tolist()
    return {name: Told(*(tuple(one) for one in row[:3]), *row[3:])
            for name, *row in zip(count.index, *columns, *rest, strict=True)}  # fmt: skip


def whole(days: pd.DataFrame, judge=indexed) -> dict[str, Told]:
    """The years of stations and of their districts, from the days of stations."""
    together = pandas_districts(days)
    return yearly(days, judge(days)) | yearly(together, judge(together))


def by_pandas(file: str) -> dict[str, Told]:
    return whole(pandas_days(frame(file)))


def by_openair(file: str) -> dict[str, Told]:
    """Station by station, as openair's rollingMean, timeAverage and aqStats do."""
    found = []
    for site, one in frame(file).groupby(level="site"):
        series = one.droplevel("site").asfreq("h")
        days = series.resample("D").mean().where(series.resample("D").count() >= DAY_HOURS)
        windows = series["O3"].rolling(WINDOW, min_periods=WINDOW_HOURS).mean()
        windows = windows[windows.index.hour >= WINDOW - 1].resample("D")
        days["O3"] = windows.max().where((windows.count() >= WINDOWS) | (windows.max() > OZONE))
        days.index = pd.MultiIndex.from_product([[site], days.index])
        found.append(days)
    return whole(pd.concat(found))


def by_aqi_hub(file: str) -> dict[str, Told]:
    return whole(pandas_days(frame(file)), hubs)


def hubs(days: pd.DataFrame) -> pd.DataFrame:
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of each value that is missing
        for row in days[["PM25", "PM10", "SO2", "NO2", "CO", "O3"]].itertuples(index=False):
            values = [None if value != value else value for value in row]
            index, parts = cal_aqi_cn(*values, data_type="daily")
            told = None not in values or (index or 0) > INCOMPLETE
            found.append((index, told, cal_primary_pollutant(parts)))
    return pd.DataFrame(found, index=days.index, columns=["aqi", "told", "primary"])


PEERS = {"pandas": by_pandas, "openair's method": by_openair, "aqi-hub": by_aqi_hub}


def agree(ours: dict[str, Told], theirs: dict[str, Told], by_index: bool) -> bool:
    """Whether all years come to the same, but for a rounding that floating point tips."""
    return ours.keys() == theirs.keys() and all(
        one.days == theirs[site].days
        and all(abs(a - b) <= 1 for a, b in zip(one.means + one.percentiles, theirs[site].means + theirs[site].percentiles, strict=True))
        and abs(one.composite - theirs[site].composite) <= 0.011
        and (not by_index or (one.counted == theirs[site].counted and abs(one.good - theirs[site].good) <= 2))
        for site, one in ours.items()
    ) and sum(one.attained == theirs[site].attained for site, one in ours.items()) >= 0.98 * len(ours)  # fmt: skip


def timed(action, file: str) -> tuple[float, float]:
    """Seconds of the processor, all threads together, and by the clock."""
    began = time.process_time(), time.perf_counter()
    action(file)
    return time.process_time() - began[0], time.perf_counter() - began[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("stations", 170), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qingshan-bench-") as folder:
        file, everyone = written(Path(folder), asked.stations), {"qingshan": qingshan} | PEERS
        ours = qingshan(file)
        for name, action in PEERS.items():
            assert agree(ours, action(file), by_index=action is not by_aqi_hub), f"{name} does not do the same work"
        turns = [{name: timed(action, file) for name, action in everyone.items()} for _ in range(asked.rounds)]
    ratios = {name: [statistics.median(turn[name][kind] / turn["qingshan"][kind] for turn in turns) for kind in (0, 1)]
              for name in everyone}  # fmt: skip
    for name, (processor, clock) in ratios.items():
        seconds = statistics.median(turn[name][0] for turn in turns)
        print(f"{name:<18}{seconds:8.2f} s of the processor{processor:8.2f} ×, by the clock{clock:8.2f} ×", flush=True)
    least = min(ratios[name][0] for name in PEERS)
    print(
        f"{asked.stations} stations, a simulated year; the fastest peer takes {least:.2f} × as long (goal {FASTER:.0f})"
    )
    return int(least < FASTER)


if __name__ == "__main__":
    sys.exit(main())
