from datetime import date
from decimal import Decimal

import pytest

from qingshan.plan.contents import MeasureContent, TargetContent, digest_of, from_reading, inherit
from qingshan.plan.document import Facts, Reading, Target, Task, read
from qingshan.plan.matching import pair
from tests.plan import sample


def content(text=sample.TEXT):
    return from_reading(read(text), text, "行动计划.txt", digest_of(text.encode()))


def reading(*targets, facts=None):
    return Reading(facts or Facts(title="计划", period=(2025, 2027)), (), (), tuple(targets))


def target(**changed):
    fields = {"scope": "overall", "metric": "水质", "op": ">=", "value": 85, "unit": "%", "by": 2026, "note": "达到85%",
              "binding": True, "implied": False, "start": 0, "end": 2}  # fmt: skip
    return Target(**fields | changed)


def test_the_facts_of_the_document():
    found = content()
    assert (found.number, found.issuer, found.issued) == (
        "青禾府办发〔2025〕8号",
        "青禾区人民政府办公室",
        date(2025, 3, 6),
    )
    assert (found.starts, found.ends) == (date(2025, 1, 1), date(2027, 12, 31))
    assert found.digest == digest_of(sample.data()) and found.origin == "行动计划.txt"
    assert [one["text"] for one in found.unread] == ["0.6米"]


def test_tasks_with_theme_bodies_and_measures():
    task = content().tasks[1]
    assert (task.no, task.title, task.theme, task.bodies) == ("2", "整治排污口", 1, ["区水务局", "青禾供水公司"])
    assert task.measures[0] == MeasureContent("完成120个排污口整治，每年开展河道保洁300次。", start=task.measures[0].start, end=task.measures[0].end)  # fmt: skip
    assert sample.TEXT[task.measures[0].start : task.measures[0].end] == task.measures[0].title


def test_lead_and_supporting_bodies():
    task = Task(
        "1", "治水", None, ("区水务局", "区建管委"), {"lead": ("区水务局",), "support": ("区建管委",)}, "", 0, 2
    )
    found = from_reading(Reading(Facts(period=(2025, 2027)), (), (task,), ()), "", "a.txt", "0")
    assert (found.tasks[0].lead, found.tasks[0].cooperate) == (["区水务局"], ["区建管委"])


def test_a_range_keeps_its_lower_end_and_says_both():
    (found,) = from_reading(reading(target(op="range", value=(0.8, 1.1), note="")), "", "a.txt", "0").targets
    assert (found.value, found.note) == (Decimal("0.8"), "0.8—1.1")


def test_a_number_too_long_to_hold_is_left_open():
    (found,) = from_reading(reading(target(value=10**14)), "", "a.txt", "0").targets
    assert found.value is None


def test_without_a_period_the_plan_runs_from_its_issue_to_its_last_target():
    facts = Facts(title="计划", issued="2024-05-01")
    found = from_reading(reading(target(by=2029), facts=facts), "", "a.txt", "0")
    assert (found.starts.year, found.ends.year) == (2024, 2029)


def test_without_any_year_there_is_no_plan_to_hold():
    with pytest.raises(ValueError, match="neither a period"):
        from_reading(reading(target(by=None), facts=Facts(title="计划")), "", "a.txt", "0")


def known(new, **changed):
    """The content of `new` as it stands after the office worked on its first target."""
    old = content()
    for name, value in changed.items():
        setattr(old.targets[0], name, value)
    return old


def inherited(new, old):
    official = [one.promise() for one in old.targets if one.origin == "plan"]
    inherit(new, old, pair([one.promise() for one in new.targets], official))
    return new


def test_what_the_office_knew_is_taken_over():
    old = known(
        content(), code="pm25", metric="pm25-mean", name_en="Fine particles", short="细颗粒物", curve={"kind": "step"}
    )
    first = inherited(content(), old).targets[0]
    assert (first.code, first.metric, first.name_en, first.short, first.curve) == (
        "pm25", "pm25-mean", "Fine particles", "细颗粒物", {"kind": "step"})  # fmt: skip


def test_a_changed_number_drops_the_curve_that_led_to_the_old_one():
    old = known(content(), code="pm25", metric="pm25-mean", curve={"kind": "step"})
    new = content(sample.TEXT.replace("不高于30", "不高于28"))
    first = inherited(new, old).targets[0]
    assert (first.metric, first.value, first.curve) == ("pm25-mean", Decimal(28), {})


def test_a_new_target_never_gets_the_code_of_an_older_one():
    old, new = content(), content(sample.LATER)
    inherited(new, old)
    codes = [one.code for one in new.targets]
    assert len(set(codes)) == len(codes)
    (fresh,) = (one for one in new.targets if one.name == "回收点")
    assert fresh.code not in {one.code for one in old.targets}


def working(scope):
    return TargetContent(scope=scope, code=f"w{scope}", name="巡查", kind="cumulative_count", op=">=", value=Decimal(5), unit="次",
                         starts=date(2025, 1, 1), due=date(2027, 12, 31), origin="office")  # fmt: skip


def test_the_offices_own_targets_go_on_where_their_task_does():
    old, new = content(), content()
    old.targets += [working("overall"), working("2"), working("9")]
    inherited(new, old)
    assert [one.code for one in new.targets if one.origin == "office"] == ["woverall", "w2"]


def test_words_for_a_task_are_taken_over_by_its_title():
    old, new = content(), content()
    old.title_en = "Clean homes"
    old.tasks[0].short, old.tasks[0].title_en, old.themes[0].short_en = "扬尘", "Control dust", "Air and water"
    inherited(new, old)
    assert (new.tasks[0].short, new.tasks[0].title_en, new.themes[0].short_en) == (
        "扬尘",
        "Control dust",
        "Air and water",
    )
    assert new.tasks[1].short == ""
    assert new.title_en == "Clean homes"
