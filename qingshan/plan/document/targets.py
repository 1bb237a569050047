"""The targets of a document, from its sentences and its indicator tables, and the numbers left unread."""

from __future__ import annotations

import re

from .background import background
from .duties import Duty
from .figures import Promise, promise
from .front import Front
from .healing import Healed
from .indicators import Indicator, IndicatorTable
from .metrics import metric_of
from .outline import Outline
from .promises import promises
from .quantities import Quantity, plain, quantities
from .regions import Regions
from .sentences import Sentence, Walk, clauses
from .shapes import Target, UnreadNumber
from .tasks import Job
from .wording import MONTHLY, QUARTERLY, SOFT, YEARLY
from .years import Calendar, Mark

_NUMBER = re.compile(r"\d|成")
_LIST_MARK = re.compile(r"[、和及，]")
_A_YEAR = re.compile(r"年(?:产|处理|处置|利用|产能)[^，]{0,6}$")


def targets(
    healed: Healed, outline: Outline, jobs: list[Job], duties: list[Duty], front: Front, grids: list[IndicatorTable]
):
    """The targets of a document and the numbers that could not be read."""
    return _Search(healed, front).run(outline, jobs, duties, grids)


class _Search:
    def __init__(self, healed: Healed, front: Front):
        self.healed, self.text, self.front = healed, healed.text, front
        period = front.facts.period
        yearly = period[1] if period and period[0] == period[1] else None
        issued = int(front.facts.issued[:4]) if front.facts.issued else None
        self.calendar = Calendar(self.text, issued, period[1] if period else None, yearly)
        self.found: list[Target] = []
        self.unread: list[UnreadNumber] = []

    def run(self, outline: Outline, jobs: list[Job], duties: list[Duty], grids: list[IndicatorTable]):
        walk = Walk(self.text, outline, jobs, duties, Regions(grids), self.calendar)
        for sentence in walk.sentences(self.front.body, self.front.end):
            self._read(sentence)
        for row in (row for grid in grids for row in grid.rows):
            self._keep_indicator(row)
        return tuple(sorted(_unique(self.found), key=lambda target: target.end)), tuple(self.unread)

    def _read(self, sentence: Sentence):
        numbered = _NUMBER.search(self.text, sentence.start, sentence.end)
        numbers = quantities(self.text, sentence.start, sentence.end) if numbered else []
        taken = self._numbers(sentence, numbers) if numbers else []
        for metric, op, value, unit, by, note, soft, implied, start, end in promises(
            self.text, sentence, self.calendar, taken
        ):
            self._keep(
                sentence, Target(sentence.scope, metric, op, value, unit, by, note, not soft, implied, start, end)
            )

    def _numbers(self, sentence: Sentence, numbers: list[Quantity]) -> list[tuple[int, int]]:
        """Reads the numbers clause by clause; returns the clauses that were read."""
        taken, last, before = [], "", ""
        for start, end, inside in clauses(self.text, sentence, numbers):
            if not inside:
                before = self.text[start:end]
                continue
            last = (metric_of(before, "") if 0 < len(before) < 40 else "") or last
            subject, before = self._clause(sentence, start, end, inside, last), ""
            taken += [(start, end)] if subject else []
            last = subject or last
        return taken

    def _clause(self, sentence: Sentence, start: int, end: int, inside: list[Quantity], last: str) -> str:
        """Reads the numbers of one clause; returns what it last spoke of."""
        subject = ""
        aims = [
            q for i, q in enumerate(inside) if not background(self.text, sentence, start, end, inside, i, self.calendar)
        ]
        for i, quantity in enumerate(aims):
            found = promise(self.text, start, end, aims, i, subject or last)
            if found:
                subject = found.subject
                self._keep_number(sentence, start, aims, i, found)
            else:
                self._not_read(sentence, quantity)
        return subject

    def _keep_number(self, sentence: Sentence, start: int, inside: list[Quantity], i: int, found: Promise):
        quantity, op, value = inside[i], found.op, plain(inside[i].value)
        if quantity.upto is not None:
            op, value = "=", (value, plain(quantity.upto))
        by = self._year(sentence, quantity.start, inside, i)
        soft = SOFT.search(found.note) or SOFT.search(self.text, max(start, quantity.start - 12), quantity.start)
        for metric in found.metrics:
            unit = _unit(self.text, sentence, quantity, metric, start)
            self._keep(
                sentence,
                Target(sentence.scope, metric, op, value, unit, by, found.note, not soft, False, start, quantity.end),
            )

    def _year(self, sentence: Sentence, at: int, inside: list[Quantity], i: int) -> int | None:
        marks = self.calendar.goals(sentence.start, at)
        if marks:
            group = _listed(self.text, marks)
            return group[i].year if len(group) == len(inside) > 1 else marks[-1].year
        opening = max(self.text.rfind(mark, sentence.start, at) for mark in "，；") + 1 or sentence.start
        later = self.calendar.goals(at, sentence.end) if self.text[opening] == "对" else []
        return later[0].year if later else None

    def _keep(self, sentence: Sentence, target: Target):
        by = target.by if target.by is not None else sentence.carried or sentence.until
        start, end = self.healed.span(target.start, target.end)
        self.found.append(_with(target, by=by, start=start, end=end))

    def _keep_indicator(self, row: Indicator):
        start, end = self.healed.span(row.start, row.end)
        by = row.by or self.calendar.until
        self.found.append(
            Target("overall", row.metric, row.op, row.value, row.unit, by, row.note, row.binding, False, start, end)
        )

    def _not_read(self, sentence: Sentence, quantity: Quantity):
        if quantity.unit or sentence.goals:
            why = "没有说明要达到还是已经达到" if quantity.unit else "没有单位"
            self.unread.append(UnreadNumber(quantity.text, *self.healed.span(quantity.start, quantity.end), why))


def _with(target: Target, by: int | None, start: int, end: int) -> Target:
    t = target
    return Target(t.scope, t.metric, t.op, t.value, t.unit, by, t.note, t.binding, t.implied, start, end)


def _listed(text: str, marks: list[Mark]) -> list[Mark]:
    """The last years that stand in one list: 2024年、2025年、2026年."""
    group = [marks[-1]]
    for mark in reversed(marks[:-1]):
        if not _LIST_MARK.fullmatch(text, mark.end, group[0].start):
            break
        group.insert(0, mark)
    return group


def _unit(text: str, sentence: Sentence, q: Quantity, metric: str, start: int) -> str | None:
    unit = q.unit
    if unit == "m²" and "人均" in metric:
        return "m²/人"
    if not unit or "/" in unit or unit in ("%", "pp"):
        return unit
    if unit == "t" and _A_YEAR.search(text[start : q.start]):
        return "t/a"
    return unit + _pace(text, sentence, q, start)


def _pace(text: str, sentence: Sentence, q: Quantity, start: int) -> str:
    if MONTHLY.search(text, start, q.start):
        return "/月"
    if QUARTERLY.search(text, start, q.start):
        return "/季度"
    yearly = YEARLY.search(text, max(sentence.start, start - 60), q.start)
    return "/年" if yearly and text.find("，", yearly.end(), q.start) < 0 else ""


def _unique(found: list[Target]):
    seen = set()
    for target in found:
        key = (target.scope, target.metric, target.op, target.value, target.by)
        if key not in seen:
            seen.add(key)
            yield target
