"""What in an answer does not agree with what is known otherwise. A contradiction decides nothing: the reviewer sees both
numbers and decides.

An answer is held against `known`, what the system knows of the matter: last: what was reported before; history: the values
of earlier periods, oldest first; value: what the registers or measurements give now, from `value_from`; part, whole: how
many rows of a register are done, of how many; undone: rows named as evidence that are not done; goal.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from qingshan.evidence.registers.cells import plain

from .answers import Answer

STEPS = 3  # earlier steps needed before a jump can be told
JUMP = 3  # times the largest step so far
NEAR = Fraction(1, 100)  # of the larger value: closer than that two numbers agree


class Contradiction(NamedTuple):
    """rule: its code; claimed and known: the two numbers, as text; zh, en: the sentence."""

    rule: str
    claimed: str
    known: str
    zh: str
    en: str


def contradictions(
    form: str, asked: Mapping[str, Any], known: Mapping[str, Any], answer: Answer, files: int
) -> list[Contradiction]:
    """All contradictions of an answer, the gravest first. `files`: how many evidence files it has."""
    return [found for rule in RULES for found in rule(form, asked, known, answer, files)]


def _done(form: str, answer: Answer) -> bool:
    return form in ("percent", "finished") and answer.claim == (100 if form == "percent" else 1)


def _register(form, asked, known, answer, files) -> Iterator[Contradiction]:
    """Said to be finished, while rows of the register are not."""
    part, whole = known.get("part"), known.get("whole")
    if _done(form, answer) and whole is not None and part < whole:
        names = known["register"]
        yield Contradiction(
            "register", "100%", f"{part}/{whole}",
            f"填报完成；台账“{names['zh']}”显示 {whole} 项中 {part} 项{names.get('done_zh') or '完成'}",
            f"reported finished; the register “{names['en']}” says {part} of {whole} {names.get('done_en') or 'done'}",
        )  # fmt: skip


def _rows(form, asked, known, answer, files) -> Iterator[Contradiction]:
    """Said to be finished, while a row named as evidence is not."""
    undone = known.get("undone") or []
    if _done(form, answer) and undone:
        yield Contradiction(
            "rows", "100%", "、".join(undone),
            f"填报完成；所引台账条目中 {len(undone)} 条尚未完成：{'、'.join(undone[:5])}",
            f"reported finished; {len(undone)} of the entries named are not: {', '.join(undone[:5])}",
        )  # fmt: skip


def _measured(form, asked, known, answer, files) -> Iterator[Contradiction]:
    """A value that is not what the registers or measurements give."""
    if form != "value" or answer.claim is None or known.get("value") is None:
        return
    value = Decimal(known["value"])
    if _apart(answer.claim, value):
        source = known.get("value_from") or {"zh": "系统", "en": "the system"}
        yield Contradiction("value", plain(answer.claim), plain(value), *_two(answer.claim, value, source, asked))


def _two(claim: Decimal, value: Decimal, source: Mapping[str, str], asked: Mapping[str, Any]) -> tuple[str, str]:
    unit = asked.get("unit", "")
    a, b = f"{plain(claim)} {unit}".rstrip(), f"{plain(value)} {unit}".rstrip()
    return f"填报 {a}；{source['zh']}为 {b}", f"reported {a}; {source['en']} gives {b}"


def _apart(a: Decimal, b: Decimal) -> bool:
    return abs(Fraction(a) - Fraction(b)) > NEAR * max(abs(Fraction(a)), abs(Fraction(b)))


def _goal(form, asked, known, answer, files) -> Iterator[Contradiction]:
    """Said to be finished, while the target's value has not come to its goal."""
    value, goal = known.get("value"), known.get("goal")
    counted = known.get("whole") is not None and known["part"] < known["whole"]  # told by the register already
    if not _done(form, answer) or value is None or goal is None or known.get("attained") or counted:
        return
    unit = known.get("unit", "")
    a, b = f"{plain(Decimal(value))} {unit}".rstrip(), f"{plain(Decimal(goal))} {unit}".rstrip()
    source = known.get("value_from") or {"zh": "系统", "en": "the system"}
    yield Contradiction(
        "goal",
        "100%",
        a,
        f"填报完成；{source['zh']}为 {a}，目标 {b}",
        f"reported finished; {source['en']} gives {a} of {b}",
    )


def _fallen(form, asked, known, answer, files) -> Iterator[Contradiction]:
    """A count that only grows, or a percentage done, that is less than it was."""
    growing = asked.get("cumulative") or form == "percent"
    if answer.claim is None or not growing or known.get("last") is None:
        return
    last = Decimal(known["last"])
    if answer.claim < last:
        unit = "%" if form == "percent" else asked.get("unit", "")
        a, b = f"{plain(answer.claim)} {unit}".rstrip(), f"{plain(last)} {unit}".rstrip()
        when = known.get("last_period", "")
        yield Contradiction(
            "fallen", plain(answer.claim), plain(last), f"累计数减少：填报 {a}，{when} 为 {b}",
            f"a running total has fallen: reported {a}, {when} had {b}",
        )  # fmt: skip


def _jump(form, asked, known, answer, files) -> Iterator[Contradiction]:
    """A step more than three times as large as any before."""
    history = [Decimal(one) for one in known.get("history") or []]
    if form != "value" or answer.claim is None or len(history) <= STEPS:
        return
    largest = max(abs(b - a) for a, b in _pairs(history))
    step = abs(answer.claim - history[-1])
    if largest and step > JUMP * largest:
        a, b = plain(step), plain(largest)
        yield Contradiction(
            "jump",
            a,
            b,
            f"变动过大：比上期变动 {a}，此前最大变动 {b}",
            f"an unusual step: {a} from the last period, at most {b} before",
        )


def _pairs(values: Sequence[Decimal]):
    return zip(values, values[1:], strict=False)


def _unfinished(form, asked, known, answer, files) -> Iterator[Contradiction]:
    """Due and not finished, without a word on why."""
    late = asked.get("overdue") and form in ("percent", "finished") and answer.claim is not None
    if late and not _done(form, answer) and not answer.obstacle:
        yield Contradiction(
            "unexplained", plain(answer.claim), asked["due"], f"应于 {asked['due']} 前完成，填报未完成，没有写明困难",
            f"was due on {asked['due']} and is reported unfinished, without an obstacle",
        )  # fmt: skip


def _proof(form, asked, known, answer, files) -> Iterator[Contradiction]:
    """Said to be finished, where proof is asked for and none is there."""
    if asked.get("proof") and _done(form, answer) and not files and not answer.entries:
        yield Contradiction(
            "proof",
            "100%",
            "0",
            "填报完成，没有附佐证材料，也没有引台账条目",
            "reported finished without a file or a register entry",
        )


RULES = (_register, _rows, _measured, _goal, _fallen, _jump, _unfinished, _proof)
