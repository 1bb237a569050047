"""Metrics: their formulas and what feeds them."""

from collections.abc import Iterator

from qingshan.evidence.registers.selections import faults
from qingshan.indicators.values import INSTEAD
from qingshan.observations.assess.findings import TAKES
from qingshan.programme.reading import Reading
from qingshan.programme.schema import Counting, Measuring, Metric, Problem, Series

from .naming import unknown

FREQUENCIES = {
    "annual_mean": {"month", "quarter"},
    "latest": {"month", "quarter", "year", "date"},
    "cumulative": {"month", "quarter", "year"},
    "yearly_sum": {"month", "quarter", "year"},
    "count_done": {"items"},
    "share": {"month", "quarter", "year", "date"},
    "assessed": set(),
    "milestone": {"date"},
}


def metrics_fit(reading: Reading) -> Iterator[Problem]:
    for metric in reading.programme.metrics:
        wanted = {"numerator", "denominator"} if metric.formula == "share" else {"series"}
        measured = isinstance(metric.inputs.series, Measuring)
        if metric.inputs.filled.keys() - ({INSTEAD} if measured else set()) != wanted:
            names = " 和 ".join(sorted(wanted, reverse=True))
            yield metric.problem(
                "inputs", f"公式 {metric.formula} 的 inputs 应只写 {names}",
                f"formula {metric.formula} takes exactly {names.replace('和', 'and')} as inputs",
            )  # fmt: skip
        yield from unknown(reading, metric, "inputs", "series", metric.inputs.codes.values())
        yield from _forecast(metric)
        known = reading.programme.series_by_code
        yield from _inputs_fit(metric, [known[code] for code in metric.inputs.codes.values() if code in known])
        for counting in metric.inputs.countings.values():
            yield from _counting(reading, metric, counting)
        for measuring in metric.inputs.measurings.values():
            yield from _measuring(reading, metric, measuring)


def _measuring(reading: Reading, metric: Metric, measuring: Measuring) -> Iterator[Problem]:
    """Whether what a metric takes can be taken, at sites that are there, by its formula and in its unit."""
    known = TAKES.get(measuring.stream, {})
    take = known.get(measuring.take)
    if take is None:
        yield measuring.problem(
            "take", f"{measuring.stream} 的监测数据不能取 {measuring.take}；可用：{'、'.join(known) or '无'}",
            f"{measuring.take} cannot be taken of {measuring.stream}; there are: {', '.join(known) or 'none'}",
        )  # fmt: skip
        return
    if (measuring.item or "") not in (take.items or ("",)):
        items = "、".join(take.items)
        yield measuring.problem(
            "item" if measuring.item else "", f"取 {measuring.take} 时 item 应为 {items}" if items else f"取 {measuring.take} 时不写 item",
            f"{measuring.take} is taken of an item: {items.replace('、', ', ')}" if items else f"{measuring.take} is taken of no item",
        )  # fmt: skip
        return
    if take.depth != bool(measuring.depth is not None and measuring.depth > 0):
        yield measuring.problem(
            "depth" if measuring.depth is not None else "", f"取 {measuring.take} 时须写设计降雨量 depth（毫米，大于 0）" if take.depth else f"取 {measuring.take} 时不写 depth",
            f"{measuring.take} needs the design rainfall in depth (mm, above 0)" if take.depth else f"{measuring.take} takes no depth",
        )  # fmt: skip
        return
    if not reading.programme.sites_of(measuring):
        where = f" {measuring.group}" if measuring.group else ""
        yield measuring.problem(
            "group" if measuring.group else "", f"sites.csv 中没有 {measuring.stream}{where} 的点位",
            f"sites.csv has no site of {measuring.stream}{where}",
        )  # fmt: skip
    for name, stated, fitting in (
        ("formula", metric.formula, take.formula),
        ("unit", metric.unit or "", take.unit(measuring.wanted)),
    ):
        if stated != fitting:
            word = "公式" if name == "formula" else "单位"
            yield metric.problem(
                name, f"取 {measuring.stream} 的 {measuring.take} 时，{word}应为 {fitting}，现为 {stated}",
                f"{measuring.take} of {measuring.stream} takes the {name} {fitting}, not {stated}",
            )  # fmt: skip


def _counting(reading: Reading, metric: Metric, counting: Counting) -> Iterator[Problem]:
    """Whether a metric's register, states and fields are there, and what it counts has the metric's unit."""
    yield from unknown(reading, counting, "register", "registers", [counting.register_code])
    register = reading.programme.register_by_code.get(counting.register_code)
    if register is None:
        return
    for zh, en in faults(counting.selection, register):
        yield counting.problem("", f"指标 {metric.code}：{zh}", f"metric {metric.code}: {en}")
    needs = COUNTS.get(metric.formula)
    if needs is None or (needs == "flow") > bool(counting.on):
        allowed = "、".join(sorted(COUNTS))
        yield metric.problem(
            "formula", f"公式 {metric.formula} 不能直接取台账数据：可用 {allowed}，其中 yearly_sum 和 cumulative 须写明 on",
            f"formula {metric.formula} cannot count a register; use {allowed.replace('、', ', ')}, and say on for yearly_sum and cumulative",
        )  # fmt: skip
    column = register.field.get(counting.total or "")
    fitting = f"{column.unit}/年" if column and metric.formula == "yearly_sum" else column and column.unit
    if column and metric.formula != "share" and metric.unit != fitting:
        yield metric.problem(
            "unit", f"指标单位 {metric.unit} 与台账字段的单位不符，应为 {fitting}",
            f"the unit {metric.unit} does not follow from the register's field; use {fitting}",
        )  # fmt: skip


COUNTS = {"count_done": "stock", "share": "stock", "latest": "stock", "yearly_sum": "flow", "cumulative": "flow"}


def _forecast(metric: Metric) -> Iterator[Problem]:
    wanted = {"annual_mean": "annual_mean", "count": "count_done"}.get(metric.forecast)
    if wanted and metric.formula != wanted:
        yield metric.problem(
            "forecast", f"预测 {metric.forecast} 只用于公式 {wanted}，现为 {metric.formula}",
            f"forecast {metric.forecast} is for formula {wanted}, not {metric.formula}",
        )  # fmt: skip


def _inputs_fit(metric: Metric, inputs: list[Series]) -> Iterator[Problem]:
    for series in inputs:
        if series.frequency not in FREQUENCIES[metric.formula]:
            allowed = "、".join(sorted(FREQUENCIES[metric.formula]))
            yield metric.problem(
                "inputs", f"公式 {metric.formula} 需要频率 {allowed} 的数列，{series.code} 为 {series.frequency}",
                f"formula {metric.formula} needs a series by {allowed.replace('、', ', ')}; {series.code} is by {series.frequency}",
            )  # fmt: skip
    units = {series.unit for series in inputs}
    if metric.formula == "share":
        if metric.unit != "%":
            yield metric.problem(
                "unit", f"占比的单位应为 %，现为 {metric.unit}", f"a share has the unit %, not {metric.unit}"
            )
        if len(units) > 1:
            told = " ≠ ".join(series.unit for series in inputs)
            yield metric.problem(
                "inputs", f"分子与分母单位不一致：{told}", f"numerator and denominator have different units: {told}"
            )
        return
    for unit in units:
        fitting = f"{unit}/年" if metric.formula == "yearly_sum" else unit
        if metric.unit != fitting:
            yield metric.problem(
                "unit",
                f"指标单位 {metric.unit} 与数列单位不符，应为 {fitting}",
                f"the unit {metric.unit} does not follow from the series; use {fitting}",
            )
