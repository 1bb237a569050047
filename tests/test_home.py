"""The commands in a home of their own, as processes beside each other."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qingshan.commands import _demonstration_password
from tests.district import SAMPLE

DAY = "2026-07-31"


def environment(home: Path) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "QINGSHAN_SECRET_KEY")
    }
    return inherited | {"QINGSHAN_HOME": str(home), "PYTHONWARNINGS": "default"}


def start(home: Path, *words: str) -> subprocess.Popen:
    command = [sys.executable, "-c", "from qingshan.cli import main; main()", *words]
    return subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def ask(home: Path, question: str) -> list[tuple]:
    with closing(sqlite3.connect(home / "qingshan.sqlite3")) as database:
        return database.execute(question).fetchall()


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> tuple[Path, str]:
    """A home the demonstration made, and what it said."""
    home = tmp_path_factory.mktemp("demo") / "home"
    return home, finish(start(home, "demo", "--no-serve", "--folder", str(SAMPLE)))


def test_the_demonstration_says_what_it_did_and_how_to_sign_in(shown):
    home, said = shown
    assert "3 项任务，6 项规划目标" in said and str(home) in said
    password = said.split("密码：")[1].split()[0]
    assert len(password) >= 12 and "office" in said and "liaison-farm" in said
    assert ask(home, "SELECT COUNT(*) FROM evaluation_run") == [(2,)]
    assert not [row for row in ask(home, "SELECT password FROM people_user") if password in row[0]]


def test_what_a_home_keeps_secret_is_its_owners_alone(shown):
    home, _ = shown
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    assert len((home / "secret-key").read_text()) >= 60
    assert {path.name for path in home.iterdir()} <= {
        "secret-key", "demonstration-password", "qingshan.sqlite3", "qingshan.sqlite3-wal", "qingshan.sqlite3-shm", "static", "files", "observations",
    }  # fmt: skip


def test_the_demonstration_run_again_loses_and_doubles_nothing(shown):
    home, said = shown
    questions = [
        f"SELECT COUNT(*) FROM {table}"
        for table in ("figures_figure", "people_user", "people_auditline", "evaluation_run")
    ]
    before, key = [ask(home, question) for question in questions], (home / "secret-key").read_text()
    again = finish(start(home, "demo", "--no-serve", "--folder", str(SAMPLE)))
    assert [ask(home, question) for question in questions] == before
    assert (home / "secret-key").read_text() == key and said.splitlines()[:2] == again.splitlines()[:2]


def test_two_evaluations_at_once_both_stand_and_the_trail_stays_whole(shown):
    home, _ = shown
    (before,) = ask(home, "SELECT COUNT(*) FROM evaluation_run")[0]
    both = [start(home, "evaluate", "--as-of", DAY, "--new") for _ in range(2)]
    assert all("项规划目标" in finish(one) for one in both)
    assert ask(home, "SELECT COUNT(*) FROM evaluation_run") == [(before + 2,)]
    assert "完好" in finish(start(home, "audit", "verify"))


WRITES_SLOWLY = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "qingshan.config.settings"
import django
django.setup()
from datetime import date
from decimal import Decimal
from django.db import transaction
from qingshan.evidence.figures.actions import StatedFigure, add_figures
from qingshan.plan.models import Programme
with transaction.atomic():
    late = StatedFigure("phosphorus-monthly", "2025-01", date(2025, 1, 31), Decimal("4.9"), "correction", date(2025, 2, 20))
    assert add_figures(by=None, programme=Programme.objects.get(), figures=[late]) == 1
    print("written", flush=True)
    time.sleep(3)
"""


def test_what_is_being_written_while_an_evaluation_starts_is_wholly_in_it_or_wholly_out(shown):
    home, _ = shown
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITES_SLOWLY],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout.readline() == "written\n"
    finish(start(home, "evaluate", "--as-of", DAY, "--new"))
    finish(writer)
    finish(start(home, "evaluate", "--as-of", DAY))  # reproduces to the byte, or ends with status 1


def test_an_empty_home_is_answered_with_a_sentence(tmp_path):
    for words in (("evaluate",), ("audit", "verify")):
        process = start(tmp_path, *words)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1 and "还没有青山的数据" in err and "Traceback" not in err


def test_two_processes_in_a_fresh_home_agree_on_its_key(tmp_path):
    code = "from qingshan.config.settings import SECRET_KEY; print(SECRET_KEY)"
    command = [sys.executable, "-c", code]
    both = [
        subprocess.Popen(
            command, env=environment(tmp_path / "home"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    keys = {finish(one) for one in both}
    assert len(keys) == 1 and len(keys.pop().strip()) >= 60
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret-key"]


@pytest.mark.parametrize(
    ("undone", "sentence"),
    [
        ("DELETE FROM django_migrations WHERE app = 'evaluation' AND name = '0002_what_stays'", "旧版程序"),
        (
            "DELETE FROM django_migrations WHERE app = 'registers' AND name IN ('0001_tables', '0004_redactions')",
            "开发版",
        ),
    ],
)
def test_a_home_of_an_older_version_is_answered_with_a_sentence(shown, tmp_path, undone, sentence):
    with (
        closing(sqlite3.connect(shown[0] / "qingshan.sqlite3")) as new,
        closing(sqlite3.connect(tmp_path / "qingshan.sqlite3")) as old,
    ):
        new.backup(old)
        old.execute(undone)
        old.commit()
    process = start(tmp_path, "evaluate")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1 and sentence in err and "Traceback" not in err


def test_a_password_file_left_empty_is_filled(tmp_path):
    path = tmp_path / "demonstration-password"
    path.touch()
    password = _demonstration_password(None, tmp_path)
    assert len(password) >= 12 and path.read_text() == password == _demonstration_password(None, tmp_path)
    assert _demonstration_password("given", tmp_path) == "given"
