"""Units of farmland: the class that stands in their register beside the one that the samples of their points say, and where the
two disagree. Neither is preferred; people decide which is to be changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from qingshan.evidence.measurements.queries import sites_of
from qingshan.evidence.registers.models import Revision
from qingshan.evidence.registers.queries import as_seen, revisions_as_of, serving, sight, standing
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.registers.serving import FARMLAND_CLASSES
from qingshan.observations.assess import soil
from qingshan.observations.assess.histories import editions_of, farmland_units
from qingshan.people.models import User
from qingshan.plan.models import Programme
from qingshan.standards.editions import Edition
from qingshan.standards.soil import Produce, adjusted_by_produce
from qingshan.web import measuring
from qingshan.web.registers import name_of
from qingshan.web.sites.parts import item_name
from qingshan.web.sites.soil import element

PART = "farmland-units"


@dataclass(frozen=True)
class Compared:
    """A unit: its row as its reader sees it, its class there and by its samples (0, 1, 2; None where there is none), what was sampled,
    its produce, and its points with the address of the very rows that were judged."""

    definition: Definition
    row: Revision
    stated: int | None
    by_samples: int | None
    sampled: soil.Unit | None
    produce: Produce | None
    points: list[tuple[Mapping, str]]

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
        return self.row.origin == "simulated" or any(site["simulated"] for site, _rows in self.points)

    @property
    def disagrees(self) -> bool:
        return None not in (self.stated, self.by_samples) and self.stated != self.by_samples

    @property
    def stated_words(self) -> str:
        return class_words(self.definition, self.stated)

    @property
    def sampled_words(self) -> str:
        return class_words(self.definition, self.by_samples)

    @property
    def sentence(self) -> str:
        """台账为安全利用类，按 2025 年样品为严格管控类; empty where they agree or one says nothing."""
        if not self.disagrees:
            return ""
        told = {"stated": self.stated_words, "year": self.sampled.period, "sampled": self.sampled_words}
        if self.produce_entered:
            return _("台账为%(stated)s，按 %(year)s 年样品和农产品为%(sampled)s") % told
        return _("台账为%(stated)s，按 %(year)s 年样品为%(sampled)s") % told

    @property
    def produce_entered(self) -> bool:
        """Whether the produce made the class another than the samples of soil alone."""
        return self.sampled is not None and self.by_samples != self.sampled.no

    @property
    def produce_wrong(self) -> bool:
        return self.produce is not None and not self.produce.fits

    @property
    def elements(self) -> list[tuple[str, str, str]]:
        """Of the elements that decide, or that not all points agree on: name, points in each class, the rule."""
        if self.sampled is None:
            return []
        judged = self.sampled.judged
        told = [one for one in judged.items if one.rule != "same" or (one.no and one.item in judged.deciders)]
        return [(item_name(element(one.item)), " / ".join(map(str, one.points)), rule_words(one.rule)) for one in told]

    @property
    def apart(self) -> list[Mapping]:
        """The points under strict control in a unit of a milder class."""
        named = self.sampled.judged.apart if self.sampled else ()
        return [site for site, rows in self.points if site["code"] in named]


def rule_words(rule: str) -> str:
    return {"same": _("各点一致"), "majority": _("多数点位"), "strictest": _("无多数，取最严")}[rule]


def class_words(definition: Definition, no: int | None) -> str:
    if no is None:
        return ""
    return next(name_of(one) for one in definition.field["class"].choices if one.code == FARMLAND_CLASSES[no])


def farmland_register(programme: Programme) -> Definition | None:
    return serving(programme, PART)


def compared(
    programme: Programme,
    definition: Definition,
    by: User | None,
    day: date,
    cutoff: datetime,
    keys: list[str] | None = None,
) -> list[Compared]:
    """The sampled units (those of `keys`, or all) that stood in the register on a day, by what was recorded up to an instant; those
    that disagree come first."""
    sites = {one["code"]: one for one in sites_of(programme, "soil") if one.get("unit")}
    if not sites:
        return []
    asked = measuring.asked_of(programme, "soil", cutoff)
    units = farmland_units(asked, measuring.properties(programme, "soil"), day)
    wanted = units.keys() if keys is None else units.keys() & set(keys)
    rows = _rows(programme, definition, day, cutoff).filter(entry__key__in=wanted).select_related("entry")
    sees = sight(definition, by)
    found = [
        _compared(definition, as_seen(one, sees), units[one.entry.key], sites) for one in rows.order_by("entry__key")
    ]
    return sorted(found, key=lambda one: not one.disagrees)


def areas(
    programme: Programme, definition: Definition, found: list[Compared], day: date, cutoff: datetime
) -> list[tuple[str, Decimal, Decimal]]:
    """For each class its words, its area by the register, and its area once the units `found` have the class of their samples."""
    by_samples = {one.row.entry_id: one.by_samples for one in found if one.by_samples is not None}
    stated, sampled = [Decimal(0)] * 3, [Decimal(0)] * 3
    for entry, data in (
        _rows(programme, definition, day, cutoff).values_list("entry_id", "data").iterator(chunk_size=5000)
    ):
        no, area = _stated(data), Decimal(str(data.get("area") or 0))
        if no is not None:
            stated[no] += area
        if (no := by_samples.get(entry, no)) is not None:
            sampled[no] += area
    return [(class_words(definition, no), stated[no], sampled[no]) for no in range(3)]


def editions(found: list[Compared]) -> list[Edition]:
    """Those by which the units and their points were judged."""
    units = [one.sampled for one in found]
    return editions_of(
        [one.judged.edition for one in units] + [point.plot.edition for one in units for point in one.points]
    )


def _rows(programme: Programme, definition: Definition, day: date, cutoff: datetime):
    return standing(definition, revisions_as_of(programme, definition.code, day, cutoff))


def _stated(data: Mapping) -> int | None:
    return FARMLAND_CLASSES.index(data["class"]) if data.get("class") else None


def _compared(definition: Definition, row: Revision, unit: soil.Unit, sites: Mapping[str, Mapping]) -> Compared:
    produce = _produce(row.data)
    no = unit.no
    if no is not None and produce is not None and produce.fits:
        no = adjusted_by_produce(no, produce, unit.judged.edition)
    there = {one.site: _rows_of(row.programme.code, one) for one in unit.points}
    points = [(site, there[code]) for code, site in sites.items() if code in there]
    return Compared(definition, row, _stated(row.data), no, unit, produce, points)


def _produce(data: Mapping) -> Produce | None:
    if data.get("produce") is None or data.get("produce_met") is None:
        return None
    return Produce(data["produce"], data["produce_met"], data.get("produce_heavy") or 0)


def _rows_of(programme: str, point: soil.Point) -> str:
    """The address of the rows of a point's sample."""
    return reverse("measurement-rows", args=[programme, point.site]) + f"?since={point.period}&until={point.period}"
