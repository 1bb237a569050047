"""What an edition holds, before it is stored: the same shape whether it comes from a document or from a programme folder."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .document import Reading
from .kinds import kind_of, side_of
from .matching import Promise


@dataclass(slots=True)
class ThemeContent:
    no: int
    title: str
    title_en: str = ""
    short: str = ""
    short_en: str = ""


@dataclass(slots=True)
class MeasureContent:
    title: str
    title_en: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(slots=True)
class TaskContent:
    no: str
    title: str
    theme: int | None = None
    bodies: list[str] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    cooperate: list[str] = field(default_factory=list)
    title_en: str = ""
    short: str = ""
    short_en: str = ""
    summary: str = ""
    summary_en: str = ""
    measures: list[MeasureContent] = field(default_factory=list)
    start: int | None = None
    end: int | None = None


@dataclass(slots=True)
class TargetContent:
    scope: str  # overall, or a task's number
    code: str
    name: str
    kind: str
    op: str
    value: Decimal | None
    unit: str
    starts: date
    due: date
    origin: str = "plan"
    side: str = ""
    binding: bool = True
    implied: bool = False
    illustrative: bool = False
    name_en: str = ""
    short: str = ""
    short_en: str = ""
    baseline: Decimal | None = None
    baseline_on: date | None = None
    curve: dict = field(default_factory=dict)
    metric: str = ""
    note: str = ""
    note_en: str = ""
    supports: list[str] = field(default_factory=list)
    start: int | None = None
    end: int | None = None

    def promise(self) -> Promise:
        return Promise(self.scope, self.op, self.value, self.name)


@dataclass(slots=True)
class EditionContent:
    title: str
    starts: date
    ends: date
    origin: str
    digest: str
    number: str = ""
    issuer: str = ""
    issued: date | None = None
    title_en: str = ""
    text: str = ""
    unread: list[dict] = field(default_factory=list)
    themes: list[ThemeContent] = field(default_factory=list)
    tasks: list[TaskContent] = field(default_factory=list)
    targets: list[TargetContent] = field(default_factory=list)


def digest_of(data: bytes) -> str:
    """The SHA-256 of a file, by which it is known."""
    return hashlib.sha256(data).hexdigest()


def from_reading(reading: Reading, text: str, name: str, digest: str) -> EditionContent:
    """The content of a draft: what the reader found in `text`, the text of the file `name` with that digest.

    A plan that states no span of years gets the years from its issue to its last target.

    Raises
    ------
    ValueError
        Where the text states no year at all.
    """
    first, last = _period(reading)
    themes = [ThemeContent(no, title) for no, title in enumerate(reading.themes, 1)]
    number_of = {theme.title: theme.no for theme in themes}
    tasks = [
        TaskContent(
            no=str(task.no), title=task.title, theme=number_of.get(task.theme), bodies=list(task.departments),
            lead=list(task.roles.get("lead", ())), cooperate=list(task.roles.get("support", ())),
            measures=[MeasureContent(one.text, start=one.start, end=one.end) for one in task.measures],
            start=task.start, end=task.end,
        )
        for task in reading.tasks
    ]  # fmt: skip
    facts = reading.facts
    return EditionContent(
        title=facts.title or name, starts=date(first, 1, 1), ends=date(last, 12, 31), origin=name,
        digest=digest, number=facts.number or "", issuer=facts.issuer or "",
        issued=date.fromisoformat(facts.issued) if facts.issued else None, text=text,
        unread=reading.as_dict()["unread_numbers"], themes=themes, tasks=tasks,
        targets=[_target(place, one, first, last) for place, one in enumerate(reading.targets, 1)],
    )  # fmt: skip


def _period(reading: Reading) -> tuple[int, int]:
    if reading.facts.period:
        return reading.facts.period
    years = [one.by for one in reading.targets if one.by]
    issued = int(reading.facts.issued[:4]) if reading.facts.issued else min(years, default=date.max.year)
    if issued == date.max.year:
        raise ValueError("neither a period nor a date of issue nor a target year")
    return issued, max([issued, *years])


def _target(place: int, read, first: int, last: int) -> TargetContent:
    span = isinstance(read.value, (list, tuple))
    low = read.value[0] if span else read.value
    note = read.note or ""
    if span:
        note = f"{read.value[0]}—{read.value[1]} {note}".strip()
    return TargetContent(
        scope=str(read.scope), code=f"d{place:02d}", name=read.metric, op=read.op,
        kind=kind_of(read.op, read.unit, note, read.implied), side=side_of(read.op),
        value=_held(low), unit=read.unit or "",
        starts=date(first, 1, 1), due=date(read.by or last, 12, 31), binding=read.binding, implied=read.implied,
        note=note, start=read.start, end=read.end,
    )  # fmt: skip


def _held(number) -> Decimal | None:
    """A number that a target can hold: at most fourteen digits before the point."""
    value = None if number is None else Decimal(str(number))
    return value if value is not None and abs(value) < 10**14 else None


def inherit(new: EditionContent, old: EditionContent, pairs: dict[int, int]) -> None:
    """Give the targets, tasks and themes of `new` what the office already knows of them from `old`, in place.

    Facts of the document are never taken over: scope, wording, comparator, number, unit, year and 力争 stay as read.
    """
    official = [one for one in old.targets if one.origin == "plan"]
    for i, target in enumerate(new.targets):
        if i in pairs:
            _inherit_target(target, official[pairs[i]])
    if new.title == old.title:
        new.title_en = old.title_en
    _tell_apart(new, {one.code for one in old.targets}, pairs)
    codes = {one.code for one in new.targets}
    printed = {task.no for task in new.tasks}
    new.targets += [
        one
        for one in old.targets
        if one.origin == "office" and one.code not in codes and one.scope in printed | {"overall"}
    ]
    for parts, known in ((new.tasks, old.tasks), (new.themes, old.themes)):
        by_title = {one.title: one for one in known}
        for part in parts:
            _inherit_words(part, by_title.get(part.title))


def _tell_apart(new: EditionContent, taken: set[str], pairs: dict[int, int]) -> None:
    """A code is one promise for good: a target that is new gets none that an older target has."""
    free = (code for code in (f"d{i:02d}" for i in range(1, 10**6)) if code not in taken)
    for i, target in enumerate(new.targets):
        if i not in pairs:
            target.code = next(free)


def _inherit_target(target: TargetContent, known: TargetContent) -> None:
    for name in ("code", "metric", "name_en", "short", "short_en", "supports", "note_en"):
        setattr(target, name, getattr(known, name))
    if (target.op, target.value, target.due) == (known.op, known.value, known.due):
        for name in ("kind", "side", "curve", "baseline", "baseline_on", "starts"):
            setattr(target, name, getattr(known, name))


def _inherit_words(part, known) -> None:
    if known is None:
        return
    for name in ("title_en", "short", "short_en", "summary", "summary_en"):
        if hasattr(part, name):
            setattr(part, name, getattr(known, name))
