"""How bodies are scored, as data: what counts in which part, from how many matters on, and what is deducted on which basis."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from qingshan.evaluation.points import Effect, Rule
from qingshan.evaluation.scoring import QUANTILES
from qingshan.evidence.registers.schema import FieldCode, Name, Part, Slug

PartCode = Literal["result", "process", "mending"]
Source = Literal["targets", "reports", "returns", "nodes", "decisions", "register"]
# What can become of a matter of each source: as it should be first, else, and what is not counted at all.
GOOD, BAD, LEFT_OUT = 0, 1, 2
OUTCOMES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "targets": (("attained", "on_track"), ("at_risk", "off_track"), ("no_data", "not_yet_due")),
    "reports": (("on_time",), ("late", "missing"), ()),
    "returns": (("accepted",), ("returned",), ()),
    "nodes": (("on_time",), ("late", "open"), ()),
    "decisions": (("on_time",), ("late", "open"), ()),
    "register": (("on_time",), ("late", "open"), ()),
}


def outcome(due_on: date, done_on: date | None) -> str:
    """on_time, late or open: of what is due on a day."""
    return "open" if done_on is None else "on_time" if done_on <= due_on else "late"


def refuse(zh: str, en: str) -> PydanticCustomError:
    return PydanticCustomError("scoring", "{en}", {"zh": zh, "en": en})


def _positive(text: str) -> str:
    if Decimal(text) <= 0:
        raise refuse("应大于 0", "should be above zero")
    return text


def _day(value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise refuse("应为存在的日期，写作 2026-12-31", "should be a date that exists, written 2026-12-31") from None


Amount = Annotated[
    str, BeforeValidator(str), StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,4})?$"), AfterValidator(_positive)
]
Day = Annotated[str, BeforeValidator(_day)]
Words = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=400)]


class Sentences(Part):
    zh: Words
    en: Words


class Basis(Part):
    """Where a rule stands: the document and its clause."""

    document: Sentences
    clause: Sentences


class Criterion(Part):
    """What is counted, for a part. register: rows that fall due in the period, mended by the day they are due."""

    code: Slug
    name: Name
    source: Source
    weight: Amount = "1"
    other: Amount = "1"  # weight of a target that is not binding
    register_code: Slug | None = Field(default=None, alias="register")
    condition: Annotated[str, StringConstraints(max_length=300)] = Field(default="", alias="where")
    states: list[Slug] = []
    planned: FieldCode | None = None
    done: FieldCode | None = None

    @model_validator(mode="after")
    def _whole(self):
        told = [self.register_code, self.condition, self.states, self.planned, self.done]
        if self.source == "register" and not (self.register_code and self.states):
            raise refuse(
                f"标准 {self.code} 取自台账，须写明 register 和算作完成的 states",
                f"criterion {self.code} counts a register; name the register and the states that count as done",
            )
        if self.source != "register" and any(told):
            raise refuse(
                f"标准 {self.code} 不取自台账，请删去 register、where、states、planned、done",
                f"criterion {self.code} counts no register; delete register, where, states, planned and done",
            )
        if self.source != "targets" and self.other != "1":
            raise refuse(
                f"标准 {self.code} 不取自目标，不写 other", f"criterion {self.code} counts no targets; delete other"
            )
        return self

    def judged(self, outcome: str) -> int:
        """GOOD, BAD or LEFT_OUT."""
        return next(n for n, words in enumerate(OUTCOMES[self.source]) if outcome in words)


class PartRule(Part):
    """One of the three parts. minimum: with fewer matters a body is not ranked; most: the most deducted in it [points]."""

    code: PartCode
    name: Name
    minimum: Annotated[int, Field(ge=1, le=1000, strict=True)]
    most: Amount | None = None
    criteria: Annotated[list[Criterion], Field(min_length=1)]


class Weights(Part):
    """Points of each part of a total; rescale: where a body has too few matters of a part, the others
    share its points; else it has no total."""

    result: Amount
    process: Amount
    mending: Amount
    rescale: bool = False

    @property
    def by_part(self) -> dict[str, Decimal]:
        return {"result": Decimal(self.result), "process": Decimal(self.process), "mending": Decimal(self.mending)}


class Deduction(Part):
    """So many points off for each matter of a criterion with one of these outcomes."""

    code: Slug
    name: Name
    criterion: Slug
    outcomes: Annotated[list[Slug], Field(min_length=1)]
    points: Amount
    effect: Literal["each", "once"] = "each"
    cap: Amount | None = None
    basis: Basis


class Scoring(Part):
    """An edition of the rules, in force for sheets whose period begins on `since` or later.

    standing: working rules are the office's own and say so on every sheet; adopted ones have been issued.
    """

    version: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9A-Za-z.-]{1,20}$")]
    since: Day
    standing: Literal["working", "adopted"]
    why: Sentences
    window: Annotated[int, Field(ge=0, le=60, strict=True)]
    level: Literal[tuple(QUANTILES)]
    parts: Annotated[list[PartRule], Field(min_length=1)]
    total: Weights | None = None
    deductions: list[Deduction] = []

    @cached_property
    def part(self) -> dict[str, PartRule]:
        return {one.code: one for one in self.parts}

    @cached_property
    def criterion(self) -> dict[str, Criterion]:
        return {one.code: one for part in self.parts for one in part.criteria}

    @cached_property
    def part_of(self) -> dict[str, str]:
        return {one.code: part.code for part in self.parts for one in part.criteria}

    @cached_property
    def deduction(self) -> dict[str, Deduction]:
        return {one.code: one for one in self.deductions}

    @property
    def point_rules(self) -> list[Rule]:
        return [
            Rule(one.code, self.part_of[one.criterion], -Decimal(one.points), Effect(one.effect),
                 Decimal(one.cap) if one.cap else None)
            for one in self.deductions
        ]  # fmt: skip

    def plain(self) -> dict:
        """As it is kept and hashed."""
        return self.model_dump(mode="json", by_alias=True, exclude={"where"}, exclude_none=True)

    @model_validator(mode="after")
    def _whole(self):
        for words, codes in (
            ("parts", [one.code for one in self.parts]),
            ("criteria", [one.code for part in self.parts for one in part.criteria]),
            ("deductions", [one.code for one in self.deductions]),
        ):
            _once(words, codes)
        for one in self.deductions:
            _fits(one, self.criterion)
        if self.total and len(self.parts) < 3:
            raise refuse(
                f"合计须有三部分，现有 {len(self.parts)} 部分；请删去 total",
                f"a total needs three parts, there are {len(self.parts)}; delete total",
            )
        return self


def _once(words: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise refuse(f"{words} 中的代码 {code} 重复", f"the code {code} stands twice in {words}")


def _fits(one: Deduction, criteria: dict[str, Criterion]) -> None:
    if one.criterion not in criteria:
        raise refuse(
            f"扣分规则 {one.code} 的标准 {one.criterion} 不在 parts 的 criteria 中",
            f"rule {one.code} names the criterion {one.criterion}, which no part has",
        )
    source = criteria[one.criterion].source
    for outcome in one.outcomes:
        if outcome not in OUTCOMES[source][BAD]:
            allowed = OUTCOMES[source][BAD]
            raise refuse(
                f"扣分规则 {one.code} 的情形 {outcome} 应为其中之一：{'、'.join(allowed)}",
                f"rule {one.code}: {outcome} should be one of {', '.join(allowed)}",
            )
