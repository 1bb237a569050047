"""Reporting: what a body owes, the office's board, rounds opened and closed."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingshan.evaluation.reporting import open_rounds
from qingshan.evidence.reports import actions
from qingshan.evidence.reports.answers import lacking
from qingshan.evidence.reports.queries import answer_of, punctuality, reports_of, rounds_of, today
from qingshan.people.actions import may, require
from qingshan.people.models import Role
from qingshan.plan.actions import Refused
from qingshan.web import wording
from qingshan.web.files import saved
from qingshan.web.one_report import said
from qingshan.web.pages import programme_for
from qingshan.web.report_papers import board_rows
from qingshan.web.reporting import STATES, Owed, board
from qingshan.web.sheets import TYPE, workbook

YEAR = timedelta(days=365)


@require_GET
def index(request, programme):
    """A liaison sees what their body owes, everyone else the board."""
    programme = programme_for(request, programme)
    return _owed(request, programme) if request.user.role == Role.LIAISON else _board(request, programme)


def _owed(request, programme):
    on = today(programme)
    reports = list(reports_of(programme).filter(body=request.user.body).prefetch_related("lines"))
    found = [_counted(Owed(report, on)) for report in reports]
    page = {
        "here": "reports", "on": on, "owed": [one for one in found if one.open],
        "others": [one for one in found if not one.open], "body": request.user.body,
        "rates": punctuality(programme, on - YEAR, on, on, request.user.body).get(request.user.body.code),
    }  # fmt: skip
    return render(request, "qingshan/reports/owed.html", page)


def _counted(one: Owed) -> Owed:
    lines = [line for line in one.report.lines.all() if not line.asked.get("optional")]
    one.lines = len(lines)
    one.answered = sum(not any(lacking(line.form, line.asked, answer_of(line))) for line in lines)
    return one


def _seen_board(request, programme):
    on = today(programme)
    wanted = request.GET.get("state", "")
    reports = reports_of(programme)
    if request.user.role == Role.LIAISON:
        reports = reports.filter(body=request.user.body)
    return on, board(reports, punctuality(programme, on - YEAR, on, on), on, wanted if wanted in STATES else "")


def _board(request, programme):
    on, found = _seen_board(request, programme)
    page = {
        "here": "reports", "on": on, "board": found, "states": STATES.items(), "wanted": request.GET.get("state", ""),
        "may_open": may(request.user, "open_rounds"), "may_review": may(request.user, "review_reports"),
    }  # fmt: skip
    return render(request, "qingshan/reports/board.html", page)


@require_GET
def export(request, programme):
    """The board as seen, as a workbook."""
    programme = programme_for(request, programme)
    on, found = _seen_board(request, programme)
    head = [_("部门"), *(f"{one.period} {wording.said(one)}" for one in found.rounds), _("应报"), _("按时"), _("迟报"), _("缺报"), _("接受"), _("退回过")]  # fmt: skip
    notes = [f"{wording.said(programme, 'title')} · {_('填报')} · {on}"]
    if any(one.simulated for one in found.rounds):
        notes.append(_("这些轮次是演示用的模拟填报，不是真实记录。"))
    rows = board_rows(found, lambda state: str(STATES[state][1]))
    book = workbook(
        _("填报"),
        notes,
        head,
        rows,
        [any(one.simulated for one in found.rounds)] * len(rows),
        [24] + [16] * (len(head) - 1),
    )
    return saved(book, TYPE, f"{wording.said(programme, 'title')} {_('填报')} {on}.xlsx")


@require_POST
def open_due(request, programme):
    programme = programme_for(request, programme)
    require(request.user, "open_rounds")
    opened = open_rounds(by=request.user, programme=programme, on=today(programme), now=timezone.now())
    for held in opened:
        messages.success(request, _("已开放 %(period)s，%(day)s 截止。") % {"period": held.period, "day": held.due_on})
    if not opened:
        messages.info(request, _("没有需要开放的轮次。"))
    return redirect("reports", programme.code)


@require_POST
def close(request, programme, kind, period):
    programme = programme_for(request, programme)
    require(request.user, "open_rounds")
    held = get_object_or_404(rounds_of(programme), kind=kind, period=period)
    try:
        actions.close_round(by=request.user, held=held, on=today(programme))
        messages.success(request, _("已关闭 %(period)s。") % {"period": period})
    except Refused as refused:
        messages.error(request, said(request, refused))
    return redirect("reports", programme.code)
