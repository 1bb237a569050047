"""Small batches of observations for tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa

from qingshan.observations import engines
from qingshan.observations.rows import GIVEN
from qingshan.observations.store import Store

START = datetime(2025, 1, 1)  # noqa: DTZ001 local standard time of the site
RECEIVED = datetime(2025, 2, 1, tzinfo=UTC)


def row(hour: int = 0, value: str | None = "1", **other) -> dict:
    told = {
        "medium": "air", "site": "S1", "item": "PM25", "period": "hour", "time": START + timedelta(hours=hour),
        "value": None if value is None else Decimal(value), "unit": "μg/m³", "below": False,
        "flag": "" if value is not None else "missing", "flagged_by": "", "source": "test", "line": hour,
    }  # fmt: skip
    return told | other


def batch(rows: list[dict]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=GIVEN)


def lying(store: Store) -> list[dict]:
    """All rows of a store as they lie in it."""
    snapshot = store.snapshot()
    with engines.engine("duckdb") as connection:
        return connection.to_pyarrow(engines.stored(connection, store, snapshot, files=snapshot.files())).to_pylist()
