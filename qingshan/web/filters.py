"""Which rows a list shows, and in which order, by what stands in the address."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from qingshan.web import wording
from qingshan.web.bindings import kinds
from qingshan.web.rows import ORDER


def chosen(query) -> dict[str, str]:
    """What is chosen in the address, so that a form can show it."""
    return {name: query[name] for name in query if query[name]}


@dataclass(frozen=True)
class Listing:
    """filters: whether a row fits a chosen value; orders: what rows are sorted by."""

    filters: dict[str, Callable]
    orders: dict[str, Callable]

    def apply(self, rows: list, query) -> list:
        for name, fits in self.filters.items():
            if value := query.get(name):
                rows = [row for row in rows if fits(row, value)]
        wanted = query.get("sort", "")
        order = self.orders.get(wanted.lstrip("-"))
        return sorted(rows, key=order, reverse=wanted.startswith("-")) if order else rows

    def choices(self, now) -> dict[str, list[tuple[str, str]]]:
        bodies = {body.code: body for row in now.targets for body in row.bodies}
        return {
            "status": [(code, wording.STATUSES[code]) for code in ORDER],
            "origin": list(wording.TARGET_ORIGINS.items()),
            "from": [
                (kind, wording.SOURCES[kind]) for kind in kinds(one for row in now.targets for one in row.sources)
            ],
            "task": [row.task for row in now.tasks],
            "body": sorted(bodies.values(), key=lambda body: (body.order, body.code)),
        }


def _scope(row):
    return row.task.no if row.task else "overall"


def _behind(row):
    """The gap to the planned value, as a share of it."""
    if row.behind is None:
        return Decimal(0)
    planned = abs(Decimal(row.planned))
    return row.behind / planned if planned else row.behind


TARGETS = Listing(
    filters={
        "status": lambda row, value: row.status == value,
        "scope": lambda row, value: _scope(row) == value,
        "origin": lambda row, value: row.origin == value,
        "body": lambda row, value: any(body.code == value for body in row.bodies),
        "from": lambda row, value: any(one.kind == value for one in row.sources),
    },
    orders={
        "name": lambda row: row.name,
        "status": lambda row: ORDER.index(row.status),
        "due": lambda row: row.due,
        "behind": _behind,
    },
)

TASKS = Listing(
    filters={
        "status": lambda row, value: row.status == value,
        "theme": lambda row, value: bool(row.task.theme) and str(row.task.theme.no) == value,
        "body": lambda row, value: any(one.body_id and one.body.code == value for one in row.task.involvements.all()),
        "lead": lambda row, value: row.lead_named == (value != "none"),
    },
    orders={
        "status": lambda row: ORDER.index(row.status) if row.status else 99,
        "no": lambda row: row.task.order,
    },
)
