"""Lists and amendments on their way out: issued, begun, given up."""

from ninja import Schema, Status
from pydantic import Field

from qingshan.people.actions import require
from qingshan.plan.annual import actions
from qingshan.web.api import schemas
from qingshan.web.api.answers import written
from qingshan.web.api.lists import router
from qingshan.web.api.lists.sheets import LIST, ListOut, whole
from qingshan.web.views.lists import annual_of

AMENDMENT = LIST + "/amendment"


class Issue(Schema):
    on: schemas.Day


class Beginning(Schema):
    why: str = Field(max_length=500)


def _annual(request, programme: str, year: int, right: str):
    annual = annual_of(request, programme, year)
    require(request.user, right)
    return annual


def _told(request, programme: str, year: int) -> ListOut:
    return whole(request, annual_of(request, programme, year))


@router.post(LIST + "/issue", response=written(ListOut))
def issue_list(request, programme: str, year: int, given: Issue):
    """印发清单，编号并冻结（计划办）。 Number the draft and freeze it (plan office)."""
    actions.issue(by=request.user, annual=_annual(request, programme, year, "issue_list"), on=given.on)
    return _told(request, programme, year)


@router.delete(LIST, response=written(None, 204))
def drop_list(request, programme: str, year: int):
    """作废清单草稿（计划办）。 Give up a draft with all its items (plan office)."""
    actions.drop(by=request.user, annual=_annual(request, programme, year, "edit_list"))
    return Status(204, None)


@router.post(AMENDMENT, response=written(ListOut))
def begin_amendment(request, programme: str, year: int, given: Beginning):
    """开始修订已印发的清单，须写明理由（计划办）。 Begin an amendment of an issued list, with its reason (plan office)."""
    actions.begin_amendment(by=request.user, annual=_annual(request, programme, year, "edit_list"), why=given.why)
    return _told(request, programme, year)


@router.post(AMENDMENT + "/issue", response=written(ListOut))
def issue_amendment(request, programme: str, year: int, given: Issue):
    """印发修订，编号并冻结（计划办）。 Number the amendment and freeze it (plan office)."""
    actions.issue_amendment(by=request.user, annual=_annual(request, programme, year, "issue_list"), on=given.on)
    return _told(request, programme, year)


@router.delete(AMENDMENT, response=written(ListOut))
def drop_amendment(request, programme: str, year: int):
    """作废准备中的修订（计划办）。 Give up the amendment in preparation (plan office)."""
    actions.drop_amendment(by=request.user, annual=_annual(request, programme, year, "edit_list"))
    return _told(request, programme, year)
