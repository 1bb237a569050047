from datetime import date

import pytest
from pydantic import ValidationError

from qingshan.evaluation.scores.rules import BAD, GOOD, LEFT_OUT, Scoring, outcome

from .rulesets import RULES, both, rules, told

MAY, JUNE, JULY = date(2025, 5, 9), date(2025, 6, 9), date(2025, 7, 9)


def faults(told: dict) -> str:
    with pytest.raises(ValidationError) as refused:
        Scoring.model_validate(told)
    return "；".join(one.get("ctx", {}).get("zh", one["msg"]) for one in refused.value.errors())


def test_rules_are_kept_as_they_were_written():
    found = rules()
    assert Scoring.model_validate(found.plain()).plain() == found.plain()
    assert found.plain()["parts"][2]["criteria"][0]["register"] == "findings"
    assert found.part_of["nodes"] == "process"


@pytest.mark.parametrize(("done", "told"), [(None, "open"), (MAY, "on_time"), (JUNE, "on_time"), (JULY, "late")])
def test_what_is_due_on_a_day_is_kept_by_it(done, told):
    assert outcome(JUNE, done) == told


@pytest.mark.parametrize(
    ("criterion", "outcome", "judged"),
    [("targets", "on_track", GOOD), ("targets", "at_risk", BAD), ("targets", "no_data", LEFT_OUT), ("reports", "missing", BAD),
     ("returns", "accepted", GOOD), ("nodes", "late", BAD), ("findings", "open", BAD), ("findings", "on_time", GOOD)],
)  # fmt: skip
def test_what_is_good_bad_or_not_counted(criterion, outcome, judged):
    assert rules().criterion[criterion].judged(outcome) == judged


def spoilt(path: tuple, value) -> dict:
    whole = told()
    place = whole
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return whole


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("deductions", 0, "criterion"), "gone", "标准 gone 不在"),
        (("deductions", 0, "outcomes"), ["on_time"], "情形 on_time 应为其中之一：late、missing"),
        (("deductions", 1, "code"), "missing", "代码 missing 重复"),
        (("parts", 1, "criteria", 0, "code"), "targets", "代码 targets 重复"),
        (("parts", 0, "criteria", 0, "weight"), "0", "应大于 0"),
        (("parts", 0, "criteria", 0, "register"), "findings", "不取自台账"),
        (("parts", 1, "criteria", 0, "other"), "0.5", "不取自目标"),
        (("parts", 2, "criteria", 0, "states"), [], "算作完成的 states"),
        (("since",), "2025-02-30", "应为存在的日期"),
        (("parts",), RULES["parts"][:2], "不在 parts"),
    ],
)
def test_rules_that_do_not_fit_together_are_refused_in_a_sentence(path, value, says):
    assert says in faults(spoilt(path, value))


def test_a_total_needs_all_three_parts():
    assert "合计须有三部分，现有 1 部分" in faults(told(parts=RULES["parts"][:1], deductions=[]))
    assert rules(total=None).total is None


def test_an_unknown_level_is_refused():
    assert "0.95" in faults(told(level="0.5", why=both("x")))
