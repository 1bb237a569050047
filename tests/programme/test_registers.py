"""Registers of a programme folder: read, checked with file and line, loaded once, counted by metrics."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from qingshan.evidence.registers.models import Entry, Register
from qingshan.indicators.queries import values_as_of
from qingshan.programme.check import inspect
from qingshan.programme.counts import count, evidence_of
from qingshan.programme.loading import load
from tests.programme.folder import copied, line_of, spoil

YAML = """registers:
- code: wells
  name: {zh: 水井, en: Wells}
  geometry: point
  key: [no]
  body: works
  owner: keeper
  planned: due_on
  fields:
  - {code: no, name: {zh: 编号, en: Number}, type: text, required: true}
  - {code: depth, name: {zh: 深度, en: Depth}, type: decimal, unit: m, decimals: 1, min: 0, max: 500}
  - {code: keeper, name: {zh: 责任部门, en: Body}, type: body}
  - {code: due_on, name: {zh: 计划, en: Planned}, type: date}
  - {code: pumped, name: {zh: 抽水日, en: Pumped on}, type: date}
  - {code: kind, name: {zh: 类型, en: Kind}, type: choice, choices: [{code: deep, zh: 深井, en: Deep}], filterable: true}
  states:
  - {code: listed, zh: 在册, en: Listed}
  - {code: metered, zh: 已装表, en: Metered, final: true}
  transitions:
  - {from: listed, to: metered}
- code: samples
  name: {zh: 水样, en: Samples}
  key: [no]
  fields:
  - {code: no, name: {zh: 编号, en: Number}, type: text, required: true}
  - {code: well, name: {zh: 水井, en: Well}, type: reference, register: wells}
"""
WELLS = """no,depth,keeper,due_on,pumped,kind,state,effective,known,source,lon,lat
W1,12.5,farm,2025-06-30,2025-02-01,深井,listed,2025-01-10,2025-01-15,invented,10.1,50.1
W2,30,,2025-09-30,2025-05-01,,listed,2025-01-10,2025-01-15,invented,10.2,50.2
W3,100.5,,2026-12-31,,deep,listed,2025-01-10,2025-01-15,invented,10.3,50.3
W1,12.5,farm,2025-06-30,2025-02-01,深井,metered,2025-05-02,2025-05-10,invented,10.1,50.1
W2,30,,2025-09-30,2025-05-01,,metered,2025-10-02,2025-10-10,invented,10.2,50.2
"""
SAMPLES = "no,well,known,source\nS1,W1,2025-02-01,invented\n"
METRIC = """- {code: NAME, name: {zh: 某, en: Some}, UNIT better: higher, formula: FORMULA, decimals: 1, forecast: FORECAST,
   freshness_months: 4, basis: {zh: 台账, en: Register}, verification: none,
   inputs: INPUTS}
series:
"""


@pytest.fixture
def folder(tmp_path):
    folder = copied(tmp_path)
    (folder / "registers.yaml").write_text(YAML, "utf8")
    (folder / "registers").mkdir()
    (folder / "registers/wells.csv").write_text(WELLS, "utf8")
    (folder / "registers/samples.csv").write_text(SAMPLES, "utf8")
    return folder


def with_metric(folder, formula, inputs, unit="", forecast="none", name="counted"):
    told = (
        METRIC.replace("NAME", name).replace("FORMULA", formula).replace("INPUTS", inputs).replace("FORECAST", forecast)
    )
    spoil(folder, "metrics.yaml", "series:\n", told.replace("UNIT", f"unit: '{unit}'," if unit else ""))
    return folder


def value_on(programme, day, code="counted"):
    return values_as_of(programme, day, timezone.now())[code]


def test_a_folder_with_registers_is_clean(folder):
    programme, problems = inspect(folder)
    assert problems == []
    assert (count(programme).registers, count(programme).entries) == (2, 4)


# file, what stands there, what it becomes, the passage whose line is to be named, words of the sentence
CASES = {
    "unknown field": ("registers/wells.csv", "no,depth", "no,deepness", "no,deepness", "表头中的列 deepness 不认识"),
    "key not there": ("registers/wells.csv", "no,depth", "depth", "depth,keeper", "表头缺少列 no"),
    "number with letters": ("registers/wells.csv", "W2,30,,2025-09-30,2025-05-01,,listed", "W2,30m,,2025-09-30,2025-05-01,,listed", "30m", "“深度”“30m”读不懂，应为数字，0—500"),
    "out of range": ("registers/wells.csv", "W3,100.5", "W3,500.1", "500.1", "“深度”500.1 大于上限 500"),
    "unknown body": ("registers/wells.csv", "W2,30,,2025-09-30,2025-05-01,,listed", "W2,30,barn,2025-09-30,2025-05-01,,listed", "barn", "“责任部门”“barn”不是登记的部门"),
    "unknown state": ("registers/wells.csv", "deep,listed", "deep,lost", "lost", "台账 wells 没有状态 lost"),
    "unknown source": ("registers/samples.csv", "invented", "hearsay", "hearsay", "来源 hearsay 不在 sources.csv 中"),
    "unknown reference": ("registers/samples.csv", "W1", "W9", "W9", "“水井”“W9”不在台账 wells 中"),
    "effective too late": ("registers/wells.csv", "2025-10-02,2025-10-10", "2025-10-12,2025-10-10", "2025-10-12", "生效日 2025-10-12 晚于知悉日 2025-10-10"),
    "bad place": ("registers/wells.csv", "10.3,50.3", "200,50.3", "200,50.3", "超出范围"),
    "no known day": ("registers/samples.csv", "2025-02-01", "", "S1,", "缺少 known 或 source"),
    "register twice": ("registers.yaml", "- code: samples", "- code: wells # again", "# again", "台账 wells 重复"),
    "reference to what comes later": ("registers.yaml", "register: wells", "register: lakes", "- code: samples", "台账 lakes 须写在它前面"),
    "unknown body of a register": ("registers.yaml", "  body: works", "  body: barn", "- code: wells", "部门 barn 不在 bodies.yaml 中"),
    "field of no type": ("registers.yaml", "type: body", "type: person", "type: person", "应为其中之一"),
    "state without way": ("registers.yaml", ", final: true}", "}", "- code: wells", "状态 metered 没有后续转换"),
    "unknown word": ("registers.yaml", "  geometry: point", "  geometri: point", "geometri", "不认识“geometri”"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_says_what_is_wrong_and_where(name, folder):
    file, old, new, passage, words = CASES[name]
    spoil(folder, file, old, new)
    line = line_of(folder, file, passage)
    problems = inspect(folder)[1]
    found = [p for p in problems if p.file == file and p.line == line and words in p.zh]
    assert len(found) == 1, "\n".join(map(str, problems))
    assert found[0].en and not set("，。；、：“”") & set(found[0].en.replace("深度", "").replace("水井", ""))


def test_rows_name_places_of_the_programme(folder):
    spoil(folder, "registers.yaml", "type: choice, choices: [{code: deep, zh: 深井, en: Deep}]", "type: place")
    assert inspect(folder)[1] == []
    spoil(folder, "programme.yaml", "office: works\n", "office: works\nplaces: [枫林镇]\n")
    problems = inspect(folder)[1]
    assert problems and {one.file for one in problems} == {"registers/wells.csv"}
    assert all("不是登记的地名，应为：枫林镇" in one.zh for one in problems)


def test_rows_of_an_unknown_register(folder):
    (folder / "registers/lakes.csv").write_text(SAMPLES, "utf8")
    assert [str(p) for p in inspect(folder)[1]] == [
        "registers/lakes.csv:1: 台账 lakes 不在 registers.yaml 中，请先登记或改正文件名"
    ]


METRICS = {
    "unknown register": ("count_done", "{series: {register: lakes}}", "", "台账 lakes 不在 registers.yaml 中"),
    "unknown state": ("count_done", "{series: {register: wells, state: [lost]}}", "", "台账 wells 没有状态 lost"),
    "bad filter": ("count_done", "{series: {register: wells, where: 'depth>1m'}}", "", "where：不能按 depth 筛选"),
    "sum of text": ("count_done", "{series: {register: wells, sum: no}}", "", "sum 指的字段 no 不是"),
    "a mean of a register": ("annual_mean", "{series: {register: wells}}", "", "公式 annual_mean 不能直接取台账数据"),
    "a stock added up": ("yearly_sum", "{series: {register: wells}}", "", "yearly_sum 和 cumulative 须写明 on"),
    "unit unlike the field's": ("count_done", "{series: {register: wells, sum: depth}}", "km", "指标单位 km 与台账字段的单位不符，应为 m"),
    "half a share": ("share", "{numerator: {register: wells}}", "%", "公式 share 的 inputs 应只写"),
    "unknown word": ("count_done", "{series: {register: wells, town: x}}", "", "不认识“inputs.series.town”"),
}  # fmt: skip


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_that_cannot_count_says_why(name, folder):
    formula, inputs, unit, words = METRICS[name]
    with_metric(folder, formula, inputs, unit)
    problems = inspect(folder)[1]
    assert [p for p in problems if words in p.zh and p.file == "metrics.yaml"], "\n".join(map(str, problems))


def test_loading_again_changes_nothing(folder, db):
    programme = load(folder)
    told = [(one.key, one.number, one.state) for one in Entry.objects.filter(register="wells").order_by("key")]
    assert told == [("W1", 2, "metered"), ("W2", 2, "metered"), ("W3", 1, "listed")]
    assert {one.origin for one in Entry.objects.all()} == {"simulated"} and Entry.objects.get(
        key="W1"
    ).body.code == "farm"
    load(folder)
    assert [(one.key, one.number, one.state) for one in Entry.objects.filter(register="wells").order_by("key")] == told
    assert Register.objects.filter(programme=programme).count() == 2


def test_a_count_of_a_register(folder, db):
    with_metric(folder, "count_done", "{series: {register: wells, state: [metered]}}", "", "count")
    programme = load(folder)
    value = value_on(programme, date(2025, 12, 31))
    assert [(one.ends, one.value) for one in value.points] == [
        (date(2025, 5, 2), 1),
        (date(2025, 10, 2), 2),
        (date(2025, 10, 10), 2),
    ]
    assert value.origins == ("simulated",) and value.evidence["series"].series == "wells?state=metered"
    rows = {row.key: (row.planned_on, row.done_on) for row in value.evidence["series"].rows}
    assert rows["W3"] == (date(2026, 12, 31), None) and rows["W1"] == (date(2025, 6, 30), date(2025, 5, 2))
    assert value_on(programme, date(2025, 5, 5)).points[-1].value == 0, "metered on 2 May, known on 10 May"


def test_an_amount_of_a_register(folder, db):
    with_metric(folder, "count_done", "{series: {register: wells, state: [metered], sum: depth}}", "m")
    assert value_on(load(folder), date(2025, 12, 31)).points[-1].value == Decimal("42.5")


def test_a_share_of_a_register(folder, db):
    with_metric(
        folder, "share", "{numerator: {register: wells, state: [metered]}, denominator: {register: wells}}", "%"
    )
    points = value_on(load(folder), date(2025, 11, 15)).points
    assert [(one.period, one.part, one.whole, one.value) for one in points] == [
        ("2025-Q1", 0, 3, 0), ("2025-Q2", 1, 3, Decimal("33.3")), ("2025-Q3", 1, 3, Decimal("33.3")), ("2025-10-10", 2, 3, Decimal("66.7")),
    ]  # fmt: skip


def test_a_stock_and_a_flow_of_a_register(folder, db):
    with_metric(folder, "latest", "{series: {register: wells, where: 'kind=deep', sum: depth}}", "m", name="deep")
    spoil(folder, "metrics.yaml", "- {code: deep,", METRIC.replace("series:\n", "").replace("NAME", "pumped").replace("UNIT", "unit: m/年,")
          .replace("FORMULA", "yearly_sum").replace("FORECAST", "none")
          .replace("INPUTS", "{series: {register: wells, sum: depth, on: pumped}}") + "- {code: deep,")  # fmt: skip
    programme = load(folder)
    assert value_on(programme, date(2025, 12, 31), "deep").points[-1].value == Decimal("113.0")
    (year,) = value_on(programme, date(2025, 12, 31), "pumped").points
    assert (year.period, year.value, year.seen, year.of) == ("2025", Decimal("42.5"), 2, 4)


def test_the_same_run_gives_the_same_fingerprint(folder, db):
    with_metric(
        folder, "share", "{numerator: {register: wells, state: [metered]}, denominator: {register: wells}}", "%"
    )
    programme, day = load(folder), date(2025, 12, 31)
    one, other = (value_on(programme, day).evidence["numerator"] for _ in range(2))
    assert one.digest() == other.digest() and one.stated[-1].startswith("2|")


def test_a_target_served_by_a_register_is_simulated_or_has_no_data(folder):
    with_metric(
        folder, "share", "{numerator: {register: wells, state: [metered]}, denominator: {register: wells}}", "%"
    )
    spoil(folder, "targets.yaml", "metric: meters", "metric: counted")
    programme, problems = inspect(folder)
    assert problems == []
    target = next(t for t in programme.targets if t.metric == "counted")
    assert evidence_of(target, programme) == "simulated"
    (folder / "registers/wells.csv").unlink()
    (folder / "registers/samples.csv").unlink()
    assert evidence_of(target, inspect(folder)[0]) == "none"
