"""Plan documents: uploaded, laid beside what was read from them, corrected, adopted."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from qingshan.people.actions import may, require
from qingshan.plan import actions
from qingshan.plan.actions import Refused
from qingshan.plan.document import NotAPlan
from qingshan.plan.importing import LIMIT, Unreadable, check_size
from qingshan.plan.kinds import kind_of
from qingshan.plan.models import Edition
from qingshan.plan.queries import original_of, standing_edition
from qingshan.web import wording
from qingshan.web.pages import programme_for, remembered
from qingshan.web.plan_forms import FactsForm, NewTargetForm, TargetForm, TaskForm
from qingshan.web.reading import Reading, clause_around, number_and_unit

ENVELOPE = 2**16  # bytes of a form around its file
READ_OUT = 4 * LIMIT  # bytes of a refused upload that are still taken in, so that its sender can read why


def sentence(error) -> str:
    return wording.said({"zh": error.zh, "en": error.en})


def _editions(programme):
    return programme.editions.select_related("created_by", "adopted_by")


@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    found = list(_editions(programme).defer("text", "unread").annotate(
        task_count=Count("tasks", distinct=True), target_count=Count("targets", distinct=True)
    ).order_by("-ordinal"))  # fmt: skip
    began = {one.adopted_at: one for one in found if one.adopted_at}
    for one in found:
        one.successor = began.get(one.superseded_at) if one.superseded_at else None
    page = {"here": "plans", "editions": found, "may_import": may(request.user, "import_plan")}
    return render(request, "qingshan/plans/list.html", page)


@csrf_exempt  # _upload checks the token; checking it here would read a hundred megabytes in before they are refused
@require_http_methods(["GET", "POST"])
def upload(request, programme):
    programme = programme_for(request, programme)
    require(request.user, "import_plan")
    try:
        check_size(max(0, int(request.META.get("CONTENT_LENGTH") or 0) - ENVELOPE))
    except Unreadable as error:
        _read_out(request)
        return _upload_page(request, error, 413)
    return _upload(request, programme)


def _read_out(request) -> None:
    """A browser shows no answer while it is still sending: take the rest in and drop it."""
    left = READ_OUT
    while left > 0 and (chunk := request.read(2**16)):
        left -= len(chunk)


@csrf_protect
def _upload(request, programme):
    if request.method == "GET":
        return _upload_page(request)
    file = request.FILES.get("file")
    if file is None:
        return _upload_page(request, Refused("请先选择一个文件。", "Choose a file first."), 422)
    try:
        edition = actions.draft(by=request.user, programme=programme, name=file.name, data=file.read())
    except (Unreadable, NotAPlan, Refused) as error:
        return _upload_page(request, error, 422)
    address = reverse("plan", args=[programme.code, edition.ordinal])
    messages.success(request, _("已读出草稿，请逐项核对后采用。"))
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _upload_page(request, error=None, status=200):
    titles = {Unreadable: _("文件读不出来"), NotAPlan: _("这不是一份规划")}
    page = {
        "here": "plans",
        "limit": LIMIT // 2**20,
        "error": error and sentence(error),
        "error_title": titles.get(type(error), _("没有上传")),
        "standing": standing_edition(request.programme),
    }
    return render(request, "qingshan/plans/upload.html", page, status=status)


def _edition(request, programme, ordinal) -> Edition:
    programme = programme_for(request, programme)
    edition = get_object_or_404(_editions(programme), ordinal=ordinal)
    edition.programme = programme
    return edition


def _draft(request, programme, ordinal) -> Edition:
    """The edition, for someone who may edit it; an edition that is frozen refuses when it is written to."""
    edition = _edition(request, programme, ordinal)
    require(request.user, "edit_plan")
    return edition


@remembered
def show(request, programme, ordinal):
    edition = _edition(request, programme, ordinal)
    draft = edition.state == Edition.State.DRAFT
    page = {
        "here": "plans",
        "edition": edition,
        "reading": Reading(edition),
        "draft": draft,
        "editing": draft and may(request.user, "edit_plan"),
        "may_import": may(request.user, "import_plan"),
        "successor": _editions(edition.programme).filter(adopted_at=edition.superseded_at).first()
        if edition.superseded_at
        else None,
    }
    return render(request, "qingshan/plans/edition.html", page)


@require_safe
def original(request, programme, ordinal):
    edition = _edition(request, programme, ordinal)
    place = original_of(edition)
    if place is None:
        raise Http404
    return FileResponse(place.open("rb"), as_attachment=True, filename=edition.origin)


def _back(edition: Edition, key: str):
    return redirect(f"{reverse('plan', args=[edition.programme.code, edition.ordinal])}#{key}")


def _form_page(request, name, edition, error=None, **page):
    wrong = bool(error) or (page.get("form") is not None and page["form"].is_bound)
    page |= {"here": "plans", "edition": edition, "error": error and sentence(error)}
    return render(request, f"qingshan/plans/{name}.html", page, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def facts(request, programme, ordinal):
    edition = _draft(request, programme, ordinal)
    form = FactsForm.of(edition, request.POST or None)
    error = None
    if form.is_valid():
        try:
            actions.edit_edition(by=request.user, edition=edition, **form.fields_for(edition))
            return _back(edition, "facts")
        except Refused as refused:
            error = refused
    return _form_page(request, "facts_form", edition, error, form=form)


@require_http_methods(["GET", "POST"])
def target(request, programme, ordinal, code):
    edition = _draft(request, programme, ordinal)
    target = get_object_or_404(edition.targets.select_related("edition__programme", "task"), code=code)
    metrics = Reading(edition).metrics
    form = TargetForm.of(target, request.POST or None, metrics=metrics)
    error = None
    if form.is_valid():
        try:
            actions.edit_target(by=request.user, target=target, **form.fields_for(target))
            return _back(edition, f"target-{code}")
        except Refused as refused:
            error = refused
    return _form_page(request, "target_form", edition, error, form=form, target=target)


@require_POST
def target_remove(request, programme, ordinal, code):
    edition = _draft(request, programme, ordinal)
    target = get_object_or_404(edition.targets.select_related("task"), code=code)
    place = f"task-{target.task.order}" if target.task else "overall"
    try:
        actions.remove_target(by=request.user, target=target, why=request.POST.get("why", ""))
    except Refused as error:
        form = TargetForm.of(target, metrics=Reading(edition).metrics)
        return _form_page(request, "target_form", edition, error, form=form, target=target)
    messages.success(request, _("已删去目标“%(name)s”，理由已记入审计。") % {"name": target.name})
    return _back(edition, place)


@require_http_methods(["GET", "POST"])
def target_add(request, programme, ordinal):
    edition = _draft(request, programme, ordinal)
    reading = Reading(edition)
    number = _number_asked(request, reading)
    place = clause_around(edition.text, number.start, number.end) if number else (None, None)
    form = NewTargetForm(
        request.POST or None, metrics=reading.metrics, tasks=reading.plan.tasks,
        initial=_proposal(reading, number, place),
    )  # fmt: skip
    error = None
    if form.is_valid():
        try:
            made = actions.add_target(
                by=request.user, edition=edition, start=place[0], end=place[1], **_new_fields(form, reading)
            )
            return _back(edition, f"target-{made.code}")
        except Refused as refused:
            error = refused
    said = edition.text[place[0] : place[1]] if number else ""
    return _form_page(request, "target_new", edition, error, form=form, number=number, said=said)


def _number_asked(request, reading: Reading):
    index = request.GET.get("unread", "")
    if not index:
        return None
    for one in reading.unread:
        if str(one.index) == index:
            return one
    raise Http404


def _proposal(reading: Reading, number, place) -> dict:
    """What the form says before anyone fills it in: what can be guessed from the number and its clause."""
    due = {"due": reading.edition.ends.year, "binding": "yes", "op": ">="}
    if number is None:
        return due | {"kind": "cumulative_count"}
    value, unit = number_and_unit(number.text)
    clause = reading.edition.text[place[0] : place[1]]
    name = reading.edition.text[place[0] : number.start].strip()
    held = [one.task for one in reading.tasks if one.placed and one.task.start <= number.start < one.task.end]
    task = str(held[0].order) if held else ""
    return due | {"value": value, "unit": unit, "name": name, "task": task, "kind": kind_of(">=", unit, clause, False)}


def _new_fields(form: NewTargetForm, reading: Reading) -> dict:
    given = form.fields_for()
    order = given.pop("task")
    return given | {"task": next((one for one in reading.plan.tasks if str(one.order) == order), None)}


@require_http_methods(["GET", "POST"])
def task(request, programme, ordinal, order):
    edition, task = _task(request, programme, ordinal, order)
    form = TaskForm(request.POST or None, initial={"title": task.title, "summary": task.summary})
    error = None
    if form.is_valid():
        try:
            with transaction.atomic():
                actions.edit_task(by=request.user, task=task, **form.cleaned_data)
                actions.set_involvements(by=request.user, task=task, parts=form.parts)
            return _back(edition, f"task-{order}")
        except Refused as refused:
            error = refused
    return _task_page(request, edition, task, form, error)


def _task(request, programme, ordinal, order):
    edition = _draft(request, programme, ordinal)
    return edition, get_object_or_404(edition.tasks.select_related("edition__programme__jurisdiction"), order=order)


def _task_page(request, edition, task, form, error=None):
    stand = [(one.printed, one.part) for one in task.involvements.all()]
    known = actions.bodies_by_name(edition.programme.jurisdiction)
    rows = [(name, part, bool(name) and name not in known) for name, part in (form.rows if form.is_bound else stand)]
    page = {
        "form": form,
        "task": task,
        "rows": rows + [("", "responsible", False)] * 3,
        "known": sorted({body.name for body in known.values()}),
        "parts": wording.PARTS.items(),
    }
    return _form_page(request, "task_form", edition, error, **page)


@require_POST
def task_remove(request, programme, ordinal, order):
    edition, task = _task(request, programme, ordinal, order)
    try:
        actions.remove_task(by=request.user, task=task, why=request.POST.get("why", ""))
    except Refused as error:
        form = TaskForm(initial={"title": task.title, "summary": task.summary})
        return _task_page(request, edition, task, form, error)
    messages.success(request, _("已删去任务“%(name)s”，理由已记入审计。") % {"name": task.title})
    return _back(edition, "tasks")


@require_http_methods(["GET", "POST"])
def adopt(request, programme, ordinal):
    edition = _edition(request, programme, ordinal)
    require(request.user, "adopt_plan")
    error = None
    if request.method == "POST":
        try:
            actions.adopt(by=request.user, edition=edition)
            messages.success(request, _("已采用，内容不能再改。从下一次评估起，任务和目标以这一版为准。"))
            return _back(edition, "main")
        except Refused as refused:
            error = refused
    return _form_page(
        request, "adopt", edition, error, reading=Reading(edition), draft=edition.state == Edition.State.DRAFT
    )


@require_http_methods(["GET", "POST"])
def discard(request, programme, ordinal):
    edition = _draft(request, programme, ordinal)
    if request.method == "POST":
        actions.discard(by=request.user, edition=edition)
        messages.success(request, _("草稿已作废，留作记录。"))
        return redirect("plans", edition.programme.code)
    return _form_page(request, "discard", edition, draft=edition.state == Edition.State.DRAFT)
