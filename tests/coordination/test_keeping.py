from datetime import date

import pytest

from qingshan.coordination.keeping import Word, done_on

MAY, JUNE, JULY = date(2025, 5, 9), date(2025, 6, 9), date(2025, 7, 9)


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ([], None),
        ([("reported", MAY)], MAY),
        ([("reported", MAY), ("closed", JULY)], MAY),
        ([("reported", MAY), ("returned", JUNE)], None),
        ([("reported", MAY), ("returned", JUNE), ("reported", JULY), ("closed", JULY)], JULY),
        ([("closed", JUNE)], JUNE),
    ],
)
def test_what_counts_is_the_day_of_the_report_that_was_not_given_back(words, done):
    assert done_on(Word(*one) for one in words) == done
