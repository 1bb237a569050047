"""Where numbers come from, in words: registers, reports, streams, published figures; and the rows of registers behind a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingshan.evaluation.models import Run
from qingshan.evidence.figures.queries import series_as_of
from qingshan.evidence.registers.cells import show
from qingshan.evidence.registers.filters import Condition, parse
from qingshan.evidence.registers.models import Register, Revision
from qingshan.evidence.registers.queries import as_seen, registers_as_of, selected, sight
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.registers.selections import Selection, selection
from qingshan.indicators.bindings import KINDS, Binding, Given, bindings
from qingshan.indicators.queries import metrics_as_of
from qingshan.observations.assess.findings import in_words as measured_in_words
from qingshan.observations.wanted import named
from qingshan.people.models import Body, User
from qingshan.plan.models import Programme
from qingshan.web import registers, wording

SHOWN = 100  # rows of a register on the way back of a value; the rest stand one click away


class Source(NamedTuple):
    """kind: one of KINDS; name: {zh, en}; address: the page that shows it, empty where there is none."""

    kind: str
    code: str
    name: Mapping[str, str]
    body: Body | None
    address: str

    @property
    def kept(self) -> bool:
        return self.kind == "register"


@dataclass
class Sources:
    """What a programme's metrics and tasks rest on, by what was recorded up to an instant."""

    programme: Programme
    cutoff: datetime
    as_of: date | None = None
    _found: dict = field(default_factory=dict)

    def of_metric(self, code: str) -> list[Source]:
        metric = self._metrics.get(code)
        if metric is None:
            return []
        return [self._source(one) for one in bindings(metric.inputs, self._given, self._keepers)]

    def of_task(self, no: str) -> list[Source]:
        """The registers kept for a task."""
        found = [code for code, one in self._registers.items() if str(no) in map(str, one.get("tasks", ()))]
        return [self._source(Binding("register", code, self._keepers[code])) for code in found]

    def _source(self, one: Binding) -> Source:
        body = self._bodies.get(one.body)
        if one.kind == "register":
            known = self._registers.get(one.code)
            name = known["name"] if known else {"zh": one.code, "en": one.code}
            return Source(one.kind, one.code, name, body, self._page(one.code) if known else "")
        if one.kind == "stream":
            address = reverse("measurements", args=[self.programme.code])
            return Source(one.kind, one.code, measured_in_words(named(one.code), self._groups), body, address)
        series = self._series.get(one.code)
        name = {"zh": series.name, "en": series.name_en or series.name} if series else {"zh": one.code, "en": one.code}
        return Source(one.kind, one.code, name, body, "")

    def _page(self, code: str) -> str:
        return page_of(self.programme, code, as_of=self.as_of, cutoff=self.cutoff if self.as_of else None)

    @cached_property
    def _metrics(self):
        return metrics_as_of(self.programme, self.cutoff)

    @cached_property
    def _series(self):
        return series_as_of(self.programme, self.cutoff)

    @property
    def _groups(self) -> dict[str, Mapping[str, str]]:
        return groups_of(self.programme)

    @cached_property
    def _given(self) -> dict[str, Given]:
        return {code: Given(one.origin, one.body or "") for code, one in self._series.items()}

    @cached_property
    def _registers(self) -> dict[str, dict]:
        """Definitions as plain data: their names are wanted here, not their rules."""
        rows = Register.objects.filter(programme=self.programme, recorded_at__lte=self.cutoff).order_by("version")
        return dict(rows.values_list("code", "definition"))

    @property
    def _keepers(self) -> dict[str, str]:
        return {code: one.get("body") or "" for code, one in self._registers.items()}

    @cached_property
    def _bodies(self) -> dict[str, Body]:
        return {one.code: one for one in self.programme.jurisdiction.bodies.all()}


def groups_of(programme: Programme) -> dict[str, dict[str, str]]:
    """The names of the groups of a programme's sites, in both languages."""
    return {one["code"]: {"zh": one["name"], "en": one["name_en"]} for one in programme.about.get("groups", [])}


def page_of(programme: Programme, register: str, **wanted) -> str:
    """The address of a list of the register's rows; empty where there is no such page."""
    try:
        return registers.address(programme.code, register, **wanted)
    except NoReverseMatch:
        return ""


def kinds(found: Iterable[Source]) -> list[str]:
    """The kinds among sources, in the order of KINDS."""
    there = {one.kind for one in found}
    return [kind for kind in KINDS if kind in there]


# --- the rows behind a value


@dataclass(frozen=True)
class Line:
    """One row of a register, as it was on the day judged."""

    row: Revision
    title: str
    state: str
    style: str
    amount: str
    since: str
    address: str


@dataclass(frozen=True)
class Counted:
    """What a selection chose: the first rows, how many there are, and where all of them are listed."""

    code: str
    selection: Selection
    definition: Definition
    words: str
    unit: str
    lines: list[Line]
    count: int
    address: str
    body: Body | None

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def counted(run: Run, metric_code: str, by: User | None) -> list[Counted]:
    """For each input of a metric that is a register: the very rows a run counted, as far as `by` may see them."""
    wanted = _selections(inputs_of(run, metric_code))
    known = registers_as_of(run.programme, run.cutoff) if wanted else {}
    bodies = {one.code: one for one in run.programme.jurisdiction.bodies.all()} if wanted else {}
    return [_counted(run, one, known[one.register], bodies, by) for one in wanted if one.register in known]


def inputs_of(run: Run, metric_code: str) -> list[str | dict]:
    """What a metric took when it was run: codes of series, selections of registers, measurements."""
    metric = metrics_as_of(run.programme, run.cutoff).get(metric_code)
    return list(metric.inputs.values()) if metric else []


def names_of_selections(run: Run, inputs: Iterable[str | dict]) -> dict[str, str]:
    """What each selection of a register among a metric's inputs is called, in words."""
    wanted = _selections(inputs)
    known = registers_as_of(run.programme, run.cutoff) if wanted else {}
    return {one.name: in_words(known[one.register], one) for one in wanted if one.register in known}


def _selections(inputs: Iterable[str | dict]) -> list[Selection]:
    return [selection(one) for one in inputs if isinstance(one, dict) and "register" in one]


def _counted(run: Run, one: Selection, definition: Definition, bodies: Mapping[str, Body], by: User | None) -> Counted:
    rows = selected(run.programme, definition, one, run.as_of, run.cutoff)
    sees = sight(definition, by)
    first = rows.select_related("entry", "recorded_by").order_by("entry__key")[:SHOWN]
    lines = [_line(run.programme, definition, one, as_seen(row, sees)) for row in first]
    column = definition.field.get(one.total)
    address = page_of(
        run.programme, one.register, where=one.where, state=one.states, as_of=run.as_of, cutoff=run.cutoff
    )
    count = len(lines) if len(lines) < SHOWN else rows.count()
    unit = (column.unit or "") if column else ""
    return Counted(
        one.name, one, definition, in_words(definition, one), unit, lines, count, address, bodies.get(definition.body)
    )


def _line(programme: Programme, definition: Definition, one: Selection, row: Revision) -> Line:
    amount = wording.number(row.data.get(one.total)) if one.total else ""
    since = row.data.get(one.on or one.done) if one.on or one.done else row.reached.get(row.state, "")
    return Line(
        row, definition.title_of(row.data), registers.state_name(definition, row.state),
        registers.state_style(definition, row.state), amount, str(since or row.effective_on), _entry_page(programme, row),
    )  # fmt: skip


def _entry_page(programme: Programme, row: Revision) -> str:
    try:
        return reverse("registers-entry", args=[programme.code, row.register, row.entry_id])
    except NoReverseMatch:
        return ""


def in_words(definition: Definition, one: Selection) -> str:
    """What a selection chooses: 公交车 · 动力为纯电动、氢燃料 · 在册."""
    join = _("、")
    states = join.join(registers.state_name(definition, code) for code in one.states)
    parts = [
        registers.name_of(definition),
        *(_condition(definition, it) for it in parse(definition, one.where)),
        states,
    ]
    if one.total:
        parts.append(_("按“%(field)s”合计") % {"field": registers.name_of(definition.field[one.total])})
    return " · ".join(filter(None, parts))


def _condition(definition: Definition, it: Condition) -> str:
    column = definition.field.get(it.field)
    name = registers.name_of(column) if column else it.field
    values = _("、").join(_value(column, value) for value in it.values)
    sign = {"=": "：" if get_language() != "en" else ": ", "!=": " ≠ ", ">=": " ≥ ", "<=": " ≤ ", "~": " ∋ "}.get(
        it.op, f" {it.op} "
    )
    return f"{name}{sign}{values or '—'}"


def _value(column, value) -> str:
    return show(column, value, registers.language()) if column else str(value)
