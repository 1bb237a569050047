"""A register opened by someone: its definition, what they may see of it, and the rows an address asks for."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.places import Box
from qingshan.evidence.registers.schema import Definition
from qingshan.indicators.queries import metrics_as_of
from qingshan.people.actions import NotAllowed, may
from qingshan.people.models import Body, Role, User
from qingshan.plan.models import Programme, Target
from qingshan.plan.queries import standing_edition
from qingshan.web.pages import programme_for
from qingshan.web.registers import Field, ListAsked, Words, columns_for, options_of

OPTIONS_UP_TO = 5_000  # rows of a register up to which its place names are offered to choose from
MOST_OPTIONS = 60
MOST_COUNTED = 10_000
LARGE = 100_000


@dataclass
class Opened:
    programme: Programme
    definition: Definition
    user: User

    @cached_property
    def sees(self):
        return queries.sight(self.definition, self.user)

    @cached_property
    def bodies(self) -> dict[str, Body]:
        return {one.code: one for one in self.programme.jurisdiction.bodies.all()}

    @cached_property
    def words(self) -> Words:
        return Words(self.definition, self.sees, self.bodies)

    @cached_property
    def tallies(self) -> dict[str, int]:
        return queries.tallies(self.programme, self.definition.code)

    @property
    def size(self) -> int:
        return sum(self.tallies.values())

    @property
    def parts(self) -> set[str]:
        """In what part the reader moves rows; none where they only read."""
        return {Role.OFFICE: {"office"}, Role.LIAISON: {"own"}}.get(self.user.role, set())

    @property
    def may_add(self) -> bool:
        """A liaison adds rows where a row can be their body's."""
        if not may(self.user, "edit_register"):
            return False
        theirs = self.user.role == Role.OFFICE or bool(self.definition.owner)
        return theirs or self.definition.body == self.user.body.code

    def may_write(self, entry: Entry) -> bool:
        own = self.user.role == Role.OFFICE or (entry.body_id is not None and entry.body_id == self.user.body_id)
        return may(self.user, "edit_register") and own and not entry.withdrawn

    def evidence(self, entry: Entry) -> QuerySet:
        """An entry's evidence files, for who sees it whole. Raises NotAllowed."""
        if not self.sees.whole(entry.body_id):
            raise NotAllowed(
                "这本台账有不公开的内容，证明材料只对责任部门、计划办和审计公开。",
                "Some of this register is not public; its evidence is for the responsible body, the plan office and the auditor.",
            )
        return entry.attachments.select_related("recorded_by__body")

    def sought(self, wanted: ListAsked) -> queries.Sought:
        """The rows an address asks for, as far as this reader may know. Raises BadFilter."""
        rows = self._all(wanted)
        if wanted.box:
            rows = self._within(queries.on_the_map(rows, self.sees), wanted.box)
        return queries.sought(rows, self.definition, wanted.conditions, wanted.text, by=self.user, size=self.size)

    def rows(self, wanted: ListAsked) -> QuerySet:
        return self.sought(wanted).rows

    def order(self, sort: str) -> str:
        """What rows may be sorted by: a hidden field gives no order either, since the order would tell what it holds."""
        return "" if self.sees.hides and sort.lstrip("-") in self.definition.private else sort

    def _within(self, rows: QuerySet, box: Box) -> QuerySet:
        """The rows in a box: of points exactly those, of shapes those that may touch it."""
        rows = queries.in_box(rows, box)
        if self.definition.geometry != "point":
            return rows
        return rows.filter(lon__range=(box.west, box.east), lat__range=(box.south, box.north))

    def _all(self, wanted: ListAsked) -> QuerySet:
        if wanted.as_of:
            cutoff = wanted.cutoff or timezone.now()
            return queries.revisions_as_of(self.programme, self.definition.code, wanted.as_of, cutoff)
        return queries.entries(self.programme, self.definition.code, wanted.withdrawn)

    def number(self, found: queries.Sought) -> tuple[int, bool]:
        """How many rows were found, and whether that is all. Of many in a large register no more is said than that they are:
        every row would have to be read to count those that hold a text."""
        if found.above and self.size > LARGE:
            return found.above, False
        return queries.number(found.rows, MOST_COUNTED)

    def columns(self, chosen: str):
        return columns_for(self.definition, chosen)

    def fields(self, query) -> list[Field]:
        """The fields of the filter form that this reader may use."""
        shut = self.definition.private if self.sees.hides and self.sees.body is None else ()
        free = [
            one for one in self.definition.filterable if one.code not in shut and one.code not in self.definition.key
        ]
        return [Field(one, query, options_of(one, self.bodies, self._values(one))) for one in free]

    def _values(self, column) -> list[str]:
        """The places to choose from: those of the programme, and what stands in the rows besides."""
        if column.type != "place" or column.private:
            return []
        named = self.definition.places
        if self.size > OPTIONS_UP_TO:
            return named
        found = queries.counts_by(queries.entries(self.programme, self.definition.code), self.definition, column.code)
        return [*named, *sorted(filter(None, found.keys() - set(named)))] if len(found) <= MOST_OPTIONS else named


def open_register(request, programme: str, code: str) -> Opened:
    """The register named in the address, or 404."""
    programme = programme_for(request, programme)
    definition = queries.register_now(programme, code)
    if definition is None:
        raise Http404
    return Opened(programme, definition, request.user)


def uses(programme: Programme) -> dict[str, list[Target]]:
    """The targets of the plan in force that are counted from each register."""
    edition = standing_edition(programme)
    fed: dict[str, set[str]] = {}
    for code, metric in metrics_as_of(programme, timezone.now()).items():
        for told in metric.inputs.values():
            if isinstance(told, dict) and "register" in told:
                fed.setdefault(told["register"], set()).add(code)
    targets = list(edition.targets.select_related("task").order_by("order")) if edition else []
    return {register: [one for one in targets if one.metric in metrics] for register, metrics in fed.items()}
