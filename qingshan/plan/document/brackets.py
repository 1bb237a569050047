"""Brackets: finding where one closes, splitting a text outside them."""

from __future__ import annotations

import re
from functools import cache

_PAIRS = {"（": "）", "【": "】", "〔": "〕", "[": "]", "《": "》", "“": "”"}
_ANY = re.compile(r"[（〔【《“）〕】》”]")
_OPEN, _CLOSE = frozenset("（〔【《“"), frozenset("）〕】》”")


@cache
def _splitter(marks: str):
    return re.compile(f"[{re.escape(marks)}]").split


def closing(text: str, start: int, reach: int) -> int:
    """The position after the bracket that closes the one at start, 0 where none does within reach."""
    opener, closer, depth = text[start], _PAIRS[text[start]], 0
    at, limit = start, min(len(text), start + reach)
    while at < limit:
        shut = text.find(closer, at, limit)
        if shut < 0:
            return 0
        depth += text.count(opener, at, shut) - 1
        at = shut + 1
        if depth <= 0:
            return at
    return 0


def split_outside(text: str, marks: str) -> list[str]:
    """The parts of a text between separators that stand outside brackets."""
    if not _ANY.search(text):
        return _splitter(marks)(text)
    parts, depth, at = [], 0, 0
    for i, char in enumerate(text):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif not depth and char in marks:
            parts.append(text[at:i])
            at = i + 1
    return [*parts, text[at:]]
