"""What tells of people and whose time is over: listed for the office, and emptied by it."""

from datetime import date

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from qingshan.evidence.registers.actions import LONGEST_WHY, redact
from qingshan.evidence.registers.queries import Overdue, overdue
from qingshan.people.actions import require
from qingshan.web.api.answers import answers, written
from qingshan.web.api.registers import router
from qingshan.web.pages import programme_for

RETENTION = "/programmes/{slug:programme}/retention"


class OverdueOut(Schema):
    """A row that was closed for as long as its register keeps what tells of people; `fields` are to be emptied."""

    register_code: str
    entry: int
    key: str
    body: str | None
    fields: list[str]
    closed_on: date
    years: int
    due_on: date


class RetentionOut(Schema):
    as_of: date
    entries: list[OverdueOut]


class EmptyingIn(Schema):
    seen: int = Field(
        ge=1, le=2**31 - 1, description="how many rows were seen to be due; refused where others have become due since"
    )
    why: str = Field(
        min_length=1,
        max_length=LONGEST_WHY,
        description="on what grounds, as “retention is over, by the register's rule”",
    )


class EmptyingDone(Schema):
    emptied: int


@router.get(RETENTION, response=answers(RetentionOut))
def list_overdue(request, programme: str):
    """保存期满、应清除的个人信息（计划办）。 What tells of people and whose time is over (plan office)."""
    programme, today = programme_for(request, programme), timezone.localdate()
    require(request.user, "redact_personal")
    found = overdue(programme, today, timezone.now())
    return RetentionOut(as_of=today, entries=[_overdue(one) for one in found])


def _overdue(one: Overdue) -> OverdueOut:
    return OverdueOut(
        register_code=one.definition.code, entry=one.entry.pk, key=one.entry.key, body=one.entry.body.code if one.entry.body_id else None,
        fields=list(one.fields), closed_on=one.since, years=one.definition.retention_years, due_on=one.due_on,
    )  # fmt: skip


@router.post(RETENTION, response=written(EmptyingDone))
def empty_overdue(request, programme: str, given: EmptyingIn):
    """清除保存期满的个人信息，连同历次版本，不能恢复（计划办）。 Empty what tells of people, in every revision and for good (plan office)."""
    programme = programme_for(request, programme)
    done = redact(by=request.user, programme=programme, as_of=timezone.localdate(), why=given.why, seen=given.seen)
    return EmptyingDone(emptied=len(done))
