from decimal import Decimal

import pytest

from qingshan.evidence.reports.answers import Answer, Unread, faults, lacking, plain, read_claim


@pytest.mark.parametrize(
    ("form", "text", "claim"),
    [("value", " 1,234.50 ", "1234.50"), ("percent", "45 %", "45"), ("percent", "45％", "45"), ("finished", "是", "1"),
     ("finished", "未完成", "0"), ("confirmed", "不符", "0"), ("confirmed", "yes", "1")],
)  # fmt: skip
def test_what_people_type(form, text, claim):
    assert read_claim(form, text) == Decimal(claim)


def test_nothing_typed_is_no_claim():
    assert read_claim("value", "  ") is None


@pytest.mark.parametrize(
    ("form", "text"), [("value", "约三成"), ("value", "NaN"), ("value", "1e999999999"), ("finished", "差不多")]
)
def test_what_cannot_be_read_is_named(form, text):
    try:
        claim = read_claim(form, text)
    except Unread as wrong:
        assert text[:40] in wrong.zh and text[:40] in wrong.en
    else:
        assert list(faults(form, {}, Answer(claim)))  # readable, and refused for its size


@pytest.mark.parametrize(("claim", "words"), [("100.1", "100.1 大于上限 100 %"), ("-1", "-1 小于下限 0 %")])
def test_a_percentage_has_its_bounds(claim, words):
    assert [one.zh for one in faults("percent", {}, Answer(Decimal(claim)))] == [words]


def test_a_text_has_its_length():
    assert [one.field for one in faults("words", {}, Answer(progress="长" * 2001))] == ["progress"]


def test_a_register_said_to_be_wrong_needs_words():
    assert [one.field for one in lacking("confirmed", {}, Answer(Decimal(0)))] == ["progress"]
    assert list(lacking("confirmed", {}, Answer(Decimal(0), "少两条"))) == []


def test_what_is_optional_lacks_nothing():
    assert list(lacking("words", {"optional": True}, Answer())) == []
    assert [one.field for one in lacking("words", {}, Answer())] == ["progress"]


@pytest.mark.parametrize(
    ("number", "text"), [("100", "100"), ("12.500000", "12.5"), ("0.000000", "0"), ("1E+2", "100")]
)
def test_a_number_is_written_without_idle_zeros(number, text):
    assert plain(Decimal(number)) == text
