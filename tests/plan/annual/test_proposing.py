from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.plan.annual.composing import MeasurePart, PlanParts, TargetPart, TaskPart, ThemePart, lines
from qingshan.plan.annual.leading import Party
from qingshan.plan.annual.proposing import (
    Grounds,
    Promise,
    Term,
    Text,
    goal_of,
    name_of,
    node_of_measure,
    node_of_target,
    quarter_named,
    years_named,
)
from qingshan.plan.kinds import Kind

TERM = Term(date(2024, 1, 1), date(2026, 12, 31))
PROMISE = Promise(Text("优良比例", "good share"), "lower_bound", ">=", Decimal(85), "%", TERM.starts, TERM.ends)


def promise(kind: str, op: str = ">=", value="60", unit: str = "个", **more) -> Promise:
    value = None if value is None else Decimal(value)
    return replace(PROMISE, kind=kind, op=op, value=value, unit=unit, **more)


def node(kind: str, year: int, **more) -> str | None:
    found = node_of_target(promise(kind, **more), year)
    return found and found.text.zh


@pytest.mark.parametrize(("sentence", "years"), [
    ("2025年底前建成", [2025]), ("2024年、2026年各评估一次", [2024, 2026]), ("比2020年下降 18%", []), ("落实《2024年工作方案》", []),
    ("2023年以来新增的，2025年完成", [2025]), ("推广缓释肥", []), ("十四五期间", []),
])  # fmt: skip
def test_years_are_those_a_measure_is_due_in(sentence, years):
    assert years_named(sentence) == years


@pytest.mark.parametrize(("sentence", "quarter"), [
    ("2025年6月底前", 2), ("9月完成", 3), ("12月底", 4), ("1月", 1), ("第三季度", 3), ("2季度", 2), ("上半年", 2), ("汛期前", 2), ("全年", 4),
    ("3月启动、10月完成", 4),
])  # fmt: skip
def test_the_last_quarter_a_sentence_names_counts(sentence, quarter):
    assert quarter_named(sentence) == quarter


def test_a_measure_without_a_year_is_worked_on_every_year_and_finished_in_the_last():
    words = [node_of_measure("推广缓释肥", TERM, year).text.zh for year in (2024, 2025, 2026)]
    assert words == ["按规划推进，形成年度成果"] * 2 + ["按规划要求完成"]
    assert node_of_measure("推广缓释肥", TERM, 2027) is None


def test_a_measure_with_a_year_falls_into_it_alone():
    nodes = {year: node_of_measure("2025年6月底前封堵", TERM, year) for year in (2024, 2025, 2026)}
    assert nodes[2024] is nodes[2026] is None
    assert (nodes[2025].quarter, nodes[2025].text.zh) == (2, "按规划要求完成")


@given(st.text(max_size=80), st.integers(2020, 2030))
def test_every_measure_falls_into_some_year_of_the_plan_or_none_outside(sentence, year):
    found = node_of_measure(sentence, TERM, year)
    assert found is None or 2024 <= year <= 2026 and 1 <= found.quarter <= 4
    assert any(node_of_measure(sentence, TERM, one) for one in (2024, 2025, 2026))


def test_a_count_is_split_along_its_line_and_rounded_up():
    first = promise("cumulative_count", before=None, reached=Decimal("19.98"))
    assert node_of_target(first, 2024).text == Text("完成 20 个", "Complete 20 个")
    second = replace(first, before=Decimal("19.98"), reached=Decimal("40.01"))
    assert node_of_target(second, 2025).text.zh == "完成 21 个，累计 41 个"
    assert node_of_target(replace(first, before=Decimal(41)), 2026).text.zh == "完成 19 个，累计 60 个"
    assert node_of_target(replace(first, before=Decimal(60)), 2026).text.zh == "累计达到 60 个"
    assert node_of_target(replace(first, reached=None), 2024) is None


@pytest.mark.parametrize(("kind", "year", "more", "words"), [
    ("lower_bound", 2025, {"reached": Decimal("82.14"), "before": Decimal(80), "value": "85", "unit": "%"}, "年末应达 ≥ 82.1 %"),
    ("lower_bound", 2026, {"value": "85", "unit": "%"}, "达到 ≥ 85 %"),
    ("upper_bound", 2025, {"op": "<=", "value": "28", "unit": "μg/m³"}, "向 2026 年的目标推进：≤ 28 μg/m³"),
    ("strict_bound", 2025, {"op": ">", "value": "80", "unit": "%", "reached": Decimal(75), "before": Decimal(70)}, "年末应达 ≥ 75 %"),
    ("maintain", 2024, {"value": "100", "unit": "%"}, "全年保持 ≥ 100 %"),
    ("yearly_quota", 2024, {"value": "80000", "unit": "亩/年"}, "全年完成 80,000 亩"),
    ("direction_only", 2025, {"op": "decrease", "value": None}, "比上年下降"),
    ("direction_only", 2025, {"op": "increase", "value": None}, "比上年提高"),
    ("dated_milestone", 2025, {"op": "done", "value": None}, None),
    ("dated_milestone", 2026, {"op": "done", "value": None}, "2026-12-31 前完成"),
    ("lower_bound", 2027, {}, None),
])  # fmt: skip
def test_each_kind_of_target_has_its_words(kind, year, more, words):
    assert node(kind, year, **more) == words


def test_a_goal_is_told_with_its_year():
    assert goal_of(PROMISE) == Text("到 2026 年 ≥ 85 %", "≥ 85 % by 2026")
    assert goal_of(promise("yearly_quota", unit="亩/年")).zh == "每年 ≥ 60 亩"
    assert goal_of(promise("direction_only", "decrease", None)).zh == "到 2026 年持续下降"
    assert goal_of(promise("dated_milestone", "done", None)).en == "done in 2026"


LEVELS = st.none() | st.decimals(0, 100, places=4)


@given(st.sampled_from(list(Kind)), st.integers(2022, 2028), LEVELS, LEVELS)
def test_a_node_is_in_both_languages_and_within_the_targets_years(kind, year, before, reached):
    op, value = {"dated_milestone": ("done", None), "direction_only": ("decrease", None)}.get(kind.value, (">=", "60"))
    found = node_of_target(promise(kind.value, op, value, before=before, reached=reached), year)
    assert found is None or (2024 <= year <= 2026 and found.text.zh and found.text.en and 1 <= found.quarter <= 4)


@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_a_name_is_short_and_the_beginning_of_its_sentence(sentence):
    name = name_of(sentence)
    assert len(name) <= 40 and sentence.strip().startswith(name.removesuffix("…"))


# composing


def plan(*tasks: TaskPart, measures=(), targets=()) -> PlanParts:
    return PlanParts(TERM, tasks, measures, targets, {"a": "Body A"})


WATER = TaskPart("2", Text("治水"), ThemePart(2, Text("水体", "Water")), (Party("a", "甲局"), Party("b", "乙局")))
AIR = TaskPart("1", Text("治气"), ThemePart(1, Text("大气")), (Party("b", "乙局"),))


def test_a_line_says_where_it_comes_from():
    found = lines(plan(WATER, measures=[MeasurePart(7, Text("疏浚河道", "Dredge"), WATER)]), Grounds(), 2024)[0]
    assert (found["content"], found["content_en"]) == ("落实任务 2“治水”：疏浚河道", "Part of task 2, 治水: Dredge")
    assert (found["theme_no"], found["theme_en"], found["task_no"], found["measure_id"]) == (2, "Water", "2", 7)
    long = lines(plan(WATER, measures=[MeasurePart(7, Text("疏浚河道，清淤三公里"), WATER)]), Grounds(), 2024)[0]
    assert (long["title"], long["content"]) == ("疏浚河道", "疏浚河道，清淤三公里")


def test_a_target_of_the_whole_plan_stands_first_and_its_tasks_bodies_answer():
    whole = TargetPart(1, "t", replace(PROMISE), False, "m", (WATER, AIR), True)
    found = lines(
        plan(WATER, AIR, targets=[whole], measures=[MeasurePart(7, Text("a"), AIR)]), Grounds(owners={"m": "b"}), 2026
    )
    assert [one["theme_no"] for one in found] == [0, 1]
    assert found[0]["content"] == "规划目标：优良比例，到 2026 年 ≥ 85 %（力争）"
    assert (found[0]["proposed_code"], found[0]["partners"]) == ("b", [["a", "甲局"]])


@given(st.permutations(range(6)), st.integers(2024, 2026))
def test_lines_stand_theme_by_theme_in_the_plans_order(order, year):
    measures = [MeasurePart(number, Text(f"举措{number}"), (WATER, AIR)[number % 2]) for number in order]
    found = lines(plan(WATER, AIR, measures=measures), Grounds(), year)
    assert [one["theme_no"] for one in found] == [1, 1, 1, 2, 2, 2]
    for parity, part in ((1, found[:3]), (0, found[3:])):
        assert [one["measure_id"] for one in part] == [one for one in order if one % 2 == parity]
