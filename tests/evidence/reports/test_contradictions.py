"""What does not agree: each rule on both sides of its edge."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evidence.reports.answers import Answer
from qingshan.evidence.reports.contradictions import contradictions

REGISTER = {"zh": "海绵项目", "en": "Sponge projects", "done_zh": "在用", "done_en": "in use"}
numbers = st.decimals(0, 10**6, places=2)


def found(form, answer, asked=None, known=None, files=1) -> list[tuple[str, str, str, str]]:
    return [tuple(one)[:4] for one in contradictions(form, asked or {}, known or {}, answer, files)]


def claim(text, **more) -> Answer:
    return Answer(Decimal(text), **more)


@pytest.mark.parametrize(("form", "text"), [("percent", "100"), ("finished", "1")])
def test_finished_while_the_register_is_not(form, text):
    known = {"part": 7, "whole": 18, "register": REGISTER}
    told = found(form, claim(text), known=known)
    assert told == [("register", "100%", "7/18", "填报完成；台账“海绵项目”显示 18 项中 7 项在用")]
    assert found(form, claim(text), known=known | {"part": 18}) == []
    assert found(form, claim("0"), known=known) == []


def test_finished_while_named_rows_are_not():
    assert found("percent", claim("100"), known={"undone": ["甲", "乙"]})[0][0] == "rows"
    assert found("percent", claim("99"), known={"undone": ["甲"]}) == []


def test_a_value_that_the_system_does_not_give():
    known = {"value": "40", "value_from": {"zh": "台账“排口”", "en": "the register"}}
    assert found("value", claim("45"), {"unit": "个"}, known) == [
        ("value", "45", "40", "填报 45 个；台账“排口”为 40 个")
    ]
    assert found("value", claim("40.3"), {}, known) == []  # within one in a hundred
    assert found("value", claim("0"), {}, known | {"value": "0"}) == []


def test_finished_while_the_goal_is_not_met():
    known = {
        "value": "43",
        "goal": "60",
        "attained": False,
        "unit": "个",
        "value_from": {"zh": "指标“细胞”", "en": "m"},
    }
    assert found("percent", claim("100"), known=known) == [
        ("goal", "100%", "43 个", "填报完成；指标“细胞”为 43 个，目标 60 个")
    ]
    assert found("percent", claim("100"), known=known | {"attained": True}) == []


def test_a_running_total_that_falls():
    known = {"last": "120", "last_period": "2025-Q2"}
    assert found("value", claim("119"), {"cumulative": True, "unit": "m²"}, known) == [
        ("fallen", "119", "120", "累计数减少：填报 119 m²，2025-Q2 为 120 m²")
    ]
    assert found("value", claim("120"), {"cumulative": True}, known) == []
    assert found("value", claim("119"), {}, known) == []  # what may fall may fall
    assert found("percent", claim("40"), {}, {"last": "45"})[0][0] == "fallen"


def test_a_step_larger_than_any_before():
    known = {"history": ["10", "11", "13", "12"]}  # the largest step is 2
    assert found("value", claim("18"), known=known) == []
    assert found("value", claim("19"), known=known) == [("jump", "7", "2", "变动过大：比上期变动 7，此前最大变动 2")]
    assert found("value", claim("999"), known={"history": ["10", "11"]}) == []  # too little to tell


def test_due_and_unfinished_without_a_word():
    asked = {"overdue": True, "due": "2025-09-30"}
    assert found("percent", claim("80"), asked)[0][:3] == ("unexplained", "80", "2025-09-30")
    assert found("percent", claim("80", obstacle="管线迁改"), asked) == []
    assert found("percent", claim("100"), asked) == []


def test_finished_without_evidence():
    asked = {"proof": True}
    assert found("finished", claim("1"), asked, files=0)[0][0] == "proof"
    assert found("finished", claim("1"), asked, files=1) == []
    assert found("finished", claim("1", entries=(("cells", "甲"),)), asked, files=0) == []
    assert found("finished", claim("0"), asked, files=0) == []


@given(numbers, st.lists(numbers, max_size=8))
def test_nothing_said_contradicts_nothing(value, history):
    known = {
        "history": [str(one) for one in history],
        "last": str(value),
        "value": str(value),
        "part": 1,
        "whole": 2,
        "register": REGISTER,
    }
    assert contradictions("value", {"proof": True, "cumulative": True}, known, Answer(), 0) == []


@given(numbers)
def test_saying_what_is_known_never_contradicts(value):
    known = {"value": str(value), "last": str(value), "history": [str(value)] * 5}
    assert contradictions("value", {"cumulative": True, "proof": True}, known, Answer(value), 0) == []
