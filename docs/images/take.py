"""Take the picture of the READMEs: the overview of a freshly made demonstration, in headless Chromium.

make screenshot
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

QINGSHAN = Path(sys.executable).parent / "qingshan"
PICTURE = Path(__file__).parent / "overview.png"
PASSWORD = "a password for one picture"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served():
    """The address of a demonstration that lasts as long as the picture takes."""
    with tempfile.TemporaryDirectory() as home:
        settings = os.environ | {"QINGSHAN_HOME": home, "QINGSHAN_DEMO_PASSWORD": PASSWORD}
        settings.pop("DATABASE_URL", None)
        port = free_port()
        server = subprocess.Popen([QINGSHAN, "demo", "--port", str(port)], env=settings)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/sign-in/", server)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def wait_for(address: str, server: subprocess.Popen, seconds: int = 120) -> None:
    """Until the address answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:  # not there yet, or too busy to answer in time
            time.sleep(0.3)
    raise SystemExit(f"{address} did not answer within {seconds} s")


def take(address: str) -> None:
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-lcd-text"],
        )
        page = browser.new_page(viewport={"width": 1366, "height": 840}, locale="zh-CN")
        page.goto(f"{address}/sign-in/")
        page.fill("input[name=username]", "office")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit], main button:not([type])")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    with served() as address:
        take(address)
    print(f"{PICTURE}: {PICTURE.stat().st_size} bytes")
