"""Whether the parts of a programme folder agree with each other: every reference, year, kind, unit and figure."""

from collections.abc import Callable, Iterator
from pathlib import Path

from qingshan.programme.binding import unbound
from qingshan.programme.reading import Reading, read
from qingshan.programme.schema import Problem, Programme

from .figures import figures_fit, series_fit, sources_fit
from .metrics import metrics_fit
from .naming import codes_once
from .owing import escalation_fits, past_lists_fit, rehearsed_fit, rounds_fit
from .plan import every_task_judged, head_fits, tasks_fit
from .registers import entries_fit, registers_fit
from .scoring import scoring_fits
from .sites import dust_fits, sites_fit
from .targets import targets_fit


def inspect(folder: Path) -> tuple[Programme, list[Problem]]:
    """The folder as read, and all its problems in the order of files and lines."""
    reading = read(folder)
    return reading.programme, sorted({*reading.problems, *check(reading)})


def check(reading: Reading) -> list[Problem]:
    """Problems between entries that are each well formed. A reference to a refused entry is not reported again."""
    found: list[Problem] = []
    for rule in RULES:
        found += rule(reading)
    return sorted(found)


RULES: list[Callable[[Reading], Iterator[Problem]]] = [
    codes_once, head_fits, sources_fit, sites_fit, dust_fits, tasks_fit, every_task_judged, targets_fit, metrics_fit, series_fit, figures_fit,
    registers_fit, entries_fit, rounds_fit, rehearsed_fit, escalation_fits, scoring_fits, unbound, past_lists_fit,
]  # fmt: skip
