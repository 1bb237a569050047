"""The annual lists of a demonstration's past years: made from the plan, issued, and filled with simulated completions."""

from qingshan.evaluation.queries import grounds_of_list
from qingshan.plan.annual import actions
from qingshan.plan.annual.models import AnnualList, Item
from qingshan.plan.models import Programme
from qingshan.plan.queries import standing_edition

from . import schema

NOTE = "模拟"


def issue_past_lists(programme: Programme, found: schema.Programme) -> list[AnnualList]:
    """Those lists of the folder that do not stand yet, in the order of their years."""
    stand = set(programme.annual_lists.values_list("year", flat=True))
    return [_issued(programme, one) for one in sorted(found.lists, key=lambda one: one.year) if one.year not in stand]


def _issued(programme: Programme, told: schema.PastList) -> AnnualList:
    edition = standing_edition(programme)
    grounds = grounds_of_list(edition, told.year)
    annual = actions.make(by=None, programme=programme, year=told.year, grounds=grounds, demonstration=True)
    items = {_key(item): item.id for item in annual.items.select_related("measure__task", "target")}
    nodes = {items[one.item]: one for one in told.nodes if one.item in items}
    actions.fill_demonstration(by=None, annual=annual, quarters={key: one.quarter for key, one in nodes.items()})
    annual = actions.issue(by=None, annual=annual, on=told.issued)
    done = {key: one.done for key, one in nodes.items() if one.done}
    actions.fill_completions(by=None, annual=annual, done=done, note=NOTE)
    return annual


def _key(item: Item) -> str:
    """6.2 for the second measure of task 6, the code of a target."""
    if item.target:
        return item.target.code
    return f"{item.measure.task.no}.{item.measure.order + 1}" if item.measure else ""
