import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from qingshan.evidence.figures.actions import StatedFigure, StatedItem, add_figures, add_items
from qingshan.evidence.figures.models import Figure, Item
from qingshan.evidence.figures.queries import figures_as_of, items_as_of
from qingshan.evidence.registers.actions import file_fits, keep_file
from qingshan.people.actions import NotAllowed, record, require, turn
from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.annual.actions import mark_done
from qingshan.plan.annual.models import Item as Node
from qingshan.plan.models import Programme

from .answers import Answer, Asked, Fault, faults, lacking, plain
from .models import Entered, File, Line, Report, Round, Schedule, Step, Version
from .queries import answer_of, last_day, lines_of, mend_by, newest_version, writable
from .rounds import Days, Kind
from .rounds import plain as plain_kind


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


class Change(NamedTuple):
    """A line's new answer, and the number of the line it was made on."""

    expected: int
    answer: Answer


# --- rounds


@transaction.atomic
def set_schedule(*, by: User | None, programme: Programme, kinds: Sequence[Kind]) -> Schedule | None:
    """Put the programme's kinds of rounds in force; nothing happens where they already are."""
    require(by, "open_rounds")
    now, told = turn(), [plain_kind(one) for one in kinds]
    stand = Schedule.objects.filter(programme=programme).order_by("-id").first()
    if (stand.kinds if stand else []) == told:
        return stand
    made = Schedule.objects.create(programme=programme, kinds=told, recorded_at=now)
    _write_down(by, programme, "set_schedule", "schedule", count=len(told))
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
    _write_down(
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
    _write_down(by, held.programme, "close_round", f"{held.kind} {held.period}", missing=left)
    return held


# --- the draft


@transaction.atomic
def save_lines(*, by: User | None, report: Report, changes: Mapping[int, Change], on: date) -> list[Line]:
    """Keep answers in the draft, all or none; an answer that says nothing new is passed over. Returns what changed.

    Raises Overtaken where someone else changed one of the lines since it was read, Unfit where an answer cannot be kept.
    """
    report = _writable(by, report, on)
    lines = {one.pk: one for one in report.lines.filter(pk__in=changes).select_for_update(of=("self",))}
    new = {lines[pk]: one for pk, one in changes.items() if one.answer != answer_of(lines[pk])}
    _not_overtaken(new)
    _fit([(line, fault) for line, one in new.items() for fault in faults(line.form, line.asked, one.answer)])
    _not_accepted(new)
    now = timezone.now()
    for line, one in new.items():
        line.claim, line.progress, line.obstacle = one.answer.claim, one.answer.progress, one.answer.obstacle
        line.entries = [list(entry) for entry in one.answer.entries]
        line.number, line.edited_by, line.edited_at, line.remark = line.number + 1, by, now, line.remark
        line.save()
    if new:
        _tell(by, report, "edit_report", count=len(new))
    return list(new)


def _not_overtaken(new: Mapping[Line, Change]) -> None:
    for line, one in new.items():
        if line.number != one.expected:
            raise _overtaken([line for line, one in new.items() if line.number != one.expected])


def _overtaken(lines: Sequence[Line]) -> Overtaken:
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


def _not_accepted(new: Mapping[Line, Change]) -> None:
    for line in new:
        if line.accepted_on:
            raise Refused(
                f"“{line.asked['zh']}”已于 {line.accepted_on} 接受，不能再改。",
                f"“{line.asked['en']}” was accepted on {line.accepted_on} and cannot be changed.",
            )


def _fit(found: Sequence[tuple[Line, Fault]]) -> None:
    if found:
        raise Unfit(found)


@transaction.atomic
def attach(*, by: User | None, line: Line, name: str, content: bytes, on: date) -> File:
    """Keep an evidence file with a line. It is known by its content, and the same one is kept once."""
    report = _writable(by, line.report, on)
    _not_accepted({Line.objects.get(pk=line.pk): None})
    file_fits(name, content)
    digest = hashlib.sha256(content).hexdigest()
    if found := line.files.filter(sha256=digest).first():
        return found
    keep_file(content)
    made = File.objects.create(
        line=line,
        sha256=digest,
        name=Path(name).name[:200],
        size=len(content),
        recorded_at=timezone.now(),
        recorded_by=by,
    )
    _tell(by, report, "attach_to_report", name=made.name, sha256=digest)
    return made


@transaction.atomic
def detach(*, by: User | None, file: File, on: date) -> None:
    """Take a file from a draft's line. What was handed in with it keeps naming it, and its bytes stay."""
    report = _writable(by, file.line.report, on)
    _not_accepted({file.line: None})
    _tell(by, report, "detach_from_report", name=file.name, sha256=file.sha256)
    file.delete()


# --- handing in, sending back, accepting


@transaction.atomic
def submit(*, by: User | None, report: Report, seen: Mapping[int, int], on: date) -> Version:
    """Hand the report in as it was seen (`seen`: line id → number). What was handed in is kept for good.

    Raises Overtaken where a line is newer than what was seen, Unfit where an answer is missing.
    """
    report = _writable(by, report, on)
    lines = lines_of(report)
    newer = [one for one in lines if seen.get(one.pk) != one.number]
    if newer:
        raise _overtaken(newer)
    _fit([(line, fault) for line in lines for fault in lacking(line.form, line.asked, answer_of(line))])
    number = report.versions.count() + 1
    content = [_content(line, line.files.all()) for line in lines]
    made = Version.objects.create(
        report=report, number=number, content=content, recorded_at=timezone.now(), recorded_by=by
    )
    _move(by, report, Report.State.SUBMITTED, Step.Verb.SUBMIT, on, made)
    _tell(by, report, "submit_report", version=number)
    return made


def _content(line: Line, files: Iterable[File]) -> dict:
    """A line as a version keeps it."""
    return {
        "line": line.pk, "key": line.key, "claim": plain(line.claim), "progress": line.progress, "obstacle": line.obstacle,
        "entries": line.entries, "number": line.number, "accepted": line.accepted_on.isoformat() if line.accepted_on else None,
        "files": [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in files],
    }  # fmt: skip


@transaction.atomic
def send_back(
    *, by: User | None, report: Report, version: int, why: str, remarks: Mapping[int, str] | None = None, on: date
) -> Report:
    """Send a report back with the reason, and with remarks on lines (line id → words); it may be mended for some working days.

    Lines accepted before stay so, unless a remark names them or the whole report had been accepted.
    """
    require(by, "review_reports")
    if not why.strip():
        raise Refused("请写明为什么退回。", "Say why the report is sent back.")
    report = _handed_in(report, version, (Report.State.SUBMITTED, Report.State.ACCEPTED))
    remarks = {pk: words.strip() for pk, words in (remarks or {}).items() if words.strip()}
    for line in report.lines.all():
        line.remark = remarks.get(line.pk, "")
        if line.remark or report.state == Report.State.ACCEPTED and not remarks:
            line.accepted_on = None
        line.save(update_fields=["remark", "accepted_on"])
    report.open_until = max(filter(None, (report.open_until, mend_by(report.round, on))))
    _move(by, report, Report.State.RETURNED, Step.Verb.RETURN, on, newest_version(report), why)
    _tell(by, report, "return_report", why=why.strip(), version=version)
    return report


@transaction.atomic
def accept(
    *, by: User | None, report: Report, version: int, lines: Collection[int] | None = None, why: str = "", on: date
) -> Report:
    """Accept lines (their ids), or all. An accepted value becomes a figure known from that day, with the way back to its line."""
    require(by, "review_reports")
    report = _handed_in(report, version, (Report.State.SUBMITTED,))
    handed_in = newest_version(report)
    open_lines = [one for one in lines_of(report) if one.accepted_on is None]
    chosen = [one for one in open_lines if lines is None or one.pk in lines]
    if not chosen and open_lines:
        raise Refused("请先勾选要接受的行。", "Choose the lines to accept first.")
    for line in chosen:
        line.accepted_on, line.remark = on, ""
        line.save(update_fields=["accepted_on", "remark"])
    _enter(by, report, handed_in, chosen, on)
    whole = len(chosen) == len(open_lines)
    state, verb = (Report.State.ACCEPTED, Step.Verb.ACCEPT) if whole else (report.state, Step.Verb.ACCEPT_LINES)
    _move(by, report, state, verb, on, handed_in, why)
    _tell(by, report, "accept_report", count=len(chosen), version=version, why=why.strip())
    return report


@transaction.atomic
def reopen(*, by: User | None, report: Report, until: date, why: str, on: date) -> Report:
    """Let a report be handed in after its lock day, until a day and for a reason, both on record."""
    require(by, "review_reports")
    report = _locked(report)
    if not why.strip():
        raise Refused("请写明为什么重新开放。", "Say why the report is opened again.")
    if report.state in (Report.State.SUBMITTED, Report.State.ACCEPTED):
        raise Refused(
            "这份填报已经报送，需要修改请退回。", "This report was handed in; send it back to have it mended."
        )
    if report.round.closed_on or until < on:
        raise Refused(
            f"开放到 {until} 不可行：轮次已关闭或日期已过。",
            f"It cannot be opened until {until}: the round is closed or the day has passed.",
        )
    report.open_until = until
    _move(by, report, report.state, Step.Verb.REOPEN, on, None, why)
    _tell(by, report, "reopen_report", until=until.isoformat(), why=why.strip())
    return report


def _move(
    by: User | None, report: Report, state: str, verb: str, on: date, version: Version | None = None, why: str = ""
) -> None:
    report.state = state
    report.save(update_fields=["state", "open_until"])
    Step.objects.create(
        report=report, verb=verb, day=on, version=version, why=why.strip(), recorded_at=timezone.now(), recorded_by=by
    )


# --- the demonstration


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
    _write_down(by, held.programme, "rehearse_round", f"{held.kind} {held.period}", count=len(played))
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
        content = [_content(line, []) for line in self.lines]
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


# --- from an accepted line to what is known


def _enter(by: User | None, report: Report, version: Version, lines: Sequence[Line], on: date) -> None:
    """Values of accepted lines as figures and items, nodes of the annual list as done; what already stands is not said again."""
    feed = _Feed(report, version, on)
    for line in lines:
        feed.take(line)
    feed.write(by)


@dataclass
class _Feed:
    report: Report
    version: Version
    on: date
    figures: dict[tuple[str, str], tuple[Line, StatedFigure]] = field(default_factory=dict)
    items: dict[tuple[str, str], tuple[Line, StatedItem]] = field(default_factory=dict)
    done: list[Line] = field(default_factory=list)

    def take(self, line: Line) -> None:
        asked = line.asked
        if line.claim is None:
            return
        if line.kind == Line.Kind.VALUE and asked.get("series"):
            ends = date.fromisoformat(asked["ends"])
            stated = StatedFigure(asked["series"], asked["period"], ends, line.claim, self._source(line), self.on)
            self.figures[asked["series"], asked["period"]] = line, stated
        elif line.kind == Line.Kind.ITEM and line.claim == 1:
            self.items[asked["series"], asked["item"]] = line, self._item(line)
        elif line.kind == Line.Kind.NODE and _finished(line):
            self.done.append(line)

    def _item(self, line: Line) -> StatedItem:
        asked = line.asked
        planned = date.fromisoformat(asked["planned"]) if asked.get("planned") else None
        done_on = min(self.report.round.ends, self.on)
        return StatedItem(
            asked["series"], asked["item"], planned, done_on, Decimal(asked["amount"]), self._source(line), self.on
        )

    def _source(self, line: Line) -> str:
        report, told = self.report, self.version
        who = told.recorded_by or "系统"
        mark = "（模拟）" if report.round.simulated else ""
        return f"{report.body} {report.round.period} {report.round.name}填报{mark}，第 {told.number} 次报送，{who}；第 {line.order + 1} 行"[
            :400
        ]

    def write(self, by: User | None) -> None:
        now, programme = turn(), self.report.round.programme
        self._write_figures(by, programme, now)
        self._write_items(by, programme, now)
        for line in self.done:
            node = Node.objects.select_related("annual__programme__jurisdiction").get(pk=line.asked["node"])
            if node.completions.order_by("-id").values_list("done_on", flat=True).first() is None:
                mark_done(by=by, item=node, done_on=min(self.report.round.ends, self.on), note=self._source(line))

    def _write_figures(self, by: User | None, programme: Programme, now: datetime) -> None:
        stand = figures_as_of(programme, {series for series, _ in self.figures}, self.on, now)
        known = {(code, row.period): row for code, rows in stand.items() for row in rows}
        new = [one for place, (_, one) in self.figures.items() if place not in known or known[place].value != one.value]
        add_figures(by=by, programme=programme, figures=new)
        for (series, period), (line, _) in self.figures.items():
            row = (
                Figure.objects.filter(programme=programme, series=series, period=period)
                .order_by("known_on", "id")
                .last()
            )
            Entered.objects.create(version=self.version, line=line, figure=row, recorded_at=now)

    def _write_items(self, by: User | None, programme: Programme, now: datetime) -> None:
        stand = items_as_of(programme, {series for series, _ in self.items}, self.on, now)
        done = {(code, row.key) for code, rows in stand.items() for row in rows if row.done_on}
        add_items(
            by=by, programme=programme, items=[one for place, (_, one) in self.items.items() if place not in done]
        )
        for (series, key), (line, _) in self.items.items():
            row = Item.objects.filter(programme=programme, series=series, key=key).order_by("known_on", "id").last()
            Entered.objects.create(version=self.version, line=line, item=row, recorded_at=now)


def _finished(line: Line) -> bool:
    return line.claim == (100 if line.form == Line.Form.PERCENT else 1)


# --- doors


def _locked(report: Report) -> Report:
    """The report for oneself alone until the transaction ends; writers stand in one line."""
    turn()
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("round__programme__jurisdiction", "body")
        .get(pk=report.pk)
    )


def _writable(by: User | None, report: Report, on: date) -> Report:
    """The report, where `by` speaks for its body and it may still be written in. Raises NotAllowed or Refused."""
    require(by, "report")
    report = _locked(report)
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


def _handed_in(report: Report, version: int, states: Collection[str]) -> Report:
    """The report as the reviewer saw it. Raises Overtaken where another version came, or another reviewer was faster."""
    report = _locked(report)
    newest = newest_version(report)
    if report.state not in states or newest is None or newest.number != version:
        n = newest.number if newest else 0
        raise Overtaken(
            f"您看到的是第 {version} 次报送，现在是第 {n} 次，状态“{report.get_state_display()}”。请重新打开后办理。",
            f"You saw version {version}; now it is version {n}, {report.state}. Open it again.",
        )
    return report


def _tell(by: User | None, report: Report, verb: str, **detail) -> None:
    held = report.round
    _write_down(by, held.programme, verb, f"{held.kind} {held.period} {report.body.code}", **detail)


def _write_down(by: User | None, programme: Programme, verb: str, thing: str, **detail) -> None:
    record(
        by=by,
        verb=verb,
        thing=f"reports {programme.code} {thing}"[:120],
        jurisdiction=programme.jurisdiction,
        detail=detail,
    )
