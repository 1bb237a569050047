"""What the pages of an incident are made of: what may be called, what a reader may do, and its paper."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qingshan.coordination.incidents.models import Event, Incident
from qingshan.coordination.incidents.papers import Sheet
from qingshan.coordination.incidents.queries import Course, Stand, later
from qingshan.coordination.incidents.responding import rounded, waited
from qingshan.people.actions import may
from qingshan.people.models import User
from qingshan.web import reach, wording

WITHIN, SPEED = 10_000, 30  # metres and km/h, where a reader names no others
STEP_WORDS = {"acknowledged": "接报", "arrived": "到达"}


def moment_of(text: str) -> datetime | None:
    """The moment a form names, in local time and to the minute; now where it names none, None where it cannot be read."""
    if not text:
        return timezone.now()
    try:
        told = timezone.make_aware(datetime.fromisoformat(text))
    except ValueError:
        return None
    now = timezone.now()
    return now if told.replace(second=0, microsecond=0) == now.replace(second=0, microsecond=0) else told


def offered(incident: Incident, course: Course, kept, within: float, speed: float, by: User) -> list[reach.Found]:
    """What is in reach of the place and not yet called."""
    called = {one.call.entry_id for one in course.stands}
    found = reach.within(incident.programme, kept, incident.lon, incident.lat, within, speed, by)
    return [one for one in found if one.entry.pk not in called]


def steps_for(user: User, stand: Stand, incident: Incident) -> tuple[str, ...]:
    """What a reader may record of a call now."""
    own = user.role == "office" or user.body_id == stand.call.body_id
    return stand.next if own and not incident.closed_at and may(user, "answer_call") else ()


def took(stand: Stand, step: str) -> str:
    """Minutes from the call to a step."""
    at = stand.times.get(step)
    return wording.number(rounded(waited(stand.call.called_at, at)), 1) if at else ""


def sentence_of(event: Event) -> str:
    """A line of the course in the reader's language."""
    what = _("%(title)s：") % {"title": event.call.title} if event.call_id else ""
    words = f"{what}{wording.INCIDENT_STEPS[event.kind]}"
    note = _("，%(note)s") % {"note": event.note} if event.note else ""
    return f"{words}{note}"


def paper_of(course: Course, findings) -> Sheet:
    """An incident as an official paper, which is Chinese whatever the reader's language."""
    incident = course.incident
    what = "演练" if incident.drill else "应急处置"
    facts = [
        ("编号", f"{incident.ordinal}（{what}）"), ("类别", incident.get_kind_display()),
        ("地点", f"{incident.place}（东经 {incident.lon:.6f}，北纬 {incident.lat:.6f}，WGS84）"), ("发生", _clock(incident.began_at)),
        ("结束", _clock(incident.closed_at) if incident.closed_at else "尚未结束"),
    ]  # fmt: skip
    signed = f"记录：{incident.closed_by or '（模拟）'}　{_clock(incident.closed_at)}" if incident.closed_at else ""
    return Sheet(
        f"{incident.title}记录", facts, [_measured(course, step) for step in STEP_WORDS], [_cells(one) for one in course.stands],
        [(_clock(one.at), _told(one)) for one in course.events], incident.summary, [_finding(one) for one in findings], signed,
        incident.simulated,
    )  # fmt: skip


def _measured(course: Course, step: str) -> str:
    found = course.responses[step]
    if not found.count:
        return f"{STEP_WORDS[step]}：调用 {found.called} 项，尚无记录。"
    return f"{STEP_WORDS[step]}：调用 {found.called} 项，{found.count} 项有记录，中位用时 {found.median} min，最慢 {found.slowest} min。"


def _cells(stand: Stand) -> list[str]:
    call, times = stand.call, stand.times
    reached = [f"{_hour(times[step])}（{took(stand, step)} min）" if step in times else "—" for step in STEP_WORDS]
    return [call.title, str(call.body), f"{call.metres / 1000:.1f}", str(call.minutes), _hour(call.called_at), *reached,
            stand.last.get_kind_display()]  # fmt: skip


def _told(event: Event) -> str:
    what = f"{event.call.title}：" if event.call_id else ""
    late = f"〔{_clock(event.recorded_at)} 补记〕" if later(event) and not event.incident.simulated else ""
    who = f"（{event.recorded_by}）" if event.recorded_by else ""
    return f"{what}{event.get_kind_display()}{'，' + event.note if event.note else ''}{who}{late}"


def _finding(decision) -> str:
    wording = decision.wording.rstrip("。")
    return f"{decision.item.title}：{wording}。责任部门 {decision.lead}，{decision.due_on} 前完成。"


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _hour(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M:%S}"
