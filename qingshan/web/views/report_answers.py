"""A report being filled in by its body."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingshan.evidence.reports import actions
from qingshan.evidence.reports.answers import Answer, Unread, read_claim
from qingshan.evidence.reports.models import Line, Report
from qingshan.evidence.reports.queries import answer_of, lines_of, today
from qingshan.plan.actions import Refused
from qingshan.web.one_report import address_of, own_report, page_of, said
from qingshan.web.reporting import Row, drafted, grouped


def fill(request, report: Report, faults=None, error="", status=200):
    faults = faults or {}
    rows = [drafted(line, report.round.programme, faults.get(line.pk, "")) for line in lines_of(report)]
    page = page_of(report) | {"groups": grouped(rows), "tally": _tally(rows), "error": error}
    return render(request, "qingshan/reports/fill.html", page, status=status)


def _tally(rows: list[Row]) -> dict:
    needed = [row for row in rows if not row.line.asked.get("optional")]
    left = [row for row in needed if row.lacks]
    return {"of": len(needed), "done": len(needed) - len(left), "left": left,
            "warned": sum(bool(row.found) for row in rows)}  # fmt: skip


@require_POST
def line(request, programme, kind, period, body, pk):
    """One line kept as it is filled in; the answer is the state beside it."""
    report = own_report(request, programme, kind, period, body)
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


@require_POST
def save(request, programme, kind, period, body):
    """All lines at once, and handed in where asked for; without scripts this is how a draft is kept."""
    report = own_report(request, programme, kind, period, body)
    changes, faults = {}, {}
    for one in report.lines.filter(accepted_on__isnull=True):
        try:
            if f"number-{one.pk}" in request.POST:
                changes[one.pk] = _answer(request, one)
        except Unread as wrong:
            faults[one.pk] = said(request, wrong)
    if faults:
        return fill(request, report, faults, _("有 %(n)s 处读不懂，没有保存。") % {"n": len(faults)}, 422)
    try:
        _kept(request, report, changes)
    except actions.Unfit as unfit:
        told = {pk: fault.en if request.LANGUAGE_CODE == "en" else fault.zh for pk, fault in unfit.faults}
        return fill(request, report, told, said(request, unfit), 422)
    except actions.Overtaken as overtaken:
        return fill(
            request, report, dict.fromkeys(overtaken.lines, said(request, overtaken)), said(request, overtaken), 409
        )
    except Refused as refused:
        messages.error(request, said(request, refused))
    return redirect("report", *address_of(report))


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
