from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingshan.evaluation import forecast
from qingshan.evaluation.assessing import Assessment, assess, to_evidence, to_target
from qingshan.evaluation.status import Curve, Kind, Reason, Side, Status
from tests.evaluation.contents import DUE, STARTS, content, contents, days, metric, metrics, register

TODAY = date(2025, 10, 31)
SEASON = (40, 35, 33, 30, 28, 24, 20, 20, 22, 27, 33, 41)
THREE_YEARS = [(f"{year}-{m:02d}", value) for year in (2022, 2023, 2024) for m, value in enumerate(SEASON, 1)]


def kind(name, op=">=", value=85, unit="%", **more):
    return content(name, op, value, unit, **more)


# The promise.


@pytest.mark.parametrize(
    ("name", "op", "value", "side", "goal"),
    [
        ("upper_bound", "<=", 28, Side.LOWER, 28),
        ("lower_bound", ">=", 85, Side.HIGHER, 85),
        ("lower_bound", "=", 85, Side.HIGHER, 85),
        ("strict_bound", "<", 10, Side.LOWER, 10),
        ("strict_bound", ">", 90, Side.HIGHER, 90),
        ("maintain", ">=", 100, Side.HIGHER, 100),
        ("maintain", "<=", 5, Side.LOWER, 5),
        ("cumulative_count", ">=", 60, Side.HIGHER, 60),
        ("yearly_quota", ">=", 500, Side.HIGHER, 500),
        ("full_coverage", ">=", 100, Side.HIGHER, 100),
        ("dated_milestone", "done", None, Side.HIGHER, 100),
        ("direction_only", "decrease", None, Side.LOWER, None),
        ("direction_only", "increase", None, Side.HIGHER, None),
    ],
)
def test_each_kind_goes_to_its_rule_with_its_side_and_goal(name, op, value, side, goal):
    made = to_target(content(name, op, value, side={"<": "below", ">": "above"}.get(op, "")), None)
    assert (made.kind, made.side, made.value) == (Kind(name), side, goal)
    assert (made.start, made.deadline) == (STARTS, DUE)


@pytest.mark.parametrize(("better", "side"), [("lower", Side.LOWER), ("higher", Side.HIGHER)])
@pytest.mark.parametrize("op", ["=", "range", ""])
def test_a_promise_to_stay_at_a_number_is_kept_on_the_side_its_metric_calls_better(op, better, side):
    value = metric("latest", better=better)
    assert to_target(content("maintain", op, 35), value).side is side
    assert to_target(content("direction_only", op), value).side is side


def test_what_the_promise_itself_says_goes_before_its_metric():
    value = metric("latest", better="higher")
    assert to_target(content("direction_only", "<=", 5), value).side is Side.LOWER
    assert to_target(content("maintain", "<", 5), value).side is Side.LOWER


def test_the_unit_is_the_promises_own_or_else_its_metrics():
    value = metric("latest", unit="μg/m³")
    assert to_target(content("upper_bound", "<=", 28), value).unit == "μg/m³"
    assert to_target(content("upper_bound", "<=", 28, "ug"), value).unit == "ug"
    assert to_target(content("upper_bound", "<=", 28), None).unit == ""


def test_only_whole_things_are_counted_in_grains_of_one():
    whole, parts = register(decimals=0), register(decimals=1)
    assert to_target(kind("cumulative_count"), whole).grain == 1
    assert to_target(kind("cumulative_count"), parts).grain == to_target(kind("lower_bound"), whole).grain == 0


@pytest.mark.parametrize(("months", "limit"), [(1, 30), (2, 61), (6, 183), (12, 366), (None, 36_525)])
def test_freshness_in_days(months, limit):
    assert to_target(kind("lower_bound"), metric("latest", freshness_months=months)).freshness == limit


STEPS = {"shape": "steps", "steps": [["2024-12-31", "40"], ["2025-12-31", "60"]]}


@pytest.mark.parametrize(
    ("name", "curve", "expected"),
    [
        ("lower_bound", {}, Curve.LINEAR),
        ("lower_bound", {"shape": "level"}, Curve.LEVEL),
        ("lower_bound", STEPS, Curve.STEPS),
        ("maintain", {"shape": "linear"}, Curve.LEVEL),
        ("maintain", STEPS, Curve.LEVEL),
        ("yearly_quota", {"shape": "yearly"}, Curve.YEARLY),
        ("yearly_quota", STEPS, Curve.YEARLY),
        ("direction_only", {"shape": "level"}, None),
        ("direction_only", STEPS, None),
        ("cumulative_count", {"shape": "yearly"}, Curve.LINEAR),  # the kind was edited after its curve was declared
    ],
)
def test_the_curve_is_the_declared_one_where_the_kind_leaves_a_choice(name, curve, expected):
    made = to_target(kind(name, op="increase" if name == "direction_only" else ">=", curve=curve), None)
    assert made.curve is expected
    assert bool(made.steps) == (expected is Curve.STEPS)


@pytest.mark.parametrize(
    "edited",
    [{"value": 50}, {"due": date(2025, 6, 30)}, {"starts": date(2025, 6, 30)}],
    ids=["goal", "deadline", "start"],
)
def test_steps_that_no_longer_fit_give_way_to_the_straight_line(edited):
    value, more = edited.get("value", 85), {name: day for name, day in edited.items() if name != "value"}
    assert to_target(kind("lower_bound", value=value, curve=STEPS, **more), None).curve is Curve.LINEAR


def test_a_start_after_the_deadline_is_no_obstacle():
    assert to_target(kind("lower_bound", starts=date(2025, 6, 1), due=date(2025, 3, 31)), None).start == date(
        2025, 3, 31
    )


# The evidence.


def test_without_a_metric_there_is_no_data():
    found = assess(kind("lower_bound"), None, TODAY)
    assert (found.judgement.status, found.judgement.reason) == (Status.NO_DATA, Reason.NO_EVIDENCE)
    assert found.value is found.forecast is None


def test_a_metric_without_rows_has_no_data_either():
    assert assess(kind("lower_bound"), metric("latest"), TODAY).judgement.status is Status.NO_DATA


def strict(*told, decimals=0) -> Status:
    return assess(
        content("strict_bound", ">", 90, "%", side="above"), metric("share", *told, decimals=decimals), DUE
    ).judgement.status


def test_strictness_is_judged_on_the_exact_share_and_not_on_its_rounding():
    assert strict(("2026-Q4", "90.04", 100)) is Status.ATTAINED  # shown as 90, and more than 90
    assert strict(("2026-Q4", 2251, 2500)) is Status.ATTAINED
    assert strict(("2026-Q4", 90, 100)) is Status.OFF_TRACK
    assert strict(("2026-Q4", "89.96", 100)) is Status.OFF_TRACK


def test_all_but_one_of_many_is_not_full_coverage():
    covered = metric("share", ("2026-Q4", 99_999, 100_000), decimals=0)
    assert covered.points[0].value == 100
    assert assess(kind("full_coverage", value=100), covered, DUE).judgement.status is Status.OFF_TRACK


def test_a_share_larger_than_its_whole_or_of_nothing_is_still_judged():
    assert strict(("2026-Q4", 120, 100)) is Status.ATTAINED
    assert strict(("2026-Q4", 0, 0)) is Status.NO_DATA
    assert strict(("2026-Q4", 5, 0)) is Status.NO_DATA


def done_on(*told) -> date | None:
    return to_evidence(metric("milestone", *told, decimals=0)).done


def test_a_milestone_is_done_on_the_first_day_reported_complete():
    assert done_on(("2025-03-31", 60), ("2025-06-30", 100), ("2025-09-30", 100)) == date(2025, 6, 30)
    assert done_on(("2025-03-31", 60)) is done_on() is None


def test_almost_done_is_not_done():
    assert done_on(("2025-06-30", "99.6")) is None
    milestone = metric("milestone", ("2025-06-30", "99.6"), decimals=0)
    assert assess(content("dated_milestone", "done"), milestone, TODAY).judgement.status is not Status.ATTAINED


def test_a_milestone_reported_complete_and_then_taken_back_is_not_done():
    assert done_on(("2025-03-31", 100), ("2025-06-30", 80)) is None
    assert done_on(("2025-03-31", 100), ("2025-06-30", 80), ("2025-09-30", 100)) == date(2025, 9, 30)


def test_only_a_milestones_own_formula_gives_a_day_of_completion():
    assert to_evidence(metric("latest", ("2025-06-30", 100))).done is None


def test_simulated_evidence_is_marked_in_the_judgement():
    for origin in ("official", "simulated"):
        found = assess(kind("lower_bound"), metric("latest", ("2025-Q3", 90), origin=origin), TODAY)
        assert found.judgement.simulated == (origin == "simulated")


def test_a_year_of_four_quarters_decides_and_three_do_not():
    quarters = [(f"2026-Q{q}", 90) for q in range(1, 5)]
    whole, part = (
        assess(kind("lower_bound"), metric("annual_mean", *told), date(2027, 1, 5)) for told in (quarters, quarters[:3])
    )
    assert (whole.judgement.status, part.judgement.status) == (Status.ATTAINED, Status.AT_RISK)


def test_a_quota_whose_last_quarter_is_not_in_yet_is_not_missed_for_good():
    told = [("2024-Q1", 120), ("2024-Q2", 130), ("2024-Q3", 125)]
    quota = kind("yearly_quota", value=500, unit="公顷/年")
    early = assess(quota, metric("yearly_sum", *told), date(2025, 1, 5)).judgement
    assert early.reason is not Reason.YEAR_MISSED and not early.decided
    late = assess(quota, metric("yearly_sum", *told, ("2024-Q4", 100)), date(2025, 1, 25)).judgement
    assert (late.status, late.reason) == (Status.OFF_TRACK, Reason.YEAR_MISSED)


# The forecast.


def ahead(promise, value, today=TODAY):
    return assess(promise, value, today).forecast


def yearly(op="<=", goal=28, name="upper_bound", unit="μg/m³", **more):
    return ahead(
        content(name, op, goal, unit, **more),
        metric("annual_mean", *THREE_YEARS, forecast="annual_mean", better="lower"),
    )


@pytest.mark.parametrize(
    ("name", "op", "bound"),
    [
        ("upper_bound", "<=", "<="),
        ("upper_bound", "=", "<="),
        ("lower_bound", ">=", ">="),
        ("lower_bound", "=", ">="),
        ("lower_bound", "range", ">="),
        ("maintain", "=", "<="),
        ("maintain", ">=", ">="),
    ],
)
def test_a_mean_is_forecast_towards_the_side_that_is_judged(name, op, bound):
    found = yearly(op, 28, name)
    assert (found.bound, found.year, found.target) == (bound, 2026, 28)


def test_a_strict_bound_is_forecast_strictly():
    assert yearly("<", 28, "strict_bound", side="below").bound == "<"
    assert yearly(">", 28, "strict_bound", side="above").bound == ">"


def test_a_poor_forecast_reaches_the_judgement():
    hopeless = assess(
        content("upper_bound", "<=", 5, "μg/m³"), metric("annual_mean", *THREE_YEARS, forecast="annual_mean"), TODAY
    )
    assert hopeless.forecast.probability < Decimal("0.05")
    assert hopeless.judgement.outlook.probability == hopeless.forecast.probability
    assert hopeless.judgement.status is Status.OFF_TRACK


@pytest.mark.parametrize("unit", ["%", ""])
def test_a_share_cannot_be_forecast_above_100(unit):
    good = [(period, 99) for period, _ in THREE_YEARS]
    found = ahead(
        content("lower_bound", ">=", 100, unit), metric("annual_mean", *good, forecast="annual_mean", unit="%")
    )
    assert found.high <= 100


@pytest.mark.parametrize("name", ["yearly_quota", "cumulative_count", "direction_only", "full_coverage"])
def test_a_mean_is_forecast_only_where_the_promise_is_a_bound(name):
    assert yearly(name=name) is None


def test_no_mean_is_forecast_from_too_little_or_from_what_no_mean_is_made_of():
    promise = content("upper_bound", "<=", 28)
    for told in (
        (),
        THREE_YEARS[:11],
        [(f"{y}-Q{q}", 5) for y in range(2020, 2025) for q in (1, 2, 3, 4)],
        [*THREE_YEARS[:-1], ("2024-12", -1)],
    ):
        assert ahead(promise, metric("annual_mean", *told, forecast="annual_mean")) is None
    assert ahead(promise, metric("annual_mean", *THREE_YEARS)) is None  # the metric does not ask for one


def test_no_mean_is_forecast_long_after_the_deadline():
    value = metric("annual_mean", *THREE_YEARS, forecast="annual_mean")
    assert ahead(content("upper_bound", "<=", 28, due=date(2024, 6, 30)), value) is None


PIPELINE = [
    (date(2024, 6, 30), date(2024, 7, 15)),
    (date(2025, 6, 30), date(2025, 6, 1)),
    (date(2026, 3, 31), None),
    (None, None),
]


def counted(op=">=", goal=3, name="cumulative_count", pipeline=PIPELINE, **more):
    return ahead(content(name, op, goal, "个", **more), register(*pipeline, forecast="count"))


def test_a_count_is_forecast_from_the_items_done_and_to_come():
    found = counted()
    assert isinstance(found, forecast.CountForecast)
    assert (found.done, found.target, found.to_finish, found.unplanned, found.by) == (2, 3, 1, 0, DUE)


@pytest.mark.parametrize(("name", "op", "goal", "enough"), [("cumulative_count", ">=", "2.4", 3), ("strict_bound", ">", "3", 4),
                                                            ("strict_bound", ">", "2.5", 3), ("lower_bound", ">=", "0.8", 1)])  # fmt: skip
def test_as_many_are_needed_as_keep_the_promise(name, op, goal, enough):
    assert counted(op, goal, name, side="above" if op == ">" else "").target == enough


@pytest.mark.parametrize(
    ("name", "op"),
    [
        ("upper_bound", "<="),
        ("strict_bound", "<"),
        ("yearly_quota", ">="),
        ("direction_only", "increase"),
        ("dated_milestone", "done"),
    ],
)
def test_a_count_is_forecast_only_where_more_is_better_and_the_total_counts(name, op):
    assert counted(op, None if name == "dated_milestone" else 3, name, side="below" if op == "<" else "") is None


def test_amounts_of_unequal_size_are_not_forecast_as_so_many_items():
    assert counted(pipeline=[*PIPELINE, (None, None, 2)]) is None
    assert counted(pipeline=[]) is None


# Whatever comes.


@settings(max_examples=300)
@given(contents(), st.none() | metrics(), days)
def test_every_content_gets_an_answer(promise, value, today):
    found = assess(promise, value, today)
    assert isinstance(found, Assessment)
    assert found.judgement.status in Status
    if value is None:
        assert found.judgement.status in (Status.NO_DATA, Status.NOT_YET_DUE)
    if found.judgement.actual_on:
        assert found.judgement.actual_on <= today


@settings(max_examples=100)
@given(contents(), metrics(), days)
def test_a_day_before_all_evidence_sees_none_of_it(promise, value, today):
    found = assess(promise, value, today - timedelta(days=36500)).judgement
    assert found.status in (Status.NOT_YET_DUE, Status.NO_DATA)
    assert found.actual is found.newest is None
