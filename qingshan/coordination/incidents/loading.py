"""The demonstration's emergency: one simulated drill, from the call to its findings."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from qingshan.coordination.actions import Finding
from qingshan.evidence.registers import queries as registers
from qingshan.evidence.registers.schema import Definition
from qingshan.plan.models import Programme

from . import actions
from .actions import Resource
from .models import Call, Incident
from .responding import minutes

SPEED, WITHIN, CALLED = 30, 15_000, 5  # km/h, metres, calls
BESIDE = 0.012  # degrees east of the nearest supplies
# For each call in turn: the steps with the minutes after the call at which they are taken; the last one cannot come.
COURSES = (
    {"acknowledged": 2, "en_route": 7, "arrived": 26},
    {"acknowledged": 3, "en_route": 12, "arrived": 34},
    {"acknowledged": 1, "en_route": 5, "arrived": 21},
    {"acknowledged": 9, "en_route": 20, "arrived": 52},
    {"acknowledged": 6, "refused": 11},
)


@transaction.atomic
def demonstrate(programme: Programme, day: date) -> Incident | None:
    """A drill three weeks before the demonstration's day. Does nothing a second time, or where no supplies stand in registers."""
    kept = _rows(programme)
    first = next((rows.first() for _, rows in kept if rows.exists()), None)
    if first is None or programme.incidents.exists():
        return None
    lon, lat = first.lon + BESIDE, first.lat
    began = timezone.make_aware(datetime.combine(day - timedelta(days=21), time(9, 0)))
    drill = actions.open_incident(
        by=None, programme=programme, drill=True, kind="spill", title="河道油品泄漏应急演练（模拟）", place=f"{first.key} 附近（模拟）",
        lon=round(lon, 6), lat=lat, began_at=began, simulated=True,
    )  # fmt: skip
    calls = actions.call_out(
        by=None,
        incident=drill,
        resources=_resources(kept, lon, lat),
        asked="到现场布设围油栏（模拟）",
        at=began + timedelta(minutes=4),
    )
    for call, course in zip(calls, COURSES, strict=False):
        _answered(call, course)
    return _closed(drill, calls, began + timedelta(hours=2))


def _rows(programme: Programme) -> list[tuple[Definition, QuerySet]]:
    """The registers of supplies and teams with those of their rows that have a place and a body."""
    books = [one for part in ("supplies", "teams") if (one := registers.serving(programme, part))]
    rows = [registers.standing(one, registers.entries(programme, one.code)).select_related("body") for one in books]
    return [
        (book, one.exclude(lon=None).exclude(body=None).order_by("key")) for book, one in zip(books, rows, strict=True)
    ]


def _resources(kept: list[tuple[Definition, QuerySet]], lon: float, lat: float) -> list[Resource]:
    near = [(book, one) for book, rows in kept for one in registers.near(rows, lon, lat, WITHIN)]
    near.sort(key=lambda it: (it[1].metres, it[1].entry.pk))
    return [_resource(book, one) for book, one in near[:CALLED]]


def _resource(book, one) -> Resource:
    ready = one.entry.data.get("ready", 0)
    return Resource(one.entry, book.title_of(one.entry.data), one.metres, minutes(one.metres, SPEED, ready))


def _answered(call: Call, course: dict[str, int]) -> None:
    for step, after in course.items():
        note = "车辆检修，不能出动（模拟）" if step == "refused" else ""
        actions.answer(by=None, call=call, step=step, at=call.called_at + timedelta(minutes=after), note=note)


def _closed(drill: Incident, calls: list[Call], at: datetime) -> Incident:
    due = timezone.localdate(at) + timedelta(days=45)
    finding = Finding(
        "一支力量因车辆检修未能出动（模拟）",
        "补足备用车辆，车辆检修时须有替代安排并报值班室（模拟）。",
        calls[-1].body,
        due,
    )
    actions.note_down(
        by=None, incident=drill, at=at - timedelta(minutes=30), note="两道围油栏布设完成，油膜未越过闸口（模拟）。"
    )
    return actions.close_incident(
        by=None,
        incident=drill,
        at=at,
        summary="响应总体有序，调用渠道畅通；备用车辆不足（模拟内容）。",
        findings=[finding],
    )
