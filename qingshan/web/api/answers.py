"""What every operation may answer."""

from qingshan.web.api.problems import Problem

READING = frozenset({400, 401, 403, 404, 422, 429})
WRITING = READING | {409}


def answers(model, status: int = 200) -> dict:
    """`model` when all is well, else a problem."""
    return {status: model, READING: Problem}


def written(model, status: int = 200) -> dict:
    """The same for an operation that writes, which may come too late or be refused by what stands."""
    return {status: model, WRITING: Problem}
