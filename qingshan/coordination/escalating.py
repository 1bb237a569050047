"""When a matter is pressed, and how hard: 提示, 警示, 通报 by working days late. Rules and dates in, levels out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache

from qingshan.standards.working_days import after, between

from .matters import Kind


class Level(IntEnum):
    """Notice 提示, warning 警示, circular 通报. A circular is only proposed; people decide on naming anyone."""

    NOTICE = 1
    WARNING = 2
    CIRCULAR = 3


NAMES = {level.name.lower(): level for level in Level}
ADDRESSEES = ("lead", "partners", "office", "leader")


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a rule: reached `after` so many working days late, told `to` whom, to be answered within `answer`."""

    level: Level
    after: int
    to: tuple[str, ...]
    answer: int


@dataclass(frozen=True, slots=True)
class Rule:
    """How matters of a kind are escalated: its steps in the order of their levels, and the country whose days count."""

    kind: Kind
    steps: tuple[Step, ...]
    calendar: str = "CN"


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that stands: its level and the day by which it is to be answered."""

    level: Level
    answer_by: date


@lru_cache(maxsize=4096)
def days_late(due_on: date, on: date, country: str = "CN") -> int:
    """Working days [d] after `due_on` up to and including `on`; 0 until then."""
    return max(0, between(due_on, on, country, provisional=True))


def level_of(rule: Rule, late: int) -> Level | None:
    """The level that a matter has reached when it is `late` working days; none before the first."""
    return max((step.level for step in rule.steps if late >= step.after), default=None)


def next_step(rule: Rule, late: int, raised: Iterable[Raised], on: date) -> Step | None:
    """The step to take on a day, if any. Levels follow one another, and each waits until the one before should have been answered."""
    stands = max(raised, key=lambda one: one.level, default=None)
    if stands and on <= stands.answer_by:
        return None
    reached, highest = level_of(rule, late) or 0, stands.level if stands else 0
    return next((step for step in rule.steps if highest < step.level <= reached), None)


def answer_by(step: Step, on: date, country: str = "CN") -> date:
    """The last day on which an alert raised on a day is answered in time."""
    return after(on, step.answer, country, provisional=True)


def rules_of(plain: Sequence[Mapping]) -> dict[Kind, Rule]:
    """The rules as a programme keeps them, by kind."""
    return {Kind(one["kind"]): Rule(Kind(one["kind"]), tuple(_steps(one)), one.get("calendar", "CN")) for one in plain}


def _steps(plain: Mapping) -> Iterable[Step]:
    for name, level in NAMES.items():
        if told := plain.get(name):
            yield Step(level, told["after"], tuple(told["to"]), told["answer"])
