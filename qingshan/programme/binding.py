"""What each target and task of a programme folder rests on: registers, reports, streams or published figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width

from qingshan.indicators.bindings import KINDS, Binding, Given, bindings
from qingshan.observations.assess.findings import in_words
from qingshan.observations.wanted import named
from qingshan.programme.reading import Reading
from qingshan.programme.schema import Problem, Programme, Target, Task


@dataclass(frozen=True, slots=True)
class TaskBinding:
    """registers: codes of those kept for the task; targets: what its targets rest on, each once."""

    registers: tuple[str, ...]
    targets: tuple[Binding, ...]


def of_target(programme: Programme, target: Target) -> tuple[Binding, ...]:
    """The sources of a target's metric; none where the metric is not known."""
    metric = programme.metric_by_code.get(target.metric)
    if metric is None:
        return ()
    series = {one.code: Given(one.origin, one.body or "") for one in programme.series}
    kept = {one.code: one.body or "" for one in programme.registers}
    return bindings(metric.inputs.plain, series, kept)


def of_task(programme: Programme, no: int | str) -> TaskBinding:
    """What a task and its parts rest on."""
    mine = {no, *programme.parts_of(no)}
    found = [one for target in programme.targets if mine & {*target.tasks} for one in of_target(programme, target)]
    return TaskBinding(
        tuple(one.code for one in programme.registers if mine & {*one.tasks}), tuple(dict.fromkeys(found))
    )


def unbound(reading: Reading) -> Iterator[Problem]:
    """Targets whose number nobody provides, and tasks on which neither a register nor a target throws light."""
    p = reading.programme
    if any(reading.spoilt(name) for name in ("targets.yaml", "metrics.yaml", "registers.yaml")):
        return  # what is missed may be what was refused
    for target in p.targets:
        for one in of_target(p, target):
            if not _provided(p, one):
                yield _without_source(target, one)
    for task in p.tasks:
        if p.parts_of(task.no):
            continue  # a whole rests on what its parts rest on
        found = of_task(p, task.no)
        if not found.registers and not any(_provided(p, one) for one in found.targets):
            yield _without_binding(task)


def _provided(p: Programme, one: Binding) -> bool:
    """Whether numbers are there, or someone is named who brings them. What is not known at all is told elsewhere."""
    if one.kind == "register":
        return one.code not in p.register_by_code or bool(one.body) or one.code in p.sources_of_registers
    return one.kind == "stream" or one.code not in p.series_by_code or bool(one.body) or one.code in p.series_with_rows


def _without_source(target: Target, one: Binding) -> Problem:
    zh, en = KINDS[one.kind]
    return target.problem(
        "metric",
        f"目标 {target.code} 的数没有来处：{zh} {one.code} 既没有数据，也没有写明由哪个部门 body 提供",
        f"the target {target.code} has no source: the {en} {one.code} has neither data nor a body that provides them",
    )


def _without_binding(task: Task) -> Problem:
    return task.problem(
        "no",
        f"任务 {task.no} 没有任何数据来处：没有台账写明 tasks 含 {task.no}，它的目标也没有来处",
        f"task {task.no} is bound to nothing: no register names it among its tasks and no target of it has a source",
    )


# --- as a table

HEADS = {"zh": ("目标", "数从哪里来", "任务"), "en": ("target", "where its number comes from", "task")}


def table(programme: Programme, language: str) -> str:
    """For each target, then each task, where its number comes from."""
    target, source, task = HEADS[language]
    rows = [(target, source)]
    rows += [
        (_named(one, language), _told(programme, of_target(programme, one), language)) for one in programme.targets
    ]
    rows.append((task, source))
    rows += [(_named(one, language), _of_task(programme, one.no, language)) for one in programme.tasks]
    width = max(_width(left) for left, _ in rows) + 2
    return "\n".join(left + " " * (width - _width(left)) + right for left, right in rows)


def _named(one: Target | Task, language: str) -> str:
    return f"{one.code if isinstance(one, Target) else one.no} {getattr(one.short, language)}"


def _of_task(p: Programme, no: int | str, language: str) -> str:
    found = of_task(p, no)
    kept = [Binding("register", code, p.register_by_code[code].body or "") for code in found.registers]
    return _told(p, tuple(dict.fromkeys([*found.targets, *kept])), language)


def _told(p: Programme, found: tuple[Binding, ...], language: str) -> str:
    return ("；" if language == "zh" else "; ").join(_one(p, one, language) for one in found)


def _one(p: Programme, one: Binding, language: str) -> str:
    word = KINDS[one.kind][0 if language == "zh" else 1]
    if one.kind == "stream":
        groups = {it.code: it.name.model_dump() for it in p.head.groups} if p.head else {}
        return f"{word} {in_words(named(one.code), groups)[language]}"
    body = p.body_by_code.get(one.body)
    if body is None:
        return f"{word} {one.code}"
    return f"{word} {one.code}（{body.name}）" if language == "zh" else f"{word} {one.code} ({body.en})"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
