"""A report by workbook: taken away to be filled in, examined, taken over whole or not at all."""

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingshan.evidence.reports import actions
from qingshan.evidence.reports.answers import Answer, read_claim
from qingshan.evidence.reports.importing import read_workbook
from qingshan.evidence.reports.models import Line, Report
from qingshan.evidence.reports.queries import answer_of, lines_of, today
from qingshan.plan.actions import Refused
from qingshan.web.files import saved
from qingshan.web.one_report import address_of, own_report, page_of, report_at, said
from qingshan.web.report_papers import to_fill_in
from qingshan.web.reporting import drafted
from qingshan.web.sheets import TYPE

SALT = "reports.workbook"
KEEP = 3600  # seconds in which an examined workbook can be taken over


@require_GET
def download(request, programme, kind, period, body):
    report = report_at(request, programme, kind, period, body)
    return saved(to_fill_in(report), TYPE, f"{report.round} {report.body}.xlsx")


@require_http_methods(["GET", "POST"])
def upload(request, programme, kind, period, body):
    """First what the workbook would change and every fault at its cell; then all of it or nothing."""
    report = own_report(request, programme, kind, period, body)
    if request.method == "POST" and "taken" in request.POST:
        return _taken(request, report)
    page = page_of(report)
    if request.method == "POST":
        file = request.FILES.get("file")
        sheet = read_workbook(report, file.read(), file.name) if file else None
        page |= {"sheet": sheet, "missing": file is None}
        if sheet and not sheet.faults:
            page |= {"changed": _changed(report, sheet.changes), "taken": _signed(report, sheet.changes)}
    return render(request, "qingshan/reports/upload.html", page)


def _changed(report: Report, changes) -> list:
    found = []
    for one in lines_of(report):
        if one.pk in changes:
            before = drafted(one, report.round.programme)
            old = (before.claimed, one.progress, one.obstacle)
            answer = changes[one.pk].answer
            one.claim, one.progress, one.obstacle = answer.claim, answer.progress, answer.obstacle
            found.append((old, drafted(one, report.round.programme)))
    return found


def _signed(report: Report, changes) -> str:
    told = {
        pk: [
            one.expected,
            str(one.answer.claim) if one.answer.claim is not None else None,
            one.answer.progress,
            one.answer.obstacle,
        ]
        for pk, one in changes.items()
    }
    return signing.dumps([report.pk, told], salt=SALT, compress=True)


def _taken(request, report: Report):
    try:
        whose, told = signing.loads(request.POST["taken"], salt=SALT, max_age=KEEP)
        if whose != report.pk:
            raise signing.BadSignature
    except signing.BadSignature:
        messages.error(request, _("核对结果已过期，请重新上传。"))
        return redirect("report-upload", *address_of(report))
    lines = {one.pk: one for one in lines_of(report)}
    changes = {int(pk): _change(lines[int(pk)], one) for pk, one in told.items() if int(pk) in lines}
    try:
        kept = actions.save_lines(by=request.user, report=report, changes=changes, on=today(report.round.programme))
        messages.success(request, _("已写入草稿，改动 %(n)s 处。核对后请报送。") % {"n": len(kept)})
    except Refused as refused:
        messages.error(request, said(request, refused))
    return redirect("report", *address_of(report))


def _change(line: Line, told) -> actions.Change:
    expected, claim, progress, obstacle = told
    value = read_claim("value", claim) if claim is not None else None
    return actions.Change(expected, Answer(value, progress, obstacle, answer_of(line).entries))
