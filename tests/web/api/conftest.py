import json

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from qingshan.web import register_jobs

HERE = "/api/v1/programmes/riverbend"


@pytest.fixture(autouse=True)
def no_process_of_its_own(monkeypatch):
    """A file of rows that is sent waits: what works on it would see another database."""
    monkeypatch.setattr(register_jobs, "begin", lambda upload: None)


@pytest.fixture
def undone(db):
    caches["callers"].clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ask(world, undone):
    """Ask as someone of the world, or with one of its tokens; `file`: (name, bytes), sent as a form with `body`."""

    def asked(person: str, address: str, method: str = "GET", body=None, file=None, **headers):
        client = Client()
        if person in ("read", "write"):
            headers["authorization"] = f"Bearer {world.secrets[person]}"
        elif person != "nobody":
            client.force_login(world.people[person])
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        if file:
            told = encode_multipart(BOUNDARY, (body or {}) | {"file": SimpleUploadedFile(*file)})
            sent = {"data": told, "content_type": MULTIPART_CONTENT}
        address = address if address.startswith("/") else f"{HERE}/{address}"
        return client.generic(method, address, headers=headers, **sent)

    return asked
