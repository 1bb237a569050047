"""What the pages say exists, exists: commands, options, make targets, files, links, and every term of the glossary."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from qingshan.cli import main
from qingshan.programme.check import inspect
from qingshan.programme.counts import count

ROOT = Path(__file__).resolve().parents[1]
README = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)[^)]*\)")
PATH = re.compile(r"\.?[\w.-]+(?:/[\w.*-]+)*/?")
# What stands on a reader's machine, not in the repository.
ELSEWHERE = ("./var", "var/", "node_modules", ".venv", "http")


def page_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def shown(page: Path) -> list[str]:
    """Lines of shell blocks, fenced or indented, and pieces of inline code."""
    text = page.read_text(encoding="utf-8")
    lines = [
        line for kind, block in FENCED.findall(text) if kind in ("", "sh", "console") for line in block.splitlines()
    ]
    return [line.strip().removeprefix("$ ") for line in lines] + INLINE.findall(FENCED.sub("", text))


def words(line: str) -> list[str]:
    """A command line as words, without settings before it and a comment after it; empty where it is no command of ours."""
    try:
        parts = shlex.split(line, comments=True)
    except ValueError:
        return []
    while parts and re.fullmatch(r"[A-Z_]+=\S*", parts[0]):
        parts = parts[1:]
    return parts if parts and parts[0].removeprefix(".venv/bin/") in ("qingshan", "make") else []


def commands(page: Path, tool: str) -> list[list[str]]:
    return [parts[1:] for line in shown(page) if (parts := words(line)) and parts[0].endswith(tool) and parts[1:]]


def resolve(parts: list[str]) -> tuple[tuple[str, ...], click.Command]:
    """The command that the words call, through its groups."""
    command, path = main, ()
    for word in parts:
        if not isinstance(command, click.Group):
            break
        if word.startswith("-"):
            break
        found = command.get_command(click.Context(command), word)
        assert found, f"qingshan {' '.join(parts)}: there is no {word!r}"
        command, path = found, (*path, word)
    return path, command


COMMANDS = sorted({tuple(parts) for page in PAGES for parts in commands(page, "qingshan")})


@pytest.mark.parametrize("parts", COMMANDS, ids=" ".join)
def test_a_command_shown_exists_with_its_options(parts):
    path, command = resolve(list(parts))
    options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help", "--version"}
    assert [word for word in parts if word.startswith("-") and word.split("=")[0] not in options] == []
    asked = CliRunner().invoke(main, [*path, "--help"])
    assert asked.exit_code == 0, asked.output


def test_commands_are_shown():
    assert len(COMMANDS) > 5


def test_make_targets_exist():
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        word for page in PAGES for parts in commands(page, "make") for word in parts if re.fullmatch(r"[a-z]+", word)
    }
    assert {"demo", "test"} <= named <= made


def test_every_command_of_the_tool_is_in_both_readmes():
    def all_of(command: click.Command, path: tuple = ()) -> set[tuple]:
        if not isinstance(command, click.Group):
            return {path}
        context = click.Context(command)
        return {
            found
            for name in command.list_commands(context)
            for found in all_of(command.get_command(context, name), (*path, name))
        }

    for page in README.values():
        named = {resolve(parts)[0] for parts in commands(page, "qingshan")}
        assert all_of(main) - named == set(), page.name


def test_both_readmes_show_the_same():
    one, other = ({tuple(words(line)) for line in shown(page) if words(line)} for page in README.values())
    assert one == other
    sections = [re.findall(r"^#+ ", page.read_text(encoding="utf-8"), re.MULTILINE) for page in README.values()]
    assert sections[0] == sections[1]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page):
    links = [
        link
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not link.startswith(("http:", "https:", "mailto:"))
    ]
    assert [link for link in links if not (page.parent / link).exists()] == []


def is_there(name: str, page: Path) -> bool:
    """Whether a file is in the repository under that name, or in the package, with or without its .py."""
    places = (ROOT, ROOT / "qingshan", page.parent, *ROOT.glob("programmes/*"))
    names = (name, f"{name}.py") if not Path(name).suffix else (name,)
    return any(list(place.glob(one.rstrip("/"))) for place in places for one in names)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_files_mentioned_exist(page):
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    named = [
        name
        for name in INLINE.findall(text)
        if PATH.fullmatch(name) and not name.startswith(ELSEWHERE)
        and ("/" in name or name.endswith((".py", ".md", ".yaml", ".toml")))
    ]  # fmt: skip
    kinds = {"models.py", "actions.py", "queries.py", "importing.py", "commands.py", "loading.py"}
    assert [name for name in named if name not in kinds and not is_there(name, page)] == []


def test_the_picture_of_the_house_is_true():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawn = next(block for _, block in FENCED.findall(text) if "├──" in block)
    stack, missing = [], []
    for line in drawn.splitlines():
        branch = re.match(r"([│ ]*)(?:├── |└── )?(\S+)", line)
        depth = len(branch[1]) // 4 + ("── " in line)
        stack[depth:] = [branch[2]]
        if not (ROOT / "".join(stack)).exists():
            missing.append("".join(stack))
    assert missing == []


def test_every_decision_is_dated_and_listed():
    listed = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    pages = [path.name for path in ROOT.glob("docs/decisions/*.md") if path.name != "README.md"]
    assert [name for name in pages if not re.match(r"20\d\d-\d\d-\d\d-[a-z0-9-]+\.md$", name)] == []
    assert [name for name in pages if f"({name})" not in listed] == []


def test_numbers_of_the_demonstration_are_those_of_its_folder():
    found, problems = inspect(ROOT / "programmes" / "jinshan")
    assert problems == []
    counts = count(found)
    english, chinese = (page.read_text(encoding="utf-8") for page in README.values())
    assert f"{counts.tasks} tasks" in english and f"{counts.targets} targets" in english
    assert f"{counts.tasks} 项任务" in chinese and f"{counts.targets} 项规划目标" in chinese


def test_words_quoted_by_the_guide_stand_on_the_pages():
    """What the guide calls by its label is called so on the pages, in both languages."""
    with (ROOT / "qingshan/web/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    labels = {"zh": {str(one.id) for one in catalogue}, "en": {str(one.string) for one in catalogue}}
    for language, name in (("zh", "guide.zh-CN.md"), ("en", "guide.md")):
        quoted = set(re.findall(r"“([^”]+)”", (ROOT / "docs" / name).read_text(encoding="utf-8")))
        known = {label.lower() for label in labels[language]}
        assert {word for word in quoted if word.lower() not in known} == set(), name


# --- the glossary

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| English", "| ---"))
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_term_of_the_glossary_exists_in_the_code(row):
    english, chinese, meaning, where = row
    assert english and re.search(r"[一-鿿]", chinese) and meaning.endswith((".", "。"))
    for name, field in re.findall(r"`([^`]+)`(?: field `(\w+)`)?", where):
        if "/" in name:
            assert (ROOT / name).exists()
            continue
        found = look_up(name)
        if field:
            assert field in {one.name for one in found._meta.get_fields()}, f"{name} has no field {field}"


def look_up(name: str):
    """The thing that a dotted name below `qingshan` stands for."""
    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(["qingshan", *parts[:split]]))
        except ModuleNotFoundError:
            continue
        for part in parts[split:]:
            found = getattr(found, part)
        return found
    raise AssertionError(f"qingshan.{name} does not exist")


def test_kinds_statuses_and_roles_have_one_name_each():
    """The glossary, the rules and the pages call a thing the same."""
    from qingshan.evaluation.terms import STATUS_WORDS
    from qingshan.people.models import Role
    from qingshan.plan.kinds import KIND_NAMES, Kind
    from qingshan.web import wording

    glossary = {row[3].strip("`"): row[1] for row in ROWS}
    kinds = {kind: (glossary[f"plan.kinds.Kind.{kind.name}"], str(wording.KINDS[kind])) for kind in Kind}
    assert {kind: names for kind, names in kinds.items() if set(names) != {KIND_NAMES[kind][0]}} == {}
    roles = {role: (glossary[f"people.models.Role.{role.name}"], str(wording.ROLES[role])) for role in Role}
    assert {role: names for role, names in roles.items() if set(names) != {role.label}} == {}
    statuses = next(row[2] for row in ROWS if row[0] == "status")
    assert [zh for code, (zh, _) in STATUS_WORDS.items() if zh not in statuses or wording.STATUSES[code] != zh] == []


def test_glossary_terms_are_told_apart():
    english = [row[0] for row in ROWS]
    assert len(english) == len(set(english)) > 40
