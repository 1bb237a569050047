"""The measurements of a demonstration: simulated ones, at the sites that the programme declares as simulated."""

from datetime import date, timedelta

import pyarrow as pa

from qingshan.evidence.registers.queries import entries, serving
from qingshan.evidence.registers.serving import FARMLAND_CLASSES
from qingshan.observations.appending import Appended, append
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.plan.models import Programme

YEARS_BEFORE = 1  # so that a period can be held against the same one a year before
LONGER = {"groundwater": 2, "soil": 2, "sea": 2}  # so that the last whole year can be


def measure(programme: Programme, until: date, place: str) -> Appended | None:
    """Put them into the store at `place` up to and with the day `until`; again it changes nothing. None where there are none."""
    burdens = _burdens(programme)
    sites = [
        one | {"burden": burdens.get(one["unit"], 0)} for one in programme.about.get("sites", []) if one["simulated"]
    ]
    if not sites:
        return None
    made = [simulated([one], _since(one["medium"], until), until + timedelta(days=1)) for one in sites]
    return append(Store(place), pa.concat_tables(made))


def _burdens(programme: Programme) -> dict[str, int]:
    """How heavily the soil of each registered unit of farmland is burdened, by its class: 0, 1, 2."""
    register = serving(programme, "farmland-units")
    rows = entries(programme, register.code) if register else ()
    return {one.key: FARMLAND_CLASSES.index(one.data["class"]) for one in rows if one.data.get("class")}


def _since(medium: str, until: date) -> date:
    return date(until.year - LONGER.get(medium, YEARS_BEFORE), 1, 1)
