"""Nodes of issued lists on a day: the day each falls due, what is overdue, and how many were done in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """A node as it stands on the day asked.

    first_due_on: the day it was due in the first list it stood in.
    done_on: the day it was done, in this list or in a later one that took it over; None where it is open.
    passed_on: a later issued list has taken it over, which answers for it from then on.
    """

    lead_code: str
    due_on: date
    first_due_on: date
    done_on: date | None
    passed_on: bool = False


@dataclass(frozen=True, slots=True)
class NodeCount:
    """Of `due` nodes so many were done in time, done late, and are open; the three make up `due`."""

    due: int = 0
    on_time: int = 0
    late: int = 0
    open: int = 0


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter: when its nodes are due."""
    return date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)


def is_overdue(node: Standing, on: date) -> bool:
    """Open after the day it was due; what a later list has taken over is that list's."""
    return node.done_on is None and not node.passed_on and node.due_on < on


def count(nodes: Iterable[Standing], since: date, until: date, on: date) -> dict[str, NodeCount]:
    """By leading body: the nodes that fell due from `since` to `until`, both included, and not after `on`.

    A node that was taken over counts in the period of its first list, too: late there once it is done, open until then.
    """
    found: dict[str, NodeCount] = {}
    for node in nodes:
        if since <= node.due_on <= min(until, on):
            found[node.lead_code] = _with(found.get(node.lead_code, NodeCount()), node)
    return found


def _with(counted: NodeCount, node: Standing) -> NodeCount:
    on_time = node.done_on is not None and node.done_on <= node.due_on
    late = node.done_on is not None and not on_time
    return NodeCount(counted.due + 1, counted.on_time + on_time, counted.late + late,
                     counted.open + (node.done_on is None))  # fmt: skip
