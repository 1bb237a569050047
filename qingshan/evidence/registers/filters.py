"""What to look for in a register, as a short text that stands in addresses, saved filters and metrics.

    town=枫泾镇|廊下镇;length>=100;state!=mended;note~泵站;mended_on=

One condition after another, separated by “;”, all of which hold: a field, an operator and a value. Several values for `=`
and `!=` are separated by “|”; no value means empty. A backslash takes the meaning from the sign after it.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from .cells import Unreadable, read
from .schema import Column, Definition

OPERATORS = ("!=", ">=", "<=", "=", ">", "<", "~")
CONDITION = re.compile(r"([a-z][a-z0-9_]*)(!=|>=|<=|=|>|<|~)(.*)", re.DOTALL)
ORDERED = ("int", "decimal", "date", "year")
ORIGINS = ("official", "reported", "simulated")
MOST = 30  # conditions


class BadFilter(ValueError):
    """A filter that cannot be used, with the reason in Chinese and in English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


class Condition(NamedTuple):
    """`values` are as the field keeps them (decimals as text); none means “is empty”."""

    field: str
    op: str
    values: tuple[Any, ...]


def parse(definition: Definition, text: str) -> tuple[Condition, ...]:
    """The conditions of a filter, typed by the register's definition. Raises BadFilter."""
    parts = [part for part in _split(text, ";") if part.strip()]
    if len(parts) > MOST:
        raise BadFilter(
            f"筛选条件有 {len(parts)} 个，上限 {MOST} 个", f"{len(parts)} conditions, at most {MOST} are allowed"
        )
    return tuple(_condition(definition, part.strip()) for part in parts)


def written(conditions: Iterable[Condition]) -> str:
    """The conditions as text; parsing it gives them again."""
    return ";".join(f"{one.field}{one.op}{'|'.join(_guarded(value) for value in one.values)}" for one in conditions)


def conditions(definition: Definition, parts: Iterable[tuple[str, str, Iterable[str]]]) -> tuple[Condition, ...]:
    """Conditions from a form's fields: (field, operator, values as text). Raises BadFilter."""
    return parse(definition, written(Condition(code, op, tuple(values)) for code, op, values in parts))


def _guarded(value: Any) -> str:
    text = "1" if value is True else "0" if value is False else str(value)
    return re.sub(r"([\\;|])", r"\\\1", text)


def _split(text: str, at: str) -> list[str]:
    """Parts between separators that no backslash guards; backslashes are kept."""
    return [found[0] for found in re.finditer(rf"(?:\\.|[^\\{re.escape(at)}]|\\$)*", text, re.DOTALL) if found[0]]


def _condition(definition: Definition, text: str) -> Condition:
    match = CONDITION.fullmatch(text)
    if match is None:
        raise BadFilter(
            f"“{text[:60]}”不是筛选条件，应写作 字段=值，符号可用 {' '.join(OPERATORS)}",
            f"{text[:60]!r} is no condition; write field=value with one of {' '.join(OPERATORS)}",
        )
    code, op, rest = match.groups()
    raw = [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in _split(rest, "|")]
    if code in SPECIAL:
        return SPECIAL[code](definition, code, op, raw)
    column = definition.field.get(code)
    if column is None or column not in definition.filterable:
        names = "、".join(one.code for one in definition.filterable)
        raise BadFilter(f"不能按 {code} 筛选，可用：{names}", f"cannot filter by {code}; use one of {names}")
    return Condition(code, _fitting(column, op, raw), tuple(_value(column, op, part) for part in raw))


def _fitting(column: Column, op: str, raw: list[str]) -> str:
    if op in (">", "<", ">=", "<=") and column.type not in ORDERED:
        raise BadFilter(f"“{column.name.zh}”不能比较大小", f"{column.name.en} has no order; use = or !=")
    if op == "~" and not column.worded:
        raise BadFilter(f"“{column.name.zh}”不能按部分文字查找", f"{column.name.en} cannot be searched by a part of it")
    if op not in ("=", "!=") and len(raw) != 1:
        raise BadFilter(f"“{column.name.zh}{op}”后应有一个值", f"{column.code}{op} takes exactly one value")
    return op


def _value(column: Column, op: str, text: str) -> Any:
    try:
        value = text if op == "~" else read(column, text)
    except Unreadable as wrong:
        raise BadFilter(f"“{column.name.zh}”{wrong.zh}", f"{column.name.en}: {wrong.en}") from None
    if value is None:
        raise BadFilter(f"“{column.name.zh}”的值不能只有空格", f"{column.name.en}: a value may not be blank")
    return value


def _states(definition: Definition, code: str, op: str, raw: list[str]) -> Condition:
    return _of(code, op, raw, [one.code for one in definition.states])


def _origins(definition: Definition, code: str, op: str, raw: list[str]) -> Condition:
    return _of(code, op, raw, ORIGINS)


def _of(code: str, op: str, raw: list[str], allowed: Iterable[str]) -> Condition:
    if op not in ("=", "!=") or not raw or not set(raw) <= set(allowed):
        told = "|".join(allowed)
        raise BadFilter(f"{code} 应写作 {code}={told}", f"write {code}={told}")
    return Condition(code, op, tuple(raw))


def _body(definition: Definition, code: str, op: str, raw: list[str]) -> Condition:
    if op not in ("=", "!="):
        raise BadFilter("部门只能用 = 或 !=", "a body takes = or !=")
    return Condition(code, op, tuple(raw))


def _key(definition: Definition, code: str, op: str, raw: list[str]) -> Condition:
    if op not in ("=", "!=", "~") or not raw or (op == "~" and len(raw) != 1):
        raise BadFilter("编号应写作 key=… 或 key~…", "write key=… or key~…")
    return Condition(code, op, tuple(raw))


SPECIAL = {"state": _states, "origin": _origins, "body": _body, "key": _key}


def holds(condition: Condition, value: Any) -> bool:
    """Whether a value of the field meets the condition: what the database is asked, said in plain Python."""
    if not condition.values:
        return (value in (None, "")) == (condition.op == "=")
    if value in (None, ""):
        return condition.op == "!="
    if condition.op in ("=", "!="):
        same = any(_comparable(value, one) == _comparable(one, one) for one in condition.values)
        return same == (condition.op == "=")
    (one,) = condition.values
    if condition.op == "~":
        return str(one).lower() in str(value).lower()
    left, right = _comparable(value, one), _comparable(one, one)
    return {">": left > right, "<": left < right, ">=": left >= right, "<=": left <= right}[condition.op]


def _comparable(value: Any, like: Any) -> Any:
    """Decimals are kept as text and compared as numbers; days are text and compare as such."""
    text = isinstance(like, str) and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", like) and not isinstance(value, bool)
    return Decimal(str(value)) if text and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(value)) else value
