"""What each body owes in a reporting round, and what the system already knows of it.

A body is asked for the series it states, the items it planned, the nodes of the annual list it leads, the measures of its
tasks that no list of the year covers, its part in other tasks, and whether its registers are right; nothing else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qingshan.evidence.figures.models import Series
from qingshan.evidence.figures.queries import figures_as_of, items_as_of, series_as_of
from qingshan.evidence.registers.models import Entry
from qingshan.evidence.registers.queries import all_tallies, any_simulated, periods, registers_as_of
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.reports.actions import open_round
from qingshan.evidence.reports.answers import Asked, plain
from qingshan.evidence.reports.contradictions import Contradiction, contradictions
from qingshan.evidence.reports.models import Line, Report, Round
from qingshan.evidence.reports.queries import answer_of, lines_of, schedule_of
from qingshan.evidence.reports.rounds import Days, rounds_until
from qingshan.indicators.queries import metrics_as_of, values_as_of
from qingshan.indicators.values import MetricValue
from qingshan.people.models import User
from qingshan.plan.annual.models import AnnualList
from qingshan.plan.annual.queries import Entry as Node
from qingshan.plan.annual.queries import measure_key, sheets_of
from qingshan.plan.models import Edition, Involvement, Measure, Programme, Target, Task
from qingshan.plan.queries import content_of, standing_edition
from qingshan.standards.rounding import round_gbt8170

from .yearly import year_ends

MEMORY = 8  # periods looked back on
COMMON, LATIN = 4, 12  # characters, or Latin letters, that the names of a measure and its target have in common
Owed = dict[str, list[Asked]]
QUARTER_ENDS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def open_rounds(*, by: User | None, programme: Programme, on: date, now: datetime) -> list[Round]:
    """Open the rounds that should be open on a day and are not yet; one whose lock day has passed is not opened any more."""
    edition = standing_edition(programme)
    opened = []
    for kind in schedule_of(programme) if edition else []:
        for days in rounds_until(kind, on, edition.ends):
            taken = programme.rounds.filter(kind=kind.code, period=days.period).exists()
            if taken or days.locks_on < on:
                continue
            made = open_round(by=by, programme=programme, kind=kind, days=days, owed=owed(programme, days, on, now))
            opened += [made] if made else []
    return opened


def owed(
    programme: Programme, days: Days, as_of: date, cutoff: datetime, metrics: Collection[str] | None = None
) -> Owed:
    """By body code: what is asked of it, by what was known on `as_of` and recorded by `cutoff`.

    `metrics`: those whose values are needed; all where none are named.
    """
    book = _Book(programme, days, as_of, cutoff, metrics)
    found: Owed = defaultdict(list)
    for part in (_values, _metrics, _items, _nodes, _measures, _parts, _registers):
        for body, asked in part(book):
            found[body].append(asked)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A line with what the system knows of it now, and what does not agree."""

    line: Line
    known: Mapping[str, Any]
    contradictions: list[Contradiction]


def reviewed(report: Report, as_of: date, cutoff: datetime) -> list[Reviewed]:
    """The lines of a report against what is known now, not what was known when the round was opened."""
    held = report.round
    days = Days(held.period, held.starts, held.ends, held.opens_on, held.due_on, held.locks_on, held.provisional)
    lines = lines_of(report)
    needed = {line.asked["metric"] for line in lines if line.asked.get("metric")}
    now = {one.key: one.known for one in owed(held.programme, days, as_of, cutoff, needed).get(report.body.code, [])}
    return [_reviewed(line, {**line.known, **now.get(line.key, {})}, cutoff) for line in lines]


def _reviewed(line: Line, known: dict[str, Any], cutoff: datetime) -> Reviewed:
    if line.entries:
        known["undone"] = _undone(line, cutoff)
    files = len(line.files.all())
    return Reviewed(line, known, contradictions(line.form, line.asked, known, answer_of(line), files))


def _undone(line: Line, cutoff: datetime) -> list[str]:
    """The entries named as evidence that are not in a state in which a metric counts them."""
    programme = line.report.round.programme
    counted = _counted_states(metrics_as_of(programme, cutoff).values())
    found = []
    for register, key in line.entries:
        entry = Entry.objects.filter(programme=programme, register=register, key=key, withdrawn=False).first()
        if entry is None or entry.state not in counted.get(register, {entry.state}):
            found.append(key)
    return found


def _counted_states(metrics: Iterable) -> dict[str, set[str]]:
    """By register: the states in which a metric counts its rows; where none names states, rows are neither done nor undone."""
    found: dict[str, set[str]] = {}
    for metric in metrics:
        for told in metric.inputs.values():
            if isinstance(told, dict) and told.get("state"):
                found.setdefault(told["register"], set()).update(told["state"])
    return found


# --- what there is to ask from


@dataclass
class _Book:
    """All that the questions of a round are made from, read once."""

    programme: Programme
    days: Days
    as_of: date
    cutoff: datetime
    metrics: Collection[str] | None = None
    edition: Edition | None = None
    tasks: list[Task] = field(default_factory=list)
    series: dict[str, Series] = field(default_factory=dict)
    values: dict[str, MetricValue] = field(default_factory=dict)
    kept: dict[str, Definition] = field(default_factory=dict)

    def __post_init__(self):
        self.edition = standing_edition(self.programme)
        self.series = series_as_of(self.programme, self.cutoff)
        self.values = values_as_of(self.programme, self.as_of, self.cutoff, self.metrics)
        self.kept = registers_as_of(self.programme, self.cutoff)
        self.tallies, self.simulated = all_tallies(self.programme), any_simulated(self.programme)
        if self.edition:
            self.tasks = list(self.edition.tasks.prefetch_related("involvements__body", "measures"))
            self.promises = list(self.edition.targets.all())
            self.targets = {one.metric: one for one in reversed(self.promises) if one.metric}
            self.year_ends = year_ends(content_of(self.edition).targets, self.days.ends.year)
        else:
            self.promises, self.targets, self.year_ends = [], {}, {}
        self.counted = _counted_states(one.definition for one in self.values.values())
        self.nodes = self._nodes()
        self.said = self._said()
        self.asked_registers: set[str] = set()

    def _nodes(self) -> list[Node]:
        for sheet in sheets_of(self.programme):
            if sheet.annual.year == self.days.ends.year and sheet.annual.state == AnnualList.State.ISSUED:
                return sheet.standing
        return []

    def _said(self) -> dict[tuple[str, str], dict[str, Any]]:
        """By body and key: what was accepted from it last, before this round."""
        rows = Line.objects.filter(
            report__round__programme=self.programme, report__round__ends__lt=self.days.ends, accepted_on__isnull=False,
            accepted_on__lte=self.as_of,
        ).order_by("report__round__ends", "id")  # fmt: skip
        told = rows.values_list("report__body__code", "key", "claim", "progress", "report__round__period")
        return {(body, key): _last(claim, progress, period) for body, key, claim, progress, period in told}

    def before(self, body: str, key: str) -> dict[str, Any]:
        return self.said.get((body, key), {})


def _last(claim: Decimal | None, progress: str, period: str) -> dict[str, Any]:
    last = {"last": plain(claim)} if claim is not None else {}
    return last | {"last_period": period, "said": progress}


def _named(zh: str, en: str, **more) -> dict[str, Any]:
    return {"zh": zh, "en": en or zh} | {name: value for name, value in more.items() if value not in (None, "")}


# --- numbers

MONTHS = {"month", "quarter", "year"}


def _values(book: _Book) -> Iterator[tuple[str, Asked]]:
    """The periods of a body's series that end within the round's; a milestone's progress as of its last day."""
    own = {code: one for code, one in book.series.items() if one.body and one.origin != Series.Origin.OFFICIAL}
    figures = figures_as_of(book.programme, own.keys(), book.as_of, book.cutoff)
    for code, one in own.items():
        for period, ends in _periods(one.frequency, book.days):
            known = _figures_known(one, period, ends, figures.get(code, []))
            asked = _series_asked(book, one, period, ends)
            form = "percent" if one.frequency == "date" else "value"
            claim = Decimal(known["value"]) if "value" in known else None
            yield one.body, Asked(f"value:{code}@{period}", "value", form, asked, known, claim)


def _periods(frequency: str, days: Days) -> list[tuple[str, date]]:
    if frequency == "date":
        return [(days.ends.isoformat(), days.ends)]
    if frequency not in MONTHS:
        return []
    return [(name, ends) for name, _, ends in periods(frequency, days.starts, days.ends) if ends >= days.starts]


def _series_asked(book: _Book, one: Series, period: str, ends: date) -> dict[str, Any]:
    metric = next((value for value in book.values.values() if one.code in value.definition.inputs.values()), None)
    target = book.targets.get(metric.definition.code) if metric else None
    growing = bool(target and target.kind == "cumulative_count" and metric.definition.formula == "latest")
    return _named(
        one.name, one.name_en, unit=one.unit, series=one.code, period=period, ends=ends.isoformat(), least=plain(one.least),
        most=plain(one.most), target=target.code if target else None, cumulative=growing or None,
    )  # fmt: skip


def _figures_known(one: Series, period: str, ends: date, rows: list) -> dict[str, Any]:
    """The values of earlier periods, and the one already known for this period."""
    earlier = [row for row in rows if row.ends < ends]
    known: dict[str, Any] = {"history": [plain(row.value) for row in earlier[-MEMORY:]]}
    if earlier:
        known |= {"last": plain(earlier[-1].value), "last_period": earlier[-1].period}
    same = [row for row in rows if row.period == period or row.ends == ends]
    if same:
        known |= {"value": plain(same[-1].value), "value_from": {"zh": "已录入的数值", "en": "the value on record"}}
    return known | ({"simulated": True} if rows and one.origin == Series.Origin.SIMULATED else {})


def _metrics(book: _Book) -> Iterator[tuple[str, Asked]]:
    """Values that registers give by the rules: the body that keeps the register says whether they are right."""
    for code, value in book.values.items():
        chosen = [
            told
            for told in value.definition.inputs.values()
            if isinstance(told, dict) and told["register"] in book.kept
        ]
        body = book.kept[chosen[0]["register"]].body if chosen else None
        if not body or not value.points or code not in book.targets:
            continue
        names = book.kept[chosen[0]["register"]].name
        book.asked_registers |= {one["register"] for one in chosen}
        asked = _named(value.definition.name, value.definition.name_en, unit=value.definition.unit, metric=code,
                       target=book.targets[code].code, register=chosen[0]["register"])  # fmt: skip
        known = _metric_known(book, value) | {
            "value_from": {"zh": f"台账“{names.zh}”", "en": f"the register “{names.en}”"}
        }
        claim = Decimal(known["value"]) if "value" in known else None
        yield body, Asked(f"metric:{code}", "value", "value", asked, known, claim)


def _metric_known(book: _Book, value: MetricValue) -> dict[str, Any]:
    """What a metric comes to, and whether its target's goal is met."""
    points = [one for one in value.points if one.value is not None]
    if not points:
        return {}
    last, target = points[-1], book.targets.get(value.definition.code)
    known: dict[str, Any] = {"value": plain(last.value), "value_on": last.ends.isoformat()}
    if last.whole is not None:
        known |= {"of": [plain(last.part), plain(last.whole)]}
    known |= _rows_done(book, value) | ({"unit": value.definition.unit} if value.definition.unit else {})
    if target and target.value is not None:
        known |= {"goal": plain(target.value), "attained": _met(target.op, last.value, target.value)}
    return known | ({"simulated": True} if "simulated" in value.origins else {})


def _rows_done(book: _Book, value: MetricValue) -> dict[str, Any]:
    """Of a list of things that a metric counts: how many there are, and how many of them count."""
    told = value.definition.inputs.get("series")
    if value.definition.formula != "count_done" or not isinstance(told, dict) or told["register"] not in book.kept:
        return {}
    kept, rows = book.kept[told["register"]], value.evidence["series"].rows
    done = [state for state in kept.states if state.code in told.get("state", ())]
    words = {"done_zh": done[0].zh, "done_en": done[0].en.lower()} if done else {}
    return {"part": sum(one.done_on is not None for one in rows), "whole": len(rows),
            "register": {"zh": kept.name.zh, "en": kept.name.en} | words}  # fmt: skip


def _met(op: str, value: Decimal, goal: Decimal) -> bool:
    return {"<=": value <= goal, "<": value < goal, ">": value > goal}.get(op, value >= goal)


def _items(book: _Book) -> Iterator[tuple[str, Asked]]:
    """The items of a body's series that should be done by the end of the period and are not."""
    own = {code: one for code, one in book.series.items() if one.body and one.frequency == "items"}
    for code, rows in items_as_of(book.programme, own.keys(), book.as_of, book.cutoff).items():
        one = own[code]
        for row in rows:
            if row.planned_on and row.planned_on <= book.days.ends and not row.done_on:
                asked = _named(f"{one.name}：{row.key}", f"{one.name_en}: {row.key}", series=code, item=row.key,
                               amount=plain(row.value), planned=row.planned_on.isoformat(), due=row.planned_on.isoformat(),
                               overdue=True, proof=True, unit=one.unit)  # fmt: skip
                known = {"simulated": True} if one.origin == Series.Origin.SIMULATED else {}
                yield one.body, Asked(f"item:{code}:{row.key}", "item", "finished", asked, known)


# --- works


def _nodes(book: _Book) -> Iterator[tuple[str, Asked]]:
    """The nodes of the year's list that a body leads and that are not done."""
    for entry in book.nodes:
        if not entry.lead_code or entry.done_on and entry.done_on <= book.as_of:
            continue
        yield entry.lead_code, _node(book, entry)


def _node(book: _Book, entry: Node) -> Asked:
    key, target = _node_key(entry), _target_behind(book, entry)
    due = date(book.days.ends.year, *QUARTER_ENDS[entry.quarter])
    asked = _named(
        entry.title, entry.title_en, node=entry.item.pk, about_zh=entry.node, about_en=entry.node_en, task=entry.item.task_no,
        due=due.isoformat(), overdue=due <= book.days.ends or None, proof=True, metric=target.metric if target else None,
    )  # fmt: skip
    return Asked(key, "node", "percent", asked, book.before(entry.lead_code, key) | _of_node(book, target))


def _node_key(entry: Node) -> str:
    """The same in every round of the year: by what the node is made from, or by its number where the office added it."""
    item = entry.item
    if item.target_id:
        return f"node:{item.annual.year}:target:{item.target.code}"
    return f"node:{item.annual.year}:{item.task_no}:{item.measure.order}" if item.measure_id else f"node:{item.pk}"


def _target_behind(book: _Book, entry: Node) -> Target | None:
    """The target a node is made from, or the one its measure serves."""
    item = entry.item
    task = next((one for one in book.tasks if one.no == item.task_no), None)
    return item.target or (_target_of(book, task, item.measure) if item.measure_id and task else None)


def _of_node(book: _Book, target: Target | None) -> dict[str, Any]:
    """What the metric behind a node comes to, held against where its target should be at the end of the list's year."""
    known = _of_target(book, target)
    if "value" not in known or target.code not in book.year_ends:
        return known
    goal = book.year_ends[target.code][1]
    if goal is None:
        return {name: told for name, told in known.items() if name not in ("goal", "attained", "part", "whole")}
    met = _met(target.op, Decimal(known["value"]), goal)
    rows = {} if met else {name: known[name] for name in ("part", "whole") if name in known}
    rest = {name: told for name, told in known.items() if name not in ("part", "whole")}
    decimals = book.values[target.metric].definition.decimals
    return rest | rows | {"goal": plain(round_gbt8170(goal, decimals)), "attained": met}


def _of_target(book: _Book, target: Target | None) -> dict[str, Any]:
    """What the metric of a target comes to, and how many of its rows are done."""
    value = book.values.get(target.metric) if target else None
    if value is None:
        return {}
    names = {
        "zh": f"指标“{value.definition.name}”",
        "en": f"the metric “{value.definition.name_en or value.definition.name}”",
    }
    return _metric_known(book, value) | {"value_from": names}


def _measures(book: _Book) -> Iterator[tuple[str, Asked]]:
    """The measures of the tasks a body leads that the year's list does not cover. Where the plan names no lead, the body
    named first answers."""
    covered = {entry.key for entry in book.nodes}
    for task in book.tasks:
        body = _answers_for(task)
        for place, measure in enumerate(task.measures.all(), 1):
            if body and measure_key(measure) not in covered:
                yield body, _measure(book, task, place, measure, body)


def _measure(book: _Book, task: Task, place: int, measure: Measure, body: str) -> Asked:
    key, target = f"measure:{task.no}:{place}", _target_of(book, task, measure)
    asked = _named(
        measure.title, measure.title_en, task=task.no, about_zh=task.title, about_en=task.title_en, proof=True,
        metric=target.metric if target else None,
    )  # fmt: skip
    return Asked(key, "measure", "percent", asked, book.before(body, key) | _of_target(book, target))


def _answers_for(task: Task) -> str | None:
    parts = [one for one in task.involvements.all() if one.body]
    leads = [one for one in parts if one.part == Involvement.Part.LEAD]
    return (leads or parts)[0].body.code if parts else None


def _target_of(book: _Book, task: Task, measure: Measure) -> Target | None:
    """The one target of the task that shares words with the measure."""
    own = [one for one in book.promises if one.task_id == task.pk or task.no in one.supports]
    found = [one for one in own if _share(one.name, measure.title) or one.short and _share(one.short, measure.title)]
    return found[0] if len(found) == 1 else None


def _share(a: str, b: str) -> bool:
    """Whether two names have a run of characters in common that tells them apart from others."""
    length = LATIN if a.isascii() else COMMON
    return any(a[n : n + length] in b for n in range(len(a) - length + 1))


def _parts(book: _Book) -> Iterator[tuple[str, Asked]]:
    """A body's part in the tasks that others answer for: words, where there is something to say."""
    for task in book.tasks:
        first = _answers_for(task)
        for one in task.involvements.all():
            if one.body and one.body.code != first:
                key = f"task:{task.no}"
                asked = _named(
                    f"配合任务 {task.no} {task.title}",
                    f"Part in task {task.no}, {task.title_en}",
                    task=task.no,
                    optional=True,
                )
                yield one.body.code, Asked(key, "task", "words", asked, book.before(one.body.code, key))


def _registers(book: _Book) -> Iterator[tuple[str, Asked]]:
    """Whether a body's registers are right; one whose value was asked for already is not asked again."""
    for code, one in book.kept.items():
        if one.body and book.tallies.get(code) and code not in book.asked_registers:
            known = _register_known(book, one) | book.before(one.body, f"register:{code}")
            asked = _named(f"台账“{one.name.zh}”是否属实", f"Is the register “{one.name.en}” right", register=code)
            yield one.body, Asked(f"register:{code}", "register", "confirmed", asked, known)


def _register_known(book: _Book, one: Definition) -> dict[str, Any]:
    """How many rows a register has in each state, and how many of them are in a final one."""
    counts, final = book.tallies.get(one.code, {}), book.counted.get(one.code, set())
    done = [state for state in one.states if state.code in final]
    words = [(state.zh, state.en, counts[state.code]) for state in one.states if counts.get(state.code)]
    total = sum(counts.values())
    known = {
        "rows": total, "states_zh": "，".join(f"{zh} {n}" for zh, _, n in words), "states_en": ", ".join(f"{en} {n}" for _, en, n in words),
    }  # fmt: skip
    if done:
        known |= {"part": sum(counts.get(code, 0) for code in final), "whole": total,
                  "register": {"zh": one.name.zh, "en": one.name.en, "done_zh": done[0].zh, "done_en": done[0].en}}  # fmt: skip
    return known | ({"simulated": True} if one.code in book.simulated else {})
