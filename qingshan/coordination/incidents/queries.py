from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from qingshan.people.actions import NotAllowed
from qingshan.people.models import Role, User
from qingshan.plan.models import Programme

from .models import Call, Event, Incident
from .responding import MEASURED, STEPS, Response, response

LATER = timedelta(minutes=5)  # a line written down this long after what it tells is marked so


@dataclass(frozen=True)
class Stand:
    """A call and what became of it."""

    call: Call
    events: list[Event]

    @property
    def last(self) -> Event:
        return self.events[-1]

    @property
    def open(self) -> bool:
        return bool(STEPS[self.last.kind])

    @property
    def next(self) -> tuple[str, ...]:
        return STEPS[self.last.kind]

    @property
    def times(self) -> dict[str, datetime]:
        return {one.kind: one.at for one in self.events}


@dataclass(frozen=True)
class Course:
    """An incident with its calls and events in order."""

    incident: Incident

    @cached_property
    def events(self) -> list[Event]:
        return list(self.incident.events.all())

    @cached_property
    def stands(self) -> list[Stand]:
        return [
            Stand(one, sorted((it for it in self.events if it.call_id == one.pk), key=lambda it: it.pk))
            for one in self.incident.calls.all()
        ]

    @property
    def responses(self) -> dict[str, Response]:
        calls = [(one.call.called_at, one.times) for one in self.stands]
        return {step: response(step, calls) for step in MEASURED}

    @property
    def refused(self) -> int:
        return sum(one.last.kind == Event.Kind.REFUSED for one in self.stands)

    def concerns(self, user: User) -> bool:
        return user.role != Role.LIAISON or any(one.call.body_id == user.body_id for one in self.stands)


def later(event: Event) -> bool:
    return event.recorded_at - event.at > LATER


def incidents(programme: Programme, by: User) -> QuerySet[Incident]:
    """The newest first; a liaison finds those in which the own body was called out."""
    calls = Prefetch("calls", Call.objects.select_related("body", "entry").order_by("id"))
    events = Prefetch("events", Event.objects.select_related("recorded_by", "call").order_by("at", "id"))
    found = Incident.objects.filter(programme=programme).select_related("opened_by", "closed_by", "review")
    if by.role == Role.LIAISON:
        found = found.filter(Exists(Call.objects.filter(incident=OuterRef("pk"), body=by.body_id)))
    return found.prefetch_related(calls, events).order_by("-ordinal")


def course(programme: Programme, ordinal: int, by: User) -> Course | None:
    """The incident of that number; raises NotAllowed for a liaison whose body has no part in it."""
    if found := incidents(programme, by).filter(ordinal=ordinal).first():
        return Course(found)
    if programme.incidents.filter(ordinal=ordinal).exists():
        raise NotAllowed("这次事件没有调用贵部门的资源，只有计划办和被调用的部门可以看。",
                         "Nothing of your body was called out; only the office and the bodies called see this.")  # fmt: skip
    return None


def open_calls(user: User, programme: Programme) -> Iterable[Stand]:
    """Calls on a liaison's body that are neither refused nor there, in incidents that go on."""
    for one in incidents(programme, user).filter(closed_at=None):
        yield from (stand for stand in Course(one).stands if stand.open and stand.call.body_id == user.body_id)
