"""The API against its own document: whatever fits the document is answered as it says, and nothing else is let in."""

import warnings

import pytest
import schemathesis
from django.conf import settings
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from ..world import ELSEWHERE
from .asking import meant

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore:unclosed file:ResourceWarning"
    ),  # the test's client leaves a file it was sent to the collector
]
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
    checks.response_headers_conformance, checks.negative_data_rejection, checks.unsupported_method,
]  # fmt: skip


def read(some: int, **phases: bool):
    """The document, with so many requests made up for each operation; the same ones each time."""
    found = {
        "generation": {"max-examples": some, "deterministic": True, "database": "none"},
        "phases": {name: {"enabled": wanted} for name, wanted in phases.items()},
        "dictionaries": {name: {"values": told} for name, told in KNOWN.items()},
        "parameters": {f"path.{name}": {"dictionary": name, "probability": 0.9} for name in KNOWN},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no static files have been gathered
        application = WSGIHandler()
    return schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", application, config=schemathesis.Config.from_dict(found)
    )


# Values that exist, so that most requests come as far as the thing they ask for.
KNOWN = {
    "programme": ["riverbend"] * 5 + [ELSEWHERE],
    "code": ["phosphorus", "outfalls"],
    "no": ["1"],
    "number": [1],
    "ordinal": [1, 2],
}
WRITING, UNKNOWN = read(5, coverage=False), read(1, coverage=False)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr(settings, "API_PER_MINUTE", 10**9)
    monkeypatch.setattr(settings, "API_PER_MINUTE_UNKNOWN", 10**9)
    caches["callers"].clear()


@pytest.fixture(autouse=True)
def one_connection():
    """The application closes connections between requests; that of a test holds all that the test stands on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def answered(world, case, **headers):
    """The answer, held against the document; whatever was written is undone."""
    case.path_parameters.update(meant_in(world, case))
    with transaction.atomic():
        answer = case.call(headers=headers)
        transaction.set_rollback(True)
    case.validate_response(answer, checks=CHECKS)
    return answer


def meant_in(world, case) -> dict:
    """What the simplest values, 0 and 1, stand for in an address: the things the county has."""
    stands = meant(world, f"{case.method} {case.path}")
    return {
        name: stands[name]
        for name, value in case.path_parameters.items()
        if name in stands and str(value) in ("0", "1")
    }


@WRITING.parametrize()
def test_with_a_token_that_writes(case, world):
    assert answered(world, case, Authorization=f"Bearer {world.secrets['write']}").status_code != 401


@UNKNOWN.parametrize()
def test_without_a_token(case, world):
    assert answered(world, case).status_code in {401, 404, 405}
