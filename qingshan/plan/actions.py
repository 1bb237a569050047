import os
import tempfile
from datetime import date
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from qingshan.people.actions import NotAllowed, record, require
from qingshan.people.models import Body, Jurisdiction, User

from .contents import EditionContent, TargetContent, digest_of, from_reading, inherit
from .document import read
from .importing import text_of
from .kinds import Kind, needs_value, side_of
from .matching import pair
from .models import Edition, Involvement, Measure, Programme, Target, Task, Theme
from .queries import content_of, original_place, problems_before_adoption, standing_edition


class Refused(Exception):
    """What was asked cannot be done to the plan as it stands. Carries the sentence to read, in Chinese and in English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


@transaction.atomic
def put_programme(
    *,
    by: User | None,
    jurisdiction: Jurisdiction,
    code: str,
    title: str,
    title_en: str,
    office: Body | None,
    about: dict,
) -> Programme:
    """The programme of that code, made or brought up to date."""
    fields = {"jurisdiction": jurisdiction, "title": title, "title_en": title_en, "office": office, "about": about}
    programme = Programme.objects.filter(code=code).first()
    if programme and all(getattr(programme, name) == value for name, value in fields.items()):
        return programme
    programme, _ = Programme.objects.update_or_create(code=code, defaults=fields)
    _write_down(by, "put_programme", programme)
    return programme


@transaction.atomic
def put_edition(*, by: User | None, programme: Programme, content: EditionContent) -> Edition:
    """The programme's own summary as an adopted edition.

    The edition of the same content, if there is one, is returned as it is; so is an adopted document, since the office's
    word goes before the folder's.
    """
    found = programme.editions.filter(digest=content.digest).exclude(state=Edition.State.DISCARDED).first()
    standing = standing_edition(programme)
    if found or (standing and standing.text):
        return found or standing
    edition = _store(by, programme, content)
    _put_in_force(by, edition)
    return edition


@transaction.atomic
def draft(*, by: User | None, programme: Programme, name: str, data: bytes) -> Edition:
    """A new draft from the document `name` with the bytes `data`.

    Raises Unreadable or NotAPlan from the reader, and Refused for a file that already is a draft or an edition here;
    nothing is stored then.
    """
    require(by, "import_plan")
    digest = digest_of(data)
    _not_twice(programme, digest)
    text = text_of(data, name).replace("\0", " ")  # which no database column holds
    content = _content(text, name, digest)
    standing = standing_edition(programme)
    if standing:
        old = content_of(standing)
        official = [one.promise() for one in old.targets if one.origin == "plan"]
        inherit(content, old, pair([one.promise() for one in content.targets], official))
    edition = _store(by, programme, content)
    _write_down(by, "draft_edition", programme, edition, file=name, digest=digest)
    _keep_original(edition, data)
    return edition


def _not_twice(programme: Programme, digest: str) -> None:
    same = programme.editions.filter(digest=digest).exclude(state=Edition.State.DISCARDED).first()
    if same:
        day = f"{timezone.localtime(same.created_at):%Y-%m-%d}"
        raise Refused(
            f"这份文件已在 {day} 上传，为第 {same.ordinal} 版（{same.get_state_display()}），不必重复上传。",
            f"This file was uploaded on {day} and is edition {same.ordinal} ({same.state}); there is no need to upload it again.",
        )


def _content(text: str, name: str, digest: str) -> EditionContent:
    reading = read(text)
    try:
        return from_reading(reading, text, name, digest)
    except ValueError as missing:
        raise Refused(
            "文件没有写明规划期、印发日期，也没有目标年份，无法确定起止年份。请在文件中补上其中一项后再上传。",
            "The document states neither its years, nor a date of issue, nor the year of a target. Add one of them, then upload it again.",
        ) from missing


def _keep_original(edition: Edition, data: bytes) -> None:
    """The file as it came in, whole or not at all; the last step of a draft, so that a full disk undoes the rest."""
    place = original_place(edition)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, place)
            except OSError:
                os.unlink(file.name)
                raise
    except OSError as failure:
        raise Refused(
            "原件没有存下（磁盘已满或文件夹不可写），这次上传已全部撤销。请联系系统管理员。",
            "The original could not be kept (the disk is full or the folder closed); the upload was undone. Ask the administrator.",
        ) from failure


def _store(by: User | None, programme: Programme, content: EditionContent) -> Edition:
    ordinal = (programme.editions.aggregate(top=Max("ordinal"))["top"] or 0) + 1
    edition = Edition(
        programme=programme, ordinal=ordinal, title=content.title, title_en=content.title_en, number=content.number,
        issuer=content.issuer, issued=content.issued, starts=content.starts, ends=content.ends, origin=content.origin,
        text=content.text, digest=content.digest, unread=content.unread, created_by=by, created_at=timezone.now(),
    )  # fmt: skip
    _fitted([edition])[0].save()
    themes = {
        one.no: Theme(
            edition=edition, no=one.no, title=one.title, title_en=one.title_en, short=one.short, short_en=one.short_en
        )
        for one in content.themes
    }
    Theme.objects.bulk_create(_fitted(themes.values()))
    tasks = _store_tasks(edition, content, themes)
    rows = (_target_row(edition, tasks, order, one) for order, one in enumerate(content.targets))
    Target.objects.bulk_create(_fitted(rows))
    return edition


def _fitted(rows) -> list:
    """Words longer than their column are cut with a sign; the whole sentence stands in the edition's text."""
    rows = list(rows)
    for row in rows:
        for field in row._meta.get_fields():
            if isinstance(field, models.CharField) and field.max_length:
                words = getattr(row, field.attname)
                if words and len(words) > field.max_length:
                    setattr(row, field.attname, words[: field.max_length - 1] + "…")
    return rows


def _store_tasks(edition: Edition, content: EditionContent, themes: dict[int, Theme]) -> dict[str, Task]:
    tasks = {}
    for order, one in enumerate(content.tasks):
        if one.no in tasks:
            raise Refused(
                f"任务编号“{one.no}”出现两次：《{tasks[one.no].title}》和《{one.title}》。请在原文中改正编号后再上传。",
                f"Task number {one.no} stands twice: “{tasks[one.no].title}” and “{one.title}”. Correct the document, then upload it again.",
            )
        tasks[one.no] = Task(
            edition=edition, theme=themes.get(one.theme), no=one.no, order=order, title=one.title, title_en=one.title_en,
            short=one.short, short_en=one.short_en, summary=one.summary, summary_en=one.summary_en, start=one.start, end=one.end,
        )  # fmt: skip
    Task.objects.bulk_create(_fitted(tasks.values()))
    bodies = bodies_by_name(edition.programme.jurisdiction)
    Involvement.objects.bulk_create(
        _fitted(
            Involvement(task=tasks[one.no], body=bodies.get(name), printed=name, part=_part(one, name), order=order)
            for one in content.tasks
            for order, name in enumerate(dict.fromkeys(one.bodies))
        )
    )
    Measure.objects.bulk_create(
        Measure(task=tasks[one.no], order=order, title=it.title, title_en=it.title_en, start=it.start, end=it.end)
        for one in content.tasks
        for order, it in enumerate(one.measures)
    )
    return tasks


def bodies_by_name(jurisdiction: Jurisdiction) -> dict[str, Body]:
    """The jurisdiction's bodies by every name they are printed under."""
    known = list(jurisdiction.bodies.all())
    return {alias: body for body in known for alias in body.aliases} | {body.name: body for body in known}


def _part(task, name: str) -> str:
    if name in task.lead:
        return Involvement.Part.LEAD
    return Involvement.Part.COOPERATE if name in task.cooperate else Involvement.Part.RESPONSIBLE


def _target_row(edition: Edition, tasks: dict[str, Task], order: int, one: TargetContent) -> Target:
    names = ("code", "origin", "name", "name_en", "short", "short_en", "kind", "side", "op", "value", "unit", "starts", "due", "binding",
             "implied", "illustrative", "baseline", "baseline_on", "curve", "metric", "note", "note_en", "supports", "start", "end")  # fmt: skip
    return Target(
        edition=edition, task=tasks.get(one.scope), order=order, **{name: getattr(one, name) for name in names}
    )


EDITABLE_TARGET = ("name", "name_en", "kind", "op", "value", "unit", "due", "binding", "metric", "note")


@transaction.atomic
def edit_target(*, by: User | None, target: Target, **fields) -> Target:
    """Change a draft's target; `fields` may be those of EDITABLE_TARGET, each checked against the others."""
    require(by, "edit_plan")
    _open(target.edition)
    unknown = set(fields) - set(EDITABLE_TARGET)
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    before = {name: _said(getattr(target, name)) for name in fields}
    for name, value in fields.items():
        setattr(target, name, value)
    target.side = side_of(target.op) if target.kind == Kind.STRICT_BOUND else ""
    _check_target(target)
    after = {name: _said(value) for name, value in fields.items() if _said(value) != before[name]}
    if not after:
        return target
    target.save()
    before = {name: before[name] for name in after}
    _write_down(
        by, "edit_target", target.edition.programme, target.edition, target=target.code, before=before, after=after
    )
    return target


def _said(value) -> str:
    """A number as it is written, whatever its zeros: 28 and 28.000000 are the same."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _check_target(target: Target) -> None:
    edition = target.edition
    if not edition.starts <= target.due <= edition.ends:
        raise Refused(
            f"目标年份 {target.due.year} 不在规划期 {edition.starts.year}—{edition.ends.year} 年之内，请改正年份。",
            f"The target year {target.due.year} lies outside the plan's years {edition.starts.year}–{edition.ends.year}; correct the year.",
        )
    if needs_value(target.kind) and target.value is None:
        raise Refused("这类目标需要一个目标值，请填写数值。", "This kind of target needs a goal; fill in the number.")
    if target.kind == Kind.STRICT_BOUND and target.op not in (">", "<"):
        raise Refused("严格界限须选择“大于”或“小于”。", "A strict bound is either above or below; choose > or <.")


@transaction.atomic
def add_target(*, by: User | None, edition: Edition, task: Task | None, name: str, kind: str, op: str, value: Decimal | None,
               unit: str, due: date, binding: bool = True, metric: str = "", start: int | None = None, end: int | None = None) -> Target:  # fmt: skip
    """A target that the reader missed, for instance one made from a number it listed as not understood."""
    require(by, "edit_plan")
    _open(edition)
    taken = set(Target.objects.filter(edition__programme=edition.programme).values_list("code", flat=True))
    code = next(code for code in (f"n{i:02d}" for i in range(1, 10000)) if code not in taken)
    order = (edition.targets.aggregate(top=Max("order"))["top"] or 0) + 1
    target = Target(
        edition=edition, task=task, code=code, order=order, name=name, kind=kind, op=op, value=value, unit=unit, due=due, binding=binding,
        metric=metric, start=start, end=end, starts=edition.starts, side=side_of(op) if kind == Kind.STRICT_BOUND else "",
    )  # fmt: skip
    _check_target(target)
    target.save()
    _write_down(by, "add_target", edition.programme, edition, target=code, name=name)
    return target


@transaction.atomic
def remove_target(*, by: User | None, target: Target, why: str) -> None:
    """Take a target out of a draft, with the reason on record."""
    require(by, "edit_plan")
    _open(target.edition)
    if not why.strip():
        raise Refused("请写明为什么删去这个目标。", "Say why this target is taken out.")
    _write_down(
        by, "remove_target", target.edition.programme, target.edition, target=target.code, name=target.name, why=why
    )
    target.delete()


@transaction.atomic
def edit_task(*, by: User | None, task: Task, title: str, summary: str = "") -> Task:
    """Correct a draft's task."""
    require(by, "edit_plan")
    _open(task.edition)
    if not title.strip():
        raise Refused("任务名称不能为空。", "A task needs a title.")
    before = task.title
    if (before, task.summary) == (title.strip(), summary.strip()):
        return task
    task.title, task.summary = title.strip(), summary.strip()
    task.save()
    _write_down(by, "edit_task", task.edition.programme, task.edition, task=task.no, before=before, after=task.title)
    return task


@transaction.atomic
def remove_task(*, by: User | None, task: Task, why: str) -> None:
    """Take a task that is none out of a draft, with the reason on record. Its targets have to go first."""
    require(by, "edit_plan")
    _open(task.edition)
    if not why.strip():
        raise Refused("请写明为什么删去这项任务。", "Say why this task is taken out.")
    count = task.targets.count()
    if count:
        raise Refused(
            f"任务 {task.no} 之下还有 {count} 项目标，请先删去这些目标。",
            f"Task {task.no} still has {count} targets; take them out first.",
        )
    _write_down(by, "remove_task", task.edition.programme, task.edition, task=task.no, title=task.title, why=why)
    task.delete()


@transaction.atomic
def edit_edition(*, by: User | None, edition: Edition, title: str, number: str, issuer: str, issued: date | None, starts: date,
                 ends: date) -> Edition:  # fmt: skip
    """Correct what a draft says of itself. Targets that began with the plan begin with it still."""
    require(by, "edit_plan")
    _open(edition)
    if not title.strip():
        raise Refused("规划名称不能为空。", "A plan needs a title.")
    if starts > ends:
        raise Refused(
            f"规划期从 {starts.year} 年到 {ends.year} 年，起年晚于止年，请改正。",
            f"The plan's years run from {starts.year} to {ends.year}; the first lies after the last. Correct them.",
        )
    fields = {
        "title": title.strip(),
        "number": number.strip(),
        "issuer": issuer.strip(),
        "issued": issued,
        "starts": starts,
        "ends": ends,
    }
    before = {name: str(getattr(edition, name)) for name, value in fields.items() if getattr(edition, name) != value}
    if not before:
        return edition
    edition.targets.filter(starts=edition.starts).update(starts=starts)
    for name, value in fields.items():
        setattr(edition, name, value)
    edition.save()
    after = {name: str(fields[name]) for name in before}
    _write_down(by, "edit_edition", edition.programme, edition, before=before, after=after)
    return edition


@transaction.atomic
def set_involvements(*, by: User | None, task: Task, parts: dict[str, str]) -> None:
    """Make a draft task's bodies be `parts`: printed name → lead, cooperate or responsible, in this order."""
    require(by, "edit_plan")
    _open(task.edition)
    if not parts:
        raise Refused(f"任务 {task.no} 至少要有一个责任部门。", f"Task {task.no} needs at least one body.")
    known = bodies_by_name(task.edition.programme.jurisdiction)
    if list(parts.items()) == [(one.printed, one.part) for one in task.involvements.all()]:
        return
    task.involvements.all().delete()
    Involvement.objects.bulk_create(
        Involvement(task=task, body=known.get(name), printed=name, part=Involvement.Part(part), order=order)
        for order, (name, part) in enumerate(parts.items())
    )
    _write_down(by, "set_involvements", task.edition.programme, task.edition, task=task.no, bodies=parts)


@transaction.atomic
def adopt(*, by: User | None, edition: Edition) -> Edition:
    """Put a draft in force: frozen from now on, and the edition before it superseded.

    Raises Refused with the first thing that still has to be settled.
    """
    require(by, "adopt_plan")
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    _open(edition)
    for zh, en in problems_before_adoption(edition):
        raise Refused(zh, en)
    _put_in_force(by, edition)
    return edition


def _put_in_force(by: User | None, edition: Edition) -> None:
    now = timezone.now()
    edition.programme.editions.filter(state=Edition.State.ADOPTED).update(
        state=Edition.State.SUPERSEDED, superseded_at=now
    )
    edition.state, edition.adopted_by, edition.adopted_at = Edition.State.ADOPTED, by, now
    edition.save()
    _write_down(by, "adopt_edition", edition.programme, edition, digest=edition.digest)


@transaction.atomic
def discard(*, by: User | None, edition: Edition) -> Edition:
    """Give up a draft. It stays on record, out of the way."""
    require(by, "edit_plan")
    _open(edition)
    edition.state = Edition.State.DISCARDED
    edition.save()
    _write_down(by, "discard_edition", edition.programme, edition)
    return edition


def _open(edition: Edition) -> None:
    """Raise NotAllowed unless the edition is a draft at this moment; it stays one until the transaction ends."""
    edition.state = Edition.objects.select_for_update().values_list("state", flat=True).get(pk=edition.pk)
    if edition.state != Edition.State.DRAFT:
        raise NotAllowed(
            f"第 {edition.ordinal} 版{edition.get_state_display()}，内容已冻结。如需修改，请上传新的文件形成新版。",
            f"Edition {edition.ordinal} is {edition.state} and frozen. To change the plan, upload a new document.",
        )


def _write_down(by: User | None, verb: str, programme: Programme, edition: Edition | None = None, **detail) -> None:
    thing = f"plan.edition {programme.code}/{edition.ordinal}" if edition else f"plan.programme {programme.code}"
    record(by=by, verb=verb, thing=thing, jurisdiction=programme.jurisdiction, detail=detail)
