"""Score sheets: computed, published to the bodies, objected to, answered, signed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingshan.evaluation.scores import actions, queries
from qingshan.evaluation.scores.models import Objection, Sheet
from qingshan.evaluation.scores.period import periods_until
from qingshan.evidence.reports.queries import today
from qingshan.people.actions import may, require
from qingshan.plan.actions import Refused
from qingshan.web import score_papers, scores
from qingshan.web.pages import programme_for, remembered
from qingshan.web.queries import bodies_of
from qingshan.web.sheets import TYPE
from qingshan.web.wording import said

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    page = {
        "here": "scores",
        "sheets": [(one, scores.STATES[one.state]) for one in queries.sheets_of(programme, request.user)],
        "periods": [one.code for one in periods_until(today(programme))],
        "rules": [one.scoring for one in programme.scoring.order_by("-since", "-id")],
        "may_score": may(request.user, "score"),
    }
    return render(request, "qingshan/scores/index.html", page)


@require_POST
def new(request, programme):
    programme = programme_for(request, programme)
    require(request.user, "score")
    try:
        sheet = actions.compute_sheet(by=request.user, programme=programme, period=request.POST.get("period", ""))
    except Refused as refused:
        return _told(request, refused, "scores", programme.code)
    messages.success(request, _("已计算 %(period)s 的评分，存为草稿。") % {"period": sheet.period})
    return redirect("score-sheet", programme.code, sheet.pk)


def _sheet(request, programme, number) -> tuple:
    programme = programme_for(request, programme)
    return programme, get_object_or_404(queries.sheets_of(programme, request.user), pk=number)


def _opened(sheet) -> scores.Opened:
    bodies = {one.code: one for one in bodies_of(sheet.programme)}
    return scores.Opened(sheet, bodies, queries.objections_of(sheet))


def _log(opened, reader) -> list[dict]:
    return [
        {"it": one, "open": shown, "line": opened.title_of(one.body.code, one.line), "answer": getattr(one, "answer", None)}
        for one, shown in scores.seen_objections(opened.objections, reader)
    ]  # fmt: skip


@require_safe
@remembered
def show(request, programme, number):
    programme, sheet = _sheet(request, programme, number)
    opened = _opened(sheet)
    page = {
        "here": "scores",
        "sheet": sheet,
        "state": scores.STATES[sheet.state],
        "opened": opened,
        "rows": scores.sorted_rows(opened.rows, request.GET.get("sort", "")),
        "log": _log(opened, request.user),
        "silent": [opened.bodies[code] for code in queries.silent_bodies(sheet) if code in opened.bodies],
        "today": today(programme),
        "may_score": may(request.user, "score"),
        "own": request.user.body if request.user.role == "liaison" else None,
    }
    return render(request, "qingshan/scores/sheet.html", page)


@require_safe
@remembered
def body(request, programme, number, code):
    programme, sheet = _sheet(request, programme, number)
    opened = _opened(sheet)
    row = next((one for one in opened.rows if one.body.code == code), None)
    if row is None:
        raise Http404
    mine = request.user.role == "liaison" and request.user.body_id == row.body.id
    window = sheet.published_on and sheet.published_on <= today(programme) <= sheet.open_until
    page = {
        "here": "scores",
        "sheet": sheet,
        "state": scores.STATES[sheet.state],
        "opened": opened,
        "row": row,
        "groups": opened.lines(code),
        "mine": mine,
        "may_object": mine and sheet.state == Sheet.State.PUBLISHED and window,
        "consented": sheet.consents.filter(body=row.body).select_related("by").first(),
        "log": [one for one in _log(opened, request.user) if one["it"].body_id == row.body.id],
    }
    return render(request, "qingshan/scores/body.html", page)


@require_POST
def publish(request, programme, number):
    return _done(request, programme, number, _("已公布，各部门可以提出异议。"), actions.publish, on=True)


@require_POST
def withdraw(request, programme, number):
    return _done(request, programme, number, _("已撤回。"), actions.withdraw, why=request.POST.get("why", ""))


@require_POST
def sign(request, programme, number):
    return _done(request, programme, number, _("已签署定稿。这份评分从此不能更改。"), actions.sign, on=True)


@require_POST
def consent(request, programme, number):
    return _done(request, programme, number, _("已确认无异议。"), actions.consent)


def _done(request, programme, number, words, action, on: bool = False, **given):
    programme, sheet = _sheet(request, programme, number)
    try:
        action(by=request.user, sheet=sheet, **given, **({"on": today(programme)} if on else {}))
        messages.success(request, words)
    except Refused as refused:
        messages.error(request, said({"zh": refused.zh, "en": refused.en}))
    return redirect("score-sheet", programme.code, sheet.pk)


@require_POST
def object_to(request, programme, number):
    programme, sheet = _sheet(request, programme, number)
    require(request.user, "object")
    place = ("score-body", programme.code, sheet.pk, request.user.body.code)
    told = {name: request.POST.get(name, "") for name in ("line", "reason", "evidence")}
    try:
        actions.object_to(by=request.user, sheet=sheet, on=today(programme), **told)
    except Refused as refused:
        return _told(request, refused, *place)
    messages.success(request, _("异议已提交，等待计划办答复。"))
    return redirect(*place)


@require_POST
def answer(request, programme, number, objection):
    programme, sheet = _sheet(request, programme, number)
    require(request.user, "score")
    found = get_object_or_404(Objection, sheet=sheet, pk=objection)
    upheld = request.POST.get("upheld") == "yes"
    try:
        actions.answer(by=request.user, objection=found, upheld=upheld, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _told(request, refused, "score-sheet", programme.code, sheet.pk)
    told = _("已支持这条异议，评分已随之改变。") if upheld else _("已驳回这条异议。")
    messages.success(request, told)
    return redirect("score-sheet", programme.code, sheet.pk)


def _told(request, refused, *place):
    messages.error(request, said({"zh": refused.zh, "en": refused.en}))
    return redirect(*place)


@require_safe
def workbook(request, programme, number):
    programme, sheet = _sheet(request, programme, number)
    opened = _opened(sheet)
    rows = scores.sorted_rows(opened.rows, request.GET.get("sort", ""))
    return _file(score_papers.workbook_of(opened, rows), TYPE, sheet, "xlsx")


@require_safe
def paper(request, programme, number):
    programme, sheet = _sheet(request, programme, number)
    opened = _opened(sheet)
    return _file(score_papers.paper_of(opened, _log(opened, request.user)), DOCX, sheet, "docx")


def _file(content: bytes, kind: str, sheet, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = f"{said(sheet.programme, 'title')} {sheet.period} {_('部门评分')}.{ending}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
