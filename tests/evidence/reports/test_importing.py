"""A report's workbook there and back."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from qingshan.evidence.reports.actions import Change, save_lines
from qingshan.evidence.reports.answers import Answer
from qingshan.evidence.reports.importing import read_workbook
from qingshan.evidence.reports.queries import answer_of, lines_of
from qingshan.evidence.reports.workbook import CLAIM, FIRST, OBSTACLE, PROGRESS, Row, mark, workbook

OPEN = date(2025, 10, 9)


def made(report) -> bytes:
    rows = [
        Row(
            f"{one.pk}:{one.number}",
            one.kind,
            one.asked["zh"],
            "",
            "",
            "",
            "",
            one.form,
            one.claim,
            one.progress,
            one.obstacle,
        )
        for one in lines_of(report)
    ]
    return workbook(mark("quarterly", report.round.period, report.body.code), rows, ["说明"])


@pytest.fixture
def report(report):
    report.round.kind = "quarterly"
    report.round.save()
    return report


def filled(report, cells, content=None) -> bytes:
    """The workbook with `cells` ((row, column) → value) typed in; rows count from 0."""
    book = load_workbook(io.BytesIO(content or made(report)))
    for (row, column), value in cells.items():
        book["填报"].cell(FIRST + row, column).value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_what_was_not_touched_changes_nothing(report):
    sheet = read_workbook(report, made(report), "a.xlsx")
    assert (sheet.changes, sheet.faults, sheet.rows) == ({}, [], 3)


def test_what_is_typed_comes_into_the_draft(report, people):
    content = filled(report, {(0, CLAIM): 130.5, (0, PROGRESS): "=加了一处", (1, CLAIM): "45%", (1, OBSTACLE): 12.0})
    book = load_workbook(io.BytesIO(content))
    book["填报"].cell(FIRST, PROGRESS).data_type = "s"  # as typed behind an apostrophe
    file = io.BytesIO()
    book.save(file)
    sheet = read_workbook(report, file.getvalue(), "a.xlsx")
    assert sheet.faults == []
    save_lines(by=people["liaison"], report=report, changes=sheet.changes, on=OPEN)
    value, measure, _ = lines_of(report)
    assert answer_of(value) == Answer(Decimal("130.5"), "=加了一处")
    assert answer_of(measure) == Answer(Decimal(45), "", "12")


def test_a_percentage_cell_means_what_it_shows(report):
    book = load_workbook(io.BytesIO(made(report)))
    cell = book["填报"].cell(FIRST + 1, CLAIM)
    cell.value, cell.number_format = 0.45, "0%"
    file = io.BytesIO()
    book.save(file)
    assert [one.answer.claim for one in read_workbook(report, file.getvalue(), "a.xlsx").changes.values()] == [45]


def test_every_fault_is_told_at_its_cell(report):
    content = filled(report, {(0, CLAIM): 5000, (1, CLAIM): "一半", (2, PROGRESS): "=1+1"})
    faults = {one.cell: one.zh for one in read_workbook(report, content, "a.xlsx").faults}
    assert faults["I3"] == "5000 大于上限 1000 m²"
    assert faults["I4"].startswith("“一半”读不懂")
    assert "公式" in faults["J5"]


def test_a_line_changed_since_the_download_is_a_fault(report, people):
    content = filled(report, {(0, CLAIM): 7})
    line = lines_of(report)[0]
    save_lines(by=people["liaison"], report=report, changes={line.pk: Change(line.number, Answer(Decimal(9)))}, on=OPEN)
    sheet = read_workbook(report, content, "a.xlsx")
    assert not sheet.changes and "liaison已改过这一行（第 2 稿，表中为第 1 稿）" in sheet.faults[0].zh


def test_another_body_s_workbook_is_refused(third_quarter, report):
    other = third_quarter.reports.select_related("round", "body").get(body__code="roads")
    other.round.kind = "quarterly"
    sheet = read_workbook(report, made(other), "a.xlsx")
    assert "表中为 2025-Q3 roads" in sheet.faults[0].zh and not sheet.changes


def test_lines_that_stand_twice_or_are_not_of_the_template(report):
    content = made(report)
    place = load_workbook(io.BytesIO(content))["填报"].cell(FIRST, 1).value
    sheet = read_workbook(report, filled(report, {(1, 1): place, (2, 1): "999999:1"}, content), "a.xlsx")
    assert [one.zh for one in sheet.faults] == ["与第 3 行重复，请删去一行", "这一行不是模板里的，请删去"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(b"PK\x03\x04 broken", "a.xlsx", "打不开"), (b"\xd0\xcf\x11\xe0", "a.xls", "另存为 .xlsx"), (b"x" * (5 * 2**20 + 2**18), "a.xlsx", "有 5.2 MB，上限 5 MB")],
)  # fmt: skip
def test_what_is_no_workbook_is_told_so(report, content, name, words):
    assert words in read_workbook(report, content, name).faults[0].zh


def test_only_what_is_to_be_filled_in_can_be_written_in(report):
    sheet = load_workbook(io.BytesIO(made(report)))["填报"]
    assert sheet.protection.sheet
    locked = {column: sheet.cell(FIRST, column).protection.locked for column in range(1, 12)}
    assert [column for column, is_locked in locked.items() if not is_locked] == [CLAIM, PROGRESS, OBSTACLE]
    assert sheet.row_dimensions[2].hidden and sheet.column_dimensions["A"].hidden
    assert {one.type for one in sheet.data_validations.dataValidation} == {"decimal"}
