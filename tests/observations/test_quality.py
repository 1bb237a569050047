"""Flags by rules and by people: set beside the value, once, undone when the rule no longer says so, known as of any instant."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingshan.observations import quality
from qingshan.observations.appending import Appended, NotAccepted, append
from qingshan.observations.engines import engine, observations
from qingshan.observations.media import MEDIA
from qingshan.observations.rows import FLAGS, USABLE
from qingshan.observations.store import Store
from qingshan.standards.editions import NoEdition

from .sample import RECEIVED, START, batch, row

RULES = quality.rules_on(date(2026, 6, 1))
LATER = RECEIVED + timedelta(days=30)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "observations")


def put(store, rows, days: int = 0):
    return append(store, batch(rows), RECEIVED + timedelta(days=days))


def series(values, **other) -> list[dict]:
    """Hour by hour; None is a gap."""
    return [row(hour, str(value), **other) for hour, value in enumerate(values) if value is not None]


def marked(store, medium: str = "air", as_of=None) -> dict:
    """(item, hour) → flag, of the rows that carry one."""
    with engine() as connection:
        rows = observations(connection, store, medium=medium, as_of=as_of).to_pyarrow().to_pylist()
    return {(one["item"], (one["time"] - START) // timedelta(hours=1)): one["flag"] for one in rows if one["flag"]}


def looked(store, medium: str = "air", **span) -> dict:
    """What the rules would change: (item, hour) → flag."""
    rows = quality.look(store, medium, RULES, **span).rows.to_pylist()
    return {(one["item"], (one["time"] - START) // timedelta(hours=1)): one["flag"] for one in rows}


@pytest.mark.parametrize(
    ("item", "values", "expected"),
    [
        ("CO", [1, "57.3", "57.301"], {("CO", 2): "range"}),
        ("PM25", [-1, 0, 1], {("PM25", 0): "negative"}),
        ("PM25", [20, 320, 30], {("PM25", 1): "spike"}),
        ("PM25", [20, 279, 30], {}),  # 249 above its neighbour: not more than 250
        ("PM25", [80, 360, 70], {}),  # not five times its neighbour
        ("PM25", [20, None, 320, 30], {}),  # its neighbour lies two hours away
        ("PM25", [400, 20, 410], {("PM25", 1): "spike"}),
        ("PM10", [33] * 8, {("PM10", hour): "stuck" for hour in range(8)}),
        ("PM10", [33] * 7, {}),
        ("PM10", [33] * 4 + [None] + [33] * 4, {}),
        ("PM10", [33] * 4 + [34] + [33] * 4, {}),
        ("PM10", [10] * 30, {}),  # clean air stands still
        ("PM25", [99999, 20, 99999], {("PM25", 0): "range", ("PM25", 2): "range"}),  # what cannot be is nobody's neighbour
    ],
)  # fmt: skip
def test_each_rule_at_and_beside_its_bound(store, item, values, expected):
    put(store, series(values, item=item))
    assert looked(store) == expected


def test_a_part_above_its_whole_marks_both(store):
    put(
        store,
        [row(0, "45", item="PM25"), row(0, "30", item="PM10"), row(1, "40", item="PM25"), row(1, "30", item="PM10")],
    )
    assert looked(store) == {("PM25", 0): "inverted", ("PM10", 0): "inverted"}


def test_a_day_of_which_the_store_has_too_few_hours(store):
    day = {"period": "day", "item": "SO2"}
    put(store, [row(hour, "5", item="SO2") for hour in range(19)] + [row(0, "5", **day), row(24, "5", **day)])
    assert looked(store) == {("SO2", 0): "few"}
    put(store, [row(19, "5", item="SO2")])
    assert looked(store) == {}


def test_water_may_freeze_and_a_limit_of_detection_does_not_stand_still(store):
    told = {"medium": "water", "period": "sample", "unit": "mg/L"}
    put(
        store,
        [row(4 * n, "0.2", item="nh3n", below=True, **told) for n in range(40)]
        + [row(0, "-1", item="temp", **told), row(0, "15", item="ph", **told)],
    )
    assert looked(store, "water") == {("ph", 0): "range"}


def test_it_is_tried_first_then_written_once_and_what_was_known_before_stays(store):
    put(store, series([20, 320, 30]))
    found = quality.look(store, "air", RULES)
    assert found.counts == (("PM25", "", "spike", 1),) and marked(store) == {}
    assert quality.write(store, found, LATER) == Appended(0, 1, 0, 1)
    assert marked(store) == {("PM25", 1): "spike"} and looked(store) == {}
    assert marked(store, as_of=LATER - timedelta(1)) == {}
    with engine() as connection:
        (told,) = (
            observations(connection, store, medium="air")
            .filter(lambda one: one.flag == "spike")
            .to_pyarrow()
            .to_pylist()
        )
    assert (told["value"], told["flagged_by"], told["source"], told["line"]) == (320, "rule:spike/2026-01", "test", 1)


def test_a_flag_goes_when_the_value_was_corrected(store):
    put(store, series([20, 320, 30]))
    quality.write(store, quality.look(store, "air", RULES), LATER)
    put(store, [row(2, "300")], days=40)
    found = quality.look(store, "air", RULES)
    assert found.counts == (("PM25", "spike", "", 1),)
    quality.write(store, found, LATER + timedelta(20))
    assert marked(store) == {} and looked(store) == {}


def test_the_file_that_brought_a_value_does_not_take_its_flag_away(store):
    rows = series([20, 320, 30])
    put(store, rows)
    quality.write(store, quality.look(store, "air", RULES), LATER)
    assert put(store, rows, days=40) == Appended(0, 0, 3, 1) and marked(store) == {("PM25", 1): "spike"}
    assert put(store, [row(1, "320", flag="fault", flagged_by="source")], days=41).corrected == 1
    assert marked(store) == {("PM25", 1): "fault"} and looked(store) == {}


def test_a_person_is_not_overruled_by_a_rule_or_a_file(store):
    rows = series([20, 320, 30])
    put(store, rows)
    quality.write(store, quality.look(store, "air", RULES), LATER)
    key = ("S1", "PM25", "hour", rows[1]["time"], "spike")
    before, done = quality.judge(store, "air", [key], "rejected", "li", LATER + timedelta(1))
    assert [one["flag"] for one in before] == ["spike"] and done.corrected == 1
    assert (
        looked(store) == {} and put(store, rows, days=60).unchanged == 3 and marked(store) == {("PM25", 1): "rejected"}
    )
    quality.judge(store, "air", [(*key[:4], "rejected")], "confirmed", "wang", LATER + timedelta(2))
    assert looked(store) == {} and marked(store) == {("PM25", 1): "confirmed"}
    assert put(store, [row(1, "25")], days=70).corrected == 1 and marked(store) == {}  # another value is another matter


def test_what_changed_while_a_person_looked_is_told_and_nothing_is_kept(store):
    put(store, series([20, 320, 30]))
    keys = [("S1", "PM25", "hour", row(hour)["time"], flag) for hour, flag in ((0, ""), (1, "spike"))]
    with pytest.raises(NotAccepted, match="已经变了"):
        quality.judge(store, "air", keys, "rejected", "li")
    with pytest.raises(NotAccepted, match="不认识"):
        quality.judge(store, "air", keys[:1], "fine", "li")
    assert marked(store) == {} and store.snapshot().version == 0


def test_flagged_values_are_listed_with_their_neighbours_the_newest_first(store):
    put(store, series([20, 320, 30], item="O3") + series([33] * 8, item="PM10") + series([5, -3], item="SO2"))
    quality.write(store, quality.look(store, "air", RULES), LATER)
    found, count = quality.flagged(store, "air", ["S1"], most=3)
    assert count == 10 and [one.item for one in found] == ["PM10"] * 3
    found, count = quality.flagged(store, "air", ["S1"], flags=["spike", "negative"])
    assert [(one.item, one.value, one.before, one.after) for one in found] == [
        ("O3", 320, 20, 30),
        ("SO2", -3, 5, None),
    ]
    assert quality.flagged(store, "air", ["S2"]) == ([], 0)


def test_a_span_is_judged_by_its_neighbours_beyond(store):
    put(store, series([20, 320, 30, 20, 320, 30]))
    since = START + timedelta(hours=1)
    assert looked(store, since=since, until=START + timedelta(hours=2)) == {("PM25", 1): "spike"}
    assert looked(store, sites=["S2"]) == {}


def test_flags_are_known_and_rules_are_marked_as_what_they_are():
    assert set(quality.ORDER) | set(quality.VERDICTS) <= set(FLAGS)
    assert {"spike", "stuck", "inverted", "confirmed"} <= set(USABLE) and not {
        "range",
        "negative",
        "few",
        "rejected",
    } & set(USABLE)
    assert (
        RULES.code == "quality-2026-01" and RULES.mark == "W" and quality.signed("range", RULES) == "rule:range/2026-01"
    )
    assert all(rule["source"] and rule["mark"] for rule in RULES["rules"].values()) and set(RULES["rules"]) == set(
        quality.ORDER
    )
    with pytest.raises(NoEdition):
        quality.rules_on(date(2020, 1, 1))


def test_every_medium_has_its_rules_and_may_be_empty(store):
    for medium in MEDIA:
        assert quality.look(store, medium, RULES).counts == ()


VALUES = st.lists(st.one_of(st.none(), st.sampled_from([-1, 0, 15, 33, 320, 99999])), max_size=14)


def by_hand(values) -> dict:
    """The rules of PM25 over hours, plainly."""
    found = {
        hour: "negative" if one < 0 else "range"
        for hour, one in enumerate(values)
        if one is not None and not 0 <= one <= 10000
    }
    kept = [None if hour in found else one for hour, one in enumerate(values)]
    for hour, one in enumerate(kept):
        near = [kept[other] if 0 <= other < len(kept) else None for other in (hour - 1, hour + 1)]
        if one is not None and None not in near:
            up, down = one - max(near) > 250 and one > 5 * max(near), min(near) - one > 250 and min(near) > 5 * one
            found |= {hour: "spike"} if up or down else {}
    for begin in range(len(kept)):
        run = kept[begin : begin + 8]
        if len(run) == 8 and len(set(run)) == 1 and run[0] is not None and run[0] > 10:
            found |= {hour: "stuck" for hour in range(begin, begin + 8) if hour not in found}
    return {("PM25", hour): flag for hour, flag in found.items()}


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=40))
def test_rules_say_what_they_say_by_hand_and_come_to_rest(tmp_path_factory, told):
    """Many sites at once, each with values and what corrects them."""
    store = Store(tmp_path_factory.mktemp("store"))
    for turn in (0, 1):
        rows = [one for site, both in enumerate(told) for one in series(both[turn], site=f"S{site}")]
        if rows:
            put(store, rows, days=turn)
            quality.write(store, quality.look(store, "air", RULES), RECEIVED + timedelta(days=turn, hours=1))
    assert looked(store) == {}
    with engine() as connection:
        rows = observations(connection, store, medium="air").filter(lambda one: one.flag != "").to_pyarrow().to_pylist()
    found = {(one["site"], (one["time"] - START) // timedelta(hours=1)): one["flag"] for one in rows}
    stand = [[old if new is None else new for old, new in zip_longest(*both)] for both in told]
    assert found == {
        (f"S{site}", hour): flag for site, values in enumerate(stand) for (_, hour), flag in by_hand(values).items()
    }


def test_real_hours_are_rarely_marked_and_their_values_stay(store):
    from qingshan.observations.importing import read, source

    from ..shared import shared

    file = shared("data/air/prsa_beijing/PRSA_Data_Aotizhongxin_20130301-20170228.csv.gz")
    rows = read(file, source("prsa-beijing")).rows
    append(store, rows, RECEIVED)
    found = quality.look(store, "air", RULES)
    share = {flag: sum(n for _, _, one, n in found.counts if one == flag) / rows.num_rows for flag in quality.ORDER}
    assert 0 < found.rows.num_rows < rows.num_rows / 100 and share["spike"] < Decimal("0.0002") and share["range"] == 0
    assert quality.write(store, found, LATER).corrected == found.rows.num_rows
    assert append(store, rows, LATER + timedelta(1)).unchanged == rows.num_rows


def test_rules_of_another_edition_take_away_what_they_no_longer_say(store):
    put(store, series([20, 320, 30]))
    quality.write(store, quality.look(store, "air", RULES), LATER)
    told = {**RULES.content, "rules": RULES["rules"] | {"spike": {"hours": {"air": 1}, "bounds": {}}}}
    found = quality.look(store, "air", replace(RULES, code="quality-2027-01", content=told))
    assert [(one["flag"], one["flagged_by"]) for one in found.rows.to_pylist()] == [("", "rule:none/2027-01")]
