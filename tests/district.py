"""A small invented district for tests to write into."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction

from qingshan.evidence.figures.actions import StatedFigure, StatedItem
from qingshan.people.models import Body, Jurisdiction, User
from qingshan.plan.models import Programme

SAMPLE = Path(__file__).parent / "programme" / "sample"
JINSHAN = Path(__file__).resolve().parents[1] / "programmes" / "jinshan"
RIVERMOUTH = JINSHAN.with_name("rivermouth")
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


def district(code: str = "T-01") -> Jurisdiction:
    return Jurisdiction.objects.get_or_create(code=code, defaults={"name": "试验区", "name_en": "Trial District"})[0]


def programme(code: str = "trial") -> Programme:
    return Programme.objects.get_or_create(code=code, defaults={"jurisdiction": district(), "title": "试验计划"})[0]


def person(role: str, name: str = "", place: Jurisdiction | None = None) -> User:
    place = place or district()
    body = Body.objects.get_or_create(jurisdiction=place, code="water", defaults={"name": "水务局"})[0]
    return User.objects.create(username=name or role, role=role, jurisdiction=place, body=body)


def figure(
    period: str, value, known_on: date, series: str = "pm25", ends: date | None = None, source: str = "月报"
) -> StatedFigure:
    ends = ends or date(int(period[:4]), int(period[5:7]), 28)
    return StatedFigure(series, period, ends, Decimal(str(value)), source, known_on)


def item(
    key: str, done_on: date | None, known_on: date, planned_on: date | None = None, series: str = "cells", value=1
) -> StatedItem:
    return StatedItem(series, key, planned_on, done_on, Decimal(str(value)), "台账", known_on)


@contextmanager
def made_once(blocker):
    """Around what a module's tests stand on together: what was made is undone after the last of them."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def triggers_off(table: str):
    """Tamper with a table as someone with the database in hand could: its triggers are gone until the test rolls back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    yield
