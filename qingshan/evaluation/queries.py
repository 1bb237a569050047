from collections import Counter

from django.utils import timezone

from qingshan.evidence.registers.queries import registers_as_of
from qingshan.indicators.queries import metrics_as_of
from qingshan.plan.annual.proposing import Grounds
from qingshan.plan.models import Edition
from qingshan.plan.queries import content_of

from .yearly import year_ends


def grounds_of_list(edition: Edition, year: int) -> Grounds:
    """What a proposal rests on beside the plan: the planned curves, and who keeps the registers of its metrics and tasks."""
    now = timezone.now()
    kept = {code: one for code, one in registers_as_of(edition.programme, now).items() if one.body}
    owners = {
        code: body for code, metric in metrics_as_of(edition.programme, now).items() if (body := _keeper(metric, kept))
    }
    keepers: dict[str, Counter] = {}
    for one in kept.values():
        for no in one.tasks:
            keepers.setdefault(str(no), Counter())[one.body] += 1
    return Grounds(year_ends(content_of(edition).targets, year), owners, keepers)


def _keeper(metric, kept: dict) -> str:
    """The body that keeps the one register a metric is taken from; "" where there is none or several."""
    named = {told["register"] for told in metric.inputs.values() if isinstance(told, dict) and "register" in told}
    bodies = {kept[code].body for code in named if code in kept}
    return bodies.pop() if len(bodies) == 1 else ""
