"""When an assignment was done."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Word(NamedTuple):
    """What was said of an assignment, in the order in which it was said: reported, returned or closed."""

    kind: str
    on: date


def done_on(words: Iterable[Word]) -> date | None:
    """The day it was reported done and not given back since; of one closed without a report, that day. None while it is open."""
    done = None
    for kind, on in words:
        if kind == "reported":
            done = on
        elif kind == "returned":
            done = None
        else:
            done = done or on
    return done
