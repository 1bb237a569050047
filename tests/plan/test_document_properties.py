import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingshan.plan.document import NotAPlan, read

from .texts import plan, task

PIECES = [
    "一、",
    "（一）",
    "1.",
    "（1）",
    "①",
    "第一章",
    "第三条",
    "附件",
    "专栏1",
    "区水务局",
    "责任单位：",
    "牵头单位：",
    "（",
    "）",
    "负责",
    "牵头",
    "配合",
    "、",
    "，",
    "；",
    "。",
    "\n",
    "\t",
    "到2026年",
    "2027年底前",
    "达到",
    "不低于",
    "95%",
    "3座",
    "2.5万亩",
    "0.8—1.1",
    "分别",
    "均",
    "力争",
    "确保",
    "全覆盖",
    "全面",
    "完成",
    "建成",
    "新建",
    "泵站",
    "水质达标率",
    "持续下降",
    "由",
    "提高到",
    "每年",
    "下同",
    "以下均需各镇落实，不再列出",
    "序号",
    "重点任务",
    "指标名称",
    "2025年",
    "约束性",
    "印发",
    "通知",
    "《",
    "》",
    "“",
    "”",
    "〔2025〕3号",
    "二〇二五年",
    "—",
    "3",
    "—",
    "％",
    "１２",
]
documents = st.lists(st.sampled_from(PIECES), max_size=120).map("".join)
kept = settings(max_examples=150)


def answer(text: str):
    try:
        return read(text)
    except NotAPlan as refusal:
        return refusal


def check(text: str):
    found = answer(text)
    if isinstance(found, NotAPlan):
        assert found.zh and found.en and "\n" not in found.zh + found.en
        return
    assert found.tasks
    assert found == read(text)
    for item in (*found.tasks, *found.targets, *found.unread_numbers, *(m for t in found.tasks for m in t.measures)):
        assert 0 <= item.start <= item.end <= len(text)


@kept
@given(st.text())
def test_any_text_gets_an_answer(text):
    check(text)


@kept
@given(documents)
def test_any_pieces_of_plans_get_an_answer(text):
    check(text)


@kept
@given(documents)
def test_any_task_made_of_such_pieces_gets_an_answer(text):
    check(plan(task(text), task(text + "。")))


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


@kept
@given(
    st.lists(
        st.sampled_from(["疏浚河道", "新建泵站3座", "，", "。", "达标率达到95%", " ", "清理河岸"]),
        min_size=1,
        max_size=20,
    ).map("".join)
)
def test_what_is_read_stands_where_the_offsets_say(text):
    source = plan(task("清淤。" + text), task("植树。"))
    for measure in (m for t in read(source).tasks for m in t.measures):
        assert letters(source[measure.start : measure.end]) == letters(measure.text)


@kept
@given(st.integers(0, 40), st.sampled_from([" ", "\u3000", "\u200b"]))
def test_stray_spaces_change_no_reading(at, space):
    text = plan(task("治理断头河。新建泵站三处，水质达标率达到95%。"), task("植树。"))
    body = text.index("治理断头河") + at % 20
    before, after = text[body - 1], text[body]
    if before.isascii() and after.isascii():
        return
    spaced = read(text[:body] + space + text[body:])
    plain = read(text)
    assert [(t.title, t.departments) for t in spaced.tasks] == [(t.title, t.departments) for t in plain.tasks]
    assert [(t.metric, t.value) for t in spaced.targets] == [(t.metric, t.value) for t in plain.targets]


GROWING = {
    "brackets": "（",
    "brackets with a verb": "（牵头",
    "closed brackets": "（牵头）",
    "digits": "1",
    "digits apart": "1 ",
    "shares": "20%、",
    "第": "第",
    "chapters": "第一章\n",
    "years": "2026年、",
    "items": "1.治理\n",
    "wordy": "全面",
    "clauses": "（一）治理（责任单位：区水务局）\n",
    "rulings": "（区水务局牵头，以下均需各镇落实，不再列出）",
    "cells": "序号\n任务\n责任单位\n1\n治理\n区水务局\n",
    "sentences": "到2026年，新建泵站12座，",
    "one long line": "完成河道治理，",
}


def seconds(text: str) -> float:
    best = 60.0
    for _ in range(3):
        start = time.process_time()
        answer(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("unit", GROWING.values(), ids=GROWING)
def test_twice_the_text_takes_about_twice_the_time(unit):
    small, large = (
        seconds(plan(task("清淤。"), task("植树。")) + unit * (size // len(unit))) for size in (4_000, 16_000)
    )
    assert large < 8 * small + 0.05, f"four times the text took {large / small:.1f} times as long"
