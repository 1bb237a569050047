"""Registers: all of a programme's, one of them as a list and a map, and what leaves it as a file."""

import io
import tempfile

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.desk.actions import drop_filter, save_filter
from qingshan.evidence.registers.desk.models import SavedFilter
from qingshan.evidence.registers.desk.queries import filters_of
from qingshan.evidence.registers.filters import BadFilter
from qingshan.evidence.registers.workbook import TYPE
from qingshan.people.actions import may
from qingshan.people.models import Role
from qingshan.plan.actions import Refused
from qingshan.plan.queries import standing_edition
from qingshan.web import register_maps, wording
from qingshan.web.pages import programme_for, remembered
from qingshan.web.register_rows import Opened, open_register, uses
from qingshan.web.registers import SIZE, ListAsked, name_of, state_name, state_style

COLUMNS_COOKIE = "register_columns"
MOST_SELECTED = 500
MOST_WRITTEN = 200_000  # rows of one workbook: a minute of writing, and as much as WPS still opens well


def sentence(error) -> str:
    return wording.said({"zh": error.zh, "en": error.en})


# --- all registers


@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    found = queries.registers_as_of(programme, timezone.now())
    tallies, used, bodies = queries.all_tallies(programme), uses(programme), _bodies(programme)
    made_up = queries.any_simulated(programme)
    own = request.user.body.code if request.user.role == Role.LIAISON else ""
    lines = [_line(one, tallies.get(one.code, {}), used.get(one.code, []), bodies, made_up) for one in found.values()]
    mine = [one for one in lines if own and one["definition"].body == own]
    page = {
        "here": "registers",
        "count": len(lines),
        "mine": mine,
        "may_redact": may(request.user, "redact_personal"),
        "themes": _by_theme(programme, lines),
    }
    return render(request, "qingshan/registers/index.html", page)


def _bodies(programme):
    return {one.code: one for one in programme.jurisdiction.bodies.all()}


def _line(definition, tallies, targets, bodies, made_up) -> dict:
    states = [
        (code, state_name(definition, code), state_style(definition, code), tallies[code])
        for code in definition.state
        if code in tallies
    ]
    return {
        "definition": definition, "name": name_of(definition), "rows": sum(tallies.values()), "states": states,
        "body": bodies.get(definition.body), "targets": targets, "simulated": definition.code in made_up,
    }  # fmt: skip


def _by_theme(programme, lines):
    """(theme, [(task, lines)]) in the plan's order; what belongs to no task of the plan in force comes last."""
    edition = standing_edition(programme)
    tasks = list(edition.tasks.select_related("theme").order_by("order")) if edition else []
    left, found = list(lines), {}
    for task in tasks:
        own = [one for one in left if task.no in map(str, one["definition"].tasks)]
        left = [one for one in left if one not in own]
        if own:
            found.setdefault(task.theme, []).append((task, own))
    return [*found.items(), *([(None, [(None, left)])] if left else [])]


# --- one register


@require_safe
def show(request, programme, code):
    opened = open_register(request, programme, code)
    wanted, error = _asked(opened, request.GET.dict())
    page = {"here": "registers", "opened": opened, "wanted": wanted, "definition": opened.definition}
    page |= _listed(request, opened, wanted, error) | _around(request, opened, wanted)
    return render(request, "qingshan/registers/list.html", page, status=422 if page.get("error") else 200)


def _asked(opened: Opened, query: dict[str, str]) -> tuple[ListAsked, BadFilter | None]:
    """What the address asks for; a day that cannot be read is told, and left out of what is asked."""
    wanted = ListAsked(opened.definition, query)
    try:
        _days = wanted.as_of, wanted.cutoff
        return wanted, None
    except BadFilter as bad:
        left = {name: value for name, value in query.items() if name not in ("as_of", "cutoff")}
        return ListAsked(opened.definition, left), bad


def _listed(request, opened: Opened, wanted: ListAsked, error: BadFilter | None) -> dict:
    columns = opened.columns(request.COOKIES.get(COLUMNS_COOKIE, ""))
    shown = {"columns": columns, "free": [c for c in opened.definition.fields if c.code not in _always(opened)]}
    try:
        if error:
            raise error
        sought = opened.sought(wanted)
        found = queries.page(sought.rows, opened.definition, opened.order(wanted.sort), *_place(request), size=SIZE)
        count, whole = _number(opened, wanted, sought, found)
    except BadFilter as bad:
        return shown | {"error": sentence(bad), "rows": [], "count": 0, "whole": True}
    return shown | {
        "rows": [opened.words.row(queries.as_seen(one, opened.sees), columns) for one in found.rows],
        "page": found, "count": count, "whole": whole,
        "selectable_rows": not wanted.as_of and not wanted.withdrawn, "selectable": whole and count <= MOST_SELECTED and not wanted.as_of,
    }  # fmt: skip


def _number(opened: Opened, wanted: ListAsked, sought: queries.Sought, page: queries.Page) -> tuple[int, bool]:
    """How many rows are listed, and whether that is all; the whole of a register and of a page is known without counting."""
    if not wanted.narrows:
        return opened.size, True
    return opened.number(sought) if page.before or page.after else (len(page.rows), True)


def _always(opened: Opened) -> set[str]:
    return {*opened.definition.key, opened.definition.title}


def _place(request) -> tuple[int | None, int | None]:
    told = [request.GET.get(name, "") for name in ("after", "before")]
    after, before = (int(one) if one.isdecimal() and len(one) < 19 else None for one in told)
    return (None, before) if before else (after, None)


def _around(request, opened: Opened, wanted: ListAsked) -> dict:
    """What stands around the list: filters, counts by state, the map, and what this reader may do."""
    definition = opened.definition
    states = [
        (one.code, name_of(one), state_style(definition, one.code), opened.tallies.get(one.code, 0))
        for one in definition.states
    ]
    return {
        "name": name_of(definition), "note": name_of(definition.note) if definition.note else "",
        "body": opened.bodies.get(definition.body), "states": states, "fields": opened.fields(request.GET),
        "targets": uses(opened.programme).get(definition.code, []), "size": opened.size,
        "saved": filters_of(request.user, opened.programme, definition.code), "chosen": wanted.chosen,
        "query": urlencode(wanted.chosen), "may_write": may(request.user, "edit_register") and not wanted.as_of,
        "mapped": definition.geometry != "none", "tiles": register_maps.tiles(), "archived": any(c.term for c in definition.fields),
        "origins": wording.ORIGINS.items(), "unsorted": urlencode({k: v for k, v in wanted.chosen.items() if k != "sort"}),
        "more_open": _more_asked(opened, wanted),
    }  # fmt: skip


def _more_asked(opened: Opened, wanted: ListAsked) -> bool:
    """Whether something is asked for that stands in the folded part of the filters."""
    in_sight = {"q", "state", "body", "sort", "box"} | {one.name for one in opened.fields(wanted.query) if one.picked}
    return bool(wanted.chosen.keys() - in_sight)


@require_safe
def on_map(request, programme, code):
    """What lies in a box of the map, as GeoJSON: rows, or squares with their numbers where there are too many."""
    opened = open_register(request, programme, code)
    wanted = ListAsked(opened.definition, request.GET)
    try:
        return JsonResponse(register_maps.features(opened, wanted, request.GET.get("view", "")))
    except BadFilter as bad:
        return JsonResponse({"error": sentence(bad)}, status=422)


# --- what leaves it


@require_safe
def sheet(request, programme, code, form):
    """What the address lists, as a file: .xlsx and .csv as they can be read in again, .zip as a Darwin Core archive."""
    opened = open_register(request, programme, code)
    try:
        rows = opened.rows(ListAsked(opened.definition, request.GET))
        return FORMS[form](opened, rows)
    except BadFilter as bad:
        return render(
            request, "qingshan/registers/refused.html", {"here": "registers", "error": sentence(bad)}, status=422
        )


def _xlsx(opened: Opened, rows):
    _count, whole = queries.number(rows, MOST_WRITTEN)
    if not whole:
        raise BadFilter(
            f"所见条目多于 {MOST_WRITTEN} 条，一张 Excel 表最多导出 {MOST_WRITTEN} 条；请缩小筛选，或导出 CSV。",
            f"More than {MOST_WRITTEN} rows are listed, at most {MOST_WRITTEN} go into one workbook; narrow the list or export CSV.",
        )
    code, user = opened.definition.code, opened.user
    return _written(
        opened, "xlsx", TYPE, lambda file: queries.write_workbook(file, opened.programme, code, rows, by=user)
    )


def _written(opened: Opened, ending: str, kind: str, write) -> FileResponse:
    """A file that is written beside the memory and sent from there."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the answer closes it
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return _answer(FileResponse(file, content_type=kind), opened, ending)


def _csv(opened: Opened, rows):
    lines = queries.as_csv(opened.programme, opened.definition.code, rows, by=opened.user)
    return _answer(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), opened, "csv")


def _archive(opened: Opened, rows):
    if not any(one.term for one in opened.definition.fields):
        raise BadFilter(
            f"台账“{opened.definition.name.zh}”没有达尔文核心术语，不能导出为物种记录；请导出 Excel 或 CSV。",
            f"The register {opened.definition.name.en} has no Darwin Core terms; export Excel or CSV.",
        )
    return _written(
        opened,
        "zip",
        "application/zip",
        lambda file: queries.write_archive(file, opened.definition, rows, by=opened.user),
    )


def _answer(response, opened: Opened, ending: str):
    name = f"{opened.definition.name.zh}-{timezone.localdate()}.{ending}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


FORMS = {"xlsx": _xlsx, "csv": _csv, "zip": _archive}


@require_safe
def template(request, programme, code):
    """The empty workbook to fill in."""
    opened = open_register(request, programme, code)
    file = io.BytesIO()
    queries.write_workbook(file, opened.programme, code, empty=True)
    response = HttpResponse(file.getvalue(), content_type=TYPE)
    name = f"{opened.definition.name.zh}-{_('模板')}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


# --- how a reader likes it


@require_POST
def columns(request, programme, code):
    """Which columns the list shows; remembered in the browser, for this register alone."""
    opened = open_register(request, programme, code)
    wanted = [one.code for one in opened.definition.fields if one.code in request.POST.getlist("show")]
    response = HttpResponseRedirect(_back(request, opened))
    place = reverse("registers-list", args=[programme, code])
    response.set_cookie(
        COLUMNS_COOKIE, ".".join(wanted), max_age=365 * 86400, path=place, httponly=True, samesite="Lax"
    )
    return response


def _back(request, opened: Opened) -> str:
    """The list as it was: its filter is sent along, its address is ours."""
    place = reverse("registers-list", args=[opened.programme.code, opened.definition.code])
    query = request.POST.get("query", "")[:1000]
    return f"{place}?{query}" if query else place


@require_POST
def keep(request, programme, code):
    """Keep the filter in the address under a name."""
    opened = open_register(request, programme, code)
    try:
        kept = save_filter(
            by=request.user, programme=opened.programme, register=code, name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
        )  # fmt: skip
        messages.success(request, _("已存为“%(name)s”。把地址发给同事，对方看到同样的筛选。") % {"name": kept.name})
    except Refused as refused:
        messages.error(request, sentence(refused))
    return HttpResponseRedirect(_back(request, opened))


@require_POST
def forget(request, programme, code, number):
    opened = open_register(request, programme, code)
    kept = get_object_or_404(SavedFilter, programme=opened.programme, register=code, pk=number)
    drop_filter(by=request.user, kept=kept)
    messages.success(request, _("已删去筛选“%(name)s”。") % {"name": kept.name})
    return redirect("registers-list", programme, code)
