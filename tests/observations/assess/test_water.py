"""Classes of many sections, against the functions of the law and against what was published."""

from datetime import datetime, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa

from qingshan.observations.assess import water
from qingshan.observations.engines import engine
from qingshan.observations.rows import VALUE
from qingshan.standards import water as law
from qingshan.standards.measured import Censored

from ...standards.water.test_section import DAY, published

RULES = water.Rules.in_force()
START = datetime(2025, 1, 1)  # noqa: DTZ001


def classed(rows: list[dict], bodies: dict[str, str]) -> list[dict]:
    shape = pa.schema(
        [
            ("site", pa.string()),
            ("time", pa.timestamp("us")),
            ("item", pa.string()),
            ("value", VALUE),
            ("below", pa.bool_()),
        ]
    )
    with engine("duckdb") as connection:
        of = ibis.memtable(pa.table({"site": list(bodies), "body": list(bodies.values())}))
        return connection.to_pyarrow(
            water.classes(ibis.memtable(pa.Table.from_pylist(rows, schema=shape)), of, RULES)
        ).to_pylist()


def test_every_item_near_every_limit_equals_the_function_of_the_law():
    rows, exact = [], {}
    for body in ("river", "lake"):
        for item in water.rated(RULES):
            told = RULES.limits["items"][item]
            bars = told["lake"] if body == "lake" and "lake" in told else told["limits"]
            around = {Decimal(str(b)) for bar in bars for b in (bar if isinstance(bar, list) else [bar])}
            for n, value in enumerate(
                sorted({one + d for one in around for d in (Decimal(0), Decimal("0.000001"), -Decimal("0.000001"))})
            ):
                for below in (False, True):
                    time = START + timedelta(hours=n, minutes=below)
                    rows.append({"site": body, "time": time, "item": item, "value": value, "below": below})
                    exact[body, item, time] = law.item_class(
                        item, Censored(value) if below else value, body, RULES.limits
                    ).no
    found = classed(rows, {"river": "river", "lake": "lake"})
    assert {(one["site"], one["item"], one["time"]): one["no"] for one in found} == exact
    assert len(exact) > 400


def test_all_published_rows_get_the_class_the_function_of_the_law_gives():
    rows, exact = [], {}
    for n, (values, _, body, _) in enumerate(published()):
        time = START + timedelta(minutes=n)
        exact[time] = law.section(values, body, DAY).no
        rows += [
            {"site": body, "time": time, "item": item, "value": value, "below": False} for item, value in values.items()
        ]
    found: dict = {}
    for one in classed(rows, {"river": "river", "lake": "lake"}):
        found[one["time"]] = max(found.get(one["time"], 0), one["no"])
    assert found == exact and len(exact) == 23752
