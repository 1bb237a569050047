"""Writing rows of a register."""

from datetime import date

from django.utils import timezone
from ninja import Schema, Status

from qingshan.evidence.registers import actions
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.web.api import schemas
from qingshan.web.api.answers import written
from qingshan.web.api.registers import router
from qingshan.web.api.registers.rows import ROW, ROWS, entry_at, seen
from qingshan.web.register_rows import open_register


@router.post(ROWS, response=written(schemas.EntryOut, 201))
def add_entry(request, programme: str, code: str, given: schemas.EntryIn):
    """登记一条。 Add a row."""
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    made = actions.add_entry(
        by=request.user, programme=opened.programme, register=code, **given_in(given), state=given.state
    )
    return Status(201, seen(opened, made))


@router.patch(ROW, response=written(schemas.EntryOut))
def change_entry(request, programme: str, code: str, number: int, given: schemas.EntryChange):
    """修改一条；expected 不是最新版本时回答 409，并附最新内容。 Change a row; 409 with the newest content where `expected` is not the newest."""
    opened, entry = entry_at(request, programme, code, number)
    return seen(opened, actions.change_entry(by=request.user, entry=entry, expected=given.expected, **given_in(given)))


@router.post(ROW + "/move", response=written(schemas.EntryOut))
def move_entry(request, programme: str, code: str, number: int, given: schemas.EntryMove):
    """变更一条的状态；缺证明材料时回答 422。 Move a row on; 422 where its proof is lacking."""
    opened, entry = entry_at(request, programme, code, number)
    return seen(
        opened, actions.move(by=request.user, entry=entry, expected=given.expected, to=given.to, **given_in(given))
    )


@router.post(ROW + "/withdraw", response=written(schemas.EntryOut))
def withdraw_entry(request, programme: str, code: str, number: int, given: schemas.EntryWithdrawal):
    """撤下一条，须写明理由。 Take a row out, with the reason."""
    opened, entry = entry_at(request, programme, code, number)
    return seen(opened, actions.withdraw(by=request.user, entry=entry, expected=given.expected, why=given.why))


def given_in(one: Schema) -> dict:
    """What the writes have in common; a day after today is refused, as on the page."""
    not_ahead(one.known_on)
    found = {"data": one.data, "known_on": one.known_on, "effective_on": one.effective_on, "why": one.why}
    for name in ("source", "geometry"):
        if hasattr(one, name):
            value = getattr(one, name)
            found[name] = value.model_dump() if isinstance(value, schemas.Geometry) else value
    return found


def not_ahead(known_on: date | None) -> None:
    if known_on and known_on > (today := timezone.localdate()):
        raise Refused(
            f"得知日 {known_on} 在今天 {today} 之后，请改正。",
            f"The day known, {known_on}, is after today, {today}; correct it.",
        )
