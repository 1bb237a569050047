from datetime import datetime

from django.conf import settings

from qingshan.observations.assess.asking import Asked
from qingshan.observations.assess.histories import Properties
from qingshan.plan.models import Programme

PROPERTIES = ("group", "body", "zone", "land", "unit", "area", "natural")


def sites_of(programme: Programme, medium: str | None = None) -> list[dict]:
    """The sites that the programme declares, in its order."""
    return [one for one in programme.about.get("sites", []) if medium in (None, one["medium"])]


def asked_of(programme: Programme, medium: str, as_of: datetime | None = None) -> Asked:
    """The rows of all sites of a medium, of the store as it stands now or as it was known at an instant."""
    return Asked.of(settings.OBSERVATIONS, medium, tuple(one["code"] for one in sites_of(programme, medium)), as_of)


def properties(programme: Programme, medium: str) -> Properties:
    """What the law of a medium asks of each of its sites, as far as it is told."""
    known = sites_of(programme, medium)
    return tuple((one["code"], tuple((name, one[name]) for name in PROPERTIES if one.get(name))) for one in known)
