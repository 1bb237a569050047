"""A year's evaluation of some stations beside what a practitioner would run: pandas, openair's method, aqi-hub.

Repeat with:  python benchmarks/assessing.py               (some minutes)
Smaller:      python benchmarks/assessing.py --stations 1 --rounds 1

All read the same Parquet file of simulated hours, the only one of a store. Qingshan does the whole evaluation (days, indices, years) exactly, as
benchmarks/national.py says. The peers do less, in floating point: daily means with at least 20 hours, the day's highest
eight-hour mean with six hours and 14 windows, annual mean and percentile, index and primary pollutant of each day.

pandas     one frame of items side by side, grouped by station and day; rolling windows; indices by numpy.interp.
openair    its way of doing it, in pandas (R is not needed): each station for itself, the hours padded to a regular series, rolling
           means and daily averages with a share of hours that must be there, then the statistics of the year.
aqi-hub    pandas for the days, then its function for each day (tables of HJ 633-2026). Its row of daily SO2 differs from the
           standard, so that its indices are timed here, not compared.

Each takes turns with the others; what counts is the time of the processor, that by the clock stands beside it. Goal: at least 20
times the fastest. What does not depend on the number of stations (the expressions are made and planned anew in each round) weighs
on small samples; take as many stations as the peers can bear.
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

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from aqi_hub.aqi_cn.aqi import cal_aqi_cn, cal_primary_pollutant
from national import kept

from qingshan.observations import engines
from qingshan.observations.assess.air import Rules, of_store
from qingshan.observations.assess.years import evaluated
from qingshan.observations.rows import USABLE
from qingshan.observations.simulating import air
from qingshan.observations.store import Store
from qingshan.standards.editions import edition

FASTER = 20.0
PERCENTILES = {"SO2": 0.98, "NO2": 0.98, "PM10": 0.95, "PM25": 0.95, "CO": 0.95, "O3": 0.9}
DAY_HOURS, WINDOW, WINDOW_HOURS, WINDOWS = 20, 8, 6, 14
TABLE = edition("hj633", code="hj633-2026")


def written(folder: Path, stations: int) -> str:
    """A store of one file: Qingshan reads it by the store, its peers by the file."""
    rows = pa.concat_tables([air(f"{1001 + n}A", date(2026, 1, 1), date(2027, 1, 1)) for n in range(stations)])
    store, received = Store(folder / "store"), datetime(2027, 1, 15)  # noqa: DTZ001 without a zone, as it is kept
    store.commit(kept(rows, 2026, received, False), store.snapshot())
    (file,) = store.snapshot().files()
    return file


def qingshan(file: str) -> int:
    store = Store(Path(file).parents[3])
    with engines.engine("duckdb") as connection:
        return len(evaluated(connection, of_store(connection, store), Rules.in_force()))


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
    windows = hours["O3"].unstack("site").rolling(WINDOW, min_periods=WINDOW_HOURS).mean()
    windows = windows[windows.index.hour >= WINDOW - 1]
    of_day = windows.groupby(windows.index.floor("D"))
    days["O3"] = of_day.max().where(of_day.count() >= WINDOWS).stack(future_stack=True).swaplevel()
    return days


def indexed(days: pd.DataFrame) -> pd.DataFrame:
    found = {}
    for item, (row, pollutant) in TABLE["reports"]["day"].items():
        if item != "O3_1h":
            points = [float(point) for point in TABLE["breakpoints"][row]]
            found[pollutant] = np.ceil(np.interp(days[pollutant].round(1 if pollutant == "CO" else 0), points,
                                                 TABLE["levels_at"][: len(points)]))  # fmt: skip
    table = pd.DataFrame(found, index=days.index)
    return table.assign(aqi=table.max(axis=1), primary=table.fillna(-1).idxmax(axis=1))


def yearly(days: pd.DataFrame) -> pd.DataFrame:
    of_site = days.groupby(level=0)
    return pd.concat([of_site.mean()] + [of_site[item].quantile(p) for item, p in PERCENTILES.items()], axis=1)


def by_pandas(file: str) -> int:
    days = pandas_days(frame(file))
    indexed(days)
    return len(yearly(days))


def by_openair(file: str) -> int:
    """Station by station, as openair's rollingMean, timeAverage and aqStats do."""
    hours, told = frame(file), []
    for site, one in hours.groupby(level="site"):
        series = one.droplevel("site").asfreq("h")
        days = series.resample("D").mean().where(series.resample("D").count() >= DAY_HOURS)
        windows = series["O3"].rolling(WINDOW, min_periods=WINDOW_HOURS).mean()
        windows = windows[windows.index.hour >= WINDOW - 1].resample("D")
        days["O3"] = windows.max().where(windows.count() >= WINDOWS)
        days.index = pd.MultiIndex.from_product([[site], days.index])
        indexed(days)
        told.append(yearly(days))
    return len(pd.concat(told))


def by_aqi_hub(file: str) -> int:
    days = pandas_days(frame(file))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of each value that is missing
        for row in days[["PM25", "PM10", "SO2", "NO2", "CO", "O3"]].itertuples(index=False):
            cal_primary_pollutant(
                cal_aqi_cn(*(None if value != value else value for value in row), data_type="daily")[1]
            )
    return len(yearly(days))


PEERS = {"pandas": by_pandas, "openair's method": by_openair, "aqi-hub": by_aqi_hub}


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
        assert {action(file) for action in everyone.values()} == {asked.stations}
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
