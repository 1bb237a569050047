"""A round opened, with what each body owes in it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from qingshan.evidence.reports.actions import open_round
from qingshan.evidence.reports.answers import Asked
from qingshan.evidence.reports.models import Round
from qingshan.evidence.reports.queries import schedule_of
from qingshan.evidence.reports.rounds import Days, rounds_until
from qingshan.people.models import User
from qingshan.plan.models import Programme
from qingshan.plan.queries import standing_edition

from . import kept, numbers, works
from .book import Book

Owed = dict[str, list[Asked]]


def open_rounds(*, by: User | None, programme: Programme, on: date, now: datetime) -> list[Round]:
    """Open the rounds that should be open on a day and are not yet; one whose lock day has passed is not opened any more."""
    edition = standing_edition(programme)
    opened = []
    for kind in schedule_of(programme) if edition else []:
        for days in rounds_until(kind, on, edition.ends):
            taken = programme.rounds.filter(kind=kind.code, period=days.period).exists()
            if taken or days.locks_on < on:
                continue
            made = open_round(by=by, programme=programme, kind=kind, days=days, owed=owed(programme, days, on, now))
            opened += [made] if made else []
    return opened


def owed(
    programme: Programme, days: Days, as_of: date, cutoff: datetime, metrics: Collection[str] | None = None
) -> Owed:
    """By body code: what is asked of it, by what was known on `as_of` and recorded by `cutoff`.

    `metrics`: those whose values are needed; all where none are named.
    """
    book = Book(programme, days, as_of, cutoff, metrics)
    found: Owed = defaultdict(list)
    asking = (
        numbers.values, numbers.metrics, numbers.items, works.nodes, works.measures, works.parts, kept.registers,
    )  # fmt: skip
    for part in asking:
        for body, asked in part(book):
            found[body].append(asked)
    return dict(found)
