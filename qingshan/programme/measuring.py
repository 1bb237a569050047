"""The measurements of a demonstration: simulated ones, at the sites that the programme declares as simulated."""

from datetime import date, timedelta

from qingshan.observations.appending import Appended, append
from qingshan.observations.simulating import simulated
from qingshan.observations.store import Store
from qingshan.plan.models import Programme

YEARS_BEFORE = 1  # so that a period can be held against the same one a year before


def measure(programme: Programme, until: date, place: str) -> Appended | None:
    """Put them into the store at `place` up to and with the day `until`; again it changes nothing. None where there are none."""
    sites = [one for one in programme.about.get("sites", []) if one["simulated"]]
    if not sites:
        return None
    since = date(until.year - YEARS_BEFORE, 1, 1)
    return append(Store(place), simulated(sites, since, until + timedelta(days=1)))
