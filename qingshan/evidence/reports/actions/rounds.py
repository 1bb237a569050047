"""Rounds: when bodies are asked, opened with what each owes, closed."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from qingshan.people.actions import require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..answers import Asked
from ..models import Line, Report, Round, Schedule
from ..rounds import Days, Kind, plain
from .doors import write_down


@transaction.atomic
def set_schedule(*, by: User | None, programme: Programme, kinds: Sequence[Kind]) -> Schedule | None:
    """Put the programme's kinds of rounds in force; nothing happens where they already are."""
    require(by, "open_rounds")
    now, told = turn(), [plain(one) for one in kinds]
    stand = Schedule.objects.filter(programme=programme).order_by("-id").first()
    if (stand.kinds if stand else []) == told:
        return stand
    made = Schedule.objects.create(programme=programme, kinds=told, recorded_at=now)
    write_down(by, programme, "set_schedule", "schedule", count=len(told))
    return made


@transaction.atomic
def open_round(
    *, by: User | None, programme: Programme, kind: Kind, days: Days, owed: Mapping[str, Sequence[Asked]],
    simulated: bool = False,
) -> Round | None:  # fmt: skip
    """Open a round with one report for each body that owes anything (`owed`: body code → what is asked).

    Returns None where that round is open already, whoever opened it.
    """
    require(by, "open_rounds")
    now = turn()
    if Round.objects.filter(programme=programme, kind=kind.code, period=days.period).exists():
        return None
    made = Round.objects.create(
        programme=programme, kind=kind.code, name=kind.name, name_en=kind.name_en, calendar=kind.calendar,
        mend_days=kind.mend, simulated=simulated, opened_at=now, opened_by=by,
        **{name: getattr(days, name) for name in Days.__slots__},
    )  # fmt: skip
    bodies = {one.code: one for one in programme.jurisdiction.bodies.all()}
    asked = {bodies[code]: lines for code, lines in owed.items() if lines and code in bodies}
    reports = Report.objects.bulk_create(Report(round=made, body=body) for body in asked)
    Line.objects.bulk_create(
        (_line(report, order, one) for report in reports for order, one in enumerate(asked[report.body])),
        batch_size=500,
    )
    write_down(
        by, programme, "open_round", f"{made.kind} {made.period}", due=made.due_on.isoformat(), count=len(reports)
    )
    return made


def _line(report: Report, order: int, one: Asked) -> Line:
    return Line(
        report=report, order=order, key=one.key, kind=one.kind, form=one.form, asked=dict(one.asked), known=dict(one.known),
        claim=one.claim,
    )  # fmt: skip


@transaction.atomic
def close_round(*, by: User | None, held: Round, on: date) -> Round:
    """Close a round: nothing more is handed in; what is missing stays missing."""
    require(by, "open_rounds")
    turn()
    held = Round.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction").get(pk=held.pk)
    if held.closed_on:
        raise Refused(f"{held} 已于 {held.closed_on} 关闭。", f"{held.period} was closed on {held.closed_on}.")
    if on < held.due_on:
        raise Refused(
            f"{held} 的截止日是 {held.due_on}，{on} 还不能关闭。",
            f"{held.period} is due on {held.due_on}; it cannot be closed on {on}.",
        )
    held.closed_on, held.closed_by = on, by
    held.save(update_fields=["closed_on", "closed_by"])
    left = held.reports.exclude(state__in=(Report.State.SUBMITTED, Report.State.ACCEPTED)).count()
    write_down(by, held.programme, "close_round", f"{held.kind} {held.period}", missing=left)
    return held
