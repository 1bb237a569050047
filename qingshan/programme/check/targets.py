"""Targets: their days, their kind and comparator, the curve to them, what measures them."""

from collections.abc import Iterator
from decimal import Decimal

from qingshan.programme.reading import Reading
from qingshan.programme.schema import Head, Problem, Programme, Target

from .naming import unknown
from .plan import year_in_plan

HUNDRED = Decimal(100)
OPERATORS = {
    "upper_bound": {"<="},
    "lower_bound": {">="},
    "strict_bound": {"<", ">"},
    "maintain": {"<=", ">="},
    "cumulative_count": {">="},
    "yearly_quota": {">="},
    "full_coverage": {">="},
    "dated_milestone": {"done"},
    "direction_only": {"increase", "decrease"},
}
WITHOUT_VALUE = {"dated_milestone", "direction_only"}


def targets_fit(reading: Reading) -> Iterator[Problem]:
    for target in reading.programme.targets:
        yield from unknown(reading, target, "metric", "metrics", [target.metric])
        yield from unknown(reading, target, "scope", "tasks", [] if target.scope == "overall" else [target.scope])
        yield from unknown(reading, target, "supports", "tasks", target.supports)
        for point in (target.baseline, target.start, *target.steps):
            yield from unknown(reading, point, "source", "sources", [point.source] if point and point.source else [])
        yield from _dates(target, reading.programme.head)
        yield from _shape(target)
        yield from _curve(target)
        yield from _measured(target, reading.programme)


def _dates(target: Target, head: Head | None) -> Iterator[Problem]:
    if head:
        yield from year_in_plan(target, "by", target.by, head, "目标年份", "the target's year")
    if target.due.year != target.by:
        yield target.problem(
            "due",
            f"期限 {target.due} 不在目标年份 {target.by}，请核对",
            f"due {target.due} is not in the target's year {target.by}",
        )
    for name, zh, point in (("baseline", "基准日", target.baseline), ("start", "起点日", target.start)):
        if point and point.date >= target.due:
            yield target.problem(
                name,
                f"{zh} {point.date} 不早于期限 {target.due}，请核对",
                f"{name} {point.date} is not before the deadline {target.due}",
            )
    if target.baseline and not target.baseline.source:
        yield target.problem("baseline", "公布的基准值须写明来源 source", "a published baseline needs its source")


def _shape(target: Target) -> Iterator[Problem]:
    """Kind, operator, side, value and unit of one target against each other."""
    kind = target.kind
    if target.op not in OPERATORS[kind]:
        allowed = " ".join(sorted(OPERATORS[kind]))
        yield target.problem(
            "op", f"类型 {kind} 的比较符应为 {allowed}，现为 {target.op}", f"{kind} takes {allowed}, not {target.op}"
        )
    yield from _side(target)
    if kind in WITHOUT_VALUE and target.value is not None:
        yield target.problem(
            "value", f"类型 {kind} 不带目标值，请删去 {target.value}", f"{kind} has no value; delete {target.value}"
        )
    if kind not in WITHOUT_VALUE and target.value is None:
        yield target.problem("value", f"类型 {kind} 须有目标值 value", f"{kind} needs a value")
    if (target.value is None) != (target.unit is None):
        yield target.problem(
            "unit", "目标值与单位须同时写或同时不写", "value and unit go together; write both or neither"
        )
    if kind == "full_coverage" and target.value not in (None, HUNDRED):
        yield target.problem(
            "value", f"全覆盖的目标值应为 100，现为 {target.value}", f"full coverage means 100, not {target.value}"
        )


def _side(target: Target) -> Iterator[Problem]:
    wanted = {"<": "below", ">": "above"}.get(target.op)
    if target.kind != "strict_bound" and target.side:
        yield target.problem("side", "只有严格界限才写 side，请删去", "only a strict bound has a side; delete it")
    elif target.kind == "strict_bound" and not target.side:
        yield target.problem(
            "kind",
            "严格界限须写明 side：above（超过）或 below（低于）",
            "a strict bound needs its side: above or below",
        )
    elif target.kind == "strict_bound" and wanted and target.side != wanted:
        yield target.problem(
            "side",
            f"side {target.side} 与比较符 {target.op} 相反，应为 {wanted}",
            f"side {target.side} contradicts {target.op}; use {wanted}",
        )


def _curve(target: Target) -> Iterator[Problem]:
    if (target.curve == "steps") != bool(target.steps):
        yield target.problem("curve", "curve: steps 与 steps 各点须同时写", "curve: steps and its points go together")
    days = [point.date for point in target.steps]
    if days != sorted(set(days)):
        yield target.problem(
            "steps", "steps 各点须按日期先后且不重复", "the points of steps must be in order of date, each day once"
        )
    if days and days[-1] > target.due:
        yield target.problem(
            "steps",
            f"最后一点 {days[-1]} 晚于期限 {target.due}",
            f"the last point {days[-1]} is after the deadline {target.due}",
        )
    if (target.curve == "yearly") != (target.kind == "yearly_quota"):
        yield target.problem(
            "kind", "每年定额须用 curve: yearly，其他类型不用", "a yearly quota takes curve: yearly, other kinds do not"
        )


def _measured(target: Target, programme: Programme) -> Iterator[Problem]:
    """Whether the metric fits the target: unit, sense and formula."""
    metric = programme.metric_by_code.get(target.metric)
    if metric is None:
        return
    if target.unit and target.unit != metric.unit:
        yield target.problem(
            "unit", f"目标单位 {target.unit} 与指标 {metric.code} 的单位 {metric.unit} 不一致",
            f"the target's unit {target.unit} differs from {metric.unit} of metric {metric.code}",
        )  # fmt: skip
    if target.op != "done" and (target.op in ("<=", "<", "decrease")) != (metric.better == "lower"):
        yield target.problem(
            "op", f"比较符 {target.op} 与指标 {metric.code} 的方向 better: {metric.better} 相反",
            f"{target.op} contradicts better: {metric.better} of metric {metric.code}",
        )  # fmt: skip
    wanted = {"full_coverage": "share", "dated_milestone": "milestone", "yearly_quota": "yearly_sum"}.get(target.kind)
    if wanted and metric.formula != wanted:
        yield target.problem(
            "metric", f"类型 {target.kind} 的指标公式应为 {wanted}，指标 {metric.code} 现为 {metric.formula}",
            f"{target.kind} needs a metric with formula {wanted}; {metric.code} has {metric.formula}",
        )  # fmt: skip
