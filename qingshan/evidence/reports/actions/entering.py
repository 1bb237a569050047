"""From an accepted line to what is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from qingshan.evidence.figures.actions import StatedFigure, StatedItem, add_figures, add_items
from qingshan.evidence.figures.models import Figure, Item
from qingshan.evidence.figures.queries import figures_as_of, items_as_of
from qingshan.people.actions import turn
from qingshan.people.models import User
from qingshan.plan.annual.actions import mark_done
from qingshan.plan.annual.models import Item as Node
from qingshan.plan.models import Programme

from ..models import Entered, Line, Report, Version


def enter(by: User | None, report: Report, version: Version, lines: Sequence[Line], on: date) -> None:
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
