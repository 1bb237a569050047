"""Writes of coordination, in the order in which they happen."""

from .alerts import Outcome, acknowledge, put_rulebook, run, settle_circular
from .assignments import close_assignment, report_done, return_assignment
from .inbox import Posted, read_notices, send_digests, set_preference
from .meetings import (
    Finding,
    add_to_agenda,
    call_meeting,
    decide,
    drop_from_agenda,
    edit_meeting,
    move_on_agenda,
    propose,
    review,
    sign_minutes,
)
from .telling import tell, write_down

__all__ = [
    "Finding", "Outcome", "Posted", "acknowledge", "add_to_agenda", "call_meeting", "close_assignment", "decide", "drop_from_agenda", "edit_meeting",
    "move_on_agenda", "propose", "put_rulebook", "read_notices", "report_done", "return_assignment", "review", "run", "send_digests",
    "set_preference", "settle_circular", "sign_minutes", "tell", "write_down",
]  # fmt: skip
