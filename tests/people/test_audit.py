from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from qingshan.people.audit import FIRST, Line, first_broken, seal

words = st.text(st.characters(codec="utf-8"), max_size=8)
details = st.dictionaries(words, st.one_of(words, st.integers(), st.none(), st.lists(words, max_size=2)), max_size=3)
lines = st.builds(Line, words, words, words, words, words, words, details)
trails = st.lists(lines, min_size=1, max_size=6)


def chained(trail):
    seals = list(accumulate(trail, lambda before, line: seal(line, before), initial=FIRST))[1:]
    return list(zip(trail, seals, strict=True))


@given(trails)
def test_an_untouched_trail_is_whole(trail):
    assert first_broken(chained(trail)) is None


def test_no_trail_is_whole():
    assert first_broken([]) is None


@given(trails, lines, st.data())
def test_a_changed_line_shows_where_it_stands(trail, other, data):
    chain = chained(trail)
    place = data.draw(st.integers(0, len(chain) - 1))
    changed = [*chain]
    changed[place] = (other, chain[place][1])
    assert first_broken(changed) == (None if other == chain[place][0] else place)


@given(trails, st.data())
def test_a_removed_line_shows_at_the_one_after(trail, data):
    chain = chained(trail)
    place = data.draw(st.integers(0, len(chain) - 1))
    assert first_broken(chain[:place] + chain[place + 1 :]) == (place if place < len(chain) - 1 else None)


@given(trails, lines, st.data())
def test_an_inserted_line_shows_even_with_a_seal_of_its_own(trail, other, data):
    chain = chained(trail)
    place = data.draw(st.integers(0, len(chain) - 1))
    before = chain[place - 1][1] if place else FIRST
    assert first_broken([*chain[:place], (other, seal(other, before)), *chain[place:]]) == place + 1


@given(trails, st.data())
def test_lines_in_another_order_show(trail, data):
    chain = chained(trail)
    order = data.draw(st.permutations(range(len(chain))))
    first = next((place for place, was in enumerate(order) if place != was), None)
    assert first_broken([chain[was] for was in order]) == first


@given(lines, words)
def test_what_stands_in_one_field_cannot_pass_for_another(line, moved):
    swapped = line._replace(by=line.role, role=line.by)
    assert (seal(swapped, FIRST) == seal(line, FIRST)) == (swapped == line)
    assert seal(line, FIRST) != seal(line, "1" * 64)
    assert len(seal(line, FIRST)) == 64
