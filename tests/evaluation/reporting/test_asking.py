"""What a body owes, and from an accepted report to the next evaluation."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from qingshan.cycle import reproduce, run_cycle
from qingshan.evaluation.reporting import open_rounds
from qingshan.evidence.reports.actions import Change, accept, save_lines, submit
from qingshan.evidence.reports.answers import Answer
from qingshan.evidence.reports.models import Entered, Report
from qingshan.evidence.reports.queries import lines_of, today
from qingshan.people.models import User

from .conftest import ON, report_of


def person(held, role: str, body: str) -> User:
    place = held.programme.jurisdiction
    return User.objects.create(
        username=f"{role}-{body}", role=role, jurisdiction=place, body=place.bodies.get(code=body)
    )


def keys(report: Report) -> list[str]:
    return [one.key for one in lines_of(report)]


def filled_in(report: Report, by: User, claims: dict[str, str]) -> Report:
    changes = {}
    for one in lines_of(report):
        claim = Decimal(claims[one.key]) if one.key in claims else one.claim
        changes[one.pk] = Change(one.number, Answer(claim, "", "" if claim is not None else "尚无数据"))
    save_lines(by=by, report=report, changes=changes, on=ON)
    numbers = dict(report.lines.values_list("pk", "number"))
    submit(by=by, report=report, seen=numbers, on=ON)
    report.refresh_from_db()
    return report


def test_a_round_opens_by_the_programme_s_own_calendar(first_half):
    assert (first_half.period, first_half.opens_on, first_half.due_on) == (
        "2026-H1",
        date(2026, 7, 1),
        date(2026, 8, 4),
    )
    assert open_rounds(by=None, programme=first_half.programme, on=ON, now=timezone.now()) == []
    assert today(first_half.programme) == ON  # the demonstration's own day


def test_a_round_whose_lock_day_has_passed_is_not_opened_any_more(county):
    assert open_rounds(by=None, programme=county, on=date(2026, 9, 30), now=timezone.now()) == []


def test_a_body_is_asked_for_what_it_owes_and_nothing_else(first_half):
    farm = report_of(first_half, "farm")
    assert keys(farm) == ["value:green-manure-quarterly@2026-Q1", "value:green-manure-quarterly@2026-Q2"]
    utility = report_of(first_half, "utility")
    assert keys(utility) == ["value:leakage-quarterly@2026-Q1", "value:leakage-quarterly@2026-Q2", "task:1"]
    works = keys(report_of(first_half, "works"))
    assert {"measure:1:1", "measure:1:2"} <= set(works)
    assert not any("phosphorus" in key or "green" in key for key in works)  # published, or another's


def test_what_is_known_stands_beside_and_in_the_field(first_half):
    line = next(one for one in lines_of(report_of(first_half, "utility")) if one.key.endswith("2026-Q2"))
    assert line.known["last_period"] == "2026-Q1" and line.asked["most"] == "100"
    assert line.claim == Decimal(line.known["value"])


def test_an_accepted_value_is_in_the_next_evaluation_and_in_no_earlier_one(first_half):
    county = first_half.programme
    before = run_cycle(programme=county, as_of=ON)
    report = filled_in(
        report_of(first_half, "utility"),
        person(first_half, "liaison", "utility"),
        {"value:leakage-quarterly@2026-Q2": "7.7"},
    )
    assert '"7.7"' not in run_cycle(programme=county, as_of=ON).record  # handed in is not accepted
    accept(by=person(first_half, "office", "works"), report=report, version=1, on=ON)
    after = run_cycle(programme=county, as_of=ON)
    assert '"7.7"' in after.record and '"7.7"' not in before.record
    assert reproduce(before) == before.record
    assert (
        run_cycle(programme=county, as_of=date(2026, 7, 30)).record.count('"7.7"') == 0
    )  # it was not known the day before
    entered = Entered.objects.get(line__key="value:leakage-quarterly@2026-Q2")
    assert entered.figure.value == Decimal("7.7") and entered.version.recorded_by.username == "liaison-utility"
