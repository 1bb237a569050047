"""Which target of a new reading is which of the targets that already stand."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

ENOUGH = 0.5  # of the characters of the shorter name


class Promise(NamedTuple):
    """What tells targets apart: where they stand, the comparator, the number and the name."""

    scope: str
    op: str
    value: Decimal | None
    name: str


def likeness(one: str, other: str) -> float:
    """Share of the shorter name's characters that the other has too, letters and digits only; 0 to 1."""
    a, b = Counter(_letters(one)), Counter(_letters(other))
    short = min(a.total(), b.total())
    return (a & b).total() / short if short else 0.0


def pair(new: Sequence[Promise], standing: Sequence[Promise]) -> dict[int, int]:
    """For each place in `new` the place in `standing` of the same promise, where there is one; none is given twice.

    The same promise: same comparator and number, and names that share half their characters; the same scope goes
    first, then the more alike name. A number that was changed by the new document pairs last, by scope and name alone.
    """
    offers = []
    for i, one in enumerate(new):
        for j, other in enumerate(standing):
            alike = likeness(one.name, other.name) if one.scope == other.scope else 0
            if alike < ENOUGH:
                continue
            same = (one.op, one.value) == (other.op, other.value)
            if same or alike > 0.8:
                offers.append((same, alike, -i, -j))
    taken, pairs = set(), {}
    for _, _, i, j in sorted(offers, reverse=True):
        if -i not in pairs and -j not in taken:
            pairs[-i] = -j
            taken.add(-j)
    return pairs


def _letters(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN")
