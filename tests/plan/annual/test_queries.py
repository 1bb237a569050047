from datetime import date

import pytest

from qingshan.plan.annual import actions
from qingshan.plan.annual.queries import completion, cover_of, overdue, sheets_of

from .plans import JULY, draft, issued, named

pytestmark = pytest.mark.django_db


def test_overdue_nodes_are_told_once_by_the_latest_list(programme):
    first = issued(programme)
    assert overdue(programme, date(2024, 12, 31)) == []
    found = overdue(programme, date(2025, 1, 1))
    assert [one.title for one in found] == ["优良断面比例", "疏浚河道", "建设泵站", "编写读本"]
    issued(programme, 2025, date(2025, 2, 1))
    assert len(overdue(programme, date(2025, 1, 31))) == 4
    assert overdue(programme, date(2025, 2, 1)) == []
    (sealing,) = overdue(programme, date(2025, 7, 1))
    assert (sealing.due_on, sealing.first_due_on) == (date(2025, 6, 30), date(2025, 6, 30))
    after = {one.title: one for one in overdue(programme, date(2026, 1, 1))}
    assert after["疏浚河道"].first_due_on == date(2024, 12, 31) and after["疏浚河道"].due_on == date(2025, 12, 31)
    assert (after["疏浚河道"].lead_code, after["疏浚河道"].partners) == ("water", [("works", "建管局")])
    assert len(after) == 5 and first.number == "2024-1"


def test_completion_counts_by_lead_what_was_due_and_done_by_the_day(programme):
    first = issued(programme)
    actions.mark_done(by=None, item=named(first, "编写读本"), done_on=JULY)
    actions.mark_done(by=None, item=named(first, "疏浚河道"), done_on=date(2025, 1, 20))
    year = (date(2024, 1, 1), date(2024, 12, 31))
    told = {
        code: (one.due, one.on_time, one.late, one.open)
        for code, one in completion(programme, *year, date(2025, 3, 1)).items()
    }
    assert told == {"school": (1, 1, 0, 0), "water": (3, 0, 1, 2)}
    then = completion(programme, *year, date(2024, 12, 31))
    assert (then["water"].late, then["water"].open) == (0, 3)
    assert completion(programme, *year, date(2024, 6, 30)) == {}


def test_what_was_recorded_after_the_cutoff_does_not_enter(programme):
    annual = issued(programme)
    year = (date(2024, 1, 1), date(2024, 12, 31), date(2025, 3, 1))
    cutoff = annual.issued_at
    actions.mark_done(by=None, item=named(annual, "编写读本"), done_on=JULY)
    assert completion(programme, *year, cutoff=cutoff)["school"].open == 1
    assert completion(programme, *year)["school"].on_time == 1
    assert len(overdue(programme, date(2025, 3, 1), cutoff=cutoff)) == 4


def test_what_was_done_late_in_the_list_that_took_it_over_is_late_in_the_first(programme):
    issued(programme)
    later = issued(programme, 2025)
    actions.mark_done(by=None, item=named(later, "疏浚河道"), done_on=date(2025, 5, 1))
    counts = completion(programme, date(2024, 1, 1), date(2024, 12, 31), date(2025, 6, 30))["water"]
    assert (counts.due, counts.late, counts.open) == (3, 1, 2)


def test_coverage_says_what_stands_in_no_list(programme):
    edition = programme.editions.get()
    draft(programme)
    cover = cover_of(edition, sheets_of(programme))
    assert [one.measure.title[:6] for one in cover.missing] == ["2025年6"] and len(cover.sources) == 5
    draft(programme, 2025)
    assert cover_of(edition, sheets_of(programme)).missing == []
