import json
from datetime import date

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from qingshan.observations.appending import append
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.plan.models import Programme
from qingshan.web import register_jobs

HERE = "/api/v1/programmes/riverbend"
SITES = [
    {"code": "sample-air", "medium": "air", "body": None, "name": "县城空气站", "name_en": "Town air station", "lon": 121.5, "lat": 30.9,
     "simulated": True},
    {"code": "sample-water", "medium": "water", "body": "river", "name": "北河桥断面", "name_en": "North River Bridge", "lon": 121.1,
     "lat": 30.8, "simulated": True},
    {"code": "sample-well", "medium": "groundwater", "name": "东园井", "name_en": "East park well", "lon": 121.1, "lat": 30.8, "simulated": True},
    {"code": "sample-noise", "medium": "noise", "zone": "2", "name": "声点", "name_en": "Noise point", "lon": 121.1, "lat": 30.8, "simulated": True},
]  # fmt: skip


@pytest.fixture(scope="session")
def observations(tmp_path_factory) -> str:
    """A store with two months of a station, a section and a noise point, and a year of a well."""
    found = str(tmp_path_factory.mktemp("observations"))
    well = [one for one in SITES if one["medium"] == "groundwater"]
    append(Store(found), simulated([one for one in SITES if one not in well], date(2026, 6, 1), date(2026, 8, 1)))
    append(Store(found), simulated(well, date(2026, 1, 1), date(2027, 1, 1)))  # sampled a few times in a year
    return found


@pytest.fixture(autouse=True)
def no_process_of_its_own(monkeypatch):
    """A file that is sent waits: what works on it would see another database."""
    for begin in ("begin", "begin_delivery"):
        monkeypatch.setattr(register_jobs, begin, lambda sent: None)


@pytest.fixture(scope="module")
def world(world):
    """The world, whose county measures at a station, a section, a well and a noise point."""
    county = Programme.objects.get(code=HERE.rpartition("/")[2])
    county.about["sites"] = SITES
    county.save()
    return world


@pytest.fixture(autouse=True)
def measured(observations, settings) -> None:
    settings.OBSERVATIONS = observations


@pytest.fixture
def county(world) -> Programme:
    return Programme.objects.get(code=HERE.rpartition("/")[2])


@pytest.fixture
def undone(db):
    caches["callers"].clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ask(world, undone):
    """Ask as someone of the world, or with one of its tokens; `file`: (name, bytes), sent as a form with `body`."""

    def asked(person: str, address: str, method: str = "GET", body=None, file=None, **headers):
        client = world.client(person)
        if person in ("read", "write"):
            headers["authorization"] = f"Bearer {world.secrets[person]}"
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        if file:
            told = encode_multipart(BOUNDARY, (body or {}) | {"file": SimpleUploadedFile(*file)})
            sent = {"data": told, "content_type": MULTIPART_CONTENT}
        address = address if address.startswith("/") else f"{HERE}/{address}"
        return client.generic(method, address, headers=headers, **sent)

    return asked
