"""The seal of an audit line: a chain of SHA-256 hashes, so that a changed, removed or inserted line shows."""

import hashlib
import json
from collections.abc import Iterable
from typing import NamedTuple

FIRST = "0" * 64


class Line(NamedTuple):
    """What is sealed of one write; `at` is ISO 8601 in UTC to the microsecond."""

    at: str
    by: str
    role: str
    verb: str
    thing: str
    jurisdiction: str
    detail: dict


def seal(line: Line, before: str) -> str:
    """SHA-256 [hex] over the line and the seal `before` it."""
    text = json.dumps([before, *line], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(lines: Iterable[tuple[Line, str]]) -> int | None:
    """Place (from 0) of the first line whose stored seal is not the one its content and predecessor give, else None."""
    before = FIRST
    for place, (line, stored) in enumerate(lines):
        if seal(line, before) != stored:
            return place
        before = stored
    return None
