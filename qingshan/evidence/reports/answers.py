"""One answer of a report: what is asked, what was answered, and what is wrong with the answer in itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
LONGEST = 2000  # characters of a text
YES, NO = Decimal(1), Decimal(0)
HUNDRED = Decimal(100)
WHOLE = {"finished", "confirmed"}


class Fault(NamedTuple):
    """What is wrong with a field of an answer (claim, progress or obstacle), in Chinese and in English."""

    field: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of a body. `asked` and `known` as Line keeps them; `claim` is what is filled in beforehand."""

    key: str
    kind: str
    form: str
    asked: Mapping[str, Any]
    known: Mapping[str, Any] = field(default_factory=dict)
    claim: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    claim: Decimal | None = None
    progress: str = ""
    obstacle: str = ""
    entries: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        return self.claim is None and not self.progress and not self.obstacle


def faults(form: str, asked: Mapping[str, Any], answer: Answer) -> Iterator[Fault]:
    """What cannot be kept, not even in a draft: a number out of bounds, a text too long."""
    if answer.claim is not None:
        yield from _bounds(form, asked, answer.claim)
    for name, text in (("progress", answer.progress), ("obstacle", answer.obstacle)):
        if len(text) > LONGEST:
            yield Fault(
                name,
                f"有 {len(text)} 个字，上限 {LONGEST} 个",
                f"has {len(text)} characters, at most {LONGEST} are allowed",
            )


def _bounds(form: str, asked: Mapping[str, Any], claim: Decimal) -> Iterator[Fault]:
    least, most = (NO, HUNDRED) if form == "percent" else (asked.get("least"), asked.get("most"))
    unit = "%" if form == "percent" else asked.get("unit", "")
    if least is not None and claim < Decimal(least):
        yield Fault("claim", f"{claim} 小于下限 {least} {unit}".rstrip(), f"{claim} is below {least} {unit}".rstrip())
    if most is not None and claim > Decimal(most):
        yield Fault("claim", f"{claim} 大于上限 {most} {unit}".rstrip(), f"{claim} is above {most} {unit}".rstrip())
    if form in WHOLE and claim not in (YES, NO):
        yield Fault("claim", "应为“是”或“否”", "should be yes or no")
    if claim.as_tuple().exponent < -6 or abs(claim) >= 10**14:
        yield Fault("claim", f"{claim} 位数过多，小数最多 6 位", f"{claim} has too many digits, at most 6 decimals")


def lacking(form: str, asked: Mapping[str, Any], answer: Answer) -> Iterator[Fault]:
    """What an answer still lacks to be handed in."""
    if asked.get("optional"):
        return
    if form == "words":
        if not answer.progress:
            yield Fault("progress", "还没有写进展", "has no progress yet")
    elif answer.claim is None and not answer.obstacle:
        yield Fault(
            "claim",
            "还没有填报；确实填不了的，在“困难”里写明原因",
            "is not answered; where it cannot be, say why under obstacle",
        )
    elif form == "confirmed" and answer.claim == NO and not (answer.obstacle or answer.progress):
        yield Fault("progress", "填了“不符”，请写明哪里不符", "is said not to agree; say in what")


def read_claim(form: str, text: str) -> Decimal | None:
    """What a person typed as a claim. Raises ValueError with a sentence in both languages."""
    text = text.strip().replace(",", "").replace("，", "").removesuffix("%").removesuffix("％").strip()
    if not text:
        return None
    if form in WHOLE and (found := WORDS.get(text.lower())) is not None:
        return found
    if not NUMBER.fullmatch(text):
        wanted = ("“是”或“否”", "yes or no") if form in WHOLE else ("数字", "a number")
        raise Unread(f"“{text[:40]}”读不懂，应为{wanted[0]}", f"{text[:40]!r} cannot be read; expected {wanted[1]}")
    return Decimal(text)


WORDS = {
    "是": YES,
    "已完成": YES,
    "属实": YES,
    "yes": YES,
    "1": YES,
    "否": NO,
    "未完成": NO,
    "不符": NO,
    "no": NO,
    "0": NO,
}


class Unread(ValueError):
    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


def plain(number: Decimal | None) -> str | None:
    """An exact number as text, without idle zeros."""
    if number is None:
        return None
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
