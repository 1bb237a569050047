"""The five main pages with a hundred districts loaded, beside the same server's bare "hello" page.

Repeat with:  python benchmarks/pages.py                                  (about five minutes, most of it loading)
Smaller:      python benchmarks/pages.py --districts 5 --seconds 5

Twenty users ask for one page after another without a pause, on loopback, signed in, each of a district of their own; first
all for hello, then all for one page, then the next, several rounds in turn so that a busy machine slows all alike. What
counts is each page's 95th percentile against hello's. The load comes from a process of its own on the same machine, so
absolute times hold for no other.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from cycle import ROOT, copies

LIMIT = 5.0
PAGES = ("", "targets/", "tasks/", "bodies/", "runs/")
QUICK = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # only to make the accounts; no page of the measurement hashes


def prepare(source: Path, count: int) -> list[tuple[str, str]]:
    """A home with `count` districts, each judged twice; (programme, session cookie) of each district's office."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.test.utils import override_settings

    from qingshan.cycle import run_cycle
    from qingshan.people.actions import open_account
    from qingshan.programme.loading import demonstration_day, load

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    doors = []
    with override_settings(PASSWORD_HASHERS=QUICK):
        for folder in copies(source, count, settings.HOME):
            programme = load(folder)
            day = demonstration_day(programme)
            for as_of in (day.replace(month=day.month - 3), day):
                run_cycle(programme=programme, as_of=as_of)
            place = programme.jurisdiction
            user = open_account(
                by=None, username=folder.name, password="-", role="office", name="计划办", jurisdiction=place
            )
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            doors.append((programme.code, session.session_key))
            shutil.rmtree(folder)
    return doors


def load_one(port: int, path: str, cookie: str, until: float, took: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while time.perf_counter() < until:
        start = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={cookie}"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        took.append(time.perf_counter() - start)


def load(port: int, doors: list[tuple[str, str]], page: str | None, users: int, seconds: float) -> list[float]:
    took: list[float] = []
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(
            target=load_one, args=(port, "/hello/" if page is None else f"/{code}/{page}", cookie, until, took)
        )
        for code, cookie in (doors[i % len(doors)] for i in range(users))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def server(port: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "gunicorn", "qingshan.config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
               "--threads", "4", "--preload", "--log-level", "error"]  # fmt: skip
    process = subprocess.Popen(command)
    for _ in range(100):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).request("GET", "/hello/")
            return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--districts", type=int, default=100)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=4, help="each page and round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--source", type=Path, default=next(iter(sorted((ROOT / "programmes").iterdir()))))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qingshan-bench-") as home:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {
            "QINGSHAN_HOME": home,
            "DJANGO_SETTINGS_MODULE": "_hello",
            "PYTHONPATH": str(Path(__file__).parent),
        }
        doors = prepare(asked.source, asked.districts)
        process = server(asked.port)
        try:
            return measure(asked, doors)
        finally:
            process.terminate()
            process.wait()


def measure(asked, doors: list[tuple[str, str]]) -> int:
    for page in (None, *PAGES):
        load(asked.port, doors, page, asked.users, 1)
    rounds = []
    for _ in range(asked.rounds):
        bare = p95(load(asked.port, doors, None, asked.users, asked.seconds))
        rounds.append(
            {"hello": bare} | {page: p95(load(asked.port, doors, page, asked.users, asked.seconds)) for page in PAGES}
        )
    print(f"{asked.districts} districts, {asked.users} users, median of {asked.rounds} rounds of each page's p95")
    print(f"  {'hello':10} {statistics.median(row['hello'] for row in rounds) * 1000:7.1f} ms")
    ratios = {page: statistics.median(row[page] / row["hello"] for row in rounds) for page in PAGES}
    for page, ratio in ratios.items():
        print(
            f"  {page or 'overview':10} {statistics.median(row[page] for row in rounds) * 1000:7.1f} ms  {ratio:5.2f} x hello (at most {LIMIT})"
        )
    return 0 if max(ratios.values()) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
