"""What every write on a report stands on: the report for oneself alone, who may write in it, what is told when it is refused."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.utils import timezone

from qingshan.people.actions import NotAllowed, record, require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from ..answers import Fault, plain
from ..models import Line, Report, Step, Version
from ..queries import last_day, newest_version, writable


class Overtaken(Refused):
    """Someone else changed a line, or handed the report in, meanwhile. `lines`: ids of the lines that are newer."""

    def __init__(self, zh: str, en: str, lines: Collection[int] = ()):
        super().__init__(zh, en)
        self.lines = set(lines)


class Unfit(Refused):
    """Answers that cannot be kept or handed in; `faults` has for each the id of its line and what is wrong."""

    def __init__(self, found: Sequence[tuple[Line, Fault]]):
        line, first = found[0]
        more = f"；另有 {len(found) - 1} 处" if len(found) > 1 else ""
        more_en = f"; {len(found) - 1} more" if len(found) > 1 else ""
        super().__init__(
            f"“{line.asked['zh']}”{first.zh}{more}。", f"“{line.asked['en'] or line.asked['zh']}” {first.en}{more_en}."
        )
        self.faults = [(one.pk, fault) for one, fault in found]


def locked(report: Report) -> Report:
    """The report for oneself alone until the transaction ends; writers stand in one line."""
    turn()
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("round__programme__jurisdiction", "body")
        .get(pk=report.pk)
    )


def open_to(by: User | None, report: Report, on: date) -> Report:
    """The report, where `by` speaks for its body and it may still be written in. Raises NotAllowed or Refused."""
    require(by, "report")
    report = locked(report)
    if by and by.body_id != report.body_id:
        raise NotAllowed(
            f"“{by}”代表{by.body}，不能填报{report.body}的内容。",
            f"“{by}” speaks for {by.body} and cannot report for {report.body}.",
        )
    if not writable(report, on):
        raise Refused(*_why_not(report, on))
    return report


def _why_not(report: Report, on: date) -> tuple[str, str]:
    if report.state in (Report.State.SUBMITTED, Report.State.ACCEPTED):
        label = report.get_state_display()
        return (
            f"这份填报{label}，不能再改；需要更正请告知计划办退回。",
            f"This report is {report.state}; ask the office to send it back to mend it.",
        )
    if report.round.closed_on:
        return (
            f"{report.round}已于 {report.round.closed_on} 关闭，不能再报。",
            f"{report.round.period} was closed on {report.round.closed_on}.",
        )
    last = last_day(report)
    return (
        f"锁定日 {last} 已过（今天 {on}），需由计划办重新开放才能填报。",
        f"The lock day {last} has passed (today is {on}); the office must open the report again.",
    )


def as_handed_in(report: Report, version: int, states: Collection[str]) -> Report:
    """The report as the reviewer saw it. Raises Overtaken where another version came, or another reviewer was faster."""
    report = locked(report)
    newest = newest_version(report)
    if report.state not in states or newest is None or newest.number != version:
        n = newest.number if newest else 0
        raise Overtaken(
            f"您看到的是第 {version} 次报送，现在是第 {n} 次，状态“{report.get_state_display()}”。请重新打开后办理。",
            f"You saw version {version}; now it is version {n}, {report.state}. Open it again.",
        )
    return report


def overtaken(lines: Sequence[Line]) -> Overtaken:
    first = lines[0]
    who = first.edited_by or "系统"
    at = f"{timezone.localtime(first.edited_at):%Y-%m-%d %H:%M}" if first.edited_at else ""
    claim = plain(first.claim)
    told = "；".join(filter(None, (f"填报“{claim}”" if claim else "", first.progress[:60])))
    return Overtaken(
        f"“{first.asked['zh']}”已由{who}于 {at} 改为第 {first.number} 稿（{told or '已清空'}）。您的修改没有保存，请核对后重新填写。",
        f"“{first.asked['en']}” was changed by {who} on {at} (draft {first.number}: {claim or ''} {first.progress[:60]}). "
        "Your change was not saved; check and fill it in again.",
        [one.pk for one in lines],
    )  # fmt: skip


def not_accepted(lines: Iterable[Line]) -> None:
    for line in lines:
        if line.accepted_on:
            raise Refused(
                f"“{line.asked['zh']}”已于 {line.accepted_on} 接受，不能再改。",
                f"“{line.asked['en']}” was accepted on {line.accepted_on} and cannot be changed.",
            )


def fit(found: Sequence[tuple[Line, Fault]]) -> None:
    if found:
        raise Unfit(found)


def move_on(
    by: User | None, report: Report, state: str, verb: str, on: date, version: Version | None = None, why: str = ""
) -> None:
    report.state = state
    report.save(update_fields=["state", "open_until"])
    Step.objects.create(
        report=report, verb=verb, day=on, version=version, why=why.strip(), recorded_at=timezone.now(), recorded_by=by
    )


def tell(by: User | None, report: Report, verb: str, **detail) -> None:
    held = report.round
    write_down(by, held.programme, verb, f"{held.kind} {held.period} {report.body.code}", **detail)


def write_down(by: User | None, programme: Programme, verb: str, thing: str, **detail) -> None:
    record(
        by=by,
        verb=verb,
        thing=f"reports {programme.code} {thing}"[:120],
        jurisdiction=programme.jurisdiction,
        detail=detail,
    )
