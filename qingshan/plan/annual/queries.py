from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import Prefetch

from qingshan.plan.models import Edition, Measure, Programme, Target

from .coverage import Coverage, Key, Place, coverage
from .models import Amendment, AnnualList, Change, Completion, Item
from .nodes import NodeCount, Standing, count, is_overdue, quarter_end
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
    return ("measure", f"{measure.task.title}\n{measure.title}")


@dataclass
class Sheet:
    """A year's list in hand. With an amendment in preparation `draft` holds it, and `entries` show it applied."""

    annual: AnnualList
    amendments: list[Amendment]
    items: list[Item]
    draft: Amendment | None = None
    changed: dict[int, Change] = field(default_factory=dict)

    @cached_property
    def entries(self) -> list[Entry]:
        """All items in their order, the removed among them."""
        lines = standing({one.id: fields_of(one) for one in self.items}, self._changes())
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

    def _changes(self):
        for amendment in self.amendments:
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
    parts = (Prefetch("amendments", amendments), Prefetch("items", items.prefetch_related(done)))
    return AnnualList.objects.select_related(*people).defer("edition__text", "edition__unread").prefetch_related(*parts)


def _sheet(annual: AnnualList, counts: Callable[[Amendment], bool] = lambda one: one.issued_at is not None) -> Sheet:
    """The list with those of its amendments that count; by themselves, the issued ones."""
    every = list(annual.amendments.all())
    amendments = [one for one in every if counts(one)]
    left_out = {one.id for one in every} - {one.id for one in amendments}
    items = [one for one in annual.items.all() if one.amendment_id not in left_out]
    draft = next((one for one in every if one.issued_at is None), None)
    return Sheet(annual, amendments, items, draft, {one.item_id: one for one in draft.changes.all()} if draft else {})


def sheet_of(annual: AnnualList, prepared: bool = False) -> Sheet:
    """One list with all it holds; `prepared`: as it will stand when the amendment in preparation is issued."""
    whole = _whole().get(pk=annual.pk)
    return _sheet(whole, lambda one: True) if prepared else _sheet(whole)


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
    """What the latest issued list before this year's left unfinished and this list does not yet carry."""
    before = AnnualList.objects.filter(programme=annual.programme, year__lt=annual.year, state=AnnualList.State.ISSUED)
    last = before.order_by("-year").first()
    if last is None:
        return []
    taken = set(annual.items.exclude(carried_from=None).values_list("carried_from_id", flat=True))
    return [one for one in sheet_of(last).unfinished if one.item.id not in taken]
