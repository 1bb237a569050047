"""What a reading holds. Offsets count characters of the text as it was given, before any healing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


class NotAPlan(Exception):
    """The text is something else than a plan.

    Attributes
    ----------
    zh, en : str
        The reason as one sentence, in Chinese and in English.
    """

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Measure:
    text: str
    start: int
    end: int
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    no: str
    title: str
    theme: str | None
    departments: tuple[str, ...]
    roles: dict[str, tuple[str, ...]]
    text: str
    start: int
    end: int
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One promise that can be checked.

    Attributes
    ----------
    scope : str
        ``overall`` or the number of a task, as printed.
    op : str
        ``>=  <=  >  <  =  range`` with a value, ``done`` a milestone, ``increase``/``decrease`` a direction.
    value : int, float, list of two numbers or None
        Written out [unit]: 40 万平方米 is 400000 m².
    binding : bool
        False where the document says 力争 or 预期性.
    implied : bool
        True where words (全面, 全覆盖, 零) stand for the number.
    """

    scope: str
    metric: str
    op: str
    value: int | float | tuple | None
    unit: str | None
    by: int | None
    note: str
    binding: bool
    implied: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class UnreadNumber:
    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Facts:
    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    issued: str | None = None
    period: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    facts: Facts
    themes: tuple[str, ...]
    tasks: tuple[Task, ...]
    targets: tuple[Target, ...]
    unread_numbers: tuple[UnreadNumber, ...] = field(default=())

    def as_dict(self) -> dict:
        """The reading as plain lists and dictionaries, ready for JSON."""
        parts = {name: [_plain(asdict(item)) for item in getattr(self, name)] for name in _LISTS}
        return _plain(asdict(self.facts)) | {"themes": list(self.themes)} | parts


_LISTS = ("tasks", "targets", "unread_numbers")


def _plain(value):
    if isinstance(value, dict):
        return {key: _number(key, _plain(item)) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def _number(key, value):
    """Task numbers printed in Arabic digits are numbers in the data."""
    return (
        int(value)
        if key in ("no", "scope") and isinstance(value, str) and value.isascii() and value.isdigit()
        else value
    )
