"""What a new edition changes against the one in force."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .contents import EditionContent, TargetContent, TaskContent
from .matching import Promise, pair

# What a reader would call a changed promise; a name spelled otherwise is not one.
WATCHED = ("op", "value", "unit", "due", "binding", "kind", "scope")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that both editions hold, differently: `fields` has what it was and what it becomes, by name."""

    old: TargetContent | TaskContent
    new: TargetContent | TaskContent
    fields: dict[str, tuple]


@dataclass(frozen=True, slots=True)
class Difference:
    added: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.removed) + len(self.changed)


def changed_targets(new: EditionContent, old: EditionContent) -> Difference:
    """Targets are the same where the draft took over the code, or where scope and wording say so."""
    return _difference(new.targets, old.targets, _same_targets(new.targets, old.targets), _promise_fields)


def changed_tasks(new: EditionContent, old: EditionContent) -> Difference:
    """Tasks are the same by their title, or, reworded, by most of its characters."""
    return _difference(new.tasks, old.tasks, _same_tasks(new.tasks, old.tasks), _task_fields)


def _difference(new: Sequence, old: Sequence, same: dict[int, int], fields) -> Difference:
    left = set(range(len(old))) - set(same.values())
    changes = (Change(old[j], new[i], fields(old[j], new[i])) for i, j in sorted(same.items()))
    return Difference(
        added=[one for i, one in enumerate(new) if i not in same],
        removed=[old[j] for j in sorted(left)],
        changed=[one for one in changes if one.fields],
    )


def _same_targets(new: Sequence[TargetContent], old: Sequence[TargetContent]) -> dict[int, int]:
    place = {one.code: j for j, one in enumerate(old)}
    same = {i: place[one.code] for i, one in enumerate(new) if one.code in place}
    return _and_paired(same, [one.promise() for one in new], [one.promise() for one in old])


def _same_tasks(new: Sequence[TaskContent], old: Sequence[TaskContent]) -> dict[int, int]:
    place = {one.title: j for j, one in enumerate(old)}
    same = {i: place[one.title] for i, one in enumerate(new) if one.title in place}
    return _and_paired(same, [_as_promise(one) for one in new], [_as_promise(one) for one in old])


def _as_promise(task: TaskContent) -> Promise:
    return Promise("", "", None, task.title)


def _and_paired(same: dict[int, int], new: list[Promise], old: list[Promise]) -> dict[int, int]:
    left = [i for i in range(len(new)) if i not in same]
    free = [j for j in range(len(old)) if j not in same.values()]
    pairs = pair([new[i] for i in left], [old[j] for j in free])
    return same | {left[i]: free[j] for i, j in pairs.items()}


def _promise_fields(old: TargetContent, new: TargetContent) -> dict[str, tuple]:
    both = {name: (getattr(old, name), getattr(new, name)) for name in WATCHED}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def _task_fields(old: TaskContent, new: TaskContent) -> dict[str, tuple]:
    fields = {name: (getattr(old, name), getattr(new, name)) for name in ("no", "title")}
    fields |= {"joined": ((), _missing(new.bodies, old.bodies)), "left": (_missing(old.bodies, new.bodies), ())}
    return {name: pair for name, pair in fields.items() if pair[0] != pair[1]}


def _missing(these: list[str], those: list[str]) -> tuple[str, ...]:
    return tuple(name for name in these if name not in those)
