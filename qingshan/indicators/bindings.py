"""Where the number of a metric comes from: a register, a body's reports, measured streams, or what stands published."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from qingshan.observations.wanted import wanted

KINDS = {
    "register": ("台账", "register"),
    "report": ("填报", "report"),
    "stream": ("监测", "stream"),
    "published": ("公布数据", "published figures"),
}


class Given(NamedTuple):
    """What is known of a series: where its numbers come from, and the body that states them."""

    origin: str
    body: str = ""


class Binding(NamedTuple):
    """kind: one of KINDS; code: of the register, series or stream; body: who answers for it."""

    kind: str
    code: str
    body: str = ""


def bindings(
    inputs: Mapping[str, Any], series: Mapping[str, Given], registers: Mapping[str, str]
) -> tuple[Binding, ...]:
    """Each source of a metric's inputs once, in their order. `registers`: code → code of the body that keeps it.

    A series whose numbers are simulated stands in for the reports that will replace it.
    """
    return tuple(dict.fromkeys(_binding(told, series, registers) for told in inputs.values()))


def _binding(told: Any, series: Mapping[str, Given], registers: Mapping[str, str]) -> Binding:
    if isinstance(told, Mapping):
        if "stream" in told:
            return Binding("stream", wanted(told).name)
        return Binding("register", told["register"], registers.get(told["register"], ""))
    given = series.get(told, Given("reported"))
    return Binding("published" if given.origin == "official" else "report", told, given.body)


def kinds(found: Iterable[Binding]) -> list[str]:
    """The kinds among them, in the order of KINDS."""
    there = {one.kind for one in found}
    return [kind for kind in KINDS if kind in there]
