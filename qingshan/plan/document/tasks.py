"""Which headings are tasks, what they hold and who answers for them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from .duties import Duty
from .healing import Healed
from .outline import ANNEX, CHAPTER, ITEM, PART, SECTION, THEME, Node, Outline
from .shapes import Measure, Task
from .tables import Table

_SENTENCE = re.compile(r"[^。！？\n\t]+[。！？]?")


@dataclass
class Job:
    """A task in the making: its heading and the clauses that stand in it."""

    node: Node
    duties: list[Duty] = field(default_factory=list)

    @cached_property
    def until(self) -> int | None:
        """The year a clause or a table sets as 完成时限."""
        return next((duty.until for duty in reversed(self.duties) if duty.until), None)


def from_tables(found: list[Table]) -> list[Job]:
    """The rows of task tables as tasks."""
    return [Job(row.node, [row.duty] if row.duty else []) for table in found for row in table.rows]


def jobs(outline: Outline, duties: list[Duty], end: int) -> list[Job]:
    """The tasks of a document: the headings that carry responsibility clauses, else the items of its working chapters."""
    usable = [node for node in outline.nodes if node.start < end and not _in_annex(node)]
    held = _holders(outline, duties)
    rank = _task_rank(held)
    if rank is None:
        return [Job(node) for node in _unclaimed(usable)]
    return _claimed(usable, held, rank)


def under_headings(outline: Outline, rows: list[Job], end: int) -> list[Job]:
    """The headings that tell the tasks, each with the clauses of the rows that bear its title; none where few rows do."""
    told = {}
    for node in outline.nodes:
        if node.start < end and not _in_annex(node) and len(_bones(node.title)) >= 4:
            told.setdefault(_bones(node.title)[:_TITLE_START], node)
    found: dict[int, Job] = {}
    placed = 0
    for row in rows:
        node = told.get(_bones(row.node.title)[:_TITLE_START])
        if node and (
            _bones(node.title).startswith(_bones(row.node.title))
            or _bones(row.node.title).startswith(_bones(node.title))
        ):
            found.setdefault(id(node), Job(node)).duties.extend(row.duties)
            placed += 1
    if len(found) < 2 or placed * 2 < len(rows):
        return []
    rank = Counter(job.node.rank for job in found.values()).most_common(1)[0][0]
    return [
        found.get(id(node)) or Job(node)
        for node in outline.nodes
        if node.rank == rank
        and (id(node) in found or node.start < end and not _in_annex(node) and node.place() == "work")
    ]


_TITLE_START = 4


def _bones(title: str) -> str:
    return re.sub(r"\W", "", title)


def _in_annex(node: Node) -> bool:
    return node.rank == ANNEX or any(up.rank == ANNEX for up in node.above())


def _holders(outline: Outline, duties: list[Duty]) -> list[tuple[Node, Duty]]:
    """Each clause with the innermost heading above it."""
    held = []
    for duty in duties:
        i = bisect_right(outline.starts, duty.start) - 1
        if i >= 0 and not _in_annex(outline.nodes[i]):
            held.append((outline.nodes[i], duty))
    return held


def _task_rank(held: list[tuple[Node, Duty]]) -> int | None:
    """The level at which most headings carry a clause of their own; of equals the higher."""
    carriers = Counter(node.rank for node in {id(node): node for node, _ in held}.values())
    return min(carriers, key=lambda rank: (-carriers[rank], rank)) if carriers else None


def _claimed(usable: list[Node], held, rank: int) -> list[Job]:
    found: dict[int, Job] = {}
    for node, duty in held:
        owner = _owner(node, rank)
        found.setdefault(id(owner), Job(owner)).duties.append(duty)
    claimed = Counter(id(job.node.parent) for job in found.values())
    siblings = Counter(id(node.parent) for node in usable if node.rank == rank and node.parent)
    for node in usable:
        fits = node.rank == rank and id(node) not in found and node.parent and node.place() == "work"
        if fits and claimed[id(node.parent)] * 2 >= siblings[id(node.parent)]:
            found[id(node)] = Job(node)
    return sorted(found.values(), key=lambda job: job.node.start)


def _owner(node: Node, rank: int) -> Node:
    """The heading at task level over a clause; a clause above that level belongs to its own heading."""
    while node.rank > rank and node.parent and node.parent.rank >= rank:
        node = node.parent
    return node


def _unclaimed(usable: list[Node]) -> list[Node]:
    work = [node for node in usable if node.place() == "work"]
    inner = [node for node in work if node.rank in (CHAPTER, THEME, ITEM) and not _wordless(node)]
    for rank in (ITEM, THEME, CHAPTER):
        found = [node for node in inner if node.rank == rank]
        tops = {id(_top(node)) for node in inner}
        if len(found) >= 3 and len({id(_top(node)) for node in found}) * 2 >= len(tops):
            return [
                node
                for node in inner
                if node.rank == rank or (node.rank < rank and not _below(node) and node.rank > CHAPTER)
            ]
    return []


def _wordless(node: Node) -> bool:
    return len(node.title) < 3


def _below(node: Node) -> list[Node]:
    return [child for child in node.children if child.rank in (THEME, ITEM)]


def _top(node: Node) -> Node:
    return [node, *node.above()][-1]


def theme_of(node: Node) -> str | None:
    """The title of the nearest heading above a task."""
    above = next((up for up in node.above() if up.rank in (PART, SECTION, CHAPTER, THEME, ITEM) and up.title), None)
    return _heading(above.title) if above else None


def _heading(title: str) -> str:
    return re.split(r"。", title)[0]


def task(healed: Healed, job: Job, roles: Roles) -> Task:
    node = job.node
    named, inherited = roles.of(job)
    title = title_of(healed.text, job)
    start, end = healed.span(node.start, _trim(healed.text, node.start, node.end))
    text = healed.text[node.start : _trim(healed.text, node.start, node.end)]
    measures = tuple(_measures(healed, job))
    return Task(
        node.no,
        title,
        theme_of(node),
        tuple(dict.fromkeys([*named, *inherited])),
        roles.roles(job),
        text,
        start,
        end,
        measures,
    )


def title_of(text: str, job: Job) -> str:
    """The heading without its number and without a clause that follows on the same line."""
    node = job.node
    clause = next(
        (d.start for d in job.duties if node.start < d.start < node.body and d.start > node.start + len(node.no)), None
    )
    title = text[node.start : clause] if clause else None
    return title[title.index(node.no) + len(node.no) :].strip("、.． 。；：，") if title else node.title


def _trim(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _measures(healed: Healed, job: Job):
    """Each sentence of a task with the bodies of the clause that closes its stretch."""
    text, node, at = healed.text, job.node, job.node.body
    for duty in [*job.duties, None]:
        stop = min(duty.start, node.end) if duty else node.end
        names = tuple(duty.departments) if duty else ()
        for match in _SENTENCE.finditer(text, at, max(at, stop)):
            words = match[0].strip()
            if len(words) > 3:
                start = match.start() + match[0].index(words[0])
                yield Measure(words, *healed.span(start, start + len(words)), names)
        at = max(at, duty.end) if duty else at


_RULINGS = 20


class Roles:
    """Who answers for each task, with what a clause rules for those after it (下同, 以下均需…落实)."""

    def __init__(self, jobs: list[Job]):
        self.leading = next((d.start for job in jobs for d in job.duties if d.leads), None)
        self.rulings = [(d.start, d.inherits) for job in jobs for d in job.duties if d.inherits][:_RULINGS]

    def of(self, job: Job) -> tuple[list[str], list[str]]:
        named = [name for duty in job.duties for name in duty.departments]
        inherited = [name for at, names in self.rulings if job.duties and at < job.duties[-1].end for name in names]
        return named, inherited

    def roles(self, job: Job) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for duty in job.duties:
            for role, names in self._duty_roles(duty).items():
                found.setdefault(role, []).extend(names)
        return {role: tuple(dict.fromkeys(names)) for role, names in found.items() if role}

    def _duty_roles(self, duty: Duty) -> dict[str, list[str]]:
        ruled = self.leading is not None and duty.start >= self.leading
        if ruled and "lead" not in duty.names and duty.departments:
            return {"lead": duty.departments[:1], "support": duty.departments[1:]}
        return duty.names
