from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from qingshan.plan.models import Programme

from .models import Figure, Item, Series


def figures_as_of(
    programme: Programme, series: Collection[str], as_of: date, cutoff: datetime
) -> dict[str, list[Figure]]:
    """The figures of each series as known on `as_of` and recorded by `cutoff`, in order of time.

    Of the rows of a period the one known last counts; of those known on one day, the one recorded last.
    """
    rows = Figure.objects.filter(
        programme=programme, series__in=series, known_on__lte=as_of, ends__lte=as_of, recorded_at__lte=cutoff
    ).select_related("recorded_by")
    newest: dict[str, dict[str, Figure]] = defaultdict(dict)
    for row in rows.order_by("known_on", "id"):
        newest[row.series][row.period] = row
    return {code: sorted(rows.values(), key=lambda row: (row.ends, row.period)) for code, rows in newest.items()}


def items_as_of(programme: Programme, series: Collection[str], as_of: date, cutoff: datetime) -> dict[str, list[Item]]:
    """The items of each series as known on `as_of` and recorded by `cutoff`, in order of keys: of the rows of a key
    the one known last, of those known on one day the one recorded last."""
    rows = Item.objects.filter(
        programme=programme, series__in=series, known_on__lte=as_of, recorded_at__lte=cutoff
    ).select_related("recorded_by")
    newest: dict[str, dict[str, Item]] = defaultdict(dict)
    for row in rows.order_by("known_on", "id"):
        newest[row.series][row.key] = row
    return {code: [rows[key] for key in sorted(rows)] for code, rows in newest.items()}


def series_as_of(programme: Programme, cutoff: datetime) -> dict[str, Series]:
    """The definition of each series in force at `cutoff`, by code."""
    return {one.code: one for one in Series.objects.filter(programme=programme, recorded_at__lte=cutoff).order_by("id")}
