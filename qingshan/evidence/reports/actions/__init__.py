"""Writes on reports, in the order in which they happen."""

from .decisions import accept, reopen, send_back
from .doors import Overtaken, Unfit
from .drafts import Change, attach, detach, save_lines, submit
from .rehearsal import Rehearsal, rehearse
from .rounds import close_round, open_round, set_schedule

__all__ = [
    "Change", "Overtaken", "Rehearsal", "Unfit", "accept", "attach", "close_round", "detach", "open_round", "rehearse", "reopen",
    "save_lines", "send_back", "set_schedule", "submit",
]  # fmt: skip
