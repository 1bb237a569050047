"""Which measures and targets of a plan fall into a year, and what each should have reached in it.

A proposal: the office edits, adds and removes before it issues the list. The rules are told to readers in the words they
leave in each item, so an item's node says where it came from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from qingshan.plan.kinds import Kind

LAST = 4  # the quarter in which a year ends
LONGEST_NAME = 40  # characters
_YEAR = re.compile(r"20\d\d(?=年)")
_PASSED = re.compile(r"(?:比|较|相比|自|从|以)20\d\d年|《[^》]*》|20\d\d年(?:起|以来|水平|基准)|十[二三四五]五")
_QUARTERS = [
    (re.compile(r"(1[0-2]|[1-9])月"), lambda found: (int(found[1]) + 2) // 3),
    (re.compile(r"第?([一二三四1-4])季度"), lambda found: "一二三四".find(found[1]) + 1 or int(found[1])),
    (re.compile(r"上半年"), lambda found: 2),
    (re.compile(r"(?:主汛期|汛期)前"), lambda found: 2),
]  # fmt: skip
_STOP = re.compile(r"[，,；;。：:]")
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": ""}


@dataclass(frozen=True, slots=True)
class Text:
    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """The plan's first and last day."""

    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Promise:
    """An official target. `before` and `reached` are where its planned curve stands at the ends of the year before and of
    the year [unit]; None where the curve has no line there."""

    name: Text
    kind: str
    op: str
    value: Decimal | None
    unit: str
    starts: date
    due: date
    unit_en: str = ""
    before: Decimal | None = None
    reached: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a proposal rests on beside the plan itself, each mapping empty where nothing is known.

    lines: by target, where its planned curve stands at the ends of the year before and of the year [unit]; owners: by
    metric, the body whose register it is taken from; keepers: by task, how many of its registers each body keeps.
    """

    lines: Mapping[str, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    keepers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """What the year should bring, and the quarter by whose end it is due."""

    text: Text
    quarter: int


def name_of(sentence: str) -> str:
    """A short name for a measure: its first clause."""
    first = _STOP.split(sentence.strip(), maxsplit=1)[0]
    return first if len(first) <= LONGEST_NAME else first[: LONGEST_NAME - 1] + "…"


def years_named(sentence: str) -> list[int]:
    """The years a measure is due in, as its sentence names them; base years and titles of documents are none."""
    return sorted({int(year) for year in _YEAR.findall(_PASSED.sub("", sentence))})


def quarter_named(sentence: str) -> int:
    """The quarter by whose end a sentence wants it: the last one it names, else the year's last."""
    named = [quarter(found) for pattern, quarter in _QUARTERS for found in pattern.finditer(sentence)]
    return max(named, default=LAST)


def node_of_measure(sentence: str, term: Term, year: int) -> Node | None:
    """The node of a measure in a year; None where it does not fall into it.

    A measure that names years falls into those of the plan's years it names. One that names none is worked on in every
    year of the plan and finished in the last.
    """
    if not term.starts.year <= year <= term.ends.year:
        return None
    named = [one for one in years_named(sentence) if term.starts.year <= one <= term.ends.year]
    if named and year not in named:
        return None
    quarter = quarter_named(sentence) if named else LAST
    if year == (max(named) if named else term.ends.year):
        return Node(Text("按规划要求完成", "Finish as the plan requires"), quarter)
    return Node(Text("按规划推进，形成年度成果", "Advance as planned, with a result for the year"), quarter)


def node_of_target(promise: Promise, year: int) -> Node | None:
    """The node of a target in a year; None where the target does not run in it, or asks nothing of it yet."""
    if not promise.starts.year <= year <= promise.due.year:
        return None
    last = year == promise.due.year
    text = _WORDS[Kind(promise.kind)](promise, last)
    quarter = (promise.due.month + 2) // 3 if last else LAST
    return Node(text, quarter) if text else None


def goal_of(promise: Promise) -> Text:
    """What it promises in the end, with its year: 到 2026 年 ≤ 28 μg/m³."""
    year, kind = promise.due.year, Kind(promise.kind)
    if kind == Kind.DATED_MILESTONE:
        return Text(f"{year} 年完成", f"done in {year}")
    if promise.value is None:
        return Text(*((f"到 {year} 年持续下降", f"falling until {year}") if promise.op == "decrease"
                      else (f"到 {year} 年持续提高", f"rising until {year}")))  # fmt: skip
    zh, en = _goal(promise)
    if kind == Kind.YEARLY_QUOTA:
        return Text(f"每年 {zh.removesuffix('/年')}", f"{en.removesuffix('/year').removesuffix('/a')} each year")
    return Text(f"到 {year} 年 {zh}", f"{en} by {year}")


def _milestone(promise: Promise, last: bool) -> Text | None:
    if not last:
        return None
    day = promise.due.isoformat()
    return Text(f"{day} 前完成", f"Done by {day}")


def _quota(promise: Promise, last: bool) -> Text:
    zh, en = _amount(promise.value, promise)
    return Text(f"全年完成 {zh.removesuffix('/年')}", f"{en.removesuffix('/year').removesuffix('/a')} within the year")


def _count(promise: Promise, last: bool) -> Text | None:
    total = promise.value if last else _whole(promise.reached, promise)
    if total is None or total <= 0:
        return None
    begun = _whole(promise.before or Decimal(0), promise)
    share, whole = _amount(max(total - begun, Decimal(0)), promise), _amount(total, promise)
    if not begun:
        return Text(f"完成 {whole[0]}", f"Complete {whole[1]}")
    if total <= begun:
        return Text(f"累计达到 {whole[0]}", f"{whole[1]} in all")
    return Text(f"完成 {share[0]}，累计 {whole[0]}", f"Complete {share[1]}, {whole[1]} in all")


def _level(promise: Promise, last: bool) -> Text:
    """A bound: the goal in its last year, before that where the planned line stands at the year's end."""
    if last:
        zh, en = _goal(promise)
        return Text(f"达到 {zh}", f"Reach {en}")
    if promise.reached is None or promise.reached == promise.before != promise.value:
        zh, en = _goal(promise)
        return Text(f"向 {promise.due.year} 年的目标推进：{zh}", f"Advance to the goal of {promise.due.year}: {en}")
    sign = SIGNS.get({">": ">=", "<": "<="}.get(promise.op, promise.op), promise.op)
    zh, en = _amount(_near(promise.reached, promise), promise)
    return Text(f"年末应达 {sign} {zh}", f"By the year's end {sign} {en}")


def _goal(promise: Promise) -> tuple[str, str]:
    sign = SIGNS.get(promise.op, promise.op)
    zh, en = _amount(promise.value, promise)
    return f"{sign} {zh}".strip(), f"{sign} {en}".strip()


def _kept(promise: Promise, last: bool) -> Text:
    zh, en = _goal(promise)
    return Text(f"全年保持 {zh}", f"Keep {en} all year")


def _direction(promise: Promise, last: bool) -> Text:
    return (
        Text("比上年下降", "Lower than last year")
        if promise.op == "decrease"
        else Text("比上年提高", "Higher than last year")
    )


_WORDS = {
    Kind.DATED_MILESTONE: _milestone,
    Kind.YEARLY_QUOTA: _quota,
    Kind.CUMULATIVE_COUNT: _count,
    Kind.FULL_COVERAGE: _level,
    Kind.UPPER_BOUND: _level,
    Kind.LOWER_BOUND: _level,
    Kind.STRICT_BOUND: _level,
    Kind.MAINTAIN: _kept,
    Kind.DIRECTION_ONLY: _direction,
}


def _whole(number: Decimal | None, promise: Promise) -> Decimal | None:
    """A count in the places of its goal, rounded up: eighteen projects by thirds are six a year, never 5.99."""
    if number is None:
        return None
    return number.quantize(Decimal(1).scaleb(-_places(promise.value)), ROUND_CEILING)


def _near(number: Decimal, promise: Promise) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-max(1, _places(promise.value))), ROUND_HALF_EVEN)


def _places(number: Decimal | None) -> int:
    return 0 if number is None else max(0, -number.normalize().as_tuple().exponent)


def _amount(number: Decimal | None, promise: Promise) -> tuple[str, str]:
    """A number with its unit, in Chinese and in English."""
    text = "" if number is None else f"{number.normalize():,f}"
    return f"{text} {promise.unit}".strip(), f"{text} {promise.unit_en or promise.unit}".strip()
