"""Rows and calls for the tests of the media whose evaluations take (connection, rows, sites)."""

from datetime import datetime
from decimal import Decimal

import ibis
from hypothesis import settings

from qingshan.observations.engines import engine

from ..sample import batch

slow = settings(max_examples=8)
AT = datetime(2025, 3, 10, 10)  # noqa: DTZ001 local standard time of the site


def measured(site: str, item: str, value, **other) -> dict:
    told = {
        "medium": "air", "site": site, "item": item, "period": "sample", "time": AT, "unit": "", "below": False, "flag": "",
        "flagged_by": "", "source": "test", "line": 1, "value": None if value is None else Decimal(str(value)),
    }  # fmt: skip
    return told | ({"flag": "missing"} if value is None else {}) | other


def assessed(of, rows: list[dict], sites: dict, *words, **more):
    """What an evaluation gives of rows, on DuckDB."""
    with engine("duckdb") as connection:
        return of(connection, ibis.memtable(batch(rows)), sites, *words, **more)
