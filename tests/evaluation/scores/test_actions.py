import json
from datetime import date, timedelta

import pytest

from qingshan.evaluation import actions as runs
from qingshan.evaluation.record import digest
from qingshan.evaluation.scores import actions
from qingshan.evaluation.scores.models import Consent, Rules, Sheet
from qingshan.evaluation.scores.period import period_of
from qingshan.evaluation.scores.queries import gather, rules_for, run_for, sheets_of, silent_bodies
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine
from qingshan.plan.actions import Refused

from .rulesets import AS_OF, county, finding, person, rules, sheet

pytestmark = pytest.mark.django_db
PUBLISHED, LAST = AS_OF, date(2026, 8, 7)
LATE = "findings findings 2"
REASON = "整改已于期限内完成"


@pytest.fixture
def programme():
    return county()


@pytest.fixture
def published(programme):
    return actions.publish(by=None, sheet=sheet(programme), on=PUBLISHED)


def mending(found: Sheet, body: str = "works") -> dict:
    told = next(one for one in json.loads(found.record)["bodies"] if one["code"] == body)
    return {**told["parts"]["mending"], "deducted": told["deducted"]["mending"]}


def says(action, *words, **given) -> None:
    with pytest.raises(Refused) as refused:
        action(**given)
    for word in words:
        assert word in refused.value.zh
    assert refused.value.en


# --- what is counted


def test_findings_due_in_the_period_are_counted_for_the_body_that_keeps_them(programme):
    found = sheet(programme)
    works, farm = mending(found), mending(found, "farm")
    assert (works["good"], works["of"], works["matters"], works["deducted"]) == (
        "2",
        "4",
        4,
        "4",
    )  # one late, one open; the sixth is due later
    assert (farm["good"], farm["of"], farm["matters"], farm["rank"]) == ("1", "1", 1, None)


def test_targets_are_counted_for_the_bodies_of_their_tasks(programme):
    lines = {(one.body, one.subject) for one in gather(run_for(programme, period_of("2026-H1")), period_of("2026-H1"), rules(), sheet(programme).cutoff)
             if one.criterion == "targets"}  # fmt: skip
    assert ("works", "target outfalls") in lines
    assert ("utility", "target outfalls") in lines
    assert ("farm", "target green-manure") in lines
    assert ("farm", "target outfalls") not in lines


def test_what_is_recorded_after_a_sheet_does_not_enter_when_it_is_computed_again(programme):
    from qingshan.evidence.registers.actions import put_entries

    found = sheet(programme)
    put_entries(by=None, programme=programme, register="findings", rows=[finding("7", "2026-02-01")])
    assert actions.computed(found) == found.record
    assert actions.computed(sheet(programme)) != found.record


def test_a_changed_edition_of_the_rules_leaves_sheets_made_by_the_old_one_as_they_are(programme):
    found = sheet(programme)
    actions.define_rules(by=None, programme=programme, scoring=rules(version="2", level="0.90"))
    again = Sheet.objects.select_related("rules", "run", "programme").get(pk=found.pk)
    assert actions.computed(again) == found.record
    assert rules_for(programme, period_of("2026-H1"), found.created_at + timedelta(days=1)).version == "2"


def test_rules_said_again_are_not_kept_twice(programme):
    actions.define_rules(by=None, programme=programme, scoring=rules())
    assert Rules.objects.count() == 1


def test_the_edition_in_force_is_that_of_the_period_and_not_of_today(programme):
    later = actions.define_rules(by=None, programme=programme, scoring=rules(version="2", since="2026-07-01"))
    assert rules_for(programme, period_of("2026-H1"), later.recorded_at).version == "1"
    assert rules_for(programme, period_of("2026-H2"), later.recorded_at).version == "2"


# --- from draft to final


def test_without_rules_without_a_run_or_for_no_period_nothing_is_computed(programme):
    says(actions.compute_sheet, "应写作 2025", by=None, programme=programme, period="2026-Q1")
    says(actions.compute_sheet, "2026-12-31", "还没有", by=None, programme=programme, period="2026-H2")
    says(actions.compute_sheet, "没有生效的评分规则", "2024-01-01", by=None, programme=programme, period="2024-H1")


def test_a_draft_takes_the_place_of_a_draft_and_none_that_of_a_published_sheet(programme):
    first, second = sheet(programme), sheet(programme)
    assert list(Sheet.objects.values_list("pk", flat=True)) == [second.pk] != [first.pk]
    actions.publish(by=None, sheet=second, on=PUBLISHED)
    says(actions.compute_sheet, "征求异议", "先撤回", by=None, programme=programme, period="2026-H1")


def test_only_what_rests_on_a_signed_run_is_published(programme):
    found = sheet(programme, demonstration=False)
    says(actions.publish, "尚未签署", by=None, sheet=found, on=PUBLISHED)
    runs.sign(by=person("leader", programme), run=found.run)
    found = actions.publish(by=None, sheet=sheet(programme, demonstration=False), on=PUBLISHED)
    assert (found.state, found.open_until) == ("published", LAST)
    says(actions.publish, "征求异议", by=None, sheet=found, on=PUBLISHED)


def test_it_is_not_published_before_the_day_judged(programme):
    says(actions.publish, "早于评估日", by=None, sheet=sheet(programme), on=AS_OF - timedelta(1))


def test_an_objection_upheld_changes_the_scores_and_rejected_does_not(programme, published):
    liaison, office = person("liaison", programme), person("office", programme)
    before = mending(published)
    one = actions.object_to(
        by=liaison, sheet=published, line=LATE, reason=REASON, evidence="整改报告 3 号", on=PUBLISHED
    )
    two = actions.object_to(
        by=liaison, sheet=published, line="findings findings 3", reason=REASON, evidence="", on=LAST
    )
    actions.answer(by=office, objection=two, upheld=False, reason="台账没有办结记录")
    published.refresh_from_db()
    assert mending(published) == before
    actions.answer(by=office, objection=one, upheld=True, reason="经核实按期完成")
    published.refresh_from_db()
    after = mending(published)
    assert (after["good"], after["of"], after["deducted"]) == ("2", "3", "2")
    assert digest(published.record) == published.digest
    marked = [one for one in json.loads(published.record)["lines"] if one["excluded"]]
    assert [(one["subject"], one["excluded"]) for one in marked] == [("findings 2", "经核实按期完成")]


@pytest.mark.parametrize(
    ("line", "on", "reason", "word"),
    [
        (LATE, LAST + timedelta(1), REASON, "异议期为 2026-07-31 至 2026-08-07，今天是 2026-08-08"),
        (LATE, PUBLISHED - timedelta(1), REASON, "不再受理"),
        ("findings findings 5", PUBLISHED, REASON, "没有“Public Works”的这一行"),
        ("findings findings 1", PUBLISHED, REASON, "没有减分"),
        (LATE, PUBLISHED, " 不服 ", "至少 5 个字，现为 2 个"),
    ],
)
def test_objections_that_are_not_taken(programme, published, line, on, reason, word):
    says(
        actions.object_to,
        word,
        by=person("liaison", programme),
        sheet=published,
        line=line,
        reason=reason,
        evidence="",
        on=on,
    )


def test_a_line_is_objected_to_once_and_answered_once(programme, published):
    liaison = person("liaison", programme)
    given = {"by": liaison, "sheet": published, "line": LATE, "reason": REASON, "evidence": "", "on": PUBLISHED}
    made = actions.object_to(**given)
    says(actions.object_to, "每行只能提一次", **given)
    actions.answer(by=None, objection=made, upheld=False, reason="没有办结记录")
    says(actions.answer, "答复不能更改", by=None, objection=made, upheld=True, reason="没有办结记录")


def test_a_draft_takes_no_objection(programme):
    says(
        actions.object_to,
        "草稿",
        by=person("liaison", programme),
        sheet=sheet(programme),
        line=LATE,
        reason=REASON,
        evidence="",
        on=PUBLISHED,
    )


def test_it_is_signed_after_the_window_with_every_objection_answered(programme, published):
    leader = person("leader", programme)
    made = actions.object_to(
        by=person("liaison", programme), sheet=published, line=LATE, reason=REASON, evidence="", on=LAST
    )
    says(actions.sign, "还有 1 条异议未答复", by=leader, sheet=published, on=LAST + timedelta(1))
    actions.answer(by=None, objection=made, upheld=False, reason="没有办结记录")
    says(actions.sign, "异议期到 2026-08-07 止", "2 个部门没有确认", by=leader, sheet=published, on=LAST)
    final = actions.sign(by=leader, sheet=published, on=LAST + timedelta(1))
    assert (final.state, final.signed_by) == ("final", leader)
    says(actions.withdraw, "已定稿", by=None, sheet=final, why="计算有误需重来")


def test_where_every_body_has_spoken_the_window_need_not_be_waited_out(programme, published):
    made = actions.object_to(
        by=person("liaison", programme), sheet=published, line=LATE, reason=REASON, evidence="", on=PUBLISHED
    )
    works = made.made_by
    says(actions.consent, "还有异议未答复", by=works, sheet=published)
    assert silent_bodies(published) == ["farm", "utility", "works"]
    actions.answer(by=None, objection=made, upheld=True, reason="经核实按期完成")
    for body in ("farm", "utility"):
        actions.consent(by=person("liaison", programme, body), sheet=published)
    assert silent_bodies(published) == []
    assert actions.sign(by=person("leader", programme), sheet=published, on=PUBLISHED).state == "final"


def test_a_consent_is_kept_once(programme, published):
    liaison = person("liaison", programme)
    assert actions.consent(by=liaison, sheet=published) == actions.consent(by=liaison, sheet=published)
    assert Consent.objects.count() == 1


def test_a_record_that_was_tampered_with_is_not_signed(programme, published):
    Sheet.objects.filter(pk=published.pk).update(record=published.record.replace("0.5000", "0.9000"))
    says(actions.sign, "校验值不符", by=person("leader", programme), sheet=published, on=LAST + timedelta(1))


def test_a_withdrawn_sheet_stays_and_makes_room(programme, published):
    says(actions.withdraw, "撤回理由", by=None, sheet=published, why="错")
    actions.withdraw(by=None, sheet=published, why="台账取数有误")
    assert sheet(programme).state == "draft"
    assert sorted(Sheet.objects.values_list("state", flat=True)) == ["draft", "withdrawn"]


def test_who_may_do_what(programme, published):
    office, liaison, leader = (person(role, programme) for role in ("office", "liaison", "leader"))
    made = actions.object_to(by=liaison, sheet=published, line=LATE, reason=REASON, evidence="", on=PUBLISHED)
    for action, given in (
        (actions.compute_sheet, {"by": liaison, "programme": programme, "period": "2026-H1"}),
        (actions.publish, {"by": leader, "sheet": published, "on": PUBLISHED}),
        (actions.object_to, {"by": office, "sheet": published, "line": LATE, "reason": REASON, "evidence": "", "on": PUBLISHED}),
        (actions.answer, {"by": liaison, "objection": made, "upheld": True, "reason": REASON}),
        (actions.sign, {"by": liaison, "sheet": published, "on": LAST}),
        (actions.withdraw, {"by": leader, "sheet": published, "why": REASON}),
        (actions.consent, {"by": office, "sheet": published}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            action(**given)
    with pytest.raises(TypeError):
        actions.sign(by=None, sheet=published, on=LAST)


def test_a_liaison_sees_no_draft(programme):
    found = sheet(programme)
    assert list(sheets_of(programme, person("liaison", programme))) == []
    assert list(sheets_of(programme, person("leader", programme))) == [found]


def test_every_write_leaves_its_line(programme, published):
    made = actions.object_to(
        by=person("liaison", programme), sheet=published, line=LATE, reason=REASON, evidence="", on=PUBLISHED
    )
    actions.answer(by=None, objection=made, upheld=True, reason="经核实按期完成")
    verbs = AuditLine.objects.filter(thing="scores.sheet 2026-H1").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["compute_scores", "publish_scores", "object_score", "uphold_objection"]


# --- the demonstration


def test_the_demonstration_is_made_once_marked_and_waits_for_an_answer(programme):
    made = actions.demonstrate(by=None, programme=programme, on=AS_OF)
    assert (made.period, made.state, made.demonstration) == ("2026-H1", "published", True)
    objection = made.objections.get()
    assert objection.reason.startswith("（模拟异议）")
    assert objection.line == LATE
    assert not hasattr(objection, "answer")
    assert actions.demonstrate(by=None, programme=programme, on=AS_OF) is None


def test_where_nothing_can_be_scored_there_is_no_demonstration(programme):
    assert actions.demonstrate(by=None, programme=programme, on=date(2027, 7, 1)) is None
