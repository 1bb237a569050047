from collections.abc import Iterable, Mapping

from django.db import transaction

from qingshan.people.actions import record, turn
from qingshan.people.models import User
from qingshan.plan.models import Programme

from .models import Metric, Unit
from .queries import metrics_as_of, units_as_of


@transaction.atomic
def define_metrics(*, by: User | None, programme: Programme, definitions: Iterable[dict]) -> int:
    """Put new or changed metric definitions on record; returns how many were. Old runs keep reading the old ones."""
    now = turn()
    stand = metrics_as_of(programme, now)
    new = []
    for fields in definitions:
        old = stand.get(fields["code"])
        if old is None or any(getattr(old, name) != value for name, value in fields.items()):
            new.append(Metric(programme=programme, recorded_at=now, **fields))
    Metric.objects.bulk_create(new)
    if new:
        _write_down(by, programme, "define_metrics", {"metrics": [one.code for one in new]})
    return len(new)


@transaction.atomic
def define_units(*, by: User | None, programme: Programme, units: Mapping[str, str]) -> int:
    """Put new or changed English spellings of units on record; returns how many were. Old runs keep reading the old ones."""
    now = turn()
    stand = units_as_of(programme, now)
    new = {unit: unit_en for unit, unit_en in units.items() if stand.get(unit) != unit_en}
    Unit.objects.bulk_create(
        Unit(programme=programme, unit=unit, unit_en=unit_en, recorded_at=now) for unit, unit_en in new.items()
    )
    if new:
        _write_down(by, programme, "define_units", {"units": new})
    return len(new)


def _write_down(by: User | None, programme: Programme, verb: str, detail: dict) -> None:
    record(
        by=by, verb=verb, thing=f"plan.programme {programme.code}", jurisdiction=programme.jurisdiction, detail=detail
    )
