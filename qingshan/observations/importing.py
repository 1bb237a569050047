"""Files of measurements into rows of the store: by a mapping that is kept for each source, in a dry run first.

A cell that cannot be read refuses its row with line, column, the cell and what was expected; the rows that are whole can be
taken without it only where the caller asks for that. What a whole file betrays (exchanged columns, a unit that cannot be) is
noticed before a row is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from .cells import Cells, Fault, Unreadable, cells
from .mapping import Source, source, sources
from .naming import item_of, items
from .rows import BEYOND, DIGITS, GIVEN, PLACES
from .units import NoConversion, factor, kept_in

__all__ = ["Fault", "Reading", "Source", "Unreadable", "read", "source", "sources"]

MOST_FAULTS = 1000  # of one kind that are told
ROOM = 10 ** (DIGITS - PLACES)  # below it a value lies; not 1e12, as DuckDB compares a decimal with a double slowly
FIRST_YEAR, LAST_YEAR = 1900, 2200
EMPTY = (
    "",
    "-",
    "--",
    "---",
    "—",
    "——",
    "*",
    "/",
    "NA",
    "N/A",
    "NULL",
    "null",
    "None",
    "nan",
    "NaN",
    "缺测",
    "无数据",
    "空",
)
STATES = {
    **dict.fromkeys(("维护", "维护中", "检修", "运维"), "maintenance"), **dict.fromkeys(("校准", "校零", "校标", "质控"), "calibration"),
    **dict.fromkeys(("故障", "仪器故障", "异常"), "fault"), **dict.fromkeys(("停运", "停站", "停测", "停电", "断流", "干涸"), "stopped"),
}  # fmt: skip
WITHOUT_LIMIT = ("未检出", "ND", "nd", "N.D.", "<DL", "＜DL", "低于检出限")
WHETHER = {"无": 0, "有": 1, "absent": 0, "present": 1, "0": 0, "1": 1}
Watch = Callable[[int, int], object]  # told how much is done, and of how much


@dataclass
class Reading:
    """A file read by a source: rows of the shape GIVEN, faults, and notices of what was put right.

    `bad`: how many rows of the file have a fault of their own; more than those whose faults are listed, where they are many.
    """

    rows: pa.Table
    faults: list[Fault] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    lines: int = 0
    bad: int = 0

    @property
    def skippable(self) -> bool:
        """Whether the rows without a fault could be taken alone: nothing is wrong with the file as a whole."""
        return all(one.line for one in self.faults)


def read(
    file: str | Path, by: Source, *, sites: Sequence[Mapping] = (), today: date | None = None, watch: Watch = lambda done, of: None
) -> Reading:  # fmt: skip
    """A file (.csv, .csv.gz, .xlsx) read by a source. Raises Unreadable where nothing of it can be read.

    sites: those of a programme (code, medium, body, name, name_en); a row of any other is a fault then. today: a row dated
    later is a fault.
    """
    found = cells(Path(file), by.encoding, by.heading)
    _there(by, found)
    reading = Reading(GIVEN.empty_table(), list(found.faults), lines=len(found.lines) + len(found.faults))
    if not reading.lines:
        reading.notices.append(("文件只有列名，没有一行数据。", "The file has a heading and no rows."))
    if found.aside:
        reading.notices.append((f"只读了第一张有内容的表，没有读：{'、'.join(found.aside)}。", f"Only the first sheet was read, not {', '.join(found.aside)}."))  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        try:
            return _Reader(connection, by, found, reading, watch).done([*sites], today)
        except duckdb.Error as reason:
            told = " ".join(str(reason).split())[:200]
            raise Unreadable(
                f"按来源“{by.code}”读不了这个文件：{told}", f"It cannot be read by {by.code}: {told}"
            ) from reason


def _there(by: Source, found: Cells) -> None:
    lacking = sorted(by.needed - set(found.names))
    if lacking or not by.fits(found.names):
        lacking = lacking or sorted(by.values)
        there = "、".join(found.names[:40])
        raise Unreadable(f"文件缺少列：{'、'.join(lacking)}。文件里有：{there}。",
                         f"The file lacks the columns {', '.join(lacking)}; it has {there}.")  # fmt: skip
    if twice := [name for name in sorted(by.columns) if found.twice(name)]:
        raise Unreadable(
            f"文件里列名重复：{'、'.join(twice)}。请改名或删去多余的一列。",
            f"Columns stand twice in the file: {', '.join(twice)}. Rename or remove one.",
        )


def literal(text: str) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def among(values) -> str:
    return ", ".join(literal(one) for one in values)


class _Reader:
    """One file in the hands of DuckDB: its cells turned into rows, step by step."""

    def __init__(self, sql: duckdb.DuckDBPyConnection, by: Source, found: Cells, reading: Reading, watch: Watch):
        self.sql, self.by, self.reading, self.watch = sql, by, reading, watch
        self.names = found.names
        wanted = [name for name in found.names if name in by.columns]
        self.at = {name: f"c{number}" for number, name in enumerate(wanted)}  # a name may be anything
        columns = {self.at[name]: found.column(name) for name in wanted}
        sql.register("cells", pa.table({"line": pa.array(found.lines, pa.int64()), **columns}))
        sql.execute("CREATE TEMP TABLE bad (line BIGINT)")
        sql.executemany("INSERT INTO bad VALUES (?)", [[one.line] for one in found.faults]) if found.faults else None

    def done(self, sites: list[Mapping], today: date | None) -> Reading:
        self._places(sites)
        self._times(today)
        swapped = self._maxima()
        self.sql.execute(
            "CREATE TEMP TABLE found (line BIGINT, at_site VARCHAR, at_time TIMESTAMP, at_state VARCHAR, told_column VARCHAR, "
            "item VARCHAR, cell VARCHAR, nothing BOOLEAN, below BOOLEAN, number DECIMAL(38,18), unit VARCHAR)"
        )
        for number, part in enumerate(parts := self._parts(swapped), 1):
            self.sql.execute(f"INSERT INTO found {part}")
            self.watch(number * self.reading.lines, len(parts) * self.reading.lines)
        self._values()
        self._units()
        self._repeated()
        self._marks()
        self._negative()
        self.reading.rows = self._rows()
        self.reading.bad = self.sql.execute("SELECT count(DISTINCT line) FROM bad").fetchone()[0]
        self._bodies(sites)
        self.reading.faults.sort(key=lambda one: one.line)
        return self.reading

    def _cell(self, column: str) -> str:
        return f"trim({self.at[column]})"

    def _fault(self, where: str, column: str, zh: str, en: str, table: str = "placed", cell: str = "") -> None:
        """A fault of every row that is so; the first are told."""
        cell = cell or self.at.get(column, "''")
        rows = self.sql.execute(
            f"SELECT line, {literal(column) if table == 'placed' else 'told_column'}, {cell} FROM {table} WHERE {where} ORDER BY ALL LIMIT {MOST_FAULTS}"
        ).fetchall()
        if rows:
            self.sql.execute(f"INSERT INTO bad SELECT line FROM {table} WHERE {where}")
        self.reading.faults += [Fault(line, name, (told or "")[:80], zh, en) for line, name, told in rows]

    # --- where and when

    def _places(self, sites: list[Mapping]) -> None:
        """Each row's site and state, and whether the site is one of those that are known."""
        told = " || ' ' || ".join(f"coalesce({self._cell(one)}, '')" for one in self.by.site) or literal(self.by.at)
        known = {
            name: one["code"]
            for one in sites
            for name in _names(one)
            if one.get("medium", self.by.medium) == self.by.medium
        }
        self.sql.execute("CREATE TEMP TABLE sites (name VARCHAR, code VARCHAR)")
        if known:
            self.sql.executemany("INSERT INTO sites VALUES (?, ?)", list(known.items()))
        self.sql.execute(
            f"CREATE TEMP TABLE put AS SELECT cells.*, trim({told}) AS told_site, {'sites.code' if sites else 'told_site'} AS at_site, "
            f"{self._state(gaps=False)} AS at_state, {self._state(gaps=True)} AS at_gap FROM cells LEFT JOIN sites ON sites.name = trim({told})"
        )
        self.sql.execute("CREATE TEMP VIEW placed AS SELECT * FROM put")
        column = self.by.site[0] if self.by.site else self.by.at
        self._fault("trim(told_site) = ''", column, "没有点位名称或编码；合并的单元格要拆开并逐行填写。",
                    "There is no site; cells that were merged are to be filled row by row.")  # fmt: skip
        if sites:
            names = list(
                dict.fromkeys(one.get("name") or one["code"] for one in sites if one.get("medium") == self.by.medium)
            )
            told = "、".join(names[:12]) + ("……" if len(names) > 12 else "")
            self._fault("trim(told_site) <> '' AND at_site IS NULL", column, f"点位没有登记；已登记：{told or '（没有这类点位）'}",
                        f"The site is not declared; declared are {told or 'none of this medium'}", cell="told_site")  # fmt: skip
        if self.by.state and self.by.state.column in self.at:
            known = "、".join(self.by.state.flags)
            self._fault("at_state IS NULL", self.by.state.column, f"站点状态不认识；可用：{known}。", f"The state is not known; there are {known}.")  # fmt: skip

    def _state(self, gaps: bool) -> str:
        """SQL for the flag that a station's state gives to a cell without a value (`gaps`), or to every cell."""
        told = self.by.state
        if told is None or told.column not in self.at:
            return "''"
        flags = {name: "" if name in told.gaps and not gaps else flag for name, flag in told.flags.items()}
        cases = " ".join(f"WHEN {literal(name)} THEN {literal(flag)}" for name, flag in flags.items())
        blank = "WHEN '' THEN ''" if told.optional else ""
        return f"CASE coalesce({self._cell(told.column)}, '') {cases} {blank} END"

    def _times(self, today: date | None) -> None:
        time, period = self.by.time, self.by.period
        self.sql.execute("DROP VIEW placed")
        shift = " - INTERVAL 1 HOUR" if time.stamp == "end" and period == "hour" else ""
        begins = f"date_trunc('month', {self._instant()})" if period == "month" else self._instant()
        self.sql.execute(f"CREATE TEMP TABLE placed AS SELECT *, ({begins}{shift})::TIMESTAMP AS at_time FROM put")
        self._say_nothing()
        column = time.columns[0]
        form = EXAMPLE.strftime(time.format) if time.format else " ".join(time.parts or ())
        form, form_en = (form, form) if form else USUAL[period]
        year = f"year(at_time) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
        if time.column and not time.format:
            lacking = f"at_time IS NULL AND regexp_matches({self._cell(column)}, '^\\d{{1,2}}[-/.月]\\d{{1,2}}(\\D|$)')"
            self._fault(lacking, column, f"时间没有年份；应为 {form}", f"The time has no year; expected {form_en}")
            unreadable = f"(at_time IS NULL OR {year}) AND NOT coalesce({lacking}, false)"
        else:
            unreadable = f"at_time IS NULL OR {year}"
        self._fault(unreadable, column, "时间读不懂；应为 " + form, "The time cannot be read; expected " + form_en)
        if period in ("hour", "day"):
            whole, zh, en = (("hour", "小时值的时间应为整点", "an hour begins at a full hour") if period == "hour"
                             else ("day", "日值的时间应为日期，不带钟点", "a day has no hour"))  # fmt: skip
            self._fault(f"at_time <> date_trunc('{whole}', at_time)", column, zh + "。", f"The time is wrong: {en}.")
        if today:
            self._fault(f"at_time >= DATE '{today}' + 1", column, f"时间在今天（{today}）之后。", f"The time lies after today, {today}.")  # fmt: skip

    def _say_nothing(self) -> None:
        """Leave out rows with neither a time nor a value: a station that stands still is listed so."""
        columns = [self.by.long.value] if self.by.long else [one for one in self.by.values if one in self.at]
        told = [self.by.time.column] if self.by.time.column else self.by.time.parts
        empty = f"({among((*EMPTY, *self.by.empty, *STATES))})"
        blank = " AND ".join(f"coalesce({self._cell(one)}, '') IN {empty}" for one in (*told, *columns))
        (count,) = self.sql.execute(f"SELECT count(*) FROM placed WHERE {blank}").fetchone()
        if count:
            self.sql.execute(f"DELETE FROM placed WHERE {blank}")
            self.reading.notices.append((f"{count} 行既没有时间也没有数值，没有读。", f"{count} rows have neither a time nor a value and were not read."))  # fmt: skip

    def _instant(self) -> str:
        time = self.by.time
        if time.parts:
            numbers = [f"try_cast({self._cell(one)} AS INT)" for one in time.parts]
            numbers += (["1"] if len(numbers) == 2 else []) + ["0"] * (5 - max(len(numbers), 3))
            return f"TRY(make_timestamp({', '.join(numbers)}, 0))"
        told = self._cell(time.column)
        if not time.format:
            return _usual(told, self.by.period)
        if not time.year_of:
            return instant(told, time.format)
        # The year is that of the other column; a day of December told in January is the year before's.
        whole = self._cell(time.year_of)
        dated = instant(f"left({whole}, 4) || '-' || {told}", f"%Y-{time.format}")
        return f"CASE WHEN {dated} > try_cast({whole} AS DATE) + 31 THEN {dated} - INTERVAL 1 YEAR ELSE {dated} END"

    # --- values

    def _maxima(self) -> dict[str, str]:
        """Columns that were exchanged with their maximum: a maximum below the value of the hour cannot be."""
        swapped = {}
        for column, top in self.by.maxima.items():
            a, b = (f"try_cast({self._cell(one)} AS DOUBLE)" for one in (column, top))
            below, above = self.sql.execute(
                f"SELECT count(*) FILTER ({b} < {a}), count(*) FILTER ({b} > {a}) FROM placed"
            ).fetchone()
            if below <= above:
                if below:
                    self._fault(f"{b} < {a}", top, "24 小时最大值低于当前值，不可能。", "The maximum of 24 hours lies below the current value.")  # fmt: skip
                continue
            swapped[column] = top
            self.reading.notices.append((
                f"“{column}”和“{top}”两列对调了：{below} 行的最大值低于当前值，{above} 行高于。已按对调读取。",
                f"{column} and {top} are exchanged: in {below} rows the maximum lies below the current value, in {above} above. They were read the other way round.",
            ))  # fmt: skip
        return swapped

    def _parts(self, swapped: Mapping[str, str]) -> list[str]:
        if self.by.long:
            return [self._one_to_a_row()]
        there = {column: told for column, told in self.by.values.items() if column in self.at}
        self._not_read([column for column in self.by.values if column not in there])
        return [
            self._column(column, told.item, told.unit, swapped.get(column, column)) for column, told in there.items()
        ]

    def _not_read(self, lacking: list[str]) -> None:
        """A form of which a file takes what it needs tells what it did not know; any other source tells what it lacked."""
        if any(not one.optional for one in self.by.values.values()):
            told, zh, en = lacking, "文件里没有这些列，没有读", "The file has no such columns; they were not read"
        else:
            told = [one for one in self.names if one not in self.at]
            zh, en = "这些列不认识，没有读", "These columns are not known and were not read"
        if told:
            listed = "、".join(told[:12]) + ("……" if len(told) > 12 else "")
            self.reading.notices.append((f"{zh}：{listed}。", f"{en}: {', '.join(told[:12])}."))

    def _column(self, column: str, item: str, unit: str | None, read_from: str) -> str:
        """SQL for the values of a column."""
        kept = kept_in(self.by.medium, item, unit or "")
        times = factor(self.by.medium, item, kept if unit is None else unit)
        known = items(self.by.medium).get(item)
        return self._select(
            literal(column),
            literal(item),
            self._cell(read_from),
            str(times),
            literal(kept),
            bool(known and known.whether),
        )

    def _one_to_a_row(self) -> str:
        """SQL for the values of a file with one to a row: each named item and unit is looked up once."""
        long = self.by.long
        item, unit = self._cell(long.item), self._cell(long.unit) if long.unit else "NULL"
        pairs = self.sql.execute(f"SELECT DISTINCT coalesce({item}, ''), {unit} FROM cells").fetchall()
        self.sql.execute(
            "CREATE TEMP TABLE named (told VARCHAR, in_unit VARCHAR, item VARCHAR, times DECIMAL(12,6), unit VARCHAR, whether BOOLEAN)"
        )
        for told, in_unit in pairs:
            self._named(told, in_unit)
        self.sql.execute(
            f"CREATE TEMP TABLE joined AS SELECT placed.*, named.item, named.times, named.unit, named.whether FROM placed "
            f"JOIN named ON named.told = {item} AND named.in_unit IS NOT DISTINCT FROM {unit}"
        )
        value = self._cell(long.value)
        return (
            self._select(literal(long.value), "item", value, "times", "unit", False, "joined")
            + " AND NOT whether UNION ALL "
            + (self._select(literal(long.value), "item", value, "times", "unit", True, "joined") + " AND whether")
        )

    def _named(self, told: str, in_unit: str | None) -> None:
        long, medium = self.by.long, self.by.medium
        item = item_of(medium, told)
        if item is None:
            first = list(items(medium).values())[:12]
            known, known_en = "、".join(one.zh for one in first), ", ".join(one.en for one in first)
            self._fault(f"coalesce({self._cell(long.item)}, '') = {literal(told)}", long.item, f"没有这个监测项目；可用：{known}……", f"There is no such item; there are {known_en} …")  # fmt: skip
            return
        try:
            times = factor(medium, item.code, item.unit if in_unit in (None, "") else in_unit)
        except NoConversion as reason:
            where = f"{self._cell(long.item)} = {literal(told)} AND {self._cell(long.unit)} = {literal(in_unit)}"
            self._fault(where, long.unit, reason.zh, reason.en)
            return
        self.sql.execute(
            "INSERT INTO named VALUES (?, ?, ?, ?, ?, ?)",
            [told, in_unit, item.code, times, item.unit, item.whether],
        )

    def _select(
        self, column: str, item: str, cell: str, times: str, unit: str, whether: bool, table: str = "placed"
    ) -> str:
        """SQL for found rows: the number, whether it is a detection limit, the cell where it is neither."""
        marks = tuple(one for one in (*EMPTY, *self.by.empty) if not (whether and one in WHETHER))
        states = " ".join(f"WHEN {cell} IN ({among(told)}) THEN {literal(flag)}" for flag, told in _by_flag().items())
        plain = _number(cell)  # most cells are plain: the slower questions are asked of the others alone
        rare = f"{plain} IS NULL" + "".join(f" OR {cell} = {literal(one)}" for one in self.by.empty if one)
        below = f"CASE WHEN {rare} THEN regexp_matches({cell}, '^([<＜]\\s*[0-9.]+|[0-9.]+\\s*[LＬ])$') ELSE false END"
        limit = f"try_cast(regexp_replace({cell}, '[<＜LＬ\\s]', '', 'g') AS DECIMAL(26,12))"
        number = f"CASE WHEN {below} THEN {limit} ELSE {plain} END"
        if whether:
            number = f"CASE {cell} {' '.join(f'WHEN {literal(told)} THEN {no}' for told, no in WHETHER.items())} END"
        nothing = f"CASE WHEN {rare} THEN {cell} IS NULL OR {cell} IN ({among((*marks, *STATES))}) ELSE false END"
        gap = f"CASE WHEN at_gap = '' THEN false ELSE {nothing} OR {plain} = 0 END"
        state = f"CASE WHEN {gap} THEN at_gap WHEN at_state <> '' THEN at_state WHEN NOT ({rare}) THEN at_state {states} ELSE at_state END"
        return (
            f"SELECT line, at_site, at_time, {state}, {column}, {item}, {cell}, {nothing}, {below}, "
            f"({number})::DECIMAL(26,12) * {times}::DECIMAL(12,6), {unit} FROM {table} WHERE true"
        )

    def _values(self) -> None:
        """Cells that are no value, and what was expected there."""
        self.sql.execute("CREATE TEMP TABLE wrong AS SELECT * FROM found WHERE NOT nothing AND number IS NULL")
        double = "try_cast(cell AS DOUBLE)"
        formula, without = "cell LIKE '=%'", f"cell IN ({among(WITHOUT_LIMIT)})"
        huge = f"{double} IS NOT NULL AND isfinite({double})"
        yes_or_no = [one.code for one in items(self.by.medium).values() if one.whether]
        whether = f"item IN ({among(yes_or_no)})" if yes_or_no else "false"
        for where, zh, en in (
            (formula, "单元格是公式；请复制后“选择性粘贴—数值”。", "The cell is a formula; paste it as a value."),
            (f"{without} AND NOT {whether}", "未检出须写明检出限；应为 <0.001 或 0.001L。", "Not detected needs its detection limit: <0.001 or 0.001L."),
            (f"{whether} AND NOT ({formula})", "应为“无”或“有”。", "Expected 无 (absent) or 有 (present)."),
            (f"coalesce({huge}, false) AND NOT {whether}", f"位数太多：换算后最多 {PLACES} 位小数、12 位整数。", f"Too many digits: at most {PLACES} decimals and 12 before them once converted."),
            (f"NOT coalesce({huge}, false) AND NOT ({formula}) AND NOT {without} AND NOT {whether}",
             "不是数字；应为数字、检出限（<0.02 或 0.02L）或空白。", "This is not a number; expected a number, a detection limit (<0.02 or 0.02L) or nothing."),
        ):  # fmt: skip
            self._fault(where, "", zh, en, "wrong", "cell")
        vanished = f"(number = 0 AND regexp_matches(cell, '{NOT_ZERO}'))"  # too small for the widest number
        fine = f"NOT nothing AND (number <> round(number, {PLACES}) OR abs(number) >= {ROOM} OR {vanished})"
        if beyond := BEYOND.get(self.by.medium):
            self._fault(f"NOT nothing AND abs(number) >= {beyond} AND abs(number) < {ROOM}", "", f"不可能有这样大的值；换算后应小于 {beyond}。",
                        f"No such value can be; it should be below {beyond} once converted.", "found", "cell")  # fmt: skip
        self._fault(fine, "", f"位数太多：换算后最多 {PLACES} 位小数、12 位整数。", f"Too many digits: at most {PLACES} decimals and 12 before them once converted.", "found", "cell")  # fmt: skip

    def _units(self) -> None:
        """A unit that cannot be: carbon monoxide in mg/m³ whose middle value lies above 50 is in μg/m³."""
        rows = self.sql.execute(
            "SELECT told_column, item, any_value(unit), median(number) FROM found WHERE number IS NOT NULL GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for column, item, unit, middle in rows:
            low, high = UNLIKELY.get((self.by.medium, item), (None, None))
            if low is not None and not low <= middle <= high:
                self.reading.faults.append(Fault(
                    0, column, item, f"单位可能不对：换算后的中位数是 {float(middle):g}，通常在 {low:g}～{high:g} {unit}。请核对来源的单位。",
                    f"The unit can hardly be right: the middle value is {float(middle):g} once converted, usually {low:g} to {high:g} {unit}. Check the unit of the source.",
                ))  # fmt: skip

    def _repeated(self) -> None:
        """Rows of one key: the same again is left out with a notice, another value is a fault."""
        self.sql.execute(
            "CREATE TEMP TABLE twice AS SELECT min(line) AS first, max(line) AS line, arg_max(told_column, line) AS told_column, "
            "at_site || ' ' || at_time AS cell, count(DISTINCT (cell, at_state)) AS kinds "
            "FROM found WHERE at_time IS NOT NULL AND at_site <> '' GROUP BY at_site, at_time, item HAVING count(*) > 1"
        )
        self.sql.execute("INSERT INTO bad SELECT line FROM twice WHERE kinds > 1")
        differing = self.sql.execute(
            f"SELECT line, min(told_column), cell, first FROM twice WHERE kinds > 1 GROUP BY ALL ORDER BY ALL LIMIT {MOST_FAULTS}"
        ).fetchall()
        self.reading.faults += [
            Fault(line, column, cell, f"与第 {first} 行重复而数值不同。", f"Repeats line {first} with another value.")
            for line, column, cell, first in differing
        ]
        (same,) = self.sql.execute("SELECT count(*) FROM twice WHERE kinds = 1").fetchone()
        if same:
            self.reading.notices.append((f"有 {same} 个数值完全重复，只取一次。", f"{same} values are repeated and were taken once."))  # fmt: skip

    def _marks(self) -> None:
        """What stood in cells without a value, and how often."""
        rows = self.sql.execute(
            "SELECT cell, count(*) FROM found WHERE nothing AND cell <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8"
        ).fetchall()
        if rows:
            told = "、".join(f"“{cell}” {count} 处" for cell, count in rows)
            said = ", ".join(f"{cell!r} {count} times" for cell, count in rows)
            self.reading.notices.append((f"没有数值的单元格按缺测或站点状态读取：{told}。", f"Cells without a value were read as missing or as a state: {said}."))  # fmt: skip

    def _negative(self) -> None:
        """Values below zero of items that have none: instruments give them near zero, so that they are told and not refused."""
        rows = self.sql.execute(
            f"SELECT told_column, count(*), min(line), arg_min(cell, line) FROM found WHERE NOT nothing AND number < 0 "
            f"AND item NOT IN ({among(SIGNED)}) GROUP BY 1 ORDER BY 3, 1 LIMIT 8"
        ).fetchall()
        if rows:
            told = "；".join(f"“{column}” {count} 处，如第 {line} 行的 {cell}" for column, count, line, cell in rows)
            said = "; ".join(f"{column} {count} times, as {cell} in line {line}" for column, count, line, cell in rows)
            self.reading.notices.append((f"低于零的值不能用于评价，读作负值：{told}。", f"Values below zero count for nothing and were read as negative: {said}."))  # fmt: skip

    def _bodies(self, sites: list[Mapping]) -> None:
        """Sections of surface water that are classed by the kind of their water body, which nobody has stored."""
        if self.by.medium != "water" or not sites:
            return
        lacking = {
            one["code"]: one.get("name") or one["code"]
            for one in sites
            if one.get("medium") == "water" and not one.get("body")
        }
        told = "、".join(
            lacking[code] for code in pa.compute.unique(self.reading.rows["site"]).to_pylist() if code in lacking
        )
        if told:
            self.reading.notices.append((
                f"这些断面没有登记水体类型（river 河流或 lake 湖库），总磷、总氮无从定类：{told}。请在 sites.csv 的 body 列补上。",
                f"These sections have no kind of water body (river or lake), without which total phosphorus and nitrogen have no class: {told}. Add it to sites.csv.",
            ))  # fmt: skip

    def _rows(self) -> pa.Table:
        (twice,) = self.sql.execute("SELECT count(*) FROM twice").fetchone()
        once = "QUALIFY row_number() OVER (PARTITION BY at_site, at_time, item ORDER BY line) = 1" if twice else ""
        below_zero = f"number < 0 AND item NOT IN ({among(SIGNED)})"
        return self.sql.execute(
            f"SELECT {literal(self.by.medium)} AS medium, at_site AS site, item, {literal(self.by.period)} AS period, "
            f"at_time AS time, CASE WHEN nothing THEN NULL ELSE number END::DECIMAL(18,6) AS value, unit, "
            "coalesce(below, false) AND NOT nothing AS below, "
            f"CASE WHEN at_state <> '' THEN at_state WHEN nothing THEN 'missing' WHEN {below_zero} THEN 'negative' ELSE '' END AS flag, "
            f"CASE WHEN at_state <> '' THEN 'source' WHEN nothing OR {below_zero} THEN 'import' ELSE '' END AS flagged_by, "
            f"{literal(self.by.code)} AS source, line FROM found "
            f"WHERE at_time IS NOT NULL AND at_site <> '' AND line NOT IN (SELECT line FROM bad) {once}"
        ).to_arrow_table().cast(GIVEN)  # fmt: skip


def _by_flag() -> dict[str, list[str]]:
    return {flag: [told for told, one in STATES.items() if one == flag] for flag in STATES.values()}


def _names(site: Mapping) -> list[str]:
    return [one for one in (site["code"], site.get("name"), site.get("name_en")) if one]


EXAMPLE = datetime(2025, 1, 31, 8)  # noqa: DTZ001 shows how a time is written
USUAL = {
    "hour": ("2025-01-31 08:00",) * 2, "day": ("2025-01-31",) * 2, "month": ("2025-01",) * 2,
    "sample": ("2025-01-31 或 2025-01-31 08:00", "2025-01-31 or 2025-01-31 08:00"),
}  # fmt: skip
FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H",
    "%Y-%m-%d",
    "%Y%m%d %H:%M",
    "%Y%m%d%H%M",
    "%Y%m%d%H",
    "%Y%m%d",
)


def _number(cell: str) -> str:
    """SQL for a cell's exact number. A short one fits the narrow decimal, which DuckDB reads twenty times as fast."""
    short = f"length({cell}) <= 7 AND NOT contains(lower({cell}), 'e')"  # at most six decimals, PLACES
    narrow, wide = (f"try_cast({cell} AS DECIMAL({digits}))" for digits in ("18,6", "26,12"))
    return f"CASE WHEN {short} THEN {narrow}::DECIMAL(26,12) ELSE {wide} END"


def instant(told: str, *forms: str) -> str:
    """SQL for the instant that a text tells in one of some forms; NULL where it tells none.

    Text and form end in a bar: DuckDB compares a form's next sign with the one behind the end of a shorter text, and a text
    whose memory ends there ends the process (StrpTimeFormat::Parse, 1.5.6).
    """
    return f"try_strptime(({told}) || '|', [{among(f'{form}|' for form in forms)}])"


def _usual(told: str, period: str) -> str:
    """SQL for a time as people write it: 2025-1-2 8:00, 2025年1月2日8时, 2025010208, 2025/1/2 24:00, a workbook's number of days."""
    text = f"regexp_replace({told}, '^(\\d{{4}})[-/.年](\\d{{1,2}})[-/.月](\\d{{1,2}})日?', '\\1-\\2-\\3 ')"
    if period == "month":
        text = f"regexp_replace({text}, '^(\\d{{4}})[-/.年]?(\\d{{1,2}})月?$', '\\1-\\2-01')"
    for pattern, by in (
        ("T", " "),
        ("[时点分]", ":"),
        ("秒", ""),
        (":$", ""),
        (r"\.0+$", ""),
        (r"\s*\+08:?00$", ""),
        (r"\s+", " "),
    ):
        text = f"regexp_replace({text}, '{pattern}', '{by}', 'g')"
    text = f"trim({text})"
    midnight = f"regexp_matches({text}, ' 24(:00){{0,2}}$')"
    whole = f"regexp_replace({text}, ' 24(:00){{0,2}}$', ' 00:00')"
    read_as = instant(whole, *FORMS)
    days = f"try_cast({told} AS DOUBLE)"  # since 1899-12-30, as a spreadsheet counts them
    serial = f"TIMESTAMP '1899-12-30' + to_seconds(round({days} * 86400)::BIGINT)"
    return f"CASE WHEN {days} BETWEEN 20000 AND 80000 THEN {serial} WHEN {midnight} THEN {read_as} + INTERVAL 1 DAY ELSE {read_as} END"


NOT_ZERO = "^[^eE]*[1-9]"  # the text of a number that is none
SIGNED = ("temp", "orp")  # items that may lie below zero
# Between what the middle value of a file of ordinary measurements lies, in the unit it is kept in.
UNLIKELY = {
    ("air", "CO"): (0.05, 20), ("air", "PM25"): (1, 500), ("air", "PM10"): (1, 1000), ("air", "O3"): (1, 400),
    ("water", "ph"): (3, 12), ("water", "temp"): (-2, 45), ("noise", "Leq"): (10, 130),
}  # fmt: skip
