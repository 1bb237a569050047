"""How the files of a source are read: a mapping as data, kept for each source, checked before it is used.

`propose` makes one for an unknown file from its heading; a person looks it over and keeps it.
"""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from .cells import Unreadable
from .media import MEDIA
from .naming import Item, heading, item_of, items
from .rows import FLAGS, PERIODS
from .system import of_the_system
from .units import NoConversion, factor

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
MADE = ("template", "long", "wide")  # forms of files that every medium has; templates.py makes their mappings
PARTS = ("year", "month", "day", "hour", "minute")


class Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Time(Told):
    """Where the time of a row stands. Without `format` any usual writing is understood; `parts`: year, month, day, hour apart.

    stamp: whether an hour is called by its start or its end; year_of: the column that holds the year which the time lacks.
    """

    column: Name | None = None
    format: Name | None = None
    parts: Annotated[list[Name], Field(min_length=2, max_length=len(PARTS))] | None = None
    year_of: Name | None = None
    stamp: Literal["start", "end"] = "start"

    @model_validator(mode="after")
    def _one_way(self):
        if (self.column is None) == (self.parts is None):
            raise Unreadable("time 须有 column 或 parts 之一", "time needs either column or parts")
        if self.year_of and not self.format:
            raise Unreadable("有 year_of 时 time 须有 format", "time needs a format beside year_of")
        return self

    @property
    def columns(self) -> list[str]:
        return [one for one in (*(self.parts or ()), self.column, self.year_of) if one]


class Value(Told):
    """A column of values; without `unit` they are in the unit the item is kept in. `optional`: a file may lack the column."""

    item: Name
    unit: str | None = None
    optional: bool = False


class Long(Told):
    """The columns of a file with one value to a row."""

    item: Name
    value: Name
    unit: Name | None = None


class State(Told):
    """The column of a station's state: what it says → the flag. `optional`: a file may lack it, or leave it blank.

    Under a state of `gaps` a cell without a value, or with 0, has its flag, and the values beside it count: those instruments work.
    """

    column: Name
    flags: dict[str, str]
    gaps: list[Name] = []
    optional: bool = False

    @model_validator(mode="after")
    def _known(self):
        if unknown := [one for one in self.gaps if one not in self.flags]:
            raise Unreadable(f"gaps 里的状态“{'、'.join(unknown)}”不在 flags 里", f"states of gaps are not among flags: {', '.join(unknown)}")  # fmt: skip
        return self


class Mapping(Told):
    """How a source's files are read: `values` where a row holds several items, `long` where it holds one.

    `heading`: the row in which the names of the columns stand; `at`: the one site of a file that names none; `empty`: what
    stands in a cell without a value, beside what usually does; `maxima`: column → the column of its maximum.
    """

    name: Name
    name_en: str = ""
    medium: Literal[MEDIA]
    period: Literal[PERIODS]
    encoding: str = "utf-8"
    heading: Annotated[int, Field(ge=1, le=100)] = 1
    site: list[Name] = []
    at: Name | None = None
    time: Time
    empty: list[str] = []
    state: State | None = None
    values: dict[Name, Value] = {}
    long: Long | None = None
    maxima: dict[Name, Name] = {}

    @model_validator(mode="after")
    def _whole(self):
        if bool(self.site) == bool(self.at):
            raise Unreadable("site（点位列）和 at（唯一点位）须有其一", "either site or at is needed")
        if bool(self.values) == bool(self.long):
            raise Unreadable("values（宽表）和 long（长表）须有其一", "either values or long is needed")
        if unknown := [one for one in (self.state.flags.values() if self.state else ()) if one not in FLAGS]:
            known = " ".join(filter(None, FLAGS))
            raise Unreadable(
                f"标记“{'、'.join(unknown)}”不认识，可用 {known}",
                f"no such flag: {', '.join(unknown)}; there are {known}",
            )
        for column, one in self.values.items():
            if one.item not in items(self.medium):
                known = " ".join(items(self.medium))
                raise Unreadable(
                    f"列“{column}”的项目“{one.item}”不认识，可用 {known}",
                    f"{one.item} of column {column} is no item; there are {known}",
                )
            if one.unit is not None:
                factor(self.medium, one.item, one.unit)
        return self

    @property
    def needed(self) -> set[str]:
        """The columns a file must have."""
        asked = {*self.site, *self.time.columns, *self.maxima.values()}
        asked |= {name for name, one in self.values.items() if not one.optional}
        asked |= {self.state.column} if self.state and not self.state.optional else set()
        return asked | (
            {one for one in (self.long.item, self.long.value, self.long.unit) if one} if self.long else set()
        )

    @property
    def columns(self) -> set[str]:
        return self.needed | set(self.values) | ({self.state.column} if self.state else set())

    def fits(self, names: Sequence[str]) -> bool:
        """Whether a file with these columns can be read by it."""
        return self.needed <= set(names) and (bool(self.long) or bool(set(self.values) & set(names)))


class Source(Mapping):
    """A mapping under the code by which rows name where they came from."""

    code: str


def checked(code: str, told: Map) -> Source:
    """The mapping as one that can be used. Raises Unreadable with what is wrong, and where."""
    try:
        return Source.model_validate({"name": code, **told, "code": code})
    except ValidationError as reason:
        faults = reason.errors(include_url=False)
        raise Unreadable(
            f"来源“{code}”的对照不对：{'；'.join(_wrong(one, 'zh') for one in faults[:5])}。",
            f"The mapping of the source {code} is wrong: {'; '.join(_wrong(one, 'en') for one in faults[:5])}.",
        ) from reason


WRONG = {
    "missing": ("缺少这一项", "this is missing"), "extra_forbidden": ("没有这一项", "there is no such entry"),
    "string_type": ("应为文字", "expected text"), "list_type": ("应为一列", "expected a list"), "tuple_type": ("应为一列", "expected a list"),
    "dict_type": ("应为“名称: 值”的一组", "expected names with values"), "model_type": ("应为“名称: 值”的一组", "expected names with values"),
    "int_type": ("应为整数", "expected a whole number"), "int_parsing": ("应为整数", "expected a whole number"),
    "bool_type": ("应为 true 或 false", "expected true or false"), "bool_parsing": ("应为 true 或 false", "expected true or false"),
    "literal_error": ("应为 {expected}", "expected {expected}"), "greater_than_equal": ("应不小于 {ge}", "expected {ge} or more"),
    "string_too_short": ("不能空着", "must not be empty"), "string_too_long": ("最多 {max_length} 个字", "at most {max_length} characters"),
    "too_short": ("不能空着", "must not be empty"),
}  # fmt: skip


def _wrong(fault: Map, language: str) -> str:
    """One fault of a mapping: its place, what stands there, what was expected."""
    context = fault.get("ctx", {})
    own, words = context.get("error"), WRONG.get(fault["type"], ("不合要求", fault["msg"]))
    told = getattr(own, language) if hasattr(own, language) else words[language == "en"].format(**context)
    told = told.rstrip("。.") if language == "en" else told.rstrip("。").replace(" or ", "、").replace(", ", "、")
    there = "" if isinstance(fault["input"], dict | None) else f" {str(fault['input'])[:60]}"
    return f"{'.'.join(map(str, fault['loc']))}{there} {told}".strip()


def sources() -> list[str]:
    """The codes of the sources that come with Qingshan."""
    found = (files(__package__) / "sources").iterdir()
    own = sorted(one.name.removesuffix(".yaml") for one in found if one.name.endswith(".yaml"))
    return own + [f"{form}-{medium}" for form in MADE for medium in MEDIA]


def source(code: str | Path) -> Source:
    """The mapping of that code, or in that file. Raises Unreadable with what it lacks."""
    place = Path(code)
    if place.suffix not in (".yaml", ".yml"):
        return _own(str(code))
    try:
        return _read(place.stem, place)
    except OSError as reason:
        raise Unreadable(*of_the_system(reason)) from reason


@cache
def _own(code: str) -> Source:
    form, _, medium = code.partition("-")
    if form in MADE and medium in MEDIA:
        from . import templates

        return getattr(templates, form)(medium)
    try:
        return _read(code, files(__package__) / "sources" / f"{code}.yaml")
    except (OSError, ValueError) as reason:
        known = sources()
        raise Unreadable(
            f"没有来源“{code}”；已有：{'、'.join(known)}。", f"There is no source {code}; known are {', '.join(known)}."
        ) from reason


def _read(code: str, place) -> Source:
    try:
        told = yaml.safe_load(place.read_text(encoding="utf-8"))
    except UnicodeDecodeError as reason:
        raise Unreadable(
            f"对照文件 {place.name} 不是 UTF-8，请另存为 UTF-8。", f"The mapping {place.name} is not in UTF-8."
        ) from reason
    except yaml.YAMLError as reason:
        mark = getattr(reason, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Unreadable(
            f"对照文件 {place.name} 第 {line} 行不是 YAML。", f"The mapping {place.name} is no YAML in line {line}."
        ) from reason
    return checked(code, told if isinstance(told, dict) else {})


def recognised(rows: Sequence[Sequence[str]], more: Sequence[Source] = ()) -> Source | None:
    """The source of a file that begins with these rows, among `more` and those that come with Qingshan: the one that reads
    most of its columns; for a file with one value to a row, the one that knows most of its items."""
    known, found = [*more, *map(source, sources())], []
    for no, row in enumerate(rows, 1):
        names = [re.sub(r"\s+", " ", one).strip() for one in row]
        fitting = [one for one in known if one.heading == no and one.fits(names)]
        found += [(len(one.columns & set(names)), _known_items(one, names, rows[no:]), one) for one in fitting]
    return max((one for one in found if one[1]), key=lambda one: one[:2], default=(0, 0, None))[2]


def _known_items(one: Source, names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    if not one.long:
        return 1
    place = names.index(one.long.item)
    return sum(len(row) > place and item_of(one.medium, row[place]) is not None for row in rows)


# --- a mapping for an unknown file

SITES = ("点位编码", "站点编码", "站点编号", "点位编号", "断面编码", "断面名称", "断面", "点位名称", "点位", "站点名称", "站点", "监测点位", "监测点",
         "站名", "监测井", "井号", "地块", "地块编号", "站位", "测点", "stationcode", "station", "site", "siteid", "code", "district", "区县", "行政区", "城市")  # fmt: skip
TIMES = ("监测时间", "采样时间", "时间", "日期", "监测日期", "采样日期", "数据时间", "timepoint", "datetime", "time", "date", "timestamp",
         "时段", "月份")  # fmt: skip
APART = (("year", "年", "年份"), ("month", "月", "月份"), ("day", "日"), ("hour", "时", "小时"))
LONG = {
    "item": ("监测项目", "项目", "指标", "因子", "监测因子", "污染物", "item", "parameter", "pollutant"),
    "value": ("监测值", "数值", "值", "浓度", "结果", "监测结果", "value", "result", "concentration"),
    "unit": ("单位", "计量单位", "unit", "units"),
}
STATES = ("站点情况", "站点状态", "状态", "仪器状态")
STATE_FLAGS = {"正常": "", "维护": "maintenance", "校准": "calibration", "故障": "fault", "停运": "stopped", "停站": "stopped"}  # fmt: skip


def propose(rows: Sequence[Sequence[str]], medium: str | None = None) -> dict:
    """A mapping for a file that begins with these rows: the heading is the row in which most is understood.

    Raises Unreadable where no row names a time and something that is measured.
    """
    found = [
        (score, -number, one, _proposal(row, number, one))
        for one in ([medium] if medium else MEDIA)
        for number, row in enumerate(rows, 1)
        if (score := _understood(row, one))
    ]
    if not found:
        raise Unreadable(
            f"前 {len(rows)} 行里没有认得出的列名：要有时间列（如“监测时间”）和监测项目列（如“总磷（mg/L）”），或项目、数值两列。",
            f"None of the first {len(rows)} rows is a heading: a column for the time and one for an item, or for item and value, are needed.",
        )
    return max(found, key=lambda one: (one[0], one[1]))[3]


def _understood(row: Sequence[str], medium: str) -> int:
    """How many columns of a row are understood as a heading; nothing without a time and something measured."""
    roles = roles_of(row, medium)
    if "time" not in roles.values() or not (
        {"value"} <= set(roles.values()) or any(isinstance(one, tuple) for one in roles.values())
    ):
        return 0
    return len(roles)


def roles_of(row: Sequence[str], medium: str) -> dict[str, str | tuple[Item, str]]:
    """What each named column of a heading seems to hold: site, time, state, item, value, unit, or an item in a unit."""
    found: dict[str, str | tuple[Item, str]] = {}
    names = [one.strip() for one in row if one and one.strip()]
    for role, known in (("site", SITES), ("time", TIMES), ("state", STATES)):
        first = next((name for one in known for name in names if bare(name) == one), None)
        if first and first not in found:
            found[first] = role
    found |= dict.fromkeys(_parts(names), "time")
    for name in names:
        if name not in found and (what := _measured(name, medium)):
            found[name] = what
    if not any(isinstance(one, tuple) for one in found.values()):
        for role, known in LONG.items():
            first = next((name for one in known for name in names if bare(name) == one and name not in found), None)
            found |= {first: role} if first else {}
    return found


def _parts(row: Sequence[str]) -> list[str]:
    """The columns of year, month, day, hour, where a heading has them apart."""
    named = {bare(name): name.strip() for name in row if name}
    found = [next((named[one] for one in known if one in named), None) for known in APART]
    return list(takewhile(bool, found)) if all(found[:2]) else []


def bare(name: str) -> str:
    return re.sub(r"[*＊\s]", "", name).casefold()


def _measured(name: str, medium: str) -> tuple[Item, str] | None:
    """The item and unit that a heading names; nothing where the unit cannot be one of the item."""
    if item := item_of(medium, name.rstrip("*＊")):
        return item, item.unit
    told, unit = heading(name)
    item = item_of(medium, told)
    if item is None or unit is None:
        return None
    try:
        factor(medium, item.code, unit)
    except NoConversion:
        return None
    return item, unit


def _proposal(row: Sequence[str], number: int, medium: str) -> dict:
    roles = roles_of(row, medium)
    of = {role: name for name, role in roles.items() if isinstance(role, str)}
    parts = _parts(row)
    usual = "hour" if medium == "air" else "day" if medium == "rain" else "sample"
    made = {"medium": medium, "period": {2: "month", 3: "day", 4: "hour"}.get(len(parts), usual), "heading": number}
    made |= {"site": [of["site"]]} if "site" in of else {"at": "?"}
    made["time"] = ({"parts": parts} if parts else {"column": of["time"]}) | {"stamp": "start"}
    if "state" in of:
        made["state"] = {"column": of["state"], "flags": STATE_FLAGS}
    if "value" in of and "item" in of:
        return made | {"long": {role: of[role] for role in LONG if role in of}}
    values: dict[str, dict] = {}
    for name, role in roles.items():
        if isinstance(role, tuple) and role[0].code not in {one["item"] for one in values.values()}:
            values[name] = {"item": role[0].code, "unit": role[1]}
    return made | {"values": values}


def as_yaml(told: dict) -> str:
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
