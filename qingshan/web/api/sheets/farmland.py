"""Units of farmland: the class of their register beside the one that the samples of their points say."""

from datetime import date
from typing import Literal

from django.http import Http404
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from qingshan.evidence.registers.serving import FARMLAND_CLASSES
from qingshan.observations.assess.reports import told
from qingshan.web import farmland
from qingshan.web.api.answers import answers
from qingshan.web.api.measurements.sites import StandardOut, standards
from qingshan.web.api.sheets import router
from qingshan.web.pages import programme_for

Class = Literal[FARMLAND_CLASSES]


class ElementOut(Schema):
    """An element over the points of a unit; `points`: how many lie in each class, the mildest first."""

    item: str
    class_code: Class
    points: list[int]
    rule: Literal["same", "majority", "strictest"]


class SoilSampleOut(Schema):
    site: str
    sampled_on: date


class FarmlandUnitOut(Schema):
    """A sampled unit: its class in the register and by its samples (safe: protected first, used: used safely, strict: strictly
    controlled), and whether the two disagree. Neither is preferred."""

    key: str
    title: str
    registered: Class | None
    by_samples: Class | None
    disagrees: bool
    year: int
    produce_entered: bool = Field(description="whether points of produce made the class another than soil alone")
    elements: list[ElementOut]
    samples: list[SoilSampleOut]
    points: int = Field(description="points that the unit has, sampled or not")
    apart: list[str] = Field(description="sites under strict control in a unit of a milder class")


class FarmlandOut(Schema):
    register_code: str
    simulated: bool
    units: list[FarmlandUnitOut]
    standards: list[StandardOut]


@router.get("/programmes/{slug:programme}/farmland", response=answers(FarmlandOut))
def read_farmland(request, programme: str):
    """耕地单元的台账类别与土壤样品判定的类别。 Units of farmland: the class of the register beside that of their soil samples."""
    programme = programme_for(request, programme)
    definition = farmland.farmland_register(programme)
    if definition is None:
        raise Http404
    found = farmland.compared(programme, definition, request.user, timezone.localdate(), timezone.now())
    return FarmlandOut(
        register_code=definition.code, simulated=any(one.simulated for one in found),
        units=[_unit(one) for one in found], standards=standards([told(one) for one in farmland.editions(found)]),
    )  # fmt: skip


def _unit(one: farmland.Compared) -> FarmlandUnitOut:
    judged = one.sampled.judged
    elements = [
        ElementOut(item=it.item, class_code=FARMLAND_CLASSES[it.no], points=list(it.points), rule=it.rule)
        for it in judged.items
    ]
    return FarmlandUnitOut(
        key=one.row.entry.key, title=one.title, registered=_class(one.stated), by_samples=_class(one.by_samples),
        disagrees=one.disagrees, year=int(one.sampled.period), produce_entered=one.produce_entered, elements=elements,
        samples=[SoilSampleOut(site=it.site, sampled_on=date.fromisoformat(it.period)) for it in one.sampled.points],
        points=one.sampled.declared, apart=list(judged.apart),
    )  # fmt: skip


def _class(no: int | None) -> str | None:
    return None if no is None else FARMLAND_CLASSES[no]
