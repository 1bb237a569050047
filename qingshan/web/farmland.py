"""Units of farmland: the class that stands in their register beside the one that the samples of their points say, in words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from qingshan.evidence.measurements import queries
from qingshan.evidence.registers.queries import serving
from qingshan.evidence.registers.schema import Definition
from qingshan.observations.assess import soil
from qingshan.observations.assess.histories import editions_of
from qingshan.people.models import User
from qingshan.plan.models import Programme
from qingshan.standards.editions import Edition
from qingshan.web.registers import name_of
from qingshan.web.sites.parts import item_name
from qingshan.web.sites.soil import element

PART = queries.PART


class Compared(queries.Compared):
    """A unit with both classes, as its reader is told of it."""

    @property
    def points(self) -> list[tuple[Mapping, str]]:
        """Its points with the address of the very rows that were judged."""
        there = {one.site: _rows_of(self.row.programme.code, one) for one in self.sampled.points}
        return [(site, there[site["code"]]) for site in self.sites]

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
    def elements(self) -> list[tuple[str, str, str]]:
        """Of the elements that decide, or that not all points agree on: name, points in each class, the rule."""
        judged = self.sampled.judged
        told = [one for one in judged.items if one.rule != "same" or (one.no and one.item in judged.deciders)]
        return [(item_name(element(one.item)), " / ".join(map(str, one.points)), rule_words(one.rule)) for one in told]

    @property
    def apart(self) -> list[Mapping]:
        """The points under strict control in a unit of a milder class."""
        return [site for site in self.sites if site["code"] in self.sampled.judged.apart]


def rule_words(rule: str) -> str:
    return {"same": _("各点一致"), "majority": _("多数点位"), "strictest": _("无多数，取最严")}[rule]


def class_words(definition: Definition, no: int | None) -> str:
    return "" if no is None else name_of(queries.class_of(definition, no))


def farmland_register(programme: Programme) -> Definition | None:
    return serving(programme, PART)


def compared(
    programme: Programme,
    definition: Definition,
    by: User | None,
    day: date,
    cutoff: datetime,
    keys: Iterable[str] | None = None,
) -> list[Compared]:
    found = queries.compared(programme, definition, by, day, cutoff, keys)
    return [Compared(**vars(one)) for one in found]


def areas(
    programme: Programme, definition: Definition, found: list[Compared], day: date, cutoff: datetime
) -> list[tuple[str, Decimal, Decimal]]:
    """For each class its words, its area by the register, and its area once the units `found` have the class of their samples."""
    by_samples = {one.row.entry_id: one.by_samples for one in found if one.by_samples is not None}
    stated, sampled = [Decimal(0)] * 3, [Decimal(0)] * 3
    for entry, data in (
        queries.farmland_rows(programme, definition, day, cutoff)
        .values_list("entry_id", "data")
        .iterator(chunk_size=5000)
    ):
        no, area = queries.stated_class(data), Decimal(str(data.get("area") or 0))
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


def _rows_of(programme: str, point: soil.Point) -> str:
    """The address of the rows of a point's sample."""
    return reverse("measurement-rows", args=[programme, point.site]) + f"?since={point.period}&until={point.period}"
