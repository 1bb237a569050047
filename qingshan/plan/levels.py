"""Tasks of several levels: in a plan that has a task 1, task 1.2 is a part of it, and so is 1.2.3."""

import re
from collections.abc import Collection, Iterable
from typing import Any

DOTTED = re.compile(r"[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){1,2}")


def is_number(value: Any) -> bool:
    """Whether it can number a task in a programme's folder: 1 to 999, or text like 1.2 or 1.2.3."""
    if isinstance(value, str):
        return bool(DOTTED.fullmatch(value))
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 999


def whole_of(no: str, known: Collection[str]) -> str:
    """The number of the task that `no` is a part of, the nearest one there is; empty where it stands for itself."""
    while "." in no:
        no = no.rpartition(".")[0]
        if no in known:
            return no
    return ""


def parts_of(no: str, known: Iterable[str]) -> list[str]:
    """The numbers of all parts of a task, parts of parts included."""
    return [one for one in known if one.startswith(f"{no}.")]
