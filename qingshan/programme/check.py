"""Whether the parts of a programme folder agree with each other: every reference, year, kind, unit and figure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from qingshan.evaluation.scores.rules import Criterion, Scoring
from qingshan.evidence.registers.places import Unplaced, box_of
from qingshan.evidence.registers.schema import Definition, Known, validate
from qingshan.evidence.registers.selections import Selection, faults
from qingshan.indicators.values import INSTEAD
from qingshan.observations.assess.findings import TAKES
from qingshan.programme import periods
from qingshan.programme.binding import unbound
from qingshan.programme.reading import Reading, read
from qingshan.programme.schema import (
    Counting,
    Entry,
    Figure,
    Head,
    Item,
    Measuring,
    Metric,
    Problem,
    Programme,
    RegisterRow,
    Series,
    Site,
    Source,
    Target,
    Task,
    Where,
)
from qingshan.standards.working_days import has_calendar

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


def inspect(folder: Path) -> tuple[Programme, list[Problem]]:
    """The folder as read, and all its problems in the order of files and lines."""
    reading = read(folder)
    return reading.programme, sorted({*reading.problems, *check(reading)})


def check(reading: Reading) -> list[Problem]:
    """Problems between entries that are each well formed. A reference to a refused entry is not reported again."""
    found: list[Problem] = []
    for rule in RULES:
        found += rule(reading)
    return sorted(found)


def _codes_once(reading: Reading) -> Iterator[Problem]:
    p = reading.programme
    for entries, name, zh in (
        (p.sources, "code", "来源"), (p.bodies, "code", "部门"), (p.targets, "code", "目标"), (p.metrics, "code", "指标"),
        (p.series, "code", "数列"), (p.themes, "no", "专题"), (p.tasks, "no", "任务"), (p.units, "unit", "单位"),
        (p.bodies, "name", "部门名称"), (p.sites, "code", "点位"),
    ):  # fmt: skip
        yield from _once(entries, name, zh)
    for task in p.tasks:
        yield from _once(task.measures, "no", "举措")
    yield from _once(p.head.groups if p.head else [], "code", "点位组")
    if p.head and p.head.demonstration:
        yield from _once(p.head.demonstration.accounts, "login", "账号")


def _once(entries: Iterable[Entry], name: str, zh: str) -> Iterator[Problem]:
    first: dict[Any, Entry] = {}
    for entry in entries:
        key = getattr(entry, name)
        if key in first:
            place = f"{first[key].where.file}:{first[key].where.lines.get(name, first[key].where.line)}"
            yield entry.problem(
                name,
                f"{zh} {key} 重复，已见于 {place}，请改用别的",
                f"{name} {key} is already used at {place}; use another",
            )
        first.setdefault(key, entry)


def _head(reading: Reading) -> Iterator[Problem]:
    head = reading.programme.head
    if not head:
        return
    yield from _period(head)
    yield from _known(reading, head, "office", "bodies", [head.office])
    yield from _known(reading, head, "monitoring", "bodies", [head.monitoring] if head.monitoring else [])
    if not head.demonstration:
        return
    for account in head.demonstration.accounts:
        yield from _known(reading, account, "body", "bodies", [account.body] if account.body else [])
        if account.role == "liaison" and not account.body:
            yield account.problem(
                "role", f"联络员 {account.login} 须写明部门 body", f"liaison {account.login} needs a body"
            )


def _period(head: Head) -> Iterator[Problem]:
    first, last = head.period
    if first > last:
        yield head.problem(
            "period",
            f"计划起始年 {first} 晚于终止年 {last}，请核对",
            f"the plan's first year {first} is after its last {last}",
        )
    for name, day, year in (("starts", head.starts, first), ("ends", head.ends, last)):
        if day.year != year:
            yield head.problem(
                name,
                f"“{name}” {day} 不在 {year} 年，请与 period 一致",
                f"{name} {day} is not in {year}; make it agree with period",
            )


NAMES = {
    "bodies": ("部门", "body", "bodies.yaml"),
    "metrics": ("指标", "metric", "metrics.yaml 的 metrics"),
    "series": ("数列", "series", "metrics.yaml 的 series"),
    "sources": ("来源", "source", "sources.csv"),
    "themes": ("专题", "theme", "plan.yaml 的 themes"),
    "tasks": ("任务", "task", "plan.yaml 的 tasks"),
    "registers": ("台账", "register", "registers.yaml"),
}


def _known(reading: Reading, entry: Entry, name: str, section: str, keys: Iterable[Any]) -> Iterator[Problem]:
    zh, en, place = NAMES[section]
    for key in keys:
        if not reading.knows(section, key):
            yield entry.problem(
                name,
                f"{zh} {key} 不在 {place} 中，请先登记或改正",
                f"{en} {key} is not in {place.replace(' 的 ', ', ')}; add it there or correct it",
            )


def _tasks(reading: Reading) -> Iterator[Problem]:
    p = reading.programme
    for task in p.tasks:
        yield from _level(reading, task)
        yield from _known(reading, task, "bodies", "bodies", task.bodies)
        yield from _known(reading, task, "lead", "bodies", [task.lead] if task.lead else [])
        if not task.bodies and not p.parts_of(task.no):
            yield task.problem(
                "bodies", f"任务 {task.no} 没有责任部门，请至少写一个", f"task {task.no} has no body; name at least one"
            )
        if len(set(task.bodies)) < len(task.bodies):
            yield task.problem(
                "bodies", f"任务 {task.no} 的责任部门有重复，请删去", f"task {task.no} names a body twice; delete one"
            )
        if task.lead and task.lead not in task.bodies:
            yield task.problem(
                "lead",
                f"牵头部门 {task.lead} 不在任务 {task.no} 的责任部门中",
                f"lead {task.lead} is not a body of task {task.no}",
            )
        for measure in task.measures:
            if measure.by and p.head:
                yield from _year_in_plan(measure, "by", measure.by, p.head, "举措年份", "the measure's year")


def _level(reading: Reading, task: Task) -> Iterator[Problem]:
    """A task has a theme; a part of one stands after the whole and takes its theme from there."""
    whole = reading.programme.whole_of(task)
    if isinstance(task.no, str) and not whole and not reading.spoilt("plan.yaml"):
        yield task.problem(
            "no",
            f"任务 {task.no} 是分项任务，却没有任务 {task.no.rpartition('.')[0]}，请补上或改正序号",
            f"task {task.no} is a part, but there is no task {task.no.rpartition('.')[0]}; add it or correct the number",
        )
    elif whole and whole.where.line > task.where.line:
        yield task.problem(
            "no", f"任务 {task.no} 须写在任务 {whole.no} 之后", f"task {task.no} must stand after task {whole.no}"
        )
    if whole and task.theme is not None:
        yield task.problem(
            "theme",
            f"分项任务 {task.no} 的专题随任务 {whole.no}，请删去",
            f"part {task.no} has the theme of task {whole.no}; delete it",
        )
    elif not whole and task.theme is None and isinstance(task.no, int):
        yield task.problem("theme", f"任务 {task.no} 缺少专题 theme，请补上", f"task {task.no} lacks its theme; add it")
    elif task.theme is not None:
        yield from _known(reading, task, "theme", "themes", [task.theme])


def _year_in_plan(entry: Entry, name: str, year: int, head: Head, zh: str, en: str) -> Iterator[Problem]:
    first, last = head.period
    if year < first:
        yield entry.problem(
            name, f"{zh} {year} 早于计划起始年 {first}，请核对", f"{en} {year} is before the plan's first year {first}"
        )
    if year > last:
        yield entry.problem(
            name, f"{zh} {year} 晚于计划终止年 {last}，请核对", f"{en} {year} is after the plan's last year {last}"
        )


def _every_task_judged(reading: Reading) -> Iterator[Problem]:
    if reading.spoilt("targets.yaml"):
        return  # the target that is missed may be one that was refused
    judged = {number for target in reading.programme.targets for number in target.tasks}
    for task in reading.programme.tasks:
        if not judged & {task.no, *reading.programme.parts_of(task.no)}:
            yield task.problem(
                "no",
                f"任务 {task.no} 没有目标，请在 targets.yaml 增加工作指标",
                f"task {task.no} has no target; add a working indicator",
            )


def _targets(reading: Reading) -> Iterator[Problem]:
    for target in reading.programme.targets:
        yield from _known(reading, target, "metric", "metrics", [target.metric])
        yield from _known(reading, target, "scope", "tasks", [] if target.scope == "overall" else [target.scope])
        yield from _known(reading, target, "supports", "tasks", target.supports)
        for point in (target.baseline, target.start, *target.steps):
            yield from _known(reading, point, "source", "sources", [point.source] if point and point.source else [])
        yield from _dates(target, reading.programme.head)
        yield from _shape(target)
        yield from _curve(target)
        yield from _measured(target, reading.programme)


def _dates(target: Target, head: Head | None) -> Iterator[Problem]:
    if head:
        yield from _year_in_plan(target, "by", target.by, head, "目标年份", "the target's year")
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


def _metrics(reading: Reading) -> Iterator[Problem]:
    for metric in reading.programme.metrics:
        wanted = {"numerator", "denominator"} if metric.formula == "share" else {"series"}
        measured = isinstance(metric.inputs.series, Measuring)
        if metric.inputs.filled.keys() - ({INSTEAD} if measured else set()) != wanted:
            names = " 和 ".join(sorted(wanted, reverse=True))
            yield metric.problem(
                "inputs", f"公式 {metric.formula} 的 inputs 应只写 {names}",
                f"formula {metric.formula} takes exactly {names.replace('和', 'and')} as inputs",
            )  # fmt: skip
        yield from _known(reading, metric, "inputs", "series", metric.inputs.codes.values())
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
    yield from _known(reading, counting, "register", "registers", [counting.register_code])
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


def _series(reading: Reading) -> Iterator[Problem]:
    sources = reading.programme.source_by_code
    for series in reading.programme.series:
        yield from _known(reading, series, "body", "bodies", [series.body] if series.body else [])
        yield from _known(reading, series, "source", "sources", [series.source])
        if source := sources.get(series.source):
            yield from _marked(series, series, source)


def _marked(entry: Entry, series: Series, source: Source) -> Iterator[Problem]:
    """Simulated figures have a simulated source and real ones do not, so that neither can pass for the other."""
    if series.origin == "simulated" and source.kind != "simulated":
        yield entry.problem(
            "source", f"模拟数列 {series.code} 的来源 {source.code} 未标为 simulated，请改用模拟来源",
            f"simulated series {series.code} has source {source.code}, which is not marked simulated",
        )  # fmt: skip
    if series.origin != "simulated" and source.kind == "simulated":
        yield entry.problem(
            "source", f"来源 {source.code} 是模拟的，数列 {series.code} 须标为 origin: simulated",
            f"source {source.code} is simulated; mark series {series.code} as origin: simulated",
        )  # fmt: skip
    if series.origin == "official" and source.kind == "office":
        yield entry.problem(
            "source",
            f"官方数列 {series.code} 须有公开来源，{source.code} 不是",
            f"official series {series.code} needs a published source; {source.code} is not",
        )


def _sources(reading: Reading) -> Iterator[Problem]:
    for source in reading.programme.sources:
        if source.kind == "published" and not (source.url and source.publisher and source.licence):
            yield source.problem(
                "code",
                f"公开来源 {source.code} 须写明 publisher、url 和 licence",
                f"published source {source.code} needs publisher, url and licence",
            )


# What the law of a medium asks of each of its sites, in both languages.
ASKED_OF_SITES = {
    "body": ("water", "水体类型 body（river 或 lake）", "its kind of water body in body (river or lake)"),
    "zone": ("noise", "声环境功能区 zone（0、1、2、3、4a、4b，施工场界写 building）", "its functional zone in zone (0 to 4b, or building)"),
    "land": ("soil", "土地用途 land（paddy、rotation、orchard、other，建设用地写 class-1 或 class-2）",
             "its land use in land (paddy, rotation, orchard, other, class-1 or class-2)"),
    "area": ("sea", "代表面积 area（平方公里，大于 0）", "the area it speaks for in area (km², above 0)"),
}  # fmt: skip


def _sites(reading: Reading) -> Iterator[Problem]:
    for site in reading.programme.sites:
        yield from _known(reading, site, "source", "sources", [site.source])
        yield from _asked_of(site)
        yield from _grouped(reading, site)
        if not (-180 <= site.lon <= 180 and -90 <= site.lat <= 90):
            yield site.problem(
                "lon",
                f"点位 {site.code} 的经纬度 {site.lon}, {site.lat} 超出 ±180、±90",
                f"{site.code}: {site.lon}, {site.lat} lie outside ±180 and ±90 degrees",
            )


def _asked_of(site: Site) -> Iterator[Problem]:
    for name, (medium, zh, en) in ASKED_OF_SITES.items():
        told = getattr(site, name)
        if site.medium != medium and told is not None:
            yield site.problem(
                name,
                f"点位 {site.code} 的介质是 {site.medium}，不写 {name}，现为 {told}",
                f"{site.code} is a site of {site.medium} and has no {name}; it says {told}",
            )
        if site.medium == medium and (told is None or (name == "area" and told <= 0)):
            yield site.problem(name, f"点位 {site.code} 须写明{zh}", f"{site.code} needs {en}")


def _grouped(reading: Reading, site: Site) -> Iterator[Problem]:
    head = reading.programme.head
    if site.medium == "groundwater" and site.group is None:
        yield site.problem(
            "group",
            f"地下水点位 {site.code} 须写明所属园区 group",
            f"{site.code} needs the park it watches in group",
        )
    if site.group and head and site.group not in {one.code for one in head.groups}:
        yield site.problem(
            "group",
            f"点位 {site.code} 的组 {site.group} 不在 programme.yaml 的 groups 中，请先登记或改正",
            f"{site.code}: group {site.group} is not among the groups of programme.yaml; add it there or correct it",
        )


def _figures(reading: Reading) -> Iterator[Problem]:
    p = reading.programme
    for row in p.rows():
        yield from _known(reading, row, "series", "series", [row.series])
        yield from _known(reading, row, "source", "sources", [row.source])
        if series := p.series_by_code.get(row.series):
            yield from _row(row, series)
            if source := p.source_by_code.get(row.source):
                yield from _marked(row, series, source)
    yield from _rows_once(p.figures, lambda f: (f.series, f.period, f.published), "同一时段")
    yield from _rows_once(p.items, lambda i: (i.series, i.item, i.published), "同一事项")


def _rows_once(rows: Iterable[Entry], key: Callable[[Any], tuple], zh: str) -> Iterator[Problem]:
    first: dict[tuple, Entry] = {}
    for row in rows:
        if (before := first.setdefault(key(row), row)) is not row:
            told, place = " ".join(str(part) for part in key(row)), f"{before.where.file}:{before.where.line}"
            yield row.problem(
                "", f"{zh}、同一公布日的数据重复（{told}），已见于 {place}；更正请另写较晚的公布日",
                f"{told} is already given at {place}; a correction has a later day of publication",
            )  # fmt: skip


def _row(row: Figure | Item, series: Series) -> Iterator[Problem]:
    if (series.frequency == "items") != isinstance(row, Item):
        yield row.problem(
            "",
            f"数列 {series.code} 的频率为 {series.frequency}，不能写在这类表中",
            f"series {series.code} is by {series.frequency}; it does not belong in this table",
        )
        return
    low, high = series.range
    if not low <= row.value <= high:
        yield row.problem(
            "",
            f"数列 {series.code} 的值 {row.value} 超出 {low}–{high}，请核对",
            f"value {row.value} of {series.code} is outside {low}–{high}",
        )
    last = row.done if isinstance(row, Item) else None
    if isinstance(row, Figure):
        try:
            last = periods.bounds(row.period, series.frequency)[1]
        except ValueError:
            form = periods.FORMS[series.frequency][1]
            yield row.problem(
                "", f"时段 {row.period} 写法不对，应如 {form}", f"period {row.period} should be written like {form}"
            )
    if last and row.published < last:
        yield row.problem(
            "",
            f"公布日 {row.published} 早于数据日 {last}，请核对",
            f"published {row.published} before {last}, the day it tells of",
        )


def _registers(reading: Reading) -> Iterator[Problem]:
    p, before = reading.programme, set()
    for register in p.registers:
        where, code = register.where or Where("registers.yaml", 1, {}), register.code
        at = (where.file, where.lines.get("code", where.line))
        if code in before:
            yield Problem(
                *at, f"台账 {code} 重复，请改用别的代码", f"the register {code} stands twice; use another code"
            )
        for column in register.references:
            if column.register_code not in before:
                yield Problem(
                    *at, f"台账 {code} 引用的台账 {column.register_code} 须写在它前面",
                    f"the register {column.register_code}, which {code} refers to, must stand before it",
                )  # fmt: skip
        if register.body and not reading.knows("bodies", register.body):
            yield Problem(*at, f"部门 {register.body} 不在 bodies.yaml 中，请先登记或改正", f"body {register.body} is not in bodies.yaml; add it there or correct it")  # fmt: skip
        for no in register.tasks:
            if not reading.knows("tasks", no):
                yield Problem(*at, f"任务 {no} 不在 plan.yaml 的 tasks 中", f"task {no} is not in plan.yaml, tasks")
        before.add(code)


def _entries(reading: Reading) -> Iterator[Problem]:
    p = reading.programme
    keys: dict[str, set[str]] = {}
    for row in p.entries:
        keys.setdefault(row.register, set()).add(p.register_by_code[row.register].key_of(row.data))
    known = Known({body.code for body in p.bodies}, (), keys)
    for row in p.entries:
        register = p.register_by_code[row.register]
        for problem in validate(register, row.data, known):
            yield row.problem(problem.zh, problem.en)
        yield from _entry_row(reading, row, register)


def _entry_row(reading: Reading, row: RegisterRow, register: Definition) -> Iterator[Problem]:
    if not reading.knows("sources", row.source):
        yield row.problem(
            f"来源 {row.source} 不在 sources.csv 中，请先登记或改正",
            f"source {row.source} is not in sources.csv; add it there or correct it",
        )
    if row.state is not None and row.state not in register.state:
        yield row.problem(
            f"台账 {row.register} 没有状态 {row.state}", f"the register {row.register} has no state {row.state}"
        )
    if row.effective and row.effective > row.known:
        yield row.problem(
            f"生效日 {row.effective} 晚于知悉日 {row.known}",
            f"effective on {row.effective}, after it was known on {row.known}",
        )
    if row.geometry is not None:
        try:
            box_of(row.geometry, register.geometry)
        except Unplaced as wrong:
            yield row.problem(wrong.zh, wrong.en)


def _scoring(reading: Reading) -> Iterator[Problem]:
    """Whether each edition of the rules is dated once, and counts registers that are there."""
    for version, name in (("version", "版本"), ("since", "生效日")):
        first: set[str] = set()
        for one in reading.programme.scoring:
            if (told := getattr(one, version)) in first:
                yield _at(
                    one,
                    version,
                    f"评分规则的{name} {told} 重复",
                    f"the {version} {told} of the scoring rules stands twice",
                )
            first.add(told)
    for one in reading.programme.scoring:
        for criterion in one.criterion.values():
            if criterion.source == "register":
                yield from _scored(reading, criterion)


def _scored(reading: Reading, criterion: Criterion) -> Iterator[Problem]:
    code = criterion.register_code
    if not reading.knows("registers", code):
        zh = f"台账 {code} 不在 registers.yaml 中，请先登记或改正"
        yield _at(criterion, "register", zh, f"register {code} is not in registers.yaml; add it there or correct it")
    elif register := reading.programme.register_by_code.get(code):
        chosen = Selection(
            code,
            criterion.condition,
            tuple(criterion.states),
            "",
            criterion.done or "",
            criterion.planned or "",
            "",
            "quarter",
        )
        for zh, en in faults(chosen, register):
            yield _at(criterion, "", f"标准 {criterion.code}：{zh}", f"criterion {criterion.code}: {en}")
        if not (criterion.planned or register.planned):
            yield _at(
                criterion,
                "register",
                f"台账 {code} 没有计划完成日，请写明 planned",
                f"register {code} has no day planned; name it under planned",
            )


def _at(entry: Scoring | Criterion, name: str, zh: str, en: str) -> Problem:
    where = entry.where or Where("scoring.yaml", 1, {})
    return Problem(where.file, where.lines.get(name, where.line), zh, en)


def _escalation(reading: Reading) -> Iterator[Problem]:
    """One rule for each kind, whose levels come later and later, and only registers with a day to be late for."""
    p = reading.programme
    yield from _once(p.escalation, "kind", "事项类型")
    for rule in p.escalation:
        for (_, before), (name, step) in pairwise(rule.steps):
            if step.after <= before.after:
                yield step.problem(
                    "after",
                    f"{name} 在逾期 {step.after} 个工作日时发出，须晚于前一级的 {before.after} 个",
                    f"{name} comes after {step.after} working days; it must come later than the level before, {before.after}",
                )
    for one in p.followed:
        yield from _known(reading, one, "register", "registers", [one.register_code])
        register = p.register_by_code.get(one.register_code)
        if register and not register.planned:
            yield one.problem(
                "register",
                f"台账 {register.code} 没有计划完成日（planned），无从逾期",
                f"the register {register.code} has no planned day; nothing in it can be late",
            )


def _rounds(reading: Reading) -> Iterator[Problem]:
    """The days of a round follow each other, and its country has a calendar of working days."""
    rounds = reading.programme.rounds
    yield from _once(rounds, "code", "填报轮次")
    for one in rounds:
        if not one.opens <= one.due <= one.lock:
            told = f"{one.opens}、{one.due}、{one.lock}"
            yield one.problem(
                "due",
                f"开放、截止、锁定应依次不早于前一个，现为 {told}",
                f"opens, due and lock follow each other, not {told}",
            )
        if not has_calendar(one.calendar):
            yield one.problem(
                "calendar",
                f"没有 {one.calendar} 的节假日历，请用两个字母的国家代码，如 CN",
                f"no calendar for {one.calendar}; use a country code like CN",
            )


def _rehearsed(reading: Reading) -> Iterator[Problem]:
    """A simulated report belongs to a round and a body, and its days follow each other."""
    p = reading.programme
    kinds = {one.code for one in p.rounds}
    if p.rehearsed and not (p.head and p.head.demonstration):
        yield p.rehearsed[0].problem(
            "period", "只有演示规划可以有模拟填报", "only a demonstration has simulated reports"
        )
    for one in p.rehearsed:
        yield from _known(reading, one, "body", "bodies", [one.body])
        if one.round_code not in kinds:
            yield one.problem("round", f"没有填报轮次 {one.round_code}", f"no round {one.round_code}")
        days = [day for day in (one.submitted, one.returned, one.mended, one.accepted) if day]
        if days != sorted(days) or bool(one.returned) != bool(one.why) or days and not one.submitted:
            yield one.problem(
                "submitted",
                "报送、退回、补正、接受的日期应依次填写，退回须写理由",
                "the days follow each other, and a return has its reason",
            )


def _past_lists(reading: Reading) -> Iterator[Problem]:
    """A past list names measures and official targets of the plan, in one of its years."""
    p = reading.programme
    known = {target.code for target in p.official} | {
        f"{task.no}.{one.no}" for task in p.tasks for one in task.measures
    }
    yield from _once(p.lists, "year", "清单年份")
    for one in p.lists:
        if p.head and not p.head.period[0] <= one.year <= p.head.period[1]:
            yield one.problem(
                "year",
                f"清单年份 {one.year} 不在计划期 {p.head.period[0]}—{p.head.period[1]} 之内，请改正",
                f"the list's year {one.year} lies outside the plan's years {p.head.period[0]}–{p.head.period[1]}; correct it",
            )
        for node in one.nodes:
            if node.item not in known and not reading.spoilt("plan.yaml"):
                yield node.problem(
                    "item",
                    f"“{node.item}”既不是“任务.举措”序号，也不是规划目标的代码，请改正",
                    f"{node.item!r} is neither the number of a measure nor the code of an official target; correct it",
                )


RULES: list[Callable[[Reading], Iterator[Problem]]] = [
    _codes_once, _head, _sources, _sites, _tasks, _every_task_judged, _targets, _metrics, _series, _figures, _registers, _entries, _rounds, _rehearsed, _escalation, _scoring,
    unbound, _past_lists,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a programme holds, and how many of its official targets have evidence."""

    themes: int
    tasks: int
    targets: int
    working: int
    bodies: int
    metrics: int
    figures_real: int
    figures_simulated: int
    targets_real: int
    targets_simulated: int
    targets_without_data: int
    registers: int
    entries: int


def count(programme: Programme) -> Counts:
    simulated = {s.code for s in programme.series if s.origin == "simulated"}
    rows = [row.series for row in programme.rows()]
    made_up = sum(code in simulated for code in rows)
    evidence = [evidence_of(target, programme) for target in programme.official]
    return Counts(
        themes=len(programme.themes),
        tasks=len(programme.tasks),
        targets=len(programme.official),
        working=len(programme.working),
        bodies=len(programme.bodies),
        metrics=len(programme.metrics),
        figures_real=len(rows) - made_up,
        figures_simulated=made_up,
        targets_real=evidence.count("real"),
        targets_simulated=evidence.count("simulated"),
        targets_without_data=evidence.count("none"),
        registers=len(programme.registers),
        entries=len(
            {(row.register, programme.register_by_code[row.register].key_of(row.data)) for row in programme.entries}
        ),
    )


def evidence_of(target: Target, programme: Programme) -> str:
    """real, simulated or none: what the figures behind a target are. One simulated input makes all of it simulated."""
    inputs = programme.metric_by_code[target.metric].inputs
    codes, kept = inputs.codes.values(), [one.register_code for one in inputs.countings.values()]
    if inputs.measurings and not inputs.instead:
        return _measured_by(programme, inputs.measurings.values())
    named = programme.sources_of_registers
    if not all(code in programme.series_with_rows for code in codes) or not all(code in named for code in kept):
        return "none"
    made_up = any(programme.series_by_code[code].origin == "simulated" for code in codes)
    invented = any(programme.source_by_code[source].kind == "simulated" for code in kept for source in named[code])
    return "simulated" if made_up or invented else "real"


def _measured_by(programme: Programme, measurings: Iterable[Measuring]) -> str:
    """What stands published instead of measurements speaks for itself; without it, one simulated site makes all simulated."""
    found = [site for one in measurings for site in programme.sites_of(one)]
    made_up = any(programme.source_by_code[site.source].kind == "simulated" for site in found)
    return "none" if not found else "simulated" if made_up else "real"
