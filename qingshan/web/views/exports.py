"""Lists as workbooks: what the address shows, row for row."""

from decimal import Decimal

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingshan.web import situation, wording
from qingshan.web.filters import TARGETS, TASKS
from qingshan.web.pages import hidden_columns, programme_for
from qingshan.web.sheets import TYPE, workbook
from qingshan.web.templatetags.qingshan import parties, said

# Where the columns stand that a reader may have put away.
PUT_AWAY = {"scope": 2, "planned": 7, "goal": 8, "due": 10}


@require_safe
def targets(request, programme):
    now = situation.now(programme_for(request, programme))
    rows = TARGETS.apply(now.targets, request.GET)
    head = [_("编号"), _("目标"), _("范围"), _("性质"), _("状态"), _("实际"), _("实际截至"), _("应达"), _("目标值"), _("单位"), _("期限"), _("负责"), _("数据"), _("判定")]  # fmt: skip
    widths = [14, 40, 16, 10, 10, 10, 12, 10, 10, 10, 12, 24, 12, 60]
    kept = [n for n in range(len(head)) if n not in {PUT_AWAY.get(name) for name in hidden_columns(request)}]
    head, widths = ([line[n] for n in kept] for line in (head, widths))
    return _answer(
        _("目标"), now, head, [[_target(row)[n] for n in kept] for row in rows], [row.simulated for row in rows], widths
    )


def _target(row):
    return [
        row.code,
        said(row, "name"),
        f"{row.task.no} {said(row.task, 'title')}" if row.task else _("总体"),
        wording.TARGET_ORIGINS[row.origin],
        wording.status(row.status),
        _figure(row.actual),
        row.actual_on or "",
        _figure(row.planned_text.replace(",", "").replace("−", "-") or None),
        _figure(row.goal) if row.goal and row.op in ("<=", ">=", "=") else row.goal_text,
        said(row, "unit"),
        row.due,
        _("、").join(said(body) for body in row.bodies),
        _("、").join(str(wording.origin(mark)) for mark in row.marks),
        said(row.sentence),
    ]


@require_safe
def tasks(request, programme):
    now = situation.now(programme_for(request, programme))
    rows = TASKS.apply(now.tasks, request.GET)
    head = [_("编号"), _("任务"), _("专题"), _("部门"), _("状态"), _("依据的目标"), _("判定")]
    marked = [bool(row.evidence and row.evidence.simulated) for row in rows]
    return _answer(_("任务"), now, head, [_task(row) for row in rows], marked, [8, 36, 28, 36, 10, 36, 60])


def _task(row):
    target = row.evidence
    return [
        row.task.no,
        said(row.task, "title"),
        said(row.task.theme, "title"),
        parties(row.task),
        wording.status(row.status) if row.status else "",
        said(target, "name") if target else "",
        said(target.sentence) if target else "",
    ]


def _figure(text):
    return None if text is None else Decimal(text)


def _answer(title, now, head, rows, marked, widths):
    judged = _("评估日 %(day)s") % {"day": now.run.as_of} if now.run else _("尚未评估")
    notes = [f"{said(now.programme, 'title')} · {title} · {judged}"]
    if any(marked):
        notes.append(_("打斜线的行用的是模拟数据，不是实测。"))
    response = HttpResponse(workbook(title, notes, head, rows, marked, widths), content_type=TYPE)
    name = f"{said(now.programme, 'title')} {title} {now.run.as_of if now.run else ''}".strip() + ".xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
