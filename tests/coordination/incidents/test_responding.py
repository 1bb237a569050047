from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.coordination.incidents.responding import STEPS, Response, minutes, response

CALLED = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)


def after(**spent) -> datetime:
    return CALLED + timedelta(**spent)


def test_minutes_are_rounded_up_and_begin_with_getting_ready():
    assert minutes(0, 30, 20) == 20 and minutes(10_000, 30) == 26 and minutes(1, 30) == 1


def test_median_and_slowest_of_those_that_took_the_step():
    calls = [(CALLED, {"arrived": after(minutes=20)}), (CALLED, {"arrived": after(minutes=35)}), (CALLED, {"refused": after(minutes=1)})]  # fmt: skip
    assert response("arrived", calls) == Response(2, 3, Decimal("27.5"), Decimal("35.0"))
    assert response("acknowledged", calls) == Response(0, 3, None, None)


@pytest.mark.parametrize(("seconds", "told"), [(0, "0.0"), (3, "0.1"), (2, "0.0"), (90, "1.5"), (99, "1.7")])
def test_one_decimal_rounded_half_up(seconds, told):
    assert response("arrived", [(CALLED, {"arrived": after(seconds=seconds)})]).median == Decimal(told)


@given(st.lists(st.integers(0, 100_000), min_size=1))
def test_the_median_lies_between_and_the_slowest_is_one_of_them(spent):
    found = response("arrived", [(CALLED, {"arrived": after(minutes=one)}) for one in spent])
    assert min(spent) <= found.median <= found.slowest == max(spent)


@given(st.permutations(range(7)))
def test_their_order_says_nothing(order):
    calls = [(CALLED, {"arrived": after(seconds=one * 17)}) for one in order]
    assert response("arrived", calls) == response("arrived", sorted(calls, key=lambda one: one[1]["arrived"]))


def test_steps_lead_to_an_end_and_never_back():
    def ends(step: str, seen: tuple = ()) -> bool:
        return step not in seen and all(ends(one, (*seen, step)) for one in STEPS[step])

    assert all(ends(step) for step in STEPS) and not STEPS["arrived"] and not STEPS["refused"]
