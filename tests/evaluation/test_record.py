import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingshan.evaluation.assessing import assess
from qingshan.evaluation.record import Header, build, canonical, digest, entry, judges, text
from tests.evaluation.contents import content, contents, days, metric, metrics, register

TODAY = date(2025, 10, 31)
HEADER = Header("trial", 1, "试验计划", "0" * 64, TODAY, datetime(2025, 11, 1, 8, 30, tzinfo=UTC), "1+rules.0")
UNITS = {"个": "items", "μg/m³": "μg/m³", "公顷/年": "ha/year", "%": "%"}
CHINESE = re.compile(r"[㐀-鿿　-〿＀-￯]")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?")
NUMBERS = {"goal", "actual", "planned", "gap", "baseline", "value", "part", "whole", "low", "high", "level", "probability", "central",
           "so_far", "allowed_remaining", "needed_per_month", "recent_per_month"}  # fmt: skip

assessments = st.builds(assess, contents(), st.none() | metrics(), days)


def leaves(node, name=""):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, name)
    else:
        yield name, node


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (None, None),
        (0, "0"),
        (12, "12"),
        (Decimal("28.50"), "28.5"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-6"), "0.000001"),
        (Decimal("0.000000"), "0"),
        (Decimal("-0.0"), "0"),
        (Decimal("-0"), "0"),
        (Decimal("-3.10"), "-3.1"),
    ],
)
def test_a_number_as_text(number, written):
    assert text(number) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_text_keeps_the_number_exactly(number):
    assert NUMBER.fullmatch(text(number))
    assert Decimal(text(number)) == number


@settings(max_examples=150)
@given(assessments)
def test_every_number_is_text_without_an_exponent(one):
    for name, value in leaves(entry(one, UNITS)):
        assert not isinstance(value, float)
        assert value is None or isinstance(value, (str, int))
        if name in NUMBERS and value is not None:
            assert NUMBER.fullmatch(value), (name, value)


@settings(max_examples=150)
@given(assessments)
def test_english_sentences_are_english_and_chinese_ones_chinese(one):
    told = entry(one, UNITS)
    for sentence in [told["sentence"], *([told["outlook"]["sentence"]] if told["outlook"] else [])]:
        assert not CHINESE.search(sentence["en"]), sentence["en"]
        assert (
            sentence["en"][0] == sentence["en"][0].upper()
            and sentence["en"].endswith(".")
            and not sentence["en"].endswith("..")
        )
        assert CHINESE.search(sentence["zh"]) and sentence["zh"].endswith("。")


@settings(max_examples=60)
@given(st.lists(assessments, max_size=4))
def test_the_canonical_record_reads_back_and_is_always_the_same(ones):
    record = build(HEADER, ones, ["1", "2"], UNITS)
    written = canonical(record)
    assert json.loads(written) == record
    assert canonical(json.loads(written)) == written == canonical(build(HEADER, ones, ["1", "2"], UNITS))


def shuffled(node, order: Random):
    if isinstance(node, dict):
        keys = sorted(node, key=lambda _: order.random())
        return {key: shuffled(node[key], order) for key in keys}
    return [shuffled(one, order) for one in node] if isinstance(node, list) else node


def coverage():
    return assess(
        content("full_coverage", ">=", 100, "%"), metric("share", ("2025-Q2", 3, 4), ("2025-Q3", 39, 40)), TODAY
    )


@given(st.integers())
def test_the_order_of_keys_does_not_matter(seed):
    record = build(HEADER, [coverage()], ["1"], UNITS)
    assert canonical(shuffled(record, Random(seed))) == canonical(record)


def test_the_order_in_which_a_metrics_inputs_are_kept_does_not_matter():
    one = coverage()
    backwards = replace(one, value=replace(one.value, evidence=dict(reversed(one.value.evidence.items()))))
    assert canonical(entry(backwards, UNITS)) == canonical(entry(one, UNITS))


def test_the_order_of_targets_changes_neither_counts_nor_what_is_said_of_each():
    ones = [
        assess(content("lower_bound", ">=", 85, "%", code=f"d{n}"), metric("latest", ("2025-Q3", 80 + n)), TODAY)
        for n in range(8)
    ]
    there, back = (build(HEADER, some, ["1"], UNITS) for some in (ones, ones[::-1]))
    assert there["counts"] == back["counts"] and there["tasks"][0]["status"] == back["tasks"][0]["status"]
    assert there["targets"] == back["targets"][::-1]
    assert set(there["tasks"][0]["because"]) == set(back["tasks"][0]["because"])


def test_only_official_targets_are_counted():
    ones = [assess(content("lower_bound", ">=", 85, "%", origin=origin), None, TODAY) for origin in ("plan", "office")]
    assert sum(build(HEADER, ones, ["1"], UNITS)["counts"].values()) == 1


def test_a_task_is_judged_by_its_own_targets_and_those_assigned_to_it():
    own, assigned, other = (assess(content("lower_bound", ">=", 85, "%", **more), None, TODAY) for more in ({"scope": "1", "code": "a"}, {"scope": "overall", "code": "b", "supports": ["1"]}, {"scope": "2", "code": "c"}))  # fmt: skip
    assert [judges(one, "1") for one in (own, assigned, other)] == [True, True, False]
    record = build(HEADER, [own, assigned, other], ["1", "2", "3"], UNITS)
    assert [task["status"] for task in record["tasks"]] == ["no_data"] * 3
    assert [task["silent"] for task in record["tasks"]] == [["a", "b"], ["c"], []]


def test_the_way_back_names_formula_inputs_and_rows():
    told = entry(coverage(), UNITS)
    assert told["formula"] == {"code": "share", "zh": "分子 ÷ 分母 × 100 %", "en": "numerator ÷ denominator × 100 %"}
    assert [(one["role"], one["rows"], one["from"], one["to"]) for one in told["inputs"]] == [
        ("denominator", 2, "2025-Q2", "2025-Q3"), ("numerator", 2, "2025-Q2", "2025-Q3"),
    ]  # fmt: skip
    assert told["points"][-1] | {"completeness": None} == {
        "period": "2025-Q3", "ends": "2025-09-30", "value": "97.5", "completeness": None, "share": {"part": "39", "whole": "40"},
    }  # fmt: skip


def test_a_count_is_told_in_its_own_unit():
    items = register((date(2025, 6, 30), date(2025, 6, 1)), (date(2026, 3, 31), None), forecast="count", unit="户")
    told = entry(assess(content("cumulative_count", ">=", 2, "户"), items, TODAY), {"户": "households"})["outlook"][
        "sentence"
    ]
    assert "尚需完成 1 户，每月需 0.1 户；近 12 个月每月完成 0.1 户" in told["zh"]
    assert told["en"].startswith("1 households still to finish, 0.1 a month;")
    reached = entry(assess(content("cumulative_count", ">=", 1, "户"), items, TODAY), {})["outlook"]["sentence"]
    assert reached["zh"] == "已完成 1 户，目标 1 户已达到。"


def test_the_planned_line_runs_from_start_to_deadline_over_quarter_ends():
    one = assess(content("cumulative_count", ">=", 60, "个", starts=date(2026, 1, 1)), None, TODAY)
    line = entry(one, UNITS)["planned_line"]
    assert [point["on"] for point in line] == ["2026-01-01", "2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]
    assert (line[0]["value"], line[-1]["value"]) == ("0", "60")
    assert entry(assess(content("direction_only", "decrease"), None, TODAY), UNITS)["planned_line"] == []


def test_the_cutoff_is_written_to_the_microsecond():
    assert build(HEADER, [], [], {})["cutoff"] == "2025-11-01T08:30:00.000000+00:00"


def test_the_same_instant_is_the_same_text_in_every_zone():
    shanghai = HEADER._replace(cutoff=HEADER.cutoff.astimezone(timezone(timedelta(hours=8))))
    assert build(shanghai, [], [], {}) == build(HEADER, [], [], {})


def test_the_digest_is_over_the_bytes():
    assert digest("青山") == sha256("青山".encode()).hexdigest()
    assert digest("{}") == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
