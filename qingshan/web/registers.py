"""Registers as pages show them: addresses, what an address asks for, and rows in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingshan.evidence.registers.cells import show
from qingshan.evidence.registers.filters import BadFilter, Condition, conditions, parse
from qingshan.evidence.registers.places import Box
from qingshan.evidence.registers.schema import Column, Definition
from qingshan.evidence.registers.sight import Sight
from qingshan.web import wording

FIELD = "f."  # before the codes of fields in an address, so that no field is taken for anything else
RANGED = ("int", "decimal", "date", "year")
PICKED = ("choice", "bool", "body")
EXACT = (*PICKED, *RANGED, "place", "reference")
SHAPES, ENDS = 5, 3  # drawings for states on the way, and for final ones
SHOWN = 5  # columns shown until someone chooses others
SIZE = 50


def address(programme: str, register: str, *, where: str = "", state: Sequence[str] = (), as_of: date | None = None,
            cutoff: datetime | None = None) -> str:  # fmt: skip
    """The page that lists a selection of a register's rows: those that meet `where`, in one of the states, as they were on a day
    by what was recorded up to an instant."""
    told = {"where": where, "state": "|".join(state), "as_of": as_of and as_of.isoformat(), "cutoff": cutoff and cutoff.isoformat()}  # fmt: skip
    query = urlencode({name: value for name, value in told.items() if value})
    return reverse("registers-list", args=[programme, register]) + (f"?{query}" if query else "")


def name_of(thing) -> str:
    """The name of a register, a field, a choice or a state in the reader's language."""
    thing = getattr(thing, "name", thing)
    return thing.en if get_language() == "en" else thing.zh


def language() -> str:
    return "en" if get_language() == "en" else "zh"


def heading(column: Column) -> str:
    name = name_of(column)
    return (
        f"{name} ({column.unit})"
        if column.unit and language() == "en"
        else f"{name}（{column.unit}）"
        if column.unit
        else name
    )


def state_name(definition: Definition, code: str) -> str:
    return name_of(definition.state[code]) if code in definition.state else code


def state_style(definition: Definition, code: str) -> str:
    """Which drawing (colour and shape) stands for a state: by its place on the way, and whether it is final."""
    final = bool(code in definition.state and definition.state[code].final)
    alike = [one.code for one in definition.states if one.final == final]
    place = alike.index(code) if code in alike else 0
    return f"end-{min(place, ENDS - 1)}" if final else f"way-{min(place, SHAPES - 1)}"


# --- what an address asks for


@dataclass(frozen=True)
class ListAsked:
    """The part of a list's address that says which rows: typed by the register's definition. Reading it raises BadFilter."""

    definition: Definition
    query: Mapping[str, str]

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        return parse(self.definition, self.query.get("where", "")) + conditions(self.definition, self._parts())

    def _parts(self) -> Iterable[tuple[str, str, list[str]]]:
        for name in ("state", "origin", "body"):
            if (value := self.query.get(name)) and not (name == "state" and value == "withdrawn"):
                yield name, "=", value.split("|")
        for column in self.definition.filterable:
            yield from self._of_field(column)

    def _of_field(self, column: Column) -> Iterable[tuple[str, str, list[str]]]:
        name = FIELD + column.code
        if value := self.query.get(name, "").strip():
            yield column.code, "=" if column.type in EXACT else "~", [value]
        for end, op in (("from", ">="), ("to", "<=")):
            if column.type in RANGED and (value := self.query.get(f"{name}.{end}", "").strip()):
                yield column.code, op, [value]

    @property
    def text(self) -> str:
        return self.query.get("q", "").strip()[:80]

    @property
    def withdrawn(self) -> bool:
        return self.query.get("state") == "withdrawn"

    @property
    def sort(self) -> str:
        wanted = self.query.get("sort", "")
        return wanted if wanted.lstrip("-") in {one.code for one in self.definition.filterable} else ""

    @cached_property
    def box(self) -> Box | None:
        try:
            west, south, east, north = (float(one) for one in self.query.get("box", "").split(","))
        except ValueError:
            return None
        held = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
        return Box(west, south, east, north) if held else None

    @cached_property
    def as_of(self) -> date | None:
        return _read(date.fromisoformat, self.query.get("as_of", ""), "2026-12-31")

    @cached_property
    def cutoff(self) -> datetime | None:
        found = _read(datetime.fromisoformat, self.query.get("cutoff", ""), "2026-12-31T08:00+08:00")
        return found if found is None or found.tzinfo else found.astimezone()

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the list, for a saved filter and for the link that clears it all."""
        kept = ("where", "q", "state", "origin", "body", "box", "as_of", "cutoff", "sort")
        return {k: v for k, v in self.query.items() if v and (k in kept or k.startswith(FIELD))}

    @property
    def narrows(self) -> bool:
        return bool(set(self.chosen) - {"sort"})


def _read(reads, text: str, wanted: str):
    try:
        return reads(text) if text else None
    except ValueError:
        raise BadFilter(
            f"“{text[:40]}”读不懂，应写作 {wanted}", f"{text[:40]!r} cannot be read; write {wanted}"
        ) from None


@dataclass
class Field:
    """One field of the filter form: a choice, a text, or two ends."""

    column: Column
    query: Mapping[str, str]
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return FIELD + self.column.code

    @property
    def words(self) -> str:
        return heading(self.column)

    @property
    def ranged(self) -> bool:
        return self.column.type in RANGED

    @property
    def picked(self) -> bool:
        return bool(self.options)

    @property
    def value(self) -> str:
        return self.query.get(self.name, "")

    @property
    def low(self) -> str:
        return self.query.get(f"{self.name}.from", "")

    @property
    def high(self) -> str:
        return self.query.get(f"{self.name}.to", "")

    @property
    def kind(self) -> str:
        return "date" if self.column.type == "date" else "text"


def options_of(column: Column, bodies: Mapping[str, object], values: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What may be chosen for a field: value and words."""
    if column.type == "choice":
        return [(one.code, name_of(one)) for one in column.choices]
    if column.type == "bool":
        return [("1", _("是")), ("0", _("否"))]
    if column.type == "body":
        return [(code, wording.said(body)) for code, body in bodies.items()]
    return [(value, value) for value in values if value]


# --- rows in words


@dataclass
class Words:
    """How a register's values read for one person: bodies by their names, codes by their words, what is hidden as such."""

    definition: Definition
    sees: Sight
    bodies: Mapping[str, object]

    def cell(self, column: Column, data: Mapping, hidden=frozenset()) -> str:
        if column.code in hidden:
            return _("不公开")
        value = data.get(column.code)
        if value is None:
            return ""
        if column.type == "body":
            return wording.said(self.bodies[value]) if value in self.bodies else str(value)
        return wording.number(value) if column.type in ("int", "decimal") else show(column, value, language())

    def row(self, entry, columns: Sequence[Column] = ()) -> "Row":
        """A row that has been through `as_seen`."""
        cells = [(one, self.cell(one, entry.data, entry.hidden)) for one in columns]
        return Row(self.definition, entry, cells)


@dataclass
class Row:
    definition: Definition
    entry: object
    cells: list[tuple[Column, str]]

    @property
    def pk(self) -> int:
        return getattr(self.entry, "entry_id", None) or self.entry.pk

    @property
    def mark(self) -> int:
        """What the next page begins after."""
        return self.entry.pk

    @property
    def key(self) -> str:
        return self.entry.entry.key if hasattr(self.entry, "entry_id") else self.entry.key

    @property
    def title(self) -> str:
        return self.definition.title_of(self.entry.data)

    @property
    def state(self) -> str:
        return state_name(self.definition, self.entry.state)

    @property
    def style(self) -> str:
        return state_style(self.definition, self.entry.state)

    @property
    def simulated(self) -> bool:
        return self.entry.origin == "simulated"


def columns_for(definition: Definition, chosen: str) -> list[Column]:
    """The columns someone chose (codes joined by dots), else the first that say most."""
    free = [one for one in definition.fields if one.code not in {*definition.key, definition.title}]
    if chosen:
        named = chosen.split(".")
        return [one for one in free if one.code in named]
    useful = [one for one in free if one.filterable or one.code == definition.planned or one.numeric]
    return [one for one in free if one in useful[:SHOWN]]


def grouped(definition: Definition) -> list[tuple[str, list[Column]]]:
    """The fields of an entry by what they say: what it is, how much, when, who and other remarks."""
    groups: dict[str, list[Column]] = {name: [] for name in ("what", "amount", "when", "who")}
    for column in definition.fields:
        groups[_group_of(column)].append(column)
    names = {"what": _("名称与类别"), "amount": _("数量"), "when": _("日期"), "who": _("部门与备注")}
    return [(names[name], columns) for name, columns in groups.items() if columns]


def _group_of(column: Column) -> str:
    if column.type in ("int", "decimal"):
        return "amount"
    if column.type in ("date", "year"):
        return "when"
    return "who" if column.type in ("body", "url") or column.code == "note" else "what"


@dataclass(frozen=True)
class Step:
    """A state on the way of an entry, and how it stands to it."""

    code: str
    name: str
    style: str
    reached: str
    now: bool


def steps(definition: Definition, state: str, reached: Mapping[str, str]) -> list[Step]:
    return [
        Step(one.code, name_of(one), state_style(definition, one.code), reached.get(one.code, ""), one.code == state)
        for one in definition.states
    ]


@dataclass(frozen=True)
class Move:
    """A move that leads on from where an entry stands: who may make it, what it needs, and what is still missing."""

    to: str
    name: str
    style: str
    who: str
    fields: list[Column]
    missing: list[Column]
    files: int
    yours: bool


def moves(definition: Definition, state: str, data: Mapping, parts: Iterable[str]) -> list[Move]:
    found = [one for one in definition.transitions if one.from_ == state]
    return [_move(definition, one, data, set(parts)) for one in found]


def _move(definition: Definition, one, data: Mapping, parts: set[str]) -> Move:
    needed = [definition.field[code] for code in one.proof.fields]
    who = {"office": _("计划办"), "own": _("负责的部门")}
    return Move(
        one.to, state_name(definition, one.to), state_style(definition, one.to),
        _("、").join(who[part] for part in one.may), needed, [c for c in needed if data.get(c.code) in (None, "")],
        one.proof.files, bool(parts & set(one.may)),
    )  # fmt: skip


# --- how an entry came to be


@dataclass(frozen=True)
class Change:
    """What one revision changed: (name, before, after) of each field, or that it was the first."""

    revision: object
    told: list[tuple[str, str, str]]
    first: bool


def changes(words: Words, revisions: Sequence, columns: Mapping[str, Column]) -> list[Change]:
    """What each revision (the newest first) changed. `columns`: every field the register ever had."""
    pairs = zip(revisions, [*revisions[1:], None], strict=True)
    return [Change(new, _changed(words, old, new, columns) if old else [], old is None) for new, old in pairs]


def _changed(words: Words, old, new, columns: Mapping[str, Column]) -> list[tuple[str, str, str]]:
    told = [
        (name_of(columns[code]) if code in columns else code, *(_cell(words, columns.get(code), one, code) for one in (old, new)))
        for code in sorted(old.data.keys() | new.data.keys(), key=list(columns).index if columns else None)
        if old.data.get(code) != new.data.get(code)
    ]  # fmt: skip
    if old.state != new.state:
        told.append((_("状态"), state_name(words.definition, old.state), state_name(words.definition, new.state)))
    if (old.lon, old.lat, old.geometry) != (new.lon, new.lat, new.geometry):
        told.append((_("位置"), where(old.lon, old.lat), where(new.lon, new.lat)))
    if old.source != new.source:
        told.append((_("来源"), old.source, new.source))
    return told


def _cell(words: Words, column: Column | None, row, code: str) -> str:
    return words.cell(column, row.data) if column else str(row.data.get(code, ""))


def where(lon: float | None, lat: float | None) -> str:
    """121.34120°E 30.74210°N"""
    if lon is None or lat is None:
        return ""
    return f"{abs(lon):.5f}°{'E' if lon >= 0 else 'W'} {abs(lat):.5f}°{'N' if lat >= 0 else 'S'}"
