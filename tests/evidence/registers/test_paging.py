"""Page after page, without counting: every row once, in order, there and back."""

import pytest

from qingshan.evidence.registers import queries
from qingshan.evidence.registers.actions import put_entries

from .outfalls import DAY, DEFINITION, point, stated

FLOWS = [None, "3", "3", "12.5", "100", None, "3", "0.5", "12.5", "40", "41.25", None, "7"]


@pytest.fixture
def filled(register):
    rows = [
        stated(f"P-{n:02}", geometry=point(121 + n / 100, 30.7), pipes=n % 3 + 1, **({"flow": flow} if flow else {}))
        for n, flow in enumerate(FLOWS)
    ]
    put_entries(by=None, programme=register, register="outfalls", rows=rows)
    return register


def rows(programme):
    return queries.entries(programme, "outfalls")


def walked(programme, sort, size):
    """All pages from the first on, and then back from the last."""
    page = queries.page(rows(programme), DEFINITION, sort, size=size)
    pages = [page]
    while page.after:
        page = queries.page(rows(programme), DEFINITION, sort, after=page.rows[-1].pk, size=size)
        pages.append(page)
    back = [page]
    while page.before:
        page = queries.page(rows(programme), DEFINITION, sort, before=page.rows[0].pk, size=size)
        back.append(page)
    return pages, back[::-1]


def keys(pages):
    return [row.key for page in pages for row in page.rows]


@pytest.mark.parametrize("sort", ["", "flow", "-flow", "pipes", "-pipes", "town", "-no"])
@pytest.mark.parametrize("size", [1, 4, 13, 50])
def test_every_row_once_there_and_back(filled, sort, size):
    pages, back = walked(filled, sort, size)
    assert sorted(keys(pages)) == [f"P-{n:02}" for n in range(len(FLOWS))]
    assert [one.rows for one in back] == [one.rows for one in pages]
    assert not pages[0].before and not pages[-1].after


@pytest.mark.parametrize(("sort", "down"), [("flow", False), ("-flow", True)])
def test_rows_stand_by_value_and_those_without_one_at_the_end(filled, sort, down):
    found = [row.data.get("flow") for page in walked(filled, sort, 4)[0] for row in page.rows]
    told = [float(one) for one in found if one]
    assert told == sorted(told, reverse=down) and found[len(told) :] == [None] * 3


def test_a_page_costs_the_same_however_many_rows_there_are(filled, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        page = queries.page(rows(filled), DEFINITION, "flow", after=rows(filled).get(key="P-03").pk, size=2)
        assert [row.key for row in page.rows] == ["P-08", "P-09"]


def test_a_day_before_the_first_row_has_no_page(filled):
    assert queries.page(rows(filled).filter(known_on__lt=DAY), DEFINITION).rows == []
