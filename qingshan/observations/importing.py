"""Files of measurements into rows of the store: by a mapping that is kept for each source, in a dry run first.

A cell that cannot be read refuses its row with line, column, the cell and what was expected; the rows that are whole can be
taken without it only where the caller asks for that. What a whole file betrays (exchanged columns, a unit that cannot be) is
noticed before a row is made.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import yaml

from .rows import FLAGS, GIVEN, MEDIA, PERIODS, PLACES
from .units import factor, kept_in

LINE = "__line__"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, a row or a file; `line` counts from 1 with the heading as the first, 0 is the whole file."""

    line: int
    column: str
    cell: str
    zh: str
    en: str


class Unreadable(ValueError):
    """A file or a mapping that cannot be read at all."""

    def __init__(self, zh: str, en: str):
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Source:
    """How the files of a source are read."""

    code: str
    told: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.told[name]

    @cached_property
    def columns(self) -> set[str]:
        """The columns a file must have."""
        time, state = self["time"], self.told.get("state")
        asked = {*self["site"], *self["values"], *self.told.get("maxima", {}).values()}
        asked |= set(time.get("parts", ())) | {time[name] for name in ("column", "year_of") if name in time}
        return asked | ({state["column"]} if state else set())


@dataclass
class Reading:
    """A file read by a source: rows of the shape GIVEN, faults, and notices of what was put right."""

    rows: pa.Table
    faults: list[Fault] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    lines: int = 0


def sources() -> list[str]:
    """The codes of the sources that come with Qingshan."""
    return sorted(
        one.name.removesuffix(".yaml")
        for one in (files(__package__) / "sources").iterdir()
        if one.name.endswith(".yaml")
    )


def source(code: str | Path) -> Source:
    """The mapping of that code, or in that file. Raises Unreadable with what it lacks."""
    place = Path(code)
    found = place if place.suffix in (".yaml", ".yml") else files(__package__) / "sources" / f"{code}.yaml"
    try:
        told = yaml.safe_load(found.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as reason:
        known = "、".join(sources())
        raise Unreadable(
            f"没有来源“{code}”；已有：{known}。", f"There is no source {code}; known are {known}."
        ) from reason
    return _whole(Source(place.stem, told if isinstance(told, dict) else {}))


def _whole(one: Source) -> Source:
    lacking = [name for name in ("medium", "period", "site", "time", "values") if name not in one.told]
    if lacking:
        raise Unreadable(
            f"来源“{one.code}”缺少：{'、'.join(lacking)}。", f"The source {one.code} lacks {', '.join(lacking)}."
        )
    for name, known in (("medium", MEDIA), ("period", PERIODS)):
        if one[name] not in known:
            raise Unreadable(f"来源“{one.code}”的 {name} 是 {one[name]}，可用：{'、'.join(known)}。",
                             f"The source {one.code} has {name} {one[name]}; there are {', '.join(known)}.")  # fmt: skip
    return one


def read(file: str | Path, by: Source) -> Reading:
    """A file (.csv, .csv.gz, .xlsx) read by a source. Raises Unreadable where nothing of it can be read."""
    cells, faults = _cells(Path(file), by.told.get("encoding", "utf-8"))
    lacking = sorted(by.columns - set(cells.column_names))
    if lacking:
        there = "、".join(one for one in cells.column_names if one != LINE)
        raise Unreadable(f"文件缺少列：{'、'.join(lacking)}。文件里有：{there}。",
                         f"The file lacks the columns {', '.join(lacking)}; it has {there}.")  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.register("cells", cells)
        return _Reader(connection, by, Reading(GIVEN.empty_table(), faults, lines=cells.num_rows)).done()


def _cells(file: Path, encoding: str) -> tuple[pa.Table, list[Fault]]:
    """All cells as text, with the number of their line; rows of another width than the heading are faults."""
    try:
        if file.suffix.lower() == ".xlsx":
            return _sheet(file), []
        return _text(file, encoding)
    except (OSError, EOFError, ValueError, KeyError, csv.Error, pa.ArrowInvalid) as reason:
        raise Unreadable(
            f"读不了文件 {file.name}：{reason}", f"The file {file.name} cannot be read: {reason}"
        ) from reason


def _sheet(file: Path) -> pa.Table:
    from openpyxl import load_workbook

    try:
        rows = (
            load_workbook(BytesIO(file.read_bytes()), read_only=True, data_only=True)
            .worksheets[0]
            .iter_rows(values_only=True)
        )
        heading = [str(one).strip() for one in next(rows) if one is not None]
    except StopIteration:
        raise ValueError("no heading") from None
    except Exception as reason:  # openpyxl raises whatever a broken archive makes it meet
        raise ValueError(f"{type(reason).__name__}: {reason}") from reason
    body = [[_as_text(one) for one in row[: len(heading)]] for row in rows]
    columns = list(zip(*body, strict=True)) if body else [()] * len(heading)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(heading, columns, strict=True)})
    return table.append_column(LINE, pa.array(range(2, len(body) + 2), pa.int64()))


def _as_text(cell) -> str | None:
    return None if cell is None else cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


def _text(file: Path, encoding: str) -> tuple[pa.Table, list[Fault]]:
    faults: list[Fault] = []

    def skip(row) -> str:
        faults.append(Fault(row.number or 0, "", (row.text or "")[:80], f"这一行有 {row.actual_columns} 列，应有 {row.expected_columns} 列。",
                            f"This line has {row.actual_columns} columns instead of {row.expected_columns}."))  # fmt: skip
        return "skip"

    with pa.input_stream(str(file), compression="detect") as stream:
        data = _decoded(stream.read(), encoding)
    heading = data.split(b"\n", 1)[0].decode("utf-8")
    names = [one.strip().strip('"') for one in next(csv.reader([heading.rstrip("\r")]), [])]
    table = pacsv.read_csv(
        BytesIO(data),
        read_options=pacsv.ReadOptions(use_threads=False, column_names=names, skip_rows=1, block_size=len(data) + 1),
        parse_options=pacsv.ParseOptions(invalid_row_handler=skip, newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    bad = {one.line for one in faults}
    lines = [n for n in range(2, table.num_rows + len(faults) + 2) if n not in bad][: table.num_rows]
    return table.append_column(LINE, pa.array(lines, pa.int64())), faults


def _decoded(data: bytes, encoding: str) -> bytes:
    """The text as UTF-8; a file in GB 18030 is understood as well."""
    if not data.strip():
        raise ValueError("the file is empty")
    for one in dict.fromkeys((encoding, "utf-8-sig", "gb18030")):
        try:
            return data.decode(one).encode("utf-8")
        except UnicodeDecodeError:
            continue
    raise ValueError(f"neither {encoding} nor GB 18030")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + str(text).replace("'", "''") + "'"


class _Reader:
    """One file in the hands of DuckDB: its cells turned into rows, step by step."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, by: Source, reading: Reading):
        self.sql, self.by, self.reading = connection, by, reading

    def done(self) -> Reading:
        self._times()
        swapped = self._maxima()
        parts = [self._column(column, told, swapped.get(column, column)) for column, told in self.by["values"].items()]
        self.sql.execute("CREATE TEMP TABLE found AS " + " UNION ALL ".join(parts))
        self._faults()
        self._units()
        self._repeated()
        self.reading.rows = self._rows()
        return self.reading

    def _times(self) -> None:
        """Each row's site, time and state, or why it has none."""
        site = " || ' ' || ".join(f"coalesce(trim({quoted(one)}), '')" for one in self.by["site"])
        shift = " - INTERVAL 1 HOUR" if self.by["time"].get("stamp") == "end" and self.by["period"] == "hour" else ""
        self.sql.execute(
            f"CREATE TEMP TABLE placed AS SELECT *, trim({site}) AS at_site, {self._instant()}{shift} AS at_time, "
            f"{self._state()} AS at_state FROM cells"
        )
        self._fault("trim(at_site) = ''", self.by["site"][0], "没有点位名称或编码。", "There is no site.")
        self._fault(
            "at_time IS NULL",
            self._time_column(),
            "时间读不懂；应为 " + self._time_form(),
            "The time cannot be read; expected " + self._time_form(),
        )
        if "state" in self.by.told:
            known = "、".join(self.by["state"]["flags"])
            self._fault(
                "at_state IS NULL",
                self.by["state"]["column"],
                f"站点状态不认识；可用：{known}。",
                f"The state is not known; there are {known}.",
            )

    def _time_column(self) -> str:
        time = self.by["time"]
        return time["column"] if "column" in time else time["parts"][0]

    def _time_form(self) -> str:
        time = self.by["time"]
        return time.get("format") or " ".join(time["parts"])

    def _instant(self) -> str:
        time = self.by["time"]
        if "parts" in time:
            numbers = [f"try_cast(trim({quoted(one)}) AS INT)" for one in time["parts"]]
            numbers += ["0"] * (5 - len(numbers))  # year, month, day, hour, minute
            return f"TRY(make_timestamp({', '.join(numbers)}, 0))"
        if "year_of" not in time:
            return f"try_strptime(trim({quoted(time['column'])}), {literal(time['format'])})"
        # The year is that of the other column; a day of December told in January is the year before's.
        whole = f"trim({quoted(time['year_of'])})"
        dated = f"try_strptime(left({whole}, 4) || '-' || trim({quoted(time['column'])}), {literal('%Y-' + time['format'])})"
        return f"CASE WHEN {dated} > try_cast({whole} AS DATE) + 31 THEN {dated} - INTERVAL 1 YEAR ELSE {dated} END"

    def _state(self) -> str:
        told = self.by.told.get("state")
        if not told:
            return "''"
        for flag in told["flags"].values():
            if flag not in FLAGS:
                raise Unreadable(
                    f"来源“{self.by.code}”的标记“{flag}”不认识。",
                    f"The source {self.by.code} knows a flag {flag} that is none.",
                )
        cases = " ".join(f"WHEN {literal(name)} THEN {literal(flag)}" for name, flag in told["flags"].items())
        return f"CASE trim({quoted(told['column'])}) {cases} END"

    def _maxima(self) -> dict[str, str]:
        """Columns that were exchanged with their maximum: a maximum below the value of the hour cannot be."""
        swapped = {}
        for column, top in self.by.told.get("maxima", {}).items():
            a, b = (f"try_cast({quoted(one)} AS DOUBLE)" for one in (column, top))
            below, above = self.sql.execute(
                f"SELECT count(*) FILTER ({b} < {a}), count(*) FILTER ({b} > {a}) FROM placed"
            ).fetchone()
            if below <= above:
                if below:
                    self._fault(
                        f"{b} < {a}",
                        top,
                        "24 小时最大值低于当前值，不可能。",
                        "The maximum of 24 hours lies below the current value.",
                    )
                continue
            swapped[column] = top
            self.reading.notices.append((
                f"“{column}”和“{top}”两列对调了：{below} 行的最大值低于当前值，{above} 行高于。已按对调读取。",
                f"{column} and {top} are exchanged: in {below} rows the maximum lies below the current value, in {above} above. They were read the other way round.",
            ))  # fmt: skip
        return swapped

    def _column(self, column: str, told: Mapping, read_from: str) -> str:
        """SQL for the values of a column: number, whether it is a detection limit, the cell where it is neither."""
        cell = f"trim({quoted(read_from)})"
        empty = ", ".join(literal(one) for one in self.by.told.get("empty", [""]))
        below = f"regexp_matches({cell}, '^([<＜]\\s*[0-9.]+|[0-9.]+\\s*[LＬ])$')"
        number = f"CASE WHEN {below} THEN regexp_replace({cell}, '[<＜LＬ\\s]', '', 'g') ELSE {cell} END"
        times = factor(self.by["medium"], told["item"], told["unit"])
        value = f"try_cast({number} AS DECIMAL(30,12)) * {times}::DECIMAL(8,4)"
        return (
            f"SELECT {LINE}, at_site, at_time, at_state, {literal(column)} AS told_column, {literal(told['item'])} AS item, {cell} AS cell, "
            f"{cell} IS NULL OR {cell} IN ({empty}) AS nothing, {below} AS below, {value} AS number, "
            f"{literal(kept_in(self.by['medium'], told['item'], told['unit']))} AS unit FROM placed"
        )

    def _faults(self) -> None:
        rows = self.sql.execute(
            "SELECT __line__, told_column, cell FROM found WHERE NOT nothing AND number IS NULL ORDER BY ALL LIMIT 1000"
        ).fetchall()
        self.reading.faults += [
            Fault(line, column, cell, "不是数字。", "This is not a number.") for line, column, cell in rows
        ]
        fine = f"number <> round(number, {PLACES}) OR abs(number) >= 1e12"
        rows = self.sql.execute(
            f"SELECT __line__, told_column, cell FROM found WHERE NOT nothing AND ({fine}) ORDER BY ALL LIMIT 1000"
        ).fetchall()
        self.reading.faults += [
            Fault(line, column, cell, f"位数太多：换算后最多 {PLACES} 位小数、12 位整数。", f"Too many digits: at most {PLACES} decimals and 12 before them once converted.")
            for line, column, cell in rows
        ]  # fmt: skip

    def _fault(self, where: str, column: str, zh: str, en: str) -> None:
        rows = self.sql.execute(
            f"SELECT {LINE}, {quoted(column)} FROM placed WHERE {where} ORDER BY {LINE} LIMIT 1000"
        ).fetchall()
        self.reading.faults += [Fault(line, column, cell or "", zh, en) for line, cell in rows]

    def _units(self) -> None:
        """A unit that cannot be: carbon monoxide in mg/m³ whose middle value lies above 50 is in μg/m³."""
        for column, told in self.by["values"].items():
            bounds = UNLIKELY.get((self.by["medium"], told["item"]))
            if not bounds:
                continue
            middle = self.sql.execute(
                "SELECT median(number) FROM found WHERE told_column = ? AND number IS NOT NULL", [column]
            ).fetchone()[0]
            low, high = bounds
            if middle is not None and not low <= middle <= high:
                self.reading.faults.append(Fault(
                    0, column, told["unit"], f"单位可能不对：换算后的中位数是 {float(middle):g}，通常在 {low:g}～{high:g} {kept_in(self.by['medium'], told['item'], told['unit'])}。请核对来源的单位。",
                    f"The unit can hardly be right: the middle value is {float(middle):g} once converted, usually {low:g} to {high:g} {kept_in(self.by['medium'], told['item'], told['unit'])}. Check the unit of the source.",
                ))  # fmt: skip

    def _repeated(self) -> None:
        """Rows of one key: the same again is left out with a notice, another value is a fault."""
        twice = self.sql.execute(
            "SELECT min(__line__), max(__line__), any_value(told_column), at_site, at_time, count(DISTINCT (cell, at_state)) AS kinds "
            "FROM found WHERE at_time IS NOT NULL GROUP BY at_site, at_time, item HAVING count(*) > 1 ORDER BY 1 LIMIT 1000"
        ).fetchall()
        differing = [one for one in twice if one[5] > 1]
        self.reading.faults += [
            Fault(
                last,
                column,
                f"{site} {time}",
                f"与第 {first} 行重复而数值不同。",
                f"Repeats line {first} with another value.",
            )
            for first, last, column, site, time, _ in differing
        ]
        if len(twice) > len(differing):
            self.reading.notices.append(
                (
                    f"有 {len(twice) - len(differing)} 个数值完全重复，只取一次。",
                    f"{len(twice) - len(differing)} values are repeated and were taken once.",
                )
            )

    def _rows(self) -> pa.Table:
        bad = ", ".join(str(one) for one in {one.line for one in self.reading.faults} if one) or "0"
        return self.sql.execute(
            f"SELECT {literal(self.by['medium'])} AS medium, at_site AS site, item, {literal(self.by['period'])} AS period, "
            f"at_time::TIMESTAMP AS time, CASE WHEN nothing THEN NULL ELSE number END::DECIMAL(18,6) AS value, unit, "
            "coalesce(below, false) AND NOT nothing AS below, "
            "CASE WHEN at_state <> '' THEN at_state WHEN nothing THEN 'missing' WHEN number < 0 THEN 'negative' ELSE '' END AS flag, "
            f"CASE WHEN at_state <> '' THEN 'source' WHEN nothing OR number < 0 THEN 'import' ELSE '' END AS flagged_by, "
            f"{literal(self.by.code)} AS source, {LINE} AS line FROM found "
            f"WHERE at_time IS NOT NULL AND at_site <> '' AND {LINE} NOT IN ({bad}) "
            "QUALIFY row_number() OVER (PARTITION BY at_site, at_time, item ORDER BY __line__) = 1"
        ).to_arrow_table().cast(GIVEN)  # fmt: skip


# Between what the middle value of a file of ordinary air lies, in the unit it is kept in.
UNLIKELY = {("air", "CO"): (0.05, 20), ("air", "PM25"): (1, 500), ("air", "PM10"): (1, 1000), ("air", "O3"): (1, 400)}
