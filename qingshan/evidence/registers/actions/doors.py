"""What every write of a register asks first, and how it refuses."""

from collections.abc import Sequence

from qingshan.people.actions import NotAllowed, record
from qingshan.people.models import Body, Role, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..models import Entry, Revision
from ..schema import OFFICE, OWN, Problem


class Invalid(Refused):
    """Rows that do not fit their register; `problems` has for each the place of the row (from 0) and what is wrong."""

    def __init__(self, problems: Sequence[tuple[int, Problem]]):
        first = problems[0][1]
        more = len(problems) - 1
        super().__init__(
            first.zh + (f"；另有 {more} 处问题" if more else "") + "。",
            first.en + (f"; {more} more" if more else "") + ".",
        )
        self.problems = list(problems)


class Overtaken(Refused):
    """Someone else changed the entry meanwhile; `newer` are their revisions."""

    def __init__(self, zh: str, en: str, newer: list[Revision]):
        super().__init__(zh, en)
        self.newer = newer


def parts_of(by: User | None) -> set[str]:
    """In what part someone moves a row: a command of the system in every part."""
    return {OFFICE, OWN} if by is None else {OFFICE} if by.role == Role.OFFICE else {OWN}


def require_own(by: User | None, entry: Entry) -> None:
    """Raise NotAllowed where the entry is another body's than the one `by` speaks for."""
    require_body(by, entry.body)


def require_body(by: User | None, body: Body | None) -> None:
    if by is not None and by.role == Role.LIAISON and (body is None or body.pk != by.body_id):
        whose = body.name if body else "计划办"
        raise NotAllowed(
            f"这一条由{whose}负责，“{by}”只能登记和修改{by.body}的条目。",
            f"This entry is {body.name_en or body.name if body else 'the plan office'}'s; {by} may only write entries of {by.body.name_en or by.body.name}.",
        )


def write_down(by: User | None, programme: Programme, verb: str, thing: str, **detail) -> None:
    record(
        by=by,
        verb=verb,
        thing=f"registers {programme.code}/{thing}"[:120],
        jurisdiction=programme.jurisdiction,
        detail=detail,
    )
