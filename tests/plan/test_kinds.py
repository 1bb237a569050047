import pytest

from qingshan.plan.kinds import KIND_NAMES, Kind, kind_of, needs_value, side_of

CASES = [
    ("<=", "μg/m³", "不高于30微克/立方米", False, Kind.UPPER_BOUND),
    (">=", "%", "达到85%", False, Kind.LOWER_BOUND),
    (">=", "m²/人", "达到9平方米", False, Kind.LOWER_BOUND),
    (">=", "", "达到0.8", False, Kind.LOWER_BOUND),
    (">", "%", "超过80%", False, Kind.STRICT_BOUND),
    ("<", "%", "低于3%", False, Kind.STRICT_BOUND),
    (">=", "%", "保持在100%", False, Kind.MAINTAIN),
    (">=", "个", "建设60个", False, Kind.CUMULATIVE_COUNT),
    (">=", "亩次/年", "8万亩次", False, Kind.YEARLY_QUOTA),
    (">=", "个", "每年新建5个", False, Kind.YEARLY_QUOTA),
    (">=", "t/a", "建成年产10万吨", False, Kind.LOWER_BOUND),
    (">=", "%", "实现全覆盖", True, Kind.FULL_COVERAGE),
    ("=", "起", "零发生", True, Kind.UPPER_BOUND),
    ("done", None, "建成", False, Kind.DATED_MILESTONE),
    ("decrease", None, "持续下降", False, Kind.DIRECTION_ONLY),
    ("increase", None, "进一步提高", False, Kind.DIRECTION_ONLY),
]


@pytest.mark.parametrize(("op", "unit", "note", "implied", "kind"), CASES)
def test_the_kind_that_the_words_suggest(op, unit, note, implied, kind):
    assert kind_of(op, unit, note, implied) == kind


def test_every_kind_is_suggested_by_some_words_and_has_a_name():
    assert {case[-1] for case in CASES} == set(Kind) == set(KIND_NAMES)


def test_the_side_of_a_strict_bound():
    assert [side_of(op) for op in (">", "<", ">=", "done")] == ["above", "below", "", ""]


def test_a_milestone_and_a_direction_need_no_number():
    assert {kind for kind in Kind if not needs_value(kind)} == {Kind.DATED_MILESTONE, Kind.DIRECTION_ONLY}
