from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from .contents import EditionContent, MeasureContent, TargetContent, TaskContent, ThemeContent
from .kinds import needs_value
from .levels import parts_of
from .models import Edition, Involvement, Programme


def standing_edition(programme: Programme, at: datetime | None = None) -> Edition | None:
    """The edition in force now, or the one that was in force at the instant `at`."""
    if at is None:
        return programme.editions.filter(state=Edition.State.ADOPTED).first()
    in_force = Q(superseded_at__isnull=True) | Q(superseded_at__gt=at)
    return programme.editions.filter(in_force, adopted_at__lte=at).order_by("-adopted_at").first()


def original_place(edition: Edition) -> Path:
    """Where the file that an edition was read from is kept."""
    return Path(settings.MEDIA_ROOT) / "plans" / edition.digest


def original_of(edition: Edition) -> Path | None:
    """The file that an edition was read from; none for a programme's own summary."""
    place = original_place(edition)
    return place if edition.text and place.is_file() else None


def content_of(edition: Edition) -> EditionContent:
    """A stored edition in the shape in which a new one arrives."""
    content = EditionContent(
        title=edition.title, starts=edition.starts, ends=edition.ends, origin=edition.origin, digest=edition.digest,
        number=edition.number, issuer=edition.issuer, issued=edition.issued, title_en=edition.title_en, text=edition.text,
    )  # fmt: skip
    content.themes = [
        ThemeContent(no=one.no, **_same(one, "title title_en short short_en")) for one in edition.themes.all()
    ]
    content.tasks = [
        _task(one) for one in edition.tasks.select_related("theme").prefetch_related("involvements", "measures")
    ]
    content.targets = [_target(one) for one in edition.targets.select_related("task")]
    return content


def _task(task) -> TaskContent:
    parts = list(task.involvements.all())
    return TaskContent(
        theme=task.theme.no if task.theme else None,
        bodies=[one.printed for one in parts],
        lead=[one.printed for one in parts if one.part == Involvement.Part.LEAD],
        cooperate=[one.printed for one in parts if one.part == Involvement.Part.COOPERATE],
        measures=[MeasureContent(**_same(one, "title title_en start end")) for one in task.measures.all()],
        **_same(task, "no title title_en short short_en summary summary_en start end"),
    )


def _target(target) -> TargetContent:
    names = ("code origin name name_en short short_en kind side op value unit starts due binding implied illustrative baseline "
             "baseline_on curve metric note note_en supports start end")  # fmt: skip
    fields = _same(target, names)
    fields |= {name: _without_idle_zeros(fields[name]) for name in ("value", "baseline")}
    return TargetContent(scope=target.task.no if target.task else "overall", **fields)


def _without_idle_zeros(value: Decimal | None) -> Decimal | None:
    """The column keeps six places; the promise was made with fewer, and sentences speak with those."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _same(row, names: str) -> dict:
    return {name: getattr(row, name) for name in names.split()}


def problems_before_adoption(edition: Edition) -> list[tuple[str, str]]:
    """What has to be settled before a draft can be adopted, as sentences in Chinese and in English."""
    found = []
    tasks = list(edition.tasks.prefetch_related("involvements"))
    if not tasks:
        found.append(("没有读到任务，不能采用。", "No task was read; the draft cannot be adopted."))
    numbers = [task.no for task in tasks]
    for task in tasks:
        parts = list(task.involvements.all())
        if not parts and not parts_of(task.no, numbers):
            found.append(
                (
                    f"任务 {task.no}“{task.title}”没有责任部门。",
                    f"Task {task.no} “{task.title}” has no responsible body.",
                )
            )
    for target in edition.targets.all():
        found += _problems_of(target, edition)
    return found


def _problems_of(target, edition: Edition) -> list[tuple[str, str]]:
    found = []
    if not edition.starts <= target.due <= edition.ends:
        found.append((
            f"目标“{target.name}”的年份 {target.due.year} 不在规划期 {edition.starts.year}—{edition.ends.year} 年之内。",
            f"The year {target.due.year} of “{target.name}” lies outside the plan's years {edition.starts.year}–{edition.ends.year}.",
        ))  # fmt: skip
    if needs_value(target.kind) and target.value is None:
        found.append((f"目标“{target.name}”没有目标值。", f"The target “{target.name}” has no goal."))
    return found
