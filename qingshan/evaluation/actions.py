from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from qingshan.people.actions import NotAllowed, record, require
from qingshan.people.models import User
from qingshan.plan.models import Edition

from .models import Run
from .record import digest


@transaction.atomic
def keep(*, by: User | None, edition: Edition, as_of: date, cutoff: datetime, code_version: str, text: str) -> Run:
    """Store a run. `text` is its canonical record."""
    require(by, "evaluate")
    run = Run.objects.create(
        programme=edition.programme, edition=edition, as_of=as_of, cutoff=cutoff, code_version=code_version, record=text,
        digest=digest(text), created_at=timezone.now(), created_by=by,
    )  # fmt: skip
    _write_down(by, "evaluate", run)
    return run


@transaction.atomic
def sign(*, by: User, run: Run) -> Run:
    """Sign a run. From then on the database refuses to change or delete it."""
    require(by, "sign")
    if by is None:
        raise TypeError("a signature is a person's")
    standing = Run.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction", "signed_by")
    run = standing.get(pk=run.pk)
    if run.signed_at:
        raise NotAllowed(
            f"这次评估已由{run.signed_by}于 {timezone.localtime(run.signed_at):%Y-%m-%d} 签署，不能再次签署。",
            f"This run was signed by {run.signed_by} on {timezone.localtime(run.signed_at):%Y-%m-%d} already.",
        )
    if digest(run.record) != run.digest:
        raise NotAllowed(
            "评估记录与其校验值不符，不能签署。请重新评估。", "The record does not match its digest; evaluate anew."
        )
    run.signed_at, run.signed_by = timezone.now(), by
    run.save(update_fields=["signed_at", "signed_by"])
    _write_down(by, "sign_run", run)
    return run


def _write_down(by: User | None, verb: str, run: Run) -> None:
    record(
        by=by, verb=verb, thing=f"evaluation.run {run.pk}", jurisdiction=run.programme.jurisdiction,
        detail={"programme": run.programme.code, "as_of": run.as_of.isoformat(), "digest": run.digest},
    )  # fmt: skip
