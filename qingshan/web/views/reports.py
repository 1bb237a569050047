"""Reporting: what a body owes and fills in, and what the office makes of it."""

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingshan.evaluation.reporting import open_rounds, reviewed
from qingshan.evidence.registers.queries import file_of
from qingshan.evidence.reports import actions
from qingshan.evidence.reports.answers import Answer, Unread, lacking, read_claim
from qingshan.evidence.reports.importing import read_workbook
from qingshan.evidence.reports.models import File, Line, Report
from qingshan.evidence.reports.queries import (
    answer_of,
    entered_of,
    lines_of,
    newest_version,
    punctuality,
    reports_of,
    rounds_of,
    today,
    writable,
)
from qingshan.people.actions import NotAllowed, may, require
from qingshan.people.models import Role
from qingshan.plan.actions import Refused
from qingshan.web import wording
from qingshan.web.pages import programme_for
from qingshan.web.report_papers import board_rows, to_fill_in
from qingshan.web.reporting import STATES, Owed, Row, board, days_left, drafted, grouped
from qingshan.web.sheets import TYPE, workbook

YEAR = timedelta(days=365)
SALT = "reports.workbook"
KEEP = 3600  # seconds in which an examined workbook can be taken over


# --- lists


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
    return _file(book, f"{wording.said(programme, 'title')} {_('填报')} {on}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


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


# --- one report


def said(request, refused) -> str:
    return refused.en if request.LANGUAGE_CODE == "en" else refused.zh


def _report(request, programme, kind, period, body) -> Report:
    """The report of the address; a liaison reads only their own body's."""
    programme = programme_for(request, programme)
    found = get_object_or_404(reports_of(programme), round__kind=kind, round__period=period, body__code=body)
    if request.user.role == Role.LIAISON and request.user.body_id != found.body_id:
        raise NotAllowed(
            f"这是{found.body}的填报，联络员只能查看本部门的。",
            f"This is the report of {wording.said(found.body)}; a liaison sees that of their own body.",
        )
    return found


def _address(report: Report) -> list:
    return [report.round.programme.code, report.round.kind, report.round.period, report.body.code]


@require_GET
def show(request, programme, kind, period, body):
    """Its body fills it in while it may; the office reviews it; else it is read."""
    report = _report(request, programme, kind, period, body)
    if _writes(request, report):
        return _fill(request, report)
    return _review(request, report)


def _writes(request, report: Report) -> bool:
    own = may(request.user, "report") and request.user.body_id == report.body_id
    return own and writable(report, today(report.round.programme))


def _page(report: Report) -> dict:
    on = today(report.round.programme)
    return {"here": "reports", "report": report, "on": on, "one": Owed(report, on), "left": days_left(report, on),
            "steps": report.steps.select_related("recorded_by", "version").order_by("-id")}  # fmt: skip


def _fill(request, report: Report, faults=None, error="", status=200):
    faults = faults or {}
    rows = [drafted(line, report.round.programme, faults.get(line.pk, "")) for line in lines_of(report)]
    page = _page(report) | {"groups": grouped(rows), "tally": _tally(rows), "error": error}
    return render(request, "qingshan/reports/fill.html", page, status=status)


def _tally(rows: list[Row]) -> dict:
    needed = [row for row in rows if not row.line.asked.get("optional")]
    left = [row for row in needed if row.lacks]
    return {"of": len(needed), "done": len(needed) - len(left), "left": left,
            "warned": sum(bool(row.found) for row in rows)}  # fmt: skip


def _answer(request, line: Line) -> actions.Change:
    """What was posted for a line. Raises Unread."""
    post, pk = request.POST, line.pk
    claim = None if line.form == "words" else read_claim(line.form, post.get(f"claim-{pk}", ""))
    entries = answer_of(line).entries
    if f"entries-{pk}" in post:
        entries = tuple(_entries(post[f"entries-{pk}"]))
    answer = Answer(claim, _text(post.get(f"progress-{pk}")), _text(post.get(f"obstacle-{pk}")), entries)
    number = post.get(f"number-{pk}", "")
    return actions.Change(int(number) if number.isdecimal() else 0, answer)


def _text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").strip()


def _entries(text: str):
    """Register entries named as register/key, one a line."""
    for part in text.splitlines():
        register, _slash, key = part.strip().partition("/")
        if register and key:
            yield register.strip(), key.strip()


@require_POST
def line(request, programme, kind, period, body, pk):
    """One line kept as it is filled in; the answer is the state beside it."""
    report = _own(request, programme, kind, period, body)
    found = get_object_or_404(report.lines.select_related("report__round"), pk=pk)
    error = ""
    try:
        change = _answer(request, found)
        actions.save_lines(by=request.user, report=report, changes={found.pk: change}, on=today(report.round.programme))
    except (Unread, Refused) as refused:
        error = said(request, refused)
    rows = {row.line.pk: row for row in (drafted(one, report.round.programme) for one in lines_of(report))}
    rows[found.pk].fault = error
    number = request.POST.get(f"number-{pk}", "") if error else rows[found.pk].line.number
    page = {
        "report": report,
        "row": rows[found.pk],
        "tally": _tally(list(rows.values())),
        "number": number,
        "saved": not error,
    }
    return render(request, "qingshan/reports/saved.html", page)


def _own(request, programme, kind, period, body) -> Report:
    report = _report(request, programme, kind, period, body)
    require(request.user, "report")
    return report


@require_POST
def save(request, programme, kind, period, body):
    """All lines at once, and handed in where asked for; without scripts this is how a draft is kept."""
    report = _own(request, programme, kind, period, body)
    changes, faults = {}, {}
    for one in report.lines.filter(accepted_on__isnull=True):
        try:
            if f"number-{one.pk}" in request.POST:
                changes[one.pk] = _answer(request, one)
        except Unread as wrong:
            faults[one.pk] = said(request, wrong)
    if faults:
        return _fill(request, report, faults, _("有 %(n)s 处读不懂，没有保存。") % {"n": len(faults)}, 422)
    try:
        _kept(request, report, changes)
    except actions.Unfit as unfit:
        told = {pk: fault.en if request.LANGUAGE_CODE == "en" else fault.zh for pk, fault in unfit.faults}
        return _fill(request, report, told, said(request, unfit), 422)
    except actions.Overtaken as overtaken:
        return _fill(
            request, report, dict.fromkeys(overtaken.lines, said(request, overtaken)), said(request, overtaken), 409
        )
    except Refused as refused:
        messages.error(request, said(request, refused))
    return redirect("report", *_address(report))


def _kept(request, report: Report, changes) -> None:
    on = today(report.round.programme)
    kept = actions.save_lines(by=request.user, report=report, changes=changes, on=on)
    if "submit" not in request.POST:
        messages.success(request, _("草稿已保存，改动 %(n)s 处。") % {"n": len(kept)})
        return
    numbers = {one.pk: one.number for one in kept}
    seen = {pk: numbers.get(pk, change.expected) for pk, change in changes.items()}
    seen |= dict(report.lines.filter(accepted_on__isnull=False).values_list("pk", "number"))
    version = actions.submit(by=request.user, report=report, seen=seen, on=on)
    messages.success(request, _("已报送（第 %(n)s 次），计划办审核后会告知结果。") % {"n": version.number})


# --- evidence


@require_POST
def attach(request, programme, kind, period, body, pk):
    report = _own(request, programme, kind, period, body)
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
    response = redirect("report", *_address(report))
    response["Location"] += f"#line-{pk}"
    return response


@require_POST
def detach(request, programme, kind, period, body, file):
    report = _own(request, programme, kind, period, body)
    found = get_object_or_404(File.objects.select_related("line__report__round"), pk=file, line__report=report)
    try:
        actions.detach(by=request.user, file=found, on=today(report.round.programme))
    except Refused as refused:
        messages.error(request, said(request, refused))
    return _back_to_line(report, found.line_id)


@require_GET
def evidence(request, programme, kind, period, body, file):
    """A file, to be saved and never shown as a page of ours."""
    report = _report(request, programme, kind, period, body)
    found = get_object_or_404(File, pk=file, line__report=report)
    place = Path(settings.MEDIA_ROOT) / file_of(found.sha256)
    if not place.is_file():
        raise Http404
    response = FileResponse(
        place.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- by workbook


@require_GET
def download(request, programme, kind, period, body):
    report = _report(request, programme, kind, period, body)
    return _file(to_fill_in(report), f"{report.round} {report.body}.xlsx")


@require_http_methods(["GET", "POST"])
def upload(request, programme, kind, period, body):
    """First what the workbook would change and every fault at its cell; then all of it or nothing."""
    report = _own(request, programme, kind, period, body)
    if request.method == "POST" and "taken" in request.POST:
        return _taken(request, report)
    page = _page(report)
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
        return redirect("report-upload", *_address(report))
    lines = {one.pk: one for one in lines_of(report)}
    changes = {int(pk): _change(lines[int(pk)], one) for pk, one in told.items() if int(pk) in lines}
    try:
        kept = actions.save_lines(by=request.user, report=report, changes=changes, on=today(report.round.programme))
        messages.success(request, _("已写入草稿，改动 %(n)s 处。核对后请报送。") % {"n": len(kept)})
    except Refused as refused:
        messages.error(request, said(request, refused))
    return redirect("report", *_address(report))


def _change(line: Line, told) -> actions.Change:
    expected, claim, progress, obstacle = told
    value = read_claim("value", claim) if claim is not None else None
    return actions.Change(expected, Answer(value, progress, obstacle, answer_of(line).entries))


# --- the office


def _review(request, report: Report, status=200):
    on = today(report.round.programme)
    version = newest_version(report)
    rows = list(_rows_to_read(request, report, on))
    deciding = may(request.user, "review_reports")
    page = _page(report) | {
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
    report = _report(request, programme, kind, period, body)
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
    return redirect("report", *_address(report))


@require_POST
def reopen(request, programme, kind, period, body):
    report = _report(request, programme, kind, period, body)
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
    return redirect("report", *_address(report))
