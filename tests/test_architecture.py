"""The rules of the house that a tool can check; ARCHITECTURE.md says them in words."""

import ast
import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "qingshan"
DJANGO_ROOMS = (
    "people",
    "plan",
    "evidence/figures",
    "evidence/registers",
    "evidence/registers/desk",
    "evidence/reports",
    "evidence/measurements",
    "indicators",
    "evaluation",
    "coordination",
    "coordination/incidents",
)
# In a Django room only these files may touch the database; every other file is pure.
KINDS = {"models", "actions", "queries", "importing", "commands", "loading", "apps"}
SHUNNED = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services", "misc", "common"}


def modules(folder: Path = CODE) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> set[str]:
    """Top-level names of what a file imports absolutely."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.split(".")[0])
    return names


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def kind(path: Path) -> str:
    """The file's name, or the folder's where what one file would hold is told in several."""
    return path.parent.name if path.parent.name in KINDS else path.stem


def test_the_contracts_of_importlinter_are_kept():
    ran = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_command_waits_for_no_engine_that_it_does_not_ask():
    """The rooms as Django loads them; what reads Parquet, workbooks or plans is loaded by whoever reads one."""
    heavy = ("duckdb", "deltalake", "ibis", "lxml", "openpyxl", "pyarrow")
    code = f"import sys, django; django.setup(); print(*(name for name in {heavy} if name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_every_room_has_its_row_in_the_contract_and_its_line_in_the_architecture():
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter", encoding="utf-8")
    rows = set(re.findall(r"\w+", contract["importlinter:contract:one-way"]["layers"]))
    rooms = {path.parent.name for path in CODE.glob("*/__init__.py")}
    words = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert rooms <= rows
    assert [room for room in sorted(rooms) if f"{room}/" not in words] == []


@pytest.mark.parametrize("room", DJANGO_ROOMS)
def test_in_a_room_the_file_name_tells_the_kind(room):
    stray = [
        name_of(path)
        for path in modules(CODE / room)
        if kind(path) not in KINDS and imported(path) & {"django", "sqlite3", "psycopg"}
    ]
    assert stray == [], "a file of another name than models, actions, queries, importing must be pure"


def writes() -> list:
    """Public functions of actions that open a transaction or name who did it."""
    found = []
    for path in (path for path in modules() if kind(path) == "actions"):
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                decorated = any("atomic" in ast.unparse(d) for d in node.decorator_list)
                if decorated or "by" in [a.arg for a in node.args.kwonlyargs]:
                    found.append(pytest.param(node, id=f"{name_of(path)}:{node.name}"))
    return found


@pytest.mark.parametrize("write", writes())
def test_a_write_takes_keyword_arguments_and_who_did_it(write):
    assert [a.arg for a in write.args.posonlyargs + write.args.args] == []
    assert "by" in [a.arg for a in write.args.kwonlyargs]


def test_there_are_writes_to_check():
    assert len(writes()) > 5


def test_only_actions_write():
    """Outside of actions nothing of ours calls a method that writes rows."""
    verbs = {"bulk_create", "bulk_update", "update_or_create", "get_or_create"}
    stray = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if kind(path) != "actions"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in verbs or ast.unparse(node.func).endswith((".objects.create", ".objects.filter().delete"))
        )
    ]
    assert stray == []


def test_names_say_what_a_file_holds():
    assert [name_of(path) for path in modules() if SHUNNED & set(path.with_suffix("").parts)] == []


def test_no_district_is_named_in_code():
    """What is particular to a district stands in its programme's folder."""
    named = re.compile(r"jinshan|金山(?!银山)|310116", re.IGNORECASE)
    stray = [
        f"{name_of(path)}:{number}"
        for path in [*modules(), *CODE.rglob("*.html"), *CODE.rglob("*.js"), *CODE.rglob("*.po")]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if named.search(line)
    ]
    assert stray == []


def test_no_programme_is_named_in_code():
    """Neither its code, nor its place, nor its own registers, whichever programme stands in the folder."""
    heads = [yaml.safe_load(path.read_text("utf-8")) for path in ROOT.glob("programmes/*/programme.yaml")]
    assert len(heads) >= 2
    names = {one for head in heads for one in (head["code"], head["jurisdiction"]["code"], *head["title"].values())}
    names |= {one for head in heads for one in head["jurisdiction"]["name"].values()}
    for path in [*modules(), *CODE.rglob("*.html"), *CODE.rglob("*.js"), *CODE.rglob("*.po")]:
        text = path.read_text(encoding="utf-8").lower()
        assert [one for one in names if one.lower() in text] == [], name_of(path)


def test_the_web_holds_no_table():
    assert not list((CODE / "web").rglob("models.py"))


def test_functions_are_short():
    """The median function is under ten lines, docstring and signature included in none."""
    lengths = sorted(
        node.end_lineno - node.body[0].lineno + 1
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[len(lengths) // 2] < 10
