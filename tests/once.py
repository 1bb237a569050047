"""What takes long to make is made by the first worker of a run of tests that asks for it, and taken over by all others."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from qingshan.cycle import run_cycle
from qingshan.plan.models import Programme
from qingshan.programme.loading import load

from .district import JINSHAN, made_once


def made_by_one(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The file or folder of this name; whoever asks while another makes it waits."""
    own = factory.getbasetemp()
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    with open(f"{place}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            begun = place.with_name(f"{name}.begun")
            make(begun)
            begun.rename(place)
    return place


@contextmanager
def standing(blocker, factory: pytest.TempPathFactory, make: Callable[[], object]) -> Iterator[None]:
    """What `make` writes stands in the database, and is undone at the end. PostgreSQL has no copy to take it from: there it is made."""
    with blocker.unblock():
        if connection.vendor != "sqlite":
            with made_once(blocker):
                make()
                yield
            return
        kept = made_by_one(factory, f"{make.__name__}.sqlite3", lambda place: _written(place, make))
        connection.ensure_connection()
        with closing(sqlite3.connect(":memory:")) as before, closing(sqlite3.connect(kept)) as filled:
            connection.connection.backup(before)
            filled.backup(connection.connection)
            try:
                with made_once(blocker):
                    yield
            finally:
                before.backup(connection.connection)


def _written(place: Path, make: Callable[[], object]) -> None:
    with transaction.atomic():
        make()
        place.write_bytes(connection.connection.serialize())
        transaction.set_rollback(True)


def loaded_jinshan() -> None:
    load(JINSHAN)


def judged_jinshan() -> None:
    programme = load(JINSHAN)
    for day in (date(2025, 7, 31), date(2025, 10, 31)):
        run_cycle(programme=programme, as_of=day)


def jinshan() -> Programme:
    return Programme.objects.get(code=JINSHAN.name)
