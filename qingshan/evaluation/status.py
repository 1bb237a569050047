"""Is a promise kept: one small rule per kind of target. docs/status-rules.md is made from these rules.

Common to all kinds:
- Evidence dated after today is not seen. Before the start: not yet due (unless a count or milestone is already there).
- A state (bounds, coverage, maintain, direction) is promised for the deadline's year, so before the deadline it is on
  track at most. It is decided by the newest point of that year that is complete enough and fresh at the deadline.
  Deadline passed and no such point: the newest value fails: off track; it holds but is partial: at risk; none: no data.
- Counts, quotas and milestones cannot be undone: attained as soon as reached, late ones included, the delay named.
- States are held against the line on the day of their evidence, counts and milestones against the line of today.
- On track needs fresh evidence, else at risk. A poor outlook lowers a status; a good one lifts only lateness against the
  line, by one step.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from qingshan.evaluation.planned import (
    better,
    figures,
    origin,
    places,
    planned,
    planned_exactly,
    to_decimal,
    year_bounds,
)
from qingshan.evaluation.terms import (
    STATUS_WORDS,
    Curve,
    Evidence,
    Judgement,
    Outlook,
    Point,
    Reason,
    Side,
    Status,
    Target,
)
from qingshan.evaluation.wording import sentence
from qingshan.plan.kinds import Kind

__all__ = [
    "STATUS_WORDS",
    "Curve",
    "Evidence",
    "Judgement",
    "Kind",
    "Outlook",
    "Point",
    "Reason",
    "Side",
    "Status",
    "Target",
    "judge",
    "sentence",
    "severity",
]

LIKELY = Decimal("0.8")
UNLIKELY = Decimal("0.2")
SEVERITY = [Status.ATTAINED, Status.NOT_YET_DUE, Status.ON_TRACK, Status.AT_RISK, Status.NO_DATA, Status.OFF_TRACK]
LATE_AGAINST_LINE = {Reason.SLIGHTLY_BEHIND, Reason.BEHIND, Reason.NO_LINE, Reason.DUE_SOON, Reason.IN_HAND}
ONE_STEP_UP = {Status.OFF_TRACK: Status.AT_RISK, Status.AT_RISK: Status.ON_TRACK, Status.NOT_YET_DUE: Status.ON_TRACK}
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Case:
    target: Target
    points: tuple[Point, ...]
    earlier: tuple[Point, ...]
    reports: tuple[Point, ...]
    done: date | None
    today: date
    outlook: Outlook | None

    @property
    def over(self):
        return self.today > self.target.deadline


@dataclass(frozen=True, slots=True)
class Verdict:
    status: Status
    reason: Reason
    used: tuple[Point, ...] = ()
    line_day: date | None = None
    settled: bool = False
    year: int | None = None
    baseline: Decimal | None = None
    attained_on: date | None = None


def judge(target: Target, evidence: Evidence, today: date, outlook: Outlook | None = None) -> Judgement:
    """Status of a target as of `today`, with its reason and the figures behind it. Total: any valid target and evidence
    get an answer."""
    case = opened(target, evidence, today, outlook)
    verdict = measurable(case) or RULES[target.kind](without_zero_wholes(case))
    if today < target.start and verdict.status is not Status.ATTAINED:
        verdict = Verdict(Status.NOT_YET_DUE, Reason.NOT_STARTED)
    return judgement(case, verdict, evidence)


def severity(status: Status) -> int:
    """Rank from good (0) to bad. No data lies between at risk and off track: silence is no better than a risk."""
    return SEVERITY.index(status)


# The nine rules.


def bound(case):
    if not case.points:
        return without_evidence(case)
    if point := deciding(case):
        return settled(case, point, meets(case.target, point), Reason.MET, Reason.MISSED)
    if case.over:
        return unproven(case, meets(case.target, case.points[-1]))
    return running(case, case.points[-1].until)


def maintain(case):
    if not case.points:
        return without_evidence(case)
    if point := deciding(case):
        case = replace(case, points=tuple(p for p in case.points if p.until <= point.until))
        return settled(case, point, not lapses(case), Reason.KEPT, Reason.NOT_KEPT, used=case.points)
    failed, holds = lapses(case), meets(case.target, case.points[-1])
    if case.over:
        return kept_so_far(case, failed, holds)
    if not holds:
        return Verdict(Status.OFF_TRACK, Reason.BROKEN, used=case.points[-1:], line_day=case.points[-1].until)
    status, reason = (Status.AT_RISK, Reason.RESTORED) if failed else (Status.ON_TRACK, Reason.HOLDING)
    return watched(case, Verdict(status, reason, used=(*failed, case.points[-1]), line_day=case.points[-1].until))


def cumulative_count(case):
    reached = next((point for point in case.points if meets(case.target, point)), None)
    if not case.points:
        return without_evidence(case)
    if reached and meets(case.target, case.points[-1]):
        late = reached.until > case.target.deadline
        reason, day = Reason.REACHED_LATE if late else Reason.REACHED, reached.until
        return Verdict(Status.ATTAINED, reason, case.points[-1:], case.today, settled=True, attained_on=day)
    if not case.over:
        return running(case, case.today)
    counted_out = case.points[-1].until >= case.target.deadline and complete(case, case.points[-1])
    reason = Reason.MISSED if counted_out else Reason.SHORT
    return Verdict(Status.OFF_TRACK, reason, case.points[-1:], case.target.deadline, settled=counted_out)


def yearly_quota(case):
    if not case.points:
        return without_evidence(case)
    first, last = case.target.start.year, case.target.deadline.year
    verdicts = [one_year(case, year) for year in range(first, min(last, case.today.year) + 1)]
    used = tuple(point for verdict in verdicts for point in verdict.used)
    if len(verdicts) == last - first + 1 and all(verdict.reason is Reason.YEAR_MET for verdict in verdicts):
        return replace(verdicts[-1], status=Status.ATTAINED, reason=Reason.ALL_YEARS_MET, used=used, settled=True)
    telling = [v for v in verdicts if v.reason is not Reason.YEAR_OPEN]
    return aged(case, max(reversed(telling), key=lambda verdict: severity(verdict.status)))


def dated_milestone(case):
    if case.done:
        late = case.done > case.target.deadline
        reason = Reason.DONE_LATE if late else Reason.DONE
        return Verdict(Status.ATTAINED, reason, settled=True, attained_on=case.done)
    if not case.reports:
        return without_evidence(case)
    if case.points and meets(case.target, case.points[-1]):
        status = Status.AT_RISK if case.over else Status.ON_TRACK
        return aged(case, Verdict(status, Reason.UNCONFIRMED, case.points[-1:], case.today))
    if case.over:
        told_after = case.reports[-1].until >= case.target.deadline
        return Verdict(Status.OFF_TRACK, Reason.OVERDUE, case.reports[-1:], case.target.deadline, settled=told_after)
    return running(case, case.today) if case.points else without_percentage(case)


def direction_only(case):
    base, points = compared(case)
    if not points:
        return without_comparison(case)
    verdict = directed(
        replace(case, points=points), [better(case.target, measure(point), measure(base)) for point in points]
    )
    return replace(verdict, baseline=shown(base))


def directed(case, moved):
    if point := deciding(case):
        return settled(case, point, moved[case.points.index(point)], Reason.MOVED, Reason.NOT_MOVED)
    if case.over:
        return unproven(case, moved[-1])
    if not moved[-1]:
        return Verdict(Status.OFF_TRACK, Reason.NOT_MOVING, case.points[-1:])
    status, reason = (Status.ON_TRACK, Reason.MOVING) if all(moved) else (Status.AT_RISK, Reason.MOVED_BACK)
    return watched(case, Verdict(status, reason, case.points[-1:]))


RULES = {
    Kind.UPPER_BOUND: bound,
    Kind.LOWER_BOUND: bound,
    Kind.STRICT_BOUND: bound,
    Kind.MAINTAIN: maintain,
    Kind.CUMULATIVE_COUNT: cumulative_count,
    Kind.YEARLY_QUOTA: yearly_quota,
    Kind.FULL_COVERAGE: bound,
    Kind.DATED_MILESTONE: dated_milestone,
    Kind.DIRECTION_ONLY: direction_only,
}
COUNTED_FROM_ANY_TIME = {Kind.CUMULATIVE_COUNT, Kind.DATED_MILESTONE}


# What the rules share.


def opened(target, evidence, today, outlook):
    last_word = {point.until: point for point in evidence.points if point.until <= today}
    reports = tuple(last_word[day] for day in sorted(last_word))
    valued = tuple(point for point in reports if point.value is not None)
    start = date.min if target.kind in COUNTED_FROM_ANY_TIME else target.start
    done = evidence.done if evidence.done and evidence.done <= today else None
    within, earlier = (tuple(p for p in valued if (p.until >= start) is side) for side in (True, False))
    return Case(target, within, earlier, reports, done, today, outlook)


def measurable(case):
    """Nothing of nothing is not 100 %: a newest share of an empty whole leaves nothing to judge."""
    if case.points and case.points[-1].of == 0:
        return Verdict(Status.NO_DATA, Reason.ZERO_DENOMINATOR, used=case.points[-1:])
    return None


def without_zero_wholes(case):
    return replace(case, points=of_something(case.points), earlier=of_something(case.earlier))


def of_something(points):
    return tuple(point for point in points if point.of != 0)


def measure(point: Point) -> Fraction:
    return Fraction(point.value) if point.of is None else Fraction(point.value) * 100 / Fraction(point.of)


def meets(target, point):
    value, goal = measure(point), Fraction(target.value)
    return better(target, value, goal) if target.kind is Kind.STRICT_BOUND else not better(target, goal, value)


def complete(case, point):
    return point.completeness >= case.target.enough


def stale(case, day):
    return bool(case.reports) and (day - case.reports[-1].until).days > case.target.freshness


def serving(case):
    """The point that speaks for the deadline's year: its newest up to the deadline, else its first after it."""
    year = [point for point in case.points if point.until.year == case.target.deadline.year]
    in_time = [point for point in year if point.until <= case.target.deadline]
    return in_time[-1] if in_time else next(iter(year), None)


def deciding(case):
    point, deadline = serving(case), case.target.deadline
    if point is None or not complete(case, point) or (deadline - point.until).days > case.target.freshness:
        return None
    return point if case.over or point.until >= deadline else None


def settled(case, point, kept, good, bad, used=None):
    status, reason = (Status.ATTAINED, good) if kept else (Status.OFF_TRACK, bad)
    return Verdict(status, reason, used or (point,), case.target.deadline, settled=True)


def unproven(case, holds):
    """Deadline passed without a point that decides: silence neither proves the promise nor hides its failure."""
    newest = case.points[-1:]
    if not holds:
        return Verdict(Status.OFF_TRACK, Reason.SHORT, newest, case.target.deadline)
    if serving(case):
        return foreseen(case, Verdict(Status.AT_RISK, Reason.PARTIAL, newest, case.target.deadline))
    return Verdict(Status.NO_DATA, Reason.AWAITING, newest, case.target.deadline)


def kept_so_far(case, failed, holds):
    if not failed:
        return unproven(case, holds)
    decided = any(complete(case, point) for point in failed)
    return Verdict(Status.OFF_TRACK, Reason.NOT_KEPT, (*failed, case.points[-1]), case.target.deadline, settled=decided)


def lapses(case):
    """Assessed points that failed. A partial figure is no assessment once a newer one has replaced it."""
    newest = case.points[-1]
    return tuple(p for p in case.points if not meets(case.target, p) and (p is newest or complete(case, p)))


def without_evidence(case):
    return Verdict(Status.NO_DATA, Reason.NO_EVIDENCE)


def without_percentage(case):
    soon = (case.target.deadline - case.today).days <= case.target.notice
    status, reason = (Status.AT_RISK, Reason.DUE_SOON) if soon else (Status.NOT_YET_DUE, Reason.IN_HAND)
    return watched(case, Verdict(status, reason, case.reports[-1:]))


def running(case, day):
    point = case.points[-1]
    if meets(case.target, point):
        return watched(case, Verdict(Status.ON_TRACK, Reason.MET_EARLY, (point,), day))
    return watched(case, against_line(case, point, day))


def against_line(case, point, day):
    target, line = case.target, planned_exactly(case.target, day)
    if line is None:
        return Verdict(Status.AT_RISK, Reason.NO_LINE, (point,), day)
    behind = (measure(point) - line) * (1 if target.side is Side.LOWER else -1)
    status, reason = lateness(target, behind, line)
    if status is Status.OFF_TRACK and case.outlook and not complete(case, point):
        # The months so far of a seasonal year are no fair sample of it: how late that is, the outlook says.
        status, reason = Status.AT_RISK, Reason.SLIGHTLY_BEHIND
    return Verdict(status, reason, (point,), day)


def lateness(target, behind, line):
    """behind: positive when the value is short of the line [unit]. Only values that do not meet the goal come here, so
    one level with a line that has reached the goal stands exactly on a strict limit."""
    at_goal = line == Fraction(target.value)
    if behind <= 0 and at_goal:
        return Status.AT_RISK, Reason.ON_LIMIT
    if behind <= 0 or (behind < Fraction(target.grain) and not at_goal):
        return Status.ON_TRACK, Reason.WITH_PLAN
    if behind <= Fraction(target.tolerance) * way_planned(target, line):
        return Status.AT_RISK, Reason.SLIGHTLY_BEHIND
    return Status.OFF_TRACK, Reason.BEHIND


def way_planned(target, line):
    begin = origin(target)
    return abs(line - begin) if begin is not None and better(target, line, begin) else Fraction(0)


def one_year(case, year):
    first, last = year_bounds(case.target, year)
    points, over, day = [p for p in case.points if p.until.year == year], case.today > last, min(case.today, last)
    if not points and over:
        status = Status.NO_DATA if case.over else Status.AT_RISK
        return Verdict(status, Reason.YEAR_MISSING, line_day=day, year=year)
    if not points:
        return foreseen(case, Verdict(Status.ON_TRACK, Reason.YEAR_OPEN, line_day=day, year=year))
    used = tuple(points[-1:])
    if meets(case.target, points[-1]):
        return Verdict(Status.ON_TRACK, Reason.YEAR_MET, used, day, year=year)
    if over and complete(case, points[-1]):
        return Verdict(Status.OFF_TRACK, Reason.YEAR_MISSED, used, day, settled=True, year=year)
    verdict = replace(against_line(case, points[-1], day), year=year)
    return verdict if over else foreseen(case, verdict)


def compared(case):
    """The baseline of a direction and the points after it: declared, else the last value before the start, else the first
    since. One figure alone has no direction."""
    target = case.target
    if target.baseline is not None:
        since = target.baseline_on or date.min
        return Point(since, target.baseline), tuple(point for point in case.points if point.until > since)
    known = (*case.earlier[-1:], *case.points)
    return next(iter(known), None), known[1:]


def without_comparison(case):
    known = (*case.earlier, *case.points)
    return Verdict(Status.NO_DATA, Reason.SINGLE_POINT, used=known[-1:]) if known else without_evidence(case)


def watched(case, verdict):
    return aged(case, foreseen(case, verdict))


def aged(case, verdict):
    late_news = verdict.status is Status.ON_TRACK and stale(case, case.today)
    return replace(verdict, status=Status.AT_RISK, reason=Reason.STALE) if late_news else verdict


def foreseen(case, verdict):
    if case.outlook is None:
        return verdict
    if case.outlook.probability < UNLIKELY:
        return lowered(verdict, Status.OFF_TRACK, Reason.OUTLOOK_UNLIKELY)
    if case.outlook.probability < LIKELY:
        return lowered(verdict, Status.AT_RISK, Reason.OUTLOOK_OPEN)
    if verdict.reason in LATE_AGAINST_LINE:
        return replace(verdict, status=ONE_STEP_UP[verdict.status], reason=Reason.OUTLOOK_LIKELY)
    return verdict


def lowered(verdict, status, reason):
    already = severity(verdict.status) >= severity(status)
    return verdict if already else replace(verdict, status=status, reason=reason)


# The answer.


def judgement(case, verdict, evidence):
    point, target = next(reversed(verdict.used), None), case.target
    provisional = evidence.provisional or marked(verdict.used, "provisional")
    simulated = evidence.simulated or marked(verdict.used, "simulated")
    share = point is not None and point.of is not None and point.value is not None
    actual = shown(point) if point else None
    return Judgement(
        status=verdict.status,
        reason=verdict.reason,
        kind=target.kind,
        side=target.side,
        unit=target.unit,
        binding=target.binding,
        today=case.today,
        start=target.start,
        deadline=target.deadline,
        days_left=(target.deadline - case.today).days,
        goal=target.value,
        actual=actual,
        actual_on=point.until if point else None,
        newest=newest(case),
        planned=planned(target, verdict.line_day) if verdict.line_day else None,
        planned_on=verdict.line_day,
        attained_on=verdict.attained_on,
        gap=gap(target, actual, verdict.baseline),
        baseline=verdict.baseline,
        part=point.value if share else None,
        whole=point.of if share else None,
        year=verdict.year,
        stage=point.stage if point else "",
        completeness=point.completeness if point else None,
        stale=stale(case, case.today) and verdict.status not in (Status.ATTAINED, Status.NOT_YET_DUE),
        provisional=provisional,
        simulated=simulated,
        decided=verdict.settled and not provisional and not simulated,
        outlook=None if verdict.settled else case.outlook,
    )


def marked(points, name):
    return any(getattr(point, name) for point in points)


def newest(case):
    if case.done:
        return case.done
    return case.reports[-1].until if case.reports else None


def shown(point):
    """A covered share is cut, not rounded: 99.999 % of a whole is never shown as 100 %."""
    if point.of is None or point.value is None:
        return point.value
    if point.of == 0:
        return None
    return to_decimal(Fraction(measure(point) * HUNDREDTHS // 1, HUNDREDTHS), 2)


def gap(target, actual, baseline):
    goal = target.value if baseline is None else baseline
    if actual is None or goal is None:
        return None
    missing = Fraction(goal) - Fraction(actual)
    missing = -missing if target.side is Side.LOWER else missing
    return to_decimal(missing, max(places(actual), places(goal), *map(places, figures(target))))
