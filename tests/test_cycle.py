"""A whole cycle on the invented programme, and the same record again however much has changed since."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from qingshan import cycle
from qingshan.cycle import reproduce, run_cycle
from qingshan.evaluation.actions import sign
from qingshan.evaluation.models import Run
from qingshan.evaluation.record import digest
from qingshan.evidence.figures.actions import StatedFigure, add_figures, define_series
from qingshan.evidence.figures.models import Series
from qingshan.indicators.actions import define_metrics, define_units
from qingshan.indicators.models import Metric
from qingshan.people.actions import NotAllowed, set_bodies
from qingshan.people.models import AuditLine, Role
from qingshan.people.queries import broken_audit_line
from qingshan.plan.actions import Refused, put_edition
from qingshan.plan.models import Programme
from qingshan.plan.queries import content_of, standing_edition
from qingshan.programme.loading import load
from tests.district import SAMPLE, person
from tests.district import programme as empty

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 31)


@pytest.fixture
def programme() -> Programme:
    return load(SAMPLE)


@pytest.fixture
def run(programme) -> Run:
    return run_cycle(programme=programme, as_of=DAY)


def judged(text: str) -> dict[str, str]:
    return {one["code"]: one["status"] for one in json.loads(text)["targets"]}


def correction(period: str, value, published: date) -> StatedFigure:
    return StatedFigure("phosphorus-monthly", period, date(2025, 1, 31), Decimal(str(value)), "更正", published)


def test_a_run_keeps_what_it_judged(programme, run):
    told = json.loads(run.record)
    assert (told["programme"], told["as_of"], told["code_version"]) == ("riverbend", "2026-07-31", run.code_version)
    assert told["edition"]["digest"] == run.edition.digest == standing_edition(programme).digest
    assert run.digest == digest(run.record)
    assert [task["no"] for task in told["tasks"]] == ["1", "2", "3"]
    assert sum(told["counts"].values()) == 6 and len(told["targets"]) == 7


def test_every_target_of_the_sample_is_judged_and_none_in_chinese_where_english_is_spoken(run):
    told = json.loads(run.record)["targets"]
    assert set(judged(run.record)) == {
        "phosphorus",
        "leakage",
        "outfalls",
        "meters",
        "green-manure",
        "fertiliser",
        "public-page",
    }
    assert all(one["sentence"]["en"].isascii() or "–" in one["sentence"]["en"] for one in told)


def test_the_same_record_comes_out_at_once(run):
    assert reproduce(run) == run.record


def test_corrections_that_came_later_do_not_reach_an_old_run(programme, run):
    add_figures(by=None, programme=programme, figures=[correction("2025-01", "4.9", date(2025, 2, 20))])
    assert reproduce(run) == run.record
    again = run_cycle(programme=programme, as_of=DAY)
    assert inputs(again)["phosphorus"] != inputs(run)["phosphorus"]
    assert inputs(again)["leakage"] == inputs(run)["leakage"]


def inputs(run: Run) -> dict[str, list[str]]:
    return {one["code"]: [it["digest"] for it in one["inputs"]] for one in json.loads(run.record)["targets"]}


def test_what_was_published_after_the_day_judged_is_not_seen(programme, run):
    add_figures(by=None, programme=programme, figures=[correction("2025-01", "4.9", DAY + timedelta(1))])
    assert inputs(run_cycle(programme=programme, as_of=DAY)) == inputs(run)


def test_definitions_changed_later_do_not_reach_an_old_run(programme, run):
    metric = Metric.objects.filter(code="phosphorus").values().get()
    metric = {name: value for name, value in metric.items() if name not in ("id", "programme_id", "recorded_at")}
    define_metrics(
        by=None, programme=programme, definitions=[metric | {"decimals": 4, "name": "改名", "basis": "改法"}]
    )
    series = Series.objects.filter(code="phosphorus-monthly").values().get()
    series = {name: value for name, value in series.items() if name not in ("id", "programme_id", "recorded_at")}
    define_series(by=None, programme=programme, definitions=[series | {"origin": "simulated"}])
    define_units(by=None, programme=programme, units={"mg/L": "milligrams per litre", "个": "pieces"})
    assert reproduce(run) == run.record
    assert "milligrams per litre" in run_cycle(programme=programme, as_of=DAY).record


def test_an_edition_adopted_later_does_not_reach_an_old_run(programme, run):
    changed = content_of(run.edition)
    changed.digest, changed.targets = "f" * 64, changed.targets[:1]
    put_edition(by=None, programme=programme, content=changed)
    assert reproduce(run) == run.record
    again = run_cycle(programme=programme, as_of=DAY)
    assert again.edition.ordinal == 2 and set(judged(again.record)) == {"phosphorus"}
    assert reproduce(again) == again.record


def test_a_body_renamed_and_a_programme_retitled_later_do_not_reach_an_old_run(programme, run):
    bodies = [{"code": "works", "name": "Works and Water", "full_name": "", "name_en": "", "aliases": []}]
    set_bodies(by=None, jurisdiction=programme.jurisdiction, bodies=bodies)
    Programme.objects.update(title="改名", about={})
    assert reproduce(Run.objects.get()) == run.record


def test_two_runs_of_one_day_differ_in_nothing_but_their_cutoff(programme, run):
    again = run_cycle(programme=programme, as_of=DAY)
    one, other = json.loads(run.record), json.loads(again.record)
    assert one.pop("cutoff") < other.pop("cutoff")
    assert one == other


def test_whoever_writes_while_a_run_reads_stays_out_of_it(programme, monkeypatch):
    def values_as_of(*told):
        add_figures(by=None, programme=programme, figures=[correction("2025-01", "4.9", date(2025, 2, 20))])
        return real(*told)

    real = cycle.values_as_of
    monkeypatch.setattr(cycle, "values_as_of", values_as_of)
    run = run_cycle(programme=programme, as_of=DAY)
    monkeypatch.undo()
    assert reproduce(run) == run.record


def test_without_a_plan_in_force_there_is_a_sentence_and_no_run():
    with pytest.raises(Refused, match="还没有采用的规划") as refused:
        run_cycle(programme=empty(), as_of=DAY)
    assert "No edition" in refused.value.en
    assert not Run.objects.exists()


def test_progress_is_shown_target_by_target(programme):
    watched = []

    def watch(steps):
        for step in steps:
            watched.append(step.code)
            yield step

    run = run_cycle(programme=programme, as_of=DAY, watch=watch)
    assert sorted(watched) == sorted(judged(run.record))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICE}))
def test_only_the_office_evaluates_and_nobody_else_leaves_a_trace(programme, role):
    lines, watched = AuditLine.objects.count(), []
    with pytest.raises(NotAllowed, match="计划办"):
        run_cycle(programme=programme, as_of=DAY, by=person(role, place=programme.jurisdiction), watch=watched.extend)
    assert not Run.objects.exists() and AuditLine.objects.count() == lines and not watched


def test_a_run_and_its_signature_leave_a_line_each(programme):
    office, leader = (person(role, place=programme.jurisdiction) for role in (Role.OFFICE, Role.LEADER))
    run = run_cycle(programme=programme, as_of=DAY, by=office)
    sign(by=leader, run=run)
    evaluated, signed = AuditLine.objects.order_by("-id")[:2][::-1]
    assert [(one.verb, one.by, one.thing) for one in (evaluated, signed)] == [
        ("evaluate", "office", f"evaluation.run {run.pk}"), ("sign_run", "leader", f"evaluation.run {run.pk}"),
    ]  # fmt: skip
    assert evaluated.detail == signed.detail == {"programme": "riverbend", "as_of": "2026-07-31", "digest": run.digest}
    assert evaluated.jurisdiction == programme.jurisdiction
    assert broken_audit_line() is None


def test_every_write_of_a_load_leaves_a_line(programme):
    assert list(AuditLine.objects.order_by("id").values_list("verb", flat=True)) == [
        "put_jurisdiction", "set_bodies", "put_programme", "adopt_edition", "define_units", "define_series", "define_metrics",
        "add_figures", "add_items", "set_schedule",
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER])
def test_office_and_leader_may_sign(run, role):
    signed = sign(by=person(role, place=run.programme.jurisdiction), run=run)
    assert signed.signed_by.role == role and signed.signed_at <= timezone.now()
    assert reproduce(Run.objects.get()) == run.record


@pytest.mark.parametrize("role", [Role.LIAISON, Role.AUDITOR, Role.ADMIN])
def test_nobody_else_signs(run, role):
    with pytest.raises(NotAllowed):
        sign(by=person(role, place=run.programme.jurisdiction), run=run)
    assert Run.objects.get().signed_at is None


def test_a_signature_is_a_persons(run):
    with pytest.raises(TypeError, match="person"):
        sign(by=None, run=run)


def test_a_run_is_signed_once(run):
    sign(by=person(Role.LEADER, place=run.programme.jurisdiction), run=run)
    with pytest.raises(NotAllowed, match="已由leader于"):
        sign(by=person(Role.OFFICE, place=run.programme.jurisdiction), run=run)


def test_a_record_that_was_tampered_with_is_not_signed(run):
    Run.objects.update(record=run.record.replace("on_track", "attained"))
    with pytest.raises(NotAllowed, match="校验值不符"):
        sign(by=person(Role.LEADER, place=run.programme.jurisdiction), run=run)


def test_a_signed_run_is_frozen(run):
    sign(by=person(Role.LEADER, place=run.programme.jurisdiction), run=run)
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        Run.objects.update(record="{}")
