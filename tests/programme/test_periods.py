from datetime import date

import pytest

from qingshan.programme.periods import FORMS, bounds


@pytest.mark.parametrize(
    ("text", "frequency", "first", "last"),
    [
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", "month", date(2025, 12, 1), date(2025, 12, 31)),
        ("2024-Q1", "quarter", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q4", "quarter", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02-29", "date", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_first_and_last_day(text, frequency, first, last):
    assert bounds(text, frequency) == (first, last)


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("2024-13", "month"), ("2024-00", "month"), ("2024-1", "month"), ("0000-01", "month"), ("２０２４-01", "month"),
        ("2024-Q5", "quarter"), ("2024-Q0", "quarter"), ("2024-03", "quarter"),
        ("24", "year"), ("0000", "year"), ("2023-02-29", "date"), ("2024-02-29\n", "date"), ("", "date"),
    ],
)  # fmt: skip
def test_another_form_is_refused(text, frequency):
    with pytest.raises(ValueError):
        bounds(text, frequency)


@pytest.mark.parametrize("frequency", FORMS)
def test_the_example_of_each_form_is_of_that_form(frequency):
    first, last = bounds(FORMS[frequency][1], frequency)
    assert first <= last
