"""What may stand in the repository at all: nothing of one machine, nothing unexplained, nothing untranslated."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 500_000  # bytes
BINARY = {".png", ".ico", ".woff2", ".docx", ".xlsx", ".pdf"}
# Spelled in pieces, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/" + r"(?:work|root|home/\w+|Users/\w+)/",
    "the host of a package registry": r"(?:regi" + r"stry\.npmjs|py" + r"pi\.org|files\.python" + r"hosted|npm" + r"mirror|mirrors?\.\w+\.)",
    "the making of the code, not the code": r"(?i)\b(?:farm-\w+|sub" + r"agent|chat" + r"gpt|clau" + r"de)\b",
    "an unfinished thought": r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b",
}  # fmt: skip


@cache
def files() -> tuple[Path, ...]:
    """Files that git tracks, or would once added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return tuple(path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())


def texts() -> list[Path]:
    return [path for path in files() if path.suffix not in BINARY]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    pattern = re.compile(FORBIDDEN[what])
    stray = [
        f"{path.relative_to(ROOT)}:{number}: {found.group()}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if (found := pattern.search(line))
    ]
    assert stray == []


def test_files_are_small():
    assert [
        f"{path.relative_to(ROOT)}: {path.stat().st_size}" for path in files() if path.stat().st_size > LARGEST
    ] == []


def test_the_picture_of_the_readme_is_small():
    assert all(path.stat().st_size < 300_000 for path in ROOT.glob("docs/images/*.png"))


def test_text_is_utf8_with_plain_line_ends():
    """Tests may hold files in other encodings, since plans arrive in them."""
    own = [path for path in texts() if ROOT / "tests" not in path.parents]
    broken = [str(path.relative_to(ROOT)) for path in own if b"\r" in path.read_bytes() or not is_utf8(path)]
    assert broken == []


def is_utf8(path: Path) -> bool:
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_lock_files_name_packages_not_places():
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock and "http" not in lock
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [pin for pin in pins if not re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", pin)] == []


def requirement_lines() -> list[str]:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.match(r'\s+"[\w.\[\]-]+[<>=!~]', line)]


def test_every_dependency_says_what_it_is_for():
    told = requirement_lines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["dependencies"] + [one for extra in project["optional-dependencies"].values() for one in extra]
    assert len(told) == len(declared)
    assert [line for line in told if not re.search(r"#\s+\S.{4,}", line)] == []


def test_every_dependency_is_pinned():
    def plain(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    pinned = {
        plain(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    named = {plain(re.match(r'\s+"([\w.-]+)', line)[1]) for line in requirement_lines()}
    assert named - pinned == set()


def test_the_licence_is_apache():
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"] == "Apache-2.0"
