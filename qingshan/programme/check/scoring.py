"""Rules of scoring and what they count."""

from collections.abc import Iterator

from qingshan.evaluation.scores.rules import Criterion, Scoring
from qingshan.evidence.registers.selections import Selection, faults
from qingshan.programme.reading import Reading
from qingshan.programme.schema import Problem, Where


def scoring_fits(reading: Reading) -> Iterator[Problem]:
    """Whether each edition of the rules is dated once, and counts registers that are there."""
    for version, name in (("version", "版本"), ("since", "生效日")):
        first: set[str] = set()
        for one in reading.programme.scoring:
            if (told := getattr(one, version)) in first:
                yield _at(
                    one,
                    version,
                    f"评分规则的{name} {told} 重复",
                    f"the {version} {told} of the scoring rules stands twice",
                )
            first.add(told)
    for one in reading.programme.scoring:
        for criterion in one.criterion.values():
            if criterion.source == "register":
                yield from _scored(reading, criterion)


def _scored(reading: Reading, criterion: Criterion) -> Iterator[Problem]:
    code = criterion.register_code
    if not reading.knows("registers", code):
        zh = f"台账 {code} 不在 registers.yaml 中，请先登记或改正"
        yield _at(criterion, "register", zh, f"register {code} is not in registers.yaml; add it there or correct it")
    elif register := reading.programme.register_by_code.get(code):
        chosen = Selection(
            code,
            criterion.condition,
            tuple(criterion.states),
            "",
            criterion.done or "",
            criterion.planned or "",
            "",
            "quarter",
        )
        for zh, en in faults(chosen, register):
            yield _at(criterion, "", f"标准 {criterion.code}：{zh}", f"criterion {criterion.code}: {en}")
        if not (criterion.planned or register.planned):
            yield _at(
                criterion,
                "register",
                f"台账 {code} 没有计划完成日，请写明 planned",
                f"register {code} has no day planned; name it under planned",
            )


def _at(entry: Scoring | Criterion, name: str, zh: str, en: str) -> Problem:
    where = entry.where or Where("scoring.yaml", 1, {})
    return Problem(where.file, where.lines.get(name, where.line), zh, en)
