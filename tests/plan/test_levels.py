import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.plan.levels import is_number, parts_of, whole_of

NUMBERS = st.lists(st.integers(1, 12), min_size=1, max_size=3).map(lambda steps: ".".join(map(str, steps)))


@pytest.mark.parametrize("value", [1, 999, "1.1", "12.34.5"])
def test_what_numbers_a_task(value):
    assert is_number(value)


@pytest.mark.parametrize(
    "value", [0, 1000, True, 1.1, "1", "1.", ".1", "1.0", "01.1", "1.1.1.1", "一", "１.１", None, [1]]
)
def test_what_does_not(value):
    assert not is_number(value)


def test_a_part_belongs_to_the_nearest_whole_there_is():
    known = ["1", "1.2", "1.10", "2", "1.2.3", "10", "3.1"]
    assert [whole_of(no, known) for no in known] == ["", "1", "1", "", "1.2", "", ""]
    assert whole_of("1.4.1", known) == "1"
    assert parts_of("1", known) == ["1.2", "1.10", "1.2.3"] and parts_of("2", known) == []


def test_numbers_as_documents_print_them_have_no_parts():
    known = ["（一）", "（二）", "6", "6、"]
    assert [whole_of(no, known) for no in known] == [""] * 4


@given(st.sets(NUMBERS, max_size=12))
def test_the_two_ways_of_asking_agree(known):
    for no in known:
        assert not (whole := whole_of(no, known)) or no in parts_of(whole, known)
        assert all(whole_of(part, known) for part in parts_of(no, known))
