"""Points by rules: an item is worth so many points, each event takes some away or adds some, and nothing counts twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from qingshan.standards.rounding import round_gbt8170


class Effect(StrEnum):
    """What an event does to its item."""

    EACH = "each"  # each event moves it by so many points
    ONCE = "once"  # however many events there are, it moves once
    VOID = "void"  # the whole item is worth nothing


class Uncounted(StrEnum):
    """Why an event moved nothing."""

    EXCUSED = "excused"
    TWICE = "twice"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Rule:
    """points: what one event moves [points], below zero where it takes away; cap: the most that all of them move [points]."""

    code: str
    item: str
    points: Decimal = Decimal(0)
    effect: Effect = Effect.EACH
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What can be had [points]. It starts full and loses, or starts empty and gains; by_share: it is that share of its points."""

    code: str
    points: Decimal
    starts_empty: bool = False
    by_share: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that fell under a rule. `subject` is the matter it concerns; `excused` says why it does not count."""

    rule: str
    subject: str
    on: date
    excused: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An event and what it moved [points]; `uncounted` says why it moved nothing, or less than its rule's points."""

    event: Event
    moved: Decimal
    uncounted: Uncounted | None = None


@dataclass(frozen=True, slots=True)
class Result:
    points: Decimal
    lines: tuple[Line, ...] = ()


def in_order(events: Iterable[Event], rules: Sequence[Rule]) -> list[Event]:
    """By day, of one day by the order of the rules: what came first counts, whoever lists the events."""
    place = {rule.code: n for n, rule in enumerate(rules)}
    return sorted(events, key=lambda one: (one.on, place[one.rule], one.subject, one.excused))


def apply(rules: Sequence[Rule], events: Iterable[Event], twice: bool = False) -> list[Line]:
    """What each event moves, rule by rule and cap by cap. Unless `twice`, a matter that has moved points moves no more."""
    known = {rule.code: rule for rule in rules}
    moved: dict[str, Decimal] = {}
    met: set[str] = set()
    lines = []
    for event in in_order(events, rules):
        line = _line(event, known[event.rule], moved, not twice and event.subject in met)
        moved[event.rule] = moved.get(event.rule, Decimal(0)) + line.moved
        if line.uncounted not in (Uncounted.EXCUSED, Uncounted.TWICE):
            met.add(event.subject)
        lines.append(line)
    return lines


def _line(event: Event, rule: Rule, moved: dict[str, Decimal], again: bool) -> Line:
    if event.excused:
        return Line(event, Decimal(0), Uncounted.EXCUSED)
    if again:
        return Line(event, Decimal(0), Uncounted.TWICE)
    room = abs(rule.points) if rule.effect is Effect.ONCE else rule.cap
    whole, so_far = abs(rule.points), abs(moved.get(rule.code, Decimal(0)))
    amount = whole if room is None else min(whole, max(room - so_far, Decimal(0)))
    signed = amount.copy_sign(rule.points) if amount else Decimal(0)
    return Line(event, signed, Uncounted.CAP if amount < whole else None)


def score(item: Item, rules: Sequence[Rule], events: Iterable[Event] = (), share: Fraction | None = None) -> Result:
    """An item's points: never below zero, never above what it is worth.

    share: where the item is a share of its points; none is no points. Its points are then told to 0.01 (GB/T 8170-2008, 3.2).
    """
    mine = [rule for rule in rules if rule.item == item.code]
    lines = apply(mine, [one for one in events if one.rule in {rule.code for rule in mine}])
    voids = {rule.code for rule in mine if rule.effect is Effect.VOID}
    if any(line.event.rule in voids and not line.uncounted for line in lines):
        return Result(Decimal(0), tuple(lines))
    start = Decimal(0) if item.starts_empty else item.points
    if item.by_share:
        start = round_gbt8170(Fraction(item.points) * (share or 0), 2)
    reached = start + sum((line.moved for line in lines), Decimal(0))
    return Result(min(max(reached, Decimal(0)), item.points), tuple(lines))
