"""Every operation of the API × everyone, held against the table in `access.py`."""

import json
import re

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from qingshan.web.api.routes import api

from .. import access
from ..world import ELSEWHERE, LATER

pytestmark = pytest.mark.django_db
WHO = access.operations()
OFFERED = {
    f"{method.upper()} {path.removeprefix('/api/v1')}"
    for path, operations in api.get_openapi_schema()["paths"].items()
    for method in operations
}
PER_ROW = {"other", "liaison", "token", "reader"}  # to whom another body's thing may not be there at all
SENT = {
    "/runs": {"as_of": LATER.isoformat()},
    "/entries": {"data": {"no": "P-2"}},
    "/entries/{number}": {"expected": 1, "data": {"name": "南闸"}},
    "/move": {"expected": 1, "to": "traced"},
    "/withdraw": {"expected": 1, "why": "重复登记"},
}


def meant(world, operation: str) -> dict:
    of_register = "/registers" in operation
    found = world.parameters | {"code": "outfalls" if of_register else "phosphorus", "no": "1"}
    if "/metrics/" in operation or "/series/" in operation:
        found["code"] = "phosphorus" if "/metrics/" in operation else "phosphorus-monthly"
    for part, name in (("/registers", "entry"), ("/reports", "report"), ("/meetings", "meeting"), ("/scores", "sheet")):
        if part in operation:
            found["number"] = world.named[name]
    return found | {"year": 2025}


def sent_to(world, operation: str) -> dict:
    if operation.endswith("/submit"):
        return {"seen": {str(world.named["line"]): 1}}
    if operation.startswith("PATCH") and "/reports/" in operation:
        return {"lines": [{"id": world.named["line"], "expected": 1, "progress": "已完成设计"}]}
    return sent(operation)


def sent(operation: str) -> dict:
    return next((body for end, body in SENT.items() if operation.endswith(end)), {})


def answered(world, operation: str, person: str, **other) -> int:
    """The status of what came back; whatever was written is undone."""
    caches["callers"].clear()
    method, path = operation.split(" ")
    client, headers = Client(), {}
    if person in access.TOKENS:
        secret = world.secrets["write" if person == "token" else "read"]
        headers = {"authorization": f"Bearer {secret}"}
    elif person != "nobody":
        client.force_login(world.people[person])
    address = "/api/v1" + path.format(**(meant(world, operation) | other))
    with transaction.atomic():
        answer = client.generic(
            method,
            address,
            data=json.dumps(sent_to(world, operation)),
            content_type="application/json",
            headers=headers,
        )
        transaction.set_rollback(True)
    return answer.status_code


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
        if (status not in (200, 201)) if person in WHO[operation] else (status not in refusals):
            wrong[person] = status
    assert wrong == {}


@pytest.mark.parametrize("operation", sorted(one for one in WHO if re.search(r"{(number|ordinal|code|no)}", one)))
def test_a_thing_of_one_programme_is_not_found_under_another(world, operation):
    assert answered(world, operation, "stranger", programme=ELSEWHERE) in {403, 404}
