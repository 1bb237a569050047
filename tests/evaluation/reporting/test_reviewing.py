"""A report against what is known now."""

from decimal import Decimal

from django.utils import timezone

from qingshan.evaluation.reporting import reviewed
from qingshan.evidence.reports.actions import Change, save_lines
from qingshan.evidence.reports.answers import Answer
from qingshan.evidence.reports.queries import lines_of

from .conftest import ON, report_of


def test_a_value_that_differs_is_shown_with_both_numbers(first_half):
    report = report_of(first_half, "utility")
    line = next(one for one in lines_of(report) if one.key.endswith("2026-Q2"))
    save_lines(by=None, report=report, changes={line.pk: Change(line.number, Answer(Decimal("99")))}, on=ON)
    told = {one.line.key: [found.zh for found in one.contradictions] for one in reviewed(report, ON, timezone.now())}
    assert any(f"填报 99 %；已录入的数值为 {line.known['value']} %" in words for words in told[line.key])
