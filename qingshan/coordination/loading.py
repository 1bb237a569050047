"""The demonstration's coordination: alerts as they would have been raised, and a simulated meeting with what it decided."""

from datetime import date

from django.db import transaction

from qingshan.plan.models import Programme
from qingshan.standards.working_days import after

from . import actions
from .matters import Kind, Matter
from .models import Decision, Meeting
from .queries import body_names, calendar_of, matters, rulebook_of

# Working days from the meeting to the day each decision is due: the first is overdue on the demonstration's day, the
# second was closed in time, the third runs still.
DUE = (20, 15, 60)


@transaction.atomic
def demonstrate(programme: Programme, first: date, day: date) -> Meeting | None:
    """Run from the first evaluation to the demonstration's day, with a meeting in between. Does nothing a second time."""
    if rulebook_of(programme) is None or programme.meetings.exists() or programme.alerts.exists():
        return None
    held_on = after(first, 30, calendar_of(programme), provisional=True)
    if not first < held_on < day:
        return None
    actions.run(by=None, programme=programme, on=first)
    meeting = _meeting(programme, held_on)
    actions.run(by=None, programme=programme, on=day)
    return meeting


def _meeting(programme: Programme, held_on: date) -> Meeting:
    meeting = actions.call_meeting(
        by=None, programme=programme, held_on=held_on, title="领导小组协调会（模拟）", simulated=True
    )
    actions.edit_meeting(
        by=None,
        meeting=meeting,
        chairs="双组长（模拟）",
        summary="会议听取计划办关于停滞事项的汇报，逐项议定如下（模拟内容）。",
    )
    targets = (Kind.TARGET_OFF, Kind.TARGET_RISK)
    found = [one for one in matters(programme, held_on) if one.kind in targets and (one.body or one.partners)][
        : len(DUE)
    ]
    decided = [_decided(meeting, one, days) for one, days in zip(found, DUE, strict=False)]
    if decided:
        actions.sign_minutes(by=None, meeting=meeting)
    for decision in decided[1:2]:
        _closed(decision)
    return meeting


def _decided(meeting: Meeting, matter: Matter, days: int) -> Decision:
    lead = body_names(meeting.programme)[matter.body or matter.partners[0]]
    due_on = after(meeting.held_on, days, calendar_of(meeting.programme), provisional=True)
    wording = f"由{lead}牵头，列出“{matter.subject.zh}”尚缺部分的逐月安排和所需支持，{due_on} 前报计划办。"
    item = actions.add_to_agenda(by=None, meeting=meeting, matter=matter, proposal=wording, due_on=due_on)
    return actions.decide(
        by=None, item=item, on=meeting.held_on, outcome="adopted", wording=wording, lead=lead, partners=matter.partners[:4], due_on=due_on
    )  # fmt: skip


def _closed(decision: Decision) -> None:
    calendar = calendar_of(decision.item.meeting.programme)
    done = after(decision.on, 12, calendar, provisional=True)
    actions.report_done(by=None, decision=decision, on=done, note="逐月安排已报计划办（模拟）。")
    actions.close_assignment(
        by=None, decision=decision, on=after(done, 2, calendar, provisional=True), note="安排可行，予以销号（模拟）。"
    )
