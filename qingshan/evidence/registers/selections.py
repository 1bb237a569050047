"""Which rows of a register a metric counts, and how much each counts for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .filters import BadFilter, parse
from .schema import Definition

Every = Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of `register` that meet `where` and are in one of `states` (none named: in any).

    total: field whose values are added up; without it each row counts for one.
    done: date field that says when a row counts from; without it the day the first of `states` was reached.
    planned: date field with the day a row should count from.
    on: date or year field; where given, amounts are flows of the period in which that day lies, not a stock.
    every: the periods at whose ends a stock is taken, or into which flows are gathered.
    """

    register: str
    where: str = ""
    states: tuple[str, ...] = ()
    total: str = ""
    done: str = ""
    planned: str = ""
    on: str = ""
    every: Every = "quarter"

    @property
    def name(self) -> str:
        """A text that tells this selection from all others, and that a person can read."""
        parts = [self.where, f"state={'|'.join(self.states)}" if self.states else ""]
        found = ";".join(filter(None, parts))
        more = [f"{key}={value}" for key, value in (("sum", self.total), ("done", self.done), ("on", self.on)) if value]
        return "&".join(filter(None, [f"{self.register}?{found}" if found else self.register, *more]))

    def plain(self) -> dict[str, Any]:
        """As it stands in a programme's file and in a metric's inputs."""
        told = {"register": self.register, "where": self.where, "state": list(self.states), "sum": self.total,
                "done": self.done, "planned": self.planned, "on": self.on, "every": self.every}  # fmt: skip
        return {key: value for key, value in told.items() if value and (key, value) != ("every", "quarter")}


def selection(told: Mapping[str, Any]) -> Selection:
    """A selection from its plain form."""
    return Selection(
        register=told["register"], where=told.get("where", ""), states=tuple(told.get("state", ())), total=told.get("sum", ""),
        done=told.get("done", ""), planned=told.get("planned", ""), on=told.get("on", ""), every=told.get("every", "quarter"),
    )  # fmt: skip


def faults(one: Selection, definition: Definition) -> list[tuple[str, str]]:
    """What in a selection does not fit its register, in Chinese and in English."""
    found = [
        (f"台账 {one.register} 没有状态 {code}", f"the register {one.register} has no state {code}")
        for code in one.states
        if code not in definition.state
    ]
    try:
        parse(definition, one.where)
    except BadFilter as wrong:
        found.append((f"where：{wrong.zh}", f"where: {wrong.en}"))
    for key, code, kinds in (
        ("sum", one.total, ("int", "decimal")), ("done", one.done, ("date",)), ("planned", one.planned, ("date",)), ("on", one.on, ("date", "year")),
    ):  # fmt: skip
        if code and (code not in definition.field or definition.field[code].type not in kinds):
            wanted = " 或 ".join(kinds)
            found.append(
                (f"{key} 指的字段 {code} 不是 {wanted}", f"{key}: {code} is no field of type {' or '.join(kinds)}")
            )
    return found
