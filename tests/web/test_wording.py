import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from qingshan.observations.assess.reports import clauses
from qingshan.standards.editions import editions
from qingshan.web import wording

from ..standards.test_editions import FAMILIES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        ("26.70", None, "26.7"),
        ("26.7", 2, "26.70"),
        ("400000", 0, "400,000"),
        ("-1.5", 1, "−1.5"),
        (None, 1, ""),
        ("1E+3", None, "1,000"),
    ],
)
def test_numbers_are_printed_with_their_decimals(value, decimals, printed):
    assert wording.number(value, decimals) == printed


@pytest.mark.parametrize(
    ("op", "value", "kind", "said"),
    [
        ("<=", "28", "upper_bound", "≤ 28"),
        (">=", "85", "lower_bound", "≥ 85"),
        (">=", "60", "cumulative_count", "60"),
        (">", "80", "strict_bound", "> 80"),
        ("done", "100", "dated_milestone", "完成"),
        ("decrease", None, "direction_only", "持续下降"),
    ],
)
def test_goals_say_what_was_promised(op, value, kind, said):
    with override("zh-hans"):
        assert wording.goal(op, value, kind=kind) == said


def test_chinese_counts_in_ten_thousands_and_english_does_not():
    with override("zh-hans"):
        assert wording.scale_of("400000") == 10_000
        assert (wording.scaled("244383.56", 10_000), wording.unit_of("m²", 10_000), wording.unit_of("亩", 10_000)) == (
            "24.44",
            "万 m²",
            "万亩",
        )
        assert wording.scale_of("9999") == 1
    with override("en"):
        assert wording.scale_of("400000") == 1


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("2025-Q3", "2025 年三季度", "2025 Q3"),
        ("2025-H1", "2025 年上半年", "2025 first half"),
        ("2025-09", "2025-09", "2025-09"),
        ("2025", "2025", "2025"),
    ],
)
def test_a_period_is_said_and_not_coded(code, zh, en):
    for language, words in (("zh-hans", zh), ("en", en)):
        with override(language):
            assert wording.period(code) == words


@pytest.mark.parametrize(
    ("share", "said"), [("0.54", "54 %"), ("0.999", "> 99 %"), ("0.001", "< 1 %"), ("1", "100 %"), ("0", "0 %")]
)
def test_a_chance_is_never_rounded_to_certainty(share, said):
    assert wording.percent(share) == said


def test_a_number_and_its_unit_stay_on_one_line():
    assert " " not in wording.whole("≤ 28", "μg/m³")


def test_said_picks_the_readers_language():
    both, only = {"zh": "甲", "en": "A"}, {"name": "乙", "name_en": ""}
    with override("en"):
        assert (wording.said(both), wording.said(only), wording.said(None)) == ("A", "乙", "")
    with override("zh-hans"):
        assert wording.said(both) == "甲"


def test_audit_details_are_told_without_brackets():
    with override("zh-hans"):
        assert wording.plainly(
            {"before": {"unit": "个"}, "bodies": ["甲局", "乙局"], "role": "office", "why": None}
        ) == ("原来：单位：个；部门：甲局、乙局；角色：计划办；理由：—")


def test_decimal_values_are_taken_as_they_are():
    assert wording.milestone(Decimal("62.5")).startswith("进行中 62.5")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("tables 1 and 2, table 4", "表 1、表 2、表 4"),
        ("5.1 and table 1, table 2, annex A, annex B", "5.1、表 1、表 2、附录 A、附录 B"),
        ("4.2", "4.2"),
        ("", ""),
    ],
)
def test_clauses_are_told_in_the_readers_language(told, words):
    assert wording.clauses(told) == words
    with override("en"):
        assert wording.clauses(told) == told


def test_every_clause_of_the_law_has_chinese_words():
    """No English word is left where a Chinese reader looks for the clause."""
    for edition in (one for family in FAMILIES for one in editions(family)):
        assert re.findall("[a-z]{2,}", wording.clauses(clauses(edition))) == [], edition.code


def test_every_verb_of_the_audit_trail_has_its_words():
    """A verb is the second argument of a room's `write_down`, or the `verb=` of `record`."""
    written = set()
    for path in (one for one in (ROOT / "qingshan").rglob("*.py") if "actions" in (one.stem, one.parent.name)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                named = [one.value for one in node.keywords if one.arg == "verb"]
                given = (
                    [*node.args, *named]
                    if getattr(node.func, "id", "") in ("_write_down", "write_down", "record", "_add")
                    else []
                )
                written |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    verbs = {word for word in written if "_" in word and " " not in word}
    assert {"add_figures", "put_entries", "edit_edition"} <= verbs
    assert verbs - set(wording.VERBS) == set()
