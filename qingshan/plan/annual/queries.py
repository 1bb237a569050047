from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import Prefetch

from qingshan.people.models import Body
from qingshan.plan.models import Edition, Measure, Programme, Target, Task

from .composing import NO_THEME, MeasurePart, PlanParts, TargetPart, TaskPart, ThemePart, key_of_measure
from .coverage import Coverage, Key, Place, coverage
from .leading import Before, Party
from .models import Amendment, AnnualList, Change, Completion, Item
from .nodes import NodeCount, Standing, count, is_overdue, quarter_end
from .proposing import Promise, Term, Text, node_of_measure
from .standing import FIELDS, Line, standing
from .standing import Change as PureChange


@dataclass
class Entry:
    """A line of a list as readers see it: the item, its words as they stand, and whether it is done."""

    item: Item
    line: Line
    completion: Completion | None = None

    def __getattr__(self, name):
        if name in FIELDS:
            return self.line.fields[name]
        raise AttributeError(name)

    @property
    def done_on(self) -> date | None:
        return self.completion.done_on if self.completion else None

    @property
    def passed_to(self) -> Item | None:
        """The item of a later issued list that has taken it over."""
        return next((one for one in self.item.carried_to.all() if one.annual.state == AnnualList.State.ISSUED), None)

    @property
    def due_on(self) -> date:
        return quarter_end(self.item.annual.year, self.quarter)

    @property
    def key(self) -> Key | None:
        return key_of(self.item)

    @property
    def decided(self) -> bool:
        return bool(self.lead_code)

    @property
    def bodies(self) -> set[str]:
        """Codes of all bodies it names."""
        return {self.lead_code, *(code for code, _ in self.partners)} - {""}


def key_of(item: Item) -> Key | None:
    """What an item is made from, the same through all editions; none for the office's own."""
    if item.measure_id:
        return measure_key(item.measure)
    return ("target", item.target.code) if item.target_id else None


def measure_key(measure: Measure) -> Key:
    return key_of_measure(measure.task.title, measure.title)


@dataclass
class Sheet:
    """A year's list in hand.

    draft: the amendment in preparation, if there is one; `amendments` hold it, and `changed` its changes by item, only
    where the list is shown as it will stand with it.
    """

    annual: AnnualList
    amendments: list[Amendment]
    items: list[Item]
    draft: Amendment | None = None
    changed: dict[int, Change] = field(default_factory=dict)

    @cached_property
    def entries(self) -> list[Entry]:
        """All items in their order, the removed among them."""
        lines = standing({one.id: fields_of(one) for one in self.items}, self._changes(self.amendments))
        return [Entry(one, lines[one.id], _last(one)) for one in self.items]

    @cached_property
    def standing(self) -> list[Entry]:
        return [one for one in self.entries if not one.line.removed]

    @property
    def undecided(self) -> list[Entry]:
        return [one for one in self.standing if not one.decided]

    @property
    def unfinished(self) -> list[Entry]:
        return [one for one in self.standing if not one.done_on]

    @property
    def number(self) -> str:
        """The number of the last paper that it rests on; empty for a draft."""
        return self.amendments[-1].number if self.amendments else self.annual.number

    def before(self, amendment: Amendment) -> dict[int, Line]:
        """Every item by its id as it stood before an amendment."""
        earlier = self.amendments[: self.amendments.index(amendment)]
        return standing({one.id: fields_of(one) for one in self.items}, self._changes(earlier))

    def _changes(self, amendments: list[Amendment]) -> Iterator[PureChange]:
        for amendment in amendments:
            yield from (
                PureChange(one.id, "add", amendment.number) for one in self.items if one.amendment_id == amendment.id
            )
            for one in amendment.changes.all():
                yield PureChange(one.item_id, one.kind, amendment.number, one.after)


def _last(item: Item) -> Completion | None:
    return max(item.completions.all(), key=lambda one: one.id, default=None)


def fields_of(item: Item) -> dict:
    return {name: getattr(item, name) for name in FIELDS}


def sheets_of(programme: Programme) -> list[Sheet]:
    """All of a programme's lists with what stands in them, the latest year first, in a fixed number of queries."""
    return [_sheet(annual) for annual in _whole().filter(programme=programme).order_by("-year")]


def _whole():
    """Lists with all they hold, in a fixed number of queries."""
    people = ("programme__jurisdiction", "edition", "created_by", "issued_by")
    amendments = (
        Amendment.objects.select_related("created_by", "issued_by").order_by("ordinal").prefetch_related("changes")
    )
    items = Item.objects.select_related("measure__task", "target", "carried_from__annual", "decided_by").order_by(
        "order", "id"
    )
    done = Prefetch("completions", Completion.objects.select_related("by"))
    later = Prefetch("carried_to", Item.objects.select_related("annual"))
    parts = (Prefetch("amendments", amendments), Prefetch("items", items.prefetch_related(done, later)))
    return AnnualList.objects.select_related(*people).defer("edition__text", "edition__unread").prefetch_related(*parts)


def _sheet(annual: AnnualList, counts: Callable[[Amendment], bool] = lambda one: one.issued_at is not None) -> Sheet:
    """The list with those of its amendments that count; by themselves, the issued ones."""
    every = list(annual.amendments.all())
    amendments = [one for one in every if counts(one)]
    left_out = {one.id for one in every} - {one.id for one in amendments}
    items = [one for one in annual.items.all() if one.amendment_id not in left_out]
    draft = next((one for one in every if one.issued_at is None), None)
    shown = draft in amendments
    return Sheet(annual, amendments, items, draft, {one.item_id: one for one in draft.changes.all()} if shown else {})


def sheet_of(annual: AnnualList, prepared: bool = False) -> Sheet:
    """One list with all it holds; `prepared`: as it will stand when the amendment in preparation is issued."""
    whole = _whole().get(pk=annual.pk)
    return _sheet(whole, lambda one: True) if prepared else _sheet(whole)


def paper_of(annual: AnnualList, number: str = "") -> Sheet:
    """The list as issued under a number; without one, as it stands by the last paper issued. Raises Amendment.DoesNotExist."""
    whole = _whole().get(pk=annual.pk)
    if number in ("", whole.number):
        return _sheet(whole) if not number else _sheet(whole, lambda one: False)
    last = whole.amendments.exclude(number="").get(number=number)
    return _sheet(whole, lambda one: one.issued_at is not None and one.ordinal <= last.ordinal)


@dataclass(frozen=True)
class OverdueNode:
    """An item of an issued list that was due before the day asked and is not done. Its words are those in force that day.

    first_due_on: when it was due in the first list it stood in; the same as `due_on` unless it was carried over.
    """

    item: Item
    title: str
    title_en: str
    node: str
    node_en: str
    lead_code: str
    lead_name: str
    partners: list[tuple[str, str]]
    due_on: date
    first_due_on: date


def overdue(programme: Programme, on: date, cutoff: datetime | None = None) -> list[OverdueNode]:
    """Nodes overdue on a day, the longest overdue first. What was carried over is told once, by the latest list.

    cutoff: what was recorded after that instant does not enter.
    """
    found = [_overdue(entry, node) for entry, node in _nodes(programme, on, cutoff) if is_overdue(node, on)]
    return sorted(found, key=lambda one: (one.first_due_on, one.item.order))


def completion(
    programme: Programme, since: date, until: date, on: date, cutoff: datetime | None = None
) -> dict[str, NodeCount]:
    """By leading body: how many of its nodes due in the period, and by `on`, were done in time, done late, or are open."""
    return count((node for _, node in _nodes(programme, on, cutoff)), since, until, on)


def nodes_on(programme: Programme, on: date, cutoff: datetime | None = None) -> Iterator[tuple[Entry, Standing]]:
    """Every node of the lists issued by a day, with how it stood that day: the rows behind `completion`."""
    return _nodes(programme, on, cutoff)


def _overdue(entry: Entry, node: Standing) -> OverdueNode:
    words = {name: getattr(entry, name) for name in ("title", "title_en", "node", "node_en", "lead_code", "lead_name")}
    partners = [tuple(one) for one in entry.partners]
    return OverdueNode(entry.item, **words, partners=partners, due_on=node.due_on, first_due_on=node.first_due_on)


def _nodes(programme: Programme, on: date, cutoff: datetime | None) -> Iterator[tuple[Entry, Standing]]:
    """Every node that stands in a list issued by a day, as amended and as far as done by then."""
    entries = {entry.item.id: entry for sheet in _sheets_on(programme, on, cutoff) for entry in sheet.entries}
    later = {one.item.carried_from_id: one for one in entries.values() if one.item.carried_from_id}
    for key, entry in entries.items():
        if not entry.line.removed:
            done_on = _done_by(entry, later, on, cutoff)
            yield entry, Standing(entry.lead_code, entry.due_on, _first_due(entry, entries), done_on, key in later)


def _first_due(entry: Entry, entries: dict[int, Entry]) -> date:
    before = entries.get(entry.item.carried_from_id)
    return _first_due(before, entries) if before else entry.due_on


def _sheets_on(programme: Programme, on: date, cutoff: datetime | None) -> list[Sheet]:
    def issued(paper: AnnualList | Amendment) -> bool:
        known = paper.issued_at is not None and (cutoff is None or paper.issued_at <= cutoff)
        return known and paper.issued_on <= on

    lists = _whole().filter(programme=programme, state=AnnualList.State.ISSUED).order_by("year")
    return [_sheet(annual, issued) for annual in lists if issued(annual)]


def _done_by(entry: Entry, later: dict[int, Entry], on: date, cutoff: datetime | None) -> date | None:
    """The day it was done by the last word on it, here or in the list that took it over; none where that lies after `on`."""
    words = [one for one in entry.item.completions.all() if cutoff is None or one.at <= cutoff]
    last = max(words, key=lambda one: one.id, default=None)
    if last and last.done_on:
        return last.done_on if last.done_on <= on else None
    taken_over = later.get(entry.item.id)
    return _done_by(taken_over, later, on, cutoff) if taken_over else None


@dataclass
class Source:
    """A measure or an official target of the plan in force, with where it stands."""

    measure: Measure | None
    target: Target | None
    places: list[Place]

    @property
    def task(self):
        return self.measure.task if self.measure else self.target.task


@dataclass
class Cover:
    """The plan in force against all lists of its programme."""

    edition: Edition
    sources: list[Source]
    counted: Coverage

    @property
    def missing(self) -> list[Source]:
        return [one for one in self.sources if not one.places]

    @property
    def by_kind(self) -> Counter:
        return Counter(("measure" if one.measure else "target", bool(one.places)) for one in self.sources)


def cover_of(edition: Edition, sheets: list[Sheet]) -> Cover:
    """Every measure and every official target of an edition, and the years' lists it stands in."""
    measures = list(
        Measure.objects.filter(task__edition=edition).select_related("task__theme").order_by("task__order", "order")
    )
    targets = list(edition.targets.filter(origin=Target.Origin.PLAN).select_related("task__theme").order_by("order"))
    keys = [*map(measure_key, measures), *(("target", one.code) for one in targets)]
    stand = [(entry.key, Place(sheet.annual.year, sheet.annual.state == AnnualList.State.ISSUED))
             for sheet in sheets for entry in sheet.standing if entry.key]  # fmt: skip
    counted = coverage(keys, stand)
    places = {row.key: row.places for row in counted.rows}
    sources = [Source(one, None, places[measure_key(one)]) for one in measures]
    sources += [Source(None, one, places["target", one.code]) for one in targets]
    return Cover(edition, sources, counted)


def unfinished_before(annual: AnnualList) -> list[Entry]:
    """What the latest issued list before this year's left unfinished."""
    before = AnnualList.objects.filter(programme=annual.programme, year__lt=annual.year, state=AnnualList.State.ISSUED)
    last = before.order_by("-year").first()
    return sheet_of(last).unfinished if last else []


def successor_of(item: Item) -> Item | None:
    """The item of a later issued list that has taken this one over."""
    return item.carried_to.filter(annual__state=AnnualList.State.ISSUED).select_related("annual").first()


def falls_into(annual: AnnualList, item: Item) -> bool:
    """Whether an item would stand in a list without having been carried over."""
    if item.measure:
        term = Term(annual.edition.starts, annual.edition.ends)
        return node_of_measure(item.measure.title, term, annual.year) is not None
    return bool(item.target) and item.target.starts.year <= annual.year <= item.target.due.year


def parts_of(edition: Edition, year: int) -> PlanParts:
    """The parts of an edition from which a year's list is made."""
    rows = list(edition.tasks.select_related("theme").prefetch_related("measures", "involvements__body"))
    tasks = {row.id: _task(row) for row in rows}
    english = Body.objects.filter(jurisdiction=edition.programme.jurisdiction_id).values_list("code", "name_en")
    return PlanParts(
        Term(edition.starts, edition.ends),
        tuple(tasks.values()),
        tuple(_measure(one, tasks[row.id]) for row in rows for one in row.measures.all()),
        tuple(_targets(edition, tasks)),
        dict(english),
        _led_before(edition.programme, year),
    )


def _led_before(programme: Programme, year: int) -> dict[Key, Before]:
    """Who leads what by the issued lists before a year's, the latest counting."""
    return {
        entry.key: Before(entry.lead_code, entry.lead_name, sheet.annual.number)
        for sheet in reversed(sheets_of(programme))
        if sheet.annual.year < year and sheet.annual.number
        for entry in sheet.standing
        if entry.key
    }


def _task(task: Task) -> TaskPart:
    theme = ThemePart(task.theme.no, Text(task.theme.title, task.theme.title_en)) if task.theme else NO_THEME
    parties = (
        Party(one.body.code, one.body.name, one.part) if one.body else Party("", one.printed, one.part)
        for one in task.involvements.all()
    )
    return TaskPart(task.no, Text(task.title, task.title_en), theme, tuple(parties))


def _measure(measure: Measure, task: TaskPart) -> MeasurePart:
    return MeasurePart(measure.id, Text(measure.title, measure.title_en), task)


def _targets(edition: Edition, tasks: dict[int, TaskPart]) -> Iterator[TargetPart]:
    """The official ones. One of the whole plan that names no task belongs to the task in which its metric is used."""
    by_no = {one.no: one for one in tasks.values()}
    rows = list(edition.targets.all())
    used_in = {one.metric: one.task_id for one in rows if one.metric and one.task_id}
    units = edition.programme.about.get("units", {})
    for one in rows:
        if one.origin == Target.Origin.PLAN:
            own = one.task_id or (None if one.supports else used_in.get(one.metric))
            judged = tuple(by_no[str(no)] for no in one.supports if str(no) in by_no)
            yield TargetPart(one.id, one.code, _promise(one, units), one.binding, one.metric,
                             (tasks[own],) if own else judged, one.task_id is None)  # fmt: skip


def _promise(target: Target, units: dict[str, str]) -> Promise:
    return Promise(Text(target.name, target.name_en), target.kind, target.op, target.value, target.unit, target.starts, target.due,
                   units.get(target.unit, ""))  # fmt: skip
