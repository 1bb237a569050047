from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from qingshan.people.actions import record, turn
from qingshan.people.models import User
from qingshan.plan.models import Programme

from .models import Figure, Item, Series
from .queries import series_as_of


class StatedFigure(NamedTuple):
    """A number as its source states it. `ends` is the last day of the period, `known_on` the day it could be known."""

    series: str
    period: str
    ends: date
    value: Decimal
    source: str
    known_on: date


class StatedItem(NamedTuple):
    """A counted thing as its source states it; `value` is how much it counts for [the series' unit]."""

    series: str
    key: str
    planned_on: date | None
    done_on: date | None
    value: Decimal
    source: str
    known_on: date


@transaction.atomic
def define_series(*, by: User | None, programme: Programme, definitions: Iterable[dict]) -> int:
    """Put new or changed definitions of series on record; returns how many were. Unchanged ones are passed over."""
    now = turn()
    stand = series_as_of(programme, now)
    new = []
    for fields in definitions:
        old = stand.get(fields["code"])
        if old is None or any(getattr(old, name) != value for name, value in fields.items()):
            new.append(Series(programme=programme, recorded_at=now, **fields))
    Series.objects.bulk_create(new)
    if new:
        _write_down(by, programme, "define_series", {"series": [one.code for one in new]})
    return len(new)


@transaction.atomic
def add_figures(*, by: User | None, programme: Programme, figures: Iterable[StatedFigure]) -> int:
    """Add the figures that are not what stands; returns how many were added. Saying the same again adds nothing.

    Of two figures for one period the one known later is the correction; of two known on one day, the later in `figures`.
    """
    return _add(by, programme, "add_figures", Figure, StatedFigure, figures, "period")


@transaction.atomic
def add_items(*, by: User | None, programme: Programme, items: Iterable[StatedItem]) -> int:
    """Add the items that are not what stands; returns how many were added."""
    return _add(by, programme, "add_items", Item, StatedItem, items, "key")


def _add(by: User | None, programme: Programme, verb: str, table, shape, rows: Iterable, name: str) -> int:
    """`name`: the field that tells the rows of a series apart. Rows known on one day replace each other."""

    def place(row) -> tuple:
        return row.series, getattr(row, name), row.known_on

    now = turn()
    stated = {place(one): one for one in rows}
    stand = table.objects.filter(programme=programme, series__in={one.series for one in stated.values()}).order_by("id")
    known = {place(row): tuple(getattr(row, field) for field in shape._fields) for row in stand}
    new = [
        table(programme=programme, recorded_at=now, recorded_by=by, **one._asdict())
        for one in stated.values()
        if tuple(one) != known.get(place(one))
    ]
    table.objects.bulk_create(new, batch_size=500)
    if new:
        _write_down(by, programme, verb, {"rows": len(new), "series": sorted({one.series for one in new})})
    return len(new)


def _write_down(by: User | None, programme: Programme, verb: str, detail: dict) -> None:
    record(
        by=by, verb=verb, thing=f"plan.programme {programme.code}", jurisdiction=programme.jurisdiction, detail=detail
    )
