from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingshan.evaluation.status import Evidence, Side, Status, judge, severity
from qingshan.evaluation.tasks import Change, changed, counts, roll_up
from tests.evaluation.promises import day, seen, target

TODAY = day("2025-09-30")
BOUND = target("lower_bound", 85, baseline=79)
COUNT = target("cumulative_count", 60)

# Real judgements, one of each status.
ONE_OF_EACH = {
    Status.ATTAINED: judge(COUNT, seen("2025-09-30 60"), TODAY),
    Status.ON_TRACK: judge(BOUND, seen("2025-09-30 86"), TODAY),
    Status.AT_RISK: judge(BOUND, seen("2024-06-30 86"), TODAY),
    Status.OFF_TRACK: judge(BOUND, seen("2025-09-30 78"), TODAY),
    Status.NOT_YET_DUE: judge(replace(BOUND, start=day("2026-01-01")), Evidence(), TODAY),
    Status.NO_DATA: judge(BOUND, Evidence(), TODAY),
}


def part(word):
    """ "off_track" or, for a 力争 part, "~off_track"."""
    judgement = ONE_OF_EACH[Status(word.lstrip("~"))]
    return replace(judgement, binding=not word.startswith("~"))


def parts(words):
    return {f"{letter}": part(word) for letter, word in zip("abcdef", words.split(), strict=False)}


def test_the_parts_are_what_they_are_called():
    assert all(judgement.status is status for status, judgement in ONE_OF_EACH.items())


@pytest.mark.parametrize(
    ("words", "status", "governing", "silent"),
    [
        ("", "no_data", "", ""),
        ("no_data no_data", "no_data", "", "ab"),
        ("not_yet_due not_yet_due", "not_yet_due", "ab", ""),
        ("not_yet_due no_data", "no_data", "", "b"),
        ("attained attained", "attained", "ab", ""),
        ("attained no_data", "on_track", "a", "b"),
        ("attained not_yet_due", "on_track", "a", ""),
        ("attained on_track", "on_track", "b", ""),
        ("on_track at_risk attained", "at_risk", "b", ""),
        ("on_track off_track at_risk", "off_track", "b", ""),
        ("no_data off_track no_data", "off_track", "b", "ac"),
        ("no_data on_track", "on_track", "b", "a"),
        ("at_risk on_track at_risk", "at_risk", "ac", ""),
        ("~off_track on_track", "at_risk", "a", ""),
        ("~off_track at_risk", "at_risk", "ba", ""),
        ("~off_track off_track", "off_track", "b", ""),
        ("~off_track ~on_track", "off_track", "a", ""),
        ("~off_track no_data", "at_risk", "a", "b"),
        ("~off_track attained", "at_risk", "a", ""),
        ("~at_risk at_risk", "at_risk", "ba", ""),
        ("~attained attained", "attained", "ba", ""),
    ],
)
def test_roll_up(words, status, governing, silent):
    task = roll_up(parts(words))
    assert (task.status, "".join(task.governing), "".join(task.no_data)) == (status, governing, silent)


def test_a_task_says_when_only_what_is_striven_for_governs_it():
    assert roll_up(parts("~off_track on_track")).striven_for
    assert not roll_up(parts("~at_risk at_risk")).striven_for
    assert not roll_up({}).striven_for


@given(st.lists(st.sampled_from(list(Status)), max_size=6), st.integers(0, 5))
def test_a_better_part_never_worsens_a_task(statuses, which):
    before = {str(i): ONE_OF_EACH[status] for i, status in enumerate(statuses)}
    told = [code for code in before if before[code].status in (Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK)]
    if told:
        after = {**before, told[which % len(told)]: ONE_OF_EACH[Status.ON_TRACK]}
        assert severity(roll_up(after).status) <= severity(roll_up(before).status)


@given(st.lists(st.sampled_from(list(Status)), min_size=1, max_size=6))
def test_a_task_is_never_better_than_its_worst_known_part(statuses):
    task = roll_up({str(i): ONE_OF_EACH[status] for i, status in enumerate(statuses)})
    known = [s for s in statuses if s not in (Status.NO_DATA, Status.NOT_YET_DUE)]
    assert not known or severity(task.status) >= max(map(severity, known))
    assert len(task.no_data) == statuses.count(Status.NO_DATA)


def test_counts_name_all_six_in_order():
    found = counts([Status.OFF_TRACK, Status.ATTAINED, Status.OFF_TRACK])
    assert list(found) == list(Status)
    assert found == {**dict.fromkeys(Status, 0), Status.OFF_TRACK: 2, Status.ATTAINED: 1}


def test_changed_tells_status_and_value_worse_first():
    before = {
        "same": judge(BOUND, seen("2025-09-30 86"), TODAY),
        "value": judge(BOUND, seen("2025-09-30 86"), TODAY),
        "better": judge(COUNT, seen("2025-09-30 37"), TODAY),
        "worse": judge(BOUND, seen("2025-09-30 86"), TODAY),
        "gone": judge(BOUND, seen("2025-09-30 86"), TODAY),
        "first figure": judge(BOUND, Evidence(), TODAY),
    }
    after = {
        "same": judge(BOUND, seen("2025-09-30 86.0"), day("2025-10-31")),
        "value": judge(BOUND, seen("2025-09-30 87"), TODAY),
        "better": judge(COUNT, seen("2025-09-30 60"), TODAY),
        "worse": judge(BOUND, seen("2025-09-30 80"), TODAY),
        "first figure": judge(BOUND, seen("2025-09-30 80"), TODAY),
        "new": judge(target("direction_only", side=Side.LOWER, baseline=1), Evidence(), TODAY),
    }
    assert changed(before, after) == [
        Change("worse", Status.ON_TRACK, Status.OFF_TRACK, 86, 80, -1),
        Change("first figure", Status.NO_DATA, Status.OFF_TRACK, None, 80, 0),
        Change("new", None, Status.NO_DATA, None, None, 0),
        Change("value", Status.ON_TRACK, Status.ON_TRACK, 86, 87, 0),
        Change("gone", Status.ON_TRACK, None, 86, None, 0),
        Change("better", Status.ON_TRACK, Status.ATTAINED, 37, 60, 1),
    ]


def test_nothing_changed_is_an_empty_list():
    assert changed(parts("on_track at_risk"), parts("on_track at_risk")) == []
