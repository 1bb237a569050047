"""A score sheet from the lines it rests on: the same lines, rules and exclusions give the same record, byte for byte."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qingshan.evaluation.points import Event, apply
from qingshan.evaluation.points import Line as Moved
from qingshan.evaluation.scoring import Count, Rank, Share, Total, ranks, share_of, total

from .rules import BAD, GOOD, LEFT_OUT, Scoring


@dataclass(frozen=True, slots=True)
class Line:
    """A matter of a body under a criterion, or `count` like ones that are not told apart.

    subject: the matter, the same under every criterion that it touches, so that it is never deducted twice.
    on: the day it fell due or was judged; page: where it can be looked up, as (name of the page, what it is asked for).
    """

    body: str
    criterion: str
    subject: str
    outcome: str
    on: date
    title: str
    title_en: str
    binding: bool = True
    count: int = 1
    done: date | None = None
    simulated: bool = False
    page: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What an objection names."""
        return f"{self.criterion} {self.subject}"

    def plain(self) -> dict[str, Any]:
        return {
            "body": self.body, "criterion": self.criterion, "subject": self.subject, "outcome": self.outcome,
            "on": self.on.isoformat(), "title": self.title, "title_en": self.title_en, "binding": self.binding,
            "count": self.count, "done": self.done and self.done.isoformat(), "simulated": self.simulated, "page": list(self.page),
        }  # fmt: skip


def read_line(told: Mapping[str, Any]) -> Line:
    """A line as it stands in a record."""
    days = {"on": date.fromisoformat(told["on"]), "done": date.fromisoformat(told["done"]) if told["done"] else None}
    names = set(Line.__slots__)
    return Line(
        **{**{name: value for name, value in told.items() if name in names}, **days, "page": tuple(told["page"])}
    )


Excluded = Mapping[tuple[str, str], str]  # (body, key of a line) → why it does not count


def weight_of(line: Line, rules: Scoring) -> Decimal:
    criterion = rules.criterion[line.criterion]
    return Decimal(criterion.weight) * (1 if line.binding else Decimal(criterion.other))


def compute(header: Mapping[str, Any], rules: Scoring, lines: Iterable[Line], excluded: Excluded) -> dict[str, Any]:
    """The record: header, rules, every line, and each body's parts, deductions and total."""
    lines = sorted(lines, key=lambda one: (one.body, one.criterion, one.on, one.subject, one.outcome))
    by_body: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_body[line.body].append(line)
    shares = {part.code: _shares(part.code, by_body, rules, excluded) for part in rules.parts}
    placed = {part.code: ranks(shares[part.code], part.minimum) for part in rules.parts}
    return {
        **header,
        "rules": rules.plain(),
        "lines": [one.plain() | {"excluded": excluded.get((one.body, one.key))} for one in lines],
        "bodies": [
            _body(code, mine, rules, {p: shares[p][code] for p in shares}, {p: placed[p].get(code) for p in placed}, excluded)
            for code, mine in sorted(by_body.items())
        ],
    }  # fmt: skip


def again(record: Mapping[str, Any], excluded: Excluded) -> dict[str, Any]:
    """The record of the same lines and rules with other exclusions."""
    header = {key: value for key, value in record.items() if key not in ("rules", "lines", "bodies")}
    return compute(header, Scoring.model_validate(record["rules"]), map(read_line, record["lines"]), excluded)


def _counted(lines: Sequence[Line], rules: Scoring, excluded: Excluded) -> list[Line]:
    return [
        one
        for one in lines
        if (one.body, one.key) not in excluded and rules.criterion[one.criterion].judged(one.outcome) != LEFT_OUT
    ]


def _shares(
    part: str, by_body: Mapping[str, list[Line]], rules: Scoring, excluded: Excluded
) -> dict[str, Share | None]:
    return {
        body: share_of(_counts([one for one in mine if rules.part_of[one.criterion] == part], rules, excluded), rules.level)
        for body, mine in by_body.items()
    }  # fmt: skip


def _counts(lines: Sequence[Line], rules: Scoring, excluded: Excluded) -> list[Count]:
    return [
        Count(one.count if rules.criterion[one.criterion].judged(one.outcome) == GOOD else 0, one.count, weight_of(one, rules))
        for one in _counted(lines, rules, excluded)
    ]  # fmt: skip


def _body(
    code: str,
    mine: Sequence[Line],
    rules: Scoring,
    shares: Mapping[str, Share | None],
    placed: Mapping[str, Rank | None],
    excluded: Excluded,
) -> dict[str, Any]:
    moved = deductions(mine, rules, excluded)
    off = {part.code: _deducted(part.code, part.most, moved, rules) for part in rules.parts}
    weights = rules.total
    enough = {p: one if one and one.matters >= rules.part[p].minimum else None for p, one in shares.items()}
    reached = total(enough, weights.by_part, off, weights.rescale) if weights else None
    return {
        "code": code,
        "parts": {part: _part(part, share, placed[part], mine, rules, excluded) for part, share in shares.items()},
        "deductions": [_moved(one, rules) for one in moved],
        "deducted": {part: str(points) for part, points in off.items()},
        "total": _total(reached),
    }


def deductions(mine: Sequence[Line], rules: Scoring, excluded: Excluded) -> list[Moved]:
    """What each line of a body took away, by the rules it fell under; a matter moves points once."""
    events = [
        Event(
            rule.code,
            line.subject if line.count == 1 else f"{line.subject} #{n}",
            line.on,
            excluded.get((line.body, line.key), ""),
        )
        for line in mine
        if rules.criterion[line.criterion].judged(line.outcome) == BAD
        for rule in rules.deductions
        if rule.criterion == line.criterion and line.outcome in rule.outcomes
        for n in range(1, line.count + 1)
    ]
    return apply(rules.point_rules, events)


def _deducted(part: str, most: str | None, moved: Sequence[Moved], rules: Scoring) -> Decimal:
    own = [one for one in moved if rules.part_of[rules.deduction[one.event.rule].criterion] == part]
    whole = -sum((one.moved for one in own), Decimal(0))
    return min(whole, Decimal(most)) if most else whole


def _moved(one: Moved, rules: Scoring) -> dict[str, Any]:
    return {
        "rule": one.event.rule, "criterion": rules.deduction[one.event.rule].criterion, "subject": one.event.subject,
        "on": one.event.on.isoformat(), "points": str(-one.moved), "uncounted": one.uncounted and one.uncounted.value,
        "why": one.event.excused,
    }  # fmt: skip


def _part(
    part: str, share: Share | None, rank: Rank | None, mine: Sequence[Line], rules: Scoring, excluded: Excluded
) -> dict[str, Any]:
    criteria = rules.part[part].criteria
    counted = _counted(mine, rules, excluded)
    return {
        "share": share and str(share.rounded),
        "good": share and str(share.good),
        "of": share and str(share.of),
        "matters": share.matters if share else 0,
        "low": share and str(share.low),
        "high": share and str(share.high),
        "rank": rank and {"best": rank.best, "worst": rank.worst, "of": rank.of, "tells_nothing": rank.tells_nothing},
        "criteria": [_criterion(one, counted) for one in criteria],
        "left_out": sum(one.count for one in mine if rules.part_of[one.criterion] == part) - (share.matters if share else 0),
        "simulated": any(one.simulated for one in counted if rules.part_of[one.criterion] == part),
    }  # fmt: skip


def _criterion(criterion, counted: Sequence[Line]) -> dict[str, Any]:
    mine = [one for one in counted if one.criterion == criterion.code]
    good = sum(one.count for one in mine if criterion.judged(one.outcome) == GOOD)
    return {"code": criterion.code, "good": good, "of": sum(one.count for one in mine)}


def _total(one: Total | None) -> dict[str, Any] | None:
    return one and {
        "points": str(one.points),
        "low": str(one.low),
        "high": str(one.high),
        "left_out": list(one.left_out),
    }
