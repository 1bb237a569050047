from hypothesis import given
from hypothesis import strategies as st

from qingshan.plan.document import read
from qingshan.plan.passages import Span, clauses, paragraphs
from tests.plan import sample

TEXTS = st.text(alphabet="甲乙丙，。 \n<&", max_size=60)
SPANS = st.lists(
    st.builds(Span, st.integers(-2, 62), st.integers(-2, 62), st.sampled_from(["task", "target", "body"]), st.text("ab", max_size=2)),
    max_size=12,
)  # fmt: skip


def shape(text, spans):
    """The pieces as brackets: [key words], so that nesting can be read."""
    lines = []
    for one in paragraphs(text, spans):
        lines.append("".join(f"[{p.opens.key}" if p.opens else "]" if p.closes else p.words for p in one.pieces))
    return lines


def test_a_mark_in_a_mark():
    spans = [Span(0, 8, "measure", "m"), Span(2, 4, "target", "t")]
    assert shape("一二三四五六七八九", spans) == ["[m一二[t三四]五六七八]九"]


def test_two_marks_on_the_same_words():
    spans = [Span(1, 3, "target", "b"), Span(1, 3, "target", "a")]
    assert shape("一二三四", spans) == ["一[a[b二三]]四"]


def test_marks_that_cross_are_closed_and_opened_again():
    spans = [Span(0, 4, "measure", "m"), Span(2, 6, "target", "t")]
    assert shape("一二三四五六", spans) == ["[m一二[t三四]][t五六]"]


def test_a_mark_over_several_lines_is_opened_in_each_and_named_once():
    text = "一二\n\n三四\n五"
    pieces = [p for one in paragraphs(text, [Span(1, 8, "task", "t")]) for p in one.pieces if p.opens]
    assert [p.first for p in pieces] == [True, False, False]
    assert shape(text, [Span(1, 8, "task", "t")]) == ["一[t二]", "[t三四]", "[t五]"]


def test_spans_outside_the_text_are_left_out():
    assert shape("一二", [Span(1, 9, "task", "a"), Span(-1, 1, "task", "b"), Span(1, 1, "task", "c")]) == ["一二"]


def test_no_text_no_paragraphs():
    assert list(paragraphs("", [Span(0, 1, "task", "a")])) == []


@given(TEXTS, SPANS)
def test_nothing_of_the_text_is_lost_and_every_mark_is_closed(text, spans):
    for one in paragraphs(text, spans):
        depth = 0
        for piece in one.pieces:
            depth += 1 if piece.opens else -1 if piece.closes else 0
            assert depth >= 0
        assert depth == 0
    words = ["".join(p.words for p in one.pieces) for one in paragraphs(text, spans)]
    assert words == [line.rstrip() for line in text.splitlines() if line.strip()]


@given(TEXTS, SPANS)
def test_a_mark_holds_the_words_of_its_span(text, spans):
    held = {}
    for one in paragraphs(text, spans):
        stack = []
        for piece in one.pieces:
            if piece.opens:
                stack.append(piece.opens)
            elif piece.closes:
                stack.pop()
            for span in stack:
                held[span] = held.get(span, "") + piece.words
    bare = lambda words: "".join(words.split())  # noqa: E731
    for span in spans:
        if 0 <= span.start < span.end <= len(text):
            assert bare(held.get(span, "")) == bare(text[span.start : span.end])


def test_clauses_stand_where_the_document_has_them():
    found = [sample.TEXT[start:end] for start, end in clauses(sample.TEXT)]
    assert found == [
        "（责任部门：区建管委、区生态环境局）",
        "（责任部门：区水务局、青禾供水公司）",
        "（责任部门：区绿化市容局）",
        "（责任部门：区绿化市容局）",
    ]


def test_every_target_of_a_reading_is_marked_in_its_sentence():
    spans = [Span(one.start, one.end, "target", str(i)) for i, one in enumerate(read(sample.TEXT).targets)]
    firsts = [p.opens for one in paragraphs(sample.TEXT, spans) for p in one.pieces if p.opens and p.first]
    assert set(firsts) == set(spans)
