"""The two chairs' meeting: agenda, decisions, minutes."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingshan.coordination import actions, papers, queries
from qingshan.coordination.models import Meeting
from qingshan.people.actions import may, require
from qingshan.plan.actions import Refused
from qingshan.web import wording
from qingshan.web.coordination import Board, day_asked, named, paper_of, sentence
from qingshan.web.pages import programme_for, remembered
from qingshan.web.sheets import TYPE

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"docx": (papers.docx, WORD), "xlsx": (papers.xlsx, TYPE)}
KINDS = {"agenda": "议程", "minutes": "纪要"}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _meeting(request, programme, meeting) -> Meeting:
    programme = programme_for(request, programme)
    found = get_object_or_404(queries.meetings(programme), ordinal=meeting)
    found.programme = programme
    return found


def _done(request, meeting: Meeting, deed, words="", at=""):
    try:
        deed()
        if words:
            messages.success(request, words)
    except Refused as refused:
        messages.error(request, sentence(refused))
    return redirect(f"{meeting_page(meeting)}{at}")


def meeting_page(meeting: Meeting) -> str:
    return reverse("meeting", args=[meeting.programme.code, meeting.ordinal])


@require_POST
def new(request, programme):
    programme = programme_for(request, programme)
    require(request.user, "prepare_meeting")
    held_on = _day(request.POST.get("held_on", ""))
    if held_on is None:
        messages.error(request, _("请填写会议日期，写作 2026-01-31。"))
        return redirect("coordination", programme.code)
    meeting = actions.call_meeting(
        by=request.user, programme=programme, held_on=held_on, title=request.POST.get("title", "")
    )
    return redirect("meeting", programme.code, meeting.ordinal)


@remembered
def show(request, programme, meeting):
    meeting = _meeting(request, programme, meeting)
    board = Board(meeting.programme, day_asked(request, meeting.programme), request.user)
    items = queries.agenda_of(meeting)
    for one in items:
        one.decided = getattr(one, "decision", None)
        one.partner_names = named(one.partners, board.bodies)
        if one.decided:
            one.decided.partner_names = named(one.decided.partners, board.bodies)
    free = not meeting.signed_at
    undecided = sum(one.decided is None for one in items)
    on_it = {(one.matter.get("kind"), one.matter.get("key")) for one in items if one.matter}
    page = {
        "here": "coordination", "meeting": meeting, "items": items, "bodies": list(board.bodies.values()), "on": board.on,
        "offered": [row for row in board.rows if row.matter.id not in on_it] if free and may(request.user, "prepare_meeting") else [],
        "may_prepare": free and may(request.user, "prepare_meeting"), "may_decide": free and may(request.user, "decide"),
        "may_sign": free and items and not undecided and may(request.user, "sign_minutes"), "outcomes": wording.OUTCOMES.items(),
        "undecided": undecided,
    }  # fmt: skip
    return render(request, "qingshan/coordination/meeting.html", page)


@require_POST
def add(request, programme, meeting):
    meeting = _meeting(request, programme, meeting)
    require(request.user, "prepare_meeting")
    wanted = request.POST.getlist("matter")
    on = day_asked(request, meeting.programme)
    known = {"|".join(one.id): one for one in queries.matters(meeting.programme, on)} if wanted else {}
    missing = [one for one in wanted if one not in known]

    def deed():
        for one in wanted:
            if one in known:
                actions.add_to_agenda(by=request.user, meeting=meeting, matter=known[one])
        if not wanted:
            actions.add_to_agenda(by=request.user, meeting=meeting, title=request.POST.get("title", ""))

    if missing:
        messages.warning(request, _("其中 %(count)s 件已经办好，没有列入。") % {"count": len(missing)})
    return _done(request, meeting, deed)


@require_POST
def edit(request, programme, meeting):
    meeting = _meeting(request, programme, meeting)
    require(request.user, "prepare_meeting")
    fields = {name: request.POST.get(name, "").strip() for name in ("title", "place", "chairs", "present", "summary")}
    held_on = _day(request.POST.get("held_on", ""))
    fields |= {"held_on": held_on} if held_on else {}
    fields = {name: value for name, value in fields.items() if name != "title" or value}
    return _done(
        request, meeting, lambda: actions.edit_meeting(by=request.user, meeting=meeting, **fields), _("已保存。")
    )


@require_POST
def sign(request, programme, meeting):
    require(request.user, "sign_minutes")
    meeting = _meeting(request, programme, meeting)
    return _done(request, meeting, lambda: actions.sign_minutes(by=request.user, meeting=meeting), _("纪要已签署。"))


def _item(request, programme, meeting, item):
    meeting = _meeting(request, programme, meeting)
    found = get_object_or_404(meeting.items.all(), pk=item)
    found.meeting = meeting
    return found


def _said(request, meeting: Meeting) -> dict:
    """Lead, partners and day, as a form gives them."""
    bodies = queries.body_names(meeting.programme)
    return {
        "lead": bodies.get(request.POST.get("lead", "")),
        "partners": [code for code in request.POST.getlist("partners") if code in bodies],
        "due_on": _day(request.POST.get("due_on", "")),
    }


@require_POST
def propose(request, programme, meeting, item):
    require(request.user, "prepare_meeting")
    item = _item(request, programme, meeting, item)
    words = {"title": request.POST.get("title", ""), "proposal": request.POST.get("proposal", "")}
    return _done(
        request, item.meeting, lambda: actions.propose(by=request.user, item=item, **words, **_said(request, item.meeting)),
        _("已保存。"), f"#item-{item.pk}",
    )  # fmt: skip


@require_POST
def move(request, programme, meeting, item):
    require(request.user, "prepare_meeting")
    item = _item(request, programme, meeting, item)
    up = request.POST.get("way") == "up"
    return _done(
        request, item.meeting, lambda: actions.move_on_agenda(by=request.user, item=item, up=up), "", f"#item-{item.pk}"
    )


@require_POST
def drop(request, programme, meeting, item):
    require(request.user, "prepare_meeting")
    item = _item(request, programme, meeting, item)
    return _done(request, item.meeting, lambda: actions.drop_from_agenda(by=request.user, item=item))


@require_POST
def decide(request, programme, meeting, item):
    require(request.user, "decide")
    item = _item(request, programme, meeting, item)
    words = {"outcome": request.POST.get("outcome", ""), "wording": request.POST.get("wording", "")}
    on = day_asked(request, item.meeting.programme)
    return _done(
        request, item.meeting,
        lambda: actions.decide(by=request.user, item=item, on=on, **words, **_said(request, item.meeting)),
        _("决定已记录。"), f"#item-{item.pk}",
    )  # fmt: skip


@require_safe
def paper(request, programme, meeting, kind, form):
    meeting = _meeting(request, programme, meeting)
    if kind not in KINDS or form not in FORMS:
        raise Http404
    write, content_type = FORMS[form]
    made = paper_of(meeting, KINDS[kind])
    response = HttpResponse(write(made), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(
        True, f"{meeting.held_on} {meeting.title}{made.kind}.{form}"
    )
    return response
