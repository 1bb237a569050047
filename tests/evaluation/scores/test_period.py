from datetime import date

import pytest

from qingshan.evaluation.scores.period import Period, period_of, periods_until


@pytest.mark.parametrize(
    ("code", "since", "until"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-H1", date(2025, 1, 1), date(2025, 6, 30)),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_by_its_code(code, since, until):
    assert period_of(code) == Period(code, since, until)


@pytest.mark.parametrize("code", ["2025-H3", "25", "2025-Q1", "", "2025-H1 ", "1999"])
def test_other_codes_are_refused_in_a_sentence(code):
    with pytest.raises(ValueError, match="应写作 2025"):
        period_of(code)


def test_the_periods_that_are_over():
    assert [one.code for one in periods_until(date(2025, 10, 31), 4)] == ["2025-H1", "2024-H2", "2024", "2024-H1"]
    assert periods_until(date(2025, 12, 31), 1)[0].code == "2025-H2"
