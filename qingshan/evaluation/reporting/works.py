"""The works a body is asked for: nodes of the annual list, measures that no list covers, its part in others' tasks."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from qingshan.evidence.reports.answers import Asked, plain
from qingshan.plan.annual.queries import Entry as Node
from qingshan.plan.annual.queries import measure_key
from qingshan.plan.models import Involvement, Measure, Target, Task
from qingshan.standards.rounding import round_gbt8170

from .book import Book, named
from .numbers import is_met, metric_known

COMMON, LATIN = 4, 12  # characters, or Latin letters, that the names of a measure and its target have in common
QUARTER_ENDS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def nodes(book: Book) -> Iterator[tuple[str, Asked]]:
    """The nodes of the year's list that a body leads and that are not done."""
    for entry in book.nodes:
        if not entry.lead_code or entry.done_on and entry.done_on <= book.as_of:
            continue
        yield entry.lead_code, _node(book, entry)


def _node(book: Book, entry: Node) -> Asked:
    key, target = _node_key(entry), _target_behind(book, entry)
    due = date(book.days.ends.year, *QUARTER_ENDS[entry.quarter])
    asked = named(
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


def _target_behind(book: Book, entry: Node) -> Target | None:
    """The target a node is made from, or the one its measure serves."""
    item = entry.item
    task = next((one for one in book.tasks if one.no == item.task_no), None)
    return item.target or (_target_of(book, task, item.measure) if item.measure_id and task else None)


def _of_node(book: Book, target: Target | None) -> dict[str, Any]:
    """What the metric behind a node comes to, held against where its target should be at the end of the list's year."""
    known = _of_target(book, target)
    if "value" not in known or target.code not in book.year_ends:
        return known
    goal = book.year_ends[target.code][1]
    if goal is None:
        return {name: told for name, told in known.items() if name not in ("goal", "attained", "part", "whole")}
    met = is_met(target.op, Decimal(known["value"]), goal)
    rows = {} if met else {name: known[name] for name in ("part", "whole") if name in known}
    rest = {name: told for name, told in known.items() if name not in ("part", "whole")}
    decimals = book.values[target.metric].definition.decimals
    return rest | rows | {"goal": plain(round_gbt8170(goal, decimals)), "attained": met}


def _of_target(book: Book, target: Target | None) -> dict[str, Any]:
    """What the metric of a target comes to, and how many of its rows are done."""
    value = book.values.get(target.metric) if target else None
    if value is None:
        return {}
    names = {
        "zh": f"指标“{value.definition.name}”",
        "en": f"the metric “{value.definition.name_en or value.definition.name}”",
    }
    return metric_known(book, value) | {"value_from": names}


def measures(book: Book) -> Iterator[tuple[str, Asked]]:
    """The measures of the tasks a body leads that the year's list does not cover. Where the plan names no lead, the body
    named first answers."""
    covered = {entry.key for entry in book.nodes}
    for task in book.tasks:
        body = _answers_for(task)
        for place, measure in enumerate(task.measures.all(), 1):
            if body and measure_key(measure) not in covered:
                yield body, _measure(book, task, place, measure, body)


def _measure(book: Book, task: Task, place: int, measure: Measure, body: str) -> Asked:
    key, target = f"measure:{task.no}:{place}", _target_of(book, task, measure)
    asked = named(
        measure.title, measure.title_en, task=task.no, about_zh=task.title, about_en=task.title_en, proof=True,
        metric=target.metric if target else None,
    )  # fmt: skip
    return Asked(key, "measure", "percent", asked, book.before(body, key) | _of_target(book, target))


def _answers_for(task: Task) -> str | None:
    parts = [one for one in task.involvements.all() if one.body]
    leads = [one for one in parts if one.part == Involvement.Part.LEAD]
    return (leads or parts)[0].body.code if parts else None


def _target_of(book: Book, task: Task, measure: Measure) -> Target | None:
    """The one target of the task that shares words with the measure."""
    own = [one for one in book.promises if one.task_id == task.pk or task.no in one.supports]
    found = [one for one in own if _share(one.name, measure.title) or one.short and _share(one.short, measure.title)]
    return found[0] if len(found) == 1 else None


def _share(a: str, b: str) -> bool:
    """Whether two names have a run of characters in common that tells them apart from others."""
    length = LATIN if a.isascii() else COMMON
    return any(a[n : n + length] in b for n in range(len(a) - length + 1))


def parts(book: Book) -> Iterator[tuple[str, Asked]]:
    """A body's part in the tasks that others answer for: words, where there is something to say."""
    for task in book.tasks:
        first = _answers_for(task)
        for one in task.involvements.all():
            if one.body and one.body.code != first:
                key = f"task:{task.no}"
                asked = named(
                    f"配合任务 {task.no} {task.title}",
                    f"Part in task {task.no}, {task.title_en}",
                    task=task.no,
                    optional=True,
                )
                yield one.body.code, Asked(key, "task", "words", asked, book.before(one.body.code, key))
