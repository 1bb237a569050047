"""What a programme folder may contain. Every entry knows the file and the lines it came from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

from qingshan.coordination.matters import Kind as Stuck
from qingshan.evaluation.scores.rules import Scoring
from qingshan.evidence.registers.schema import Definition, FieldCode
from qingshan.evidence.registers.selections import Selection
from qingshan.evidence.reports.rounds import Kind as RoundKindInForce
from qingshan.observations.media import MEDIA
from qingshan.observations.wanted import Wanted
from qingshan.plan.levels import is_number, parts_of, whole_of

NUMBER = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,6})?")
CODE = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Kind = Literal[
    "upper_bound",
    "lower_bound",
    "strict_bound",
    "maintain",
    "cumulative_count",
    "yearly_quota",
    "full_coverage",
    "dated_milestone",
    "direction_only",
]
Formula = Literal["annual_mean", "latest", "cumulative", "yearly_sum", "count_done", "share", "assessed", "milestone"]
Frequency = Literal["month", "quarter", "year", "date", "items"]
Role = Literal["office", "liaison", "leader", "auditor", "admin"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend, as a sentence in both languages, at a line of a file (line 1 where no line is to blame)."""

    file: str
    line: int
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.zh}"


class Where(NamedTuple):
    """Where an entry stands; `lines` has the line of each of its fields."""

    file: str
    line: int
    lines: dict[str, int]


def refuse(kind: str, zh: str, en: str) -> PydanticCustomError:
    return PydanticCustomError(kind, "{en}", {"zh": zh, "en": en})


def _number(value: Any) -> Decimal:
    """Exact decimal of at most 14 digits before the point and six after; never through a float."""
    text = str(value).strip()
    if isinstance(value, bool) or not NUMBER.fullmatch(text):
        raise refuse(
            "number",
            "应为数字，整数部分不超过 14 位、小数不超过 6 位，不带单位和千分号",
            "should be a number with at most 14 digits before the point and 6 after, without unit or thousands separator",
        )
    return Decimal(text)


def _day(value: Any) -> date:
    text = str(value).strip()
    try:
        if not DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise refuse(
            "day", "应为存在的日期，写作 2026-12-31", "should be a date that exists, written 2026-12-31"
        ) from None


def _code(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 60 or not CODE.fullmatch(value):
        raise refuse(
            "code",
            "代码只能用小写英文字母、数字、“-”和“_”，不超过 60 个字符；纯数字须加引号",
            "a code has only small Latin letters, digits, - and _, at most 60 characters; quote one made of digits",
        )
    return value


def _scope(value: Any) -> Any:
    if value == "overall" or is_number(value):
        return value
    raise refuse("scope", "应为 overall（总体）或任务序号", "should be overall or the number of a task")


def _task_no(value: Any) -> Any:
    if is_number(value):
        return value
    raise refuse(
        "task_no",
        "应为任务序号：1 至 999，分项任务写作 1.2",
        "should be the number of a task: 1 to 999, a part of a task like 1.2",
    )


def _upwards(ends: list[Decimal]) -> list[Decimal]:
    low, high = ends
    if low > high:
        raise refuse("range", f"下限 {low} 大于上限 {high}", f"the lower end {low} is above the upper end {high}")
    return ends


Number = Annotated[Decimal, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
Code = Annotated[str, BeforeValidator(_code)]
Scope = Annotated[int | str, BeforeValidator(_scope)]
TaskNo = Annotated[int | str, BeforeValidator(_task_no)]
Year = Annotated[int, Field(ge=1949, le=2100, strict=True)]
Ordinal = Annotated[int, Field(ge=1, le=999, strict=True)]
Range = Annotated[list[Number], Field(min_length=2, max_length=2), AfterValidator(_upwards)]
Printed = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=120)]
Label = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=600)]
Unit = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=30)]


class Entry(BaseModel):
    """A mapping of the folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    where: Where = Field(default=Where("", 1, {}), alias="__where__", exclude=True, repr=False)

    def problem(self, name: str, zh: str, en: str) -> Problem:
        """A problem at the line of the named field, or at the entry's first line."""
        return Problem(self.where.file, self.where.lines.get(name, self.where.line), zh, en)


class Text(Entry):
    zh: Printed
    en: Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)]


class ShortText(Entry):
    zh: Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=40)]
    en: Label


class LongText(Entry):
    zh: Sentence
    en: Sentence


class Jurisdiction(Entry):
    code: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9A-Za-z-]{1,12}$")]
    name: Text
    level: Literal["town", "district", "county", "city", "province", "country"]


class Account(Entry):
    """A sign-in of the demonstration. Its name is the role's, never a person's."""

    login: Code
    role: Role
    name: Text
    body: Code | None = None


class Demonstration(Entry):
    as_of: Day
    why: LongText
    accounts: list[Account] = []


class SiteGroup(Entry):
    """What sites of one medium are counted together by: the sections a body answers for, the wells of a park."""

    code: Code
    name: ShortText


class Head(Entry):
    """programme.yaml. language: what the document is written in, and what its pages open in; invented: made up whole.

    monitoring: the body whose liaison takes measurements in and judges them, where it is not the office's. places: towns and
    other places that rows of registers may name; any name will do where there are none.
    """

    code: Code
    language: Literal["zh", "en"] = "zh"
    invented: bool = False
    jurisdiction: Jurisdiction
    title: Text
    number: Printed | None = None
    issuer: Printed
    issued: Day
    period: Annotated[list[Year], Field(min_length=2, max_length=2)]
    starts: Day
    ends: Day
    office: Code
    monitoring: Code | None = None
    groups: list[SiteGroup] = []
    places: list[Printed] = []
    demonstration: Demonstration | None = None


class Body(Entry):
    code: Code
    name: Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=60)]
    full: Printed | None = None
    en: Printed
    aliases: list[Printed] = []
    kind: Literal["department", "branch", "party", "company", "town", "group", "other"]


class Theme(Entry):
    no: Ordinal
    title: Text
    short: ShortText


class Measure(Entry):
    no: Ordinal
    title: Text
    by: Year | None = None


class Task(Entry):
    """`theme` is left out by a task that is part of another."""

    no: TaskNo
    title: Text
    short: ShortText
    theme: Ordinal | None = None
    summary: LongText
    bodies: list[Code] = []
    lead: Code | None = None
    measures: list[Measure] = []


class Point(Entry):
    """A value on a day; `source` names where it was published."""

    date: Day
    value: Number
    source: Code | None = None


class Target(Entry):
    """One promise. `origin` is plan (the document's own) or office (工作指标, set by the programme's office)."""

    code: Code
    origin: Literal["plan", "office"]
    scope: Scope
    supports: list[TaskNo] = []
    name: Text
    short: ShortText
    metric: Code
    kind: Kind
    side: Literal["above", "below"] | None = None
    op: Literal["<=", ">=", "<", ">", "increase", "decrease", "done"]
    value: Number | None = None
    unit: Unit | None = None
    by: Year
    due: Day
    binding: bool = True
    implied: bool = False
    illustrative: bool = False
    baseline: Point | None = None
    start: Point | None = None
    curve: Literal["linear", "level", "steps", "yearly"] = "linear"
    steps: list[Point] = []
    note: LongText | None = None

    @property
    def tasks(self) -> list[int | str]:
        """Numbers of the tasks this target judges: its own, and those the office assigned it to."""
        own = [] if self.scope == "overall" else [self.scope]
        return own + [n for n in self.supports if n not in own]


class Counting(Entry):
    """Rows of a register that a metric counts or adds up."""

    register_code: Code = Field(alias="register")
    condition: Annotated[str, StringConstraints(max_length=300)] = Field(default="", alias="where")
    state: list[Code] = []
    total: FieldCode | None = Field(default=None, alias="sum")
    done: FieldCode | None = None
    planned: FieldCode | None = None
    on: FieldCode | None = None
    every: Literal["month", "quarter", "year"] = "quarter"

    @property
    def selection(self) -> Selection:
        return Selection(
            self.register_code, self.condition, tuple(self.state), self.total or "", self.done or "", self.planned or "", self.on or "",
            self.every,
        )  # fmt: skip


class Measuring(Entry):
    """Measurements that a metric takes, evaluated by the standard in force: those of a medium, at the sites of a group."""

    stream: Literal[MEDIA]
    take: Code
    item: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,20}$")] | None = None
    group: Code | None = None
    every: Literal["month", "quarter", "year"] = "quarter"
    depth: Number | None = None

    @property
    def wanted(self) -> Wanted:
        depth = f"{self.depth.normalize():f}" if self.depth is not None else ""
        return Wanted(self.stream, self.take, self.item or "", self.group or "", self.every, depth)


TAGS = ("<series>", "<counting>", "<measuring>")  # told apart in an error's place, never shown


def _kind_of_input(told: Any) -> str:
    if isinstance(told, Measuring) or (isinstance(told, dict) and "stream" in told):
        return "<measuring>"
    return "<counting>" if isinstance(told, dict | Counting) else "<series>"


Input = Annotated[
    Annotated[Code, Tag("<series>")]
    | Annotated[Counting, Tag("<counting>")]
    | Annotated[Measuring, Tag("<measuring>")],
    Discriminator(_kind_of_input),
]


class Inputs(Entry):
    """Either one series, or the two of a share; each is a series by its code, a counting of a register, or measurements.

    instead: the series that stands for years which the measurements do not serve.
    """

    series: Input | None = None
    instead: Code | None = None
    numerator: Input | None = None
    denominator: Input | None = None

    @property
    def filled(self) -> dict[str, str | Counting | Measuring]:
        named = {
            "series": self.series,
            "instead": self.instead,
            "numerator": self.numerator,
            "denominator": self.denominator,
        }
        return {role: one for role, one in named.items() if one is not None}

    @property
    def codes(self) -> dict[str, str]:
        """Series code of each role that a series fills."""
        return {role: one for role, one in self.filled.items() if isinstance(one, str)}

    @property
    def countings(self) -> dict[str, Counting]:
        return {role: one for role, one in self.filled.items() if isinstance(one, Counting)}

    @property
    def measurings(self) -> dict[str, Measuring]:
        return {role: one for role, one in self.filled.items() if isinstance(one, Measuring)}

    @property
    def plain(self) -> dict:
        """As a metric keeps them."""
        return {role: _plain(one) for role, one in self.filled.items()}


def _plain(one: str | Counting | Measuring) -> str | dict:
    if isinstance(one, str):
        return one
    return (one.selection if isinstance(one, Counting) else one.wanted).plain()


class Metric(Entry):
    code: Code
    name: Text
    unit: Unit | None = None
    decimals: Annotated[int, Field(ge=0, le=6, strict=True)] = 0
    better: Literal["lower", "higher"]
    formula: Formula
    inputs: Inputs
    freshness_months: Annotated[int, Field(ge=1, le=120, strict=True)]
    forecast: Literal["annual_mean", "count", "none"] = "none"
    basis: LongText
    verification: Literal["P", "S", "M-H", "M-M", "M-L", "none"]


class Series(Entry):
    code: Code
    name: Text
    unit: Unit
    frequency: Frequency
    origin: Literal["official", "reported", "simulated"]
    range: Range
    body: Code | None = None
    source: Code


class UnitName(Entry):
    unit: Unit
    en: Unit


class EscalationStep(Entry):
    """One level: reached after so many working days, told to whom, to be acknowledged within so many working days."""

    after: Annotated[int, Field(ge=1, le=400, strict=True)]
    to: Annotated[list[Literal["lead", "partners", "office", "leader"]], Field(min_length=1, max_length=4)]
    answer: Annotated[int, Field(ge=1, le=60, strict=True)]


class Escalation(Entry):
    """How matters of a kind are escalated, by escalation.yaml."""

    kind: Stuck
    notice: EscalationStep
    warning: EscalationStep | None = None
    circular: EscalationStep | None = None
    calendar: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")] = "CN"

    @property
    def steps(self) -> list[tuple[str, EscalationStep]]:
        named = (("notice", self.notice), ("warning", self.warning), ("circular", self.circular))
        return [(name, one) for name, one in named if one]


class Followed(Entry):
    """A register whose entries are matters once they are late."""

    register_code: Code = Field(alias="register")


class Source(Entry):
    """A row of sources.csv."""

    code: Code
    kind: Literal["published", "office", "simulated"]
    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    title_en: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    publisher: str | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=500)] | None = None
    published: Day | None = None
    accessed: Day | None = None
    licence: str | None = None


class Site(Entry):
    """A row of sites.csv: where something is measured, with what the law of its medium asks of it, never guessed from a name:
    `body` (kind of water body), `zone` (functional zone of noise, or a building site), `land` (use of soil), `unit` (the unit of
    farmland that a point of soil samples, by its key in the register of such units), `area` [km²] that a station of the sea speaks
    for, `natural` (the natural value of suspended matter there [mg/L]), `unmonitored` (what the monitoring plan of a station of air
    leaves out, see observations.assess.unmonitored)."""

    code: Code
    medium: Literal[MEDIA]
    group: Code | None = None
    body: Literal["river", "lake"] | None = None
    zone: Literal["0", "1", "2", "3", "4a", "4b", "building"] | None = None
    land: Literal["paddy", "rotation", "orchard", "other", "class-1", "class-2"] | None = None
    unit: Label | None = None
    unmonitored: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    area: Number | None = None
    natural: Number | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    name_en: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    lon: Number
    lat: Number
    source: Code


class DustDay(Entry):
    """A row of dust.csv: a day on which sand or dust from elsewhere lay over a station of air, or over all of them."""

    day: Day
    site: Code | None = None
    source: Code


class Figure(Entry):
    """A value of a series for a period. A correction is a later row with a later day of publication."""

    series: Code
    period: Label
    value: Number
    source: Code
    published: Day
    note: str | None = None


class Item(Entry):
    """A counted thing. A later row of the same item, by its day of publication, replaces the earlier one."""

    series: Code
    item: Label
    planned: Day
    done: Day | None = None
    value: Number
    source: Code
    published: Day
    note: str | None = None


WorkingDays = Annotated[int, Field(ge=0, le=200, strict=True)]


class RoundKind(Entry):
    """A kind of reporting round: days are working days after the period's last day."""

    code: Code
    name: ShortText
    every: Literal["month", "quarter", "half"]
    since: Day
    opens: WorkingDays
    due: WorkingDays
    lock: WorkingDays
    mend: WorkingDays = 3
    calendar: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]

    @property
    def kind(self) -> RoundKindInForce:
        return RoundKindInForce(
            self.code, self.name.zh, self.name.en, self.every, self.opens, self.due, self.lock, self.mend, self.since, self.calendar
        )  # fmt: skip


class Claimed(Entry):
    """What a simulated report claims in one line, by the line's key."""

    line: Label
    claim: Number


class Rehearsed(Entry):
    """How a body's report went in a round of the demonstration: simulated, and marked so. `claims`: what is claimed
    where it is not what the system knows."""

    round_code: Code = Field(alias="round")
    period: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{4}-(Q[1-4]|H[12]|[0-9]{2})$")]
    body: Code
    submitted: Day | None = None
    returned: Day | None = None
    why: Sentence | None = None
    mended: Day | None = None
    accepted: Day | None = None
    claims: list[Claimed] = []


class PastNode(Entry):
    """A node of a demonstration's past list: 6.2, the second measure of task 6, or a target's code. Not done: no day."""

    item: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=80)]
    quarter: Annotated[int, Field(strict=True, ge=1, le=4)]
    done: Day | None = None


class PastList(Entry):
    """A year's list that the demonstration has issued, with simulated completions."""

    year: Year
    issued: Day
    nodes: list[PastNode] = []


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of registers/CODE.csv: what an entry was like from a day on, as it became known on a day."""

    where: Where
    register: str
    data: dict[str, Any]
    state: str | None
    effective: date | None
    known: date
    source: str
    geometry: dict | None

    def problem(self, zh: str, en: str) -> Problem:
        return Problem(self.where.file, self.where.line, zh, en)


@dataclass(frozen=True)
class Programme:
    """A programme folder as read. `head` is None only in what `read` returns beside problems."""

    head: Head
    sources: list[Source] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    dust: list[DustDay] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    metrics: list[Metric] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    units: list[UnitName] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    registers: list[Definition] = field(default_factory=list)
    entries: list[RegisterRow] = field(default_factory=list)
    lists: list[PastList] = field(default_factory=list)
    rounds: list[RoundKind] = field(default_factory=list)
    rehearsed: list[Rehearsed] = field(default_factory=list)
    escalation: list[Escalation] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)
    scoring: list[Scoring] = field(default_factory=list)

    @property
    def official(self) -> list[Target]:
        return [t for t in self.targets if t.origin == "plan"]

    @property
    def working(self) -> list[Target]:
        return [t for t in self.targets if t.origin == "office"]

    def sites_of(self, one: Measuring) -> list[Site]:
        """The sites whose measurements are taken."""
        return [site for site in self.sites if site.medium == one.stream and one.group in (None, site.group)]

    @cached_property
    def metric_by_code(self) -> dict[str, Metric]:
        return {m.code: m for m in self.metrics}

    @cached_property
    def series_by_code(self) -> dict[str, Series]:
        return {s.code: s for s in self.series}

    @cached_property
    def register_by_code(self) -> dict[str, Definition]:
        return {r.code: r for r in self.registers}

    @cached_property
    def task_by_no(self) -> dict[str, Task]:
        return {str(one.no): one for one in self.tasks}

    def whole_of(self, task: Task) -> Task | None:
        """The task that this one is a part of."""
        return self.task_by_no.get(whole_of(str(task.no), self.task_by_no))

    def parts_of(self, no: int | str) -> list[int | str]:
        """The numbers of a task's parts."""
        return [self.task_by_no[one].no for one in parts_of(str(no), self.task_by_no)]

    @cached_property
    def sources_of_registers(self) -> dict[str, set[str]]:
        """Codes of the sources that the rows of each register name."""
        found: dict[str, set[str]] = {}
        for row in self.entries:
            found.setdefault(row.register, set()).add(row.source)
        return found

    @cached_property
    def source_by_code(self) -> dict[str, Source]:
        return {s.code: s for s in self.sources}

    @cached_property
    def body_by_code(self) -> dict[str, Body]:
        return {b.code: b for b in self.bodies}

    @cached_property
    def unit_in_english(self) -> dict[str, str]:
        return {u.unit: u.en for u in self.units}

    @cached_property
    def series_with_rows(self) -> set[str]:
        return {row.series for row in self.rows()}

    def rows(self) -> Iterator[Figure | Item]:
        yield from self.figures
        yield from self.items
