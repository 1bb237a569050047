from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from qingshan.standards import discharge
from qingshan.standards.editions import edition

DAY = date(2025, 6, 1)
FUME = edition("gb18483", DAY)


def test_a_site_may_be_dusty_so_many_quarters_of_an_hour():
    day = [Decimal("0.3")] * 96
    assert discharge.site_dust(day, DAY).met
    assert discharge.site_dust([Decimal("1.2")] * 6 + day[6:], DAY).met
    assert not discharge.site_dust([Decimal("1.2")] * 7 + day[7:], DAY).met
    assert not discharge.site_dust([Decimal("2.1")] * 2 + day[2:], DAY).met


def test_missing_means_are_counted_not_held_for_clean():
    found = discharge.site_dust([None] * 90 + [Decimal("0.3")] * 6, DAY)
    assert found.periods == 6 and found.edition.mark == "M-M"


def test_fume_at_the_base_flow():
    assert discharge.fume_at_base(Decimal("1.5"), 8000, 2, FUME) == 3


@pytest.mark.parametrize(
    ("samples", "mean"), [([2, 2, 2, 2, 2], 2), ([4, 4, 4, Decimal("0.9"), Decimal("0.9")], 4), ([8, 1, 1, 1, 8], None), ([], None)]
)  # fmt: skip
def test_samples_far_below_the_highest_are_dropped(samples, mean):
    assert discharge.fume_mean(samples, FUME) == mean


def test_the_limit_of_shanghai_is_the_stricter_one():
    assert not discharge.fume(Decimal("1.5"), DAY).met
    assert discharge.fume(Decimal("1.5"), DAY, family=discharge.FUME).met
    assert discharge.fume(Fraction(3), DAY).multiple == 2


def test_purifiers_by_size():
    assert [discharge.least_efficiency(stoves, FUME) for stoves in (1, 2, 3, 6, 20)] == [60, 60, 75, 85, 85]
    with pytest.raises(ValueError, match="0"):
        discharge.least_efficiency(0, FUME)


def test_stacks_boundaries_and_vapours():
    assert [one.met for one in discharge.stack("非甲烷总烃", 60, Decimal("3.1"), DAY)] == [True, False]
    assert discharge.boundary("非甲烷总烃", 4, DAY).met
    assert [one.met for one in discharge.plant_vapour(6, 21, special=True, on=DAY)] == [True, False]
    assert all(one.met for one in discharge.plant_vapour(10, 30, special=False, on=DAY))


def works(means, **how):
    return {one.item: one.met for one in discharge.sewage_works(means, "一级A", DAY, **how)}


def test_a_sewage_works():
    means = {"化学需氧量": 50, "氨氮": 6, "总磷": Decimal("0.8"), "总氮": 15}
    assert works(means) == {"化学需氧量": True, "氨氮": False, "总磷": False, "总氮": True}
    assert works(means, cold=True, built_before_2006=True) == dict.fromkeys(means, True)


def test_an_item_without_a_limit_gives_no_verdict():
    assert discharge.sewage_works({"总氮": 99}, "二级", DAY) == []
    with pytest.raises(ValueError, match="below zero"):
        discharge.sewage_works({"总氮": -1}, "一级A", DAY)


AMENDED = date(2026, 3, 1)


def test_from_march_2026_colour_and_bacteria_are_limited_in_each_sample():
    before, since = (
        discharge.sewage_works({"色度": 31}, "一级A", DAY),
        discharge.sewage_sample({"色度": 31, "粪大肠菌群": 1000}, "一级A", AMENDED),
    )
    assert [(one.met, one.edition.mark) for one in before] == [(False, "P")]
    assert [(one.item, one.met, one.edition.code, one.edition.mark) for one in since] == [
        ("色度", False, "gb18918-2025", "S"),
        ("粪大肠菌群", True, "gb18918-2025", "S"),
    ]
    with pytest.raises(discharge.NoLimit, match="瞬时值") as refused:
        discharge.sewage_works({"色度": 20}, "一级A", AMENDED)
    assert refused.value.en.startswith("gb18918-2025 limits single samples of colour")


def test_daily_means_keep_their_limits_in_march_2026():
    assert [one.met for one in discharge.sewage_works({"化学需氧量": 51, "总氮": 15}, "一级A", AMENDED)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("item", "day", "said"),
    [
        ("总氮", AMENDED, "the number was not found"),
        ("悬浮物", AMENDED, "no limit of suspended matter for single samples"),
        ("色度", DAY, "no limit of colour"),
    ],
)
def test_a_sample_without_a_known_limit_is_refused(item, day, said):
    with pytest.raises(discharge.NoLimit) as refused:
        discharge.sewage_sample({item: 1}, "一级A", day)
    assert said in refused.value.en and item in refused.value.zh


def test_waste_water_to_a_sewer():
    assert [one.met for one in discharge.waste_water({"化学需氧量": 450, "氨氮": 50}, "三级", DAY)] == [True, False]
    table = edition("db31-199", DAY)
    assert discharge.acidity(9, table) and not discharge.acidity(Decimal("9.1"), table)


def test_a_purifier_of_shanghai_by_its_efficiency_and_odour():
    assert [one.met for one in discharge.purifier(90, 60, DAY)] == [True, True]
    short, odorous = discharge.purifier(81, 90, DAY)
    assert (short.met, short.multiple, odorous.multiple) == (False, Decimal("0.10"), Decimal("0.50"))
    assert len(discharge.purifier(95, on=DAY)) == 1


def test_metals_of_a_sewage_works_have_one_limit_at_every_level():
    for level in ("一级A", "三级"):
        assert [
            one.met for one in discharge.sewage_works({"总汞": Decimal("0.001"), "六价铬": Decimal("0.06")}, level, DAY)
        ] == [True, False]
