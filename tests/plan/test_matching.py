from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qingshan.plan.matching import Promise, likeness, pair

PROMISES = st.lists(
    st.builds(
        Promise,
        st.sampled_from(["overall", "1", "2"]),
        st.sampled_from([">=", "<=", "done"]),
        st.one_of(st.none(), st.integers(0, 3).map(Decimal)),
        st.text("河道水质优良比例，", max_size=8),
    ),
    max_size=7,
)


@given(PROMISES, PROMISES)
def test_no_promise_is_given_twice(new, standing):
    pairs = pair(new, standing)
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs) <= set(range(len(new))) and set(pairs.values()) <= set(range(len(standing)))


@given(PROMISES, PROMISES)
def test_a_pair_stands_in_the_same_place_of_the_plan(new, standing):
    assert all(new[i].scope == standing[j].scope for i, j in pair(new, standing).items())


@given(PROMISES.filter(lambda found: len({one.name for one in found}) == len(found)))
def test_the_same_promises_again_pair_with_equals(promises):
    for i, j in pair(promises, promises).items():
        assert (promises[i].op, promises[i].value) == (promises[j].op, promises[j].value)


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_share_and_symmetrical(one, other):
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1


def test_width_and_punctuation_do_not_make_names_unlike():
    assert likeness("ＰＥＴ（再生）", "PET再生") == 1


def of(name, value, op=">=", scope="1"):
    return Promise(scope, op, Decimal(value), name)


def test_the_same_number_goes_before_the_more_alike_name():
    new = [of("河道断面水质优良比例", 88)]
    standing = [of("河道断面水质优良比例", 85), of("断面水质优良", 88)]
    assert pair(new, standing) == {0: 1}


def test_a_number_changed_by_the_new_document_still_pairs():
    assert pair([of("河道断面水质优良比例", 92)], [of("河道断面水质优良比例", 88)]) == {0: 0}


def test_another_name_with_the_same_number_is_another_promise():
    assert pair([of("新建绿道", 18)], [of("公交车辆", 18)]) == {}


def test_the_same_words_under_another_task_are_another_promise():
    assert pair([of("新建绿道", 18, scope="1")], [of("新建绿道", 18, scope="2")]) == {}
