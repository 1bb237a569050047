"""The plan itself: its head, its years, its tasks and their parts."""

from collections.abc import Iterator

from qingshan.programme.reading import Reading
from qingshan.programme.schema import Entry, Head, Problem, Task

from .naming import unknown


def head_fits(reading: Reading) -> Iterator[Problem]:
    head = reading.programme.head
    if not head:
        return
    yield from _period(head)
    yield from unknown(reading, head, "office", "bodies", [head.office])
    yield from unknown(reading, head, "monitoring", "bodies", [head.monitoring] if head.monitoring else [])
    if not head.demonstration:
        return
    for account in head.demonstration.accounts:
        yield from unknown(reading, account, "body", "bodies", [account.body] if account.body else [])
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


def tasks_fit(reading: Reading) -> Iterator[Problem]:
    p = reading.programme
    for task in p.tasks:
        yield from _level(reading, task)
        yield from unknown(reading, task, "bodies", "bodies", task.bodies)
        yield from unknown(reading, task, "lead", "bodies", [task.lead] if task.lead else [])
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
                yield from year_in_plan(measure, "by", measure.by, p.head, "举措年份", "the measure's year")


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
        yield from unknown(reading, task, "theme", "themes", [task.theme])


def year_in_plan(entry: Entry, name: str, year: int, head: Head, zh: str, en: str) -> Iterator[Problem]:
    first, last = head.period
    if year < first:
        yield entry.problem(
            name, f"{zh} {year} 早于计划起始年 {first}，请核对", f"{en} {year} is before the plan's first year {first}"
        )
    if year > last:
        yield entry.problem(
            name, f"{zh} {year} 晚于计划终止年 {last}，请核对", f"{en} {year} is after the plan's last year {last}"
        )


def every_task_judged(reading: Reading) -> Iterator[Problem]:
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
