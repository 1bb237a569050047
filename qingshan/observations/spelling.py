"""What the cells of a file say, as SQL of DuckDB: numbers, times, marks of what was not measured."""

from datetime import datetime

from .rows import DIGITS, PLACES

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


NOT_ZERO = "^[^eE]*[1-9]"  # the text of a number that is none


def literal(text: str) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def among(values) -> str:
    return ", ".join(literal(one) for one in values)


SIGNED = ("temp", "orp")  # items that may lie below zero
BELOW_ZERO = f"number < 0 AND item NOT IN ({among(SIGNED)})"


def by_flag() -> dict[str, list[str]]:
    return {flag: [told for told, one in STATES.items() if one == flag] for flag in STATES.values()}


def exact(cell: str) -> str:
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


def usual(told: str, period: str) -> str:
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
