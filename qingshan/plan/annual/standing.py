"""A list as it stands: the items as issued, with the changes of its amendments in their order. And its numbers."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

FIELDS = (
    "title",
    "title_en",
    "content",
    "content_en",
    "node",
    "node_en",
    "quarter",
    "lead_code",
    "lead_name",
    "partners",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an amendment: an item's new fields, its removal, its return (with new fields or none), or its addition."""

    item: int
    kind: str  # change, remove, restore or add
    number: str  # of the amendment; "" while it is being prepared
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it stands. `marks` are the numbers of the amendments that touched it, in order."""

    item: int
    fields: Mapping[str, Any]
    removed: bool = False
    marks: tuple[str, ...] = ()
    added: bool = False


def standing(items: Mapping[int, Mapping[str, Any]], changes: Iterable[Change]) -> dict[int, Line]:
    """Every item by its id, with all changes applied; a removed one stays, marked, so that readers see that it went."""
    lines = {key: Line(key, dict(fields)) for key, fields in items.items()}
    for change in changes:
        lines[change.item] = _changed(lines[change.item], change)
    return lines


def _changed(line: Line, change: Change) -> Line:
    marks = (*line.marks, change.number)
    if change.kind == "remove":
        return replace(line, removed=True, marks=marks)
    fields = {**line.fields, **change.after}
    removed = line.removed and change.kind != "restore"
    return replace(line, fields=fields, marks=marks, removed=removed, added=line.added or change.kind == "add")


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `after` that differ from those of `before`."""
    return {name: value for name, value in after.items() if before.get(name) != value}


def print_of(fields: Mapping[str, Any]) -> str:
    """A short print of an item's fields: another print, another content."""
    text = json.dumps({name: fields[name] for name in FIELDS}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_NUMBER = re.compile(r"(\d+)-(\d+)")


def next_number(year: int, taken: Iterable[str]) -> str:
    """The next number of a year's papers: the list is 2026-1, its amendments 2026-2, 2026-3 …"""
    used = [int(found[2]) for one in taken if (found := _NUMBER.fullmatch(one)) and int(found[1]) == year]
    return f"{year}-{max(used, default=0) + 1}"
