"""Editions of standards: dated tables, of which the one in force on the day of an observation is taken.

A table file is YAML: `standard`, `title`, `since`, `until` (the first day it no longer holds; none while it holds), `mark` (how
far its numbers are verified), `source`, and the content. A later edition is another file of the same folder; old ones stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

MARKS = {
    "P": ("官方文本核对", "checked against the official text"),
    "S": ("转录文本核对", "checked against a transcription"),
    "M-H": ("待核对，可信度高", "from memory, likely right; not yet checked"),
    "M-M": ("待核对，可信度中", "from memory, fairly likely; not yet checked"),
    "W": ("工作规则，不是标准条文", "a working rule of this project, no clause of a standard"),
    "M-L": ("待核对，可信度低", "from memory, doubtful; not yet checked"),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a standard. `content` holds its tables: numbers as int or Decimal, never float."""

    code: str
    standard: str
    title: str
    since: date
    until: date | None
    mark: str
    source: str
    content: Mapping[str, Any]

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def __getitem__(self, name: str) -> Any:
        return self.content[name]

    @property
    def verified(self) -> bool:
        """Whether its numbers were checked against the official text or a transcription of it."""
        return self.mark in ("P", "S")


class NoEdition(LookupError):
    """No edition of the standard held on that day, or none of that name is known. Says which there are."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


class _Exact(yaml.SafeLoader):
    """Takes a number with a point as the Decimal it is written as."""


_Exact.add_constructor("tag:yaml.org,2002:float", lambda _, node: Decimal(node.value))


def _read(text: str) -> dict:
    return yaml.load(text, _Exact)


HEAD = ("standard", "title", "since", "until", "mark", "source")


@cache
def editions(family: str) -> tuple[Edition, ...]:
    """The known editions of a family (the name of its folder of tables), the oldest first."""
    folder = files(__package__) / "tables" / family
    found = [_edition(one.name.removesuffix(".yaml"), _read(one.read_text("utf-8"))) for one in folder.iterdir()
             if one.name.endswith(".yaml")]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.since))


def _edition(code: str, told: dict) -> Edition:
    if told["mark"] not in MARKS:
        raise ValueError(f"{code}: the mark {told['mark']} is none of {', '.join(MARKS)}")
    return Edition(
        code, **{name: told[name] for name in HEAD}, content={k: v for k, v in told.items() if k not in HEAD}
    )


def edition(family: str, on: date | None = None, code: str | None = None) -> Edition:
    """The edition in force on the day `on`, or the one called `code`, whatever the day.

    Raises NoEdition where none held on that day or none is called so, TypeError where neither is given.
    """
    known = editions(family)
    if code is None and on is None:
        raise TypeError("either the day of the observation or the code of an edition is needed")
    for one in known:
        if one.code == code or (code is None and one.holds_on(on)):
            return one
    there = "、".join(f"{one.code}（{one.since}起）" for one in known)
    there_en = ", ".join(f"{one.code} (from {one.since})" for one in known)
    if code is not None:
        raise NoEdition(
            f"没有代码为 {code} 的版本；已有：{there}。", f"There is no edition {code}; known are {there_en}."
        )
    raise NoEdition(
        f"{on} 没有施行中的版本；已有：{there}。", f"No edition was in force on {on}; known are {there_en}."
    )
