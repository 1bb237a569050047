"""scoring.yaml: read, checked with file and line, loaded into dated editions."""

import pytest

from qingshan.evaluation.scores.models import Rules
from qingshan.programme.check import inspect
from qingshan.programme.loading import load

from ..district import JINSHAN
from .folder import copied, line_of, spoil
from .test_registers import YAML as REGISTERS

SCORING = """scoring:
- version: '1'
  since: 2025-01-01
  standing: adopted
  why: {zh: 试验用, en: For a trial}
  window: 5
  level: '0.95'
  parts:
  - code: process
    name: {zh: 过程, en: Process}
    minimum: 3
    criteria:
    - {code: reports, name: {zh: 按时, en: On time}, source: reports}
  - code: mending
    name: {zh: 整改, en: Mending}
    minimum: 3
    criteria:
    - {code: wells, name: {zh: 水井, en: Wells}, source: register, register: wells, states: [metered]}
  deductions:
  - code: missing
    name: {zh: 未报, en: Missing}
    criterion: reports
    outcomes: [missing]
    points: '1'
    basis: {document: {zh: 办法, en: The rules}, clause: {zh: 第三条, en: 'Article 3'}}
"""


@pytest.fixture
def folder(tmp_path):
    folder = copied(tmp_path)
    (folder / "registers.yaml").write_text(REGISTERS, "utf8")
    (folder / "scoring.yaml").write_text(SCORING, "utf8")
    return folder


def told(folder) -> list[str]:
    return [f"{one.file}:{one.line} {one.zh}" for one in inspect(folder)[1]]


def test_a_folder_may_have_rules_and_may_lack_them(folder):
    assert told(folder) == []
    assert [one.version for one in inspect(folder)[0].scoring] == ["1"]
    (folder / "scoring.yaml").unlink()
    assert told(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "passage", "says"),
    [
        ("register: wells, states", "register: pumps, states", "code: wells, name", "台账 pumps 不在 registers.yaml 中"),
        ("states: [metered]", "states: [gone]", "code: wells, name", "标准 wells"),
        ("criterion: reports", "criterion: visits", "- version", "标准 visits 不在 parts 的 criteria 中"),
        ("points: '1'", "points: '-1'", "points:", "points"),
        ("minimum: 3\n    criteria:\n    - {code: reports", "minimum: 0\n    criteria:\n    - {code: reports", "minimum: 0", "不能小于 1"),
        ("window: 5", "windows: 5", "windows: 5", "不认识“windows”"),
        ("level: '0.95'", "level: '0.5'", "level:", "应为其中之一"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_line(folder, old, new, passage, says):
    spoil(folder, "scoring.yaml", old, new)
    line = line_of(folder, "scoring.yaml", passage)
    found = [one for one in told(folder) if one.startswith(f"scoring.yaml:{line} ")]
    assert any(says in one for one in found), told(folder)


def test_two_editions_are_told_apart_by_version_and_day(folder):
    again = SCORING.removeprefix("scoring:\n")
    (folder / "scoring.yaml").write_text(SCORING + again, "utf8")
    assert [one.split(" ", 1)[1] for one in told(folder)] == [
        "评分规则的版本 1 重复",
        "评分规则的生效日 2025-01-01 重复",
    ]
    (folder / "scoring.yaml").write_text(
        SCORING + again.replace("'1'", "'2'", 1).replace("2025-01-01", "2026-01-01"), "utf8"
    )
    assert told(folder) == []


@pytest.mark.django_db
def test_rules_are_loaded_once_and_a_changed_edition_is_a_new_row(folder):
    load(folder)
    load(folder)
    assert Rules.objects.count() == 1
    spoil(folder, "scoring.yaml", "window: 5", "window: 7")
    load(folder)
    assert [one.scoring.window for one in Rules.objects.order_by("id")] == [5, 7]


def test_the_demonstrations_rules_say_that_nobody_issued_them():
    for one in inspect(JINSHAN)[0].scoring:
        assert one.standing == "working"
        assert "未印发" in one.why.zh
