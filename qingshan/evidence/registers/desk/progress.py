"""How far a file of rows has come, kept in a small file beside it, so that it can be read while the database is being written.

A database in one file lets nobody write while rows are taken in; its readers would see the old count until the end.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

EVERY = 250  # rows
READING, CHECKING = "reading", "checking"


class Told(NamedTuple):
    """`total` is 0 where it is not known yet; `quiet` is how many seconds ago this was written."""

    phase: str
    rows: int
    total: int
    quiet: float


class Progress:
    """Called with rows, gives them again and writes down how many have gone by."""

    def __init__(self, path: Path):
        self.path, self.phase = path, READING
        path.parent.mkdir(parents=True, exist_ok=True)

    def __call__(self, rows: Iterable) -> Iterator:
        total = len(rows) if hasattr(rows, "__len__") else 0
        self.phase = CHECKING if total else READING
        for number, row in enumerate(rows):
            if number % EVERY == 0:
                self.tell(number, total)
            yield row
        self.tell(total, total)

    def tell(self, rows: int, total: int) -> None:
        beside = self.path.with_suffix(".new")
        beside.write_text(f"{self.phase} {rows} {total}", encoding="ascii")
        os.replace(beside, self.path)


def told(path: Path, now: float) -> Told | None:
    """What was written down last, as of `now` [s since 1970]; None where nothing was."""
    try:
        phase, rows, total = path.read_text(encoding="ascii").split()
        return Told(phase, int(rows), int(total), now - path.stat().st_mtime)
    except (OSError, ValueError):
        return None
