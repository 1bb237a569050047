"""A real server with the demonstration, in a process and a home folder of its own, and a real browser before it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
import pytest

from ..once import made_by_one

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "qingshan-journey-7"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Only what is wrong is told node by node: the nodes that are right, and the style sheets fetched once more, cost three times as much.
ASKED = "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without the frame of a browser, which no journey looks at and which costs a quarter of a second for each window.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic",
]  # fmt: skip
SIZES = {"laptop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


def pytest_collection_modifyitems(items) -> None:
    """The long walks, each a class of its own, come first: what a worker takes last should be short. The second programme has a
    home of its own, and fills the time in which the other worker loads the demonstration for both."""
    walks = [one for one in items if one.get_closest_marker("journey") and one.cls]
    second = [one for one in items if one.path.stem == "test_second_programme"]
    first = walks[:1] + second + walks[1:]
    items[:] = first + [one for one in items if one not in first]


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from qingshan.cli import main; main()", *words]


def free_port() -> int:
    with socket.socket() as knock:
        knock.bind(("127.0.0.1", 0))
        return knock.getsockname()[1]


@pytest.fixture(scope="session")
def database() -> dict[str, str]:
    """On PostgreSQL a fresh database for the server, dropped afterwards; else none is named and it keeps its own file."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield {}
        return
    name = f"qingshan_journey_{secrets.token_hex(6)}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": urlsplit(given)._replace(path=f"/{name}").geturl()}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def in_folder(folder: Path, **database: str) -> dict[str, str]:
    """The environment of a home folder; its database is a file in it where no other one is named."""
    others = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**others, **database, "QINGSHAN_HOME": str(folder)}


def loaded(home: dict[str, str]) -> dict[str, str]:
    demo = command("demo", "--no-serve", "--password", PASSWORD)
    subprocess.run(demo, env=home, cwd=ROOT, check=True, capture_output=True, timeout=600)
    return home


@contextmanager
def served(home: dict[str, str], workers: int = 2) -> Iterator[str]:
    """The address of a server of a home, once it answers. Each of its processes works out all measurements for itself first: a
    server that shows none needs no second one."""
    port = free_port()
    server = subprocess.Popen(
        command("serve", "--port", str(port), "--workers", str(workers)), env=home, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address + "/sign-in/", server)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory) -> Path:
    """A folder with the demonstration loaded and judged, to be copied: nobody has worked in it."""
    return made_by_one(tmp_path_factory, "fresh", lambda folder: loaded(in_folder(folder)))


@pytest.fixture(scope="session")
def home(database, request, tmp_path_factory) -> dict[str, str]:
    """The environment of a home folder with the demonstration loaded and judged."""
    folder = tmp_path_factory.mktemp("home")
    if database:
        return loaded(in_folder(folder, **database))
    shutil.copytree(request.getfixturevalue("fresh"), folder, dirs_exist_ok=True)
    return in_folder(folder)


@pytest.fixture(scope="session")
def site(home) -> Iterator[str]:
    """The address of the server."""
    with served(home) as address:
        yield address


def _wait(address: str, server: subprocess.Popen) -> None:
    for _ in range(150):
        if server.poll() is not None:
            pytest.fail(f"the server ended with {server.returncode} before it answered")
        try:
            urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer within half a minute")


@pytest.fixture(scope="session")
def browser():
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()


@pytest.fixture
def visit(browser, site):
    """Open a browser window: visit(who, language, size) gives its page, signed in. A complaint in its console fails the test."""
    opened, complaints = [], []

    def enter(who: str = "office", language: str = "zh-hans", size: str = "laptop", **options):
        context = browser.new_context(viewport=SIZES[size], base_url=site, **options)
        context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(context)
        if who:
            sign_in(page, who)
        return page

    yield enter
    for context in opened:
        context.close()
    assert complaints == []


def sign_in(page, who: str) -> None:
    page.goto("/sign-in/")
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda address: "sign-in" not in address)


@pytest.fixture
def page(visit):
    """The plan office at a laptop, in Chinese."""
    return visit()


@pytest.fixture
def axe():
    """What axe-core finds wrong with a page, serious or critical, as (rule, how many, an example)."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    script = AXE.read_text(encoding="utf-8")

    def serious(page) -> list[tuple]:
        page.evaluate(script)
        found = page.evaluate(ASKED, RULES)["violations"]
        return [
            (one["id"], len(one["nodes"]), one["nodes"][0]["html"][:200])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    return serious
