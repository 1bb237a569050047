"""An edition laid out for its page: the text with its marks, what was read from it, and what is still to settle."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qingshan.indicators.models import Metric
from qingshan.indicators.queries import metrics_as_of
from qingshan.plan import changes
from qingshan.plan.contents import EditionContent
from qingshan.plan.models import Edition, Target, Task, Theme
from qingshan.plan.passages import Paragraph, Span, clauses, paragraphs
from qingshan.plan.queries import content_of, original_of, problems_before_adoption, standing_edition
from qingshan.web import wording
from qingshan.web.queries import Plan, plan_of

MARKS = {
    "task": pgettext_lazy("标记", "任务"),
    "measure": pgettext_lazy("标记", "举措"),
    "target": pgettext_lazy("标记", "目标"),
    "body": pgettext_lazy("标记", "部门"),
    "unread": pgettext_lazy("标记", "未读懂"),
}
# Why the reader left a number alone, as it says it.
WHY = {
    "没有说明要达到还是已经达到": gettext_lazy("没有说明要达到还是已经达到"),
    "没有单位": gettext_lazy("没有单位"),
}
WATCHED = {
    "value": gettext_lazy("目标值"),
    "op": gettext_lazy("比较"),
    "unit": gettext_lazy("单位"),
    "due": gettext_lazy("期限"),
    "binding": gettext_lazy("约束"),
    "kind": gettext_lazy("类型"),
    "scope": gettext_lazy("所属"),
    "no": gettext_lazy("编号"),
    "title": gettext_lazy("名称"),
    "joined": gettext_lazy("增加部门"),
    "left": gettext_lazy("减少部门"),
}
STOPS = "。；！？，\n"


@dataclass
class TargetLine:
    """A target as a row of the reading."""

    target: Target
    metric: Metric | None
    placed: bool

    @property
    def key(self) -> str:
        return f"target-{self.target.code}"

    @property
    def kind(self) -> str:
        return wording.KINDS.get(self.target.kind, self.target.kind)

    @property
    def goal(self) -> str:
        """Without its unit."""
        target = self.target
        if target.op == "range":
            return target.note.split(" ")[0] or wording.number(target.value)
        return wording.goal(target.op, target.value, kind="lower_bound")


@dataclass
class TaskLine:
    """A task as a block of the reading."""

    task: Task
    placed: bool
    targets: list[TargetLine]
    parties: list = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"task-{self.task.order}"


@dataclass
class Unread:
    """A number the reader did not understand. `target` is the one that was made of it since."""

    index: int
    text: str
    start: int
    end: int
    why: str
    target: Target | None

    @property
    def key(self) -> str:
        return f"unread-{self.index}"


class Reading:
    """What stands on the page of an edition."""

    def __init__(self, edition: Edition):
        self.edition = edition
        self.plan: Plan = plan_of(edition)
        self.metrics = metrics_as_of(edition.programme, timezone.now())

    @cached_property
    def lines(self) -> list[TargetLine]:
        return [
            TargetLine(one, self.metrics.get(one.metric), self._stands(one.start, one.end)) for one in self.plan.targets
        ]

    @cached_property
    def overall(self) -> list[TargetLine]:
        return [one for one in self.lines if one.target.task_id is None]

    @cached_property
    def tasks(self) -> list[TaskLine]:
        below: dict[int, list[TargetLine]] = {}
        for one in self.lines:
            below.setdefault(one.target.task_id, []).append(one)
        return [
            TaskLine(task, self._stands(task.start, task.end), below.get(task.id, []), list(task.involvements.all()))
            for task in self.plan.tasks
        ]

    @cached_property
    def themes(self) -> list[tuple[Theme | None, list[TaskLine]]]:
        known = {theme.id: theme for theme in self.plan.themes}
        groups: dict[int | None, list[TaskLine]] = {}
        for line in self.tasks:
            groups.setdefault(line.task.theme_id, []).append(line)
        return [(known.get(key), lines) for key, lines in groups.items()]

    @cached_property
    def unread(self) -> list[Unread]:
        found = enumerate(self.edition.unread)
        return [
            Unread(i, one["text"], one["start"], one["end"], WHY.get(one["why"], one["why"]), self._made_of(one))
            for i, one in found
        ]

    @cached_property
    def open_unread(self) -> list[Unread]:
        return [one for one in self.unread if one.target is None]

    def _made_of(self, number: dict) -> Target | None:
        for target in self.plan.targets:
            if target.start is not None and target.start < number["end"] and target.end > number["start"]:
                return target
        return None

    def _stands(self, start: int | None, end: int | None) -> bool:
        return start is not None and end is not None and 0 <= start < end <= len(self.edition.text)

    @property
    def paragraphs(self) -> Iterator[tuple[Paragraph, bool]]:
        """Each paragraph, and whether it belongs to a task."""
        held = sorted((one.start, one.end) for one in self.plan.tasks if one.start is not None)
        starts = [start for start, end in held]
        for one in paragraphs(self.edition.text, self.spans()):
            place = bisect_right(starts, one.start) - 1
            yield one, place >= 0 and one.start < held[place][1]

    def spans(self) -> Iterator[Span]:
        found = clauses(self.edition.text) if self.edition.text else []
        for task in self.plan.tasks:
            if self._stands(task.start, task.end):
                yield from self._spans_of(task, [one for one in found if task.start <= one[0] < task.end])
        for one in self.lines:
            if one.placed:
                yield Span(one.target.start, one.target.end, "target", one.key)
        for number in self.open_unread:
            yield Span(number.start, number.end, "unread", number.key)

    def _spans_of(self, task: Task, duties: list[tuple[int, int]]) -> Iterator[Span]:
        measures = [one for one in task.measures.all() if one.start is not None and one.end is not None]
        line_end = self.edition.text.find("\n", task.start, task.end)
        ends = [
            line_end if line_end > task.start else task.end,
            *(one.start for one in measures),
            *(start for start, _ in duties),
        ]
        yield Span(task.start, min(end for end in ends if end > task.start), "task", f"task-{task.order}")
        for one in measures:
            yield Span(one.start, one.end, "measure", f"measure-{task.order}-{one.order}")
        for place, (start, end) in enumerate(duties):
            yield Span(start, end, "body", f"bodies-{task.order}" if place == 0 else f"bodies-{task.order}-{place}")

    @cached_property
    def original(self) -> bool:
        return original_of(self.edition) is not None

    @cached_property
    def problems(self) -> list[str]:
        """What stands in the way of adoption."""
        return [wording.said({"zh": zh, "en": en}) for zh, en in problems_before_adoption(self.edition)]

    @cached_property
    def cautions(self) -> list[str]:
        """What the office should know before adopting; nothing here forbids it."""
        found = []
        if names := self.unknown_bodies:
            found.append(_("%(count)s 个部门不在名录中：%(names)s。采用后，这些部门看不到自己的任务。")
                         % {"count": len(names), "names": _("、").join(names)})  # fmt: skip
        blind = [one for one in self.lines if one.metric is None and one.target.origin == "plan"]
        if blind:
            found.append(_("%(count)s 项目标没有选定指标，采用后显示“暂无数据”。") % {"count": len(blind)})
        if self.open_unread:
            found.append(_("%(count)s 个数字没有读懂，请核对是否为目标。") % {"count": len(self.open_unread)})
        return found

    @cached_property
    def unknown_bodies(self) -> list[str]:
        parties = (one for line in self.tasks for one in line.parties)
        return list(dict.fromkeys(one.printed for one in parties if one.body_id is None))

    @cached_property
    def standing(self) -> Edition | None:
        """The edition in force, where it is another one."""
        found = standing_edition(self.edition.programme)
        return None if found == self.edition else found

    @cached_property
    def changes(self) -> dict | None:
        if self.standing is None:
            return None
        new, old = content_of(self.edition), content_of(self.standing)
        targets, tasks = changes.changed_targets(new, old), changes.changed_tasks(new, old)
        return {
            "count": len(targets) + len(tasks),
            "targets": _told(targets, new, old),
            "tasks": _told(tasks, new, old),
        }


def _told(difference: changes.Difference, new: EditionContent, old: EditionContent) -> dict:
    changed = [
        (one, [_field(name, *pair, new, old) for name, pair in one.fields.items()]) for one in difference.changed
    ]
    return {"added": difference.added, "removed": difference.removed, "changed": changed}


def _field(name: str, before, after, new: EditionContent, old: EditionContent) -> tuple[str, str, str]:
    """A changed field in words: its name, what it was, what it becomes."""
    return WATCHED[name], _in_words(name, before), _in_words(name, after)


def _in_words(name: str, value) -> str:
    if name == "binding":
        return _("约束性") if value else _("力争")
    if name == "kind":
        return str(wording.KINDS.get(value, value))
    if name == "op":
        return str(OPS.get(value, value))
    if name == "scope":
        return _("总体") if value == "overall" else _("任务 %(no)s") % {"no": value}
    if name in ("joined", "left"):
        return _("、").join(value)
    return (
        wording.number(value) if name == "value" else str(value.year if isinstance(value, date) else value) or _("无")
    )


OPS = {
    ">=": gettext_lazy("≥ 不低于"),
    "<=": gettext_lazy("≤ 不高于"),
    ">": gettext_lazy("> 大于"),
    "<": gettext_lazy("< 小于"),
    "=": gettext_lazy("= 等于"),
    "range": gettext_lazy("在区间内"),
    "done": gettext_lazy("建成或完成"),
    "increase": gettext_lazy("持续上升"),
    "decrease": gettext_lazy("持续下降"),
}


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch between two stops that a number stands in."""
    left = max((text.rfind(stop, 0, start) for stop in STOPS), default=-1) + 1
    ends = [at for at in (text.find(stop, end) for stop in STOPS) if at >= 0]
    right = min(ends, default=len(text))
    return left + len(text[left:start]) - len(text[left:start].lstrip()), max(right, end)


def number_and_unit(words: str) -> tuple[str, str]:
    """A printed quantity taken apart: 0.6米 is 0.6 and 米."""
    found = re.match(r"\s*(-?[\d,，]*\.?\d+)\s*(.*)", words)
    return (found[1].replace(",", "").replace("，", ""), found[2].strip()) if found else ("", "")
