"""What a write leaves: lines in inboxes, and its line in the trail."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from qingshan.coordination.matters import Text
from qingshan.coordination.models import (
    Alert,
    Notice,
)
from qingshan.people.actions import record
from qingshan.people.models import Body, User
from qingshan.plan.models import Programme


def tell(programme: Programme, to: Iterable[tuple[str, Body | None]], kind: str, subject: Text, told: Text,
         address: list[str], on: date, simulated: bool, alert: Alert | None = None) -> None:  # fmt: skip
    """A line in the inbox of each (role, body)."""
    Notice.objects.bulk_create(
        Notice(programme=programme, role=role, body=body, kind=kind, subject=subject._asdict(), told=told._asdict(), address=address,
               alert=alert, simulated=simulated, on=on, at=timezone.now())
        for role, body in to
    )  # fmt: skip


def write_down(by: User | None, programme: Programme, verb: str, thing: str, **detail) -> None:
    record(
        by=by,
        verb=verb,
        thing=thing,
        jurisdiction=programme.jurisdiction,
        detail={"programme": programme.code, **detail},
    )
