from hypothesis import given
from hypothesis import strategies as st

from qingshan.plan.annual.coverage import Place, coverage
from qingshan.plan.annual.standing import FIELDS, Change, difference, next_number, print_of, standing

KEYS = st.sampled_from([1, 2, 3])
ITEMS = {key: {"title": f"t{key}", "quarter": 4} for key in (1, 2, 3)}
CHANGES = st.lists(
    st.builds(
        Change, KEYS, st.sampled_from(["change", "change", "remove"]), st.integers(2, 9).map("2026-{}".format),
        st.dictionaries(st.sampled_from(["title", "quarter"]), st.integers(1, 4)),
    ),
    max_size=8,
)  # fmt: skip


def test_changes_apply_in_their_order_and_leave_their_marks():
    changes = [Change(1, "change", "2026-2", {"quarter": 2}), Change(1, "change", "2026-3", {"quarter": 1, "title": "新"}),
               Change(2, "remove", "2026-3"), Change(3, "add", "2026-2")]  # fmt: skip
    lines = standing(ITEMS, changes)
    assert lines[1].fields == {"title": "新", "quarter": 1} and lines[1].marks == ("2026-2", "2026-3")
    assert lines[2].removed and lines[2].fields == ITEMS[2]
    assert lines[3].added and not lines[3].removed


@given(CHANGES)
def test_the_last_change_of_a_field_counts_and_nothing_is_lost(changes):
    lines = standing(ITEMS, changes)
    assert list(lines) == list(ITEMS)  # order kept
    for key, line in lines.items():
        mine = [one for one in changes if one.item == key]
        assert line.marks == tuple(one.number for one in mine)
        assert line.removed == any(one.kind == "remove" for one in mine)
        expected = dict(ITEMS[key])
        for one in mine:
            expected |= one.after if one.kind == "change" else {}
        assert line.fields == expected
    assert ITEMS[1] == {"title": "t1", "quarter": 4}  # the issued words stay as they were


@given(CHANGES, CHANGES)
def test_what_stands_is_what_stood_with_the_next_changes(first, second):
    halfway = standing(ITEMS, first)
    after = standing({key: line.fields for key, line in halfway.items()}, second)
    whole = standing(ITEMS, first + second)
    assert {key: line.fields for key, line in whole.items()} == {key: line.fields for key, line in after.items()}


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)),
)
def test_a_difference_makes_the_one_of_the_other(before, after):
    assert before | difference(before, after) == before | after
    assert difference(after, after) == {}


@given(st.lists(st.integers(1, 300)))
def test_a_number_is_never_given_twice(used):
    taken = [f"2026-{one}" for one in used] + ["2025-999", ""]
    fresh = next_number(2026, taken)
    assert fresh not in taken and fresh == f"2026-{max(used, default=0) + 1}"


@given(st.fixed_dictionaries({name: st.text(max_size=3) for name in FIELDS}), st.sampled_from(FIELDS))
def test_another_content_has_another_print(fields, name):
    assert print_of(fields) == print_of(dict(reversed(fields.items())))
    assert print_of(fields) != print_of(fields | {name: fields[name] + "x"})


SOURCES = st.lists(st.sampled_from("abcd").map(lambda one: ("measure", one)), unique=True)
PLACES = st.lists(st.tuples(st.sampled_from("abcde").map(lambda one: ("measure", one)), st.builds(Place, st.integers(2024, 2026), st.booleans())))  # fmt: skip


@given(SOURCES, PLACES)
def test_every_source_is_told_once_in_its_order_with_where_it_stands(sources, places):
    found = coverage(sources, places)
    assert [row.key for row in found.rows] == sources
    for row in found.rows:
        assert set(row.places) == {place for key, place in places if key == row.key}
        assert [one.year for one in row.places] == sorted(one.year for one in row.places)
    assert len(found.missing) + len(found.only_drafted) + len(found.issued) == len(sources)
