"""Measurements coming in: files that are tried and taken in, mappings, templates, and values under a flag to be judged."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qingshan.evidence.measurements import actions
from qingshan.evidence.measurements.models import Delivery
from qingshan.evidence.measurements.queries import deliveries_of, mappings_of, progress_of, sites_of, verdicts_of
from qingshan.evidence.registers.importing import MOST_BYTES
from qingshan.observations.cells import Unreadable
from qingshan.observations.mapping import source
from qingshan.observations.quality import REVIEWED, flagged
from qingshan.observations.store import Store
from qingshan.observations.templates import FORMS, workbook
from qingshan.plan.actions import Refused
from qingshan.web import delivering, register_jobs, wording
from qingshan.web.pages import programme_for
from qingshan.web.sheets import TYPE
from qingshan.web.views.registers import sentence

MEGA, MOST_SHOWN, RECENT = 2**20, 100, 20


@require_http_methods(["GET", "POST"])
def index(request, programme):
    programme = programme_for(request, programme)
    actions.require_measuring(request.user, programme)
    if request.method == "GET":
        return _index(request, programme)
    try:
        sent = actions.send(
            by=request.user, programme=programme, source=request.POST.get("source", ""), **_sent(request)
        )
    except Refused as refused:
        return _index(request, programme, refused)
    register_jobs.begin_delivery(sent)
    return redirect("measurements-import-one", programme.code, sent.pk)


def _sent(request) -> dict:
    file = request.FILES.get("file")
    if file is None:
        raise Refused("请先选择一个文件。", "Choose a file first.")
    if file.size > MOST_BYTES:  # before all of it is read
        raise Refused(
            f"文件有 {file.size / MEGA:.1f} MB，上限 {MOST_BYTES // MEGA} MB，请拆分。",
            f"The file has {file.size / MEGA:.1f} MB, at most {MOST_BYTES // MEGA} MB are allowed; split it.",
        )
    return {"name": file.name, "content": file.read()}


def _index(request, programme, error=None):
    media = delivering.media_of(programme)
    page = {
        "here": "measurements", "error": error and sentence(error), "limit": MOST_BYTES // MEGA, "media": media.items(),
        "sources": [(one.code, wording.said({"zh": one.name, "en": one.name_en or one.name})) for one in delivering.sources_of(programme)],
        "mine": [(one.code, one.name) for one in mappings_of(programme)],
        "deliveries": [_told(one) for one in deliveries_of(programme).defer("faults")[:RECENT]],
    }  # fmt: skip
    return render(request, "qingshan/measurements/import.html", page, status=422 if error else 200)


def _told(delivery: Delivery) -> Delivery:
    delivery.words = delivering.STATES[delivery.state]
    return delivery


@require_safe
def template(request, programme, medium):
    """The workbook to fill in for a medium, with the programme's sites to choose from."""
    programme = programme_for(request, programme)
    names = [one["name"] for one in sites_of(programme, medium)]
    if medium not in FORMS or not names:
        raise Http404
    response = HttpResponse(workbook(medium, names), content_type=TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{FORMS[medium].zh}.xlsx")
    return response


@require_http_methods(["GET", "POST"])
def show(request, programme, number):
    """How far a file is; where it was tried, its sender takes it in."""
    programme = programme_for(request, programme)
    actions.require_measuring(request.user, programme)
    found, error = get_object_or_404(deliveries_of(programme), pk=number), None
    if request.method == "POST":
        try:
            partly = request.POST.get("step") == "partly"
            register_jobs.begin_delivery(actions.confirm(by=request.user, delivery=found, partly=partly))
            return redirect("measurements-import-one", programme.code, number)
        except Refused as refused:
            error = refused
    found = _told(actions.give_up(by=None, delivery=found))
    page = {
        "here": "measurements", "delivery": found, "progress": progress_of(found) if found.running else None,
        "mine": found.recorded_by_id == request.user.pk, "source": _name_of(programme, found), "error": error and sentence(error),
        "medium": wording.medium(found.outcome.get("medium")),
        "faults": [(line, column, cell, wording.said({"zh": zh, "en": en})) for line, column, cell, zh, en in found.faults],
        "notices": [wording.said({"zh": zh, "en": en}) for zh, en in found.notices], "most_faults": actions.MOST_FAULTS,
    }  # fmt: skip
    return render(request, "qingshan/measurements/import_one.html", page, status=422 if error else 200)


def _name_of(programme, delivery: Delivery) -> str:
    code = delivery.outcome.get("source") or delivery.source
    kept = {one.code: one.name for one in mappings_of(programme)}
    if not code or code in kept:
        return kept.get(code, "")
    one = source(code)
    return wording.said({"zh": one.name, "en": one.name_en or one.name})


@require_http_methods(["GET", "POST"])
def mapping(request, programme, number):
    """Which column of a file holds what: proposed, corrected, kept under a name, and the file tried by it."""
    programme = programme_for(request, programme)
    actions.require_measuring(request.user, programme)
    found = get_object_or_404(deliveries_of(programme), pk=number)
    media = delivering.media_of(programme)
    asked = request.POST if request.method == "POST" else request.GET
    medium = delivering.medium_asked(asked.get("medium") or delivering.medium_of(found, media), media)
    try:
        row = int(asked["heading"]) if asked.get("heading", "").isdecimal() and len(asked["heading"]) < 4 else None
        row, columns = delivering.columns_of(found, medium, row)
    except Unreadable as reason:
        return _mapping(request, found, media, medium, 1, [], reason)
    if request.method == "GET":
        return _mapping(request, found, media, medium, row, columns)
    try:
        told = delivering.mapping_sent(
            {**request.POST.dict(), "heading": row}, {one.number: one.name for one in columns}, medium
        )
        kept = actions.keep_mapping(by=request.user, programme=programme, told=told)
        register_jobs.begin_delivery(actions.read_as(by=request.user, delivery=found, source=kept.code))
    except Refused as refused:
        return _mapping(request, found, media, medium, row, columns, refused)
    messages.success(request, _("字段对照已保存，同样的文件以后自动认出。"))
    return redirect("measurements-import-one", programme.code, number)


def _mapping(request, delivery, media, medium, row, columns, error=None):
    page = {
        "here": "measurements", "delivery": delivery, "media": media.items(), "medium": medium, "heading": row, "error": error and sentence(error),
        "columns": [(one, request.POST.get(f"role_{one.number}", one.role), request.POST.get(f"unit_{one.number}", one.unit)) for one in columns],
        "choices": delivering.choices(medium), "periods": delivering.PERIOD.items(), "given": request.POST,
        "period": request.POST.get("period") or ("hour" if medium == "air" else "day" if medium == "rain" else "sample"),
        "sites": [(one["code"], wording.said(one)) for one in sites_of(request.programme, medium)],
        "name": request.POST.get("name") or delivery.name.partition(".")[0],
    }  # fmt: skip
    return render(request, "qingshan/measurements/mapping.html", page, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def review(request, programme):
    """Values under a flag, the newest first; those who monitor confirm or reject them, with the reason."""
    programme = programme_for(request, programme)
    actions.require_measuring(request.user, programme)
    media = delivering.media_of(programme)
    medium, error = delivering.medium_asked(request.GET.get("medium"), media), None
    if request.method == "POST":
        try:
            done = _judged(request, programme, medium)
            messages.success(request, _("已审核 %(count)s 个数值，记录在案。") % {"count": done.corrected})
            return redirect(request.get_full_path())
        except Refused as refused:
            error = refused
    flags = [request.GET["flag"]] if request.GET.get("flag") in REVIEWED else list(REVIEWED)
    codes = [one["code"] for one in sites_of(programme, medium)]
    if request.GET.get("site") in codes:
        codes = [request.GET["site"]]
    values, count = flagged(Store(settings.OBSERVATIONS), medium, codes, flags=flags, most=MOST_SHOWN)
    page = {
        "here": "measurements", "media": media.items(), "medium": medium, "values": delivering.shown(programme, medium, values), "count": count,
        "most": MOST_SHOWN, "flags": [(one, delivering.flag_name(one)) for one in REVIEWED], "asked": request.GET, "given": request.POST,
        "sites": [(one["code"], wording.said(one)) for one in sites_of(programme, medium)], "error": error and sentence(error),
        "ticked": set(request.POST.getlist("pick")), "verdicts": _verdicts(request, programme),
    }  # fmt: skip
    return render(request, "qingshan/measurements/review.html", page, status=422 if error else 200)


def _judged(request, programme, medium: str):
    keys = [delivering.key_of(one) for one in request.POST.getlist("pick")[:MOST_SHOWN]]
    return actions.review(
        by=request.user, programme=programme, medium=medium, keys=keys, verdict=request.POST.get("verdict", ""), why=request.POST.get("why", ""),
    )  # fmt: skip


def _verdicts(request, programme):
    """What was said before: (line of the trail, its verdict in words)."""
    page = Paginator(verdicts_of(programme), 10).get_page(request.GET.get("page"))
    page.object_list = [(one, delivering.flag_name(one.detail["verdict"])) for one in page.object_list]
    return page
