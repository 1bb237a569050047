"""Many entries at once: labels to print, one change to a selection, and files of rows on their way in."""

import re
from dataclasses import dataclass
from datetime import date

import segno
from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from openpyxl.utils import column_index_from_string

from qingshan.evidence.registers import actions, queries
from qingshan.evidence.registers.cells import Unreadable, read
from qingshan.evidence.registers.desk import actions as desk
from qingshan.evidence.registers.desk.queries import progress_of, uploads_of
from qingshan.evidence.registers.filters import BadFilter
from qingshan.evidence.registers.importing import MOST_BYTES, MOST_FAULTS, MOST_ROWS
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.workbook import columns_of
from qingshan.people.actions import NotAllowed, require
from qingshan.plan.actions import Refused
from qingshan.web import register_jobs, wording
from qingshan.web.register_rows import Opened, open_register
from qingshan.web.registers import ListAsked, Row, heading, name_of, state_name
from qingshan.web.views.register_entries import days_of
from qingshan.web.views.registers import MOST_SELECTED, sentence

MEGA = 2**20


def selected(opened: Opened, wanted: ListAsked, ticked: list[int] | None = None) -> QuerySet:
    """The entries that are wanted, of them those ticked where some were. Raises BadFilter where there are too many."""
    if wanted.as_of:
        raise BadFilter(
            "标签和批量修改用于现在的条目；请去掉筛选里的日期。",
            "Labels and changes are of entries as they are now; take the day out of the filter.",
        )
    rows = opened.rows(wanted)
    if ticked is not None:
        rows = rows.filter(pk__in=ticked[: MOST_SELECTED + 1])
    if not queries.number(rows, MOST_SELECTED)[1]:
        raise BadFilter(
            f"选中的多于 {MOST_SELECTED} 条，一次最多 {MOST_SELECTED} 条；请缩小筛选，或用 Excel 修改。",
            f"More than {MOST_SELECTED} entries are selected, at most {MOST_SELECTED} go at once; narrow the list or use Excel.",
        )
    return rows.select_related("body").order_by("key")


def _selected(request, opened: Opened) -> QuerySet:
    """The entries that were ticked, or all that the address lists."""
    if request.GET.get("all"):
        return selected(opened, ListAsked(opened.definition, request.GET))
    ticked = [int(one) for one in request.GET.getlist("entry") if one.isdecimal() and len(one) < 19]
    return selected(opened, ListAsked(opened.definition, {}), ticked)


def _refused(request, opened: Opened, error):
    page = {"here": "registers", "error": sentence(error), "definition": opened.definition}
    return render(request, "qingshan/registers/refused.html", page, status=422)


# --- labels


@dataclass(frozen=True)
class Label:
    """What is printed for an entry: who it is, and the QR code of its address."""

    row: Row
    address: str
    code: SafeString


@require_safe
def labels(request, programme, code):
    """A4 sheets of labels, each with the QR code of its entry's address."""
    opened = open_register(request, programme, code)
    try:
        made = [label(request, opened, one) for one in _selected(request, opened)]
    except BadFilter as error:
        return _refused(request, opened, error)
    page = {"here": "registers", "definition": opened.definition, "name": name_of(opened.definition), "labels": made}
    return render(request, "qingshan/registers/labels.html", page)


def label(request, opened: Opened, entry: Entry) -> Label:
    place = reverse("registers-entry", args=[opened.programme.code, opened.definition.code, entry.pk])
    address = request.build_absolute_uri(place)
    drawn = segno.make(address, error="m", micro=False)
    code = SafeString(drawn.svg_inline(border=2, omitsize=True, svgclass="qr"))
    return Label(opened.words.row(queries.as_seen(entry, opened.sees)), address, code)


# --- one change to many


@dataclass
class Tried:
    row: Row
    before: str
    after: str
    why: str


@require_http_methods(["GET", "POST"])
def bulk(request, programme, code):
    """One change to a selection: tried first, row by row, then made to all or to none."""
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    if request.method == "GET":
        try:
            return _bulk_page(request, opened, list(_selected(request, opened)))
        except BadFilter as error:
            return _refused(request, opened, error)
    entries, numbers = _picked(request, opened)
    try:
        change = _change(opened, request.POST.get("what", ""), request.POST.get("value", "")) | days_of(request)
        change["why"] = request.POST.get("why", "")
        if request.POST.get("step") == "do":
            return _done(request, opened, numbers, change)
        return _tried(request, opened, entries, numbers, change)
    except (Refused, Unreadable) as error:
        return _bulk_page(request, opened, entries, error=error)


def _picked(request, opened: Opened) -> tuple[list[Entry], dict[int, int]]:
    """The entries that were looked at, and the revision each was looked at in."""
    told = [
        one.split(":") for one in request.POST.getlist("pick")[:MOST_SELECTED] if re.fullmatch(r"\d{1,18}:\d{1,9}", one)
    ]
    numbers = {int(pk): int(number) for pk, number in told}
    rows = queries.entries(opened.programme, opened.definition.code).filter(pk__in=numbers)
    entries = list(rows.select_related("body").order_by("key"))
    return entries, {one.pk: numbers[one.pk] for one in entries}


def _change(opened: Opened, what: str, value: str) -> dict:
    """The change as the register's actions take it. Raises Refused or Unreadable."""
    definition = opened.definition
    if what == "state":
        for one in definition.states:
            if value.strip() in (one.code, one.zh, one.en):
                return {"to": one.code}
        names = "、".join(one.zh for one in definition.states)
        raise Refused(f"“{value[:30]}”不是状态，应为：{names}。", f"{value[:30]!r} is no state of this register.")
    column = definition.field.get(what)
    if column is None or what in definition.key:
        raise Refused("请选择要改的一项；唯一键不能改。", "Choose what to change; the key cannot change.")
    found = read(column, value)
    if column.type == "body" and found:
        found = next((c for c, body in opened.bodies.items() if found in (c, body.name, body.name_en)), found)
    return {"data": {what: found}}


def _tried(request, opened: Opened, entries, numbers, change):
    told = actions.rehearse(by=request.user, entries=numbers, **change)
    tried = [_try(opened, one, change, told[one.pk]) for one in entries]
    wrong = sum(bool(one.why) for one in tried)
    return _bulk_page(
        request, opened, entries, tried=tried, wrong=wrong, numbers=numbers, ready=bool(tried) and not wrong
    )


def _try(opened: Opened, entry: Entry, change: dict, no) -> Tried:
    words, definition = opened.words, opened.definition
    row = words.row(queries.as_seen(entry, opened.sees))
    if "to" in change:
        before, after = state_name(definition, entry.state), state_name(definition, change["to"])
    else:
        ((code, value),) = change["data"].items()
        column = definition.field[code]
        before, after = words.cell(column, entry.data, entry.hidden), words.cell(column, {code: value})
    return Tried(row, before, after, sentence(no) if no else "")


def _done(request, opened: Opened, numbers, change):
    try:
        count = actions.bulk_change(by=request.user, entries=numbers, **change)
    except (Refused, NotAllowed) as error:
        entries, _numbers = _picked(request, opened)
        return _bulk_page(request, opened, entries, error=error)
    messages.success(request, _("已修改 %(count)s 条。") % {"count": count})
    return redirect("registers-list", opened.programme.code, opened.definition.code)


def _bulk_page(request, opened: Opened, entries, error=None, tried=None, wrong=0, numbers=None, ready=False):
    for one in entries:
        one.number = (numbers or {}).get(one.pk, one.number)
    free = [one for one in opened.definition.fields if one.code not in opened.definition.key]
    page = {
        "here": "registers", "definition": opened.definition, "name": name_of(opened.definition), "entries": entries,
        "count": len(entries), "states": [name_of(one) for one in opened.definition.states], "fields": free,
        "what": request.POST.get("what", "state"), "value": request.POST.get("value", ""), "given": request.POST,
        "offered": _offered(opened, free), "today": timezone.localdate(),
        "error": error and sentence(error), "tried": tried, "wrong": wrong, "ready": ready,
    }  # fmt: skip
    return render(request, "qingshan/registers/bulk.html", page, status=422 if error or wrong else 200)


def _offered(opened: Opened, free) -> list[str]:
    """Words to choose a new value from, whichever field is meant."""
    places = opened.definition.places if any(one.type == "place" for one in free) else []
    return [*sorted({name_of(choice) for one in free for choice in one.choices}), *places]


# --- files of rows


@require_http_methods(["GET", "POST"])
def upload(request, programme, code):
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    if request.method == "GET":
        return _upload_page(request, opened)
    try:
        sent = desk.send(
            by=request.user, programme=opened.programme, register=code, known_on=_known_on(request), **_sent(request),
            why=request.POST.get("why", ""),
        )  # fmt: skip
    except Refused as refused:
        return _upload_page(request, opened, refused)
    register_jobs.begin(sent)
    return redirect("registers-upload-one", programme, code, sent.pk)


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


def _known_on(request) -> date:
    return days_of(request)["known_on"] or timezone.localdate()


def _upload_page(request, opened: Opened, error=None):
    page = {
        "here": "registers", "definition": opened.definition, "name": name_of(opened.definition),
        "error": error and sentence(error), "limit": MOST_BYTES // MEGA, "most": MOST_ROWS, "today": timezone.localdate(),
        "uploads": uploads_of(opened.programme, opened.definition.code).defer("faults")[:10],
    }  # fmt: skip
    return render(request, "qingshan/registers/upload.html", page, status=422 if error else 200)


@dataclass(frozen=True)
class Fault:
    cell: str
    column: str
    value: str
    words: str


@require_http_methods(["GET", "POST"])
def upload_one(request, programme, code, number):
    """How far a file is; where it is checked and whole, its sender takes it in."""
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    found = get_object_or_404(uploads_of(opened.programme, code), pk=number)
    error = None
    register_jobs.require_reader(request.user, found)
    if request.method == "POST":
        try:
            register_jobs.begin(desk.confirm(by=request.user, upload=found))
            return redirect("registers-upload-one", programme, code, number)
        except Refused as refused:
            error = refused
    found = desk.give_up(by=None, upload=found)
    page = {
        "here": "registers", "definition": opened.definition, "name": name_of(opened.definition), "upload": found,
        "progress": progress_of(found) if found.running else None, "mine": found.recorded_by_id == request.user.pk,
        "faults": [_fault(opened, *one) for one in found.faults], "most_faults": MOST_FAULTS, "error": error and sentence(error),
    }  # fmt: skip
    return render(request, "qingshan/registers/upload_one.html", page, status=422 if error else 200)


def _fault(opened: Opened, sheet: str, cell: str, value: str, zh: str, en: str) -> Fault:
    letters = re.sub(r"\d", "", cell)
    return Fault(f"{sheet} {cell}".strip(), _column(opened, letters), value, wording.said({"zh": zh, "en": en}))


def _column(opened: Opened, letters: str) -> str:
    """What stands over a column of the template."""
    codes = columns_of(opened.definition, exported=True)
    number = column_index_from_string(letters) if letters else 0
    column = opened.definition.field.get(codes[number - 1]) if 0 < number <= len(codes) else None
    return heading(column) if column else ""
