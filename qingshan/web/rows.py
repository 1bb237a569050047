"""Rows of a page, from a run's record and the plan it judged. No database here."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from qingshan.plan import levels
from qingshan.web import wording

# The order in which statuses are read: what needs someone comes first.
ORDER = list(wording.STATUSES)
NEEDS_DECISION = ("off_track", "at_risk")


def percent(share: Decimal) -> int:
    return max(0, min(100, round(share * 100)))


def way(value, baseline, goal, lower: bool) -> int | None:
    """How much of the way from the baseline to the goal is behind `value` [%, 0 to 100]; None where there is no way."""
    if value is None or goal is None:
        return None
    value, goal = Decimal(value), Decimal(goal)
    start = Decimal(baseline) if baseline is not None else (None if lower else Decimal(0))
    if start is None:
        return percent(goal / value) if value > 0 else 100
    if start == goal or (goal < start) != lower:
        reached = value <= goal if lower else value >= goal
        return 100 if reached else percent(goal / value if lower and value else value / goal if goal else Decimal(0))
    return percent((value - start) / (goal - start))


@dataclass
class TargetRow:
    """One judged target: `data` is its part of the record, `task` None for the plan as a whole."""

    data: dict
    task: object = None
    target: object = None
    bodies: list = field(default_factory=list)
    names: dict = field(default_factory=dict)
    sources: list = field(default_factory=list)

    def __getattr__(self, name):
        try:
            return self.data[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def lower(self) -> bool:
        return self.data["op"] in ("<=", "<", "decrease")

    @property
    def simulated(self) -> bool:
        return "simulated" in self.data["marks"]

    @property
    def milestone(self) -> bool:
        return self.data["kind"] == "dated_milestone"

    @property
    def scale(self) -> int:
        return wording.scale_of(self.data["goal"])

    @property
    def unit_text(self) -> str:
        """The unit its numbers are shown in; goals in words have none."""
        if self.data["op"] in wording.GOAL_WORDS and not self.milestone and self.data["actual"] is None:
            return ""
        return wording.unit_of(wording.said(self.data, "unit"), self.scale)

    @property
    def goal_unit(self) -> str:
        return "" if self.data["op"] in wording.GOAL_WORDS else self.unit_text

    @property
    def goal_text(self) -> str:
        return wording.goal(self.data["op"], self.data["goal"], kind=self.data["kind"], scale=self.scale)

    @property
    def actual_text(self) -> str:
        return self.figure(self.data["actual"])

    @property
    def planned_text(self) -> str:
        return self.figure(self.data["planned"])

    @property
    def actual_full(self) -> str:
        return self.full(self.data["actual"])

    @property
    def planned_full(self) -> str:
        return self.full(self.data["planned"])

    @property
    def goal_full(self) -> str:
        return wording.whole(self.goal_text, self.goal_unit)

    def full(self, value) -> str:
        """A value with its unit, never broken over a line; a dash where there is none."""
        return wording.whole(self.figure(value), self.unit_text) if value is not None else "—"

    def figure(self, value) -> str:
        """A value of this target as printed: with its decimals, but exactly as the goal where it equals it."""
        if value is not None and self.data["goal"] is not None and Decimal(value) == Decimal(self.data["goal"]):
            return wording.scaled(self.data["goal"], self.scale)
        return wording.scaled(value, self.scale, self.data["decimals"])

    @property
    def bar(self) -> dict:
        if self.milestone and self.data["status"] == "attained":
            return {"actual": 100, "planned": None}
        fixed = (self.data["baseline"], self.data["goal"], self.lower)
        return {"actual": way(self.data["actual"], *fixed), "planned": way(self.data["planned"], *fixed)}

    @property
    def behind(self) -> Decimal | None:
        """How far the actual is on the wrong side of the planned [unit], None when it is not."""
        if self.data["actual"] is None or self.data["planned"] is None:
            return None
        short = Decimal(self.data["actual"]) - Decimal(self.data["planned"])
        short = short if self.lower else -short
        return short if short > 0 else None

    @property
    def value_text(self) -> str:
        """What is reached, with its unit; empty where nothing is known."""
        if self.milestone and self.data["status"] == "attained":
            return wording.milestone(Decimal(100))
        if self.data["actual"] is None:
            return ""
        if self.milestone:
            return wording.milestone(Decimal(self.data["actual"]))
        return f"{self.actual_text} {self.unit_text}".strip()

    @property
    def given(self) -> list[dict]:
        """The inputs, each with the name of its series where that is at hand."""
        return [one | {"name": self.names.get(one["series"], one["series"])} for one in self.data["inputs"]]

    @property
    def points_back(self) -> list[dict]:
        """Newest first."""
        return self.data["points"][::-1]

    @property
    def steps(self) -> list[dict]:
        """The forecast, year by year, latest first."""
        return ((self.data["outlook"] or {}).get("fan") or [])[::-1]

    @property
    def last_step(self) -> dict | None:
        return next(iter(self.steps), None)

    @property
    def newest_point(self) -> dict | None:
        return self.data["points"][-1] if self.data["points"] else None


def target_rows(record, plan, office=None) -> list[TargetRow]:
    """The record's targets with their task and the bodies that answer for them."""
    return [_target_row(data, plan, office) for data in record.targets]


def _target_row(data, plan, office):
    task = None if data["scope"] == "overall" else plan.task.get(str(data["scope"]))
    bodies = answerable(task) if task else [office] if office else []
    return TargetRow(data, task, plan.target.get(data["code"]), bodies)


def answerable(task) -> list:
    """The bodies that lead a task; where none is named as lead, all that it makes responsible."""
    known = [one for one in task.involvements.all() if one.body_id]
    return [one.body for one in known if one.part == "lead"] or [one.body for one in known]


def lead_named(task) -> bool:
    parts = [one.part for one in task.involvements.all()]
    return "lead" in parts or len(parts) == 1


@dataclass
class TaskRow:
    task: object
    status: str | None
    targets: list[TargetRow]
    because: list[str]
    registers: list = field(default_factory=list)
    whole: object = None
    divided: list = field(default_factory=list)

    @cached_property
    def evidence(self) -> TargetRow | None:
        """The target that decided the status, else the first that has a value, else the first."""
        named = [row for row in self.targets if row.code in self.because]
        valued = [row for row in self.targets if row.actual is not None]
        return next(iter(named or valued or self.targets), None)

    @property
    def sources(self) -> list:
        """What its targets rest on, then the registers kept for it; each once."""
        found = [one for row in self.targets for one in row.sources] + self.registers
        return list({(one.kind, one.code): one for one in found}.values())

    @property
    def lead_named(self) -> bool:
        """A task that is divided is led in its parts."""
        return lead_named(self.task) or bool(self.divided and not self.task.involvements.all())

    @property
    def parts(self) -> list[tuple[str, list]]:
        """Its bodies by the part they have in it, leads first."""
        found = list(self.task.involvements.all())
        groups = [(part, [one for one in found if one.part == part]) for part in wording.PARTS]
        return [group for group in groups if group[1]]


def task_rows(plan, record, rows: list[TargetRow]) -> list[TaskRow]:
    """Every task of the plan, judged where there is a record."""
    judged = record.task if record else {}
    by_code = {row.code: row for row in rows}
    found = {task.no: _task_row(task, judged.get(task.no), rows, by_code, plan.task) for task in plan.tasks}
    for row in found.values():
        row.whole = found.get(levels.whole_of(row.task.no, found))
        row.divided = [found[no] for no in levels.parts_of(row.task.no, found)]
    return list(found.values())


def _task_row(task, judged, rows, by_code, known):
    because = judged["because"] if judged else []
    mine = {task.no, *levels.parts_of(task.no, known)}
    own = [row for row in rows if (row.task and row.task.no in mine) or mine & set(row.data.get("supports", ()))]
    own += [by_code[code] for code in because if code in by_code and by_code[code] not in own]
    return TaskRow(task, judged["status"] if judged else None, own, because)


def by_theme(plan, tasks: list[TaskRow]) -> list[tuple]:
    """(theme, its tasks) in the plan's order; a task without a theme comes first."""
    groups = [(theme, [row for row in tasks if row.task.theme_id == theme.id]) for theme in plan.themes]
    loose = [row for row in tasks if row.task.theme_id is None]
    return [(None, loose)] * bool(loose) + [group for group in groups if group[1]]


@dataclass
class BodyRow:
    body: object
    leads: list[TaskRow]
    takes_part: list[TaskRow]
    targets: list[TargetRow]

    @property
    def tasks(self) -> list[TaskRow]:
        return self.leads + self.takes_part

    def count(self, *statuses) -> int:
        return sum(row.status in statuses for row in self.targets)

    @property
    def off(self) -> int:
        return self.count("off_track")

    @property
    def risk(self) -> int:
        return self.count("at_risk")

    @property
    def unknown(self) -> int:
        return self.count("no_data")

    @property
    def good(self) -> int:
        return self.count("attained", "on_track")


def body_rows(bodies, tasks: list[TaskRow], targets: list[TargetRow]) -> list[BodyRow]:
    return [_body_row(body, tasks, targets) for body in bodies]


def _body_row(body, tasks, targets):
    leads, part = [], []
    for row in tasks:
        for one in row.task.involvements.all():
            if one.body_id == body.id:
                (leads if one.part == "lead" else part).append(row)
    mine = {row.task.no for row in leads + part}
    own = [row for row in targets if (row.task and row.task.no in mine) or (not row.task and body in row.bodies)]
    return BodyRow(body, leads, part, own)


def tally(rows) -> list[tuple[str, int]]:
    """(status, how many) for every status, worst first."""
    return [(status, sum(row.status == status for row in rows)) for status in ORDER]
