"""What leaves the office: a list or an amendment checked a last time, issued, told apart from the one before, exported."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import Amendment
from qingshan.plan.annual.queries import cover_of, paper_of, sheets_of, unfinished_before
from qingshan.web import annual_papers
from qingshan.web.annual import View, changes_of, names_of
from qingshan.web.list_forms import IssueForm, ReasonForm
from qingshan.web.pages import remembered
from qingshan.web.sheets import TYPE, workbook
from qingshan.web.views.lists import annual_of, back, page_of, view_of
from qingshan.web.wording import said

FORMS = ["GET", "HEAD", "POST"]


def _issue_form(request) -> IssueForm:
    return IssueForm(request.POST or None, initial={"on": timezone.localdate()})


@require_http_methods(FORMS)
def issue(request, programme, year):
    annual = annual_of(request, programme, year)
    require(request.user, "issue_list")
    form, error = _issue_form(request), None
    if form.is_valid():
        try:
            made = actions.issue(by=request.user, annual=annual, on=form.cleaned_data["on"])
            messages.success(request, _("已印发 %(number)s 号清单，内容从此冻结。") % {"number": made.number})
            return back(annual)
        except Refused as refused:
            error = refused
    view = view_of(request, annual)
    return page_of(request, "issue", view.sheet.annual, error, form=form, view=view, **_last_check(view))


def _last_check(view: View) -> dict:
    """What a list should not be issued with, and what is worth a look before."""
    annual, rows = view.sheet.annual, view.rows
    left = {one.item.id for one in unfinished_before(annual)}
    carried = {one.item.carried_from_id for one in rows if one.item.carried_from_id}
    cover = cover_of(annual.edition, sheets_of(annual.programme))
    return {
        "undecided": [one for one in rows if not one.entry.decided],
        "stale": len(left ^ carried),
        "alone": [one for one in rows if not one.entry.partners],
        "missing": cover.missing,
        "carried": len(carried),
        "changed": [one for one in rows if one.item.decided_why],
    }


@require_http_methods(FORMS)
def drop(request, programme, year):
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    if request.method == "POST":
        actions.drop(by=request.user, annual=annual)
        messages.success(request, _("已作废 %(year)s 年清单草稿。") % {"year": year})
        return redirect("lists", programme)
    return page_of(request, "drop", annual, count=annual.items.count())


@require_http_methods(FORMS)
def amend(request, programme, year):
    """Begin an amendment, with its reason."""
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    form, error = ReasonForm(request.POST or None), None
    if form.is_valid():
        try:
            actions.begin_amendment(by=request.user, annual=annual, why=form.cleaned_data["why"])
            messages.success(request, _("修订已开始：直接在清单上修改、增加或删去项目，完成后印发。"))
            return back(annual)
        except Refused as refused:
            error = refused
    return page_of(request, "amend", annual, error, form=form)


@require_http_methods(FORMS)
def amendment(request, programme, year):
    """The amendment in preparation: what it changes, its last check, and its issue."""
    annual = annual_of(request, programme, year)
    require(request.user, "issue_list")
    view = view_of(request, annual)
    if view.sheet.draft is None:
        return back(annual)
    form, error = _issue_form(request), None
    if form.is_valid():
        try:
            made = actions.issue_amendment(by=request.user, annual=annual, on=form.cleaned_data["on"])
            messages.success(request, _("已印发 %(number)s 号修订，清单从此按修订执行。") % {"number": made.number})
            return back(annual)
        except Refused as refused:
            error = refused
    undecided = [one for one in view.rows if not one.entry.decided and not one.entry.line.removed]
    return page_of(request, "amendment", view.sheet.annual, error, form=form, view=view, amendment=view.sheet.draft,
                   changes=changes_of(view.sheet, view.sheet.draft, view.names), undecided=undecided)  # fmt: skip


@require_http_methods(FORMS)
def amendment_drop(request, programme, year):
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    if request.method == "POST":
        try:
            actions.drop_amendment(by=request.user, annual=annual)
            messages.success(request, _("已作废准备中的修订，清单照旧。"))
        except Refused:
            pass
        return back(annual)
    return page_of(request, "amendment_drop", annual)


@remembered
def history(request, programme, year):
    """The papers of a year in the order of their numbers, each with what it changed, and what was said to be done."""
    annual = annual_of(request, programme, year)
    names = names_of(annual.programme)
    sheet = paper_of(annual)
    issued = [(one, changes_of(sheet, one, names)) for one in sheet.amendments]
    said_done = sorted((one for item in sheet.items for one in item.completions.all()), key=lambda one: -one.id)
    return page_of(request, "history", sheet.annual, sheet=sheet, issued=issued, said_done=said_done,
                   decided=[one.item for one in sheet.entries if one.item.decided_why])  # fmt: skip


@require_safe
def seen(request, programme, year):
    """The rows that the address shows."""
    view = view_of(request, annual_of(request, programme, year))
    annual = view.sheet.annual
    head = [_("领域"), _("序号"), _("项目名称"), _("主要内容"), _("计划节点"), _("完成季度"), _("牵头"), _("配合"), _("状态"), _("完成日期"), _("备注")]  # fmt: skip
    title = _("%(year)s 年度任务清单") % {"year": annual.year}
    notes = [f"{said(annual.programme, 'title')} · {title} · {annual.number or _('草稿')} · {timezone.localdate()}"]
    if annual.demonstration:
        notes.append(_("示范清单：由系统为演示编制，完成情况为模拟，不是真实文件。"))
    rows = [one for group in view.groups for one in group.rows]
    data = workbook(title, notes, head, map(_cells, rows), [annual.demonstration] * len(rows),
                    [18, 6, 30, 44, 30, 10, 18, 40, 10, 12, 24])  # fmt: skip
    return _file(data, TYPE, f"{said(annual.programme, 'title')} {title}.xlsx")


def _cells(row) -> list:
    remarks = [_("结转自 %(year)s 年") % {"year": row.carried_from.annual.year}] if row.carried_from else []
    remarks += [_("%(number)s 号修订") % {"number": one} for one in row.marks]
    entry = row.entry
    return [said(row.item, "theme"), Decimal(row.item.order), said(entry, "title"), said(entry, "content"), said(entry, "node"),
            str(row.quarter_word), row.lead, _("、").join(row.partners), str(row.state_word), entry.done_on, _("；").join(remarks)]  # fmt: skip


@require_safe
def paper(request, programme, year, form):
    """The list in the form in which it is issued, as of one of its numbers; the same number gives the same bytes always."""
    annual = annual_of(request, programme, year)
    number = request.GET.get("number", "")
    try:
        sheet = paper_of(annual, number)
    except Amendment.DoesNotExist:
        raise Http404 from None
    make, kind = annual_papers.FORMS[form]
    name = f"{annual.edition.title} {annual.year} 年度任务清单 {number or sheet.number or '草稿'}.{form}"
    return _file(make(sheet), kind, name)


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
