"""What every operation may answer."""

READING = frozenset({400, 401, 403, 404, 422, 429})
WRITING = READING | {409}


def answers(model, status: int = 200) -> dict:
    """`model` when all is well, else a problem."""
    return {status: model, READING: None}


def written(model, status: int = 200) -> dict:
    """The same for an operation that writes, which may come too late or be refused by what stands."""
    return {status: model, WRITING: None}


def filed(kind: str) -> dict:
    """For an operation that answers with a file of a kind."""
    return {"response": {200: None, READING: None}, "openapi_extra": {"x-media-type": kind}}


ANY = "application/octet-stream"
CSV = "text/csv"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
