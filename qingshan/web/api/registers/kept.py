"""Filters that someone keeps for a register."""

from django.shortcuts import get_object_or_404
from ninja import Schema, Status
from pydantic import Field

from qingshan.evidence.registers.desk.actions import drop_filter, save_filter
from qingshan.evidence.registers.desk.models import SavedFilter
from qingshan.evidence.registers.desk.queries import filters_of
from qingshan.web.api.answers import answers, written
from qingshan.web.api.registers import router
from qingshan.web.api.registers.workbooks import REGISTER
from qingshan.web.register_rows import open_register


class FilterIn(Schema):
    name: str = Field(max_length=60)
    query: str = Field(max_length=1000, description="what stands after ? in the address of the register's page")


class FilterOut(FilterIn):
    number: int


def _kept(one: SavedFilter) -> FilterOut:
    return FilterOut(number=one.pk, name=one.name, query=one.query)


@router.get(REGISTER + "/filters", response=answers(list[FilterOut]))
def list_filters(request, programme: str, code: str):
    """本人存下的筛选。 The filters one keeps for a register."""
    opened = open_register(request, programme, code)
    return [_kept(one) for one in filters_of(request.user, opened.programme, code)]


@router.post(REGISTER + "/filters", response=written(FilterOut, 201))
def keep_filter(request, programme: str, code: str, given: FilterIn):
    """存下一个筛选；同名的被替换。 Keep a filter; one of the same name is replaced."""
    opened = open_register(request, programme, code)
    made = save_filter(by=request.user, programme=opened.programme, register=code, name=given.name, query=given.query)
    return Status(201, _kept(made))


@router.delete(REGISTER + "/filters/{int:number}", response=written(None, 204))
def forget_filter(request, programme: str, code: str, number: int):
    """删去本人的一个筛选。 Forget a filter of one's own."""
    opened = open_register(request, programme, code)
    found = get_object_or_404(SavedFilter, programme=opened.programme, register=code, pk=number)
    drop_filter(by=request.user, kept=found)
    return Status(204, None)
