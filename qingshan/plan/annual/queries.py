from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from qingshan.plan.models import Edition, Measure, Programme, Target

from .coverage import Coverage, Key, Place, coverage
from .models import Amendment, AnnualList, Change, Completion, Item
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
    def done_on(self):
        return self.completion.done_on if self.completion else None

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


def _sheet(annual: AnnualList, prepared: bool = False) -> Sheet:
    """The list as issued so far, or with the amendment in preparation applied."""
    amendments = list(annual.amendments.all())
    draft = next((one for one in amendments if one.issued_at is None), None)
    if draft and not prepared:
        amendments.remove(draft)
    items = [one for one in annual.items.all() if prepared or draft is None or one.amendment_id != draft.id]
    changed = {one.item_id: one for one in draft.changes.all()} if draft else {}
    return Sheet(annual, amendments, items, draft, changed)


def sheet_of(annual: AnnualList, prepared: bool = False) -> Sheet:
    """One list with all it holds; `prepared`: as it will stand when the amendment in preparation is issued."""
    return _sheet(_whole().get(pk=annual.pk), prepared)


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
