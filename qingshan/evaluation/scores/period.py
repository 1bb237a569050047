"""The periods sheets are made for: a half-year or a year."""

import re
from datetime import date
from typing import NamedTuple

FORM = re.compile(r"(20\d\d)(?:-H([12]))?")


class Period(NamedTuple):
    """code: 2025 or 2025-H1; its first and last day."""

    code: str
    since: date
    until: date


def period_of(code: str) -> Period:
    """Raises ValueError with a sentence where the code is not one of a year or half-year."""
    found = FORM.fullmatch(code)
    if not found:
        raise ValueError(f"期间“{code[:20]}”应写作 2025（全年）、2025-H1（上半年）或 2025-H2（下半年）")
    year, half = int(found[1]), found[2]
    first = date(year, 7, 1) if half == "2" else date(year, 1, 1)
    last = date(year, 6, 30) if half == "1" else date(year, 12, 31)
    return Period(code, first, last)


def periods_until(day: date, count: int = 6) -> list[Period]:
    """The newest periods that were over by a day, the newest first; of one last day the half-year before the year."""
    codes = [f"{year}{half}" for year in range(day.year, day.year - count, -1) for half in ("-H2", "", "-H1")]
    return [one for one in map(period_of, codes) if one.until <= day][:count]
