"""The values of a file, as SQL: one column after another, or one value to a row."""

from collections.abc import Mapping

from .naming import item_of, items
from .opened import Opened
from .spelling import EMPTY, STATES, WHETHER, among, by_flag, exact, literal
from .units import NoConversion, factor, kept_in


def exchanged(file: Opened) -> dict[str, str]:
    """Columns that were exchanged with their maximum: a maximum below the value of the hour cannot be."""
    swapped = {}
    for column, top in file.by.maxima.items():
        a, b = (f"try_cast({file.cell(one)} AS DOUBLE)" for one in (column, top))
        below, above = file.sql.execute(
            f"SELECT count(*) FILTER ({b} < {a}), count(*) FILTER ({b} > {a}) FROM placed"
        ).fetchone()
        if below <= above:
            if below:
                file.fault(f"{b} < {a}", top, "24 小时最大值低于当前值，不可能。", "The maximum of 24 hours lies below the current value.")  # fmt: skip
            continue
        swapped[column] = top
        file.reading.notices.append((
            f"“{column}”和“{top}”两列对调了：{below} 行的最大值低于当前值，{above} 行高于。已按对调读取。",
            f"{column} and {top} are exchanged: in {below} rows the maximum lies below the current value, in {above} above. They were read the other way round.",
        ))  # fmt: skip
    return swapped


def parts(file: Opened, swapped: Mapping[str, str]) -> list[str]:
    """SQL for the rows of `found`, column by column; `swapped`: column → the one to read it from."""
    if file.by.long:
        return [_one_to_a_row(file)]
    there = {column: told for column, told in file.by.values.items() if column in file.at}
    _not_read(file, [column for column in file.by.values if column not in there])
    return [_column(file, column, told.item, told.unit, swapped.get(column, column)) for column, told in there.items()]


def _not_read(file: Opened, lacking: list[str]) -> None:
    """A form of which a file takes what it needs tells what it did not know; any other source tells what it lacked."""
    if any(not one.optional for one in file.by.values.values()):
        told, zh, en = lacking, "文件里没有这些列，没有读", "The file has no such columns; they were not read"
    else:
        told = [one for one in file.names if one not in file.at]
        zh, en = "这些列不认识，没有读", "These columns are not known and were not read"
    if told:
        listed = "、".join(told[:12]) + ("……" if len(told) > 12 else "")
        file.reading.notices.append((f"{zh}：{listed}。", f"{en}: {', '.join(told[:12])}."))


def _column(file: Opened, column: str, item: str, unit: str | None, read_from: str) -> str:
    """SQL for the values of a column."""
    kept = kept_in(file.by.medium, item, unit or "")
    times = factor(file.by.medium, item, kept if unit is None else unit)
    known = items(file.by.medium).get(item)
    return _select(
        file,
        literal(column),
        literal(item),
        file.cell(read_from),
        str(times),
        literal(kept),
        bool(known and known.whether),
    )


def _one_to_a_row(file: Opened) -> str:
    """SQL for the values of a file with one to a row: each named item and unit is looked up once."""
    long = file.by.long
    item, unit = file.cell(long.item), file.cell(long.unit) if long.unit else "NULL"
    pairs = file.sql.execute(f"SELECT DISTINCT coalesce({item}, ''), {unit} FROM cells").fetchall()
    file.sql.execute(
        "CREATE TEMP TABLE named (told VARCHAR, in_unit VARCHAR, item VARCHAR, times DECIMAL(12,6), unit VARCHAR, whether BOOLEAN)"
    )
    for told, in_unit in pairs:
        _named(file, told, in_unit)
    file.sql.execute(
        f"CREATE TEMP TABLE joined AS SELECT placed.*, named.item, named.times, named.unit, named.whether FROM placed "
        f"JOIN named ON named.told = {item} AND named.in_unit IS NOT DISTINCT FROM {unit}"
    )
    value = file.cell(long.value)
    return (
        _select(file, literal(long.value), "item", value, "times", "unit", False, "joined")
        + " AND NOT whether UNION ALL "
        + (_select(file, literal(long.value), "item", value, "times", "unit", True, "joined") + " AND whether")
    )


def _named(file: Opened, told: str, in_unit: str | None) -> None:
    long, medium = file.by.long, file.by.medium
    item = item_of(medium, told)
    if item is None:
        first = list(items(medium).values())[:12]
        known, known_en = "、".join(one.zh for one in first), ", ".join(one.en for one in first)
        file.fault(f"coalesce({file.cell(long.item)}, '') = {literal(told)}", long.item, f"没有这个监测项目；可用：{known}……", f"There is no such item; there are {known_en} …")  # fmt: skip
        return
    try:
        times = factor(medium, item.code, item.unit if in_unit in (None, "") else in_unit)
    except NoConversion as reason:
        where = f"{file.cell(long.item)} = {literal(told)} AND {file.cell(long.unit)} = {literal(in_unit)}"
        file.fault(where, long.unit, reason.zh, reason.en)
        return
    file.sql.execute(
        "INSERT INTO named VALUES (?, ?, ?, ?, ?, ?)",
        [told, in_unit, item.code, times, item.unit, item.whether],
    )


def _select(
    file: Opened, column: str, item: str, cell: str, times: str, unit: str, whether: bool, table: str = "placed"
) -> str:
    """SQL for found rows: the number, whether it is a detection limit, the cell where it is neither."""
    marks = tuple(one for one in (*EMPTY, *file.by.empty) if not (whether and one in WHETHER))
    states = " ".join(f"WHEN {cell} IN ({among(told)}) THEN {literal(flag)}" for flag, told in by_flag().items())
    plain = exact(cell)  # most cells are plain: the slower questions are asked of the others alone
    rare = f"{plain} IS NULL" + "".join(f" OR {cell} = {literal(one)}" for one in file.by.empty if one)
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
