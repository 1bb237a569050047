"""What the values of a file betray: cells that are none, units that cannot be, rows that stand twice, marks."""

from collections.abc import Mapping

import pyarrow as pa

from .cells import Fault
from .naming import items
from .opened import MOST_FAULTS, Opened
from .rows import BEYOND, PLACES
from .spelling import BELOW_ZERO, NOT_ZERO, ROOM, WITHOUT_LIMIT, among

# Between what the middle value of a file of ordinary measurements lies, in the unit it is kept in.
UNLIKELY = {
    ("air", "CO"): (0.05, 20), ("air", "PM25"): (1, 500), ("air", "PM10"): (1, 1000), ("air", "O3"): (1, 400),
    ("water", "ph"): (3, 12), ("water", "temp"): (-2, 45), ("noise", "Leq"): (10, 130),
}  # fmt: skip


def wrong_cells(file: Opened) -> None:
    """Cells that are no value, and what was expected there."""
    file.sql.execute("CREATE TEMP TABLE wrong AS SELECT * FROM found WHERE NOT nothing AND number IS NULL")
    double = "try_cast(cell AS DOUBLE)"
    formula, without = "cell LIKE '=%'", f"cell IN ({among(WITHOUT_LIMIT)})"
    huge = f"{double} IS NOT NULL AND isfinite({double})"
    yes_or_no = [one.code for one in items(file.by.medium).values() if one.whether]
    whether = f"item IN ({among(yes_or_no)})" if yes_or_no else "false"
    for where, zh, en in (
        (formula, "单元格是公式；请复制后“选择性粘贴—数值”。", "The cell is a formula; paste it as a value."),
        (f"{without} AND NOT {whether}", "未检出须写明检出限；应为 <0.001 或 0.001L。", "Not detected needs its detection limit: <0.001 or 0.001L."),
        (f"{whether} AND NOT ({formula})", "应为“无”或“有”。", "Expected 无 (absent) or 有 (present)."),
        (f"coalesce({huge}, false) AND NOT {whether}", f"位数太多：换算后最多 {PLACES} 位小数、12 位整数。", f"Too many digits: at most {PLACES} decimals and 12 before them once converted."),
        (f"NOT coalesce({huge}, false) AND NOT ({formula}) AND NOT {without} AND NOT {whether}",
         "不是数字；应为数字、检出限（<0.02 或 0.02L）或空白。", "This is not a number; expected a number, a detection limit (<0.02 or 0.02L) or nothing."),
    ):  # fmt: skip
        file.fault(where, "", zh, en, "wrong", "cell")
    vanished = f"(number = 0 AND regexp_matches(cell, '{NOT_ZERO}'))"  # too small for the widest number
    fine = f"NOT nothing AND (number <> round(number, {PLACES}) OR abs(number) >= {ROOM} OR {vanished})"
    if beyond := BEYOND.get(file.by.medium):
        file.fault(f"NOT nothing AND abs(number) >= {beyond} AND abs(number) < {ROOM}", "", f"不可能有这样大的值；换算后应小于 {beyond}。",
                    f"No such value can be; it should be below {beyond} once converted.", "found", "cell")  # fmt: skip
    file.fault(fine, "", f"位数太多：换算后最多 {PLACES} 位小数、12 位整数。", f"Too many digits: at most {PLACES} decimals and 12 before them once converted.", "found", "cell")  # fmt: skip


def units(file: Opened) -> None:
    """A unit that cannot be: carbon monoxide in mg/m³ whose middle value lies above 50 is in μg/m³."""
    rows = file.sql.execute(
        "SELECT told_column, item, any_value(unit), median(number) FROM found WHERE number IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for column, item, unit, middle in rows:
        low, high = UNLIKELY.get((file.by.medium, item), (None, None))
        if low is not None and not low <= middle <= high:
            file.reading.faults.append(Fault(
                0, column, item, f"单位可能不对：换算后的中位数是 {float(middle):g}，通常在 {low:g}～{high:g} {unit}。请核对来源的单位。",
                f"The unit can hardly be right: the middle value is {float(middle):g} once converted, usually {low:g} to {high:g} {unit}. Check the unit of the source.",
            ))  # fmt: skip


def repeated(file: Opened) -> None:
    """Rows of one key: the same again is left out with a notice, another value is a fault."""
    file.sql.execute(
        "CREATE TEMP TABLE twice AS SELECT min(line) AS first, max(line) AS line, arg_max(told_column, line) AS told_column, "
        "at_site || ' ' || at_time AS cell, count(DISTINCT (cell, at_state)) AS kinds "
        "FROM found WHERE at_time IS NOT NULL AND at_site <> '' GROUP BY at_site, at_time, item HAVING count(*) > 1"
    )
    file.sql.execute("INSERT INTO bad SELECT line FROM twice WHERE kinds > 1")
    differing = file.sql.execute(
        f"SELECT line, min(told_column), cell, first FROM twice WHERE kinds > 1 GROUP BY ALL ORDER BY ALL LIMIT {MOST_FAULTS}"
    ).fetchall()
    file.reading.faults += [
        Fault(line, column, cell, f"与第 {first} 行重复而数值不同。", f"Repeats line {first} with another value.")
        for line, column, cell, first in differing
    ]
    (same,) = file.sql.execute("SELECT count(*) FROM twice WHERE kinds = 1").fetchone()
    if same:
        file.reading.notices.append((f"有 {same} 个数值完全重复，只取一次。", f"{same} values are repeated and were taken once."))  # fmt: skip


def marks(file: Opened) -> None:
    """What stood in cells without a value, and how often."""
    rows = file.sql.execute(
        "SELECT cell, count(*) FROM found WHERE nothing AND cell <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8"
    ).fetchall()
    if rows:
        told = "、".join(f"“{cell}” {count} 处" for cell, count in rows)
        said = ", ".join(f"{cell!r} {count} times" for cell, count in rows)
        file.reading.notices.append((f"没有数值的单元格按缺测或站点状态读取：{told}。", f"Cells without a value were read as missing or as a state: {said}."))  # fmt: skip


def below_zero(file: Opened) -> None:
    """Values below zero of items that have none: instruments give them near zero, so that they are told and not refused."""
    rows = file.sql.execute(
        f"SELECT told_column, count(*), min(line), arg_min(cell, line) FROM found WHERE NOT nothing AND {BELOW_ZERO} "
        "GROUP BY 1 ORDER BY 3, 1 LIMIT 8"
    ).fetchall()
    if rows:
        told = "；".join(f"“{column}” {count} 处，如第 {line} 行的 {cell}" for column, count, line, cell in rows)
        said = "; ".join(f"{column} {count} times, as {cell} in line {line}" for column, count, line, cell in rows)
        file.reading.notices.append((f"低于零的值不能用于评价，读作负值：{told}。", f"Values below zero count for nothing and were read as negative: {said}."))  # fmt: skip


def without_body(file: Opened, sites: list[Mapping]) -> None:
    """Sections of surface water that are classed by the kind of their water body, which nobody has stored."""
    if file.by.medium != "water" or not sites:
        return
    lacking = {
        one["code"]: one.get("name") or one["code"]
        for one in sites
        if one.get("medium") == "water" and not one.get("body")
    }
    told = "、".join(
        lacking[code] for code in pa.compute.unique(file.reading.rows["site"]).to_pylist() if code in lacking
    )
    if told:
        file.reading.notices.append((
            f"这些断面没有登记水体类型（river 河流或 lake 湖库），总磷、总氮无从定类：{told}。请在 sites.csv 的 body 列补上。",
            f"These sections have no kind of water body (river or lake), without which total phosphorus and nitrogen have no class: {told}. Add it to sites.csv.",
        ))  # fmt: skip
