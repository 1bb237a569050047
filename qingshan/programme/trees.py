"""A YAML text as nested dicts and lists that know their lines.

The parser gives one event after the other and builds nothing of its own, so that no text, however deep, exhausts it. Scalars
are read as YAML 1.2 has them: `no` is a word, and a number with a point stays text, so that no float ever stands between a
file and a Decimal.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from .schema import Where

WHERE = "__where__"
MOST_DEPTH = 20
LOADER = getattr(
    yaml, "CBaseLoader", yaml.BaseLoader
)  # the same events, many times faster where the C library is there
NOTHING = {"", "~", "null", "Null", "NULL"}
TRUTH = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
TEXT = "tag:yaml.org,2002:str"

BROKEN = (
    "YAML 写法有误，请检查这一行前后的缩进、冒号和引号",
    "broken YAML; check indentation, colons and quotes around this line",
)
TANGLED = (
    "不能使用别名（*）或嵌套过深，请直接写出",
    "aliases (*) and deep nesting are not allowed; write it out",
)
Complain = Callable[[int, str, str], object]  # line, sentence in Chinese and in English


class Unusable(Exception):
    """A text of which nothing can be used, with the line to look at and the sentence."""

    def __init__(self, line: int, zh: str, en: str):
        super().__init__(zh)
        self.line, self.zh, self.en = line, zh, en


def tree(text: str, file: str, complain: Complain) -> Any:
    """The text's one document. A key that is no word or stands twice is complained of and left out."""
    try:
        return _Builder(yaml.parse(text, Loader=LOADER), file, complain).document()
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None) or getattr(broken, "context_mark", None)
        raise Unusable(mark.line + 1 if mark else 1, *BROKEN) from broken


class _Builder:
    def __init__(self, events: Iterator[yaml.Event], file: str, complain: Complain):
        self.events, self.file, self.complain = events, file, complain

    def document(self) -> Any:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        found = self._value(self._next(), 0)
        self._next()
        if not isinstance(after := self._next(), yaml.StreamEndEvent):
            raise Unusable(_line(after), *BROKEN)
        return found

    def _next(self) -> yaml.Event:
        return next(self.events)

    def _value(self, event: yaml.Event, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.AliasEvent) or depth > MOST_DEPTH:
            raise Unusable(_line(event), *TANGLED)
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._items(depth))
        return self._mapping(event, depth)

    def _items(self, depth: int) -> Iterator[Any]:
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            yield self._value(event, depth + 1)

    def _mapping(self, start: yaml.Event, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line, key = _line(event), self._key(event, depth)
            value = self._value(self._next(), depth + 1)
            if key is None:
                self.complain(line, "字段名应为一个词", "a field's name should be one word")
            elif key in found:
                self.complain(line, *_twice(key, lines[key]))
            else:
                found[key], lines[key] = value, line
        return found | {WHERE: Where(self.file, _line(start), lines)}

    def _key(self, event: yaml.Event, depth: int) -> str | None:
        if isinstance(event, yaml.ScalarEvent):
            return None if event.value == WHERE else event.value
        self._value(event, depth + 1)
        return None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1


def _twice(key: str, line: int) -> tuple[str, str]:
    told = short(key)
    return f"“{told}”重复，前一次在第 {line} 行，请删去一个", f"{told!r} stands twice, first in line {line}; delete one"


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = event.value
    if event.style or event.tag == TEXT:
        return text
    if text in NOTHING:
        return None
    if text in TRUTH:
        return TRUTH[text]
    return int(text) if len(text) <= 15 and WHOLE.fullmatch(text) else text


def short(value: Any) -> str:
    """A value fit for one line of a message."""
    text = "".join(c if c.isprintable() else "�" for c in str(value))
    return text if len(text) <= 40 else text[:39] + "…"
