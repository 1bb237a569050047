"""What the office decides: sent back with the reason, accepted, opened again."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction

from qingshan.people.actions import require
from qingshan.people.models import User
from qingshan.plan.actions import Refused

from ..models import Report, Step
from ..queries import lines_of, mend_by, newest_version
from .doors import as_handed_in, locked, move_on, tell
from .entering import enter


@transaction.atomic
def send_back(
    *, by: User | None, report: Report, version: int, why: str, remarks: Mapping[int, str] | None = None, on: date
) -> Report:
    """Send a report back with the reason, and with remarks on lines (line id → words); it may be mended for some working days.

    Lines accepted before stay so, unless a remark names them or the whole report had been accepted.
    """
    require(by, "review_reports")
    if not why.strip():
        raise Refused("请写明为什么退回。", "Say why the report is sent back.")
    report = as_handed_in(report, version, (Report.State.SUBMITTED, Report.State.ACCEPTED))
    remarks = {pk: words.strip() for pk, words in (remarks or {}).items() if words.strip()}
    for line in report.lines.all():
        line.remark = remarks.get(line.pk, "")
        if line.remark or report.state == Report.State.ACCEPTED and not remarks:
            line.accepted_on = None
        line.save(update_fields=["remark", "accepted_on"])
    report.open_until = max(filter(None, (report.open_until, mend_by(report.round, on))))
    move_on(by, report, Report.State.RETURNED, Step.Verb.RETURN, on, newest_version(report), why)
    tell(by, report, "return_report", why=why.strip(), version=version)
    return report


@transaction.atomic
def accept(
    *, by: User | None, report: Report, version: int, lines: Collection[int] | None = None, why: str = "", on: date
) -> Report:
    """Accept lines (their ids), or all. An accepted value becomes a figure known from that day, with the way back to its line."""
    require(by, "review_reports")
    report = as_handed_in(report, version, (Report.State.SUBMITTED,))
    handed_in = newest_version(report)
    open_lines = [one for one in lines_of(report) if one.accepted_on is None]
    chosen = [one for one in open_lines if lines is None or one.pk in lines]
    if not chosen and open_lines:
        raise Refused("请先勾选要接受的行。", "Choose the lines to accept first.")
    for line in chosen:
        line.accepted_on, line.remark = on, ""
        line.save(update_fields=["accepted_on", "remark"])
    enter(by, report, handed_in, chosen, on)
    whole = len(chosen) == len(open_lines)
    state, verb = (Report.State.ACCEPTED, Step.Verb.ACCEPT) if whole else (report.state, Step.Verb.ACCEPT_LINES)
    move_on(by, report, state, verb, on, handed_in, why)
    tell(by, report, "accept_report", count=len(chosen), version=version, why=why.strip())
    return report


@transaction.atomic
def reopen(*, by: User | None, report: Report, until: date, why: str, on: date) -> Report:
    """Let a report be handed in after its lock day, until a day and for a reason, both on record."""
    require(by, "review_reports")
    report = locked(report)
    if not why.strip():
        raise Refused("请写明为什么重新开放。", "Say why the report is opened again.")
    if report.state in (Report.State.SUBMITTED, Report.State.ACCEPTED):
        raise Refused(
            "这份填报已经报送，需要修改请退回。", "This report was handed in; send it back to have it mended."
        )
    if report.round.closed_on or until < on:
        raise Refused(
            f"开放到 {until} 不可行：轮次已关闭或日期已过。",
            f"It cannot be opened until {until}: the round is closed or the day has passed.",
        )
    report.open_until = until
    move_on(by, report, report.state, Step.Verb.REOPEN, on, None, why)
    tell(by, report, "reopen_report", until=until.isoformat(), why=why.strip())
    return report
