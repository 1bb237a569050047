"""What the reporting pages are made of: the board, what a body owes, a line in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from qingshan.evidence.reports.answers import lacking, plain
from qingshan.evidence.reports.contradictions import Contradiction, contradictions
from qingshan.evidence.reports.models import Line, Report, Round, Step
from qingshan.evidence.reports.queries import (
    Course,
    Punctuality,
    answer_of,
    course,
    rates_of_round,
    writable,
)
from qingshan.people.models import Body
from qingshan.plan.models import Programme
from qingshan.standards.working_days import between
from qingshan.web import wording
from qingshan.web.templatetags.qingshan import unit_for

ROUNDS = 6  # columns of the board
STATES = {  # state → its mark and its words
    "late": ("off_track", gettext_lazy("逾期")),
    "returned": ("at_risk", gettext_lazy("退回")),
    "draft": ("not_yet_due", gettext_lazy("待报")),
    "submitted": ("on_track", gettext_lazy("待审")),
    "accepted": ("attained", gettext_lazy("已接受")),
    "missing": ("no_data", gettext_lazy("缺报")),
}


def english() -> bool:
    return get_language() == "en"


def asked_words(asked: Mapping[str, Any], name: str = "") -> str:
    """What is asked, in the reader's language; `name` chooses another text of it, such as about."""
    zh, en = (f"{name}_zh", f"{name}_en") if name else ("zh", "en")
    return (asked.get(en) or asked.get(zh, "")) if english() else asked.get(zh, "")


def state_on(report: Report, on: date) -> str:
    """How a report stands on a day, as its body and the office see it."""
    if report.state in (Report.State.DRAFT, Report.State.RETURNED) and report.round.closed_on:
        return "missing"
    if report.state == Report.State.DRAFT and on > report.round.due_on:
        return "late"
    if report.state == Report.State.RETURNED and report.open_until and on > report.open_until:
        return "late"
    return report.state


def days_left(report: Report, on: date) -> str:
    """还剩 2 个工作日, 今天截止, 逾期 3 个工作日; of a report sent back, until the day to mend it by."""
    due = report.open_until if report.state == Report.State.RETURNED and report.open_until else report.round.due_on
    left = between(on, due, report.round.calendar, provisional=True)
    if on == due:
        return _("今天截止")
    if on < due:
        return ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left) % {"n": left}
    return ngettext("逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", -left) % {"n": -left}


# --- a line


@dataclass
class Row:
    """A line with what goes beside it. `known`: what the system knows, by what was known at opening or now."""

    line: Line
    programme: Programme
    known: Mapping[str, Any]
    found: list[Contradiction]
    fault: str = ""

    @property
    def title(self) -> str:
        return asked_words(self.line.asked)

    @property
    def about(self) -> str:
        return asked_words(self.line.asked, "about")

    @property
    def unit(self) -> str:
        unit = "%" if self.line.form == "percent" else self.line.asked.get("unit", "")
        return unit_for(unit, self.programme)

    @property
    def kind(self) -> str:
        return str(wording.REPORT_LINES[self.line.kind])

    @property
    def period(self) -> str:
        return self.line.asked.get("period", "")

    @property
    def overdue(self) -> bool:
        return bool(self.line.asked.get("overdue"))

    @property
    def last(self) -> str:
        value = self.known.get("last")
        if value is None:
            return ""
        words = self._claim(Decimal(value))
        period = self.known.get("last_period")
        return _("%(value)s（%(period)s）") % {"value": words, "period": period} if period else words

    @property
    def said(self) -> str:
        return self.known.get("said", "")

    @property
    def system(self) -> str:
        """What registers and measurements say, in words."""
        known, parts = self.known, []
        if known.get("value") is not None:
            source = wording.said(known.get("value_from") or {})
            unit = unit_for(known.get("unit") or self.line.asked.get("unit", ""), self.programme)
            parts.append(f"{source} {wording.number(known['value'])} {unit}".strip())
        if known.get("of"):
            parts.append(f"{wording.number(known['of'][0])} / {wording.number(known['of'][1])}")
        if known.get("whole") is not None:
            done = known["register"].get("done_en" if english() else "done_zh") or _("完成")
            parts.append(
                _("%(whole)s 项中 %(part)s 项%(done)s") % {"whole": known["whole"], "part": known["part"], "done": done}
            )
        if known.get("goal") is not None:
            parts.append(_("目标 %(goal)s") % {"goal": wording.number(known["goal"])})
        if known.get("rows") is not None:
            states = known.get("states_en" if english() else "states_zh", "")
            rows = _("%(n)s 条") % {"n": known["rows"]}
            parts.append(_("%(rows)s：%(states)s") % {"rows": rows, "states": states} if states else rows)
        return _("；").join(parts)

    @property
    def simulated(self) -> bool:
        return bool(self.known.get("simulated")) or self.line.report.round.simulated

    @property
    def claim(self) -> str:
        """As it stands in the field."""
        return plain(self.line.claim) or ""

    @property
    def claimed(self) -> str:
        return self._claim(self.line.claim) if self.line.claim is not None else ""

    def _claim(self, claim: Decimal) -> str:
        if self.line.form == "finished":
            return _("已完成") if claim else _("未完成")
        if self.line.form == "confirmed":
            return _("属实") if claim else _("不符")
        return f"{wording.number(claim)} {self.unit}".strip()

    @property
    def choices(self) -> list[tuple[str, str]]:
        yes, no = (_("已完成"), _("未完成")) if self.line.form == "finished" else (_("属实"), _("不符"))
        return [("1", yes), ("0", no)]

    @property
    def warnings(self) -> list[str]:
        return [one.en if english() else one.zh for one in self.found]

    @property
    def lacks(self) -> str:
        """What it still lacks to be handed in."""
        for one in lacking(self.line.form, self.line.asked, answer_of(self.line)):
            return one.en if english() else one.zh
        return ""


def drafted(line: Line, programme: Programme, fault: str = "") -> Row:
    """A line for its writer, against what was known when the round was opened."""
    files = len(line.files.all())
    found = contradictions(line.form, line.asked, line.known, answer_of(line), files)
    return Row(line, programme, line.known, found, fault)


@dataclass
class Group:
    kind: str
    rows: list[Row]

    @property
    def words(self) -> str:
        return str(wording.REPORT_LINES[self.kind])


def grouped(rows: Iterable[Row]) -> list[Group]:
    groups: list[Group] = []
    for row in rows:
        if not groups or groups[-1].kind != row.line.kind:
            groups.append(Group(row.line.kind, []))
        groups[-1].rows.append(row)
    return groups


# --- reports and the board


@dataclass
class Owed:
    """A report as its body sees it in a list."""

    report: Report
    on: date
    answered: int = 0
    lines: int = 0

    @property
    def state(self) -> str:
        return state_on(self.report, self.on)

    @property
    def left(self) -> str:
        return days_left(self.report, self.on) if self.open else ""

    @property
    def open(self) -> bool:
        return writable(self.report, self.on)

    @property
    def urgent(self) -> bool:
        due = self.report.open_until or self.report.round.due_on
        return self.open and between(self.on, due, self.report.round.calendar, provisional=True) <= 2

    @cached_property
    def course(self) -> Course:
        return course(self.report, self.on)

    @property
    def why(self) -> str:
        """Why it was sent back."""
        backs = [one for one in self.report.steps.all() if one.verb == Step.Verb.RETURN]
        return backs[-1].why if backs and self.report.state == Report.State.RETURNED else ""


@dataclass
class Board:
    """Round × body, with rates of the last rounds."""

    rounds: list[Round]
    rows: list[tuple[Body, list[Owed | None], Punctuality | None]]
    rates: list[Punctuality]
    waiting: int


def board(reports: Iterable[Report], rates: Mapping[str, Punctuality], on: date, wanted: str = "") -> Board:
    """`wanted`: only bodies with a report in that state."""
    by_round: dict[Round, dict[str, Owed]] = {}
    bodies: dict[str, Body] = {}
    for report in reports:
        by_round.setdefault(report.round, {})[report.body.code] = Owed(report, on)
        bodies[report.body.code] = report.body
    rounds = sorted(by_round, key=lambda one: (one.ends, one.kind), reverse=True)[:ROUNDS]
    rows = []
    for body in sorted(bodies.values(), key=lambda one: (one.order, one.code)):
        cells = [by_round[one].get(body.code) for one in rounds]
        if any(cells) and (not wanted or any(cell and cell.state == wanted for cell in cells)):
            rows.append((body, cells, rates.get(body.code)))
    told = [rates_of_round([cell.report for cell in by_round[one].values()], on) for one in rounds]
    waiting = sum(cell.state == "submitted" for held in by_round.values() for cell in held.values())
    return Board(rounds, rows, told, waiting)
