"""What is stuck, what was raised, and what was assigned."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingshan.coordination import actions, queries
from qingshan.coordination.matters import TARGETS, Kind
from qingshan.coordination.models import Alert
from qingshan.evidence.reports.queries import today
from qingshan.people.actions import NotAllowed, may, require
from qingshan.plan.actions import Refused
from qingshan.web import wording
from qingshan.web.coordination import (
    Board,
    day_asked,
    deeds,
    deeds_on,
    may_see_proof,
    named,
    page_of,
    provisional_year,
    sees,
    sentence,
)
from qingshan.web.files import handed_out
from qingshan.web.pages import programme_for, remembered
from qingshan.web.sheets import TYPE, workbook

CLOSED_SHOWN = 8


@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    board = Board(programme, day_asked(request, programme), request.user)
    given = queries.assignments(programme, None, board.on)
    found = list(queries.meetings(programme))
    page = {
        "here": "coordination", "board": board, "rows": board.chosen(request.GET), "asked": request.GET, "meetings": found,
        "preparing": next((one for one in found if not one.signed_at), None), "given": [one for one in given if not one.closed],
        "given_count": len(given), "may_run": may(request.user, "run_coordination"), "may_prepare": may(request.user, "prepare_meeting"),
        "may_settle": may(request.user, "settle_circular"), "provisional": provisional_year(programme, Kind.ASSIGNMENT, board.on), "has_rules": bool(board.rules),
    }  # fmt: skip
    return render(request, "qingshan/coordination/board.html", page)


@require_safe
def sheet(request, programme):
    programme = programme_for(request, programme)
    board = Board(programme, day_asked(request, programme), request.user)
    rows = board.chosen(request.GET)
    head = [
        _("类型"),
        _("事项"),
        _("情况"),
        _("等谁"),
        _("谁在等"),
        _("应于（目标为自何日起）"),
        _("逾期工作日"),
        _("提示"),
        _("数据"),
    ]
    notes = [f"{wording.said(programme, 'title')} · {_('停滞的事项')} · {board.on}"]
    if any(row.matter.simulated for row in rows):
        notes.append(_("打斜线的行用的是模拟数据，不是实测。"))
    lines = [_cells(row, board) for row in rows]
    marked = [row.matter.simulated for row in rows]
    response = HttpResponse(
        workbook(_("停滞的事项"), notes, head, lines, marked, [12, 40, 60, 18, 40, 12, 12, 12, 8]), content_type=TYPE
    )
    name = f"{wording.said(programme, 'title')} {_('停滞的事项')} {board.on}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _cells(row, board) -> list:
    one = row.matter
    level = str(wording.LEVELS[row.level]) if row.level else ""
    simulated = str(wording.origin("simulated")) if one.simulated else ""
    waiting = named(one.partners, board.bodies)
    return [str(wording.MATTERS[one.kind.value]), wording.said(one.subject._asdict()), wording.said(one.told._asdict()),
            wording.said(row.body), waiting, one.due_on, str(row.late), level, simulated]  # fmt: skip


@require_POST
def run(request, programme):
    programme = programme_for(request, programme)
    on = day_asked(request, programme)
    try:
        done = actions.run(by=request.user, programme=programme, on=on)
        told = {"raised": len(done.raised), "closed": len(done.closed), "stuck": done.stuck}
        messages.success(request, _("停滞 %(stuck)s 件，新发提示 %(raised)s 条，销号 %(closed)s 条。") % told)
    except Refused as refused:
        messages.error(request, sentence(refused))
    return redirect(f"{reverse('coordination', args=[programme.code])}?on={on}")


def _alert(request, programme, number) -> Alert:
    found = queries.alerts(programme).filter(pk=number).first()
    if found is None or not sees(request.user, found):
        raise Http404
    found.programme = programme
    return found


@remembered
def alert(request, programme, number):
    programme = programme_for(request, programme)
    one = _alert(request, programme, number)
    others = [it for it in queries.alerts(programme).filter(kind=one.kind, key=one.key) if sees(request.user, it)]
    bodies = queries.body_names(programme)
    page = {
        "here": "coordination", "alert": one, "others": sorted(others, key=lambda it: it.pk), "page": page_of(programme, one.told.address),
        "deeds": deeds(request.user, one), "is_target": one.told.kind in TARGETS.values(), "provisional": provisional_year(programme, one.told.kind, one.raised_on, one.answer_by), "waiting": named(one.told.partners, bodies), "on": day_asked(request, programme),
    }  # fmt: skip
    return render(request, "qingshan/coordination/alert.html", page)


@require_POST
def acknowledge(request, programme, number):
    programme = programme_for(request, programme)
    require(request.user, "acknowledge")
    one = _alert(request, programme, number)
    return _done(request, one, lambda: actions.acknowledge(
        by=request.user, alert=one, on=_day(one), note=request.POST.get("note", "")
    ), _("已签收。"))  # fmt: skip


@require_POST
def settle(request, programme, number):
    programme = programme_for(request, programme)
    require(request.user, "settle_circular")
    one = _alert(request, programme, number)
    issue = request.POST.get("issue") == "yes"
    return _done(request, one, lambda: actions.settle_circular(
        by=request.user, alert=one, on=_day(one), issue=issue, note=request.POST.get("note", "")
    ), _("已通报。") if issue else _("已记下不予通报。"))  # fmt: skip


def _day(one: Alert) -> date:
    return max(one.raised_on, today(one.programme))


def _done(request, one: Alert, deed, words):
    try:
        deed()
        messages.success(request, words)
    except Refused as refused:
        messages.error(request, sentence(refused))
    return redirect("alert", one.programme.code, one.pk)


@remembered
def assignments(request, programme):
    programme = programme_for(request, programme)
    on, body, state = day_asked(request, programme), request.GET.get("body", ""), request.GET.get("state", "")
    every = queries.assignments(programme, None, on)
    found = [one for one in every if (not body or one.concerns(body)) and (not state or one.state == state)]
    bodies = queries.body_names(programme)
    held = [one for code, one in bodies.items() if any(it.concerns(code) for it in every)]
    page = {"here": "coordination", "page": Paginator(found, 50).get_page(request.GET.get("page")), "bodies": bodies, "held": held,
            "asked": request.GET, "count": len(found), "states": wording.ASSIGNMENTS.items(), "on": on}  # fmt: skip
    return render(request, "qingshan/coordination/assignments.html", page)


def _assignment(request, programme, number) -> queries.Assignment:
    found = queries.assignment(programme, number, day_asked(request, programme))
    if found is None:
        raise Http404
    return found


@remembered
def assignment(request, programme, number):
    programme = programme_for(request, programme)
    one = _assignment(request, programme, number)
    page = {"here": "coordination", "one": one, "partners": named(one.decision.partners, queries.body_names(programme)),
            "deeds": deeds_on(request.user, one), "on": one.on}  # fmt: skip
    return render(request, "qingshan/coordination/assignment.html", page)


@require_POST
def handle(request, programme, number):
    programme = programme_for(request, programme)
    one = _assignment(request, programme, number)
    kind = request.POST.get("kind", "")
    given = {"by": request.user, "decision": one.decision, "on": one.on, "note": request.POST.get("note", "")}
    try:
        if kind in HANDLE:
            HANDLE[kind](**given)
        else:
            file = request.FILES.get("file")
            actions.report_done(**given, **({"name": file.name, "content": file.read()} if file else {}))
        messages.success(request, _("已记录。"))
    except Refused as refused:
        messages.error(request, sentence(refused))
    return redirect("assignment", programme.code, number)


HANDLE = {"closed": actions.close_assignment, "returned": actions.return_assignment}


@require_safe
def proof(request, programme, number, handling):
    """The proof of an assignment: for its bodies, and for those who check, decide or audit."""
    programme = programme_for(request, programme)
    one = _assignment(request, programme, number)
    if not may_see_proof(request.user, one):
        raise NotAllowed("证明材料只有牵头、配合部门和计划办、领导、审计可以看。",
                         "Proof is for the bodies concerned, the office, leaders and auditors.")  # fmt: skip
    found = one.decision.handlings.filter(pk=handling).exclude(sha256="").first()
    if found is None:
        raise Http404
    return handed_out(found.sha256, found.file)
