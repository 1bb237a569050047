"""What is stuck, in one shape whatever it comes from, and who waits for whom."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Where a matter comes from, in the order of consequence."""

    TARGET_OFF = "target_off"
    ASSIGNMENT = "assignment"
    TARGET_RISK = "target_risk"
    NODE = "node"
    ENTRY = "entry"
    DISAGREEMENT = "disagreement"
    REPORT = "report"
    TARGET_SILENT = "target_silent"
    LEAD = "lead"


TARGETS = {"off_track": Kind.TARGET_OFF, "at_risk": Kind.TARGET_RISK, "no_data": Kind.TARGET_SILENT}


class Text(NamedTuple):
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that should have happened and has not.

    key: tells it apart within its kind, the same from day to day.
    told: one sentence with the numbers it rests on; `numbers` has them alone, as text.
    body: code of the body that has to move; empty where nobody leads. partners: those who wait for it.
    due_on: the day after which it is late; of a target the first evaluation day from which it has stood so.
    address: name of the page behind it, and that page's arguments after the programme.
    """

    kind: Kind
    key: str
    subject: Text
    told: Text
    body: str
    partners: tuple[str, ...]
    due_on: date
    numbers: Mapping[str, str] = field(default_factory=dict)
    address: tuple[str, ...] = ()
    binding: bool = False
    simulated: bool = False

    @property
    def id(self) -> tuple[str, str]:
        return self.kind.value, self.key

    @property
    def order(self) -> tuple:
        """Binding targets first, then by kind, then the longest overdue."""
        target = self.kind in (Kind.TARGET_OFF, Kind.TARGET_RISK)
        return (not (target and self.binding), list(Kind).index(self.kind), self.due_on, self.key)

    def plain(self) -> dict:
        """As JSON, to be kept as it was on a day."""
        return {
            "kind": self.kind.value,
            "key": self.key,
            "subject": self.subject._asdict(),
            "told": self.told._asdict(),
            "body": self.body,
            "partners": list(self.partners),
            "due_on": self.due_on.isoformat(),
            "numbers": dict(self.numbers),
            "address": list(self.address),
            "binding": self.binding,
            "simulated": self.simulated,
        }


def matter_of(plain: Mapping) -> Matter:
    """A matter as it was kept."""
    return Matter(
        **{
            **plain,
            "kind": Kind(plain["kind"]),
            "subject": Text(**plain["subject"]),
            "told": Text(**plain["told"]),
            "partners": tuple(plain["partners"]),
            "due_on": date.fromisoformat(plain["due_on"]),
            "address": tuple(plain["address"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Wait:
    """A body that others wait for: how many matters, since when, and who waits in how many of them."""

    body: str
    count: int
    since: date
    waiting: tuple[tuple[str, int], ...]


def waits(matters: Iterable[Matter]) -> list[Wait]:
    """Who waits for whom: the body most matters wait for first. What nobody leads has nobody to wait for."""
    held: dict[str, list[Matter]] = {}
    for matter in matters:
        if matter.body:
            held.setdefault(matter.body, []).append(matter)
    found = [_wait(body, mine) for body, mine in held.items()]
    return sorted(found, key=lambda one: (-one.count, one.since, one.body))


def _wait(body: str, mine: list[Matter]) -> Wait:
    waiting = Counter(code for matter in mine for code in dict.fromkeys(matter.partners) if code != body)
    ordered = sorted(waiting.items(), key=lambda item: (-item[1], item[0]))
    return Wait(body, len(mine), min(one.due_on for one in mine), tuple(ordered))
