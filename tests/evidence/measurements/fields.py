"""Four units of farmland of an invented county, three of them sampled in 2025: one disagrees with its register."""

from datetime import date, datetime

from qingshan.evidence.registers.actions import Stated, define_register, put_entries
from qingshan.evidence.registers.schema import Definition
from qingshan.observations.appending import append
from qingshan.observations.store import Store
from qingshan.plan.models import Programme

from ...observations.sample import batch, row
from ..registers.served import KNOWN, definition

WHEN = datetime(2025, 6, 1, 10)  # noqa: DTZ001 local standard time of the site
UNITS = [
    {"no": "U1", "class": "used", "area": "72"}, {"no": "U2", "class": "used", "area": "84", "produce": 3, "produce_met": 3, "produce_heavy": 0},
    {"no": "U3", "class": "strict", "area": "96"}, {"no": "U4", "class": "used", "area": "10"},
]  # fmt: skip
CADMIUM = {"a": ("U1", 3), "b": ("U1", 3), "c": ("U2", 3), "d": ("U3", 3)}


def sample(site: str, cadmium: str, time: datetime = WHEN) -> list[dict]:
    shared = {"medium": "soil", "site": site, "period": "sample", "time": time}
    return [row(value=cadmium, item="Cd", unit="mg/kg", **shared), row(value="6", item="pH", unit="", **shared)]


def stated(data: dict, known_on: date = KNOWN) -> Stated:
    return Stated(data, None, known_on, known_on, None, "reported", "编造")


def fields_of(county: Programme, place: str, body: str | None = None) -> Definition:
    """The register of the units, kept by `body`; their samples lie in a store at `place`."""
    told = {"medium": "soil", "land": "paddy", "lon": 121.0, "lat": 30.7, "simulated": False}
    county.about["sites"] = [
        told | {"code": code, "unit": unit, "name": f"点{code}", "name_en": f"Point {code}"}
        for code, (unit, _cd) in CADMIUM.items()
    ]
    county.save()
    register = definition("fields", body)
    define_register(by=None, programme=county, definition=register)
    put_entries(by=None, programme=county, register="fields", rows=[stated(one) for one in UNITS])
    append(Store(place), batch([one for code, (_unit, cd) in CADMIUM.items() for one in sample(code, str(cd))]))
    return register
