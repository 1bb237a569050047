"""The words a judgement is made of: targets, evidence, outlooks, statuses, reasons. Exact numbers only, no floats."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from qingshan.plan.kinds import KIND_NAMES, Kind


class Status(StrEnum):
    ATTAINED = "attained"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NOT_YET_DUE = "not_yet_due"
    NO_DATA = "no_data"


class Side(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"


class Curve(StrEnum):
    LINEAR = "linear"
    STEPS = "steps"
    BACK_LOADED = "back_loaded"
    S_CURVE = "s_curve"
    LEVEL = "level"
    YEARLY = "yearly"


class Reason(StrEnum):
    NOT_STARTED = "not_started"
    NO_EVIDENCE = "no_evidence"
    ZERO_DENOMINATOR = "zero_denominator"
    SINGLE_POINT = "single_point"
    MET = "met"
    MISSED = "missed"
    MET_EARLY = "met_early"
    WITH_PLAN = "with_plan"
    SLIGHTLY_BEHIND = "slightly_behind"
    BEHIND = "behind"
    NO_LINE = "no_line"
    ON_LIMIT = "on_limit"
    AWAITING = "awaiting"
    PARTIAL = "partial"
    SHORT = "short"
    HOLDING = "holding"
    BROKEN = "broken"
    RESTORED = "restored"
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    REACHED = "reached"
    REACHED_LATE = "reached_late"
    YEAR_MET = "year_met"
    YEAR_OPEN = "year_open"
    YEAR_MISSED = "year_missed"
    YEAR_MISSING = "year_missing"
    ALL_YEARS_MET = "all_years_met"
    DONE = "done"
    DONE_LATE = "done_late"
    UNCONFIRMED = "unconfirmed"
    IN_HAND = "in_hand"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    MOVING = "moving"
    MOVED_BACK = "moved_back"
    NOT_MOVING = "not_moving"
    MOVED = "moved"
    NOT_MOVED = "not_moved"
    OUTLOOK_LIKELY = "outlook_likely"
    OUTLOOK_OPEN = "outlook_open"
    OUTLOOK_UNLIKELY = "outlook_unlikely"
    STALE = "stale"


STATUS_WORDS = {
    Status.ATTAINED: ("已达成", "attained"),
    Status.ON_TRACK: ("按序推进", "on track"),
    Status.AT_RISK: ("存在风险", "at risk"),
    Status.OFF_TRACK: ("滞后", "off track"),
    Status.NOT_YET_DUE: ("未到期", "not yet due"),
    Status.NO_DATA: ("暂无数据", "no data"),
}

FIXED_SIDES = {
    Kind.UPPER_BOUND: Side.LOWER,
    Kind.LOWER_BOUND: Side.HIGHER,
    Kind.CUMULATIVE_COUNT: Side.HIGHER,
    Kind.YEARLY_QUOTA: Side.HIGHER,
    Kind.FULL_COVERAGE: Side.HIGHER,
    Kind.DATED_MILESTONE: Side.HIGHER,
}
FIXED_VALUES = {Kind.FULL_COVERAGE: Decimal(100), Kind.DATED_MILESTONE: Decimal(100), Kind.DIRECTION_ONLY: None}
FIXED_CURVES = {Kind.MAINTAIN: Curve.LEVEL, Kind.YEARLY_QUOTA: Curve.YEARLY, Kind.DIRECTION_ONLY: None}


@dataclass(frozen=True, slots=True)
class Target:
    """One promise of a plan, as the rules need it.

    kind: one of nine. side is fixed by the kind except for strict bound and direction only (to be given) and
        maintain (higher unless given).
    start, deadline: first and last day of the promise.
    value: the goal [unit]; 100 [%] for full coverage and milestones, none for direction only.
    baseline: the value before the start [unit], baseline_on its date. A count or milestone without one begins at 0.
    binding: False for 力争, striven for.
    curve, steps: how planned-by-now moves from (start, baseline) to (deadline, value); steps are (day, value due by it).
    tolerance: how far behind still is a risk and not yet lateness, as a share of the way planned so far [0, 1).
    grain: smallest amount the metric can move by [unit]; before the deadline a shortfall under one grain is none.
    enough: completeness a point needs to decide the target [0..1].
    freshness: age at which the newest point no longer carries "on track" [days].
    notice: how long before its deadline a milestone without a percentage becomes a risk [days].

    Raises ValueError or TypeError with a sentence naming the two figures that disagree.
    """

    kind: Kind
    start: date
    deadline: date
    value: Decimal | None = None
    side: Side | None = None
    unit: str = ""
    baseline: Decimal | None = None
    baseline_on: date | None = None
    binding: bool = True
    curve: Curve | None = None
    steps: tuple[tuple[date, Decimal], ...] = ()
    tolerance: Decimal = Decimal("0.2")
    grain: Decimal = Decimal(0)
    enough: Decimal = Decimal(1)
    freshness: int = 366
    notice: int = 90

    def __post_init__(self):
        _words(self, kind=Kind, side=Side, curve=Curve)
        _days(self, "start", "deadline", "baseline_on")
        _numbers(self, "value", "baseline", "tolerance", "grain", "enough")
        if self.deadline < self.start:
            raise ValueError(f"期限 {self.deadline} 早于开始日期 {self.start}")
        _fill_side(self)
        _fill_value(self)
        _fill_curve(self)
        _check_shares(self)
        _check_steps(self)


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: of the period that ends on `until` (since, where the period matters).

    value: [unit of the target]; a running total for counts, the year's running total for quotas, percent done for
        milestones (None: reported as under way, without a percentage). With `of`, a part of that whole: the share of it [%] is
        judged, and nothing of nothing is no share.
    completeness: share of the period's data that is there, as the metric's own standard counts it [0..1].
    """

    until: date
    value: Decimal | None
    since: date | None = None
    of: Decimal | None = None
    completeness: Decimal = Decimal(1)
    provisional: bool = False
    simulated: bool = False
    stage: str = ""

    def __post_init__(self):
        _days(self, "until", "since")
        _numbers(self, "value", "of", "completeness")
        if self.since is not None and self.since > self.until:
            raise ValueError(f"期间开始 {self.since} 晚于期间结束 {self.until}")
        if not 0 <= self.completeness <= 1:
            raise ValueError(f"数据完整度应在 0 到 1 之间，现为 {self.completeness}")
        if self.of is not None and not 0 <= (self.value or 0) <= self.of:
            raise ValueError(f"已覆盖 {self.value} 应在 0 与总数 {self.of} 之间")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a target: points in any order (of two with one date the later in the row counts, as a
    correction), for a milestone the day it was done. provisional and simulated here mark all of it."""

    points: tuple[Point, ...] = ()
    done: date | None = None
    provisional: bool = False
    simulated: bool = False

    def __post_init__(self):
        _days(self, "done")


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast handed in: probability that the target is met [0..1], the interval [unit] and its level [0..1]."""

    probability: Decimal
    low: Decimal | None = None
    central: Decimal | None = None
    high: Decimal | None = None
    level: Decimal = Decimal("0.8")

    def __post_init__(self):
        _numbers(self, "probability", "low", "central", "high", "level")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"达到目标的可能性应在 0 到 1 之间，现为 {self.probability}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is answered: the status, why, and the figures of the sentence.

    actual: the figure judged [unit] and actual_on its date; newest: date of the newest evidence seen (never after today).
    planned: planned-by-now [unit] on planned_on, the day the actual is held against.
    gap: what is missing to the goal [unit], in the target's own direction; zero or negative when the goal is met.
    baseline: for direction only, what the actual was compared with. part, whole: where the actual is a share.
    attained_on: the day a count was reached or a milestone done.
    year: for a quota, the year the figures belong to.
    days_left: to the deadline, negative after it.
    decided: the promise as dated is settled by complete evidence that is neither provisional nor simulated; only a
        correction or a late completion can change it.
    """

    status: Status
    reason: Reason
    kind: Kind
    side: Side
    unit: str
    binding: bool
    today: date
    start: date
    deadline: date
    days_left: int
    goal: Decimal | None = None
    actual: Decimal | None = None
    actual_on: date | None = None
    newest: date | None = None
    planned: Decimal | None = None
    planned_on: date | None = None
    gap: Decimal | None = None
    attained_on: date | None = None
    baseline: Decimal | None = None
    part: Decimal | None = None
    whole: Decimal | None = None
    year: int | None = None
    stage: str = ""
    completeness: Decimal | None = None
    stale: bool = False
    provisional: bool = False
    simulated: bool = False
    decided: bool = False
    outlook: Outlook | None = None


def _set(record, name, value):
    object.__setattr__(record, name, value)


def _words(record, **vocabularies):
    for name, vocabulary in vocabularies.items():
        if getattr(record, name) is not None:
            _set(record, name, vocabulary(getattr(record, name)))


def _days(record, *names):
    for name in names:
        value = getattr(record, name)
        if value is not None and type(value) is not date:
            raise TypeError(f"{name} 应为日期，现为 {value!r}")


def _numbers(record, *names):
    for name in names:
        value = getattr(record, name)
        if type(value) is int:
            _set(record, name, Decimal(value))
        elif value is not None and type(value) is not Decimal:
            raise TypeError(f"{name} 应为精确数（整数或 Decimal），现为 {value!r}")
        elif value is not None and not value.is_finite():
            raise ValueError(f"{name} 应为有限数，现为 {value}")


def _fill_side(target):
    default = Side.HIGHER if target.kind is Kind.MAINTAIN else None
    side = FIXED_SIDES.get(target.kind, target.side or default)
    if side is None:
        raise ValueError(f"“{KIND_NAMES[target.kind][0]}”目标须说明以高为好还是以低为好")
    if target.side not in (None, side):
        raise ValueError(f"“{KIND_NAMES[target.kind][0]}”目标的方向应为 {side}，现为 {target.side}")
    _set(target, "side", side)


def _fill_value(target):
    fixed = FIXED_VALUES.get(target.kind, target.value)
    if target.value is not None and fixed is None:
        raise ValueError(f"“{KIND_NAMES[target.kind][0]}”目标不带数值，现为 {target.value}")
    if target.value not in (None, fixed):
        raise ValueError(f"“{KIND_NAMES[target.kind][0]}”目标的数值应为 {fixed}，现为 {target.value}")
    if fixed is None and target.kind is not Kind.DIRECTION_ONLY:
        raise ValueError(f"“{KIND_NAMES[target.kind][0]}”目标缺少数值")
    _set(target, "value", fixed)
    _set(target, "unit", target.unit or ("%" if target.kind in FIXED_VALUES and fixed is not None else ""))


def _fill_curve(target):
    wanted = FIXED_CURVES.get(target.kind, target.curve or (Curve.STEPS if target.steps else Curve.LINEAR))
    if target.curve not in (None, wanted):
        raise ValueError(f"“{KIND_NAMES[target.kind][0]}”目标的计划曲线应为 {wanted}，现为 {target.curve}")
    if wanted is Curve.YEARLY and target.kind is not Kind.YEARLY_QUOTA:
        raise ValueError(f"“{KIND_NAMES[target.kind][0]}”目标不能用 {wanted} 曲线")
    if (wanted is Curve.STEPS) != bool(target.steps):
        raise ValueError(f"{wanted} 曲线与所列 {len(target.steps)} 个分步数值不符")
    _set(target, "curve", wanted)


def _check_shares(target):
    if not 0 <= target.tolerance < 1:
        raise ValueError(f"容许落后的比例应不小于 0 且小于 1，现为 {target.tolerance}")
    if not 0 <= target.enough <= 1:
        raise ValueError(f"所需数据完整度应在 0 到 1 之间，现为 {target.enough}")
    if min(target.grain, target.freshness, target.notice) < 0:
        raise ValueError(f"最小单位 {target.grain}、时效 {target.freshness} 天、提醒 {target.notice} 天均不得为负")


def _check_steps(target):
    days = [target.start, *(day for day, _ in target.steps), target.deadline]
    if not target.steps:
        return
    if not all(type(value) is Decimal and value.is_finite() for _, value in target.steps):
        raise TypeError(f"分步数值应为 Decimal，现为 {[value for _, value in target.steps]}")
    for earlier, later in zip(days[1:], days[2:], strict=False):
        if later < earlier or days[1] < target.start:
            raise ValueError(f"分步日期 {earlier} 与 {later} 应依次落在 {target.start} 至 {target.deadline} 之间")
    way = [value for _, value in target.steps] + [target.value]
    way = [target.baseline, *way] if target.baseline is not None else way
    for earlier, later in zip(way, way[1:], strict=False):
        if (later < earlier) if target.side is Side.HIGHER else (later > earlier):
            raise ValueError(f"分步数值由 {earlier} 到 {later}，与目标方向相反")
