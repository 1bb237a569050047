"""Writing annual lists: made from the plan, items changed, leads decided, done."""

from ninja import Schema, Status
from pydantic import Field

from qingshan.evaluation.queries import grounds_of_list
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.plan.annual import actions
from qingshan.plan.annual.proposing import Grounds
from qingshan.plan.models import Measure, Programme, Target
from qingshan.plan.queries import standing_edition
from qingshan.web.api import schemas
from qingshan.web.api.answers import written
from qingshan.web.api.lists import router
from qingshan.web.api.lists.sheets import LIST, LISTS, ListItemOut, ListOut, item_out, whole
from qingshan.web.pages import programme_for
from qingshan.web.views.lists import annual_of, row_of

ITEM = LIST + "/items/{int:order}"
Why = Field("", max_length=500)


class YearIn(Schema):
    year: int = Field(ge=2000, le=2100)


class ItemIn(Schema):
    title: str = Field(max_length=200)
    content: str = Field(max_length=2000)
    node: str = Field(max_length=1000)
    quarter: int = Field(ge=1, le=4)
    lead: str = Field("", max_length=60, description="code of the leading body; empty while it is not decided")
    partners: list[str] = Field([], max_length=100, description="codes of bodies, or names of others")
    task: str = Field("", max_length=20)


class ItemChange(Schema):
    """Only what is named changes. `seen`: the `print` of the item as it was looked at."""

    seen: str = Field(max_length=40)
    title: str | None = Field(None, max_length=200)
    content: str | None = Field(None, max_length=2000)
    node: str | None = Field(None, max_length=1000)
    quarter: int | None = Field(None, ge=1, le=4)
    lead: str | None = Field(None, max_length=60)
    partners: list[str] | None = Field(None, max_length=100)
    why: str = Field("", max_length=300, description="the reason for another lead than the proposed one")


class Lead(Schema):
    code: str = Field("", max_length=60, description="of the leading body; the proposed one where none is given")
    why: str = Field("", max_length=300, description="the reason for another lead than the proposed one")


class Done(Schema):
    done_on: schemas.Day | None = Field(description="null: it is not done after all")
    note: str = Why


class SourceIn(Schema):
    """One measure, by its number in the coverage, or one official target, by its code."""

    measure: int | None = Field(None, ge=1, le=2**31 - 1)
    target: str = Field("", max_length=60)


class CountOut(Schema):
    count: int


@router.post(LISTS, response=written(ListOut, 201))
def make_list(request, programme: str, given: YearIn):
    """按规划编出一年的清单草稿（计划办）。 A draft of a year's list from the plan in force (plan office)."""
    programme = programme_for(request, programme)
    require(request.user, "edit_list")
    edition = standing_edition(programme)
    grounds = grounds_of_list(edition, given.year) if edition else Grounds()
    made = actions.make(by=request.user, programme=programme, year=given.year, grounds=grounds)
    return Status(201, whole(request, made))


def _annual(request, programme: str, year: int):
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    return annual


@router.post(LIST + "/items", response=written(ListOut, 201))
def add_item(request, programme: str, year: int, given: ItemIn):
    """增加一项（计划办）。 Add an item of the office's own (plan office)."""
    annual = _annual(request, programme, year)
    told = given.model_dump()
    fields = {"lead_code": told.pop("lead"), "task_no": told.pop("task")} | told
    actions.add_item(by=request.user, annual=annual, **fields)
    return Status(201, whole(request, annual))


@router.post(LIST + "/sources", response=written(ListOut, 201))
def cover_source(request, programme: str, year: int, given: SourceIn):
    """把没有列入的举措或目标列入清单（计划办）。 Put a measure or a target that stands in no list into this one (plan office)."""
    annual = _annual(request, programme, year)
    source, grounds = _source(annual.programme, given), grounds_of_list(annual.edition, year)
    actions.add_source(by=request.user, annual=annual, grounds=grounds, **source)
    return Status(201, whole(request, annual))


def _source(programme: Programme, given: SourceIn) -> dict:
    edition = standing_edition(programme)
    if found := Target.objects.filter(edition=edition, origin=Target.Origin.PLAN, code=given.target).first():
        return {"target": found}
    if found := Measure.objects.filter(task__edition=edition, pk=given.measure).first():
        return {"measure": found}
    raise Refused("请从覆盖检查中选一条现行规划的举措或目标。", "Choose a measure or a target of the plan in force.")


@router.post(LIST + "/carry", response=written(CountOut))
def carry_over(request, programme: str, year: int):
    """与上年未完成的项目核对（计划办）。 Bring the draft in step with what the year before left unfinished (plan office)."""
    return CountOut(count=actions.carry_over(by=request.user, annual=_annual(request, programme, year)))


@router.post(LIST + "/leads", response=written(CountOut))
def accept_leads(request, programme: str, year: int):
    """按建议确定未定的牵头部门（计划办）。 Decide every open lead as proposed (plan office)."""
    return CountOut(count=actions.accept_leads(by=request.user, annual=_annual(request, programme, year)))


def _item(request, programme: str, year: int, order: int):
    _found, _view, row = row_of(request, programme, year, order)
    require(request.user, "edit_list")
    return row.item


@router.patch(ITEM, response=written(ListItemOut))
def edit_item(request, programme: str, year: int, order: int, given: ItemChange):
    """修改一项；已印发的清单记入准备中的修订（计划办）。 Change an item; of an issued list in the amendment in preparation (plan office)."""
    item = _item(request, programme, year, order)
    names = {"lead": "lead_code"}
    fields = {names.get(name, name): value for name, value in given.model_dump().items() if value is not None}
    actions.edit_item(by=request.user, item=item, **fields)
    return item_out(request, programme, year, order)


@router.post(ITEM + "/lead", response=written(ListItemOut))
def decide_lead(request, programme: str, year: int, order: int, given: Lead):
    """确定一项的牵头部门；不按建议须写明理由（计划办）。 Decide the lead of an item; another than the proposed needs its reason (plan office)."""
    item = _item(request, programme, year, order)
    actions.decide_lead(by=request.user, item=item, code=given.code or item.proposed_code, why=given.why)
    return item_out(request, programme, year, order)


@router.post(ITEM + "/remove", response=written(ListOut))
def remove_item(request, programme: str, year: int, order: int, given: schemas.Reason):
    """删去一项，须写明理由（计划办）。 Take an item out, with the reason (plan office)."""
    actions.remove_item(by=request.user, item=_item(request, programme, year, order), why=given.why)
    return whole(request, annual_of(request, programme, year))


@router.post(ITEM + "/undo", response=written(ListOut))
def undo_change(request, programme: str, year: int, order: int):
    """撤销准备中的修订对一项的改动（计划办）。 Take an item's change out of the amendment in preparation (plan office)."""
    actions.undo_change(by=request.user, item=_item(request, programme, year, order))
    return whole(request, annual_of(request, programme, year))


@router.post(ITEM + "/done", response=written(ListItemOut))
def mark_done(request, programme: str, year: int, order: int, given: Done):
    """登记一项完成，或撤回（计划办）。 Say that an item is done, or not done after all (plan office)."""
    item = _item(request, programme, year, order)
    actions.mark_done(by=request.user, item=item, done_on=given.done_on, note=given.note.strip())
    return item_out(request, programme, year, order)
