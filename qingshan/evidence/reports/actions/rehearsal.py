"""The demonstration's reports: courses that are said to have been gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from qingshan.people.actions import require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused

from ..answers import Answer
from ..models import Line, Report, Round, Step, Version
from ..queries import mend_by
from .doors import write_down
from .drafts import content_of


class Rehearsal(NamedTuple):
    """How a report is said to have gone: its steps in order (verb, day, why), and by line key what was answered."""

    steps: Sequence[tuple[str, date, str]]
    answers: Mapping[str, Answer]


@transaction.atomic
def rehearse(*, by: User | None, held: Round, courses: Mapping[str, Rehearsal]) -> int:
    """Put simulated courses of reports (body code → course) on record in a simulated round; returns how many.

    Nothing accepted here becomes a figure: what is said is what stands.
    """
    require(by, "open_rounds")
    if not held.simulated:
        raise Refused("只有演示轮次可以预演。", "Only a simulated round can be rehearsed.")
    now = turn()
    reports = {one.body.code: one for one in held.reports.select_related("body").filter(state=Report.State.DRAFT)}
    lines: dict[int, list[Line]] = {}
    for line in Line.objects.filter(report__in=reports.values()).order_by("report", "order"):
        lines.setdefault(line.report_id, []).append(line)
    played = [
        _Played(reports[code], lines.get(reports[code].pk, []), course)
        for code, course in courses.items()
        if code in reports
    ]
    for one in played:
        one.answer(held)
    changed = [line for one in played for line in one.lines]
    Line.objects.bulk_update(changed, ["claim", "progress", "obstacle", "accepted_on"], batch_size=200)
    versions = Version.objects.bulk_create([told for one in played for told in one.versions(now)])
    handed_in = {(one.report_id, one.number): one for one in versions}
    Step.objects.bulk_create([step for one in played for step in one.record(now, handed_in)])
    Report.objects.bulk_update([one.report for one in played], ["state", "open_until"], batch_size=200)
    write_down(by, held.programme, "rehearse_round", f"{held.kind} {held.period}", count=len(played))
    return len(played)


STATE_AFTER = {"submit": Report.State.SUBMITTED, "return": Report.State.RETURNED, "accept": Report.State.ACCEPTED}


@dataclass
class _Played:
    report: Report
    lines: list[Line]
    course: Rehearsal

    def answer(self, held: Round) -> None:
        verb, day, _ = self.course.steps[-1]
        for line in self.lines:
            answer = self.course.answers.get(line.key, Answer())
            line.claim, line.progress, line.obstacle = answer.claim, answer.progress, answer.obstacle
            line.accepted_on = day if verb == Step.Verb.ACCEPT else None
        self.report.state = STATE_AFTER[verb]
        backs = [day for verb, day, _ in self.course.steps if verb == Step.Verb.RETURN]
        self.report.open_until = mend_by(held, backs[-1]) if backs else None

    def versions(self, now: datetime) -> list[Version]:
        times = sum(verb == Step.Verb.SUBMIT for verb, _, _ in self.course.steps)
        content = [content_of(line, []) for line in self.lines]
        return [Version(report=self.report, number=n, content=content, recorded_at=now) for n in range(1, times + 1)]

    def record(self, now: datetime, handed_in: Mapping[tuple[int, int], Version]) -> list[Step]:
        steps, number = [], 0
        for verb, day, why in self.course.steps:
            number += verb == Step.Verb.SUBMIT
            steps.append(
                Step(
                    report=self.report,
                    verb=verb,
                    day=day,
                    why=why,
                    recorded_at=now,
                    version=handed_in[self.report.pk, number],
                )
            )
        return steps
