"""One report, as an address names it: who may read it, who fills it in, and what its pages share."""

from django.shortcuts import get_object_or_404

from qingshan.evidence.reports.models import Report
from qingshan.evidence.reports.queries import reports_of, today, writable
from qingshan.people.actions import NotAllowed, may, require
from qingshan.people.models import Role
from qingshan.web import wording
from qingshan.web.pages import programme_for
from qingshan.web.reporting import Owed, days_left


def said(request, refused) -> str:
    return refused.en if request.LANGUAGE_CODE == "en" else refused.zh


def report_at(request, programme, kind, period, body) -> Report:
    """The report of the address; a liaison reads only their own body's."""
    programme = programme_for(request, programme)
    found = get_object_or_404(reports_of(programme), round__kind=kind, round__period=period, body__code=body)
    if request.user.role == Role.LIAISON and request.user.body_id != found.body_id:
        raise NotAllowed(
            f"这是{found.body}的填报，联络员只能查看本部门的。",
            f"This is the report of {wording.said(found.body)}; a liaison sees that of their own body.",
        )
    return found


def own_report(request, programme, kind, period, body) -> Report:
    report = report_at(request, programme, kind, period, body)
    require(request.user, "report")
    return report


def address_of(report: Report) -> list:
    return [report.round.programme.code, report.round.kind, report.round.period, report.body.code]


def fills_in(request, report: Report) -> bool:
    own = may(request.user, "report") and request.user.body_id == report.body_id
    return own and writable(report, today(report.round.programme))


def page_of(report: Report) -> dict:
    on = today(report.round.programme)
    return {"here": "reports", "report": report, "on": on, "one": Owed(report, on), "left": days_left(report, on),
            "steps": report.steps.select_related("recorded_by", "version").order_by("-id")}  # fmt: skip
