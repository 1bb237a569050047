"""Reads a programme folder. Whatever is wrong with it becomes a list of problems, each at its file and line."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from qingshan.evaluation.scores.rules import Scoring
from qingshan.evidence.registers.cells import Unreadable
from qingshan.evidence.registers.cells import read as read_cell
from qingshan.evidence.registers.schema import Column, Definition
from qingshan.programme.schema import (
    TAGS,
    Body,
    DustDay,
    Entry,
    Escalation,
    Figure,
    Followed,
    Head,
    Item,
    Metric,
    PastList,
    Problem,
    Programme,
    RegisterRow,
    Rehearsed,
    RoundKind,
    Series,
    Site,
    Source,
    Target,
    Task,
    Theme,
    UnitName,
    Where,
)

from .trees import WHERE, Unusable, short, tree

MOST_BYTES = 2_000_000
SECTIONS: dict[str, dict[str, type[Entry]]] = {
    "bodies.yaml": {"bodies": Body},
    "plan.yaml": {"themes": Theme, "tasks": Task},
    "targets.yaml": {"official": Target, "working": Target},
    "metrics.yaml": {"metrics": Metric, "series": Series, "units": UnitName},
    "registers.yaml": {"registers": Definition},
    "reporting.yaml": {"rounds": RoundKind, "rehearsed": Rehearsed},
    "escalation.yaml": {"escalation": Escalation, "followed": Followed},
    "scoring.yaml": {"scoring": Scoring},
    "lists.yaml": {"lists": PastList},
}
MAY_LACK = {"registers.yaml", "reporting.yaml", "escalation.yaml", "scoring.yaml", "lists.yaml"}
FILES = {section: name for name, sections in SECTIONS.items() for section in sections} | {"sources": "sources.csv"}
TABLES: dict[str, type[Entry]] = {"sites": Site, "dust": DustDay}  # which may lack
OPTIONAL = {"working", "units", "rehearsed", "followed"}
ORIGIN = {"official": "plan", "working": "office"}
E = TypeVar("E", bound=Entry)


@dataclass
class Reading:
    """What a folder holds. `seen` has every code or number met per section, of refused entries too."""

    programme: Programme
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, set[Any]] = field(default_factory=dict)

    def knows(self, section: str, key: Any) -> bool:
        if section not in self.seen and self.spoilt(FILES[section]):
            return True  # nothing is known of a section that could not be read
        return key in self.seen.get(section, ())

    def spoilt(self, file: str) -> bool:
        return any(problem.file == file for problem in self.problems)


def read(folder: Path) -> Reading:
    """A programme folder as far as it can be read; its `head` is None where programme.yaml cannot be used."""
    reading = Reading(Programme(head=None))  # type: ignore[arg-type]
    if not folder.is_dir():
        reading.problems.append(Problem(str(folder), 1, "没有这个文件夹，请核对路径", "no such folder; check the path"))
        return reading
    parts: dict[str, Any] = {"head": _head(folder, reading)}
    for name, sections in SECTIONS.items():
        parts |= _sections(folder, name, sections, reading)
    parts["registers"] = _placed(parts["registers"], parts["head"])
    parts["targets"] = parts.pop("official") + parts.pop("working")
    parts["sources"] = list(_table(folder, "sources.csv", Source, reading))
    for name, model in TABLES.items():
        if (folder / f"{name}.csv").exists():
            parts[name] = list(_table(folder, f"{name}.csv", model, reading))
    parts["figures"], parts["items"] = _figures(folder, reading)
    parts["entries"] = _entries(folder, {one.code: one for one in parts["registers"]}, reading)
    reading.programme = Programme(**parts)
    reading.problems.sort()
    return reading


def _placed(registers: list[Definition], head: Head | None) -> list[Definition]:
    """The registers with the places that their rows may name."""
    places = head.places if head else []
    return [
        one.model_copy(update={"places": places}) if any(it.type == "place" for it in one.fields) else one
        for one in registers
    ]


def _head(folder: Path, reading: Reading) -> Head | None:
    tree = _tree(folder, "programme.yaml", reading)
    return None if tree is None else _entry(Head, tree, "programme.yaml", reading)


def _sections(folder: Path, name: str, sections: dict[str, type[Entry]], reading: Reading) -> dict[str, list[Entry]]:
    if name in MAY_LACK and not (folder / name).exists():
        return {key: [] for key in sections}
    tree = _tree(folder, name, reading) or {}
    where = tree.pop(WHERE, Where(name, 1, {}))
    for key in tree.keys() - sections.keys():
        reading.problems.append(
            Problem(name, where.lines[key], f"不认识“{short(key)}”，这里只能有 {'、'.join(sections)}",
                    f"{short(key)!r} is not known here; use {', '.join(sections)}")
        )  # fmt: skip
    return {key: _list(key, model, tree, where, reading) for key, model in sections.items()}


def _list(key: str, model: type[E], tree: dict, where: Where, reading: Reading) -> list[E]:
    nodes = tree.get(key)
    if nodes is None and (key in OPTIONAL or not where.lines):
        return []
    if not isinstance(nodes, list):
        reading.problems.append(
            Problem(
                where.file, where.lines.get(key, 1), f"“{key}”应为列表，请补上", f"{key!r} should be a list; add it"
            )
        )
        return []
    entries = []
    for node in nodes:
        if isinstance(node, dict):
            _remember(key, node, reading)
            node = node | {"origin": ORIGIN[key]} if key in ORIGIN else node
        line = where.lines[key]
        entries.append(_entry(model, node, where.file, reading, line))
    return [entry for entry in entries if entry is not None]


def _remember(section: str, node: dict, reading: Reading) -> None:
    key = node.get("code", node.get("no", node.get("unit")))
    if isinstance(key, str | int):
        reading.seen.setdefault(section, set()).add(key)


def _entry(model: type[E], node: Any, file: str, reading: Reading, line: int = 1) -> E | None:
    try:
        return model.model_validate(node)
    except ValidationError as refused:
        for error in refused.errors(include_url=False):
            error["loc"] = tuple(step for step in error["loc"] if step not in TAGS)
            zh, en = _sentence(error)
            reading.problems.append(Problem(file, _line(node, error["loc"], line), zh, en))
        return None


def _line(node: Any, loc: tuple, line: int) -> int:
    """Line of the deepest part of the node on the way to `loc` that has one."""
    for step in loc:
        if isinstance(node, dict) and WHERE in node:
            line = node[WHERE].lines.get(step, node[WHERE].line)
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return line
    return node[WHERE].line if isinstance(node, dict) and WHERE in node else line


EXPECTED = {
    "string_type": ("应为文字，数字和日期请加引号", "should be text; quote numbers and dates"),
    "string_too_short": ("不能为空", "must not be empty"),
    "int_type": ("应为整数", "should be a whole number"),
    "bool_type": ("应为 true 或 false", "should be true or false"),
    "bool_parsing": ("应为 true 或 false", "should be true or false"),
    "list_type": ("应为列表", "should be a list"),
    "model_type": ("应为“字段: 值”", "should be a mapping of fields"),
    "string_pattern_mismatch": ("写法不对", "is not written in the right form"),
}
LIMITS = {
    "string_too_long": ("不能超过 {max_length} 个字", "must have at most {max_length} characters"),
    "greater_than_equal": ("不能小于 {ge}", "must be at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "must be at most {le}"),
    "too_short": ("至少要有 {min_length} 项", "must have at least {min_length} items"),
    "too_long": ("最多只能有 {max_length} 项", "must have at most {max_length} items"),
    "literal_error": ("应为其中之一：{expected}", "should be one of {expected}"),
    "enum": ("应为其中之一：{expected}", "should be one of {expected}"),
}


def _sentence(error: dict) -> tuple[str, str]:
    """What is wrong with a field and what to write instead, in Chinese and in English."""
    name, kind, context = _path(error["loc"]), error["type"], error.get("ctx", {})
    if kind == "missing":
        return f"缺少“{name}”，请补上", f"{name!r} is missing; add it"
    if kind == "extra_forbidden":
        return f"不认识“{name}”，请核对拼写或删去", f"{name!r} is not known; check the spelling or delete it"
    if "zh" in context:
        zh, en = context["zh"], context["en"]
    elif kind in LIMITS:
        zh, en = (form.format(**context) for form in LIMITS[kind])
        zh = zh.replace(" or ", " 或 ")
    else:
        zh, en = EXPECTED.get(kind, ("写法不对", error["msg"]))
    value = error["input"]
    told = "" if isinstance(value, dict | list | type(None)) else f" {short(value)} "
    if not name:
        return f"这一项{told}{zh}", f"this entry{told or ' '}{en}"
    return f"“{name}”{told or ' '}{zh}", f"{name!r}{told or ' '}{en}"


def _path(loc: tuple) -> str:
    path = ""
    for step in loc:
        path += f"[{step + 1}]" if isinstance(step, int) else f".{short(step)}"
    return path.lstrip(".")


def _text(folder: Path, name: str, reading: Reading) -> str | None:
    path = folder / name
    if not path.is_file():
        reading.problems.append(Problem(name, 1, "缺少这个文件，请补上", "this file is missing; add it"))
        return None
    if (size := path.stat().st_size) > MOST_BYTES:
        mega, most = f"{size / 1e6:.1f}", MOST_BYTES // 1_000_000
        reading.problems.append(
            Problem(
                name,
                1,
                f"文件有 {mega} MB，上限 {most} MB，请拆分",
                f"the file has {mega} MB, at most {most} MB; split it",
            )
        )
        return None
    return _decoded(path.read_bytes(), name, reading)


def _decoded(raw: bytes, name: str, reading: Reading) -> str | None:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        guess = _encoding(raw)
        zh = f"不是 UTF-8 编码{f'（像是 {guess}）' if guess else ''}，请另存为 UTF-8"
        en = f"not encoded in UTF-8{f' (it looks like {guess})' if guess else ''}; save it as UTF-8"
        reading.problems.append(Problem(name, line, zh, en))
        return None


def _encoding(raw: bytes) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "GB18030"


def _tree(folder: Path, name: str, reading: Reading) -> dict[str, Any] | None:
    """A YAML file as nested dicts and lists; each dict carries its Where. None, with a problem, where it cannot be used."""
    text = _text(folder, name, reading)
    if text is None:
        return None
    try:
        found = tree(text, name, lambda line, zh, en: reading.problems.append(Problem(name, line, zh, en)))
    except Unusable as unusable:
        reading.problems.append(Problem(name, unusable.line, unusable.zh, unusable.en))
        return None
    if isinstance(found, dict):
        return found
    reading.problems.append(Problem(name, 1, "文件内容应为“字段: 值”", "the file should be a mapping of fields"))
    return None


def _table(folder: Path, name: str, model: type[E] | None, reading: Reading) -> Iterator[E]:
    """Rows of a CSV table; a table of figures tells by its columns whether it has periods or items."""
    text = _text(folder, name, reading)
    rows = [] if text is None else list(_rows(text, name, reading))
    if not rows:
        return
    columns = [cell.strip() for cell in rows[0][1]]
    model = model or (Item if "item" in columns else Figure)
    if not _columns_fit(columns, model, name, reading):
        return
    for line, cells in rows[1:]:
        if (node := _row(line, cells, columns, name, reading)) is not None:
            if model is Source:
                _remember("sources", node, reading)
            if (entry := _entry(model, node, name, reading, line)) is not None:
                yield entry


def _rows(text: str, name: str, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each row that is not empty."""
    table, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = table.line_num + 1
    except csv.Error:
        zh, en = "表格写法有误，请检查引号", "broken table; check the quotes"
        reading.problems.append(Problem(name, max(table.line_num, 1), zh, en))


def _columns_fit(columns: list[str], model: type[Entry], name: str, reading: Reading) -> bool:
    fields = {key: f for key, f in model.model_fields.items() if key != "where"}
    missing = [key for key, f in fields.items() if f.is_required() and key not in columns]
    wrong = [short(c) for i, c in enumerate(columns) if c not in fields or c in columns[:i]]
    if missing:
        reading.problems.append(
            Problem(
                name, 1, f"表头缺少列 {'、'.join(missing)}，请补上", f"the head lacks {', '.join(missing)}; add them"
            )
        )
    if wrong:
        zh = f"表头中的列 {'、'.join(wrong)} 不认识或重复，请改名或删去"
        en = f"the columns {', '.join(wrong)} are not known or stand twice; rename or delete them"
        reading.problems.append(Problem(name, 1, zh, en))
    return not missing and not wrong


def _row(line: int, cells: list[str], columns: list[str], name: str, reading: Reading) -> dict[str, Any] | None:
    if len(cells) != len(columns):
        zh = f"这一行有 {len(cells)} 格，表头有 {len(columns)} 列，请补齐或删去多余的格"
        en = f"this row has {len(cells)} cells, the head {len(columns)}; add or delete cells"
        reading.problems.append(Problem(name, line, zh, en))
        return None
    filled = {column: cell.strip() for column, cell in zip(columns, cells, strict=True) if cell.strip()}
    return filled | {WHERE: Where(name, line, {})}


def _figures(folder: Path, reading: Reading) -> tuple[list[Figure], list[Item]]:
    place = folder / "figures"
    files = sorted(place.iterdir()) if place.is_dir() else []
    entries: list[Entry] = []
    for path in files:
        name = f"figures/{path.name}"
        if path.suffix == ".csv":
            entries += _table(folder, name, None, reading)
        elif not path.name.startswith("."):
            reading.problems.append(
                Problem(name, 1, "这里只放 .csv 表格，请另存或移走", "only .csv tables belong here; convert or move it")
            )
    return [e for e in entries if isinstance(e, Figure)], [e for e in entries if isinstance(e, Item)]


# --- rows of registers

FIXED = ("state", "effective", "known", "source", "lon", "lat", "geometry")


def _entries(folder: Path, registers: dict[str, Definition], reading: Reading) -> list[RegisterRow]:
    place = folder / "registers"
    rows: list[RegisterRow] = []
    for path in sorted(place.iterdir()) if place.is_dir() else []:
        name = f"registers/{path.name}"
        if path.suffix == ".csv" and path.stem in registers:
            rows += _register_table(folder, name, registers[path.stem], reading)
        elif path.suffix == ".csv" and not reading.knows("registers", path.stem):
            zh = f"台账 {path.stem} 不在 registers.yaml 中，请先登记或改正文件名"
            reading.problems.append(
                Problem(name, 1, zh, f"the register {path.stem} is not in registers.yaml; add it or rename the file")
            )
        elif path.suffix != ".csv" and not path.name.startswith("."):
            reading.problems.append(
                Problem(name, 1, "这里只放 .csv 表格，请另存或移走", "only .csv tables belong here; convert or move it")
            )
    return rows


def _register_table(folder: Path, name: str, register: Definition, reading: Reading) -> Iterator[RegisterRow]:
    text = _text(folder, name, reading)
    rows = [] if text is None else list(_rows(text, name, reading))
    if not rows:
        return
    columns = [cell.strip() for cell in rows[0][1]]
    if not _fields_fit(columns, register, name, reading):
        return
    for line, cells in rows[1:]:
        if (node := _row(line, cells, columns, name, reading)) is not None:
            where = node.pop(WHERE)
            if (row := _register_row(register, where, node, reading)) is not None:
                yield row


def _fields_fit(columns: list[str], register: Definition, name: str, reading: Reading) -> bool:
    missing = [code for code in (*register.key, "known", "source") if code not in columns]
    wrong = [short(c) for i, c in enumerate(columns) if c not in (*register.field, *FIXED) or c in columns[:i]]
    for codes, zh, en in (
        (missing, "表头缺少列 {}，请补上", "the head lacks {}; add them"),
        (
            wrong,
            "表头中的列 {} 不认识或重复，请改名或删去",
            "the columns {} are not known or stand twice; rename or delete them",
        ),
    ):
        if codes:
            reading.problems.append(Problem(name, 1, zh.format("、".join(codes)), en.format(", ".join(codes))))
    return not missing and not wrong


def _register_row(register: Definition, where: Where, node: dict[str, str], reading: Reading) -> RegisterRow | None:
    try:
        data = {code: _cell(register.field[code], text) for code, text in node.items() if code in register.field}
        days = [_cell(DAY, node[name]) if name in node else None for name in ("effective", "known")]
        effective, known = (day and date.fromisoformat(day) for day in days)
        if known is None or "source" not in node:
            raise Unreadable("缺少 known 或 source，请补上", "known or source is missing; add it")
        geometry = _geometry(node)
    except Unreadable as wrong:
        reading.problems.append(Problem(where.file, where.line, wrong.zh, wrong.en))
        return None
    return RegisterRow(where, register.code, data, node.get("state"), effective, known, node["source"], geometry)


DAY = Column.model_validate({"code": "day", "name": {"zh": "日期", "en": "day"}, "type": "date"})


def _cell(column: Column, text: str) -> Any:
    try:
        return read_cell(column, text)
    except Unreadable as wrong:
        raise Unreadable(f"“{column.name.zh}”{wrong.zh}", f"{column.name.en}: {wrong.en}") from None


def _geometry(node: dict[str, str]) -> dict | None:
    try:
        if "geometry" in node:
            return json.loads(node["geometry"])
        if "lon" in node or "lat" in node:
            return {"type": "Point", "coordinates": [float(node["lon"]), float(node["lat"])]}
    except (KeyError, ValueError):
        raise Unreadable(
            "位置读不懂：lon 与 lat 应同时写成数字，geometry 应为 GeoJSON",
            "the place cannot be read: lon and lat are two numbers, geometry is GeoJSON",
        ) from None
    return None
