"""A drill in the trial district: two registers that serve an emergency, and who acts."""

from datetime import UTC, datetime, timedelta

from qingshan.coordination.incidents import actions
from qingshan.coordination.incidents.actions import Resource
from qingshan.coordination.incidents.models import Incident
from qingshan.evidence.registers.models import Entry
from tests.coordination.stuck import bodies
from tests.district import programme
from tests.evidence.registers.served import put

BEGAN = datetime(2025, 6, 1, 1, 0, tzinfo=UTC)  # nine in the morning


def minute(count: float) -> datetime:
    return BEGAN + timedelta(minutes=count)


def resources() -> list[Resource]:
    """A store of water's, and a team of farm's."""
    water, farm = bodies()
    kept = put(programme(), water.code)
    Entry.objects.filter(pk=kept["teams"].pk).update(body=farm)
    rows = [Entry.objects.select_related("body").get(pk=kept[one].pk) for one in ("stores", "teams")]
    return [Resource(row, row.key, 1500, 24) for row in rows]


def opened(by=None, **fields) -> Incident:
    told = {
        "drill": True,
        "kind": "spill",
        "title": "北河油污演练",
        "place": "北河桥",
        "lon": 121.03,
        "lat": 30.73,
        "began_at": BEGAN,
    }
    return actions.open_incident(by=by, programme=programme(), **{**told, **fields})
