"""What the first reader of measurements would wait for is worked out when a server starts, beside its first answers."""

import logging
from threading import Thread

from django.db import connection

from qingshan.observations.assess.histories import EVALUATED
from qingshan.plan.models import Programme
from qingshan.web import measuring

log = logging.getLogger(__name__)


def begin() -> Thread:
    started = Thread(target=work_out, name="warming", daemon=True)
    started.start()
    return started


def work_out() -> None:
    """All that the pages of measurements keep, for each programme. What fails here is told when a page asks for it."""
    try:
        for programme in Programme.objects.order_by("pk"):
            measuring.air_of(programme)
            measuring.years_of_air(programme)
            measuring.water_of(programme)
            measuring.groups_of_water(programme)
            for medium in EVALUATED:
                measuring.histories_of(programme, medium)
    except Exception:
        log.warning("measurements could not be worked out ahead of their readers", exc_info=True)
    finally:
        connection.close()
