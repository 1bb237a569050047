"""Goes through a document sentence by sentence and says, for each, whose it is and which year governs it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from .duties import Duty
from .outline import ANNEX, Node, Outline
from .quantities import Quantity, quantities
from .regions import Regions
from .tasks import Job
from .years import Calendar

_SENTENCE = re.compile(r"[^。！？\n\t]{1,1500}")
_WORTH_READING = re.compile(r"[0-9零《]|负增长|全[覆面部量]|年[底内末]|十[二三四五六]五|[一二两三四五六七八九]成")
_CLAUSE_MARKS = frozenset("，；,;")


@dataclass(slots=True)
class Sentence:
    """A stretch of text, the task it belongs to, and what is known of its deadline."""

    start: int
    end: int
    scope: str
    goals: bool
    """Whether it stands among the goals of the whole plan."""
    carried: int | None
    """The year an earlier sentence of the same goals set."""
    until: int | None
    """The deadline of its task, else the end of the plan."""
    ruled: bool = False
    """Whether its task states a deadline of its own (完成时限)."""

    def aims(self, calendar: Calendar) -> bool:
        """Whether it stands in a task, or names a year still to come."""
        return self.scope != "overall" or bool(calendar.goals(self.start, self.end))


class Walk:
    def __init__(
        self, text: str, outline: Outline, jobs: list[Job], duties: list[Duty], skipped: Regions, calendar: Calendar
    ):
        self.text, self.outline, self.jobs, self.calendar, self.skipped = text, outline, jobs, calendar, skipped
        self.job_starts = [job.node.start for job in jobs]
        self.duties, self.duty_starts = duties, [duty.start for duty in duties]

    def sentences(self, start: int, end: int):
        carried, carrier = None, None
        for match in _SENTENCE.finditer(self.text, start, end):
            job = self._job(match.start())
            if job and not job.until and not _WORTH_READING.search(match[0]):
                continue
            node = self._node(match.start(), job)
            goals = job is None and _among_goals(node)
            if not job and not goals and _left_out(node) or match.start() in self.skipped:
                continue
            if node is not carrier or not goals:
                carried, carrier = None, node
            for sentence in self._parts(match, node, job, goals, carried):
                yield sentence
                marks = self.calendar.goals(sentence.start, sentence.end) if goals else ()
                carried = marks[-1].year if marks else carried

    def _parts(self, match: re.Match, node: Node | None, job: Job | None, goals: bool, carried: int | None):
        own = job.until if job else None
        for start, end in self._outside_duties(match.start(), match.end()):
            if node and node.start <= start < node.body and self._heading_only(node, start, end):
                continue
            start += len(node.no) + 1 if node and start == node.start else 0
            yield Sentence(
                start, end, job.node.no if job else "overall", goals, carried, own or self.calendar.until, bool(own)
            )

    def _job(self, at: int) -> Job | None:
        i = bisect_right(self.job_starts, at) - 1
        return self.jobs[i] if i >= 0 and at < self.jobs[i].node.end else None

    def _node(self, at: int, job: Job | None) -> Node | None:
        i = bisect_right(self.outline.starts, at) - 1
        node = self.outline.nodes[i] if i >= 0 else None
        return job.node if job and (node is None or job.node.start > node.start) else node

    def _heading_only(self, node: Node, start: int, end: int) -> bool:
        """A heading without figures is a heading; one with figures, or a whole paragraph, is read as text."""
        figures = any(q.unit for q in quantities(self.text, start + len(node.no), end))
        return not figures and (end - start < 36 or "20" not in self.text[start:end])

    def _outside_duties(self, start: int, end: int):
        i = max(0, bisect_right(self.duty_starts, start) - 1)
        at = start
        while i < len(self.duties) and self.duties[i].start < end:
            duty = self.duties[i]
            if duty.end > at:
                if duty.start > at:
                    yield at, duty.start
                at = duty.end
            i += 1
        if at < end:
            yield at, end


def _among_goals(node: Node | None) -> bool:
    return node is None or node.place() in ("goals", "preamble")


def _left_out(node: Node | None) -> bool:
    return node is not None and (
        node.place() == "past" or node.rank == ANNEX or any(up.rank == ANNEX for up in node.above())
    )


def clauses(text: str, sentence: Sentence, numbers: list[Quantity]):
    """The parts of a sentence between commas outside brackets, each with its numbers.

    A list of numbers is parted too: between A 8 亩、B 2 亩 and between 30 名 A、50 名 B.
    """
    at, n = sentence.start, 0
    for cut in [*_cuts(text, sentence, numbers), sentence.end]:
        first = n
        while n < len(numbers) and numbers[n].start < cut:
            n += 1
        if cut > at:
            yield at, cut, numbers[first:n]
        at = cut + 1


_BOUNDARY = re.compile(r"[（《）》，；,;、和及]")


def _cuts(text: str, sentence: Sentence, numbers: list[Quantity]):
    depth, at = 0, sentence.start
    listed = _list_joints(text, sentence.end, numbers)
    for match in _BOUNDARY.finditer(text, sentence.start, sentence.end):
        i, char = match.start(), match[0]
        if char in "（《":
            depth += 1
        elif char in "）》":
            depth = max(0, depth - 1)
        elif not depth and (char in _CLAUSE_MARKS or listed.get(i, -1) >= at):
            yield i
            at = i + 1


def _list_joints(text: str, end: int, numbers: list[Quantity]) -> dict[int, int]:
    """Where a 、 or 和 parts two counted things, with the start of the number before it."""
    joints = {}
    for q, following in zip(numbers, numbers[1:], strict=False):
        words = text[q.end : following.start]
        if words[:1] == "、" and len(words) > 2 and not _STOP.search(words):
            joints[q.end] = q.start
        elif len(words) > 1 and words[-1] in "、和及":
            joints[following.start - 1] = q.start
    return joints


_STOP = re.compile(r"[，。；]")
