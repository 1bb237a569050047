"""A report as it is read, and what the office makes of it."""

from datetime import date

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingshan.evaluation.reporting import reviewed
from qingshan.evidence.reports import actions
from qingshan.evidence.reports.models import Report
from qingshan.evidence.reports.queries import entered_of, lines_of, newest_version, today, writable
from qingshan.people.actions import may, require
from qingshan.people.models import Role
from qingshan.plan.actions import Refused
from qingshan.web.one_report import address_of, fills_in, page_of, report_at, said
from qingshan.web.reporting import Row, drafted, grouped
from qingshan.web.views.report_answers import fill


@require_GET
def show(request, programme, kind, period, body):
    """Its body fills it in while it may; the office reviews it; else it is read."""
    report = report_at(request, programme, kind, period, body)
    if fills_in(request, report):
        return fill(request, report)
    return _review(request, report)


def _review(request, report: Report, status=200):
    on = today(report.round.programme)
    version = newest_version(report)
    rows = list(_rows_to_read(request, report, on))
    deciding = may(request.user, "review_reports")
    page = page_of(report) | {
        "groups": grouped(rows), "version": version, "entered": entered_of(report),
        "warned": [row for row in rows if row.found], "deciding": deciding and report.state == Report.State.SUBMITTED,
        "may_return": deciding and report.state in (Report.State.SUBMITTED, Report.State.ACCEPTED),
        "may_reopen": deciding and report.state in (Report.State.DRAFT, Report.State.RETURNED) and not writable(report, on),
    }  # fmt: skip
    return render(request, "qingshan/reports/review.html", page, status=status)


def _rows_to_read(request, report: Report, on):
    """A body reads its report beside what was known when it was asked, which is at hand; others beside what is known now."""
    programme = report.round.programme
    if request.user.role == Role.LIAISON:
        return (drafted(line, programme) for line in lines_of(report))
    found = reviewed(report, on, timezone.now())
    return (Row(one.line, programme, one.known, one.contradictions) for one in found)


@require_POST
def decide(request, programme, kind, period, body):
    """Accept lines or all, or send back with the reason."""
    report = report_at(request, programme, kind, period, body)
    require(request.user, "review_reports")
    post = request.POST
    version, on = int(post.get("version") or 0), today(report.round.programme)
    lines = [int(pk) for pk in post.getlist("line") if pk.isdecimal()]
    try:
        if "return" in post:
            remarks = {one.pk: post.get(f"remark-{one.pk}", "") for one in report.lines.all()}
            actions.send_back(
                by=request.user, report=report, version=version, why=post.get("why", ""), remarks=remarks, on=on
            )
            messages.success(request, _("已退回，理由已告知部门。"))
        else:
            chosen = None if "all" in post else lines
            report = actions.accept(by=request.user, report=report, version=version, lines=chosen, on=on)
            done = report.state == Report.State.ACCEPTED
            messages.success(request, _("已接受，数值从今天起计入指标。") if done else _("已接受勾选的行。"))
    except Refused as refused:
        messages.error(request, said(request, refused))
    return redirect("report", *address_of(report))


@require_POST
def reopen(request, programme, kind, period, body):
    report = report_at(request, programme, kind, period, body)
    require(request.user, "review_reports")
    on = today(report.round.programme)
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
        actions.reopen(by=request.user, report=report, until=until, why=request.POST.get("why", ""), on=on)
        messages.success(request, _("已重新开放到 %(day)s。") % {"day": until})
    except ValueError:
        messages.error(request, _("请填开放到哪一天。"))
    except Refused as refused:
        messages.error(request, said(request, refused))
    return redirect("report", *address_of(report))
