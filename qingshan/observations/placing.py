"""Where and when the rows of a file were measured, and in what state the station was."""

from collections.abc import Mapping
from datetime import date

from .opened import Opened
from .spelling import EMPTY, EXAMPLE, FIRST_YEAR, LAST_YEAR, STATES, USUAL, among, instant, literal, usual


def places(file: Opened, sites: list[Mapping]) -> None:
    """Each row's site and state, and whether the site is one of those that are known."""
    told = " || ' ' || ".join(f"coalesce({file.cell(one)}, '')" for one in file.by.site) or literal(file.by.at)
    known = {
        name: one["code"]
        for one in sites
        for name in _names(one)
        if one.get("medium", file.by.medium) == file.by.medium
    }
    file.sql.execute("CREATE TEMP TABLE sites (name VARCHAR, code VARCHAR)")
    if known:
        file.sql.executemany("INSERT INTO sites VALUES (?, ?)", list(known.items()))
    file.sql.execute(
        f"CREATE TEMP TABLE put AS SELECT cells.*, trim({told}) AS told_site, {'sites.code' if sites else 'told_site'} AS at_site, "
        f"{_state(file, gaps=False)} AS at_state, {_state(file, gaps=True)} AS at_gap FROM cells LEFT JOIN sites ON sites.name = trim({told})"
    )
    file.sql.execute("CREATE TEMP VIEW placed AS SELECT * FROM put")
    column = file.by.site[0] if file.by.site else file.by.at
    file.fault("trim(told_site) = ''", column, "没有点位名称或编码；合并的单元格要拆开并逐行填写。",
                "There is no site; cells that were merged are to be filled row by row.")  # fmt: skip
    if sites:
        names = list(
            dict.fromkeys(one.get("name") or one["code"] for one in sites if one.get("medium") == file.by.medium)
        )
        told = "、".join(names[:12]) + ("……" if len(names) > 12 else "")
        file.fault("trim(told_site) <> '' AND at_site IS NULL", column, f"点位没有登记；已登记：{told or '（没有这类点位）'}",
                    f"The site is not declared; declared are {told or 'none of this medium'}", cell="told_site")  # fmt: skip
    if file.by.state and file.by.state.column in file.at:
        known = "、".join(file.by.state.flags)
        file.fault("at_state IS NULL", file.by.state.column, f"站点状态不认识；可用：{known}。", f"The state is not known; there are {known}.")  # fmt: skip


def _state(file: Opened, gaps: bool) -> str:
    """SQL for the flag that a station's state gives to a cell without a value (`gaps`), or to every cell."""
    told = file.by.state
    if told is None or told.column not in file.at:
        return "''"
    flags = {name: "" if name in told.gaps and not gaps else flag for name, flag in told.flags.items()}
    cases = " ".join(f"WHEN {literal(name)} THEN {literal(flag)}" for name, flag in flags.items())
    blank = "WHEN '' THEN ''" if told.optional else ""
    return f"CASE coalesce({file.cell(told.column)}, '') {cases} {blank} END"


def times(file: Opened, today: date | None) -> None:
    """When each row's period begins; `today`: a row dated later is a fault."""
    time, period = file.by.time, file.by.period
    file.sql.execute("DROP VIEW placed")
    shift = " - INTERVAL 1 HOUR" if time.stamp == "end" and period == "hour" else ""
    begins = f"date_trunc('month', {_instant(file)})" if period == "month" else _instant(file)
    file.sql.execute(f"CREATE TEMP TABLE placed AS SELECT *, ({begins}{shift})::TIMESTAMP AS at_time FROM put")
    _say_nothing(file)
    column = time.columns[0]
    form = EXAMPLE.strftime(time.format) if time.format else " ".join(time.parts or ())
    form, form_en = (form, form) if form else USUAL[period]
    year = f"year(at_time) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
    if time.column and not time.format:
        lacking = f"at_time IS NULL AND regexp_matches({file.cell(column)}, '^\\d{{1,2}}[-/.月]\\d{{1,2}}(\\D|$)')"
        file.fault(lacking, column, f"时间没有年份；应为 {form}", f"The time has no year; expected {form_en}")
        unreadable = f"(at_time IS NULL OR {year}) AND NOT coalesce({lacking}, false)"
    else:
        unreadable = f"at_time IS NULL OR {year}"
    file.fault(unreadable, column, "时间读不懂；应为 " + form, "The time cannot be read; expected " + form_en)
    if period in ("hour", "day"):
        whole, zh, en = (("hour", "小时值的时间应为整点", "an hour begins at a full hour") if period == "hour"
                         else ("day", "日值的时间应为日期，不带钟点", "a day has no hour"))  # fmt: skip
        file.fault(f"at_time <> date_trunc('{whole}', at_time)", column, zh + "。", f"The time is wrong: {en}.")
    if today:
        file.fault(f"at_time >= DATE '{today}' + 1", column, f"时间在今天（{today}）之后。", f"The time lies after today, {today}.")  # fmt: skip


def _say_nothing(file: Opened) -> None:
    """Leave out rows with neither a time nor a value: a station that stands still is listed so."""
    columns = [file.by.long.value] if file.by.long else [one for one in file.by.values if one in file.at]
    told = [file.by.time.column] if file.by.time.column else file.by.time.parts
    empty = f"({among((*EMPTY, *file.by.empty, *STATES))})"
    blank = " AND ".join(f"coalesce({file.cell(one)}, '') IN {empty}" for one in (*told, *columns))
    (count,) = file.sql.execute(f"SELECT count(*) FROM placed WHERE {blank}").fetchone()
    if count:
        file.sql.execute(f"DELETE FROM placed WHERE {blank}")
        file.reading.notices.append((f"{count} 行既没有时间也没有数值，没有读。", f"{count} rows have neither a time nor a value and were not read."))  # fmt: skip


def _instant(file: Opened) -> str:
    time = file.by.time
    if time.parts:
        numbers = [f"try_cast({file.cell(one)} AS INT)" for one in time.parts]
        numbers += (["1"] if len(numbers) == 2 else []) + ["0"] * (5 - max(len(numbers), 3))
        return f"TRY(make_timestamp({', '.join(numbers)}, 0))"
    told = file.cell(time.column)
    if not time.format:
        return usual(told, file.by.period)
    if not time.year_of:
        return instant(told, time.format)
    # The year is that of the other column; a day of December told in January is the year before's.
    whole = file.cell(time.year_of)
    dated = instant(f"left({whole}, 4) || '-' || {told}", f"%Y-{time.format}")
    return f"CASE WHEN {dated} > try_cast({whole} AS DATE) + 31 THEN {dated} - INTERVAL 1 YEAR ELSE {dated} END"


def _names(site: Mapping) -> list[str]:
    return [one for one in (site["code"], site.get("name"), site.get("name_en")) if one]
