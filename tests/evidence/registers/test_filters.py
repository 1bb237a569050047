from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.evidence.registers.actions import put_entries
from qingshan.evidence.registers.filters import BadFilter, Condition, holds, parse, written
from qingshan.evidence.registers.queries import entries, matching

from .outfalls import DEFINITION, stated

words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).map(str.strip).filter(bool)
towns = st.one_of(st.sampled_from(["枫镇", "廊镇", "a;b", "c|d", "e\\f", "100%", "_"]), words)
caseless = st.text(
    st.characters(categories=["Nd", "Lo", "Po"]), min_size=1, max_size=8
)  # what a database folds differs
flows = st.integers(0, 10_000_000).map(lambda n: f"{Decimal(n).scaleb(-2).normalize():f}")
RANGE = st.sampled_from([">", "<", ">=", "<="])


TURNS = count()  # examples share one database


def several(field, values):
    return st.builds(Condition, st.just(field), st.sampled_from(["=", "!="]), st.lists(values, max_size=3).map(tuple))


def ordered(field, values):
    return st.builds(Condition, st.just(field), RANGE, values.map(lambda one: (one,)))


days = st.dates().map(lambda day: day.isoformat())
conditions = st.one_of(
    several("town", towns), several("flow", flows), ordered("flow", flows), several("metered", st.booleans()),
    several("kind", st.sampled_from(["works", "farm"])), ordered("due_on", days), several("pipes", st.integers(1, 20)),
    ordered("since", st.integers(1900, 2200)), st.builds(Condition, st.just("town"), st.just("~"), caseless.map(lambda one: (one,))),
)  # fmt: skip
rows = st.fixed_dictionaries(
    {}, optional={"town": towns, "flow": flows, "metered": st.booleans(), "kind": st.sampled_from(["works", "farm"]),
                  "due_on": days, "pipes": st.integers(1, 20), "since": st.integers(1900, 2200)},
)  # fmt: skip


@given(st.lists(conditions, max_size=4))
def test_what_is_written_is_read_again(asked):
    assert parse(DEFINITION, written(asked)) == tuple(asked)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_is_refused_with_a_sentence(text):
    try:
        found = parse(DEFINITION, text)
    except BadFilter as wrong:
        assert wrong.zh and wrong.en
    else:
        assert parse(DEFINITION, written(found)) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("town", "不是筛选条件"),
        ("mended_on=2025-01-01", "不能按 mended_on 筛选，可用：no、name"),
        ("kind>works", "不能比较大小"),
        ("flow~1", "不能按部分文字查找"),
        ("flow>=1|2", "后应有一个值"),
        ("flow>=", "后应有一个值"),
        ("flow=abc", "应为数字"),
        ("state=lost", "state 应写作 state=found|traced"),
        ("origin=guess", "origin 应写作"),
        ("body>water", "部门只能用"),
        ("; ".join(["pipes=1"] * 31), "筛选条件有 31 个，上限 30 个"),
    ],
)
def test_a_bad_filter_says_why(text, words):
    with pytest.raises(BadFilter, match=".") as wrong:
        parse(DEFINITION, text)
    assert words in wrong.value.zh


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=st.lists(rows, min_size=1, max_size=6), asked=conditions)
def test_the_database_answers_as_plain_python_does(register, kept, asked):
    turn = next(TURNS)
    put_entries(
        by=None,
        programme=register,
        register="outfalls",
        rows=[stated(f"{turn}-{n}", **row) for n, row in enumerate(kept)],
    )
    found = matching(entries(register, "outfalls").filter(key__startswith=f"{turn}-"), DEFINITION, [asked])
    wanted = {f"{turn}-{n}" for n, row in enumerate(kept) if holds(asked, row.get(asked.field))}
    assert set(found.values_list("key", flat=True)) == wanted


def test_special_fields(register):
    put_entries(
        by=None, programme=register, register="outfalls", rows=[stated("1"), stated("2", "traced", keeper="farm")]
    )

    def keys(text):
        return list(matching(entries(register, "outfalls"), DEFINITION, text).values_list("key", flat=True))

    assert keys("state=traced") == ["2"] and keys("state!=traced") == ["1"]
    assert keys("body=farm") == ["2"] and keys("body=water|farm") == ["1", "2"]
    assert keys("key=1") == ["1"] and keys("key~2") == ["2"] and keys("origin=simulated") == []
