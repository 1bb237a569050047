"""escalation.yaml: checked with file and line, and loaded as a version of the rulebook."""

import pytest

from qingshan.coordination.models import Rulebook
from qingshan.programme.check import inspect
from qingshan.programme.loading import load
from tests.programme.folder import copied, line_of

GOOD = """\
escalation:
- kind: node
  notice: {after: 1, to: [lead, partners], answer: 2}
  warning: {after: 5, to: [lead, office], answer: 3}
- kind: report
  notice: {after: 1, to: [lead], answer: 1}
  circular: {after: 10, to: [leader], answer: 5}  # far
  calendar: IE
"""
REGISTERS = """\
registers:
- code: outfalls
  name: {zh: 排口, en: Outfalls}
  key: ['no']
  fields:
  - {code: 'no', name: {zh: 编号, en: Number}, type: text, required: true}
"""
# what stands there, what it becomes, the passage whose line is to be named, words of the sentence
CASES = {
    "kind twice": ("kind: report", "kind: node # again", "# again", "事项类型 node 重复，已见于 escalation.yaml:2"),
    "unknown kind": ("kind: report", "kind: weather", "kind: weather", "应为其中之一"),
    "level before the one below": ("after: 5,", "after: 1,", "warning:", "warning 在逾期 1 个工作日时发出，须晚于前一级的 1 个"),
    "a level left out is no gap": ("after: 10,", "after: 1,", "# far", "circular 在逾期 1 个工作日时发出"),
    "nobody is told": ("to: [leader]", "to: []", "# far", "至少要有 1 项"),
    "unknown addressee": ("to: [leader]", "to: [mayor]", "# far", "应为其中之一"),
    "no working day": ("after: 1, to: [lead], answer: 1", "after: 0, to: [lead], answer: 1", "after: 0", "不能小于 1"),
    "without a first level": ("  notice: {after: 1, to: [lead], answer: 1}\n", "", "kind: report", "缺少“notice”"),
    "unknown field": ("calendar: IE", "calender: IE", "calender: IE", "不认识“calender”"),
    "calendar of no country": ("calendar: IE", "calendar: Ireland", "calendar: Ireland", "写法不对"),
    "unknown register": ("escalation:\n", "followed:\n- register: wells\nescalation:\n", "register: wells", "台账 wells 不在 registers.yaml 中"),
    "register without a planned day": ("escalation:\n", "followed:\n- register: outfalls\nescalation:\n", "register: outfalls", "没有计划完成日"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    made = copied(tmp_path)
    (made / "escalation.yaml").write_text(GOOD, "utf-8")
    (made / "registers.yaml").write_text(REGISTERS, "utf-8")
    return made


def test_good_rules_have_no_problem(folder):
    assert inspect(folder)[1] == []


@pytest.mark.parametrize("case", CASES)
def test_a_problem_is_told_with_file_line_and_what_to_mend(folder, case):
    old, new, passage, words = CASES[case]
    (folder / "escalation.yaml").write_text(GOOD.replace(old, new), "utf-8")
    problems = inspect(folder)[1]
    line = line_of(folder, "escalation.yaml", passage)
    assert [(one.file, one.line) for one in problems] == [("escalation.yaml", line)]
    assert words in problems[0].zh and problems[0].en


@pytest.mark.django_db
def test_rules_are_loaded_once_and_anew_where_they_changed(folder):
    programme = load(folder)
    load(folder)
    book = Rulebook.objects.get()
    assert [one["kind"] for one in book.rules] == ["node", "report"] and book.rules[1]["calendar"] == "IE"
    (folder / "escalation.yaml").write_text(GOOD.replace("after: 10", "after: 12"), "utf-8")
    load(folder)
    assert [one.version for one in programme.rulebooks.order_by("version")] == [1, 2]


@pytest.mark.django_db
def test_a_folder_without_rules_has_none(folder):
    (folder / "escalation.yaml").unlink()
    assert inspect(folder)[1] == []
    assert load(folder).rulebooks.count() == 0
