import re
import shutil
from pathlib import Path

import grimp
import pytest

from qingshan.config.version import RULES, code_version, fingerprint

ROOT = Path(__file__).resolve().parents[2] / "qingshan"
# Reached by a cycle, but no part of what a number is: tables, writes, who may do what, how a document becomes a draft, and how rows of
# a register go onto maps and into files.
BESIDE = re.compile(
    r"people\..*|config\..*|.*\.models|.*\.actions|plan\.(contents|matching|importing|passages|document(\..*)?)"
    r"|evidence\.registers\.(queries\.(mapping|exporting)|workbook|darwin_core)"
)


def copied(folder: Path) -> Path:
    left_out = shutil.ignore_patterns("static", "__pycache__", "node_modules")
    return Path(shutil.copytree(ROOT, folder / "qingshan", ignore=left_out))


@pytest.fixture
def package(tmp_path) -> Path:
    return copied(tmp_path)


@pytest.fixture(scope="module")
def put_back(tmp_path_factory) -> Path:
    """A copy of the package for tests that leave it as they found it."""
    return copied(tmp_path_factory.mktemp("package"))


def rule_files() -> list[str]:
    found = [
        [path.relative_to(ROOT).as_posix() for path in (ROOT / name).rglob("*.py")]
        if (ROOT / name).is_dir()
        else [name]
        for name in RULES
    ]
    return sorted(sum(found, []))


@pytest.mark.parametrize("name", rule_files())
def test_the_fingerprint_changes_with_every_rule_file(put_back, name):
    before = fingerprint(put_back)
    path = put_back / name
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    changed = fingerprint(put_back)
    path.write_bytes(content)
    assert changed != before == fingerprint(put_back)


def test_the_fingerprint_stays_with_anything_else(package):
    before = fingerprint(package)
    for name in (
        "web/pages.py",
        "commands.py",
        "people/models.py",
        "plan/document/reader.py",
        "evaluation/backtest.py",
        "__init__.py",
    ):
        path = package / name
        path.write_text(path.read_text() + "\n")
    cached = package / "standards" / "__pycache__"
    cached.mkdir()
    (cached / "rounding.pyc").write_bytes(b"\0")
    assert fingerprint(package) == before == fingerprint(ROOT)


def test_a_new_standard_changes_the_fingerprint_be_it_code_or_table(package):
    prints = [fingerprint(package)]
    for name in ("water.py", "gb3838-2002.csv"):
        (package / "standards" / name).write_text("")
        prints.append(fingerprint(package))
    assert len(set(prints)) == 3


def test_content_moved_from_one_file_to_the_next_shows(package):
    before = fingerprint(package)
    one, other = package / "evaluation/planned.py", package / "evaluation/record.py"
    whole = one.read_text()
    one.write_text(whole[:-10])
    other.write_text(whole[-10:] + other.read_text())
    assert fingerprint(package) != before


def test_the_version_names_package_and_rules():
    assert re.fullmatch(r"\d+\.\d+\.\d+\+rules\.[0-9a-f]{12}", code_version())


def test_whatever_a_cycle_judges_with_is_a_rule_file():
    graph = grimp.build_graph("qingshan")
    reached = graph.find_upstream_modules("qingshan.cycle") | {"qingshan.cycle"}
    modules = {name.removeprefix("qingshan.") for name in reached} - {"qingshan"}
    judging = {name for name in modules if not BESIDE.fullmatch(name) and not (ROOT / name.replace(".", "/")).is_dir()}
    files = {name.replace(".", "/") + ".py" for name in judging}
    assert files - set(rule_files()) == set()
    assert {name for name in rule_files() if not name.startswith("standards/")} - files == set()
