from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings

from qingshan.evidence.figures.models import Figure, Item, Series
from qingshan.evidence.figures.queries import figures_as_of, items_as_of, series_as_of
from qingshan.evidence.registers import queries as registers
from qingshan.evidence.registers.schema import Definition as Register
from qingshan.evidence.registers.selections import Selection, selection
from qingshan.observations.assess.asking import read
from qingshan.observations.assess.findings import asked, findings
from qingshan.observations.simulating import SOURCE as SIMULATED
from qingshan.observations.store import Store
from qingshan.observations.wanted import Wanted, wanted
from qingshan.plan.models import Programme

from .formulas import Counted, Row
from .models import Metric, Unit
from .values import Definition, Evidence, MetricValue, compute


def metrics_as_of(programme: Programme, cutoff: datetime) -> dict[str, Metric]:
    """The definition of each metric in force at `cutoff`, by code."""
    return {one.code: one for one in Metric.objects.filter(programme=programme, recorded_at__lte=cutoff).order_by("id")}


def units_as_of(programme: Programme, cutoff: datetime) -> dict[str, str]:
    """The English spelling of each unit in force at `cutoff`."""
    rows = Unit.objects.filter(programme=programme, recorded_at__lte=cutoff).order_by("id")
    return dict(rows.values_list("unit", "unit_en"))


def measurements_version() -> int:
    """The number of the newest batch of measurements; it changes with every one that arrives."""
    return Store(settings.OBSERVATIONS).snapshot().version


def values_as_of(
    programme: Programme, as_of: date, cutoff: datetime, only: Collection[str] | None = None
) -> dict[str, MetricValue]:
    """Every metric of the programme (or those of `only`), computed from what was known on `as_of` and recorded by `cutoff`."""
    metrics = {code: one for code, one in metrics_as_of(programme, cutoff).items() if only is None or code in only}
    series = series_as_of(programme, cutoff)
    known = _evidence(programme, series, as_of, cutoff)
    kept = registers.registers_as_of(programme, cutoff)

    def given(metric: Metric) -> dict[str, Evidence]:
        found = {role: evidence(metric, told) for role, told in metric.inputs.items()}
        return {role: one for role, one in found.items() if one}

    def evidence(metric: Metric, told: str | dict) -> Evidence | None:
        if isinstance(told, str):
            return known.get(told)
        if "stream" in told:
            return _of_stream(wanted(told), as_of, cutoff)
        return _of_register(programme, kept, metric, told, as_of, cutoff)

    return {code: compute(_definition(metric), given(metric)) for code, metric in metrics.items()}


def _of_register(
    programme: Programme, kept: dict[str, Register], metric: Metric, told: dict, as_of: date, cutoff: datetime
) -> Evidence | None:
    """What a selection of a register's rows came to; None where the register was not there yet."""
    one = selection(told)
    if one.register not in kept:
        return None
    what = _dues if metric.formula == "count_done" else _amounts
    return what(programme, kept[one.register], one, as_of, cutoff)


def _dues(programme: Programme, register: Register, one: Selection, as_of: date, cutoff: datetime) -> Evidence:
    rows = registers.dues(programme, register, one, as_of, cutoff)
    counted = tuple(Counted(row.key, row.planned_on, row.done_on, row.value, row.known_on) for row in rows)
    stated = tuple(
        f"{row.key}|{row.planned_on or ''}|{row.done_on or ''}|{row.value.normalize():f}|{row.source}|{row.known_on}"
        for row in rows
    )
    origin = _weakest({row.origin for row in rows})
    return Evidence(one.name, origin, counted, stated, max((row.known_on for row in rows), default=None))


def _amounts(programme: Programme, register: Register, one: Selection, as_of: date, cutoff: datetime) -> Evidence:
    since = registers.begins(programme, one.register, as_of, cutoff)
    found = registers.amounts(programme, register, one, since, as_of, cutoff) if since else []
    seen = registers.seen(programme, register, one, as_of, cutoff)
    stated = (*(f"{row.period}|{row.value.normalize():f}|{row.rows}" for row in found), f"{seen.rows}|{seen.digest}")
    origin = _weakest(registers.origins(programme, register, one, as_of, cutoff))
    rows = tuple(Row(row.period, row.ends, row.value) for row in found)
    return Evidence(one.name, origin, rows, stated, seen.known_on)


def _of_stream(one: Wanted, as_of: date, cutoff: datetime) -> Evidence | None:
    """What measurements came to, as they were known at `cutoff`; None where nobody measures it."""
    if not one.sites:
        return None
    question = asked(one, settings.OBSERVATIONS, cutoff)
    rows = findings(question, one, as_of)
    behind = read(question, as_of)
    stated = (
        f"{behind.rows}|{behind.last or ''}|{behind.digest}",
        *(f"{row.period}|{row.value}|{row.weight}|{row.seen}|{row.of}" for row in rows),
    )
    made_up = SIMULATED in behind.sources or one.simulated
    return Evidence(one.name, "simulated" if made_up else "measured", rows, stated, behind.last)


def _weakest(origins: set[str]) -> str:
    """One simulated row makes a figure simulated, one reported row makes it reported."""
    return next((one for one in ("simulated", "reported", "official") if one in origins), "reported")


def _evidence(programme: Programme, series: dict[str, Series], as_of: date, cutoff: datetime) -> dict[str, Evidence]:
    counted = {code for code, one in series.items() if one.frequency == "items"}
    figures = figures_as_of(programme, series.keys() - counted, as_of, cutoff)
    items = items_as_of(programme, counted, as_of, cutoff)
    return {
        code: _of_items(one, items.get(code, []), as_of) if code in counted else _of_figures(one, figures.get(code, []))
        for code, one in series.items()
    }


def _of_figures(series: Series, rows: list[Figure]) -> Evidence:
    stated = tuple(f"{row.period}|{row.value.normalize():f}|{row.source}|{row.known_on}" for row in rows)
    known_on = max((row.known_on for row in rows), default=None)
    return Evidence(
        series.code, series.origin, tuple(Row(row.period, row.ends, row.value) for row in rows), stated, known_on
    )


def _of_items(series: Series, rows: list[Item], as_of: date) -> Evidence:
    counted = tuple(
        Counted(
            row.key,
            row.planned_on,
            row.done_on if row.done_on and row.done_on <= as_of else None,
            row.value,
            row.known_on,
        )
        for row in rows
    )
    stated = tuple(
        f"{row.key}|{row.planned_on or ''}|{row.done_on or ''}|{row.value.normalize():f}|{row.source}|{row.known_on}"
        for row in rows
    )
    return Evidence(series.code, series.origin, counted, stated, max((row.known_on for row in rows), default=None))


def _definition(metric: Metric) -> Definition:
    return Definition(**{name: getattr(metric, name) for name in Definition.__dataclass_fields__})
