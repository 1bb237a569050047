"""Writes of annual lists, in the order in which they happen: drafted, items changed, leads decided, issued and amended, done."""

from .completing import fill_completions, fill_demonstration, mark_done
from .drafting import carry_over, drop, make
from .issuing import begin_amendment, drop_amendment, issue, issue_amendment
from .items import add_item, add_source, edit_item, remove_item, undo_change
from .leads import accept_leads, decide_lead

__all__ = [
    "accept_leads", "add_item", "add_source", "begin_amendment", "carry_over", "decide_lead", "drop", "drop_amendment", "edit_item",
    "fill_completions", "fill_demonstration", "issue", "issue_amendment", "make", "mark_done", "remove_item", "undo_change",
]  # fmt: skip
