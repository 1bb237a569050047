from datetime import date
from types import SimpleNamespace

from qingshan.web import overview
from qingshan.web.rows import TargetRow

from .test_rows import target
from .test_trajectory import course, point


def row(code: str, status: str, **given) -> TargetRow:
    return TargetRow(target(code=code, status=status, **given))


def test_what_is_off_track_comes_first_and_the_plans_own_before_the_offices():
    listed = [
        row("risk", "at_risk"),
        row("ours", "off_track", origin="office"),
        row("plan", "off_track"),
        row("fine", "on_track"),
    ]
    found = overview.decisions(listed, [], [], None)
    assert [one.thing.code for one in found] == ["plan", "ours", "risk"]


def test_open_matters_of_the_house_are_each_one_line():
    tasks = [SimpleNamespace(lead_named=False), SimpleNamespace(lead_named=False), SimpleNamespace(lead_named=True)]
    run = SimpleNamespace(signed_at=None)
    found = overview.decisions([row("x", "no_data"), row("y", "no_data", origin="office")], tasks, ["draft"], run)
    assert [(one.kind, one.count) for one in found] == [("draft", 1), ("lead", 2), ("unknown", 1), ("unsigned", 1)]


def test_a_signed_run_is_not_asked_for():
    assert overview.decisions([], [], [], SimpleNamespace(signed_at="2026-01-01")) == []


def test_many_late_targets_do_not_push_the_house_off_the_page():
    found = overview.decisions(
        [row(str(n), "off_track") for n in range(20)], [SimpleNamespace(lead_named=False)], [], None
    )
    shown = overview.first_decisions(found)
    assert [one.kind for one in shown] == ["target"] * 5 + ["lead"]


def test_the_headline_is_the_first_with_a_forecast_over_years():
    plain, forecast = TargetRow(course(code="plain", outlook=None)), TargetRow(course(code="forecast"))
    assert overview.headline([row("x", "no_data"), plain, forecast]).code == "forecast"
    assert overview.headline([row("x", "no_data"), plain]).code == "plain"
    assert overview.headline([row("x", "no_data")]) is None


def test_the_age_of_data_counts_real_ones_only():
    real = row("real", "on_track", points=[point("2025", "1", "2025-09-30")], marks=["official"])
    made = row("made", "on_track", points=[point("2026", "1", "2026-10-31")], marks=["simulated"])
    age = overview.data_age([real, made, row("none", "no_data")], date(2026, 11, 22))
    assert (age.newest, age.months, age.simulated, age.real) == (date(2025, 9, 30), 14, 1, 1)
    assert overview.data_age([made], date(2026, 11, 22)).newest is None


def test_changed_statuses_come_before_changed_values():
    def record(*targets):
        return SimpleNamespace(targets=list(targets))

    before = record(target(code="value", actual="1"), target(code="worse", status="on_track"), target(code="same"))
    after = record(target(code="value", actual="2"), target(code="worse", status="off_track"), target(code="same"))
    listed = [TargetRow(one) for one in after.targets]
    found = overview.changes(before, after, listed)
    assert [(change.code, change.turn) for change, _ in found] == [("worse", -1), ("value", 0)]


def test_a_target_that_left_the_plan_is_told():
    before = SimpleNamespace(targets=[target(code="gone", name="旧目标")])
    ((change, row),) = overview.changes(before, SimpleNamespace(targets=[]), [])
    assert (change.after, row.name) == (None, "旧目标")
