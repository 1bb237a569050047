"""Which column of a file of measurements holds what: proposed, corrected, kept for all files alike."""

from typing import Literal

from django.utils import translation
from ninja import Query, Schema, Status
from pydantic import Field

from qingshan.evidence.measurements import actions
from qingshan.web import delivering, register_jobs
from qingshan.web.api import schemas
from qingshan.web.api.answers import answers, written
from qingshan.web.api.measurements import router
from qingshan.web.api.measurements.deliveries import DELIVERY, DeliveryOut, delivery_at, delivery_out
from qingshan.web.api.measurements.sites import Medium
from qingshan.web.api.problems import Fault, Misasked

Heading = Field(ge=1, le=999, description="the row of the file in which the names of its columns stand")


class ColumnOut(Schema):
    """A column of a file: its name, some of its cells, what it seems to hold, the unit its heading names."""

    number: int
    name: str
    shown: list[str]
    role: str
    unit: str


class RoleOut(Schema):
    """What a column may hold."""

    role: str
    name: schemas.Words


class Proposed(Schema):
    medium: str
    heading: int
    columns: list[ColumnOut]
    roles: list[RoleOut]


class ColumnIn(Schema):
    """What the column of that number holds; columns that are not named are not read."""

    number: int = Field(ge=0, le=9999)
    role: str = Field(max_length=60)
    unit: str = Field("", max_length=40)


class MappingIn(Schema):
    """A mapping under a name; one of the same name is replaced.

    period: what a value stands for. stamp: of hours, whether their start or their end is written. at: the site of the whole
    file, where no column names one.
    """

    name: str = Field(max_length=200)
    medium: Medium
    heading: int = Heading
    period: Literal["hour", "day", "month", "sample"]
    stamp: Literal["start", "end"] = "start"
    at: str = Field("", max_length=80)
    columns: list[ColumnIn] = Field(min_length=1, max_length=200)


@router.get(DELIVERY + "/mapping", response=answers(Proposed))
def propose_mapping(
    request, programme: str, number: int, medium: Medium | None = None,
    heading: int | None = Query(None, ge=1, le=999, description="the row of the names; proposed where none is given"),
):  # fmt: skip
    """按表头拟出的字段对照：每一列是什么、什么单位。 What each column of a file seems to hold, and in which unit."""
    found = delivery_at(request, programme, number)
    medium = medium or delivering.medium_of(found, delivering.media_of(found.programme))
    row, columns = delivering.columns_of(found, medium, heading)
    told = [
        ColumnOut(number=one.number, name=one.name, shown=list(one.shown), role=one.role, unit=one.unit)
        for one in columns
    ]
    return Proposed(medium=medium, heading=row, columns=told, roles=_roles(medium))


@router.post(DELIVERY + "/mapping", response=written(DeliveryOut, 202))
def keep_mapping(request, programme: str, number: int, given: MappingIn):
    """保存字段对照并按它重新试算，同样的文件以后自动认出。 Keep a mapping, and try the file by it; files alike are recognised from then on."""
    found = delivery_at(request, programme, number)
    row, columns = delivering.columns_of(found, given.medium, given.heading)
    names = {one.number: one.name for one in columns}
    _check(given, names)
    asked = given.model_dump(include={"name", "period", "stamp", "at"}) | {"heading": row}
    for one in given.columns:
        asked |= {f"role_{one.number}": one.role, f"unit_{one.number}": one.unit}
    told = delivering.mapping_sent(asked, names, given.medium)
    kept = actions.keep_mapping(by=request.user, programme=found.programme, told=told)
    tried = actions.read_as(by=request.user, delivery=found, source=kept.code)
    register_jobs.begin_delivery(tried)
    return Status(202, delivery_out(tried))


def _check(given: MappingIn, names: dict[int, str]) -> None:
    known, wrong = {one for one, _words in delivering.choices(given.medium)}, []
    for place, one in enumerate(given.columns):
        if one.number not in names:
            wrong.append(Fault(field=f"columns.{place}.number", zh=f"第 {given.heading} 行没有第 {one.number} 列的列名；列从 0 数起。",
                               en=f"Row {given.heading} names no column {one.number}; columns are counted from 0."))  # fmt: skip
        if one.role not in known:
            wrong.append(Fault(field=f"columns.{place}.role", zh=f"“{one.role}”不是列的内容；能选的见 roles。",
                               en=f"{one.role!r} is nothing a column holds; see `roles`."))  # fmt: skip
    if wrong:
        raise Misasked(wrong)


def _roles(medium: str) -> list[RoleOut]:
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language] = delivering.choices(medium)
    return [
        RoleOut(role=role, name=schemas.Words(zh=zh, en=en))
        for (role, zh), (_role, en) in zip(told["zh-hans"], told["en"], strict=True)
    ]
