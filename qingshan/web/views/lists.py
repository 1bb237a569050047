"""Annual lists: each year's, its items, who leads them, and what the plan holds that stands in none."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingshan.evaluation.queries import grounds_of_list
from qingshan.people.actions import may, require
from qingshan.people.models import Role
from qingshan.plan.actions import Refused
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import AnnualList
from qingshan.plan.annual.proposing import Grounds
from qingshan.plan.annual.queries import Sheet, cover_of, sheet_of, sheets_of
from qingshan.plan.models import Measure, Programme, Target
from qingshan.plan.queries import standing_edition
from qingshan.web.annual import ONLY, QUARTERS, Row, View, names_of
from qingshan.web.filters import chosen
from qingshan.web.list_forms import DoneForm, ItemForm, NewItemForm
from qingshan.web.pages import programme_for, remembered
from qingshan.web.queries import bodies_of
from qingshan.web.views.plans import sentence


def annual_of(request: HttpRequest, programme: str, year: int) -> AnnualList:
    found = AnnualList.objects.select_related("programme__jurisdiction", "edition")
    return get_object_or_404(found, programme=programme_for(request, programme), year=year)


def view_of(request: HttpRequest, annual: AnnualList) -> View:
    """The list as its reader sees it: those who edit see the amendment in preparation applied, others the list as issued."""
    sheet = sheet_of(annual, prepared=may(request.user, "edit_list"))
    user = request.user
    own = user.body.code if user.role == Role.LIAISON and user.body else ""
    return View(sheet, timezone.localdate(), names_of(annual.programme), chosen(request.GET), own)


def back(annual: AnnualList, anchor: str = ""):
    """To the list; an htmx request takes from it the part it asked for."""
    return redirect(reverse("list", args=[annual.programme.code, annual.year]) + (f"#{anchor}" if anchor else ""))


def page_of(request: HttpRequest, name: str, annual: AnnualList, error: Refused | None = None, **page):
    wrong = error or any(getattr(one, "is_bound", False) for one in page.values())
    page |= {"here": "lists", "annual": annual, "error": error and sentence(error)}
    return render(request, f"qingshan/lists/{name}.html", page, status=422 if wrong else 200)


@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    edition = standing_edition(programme)
    sheets = {sheet.annual.year: sheet for sheet in sheets_of(programme)}
    years = set(sheets) | (set(range(edition.starts.year, edition.ends.year + 1)) if edition else set())
    names, today = names_of(programme), timezone.localdate()
    views = [
        (year, View(sheets[year], today, names) if year in sheets else None) for year in sorted(years, reverse=True)
    ]
    page = {"here": "lists", "years": views, "edition": edition, "may_edit": may(request.user, "edit_list"),
            "cover": cover_of(edition, list(sheets.values())) if edition else None}  # fmt: skip
    return render(request, "qingshan/lists/index.html", page)


@require_POST
def make(request, programme):
    programme = programme_for(request, programme)
    require(request.user, "edit_list")
    edition, asked = standing_edition(programme), request.POST.get("year", "")
    year = int(asked) if asked.isdigit() else timezone.localdate().year
    try:
        grounds = grounds_of_list(edition, year) if edition else Grounds()
        made = actions.make(by=request.user, programme=programme, year=year, grounds=grounds)
    except Refused as refused:
        messages.error(request, sentence(refused))
        return redirect("lists", programme.code)
    messages.success(request, _("已按规划编出草稿，请确定牵头部门、核对节点后印发。"))
    return back(made)


@remembered
def show(request, programme, year):
    annual = annual_of(request, programme, year)
    view = view_of(request, annual)
    page = {"here": "lists", "annual": view.sheet.annual, "view": view, "chosen": view.query, "quarters": QUARTERS.items(),
            "only": ONLY.items(), "bodies": _named(annual.programme, view), **_rights(request, view.sheet)}  # fmt: skip
    return render(request, "qingshan/lists/list.html", page)


def _named(programme: Programme, view: View) -> list:
    """The bodies that the list names."""
    codes = set().union(*(one.entry.bodies for one in view.rows))
    return [one for one in bodies_of(programme) if one.code in codes]


def _rights(request, sheet: Sheet) -> dict:
    editor = may(request.user, "edit_list")
    draft = sheet.annual.state == AnnualList.State.DRAFT
    return {
        "may_edit": editor,
        "editing": editor and (draft or sheet.draft is not None),
        "may_issue": may(request.user, "issue_list"),
        "draft": draft,
    }


def row_of(request, programme, year, order) -> tuple[AnnualList, View, Row]:
    annual = annual_of(request, programme, year)
    view = view_of(request, annual)
    for row in view.rows:
        if row.item.order == order:
            return view.sheet.annual, view, row
    raise Http404


@remembered
def item(request, programme, year, order):
    annual, view, row = row_of(request, programme, year, order)
    later = row.entry.passed_to
    issued = view.sheet.annual.state == AnnualList.State.ISSUED
    form = DoneForm() if issued and may(request.user, "edit_list") and not later else None
    said_done = sorted(row.item.completions.all(), key=lambda one: one.id, reverse=True)
    return page_of(
        request,
        "item",
        annual,
        view=view,
        row=row,
        later=later,
        done=form,
        said_done=said_done,
        **_rights(request, view.sheet),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, programme, year, order):
    annual, view, row = row_of(request, programme, year, order)
    require(request.user, "edit_list")
    form = ItemForm.of(row.entry, row.print, request.POST or None, programme=annual.programme)
    error = None
    if form.is_valid():
        try:
            given = form.given
            actions.edit_item(by=request.user, item=row.item, why=form.cleaned_data["why"],
                              seen=form.cleaned_data["seen"], **given)  # fmt: skip
            return back(annual, f"item-{order}")
        except Refused as refused:
            error = refused
    return page_of(request, "edit", annual, error, form=form, row=row)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, programme, year):
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    tasks = list(annual.edition.tasks.all())
    form = NewItemForm(request.POST or None, programme=annual.programme, tasks=tasks, initial={"quarter": 4})
    error = None
    if form.is_valid():
        try:
            made = actions.add_item(by=request.user, annual=annual, **form.given)
            return back(annual, f"item-{made.order}")
        except Refused as refused:
            error = refused
    return page_of(request, "add", annual, error, form=form)


@require_POST
def remove(request, programme, year, order):
    return _done_to(request, programme, year, order, lambda item: actions.remove_item(
        by=request.user, item=item, why=request.POST.get("why", "")
    ))  # fmt: skip


@require_POST
def undo(request, programme, year, order):
    return _done_to(request, programme, year, order, lambda item: actions.undo_change(by=request.user, item=item))


@require_POST
def done(request, programme, year, order):
    annual, _view, row = row_of(request, programme, year, order)
    require(request.user, "edit_list")
    form = DoneForm(request.POST)
    undone = "undone" in request.POST
    if not undone and not form.is_valid():
        messages.error(request, "；".join(one for told in form.errors.values() for one in told))
        return redirect("list-item", programme, year, order)
    day = None if undone else form.cleaned_data["done_on"]
    try:
        actions.mark_done(by=request.user, item=row.item, done_on=day, note=request.POST.get("note", "").strip())
        messages.success(request, _("已登记完成。") if day else _("已撤回完成，理由已记入审计。"))
    except Refused as refused:
        messages.error(request, sentence(refused))
    return redirect("list-item", programme, year, order)


def _done_to(request, programme, year, order, act):
    """Do something to an item and go back to the list, or to the item with the reason why it was refused."""
    annual, _view, row = row_of(request, programme, year, order)
    require(request.user, "edit_list")
    try:
        act(row.item)
    except Refused as refused:
        messages.error(request, sentence(refused))
        return redirect("list-item", programme, year, order)
    return back(annual)


@require_safe
def leads(request, programme, year):
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    view = view_of(request, annual)
    rows = [one for one in view.rows if not one.entry.decided and not one.entry.line.removed]
    decided = [one for one in view.rows if one.item.decided_at and one.item.proposed_code]
    return page_of(request, "leads", view.sheet.annual, rows=rows, decided=decided, bodies=bodies_of(annual.programme))


@require_POST
def lead(request, programme, year, order):
    annual, _view, row = row_of(request, programme, year, order)
    require(request.user, "edit_list")
    code = request.POST.get("code") or row.item.proposed_code
    try:
        actions.decide_lead(by=request.user, item=row.item, code=code, why=request.POST.get("why", ""))
    except Refused as refused:
        messages.error(request, sentence(refused))
    return redirect(reverse("list-leads", args=[programme, year]))


@require_POST
def accept(request, programme, year):
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    count = actions.accept_leads(by=request.user, annual=annual)
    messages.success(request, _("已按建议确定 %(count)s 项的牵头部门。") % {"count": count})
    return redirect("list-leads", programme, year)


@require_POST
def carry(request, programme, year):
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    count = actions.carry_over(by=request.user, annual=annual)
    messages.success(request, _("已与上年清单核对，调整 %(count)s 项。") % {"count": count})
    return back(annual)


@remembered
def coverage(request, programme):
    programme = programme_for(request, programme)
    edition = standing_edition(programme)
    sheets = sheets_of(programme)
    open_lists = [one.annual for one in sheets if one.annual.state == AnnualList.State.DRAFT or one.draft]
    page = {"here": "lists", "edition": edition, "cover": cover_of(edition, sheets) if edition else None,
            "all": request.GET.get("show") == "all", "open_lists": open_lists if may(request.user, "edit_list") else []}  # fmt: skip
    return render(request, "qingshan/lists/coverage.html", page)


@require_POST
def cover(request, programme, year):
    """Put a measure or a target that stands in no list into this one."""
    annual = annual_of(request, programme, year)
    require(request.user, "edit_list")
    try:
        source, grounds = _source(request, annual.programme), grounds_of_list(annual.edition, year)
        made = actions.add_source(by=request.user, annual=annual, grounds=grounds, **source)
    except Refused as refused:
        messages.error(request, sentence(refused))
        return redirect("list-coverage", programme)
    messages.success(request, _("“%(title)s”已加入 %(year)s 年清单。") % {"title": made.title, "year": year})
    return redirect("list-coverage", programme)


def _source(request, programme: Programme) -> dict:
    """The measure or official target of the plan in force that was sent. Raises Refused where there is none."""
    edition = standing_edition(programme)
    code, number = request.POST.get("target", ""), request.POST.get("measure", "")
    if found := Target.objects.filter(edition=edition, origin=Target.Origin.PLAN, code=code).first():
        return {"target": found}
    if found := Measure.objects.filter(task__edition=edition, pk=number if number.isdigit() else None).first():
        return {"measure": found}
    raise Refused("请从覆盖检查中选一条现行规划的举措或目标。", "Choose a measure or a target of the plan in force.")
