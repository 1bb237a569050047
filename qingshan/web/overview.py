"""What the overview says first: what needs a decision, what moved, how old the data are. No database here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from qingshan.evaluation.tasks import changed
from qingshan.evaluation.terms import Status
from qingshan.web.rows import NEEDS_DECISION, TargetRow

SHOWN = 6


@dataclass(frozen=True)
class Decision:
    """kind: target, lead, draft, unsigned or unknown; status: the mark it carries; thing: what it is about."""

    kind: str
    status: str
    thing: object
    count: int = 1


def decisions(targets, tasks, drafts, run) -> list[Decision]:
    """Targets behind come first, the plan's own before the office's; then what stands open in the house."""
    behind = [row for row in targets if row.status in NEEDS_DECISION]
    behind.sort(key=lambda row: (row.status != "off_track", row.origin != "plan"))
    found = [Decision("target", row.status, row) for row in behind]
    found += [Decision("draft", "at_risk", draft) for draft in drafts]
    leaderless = [row for row in tasks if not row.lead_named]
    if leaderless:
        found.append(Decision("lead", "at_risk", leaderless, len(leaderless)))
    unknown = [row for row in targets if row.status == "no_data" and row.origin == "plan"]
    if unknown:
        found.append(Decision("unknown", "no_data", unknown, len(unknown)))
    if run is not None and run.signed_at is None:
        found.append(Decision("unsigned", "not_yet_due", run))
    return found


def first_decisions(found: list[Decision]) -> list[Decision]:
    """As many as a page holds, without the house's own matters falling off its end."""
    other = [one for one in found if one.kind != "target"]
    return [one for one in found if one.kind == "target"][: max(3, SHOWN - len(other))] + other


def headline(targets: list[TargetRow]) -> TargetRow | None:
    """The target whose course is drawn on the overview: the first with a forecast over years, else with several values."""
    official = [row for row in targets if row.origin == "plan"] or targets
    fan = [row for row in official if row.outlook and row.outlook.get("fan")]
    told = [row for row in official if len(row.points) > 2 and row.goal is not None]
    return next(iter(fan or told), None)


@dataclass(frozen=True)
class DataAge:
    """newest: last day real data speak of, None without any; months since then; how many targets rest on simulated data."""

    newest: date | None
    months: int | None
    simulated: int
    real: int


def data_age(targets: list[TargetRow], today: date) -> DataAge:
    known = [row for row in targets if row.points]
    real = [row for row in known if not row.simulated]
    newest = max((date.fromisoformat(row.points[-1]["ends"]) for row in real), default=None)
    months = None if newest is None else (today.year - newest.year) * 12 + today.month - newest.month
    return DataAge(newest, months, len(known) - len(real), len(real))


class Seen(NamedTuple):
    status: Status
    actual: Decimal | None


def changes(before, after, rows: list[TargetRow]) -> list[tuple]:
    """(change, the target's row) for each target that differs between two records: changed statuses, worse first, then values."""
    by_code = {one["code"]: TargetRow(one) for one in before.targets} | {row.code: row for row in rows}
    found = sorted(changed(_seen(before), _seen(after)), key=lambda one: one.before == one.after)
    return [(one, by_code[one.code]) for one in found]


def _seen(record) -> dict[str, Seen]:
    return {
        t["code"]: Seen(Status(t["status"]), None if t["actual"] is None else Decimal(t["actual"]))
        for t in record.targets
    }
