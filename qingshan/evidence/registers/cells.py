"""One cell of a register: from what a person typed to a value, and back. No float stands between text and number."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

LONGEST = 2000  # characters of a text
DIGITS = 15  # of a number in all, so that a database may compare it exactly
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
URL = re.compile(r"https?://[^\s<>\"']{1,480}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
YES, NO = {"是", "有", "yes", "true", "1", "y"}, {"否", "无", "no", "false", "0", "n"}
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Unreadable(ValueError):
    """A value that does not fit its field. Says what is wrong and what was expected, in Chinese and in English."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


def read(column, raw: Any) -> Any:
    """The value of a cell as the field keeps it; None for an empty cell. Raises Unreadable.

    A choice may be given by its code or by its name in either language.
    """
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw == "":
        return None
    value = READ[column.type](column, raw)
    check(column, value)
    return value


def show(column, value: Any, language: str = "zh") -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if column.type == "bool":
        return {"zh": ("否", "是"), "en": ("no", "yes")}[language][bool(value)]
    if column.type == "choice":
        return next((getattr(one, language) for one in column.choices if one.code == value), str(value))
    return str(value)


def check(column, value: Any) -> None:
    """Raise Unreadable unless a JSON value is one the field may keep."""
    CHECK[column.type](column, value)


def expected(column, language: str = "zh") -> str:
    """What to write into a cell of the field, in a few words."""
    return EXPECTED[language][column.type] + _limits(column, language)


def _limits(column, language: str) -> str:
    if not column.numeric or (column.min is None and column.max is None):
        return ""
    low, high = column.min, column.max
    if low is not None and high is not None:
        return f"，{low}—{high}" if language == "zh" else f", {low} to {high}"
    if low is not None:
        return f"，不小于 {low}" if language == "zh" else f", at least {low}"
    return f"，不大于 {high}" if language == "zh" else f", at most {high}"


EXPECTED = {
    "zh": {"text": "文字", "int": "整数", "decimal": "数字", "date": "日期，如 2026-12-31", "bool": "是或否", "choice": "从下拉项中选",
           "body": "部门名称", "place": "地名", "reference": "所引台账的唯一键", "url": "网址", "year": "年份，如 2026"},
    "en": {"text": "text", "int": "a whole number", "decimal": "a number", "date": "a date like 2026-12-31", "bool": "是 or 否",
           "choice": "one of the list", "body": "a body's name", "place": "a place name", "reference": "a key of the other register",
           "url": "a web address", "year": "a year like 2026"},
}  # fmt: skip


def _wrong(column, raw: Any) -> Unreadable:
    told = str(raw)[:40]
    return Unreadable(
        f"“{told}”读不懂，应为{expected(column)}", f"{told!r} cannot be read; expected {expected(column, 'en')}"
    )


def _text(column, raw: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # a spreadsheet keeps a number typed as a name as 12.0
    return CONTROL.sub("", str(raw)).strip()


def _whole(column, raw: Any) -> int:
    number = _number(column, raw)
    if number != number.to_integral_value():
        raise _wrong(column, raw)
    return int(number)


def _number(column, raw: Any) -> Decimal:
    if isinstance(raw, bool | date | time):
        raise _wrong(column, raw)
    # repr of a spreadsheet's float is the shortest text that names it: 12.3 stays 12.3
    text = repr(raw) if isinstance(raw, float) else str(raw).replace(",", "").replace("，", "").strip()
    try:
        return Decimal(text) if isinstance(raw, float) or NUMBER.fullmatch(text) else _fail(column, raw)
    except InvalidOperation:
        raise _wrong(column, raw) from None


def _fail(column, raw: Any):
    raise _wrong(column, raw)


def _decimal(column, raw: Any) -> str:
    number = _number(column, raw)
    if not number.is_finite():
        raise _wrong(column, raw)
    return plain(number)


def plain(number: Decimal) -> str:
    """An exact decimal as text without exponent and without idle zeros."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _day(column, raw: Any) -> str:
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return raw.isoformat()
    match = DAY.fullmatch(str(raw))
    try:
        return date(*map(int, match.groups())).isoformat() if match else _fail(column, raw)
    except ValueError:
        raise _wrong(column, raw) from None


def _bool(column, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _text(column, raw).lower()
    return True if text in YES else False if text in NO else _fail(column, raw)


def _choice(column, raw: Any) -> str:
    text = _text(column, raw)
    for one in column.choices:
        if text in (one.code, one.zh, one.en):
            return one.code
    names = "、".join(one.zh for one in column.choices[:12])
    raise Unreadable(
        f"“{text[:40]}”不在可选项中，应为：{names}",
        f"{text[:40]!r} is not among the choices: {', '.join(one.en for one in column.choices[:12])}",
    )


READ = {
    "text": _text, "int": _whole, "decimal": _decimal, "date": _day, "bool": _bool, "choice": _choice,
    "body": _text, "place": _text, "reference": _text, "url": _text, "year": _whole,
}  # fmt: skip


def _is_text(column, value: Any) -> None:
    if not isinstance(value, str) or CONTROL.search(value):
        raise _wrong(column, value)
    if len(value) > LONGEST:
        raise Unreadable(
            f"有 {len(value)} 个字，上限 {LONGEST} 个", f"has {len(value)} characters, at most {LONGEST} are allowed"
        )


def _is_int(column, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(column, value)
    _in_range(column, Decimal(value))


def _is_decimal(column, value: Any) -> None:
    if not isinstance(value, str) or not NUMBER.fullmatch(value) or not value.isascii():
        raise _wrong(column, value)
    number = Decimal(value)
    places = -number.normalize().as_tuple().exponent
    if places > column.decimals:
        raise Unreadable(
            f"{value} 有 {places} 位小数，最多 {column.decimals} 位",
            f"{value} has {places} decimals, at most {column.decimals} are allowed",
        )
    _in_range(column, number)


def _in_range(column, number: Decimal) -> None:
    whole = len(str(abs(int(number))))
    if whole + (column.decimals if column.type == "decimal" else 0) > DIGITS:
        raise Unreadable(f"{number} 位数过多", f"{number} has too many digits")
    if column.min is not None and number < Decimal(column.min):
        raise Unreadable(f"{number} 小于下限 {column.min}", f"{number} is below {column.min}")
    if column.max is not None and number > Decimal(column.max):
        raise Unreadable(f"{number} 大于上限 {column.max}", f"{number} is above {column.max}")


def _is_year(column, value: Any) -> None:
    _is_int(column, value)
    if not FIRST_YEAR <= value <= LAST_YEAR:
        raise Unreadable(
            f"{value} 不在 {FIRST_YEAR}—{LAST_YEAR} 年之间", f"{value} is not between {FIRST_YEAR} and {LAST_YEAR}"
        )


def _is_day(column, value: Any) -> None:
    try:
        if not isinstance(value, str) or date.fromisoformat(value).isoformat() != value:
            raise ValueError
    except ValueError:
        raise _wrong(column, value) from None


def _is_bool(column, value: Any) -> None:
    if not isinstance(value, bool):
        raise _wrong(column, value)


def _is_choice(column, value: Any) -> None:
    if value not in [one.code for one in column.choices]:
        _choice(column, value)
        raise _wrong(column, value)


def _is_url(column, value: Any) -> None:
    if not isinstance(value, str) or not URL.fullmatch(value):
        raise _wrong(column, value)


CHECK = {
    "text": _is_text, "int": _is_int, "decimal": _is_decimal, "date": _is_day, "bool": _is_bool, "choice": _is_choice,
    "body": _is_text, "place": _is_text, "reference": _is_text, "url": _is_url, "year": _is_year,
}  # fmt: skip
