"""The numbers a body is asked for: periods of its series, values of its registers, items it planned."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from qingshan.evidence.figures.models import Series
from qingshan.evidence.figures.queries import figures_as_of, items_as_of
from qingshan.evidence.registers.queries import periods
from qingshan.evidence.reports.answers import Asked, plain
from qingshan.evidence.reports.rounds import Days
from qingshan.indicators.values import MetricValue

from .book import Book, named

MEMORY = 8  # periods looked back on
MONTHS = {"month", "quarter", "year"}


def values(book: Book) -> Iterator[tuple[str, Asked]]:
    """The periods of a body's series that end within the round's; a milestone's progress as of its last day."""
    own = {code: one for code, one in book.series.items() if one.body and one.origin != Series.Origin.OFFICIAL}
    figures = figures_as_of(book.programme, own.keys(), book.as_of, book.cutoff)
    for code, one in own.items():
        for period, ends in _periods(one.frequency, book.days):
            known = _figures_known(one, period, ends, figures.get(code, []))
            asked = _series_asked(book, one, period, ends)
            form = "percent" if one.frequency == "date" else "value"
            claim = Decimal(known["value"]) if "value" in known else None
            yield one.body, Asked(f"value:{code}@{period}", "value", form, asked, known, claim)


def _periods(frequency: str, days: Days) -> list[tuple[str, date]]:
    if frequency == "date":
        return [(days.ends.isoformat(), days.ends)]
    if frequency not in MONTHS:
        return []
    return [(name, ends) for name, _, ends in periods(frequency, days.starts, days.ends) if ends >= days.starts]


def _series_asked(book: Book, one: Series, period: str, ends: date) -> dict[str, Any]:
    metric = next((value for value in book.values.values() if one.code in value.definition.inputs.values()), None)
    target = book.targets.get(metric.definition.code) if metric else None
    growing = bool(target and target.kind == "cumulative_count" and metric.definition.formula == "latest")
    return named(
        one.name, one.name_en, unit=one.unit, series=one.code, period=period, ends=ends.isoformat(), least=plain(one.least),
        most=plain(one.most), target=target.code if target else None, cumulative=growing or None,
    )  # fmt: skip


def _figures_known(one: Series, period: str, ends: date, rows: list) -> dict[str, Any]:
    """The values of earlier periods, and the one already known for this period."""
    earlier = [row for row in rows if row.ends < ends]
    known: dict[str, Any] = {"history": [plain(row.value) for row in earlier[-MEMORY:]]}
    if earlier:
        known |= {"last": plain(earlier[-1].value), "last_period": earlier[-1].period}
    same = [row for row in rows if row.period == period or row.ends == ends]
    if same:
        known |= {"value": plain(same[-1].value), "value_from": {"zh": "已录入的数值", "en": "the value on record"}}
    return known | ({"simulated": True} if rows and one.origin == Series.Origin.SIMULATED else {})


def metrics(book: Book) -> Iterator[tuple[str, Asked]]:
    """Values that registers give by the rules: the body that keeps the register says whether they are right."""
    for code, value in book.values.items():
        chosen = [
            told
            for told in value.definition.inputs.values()
            if isinstance(told, dict) and told.get("register") in book.kept
        ]
        body = book.kept[chosen[0]["register"]].body if chosen else None
        if not body or not value.points or code not in book.targets:
            continue
        names = book.kept[chosen[0]["register"]].name
        book.asked_registers |= {one["register"] for one in chosen}
        asked = named(value.definition.name, value.definition.name_en, unit=value.definition.unit, metric=code,
                       target=book.targets[code].code, register=chosen[0]["register"])  # fmt: skip
        known = metric_known(book, value) | {
            "value_from": {"zh": f"台账“{names.zh}”", "en": f"the register “{names.en}”"}
        }
        claim = Decimal(known["value"]) if "value" in known else None
        yield body, Asked(f"metric:{code}", "value", "value", asked, known, claim)


def metric_known(book: Book, value: MetricValue) -> dict[str, Any]:
    """What a metric comes to, and whether its target's goal is met."""
    points = [one for one in value.points if one.value is not None]
    if not points:
        return {}
    last, target = points[-1], book.targets.get(value.definition.code)
    known: dict[str, Any] = {"value": plain(last.value), "value_on": last.ends.isoformat()}
    if last.whole is not None:
        known |= {"of": [plain(last.part), plain(last.whole)]}
    known |= _rows_done(book, value) | ({"unit": value.definition.unit} if value.definition.unit else {})
    if target and target.value is not None:
        known |= {"goal": plain(target.value), "attained": is_met(target.op, last.value, target.value)}
    return known | ({"simulated": True} if "simulated" in value.origins else {})


def _rows_done(book: Book, value: MetricValue) -> dict[str, Any]:
    """Of a list of things that a metric counts: how many there are, and how many of them count."""
    told = value.definition.inputs.get("series")
    if value.definition.formula != "count_done" or not isinstance(told, dict) or told["register"] not in book.kept:
        return {}
    kept, rows = book.kept[told["register"]], value.evidence["series"].rows
    done = [state for state in kept.states if state.code in told.get("state", ())]
    words = {"done_zh": done[0].zh, "done_en": done[0].en.lower()} if done else {}
    return {"part": sum(one.done_on is not None for one in rows), "whole": len(rows),
            "register": {"zh": kept.name.zh, "en": kept.name.en} | words}  # fmt: skip


def is_met(op: str, value: Decimal, goal: Decimal) -> bool:
    return {"<=": value <= goal, "<": value < goal, ">": value > goal}.get(op, value >= goal)


def items(book: Book) -> Iterator[tuple[str, Asked]]:
    """The items of a body's series that should be done by the end of the period and are not."""
    own = {code: one for code, one in book.series.items() if one.body and one.frequency == "items"}
    for code, rows in items_as_of(book.programme, own.keys(), book.as_of, book.cutoff).items():
        one = own[code]
        for row in rows:
            if row.planned_on and row.planned_on <= book.days.ends and not row.done_on:
                asked = named(f"{one.name}：{row.key}", f"{one.name_en}: {row.key}", series=code, item=row.key,
                               amount=plain(row.value), planned=row.planned_on.isoformat(), due=row.planned_on.isoformat(),
                               overdue=True, proof=True, unit=one.unit)  # fmt: skip
                known = {"simulated": True} if one.origin == Series.Origin.SIMULATED else {}
                yield one.body, Asked(f"item:{code}:{row.key}", "item", "finished", asked, known)
