"""Evaluations as they are handed on: rows, and beside them the editions that made them with their marks."""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pyarrow as pa

from qingshan.standards.editions import MARKS, Edition

from .. import engines

Rows = tuple[str, Any, pa.Table | None]  # medium, store or None, rows of a file or None


@contextmanager
def observations(rows: Rows):
    medium, store, given = rows
    with engines.engine() as connection:
        yield (
            connection,
            engines.held(connection, given)
            if given is not None
            else engines.observations(connection, store, medium=medium),
        )


def clauses(one: Edition) -> str:
    return ", ".join(map(str, one.content.get("clauses", {}).values()))


def told(one: Edition) -> dict:
    zh, en = MARKS[one.mark]
    return {"code": one.code, "standard": one.standard, "title": one.title, "clauses": clauses(one), "since": one.since, "until": one.until,
            "mark": one.mark, "verification": zh, "verification_en": en, "source": one.source}  # fmt: skip


def report(rows: list[dict], editions: Iterable[Edition]) -> dict:
    return {"editions": [told(one) for one in editions], "rows": rows}


def first_day(*families: Sequence[Edition]) -> date | None:
    """The first day on which an edition of each family was in force; None where one is taken for all days."""
    return None if any(len(one) == 1 for one in families) else max(one[0].since for one in families)


def edition_on(known: Iterable[Edition], day: date) -> Edition | None:
    """The edition of a day, or the only one for all days; None where none was in force."""
    listed = list(known)
    return listed[0] if len(listed) == 1 else next((one for one in listed if one.holds_on(day)), None)


def law_of(*some: Edition) -> dict:
    """The editions behind a row, their clauses, and the weakest of their marks of verification."""
    told = [f"{one.standard}: {clauses(one)}".rstrip(": ") for one in some]
    weakest = max((one.mark for one in some), key=list(MARKS).index)
    return {"edition": " ".join(one.code for one in some), "clause": "; ".join(told), "mark": weakest}
