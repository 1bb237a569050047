"""Homes of their own, in processes of their own: a backup reads through a second connection, which a test's rolled-back
database does not show."""

import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-07-31"
SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRES = SERVER.startswith("postgres")

# What the commands alone do not make: a signed run, rows of a register, an evidence file, an observation.
FILL = """
from datetime import date
from pathlib import Path
from django.conf import settings
from qingshan.evaluation.actions import sign
from qingshan.evaluation.models import Run
from qingshan.evidence.registers.actions import Stated, attach, define_register, put_entries
from qingshan.evidence.registers.models import Entry
from qingshan.people.models import User
from qingshan.plan.models import Programme
from tests.evidence.registers.outfalls import DEFINITION
programme = Programme.objects.get()
office = User.objects.get(username="office")
sign(by=office, run=Run.objects.order_by("id").last())
define_register(by=None, programme=programme, definition=DEFINITION)
point = {"type": "Point", "coordinates": [10.1234567, 50.7654321]}
rows = [Stated({"no": f"排口 {n:03d}", "flow": "12.50", "pipes": 2, "metered": True, "due_on": "2026-06-30"}, "found", date(2026, 1, 5),
               date(2026, 1, 4), point) for n in range(300)]
put_entries(by=None, programme=programme, register="outfalls", rows=rows)
attach(by=None, entry=Entry.objects.first(), name="照片.jpg", content=b"\\xff\\xd8\\xff" + bytes(range(256)) * 9)
log = Path(settings.HOME) / "observations" / "air" / "_delta_log"
log.mkdir(parents=True)
(log / "0.json").write_text("{}")
(log.parent / "part-0.parquet").write_bytes(b"PAR1" + bytes(1000))
"""


def environment(home: Path, database: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "QINGSHAN_SECRET_KEY")}
    named = {"DATABASE_URL": database} if database else {}
    return (
        kept
        | named
        | {
            "QINGSHAN_HOME": str(home),
            "PYTHONWARNINGS": "default",
            "DJANGO_SETTINGS_MODULE": "qingshan.config.settings",
        }
    )


def run(where: dict[str, str], *words: str, expected: int = 0) -> str:
    """What a command says, progress included."""
    return _ran([sys.executable, "-c", "from qingshan.cli import main; main()", *words], where, expected)


def script(where: dict[str, str], text: str) -> str:
    return _ran([sys.executable, "-c", f"import django; django.setup()\n{text}"], where, 0)


def _ran(command: list[str], where: dict[str, str], expected: int) -> str:
    done = subprocess.run(command, env=where, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout + done.stderr


@contextmanager
def database():
    """The address of a new database on the server that the tests were given; dropped afterwards."""
    name = f"qingshan_backup_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(SERVER)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
