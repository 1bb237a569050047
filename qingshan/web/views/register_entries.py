"""One entry of a register: shown, added, changed, moved on with its proof, withdrawn."""

from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingshan.evidence.registers import actions, queries
from qingshan.evidence.registers.actions import LARGEST_FILE, Invalid, Overtaken
from qingshan.evidence.registers.models import Entry
from qingshan.people.actions import require
from qingshan.plan.actions import Refused
from qingshan.web import farmland, register_forms, register_maps, registers
from qingshan.web.files import kept
from qingshan.web.register_forms import EntryForm
from qingshan.web.register_rows import Opened, open_register
from qingshan.web.views.registers import sentence

TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"%PDF-": "application/pdf"}
MEGA = 2**20


def _entry(request, programme, code, number) -> tuple[Opened, Entry]:
    opened = open_register(request, programme, code)
    rows = Entry.objects.filter(programme=opened.programme, register=code).select_related("body")
    entry = get_object_or_404(rows, pk=number)
    entry.programme = opened.programme
    return opened, entry


def _own_entry(request, programme, code, number) -> tuple[Opened, Entry]:
    """The entry, for someone who may write it."""
    opened, entry = _entry(request, programme, code, number)
    require(request.user, "edit_register")
    actions.require_own(request.user, entry)
    return opened, entry


@require_safe
def show(request, programme, code, number):
    return _page(request, *_entry(request, programme, code, number))


def _page(request, opened: Opened, entry: Entry, status: int = 200, **more):
    definition, words = opened.definition, opened.words
    revisions = queries.history(entry, opened.sees)
    number, whole = entry.number, opened.sees.whole(entry.body_id)
    seen = queries.as_seen(entry, opened.sees)
    page = {
        "here": "registers", "opened": opened, "definition": definition, "name": registers.name_of(definition), "entry": seen,
        "row": words.row(seen), "number": number, "groups": _groups(opened, seen), "files": _files(seen, whole),
        "steps": registers.steps(definition, seen.state, seen.reached), "editable": opened.may_write(seen),
        "moves": _moves(opened, seen, more.pop("form", None)), "limit": LARGEST_FILE // MEGA, "whole": whole,
        "changes": registers.changes(words, revisions, queries.columns_ever(opened.programme, definition.code)),
        "where": registers.where(seen.lon, seen.lat), "shape": _shape(seen), "today": timezone.localdate(),
        "tiles": register_maps.tiles(), "sampled": _sampled(opened, entry), **more,
    }  # fmt: skip
    return render(request, "qingshan/registers/entry.html", page, status=status)


def _sampled(opened: Opened, entry: Entry):
    """What the samples of its soil say of a unit of farmland."""
    if opened.definition.serves != farmland.PART:
        return None
    found = farmland.compared(
        opened.programme, opened.definition, opened.user, timezone.localdate(), timezone.now(), [entry.key]
    )
    return next(iter(found), None)


def _groups(opened: Opened, entry: Entry) -> list:
    return [
        (
            name,
            [(one, opened.words.cell(one, entry.data, entry.hidden), _target(opened, one, entry)) for one in columns],
        )
        for name, columns in registers.grouped(opened.definition)
    ]


def _target(opened: Opened, column, entry: Entry):
    """The entry of another register that a field names."""
    value = entry.data.get(column.code) if column.type == "reference" else None
    if not value:
        return None
    return Entry.objects.filter(programme=opened.programme, register=column.register_code, key=value).first()


def _shape(entry: Entry) -> dict | None:
    if entry.lon is None:
        return None
    return entry.geometry or {"type": "Point", "coordinates": [entry.lon, entry.lat]}


def _files(entry: Entry, whole: bool) -> list:
    found = list(entry.attachments.select_related("recorded_by__body")) if whole else []
    for one in found:
        one.image = _type(one).startswith("image/")
    return found


def _moves(opened: Opened, entry: Entry, form: EntryForm | None) -> list:
    """Each move with the inputs it still needs; `form` is the one that was sent and refused."""
    found = registers.moves(opened.definition, entry.state, entry.data, opened.parts)
    have = entry.attachments.count()
    told = []
    for one in found:
        empty = EntryForm(opened.definition, opened.bodies, stands=entry.data, only=[c.code for c in one.fields])
        told.append((one, form if form is not None and form.to == one.to else empty, max(0, one.files - have)))
    return told


# --- adding and changing


@require_http_methods(["GET", "POST"])
def add(request, programme, code):
    opened = open_register(request, programme, code)
    require(request.user, "edit_register")
    if request.method == "GET":
        return _form_page(
            request, opened, EntryForm(opened.definition, opened.bodies, given=_beginning(opened, request))
        )
    form = EntryForm(opened.definition, opened.bodies, given=request.POST)
    data, place = form.data, form.geometry
    error = None
    if not form.errors:
        try:
            made = actions.add_entry(
                by=request.user, programme=opened.programme, register=code, data=data, geometry=place,
                source=request.POST.get("source", ""), why=request.POST.get("why", ""), **days_of(request),
            )  # fmt: skip
            messages.success(request, _("已登记“%(key)s”。") % {"key": made.key})
            return redirect("registers-entry", programme, code, made.pk)
        except Invalid as wrong:
            form.told(wrong.problems)
        except Refused as refused:
            error = refused
    return _form_page(request, opened, form, error)


def _beginning(opened: Opened, request) -> dict[str, str]:
    """A liaison's new row is their own body's."""
    own = request.user.body.code if opened.parts == {"own"} and opened.definition.owner else ""
    return {opened.definition.owner: own} if own else {}


def _form_page(request, opened: Opened, form: EntryForm, error=None, entry=None, expected=None, newer=None):
    page = {
        "here": "registers", "opened": opened, "definition": opened.definition, "form": form, "entry": entry,
        "name": registers.name_of(opened.definition), "error": error and sentence(error), "expected": expected,
        "newer": newer, "today": timezone.localdate(), "tiles": register_maps.tiles(),
    }  # fmt: skip
    refused = bool(error or form.errors or newer)
    return render(request, "qingshan/registers/form.html", page, status=422 if refused else 200)


def days_of(request) -> dict[str, date | None]:
    """The day it was known and since when it is so, where they were given. Raises Refused."""
    found = {}
    for name in ("known_on", "effective_on"):
        text = request.POST.get(name, "").strip()
        try:
            found[name] = date.fromisoformat(text) if text else None
        except ValueError:
            raise Refused(
                f"日期“{text[:20]}”读不懂，应写作 2026-12-31。", f"{text[:20]!r} is no date; write 2026-12-31."
            ) from None
    if (known := found["known_on"]) and known > timezone.localdate():
        raise Refused(f"得知日 {known} 在今天之后，请改正。", f"The day known, {known}, is after today; correct it.")
    return found


@require_http_methods(["GET", "POST"])
def edit(request, programme, code, number):
    opened, entry = _own_entry(request, programme, code, number)
    if request.method == "GET":
        form = EntryForm(opened.definition, opened.bodies, stands=entry.data, place=_shape(entry))
        return _form_page(request, opened, form, entry=entry, expected=entry.number)
    form = EntryForm(opened.definition, opened.bodies, given=request.POST, stands=entry.data, place=_shape(entry))
    data, place = form.data, form.geometry
    error, expected = None, _number(request)
    if not form.errors:
        try:
            actions.change_entry(
                by=request.user, entry=entry, expected=expected, data=data, geometry=place if place != _shape(entry) else None,
                why=request.POST.get("why", ""), **days_of(request),
            )  # fmt: skip
            messages.success(request, _("已保存“%(key)s”。") % {"key": entry.key})
            return redirect("registers-entry", programme, code, number)
        except Overtaken as overtaken:
            return _overtaken(request, opened, entry, overtaken, expected)
        except Invalid as wrong:
            form.told(wrong.problems)
        except Refused as refused:
            error = refused
    return _form_page(request, opened, form, error, entry, expected)


def _number(request) -> int:
    text = request.POST.get("expected", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _overtaken(request, opened: Opened, entry: Entry, overtaken: Overtaken, expected: int):
    """Both versions, field by field: what I changed stays in the form, what I left alone takes their newer value."""
    base = entry.revisions.filter(number=expected).first()
    told = [register_forms.texts(opened.definition, one.data) if one else {} for one in (base, entry)]
    free = [one.code for one in opened.definition.fields if one.code not in opened.definition.key]
    given = {code: request.POST.get(code, "") for code in free}
    laid = register_forms.laid_over(told[0], given, told[1])
    theirs = {
        code: opened.words.cell(opened.definition.field[code], entry.data) or _("空")
        for code, text in laid.items()
        if text != told[1].get(code, "")
    }
    place = {name: request.POST.get(name, "") for name in ("lon", "lat", "geometry")}
    form = EntryForm(opened.definition, opened.bodies, given=laid | place, stands=entry.data, theirs=theirs)
    return _form_page(request, opened, form, overtaken, entry, entry.number, overtaken.newer)


@require_POST
def withdraw(request, programme, code, number):
    opened, entry = _own_entry(request, programme, code, number)
    try:
        actions.withdraw(by=request.user, entry=entry, expected=_number(request), why=request.POST.get("why", ""))
        messages.success(request, _("已撤下“%(key)s”，理由已记入审计。") % {"key": entry.key})
    except Refused as refused:
        entry.refresh_from_db()
        return _page(request, opened, entry, 422, error=sentence(refused))
    return redirect("registers-entry", programme, code, number)


# --- moving on, with proof


@require_POST
def move(request, programme, code, number):
    """Move an entry on; the files sent with it are kept only if the move is made."""
    opened, entry = _own_entry(request, programme, code, number)
    to = request.POST.get("to", "")
    steps = [one for one in opened.definition.transitions if (one.from_, one.to) == (entry.state, to)]
    form = EntryForm(
        opened.definition, opened.bodies, given=request.POST, only=[c for one in steps for c in one.proof.fields]
    )
    form.to = to
    data = form.data
    if not form.errors:
        try:
            with transaction.atomic():
                _attach_sent(request, entry)
                actions.move(
                    by=request.user, entry=entry, expected=_number(request), to=to, data=data,
                    why=request.POST.get("why", ""), **days_of(request),
                )  # fmt: skip
            words = {"key": entry.key, "state": registers.state_name(opened.definition, to)}
            messages.success(request, _("“%(key)s”已转为“%(state)s”。") % words)
            return redirect("registers-entry", programme, code, number)
        except Invalid as wrong:
            form.told(wrong.problems)
        except Refused as refused:
            form.errors[""] = sentence(refused)
    entry.refresh_from_db()
    return _page(request, opened, entry, 422, form=form)


def _attach_sent(request, entry: Entry) -> None:
    for file in request.FILES.getlist("files"):
        if file.size > LARGEST_FILE:  # before all of it is read
            raise Refused(
                f"文件“{file.name}”有 {file.size / MEGA:.1f} MB，上限 {LARGEST_FILE // MEGA} MB。",
                f"The file {file.name} has {file.size / MEGA:.1f} MB, at most {LARGEST_FILE // MEGA} MB are allowed.",
            )
        actions.attach(
            by=request.user, entry=entry, name=file.name, content=file.read(), taken_at=_taken(request),
            note=request.POST.get("note", ""),
        )  # fmt: skip


def _taken(request) -> datetime | None:
    text = request.POST.get("taken_on", "")
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text), time())) if text else None
    except ValueError:
        raise Refused(
            f"日期“{text[:20]}”读不懂，应写作 2026-12-31。", f"{text[:20]!r} is no date; write 2026-12-31."
        ) from None


@require_POST
def attach(request, programme, code, number):
    """Add photographs or documents without moving the entry."""
    opened, entry = _own_entry(request, programme, code, number)
    try:
        if not request.FILES:
            raise Refused("请先选择一个文件。", "Choose a file first.")
        with transaction.atomic():
            _attach_sent(request, entry)
    except Refused as refused:
        return _page(request, opened, entry, 422, file_error=sentence(refused))
    messages.success(request, _("证明材料已保存。"))
    return redirect("registers-entry", programme, code, number)


@require_safe
def file(request, programme, code, number, file):
    """An evidence file, for who sees the entry whole. A picture is shown, all else is saved; no browser guesses what it is."""
    opened, entry = _entry(request, programme, code, number)
    found = get_object_or_404(opened.evidence(entry), pk=file)
    path = kept(found.sha256)
    kind = _type(found)
    response = FileResponse(path.open("rb"), content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(not kind.startswith("image/"), found.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _type(attachment) -> str:
    """By its first bytes, never by its name."""
    path = Path(settings.MEDIA_ROOT) / queries.file_of(attachment.sha256)
    try:
        with path.open("rb") as file:
            begin = file.read(8)
    except OSError:
        begin = b""
    return next((kind for sign, kind in TYPES.items() if begin.startswith(sign)), "application/octet-stream")


# --- what a form asks while it is filled in


@require_safe
def keys(request, programme, code):
    """Entries whose key or name holds a text, to choose a reference from."""
    opened = open_register(request, programme, code)
    text = next((value for name, value in request.GET.items() if name != "into"), "").strip()[:80]
    rows = queries.entries(opened.programme, code)
    rows = queries.sought(rows, opened.definition, text=text).rows
    found = [opened.words.row(queries.as_seen(one, opened.sees)) for one in rows.order_by("key")[:20]]
    return render(request, "qingshan/registers/keys.html", {"rows": found})
