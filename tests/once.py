"""What takes long to make is made by the first worker of a run of tests that asks for it, and taken over by all others."""

import fcntl
import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

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
def standing(blocker, factory: pytest.TempPathFactory, make: Callable[[], Any]) -> Iterator[Any]:
    """What `make` writes stands in the database and in the folder of files, and is undone at the end; gives what it returned.

    PostgreSQL has no copy to take it from: there it is made.
    """
    files = factory.mktemp("files")
    with blocker.unblock(), override_settings(MEDIA_ROOT=files):
        if connection.vendor != "sqlite":
            with made_once(blocker):
                yield make()
            return
        kept = made_by_one(factory, make.__name__, lambda place: _keep(place, make))
        shutil.copytree(kept / "files", files, dirs_exist_ok=True)
        with _in_place(kept / "database"), made_once(blocker):
            yield pickle.loads((kept / "returned").read_bytes())


def _keep(place: Path, make: Callable[[], Any]) -> None:
    (place / "files").mkdir(parents=True)
    with override_settings(MEDIA_ROOT=place / "files"), transaction.atomic():
        returned = make()
        (place / "database").write_bytes(connection.connection.serialize())
        transaction.set_rollback(True)
    (place / "returned").write_bytes(pickle.dumps(returned))


@contextmanager
def _in_place(database: Path) -> Iterator[None]:
    """SQLite reads all its tables anew at each rollback of a transaction that has changed one; what is copied changes none."""
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as before, closing(sqlite3.connect(database)) as filled:
        connection.connection.backup(before)
        filled.backup(connection.connection)
        try:
            yield
        finally:
            before.backup(connection.connection)


def loaded_jinshan() -> Programme:
    return load(JINSHAN)


def judged_jinshan() -> Programme:
    programme = load(JINSHAN)
    for day in (date(2025, 7, 31), date(2025, 10, 31)):
        run_cycle(programme=programme, as_of=day)
    return programme
