"""Every operation of the API × everyone, held against the table in `access.py`."""

import json
import re

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from qingshan.web.api.routes import api

from .. import access
from ..world import ELSEWHERE, put_away
from .asking import asked_of, body_of, form_of, meant

pytestmark = pytest.mark.django_db
WHO = access.operations()
OFFERED = {
    f"{method.upper()} {path.removeprefix('/api/v1')}"
    for path, operations in api.get_openapi_schema()["paths"].items()
    for method in operations
}
PER_ROW = {"other", "liaison", "token", "reader"}  # to whom another body's thing may not be there at all
LET_IN = {200, 201, 202, 204, 409}  # 409: what stands does not allow it, whoever asks


def answered(world, operation: str, person: str, **other) -> int:
    """The status of what came back; whatever was written is undone."""
    caches["callers"].clear()
    method, path = operation.split(" ")
    client, headers = world.client(person), {}
    if person in access.TOKENS:
        secret = world.secrets["write" if person == "token" else "read"]
        headers = {"authorization": f"Bearer {secret}"}
    address = "/api/v1" + path.format(**(meant(world, operation) | other)) + asked_of(operation)
    with transaction.atomic():
        answer = client.generic(method, address, headers=headers, **sent(world, operation))
        put_away(answer)
        transaction.set_rollback(True)
    return answer.status_code


def sent(world, operation: str) -> dict:
    if form := form_of(operation):
        fields, (name, content) = form
        told = encode_multipart(BOUNDARY, fields | {"file": SimpleUploadedFile(name, content)})
        return {"data": told, "content_type": MULTIPART_CONTENT}
    return {"data": json.dumps(body_of(world, operation)), "content_type": "application/json"}


@pytest.mark.parametrize("operation", sorted(OFFERED))
def test_an_operation_is_in_the_table(operation):
    known = operation in WHO
    assert known, f"Nobody has said whom {operation!r} answers: add a line to API in tests/web/access.py."


def test_the_table_has_no_operation_that_is_gone():
    assert WHO.keys() - OFFERED == set()


@pytest.mark.parametrize("operation", sorted(WHO))
def test_an_operation_answers_whom_the_table_names_and_nobody_else(world, operation):
    wrong = {}
    for person in (*access.ALL, *access.TOKENS):
        status = answered(world, operation, person)
        refusals = {"nobody": {401}, "stranger": {404, 403}}.get(
            person, {403, 404, 422} if person in PER_ROW else {403}
        )
        if (status not in LET_IN) if person in WHO[operation] else (status not in refusals):
            wrong[person] = status
    assert wrong == {}


@pytest.mark.parametrize("operation", sorted(one for one in WHO if re.search(r"{(number|ordinal|code|no|order)}", one)))
def test_a_thing_of_one_programme_is_not_found_under_another(world, operation):
    assert answered(world, operation, "stranger", programme=ELSEWHERE) in {403, 404}
