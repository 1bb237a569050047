"""A register as data: its fields, its life cycle, and whether a row fits it. Exact decimals are kept as text."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from qingshan.plan.levels import is_number

from .cells import Unreadable, check
from .serving import FARMLAND_CLASSES, SERVES

CODE = re.compile(r"[a-z][a-z0-9_]{0,38}[a-z0-9]|[a-z]")  # goes into SQL as it stands
SLUG = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")
Type = Literal["text", "int", "decimal", "date", "bool", "choice", "body", "place", "reference", "url", "year"]
Geometry = Literal["none", "point", "line", "polygon"]
NUMERIC = ("int", "decimal", "year")
OFFICE, OWN = "office", "own"  # who may move a row: the plan's office, or the body whose row it is


class Problem(NamedTuple):
    """What is wrong with one field of a row, as a sentence in both languages. `field` is empty where the row is meant."""

    field: str
    zh: str
    en: str


class Known(NamedTuple):
    """What a row may refer to: codes of bodies, and the keys of each other register."""

    bodies: Collection[str] = ()
    entries: Mapping[str, Collection[str]] = {}


def _refuse(zh: str, en: str) -> PydanticCustomError:
    return PydanticCustomError("register", "{en}", {"zh": zh, "en": en})


def _field_code(value: Any) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value) or value in RESERVED:
        raise _refuse(
            f"字段代码以小写英文字母开头，只用小写字母、数字和“_”，不超过 40 个字符，且不能是 {'、'.join(RESERVED)}",
            f"a field's code begins with a small letter, has small letters, digits and _ only, at most 40, and is none of {', '.join(RESERVED)}",
        )
    return value


def _slug(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 60 or not SLUG.fullmatch(value):
        raise _refuse(
            "代码只能用小写英文字母、数字、“-”和“_”，不超过 60 个字符",
            "a code has only small Latin letters, digits, - and _, at most 60 characters",
        )
    return value


def _task_no(value: Any) -> Any:
    if not is_number(value):
        raise _refuse(
            "应为任务序号：1 至 999，分项任务写作 1.2",
            "should be the number of a task: 1 to 999, a part of a task like 1.2",
        )
    return value


RESERVED = ("state", "body", "key", "origin", "effective", "known", "source", "lon", "lat", "geometry", "id")
FieldCode = Annotated[str, BeforeValidator(_field_code)]
TaskNo = Annotated[int | str, BeforeValidator(_task_no)]
Slug = Annotated[str, BeforeValidator(_slug)]
Words = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=120)]
Number = Annotated[str, BeforeValidator(str), StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$")]


class Part(BaseModel):
    """A mapping of a definition; `where` is its place in the file it was read from, if it was."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    where: Any = Field(default=None, alias="__where__", exclude=True, repr=False)


class Name(Part):
    zh: Words
    en: Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)]


class Choice(Part):
    code: Slug
    zh: Words
    en: Words


class Column(Part):
    """One field of a register."""

    code: FieldCode
    name: Name
    type: Type
    unit: Annotated[str, StringConstraints(min_length=1, max_length=30)] | None = None
    required: bool = False
    choices: list[Choice] = []
    register_code: Slug | None = Field(default=None, alias="register")
    min: Number | None = None
    max: Number | None = None
    decimals: Annotated[int, Field(ge=0, le=6, strict=True)] = 2
    filterable: bool = False
    term: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,60}$")] | None = None
    private: bool = False
    personal: bool = False

    @model_validator(mode="after")
    def _whole(self, info: ValidationInfo):
        if bool(self.choices) != (self.type == "choice"):
            raise _refuse(
                f"字段 {self.code}：choice 须列出 choices，其他类型不写",
                f"field {self.code}: a choice lists its choices, no other type does",
            )
        if bool(self.register_code) != (self.type == "reference"):
            raise _refuse(
                f"字段 {self.code}：reference 须写明所引的台账 register，其他类型不写",
                f"field {self.code}: a reference names its register, no other type does",
            )
        return self

    @property
    def numeric(self) -> bool:
        return self.type in NUMERIC

    @property
    def worded(self) -> bool:
        """Whether it can be searched by a part of it."""
        return self.type in ("text", "body", "place", "reference", "url")


class Proof(Part):
    """What a move needs: fields that are filled, and a number of evidence files."""

    fields: list[FieldCode] = []
    files: Annotated[int, Field(ge=0, le=20, strict=True)] = 0


class State(Part):
    code: Slug
    zh: Words
    en: Words
    final: bool = False


class Transition(Part):
    from_: Slug = Field(alias="from")
    to: Slug
    may: list[Literal["office", "own"]] = [OFFICE, OWN]
    proof: Proof = Proof()


class Definition(Part):
    """A register: what a row holds, what states it passes through, and who is responsible for it.

    The first state is where a row begins. `owner` names the body field whose body the row belongs to; where it is absent
    or empty the row belongs to `body`. A row is told apart from others by the fields of `key`. What is private (a field, or
    where rows lie) is shown to the row's own body, the plan's office and the auditor only. `serves` says as what pages use it
    (see serving.py). `places` are the places that a row may name, as the programme has them; any where it has none. Fields that are personal tell of people; they are emptied when a row has been closed for
    `retention_years`.
    """

    code: Slug
    version: Annotated[int, Field(ge=1, le=9999, strict=True)] = 1
    name: Name
    note: Name | None = None
    geometry: Geometry = "none"
    private_place: bool = False
    key: Annotated[list[FieldCode], Field(min_length=1, max_length=4)]
    fields: Annotated[list[Column], Field(min_length=1, max_length=60)]
    states: Annotated[list[State], Field(max_length=20)] = []
    transitions: Annotated[list[Transition], Field(max_length=80)] = []
    body: Slug | None = None
    owner: FieldCode | None = None
    title: FieldCode | None = None
    planned: FieldCode | None = None
    tasks: list[TaskNo] = []
    retention_years: Annotated[int, Field(ge=1, le=100, strict=True)] = 10
    serves: str | None = None
    places: list[Words] = []

    @model_validator(mode="after")
    def _whole(self):
        for zh, en in _faults(self):
            raise _refuse(zh, en)
        return self

    @cached_property
    def field(self) -> dict[str, Column]:
        return {one.code: one for one in self.fields}

    @cached_property
    def state(self) -> dict[str, State]:
        return {one.code: one for one in self.states}

    @property
    def first(self) -> str:
        return self.states[0].code if self.states else ""

    @property
    def filterable(self) -> list[Column]:
        return [one for one in self.fields if one.filterable or one.code in self.key]

    @property
    def searched(self) -> list[str]:
        """The fields that are found by a part of their text: the title, and the worded ones that are filterable."""
        worded = [one.code for one in self.filterable if one.worded and one.code != self.title]
        return [self.title, *worded] if self.title else worded

    @cached_property
    def private(self) -> frozenset[str]:
        return frozenset(one.code for one in self.fields if one.private)

    @property
    def personal(self) -> list[Column]:
        return [one for one in self.fields if one.personal]

    @property
    def references(self) -> list[Column]:
        return [one for one in self.fields if one.type == "reference"]

    def key_of(self, data: Mapping[str, Any]) -> str:
        """The natural key of a row: its key fields as text, joined by “ / ”."""
        return " / ".join(str(data.get(code, "")) for code in self.key)

    def title_of(self, data: Mapping[str, Any]) -> str:
        """What a person calls the row."""
        return str(data.get(self.title) or self.key_of(data)) if self.title else self.key_of(data)

    def plain(self) -> dict:
        """As JSON, the same for the same definition."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _faults(one: Definition) -> Iterator[tuple[str, str]]:
    """What does not fit together in a definition."""
    fields, states = [f.code for f in one.fields], [s.code for s in one.states]
    for zh, en, codes in (("字段", "field", fields), ("状态", "state", states)):
        for code in sorted({c for c in codes if codes.count(c) > 1}):
            yield f"{zh} {code} 重复，请删去一个", f"the {en} {code} stands twice; delete one"
    yield from _key_faults(one, fields)
    for what, code, kind in (
        ("owner", one.owner, "body"),
        ("planned", one.planned, "date"),
        ("title", one.title, "text"),
    ):
        if code and (code not in fields or one.field[code].type != kind):
            yield f"{what} 指向的字段 {code} 不是 {kind} 类型的字段", f"{what}: {code} is no field of type {kind}"
    for move in one.transitions:
        for code in (move.from_, move.to):
            if code not in states:
                yield (
                    f"转换中的状态 {code} 未列在 states 中",
                    f"the state {code} of a transition is not among the states",
                )
        for code in move.proof.fields:
            if code not in fields:
                yield f"转换要求的字段 {code} 不存在", f"the field {code} that a transition needs does not exist"
    yield from _life_faults(one, states)
    yield from _part_faults(one)


def _part_faults(one: Definition) -> Iterator[tuple[str, str]]:
    """Whether it has the fields for what it serves as, and hides what tells of people."""
    if one.serves is not None and one.serves not in SERVES:
        yield f"serves 应为其中之一：{'、'.join(SERVES)}", f"serves is one of {', '.join(SERVES)}"
    for code, types in SERVES.get(one.serves or "", {}).items():
        if code not in one.field or one.field[code].type not in types:
            yield (
                f"作为 {one.serves} 的台账须有字段 {code}，类型为 {' 或 '.join(types)}",
                f"a register that serves as {one.serves} needs the field {code} of type {' or '.join(types)}",
            )
    if one.serves == "farmland-units" and "class" in one.field:
        there = {choice.code for choice in one.field["class"].choices}
        if there != set(FARMLAND_CLASSES):
            yield (
                f"作为 farmland-units 的台账，class 的选项应为 {'、'.join(FARMLAND_CLASSES)}",
                f"in a register that serves as farmland-units the choices of class are {', '.join(FARMLAND_CLASSES)}",
            )
    for column in one.fields:
        if column.personal and (
            column.type not in ("text", "url") or column.filterable or column.term or column.required
        ):
            yield (
                f"字段 {column.code} 含个人信息，到期须能清空：类型为 text 或 url，不作必填、筛选或对外术语",
                f"the field {column.code} is personal and must be able to go: of type text or url, neither required, filterable nor a term",
            )
        if column.personal and not column.private:
            yield (
                f"字段 {column.code} 含个人信息（personal），须同时设为 private",
                f"the field {column.code} is personal; make it private too",
            )


def _key_faults(one: Definition, fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    for code in one.key:
        if code not in fields:
            yield f"唯一键字段 {code} 不在 fields 中", f"the key field {code} is not among the fields"
        elif not one.field[code].required:
            yield f"唯一键字段 {code} 须为必填（required: true）", f"the key field {code} must be required"
    for code in one.private & {*one.key, one.title}:
        yield (
            f"字段 {code} 是条目的名称或唯一键，不能设为 private",
            f"the field {code} names rows and cannot be private",
        )


def _life_faults(one: Definition, states: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every state can be reached from the first, and only a final one has no way on."""
    reached, new = set(), set(states[:1])
    while new:
        reached |= new
        new = {move.to for move in one.transitions if move.from_ in reached} - reached
    for code in states:
        if code not in reached:
            yield f"状态 {code} 无法从第一个状态到达", f"the state {code} cannot be reached from the first one"
        if not one.state[code].final and not any(move.from_ == code for move in one.transitions):
            yield (
                f"状态 {code} 没有后续转换，请标为 final: true",
                f"no transition leaves the state {code}; mark it final",
            )


def validate(definition: Definition, data: Mapping[str, Any], known: Known | None = None) -> list[Problem]:
    """All that is wrong with a row's data (field → JSON value). Empty where it fits the definition.

    References are checked against `known`; without it only their form is.
    """
    problems = [
        Problem(
            code, f"台账“{definition.name.zh}”没有字段 {code}", f"the register {definition.name.en} has no field {code}"
        )
        for code in data
        if code not in definition.field
    ]
    for column in definition.fields:
        problems += _field_problems(definition, column, data.get(column.code), known)
    return problems


def _field_problems(definition: Definition, column: Column, value: Any, known: Known | None) -> Iterator[Problem]:
    if value is None or value == "":
        if column.required:
            yield Problem(column.code, f"“{column.name.zh}”为必填，请填写", f"{column.name.en} is required; fill it in")
        return
    try:
        check(column, value)
    except Unreadable as wrong:
        yield Problem(column.code, f"“{column.name.zh}”{wrong.zh}", f"{column.name.en}: {wrong.en}")
        return
    missing = _nowhere(definition, column, value) or (known is not None and _unknown(column, value, known))
    if missing:
        yield Problem(column.code, f"“{column.name.zh}”{missing[0]}", f"{column.name.en}: {missing[1]}")


def _nowhere(definition: Definition, column: Column, value: str) -> tuple[str, str] | None:
    if column.type != "place" or not definition.places or value in definition.places:
        return None
    told, some = value[:40], definition.places[:20]
    return f"“{told}”不是登记的地名，应为：{'、'.join(some)}", f"{told} is no known place: {', '.join(some)}"


def _unknown(column: Column, value: str, known: Known) -> tuple[str, str] | None:
    if column.type == "body" and value not in known.bodies:
        return f"“{value}”不是登记的部门", f"{value} is no known body"
    if column.type == "reference" and value not in known.entries.get(column.register_code, ()):
        return f"“{value}”不在台账 {column.register_code} 中", f"{value} is not in the register {column.register_code}"
    return None


def route(definition: Definition, start: str, to: str, who: Collection[str]) -> list[Transition] | None:
    """The shortest way from one state to another along moves that one of `who` may make; None where there is none."""
    ways: dict[str, list[Transition]] = {start: []}
    queue = [start]
    while queue and to not in ways:
        here = queue.pop(0)
        for move in definition.transitions:
            if move.from_ == here and move.to not in ways and set(move.may) & set(who):
                ways[move.to] = [*ways[here], move]
                queue.append(move.to)
    return ways.get(to)


def lacking(definition: Definition, move: Transition, data: Mapping[str, Any], files: int) -> list[Problem]:
    """What a row still lacks for a move."""
    to = definition.state[move.to]
    problems = [
        Problem(
            code,
            f"转为“{to.zh}”前须填写“{definition.field[code].name.zh}”",
            f"fill in {definition.field[code].name.en} before the move to {to.en}",
        )
        for code in move.proof.fields
        if data.get(code) in (None, "")
    ]
    if files < move.proof.files:
        problems.append(
            Problem(
                "",
                f"转为“{to.zh}”须有证明材料 {move.proof.files} 份，现有 {files} 份",
                f"the move to {to.en} needs {move.proof.files} evidence files; there are {files}",
            )
        )
    return problems


def reached_after(reached: Mapping[str, str], state: str, day: str) -> dict[str, str]:
    """The day each state of the present path was reached, after `state` is entered on `day`.

    Going back to an earlier state undoes what came after it.
    """
    kept: dict[str, str] = {}
    for code, when in sorted(reached.items(), key=lambda item: item[1]):
        if code == state:
            break
        kept[code] = when
    return kept | {state: day}
