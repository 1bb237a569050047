"""What the overview says first: what needs a decision, what moved, how old the data are."""

from datetime import date
from typing import Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from qingshan.people.actions import may
from qingshan.web import overview, queries, situation
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.pages import programme_for

router = Router(tags=["总览 overview"])


class NeededDecision(Schema):
    """Something that needs a decision; `about`: codes of targets, numbers of tasks, of a draft or of a run."""

    kind: Literal["target", "draft", "lead", "unknown", "unsigned"]
    status: str
    about: list[str]


class ChangeOut(Schema):
    """A target that differs between the newest run and the one before."""

    code: str
    before: schemas.Status | None
    after: schemas.Status | None
    actual_before: schemas.Number | None
    actual_after: schemas.Number | None


class AgeOut(Schema):
    """`newest`: the last day that real data speak of; how many targets rest on real and on simulated data."""

    newest: date | None
    months: int | None
    real: int
    simulated: int


class OverviewOut(Schema):
    run: int | None
    as_of: date | None
    counts: dict[str, int] = Field(description="targets of the plan by status")
    headline: str | None = Field(description="code of the target whose course is drawn")
    decisions: list[NeededDecision]
    changes: list[ChangeOut]
    age: AgeOut | None


@router.get("/programmes/{slug:programme}/overview", response=answers(OverviewOut))
def read_overview(request, programme: str):
    """总览：待决定的事、变化、数据新旧。 The overview: what needs a decision, what moved, how old the data are."""
    programme = programme_for(request, programme)
    now = situation.now(programme)
    if not now.record:
        return OverviewOut(run=None, as_of=None, counts={}, headline=None, decisions=[], changes=[], age=None)
    sees_drafts = may(request.user, "import_plan") or may(request.user, "sign")
    drafts, lead = queries.drafts(programme) if sees_drafts else [], overview.headline(now.targets)
    age = overview.data_age(now.targets, timezone.localdate())
    changes = overview.changes(now.before, now.record, now.targets) if now.before else []
    return OverviewOut(
        run=now.run.id, as_of=now.run.as_of, counts=dict(now.counts), headline=lead and lead.code,
        decisions=[_decision(one) for one in overview.decisions(now.targets, now.tasks, drafts, now.run)],
        changes=[_change(one, row.code) for one, row in changes],
        age=AgeOut(**shapes.same(age, AgeOut)),
    )  # fmt: skip


def _decision(one: overview.Decision) -> NeededDecision:
    things = one.thing if isinstance(one.thing, list) else [one.thing]
    name = {
        "target": lambda it: it.code, "unknown": lambda it: it.code, "lead": lambda it: it.task.no,
        "draft": lambda it: str(it.ordinal), "unsigned": lambda it: str(it.id),
    }[one.kind]  # fmt: skip
    return NeededDecision(kind=one.kind, status=one.status, about=[name(it) for it in things])


def _change(one, code: str) -> ChangeOut:
    before, after = one.before, one.after
    return ChangeOut(
        code=code, before=before and str(before), after=after and str(after),
        actual_before=shapes.number(one.value_before), actual_after=shapes.number(one.value_after),
    )  # fmt: skip
