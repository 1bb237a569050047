"""What the pages of the annual lists are made of: what a proposal needs to know, filters, and counts."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from django.utils import timezone

from qingshan.evaluation.yearly import year_ends
from qingshan.evidence.registers.queries import registers_as_of
from qingshan.indicators.queries import metrics_as_of
from qingshan.people.models import Body
from qingshan.plan.annual.models import AnnualList
from qingshan.plan.annual.proposing import Grounds
from qingshan.plan.annual.queries import Entry, Sheet
from qingshan.plan.models import Edition, Programme
from qingshan.plan.queries import content_of


def grounds(edition: Edition, year: int) -> Grounds:
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


@dataclass
class Group:
    """The items of a theme."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def item(self):
        return self.entries[0].item


@dataclass
class View:
    """A list with what the address asks of it."""

    sheet: Sheet
    body: str = ""
    theme: str = ""
    only: str = ""

    @property
    def annual(self) -> AnnualList:
        return self.sheet.annual

    @property
    def entries(self) -> list[Entry]:
        found = sorted(self.sheet.entries, key=lambda one: (one.item.theme_no, one.item.order))
        return [one for one in found if self._wanted(one)]

    def _wanted(self, entry: Entry) -> bool:
        if self.body and self.body not in entry.bodies or self.theme and self.theme != str(entry.item.theme_no):
            return False
        return {
            "undecided": not entry.decided,
            "open": not entry.done_on and not entry.line.removed,
            "done": bool(entry.done_on),
            "carried": bool(entry.item.carried_from_id),
            "amended": bool(entry.line.marks),
        }.get(self.only, True)

    @property
    def groups(self) -> list[Group]:
        return [Group(list(found)) for _, found in groupby(self.entries, key=lambda one: one.item.theme_no)]

    @property
    def themes(self) -> list:
        """The first item of each theme, for the filter."""
        return list(
            {
                one.item.theme_no: one.item for one in sorted(self.sheet.entries, key=lambda one: one.item.theme_no)
            }.values()
        )


def english_names(programme: Programme) -> dict[str, str]:
    """By code: the English name of each body, for parties that a list keeps as they were printed."""
    return dict(
        Body.objects.filter(jurisdiction=programme.jurisdiction_id).exclude(name_en="").values_list("code", "name_en")
    )
