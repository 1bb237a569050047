"""Many rows as a file or a folder states them, all or none."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from qingshan.people.actions import NotAllowed, require, turn
from qingshan.people.models import Body, User
from qingshan.plan.models import Programme

from ..models import Attachment, Entry, Origin, Revision
from ..queries import register_of
from ..schema import Definition, Known, Problem, lacking, reached_after, route, validate
from .contents import BATCH, CONTENT, Place, batches, days_fit, known_to, no_way, placed, revision_of, tally, tidy
from .doors import Invalid, parts_of, require_body, write_down

MANY = 200  # rows written at once after which the database takes stock


class Stated(NamedTuple):
    """A row as a file or a folder states it. Without `state` a new row begins in the first and a known one keeps its own;
    without `origin` and `source` a known one keeps its own too: sending a simulated row back does not make it reported."""

    data: dict[str, Any]
    state: str | None = None
    known_on: date | None = None
    effective_on: date | None = None
    geometry: Mapping | None = None
    origin: str | None = Origin.REPORTED
    source: str | None = ""


@dataclass
class Outcome:
    """What came of many rows; `problems` has for each the place of its row (from 0) and what is wrong with it."""

    added: int = 0
    changed: int = 0
    same: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)


Watch = Callable[[Iterable], Iterable]


@transaction.atomic
def put_entries(
    *, by: User | None, programme: Programme, register: str, rows: Sequence[Stated], why: str = "", history: bool = False,
    watch: Watch = iter, detail: Mapping[str, Any] | None = None,
) -> Outcome:  # fmt: skip
    """Add and change many rows by their keys, all or none. Saying the same again changes nothing.

    history: the rows tell how entries came to be, each with its own days; a row that was told before is passed over.
    Raises Invalid with every problem of every row.
    """
    require(by, "edit_register")
    outcome = put(by, programme, register_of(programme, register), rows, why=why, history=history, watch=watch)
    if outcome.added or outcome.changed:
        write_down(
            by,
            programme,
            "put_entries",
            register,
            added=outcome.added,
            changed=outcome.changed,
            why=why,
            **(detail or {}),
        )
    return outcome


def examine(
    *,
    by: User | None,
    programme: Programme,
    register: str,
    rows: Sequence[Stated],
    history: bool = False,
    watch: Watch = iter,
) -> Outcome:
    """What `put_entries` would do, with every problem of every row; nothing is written."""
    require(by, "edit_register")
    return _Plan(by, programme, register_of(programme, register), history).made(rows, watch).outcome


def put(by, programme, definition, rows, *, why="", history=False, fresh=False, watch: Watch = iter) -> Outcome:
    now = turn()
    plan = _Plan(by, programme, definition, history, fresh).made(rows, watch)
    if plan.outcome.problems:
        raise Invalid(plan.outcome.problems)
    plan.keep(now, why)
    return plan.outcome


class _Plan:
    """What many rows would make of a register."""

    def __init__(
        self, by: User | None, programme: Programme, definition: Definition, history: bool, fresh: bool = False
    ):
        self.by, self.programme, self.definition = by, programme, definition
        self.history, self.fresh = history, fresh
        self.bodies = {one.code: one for one in programme.jurisdiction.bodies.all()}
        self.parts, self.today = parts_of(by), timezone.localdate()
        self.outcome = Outcome()
        self.entries: dict[str, Entry] = {}
        self.revisions: list[Revision] = []
        self.changed: dict[str, Entry] = {}
        self.told: set = set()

    def made(self, rows: Sequence[Stated], watch: Watch) -> "_Plan":
        known = known_to(self.programme, self.definition, (row.data for row in rows))
        keys = {self.definition.key_of(row.data) for row in rows}
        self._remember(keys)
        seen: dict[str, int] = {}
        for place, row in enumerate(watch(rows)):
            if problems := self._problems(row, known, seen, place):
                self.outcome.problems += [(place, one) for one in problems]
            elif not self.outcome.problems:
                self._take(row)
        return self

    def _remember(self, keys: set[str]) -> None:
        stand = Entry.objects.filter(programme=self.programme, register=self.definition.code)
        for part in batches(sorted(keys)):
            found = stand.filter(key__in=part).select_related("body")
            self.entries |= {one.key: one for one in found}
        if self.history:
            told = Revision.objects.filter(programme=self.programme, register=self.definition.code).select_related(
                "entry"
            )
            self.told = {_print(one.entry.key, one) for one in told}
        self.files = _files_of(self.entries.values())
        self.before = {key: one.state for key, one in self.entries.items() if not one.withdrawn}

    def _problems(self, row: Stated, known: Known, seen: dict[str, int], place: int) -> list[Problem]:
        problems = validate(self.definition, row.data, known)
        key = self.definition.key_of(row.data)
        if len(key) > 200:
            problems.append(
                Problem(
                    self.definition.key[0],
                    f"唯一键有 {len(key)} 个字，上限 200 个",
                    f"the key has {len(key)} characters, at most 200",
                )
            )
        if not self.history:
            if key in seen:
                problems.append(
                    Problem(
                        self.definition.key[0],
                        f"“{key}”与本文件第 {seen[key] + 1} 条重复",
                        f"{key} stands twice, first as row {seen[key] + 1}",
                    )
                )
            seen[key] = place
        try:
            placed(self.definition, row.geometry)
        except Invalid as wrong:
            problems += [one for _, one in wrong.problems]
        stand = self.entries.get(key)
        if stand and self.fresh:
            problems.append(Problem(self.definition.key[0], f"“{key}”已在台账中", f"{key} is in the register already"))
        return problems or [*self._person(row, stand), *self._days(row, stand), *self._life(row, stand)]

    def _person(self, row: Stated, stand: Entry | None) -> list[Problem]:
        try:
            if stand:
                require_body(self.by, stand.body)
            require_body(self.by, self._body(row))
        except NotAllowed as not_yours:
            return [Problem(self.definition.owner or "", not_yours.zh, not_yours.en)]
        if stand and stand.withdrawn:
            return [Problem("", f"“{stand.key}”已撤下，不能再改", f"{stand.key} has been withdrawn")]
        return []

    def _days(self, row: Stated, stand: Entry | None) -> list[Problem]:
        known_on, effective_on = self._when(row, stand)
        try:
            days_fit(known_on, effective_on)
        except Invalid as wrong:
            return [one for _, one in wrong.problems]
        return []

    def _when(self, row: Stated, stand: Entry | None) -> tuple[date, date]:
        known_on = row.known_on or self.today
        if row.effective_on:
            return known_on, row.effective_on
        return known_on, max(known_on, stand.effective_on) if stand and not self.history else known_on

    def _life(self, row: Stated, stand: Entry | None) -> list[Problem]:
        """Whether the row may come into the state it names, step by step from where it stands."""
        before = stand.state if stand else self.definition.first
        if row.state in (None, before):
            return []
        if row.state not in self.definition.state:
            names = "、".join(one.zh for one in self.definition.states)
            return [
                Problem("state", f"“{row.state}”不是状态，应为：{names}", f"{row.state} is no state of this register")
            ]
        if self.by is None:
            return []
        way = route(self.definition, before, row.state, self.parts)
        if way is None:
            zh, en = no_way(self.definition, before, row.state)
            return [Problem("state", f"{zh}，或不由您办理", f"{en}, or it is not yours to make")]
        files = self.files.get(stand.pk, 0) if stand else 0
        return [one for step in way for one in lacking(self.definition, step, row.data, files)]

    def _body(self, row: Stated) -> Body | None:
        code = (row.data.get(self.definition.owner) if self.definition.owner else None) or self.definition.body
        return self.bodies.get(code)

    def _take(self, row: Stated) -> None:
        key = self.definition.key_of(row.data)
        stand = self.entries.get(key)
        new = self._content(row, stand)
        if self.history and _print(key, new) in self.told:
            self.outcome.same += 1
            return
        if stand and not self.history and _alike(stand, new):
            self.outcome.same += 1
            return
        new.number = stand.number + 1 if stand else 1
        self.outcome.changed += bool(stand)
        self.outcome.added += not stand
        self.revisions.append(revision_of(new, self.by, timezone.now(), ""))
        self.told.add(_print(key, new))
        if stand is None or new.effective_on >= stand.effective_on:
            self.entries[key] = self.changed[key] = new
        else:  # an older fact that came late: history grows, what stands now stays
            stand.number = new.number
            self.changed[key] = stand

    def _content(self, row: Stated, stand: Entry | None) -> Entry:
        known_on, effective_on = self._when(row, stand)
        state = row.state
        if state is None:
            state = stand.state if stand and not self.history else self.definition.first
        reached = dict(stand.reached) if stand else {}
        if not stand or state != stand.state:
            reached = reached_after(reached, state, effective_on.isoformat())
        place = placed(self.definition, row.geometry)
        if row.geometry is None and stand:
            place = Place(stand.lon, stand.lat, stand.geometry, stand.tile)
        return Entry(
            pk=stand.pk if stand else None, programme=self.programme, register=self.definition.code,
            key=self.definition.key_of(row.data), version=self.definition.version, data=tidy(row.data), state=state,
            reached=reached, body=self._body(row), origin=row.origin or (stand.origin if stand else Origin.REPORTED),
            source=(row.source if row.source is not None else stand.source if stand else "")[:400], known_on=known_on,
            effective_on=effective_on, **place._asdict(),
        )  # fmt: skip

    def keep(self, now: datetime, why: str) -> None:
        """Write it all; entries are put by their key, so that their ids are known to their revisions."""
        names = [*CONTENT[:-2]]
        fields = [name.removesuffix("_id") for name in names]
        ids: dict[str, int] = {}
        for part in batches(list(self.changed.values())):
            kept = Entry.objects.bulk_create(
                part, update_conflicts=True, unique_fields=["programme", "register", "key"], update_fields=fields
            )
            ids |= {one.key: one.pk for one in kept}
        before = Counter(self.before[key] for key in self.changed if key in self.before)
        tally(self.programme, self.definition.code, before, Counter(one.state for one in self.changed.values()))
        for one in self.revisions:
            one.entry_id, one.recorded_at, one.why = ids[one.entry.key], now, why[:400]
        Revision.objects.bulk_create(self.revisions, batch_size=BATCH)
        if len(self.revisions) >= MANY:
            _take_stock()


def _take_stock() -> None:
    """Let the database count anew what its indexes hold, so that it chooses among them by what is there now."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")
        for table in (Entry, Revision):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")


def _files_of(entries: Iterable[Entry]) -> dict[int, int]:
    found: dict[int, int] = {}
    ids = sorted(one.pk for one in entries)
    for part in batches(ids):
        found |= dict(Attachment.objects.filter(entry__in=part).order_by().values_list("entry").annotate(n=Count("id")))
    return found


def _alike(old: Entry, new: Entry) -> bool:
    names = ("data", "state", "lon", "lat", "geometry", "origin", "source", "withdrawn")
    return all(getattr(old, name) == getattr(new, name) for name in names)


def _print(key: str, row: Entry | Revision) -> tuple:
    names = ("state", "lon", "lat", "origin", "source", "withdrawn", "known_on", "effective_on")
    data = hashlib.sha256(repr(sorted(row.data.items())).encode()).digest()
    return (key, data, *(getattr(row, name) for name in names))
