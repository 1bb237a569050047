"""From judged targets to tasks, to a whole plan, and to what changed between two runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from qingshan.evaluation.status import SEVERITY, severity
from qingshan.evaluation.terms import Judgement, Status

UNTOLD = {Status.NO_DATA, Status.NOT_YET_DUE}


@dataclass(frozen=True, slots=True)
class TaskJudgement:
    """status of a task; governing: codes of the parts that make it so, binding ones first; no_data: codes of the parts
    nothing is known of; striven_for: only 力争 parts govern."""

    status: Status
    governing: tuple[str, ...] = ()
    no_data: tuple[str, ...] = ()
    striven_for: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one target between two runs: before or after is None where it was added or dropped.
    turn: 1 better, -1 worse, 0 where the status stayed or one of the two runs could not tell."""

    code: str
    before: Status | None
    after: Status | None
    value_before: Decimal | None
    value_after: Decimal | None
    turn: int


def roll_up(parts: Mapping[str, Judgement]) -> TaskJudgement:
    """Status of a task from the judgements of its targets and working indicators, by code.

    The worst part with an answer governs. A 力争 part lowers a task that has binding parts no further than at risk.
    Attained only when every part is; attained beside parts unknown or not yet due is on track. Without any answer: not
    yet due when all parts are, else no data.
    """
    silent = tuple(code for code, part in parts.items() if part.status is Status.NO_DATA)
    told = {code: weight(part, parts) for code, part in parts.items() if part.status not in UNTOLD}
    if not told:
        status = Status.NOT_YET_DUE if parts and not silent else Status.NO_DATA
        return TaskJudgement(status, tuple(parts) if parts and not silent else (), silent)
    worst = max(told.values(), key=severity)
    governing = sorted((code for code in told if told[code] is worst), key=lambda code: not parts[code].binding)
    status = Status.ON_TRACK if worst is Status.ATTAINED and len(told) < len(parts) else worst
    striven_for = not any(parts[code].binding for code in governing)
    return TaskJudgement(status, tuple(governing), silent, striven_for)


def weight(part: Judgement, parts: Mapping[str, Judgement]) -> Status:
    softened = part.status is Status.OFF_TRACK and not part.binding and any(p.binding for p in parts.values())
    return Status.AT_RISK if softened else part.status


def counts(statuses: Iterable[Status]) -> dict[Status, int]:
    """How many of each, all six in the order they are shown, zeros included."""
    statuses = list(statuses)
    return {status: statuses.count(status) for status in Status}


def changed(before: Mapping[str, Judgement], after: Mapping[str, Judgement]) -> list[Change]:
    """What differs between two runs in status or value: turned worse first, worst present status first, then by code."""
    codes = [*before, *(code for code in after if code not in before)]
    changes = [change(code, before.get(code), after.get(code)) for code in codes]
    told = [c for c in changes if (c.before, c.value_before) != (c.after, c.value_after)]
    return sorted(told, key=lambda c: (c.turn, -SEVERITY.index(c.after) if c.after else 1, c.code))


def change(code, before, after):
    was, now = before and before.status, after and after.status
    values = (before and before.actual, after and after.actual)
    if was is None or now is None or {was, now} & UNTOLD:
        return Change(code, was, now, *values, turn=0)
    step = severity(was) - severity(now)
    return Change(code, was, now, *values, turn=(step > 0) - (step < 0))
