from datetime import date, timedelta

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qingshan.coordination import actions, queries
from qingshan.coordination.escalating import Level
from qingshan.coordination.matters import Kind
from qingshan.coordination.models import Alert, AlertStep, Notice, Rulebook, Seen, Sent
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine, Body, User
from qingshan.people.queries import broken_audit_line
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme
from tests.district import district, person, programme

from .stuck import DUE, FIRST, RULES, SECOND, THIRD, bodies, decided, held, late_node, liaison, mended, ruled, run

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 proof"


def levels() -> list[int]:
    return list(Alert.objects.order_by("id").values_list("level", flat=True))


def verbs() -> list[str]:
    return list(AuditLine.objects.order_by("id").values_list("verb", flat=True))


# --- escalation


def test_a_matter_is_pressed_level_by_level_and_closed_when_it_is_mended():
    ruled()
    item = late_node()
    for day, raised in ((DUE, 0), (FIRST, 1), (FIRST + timedelta(days=1), 0), (SECOND, 1), (THIRD, 1)):
        assert len(run(day).raised) == raised, day
    assert levels() == [1, 2, 3]
    assert list(Alert.objects.order_by("id").values_list("days_late", flat=True)) == [
        1,
        6,
        11,
    ]  # Saturday 11 October is worked
    mended(item, THIRD)
    done = run(THIRD)
    assert (done.stuck, done.raised, len(done.closed)) == (0, [], 3)
    assert set(AlertStep.objects.values_list("kind", flat=True)) == {"closed"}
    assert broken_audit_line() is None


def test_the_same_day_again_does_nothing_more():
    ruled()
    late_node()
    run(FIRST)
    before = verbs()
    assert run(FIRST).raised == [] and levels() == [1] and Notice.objects.count() == 2
    assert verbs() == before


def test_what_comes_up_again_after_it_was_mended_begins_anew():
    ruled()
    decision = decided(due_on=FIRST, on=DUE)
    run(SECOND)
    water = liaison(bodies()[0])
    actions.report_done(by=water, decision=decision, on=SECOND, note="办了")
    assert run(SECOND).closed == []  # reported is not yet closed
    office = person("office")
    actions.close_assignment(by=office, decision=decision, on=SECOND, note="属实")
    assert len(run(SECOND).closed) == 1
    other = decided(due_on=SECOND, on=FIRST)
    run(THIRD)
    assert list(Alert.objects.order_by("id").values_list("key", "episode")) == [
        (str(decision.pk), 1),
        (str(other.pk), 1),
    ]


def test_the_same_matter_late_again_has_a_new_episode():
    ruled()
    item = late_node()
    run(FIRST)
    mended(item, FIRST)
    run(SECOND)
    item.completions.create(done_on=None, at=item.completions.get().at)  # it was not done after all
    run(THIRD)
    assert list(Alert.objects.order_by("id").values_list("episode", "level")) == [(1, 1), (2, 1)]


def test_an_earlier_day_cannot_be_run_after_a_later_one():
    ruled()
    late_node()
    run(SECOND)
    with pytest.raises(Refused, match="2025-10-15.*2025-10-09"):
        run(FIRST)


def test_without_rules_nothing_is_raised_and_the_sentence_says_what_is_missing():
    late_node()
    with pytest.raises(Refused, match="escalation.yaml"):
        run(FIRST)


def test_a_rulebook_is_a_new_version_where_it_differs():
    one = actions.put_rulebook(by=None, programme=programme(), rules=RULES, registers=[])
    assert actions.put_rulebook(by=None, programme=programme(), rules=RULES, registers=[]).pk == one.pk
    actions.put_rulebook(by=None, programme=programme(), rules=RULES[:1], registers=["findings"])
    assert list(Rulebook.objects.values_list("version", flat=True)) == [1, 2]
    assert Kind.ASSIGNMENT not in queries.rules(programme())


class Runs(TestCase):
    @given(st.lists(st.integers(0, 25), min_size=1, max_size=8))
    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    def test_never_two_alerts_of_one_level_for_one_matter(self, gaps):
        ruled()
        late_node()
        on = DUE
        for gap in gaps:
            on += timedelta(days=gap)
            run(on)
        found = list(Alert.objects.values_list("kind", "key", "episode", "level"))
        assert len(found) == len(set(found))
        assert sorted(levels()) == levels() == list(range(1, len(found) + 1))


# --- who hears, answers, decides


def office() -> User:
    """Someone of the plan office, which is a body of its own."""
    place = district()
    body = Body.objects.create(jurisdiction=place, code="office", name="计划办", order=9)
    Programme.objects.filter(pk=programme().pk).update(office=body)
    return User.objects.create(username="keeper", role="office", jurisdiction=place, body=body)


def test_the_lead_and_its_partners_hear_first_the_office_at_the_warning():
    ruled()
    late_node()
    run(FIRST)
    assert set(Notice.objects.values_list("role", "body__code")) == {("liaison", "water"), ("liaison", "farm")}
    run(SECOND)
    assert set(Notice.objects.filter(kind="warning").values_list("role", "body__code")) == {
        ("liaison", "water"),
        ("office", None),
    }


def test_a_circular_is_proposed_and_the_body_hears_only_when_someone_has_decided():
    ruled()
    late_node()
    for day in (FIRST, SECOND, THIRD):
        run(day)
    circular = Alert.objects.get(level=Level.CIRCULAR)
    assert set(Notice.objects.filter(alert=circular).values_list("role", "kind")) == {
        ("office", "proposal"),
        ("leader", "proposal"),
    }
    water = liaison(bodies()[0])
    with pytest.raises(Refused, match="通报尚未确认"):
        actions.acknowledge(by=water, alert=circular, on=THIRD, note="办")
    with pytest.raises(NotAllowed):
        actions.settle_circular(by=water, alert=circular, on=THIRD, issue=True, note="")
    actions.settle_circular(by=person("leader"), alert=circular, on=THIRD, issue=True, note="")
    assert Notice.objects.filter(kind="circular").values_list("body__code", flat=True).get() == "water"
    actions.acknowledge(by=water, alert=Alert.objects.get(pk=circular.pk), on=THIRD, note="月底前办好")
    assert "alert_issued" in verbs()


def test_a_circular_is_withheld_with_a_reason_and_settled_once():
    ruled()
    late_node()
    for day in (FIRST, SECOND, THIRD):
        run(day)
    circular, office = Alert.objects.get(level=Level.CIRCULAR), person("office")
    with pytest.raises(Refused, match="理由"):
        actions.settle_circular(by=office, alert=circular, on=THIRD, issue=False, note=" ")
    actions.settle_circular(by=office, alert=circular, on=THIRD, issue=False, note="受台风影响")
    with pytest.raises(Refused, match="已有人先办理"):
        actions.settle_circular(by=office, alert=circular, on=THIRD, issue=True, note="")
    with pytest.raises(TypeError):
        actions.settle_circular(by=None, alert=circular, on=THIRD, issue=True, note="")
    assert not Notice.objects.filter(kind="circular").exists()


def test_a_body_acknowledges_its_own_alert_once_and_says_what_it_will_do():
    ruled()
    item = late_node()
    run(FIRST)
    alert = Alert.objects.get()
    water, farm = (liaison(one) for one in bodies())
    with pytest.raises(NotAllowed, match="代表农业局"):
        actions.acknowledge(by=farm, alert=alert, on=FIRST, note="办")
    with pytest.raises(NotAllowed, match="计划办不能代签"):
        actions.acknowledge(by=office(), alert=alert, on=FIRST, note="办")
    with pytest.raises(Refused, match="何时办好"):
        actions.acknowledge(by=water, alert=alert, on=FIRST, note="")
    actions.acknowledge(by=water, alert=alert, on=FIRST, note="月底前办好")
    with pytest.raises(Refused, match="已有人先办理"):
        actions.acknowledge(by=water, alert=alert, on=FIRST, note="再次")
    mended(item, FIRST)
    run(FIRST)
    with pytest.raises(Refused, match="已销号"):
        actions.acknowledge(by=water, alert=alert, on=FIRST, note="晚了")


# --- the meeting


def test_the_office_makes_the_agenda_from_matters_orders_and_drops():
    ruled()
    late_node()
    office, meeting = person("office"), held()
    (matter,) = queries.matters(programme(), FIRST)
    first = actions.add_to_agenda(by=office, meeting=meeting, matter=matter)
    with pytest.raises(Refused, match="已在议程上"):
        actions.add_to_agenda(by=office, meeting=meeting, matter=matter)
    second = actions.add_to_agenda(by=office, meeting=meeting, title="另一件事")
    assert (first.title, first.lead.code, first.partners) == ("管网改造", "water", ["farm"])
    actions.move_on_agenda(by=office, item=second, up=True)
    actions.move_on_agenda(by=office, item=second, up=True)  # it is first already
    assert [one.title for one in queries.agenda_of(meeting)] == ["另一件事", "管网改造"]
    actions.drop_from_agenda(by=office, item=second)
    assert [one.title for one in queries.agenda_of(meeting)] == ["管网改造"]
    with pytest.raises(NotAllowed):
        actions.add_to_agenda(by=person("leader"), meeting=meeting, title="越权")


def test_leaders_decide_and_the_office_prepares():
    meeting, office, leader = held(), person("office"), person("leader")
    water, farm = bodies()
    item = actions.add_to_agenda(by=office, meeting=meeting, title="议题")
    actions.propose(
        by=office,
        item=item,
        title="议题",
        proposal="十月底前办好",
        lead=water,
        partners=["farm", "water"],
        due_on=THIRD,
    )
    item.refresh_from_db()
    assert item.partners == ["farm"]
    told = {"item": item, "on": FIRST, "outcome": "adopted", "wording": "十月底前办好", "lead": water, "due_on": THIRD}
    with pytest.raises(NotAllowed):
        actions.decide(by=office, **told)
    with pytest.raises(TypeError):
        actions.decide(by=None, **told)
    with pytest.raises(Refused, match="牵头部门和完成日期"):
        actions.decide(by=leader, **{**told, "lead": None})
    with pytest.raises(Refused, match="2025-09-30 早于作出决定的 2025-10-09"):
        actions.decide(by=leader, **{**told, "due_on": DUE})
    actions.decide(by=leader, **told, partners=["farm"])
    with pytest.raises(Refused, match="已有决定"):
        actions.drop_from_agenda(by=office, item=item)
    assert set(Notice.objects.filter(kind="assignment").values_list("body__code", flat=True)) == {"water", "farm"}


def test_a_decision_can_be_changed_until_something_is_said_on_it():
    decision = decided(due_on=SECOND)
    leader = User.objects.get(role="leader")
    changed = actions.decide(by=leader, item=decision.item, on=FIRST, outcome="deferred", wording="下次再议")
    assert (changed.pk, changed.outcome, changed.lead, changed.due_on) == (decision.pk, "deferred", None, None)
    assert queries.assignments(programme(), None, FIRST) == []
    line = AuditLine.objects.filter(verb="decide").last()
    assert (line.detail["before"], line.detail["after"]) == ("月底前拿出方案", "下次再议")
    other = decided(due_on=SECOND)
    actions.report_done(by=liaison(bodies()[0]), decision=other, on=FIRST, note="办了")
    with pytest.raises(Refused, match="已经有办理记录"):
        actions.decide(by=leader, item=other.item, on=FIRST, outcome="rejected", wording="不办")


def test_minutes_are_signed_by_a_leader_when_every_item_is_decided():
    meeting = held()
    item = actions.add_to_agenda(by=None, meeting=meeting, title="议题")
    leader = person("leader")
    with pytest.raises(Refused, match="还有 1 个议题没有决定"):
        actions.sign_minutes(by=leader, meeting=meeting)
    actions.decide(by=leader, item=item, on=FIRST, outcome="deferred", wording="下次再议")
    with pytest.raises(NotAllowed):
        actions.sign_minutes(by=person("office"), meeting=meeting)
    actions.sign_minutes(by=leader, meeting=meeting)
    for write in (
        lambda: actions.edit_meeting(by=None, meeting=meeting, summary="改"),
        lambda: actions.add_to_agenda(by=None, meeting=meeting, title="又一件"),
        lambda: actions.decide(by=leader, item=item, on=FIRST, outcome="rejected", wording="改"),
        lambda: actions.sign_minutes(by=leader, meeting=meeting),
    ):
        with pytest.raises(Refused, match="已于 .* 签署"):
            write()


def test_an_empty_agenda_cannot_be_signed():
    with pytest.raises(Refused, match="没有议题"):
        actions.sign_minutes(by=person("leader"), meeting=held())


# --- assignments


def test_an_assignment_is_reported_with_proof_given_back_and_closed(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    decision = decided(due_on=THIRD)
    water, farm = (liaison(one) for one in bodies())
    office = person("office")
    with pytest.raises(Refused, match="须先由牵头部门报办结"):
        actions.close_assignment(by=office, decision=decision, on=FIRST, note="好")
    with pytest.raises(NotAllowed):
        actions.report_done(by=farm, decision=decision, on=FIRST, note="办了")
    with pytest.raises(Refused, match="不是照片"):
        actions.report_done(by=water, decision=decision, on=FIRST, note="办了", name="run.exe", content=b"MZ")
    actions.report_done(by=water, decision=decision, on=FIRST, note="办了", name="证明.pdf", content=PDF)
    assert [one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()] == [PDF]
    actions.return_assignment(by=office, decision=decision, on=SECOND, note="缺照片")
    actions.report_done(by=water, decision=decision, on=SECOND, note="补齐")
    actions.close_assignment(by=office, decision=decision, on=THIRD, note="属实")
    assert queries.assignment(programme(), decision.pk, THIRD).state == "closed"
    assert list(Notice.objects.exclude(kind="assignment").order_by("id").values_list("role", "kind")) == [
        ("office", "reported"), ("liaison", "returned"), ("office", "reported"), ("liaison", "closed"),
    ]  # fmt: skip
    assert broken_audit_line() is None


# --- inbox and mail


def test_reading_is_kept_for_each_person_and_leaves_no_line():
    ruled()
    late_node()
    run(FIRST)
    one, two = liaison(bodies()[0], "one"), liaison(bodies()[0], "two")
    before = verbs()
    assert actions.read_notices(by=one) == 1 and actions.read_notices(by=one) == 0
    assert (queries.unread(one).count(), queries.unread(two).count(), Seen.objects.count()) == (0, 1, 1)
    assert verbs() == before


def test_one_reads_only_one_s_own():
    ruled()
    late_node()
    run(FIRST)
    farm = liaison(bodies()[1])
    assert actions.read_notices(by=farm, notices=Notice.objects.filter(body__code="water")) == 0


def test_how_to_be_written_to_is_kept_and_the_trail_has_no_address():
    one = liaison(bodies()[0])
    actions.set_preference(by=one, email="w@example.org", language="en", by_mail=True)
    one.refresh_from_db()
    assert (one.email, one.preference.language) == ("w@example.org", "en")
    assert "example" not in str(AuditLine.objects.get(verb="set_preference").detail)
    with pytest.raises(Refused):
        actions.set_preference(by=one, email="", language="fr", by_mail=True)


@pytest.fixture
def addressed():
    """A liaison with an address, one without, and one who wants no mail; water's node is late."""
    ruled()
    late_node()
    run(FIRST)
    water = liaison(bodies()[0])
    User.objects.filter(pk=water.pk).update(email="water@example.org")
    silent = liaison(bodies()[1])
    actions.set_preference(by=silent, email="farm@example.org", language="zh-hans", by_mail=False)
    person("office")
    return water


def send(on: date = FIRST) -> actions.Posted:
    return actions.send_digests(by=None, programme=programme(), on=on, site="https://qingshan.example")


def test_a_digest_tells_each_matter_once_a_day_and_skips_who_has_no_address(addressed):
    assert send() == actions.Posted(sent=1, no_address=1, declined=1)
    (letter,) = mail.outbox
    alert = Alert.objects.get()
    assert letter.to == ["water@example.org"] and "[提示] 管网改造" in letter.body
    assert f"https://qingshan.example/trial/coordination/alerts/{alert.pk}/" in letter.body
    assert letter.alternatives[0].mimetype == "text/html"
    assert send() == actions.Posted(nothing=1, no_address=1, declined=1) and len(mail.outbox) == 1
    decided(due_on=THIRD)
    send()
    assert "[交办] 月底前拿出方案" in mail.outbox[1].body and "管网改造" not in mail.outbox[1].body
    send(FIRST + timedelta(days=1))
    assert "管网改造" in mail.outbox[2].body


def test_a_digest_comes_in_the_language_of_the_person(addressed):
    actions.set_preference(by=addressed, email="water@example.org", language="en", by_mail=True)
    send()
    assert "waiting for you" in mail.outbox[0].subject


def test_what_could_not_be_sent_is_sent_the_next_time(addressed, settings, monkeypatch):
    def broken(self, *args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", broken)
        assert send().failed == 1
    assert not Sent.objects.exists()
    assert send().sent == 1


def test_a_stranger_of_another_place_neither_reads_nor_is_written_to(addressed):
    stranger = User.objects.create(username="far", role="office", jurisdiction=district("XX"), email="far@example.org")
    send()
    assert queries.inbox(stranger).count() == 0 and all("far@" not in one.to[0] for one in mail.outbox)
