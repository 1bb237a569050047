"""The same expressions on the same files: Spark and DuckDB agree to the last digit."""

import random
from datetime import date, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest

from qingshan.observations import engines, quality
from qingshan.observations.appending import append
from qingshan.observations.assess import (
    air,
    annual,
    groundwater,
    hours,
    noise,
    rain,
    rivers,
    sea,
    soil,
    stations,
    water,
    years,
)
from qingshan.observations.assess.asking import Asked
from qingshan.observations.rows import LOOSE, PAST
from qingshan.observations.settling import settle
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store

from .sample import RECEIVED, START, batch, row

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore")]
pytest.importorskip("pyspark", reason="pyspark is not installed: make spark")

ITEMS = {"SO2": 60, "NO2": 90, "CO": 3, "O3": 240, "PM10": 180, "PM25": 120}
BODIES = {"river": "river", "lake": "lake"}


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """Three weeks of two stations with gaps, settled corrections and loose ones, and a month of two sections, in several commits."""
    chance, kept = random.Random(7), Store(tmp_path_factory.mktemp("spark") / "observations")
    hours = [
        row(site=site, item=item, time=START + timedelta(hours=n), value=str(Decimal(chance.randrange(top * 10)) / 10), line=n)
        for site in ("S1", "S2") for item, top in ITEMS.items() for n in range(24 * 21) if chance.random() > 0.06
    ]  # fmt: skip
    samples = [
        row(medium="water", site=site, item=item, period="sample", time=START + timedelta(days=n), unit="mg/L", line=n,
            value=str(Decimal(chance.randrange(1, top * 1000)) / 1000), below=chance.random() < 0.1)
        for site in BODIES for item, top in {"do": 12, "codmn": 12, "nh3n": 3, "tp": 1}.items() for n in range(30)
    ]  # fmt: skip
    append(kept, batch(hours + samples), RECEIVED)
    mended = [one | {"value": one["value"] + 3} for one in chance.sample(hours, 60)]
    append(kept, batch(mended), RECEIVED + timedelta(1))
    settle(kept)
    append(kept, batch([one | {"value": one["value"] + 7} for one in mended[::2]]), RECEIVED + timedelta(2))
    assert kept.snapshot().files("air", standing=(PAST,)) and kept.snapshot().files("air", standing=(LOOSE,))
    return kept


def found(engine: str, store: Store, as_of) -> dict[str, list[dict]]:
    """All evaluations by one engine, in one order."""
    rules = air.Rules.in_force()
    with engines.engine(engine) as connection:
        fields = list(engines.fields(store, medium="air", items=air.GASES_AND_DUST, as_of=as_of, connection=connection))
        (days,) = air.daily(fields, rules)
        whole = air.districts(days, {"S1": "D", "S2": "D"}, rules)
        rated = water.samples(
            engines.observations(connection, store, medium="water", as_of=as_of, name="waters"), water.Rules.in_force()
        )
        kinds = ibis.memtable(pa.table({"site": list(BODIES), "body": list(BODIES.values())}))
        asked = {
            "classes": water.classes(rated, kinds, water.Rules.in_force()), "months": water.monthly(rated),
        }  # fmt: skip
        return {
            "hours": [(one.first, one.sites, one.cells.tolist()) for one in fields],
            "index": list(air.indices(days, rules).rows()), "years": repr(list(years.evaluated([days], rules))),
            "districts": list(air.indices(whole, rules).rows()),
        } | {name: in_order(connection.to_pyarrow(one).to_pylist()) for name, one in asked.items()}  # fmt: skip


def in_order(rows: list[dict]) -> list[list]:
    told = [
        sorted(
            (name, str(Decimal(value).normalize()) if isinstance(value, Decimal) else str(value))
            for name, value in one.items()
        )
        for one in rows
    ]
    return sorted(told)


@pytest.mark.parametrize("as_of", [None, RECEIVED, RECEIVED + timedelta(1)], ids=["now", "first", "once corrected"])
def test_spark_and_duckdb_agree(store, as_of):
    here, there = found("duckdb", store, as_of), found("spark", store, as_of)
    for name in here:
        assert here[name] == there[name], name
    assert len(here["index"]) == 42 and len(here["classes"]) == 240


SITES = {
    "river": {"body": "river", "group": "g"}, "lake": {"body": "lake", "group": "g"}, "w": {"group": "park"}, "f": {"land": "rotation"},
    "n": {"zone": "1"}, "b": {"zone": "building"}, "s": {"area": "10"}, "p": {},
}  # fmt: skip
MEDIA = {
    "river": "water",
    "lake": "water",
    "w": "groundwater",
    "f": "soil",
    "n": "noise",
    "b": "noise",
    "s": "sea",
    "p": "rain",
}


@pytest.fixture(scope="module")
def media(tmp_path_factory) -> Store:
    kept = Store(tmp_path_factory.mktemp("media") / "observations")
    listed = [SITES[site] | {"code": site, "medium": medium} for site, medium in MEDIA.items()]
    append(kept, simulated(listed, date(2024, 8, 1), date(2024, 11, 1)), RECEIVED)
    return kept


def rows_of(engine: str, store: Store) -> dict[str, list]:
    asked = {"water": (rivers.groups, "month"), "groundwater": (groundwater.wells, "month"), "soil": (soil.points, "year"),
             "noise": (noise.points, "month"), "sea": (sea.areas, "season"), "rain": (rain.periods, "month")}  # fmt: skip
    with engines.engine(engine) as connection:
        found = {}
        for medium, (of, per) in asked.items():
            known = engines.observations(connection, store, medium=medium, name=f"of_{medium}")
            found[medium] = of(connection, known, SITES, per)
        sites = engines.observations(connection, store, medium="noise", name="of_sites")
        found["sites"] = noise.building_sites(connection, sites, SITES)
        fields = engines.fields(store, medium="air", items=air.GASES_AND_DUST, lead=hours.LEAD, connection=connection)
        return found | {"hours": hours.indices(fields, air.Rules.in_force(), running=True)}


def test_spark_and_duckdb_agree_on_every_medium(media, store):
    for one in (media, store):
        here, there = rows_of("duckdb", one), rows_of("spark", one)
        for name in here:
            assert repr(here[name]) == repr(there[name]), name
        assert one is store or all(
            here[medium].rows for medium in ("water", "groundwater", "soil", "noise", "sea", "rain", "sites")
        )


def test_what_pages_and_years_tell_is_the_same_on_spark(store, monkeypatch):
    """Daily values that are missing stay missing, and those that are there stay there."""
    asked = Asked.of(store.place, "air", ("S1", "S2"))
    told = {}
    for engine in ("duckdb", "spark"):
        monkeypatch.setenv("QINGSHAN_ENGINE", engine)
        of_two, each = stations.district.__wrapped__(asked), stations.stations.__wrapped__(asked)
        yearly = annual.annual.__wrapped__(asked, (), ())
        told[engine] = (dict(of_two.exact), each["S1"].diurnal, of_two.days, yearly)
    assert told["duckdb"] == told["spark"] and told["duckdb"][2]


def test_spark_and_duckdb_mark_the_same_values(tmp_path, monkeypatch):
    told = {"PM25": ["20", "320", "30", "99999", "-1"], "PM10": ["33"] * 9}
    kept, marks = Store(tmp_path / "observations"), {}
    hours = [row(n, one, item=item, site=item) for item, values in told.items() for n, one in enumerate(values)]
    append(kept, batch(hours), RECEIVED)
    for name in ("duckdb", "spark"):
        monkeypatch.setenv("QINGSHAN_ENGINE", name)
        marks[name] = quality.look(kept, "air", quality.rules_on(date(2026, 6, 1))).rows.to_pylist()
    assert {one["flag"] for one in marks["duckdb"]} == {"spike", "range", "negative", "stuck"}
    assert marks["spark"] == marks["duckdb"]
