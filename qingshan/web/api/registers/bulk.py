"""One change to many rows."""

from ninja import Schema
from pydantic import Field

from qingshan.evidence.registers import actions, queries
from qingshan.people.actions import require
from qingshan.web.api import schemas
from qingshan.web.api.answers import written
from qingshan.web.api.registers import router
from qingshan.web.api.registers.workbooks import REGISTER
from qingshan.web.api.registers.writing import not_ahead
from qingshan.web.register_rows import open_register
from qingshan.web.views.registers import MOST_SELECTED


class Picked(Schema):
    id: int = Field(ge=1, le=2**31 - 1)
    expected: int = schemas.Revision


class BulkChange(Schema):
    """One change, of fields or of the state, to the rows named, each as it was looked at."""

    entries: list[Picked] = Field(min_length=1, max_length=MOST_SELECTED)
    data: dict[str, schemas.Value] = {}
    to: str | None = Field(None, max_length=60)
    known_on: schemas.Day | None = None
    effective_on: schemas.Day | None = None
    why: str = schemas.Short
    trial: bool = Field(False, description="tell what each row would say, and write nothing")


class Refusal(Schema):
    id: int
    zh: str
    en: str


class BulkOut(Schema):
    changed: int
    refusals: list[Refusal] = Field(description="of a trial: the rows that would refuse, and why")


@router.post(REGISTER + "/bulk", response=written(BulkOut))
def change_entries(request, programme: str, code: str, given: BulkChange):
    """批量修改：一处改动用于若干条，全部写入或一条也不写；trial 只试不写。 One change to many rows, all or none; `trial` only tries."""
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    not_ahead(given.known_on)
    numbers = {one.id: one.expected for one in given.entries}
    known = queries.entries(opened.programme, code).filter(pk__in=numbers).values_list("pk", flat=True)
    entries = {pk: numbers[pk] for pk in known}
    change = {name: getattr(given, name) for name in ("data", "known_on", "effective_on", "why")}
    change |= {"to": given.to} if given.to else {}
    if not given.trial:
        return BulkOut(changed=actions.bulk_change(by=request.user, entries=entries, **change), refusals=[])
    told = actions.rehearse(by=request.user, entries=entries, **change)
    refusals = [Refusal(id=pk, zh=one.zh, en=one.en) for pk, one in told.items() if one]
    return BulkOut(changed=0, refusals=refusals)
