"""Evidence beside the lines of a report."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from qingshan.evidence.reports import actions
from qingshan.evidence.reports.models import File, Report
from qingshan.evidence.reports.queries import today
from qingshan.plan.actions import Refused
from qingshan.web.files import handed_out
from qingshan.web.one_report import address_of, own_report, report_at, said


@require_POST
def attach(request, programme, kind, period, body, pk):
    report = own_report(request, programme, kind, period, body)
    found = get_object_or_404(report.lines.select_related("report__round"), pk=pk)
    for file in request.FILES.getlist("file"):
        try:
            actions.attach(
                by=request.user, line=found, name=file.name, content=file.read(), on=today(report.round.programme)
            )
        except Refused as refused:
            messages.error(request, said(request, refused))
    return _back_to_line(report, pk)


def _back_to_line(report: Report, pk: int):
    response = redirect("report", *address_of(report))
    response["Location"] += f"#line-{pk}"
    return response


@require_POST
def detach(request, programme, kind, period, body, file):
    report = own_report(request, programme, kind, period, body)
    found = get_object_or_404(File.objects.select_related("line__report__round"), pk=file, line__report=report)
    try:
        actions.detach(by=request.user, file=found, on=today(report.round.programme))
    except Refused as refused:
        messages.error(request, said(request, refused))
    return _back_to_line(report, found.line_id)


@require_GET
def evidence(request, programme, kind, period, body, file):
    """A file, to be saved and never shown as a page of ours."""
    report = report_at(request, programme, kind, period, body)
    found = get_object_or_404(File, pk=file, line__report=report)
    return handed_out(found.sha256, found.name)
