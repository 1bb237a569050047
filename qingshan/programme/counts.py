"""What a programme folder holds, counted, and whether what is behind a target is real."""

from collections.abc import Iterable
from dataclasses import dataclass

from qingshan.programme.schema import Measuring, Programme, Target


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a programme holds, and how many of its official targets have evidence."""

    themes: int
    tasks: int
    targets: int
    working: int
    bodies: int
    metrics: int
    figures_real: int
    figures_simulated: int
    targets_real: int
    targets_simulated: int
    targets_without_data: int
    registers: int
    entries: int


def count(programme: Programme) -> Counts:
    simulated = {s.code for s in programme.series if s.origin == "simulated"}
    rows = [row.series for row in programme.rows()]
    made_up = sum(code in simulated for code in rows)
    evidence = [evidence_of(target, programme) for target in programme.official]
    return Counts(
        themes=len(programme.themes),
        tasks=len(programme.tasks),
        targets=len(programme.official),
        working=len(programme.working),
        bodies=len(programme.bodies),
        metrics=len(programme.metrics),
        figures_real=len(rows) - made_up,
        figures_simulated=made_up,
        targets_real=evidence.count("real"),
        targets_simulated=evidence.count("simulated"),
        targets_without_data=evidence.count("none"),
        registers=len(programme.registers),
        entries=len(
            {(row.register, programme.register_by_code[row.register].key_of(row.data)) for row in programme.entries}
        ),
    )


def evidence_of(target: Target, programme: Programme) -> str:
    """real, simulated or none: what the figures behind a target are. One simulated input makes all of it simulated."""
    inputs = programme.metric_by_code[target.metric].inputs
    codes, kept = inputs.codes.values(), [one.register_code for one in inputs.countings.values()]
    if inputs.measurings and not inputs.instead:
        return _measured_by(programme, inputs.measurings.values())
    named = programme.sources_of_registers
    if not all(code in programme.series_with_rows for code in codes) or not all(code in named for code in kept):
        return "none"
    made_up = any(programme.series_by_code[code].origin == "simulated" for code in codes)
    invented = any(programme.source_by_code[source].kind == "simulated" for code in kept for source in named[code])
    return "simulated" if made_up or invented else "real"


def _measured_by(programme: Programme, measurings: Iterable[Measuring]) -> str:
    """What stands published instead of measurements speaks for itself; without it, one simulated site makes all simulated."""
    found = [site for one in measurings for site in programme.sites_of(one)]
    made_up = any(programme.source_by_code[site.source].kind == "simulated" for site in found)
    return "none" if not found else "simulated" if made_up else "real"
