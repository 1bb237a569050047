"""The lines of a year's list as the system proposes them, made from the measures and official targets of a plan."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .coverage import Key
from .leading import Before, Party, partners
from .leading import propose as propose_lead
from .proposing import Grounds, Node, Promise, Term, Text, goal_of, name_of, node_of_measure, node_of_target

WHOLE, OWN = Text("总体目标", "Overall targets"), Text("其他", "Other")
WHOLE_NO, OWN_NO = 0, 999  # where these two stand among the themes
LONGEST_TITLE = 200  # characters
GOES_ON = Node(Text("按规划推进，形成年度成果", "Advance as planned, with a result for the year"), 4)


@dataclass(frozen=True, slots=True)
class ThemePart:
    no: int
    title: Text


NO_THEME = ThemePart(OWN_NO, OWN)


@dataclass(frozen=True, slots=True)
class TaskPart:
    no: str
    title: Text
    theme: ThemePart
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class MeasurePart:
    id: int
    sentence: Text
    task: TaskPart


@dataclass(frozen=True, slots=True)
class TargetPart:
    """`tasks` work for it; those of a target of the whole plan are the ones it judges."""

    id: int
    code: str
    promise: Promise
    binding: bool
    metric: str
    tasks: tuple[TaskPart, ...]
    whole: bool


@dataclass(frozen=True)
class PlanParts:
    """A plan as far as its yearly lists are made from it.

    english: names of bodies by code; led: who led what in the lists before.
    """

    term: Term
    tasks: tuple[TaskPart, ...]
    measures: tuple[MeasurePart, ...]
    targets: tuple[TargetPart, ...]
    english: dict[str, str]
    led: dict[Key, Before] = field(default_factory=dict)


def lines(plan: PlanParts, grounds: Grounds, year: int) -> list[dict[str, Any]]:
    """The fields of every item that falls into the year, theme by theme, targets first, in the plan's order."""
    place = {task.no: order for order, task in enumerate(plan.tasks)}
    found = list(_all_of(plan, grounds, year))
    return sorted(found, key=lambda one: (one["theme_no"], "target_id" not in one, place.get(one["task_no"], -1)))


def _all_of(plan: PlanParts, grounds: Grounds, year: int) -> Iterator[dict[str, Any]]:
    yield from filter(None, (of_target(plan, grounds, one, year) for one in plan.targets))
    yield from filter(None, (of_measure(plan, grounds, one, year) for one in plan.measures))


def of_measure(
    plan: PlanParts, grounds: Grounds, measure: MeasurePart, year: int, otherwise: Node | None = None
) -> dict | None:
    """Its line, due as the rules of the year say, or else at the node `otherwise`; none where there is neither.

    A sentence that is no longer than its name is told with the task it belongs to.
    """
    task, sentence = measure.task, measure.sentence
    node = node_of_measure(sentence.zh, plan.term, year) or otherwise
    if node is None:
        return None
    name = name_of(sentence.zh)
    within = Text(f"落实任务 {task.no}“{task.title.zh}”：{sentence.zh}",
                  sentence.en and f"Part of task {task.no}, {task.title.en or task.title.zh}: {sentence.en}")  # fmt: skip
    line = {"measure_id": measure.id, "title": name, "title_en": sentence.en[:300]}
    words = _content(within if name == sentence.zh.strip() else sentence)
    return (
        line
        | words
        | _rest(plan, grounds, (task,), task, node, sentence.zh, "", key_of_measure(task.title.zh, sentence.zh))
    )


def of_target(
    plan: PlanParts, grounds: Grounds, target: TargetPart, year: int, otherwise: Node | None = None
) -> dict | None:
    """Its line, due as the rules of the year say, or else at the node `otherwise`; none where there is neither."""
    before, reached = grounds.lines.get(target.code, (None, None))
    node = node_of_target(replace(target.promise, before=before, reached=reached), year) or otherwise
    if node is None:
        return None
    name, goal = target.promise.name, goal_of(target.promise)
    zh, en = ("", "") if target.binding else ("（力争）", " (striven for)")
    words = Text(f"规划目标：{name.zh}，{goal.zh}{zh}", name.en and f"Target of the plan: {name.en}, {goal.en}{en}")
    line = {"target_id": target.id, "title": name.zh[:LONGEST_TITLE], "title_en": name.en}
    task = None if target.whole else next(iter(target.tasks), None)
    owner = grounds.owners.get(target.metric, "")
    rest = _rest(plan, grounds, target.tasks, task, node, name.zh, owner, ("target", target.code))
    return line | _content(words) | rest | (_theme(ThemePart(WHOLE_NO, WHOLE)) if target.whole else {})


def key_of_measure(task: str, sentence: str) -> Key:
    """What makes a measure the same through all editions: its sentence, under the title of its task."""
    return "measure", f"{task}\n{sentence}"


def _content(words: Text) -> dict[str, Any]:
    return {"content": words.zh, "content_en": words.en}


def _theme(theme: ThemePart) -> dict[str, Any]:
    return {"theme_no": theme.no, "theme": theme.title.zh, "theme_en": theme.title.en}


def of_task(task: TaskPart | None) -> dict[str, Any]:
    """Where a line stands that belongs to a task, or to none."""
    return {"task_no": task.no if task else ""} | _theme(task.theme if task else NO_THEME)


def _rest(plan: PlanParts, grounds: Grounds, tasks: Sequence[TaskPart], task: TaskPart | None, node: Node, sentence: str,
          owner: str, key: Key) -> dict[str, Any]:  # fmt: skip
    parties: dict[str, Party] = {}
    for one in (party for it in tasks for party in it.parties):
        parties.setdefault(one.code or one.name, one)
    near = [one for one in plan.tasks if tasks and one.theme == tasks[0].theme]
    related = Counter(code for one in near for code in {party.code for party in one.parties if party.code})
    keeping = {owner: 1} if owner else sum((Counter(grounds.keepers.get(one.no, {})) for one in tasks), Counter())
    lead = propose_lead(list(parties.values()), sentence, keeping, related, len(near), plan.english,
                        plan.led.get(key))  # fmt: skip
    decided = {"lead_code": lead.code, "lead_name": lead.name} if lead.rule == "named" else {}  # the plan has decided
    return of_task(task) | decided | {
        "node": node.text.zh, "node_en": node.text.en, "quarter": node.quarter,
        "proposed_code": lead.code, "proposed_name": lead.name, "proposed_rule": lead.rule,
        "reason": lead.reason.zh, "reason_en": lead.reason.en,
        "partners": [[one.code, one.name] for one in partners(list(parties.values()), lead.code)],
    }  # fmt: skip
