import json
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from qingshan.coordination import actions, queries
from qingshan.coordination.matters import Kind
from qingshan.cycle import run_cycle
from qingshan.evaluation.models import Run
from qingshan.evaluation.scores.period import period_of
from qingshan.evaluation.scores.queries import gather
from qingshan.evaluation.scores.rules import Criterion
from qingshan.evidence.registers.actions import add_entry, define_register, move, put_entries
from qingshan.evidence.registers.schema import Definition
from qingshan.evidence.reports.models import Report, Round
from qingshan.people.models import User
from qingshan.plan.annual.models import AnnualList, Item
from qingshan.plan.models import Programme
from qingshan.programme.loading import load
from tests.district import SAMPLE, person, programme
from tests.evidence.measurements.fields import UNITS, fields_of, stated
from tests.programme.folder import copied, spoil

from .stuck import DUE, FIRST, SECOND, THIRD, bodies, decided, late_node, liaison, mended, ruled, run

pytestmark = pytest.mark.django_db
EARLIER, LATER = date(2026, 4, 30), date(2026, 7, 31)
DECEMBER = date(2025, 12, 31)
NOW = datetime(2025, 1, 2, tzinfo=UTC)


def of_kind(found, *kinds: Kind) -> list:
    return [one for one in found if one.kind in kinds]


@pytest.fixture
def county() -> Programme:
    made = load(SAMPLE)
    for day in (EARLIER, LATER):
        run_cycle(programme=made, as_of=day)
    return made


def status_of(record: Run) -> dict[str, str]:
    return {one["code"]: one["status"] for one in json.loads(record.record)["targets"]}


def test_targets_behind_are_those_of_the_newest_run_since_they_stand_so(county):
    found = {one.key: one for one in of_kind(queries.matters(county, LATER), *queries.TARGETS.values())}
    before, now = (status_of(county.runs.get(as_of=day)) for day in (EARLIER, LATER))
    assert found
    for code, status in now.items():
        if status in queries.TARGETS and status != "no_data":
            assert found[code].kind == queries.TARGETS[status]
            assert found[code].due_on == (EARLIER if before[code] == status else LATER)
    assert {code for code, one in found.items() if one.kind != Kind.TARGET_SILENT} == {
        code for code, status in now.items() if status in ("off_track", "at_risk")
    }


def test_a_target_s_matter_says_its_numbers_and_leads_to_its_page(county):
    (one, *_) = of_kind(queries.matters(county, LATER), Kind.TARGET_OFF, Kind.TARGET_RISK)
    told = next(it for it in json.loads(county.runs.first().record)["targets"] if it["code"] == one.key)
    assert one.told.zh == told["sentence"]["zh"] and one.told.en == told["sentence"]["en"]
    assert one.numbers["goal"] == told["goal"] and one.address == ("target", one.key)


def test_only_runs_of_that_day_or_before_count(county):
    assert of_kind(queries.matters(county, date(2026, 4, 29)), *queries.TARGETS.values()) == []
    at_first = {one.key for one in of_kind(queries.matters(county, EARLIER), Kind.TARGET_OFF, Kind.TARGET_RISK)}
    assert at_first == {
        code for code, status in status_of(county.runs.get(as_of=EARLIER)).items() if status in ("off_track", "at_risk")
    }


@pytest.fixture
def leaderless(tmp_path) -> Programme:
    """The county where the plan names no lead for its first task, of two bodies."""
    folder = copied(tmp_path)
    spoil(folder, "plan.yaml", "  lead: works\n", "")
    made = load(folder)
    run_cycle(programme=made, as_of=LATER)
    return made


def test_tasks_without_a_lead_are_one_matter_for_the_office(leaderless):
    (one,) = of_kind(queries.matters(leaderless, LATER), Kind.LEAD)
    assert one.numbers == {"count": "1", "tasks": "3"}
    assert (one.body, one.partners, one.due_on) == (leaderless.office.code, ("works", "utility"), date(2025, 1, 20))


def test_a_late_node_waits_for_its_lead_and_its_partners_wait():
    item = late_node()
    assert queries.matters(programme(), DUE) == []
    (one,) = queries.matters(programme(), FIRST)
    assert (one.kind, one.key, one.body, one.partners, one.due_on) == (Kind.NODE, str(item.id), "water", ("farm",), DUE)
    assert "完成 10 公里" in one.told.zh and "2025-09-30" in one.told.zh
    mended(item, FIRST)
    assert queries.matters(programme(), FIRST) == []


FINDINGS = {
    "code": "findings", "name": {"zh": "问题", "en": "Findings"}, "key": ["no"], "planned": "planned_on", "owner": "keeper", "body": "water",
    "fields": [
        {"code": "no", "name": {"zh": "编号", "en": "No."}, "type": "text", "required": True},
        {"code": "planned_on", "name": {"zh": "计划完成日", "en": "Planned"}, "type": "date", "filterable": True},
        {"code": "keeper", "name": {"zh": "责任部门", "en": "Body"}, "type": "body"},
    ],
    "states": [{"code": "open", "zh": "整改中", "en": "Open"}, {"code": "closed", "zh": "已销号", "en": "Closed", "final": True}],
    "transitions": [{"from": "open", "to": "closed"}],
}  # fmt: skip


def test_a_unit_whose_samples_say_another_class_is_a_matter_until_both_agree(settings, tmp_path):
    bodies()
    settings.OBSERVATIONS = str(tmp_path / "observations")
    fields_of(programme(), settings.OBSERVATIONS, "farm")
    assert queries.matters(programme(), date(2025, 5, 31)) == []
    (one,) = queries.matters(programme(), FIRST)
    assert (one.kind, one.key, one.body, one.due_on, one.address) == (
        Kind.DISAGREEMENT, "fields/U1", "farm", date(2025, 6, 1), ("farmland",)
    )  # fmt: skip
    assert (
        one.told.zh == "台账为“选项used”，按 2025 年样品为“选项strict”，须核定类别或复测。"
        and "soil of 2025" in one.told.en
    )
    rules = [{"kind": "disagreement", "notice": {"after": 20, "to": ["lead"], "answer": 10}}]
    actions.put_rulebook(by=None, programme=programme(), rules=rules, registers=[])
    (alert,) = run(FIRST).raised
    settled = stated(UNITS[0] | {"class": "strict"}, SECOND)
    put_entries(by=None, programme=programme(), register="fields", rows=[settled])
    assert queries.matters(programme(), SECOND) == [] and run(SECOND).closed == [alert]


def found_entry(no: str, planned: str | None, keeper: str = "farm"):
    data = {"no": no, "keeper": keeper} | ({"planned_on": planned} if planned else {})
    return add_entry(by=None, programme=programme(), register="findings", data=data, known_on=date(2025, 1, 5))


def test_late_entries_of_the_registers_named_are_matters_until_they_reach_a_final_state():
    bodies()
    define_register(by=None, programme=programme(), definition=Definition.model_validate(FINDINGS))
    late = found_entry("1", "2025-09-30")
    found_entry("2", "2025-12-31")
    found_entry("3", None)
    assert queries.matters(programme(), FIRST) == []  # no rulebook names the register
    actions.put_rulebook(by=None, programme=programme(), rules=[], registers=["findings", "gone"])
    assert queries.rulebook_of(programme()) is None  # nothing was ever said of escalation
    actions.put_rulebook(
        by=None, programme=programme(), registers=["findings", "gone"],
        rules=[{"kind": "entry", "notice": {"after": 1, "to": ["lead"], "answer": 2}}],
    )  # fmt: skip
    assert queries.matters(programme(), DUE) == []
    (one,) = queries.matters(programme(), FIRST)
    assert (one.key, one.body, one.due_on, one.address) == ("findings/1", "farm", DUE, ("registers-list", "findings"))
    assert "整改中" in one.told.zh
    move(by=None, entry=late, expected=1, to="closed", known_on=FIRST)
    assert queries.matters(programme(), FIRST) == []


def test_a_report_not_handed_in_is_a_matter_and_the_office_waits(county):
    farm = county.jurisdiction.bodies.get(code="farm")
    held = Round.objects.create(
        programme=county, kind="quarter", name="季报", period="2026-Q2", starts=date(2026, 4, 1), ends=date(2026, 6, 30), calendar="CN",
        opens_on=date(2026, 7, 1), due_on=date(2026, 7, 10), locks_on=date(2026, 7, 15), mend_days=3, opened_at=NOW,
    )  # fmt: skip
    Report.objects.create(round=held, body=farm)
    assert of_kind(queries.matters(county, date(2026, 7, 10)), Kind.REPORT) == []
    (one,) = of_kind(queries.matters(county, date(2026, 7, 14)), Kind.REPORT)
    assert (one.body, one.partners, one.due_on, one.numbers) == (
        "farm",
        (county.office.code,),
        date(2026, 7, 10),
        {"days_late": "2"},
    )


# --- assignments


def test_an_assignment_shows_at_its_bodies_as_it_stood_on_the_day():
    decision = decided(due_on=SECOND)
    water = liaison(bodies()[0])
    actions.report_done(by=water, decision=decision, on=THIRD, note="办了")
    for code in ("water", "farm"):
        (one,) = queries.assignments(programme(), code, FIRST)
        assert (one.state, one.late) == ("open", 0)
    assert queries.assignments(programme(), "roads", FIRST) == []
    assert queries.assignments(programme(), "water", DUE) == []  # not yet decided on that day
    (late,) = queries.assignments(programme(), None, date(2025, 10, 21))
    assert (late.state, late.late, late.reported) == ("overdue", 4, None)
    (told,) = queries.assignments(programme(), None, THIRD)
    assert (told.state, told.reported.note) == ("overdue", "办了")
    (matter,) = queries.matters(programme(), THIRD)
    assert matter.kind == Kind.ASSIGNMENT and "2025-10-22 已报办结，待核" in matter.told.zh


def test_a_closed_assignment_keeps_how_late_it_was():
    decision = decided(due_on=SECOND)
    actions.report_done(by=liaison(bodies()[0]), decision=decision, on=SECOND, note="办了")
    actions.close_assignment(by=person("office"), decision=decision, on=THIRD, note="属实")
    (one,) = queries.assignments(programme(), None, date(2026, 1, 15))
    assert (one.state, one.late) == ("closed", 5)


def scored(until: date, cutoff: datetime | None = None) -> list[tuple]:
    """The lines for a score sheet of the second half of 2025, judged on a day."""
    criterion = Criterion.model_validate(
        {"code": "decided", "name": {"zh": "议定", "en": "Decided"}, "source": "decisions"}
    )
    judged = SimpleNamespace(programme=programme(), as_of=until)
    rules = SimpleNamespace(criterion={"decided": criterion})
    lines = gather(judged, period_of("2025-H2"), rules, cutoff or timezone.now())
    return [(one.body, one.subject, one.outcome, one.on, one.done) for one in lines]


def test_a_decision_of_signed_minutes_counts_for_its_lead_as_kept_late_or_open():
    decision, office, water = decided(due_on=SECOND), person("office"), liaison(bodies()[0])
    assert scored(DECEMBER) == []  # until the minutes are signed it can still be changed
    actions.sign_minutes(by=User.objects.get(role="leader"), meeting=decision.item.meeting)
    line = ("water", "decision 1-1")
    assert scored(FIRST) == []  # not due yet
    assert scored(DECEMBER) == [(*line, "open", SECOND, None)]
    before = timezone.now()
    actions.report_done(by=water, decision=decision, on=SECOND, note="办了")
    assert scored(DECEMBER) == [(*line, "on_time", SECOND, SECOND)]
    actions.return_assignment(by=office, decision=decision, on=SECOND, note="缺照片")
    assert scored(DECEMBER) == [(*line, "open", SECOND, None)]
    actions.report_done(by=water, decision=decision, on=THIRD, note="补齐")
    actions.close_assignment(by=office, decision=decision, on=DECEMBER, note="属实")
    assert scored(DECEMBER) == [(*line, "late", SECOND, THIRD)]
    assert scored(SECOND) == [(*line, "open", SECOND, None)]
    assert scored(DECEMBER, before) == [(*line, "open", SECOND, None)]


def test_whom_the_leading_group_made_responsible_leads_the_target_from_then_on(leaderless):
    found = [one for one in of_kind(queries.matters(leaderless, LATER), *queries.TARGETS.values()) if not one.body]
    meeting = actions.call_meeting(by=None, programme=leaderless, held_on=LATER)
    item = actions.add_to_agenda(by=None, meeting=meeting, matter=found[0])
    farm = leaderless.jurisdiction.bodies.get(code="farm")
    leader = User.objects.create(username="leader", role="leader", jurisdiction=leaderless.jurisdiction)
    actions.decide(by=leader, item=item, on=LATER, outcome="adopted", wording="由农业牵头", lead=farm, due_on=LATER)
    (now,) = [one for one in queries.matters(leaderless, LATER) if one.id == found[0].id]
    assert now.body == "farm"


def test_a_target_of_the_whole_plan_waits_for_whom_an_issued_list_names_and_else_for_the_office(county):
    target = county.editions.get(state="adopted").targets.get(task=None)
    assert whom(county, target.code) == county.office.code
    annual = AnnualList.objects.create(programme=county, edition=target.edition, year=2026, created_at=NOW)
    Item.objects.create(
        annual=annual, order=1, title=target.name, content="内容", node="完成", quarter=4, target=target, lead_code="farm", lead_name="农业局"
    )  # fmt: skip
    assert whom(county, target.code) == county.office.code
    AnnualList.objects.filter(pk=annual.pk).update(state="issued", number="2026-1", issued_on=EARLIER, issued_at=NOW)
    assert whom(county, target.code) == "farm"


def whom(programme: Programme, target: str) -> str:
    """The body that a target which is behind waits for."""
    (one,) = [it for it in of_kind(queries.matters(programme, LATER), *queries.TARGETS.values()) if it.key == target]
    return one.body


# --- inbox


def test_everyone_has_the_inbox_of_their_role_and_body():
    ruled()
    late_node()
    for day in (FIRST, SECOND):
        run(day)
    water, farm, office, leader = liaison(bodies()[0]), liaison(bodies()[1]), person("office"), person("leader")
    auditor = person("auditor")
    counts = [queries.inbox(one).count() for one in (water, farm, office, leader, auditor)]
    assert counts == [2, 1, 1, 0, 0]


def test_what_is_mended_is_no_longer_unread():
    ruled()
    item = late_node()
    run(FIRST)
    water = liaison(bodies()[0])
    assert queries.unread(water).count() == 1
    mended(item, SECOND)
    run(SECOND)
    assert (queries.unread(water).count(), queries.inbox(water).count()) == (0, 1)


def test_lines_tell_the_highest_level_of_a_matter_once():
    ruled()
    late_node()
    for day in (FIRST, SECOND):
        run(day)
    decided(due_on=THIRD)
    water = liaison(bodies()[0])
    lines = queries.lines_for(water, programme(), SECOND)
    assert [(one.kind.zh, one.subject.zh) for one in lines] == [("警示", "管网改造"), ("交办", "月底前拿出方案")]
    assert "逾期 6 个工作日，请于 2025-10-20 前签收" in lines[0].told.zh
