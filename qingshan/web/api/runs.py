"""Evaluations: targets and tasks as they were judged, and the way back of every value."""

from datetime import date
from typing import Literal

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status

from qingshan.cycle import run_cycle
from qingshan.evaluation import actions
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.web import queries, situation
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import XLSX, answers, filed, written
from qingshan.web.bindings import Counted, counted
from qingshan.web.filters import TARGETS, TASKS
from qingshan.web.pages import programme_for
from qingshan.web.streams import Taken, taken
from qingshan.web.views import exports
from qingshan.web.views.targets import passage

router = Router(tags=["评估 evaluations"])


class TargetFilter(Schema):
    status: schemas.Status | None = None
    scope: str | None = None
    origin: Literal["plan", "office"] | None = None
    body: str | None = None


class TaskFilter(Schema):
    status: schemas.Status | None = None
    theme: int | None = None
    body: str | None = None
    lead: Literal["none", "named"] | None = None


def _chosen(given: Schema) -> dict[str, str]:
    return {name: str(value) for name, value in given.model_dump().items() if value is not None}


@router.get("/programmes/{slug:programme}/targets", response=answers(list[schemas.Judged]))
def list_targets(request, programme: str, chosen: Query[TargetFilter]):
    """最近一次评估中的目标。 Targets as the newest run judged them."""
    now = situation.now(programme_for(request, programme))
    return [row.data for row in TARGETS.apply(now.targets, _chosen(chosen))]


@router.get("/programmes/{slug:programme}/targets/{slug:code}", response=answers(schemas.Judged))
def read_target(request, programme: str, code: str):
    """最近一次评估中的一个目标。 One target as the newest run judged it."""
    return situation.now(programme_for(request, programme)).target(code).data


@router.get("/programmes/{slug:programme}/targets/{slug:code}/sources", response=answers(list[schemas.BindingOut]))
def list_target_sources(request, programme: str, code: str):
    """一个目标的数从哪里来：台账、填报、监测、公布数据。 Where a target's number comes from: registers, reports, streams, published figures."""
    return [_binding(one) for one in situation.now(programme_for(request, programme)).target(code).sources]


def _binding(one) -> schemas.BindingOut:
    name = schemas.Words(zh=one.name["zh"], en=one.name.get("en") or one.name["zh"])
    return schemas.BindingOut(kind=one.kind, code=one.code, name=name, body=one.body and one.body.code)


@router.get("/programmes/{slug:programme}/targets.xlsx", **filed(XLSX))
def export_targets(request, programme: str, chosen: Query[TargetFilter]):
    """目标一览，Excel 表。 Targets as a workbook."""
    return exports.targets(request, programme)


@router.get("/programmes/{slug:programme}/tasks.xlsx", **filed(XLSX))
def export_tasks(request, programme: str, chosen: Query[TaskFilter]):
    """任务一览，Excel 表。 Tasks as a workbook."""
    return exports.tasks(request, programme)


@router.get("/programmes/{slug:programme}/tasks", response=answers(list[schemas.TaskOut]))
def list_tasks(request, programme: str, chosen: Query[TaskFilter]):
    """任务及其最近的状态。 Tasks with their newest status."""
    now = situation.now(programme_for(request, programme))
    return [_task(row) for row in TASKS.apply(now.tasks, _chosen(chosen))]


@router.get("/programmes/{slug:programme}/tasks/{no}", response=answers(schemas.TaskOut))
def read_task(request, programme: str, no: str):
    """一项任务及其最近的状态。 One task with its newest status."""
    return _task(situation.now(programme_for(request, programme)).task(no))


@router.get("/programmes/{slug:programme}/tasks/{no}/sources", response=answers(list[schemas.BindingOut]))
def list_task_sources(request, programme: str, no: str):
    """为一项任务建立的台账。 The registers kept for a task."""
    return [_binding(one) for one in situation.now(programme_for(request, programme)).task(no).registers]


def _task(row) -> schemas.TaskOut:
    task = row.task
    return schemas.TaskOut(
        no=task.no, theme=task.theme.no if task.theme_id else None, title=shapes.words(task, "title"),
        bodies=[shapes.part(one) for one in task.involvements.all()], lead_named=row.lead_named, status=row.status,
        because=row.because, targets=[one.code for one in row.targets],
    )  # fmt: skip


@router.get("/programmes/{slug:programme}/runs", response=answers(list[schemas.RunLine]))
def list_runs(request, programme: str, limit: Query[schemas.Limit]):
    """历次评估，新的在前。 Runs, the latest day first."""
    found = queries.runs_of(programme_for(request, programme))[limit.skip : limit.skip + limit.limit]
    return [_run(queries.Record(run)) for run in found]


def _run(record: queries.Record, kind: type = schemas.RunLine, **more):
    run = record.run
    people = {"created_by": shapes.person(run.created_by), "signed_by": shapes.person(run.signed_by)}
    given = shapes.same(run, schemas.RunLine) | people
    return kind(**given | {"number": run.id, "edition": run.edition.ordinal, "counts": record.data["counts"]}, **more)


def _of(request, programme: str, number: int):
    return get_object_or_404(queries.runs_of(programme_for(request, programme)), id=number)


@router.get("/programmes/{slug:programme}/runs/{int:number}", response=answers(schemas.RunOut))
def read_run(request, programme: str, number: int):
    """一次评估的全部判定。 One run with every judgement."""
    record = queries.Record(_of(request, programme, number))
    tasks = [one | {"no": str(one["no"])} for one in record.data["tasks"]]
    return _run(record, schemas.RunOut, targets=record.targets, tasks=tasks)


@router.get("/programmes/{slug:programme}/runs/{int:number}/targets/{slug:code}", response=answers(schemas.WayBack))
def read_way_back(request, programme: str, number: int, code: str):
    """一个数值的来历：算法、输入、原始行、录入人、规划原文。 The way back of a value: formula, inputs, rows, who, the plan's words."""
    run = _of(request, programme, number)
    now = situation.at(run.programme, queries.Record(run))
    if code not in now.record.target:
        raise Http404
    row = now.target(code)
    found = passage(now.plan.edition, row.target)
    kept, measured = counted(run, row.metric, request.user), taken(run, row.metric)
    stated = dict.fromkeys(given["series"] for given in row.inputs)
    sources = queries.sources_of(run, stated.keys() - {one.code for one in (*kept, *measured)})
    return schemas.WayBack(
        run=run.id, target=row.data, sources=[_source(one) for one in sources], registers=[_counted(one) for one in kept],
        streams=[_stream(one) for one in measured],
        passage=found and "".join(found),
    )  # fmt: skip


def _counted(one: Counted) -> schemas.CountedOut:
    """The very rows that the run counted, as far as the reader may see them."""
    return schemas.CountedOut(
        code=one.code, register_code=one.selection.register, filter=one.selection.where, states=list(one.selection.states),
        unit=one.unit, count=one.count, rows=[_counted_row(line) for line in one.lines],
    )  # fmt: skip


def _stream(one: Taken) -> schemas.StreamOut:
    """What the run took of the measurements."""
    periods = [
        schemas.StreamPeriod(
            **{name: getattr(it, name) for name in ("period", "weight", "seen", "of")}, value=shapes.number(it.shown),
            part=shapes.number(it.part), whole=shapes.number(it.whole),
        )
        for it in one.rows
    ]  # fmt: skip
    return schemas.StreamOut(
        code=one.code, name=schemas.Words(zh=one.words["zh"], en=one.words["en"]), periods=periods,
        sites=[site["code"] for site in one.sites], standards=[it["standard"] for it in one.editions], rows=one.read.rows,
        last=one.read.last, digest=one.read.digest,
    )  # fmt: skip


def _counted_row(line) -> schemas.CountedRow:
    return schemas.CountedRow(
        entry=line.row.entry_id, key=line.row.entry.key, title=line.title, state=line.row.state, amount=line.amount,
        since=line.since, recorded_by=shapes.person(line.row.recorded_by),
    )  # fmt: skip


def _source(one: queries.Source) -> schemas.Source:
    return schemas.Source(
        code=one.code, series=one.series and shapes.series(one.series),
        figures=[shapes.figure(row) for row in one.figures], items=[shapes.item(row) for row in one.items],
    )  # fmt: skip


@router.post("/programmes/{slug:programme}/runs", response=written(schemas.RunLine, 201))
def evaluate(request, programme: str, given: schemas.RunIn):
    """评估一次（计划办）。 Evaluate as of a day (plan office)."""
    programme = programme_for(request, programme)
    require(request.user, "evaluate")
    _has_come(given.as_of)
    run = run_cycle(programme=programme, as_of=given.as_of, by=request.user)
    return Status(201, _run(queries.Record(run)))


def _has_come(day: date) -> None:
    if day > (today := timezone.localdate()):
        raise Refused(
            f"评估日 {day} 晚于今天 {today}，只能评估已经到来的日子。",
            f"The day {day} lies after today, {today}; only a day that has come can be judged.",
        )


@router.post("/programmes/{slug:programme}/runs/{int:number}/sign", response=written(schemas.RunLine))
def sign_run(request, programme: str, number: int):
    """签署一次评估（计划办、分管领导）。 Sign a run (plan office, leader)."""
    run = actions.sign(run=_of(request, programme, number), by=request.user)
    return _run(queries.Record(run))
