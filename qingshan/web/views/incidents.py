"""Incidents and drills: opened at a place, resources called out and answering, the course kept, findings assigned."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingshan.coordination.actions import Finding
from qingshan.coordination.incidents import actions, queries
from qingshan.coordination.incidents.actions import Resource
from qingshan.coordination.incidents.models import Incident
from qingshan.coordination.incidents.papers import docx
from qingshan.coordination.incidents.responding import DETOUR
from qingshan.evidence.registers import queries as registers
from qingshan.people.actions import may, require
from qingshan.plan.actions import Refused
from qingshan.web import incidents as shown
from qingshan.web import reach, wording
from qingshan.web.coordination import sentence
from qingshan.web.pages import programme_for, remembered
from qingshan.web.sketch import Thing, sketch
from qingshan.web.views.emergency import LOOKS, groups, numbers
from qingshan.web.views.meetings import WORD
from qingshan.web.zoning import asked

FINDINGS = 5  # lines for findings in the closing form


@remembered
def index(request, programme):
    programme = programme_for(request, programme)
    found = [queries.Course(one) for one in queries.incidents(programme, request.user)]
    page = {"here": "registers", "courses": found, "may_open": may(request.user, "open_incident")}
    return render(request, "qingshan/incidents/index.html", page)


def _course(request, code: str, ordinal: int) -> queries.Course:
    programme = programme_for(request, code)
    found = queries.course(programme, ordinal, request.user)
    if found is None:
        raise Http404
    found.incident.programme = programme
    return found


@require_http_methods(["GET", "POST"])
def begin(request, programme):
    """The form, at the point of the address where it names one; what was refused comes back as it was filled in."""
    programme = programme_for(request, programme)
    require(request.user, "open_incident")
    told = request.POST or request.GET
    question = asked(told, timezone.localdate())
    errors = list(question.errors.values())
    if request.method == "POST" and not errors:
        try:
            return redirect("incident", programme.code, _begun(request, programme, question).ordinal)
        except Refused as refused:
            errors = [sentence(refused)]
    page = {
        "here": "registers",
        "told": told,
        "errors": errors,
        "kinds": wording.INCIDENTS.items(),
        "book": _book(programme),
    }
    return render(request, "qingshan/incidents/open.html", page, status=422 if errors else 200)


def _begun(request, programme, question) -> Incident:
    at = shown.moment_of(request.POST.get("began_at", ""))
    if at is None or question.site is None or question.site["type"] != "Point":
        raise Refused("请填写地点的经纬度和发生时间。", "Give the point and the time it began.")
    lon, lat = question.site["coordinates"]
    told = {name: request.POST.get(name, "") for name in ("kind", "title", "place")}
    return actions.open_incident(
        by=request.user,
        programme=programme,
        drill=request.POST.get("drill") != "no",
        lon=lon,
        lat=lat,
        began_at=at,
        **told,
    )


def _book(programme):
    return next(iter(reach.books(programme).values()), None)


@require_safe
def show(request, programme, incident):
    course = _course(request, programme, incident)
    incident, user = course.incident, request.user
    errors: dict[str, str] = {}
    told = numbers(request.GET, errors)
    kept = reach.books(incident.programme)
    calling = may(user, "call_out") and not incident.closed_at
    found = shown.offered(incident, course, kept, told["within"] * 1000, told["speed"], user) if calling else []
    page = {
        "here": "registers", "course": course, "incident": incident, "numbers": told, "errors": errors, "calling": calling,
        "stands": [(one, shown.steps_for(user, one, incident), {step: shown.took(one, step) for step in shown.STEP_WORDS}) for one in course.stands],
        "events": [(one, shown.sentence_of(one), queries.later(one) and not incident.simulated) for one in course.events], "groups": groups(kept, found),
        "own": {one.call.pk for one in course.stands if one.call.body_id == user.body_id}, "detour": DETOUR,
        "may_note": may(user, "note_incident") and not incident.closed_at, "may_close": may(user, "close_incident") and not incident.closed_at,
        "findings": range(FINDINGS), "bodies": incident.programme.jurisdiction.bodies.order_by("order", "code"), "assigned": _assigned(incident),
        "map": _map(incident, course, kept, found, user),
    }  # fmt: skip
    return render(request, "qingshan/incidents/incident.html", page, status=422 if errors else 200)


def _assigned(incident: Incident) -> list:
    """What was found and assigned at closing."""
    items = incident.review.items.select_related("decision__lead").order_by("order") if incident.review_id else ()
    return [one.decision for one in items]


def _map(incident: Incident, course: queries.Course, kept, found, user):
    """Where it is and what was called, as far as the reader may know where that lies."""
    sees = {one.code: registers.sight(one, user) for one in kept.values()}

    def dot(entry, look, title):
        return Thing({"type": "Point", "coordinates": [entry.lon, entry.lat]}, look, title)

    rows = [
        registers.as_seen(one.call.entry, sees[one.call.entry.register])
        for one in course.stands
        if one.call.entry.register in sees
    ]
    things = [dot(one.entry, LOOKS[one.part], "") for one in found]
    things += [dot(one, "called", "") for one in rows if one.lon is not None]
    things.append(dot(incident, "site", ""))
    return sketch(things, 420, 320)


def _told(request, course: queries.Course, deed, words: str, at: str = ""):
    """Do it at the moment the form names, say so or why not, and show the incident again."""
    moment = shown.moment_of(request.POST.get("at", ""))
    try:
        if moment is None:
            raise Refused("时间应写作 2026-01-31T09:30。", "Write the time as 2026-01-31T09:30.")
        deed(moment)
        messages.success(request, words)
    except Refused as refused:
        messages.error(request, sentence(refused))
    incident = course.incident
    answer = redirect("incident", incident.programme.code, incident.ordinal)
    answer["Location"] += at
    return answer


@require_POST
def call(request, programme, incident):
    course = _course(request, programme, incident)
    require(request.user, "call_out")
    told = numbers(request.POST, {})
    chosen = set(request.POST.getlist("entry"))
    found = shown.offered(
        course.incident,
        course,
        reach.books(course.incident.programme),
        told["within"] * 1000,
        told["speed"],
        request.user,
    )
    resources = [
        Resource(one.entry, one.title, one.metres, one.minutes) for one in found if str(one.entry.pk) in chosen
    ]
    asked_for = request.POST.get("asked", "")
    return _told(request, course, lambda at: actions.call_out(by=request.user, incident=course.incident, resources=resources, asked=asked_for, at=at),
                 _("已调用，责任部门的收件箱里已有通知。"), "#calls")  # fmt: skip


@require_POST
def step(request, programme, incident, number):
    course = _course(request, programme, incident)
    one = next((it.call for it in course.stands if it.call.pk == number), None)
    if one is None:
        raise Http404
    one.incident = course.incident
    told = {"step": request.POST.get("step", ""), "note": request.POST.get("note", "")}
    return _told(request, course, lambda at: actions.answer(by=request.user, call=one, at=at, **told), _("已记录。"), f"#call-{number}")  # fmt: skip


@require_POST
def note(request, programme, incident):
    course = _course(request, programme, incident)
    said = request.POST.get("note", "")
    return _told(request, course, lambda at: actions.note_down(by=request.user, incident=course.incident, at=at, note=said), _("已记录。"), "#course")  # fmt: skip


@require_POST
def close(request, programme, incident):
    course = _course(request, programme, incident)
    require(request.user, "close_incident")
    return _told(request, course, lambda at: _closed(request, course.incident, at), _("已结束，整改事项已交办。"))


def _closed(request, incident: Incident, at):
    bodies = {one.code: one for one in incident.programme.jurisdiction.bodies.all()}
    parts = zip(*(request.POST.getlist(name) for name in ("found", "mend", "lead", "due_on")), strict=False)
    findings = [_finding(bodies, *one) for one in parts if one[0].strip() or one[1].strip()]
    return actions.close_incident(
        by=request.user, incident=incident, at=at, summary=request.POST.get("summary", ""), findings=findings
    )


def _finding(bodies, found: str, mend: str, lead: str, due_on: str) -> Finding:
    if not found.strip() or not mend.strip() or lead not in bodies:
        raise Refused(
            "每个问题要写明问题、整改要求、责任部门和完成日期。",
            "A finding needs what is wrong, what to do, a body and a day.",
        )
    try:
        return Finding(found.strip(), mend.strip(), bodies[lead], date.fromisoformat(due_on))
    except ValueError:
        raise Refused(
            f"问题“{found}”的完成日期应写作 2026-12-31。", f"Write the day of “{found}” as 2026-12-31."
        ) from None


@require_safe
def paper(request, programme, incident):
    course = _course(request, programme, incident)
    content = docx(shown.paper_of(course, _assigned(course.incident)))
    response = HttpResponse(content, content_type=WORD)
    response["Content-Disposition"] = content_disposition_header(True, f"{course.incident.title}记录.docx")
    return response
