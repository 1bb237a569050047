"""Rows of a register from a workbook (.xlsx as Excel and WPS write it) or a CSV file.

Everything that is wrong is told at its cell; nothing of a file with a fault is kept. Nothing in a cell is computed: a cell
that holds a formula is a fault.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from qingshan.people.models import User
from qingshan.plan.actions import Refused
from qingshan.plan.models import Programme

from . import darwin_core, workbook
from .actions import Invalid, Outcome, Stated, examine, put_entries
from .cells import Unreadable, expected, read, show
from .darwin_core import ASIDE, SIMULATED, WGS84, NotAnArchive, is_archive, opened, plain
from .models import Origin, Revision
from .queries import entries, register_now, sight
from .schema import Definition
from .workbook import GEOMETRY, LAT, LON, MARK, ORIGIN, ORIGINS, STATE, columns_of, csv_text, heading

MOST_ROWS = 60_000
MOST_BYTES = 40 * 2**20
MOST_UNPACKED = 600 * 2**20
MOST_FAULTS = 500
Watch = Callable[[Iterable], Iterable]


class Fault(NamedTuple):
    """What is wrong at one cell, and what was expected there. `cell` is B12, or empty where the whole file is meant."""

    sheet: str
    cell: str
    value: str
    zh: str
    en: str

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.sheet, self.cell)))
        return f"{place}：{self.zh}" if place else self.zh


@dataclass
class Sheet:
    """A file as read: the rows that could be, each with its line, and every fault."""

    name: str
    rows: list[Stated] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


class FaultyFile(Refused):
    """A file with faults, of which nothing was kept."""

    def __init__(self, faults: Sequence[Fault]):
        super().__init__(
            f"文件有 {len(faults)} 处问题，一条也没有导入。{faults[0]}",
            f"The file has {len(faults)} faults; nothing was imported. {faults[0].sheet} {faults[0].cell}: {faults[0].en}",
        )
        self.faults = list(faults)


def dry_run(
    *,
    by: User | None,
    programme: Programme,
    register: str,
    content: bytes,
    name: str,
    known_on: date,
    watch: Watch = iter,
) -> tuple[Outcome, list[Fault]]:
    """What importing the file would do, and all its faults."""
    definition = _definition(programme, register)
    sheet = _read(programme, definition, content, name, known_on, watch)
    outcome = examine(by=by, programme=programme, register=register, rows=sheet.rows, watch=watch)
    return outcome, _all_faults(definition, sheet, outcome)


def import_rows(
    *, by: User | None, programme: Programme, register: str, content: bytes, name: str, known_on: date, why: str = "",
    watch: Watch = iter,
) -> Outcome:  # fmt: skip
    """Keep the file's rows: all of them, or none. Raises FaultyFile with every fault."""
    definition = _definition(programme, register)
    sheet = _read(programme, definition, content, name, known_on, watch)
    if sheet.faults:
        outcome = examine(by=by, programme=programme, register=register, rows=sheet.rows)
        raise FaultyFile(_all_faults(definition, sheet, outcome))
    try:
        return put_entries(
            by=by,
            programme=programme,
            register=register,
            rows=sheet.rows,
            why=why or f"导入 {name}",
            watch=watch,
            detail={"file": name[:120]},
        )
    except Invalid as wrong:
        raise FaultyFile(_all_faults(definition, sheet, Outcome(problems=wrong.problems))) from None


def _read(
    programme: Programme, definition: Definition, content: bytes, name: str, known_on: date, watch: Watch
) -> Sheet:
    sheet = read_rows(definition, _bodies(programme), content, name, known_on, watch)
    if content.startswith(b"PK") and is_archive(content):
        _at_home(programme, definition, sheet)
    return sheet


def _definition(programme: Programme, register: str) -> Definition:
    if found := register_now(programme, register):
        return found
    raise Refused(f"规划“{programme}”没有台账 {register}。", f"The programme has no register {register}.")


def _bodies(programme: Programme) -> dict[str, str]:
    return dict(programme.jurisdiction.bodies.values_list("code", "name"))


def _all_faults(definition: Definition, sheet: Sheet, outcome: Outcome) -> list[Fault]:
    found = list(sheet.faults)
    for place, problem in outcome.problems[: MOST_FAULTS * 2]:
        letter, row = sheet.columns.get(problem.field, "A"), sheet.rows[place]
        value = row.data.get(problem.field, row.state if problem.field == STATE else "")
        found.append(Fault(sheet.name, f"{letter}{sheet.lines[place]}", str(value)[:60], problem.zh, problem.en))
    return sorted(found, key=lambda one: (int("0" + "".join(filter(str.isdigit, one.cell))), one.cell))[:MOST_FAULTS]


# --- the file


def read_rows(
    definition: Definition, bodies: Mapping[str, str], content: bytes, name: str, known_on: date, watch: Watch = iter
) -> Sheet:
    """The rows of a workbook or CSV file, as far as they can be read. `bodies`: code → name."""
    if len(content) > MOST_BYTES:
        return _unread(
            f"文件有 {len(content) / 2**20:.0f} MB，上限 {MOST_BYTES // 2**20} MB，请拆分。",
            "The file is too large; split it.",
        )
    if content.startswith(b"PK") and is_archive(content):
        return _archive(definition, bodies, content, known_on, watch)
    if content.startswith(b"PK"):
        return _workbook(definition, bodies, content, known_on, watch)
    if name.lower().endswith((".xls", ".et")) or content.startswith(b"\xd0\xcf\x11\xe0"):
        return _unread(
            "这是旧格式的表格，请在 WPS 或 Excel 中另存为 .xlsx。", "This is an old kind of workbook; save it as .xlsx."
        )
    return _csv(definition, bodies, content, name, known_on, watch)


def _archive(definition: Definition, bodies: Mapping[str, str], content: bytes, known_on: date, watch: Watch) -> Sheet:
    """The records of a Darwin Core archive; faults are told at the line and column of its table."""
    try:
        found = opened(definition, content)
        lines = list(islice(found.lines, MOST_ROWS + 1))
    except NotAnArchive as broken:
        return _unread(f"{broken.zh}。", f"{broken.en}.")
    except csv.Error:
        return _unread("压缩包中的数据表写法有误，请检查引号。", "The archive's table is broken; check the quotes.")
    if len(lines) > MOST_ROWS:
        return _unread(f"行数超过 {MOST_ROWS} 行，请拆分。", f"More than {MOST_ROWS} rows; split the file.")
    sheet = Sheet(found.name, columns={code: get_column_letter(place + 1) for code, place in found.places.items()})
    codes = {code: code for code in sheet.columns} | {"lon": LON, "lat": LAT}
    for code in definition.key:
        if code not in sheet.columns:
            term = definition.field[code].term or code
            return _unread(f"压缩包缺少 {term} 一列。", f"The archive lacks the column {term}.")
    names = {body: code for code, body in bodies.items()} | {code: code for code in bodies}
    columns = [code for code in sheet.columns if code not in ASIDE]
    for line in watch(lines):
        if _in_wgs84(sheet, line):
            cells = [(_told(definition, code, line.cells.get(code)), False) for code in columns]
            before = len(sheet.rows)
            _take(definition, sheet, [codes[code] for code in columns], names, line.number, cells, known_on)
            if line.cells.get("dataset") == SIMULATED:
                sheet.rows[before:] = [row._replace(origin=Origin.SIMULATED) for row in sheet.rows[before:]]
    return sheet


def _told(definition: Definition, code: str, text: str | None) -> str | None:
    return plain(definition.field[code], text) if text and code in definition.field else text


def _in_wgs84(sheet: Sheet, line) -> bool:
    datum = line.cells.get("datum", "")
    if datum.lower() in WGS84:
        return True
    zh = f"坐标系 {datum[:20]} 不能直接使用，请先换算为 WGS84（EPSG:4326）"
    place = f"{sheet.columns['datum']}{line.number}"
    sheet.faults.append(
        Fault(
            sheet.name, place, datum[:60], zh, f"coordinates in {datum[:20]}; convert them to WGS84 (EPSG:4326) first"
        )
    )
    return False


def _at_home(programme: Programme, definition: Definition, sheet: Sheet) -> None:
    """Give rows of an archive what stands of them in fields without a term: what was never sent out is not taken away."""
    free = [one.code for one in definition.fields if not one.term]
    keys = [definition.key_of(row.data) for row in sheet.rows]
    rows, stand = entries(programme, definition.code), {}
    for at in range(0, len(keys), 1000):
        stand |= dict(rows.filter(key__in=keys[at : at + 1000]).values_list("key", "data"))
    for place, (key, row) in enumerate(zip(keys, sheet.rows, strict=True)):
        kept = {code: stand[key][code] for code in free if code in stand.get(key, {})}
        sheet.rows[place] = row._replace(data=kept | row.data)


def _unread(zh: str, en: str) -> Sheet:
    return Sheet("", faults=[Fault("", "", "", zh, en)])


def _workbook(definition: Definition, bodies: Mapping[str, str], content: bytes, known_on: date, watch: Watch) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                return _unread("文件解开后过大，请核对。", "The file is too large once unpacked.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, ParseError):
        return _unread(
            "文件打不开，请用 WPS 或 Excel 另存为 .xlsx 再上传。", "The file cannot be opened; save it as .xlsx again."
        )
    page = book.worksheets[0]
    page.reset_dimensions()  # some programs write a false extent
    lines = ((line, row) for line, row in enumerate(page.iter_rows(), 1))
    try:
        return _sheet(
            definition,
            bodies,
            page.title,
            ((line, [(c.value, c.data_type == "f") for c in row]) for line, row in lines),
            known_on,
            watch,
        )
    except (ParseError, KeyError, ValueError, zipfile.BadZipFile):
        return _unread("表格内容损坏，请用 WPS 或 Excel 另存后再上传。", "The sheet is broken; save it again.")
    finally:
        book.close()


def _csv(
    definition: Definition, bodies: Mapping[str, str], content: bytes, name: str, known_on: date, watch: Watch
) -> Sheet:
    text = next((told for code in ("utf-8-sig", "gb18030") if (told := _decoded(content, code)) is not None), None)
    if text is None or "\x00" in text:
        return _unread(
            "文件既不是 .xlsx，也不是 UTF-8 或 GB18030 的 CSV。",
            "The file is neither .xlsx nor CSV in UTF-8 or GB18030.",
        )
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        lines = [(line, [_csv_cell(cell) for cell in row]) for line, row in enumerate(islice(rows, MOST_ROWS + 10), 1)]
    except csv.Error:
        return _unread(
            f"第 {rows.line_num} 行不是 CSV，请检查引号。", f"Line {rows.line_num} is not CSV; check the quotes."
        )
    return _sheet(definition, bodies, name, iter(lines), known_on, watch)


def _decoded(content: bytes, code: str) -> str | None:
    try:
        return content.decode(code)
    except UnicodeDecodeError:
        return None


def _csv_cell(text: str) -> tuple[str | None, bool]:
    """An apostrophe before a text that would be a formula is what a CSV export puts there."""
    if text.startswith("'"):
        return text[1:], False
    return text or None, text.startswith(("=", "@")) or (text[:1] in "+-" and len(text) > 1 and not text[1:2].isdigit())


Cells = Sequence[tuple[Any, bool]]


def _sheet(
    definition: Definition,
    bodies: Mapping[str, str],
    name: str,
    lines: Iterator[tuple[int, Cells]],
    known_on: date,
    watch: Watch,
) -> Sheet:
    sheet = Sheet(name)
    codes, lines = _heads(definition, sheet, lines)
    if sheet.faults:
        return sheet
    names = {body: code for code, body in bodies.items()} | {code: code for code in bodies}
    for line, cells in watch(lines):
        if len(sheet.rows) >= MOST_ROWS:
            sheet.faults.append(
                Fault(
                    name,
                    f"A{line}",
                    "",
                    f"行数超过 {MOST_ROWS} 行，请拆分。",
                    f"More than {MOST_ROWS} rows; split the file.",
                )
            )
            break
        if any(value not in (None, "") for value, _ in cells) and len(sheet.faults) < MOST_FAULTS:
            _take(definition, sheet, codes, names, line, cells, known_on)
    return sheet


def _heads(
    definition: Definition, sheet: Sheet, lines: Iterator[tuple[int, Cells]]
) -> tuple[list[str | None], Iterator[tuple[int, Cells]]]:
    """The code of each column, from a template's row of codes or else from the words of the head; and the lines below."""
    known = columns_of(definition, exported=True)
    wanted = {heading(definition, code): code for code in known}
    wanted |= {one.name.zh: one.code for one in definition.fields} | {code: code for code in known}
    _, first = next(lines, (1, []))
    told = [str(value or "").strip() for value, _ in first]
    codes = [wanted.get(one) for one in told]
    line, second = next(lines, (2, []))
    marked = [str(value or "").strip() for value, _ in second]
    if marked and marked[0].startswith(MARK):
        _, register, _, begin = (marked[0].split(":") + ["", "", ""])[:4]
        if register != definition.code:
            zh = f"这是台账 {register} 的表，不是“{definition.name.zh}”的"
            sheet.faults.append(
                Fault(
                    sheet.name,
                    "A2",
                    register,
                    zh,
                    f"this is a sheet of the register {register}, not of {definition.code}",
                )
            )
        codes = [one if one in known else None for one in [begin, *marked[1:]]]
    else:
        lines = chain([(line, second)], lines)
    for number, (one, code) in enumerate(zip(told, codes, strict=False), 1):
        if one and code is None:
            zh = f"不认识这一列“{one[:30]}”，请用模板中的表头或删去此列"
            sheet.faults.append(
                Fault(
                    sheet.name,
                    f"{get_column_letter(number)}1",
                    one[:60],
                    zh,
                    f"unknown column {one[:30]!r}; use the template's head or delete it",
                )
            )
        elif code and code in sheet.columns:
            sheet.faults.append(
                Fault(
                    sheet.name,
                    f"{get_column_letter(number)}1",
                    one[:60],
                    f"这一列与 {sheet.columns[code]} 列重复",
                    f"the column stands twice, first as {sheet.columns[code]}",
                )
            )
        elif code:
            sheet.columns[code] = get_column_letter(number)
    for code in definition.key:
        if code not in sheet.columns:
            zh = f"缺少“{heading(definition, code)}”一列，请用模板"
            sheet.faults.append(
                Fault(
                    sheet.name,
                    "A1",
                    "",
                    zh,
                    f"the column {definition.field[code].name.en} is missing; use the template",
                )
            )
    return codes, lines


def _take(
    definition: Definition,
    sheet: Sheet,
    codes: Sequence[str | None],
    names: Mapping[str, str],
    line: int,
    cells: Cells,
    known_on: date,
) -> None:
    """Read one line; keep its row, or say at which cells it is wrong."""
    data: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    before = len(sheet.faults)
    for number, (value, computed) in enumerate(cells, 1):
        code = codes[number - 1] if number <= len(codes) else None
        if value in (None, ""):
            continue
        place = f"{get_column_letter(number)}{line}"
        if code is None:
            sheet.faults.append(
                Fault(
                    sheet.name,
                    place,
                    str(value)[:60],
                    "这一格没有表头，请删去",
                    "no head stands over this cell; delete it",
                )
            )
        elif computed:
            zh = "这一格是公式，公式不予计算，请改填数值（复制后选“粘贴为数值”）"
            sheet.faults.append(
                Fault(sheet.name, place, str(value)[:60], zh, "this cell is a formula; fill in its value")
            )
        elif code in definition.field:
            _read_into(data, definition, sheet, code, names, value, place)
        else:
            extra[code] = (value, place)
    state, geometry = _state(definition, sheet, extra), _geometry(sheet, extra)
    if len(sheet.faults) == before:
        sheet.rows.append(Stated(data, state, known_on, None, geometry, origin=None, source=None))
        sheet.lines.append(line)


def _read_into(
    data: dict[str, Any],
    definition: Definition,
    sheet: Sheet,
    code: str,
    names: Mapping[str, str],
    value: Any,
    place: str,
) -> None:
    column = definition.field[code]
    try:
        found = read(column, value)
    except Unreadable as wrong:
        sheet.faults.append(
            Fault(sheet.name, place, str(value)[:60], f"“{column.name.zh}”{wrong.zh}", f"{column.name.en}: {wrong.en}")
        )
        return
    if column.type == "body" and found is not None and found not in names:
        zh = f"“{column.name.zh}”“{found}”不是登记的部门，应为{expected(column)}"
        sheet.faults.append(Fault(sheet.name, place, found[:60], zh, f"{column.name.en}: {found} is no known body"))
        return
    data[code] = names[found] if column.type == "body" and found is not None else found


def _state(definition: Definition, sheet: Sheet, extra: Mapping[str, tuple[Any, str]]) -> str | None:
    if STATE not in extra:
        return None
    value, place = extra[STATE]
    text = str(value).strip()
    for one in definition.states:
        if text in (one.code, one.zh, one.en):
            return one.code
    names = "、".join(one.zh for one in definition.states)
    sheet.faults.append(
        Fault(
            sheet.name,
            place,
            text[:60],
            f"“{text[:30]}”不是状态，应为：{names}",
            f"{text[:30]!r} is no state of this register",
        )
    )
    return None


def _geometry(sheet: Sheet, extra: Mapping[str, tuple[Any, str]]) -> dict | None:
    try:
        if GEOMETRY in extra:
            return json.loads(str(extra[GEOMETRY][0]))
        if LON in extra or LAT in extra:
            return {"type": "Point", "coordinates": [_degrees(extra, LON), _degrees(extra, LAT)]}
    except (ValueError, KeyError, RecursionError):
        place = next(extra[code][1] for code in (GEOMETRY, LON, LAT) if code in extra)
        zh = "位置读不懂：经度和纬度应同时填写，为 121.3412 这样的数字；图形应为 GeoJSON"
        sheet.faults.append(
            Fault(
                sheet.name,
                place,
                str(extra.get(GEOMETRY, extra.get(LON, extra.get(LAT)))[0])[:60],
                zh,
                "the place cannot be read",
            )
        )
    return None


def _degrees(extra: Mapping[str, tuple[Any, str]], code: str) -> float:
    value = extra[code][0]
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(value)
    return float(value)


# --- out


def plain_rows(definition: Definition, rows, by: User | None = None) -> Iterator[dict[str, Any]]:
    """Rows as column → value, for a workbook or a CSV file; what `by` may not see is left empty."""
    sees = sight(definition, by)
    key = "entry__key" if rows.model is Revision else "key"
    told = rows.order_by(key).values_list("data", "state", "lon", "lat", "geometry", "body_id", "origin")
    for data, state, lon, lat, geometry, body, origin in told.iterator(chunk_size=2000):
        if not sees.places(body):
            lon = lat = geometry = None
        shape = json.dumps(geometry, ensure_ascii=False) if geometry else None
        yield {**sees.data(data, body), STATE: state, LON: lon, LAT: lat, GEOMETRY: shape, ORIGIN: origin}


def write_workbook(
    file: IO[bytes], programme: Programme, register: str, rows=None, empty: bool = False, by: User | None = None
) -> None:
    """Write the register's template to `file`, with its rows (or those given) filled in unless `empty`."""
    definition = _definition(programme, register)
    told = () if empty else plain_rows(definition, entries(programme, register) if rows is None else rows, by)
    workbook.write(file, definition, _bodies(programme), told, exported=not empty)


def write_archive(file: IO[bytes], definition: Definition, rows, by: User | None = None) -> None:
    """Write the rows as a Darwin Core archive to `file`."""
    simulated = rows.filter(origin="simulated").exists()
    darwin_core.write(file, definition, plain_rows(definition, rows, by), simulated)


def as_csv(programme: Programme, register: str, rows=None, by: User | None = None) -> Iterator[str]:
    """The register's rows as lines of CSV, one after another, so that a million of them need no more memory than one."""
    definition, bodies = _definition(programme, register), _bodies(programme)
    codes = columns_of(definition, exported=True)
    yield "\ufeff" + _line([heading(definition, code) for code in codes])
    for row in plain_rows(definition, entries(programme, register) if rows is None else rows, by):
        yield _line([_shown(definition, bodies, code, row.get(code)) for code in codes])


def _shown(definition: Definition, bodies: Mapping[str, str], code: str, value: Any) -> Any:
    if code == STATE:
        return definition.state[value].zh if value in definition.state else value
    if code == ORIGIN:
        return ORIGINS.get(value, value)
    column = definition.field.get(code)
    if column is None or value is None:
        return value
    return bodies.get(value, value) if column.type == "body" else show(column, value)


def _line(values: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([csv_text(value) for value in values])
    return out.getvalue()
