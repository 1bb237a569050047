"""Squares in rows and columns, drawn on the server: the days of a year, the months of several. No database here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

LEFT, TOP = 44, 18


class Square(NamedTuple):
    """`look` names its colour; without one it is an outline, for what is missing."""

    look: str
    text: str
    title: str


class Placed(NamedTuple):
    square: Square
    x: int
    y: int
    middle: float
    base: float


class Label(NamedTuple):
    at: float
    text: str


@dataclass
class Squares:
    width: int
    height: int
    cell: tuple[int, int]
    placed: list[Placed] = field(default_factory=list)
    rows: list[Label] = field(default_factory=list)
    columns: list[Label] = field(default_factory=list)

    @property
    def inside(self) -> tuple[int, int]:
        return self.cell[0] - 2, self.cell[1] - 2


def squares(
    rows: Sequence[str], columns: Sequence[str], found: Mapping[tuple[int, int], Square], cell: tuple[int, int]
) -> Squares:
    """A grid; `found` gives what stands in (row, column), counted from 0."""
    wide, high = cell
    made = Squares(LEFT + wide * len(columns), TOP + high * len(rows), cell)
    made.rows = [Label(TOP + high * (no + 0.5), text) for no, text in enumerate(rows)]
    made.columns = [Label(LEFT + wide * (no + 0.5), text) for no, text in enumerate(columns)]
    for (row, column), one in sorted(found.items()):
        x, y = LEFT + wide * column, TOP + high * row
        made.placed.append(Placed(one, x, y, x + wide / 2 - 1, y + high / 2 + 3))
    return made
