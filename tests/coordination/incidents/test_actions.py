from datetime import date, timedelta

import pytest
from django.utils import timezone

from qingshan.coordination import queries as coordination
from qingshan.coordination.actions import Finding, call_meeting
from qingshan.coordination.incidents import actions, queries
from qingshan.coordination.incidents.models import Event, Incident
from qingshan.coordination.models import Meeting
from qingshan.evidence.registers.models import Entry
from qingshan.people.actions import NotAllowed
from qingshan.people.models import AuditLine
from qingshan.plan.actions import Refused
from tests.coordination.incidents.drills import BEGAN, minute, opened, resources
from tests.coordination.stuck import bodies, liaison
from tests.district import person, programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return person("office")


@pytest.fixture
def drill(office) -> Incident:
    return opened(by=office)


@pytest.fixture
def calls(drill, office):
    return actions.call_out(by=office, incident=drill, resources=resources(), asked="布设围油栏", at=minute(2))


def course(drill, by):
    return queries.course(programme(), drill.ordinal, by)


def test_opening_begins_the_course_and_is_on_the_trail(drill, office):
    event = drill.events.get()
    assert (event.kind, event.at, event.recorded_by) == ("opened", BEGAN, office)
    assert AuditLine.objects.filter(verb="open_incident", thing="incidents.incident 1").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"title": " "}, "事件名称和地点"), ({"place": ""}, "事件名称和地点"), ({"kind": "flood"}, "没有“flood”"), ({"lon": 200.0}, "超出范围"),
     ({"began_at": timezone.now() + timedelta(hours=1)}, "还没有到")],
)  # fmt: skip
def test_an_incident_is_told_whole(fields, words):
    with pytest.raises(Refused, match=words):
        opened(**fields)
    assert not Incident.objects.exists()


def test_a_liaison_opens_none():
    with pytest.raises(NotAllowed):
        opened(by=liaison(bodies()[0]))


def test_each_body_is_told_in_its_inbox_once_for_all_it_sends(calls, drill):
    water, farm = bodies()
    told = [coordination.inbox(liaison(one)).get() for one in (water, farm)]
    assert [one.kind for one in told] == ["called_out", "called_out"]
    assert "【演练】北河油污演练：请调出S1" in told[0].subject["zh"] and "布设围油栏" in told[0].told["zh"]
    assert told[1].address == ["incident", "1"]


def test_a_resource_is_called_once(calls, drill, office):
    with pytest.raises(Refused, match="还没有调用"):
        actions.call_out(
            by=office, incident=drill, resources=[actions.Resource(calls[0].entry, "S1", 1, 1)], asked="", at=minute(3)
        )


def test_what_has_no_keeping_body_cannot_be_called(drill, office):
    store = resources()[0]
    Entry.objects.filter(pk=store.entry.pk).update(body=None)
    loose = store._replace(entry=Entry.objects.get(pk=store.entry.pk))
    with pytest.raises(Refused, match="没有登记责任部门"):
        actions.call_out(by=office, incident=drill, resources=[loose], asked="", at=minute(2))


def test_steps_of_a_call_and_the_times_they_took(calls, drill, office):
    water, farm = liaison(bodies()[0]), liaison(bodies()[1])
    for step, at in (("acknowledged", 4), ("en_route", 9), ("arrived", 32)):
        actions.answer(by=water, call=calls[0], step=step, at=minute(at))
    actions.answer(by=farm, call=calls[1], step="acknowledged", at=minute(7))
    actions.answer(by=farm, call=calls[1], step="refused", at=minute(8), note="车辆检修")
    told = course(drill, office)
    assert [(one.count, one.called, str(one.median), str(one.slowest)) for one in told.responses.values()] == [
        (2, 2, "3.5", "5.0"), (1, 2, "30.0", "30.0"),
    ]  # fmt: skip
    assert told.refused == 1 and [one.last.kind for one in told.stands] == ["arrived", "refused"]
    assert "不能前往" in coordination.inbox(office).get().subject["zh"]


def test_a_step_is_not_taken_back_nor_twice(calls):
    water = liaison(bodies()[0])
    actions.answer(by=water, call=calls[0], step="arrived", at=minute(9))
    for step in ("acknowledged", "arrived", "refused"):
        with pytest.raises(Refused, match="不能再记这一步"):
            actions.answer(by=water, call=calls[0], step=step, at=minute(10), note="x")


def test_refusing_needs_a_reason_and_no_step_comes_before_the_last(calls):
    water = liaison(bodies()[0])
    with pytest.raises(Refused, match="写明原因"):
        actions.answer(by=water, call=calls[0], step="refused", at=minute(5))
    with pytest.raises(Refused, match="早于前一步"):
        actions.answer(by=water, call=calls[0], step="acknowledged", at=minute(1))


def test_one_body_does_not_answer_for_another_and_the_office_says_who_told_it(calls, office):
    with pytest.raises(NotAllowed):
        actions.answer(by=liaison(bodies()[0]), call=calls[1], step="arrived", at=minute(5))
    with pytest.raises(Refused, match="以何种方式告知"):
        actions.answer(by=office, call=calls[1], step="arrived", at=minute(5))
    assert actions.answer(by=office, call=calls[1], step="arrived", at=minute(5), note="队长来电").pk


def test_only_those_concerned_write_the_course(calls, drill):
    other = person("liaison", "else")
    other.body = bodies()[0].jurisdiction.bodies.create(code="third", name="三局")
    other.save()
    with pytest.raises(NotAllowed):
        actions.note_down(by=other, incident=drill, at=minute(5), note="看到了")
    with pytest.raises(NotAllowed):
        course(drill, other)
    assert (
        actions.note_down(by=liaison(bodies()[1], "f"), incident=drill, at=minute(5), note="油膜约 200 米").kind
        == "note"
    )


def test_what_is_written_down_long_after_is_known_as_such(drill, office):
    old = actions.note_down(by=office, incident=drill, at=minute(5), note="先前")
    new = actions.note_down(by=office, incident=drill, at=timezone.now(), note="现在")
    assert queries.later(old) and not queries.later(new)


def test_findings_become_assignments_and_the_review_is_signed(calls, drill, office):
    water = bodies()[0]
    due = timezone.localdate() + timedelta(days=30)
    finding = Finding("围油栏不足", "补足围油栏 200 米", water, due)
    actions.close_incident(by=office, incident=drill, at=timezone.now(), summary="有效", findings=[finding])
    drill.refresh_from_db()
    (one,) = coordination.assignments(programme(), "water", timezone.localdate())
    assert (
        one.decision.wording == "补足围油栏 200 米" and one.decision.by == office and drill.review.signed_by == office
    )
    assert [one.kind for one in coordination.inbox(liaison(water))] == ["assignment", "called_out"]


def test_a_review_is_no_meeting_of_the_leading_group(drill, office):
    finding = Finding("问题", "整改", bodies()[0], date(2100, 1, 1))
    actions.close_incident(by=office, incident=drill, at=minute(60), summary="有效", findings=[finding])
    assert Meeting.objects.get().title == "北河油污演练复盘"
    assert call_meeting(by=None, programme=programme(), held_on=date(2025, 7, 1)).title == "领导小组第 1 次协调会"


def test_a_faulty_finding_leaves_the_incident_open(drill, office):
    finding = Finding("问题", "整改", bodies()[0], date(2025, 1, 1))
    with pytest.raises(Refused, match="早于"):
        actions.close_incident(by=office, incident=drill, at=minute(60), summary="有效", findings=[finding])
    drill.refresh_from_db()
    assert drill.closed_at is None and not Meeting.objects.exists() and Event.objects.count() == 1


def test_nothing_is_added_to_a_closed_one(calls, drill, office):
    actions.close_incident(by=office, incident=drill, at=minute(60), summary="有效")
    with pytest.raises(Refused, match="结束，不能再记"):
        actions.note_down(by=office, incident=drill, at=minute(61), note="x")
    with pytest.raises(Refused, match="结束，不能再记"):
        actions.answer(by=office, call=calls[0], step="arrived", at=minute(61), note="x")
