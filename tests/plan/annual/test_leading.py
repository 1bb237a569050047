from hypothesis import given
from hypothesis import strategies as st

from qingshan.plan.annual.leading import Before, Party, partners, propose

WATER, WORKS, FARM = Party("water", "水务局"), Party("works", "建管局"), Party("farm", "农业局")
PARTIES = st.lists(
    st.builds(Party, st.sampled_from(["", "a", "b", "c"]), st.sampled_from("甲乙丙"), st.sampled_from(["lead", "responsible"])),
    max_size=6,
)  # fmt: skip


def rule(*parties, **more) -> tuple[str, str]:
    found = propose(parties, **more)
    return found.code, found.rule


def test_the_plans_own_word_goes_before_all():
    named = Party("farm", "农业局", "lead")
    assert rule(WATER, named, keeping={"water": 3}, before=Before("works", "建管局", "2025-1")) == ("farm", "named")


def test_then_who_led_it_before_even_where_the_plan_does_not_name_them():
    found = propose([WATER, FARM], before=Before("works", "建管局", "2025-1"), english={"works": "Works"})
    assert (found.code, found.rule, found.reason.zh, found.reason.en) == (
        "works", "before", "2025-1 号清单由建管局牵头", "Works led it in list 2025-1"
    )  # fmt: skip


def test_then_the_only_body_then_the_one_the_sentence_names():
    assert rule(WATER) == ("water", "only")
    assert rule(WATER, FARM, sentence="农业局推广缓释肥") == ("farm", "mentioned")
    assert rule(WATER, FARM, sentence="水务局和农业局", keeping={}) == ("water", "first")


def test_then_who_keeps_the_registers_then_who_takes_part_in_most_tasks():
    assert rule(WATER, FARM, keeping={"farm": 2, "water": 1}, related={"water": 9}) == ("farm", "owning")
    assert rule(WATER, FARM, keeping={"farm": 1, "water": 1}, related={"farm": 3, "water": 2}, of=5) == ("farm", "most")
    found = propose([WATER, FARM], related={"farm": 3, "water": 2}, of=5)
    assert found.reason.zh == "本领域 5 项任务中，农业局参与 3 项，最多"


def test_one_task_in_common_says_nothing_and_the_first_printed_is_left():
    assert rule(WATER, FARM, related={"farm": 1}) == ("water", "first")


def test_a_body_outside_the_directory_is_never_proposed_but_cooperates():
    outside = Party("", "驻区企业")
    assert rule(outside) == ("", "none")
    assert rule(outside, WATER) == ("water", "only")
    assert partners([outside, WATER, FARM, WATER], "water") == [outside, FARM]


@given(
    PARTIES,
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
)
def test_whoever_is_proposed_is_of_the_task_and_everybody_else_cooperates_once(parties, keeping, related):
    found = propose(parties, "", keeping, related, 3)
    assert found.code in {one.code for one in parties} | {""}
    assert bool(found.code) == any(one.code for one in parties)
    others = partners(parties, found.code)
    keys = [one.code or one.name for one in others]
    assert len(keys) == len(set(keys)) and found.code not in [one.code for one in others if one.code]
    assert set(keys) | ({found.code} - {""}) == {one.code or one.name for one in parties}
    assert found.reason.zh and found.reason.en
