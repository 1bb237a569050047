"""Words on assignments: reported done, closed, given back."""

import hashlib
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from qingshan.coordination.matters import Text
from qingshan.coordination.models import (
    Decision,
    Handling,
)
from qingshan.evidence.registers.actions import file_fits, keep_file
from qingshan.people.actions import require, turn
from qingshan.people.models import Role, User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from .doors import of_own_body
from .telling import tell, write_down


@transaction.atomic
def report_done(
    *, by: User | None, decision: Decision, on: date, note: str, name: str = "", content: bytes = b""
) -> Handling:
    """The leading body's word that an assignment is done, with its proof: what was done, and a file where there is one."""
    require(by, "report_assignment")
    of_own_body(by, [decision.lead.code])
    return _handle(by, decision, Handling.Kind.REPORTED, on, note, name, content)


@transaction.atomic
def close_assignment(*, by: User | None, decision: Decision, on: date, note: str) -> Handling:
    """Close an assignment after looking at its proof; one without a report with proof is not closed."""
    require(by, "close_assignment")
    return _handle(by, decision, Handling.Kind.CLOSED, on, note)


@transaction.atomic
def return_assignment(*, by: User | None, decision: Decision, on: date, note: str) -> Handling:
    """Give a reported assignment back with the reason."""
    require(by, "close_assignment")
    return _handle(by, decision, Handling.Kind.RETURNED, on, note)


FROM = {"reported": (None, "returned"), "closed": ("reported",), "returned": ("reported",)}


def _handle(by, decision: Decision, kind: str, on: date, note: str, name: str = "", content: bytes = b"") -> Handling:
    turn()
    last = Handling.objects.filter(decision=decision).last()
    if (last.kind if last else None) not in FROM[kind]:
        raise Refused("这件事现在不能这样办理：须先由牵头部门报办结，再由计划办核销或退回。",
                      "Not in this order: the leading body reports it done, then the office closes it or gives it back.")  # fmt: skip
    if not note.strip():
        raise Refused("请写明办理情况或理由。", "Say what was done, or why.")
    digest = ""
    if content:
        file_fits(name, content)
        digest = hashlib.sha256(content).hexdigest()
        keep_file(content)
    made = Handling.objects.create(
        decision=decision, kind=kind, on=on, note=note.strip(), file=Path(name).name[:200] if content else "", sha256=digest, by=by,
        at=timezone.now(),
    )  # fmt: skip
    programme = decision.item.meeting.programme
    write_down(
        by, programme, f"assignment_{kind}", f"coordination.assignment {decision.pk}", note=made.note, sha256=digest
    )
    _tell_handled(made, programme)
    return made


def _tell_handled(made: Handling, programme: Programme) -> None:
    decision = made.decision
    to = [(Role.OFFICE, None)] if made.kind == Handling.Kind.REPORTED else [(Role.LIAISON, decision.lead)]
    subject = Text(decision.wording, decision.wording)
    tell(
        programme,
        to,
        made.kind,
        subject,
        Text(made.note, made.note),
        ["assignment", str(decision.pk)],
        made.on,
        decision.item.meeting.simulated,
    )
