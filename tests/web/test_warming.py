"""What a server works out before anybody asks."""

from datetime import date
from threading import Barrier, Event, Thread

import pytest
from django.urls import reverse

from qingshan.observations.appending import append
from qingshan.observations.assess import asking
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.people.models import Role
from qingshan.web import measuring, warming

SITES = [
    {"code": "warm-air", "medium": "air", "name": "空气站", "lon": 121.1, "lat": 30.8, "simulated": True},
    {"code": "warm-river", "medium": "water", "body": "river", "name": "断面", "lon": 121.1, "lat": 30.8, "simulated": True},
    {"code": "warm-point", "medium": "noise", "zone": "2", "name": "声点", "lon": 121.1, "lat": 30.8, "simulated": True},
]  # fmt: skip


@pytest.fixture
def measured(county, settings, tmp_path, monkeypatch):
    settings.OBSERVATIONS = str(tmp_path / "observations")
    append(Store(settings.OBSERVATIONS), simulated(SITES, date(2026, 6, 1), date(2026, 7, 1)))
    county.about |= {"sites": SITES}
    county.save()
    monkeypatch.setattr(warming.connection, "close", lambda: None)  # the test stands on it


def test_a_reader_finds_all_media_worked_out(measured, county, enter, monkeypatch):
    warming.work_out()
    monkeypatch.setattr(asking.engines, "engine", lambda *_: pytest.fail("it is worked out again"))
    assert enter(Role.OFFICE, county).get(reverse("measurements", args=[county.code])).status_code == 200


def test_what_cannot_be_read_is_logged_and_stops_nothing(county, monkeypatch, caplog):
    monkeypatch.setattr(measuring, "air_of", lambda programme: 1 / 0)
    monkeypatch.setattr(warming.connection, "close", lambda: None)
    warming.work_out()
    assert "ahead of their readers" in caplog.text and "ZeroDivisionError" in caplog.text


def test_of_two_readers_at_once_one_works_it_out(county):
    calls, kept, together, at_work = [], {}, Barrier(2), Event()

    def evaluation(programme):
        if programme.pk not in kept:
            calls.append(programme.pk)
            at_work.wait(0.2)  # time enough for the other to begin, too
            kept[programme.pk] = "found"
        return kept[programme.pk]

    asked = measuring.worked_out_once(evaluation)

    def reader():
        together.wait(10)
        assert asked(county) == "found"

    readers = [Thread(target=reader) for _ in range(2)]
    for one in readers:
        one.start()
    for one in readers:
        one.join(10)
    assert calls == [county.pk]
