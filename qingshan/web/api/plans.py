"""Programmes, bodies, editions of plans."""

from django.shortcuts import get_object_or_404
from ninja import Router

from qingshan.plan.models import Edition
from qingshan.web import queries, rows, situation
from qingshan.web.api import schemas, shapes
from qingshan.web.api.answers import answers
from qingshan.web.pages import programme_for, programmes_of

router = Router(tags=["规划 plans"])
EDITIONS = "/programmes/{slug:programme}/editions"
EDITION = EDITIONS + "/{int:ordinal}"


@router.get("/programmes", response=answers(list[schemas.ProgrammeOut]))
def list_programmes(request):
    """可见的行动计划。 The programmes you may see."""
    return [_programme(one) for one in programmes_of(request.user)]


@router.get("/programmes/{slug:programme}", response=answers(schemas.ProgrammeOut))
def read_programme(request, programme: str):
    """一个行动计划。 One programme."""
    return _programme(programme_for(request, programme))


def _programme(one) -> schemas.ProgrammeOut:
    edition, run = queries.edition_in_force(one), queries.runs_of(one).first()
    return schemas.ProgrammeOut(
        code=one.code, title=shapes.words(one, "title"), jurisdiction=shapes.body_name(one.jurisdiction),
        office=shapes.body_name(one.office), demonstration=(one.about or {}).get("demonstration"),
        edition=edition and edition.ordinal, newest_run=run and run.id,
    )  # fmt: skip


@router.get("/programmes/{slug:programme}/bodies", response=answers(list[schemas.BodyOut]))
def list_bodies(request, programme: str):
    """责任部门及其承担的任务和目标。 Bodies with the tasks and targets they answer for."""
    programme = programme_for(request, programme)
    now = situation.now(programme)
    return [_body(row) for row in rows.body_rows(queries.bodies_of(programme), now.tasks, now.targets)]


def _body(row) -> schemas.BodyOut:
    return schemas.BodyOut(
        code=row.body.code, name=shapes.words(row.body), full_name=row.body.full_name, aliases=row.body.aliases,
        leads=[one.task.no for one in row.leads], takes_part=[one.task.no for one in row.takes_part],
        targets=[one.code for one in row.targets], off_track=row.off, at_risk=row.risk, no_data=row.unknown,
        on_track_or_attained=row.good,
    )  # fmt: skip


@router.get(EDITIONS, response=answers(list[schemas.EditionLine]))
def list_editions(request, programme: str):
    """规划的各个版本，新的在前。 Editions of the plan, the newest first."""
    found = programme_for(request, programme).editions.defer("text", "unread").order_by("-ordinal")
    return [schemas.EditionLine(**_edition(one)) for one in found]


def edition_at(request, programme: str, ordinal: int) -> Edition:
    programme = programme_for(request, programme)
    edition = get_object_or_404(programme.editions, ordinal=ordinal)
    edition.programme = programme
    return edition


@router.get(EDITION, response=answers(schemas.EditionOut))
def read_edition(request, programme: str, ordinal: int):
    """一个版本的全部内容：专题、任务、举措、目标、没有读懂的数。 All that an edition holds: themes, tasks, measures, targets, unread numbers."""
    return whole(edition_at(request, programme, ordinal))


def whole(edition: Edition) -> schemas.EditionOut:
    plan = queries.plan_of(edition)
    task_nos = {one.id: one.no for one in plan.tasks}
    return schemas.EditionOut(
        **_edition(edition), text=edition.text, unread=edition.unread,
        themes=[schemas.Theme(no=one.no, title=shapes.words(one, "title")) for one in plan.themes],
        tasks=[_task(one) for one in plan.tasks], targets=[_target(one, task_nos) for one in plan.targets],
    )  # fmt: skip


def _edition(one) -> dict:
    return shapes.same(one, schemas.EditionLine) | {"title": shapes.words(one, "title")}


def _task(one) -> schemas.PlanTask:
    given = {
        "theme": one.theme.no if one.theme_id else None, "title": shapes.words(one, "title"),
        "summary": shapes.words(one, "summary"), "bodies": [shapes.part(part) for part in one.involvements.all()],
        "measures": [
            schemas.Measure(title=shapes.words(each, "title"), start=each.start, end=each.end) for each in one.measures.all()
        ],
    }  # fmt: skip
    return schemas.PlanTask(no=one.no, start=one.start, end=one.end, **given)


def _target(one, task_nos: dict[int, str]) -> schemas.PlanTarget:
    given = {
        "task": task_nos.get(one.task_id), "name": shapes.words(one), "note": shapes.words(one, "note"),
        "value": shapes.number(one.value), "baseline": shapes.number(one.baseline), "supports": list(map(str, one.supports)),
    }  # fmt: skip
    return schemas.PlanTarget(**shapes.same(one, schemas.PlanTarget) | given)
