from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile

from django.db.models import QuerySet

from qingshan.observations.assess import soil
from qingshan.observations.assess.histories import farmland_units
from qingshan.people.models import User
from qingshan.plan.models import Programme
from qingshan.standards.soil import Produce, adjusted_by_produce

from ...registers.models import Revision
from ...registers.queries import as_seen, revisions_as_of, sight, standing
from ...registers.schema import Choice, Definition
from ...registers.serving import FARMLAND_CLASSES
from .sites import asked_of, properties, sites_of

PART = "farmland-units"


@dataclass(frozen=True)
class Compared:
    """A unit: its row as its reader sees it, its class there and by its samples (0, 1, 2; None where there is none), what was sampled,
    its produce, and its points that were judged. Neither class is preferred; people decide which is to be changed."""

    definition: Definition
    row: Revision
    stated: int | None
    by_samples: int | None
    sampled: soil.Unit
    produce: Produce | None
    sites: tuple[Mapping, ...]

    @property
    def title(self) -> str:
        return self.definition.title_of(self.row.data)

    @property
    def area(self) -> Decimal | None:
        area = self.row.data.get("area")
        return None if area is None else Decimal(str(area))

    @property
    def simulated(self) -> bool:
        """Whether its row or any of its points is."""
        return self.row.origin == "simulated" or any(site["simulated"] for site in self.sites)

    @property
    def disagrees(self) -> bool:
        return _apart(self.stated, self.by_samples)

    @property
    def produce_entered(self) -> bool:
        """Whether the produce made the class another than the samples of soil alone."""
        return self.by_samples != self.sampled.no

    @property
    def produce_wrong(self) -> bool:
        return self.produce is not None and not self.produce.fits

    @property
    def sampled_on(self) -> date:
        """The day of the newest of the samples it was judged by."""
        return max(date.fromisoformat(one.period) for one in self.sampled.points)


def compared(
    programme: Programme,
    definition: Definition,
    by: User | None,
    day: date,
    cutoff: datetime,
    keys: Iterable[str] | None = None,
) -> list[Compared]:
    """The sampled units (those of `keys`, or all) that stood in the register on a day, by what was recorded up to an instant; those
    that disagree come first."""
    sites = {one["code"]: one for one in sites_of(programme, "soil") if one.get("unit")}
    if not sites:
        return []
    units = farmland_units(asked_of(programme, "soil", cutoff), properties(programme, "soil"), day)
    wanted = units.keys() if keys is None else units.keys() & set(keys)
    rows = farmland_rows(programme, definition, day, cutoff).filter(entry__key__in=wanted)
    sees = sight(definition, by)
    found = [
        _compared(definition, as_seen(one, sees), units[one.entry.key], sites)
        for one in rows.select_related("entry", "body").order_by("entry__key")
    ]
    return sorted(found, key=lambda one: not one.disagrees)


def farmland_rows(programme: Programme, definition: Definition, day: date, cutoff: datetime) -> QuerySet[Revision]:
    """The units that stood in the register on a day."""
    return standing(definition, revisions_as_of(programme, definition.code, day, cutoff))


def stated_class(data: Mapping) -> int | None:
    """The class 0, 1, 2 that a row of the register says."""
    return FARMLAND_CLASSES.index(data["class"]) if data.get("class") else None


def class_of(definition: Definition, no: int) -> Choice:
    """A class as the register calls it."""
    return next(one for one in definition.field["class"].choices if one.code == FARMLAND_CLASSES[no])


def _compared(definition: Definition, row: Revision, unit: soil.Unit, sites: Mapping[str, Mapping]) -> Compared:
    judged = {one.site for one in unit.points}
    points = tuple(site for code, site in sites.items() if code in judged)
    return Compared(definition, row, *_classes(row.data, unit), unit, _produce(row.data), points)


def _classes(data: Mapping, unit: soil.Unit) -> tuple[int | None, int | None]:
    """The class of a row, and the one of its samples once its produce is known."""
    produce, no = _produce(data), unit.no
    if no is not None and produce is not None and produce.fits:
        no = adjusted_by_produce(no, produce, unit.judged.edition)
    return stated_class(data), no


def _apart(stated: int | None, by_samples: int | None) -> bool:
    return None not in (stated, by_samples) and stated != by_samples


def _produce(data: Mapping) -> Produce | None:
    if data.get("produce") is None or data.get("produce_met") is None:
        return None
    return Produce(data["produce"], data["produce_met"], data.get("produce_heavy") or 0)


def apart_since(one: Compared, day: date, cutoff: datetime) -> date:
    """Since when a unit disagrees with its newest samples: the day they were taken or, where that is later, the day on which it
    became known that its row says otherwise, without a break since, by what was known on `day` and recorded up to `cutoff`."""
    said = Revision.objects.filter(
        entry=one.row.entry_id, effective_on__lte=day, known_on__lte=day, recorded_at__lte=cutoff
    )
    newest_first = said.order_by("-effective_on", "-pk").values_list("data", "known_on")
    apart = takewhile(lambda row: _apart(*_classes(row[0], one.sampled)), newest_first)
    return max(one.sampled_on, min(known_on for _data, known_on in apart))
