"""How long what tells of people may stay in a row: counted from the day the row was closed."""

from collections.abc import Collection
from datetime import date

from .schema import Definition


def closed(definition: Definition, state: str, withdrawn: bool) -> bool:
    """Whether a row is done with: withdrawn, in a final state, or of a register whose rows have no life at all."""
    return withdrawn or not definition.states or (state in definition.state and definition.state[state].final)


def due_on(definition: Definition, since: date) -> date:
    """The day on which the fields that tell of people are to be emptied; 29 February becomes 1 March."""
    year = since.year + definition.retention_years
    try:
        return since.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def held(definition: Definition, data: Collection[str]) -> list[str]:
    """Those of the fields that tell of people which a row's data hold."""
    return [one.code for one in definition.personal if one.code in data]
